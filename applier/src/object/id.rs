//! Which object: how objects and their kinds are told apart.

use std::fmt;

use crate::report::ObjectName;

/// A group and a kind, as an `ApplySet` lists them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupKind {
    /// The API group, empty for the core.
    pub(crate) group: String,
    /// The kind.
    pub(crate) kind: String,
}

impl fmt::Display for GroupKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.kind)?;
        if self.group.is_empty() { Ok(()) } else { write!(out, ".{}", self.group) }
    }
}

/// Which object: kind, namespace and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id {
    /// What it is.
    pub(crate) kind: GroupKind,
    /// Its namespace, empty where it has none.
    pub(crate) namespace: String,
    /// Its name.
    pub(crate) name: String,
}

impl Id {
    /// As the report names it.
    pub(crate) fn named(&self, api_version: &str) -> ObjectName {
        ObjectName {
            api_version: api_version.to_owned(),
            kind: self.kind.kind.clone(),
            namespace: Some(self.namespace.clone()).filter(|namespace| !namespace.is_empty()),
            name: self.name.clone(),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ", self.kind.kind)?;
        if !self.namespace.is_empty() {
            write!(out, "{}/", self.namespace)?;
        }
        out.write_str(&self.name)
    }
}
