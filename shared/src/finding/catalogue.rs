//! Every kind of finding there is, and what `isthmus explain` and the planner say about it.
//!
//! A [`Finding`](super::Finding) can only be made of a [`Kind`], and a kind only here. To add one: write its entry in the file
//! below that fits (`mesh`, `releases`, `clusters`, `ways`, `gateways`), call `self.found(catalogue::YOUR_KIND, …)` in `mesh/check`, and add a drawing that
//! has it to `tests/tests/findings.rs`, which fails until it is there.
//!
//! The words of a kind are compiled in by the feature `explanations`; the planner is built without, and loads them when they are asked for.
//!
//! Strings of logs and commands are those users reported, or that Istio's source prints: research, section 3, with the
//! numbers of the threads as sources.

mod clusters;
mod gateways;
mod mesh;
mod releases;
mod ways;

pub use clusters::*;
pub use gateways::*;
pub use mesh::*;
pub use releases::*;
pub use ways::*;

use super::Severity;
#[cfg(feature = "explanations")]
use crate::text::Words;

/// A kind of finding: its id, how bad it is, and all that can be said about it without a drawing.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kind {
    /// The stable id, `cidr-overlap`: what is printed beside a finding and what `isthmus explain` takes.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is called.
    #[cfg(feature = "explanations")]
    pub title: Words,
    /// What it means.
    #[cfg(feature = "explanations")]
    pub means: Words,
    /// What the failure would look like in logs and commands, word for word where it is known.
    #[cfg(feature = "explanations")]
    pub looks: Words,
    /// What to do.
    #[cfg(feature = "explanations")]
    pub remedy: Words,
    /// The page, seed or thread that it comes from.
    #[cfg(feature = "explanations")]
    pub source: &'static str,
}

impl Kind {
    /// Returns the kind of that id.
    pub fn of(id: &str) -> Option<&'static Kind> {
        all().find(|kind| kind.id == id)
    }
}

/// Returns every kind, in the order of the files and their entries.
pub fn all() -> impl Iterator<Item = &'static Kind> {
    [mesh::ALL, releases::ALL, clusters::ALL, ways::ALL, gateways::ALL].into_iter().flatten().copied()
}

/// Writes kinds as constants, and the list of them; every text is English, then Chinese.
macro_rules! kinds {
    ($(
        $name:ident: $severity:ident $id:literal
        title $title_en:literal $title_zh:literal
        means $means_en:literal $means_zh:literal
        looks $looks_en:literal $looks_zh:literal
        remedy $remedy_en:literal $remedy_zh:literal
        source $source:literal
    )*) => {
        $(
            #[doc = $title_en]
            pub const $name: &crate::finding::Kind = &crate::finding::Kind {
                id: $id,
                severity: crate::finding::Severity::$severity,
                #[cfg(feature = "explanations")]
                title: crate::text::Words { en: $title_en, zh: $title_zh },
                #[cfg(feature = "explanations")]
                means: crate::text::Words { en: $means_en, zh: $means_zh },
                #[cfg(feature = "explanations")]
                looks: crate::text::Words { en: $looks_en, zh: $looks_zh },
                #[cfg(feature = "explanations")]
                remedy: crate::text::Words { en: $remedy_en, zh: $remedy_zh },
                #[cfg(feature = "explanations")]
                source: $source,
            };
        )*
        pub(super) const ALL: &[&crate::finding::Kind] = &[$($name),*];
    };
}
use kinds;

#[cfg(all(test, feature = "explanations"))]
mod tests {
    use super::*;
    use crate::sorted::Set;

    #[test]
    fn every_kind_has_an_id_of_its_own_and_says_everything_in_both_languages() {
        let mut ids = Set::new();
        for kind in all() {
            assert!(ids.insert(kind.id), "{} is there twice", kind.id);
            assert!(crate::name::is_label(kind.id), "{} can be typed", kind.id);
            for words in [kind.title, kind.means, kind.looks, kind.remedy] {
                assert!(!words.en.is_empty() && !words.zh.is_empty(), "{} says all in both languages", kind.id);
                assert!(words.en != words.zh, "{} is translated", kind.id);
            }
            assert!(!kind.title.en.ends_with('.') && kind.remedy.en.ends_with('.'), "{}: titles have no stop", kind.id);
            assert_eq!(Kind::of(kind.id), Some(kind));
        }
    }
}
