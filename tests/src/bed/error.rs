//! What can go wrong with a bed: one sentence, made for the reader of a failed test.

use std::fmt;
use std::io;

/// Why the bed could not do something.
#[derive(Debug, Clone)]
pub struct BedError(String);

impl fmt::Display for BedError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for BedError {}

impl From<String> for BedError {
    fn from(message: String) -> Self {
        Self(message)
    }
}

impl From<&str> for BedError {
    fn from(message: &str) -> Self {
        Self(message.to_owned())
    }
}

impl From<io::Error> for BedError {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for BedError {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("not the JSON that was expected: {error}"))
    }
}
