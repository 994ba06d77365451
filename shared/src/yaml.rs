//! YAML as Isthmus writes and reads it.
//!
//! Written by our own emitter, since `serde_yaml` leaves words bare that YAML 1.1 readers (kubectl, kustomize) retype;
//! read only after [`guard`] has refused what makes readers slow or ambiguous, by our own small reader where the planner reads too.

mod emit;
mod guard;
mod parse;

use serde::{Serialize, Serializer};

pub use emit::{emit, emit_into};
pub use guard::{GuardError, INPUT_MAX, guard};
pub use parse::{Entry, Node, Value, parse};

/// A YAML value whose maps keep their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yaml {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text; quoted on writing wherever a reader could take it for something else.
    Text(String),
    /// A sequence.
    List(Vec<Yaml>),
    /// A mapping, in writing order.
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    /// Makes a map of the entries given.
    pub fn map<K: Into<String>, const N: usize>(entries: [(K, Yaml); N]) -> Yaml {
        Yaml::Map(entries.into_iter().map(|(k, v)| (k.into(), v)).collect())
    }

    /// Makes a list of the items given.
    pub fn list<const N: usize>(items: [Yaml; N]) -> Yaml {
        Yaml::List(items.into())
    }

    /// Returns the value under a key of a map.
    pub fn get(&self, key: &str) -> Option<&Yaml> {
        match self {
            Yaml::Map(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// Returns the text, where this is text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Yaml::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Appends an entry to a map; anything else stays as it is.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Yaml>) -> Yaml {
        if let Yaml::Map(entries) = &mut self {
            entries.push((key.to_owned(), value.into()));
        }
        self
    }

    /// Calls a function for every text in the value, keys aside.
    pub fn each_text(&self, visit: &mut impl FnMut(&str)) {
        match self {
            Yaml::Text(text) => visit(text),
            Yaml::List(items) => items.iter().for_each(|item| item.each_text(visit)),
            Yaml::Map(entries) => entries.iter().for_each(|(_, value)| value.each_text(visit)),
            Yaml::Null | Yaml::Bool(_) | Yaml::Int(_) => {}
        }
    }
}

impl Serialize for Yaml {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Yaml::Null => serializer.serialize_unit(),
            Yaml::Bool(b) => serializer.serialize_bool(*b),
            Yaml::Int(n) => serializer.serialize_i64(*n),
            Yaml::Text(text) => serializer.serialize_str(text),
            Yaml::List(items) => serializer.collect_seq(items),
            Yaml::Map(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Self {
        Yaml::Text(text.to_owned())
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Self {
        Yaml::Text(text)
    }
}

impl From<bool> for Yaml {
    fn from(b: bool) -> Self {
        Yaml::Bool(b)
    }
}

impl From<u16> for Yaml {
    fn from(n: u16) -> Self {
        Yaml::Int(n.into())
    }
}

impl From<i32> for Yaml {
    fn from(n: i32) -> Self {
        Yaml::Int(n.into())
    }
}
