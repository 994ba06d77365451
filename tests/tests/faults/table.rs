//! What was tried and what came of it.

use std::env;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

/// Which faults are tried: `FAULTS` says `all`, or a part of their names; nothing is a sample.
pub(crate) struct Which(Option<String>);

impl Which {
    /// As the environment says.
    pub(crate) fn of_environment() -> Self {
        Self(env::var("FAULTS").ok().filter(|which| !which.is_empty()))
    }

    /// Whether everything is tried at every step.
    pub(crate) fn is_all(&self) -> bool {
        self.0.as_deref() == Some("all")
    }

    /// Whether a fault is tried at all.
    pub(crate) fn has(&self, fault: &str) -> bool {
        self.is_all() || self.0.as_ref().is_none_or(|part| fault.contains(part))
    }
}

/// One fault at one place.
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

/// Prints the table, then fails the test where something is not as it should be.
pub(crate) fn judge(title: &str, rows: &[Row]) {
    let mut text = format!("\n{title}: {} tried\n", rows.len());
    for row in rows {
        let Row { model, step, fault, code, again, said, wrong, .. } = row;
        let time = row.time.as_secs_f32();
        let mark = if wrong.is_empty() { "✓" } else { "✗" };
        let said: String = said.chars().take(110).collect();
        let _ =
            writeln!(text, "{mark} {model:28} {step:26} {fault:34} exit {code:2} {time:5.1} s, then {again}  {said}");
        for wrong in wrong {
            let _ = writeln!(text, "    {wrong}");
        }
    }
    // Past the harness, which keeps the output of a test that is well.
    io::stdout().write_all(text.as_bytes()).unwrap();
    let bad = rows.iter().filter(|row| !row.wrong.is_empty()).count();
    assert_eq!(bad, 0, "{bad} of {} are not as they should be:\n{text}", rows.len());
}
