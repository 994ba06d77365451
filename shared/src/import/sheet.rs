//! A document, and which of its fields were read.

use super::Unread;
use crate::yaml::{Node, Value};

/// A document that is being read.
pub(super) struct Sheet<'a> {
    root: &'a Node,
    read: Vec<String>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(root: &'a Node) -> Self {
        Sheet { root, read: Vec::new() }
    }

    /// Returns the document.
    pub(super) fn root(&self) -> &'a Node {
        self.root
    }

    /// Returns what stands under a path of keys, and notes that it was read, with all below.
    pub(super) fn at(&mut self, above: &str, path: &str) -> Option<&'a Node> {
        let path = [above, path].concat();
        let found = path.split('.').try_fold(self.root, |node, key| node.get(key));
        self.read.push(path);
        found
    }

    /// Returns the text under a path, where there is some.
    pub(super) fn text(&mut self, above: &str, path: &str) -> Option<&'a str> {
        self.at(above, path)?.text().filter(|text| !text.is_empty())
    }

    /// Notes that a path was read after all, or that what it says follows from what was.
    pub(super) fn mark(&mut self, above: &str, paths: &[&str]) {
        self.read.extend(paths.iter().map(|path| [above, path].concat()));
    }

    /// Lists what was not read: the highest fields of which nothing was.
    pub(super) fn unread(&self, unread: &mut Vec<Unread>) {
        self.below(self.root, "", unread);
    }

    fn below(&self, node: &Node, above: &str, unread: &mut Vec<Unread>) {
        let Value::Map(entries) = &node.value else { return };
        for entry in entries {
            let path = [above, &entry.key].concat();
            if self.read.contains(&path) {
                continue;
            }
            let inside = [&path, "."].concat();
            if self.read.iter().any(|read| read.starts_with(&inside)) && matches!(entry.node.value, Value::Map(_)) {
                self.below(&entry.node, &inside, unread);
            } else {
                unread.push(Unread { line: entry.line, field: path });
            }
        }
    }
}

/// Names a document by its kind and name, which are no secrets.
pub(super) fn title(node: &Node) -> String {
    let text = |node: Option<&'_ Node>| node.and_then(Node::text).unwrap_or_default().to_owned();
    let kind = text(node.get("kind"));
    let name = text(node.get("metadata").and_then(|metadata| metadata.get("name")));
    [kind.as_str(), " ", &name].concat().trim().to_owned()
}
