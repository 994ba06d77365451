//! The way to the clusters: connecting through credential plugins, and the time from an address to what waited for it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::{Value, json};
use tests::bed::{Addresses, Bed, ClusterSpec, eventually};
use tests::job::{Job, isthmus};
use tests::proxy::{Exchange, Front};

use crate::statistics::{median, range};

const CONTEXTS: usize = 20;
const PAIRS: usize = 3;
const REACTIONS: usize = 5;

/// Twenty contexts, each with a plugin that takes a second: `isthmus`, the library that it is built on, and `kubectl`.
pub(crate) fn connect() {
    let Some(program) = std::env::var_os("ISTHMUS_PROGRAM") else {
        return println!("Connecting: not measured, ISTHMUS_PROGRAM names no program");
    };
    println!("Connecting to {CONTEXTS} contexts, each by a credential plugin that takes 1 s");
    let bed = Bed::start(&[ClusterSpec::named("cluster1").without_istiods()]).unwrap();
    let cluster = bed.cluster("cluster1");
    cluster.kubectl_text(&["-n", "kube-system", "create", "serviceaccount", "operator"]).unwrap();
    let bind = ["create", "clusterrolebinding", "operator", "--clusterrole=cluster-admin"];
    cluster.kubectl_text(&[&bind[..], &["--serviceaccount=kube-system:operator"]].concat()).unwrap();
    let token = cluster.kubectl_text(&["-n", "kube-system", "create", "token", "operator"]).unwrap();
    let (runs, plugin, kubeconfig) = plugin(&bed, token.trim());
    let names: Vec<String> = (1..=CONTEXTS).map(|number| format!("c{number}")).collect();
    let drawn = names.iter().map(|name| format!("  - {{name: {name}, network: n-{name}, role: primary}}\n"));
    let topology = format!(
        "apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {{name: mesh1}}\nspec:\n  meshId: mesh1\n  \
         istio: {{version: \"1.31\", installer: istioctl}}\n  clusters:\n{}",
        drawn.collect::<String>()
    );
    let (file, bundle) = (bed.folder().join("many.yaml"), bed.folder().join("many"));
    fs::write(&file, topology).unwrap();
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    isthmus(&["generate", &path(&file), "-o", &path(&bundle)]).ends_with(0);

    let ours = || {
        let run =
            bed.command(&program).arg("status").arg(&bundle).arg("--kubeconfig").arg(&kubeconfig).output().unwrap();
        // All of them are one cluster here, which is told once all have answered.
        let told = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.code() == Some(78) && told.contains("are one cluster"), "{told}");
    };
    let stock = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            for name in &names {
                let options = KubeConfigOptions { context: Some(name.clone()), ..KubeConfigOptions::default() };
                let read = Kubeconfig::read_from(&kubeconfig).unwrap();
                let config = kube::Config::from_custom_kubeconfig(read, &options).await.unwrap();
                kube::Client::try_from(config).unwrap().apiserver_version().await.unwrap();
            }
        });
    };
    let kubectl = || {
        for name in &names {
            let mut command = bed.command("kubectl");
            command.arg("--kubeconfig").arg(&kubeconfig).args(["--context", name, "get", "--raw", "/version"]);
            assert!(command.output().unwrap().status.success());
        }
    };
    let count = || fs::read_to_string(&runs).unwrap_or_default().lines().count();
    let timed = |work: &dyn Fn()| {
        let (before, begun) = (count(), Instant::now());
        work();
        (begun.elapsed().as_secs_f64(), count() - before)
    };
    for pair in 1..=PAIRS {
        let (own, own_runs) = timed(&ours);
        let (library, library_runs) = timed(&stock);
        let (other, other_runs) = timed(&kubectl);
        println!(
            "  {pair}: isthmus {own:.2} s with {own_runs} runs of the plugin (goal 1.5 s, {CONTEXTS}), kube {library:.1} s with \
             {library_runs}: {:.0} times (goal 40), kubectl {other:.1} s with {other_runs}: {:.0} times (goal 14)",
            library / own,
            other / own
        );
    }
    fs::remove_file(plugin).unwrap();
}

