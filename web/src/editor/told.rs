//! What was done outside the drawing, in words.

use shared::text::Text;

use crate::command::Outside;
use crate::i18n::{Msg, plural};

/// Says what was done.
pub(super) fn told(outside: &Outside) -> Text {
    match outside {
        Outside::Packing(name) => Msg::Packing.text(&[("name", name)]),
        Outside::Exported(name) => Msg::Exported.text(&[("name", name)]),
        Outside::Saved(name) => Msg::Saved.text(&[("name", name)]),
        Outside::Copied(name) => Msg::Copied.text(&[("name", name)]),
        Outside::Shared(size) => Msg::Shared.text(&[("count", &size.to_string())]),
        Outside::CopiedCommand => Msg::CopiedCommand.text(&[]),
        Outside::CopiedClusters(count) => {
            plural(*count, Msg::CopiedCluster, Msg::CopiedClusters).text(&[("count", &count.to_string())])
        }
        Outside::NotKept => Msg::NotKept.text(&[]),
    }
}
