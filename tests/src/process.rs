//! `isthmus` as a process that can be ended in the middle of its work: at a request, before the server sees it, when the server has done
//! it, or in the middle of the answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::missing_panics_doc, reason = "every function here fails the test where it cannot go on")]

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::bed::Bed;
use crate::proxy::{Asked, Fault, Front, Phase, Rule};

/// How long any run may take before it counts as hanging.
const LIMIT: Duration = Duration::from_mins(3);

/// A run of `isthmus` in a process of its own.
#[derive(Debug)]
pub struct Operator {
    child: Arc<Mutex<Child>>,
    told: PathBuf,
}

/// How such a run ended.
#[derive(Debug)]
pub struct Ended {
    /// How the process ended.
    pub status: ExitStatus,
    /// What it told.
    pub told: String,
    /// How long it took.
    pub took: Duration,
}

impl Ended {
    /// Whether it was killed.
    pub fn was_killed(&self) -> bool {
        self.status.signal() == Some(9)
    }

    /// Fails the test unless it ended by itself with that status.
    #[track_caller]
    pub fn ends_with(&self, code: i32) -> &Self {
        assert_eq!(self.status.code(), Some(code), "{:?}:\n{}", self.status, self.told);
        self
    }
}

impl Operator {
    /// Starts `program`, which is `isthmus`, with these words.
    pub fn start(bed: &Bed, program: &str, words: &[String]) -> Self {
        let told = tempfile::NamedTempFile::new_in(bed.folder()).unwrap().into_temp_path().keep().unwrap();
        let file = File::create(&told).unwrap();
        let mut command = bed.command(Path::new(program));
        command.args(words).stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
        Self { child: Arc::new(Mutex::new(command.spawn().unwrap())), told }
    }

    /// Sends it a signal by its name, such as `INT`.
    pub fn signal(&self, name: &str) {
        let id = self.child.lock().unwrap().id().to_string();
        Command::new("kill").args(["-s", name, &id]).status().unwrap();
    }

    /// What it has told so far.
    pub fn told(&self) -> String {
        fs::read_to_string(&self.told).unwrap()
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.child.lock().unwrap().try_wait().unwrap().is_some()
    }

    /// Waits for its end.
    pub fn wait(&self) -> Ended {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.lock().unwrap().try_wait().unwrap() {
                return Ended { status, told: self.told(), took: begun.elapsed() };
            }
            assert!(begun.elapsed() < LIMIT, "it hangs:\n{}", self.told());
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Where a run is disturbed: at the request of that number, over all clusters, when it has come so far.
#[derive(Debug, Clone, Copy)]
pub struct Boundary {
    /// Which request, from 0.
    pub number: usize,
    /// How far it has come.
    pub phase: Phase,
}

/// Runs `isthmus` through the front, and calls `disturb` at that boundary; a request that it is to disturb before the server sees it is
/// never seen.
pub fn disturbed(
    bed: &Bed,
    front: &Front,
    (program, words): (&str, &[String]),
    at: Boundary,
    disturb: impl Fn(&Operator) + Send + Sync + 'static,
) -> Ended {
    front.heal().unwrap();
    let started: Arc<Mutex<Option<Operator>>> = Arc::default();
    let mut held = started.lock().unwrap();
    let known = Arc::clone(&started);
    front.hook(move |asked: &Asked, phase| {
        if asked.number == at.number && phase == at.phase {
            known.lock().unwrap().as_ref().iter().for_each(|operator| disturb(operator));
        }
    });
    if at.phase == Phase::Asked {
        let rule = Rule::always(Fault::Reset(Phase::Asked));
        front.rule(rule.on(move |asked| asked.number == at.number).times(1));
    }
    let operator = Operator::start(bed, program, words);
    let waits = Operator { child: Arc::clone(&operator.child), told: operator.told.clone() };
    *held = Some(operator);
    drop(held);
    waits.wait()
}

/// Runs `isthmus` through the front and kills it at that boundary.
pub fn killed(bed: &Bed, front: &Front, run: (&str, &[String]), at: Boundary) -> Ended {
    disturbed(bed, front, run, at, |operator| drop(operator.child.lock().unwrap().kill()))
}
