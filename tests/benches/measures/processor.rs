//! Processor time and memory, as Linux tells them.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// How many of Linux' ticks are a second.
const TICKS: f64 = 100.0;

/// What a process says of itself in `stat`, from its state on.
fn stat(process: &str) -> Option<Vec<u64>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    Some(stat.rsplit(')').next()?.split(' ').map(|field| field.parse().unwrap_or(0)).collect())
}

fn seconds(ticks: u64) -> f64 {
    f64::from(u32::try_from(ticks).unwrap_or(u32::MAX)) / TICKS
}

/// The processor time of this process and of all it has started, those that have ended among them, in seconds.
pub(crate) fn of_all() -> f64 {
    let processes: Vec<(u64, Vec<u64>)> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|process: u64| Some((process, stat(&process.to_string())?)))
        .collect();
    let mut ours = BTreeSet::from([u64::from(std::process::id())]);
    loop {
        let before = ours.len();
        let children = processes.iter().filter(|(_, stat)| stat.get(2).is_some_and(|parent| ours.contains(parent)));
        let children: Vec<u64> = children.map(|(process, _)| *process).collect();
        ours.extend(children);
        if ours.len() == before {
            break;
        }
    }
    let of_ours = processes.iter().filter(|(process, _)| ours.contains(process));
    // Its own, and that of those whose end it has taken note of.
    seconds(of_ours.filter_map(|(_, stat)| stat.get(12..16)).flatten().sum())
}

/// Runs a program and returns its processor time in seconds and the most memory it had, in megabytes.
pub(crate) fn spent(mut command: Command) -> (f64, u64) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (mut ticks, mut memory) = (0, 0);
    // What a process has used is to be read as long as nobody has taken note of its end.
    while child.try_wait().unwrap().is_none() {
        let process = child.id().to_string();
        let used = stat(&process).and_then(|stat| Some(stat.get(12..14)?.iter().sum::<u64>()));
        ticks = ticks.max(used.unwrap_or(0));
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        memory = memory.max(kilobytes.unwrap_or(0) >> 10);
        thread::sleep(Duration::from_millis(2));
    }
    (seconds(ticks), memory)
}
