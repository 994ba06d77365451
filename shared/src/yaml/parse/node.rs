//! A document as a tree that knows its lines.

/// A value of a document, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The line of its first character, counted from 1.
    pub line: u32,
    /// What stands there.
    pub value: Value,
}

/// What stands somewhere in a document. What a text is taken for says who asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Scalar {
        /// The text, without quotes.
        text: String,
        /// Whether it has no quotes and is no block, so that it could be a number or nothing.
        plain: bool,
    },
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the document; a key may be there twice.
    Map(Vec<Entry>),
}

/// An entry of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The line of the key.
    pub line: u32,
    /// The value.
    pub node: Node,
}

impl Node {
    pub(super) fn nothing(line: u32) -> Node {
        Node { line, value: Value::Scalar { text: String::new(), plain: true } }
    }

    /// Says whether nothing stands there, or a word for it.
    pub fn is_nothing(&self) -> bool {
        match &self.value {
            Value::Scalar { text, plain: true } => matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"),
            _ => false,
        }
    }

    /// Returns the entries of a mapping; where nothing stands there are none.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ if self.is_nothing() => Some(&[]),
            _ => None,
        }
    }

    /// Returns the items of a sequence; where nothing stands there are none.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ if self.is_nothing() => Some(&[]),
            _ => None,
        }
    }

    /// Returns the text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Returns the text that stands there without quotes: a number, a truth, a word.
    pub fn bare(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, plain: true } => Some(text),
            _ => None,
        }
    }

    /// Returns the value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }
}
