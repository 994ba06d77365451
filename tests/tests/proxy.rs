//! The proxies before the bed's API servers do what the tests of faults take for granted.

use std::process::Output;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tests::bed::{Bed, ClusterSpec};
use tests::proxy::{Answer, Fault, Front, Identity, Phase, Rule};

#[test]
fn a_proxy_disturbs_what_it_is_told_to() {
    let bed = Bed::start(&[ClusterSpec::named("cluster1").without_istiods()]).unwrap();
    let front = Front::of(&bed).unwrap();
    let kubectl = |args: &[&str]| -> Output {
        bed.command("kubectl").arg("--kubeconfig").arg(front.kubeconfig()).args(args).output().unwrap()
    };
    let version = || kubectl(&["get", "--raw", "/version"]);

    assert!(version().status.success());
    let made = kubectl(&["create", "configmap", "through", "--from-literal=a=b"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(front.log().iter().any(|one| one.asked.method == "POST" && one.status == Some(201) && one.bytes.0 > 0));
    let watch = ["get", "configmap", "through", "--watch", "--request-timeout=1s", "-o", "name"];
    assert!(String::from_utf8_lossy(&kubectl(&watch).stdout).contains("configmap/through"));

    front.heal().unwrap();
    let begun = Instant::now();
    front.delay(Duration::from_millis(100));
    assert!(version().status.success());
    assert!(begun.elapsed() > Duration::from_millis(600), "two round trips for the connection, and one for the answer");
    assert_eq!((front.log().len(), front.depth()), (1, 1));

    let fails_with = |fault: Fault, words: &str| {
        front.heal().unwrap();
        front.rule(Rule::always(fault.clone()).on(|request| request.path.starts_with("/version")));
        let output = kubectl(&["get", "--raw", "/version", "--request-timeout=2s"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(words), "{fault:?}: {said}");
    };
    fails_with(Fault::Answer(Answer::status(403, "Forbidden", "not today")), "not today");
    fails_with(Fault::Reset(Phase::Asked), "reset by peer");
    fails_with(Fault::Close(Phase::Half), "unexpected EOF");
    fails_with(Fault::Silence(Phase::Done), "exceeded");
    fails_with(Fault::Slow(20), "exceeded");
    fails_with(Fault::HalfClose, "EOF");
    let shows = |identity: Identity, words: &str| {
        front.heal().unwrap();
        front.identity("cluster1", identity).unwrap();
        let output = kubectl(&["get", "--raw", "/version", "--request-timeout=2s"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(words), "{identity:?}: {said}");
    };
    shows(Identity::Stranger, "unknown authority");
    shows(Identity::Expired, "expired");
    shows(Identity::OtherName, "certificate");
    shows(Identity::Stalled, "exceeded");

    front.heal().unwrap();
    front.tokens(&[]);
    let said = String::from_utf8_lossy(&kubectl(&["get", "configmaps"]).stderr).into_owned();
    assert!(said.contains("must be logged in"), "the server itself refuses it: {said}");

    front.heal().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    front.hook(move |asked, phase| sink.lock().unwrap().push((asked.number, phase)));
    front.rule(Rule::always(Fault::Late(Duration::from_millis(300))).times(1));
    assert!(version().status.success());
    assert_eq!(*seen.lock().unwrap(), Phase::ALL.map(|phase| (0, phase)));
}
