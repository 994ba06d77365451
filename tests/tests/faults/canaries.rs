//! Secrets that are planted wherever `isthmus` meets some, and looked for wherever it leaves anything: in what it prints while
//! all goes well and while things fail, with every log level asked for, in the arguments of the programs it starts, in
//! temporary files, in the bundle.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tests::bed::{Bed, ClusterSpec};
use tests::job::Job;
use tests::proxy::{Answer, Asked, Fault, Front, Identity, Phase, Rule};

const TOPOLOGY: &str = include_str!("../../topologies/multi-primary-multi-network.yaml");
const ISTHMUS: &str = env!("CARGO_BIN_EXE_operator");

/// A secret by where it was planted.
type Canaries = BTreeMap<&'static str, String>;

/// What was found: the place of the canary, and where it turned up.
type Found = Arc<Mutex<Vec<String>>>;

/// A secret with letters that are written otherwise in a URL.
fn canary(place: &str) -> String {
    format!("canary+{place}/5f1e+c0de==")
}

/// The ways in which a secret may be written: as it is, in base64 at any offset, twice in base64, in a URL.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned()];
    let base64 = |text: &str| -> Vec<String> {
        // What stands before the secret shifts it; its first and last letters depend on what is around it.
        let shifted = (0..3).map(|shift| STANDARD.encode(format!("{}{text}", "-".repeat(shift))));
        shifted.map(|text| text[4..text.len() - 4].to_owned()).collect()
    };
    let once = base64(secret);
    forms.extend(once.iter().flat_map(|text| base64(text)));
    forms.extend(once);
    let escaped = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    forms.push(secret.bytes().map(escaped).collect());
    forms
}

/// Notes every canary that is in the text.
fn look(canaries: &Canaries, place: &str, text: &str, found: &Found) {
    for (planted, secret) in canaries {
        if let Some(form) = forms(secret).iter().find(|form| text.contains(form.as_str())) {
            let at = text.find(form.as_str()).unwrap_or_default();
            let line = text[..at].lines().last().unwrap_or_default();
            found.lock().unwrap().push(format!("{planted} is in {place}, after {line:?}"));
        }
    }
}

/// Looks into every file below a folder.
fn look_into(canaries: &Canaries, folder: &Path, found: &Found) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            look_into(canaries, &path, found);
        } else if let Ok(bytes) = fs::read(&path) {
            look(canaries, &path.display().to_string(), &String::from_utf8_lossy(&bytes), found);
        }
    }
}

struct Mine<'a> {
    bed: &'a Bed,
    canaries: Canaries,
    found: Found,
    runs: usize,
}

impl Mine<'_> {
    /// Runs `isthmus` as loudly as it can be, and looks around meanwhile and afterwards.
    fn run(&mut self, what: &str, words: &[String], variables: &[(&str, &str)]) -> String {
        self.runs += 1;
        let temporary = self.bed.folder().join(format!("temporary-{}", self.runs));
        fs::create_dir(&temporary).unwrap();
        let mut command = self.bed.command(ISTHMUS);
        command.args(words).arg("--verbose").current_dir(&temporary).env("TMPDIR", &temporary);
        command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full").envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let (ends, canaries, found) = (Arc::clone(&done), self.canaries.clone(), Arc::clone(&self.found));
        let folder = temporary.clone();
        let watch = thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                for process in fs::read_dir("/proc").unwrap().flatten() {
                    let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
                    let line = String::from_utf8_lossy(&line).replace('\0', " ");
                    // The plugin's own arguments are the kubeconfig's.
                    if !line.contains("plugin.sh") {
                        look(&canaries, "arguments", &line, &found);
                    }
                }
                look_into(&canaries, &folder, &found);
                thread::sleep(Duration::from_millis(20));
            }
        });
        let output = child.wait_with_output().unwrap();
        done.store(true, Ordering::Relaxed);
        watch.join().unwrap();
        look_into(&self.canaries, &temporary, &self.found);
        let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        look(&self.canaries, &format!("the output of {what}"), &told, &self.found);
        told
    }
}

