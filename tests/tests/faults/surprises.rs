//! What a run may meet that nobody means ill with: a store that is slow, addresses of other kinds than one expects, objects that are too
//! large, objects that belong to somebody else when they are to go.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tests::bed::eventually;
use tests::job::Run;
use tests::judge::WAIT;

use super::scene::{Case, REMOTE_SECRET, Scene, applied, meanwhile, nothing};

/// The Service whose address is played with.
const GATEWAY: &str = "-n istio-system SERVICE {gateway}";

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
    eventually(WAIT, || {
        let status = scene.heard("-n istio-system get service {gateway} -o jsonpath={.status}");
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
    scene.kubectl("-n {namespace} label secret {secret} applyset.kubernetes.io/part-of=theirs --overwrite");
    scene.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: theirs, namespace: {namespace}}\n");
    let uid = scene.heard("-n {namespace} get configmap theirs -o jsonpath={.metadata.uid}");
    let owner = format!(r#"[{{"apiVersion":"v1","kind":"ConfigMap","name":"theirs","uid":"{uid}"}}]"#);
    let patch = format!(r#"{{"metadata":{{"ownerReferences":{owner}}}}}"#);
    scene.kubectl(&format!("-n {{namespace}} patch {EXPOSED} --type=merge -p {patch}"));
}

const EXPOSED: &str = "gateways.networking.istio.io {exposed}";

/// Takes the mesh away; what others have taken over is still there.
fn cleaned_up(scene: &Scene) -> Run {
    let run = scene.job.cleanup("mesh1");
    scene.kubectl("-n {namespace} get secret {secret}");
    scene.kubectl(&format!("-n {{namespace}} get {EXPOSED}"));
    run
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a slow etcd",
        step: "{secret step}",
        harm: |scene| scene.kubectl(REMOTE_SECRET),
        run: with_a_slow_store,
        code: 0,
        words: &[],
        heal: nothing,
    },
    Case {
        name: "a namespace deleted meanwhile",
        step: "{secret step}",
        harm: |scene| scene.kubectl(REMOTE_SECRET),
        run: |scene| meanwhile(scene, "delete namespace {namespace} --wait=false"),
        code: 75,
        words: &["{secret step}", "{secret}", "namespace {namespace} is gone"],
        heal: nothing,
    },
    Case {
        name: "a host name where an address is drawn",
        step: "{one}/gateway",
        harm: |scene| give(scene, r#"[{"hostname":"lb.example.com"}]"#),
        run: applied,
        code: 1,
        words: &["{one}/istio-system/{gateway}", "gave lb.example.com", "`eastWest.addressKind: hostname`"],
        heal: give_back,
    },
    Case {
        name: "two addresses",
        step: "{one}/gateway",
        harm: |scene| give(scene, r#"[{"ip":"198.51.100.9"},{"ip":"198.51.100.3"}]"#),
        run: applied_and_told,
        code: 0,
        words: &["198.51.100.9, {port}"],
        heal: give_back,
    },
    Case {
        name: "an IPv6 address",
        step: "{one}/gateway",
        harm: |scene| give(scene, r#"[{"ip":"2001:db8::7"}]"#),
        run: applied_and_told,
        code: 0,
        words: &["2001:db8::7, {port}"],
        heal: give_back,
    },
    Case {
        name: "an address that changes later",
        step: "{one}/gateway",
        harm: |scene| {
            give(scene, r#"[{"ip":"198.51.100.9"}]"#);
            scene.job.apply(&[]).ends_with(0);
            give(scene, r#"[{"ip":"198.51.100.3"}]"#);
        },
        run: applied_and_told,
        code: 0,
        words: &["198.51.100.3, {port}"],
        heal: give_back,
    },
    Case {
        name: "an object that is too large",
        step: "{one}/gateway",
        harm: nothing,
        run: |scene| {
            let begins = scene.model.named("{name: {one}, ");
            let large = format!("{begins}eastWest: {{annotations: {{note: {}}}}}, ", "x".repeat(300_000));
            scene.drawn_otherwise("large", &begins, &large).apply(&["--timeout", "6s"])
        },
        code: 1,
        words: &["{one}/gateway", "Service istio-system/{gateway}", "Too long: may not be more than 262144"],
        heal: nothing,
    },
    Case {
        name: "objects of others, at cleanup",
        step: "{namespace step}",
        harm: take_over,
        run: cleaned_up,
        code: 0,
        words: &[
            "others have taken it over: it is labelled as part of theirs",
            "it belongs to another now: ConfigMap theirs",
            "it holds what others made: ConfigMap {namespace}/theirs",
        ],
        heal: |scene| {
            scene.kubectl(REMOTE_SECRET);
            scene.kubectl(&format!("-n {{namespace}} delete {EXPOSED}"));
            scene.kubectl("-n {namespace} delete configmap theirs");
        },
    },
    Case {
        name: "a token that nobody makes",
        step: "{other}/reader",
        harm: |scene| {
            scene.other().halt_controllers().unwrap();
            let delete = ["-n", scene.model.namespace, "delete", "secret", scene.model.token];
            scene.other().kubectl_text(&delete).unwrap();
        },
        run: applied,
        code: 75,
        words: &["{other}/reader", "Token({other})"],
        heal: |scene| scene.other().resume_controllers().unwrap(),
    },
];
