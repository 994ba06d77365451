//! Programs that chores start: each in a process group of its own, watched, and ended with all it started.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write, stderr, stdout};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How often a silent program is spoken for.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long a program may take to end itself; practice clusters need some seconds.
const GRACE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(100);
/// How much of a hidden output is shown when the program fails.
const TAIL: usize = 30;

/// Ctrl-C, a hang-up or a request to end came while the chore ran.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// Tells a person what goes on. A closed terminal is no reason to stop.
pub(crate) fn say(text: &str) {
    // A progress bar of a program in the background may stand in this line.
    let clear = if stderr().is_terminal() { "\r\x1b[K" } else { "" };
    let _ = writeln!(stderr().lock(), "{clear}xtask: {text}");
}

/// Prints what was asked for.
pub(crate) fn print(text: &str) -> Result<()> {
    stdout().lock().write_all(text.as_bytes()).context("cannot write to standard output")
}

/// A duration as a person says it.
pub(crate) fn spoken(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// Starts programs, and knows whether all of them shall end.
#[derive(Clone)]
pub(crate) struct Children {
    signals: Arc<AtomicUsize>,
}

impl Children {
    /// From here on Ctrl-C and its like are counted, and every program started through this ends on the first.
    pub(crate) fn watch_signals() -> Result<Self> {
        let mut incoming = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot listen to signals")?;
        let signals = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&signals);
        thread::spawn(move || {
            for _ in incoming.forever() {
                if counter.fetch_add(1, Ordering::SeqCst) == 0 {
                    say("ending what was started (once more to force it)");
                }
            }
        });
        Ok(Self { signals })
    }

    /// Fails once the chore was interrupted.
    pub(crate) fn check(&self) -> Result<()> {
        if self.signals() > 0 { Err(Interrupted.into()) } else { Ok(()) }
    }

    fn signals(&self) -> usize {
        self.signals.load(Ordering::SeqCst)
    }

    /// Waits, unless interrupted.
    pub(crate) fn sleep(&self, time: Duration) -> Result<()> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.check()?;
            thread::sleep(POLL);
        }
        self.check()
    }

    /// Starts a program and leaves it running.
    pub(crate) fn start(&self, command: &mut Command) -> Result<Running> {
        self.check()?;
        let name = command.get_program().to_string_lossy().into_owned();
        // Cargo describes this crate to its program; build scripts of other crates would take it for theirs and run anew.
        for (key, _) in std::env::vars_os() {
            let name = key.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&key);
            }
        }
        let child = command.process_group(0).spawn().with_context(|| format!("cannot start `{name}`"))?;
        Ok(Running { child, children: self.clone(), ended: false })
    }

    /// Runs a program to its end; its output passes through, and a line says so when it takes long.
    pub(crate) fn run(&self, what: &str, command: &mut Command) -> Result<()> {
        let status = self.start(command.stdin(Stdio::null()))?.wait(HEARTBEAT, |time| {
            say(&format!("{what}: still at it, {}", spoken(time)));
        })?;
        if status.success() { Ok(()) } else { bail!("{what}: {status}") }
    }

    /// Runs a program to its end with its output hidden. Every few seconds `progress` is told how many lines there were,
    /// and the last. Should the program fail, its last lines are shown.
    pub(crate) fn run_hidden(
        &self,
        what: &str,
        command: &mut Command,
        progress: impl Fn(usize, &str, Duration),
    ) -> Result<()> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut running = self.start(command)?;
        let lines = read(running.child.stderr.take())?;
        let mut seen = Seen::default();
        let status = running.wait(HEARTBEAT / 4, |time| {
            for line in lines.try_iter() {
                seen.add(line);
            }
            progress(seen.count, seen.last.back().map_or("", String::as_str), time);
        })?;
        if status.success() {
            return Ok(());
        }
        for line in &lines {
            seen.add(line);
        }
        bail!("{what}: {status}\n{}", Vec::from(seen.last).join("\n"))
    }

    /// What a program prints on standard output.
    pub(crate) fn output(&self, command: &mut Command) -> Result<String> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let (mut running, lines) = self.start_read(command)?;
        let status = running.wait(HEARTBEAT, |time| say(&format!("{name}: {}", spoken(time))))?;
        if !status.success() {
            bail!("`{name}`: {status}");
        }
        Ok(lines.iter().collect::<Vec<_>>().join("\n"))
    }

    /// Starts a program whose standard output is read line by line.
    pub(crate) fn start_read(&self, command: &mut Command) -> Result<(Running, Receiver<String>)> {
        let mut running = self.start(command.stdout(Stdio::piped()))?;
        let lines = read(running.child.stdout.take())?;
        Ok((running, lines))
    }
}

/// Reads a pipe in a thread, so that whoever waits for a line can be interrupted. It is read to its end in any case:
/// a program must not fail because nobody listens any more.
fn read(pipe: Option<impl Read + Send + 'static>) -> Result<Receiver<String>> {
    let pipe = pipe.context("the output is piped")?;
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    Ok(receiver)
}

/// What came from a hidden output so far.
#[derive(Default)]
struct Seen {
    count: usize,
    last: VecDeque<String>,
}

impl Seen {
    fn add(&mut self, line: String) {
        self.count += 1;
        self.last.push_back(line);
        if self.last.len() > TAIL {
            self.last.pop_front();
        }
    }
}

/// A started program; dropped, it ends with all it started.
pub(crate) struct Running {
    child: Child,
    children: Children,
    ended: bool,
}

impl Running {
    /// Waits for the end and calls `meanwhile` every `period`. An interruption ends the program first.
    pub(crate) fn wait(&mut self, period: Duration, mut meanwhile: impl FnMut(Duration)) -> Result<ExitStatus> {
        let start = Instant::now();
        let mut next = period;
        loop {
            if let Some(status) = self.poll()? {
                return Ok(status);
            }
            if self.children.signals() > 0 {
                self.end();
                return Err(Interrupted.into());
            }
            if start.elapsed() >= next {
                next = next.saturating_add(period);
                meanwhile(start.elapsed());
            }
            thread::sleep(POLL);
        }
    }

    /// The exit status, once there is one.
    pub(crate) fn poll(&mut self) -> Result<Option<ExitStatus>> {
        let status = self.child.try_wait().context("cannot wait for a program")?;
        self.ended |= status.is_some();
        Ok(status)
    }

    /// Asks the program and all it started to end, and insists after a while or on a second Ctrl-C.
    fn end(&mut self) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let Some(group) = group.filter(|_| !self.ended) else {
            return;
        };
        // Failing to send means that nobody is left to receive.
        let _ = kill_process_group(group, Signal::TERM);
        let deadline = Instant::now() + GRACE;
        // The group outlives the program: a test bed's keeper has work to do after the test is gone.
        while matches!(self.poll(), Ok(None)) || test_kill_process_group(group).is_ok() {
            if Instant::now() >= deadline || self.children.signals() > 1 {
                let _ = kill_process_group(group, Signal::KILL);
                let _ = self.child.wait();
                break;
            }
            thread::sleep(POLL);
        }
        self.ended = true;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
