//! The planner's own icons, drawn on a grid of 16 with a line of 1.5.

use yew::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A network.
    Network,
    /// A cluster.
    Cluster,
    /// A control plane.
    Istiod,
    /// A gateway.
    Gateway,
    /// The sample application.
    Sample,
    /// Take back.
    Undo,
    /// Do again.
    Redo,
    /// Start screen.
    Templates,
    /// Open a file.
    Open,
    /// Save the drawing.
    Save,
    /// Export the bundle.
    Export,
    /// The keys.
    Keys,
    /// Light, dark or as the system.
    Theme,
    /// Something is wrong.
    Warning,
    /// All is well.
    Check,
    /// A folder.
    Folder,
    /// A file.
    File,
    /// Take away.
    Delete,
    /// Copy to the clipboard.
    Copy,
    /// The outline.
    Outline,
    /// The details.
    Details,
    /// The drawing alone.
    Alone,
    /// An empty drawing.
    Blank,
    /// An arrow.
    Arrow,
}

impl Icon {
    /// Returns the path, on a grid of 16. Those of parts are relative throughout, so that they can be drawn anywhere.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Icon::Network => "M3.5 2.5h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z",
            Icon::Cluster => "M8 1.7 13.5 4.9v6.2L8 14.3 2.500 11.1V4.900z",
            Icon::Istiod => "m8 2.5 4.5 10.5-4.5-2zm0 0-4.5 10.5h4.5z",
            Icon::Gateway => "m2 5.5h11m-2.5-2.5 2.5 2.5-2.5 2.5m3.500 2.5h-11m2.5-2.5-2.5 2.5 2.5 2.5",
            Icon::Sample => "M2.500 3.500h4.500v4.500H2.500zM9 8h4.500v4.500H9zM7 5.700h4.300V8",
            Icon::Undo => "M5.500 3 2.500 6l3 3M2.500 6H10a3.500 3.500 0 0 1 0 7H7",
            Icon::Redo => "m10.500 3 3 3-3 3M13.500 6H6a3.500 3.500 0 0 0 0 7h3",
            Icon::Templates => {
                "M2.500 2.500h4.500v4.500H2.500zM9 2.500h4.500v4.500H9zM2.500 9h4.500v4.500H2.500zM9 9h4.500v4.500H9z"
            }
            Icon::Open => "M2 12.500v-9h4l1.500 2H13v2M2 12.500 4 7.500h10.500l-2 5z",
            Icon::Save => "M2.500 2.500h8.500l2.500 2.500v8.500h-11zM5 2.500v3.500h5V2.500M5 13.500V9h6v4.500",
            Icon::Export => "M8 2v8M4.800 6.800 8 10l3.200-3.200M2.500 11v2.500h11V11",
            Icon::Keys => "M1.500 4h13v8h-13zM4 6.500h.01M6.700 6.500h.01M9.300 6.500h.01M12 6.500h.01M5 9.500h6",
            Icon::Theme => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 2v12M8 4.500l3.500 7M8 8l3 5",
            Icon::Warning => "M8 2 14.500 13.500h-13zM8 6.500v3.200M8 11.700h.01",
            Icon::Check => "m3 8.500 3.200 3.200L13 4.700",
            Icon::Folder => "M2 12.500v-9h4l1.500 2H14v7z",
            Icon::File => "M4 1.700h5l3 3v9.600H4zM9 1.700v3h3",
            Icon::Delete => "M2.500 4.500h11M6 4.500v-2h4v2M4 4.500l.7 9h6.600l.7-9",
            Icon::Copy => "M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3",
            Icon::Outline => "M2.500 3.500h3M5 8h3M5 12.500h3M8 3.500h5.500M10.500 8h3M10.500 12.500h3",
            Icon::Details => "M2 2.500h12v11H2zM9.500 2.500v11",
            Icon::Arrow => "M2.500 8h10M9 4.500 12.500 8 9 11.500",
            Icon::Alone => "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10",
            Icon::Blank => "M3 2h10v12H3zM8 5.500v5M5.500 8h5",
        }
    }

    /// Draws it beside words that say the same, so it says nothing of its own.
    pub(crate) fn draw(self) -> Html {
        html! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={self.path()} /></svg> }
    }
}
