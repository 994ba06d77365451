//! What a run may meet that nobody means ill with: a store that is slow, addresses of other kinds than one expects, objects that are too
//! large, objects that belong to somebody else when they are to go.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tests::bed::eventually;
use tests::job::Run;
use tests::judge::WAIT;

use super::people::{Case, REMOTE_SECRET, Scene, applied, meanwhile, nothing};

/// The Service whose address is played with.
const GATEWAY: &str = "-n istio-system SERVICE istio-eastwestgateway";

fn gateway(scene: &Scene, verb: &str, more: &str) {
    scene.kubectl(&format!("{} {more}", GATEWAY.replace("SERVICE", &format!("{verb} service"))));
}

/// A balancer that hands out this, and no other one beside it.
fn give(scene: &Scene, ingress: &str) {
    gateway(scene, "annotate", "bed/lb=never --overwrite");
    let patch = format!(r#"{{"status":{{"loadBalancer":{{"ingress":{ingress}}}}}}}"#);
    gateway(scene, "patch", &format!("--subresource=status --type=merge -p {patch}"));
}

/// The usual balancer again.
fn give_back(scene: &Scene) {
    give(scene, "null");
    gateway(scene, "annotate", "bed/lb-");
    let get = ["-n", "istio-system", "get", "service", "istio-eastwestgateway", "-o", "jsonpath={.status}"];
    eventually(WAIT, || {
        let status = scene.one().kubectl_text(&get)?;
        if status.contains("ingress") { Ok(()) } else { Err(status.into()) }
    })
    .unwrap();
}

/// What is applied, and then what `status` says, in one.
fn applied_and_told(scene: &Scene) -> Run {
    let run = applied(scene);
    let status = scene.job.status();
    Run { stdout: format!("{}{}", run.stdout, status.stdout), ..run }
}

/// Applies while etcd answers only now and then.
fn with_a_slow_store(scene: &Scene) -> Run {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                scene.one().halt_store().unwrap();
                thread::sleep(Duration::from_secs(2));
                scene.one().resume_store().unwrap();
                thread::sleep(Duration::from_millis(100));
            }
        });
        let run = scene.job.apply(&[]);
        done.store(true, Ordering::Relaxed);
        run
    })
}

/// The remote secret is another set's, the gateway's configuration another object's.
fn take_over(scene: &Scene) {
    scene.kubectl(
        "-n istio-system label secret istio-remote-secret-cluster2 applyset.kubernetes.io/part-of=theirs --overwrite",
    );
    scene.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: theirs, namespace: istio-system}\n");
    let theirs = scene.one().kubectl_json(&["-n", "istio-system", "get", "configmap", "theirs"]).unwrap();
    let uid = theirs["metadata"]["uid"].as_str().unwrap();
    let owner = format!(r#"[{{"apiVersion":"v1","kind":"ConfigMap","name":"theirs","uid":"{uid}"}}]"#);
    let patch = format!(r#"{{"metadata":{{"ownerReferences":{owner}}}}}"#);
    scene.kubectl(&format!("-n istio-system patch {EXPOSED} --type=merge -p {patch}"));
}

const EXPOSED: &str = "gateways.networking.istio.io cross-network-gateway";

/// Takes the mesh away; what others have taken over is still there.
fn cleaned_up(scene: &Scene) -> Run {
    let run = scene.job.cleanup("mesh1");
    scene.kubectl("-n istio-system get secret istio-remote-secret-cluster2");
    scene.kubectl(&format!("-n istio-system get {EXPOSED}"));
    run
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a slow etcd",
        step: "cluster1/secret/cluster2",
        harm: |scene| scene.kubectl(REMOTE_SECRET),
        run: with_a_slow_store,
        code: 0,
        words: &[],
        heal: nothing,
    },
    Case {
        name: "a namespace deleted meanwhile",
        step: "cluster1/secret/cluster2",
        harm: |scene| scene.kubectl(REMOTE_SECRET),
        run: |scene| meanwhile(scene, "delete namespace istio-system --wait=false"),
        code: 75,
        words: &["cluster1/secret/cluster2", "istio-remote-secret-cluster2", "namespace istio-system is gone"],
        heal: nothing,
    },
    Case {
        name: "a host name where an address is drawn",
        step: "cluster1/gateway",
        harm: |scene| give(scene, r#"[{"hostname":"lb.example.com"}]"#),
        run: applied,
        code: 1,
        words: &[
            "cluster1/istio-system/istio-eastwestgateway",
            "gave lb.example.com",
            "`eastWest.addressKind: hostname`",
        ],
        heal: give_back,
    },
    Case {
        name: "two addresses",
        step: "cluster1/gateway",
        harm: |scene| give(scene, r#"[{"ip":"198.51.100.9"},{"ip":"198.51.100.3"}]"#),
        run: applied_and_told,
        code: 0,
        words: &["198.51.100.9, 15443"],
        heal: give_back,
    },
    Case {
        name: "an IPv6 address",
        step: "cluster1/gateway",
        harm: |scene| give(scene, r#"[{"ip":"2001:db8::7"}]"#),
        run: applied_and_told,
        code: 0,
        words: &["2001:db8::7, 15443"],
        heal: give_back,
    },
    Case {
        name: "an address that changes later",
        step: "cluster1/gateway",
        harm: |scene| {
            give(scene, r#"[{"ip":"198.51.100.9"}]"#);
            scene.job.apply(&[]).ends_with(0);
            give(scene, r#"[{"ip":"198.51.100.3"}]"#);
        },
        run: applied_and_told,
        code: 0,
        words: &["198.51.100.3, 15443"],
        heal: give_back,
    },
    Case {
        name: "an object that is too large",
        step: "cluster1/gateway",
        harm: nothing,
        run: |scene| {
            let large = format!("{{name: cluster1, eastWest: {{annotations: {{note: {}}}}}, ", "x".repeat(300_000));
            scene.drawn_otherwise("large", "{name: cluster1, ", &large).apply(&["--timeout", "6s"])
        },
        code: 1,
        words: &[
            "cluster1/gateway",
            "Service istio-system/istio-eastwestgateway",
            "Too long: may not be more than 262144",
        ],
        heal: nothing,
    },
    Case {
        name: "objects of others, at cleanup",
        step: "cluster1/namespace",
        harm: take_over,
        run: cleaned_up,
        code: 0,
        words: &[
            "others have taken it over: it is labelled as part of theirs",
            "it belongs to another now: ConfigMap theirs",
            "it holds what others made: ConfigMap istio-system/theirs",
        ],
        heal: |scene| {
            scene.kubectl(REMOTE_SECRET);
            scene.kubectl(&format!("-n istio-system delete {EXPOSED}"));
            scene.kubectl("-n istio-system delete configmap theirs");
        },
    },
    Case {
        name: "a token that nobody makes",
        step: "cluster1/reader",
        harm: |scene| {
            scene.one().halt_controllers().unwrap();
            scene.kubectl("-n istio-system delete secret istio-reader-service-account-istio-remote-secret-token");
        },
        run: applied,
        code: 75,
        words: &["cluster1/reader", "Token(cluster1)"],
        heal: |scene| scene.one().resume_controllers().unwrap(),
    },
];