#[test]
fn a_canary_is_seen_however_it_is_written() {
    let secret = canary("seen");
    let canaries = Canaries::from([("here", secret.clone())]);
    let sees = |text: &str| {
        let found = Found::default();
        look(&canaries, "text", text, &found);
        !found.lock().unwrap().is_empty()
    };
    for before in ["", "a", "ab"] {
        let once = STANDARD.encode(format!("{before}{secret} and more"));
        for outer in ["", "c", "cd"] {
            assert!(sees(&STANDARD.encode(format!("{outer}{once}"))), "{before:?} in {outer:?}");
        }
        assert!(sees(&once), "{before:?}");
    }
    assert!(sees(&format!("token={secret}")) && sees("http://me:canary%2Bseen%2F5f1e%2Bc0de%3D%3D@proxy"));
    assert!(!sees("nothing of the kind"));
}

#[test]
fn canaries_that_are_planted_turn_up_nowhere() {
    let bed = Bed::start(&["cluster1", "cluster2"].map(ClusterSpec::named)).unwrap();
    let front = Front::of(&bed).unwrap();
    let token = canary("token");
    front.tokens(&[&token]);
    let by_token = front.kubeconfig_with("token.kubeconfig", |_, _, user| *user = json!({"token": token})).unwrap();
    let topology = TOPOLOGY.replace("sample: true", "sample: false");
    let job = Job::new(&bed, "canaries", &topology, &[]).reached_by(&by_token);
    let mut mine = Mine { bed: &bed, canaries: Canaries::new(), found: Found::default(), runs: 0 };
    for place in ["plugin output", "plugin variable", "plugin argument", "password", "proxy"] {
        mine.canaries.insert(place, canary(&place.replace(' ', "-")));
    }
    mine.canaries.insert("token", token.clone());
    let key = fs::read_to_string(job.certs.join("cluster1/ca-key.pem")).unwrap();
    mine.canaries.insert("key of the authority", key.lines().nth(1).unwrap().to_owned());
    let config: Value = serde_json::from_slice(&fs::read(bed.cluster("cluster1").kubeconfig()).unwrap()).unwrap();
    let own = config["users"][0]["user"].clone();
    let pem = STANDARD.decode(own["client-key-data"].as_str().unwrap()).unwrap();
    mine.canaries.insert("client key", String::from_utf8(pem).unwrap().lines().nth(1).unwrap().to_owned());
    // It is seen where it is: otherwise nothing would be found anywhere.
    look_into(&mine.canaries, &job.certs, &mine.found);
    let seen = std::mem::take(&mut *mine.found.lock().unwrap());
    assert!(seen.iter().any(|line| line.starts_with("key of the authority")), "{seen:?}");

    every_verb(&mut mine, &front, &job);
    every_credential(&mut mine, &front, &job, &own);
    look_into(&mine.canaries, &job.bundle, &mine.found);
    let found = mine.found.lock().unwrap();
    assert!(mine.runs > 15 && found.is_empty(), "{} runs: {found:#?}", mine.runs);
}

/// The verbs one after the other, undisturbed and disturbed, by a token.
fn every_verb(mine: &mut Mine, front: &Front, job: &Job) {
    let token = mine.canaries["token"].clone();
    let secrets = |asked: &Asked| asked.path.contains("/secrets");
    // The server's words about a Secret may hold what was sent.
    let content = mine.canaries["key of the authority"].clone();
    let quoted =
        Answer::status(422, "Invalid", &format!("Secret \"cacerts\" is invalid: data: Invalid value: \"{content}\""));
    let faults = [
        ("quoted", Fault::Answer(quoted.clone()), true),
        ("cut short", Fault::Cut(900), false),
        ("done and lost", Fault::Instead(quoted), true),
        ("reset in the answer", Fault::Reset(Phase::Half), false),
    ];
    for (name, fault, write) in faults {
        let rule = Rule::always(fault).on(move |asked| secrets(asked) && (!write || asked.method == "PATCH"));
        front.rule(rule.times(3));
        let told = mine.run(&format!("apply, {name}"), &job.words("apply", "mesh1"), &[]);
        assert!(!told.contains("panicked"), "{told}");
        front.heal().unwrap();
        front.tokens(&[&token]);
    }
    for verb in ["check", "diff", "apply", "status"] {
        let told = mine.run(verb, &job.words(verb, "mesh1"), &[]);
        assert!(!told.contains("error:") || verb == "check", "{verb}: {told}");
    }
    // Now there are tokens of readers: in a Secret each, and in a remote secret of the other cluster.
    for (place, cluster) in [("reader's token 1", "cluster1"), ("reader's token 2", "cluster2")] {
        let name = "istio-reader-service-account-istio-remote-secret-token";
        let secret = mine.bed.cluster(cluster).kubectl_json(&["-n", "istio-system", "get", "secret", name]).unwrap();
        let token = STANDARD.decode(secret["data"]["token"].as_str().unwrap()).unwrap();
        let token = String::from_utf8(token).unwrap();
        // The signature: what comes before it is no secret.
        mine.canaries.insert(place, token.rsplit('.').next().unwrap()[..40].to_owned());
    }
    let delete = ["-n", "istio-system", "delete", "secret", "istio-remote-secret-cluster2", "cacerts"];
    mine.bed.cluster("cluster1").kubectl_text(&delete).unwrap();
    for (verb, more) in
        [("diff", &["-o", "jsonl"][..]), ("status", &["-o", "json"]), ("apply", &["-o", "jsonl"]), ("rotate", &[])]
    {
        let words: Vec<String> =
            job.words(verb, "mesh1").into_iter().chain(more.iter().map(|&word| word.to_owned())).collect();
        let told = mine.run(verb, &words, &[]);
        assert!(told.contains("cluster1"), "{verb}: {told}");
    }
}