/// A plugin that notes its runs, and a kubeconfig with it in every context.
fn plugin(bed: &Bed, token: &str) -> (PathBuf, PathBuf, PathBuf) {
    let [runs, script, kubeconfig] = ["runs", "plugin.sh", "many.kubeconfig"].map(|name| bed.folder().join(name));
    let credential =
        json!({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": token}});
    fs::write(&script, format!("#!/bin/sh\necho run >> {}\nsleep 1\necho '{credential}'\n", runs.display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let own: Value = serde_json::from_slice(&fs::read(bed.cluster("cluster1").kubeconfig()).unwrap()).unwrap();
    let exec = json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": script, "interactiveMode": "Never"}});
    let contexts =
        (1..=CONTEXTS).map(|number| json!({"name": format!("c{number}"), "context": {"cluster": "c", "user": "u"}}));
    let config = json!({
        "apiVersion": "v1", "kind": "Config", "contexts": contexts.collect::<Vec<_>>(),
        "clusters": [{"name": "c", "cluster": own["clusters"][0]["cluster"]}], "users": [{"name": "u", "user": exec}],
    });
    fs::write(&kubeconfig, config.to_string()).unwrap();
    (runs, script, kubeconfig)
}

/// A write that waits for an address.
struct Waiting {
    /// What it is.
    name: &'static str,
    drawing: &'static str,
    /// Its path.
    path: &'static str,
    /// What is taken away before, so that it has to be written again: arguments of `kubectl delete`.
    gone: &'static [&'static str],
    /// Whether the goal is for it: `istioctl` takes its time.
    has_goal: bool,
}

const WAITING: [Waiting; 2] = [
    Waiting {
        name: "the remote secret that holds it",
        drawing: include_str!("../../topologies/api-server-by-gateway.yaml"),
        path: "/secrets/istio-remote-secret",
        // And one that is written before: a run that goes on for long has written.
        gone: &["secrets", "istio-remote-secret-cluster1", "istio-remote-secret-cluster2", "cacerts"],
        has_goal: true,
    },
    Waiting {
        name: "the remote's EndpointSlice that holds it, rendered by `istioctl` in between",
        drawing: include_str!("../../topologies/primary-remote.yaml"),
        path: "/endpointslices/istiod",
        gone: &["endpointslices,secrets", "istiod", "cacerts"],
        has_goal: false,
    },
];

/// From the address in the status of a gateway's Service to the first write that waited for it.
pub(crate) fn react() {
    for waiting in &WAITING {
        println!("From a load balancer's address to {}", waiting.name);
        waiting.measure();
    }
}

impl Waiting {
    fn measure(&self) {
        let specs = ["cluster1", "cluster2"].map(|name| ClusterSpec::named(name).addresses(Addresses::Never));
        let bed = Bed::start(&specs).unwrap();
        let front = Front::of(&bed).unwrap();
        let topology = self.drawing.replace("sample: true", "sample: false");
        let job = Job::new(&bed, "reaction", &topology, &[]).reached_by(front.kubeconfig());
        let give = |ip: &str| {
            let ingress = if ip.is_empty() { json!([]) } else { json!([{"ip": ip}]) };
            let patch = json!({"status": {"loadBalancer": {"ingress": ingress}}}).to_string();
            let words = ["-n", "istio-system", "patch", "service", "istio-eastwestgateway", "--subresource=status"];
            for cluster in ["cluster1", "cluster2"] {
                let mut kubectl: Command = bed.command("kubectl");
                kubectl.arg("--kubeconfig").arg(front.kubeconfig()).args(["--context", cluster]).args(words);
                kubectl.args(["--type=merge", "-p", &patch]).output().unwrap();
            }
        };
        give_after(&give, &job);
        for trip in [0, 50, 200] {
            let delay = Duration::from_millis(trip / 2);
            let mut times = Vec::new();
            for number in 0..REACTIONS {
                front.heal().unwrap();
                for cluster in bed.clusters() {
                    let delete = ["-n", "istio-system", "delete", "--ignore-not-found"];
                    cluster.kubectl_text(&[&delete[..], self.gone].concat()).unwrap();
                }
                give("");
                front.delay(delay);
                front.forget();
                let run = thread::scope(|scope| {
                    let run = scope.spawn(|| job.apply(&["--timeout", "3m"]));
                    eventually(Duration::from_mins(2), || {
                        let watched = front.log().iter().filter(|one| one.asked.path.contains("watch=true")).count();
                        if watched >= 1 { Ok(()) } else { Err("it does not watch yet".into()) }
                    })
                    .unwrap();
                    thread::sleep(Duration::from_millis(700 + 130 * number as u64));
                    give("198.51.100.77");
                    run.join().unwrap()
                });
                run.ends_with(0);
                times.extend(self.reaction(&front.log(), delay));
            }
            let goal = if self.has_goal { format!("goal {} ms; ", trip + 50) } else { String::new() };
            println!(
                "  at {trip:3} ms to the cluster and back: {} ms ({goal}whoever looks every 2 s: 1000 ms, {:.0} times as long)",
                range(&times, 0),
                1000.0 / median(times.clone())
            );
        }
    }

    /// How long the write came after the last address was there, in milliseconds.
    fn reaction(&self, log: &[Exchange], delay: Duration) -> Option<f64> {
        let is = |one: &&Exchange, part: &str| one.asked.applies() && one.asked.path.contains(part);
        let given = log.iter().filter(|one| is(one, "/istio-eastwestgateway/status")).filter_map(|one| one.answered);
        // The server had it one way before the answer was out.
        let there = given.max()?.checked_sub(delay)?;
        let written = log.iter().filter(|one| is(one, self.path)).map(|one| one.at).max()?;
        Some(written.checked_duration_since(there)?.as_secs_f64() * 1000.0)
    }
}

/// The first run of all, which takes as long as it takes.
fn give_after(give: &dyn Fn(&str), job: &Job) {
    thread::scope(|scope| {
        let run = scope.spawn(|| job.apply(&["--timeout", "3m"]));
        while !run.is_finished() {
            give("198.51.100.77");
            thread::sleep(Duration::from_secs(1));
        }
        run.join().unwrap().ends_with(0);
    });
}
