//! The programs of a run, looked for when the first of them is needed: a run that renders nothing starts none.

use tokio::sync::OnceCell;

use super::{Renderers, Tools, Wanted};
use crate::cli::Programs;
use crate::error::Failure;

/// What the operator says about programs, what the bundle needs, and what was found.
pub(crate) struct Supply {
    given: Programs,
    wanted: Wanted,
    found: OnceCell<Renderers>,
}

impl Supply {
    /// Looks for nothing yet.
    pub(crate) fn new(given: Programs, wanted: Wanted) -> Self {
        Self { given, wanted, found: OnceCell::new() }
    }

    /// The programs, told apart without running them.
    pub(crate) fn tools(&self) -> Tools {
        Tools::of(&self.given, &self.wanted)
    }

    /// The programs, all of the right release.
    pub(crate) async fn get(&self) -> Result<&Renderers, Failure> {
        self.found.get_or_try_init(|| Renderers::find(&self.given, &self.wanted)).await
    }
}
