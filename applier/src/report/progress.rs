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
    /// How many steps there will be.
    planned: usize,
    /// What moves until the first step begins: looking things up takes its time, and there may be a question to answer.
    opening: Option<ProgressBar>,
    whole: Option<ProgressBar>,
    steps: BTreeMap<String, ProgressBar>,
}

impl Progress {
    pub(super) fn start(manner: Manner) -> Self {
        let area = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        Self { manner, area, planned: 0, opening: None, whole: None, steps: BTreeMap::new() }
    }

    pub(super) fn event(&mut self, event: &Event, streams: &mut Streams) -> io::Result<()> {
        match event {
            Event::Started { steps, .. } => {
                self.print(event, streams)?;
                self.planned = *steps;
                self.open();
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
        if let Some(opening) = self.opening.take() {
            opening.finish_and_clear();
        }
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

    fn open(&mut self) {
        let bar = self.moving(None);
        bar.set_prefix(match self.manner.lang {
            Lang::En => "asking the clusters",
            Lang::Zh => "正在查询各集群",
        });
        self.opening = Some(bar);
    }

    fn begin(&mut self) {
        self.clear();
        let noun = if self.manner.lang == Lang::En { "steps" } else { "个步骤" };
        let template = format!("  {{bar:30.green/black}} {{pos}}/{{len}} {noun}  {{elapsed}}");
        let bar = ProgressBar::new(self.planned as u64);
        let bar = self.area.add(bar).with_style(style(&template, self.manner).progress_chars("━━─"));
        bar.enable_steady_tick(TICK);
        self.whole = Some(bar);
    }

    fn step(&mut self, step: &str) -> &ProgressBar {
        if self.whole.is_none() {
            self.begin();
        }
        if !self.steps.contains_key(step) {
            let bar = self.moving(self.whole.as_ref());
            bar.set_prefix(step.to_owned());
            self.steps.insert(step.to_owned(), bar);
        }
        &self.steps[step]
    }

    /// A line with a clock of its own, above another; what does not fit is cut.
    fn moving(&self, above: Option<&ProgressBar>) -> ProgressBar {
        let bar = ProgressBar::new_spinner();
        let bar = match above {
            Some(above) => self.area.insert_before(above, bar),
            None => self.area.add(bar),
        };
        let bar = bar.with_style(style("  {spinner:.cyan} {elapsed:>4.dim}  {prefix}{wide_msg}", self.manner));
        bar.enable_steady_tick(TICK);
        bar
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
        template.replace(":30.green/black", ":30").replace(":.cyan", "").replace(".dim", "")
    };
    ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