/// Credentials of other kinds, good ones and bad ones.
fn every_credential(mine: &mut Mine, front: &Front, job: &Job, own: &Value) {
    let plugin = |script: &str| -> PathBuf {
        let path = mine.bed.folder().join("plugin.sh");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    };
    let output = mine.canaries["plugin output"].clone();
    let exec = json!({"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "command": plugin("exit 1"),
        "args": [mine.canaries["plugin argument"]],
        "env": [{"name": "CANARY", "value": mine.canaries["plugin variable"]}], "interactiveMode": "IfAvailable",
    }});
    let scripts = [
        format!("echo '{}'", json!({"status": {"token": output}})),
        format!("echo '{output}'; echo '{output}' \"$CANARY\" \"$1\" >&2; exit 1"),
        format!("echo 'status: {{token: [{output}'"),
        format!("yes '{output}'"),
    ];
    for script in scripts {
        plugin(&script);
        let path = front.kubeconfig_with("plugin.kubeconfig", |_, _, user| *user = exec.clone()).unwrap();
        mine.run(&format!("plugin: {script}"), &job.clone().reached_by(&path).words("apply", "mesh1"), &[]);
    }
    let password = mine.canaries["password"].clone();
    let users = [
        ("password", json!({"username": "me", "password": password})),
        (
            "client key",
            json!({"client-certificate-data": own["client-certificate-data"], "client-key-data": own["client-key-data"]}),
        ),
        (
            "broken key",
            json!({"client-certificate-data": own["client-key-data"], "client-key-data": own["client-key-data"]}),
        ),
        ("broken token", json!({"token": format!("{password}\n{password}")})),
    ];
    for (name, user) in users {
        let path = front.kubeconfig_with("user.kubeconfig", |_, _, old| *old = user.clone()).unwrap();
        mine.run(name, &job.clone().reached_by(&path).words("apply", "mesh1"), &[]);
    }
    let account = mine.canaries["proxy"].replace('/', "%2F");
    let proxy = format!("http://me:{account}@127.0.0.1:9");
    mine.canaries.insert("proxy, as written", account);
    let path = front.kubeconfig_with("proxy.kubeconfig", |_, cluster, _| cluster["proxy-url"] = json!(proxy)).unwrap();
    mine.run("proxy", &job.clone().reached_by(&path).words("apply", "mesh1"), &[]);
    let path = front
        .kubeconfig_with("away.kubeconfig", |_, cluster, _| cluster["server"] = json!("https://api.invalid"))
        .unwrap();
    mine.run(
        "proxy of the environment",
        &job.clone().reached_by(&path).words("apply", "mesh1"),
        &[("HTTPS_PROXY", &proxy)],
    );
    front.identity("cluster2", Identity::Stranger).unwrap();
    mine.run("TLS", &job.words("apply", "mesh1"), &[]);
    front.heal().unwrap();
}
