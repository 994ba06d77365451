//! Istiods follow Deployments: a process starts when an istiod Deployment appears, starts anew when its pod template
//! changes, and ends with it.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use super::BedError;
use super::egress::Routes;
use super::ports::ISTIODS;
use super::process::{HTTPS, Host, Istiod};
use super::programs::run;

/// How often what could not start yet is tried again.
const PAUSE: Duration = Duration::from_millis(200);

/// Follows the Deployments of one cluster until it is dropped.
#[derive(Debug)]
pub(super) struct Follower {
    ended: Arc<AtomicBool>,
    watch: Arc<Mutex<Option<Child>>>,
    threads: Vec<JoinHandle<()>>,
}

/// What the watch saw: Deployments by namespace and name.
enum Event {
    Seen(String, Value),
    Gone(String),
    /// All there are; what is missing here went while nobody watched.
    All(BTreeMap<String, Value>),
}

impl Follower {
    pub(super) fn start(host: Host, routes: Arc<Routes>) -> Result<Self, BedError> {
        let ended = Arc::new(AtomicBool::new(false));
        let watch = Arc::new(Mutex::new(None));
        let (sender, receiver) = mpsc::channel();
        let watching = {
            let (host, ended, watch) = (host.clone(), Arc::clone(&ended), Arc::clone(&watch));
            thread::Builder::new().spawn(move || watch_deployments(&host, &ended, &watch, &sender))?
        };
        let running = thread::Builder::new().spawn(move || run_istiods(&host, &routes, &receiver))?;
        Ok(Self { ended, watch, threads: vec![watching, running] })
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(watch) = self.watch.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            let _ = watch.kill();
        }
        // The watch ends, its sender goes, and with it the other thread and its processes.
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Watches until the end. The API server ends a watch now and then: it begins again, with a look at what has gone meanwhile.
fn watch_deployments(host: &Host, ended: &AtomicBool, watch: &Mutex<Option<Child>>, sender: &Sender<Event>) {
    const LIST: [&str; 7] = ["get", "deployments", "-A", "-l", "app=istiod", "-o", "json"];
    while !ended.load(Ordering::Relaxed) {
        let started = host.kubectl().and_then(|mut command| {
            command.args(LIST).args(["--watch", "--output-watch-events"]).stdout(Stdio::piped()).stderr(Stdio::null());
            Ok(command.spawn()?)
        });
        let Ok(mut child) = started else { return };
        let stdout = child.stdout.take();
        *watch.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        if let Ok(all) = list(host, &LIST) {
            let _ = sender.send(Event::All(all));
        }
        let events =
            stdout.map(|stdout| serde_json::Deserializer::from_reader(BufReader::new(stdout)).into_iter::<Value>());
        for event in events.into_iter().flatten().map_while(Result::ok) {
            let key = key(&event["object"]);
            let event =
                if event["type"] == "DELETED" { Event::Gone(key) } else { Event::Seen(key, event["object"].clone()) };
            if sender.send(event).is_err() {
                return;
            }
        }
        if let Some(mut child) = watch.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        thread::sleep(PAUSE);
    }
}

fn list(host: &Host, args: &[&str]) -> Result<BTreeMap<String, Value>, BedError> {
    let listed: Value = serde_json::from_slice(&run(host.kubectl()?.args(args))?)?;
    Ok(listed["items"].as_array().into_iter().flatten().map(|item| (key(item), item.clone())).collect())
}

fn key(deployment: &Value) -> String {
    let metadata = &deployment["metadata"];
    format!("{}/{}", metadata["namespace"].as_str().unwrap_or_default(), metadata["name"].as_str().unwrap_or_default())
}

/// Keeps what runs equal to what is wanted, until the watch has ended.
fn run_istiods(host: &Host, routes: &Routes, events: &Receiver<Event>) {
    let mut wanted = BTreeMap::new();
    let mut running: BTreeMap<String, Istiod> = BTreeMap::new();
    loop {
        let complete = wanted.len() == running.len();
        match events.recv_timeout(if complete { PAUSE * 5 } else { PAUSE }) {
            Ok(Event::Seen(key, deployment)) => {
                wanted.insert(key, deployment);
            }
            Ok(Event::Gone(key)) => {
                wanted.remove(&key);
            }
            Ok(Event::All(all)) => wanted = all,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        wanted.retain(|_, deployment| deployment["spec"]["replicas"] != 0);
        running.retain(|key, istiod| {
            let keep = wanted.get(key).is_some_and(|deployment| deployment["spec"]["template"] == istiod.template);
            let keep = keep && !istiod.has_ended();
            if !keep {
                routes.remove_istiod(&host.entry.name, key);
            }
            keep
        });
        for (key, deployment) in &wanted {
            if running.contains_key(key) {
                continue;
            }
            let used: Vec<u16> = running.values().map(|istiod| istiod.number).collect();
            let Some(number) = (0..ISTIODS).find(|number| !used.contains(number)) else {
                continue;
            };
            // An error here is a cluster that is going down or not yet up: the next turn tries again.
            if let Ok(Some(istiod)) = Istiod::start(host, deployment, number) {
                routes.add_istiod(&host.entry.name, key, host.ports.istiod(number) + HTTPS);
                running.insert(key.clone(), istiod);
            }
        }
    }
}
