//! Plain lines: what a person reads in a file, a log or a pipe. One event, one line (a few for a difference); the step's id comes first.

use std::io::{self, Write};

use super::event::{Change, Event, Outcome, Target};
use super::streams::Streams;
use super::style::Ink;
use super::{Manner, Verbosity, words};
use crate::error::Failure;

/// Writes plain lines.
pub(super) struct Plain {
    manner: Manner,
}

/// The stream a line belongs on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    /// A result.
    Out,
    /// Talk.
    Err,
}

impl Plain {
    pub(super) fn new(manner: Manner) -> Self {
        Self { manner }
    }

    pub(super) fn event(&self, event: &Event, streams: &mut Streams) -> io::Result<()> {
        if let Some((stream, text)) = lines(event, self.manner) {
            write(streams, stream, &text)?;
        }
        Ok(())
    }
}

/// Writes lines to one of the streams, at once.
pub(super) fn write(streams: &mut Streams, stream: Stream, text: &str) -> io::Result<()> {
    let out = match stream {
        Stream::Out => &mut streams.stdout,
        Stream::Err => &mut streams.stderr,
    };
    writeln!(out, "{text}")?;
    out.flush()
}

/// The stream an event goes to.
fn stream(event: &Event) -> Stream {
    match event {
        Event::Object { .. } | Event::Difference { .. } | Event::Fact { .. } | Event::Summary { .. } => Stream::Out,
        _ => Stream::Err,
    }
}

/// The lines of an event, without the last line end; nothing where this much is not wanted.
pub(super) fn lines(event: &Event, manner: Manner) -> Option<(Stream, String)> {
    let stream = stream(event);
    let wanted = match manner.verbosity {
        Verbosity::Verbose => true,
        Verbosity::Normal => !words::is_detail(event),
        Verbosity::Quiet => match event {
            Event::Warning { .. } | Event::StepFailed { .. } | Event::Difference { .. } | Event::Fact { .. } => {
                !words::is_detail(event)
            }
            _ => false,
        },
    };
    let ink = if stream == Stream::Out { manner.colour.stdout } else { manner.colour.stderr };
    wanted.then(|| (stream, text(event, manner, ink)))
}

fn text(event: &Event, manner: Manner, ink: Ink) -> String {
    let lang = manner.lang;
    let about = |place: &str, text: &str| format!("{place}{}{text}", words::colon(lang));
    match event {
        Event::Started { verb, mesh, steps, clusters } => {
            let head = words::started(*verb, mesh, *steps, clusters.len(), lang);
            targets(&ink.strong(&head), clusters)
        }
        Event::StepStarted { step, why } => about(step, why.say(lang)),
        Event::Object { step, object, outcome, reason } => {
            let done = format!("{object} {}", words::painted(*outcome, lang, ink));
            let line = about(step, &done);
            reason.as_ref().map_or(line.clone(), |reason| about(&line, reason.say(lang)))
        }
        Event::Difference { step, object, outcome, changes, reason } => {
            let line = format!("{} {}", words::mark(*outcome, ink), about(step, &object.to_string()));
            let head = reason.as_ref().map_or(line.clone(), |reason| about(&line, reason.say(lang)));
            // A new object has no fields that differ: the file in the bundle shows it.
            let shown = if *outcome == Outcome::Created { &[][..] } else { changes };
            shown.iter().fold(head, |page, change| page + "\n" + &difference(change, ink))
        }
        Event::Waiting { step, fact, reason } => about(step, &words::waiting(fact, reason, lang)),
        Event::StepDone { step, outcomes, milliseconds, .. } => {
            about(step, &words::step_done(*outcomes, *milliseconds, lang, ink))
        }
        Event::StepFailed { step, what, blocked } => {
            let line = ink.bad(&about(step, what.say(lang)));
            let behind = words::blocked(blocked, lang);
            if behind.is_empty() { line } else { format!("{line}\n  {behind}") }
        }
        Event::Fact { fact, holds, detail } => {
            let mark = if *holds { ink.good("✓") } else { ink.bad("✗") };
            format!("{mark} {}", about(fact, detail.say(lang)))
        }
        Event::Note { place, text } => placed(place.as_deref(), text.say(lang), manner),
        Event::Warning { place, text, hints } => {
            let word = ink.warn(if lang == shared::text::Lang::En { "warning" } else { "警告" });
            let line = about(&word, &placed(place.as_deref(), text.say(lang), manner));
            hints.iter().fold(line, |page, text| page + "\n" + &hint(text.say(lang), manner, ink))
        }
        Event::Summary { verb, outcomes, milliseconds, next } => {
            let line = ink.strong(&words::summary(*verb, *outcomes, *milliseconds, lang));
            next.iter().fold(line, |page, text| page + "\n" + text.say(lang))
        }
    }
}

/// The head line, and under it the clusters with where they lead, in columns.
fn targets(head: &str, clusters: &[Target]) -> String {
    let width =
        |pick: fn(&Target) -> &str| clusters.iter().map(|target| pick(target).chars().count()).max().unwrap_or(0);
    let (name, context) = (width(|target| &target.cluster), width(|target| &target.context));
    clusters.iter().fold(head.to_owned(), |page, target| {
        format!("{page}\n  {:name$}  {:context$}  {}", target.cluster, target.context, target.server)
    })
}

fn placed(place: Option<&str>, text: &str, manner: Manner) -> String {
    place.map_or_else(|| text.to_owned(), |place| format!("{place}{}{text}", words::colon(manner.lang)))
}

fn difference(change: &Change, ink: Ink) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("    {} {}: {before} -> {after}", ink.warn("~"), change.field),
        (None, Some(after)) => format!("    {} {}: {after}", ink.good("+"), change.field),
        (Some(before), None) => format!("    {} {}: {before}", ink.bad("-"), change.field),
        (None, None) => format!("      {}", change.field),
    }
}

fn hint(text: &str, manner: Manner, ink: Ink) -> String {
    let word = if manner.lang == shared::text::Lang::En { "hint" } else { "提示" };
    format!("{}{}{text}", ink.hint(word), words::colon(manner.lang))
}

/// Writes a failure: `error: place: what`, what others said about it, then the hints after an empty line.
pub(super) fn failure(failure: &Failure, manner: Manner, out: &mut impl Write) -> io::Result<()> {
    let ink = manner.colour.stderr;
    let colon = words::colon(manner.lang);
    let word = if manner.lang == shared::text::Lang::En { "error" } else { "错误" };
    let what = placed(failure.place.as_deref(), failure.what.say(manner.lang), manner);
    writeln!(out, "{}{colon}{what}", ink.bad(word))?;
    for cause in &failure.causes {
        writeln!(out, "  {}", cause.replace('\n', "\n  "))?;
    }
    for text in &failure.hints {
        writeln!(out, "{}", hint(text.say(manner.lang), manner, ink))?;
    }
    out.flush()
}
