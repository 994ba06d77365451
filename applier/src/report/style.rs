//! Colour, and when there is any. Every line reads the same without it.

use anstyle::{AnsiColor, Style};

use super::streams::Streams;
use crate::cli::Colour;

/// The colours of the two streams.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Paint {
    /// For standard output.
    pub(crate) stdout: Ink,
    /// For standard error.
    pub(crate) stderr: Ink,
}

impl Paint {
    /// What the operator asked for, else what the environment says, else colour on terminals.
    pub(crate) fn choose(asked: Colour, streams: &Streams) -> Self {
        let ink = |terminal: bool| {
            Ink(match asked {
                Colour::Always => true,
                Colour::Never => false,
                Colour::Auto => terminal && streams.variable("NO_COLOR").is_none() && !streams.is_dumb(),
            })
        };
        Self { stdout: ink(streams.terminals.stdout), stderr: ink(streams.terminals.stderr) }
    }
}

/// Paints words, or leaves them as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ink(pub bool);

impl Ink {
    /// Done, new, so.
    pub(crate) fn good(self, text: &str) -> String {
        self.paint(AnsiColor::Green.on_default(), text)
    }

    /// Failed, gone, not so.
    pub(crate) fn bad(self, text: &str) -> String {
        self.paint(AnsiColor::Red.on_default().bold(), text)
    }

    /// Changed, or to be looked at.
    pub(crate) fn warn(self, text: &str) -> String {
        self.paint(AnsiColor::Yellow.on_default(), text)
    }

    /// Hints, and things one can type.
    pub(crate) fn hint(self, text: &str) -> String {
        self.paint(AnsiColor::Cyan.on_default(), text)
    }

    /// Headings and names.
    pub(crate) fn strong(self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    /// What may be skipped.
    pub(crate) fn faint(self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    fn paint(self, style: Style, text: &str) -> String {
        if self.0 { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
