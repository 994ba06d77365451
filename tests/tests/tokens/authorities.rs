//! API servers behind proxies that answer with certificates of their own: remote secrets hold the authority that vouches for what is
//! dialled, found by trying; and where it cannot be tried, what somebody found out before is kept.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::{io, thread};

use serde_json::Value;
use tests::ground::Ground;
use tests::job::Job;
use tests::proxy::Front;

/// An address that leads somewhere else each time it is told to, or nowhere.
struct Relay {
    address: SocketAddr,
    to: Arc<Mutex<Option<String>>>,
}

impl Relay {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, to) = (listener.local_addr().unwrap(), Arc::<Mutex<Option<String>>>::default());
        let target = Arc::clone(&to);
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Some(to) = target.lock().unwrap().clone() else { continue };
                let far = TcpStream::connect(to).unwrap();
                for (mut from, mut into) in [(near.try_clone(), far.try_clone()), (Ok(far), Ok(near))]
                    .map(|(from, into)| (from.unwrap(), into.unwrap()))
                {
                    thread::spawn(move || io::copy(&mut from, &mut into));
                }
            }
        });
        Self { address, to }
    }

    fn leads_to(&self, address: Option<&str>) {
        *self.to.lock().unwrap() = address.map(str::to_owned);
    }
}

/// Where the proxy before a cluster listens, and the authority that vouches for it, as a kubeconfig holds them.
fn of(front: &Front, cluster: &str) -> (String, String) {
    let config: Value = serde_json::from_slice(&std::fs::read(front.kubeconfig()).unwrap()).unwrap();
    let named = config["clusters"].as_array().unwrap().iter().find(|one| one["name"] == cluster).unwrap();
    let text = |key: &str| named["cluster"][key].as_str().unwrap().to_owned();
    (text("server").replace("https://", ""), text("certificate-authority-data"))
}

pub(crate) fn chosen_by_trying(ground: &Ground, topology: &str) {
    let strange = Front::of(&ground.bed).unwrap();
    let (elsewhere, _) = of(&strange, "cluster2");
    let front = Front::of(&ground.bed).unwrap();
    let (second, authority) = of(&front, "cluster2");
    let relay = Relay::start();
    relay.leads_to(Some(&second));
    let url = format!("https://{}", relay.address);
    let drawn = topology.replace("sample: true", "sample: false");
    let drawn = drawn.replace("name: cluster2,", &format!("name: cluster2, apiServer: {{url: \"{url}\"}},"));
    let job = Job::new(&ground.bed, "behind", &drawn, &[]).reached_by(front.kubeconfig());

    let first = job.apply(&[]);
    assert!(!first.ends_with(0).stderr.contains("authority"), "{}", first.stderr);
    let chosen = |origin: &str| {
        let remote = String::from_utf8(super::remote(&ground.bed)).unwrap();
        assert_eq!(
            remote.contains(&format!("certificate-authority-data: {authority}\n")),
            origin == "kubeconfig",
            "{remote}"
        );
        assert!(remote.contains(&url), "{remote}");
        remote
    };
    // By these words alone, as an istiod would.
    let reader = "system:serviceaccount:istio-system:istio-reader-service-account";
    let works = || {
        let remote = chosen("kubeconfig");
        assert_eq!(ground.bed.cluster("cluster1").accepts_token(remote.as_bytes()).unwrap(), reader);
    };
    works();
    let status = job.status();
    let told = format!("the authority of the kubeconfig, which vouches for {url}");
    assert!(status.ends_with(0).stdout.contains(&told), "{}", status.stdout);
    let rests = || {
        let again = job.apply(&[]);
        assert!(again.ends_with(0).stdout.contains("Nothing to change"), "{}{}", again.stdout, again.stderr);
    };
    rests();
    job.rotate(&["--cluster", "cluster2"]).ends_with(0);
    works();

    // From where the address cannot be dialled, nothing that works is changed.
    relay.leads_to(None);
    rests();
    works_not_yet(ground, &job, "this machine does not reach");
    chosen("token");
    relay.leads_to(Some(&elsewhere));
    works_not_yet(ground, &job, "neither the authority of the token nor that of the kubeconfig vouches for");
    chosen("token");
    relay.leads_to(Some(&second));
    job.apply(&[]).ends_with(0);
    works();
    job.cleanup("mesh1").ends_with(0);
    ground.is_as_before();
}

/// The remote secret is made anew, and it is said that it may not work.
fn works_not_yet(ground: &Ground, job: &Job, words: &str) {
    let delete = ["-n", super::SYSTEM, "delete", "secret", super::REMOTE];
    ground.bed.cluster("cluster1").kubectl_text(&delete).unwrap();
    let run = job.apply(&[]);
    assert!(run.ends_with(0).stderr.contains(words), "{}", run.stderr);
}
