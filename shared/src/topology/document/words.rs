//! Fields that take one of a few words: read by one visitor for all of them, since the planner carries what is derived for each to the browser.

use std::fmt;

use serde::de;

/// Takes one of some words, and gives its place among them.
pub(super) struct Word(pub(super) &'static [&'static str]);

impl de::Visitor<'_> for Word {
    type Value = usize;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("one of ")?;
        out.write_str(&self.0.join(", "))
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<usize, E> {
        self.0.iter().position(|known| *known == word).ok_or_else(|| E::unknown_variant(word, self.0))
    }
}

/// Writes enums whose values are words in the document.
macro_rules! words {
    ($name:ident { $($value:ident: $word:literal),* }) => {
        #[derive(Clone, Copy, PartialEq)]
        enum $name { $($value),* }

        impl $name {
            const WORDS: &[&str] = &[$($word),*];
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(Self::WORDS[*self as usize])
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let at = deserializer.deserialize_str($crate::topology::document::words::Word(Self::WORDS))?;
                Ok([$($name::$value),*][at])
            }
        }
    };
}
pub(super) use words;
