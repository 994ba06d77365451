//! The only part of the program that writes to the terminal. Commands and the engine hand it events, documents, questions and
//! failures; how they look is decided here: plain lines in a file, progress on a terminal, JSON lines for machines.
//!
//! Results go to standard output, talk goes to standard error. A reader that goes away (a closed pipe) is no failure: the work goes on
//! and nothing more is written.

mod event;
mod json;
mod plain;
mod progress;
mod prompt;
mod streams;
mod style;
#[cfg(test)]
mod tests;
mod words;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use shared::text::{Lang, Text};

pub(crate) use event::{Change, Event, ObjectName, Outcome, Tally, Target, Verb};
pub use streams::{Streams, Terminals};
pub(crate) use style::{Ink, Paint};
pub(crate) use words::{count, planned};

use crate::error::{Exit, Failure};
use crate::source;
use json::Json;
use plain::Plain;
use progress::Progress;

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Results, warnings and errors.
    Quiet,
    /// What a person wants to follow.
    Normal,
    /// Every object, every fact.
    Verbose,
}

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people: progress where standard error is a terminal, plain lines elsewhere.
    Human,
    /// One JSON object a line on standard output.
    JsonLines,
    /// One JSON document on standard output, written by the command itself; events are only talk.
    Document,
}

/// What the operator asked of the report on the command line and in the environment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// The language of every sentence.
    pub(crate) lang: Lang,
    /// How much is said.
    pub(crate) verbosity: Verbosity,
    /// How events are written.
    pub(crate) format: Format,
    /// Colour on standard output, on standard error.
    pub(crate) colour: Paint,
}

/// The way out for everything a command has to say. Shared by all tasks of an `apply`: one writer, whole lines.
pub(crate) struct Report {
    manner: Manner,
    terminals: Terminals,
    desk: Mutex<Desk>,
}

/// What is behind the lock.
struct Desk {
    streams: Streams,
    view: View,
    tally: Tally,
    trouble: Option<io::Error>,
    record: Option<Record>,
}

/// A file in which every event is kept, whatever is shown.
struct Record {
    place: PathBuf,
    file: File,
    lines: Json,
    trouble: Option<io::Error>,
}

impl Record {
    /// Keeps a line; after the first that could not be written there are no more, as a gap would mislead.
    fn keep(&mut self, line: impl FnOnce(&mut Json, &mut File) -> io::Result<()>) {
        if self.trouble.is_none() {
            self.trouble = line(&mut self.lines, &mut self.file).err();
        }
    }
}

/// The three looks of an event.
enum View {
    Plain(Plain),
    Progress(Progress),
    Json(Json),
}

impl Report {
    /// Opens a report on these streams.
    pub(crate) fn new(streams: Streams, manner: Manner) -> Self {
        let terminals = streams.terminals;
        let view = match manner.format {
            Format::JsonLines => View::Json(Json::start()),
            Format::Human if terminals.stderr && !streams.is_dumb() && manner.verbosity != Verbosity::Quiet => {
                View::Progress(Progress::start(manner))
            }
            Format::Human | Format::Document => View::Plain(Plain::new(manner)),
        };
        let desk = Mutex::new(Desk { streams, view, tally: Tally::default(), trouble: None, record: None });
        Self { manner, terminals, desk }
    }

    /// Keeps every event from now on in this file too, if one is named.
    pub(crate) fn keep(&self, place: Option<&Path>) -> Result<(), Failure> {
        if let Some(place) = place {
            let file = source::output::log(place)?;
            self.desk().record = Some(Record { place: place.to_owned(), file, lines: Json::start(), trouble: None });
        }
        Ok(())
    }

    /// The language the operator reads.
    pub(crate) fn lang(&self) -> Lang {
        self.manner.lang
    }

