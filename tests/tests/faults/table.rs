//! What was tried and what came of it.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::models::{MODELS, Model};

/// Which faults are tried: `FAULTS` says `all`, or parts of what a line of the table begins with, the model, the step and the fault, with
/// commas between them; nothing is a sample.
pub(crate) struct Which(Option<Vec<String>>);

impl Which {
    /// As the environment says.
    pub(crate) fn of_environment() -> Self {
        let asked = env::var("FAULTS").ok().filter(|which| !which.is_empty());
        Self(asked.map(|which| which.split(',').filter(|part| *part != "all").map(str::to_owned).collect()))
    }

    /// Whether a few are tried, and not every one that was asked for at every step of every model.
    pub(crate) fn is_sample(&self) -> bool {
        self.0.is_none()
    }

    /// Whether a fault is tried there.
    pub(crate) fn has(&self, model: &str, step: &str, fault: &str) -> bool {
        let line = format!("{model} {step} {fault}");
        self.0.iter().flatten().all(|part| line.contains(part))
    }

    /// Whether a model may have any that is asked for.
    pub(crate) fn concerns(&self, model: &str) -> bool {
        let others = |part: &String| *part != model && MODELS.iter().any(|other| other.name == part);
        !self.0.iter().flatten().any(others)
    }
}

/// One fault at one place.
#[derive(Clone)]
pub(crate) struct Row {
    /// The model, or its topology's name.
    pub(crate) model: String,
    /// The step, or the moment.
    pub(crate) step: String,
    /// The fault.
    pub(crate) fault: String,
    /// The exit status of the run that was disturbed.
    pub(crate) code: u8,
    /// How long it took.
    pub(crate) time: Duration,
    /// What it said, the line that matters.
    pub(crate) said: String,
    /// The exit status of the run after it.
    pub(crate) again: u8,
    /// What is not as it should be; empty where all is well.
    pub(crate) wrong: Vec<String>,
}

/// All that is tried by one test, told as it comes and summed up at the end; models may be tried side by side.
pub(crate) struct Table {
    title: &'static str,
    begun: Instant,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    expected: usize,
    rows: Vec<Row>,
}

impl Table {
    /// An empty one.
    pub(crate) fn new(title: &'static str) -> Self {
        Self { title, begun: Instant::now(), told: Mutex::default() }
    }

    /// So many more are going to be tried.
    pub(crate) fn expect(&self, more: usize) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).expected += more;
    }

    /// Tells what came of one.
    pub(crate) fn note(&self, row: Row) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let Row { model, step, fault, code, again, said, wrong, .. } = &row;
        let (place, expected) = (told.rows.len() + 1, told.expected.max(told.rows.len() + 1));
        let time = row.time.as_secs_f32();
        let mark = if wrong.is_empty() { "✓" } else { "✗" };
        let said: String = said.chars().take(110).collect();
        let mut text = format!(
            "{place:4}/{expected} {mark} {model:28} {step:26} {fault:34} exit {code:2} {time:5.1} s, then {again}  {said}\n"
        );
        for wrong in wrong {
            let _ = writeln!(text, "    {wrong}");
        }
        print(&text);
        told.rows.push(row);
    }

    /// Prints what was tried as a table of faults by models, then fails the test where something is not as it should be.
    pub(crate) fn judge(self) {
        let rows = self.told.into_inner().unwrap_or_else(PoisonError::into_inner).rows;
        let mut faults: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
        for row in &rows {
            faults.entry((&row.fault, &row.model)).or_default().push(row);
        }
        let took = self.begun.elapsed().as_secs_f32();
        let mut text = format!(
            "\n{}: {} tried in {took:.0} s\n{:44} {:28} {:>5} {:>5}  {:8} longest\n",
            self.title,
            rows.len(),
            "fault",
            "model",
            "tried",
            "well",
            "exit"
        );
        for ((fault, model), rows) in &faults {
            let mut codes: Vec<String> = rows.iter().map(|row| row.code.to_string()).collect();
            codes.sort();
            codes.dedup();
            let (codes, well) = (codes.join(", "), rows.iter().filter(|row| row.wrong.is_empty()).count());
            let longest = rows.iter().map(|row| row.time).max().unwrap_or_default().as_secs_f32();
            let _ = writeln!(text, "{fault:44} {model:28} {:>5} {well:>5}  {codes:8} {longest:.1} s", rows.len());
        }
        let bad: Vec<&Row> = rows.iter().filter(|row| !row.wrong.is_empty()).collect();
        for row in &bad {
            let _ = writeln!(text, "✗ {}, {}, {}:\n    {}", row.model, row.step, row.fault, row.wrong.join("\n    "));
        }
        print(&text);
        assert!(bad.is_empty(), "{} of {} are not as they should be:\n{text}", bad.len(), rows.len());
    }
}

/// Tries all models side by side, in a sample these alone, and judges what came of it.
pub(crate) fn on_models(title: &'static str, sampled: &[&str], try_all: fn(&'static Model, &Which, &Table)) {
    let which = Which::of_environment();
    let table = Table::new(title);
    let models = MODELS.iter().filter(|model| !which.is_sample() || sampled.contains(&model.name));
    thread::scope(|scope| {
        for model in models.filter(|model| which.concerns(model.name)) {
            let (which, table) = (&which, &table);
            scope.spawn(move || try_all(model, which, table));
        }
    });
    table.judge();
}

/// Past the harness, which keeps the output of a test that is well.
fn print(text: &str) {
    // Whoever reads it may have gone.
    let _ = io::stdout().write_all(text.as_bytes());
}
