//! A secret on its way from where it is found to where it is used. It can be looked at on purpose, and in no other way:
//! it has no `Debug`, no `Display` and cannot be serialized.

/// A token or a private key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// Keeps `text` as a secret.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for whoever sends it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}