    /// A sentence in the language the operator reads.
    pub(crate) fn say<'t>(&self, text: &'t Text) -> &'t str {
        text.say(self.manner.lang)
    }

    /// Whether standard output is a terminal, where bytes are not welcome.
    pub(crate) fn is_on_terminal(&self) -> bool {
        self.terminals.stdout
    }

    /// The colours of standard output, for commands that lay out a page of their own.
    pub(crate) fn paint(&self) -> Paint {
        self.manner.colour
    }

    /// Tells what happens. Counts the outcomes of objects on the way, see [`Report::tally`].
    pub(crate) fn event(&self, event: &Event) {
        let mut desk = self.desk();
        if let Event::Object { outcome, .. } | Event::Difference { outcome, .. } = event {
            desk.tally.count(*outcome);
        }
        let Desk { streams, view, trouble, record, .. } = &mut *desk;
        let written = match view {
            View::Plain(plain) => plain.event(event, streams),
            View::Progress(progress) => progress.event(event, streams),
            View::Json(json) => json.event(event, &mut streams.stdout),
        };
        note(trouble, written);
        if let Some(record) = record {
            record.keep(|lines, file| lines.event(event, file));
        }
    }

    /// How many objects came to which end since the report was opened.
    pub(crate) fn tally(&self) -> Tally {
        self.desk().tally
    }

    /// Writes a result to standard output as it is, with a line end if it has none.
    pub(crate) fn print(&self, text: &str) {
        let mut desk = self.desk();
        let Desk { streams, view, trouble, .. } = &mut *desk;
        let mut write = || {
            streams.stdout.write_all(text.as_bytes())?;
            if !text.ends_with('\n') {
                streams.stdout.write_all(b"\n")?;
            }
            streams.stdout.flush()
        };
        let written = match view {
            View::Progress(progress) => progress.aside(&mut write),
            View::Plain(_) | View::Json(_) => write(),
        };
        note(trouble, written);
    }

    /// Writes bytes to standard output, such as a zip.
    pub(crate) fn print_bytes(&self, bytes: &[u8]) {
        let mut desk = self.desk();
        let written = desk.streams.stdout.write_all(bytes).and_then(|()| desk.streams.stdout.flush());
        note(&mut desk.trouble, written);
    }

    /// Writes one JSON document to standard output.
    pub(crate) fn document(&self, document: &impl Serialize) {
        // Documents are maps with text keys: nothing in them can refuse to be JSON.
        self.print(&serde_json::to_string_pretty(document).unwrap_or_default());
    }

    /// Says something to the operator on standard error, unless they asked for quiet.
    pub(crate) fn talk(&self, text: &Text) {
        self.event(&Event::Note { place: None, text: text.clone() });
    }

    /// Writes lines to standard error that were laid out elsewhere, such as findings; they are wanted however quiet the run is.
    pub(crate) fn remark(&self, lay_out: impl FnOnce(Lang, Ink) -> String) {
        let text = lay_out(self.manner.lang, self.manner.colour.stderr);
        let mut desk = self.desk();
        let written = plain::write(&mut desk.streams, plain::Stream::Err, &text);
        note(&mut desk.trouble, written);
    }

    /// Writes a failure to standard error; as JSON lines also to standard output, so that a machine sees how the stream ended.
    pub(crate) fn failure(&self, failure: &Failure) {
        let mut desk = self.desk();
        let Desk { streams, view, trouble, record, .. } = &mut *desk;
        if let View::Progress(progress) = view {
            progress.clear();
        }
        if let View::Json(json) = view {
            note(trouble, json.failure(failure, &mut streams.stdout));
        }
        if let Some(record) = record {
            record.keep(|lines, file| lines.failure(failure, file));
        }
        note(trouble, plain::failure(failure, self.manner, &mut streams.stderr));
    }

    /// Takes away what moves on the terminal and says how the writing itself went: a full disk must not look like success.
    pub(crate) fn close(&self) -> Result<(), Failure> {
        let mut desk = self.desk();
        if let View::Progress(progress) = &mut desk.view {
            progress.clear();
        }
        if let Some(error) = desk.trouble.take() {
            let what = Text::new("cannot write to standard output", "无法写入标准输出");
            return Err(Failure::new(Exit::Output, what).because(error));
        }
        if let Some(Record { place, trouble: Some(error), .. }) = desk.record.take() {
            let what = Text::new("the rest of the report could not be written", "报告的其余部分无法写入");
            return Err(Failure::new(Exit::Output, what).at(place.display()).because(error));
        }
        Ok(())
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        // A task that panicked while it wrote leaves at worst half a line.
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the first real trouble with the streams; a reader that went away is none.
fn note(trouble: &mut Option<io::Error>, written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
        && trouble.is_none()
    {
        *trouble = Some(error);
    }
}
