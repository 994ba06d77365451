//! JSON lines for machines: one event, one object, on standard output or in a file. The first names the format and the program, the last is a
//! `summary` or a `failure`; fields are only ever added.

use std::io::{self, Write};
use std::time::Instant;

use serde::Serialize;

use super::event::Event;
use crate::error::{Exit, Failure};

/// The version of the lines.
const API_VERSION: &str = "isthmus.dev/v1alpha1";

/// Writes JSON lines.
pub(super) struct Json {
    started: Instant,
    greeted: bool,
}

/// What every line has beside its event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'e, E> {
    #[serde(flatten)]
    event: &'e E,
    /// Milliseconds since the run began.
    after: u128,
}

/// The lines that are no events of the engine.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Frame<'f> {
    Version {
        api_version: &'f str,
        isthmus: &'f str,
    },
    Failure {
        exit: Exit,
        #[serde(skip_serializing_if = "Option::is_none")]
        place: Option<&'f str>,
        what: &'f shared::text::Text,
        causes: &'f [String],
        hints: &'f [shared::text::Text],
    },
}

impl Json {
    pub(super) fn start() -> Self {
        Self { started: Instant::now(), greeted: false }
    }

    pub(super) fn event(&mut self, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        self.line(event, out)
    }

    pub(super) fn failure(&mut self, failure: &Failure, out: &mut dyn Write) -> io::Result<()> {
        let Failure { exit, place, what, causes, hints } = failure;
        self.line(&Frame::Failure { exit: *exit, place: place.as_deref(), what, causes, hints }, out)
    }

    fn line(&mut self, event: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
        if !self.greeted {
            self.greeted = true;
            self.line(&Frame::Version { api_version: API_VERSION, isthmus: env!("CARGO_PKG_VERSION") }, out)?;
        }
        let line = Line { event, after: self.started.elapsed().as_millis() };
        let text = serde_json::to_string(&line).map_err(io::Error::other)?;
        writeln!(out, "{text}")?;
        out.flush()
    }
}
