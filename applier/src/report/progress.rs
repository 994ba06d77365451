//! Progress on a terminal: under the lines that stay, one moving line for every step at work and a bar for the whole. Steps run side by
//! side, so each has its own line with its own clock; what a step waits for stands in that line.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use shared::text::Lang;

use super::event::Event;
use super::plain::{self, lines};
use super::streams::Streams;
use super::{Manner, words};

/// How often the clocks move.
const TICK: Duration = Duration::from_millis(120);

/// Draws progress on standard error.
pub(super) struct Progress {
    manner: Manner,
    area: MultiProgress,
    whole: Option<ProgressBar>,
    steps: BTreeMap<String, ProgressBar>,
}

impl Progress {
    pub(super) fn start(manner: Manner) -> Self {
        let area = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        Self { manner, area, whole: None, steps: BTreeMap::new() }
    }

    pub(super) fn event(&mut self, event: &Event, streams: &mut Streams) -> io::Result<()> {
        match event {
            Event::Started { steps, .. } => {
                self.print(event, streams)?;
                self.begin(*steps);
                Ok(())
            }
            Event::StepStarted { step, .. } => {
                self.step(step);
                self.print(event, streams)
            }
            Event::Waiting { step, fact, reason } => {
                let lang = self.manner.lang;
                self.step(step).set_message(format!("{}{}", words::colon(lang), words::waiting(fact, reason, lang)));
                Ok(())
            }
            Event::StepDone { step, .. } | Event::StepFailed { step, .. } => {
                self.end(step);
                self.print(event, streams)
            }
            Event::Object { step, object, outcome, reason: None } if !self.wants_objects() => {
                let lang = self.manner.lang;
                self.step(step).set_message(format!(
                    "{}{object} {}",
                    words::colon(lang),
                    words::outcome(*outcome, lang)
                ));
                Ok(())
            }
            Event::Summary { .. } => {
                self.clear();
                self.print(event, streams)
            }
            _ => self.print(event, streams),
        }
    }

    /// Writes something above what moves.
    pub(super) fn aside(&self, write: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()> {
        self.area.suspend(write)
    }

    /// Takes away all that moves.
    pub(super) fn clear(&mut self) {
        for (_, bar) in std::mem::take(&mut self.steps) {
            bar.finish_and_clear();
        }
        if let Some(whole) = self.whole.take() {
            whole.finish_and_clear();
        }
    }

    /// Every object has a line of its own only when asked for: a step's last line counts them.
    fn wants_objects(&self) -> bool {
        self.manner.verbosity == super::Verbosity::Verbose
    }

    fn print(&self, event: &Event, streams: &mut Streams) -> io::Result<()> {
        match lines(event, self.manner) {
            Some((stream, text)) => self.area.suspend(|| plain::write(streams, stream, &text)),
            None => Ok(()),
        }
    }

    fn begin(&mut self, steps: usize) {
        let noun = if self.manner.lang == Lang::En { "steps" } else { "个步骤" };
        let template = format!("  {{bar:30.green/black}} {{pos}}/{{len}} {noun}  {{elapsed}}");
        let bar = self
            .area
            .add(ProgressBar::new(steps as u64))
            .with_style(style(&template, self.manner).progress_chars("━━─"));
        bar.enable_steady_tick(TICK);
        self.whole = Some(bar);
    }

    fn step(&mut self, step: &str) -> &ProgressBar {
        let (area, whole, manner) = (&self.area, &self.whole, self.manner);
        self.steps.entry(step.to_owned()).or_insert_with(|| {
            let bar =
                ProgressBar::new_spinner().with_style(style("  {spinner:.cyan} {prefix}{msg}  {elapsed:.dim}", manner));
            let bar = match whole {
                Some(whole) => area.insert_before(whole, bar),
                None => area.add(bar),
            };
            bar.set_prefix(step.to_owned());
            bar.enable_steady_tick(TICK);
            bar
        })
    }

    fn end(&mut self, step: &str) {
        if let Some(bar) = self.steps.remove(step) {
            bar.finish_and_clear();
            self.area.remove(&bar);
        }
        if let Some(whole) = &self.whole {
            whole.inc(1);
        }
    }
}

/// A style from a template of this file, without colour where none is wanted.
fn style(template: &str, manner: Manner) -> ProgressStyle {
    let template = if manner.colour.stderr.0 {
        template.to_owned()
    } else {
        template.replace(".green/black", "").replace(":.cyan", "").replace(":.dim", "")
    };
    ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
