//! Bundles and topologies that somebody made to do harm: each is refused at once, in little memory, before a word with any server, and
//! the message says where, what and what to do.

use std::fs;
use std::net::TcpListener;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use shared::bundle::digest;

use crate::bad_input::zipped;
use crate::program::{Desk, TOPOLOGY};

/// The memory that what is refused may take beyond what the program needs to start, in kilobytes.
const MEMORY: usize = 32 * 1024;

/// The time of the processor that it may take beyond that, in seconds.
const TIME: f64 = 0.1;

type Files = Vec<(String, Vec<u8>)>;

/// A server that counts who calls, and a kubeconfig that leads to it.
fn server(desk: &Desk) -> Arc<AtomicUsize> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let context = |name: &str| format!("{{name: {name}, context: {{cluster: {name}, user: u}}}}");
    let cluster = |name: &str| format!("{{name: {name}, cluster: {{server: \"http://127.0.0.1:{port}\"}}}}");
    let (clusters, contexts) = (["cluster1", "cluster2"].map(cluster), ["cluster1", "cluster2"].map(context));
    let text = format!(
        "apiVersion: v1\nkind: Config\nclusters: [{}]\ncontexts: [{}]\nusers: [{{name: u, user: {{}}}}]\n",
        clusters.join(", "),
        contexts.join(", ")
    );
    desk.write("kubeconfig", text);
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    thread::spawn(move || {
        for _ in listener.incoming() {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    calls
}

/// Runs the program with so many kilobytes of memory; the last line of standard error is the time it took of the processor.
fn limited(desk: &Desk, words: &str, kilobytes: usize) -> Output {
    // A program that has not even the memory to begin may hang; ten seconds are far more than any of this takes.
    let script = format!("ulimit -v {kilobytes}; timeout 10 \"$0\" {words}; code=$?; times >&2; exit $code");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_isthmus")]).current_dir(desk.path("."));
    shell.env_clear().env("LANG", "C.UTF-8").output().unwrap()
}

/// The seconds that a run took of the processor, from what the shell says of its children: `0m0.010s 0m0.000s`.
fn seconds(output: &Output) -> f64 {
    let text = String::from_utf8_lossy(&output.stderr);
    let seconds = |word: &str| -> f64 {
        let (minutes, seconds) = word.trim_end_matches('s').split_once('m').unwrap();
        minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
    };
    text.lines().last().unwrap().split_whitespace().map(seconds).sum()
}

/// How much memory the program needs to say that there is nothing to read, and how much time.
fn least(desk: &Desk, words: &str) -> (usize, f64) {
    let enough = (1..64).map(|steps| steps * 16 * 1024);
    let enough = { enough }.find(|&kilobytes| limited(desk, words, kilobytes).status.code() == Some(65)).unwrap();
    let times = || seconds(&limited(desk, words, enough));
    (enough, (0..5).map(|_| times()).fold(f64::MAX, f64::min))
}

/// Writes the digests anew: whoever changes a bundle with care does so too.
fn sealed(files: &mut Files) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let place = files.iter().position(|file| file.0 == "bundle.yaml").unwrap();
    let index = text(&files[place].1);
    let (head, _) = index.split_once("\nfiles:\n").unwrap();
    let others = files.iter().filter(|file| file.0 != "bundle.yaml");
    let lines: Vec<String> = others.map(|(path, bytes)| format!("  {path}: {}\n", digest(&text(bytes)))).collect();
    files[place].1 = format!("{head}\nfiles:\n{}", lines.concat()).into_bytes();
}

/// Changes the text of one file.
fn changed(files: &mut Files, name: &str, change: impl FnOnce(String) -> String) {
    let file = files.iter_mut().find(|file| file.0 == name).unwrap();
    file.1 = change(String::from_utf8(file.1.clone()).unwrap()).into_bytes();
}

/// An alias that costs a careless reader gigabytes: 160 KB.
fn quadratic() -> String {
    format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), "*a,".repeat(20_000))
}

/// Nine times nine times nine and so on.
fn laughs() -> String {
    let level = |n: usize| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","));
    format!("a0: &a0 [lol]\n{}", (1..10).map(level).collect::<String>())
}

/// Documents that no reader should take in, and where they say so.
fn documents() -> Vec<(String, &'static str)> {
    let crowd = (0..20_000).fold(TOPOLOGY.replace("  sample: true\n", ""), |text, number| {
        text + &format!("  - {{name: c{number}, network: n, role: primary}}\n")
    });
    vec![
        (quadratic(), "topology.yaml:1: anchors"),
        (laughs(), "topology.yaml:1: anchors"),
        (format!("--- {{a: [x], b: {}}}", "*a ".repeat(9)), "topology.yaml:1: aliases"),
        ("[".repeat(100_000), "topology.yaml:1: nested more than"),
        ("- ".repeat(100_000), "topology.yaml:1: nested more than"),
        ((0..1400).map(|depth| " ".repeat(depth) + "a:\n").collect(), "nested more than"),
        (format!("a: text\n  'more\nb: {}", "[".repeat(100_000)), "topology.yaml:2: text without quotes"),
        ("a: !!binary x\n".to_owned(), "topology.yaml:1: tags"),
        ("a: {<<: {}}\n".to_owned(), "topology.yaml:1: merge keys"),
        ("a: 1\n---\nb: 1\n".to_owned(), "topology.yaml:2: a second document"),
        ("x".repeat(2 << 20), " that are read"),
        (crowd, "20002 clusters, more than the 240"),
    ]
}

/// What is done to a bundle, and what its reader says.
type Case = (fn(&mut Files), &'static str);

const KUSTOMIZATION: &str = "clusters/cluster1/10-namespace/kustomization.yaml";
const NAMESPACE: &str = "clusters/cluster1/10-namespace/namespace.yaml";

/// Bundles that were changed with care: their digests are right again.
const BUNDLES: &[Case] = &[
    (|files| files.push(("/etc/evil.yaml".into(), vec![])), "/etc/evil.yaml: not a path inside the bundle"),
    (|files| files.push(("clusters/../../evil".into(), vec![])), "clusters/../../evil: not a path inside the bundle"),
    (|files| files.push(("a\\b.yaml".into(), vec![])), "a\\\\b.yaml: not a path inside the bundle"),
    (|files| files.push(("a\u{0}b.yaml".into(), vec![])), "b.yaml: not a path inside the bundle"),
    (|files| files.push(("clusters/.git/config".into(), vec![])), ".git/config: not a path inside the bundle"),
    (|files| files.push(("readme.md".into(), vec![])), "differs from another path in case only"),
    (|files| files.push(("clusters/cluster1/99-more/evil.yaml".into(), vec![])), "evil.yaml: belongs to no step"),
    (|files| files.push(("evil.sh".into(), vec![])), "evil.sh: belongs to no step"),
    (
        |files| {
            changed(files, KUSTOMIZATION, |text| text + "- ../../../../evil\n");
        },
        "kustomization.yaml: belongs to no step",
    ),
    (|files| changed(files, NAMESPACE, |_| quadratic()), "namespace.yaml:1: anchors"),
    (|files| changed(files, NAMESPACE, |_| laughs()), "namespace.yaml:1: anchors"),
    (|files| changed(files, NAMESPACE, |text| format!("{text}---\n{text}")), "a second document"),
    (|files| changed(files, NAMESPACE, |_| "just: text\n".into()), "holds no Kubernetes objects"),
    (|files| changed(files, "clusters/cluster1/30-istiod/istio.yaml", |_| "[".repeat(100_000)), "nested more than"),
    (|files| changed(files, "topology.yaml", |_| laughs()), "topology.yaml:1: anchors"),
    (|files| changed(files, "topology.yaml", |_| documents().remove(11).0), "20002 clusters"),
    (|files| changed(files, "bundle.yaml", |text| format!("x: &x []\n{text}")), "bundle.yaml:1: anchors"),
    (
        |files| changed(files, "bundle.yaml", |text| text.replace("cluster: cluster2", "cluster: cluster9")),
        "bundle.yaml: does not hold together",
    ),
    (|files| changed(files, NAMESPACE, |text| text + &" ".repeat(3 << 20)), "would unpack to"),
    (|files| files.extend((0..260).map(|n| (format!("gitops/f{n}.yaml"), vec![b' '; 1 << 20]))), "would unpack to"),
    (|files| files.extend((0..60_000).map(|n| (format!("gitops/f{n}"), vec![]))), "more than the 60000 that are read"),
];

/// Ways to spoil the zip itself.
fn zips(whole: &[u8]) -> Vec<(Vec<u8>, &'static str)> {
    let at = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark).unwrap();
    let central = at(whole, b"PK\x01\x02");
    let with = |place: usize, bytes: &[u8]| {
        let mut zip = whole.to_vec();
        zip[place..place + bytes.len()].copy_from_slice(bytes);
        zip
    };
    vec![
        (whole[..whole.len() - 30].to_vec(), "not a whole zip"),
        // What an entry unpacks to is said to be little, much, and all there is.
        (with(central + 24, &1_u32.to_le_bytes()), "holds more than it says"),
        (with(central + 24, &60_000_u32.to_le_bytes()), "holds less than it says"),
        (with(central + 24, &u32::MAX.to_le_bytes()), "would unpack to"),
        // A link, as Unix marks one.
        (with(central + 38, &(0o120_777_u32 << 16).to_le_bytes()), "a link, not a file"),
        // More entries than there are, and a list that begins behind the end.
        (with(whole.len() - 12, &u16::MAX.to_le_bytes()), "zip64 is not read here"),
        (with(whole.len() - 12, &9_999_u16.to_le_bytes()), "its list of entries is damaged"),
        (with(whole.len() - 6, &0x7fff_ffff_u32.to_le_bytes()), "its list of entries is missing"),
    ]
}

#[test]
fn what_does_harm_is_refused_at_once() {
    let desk = Desk::new();
    let calls = server(&desk);
    let apply = |file: &str| format!("apply {file} --yes --kubeconfig kubeconfig");
    let (memory, time) = least(&desk, &apply("nothing.zip"));
    let mut told = Vec::new();
    let mut refused = |words: &str, what: &str| {
        let output = limited(&desk, words, memory + MEMORY);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(65), "{what}: {words}\n{text}");
        assert!(text.contains(what) && text.contains("hint: "), "no {what:?} in:\n{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("error: ")).count(), 1, "{text}");
        // Once more where the machine may have been to blame.
        let again = || seconds(&limited(&desk, words, memory + MEMORY));
        let took = Some(seconds(&output))
            .filter(|took| took - time < TIME)
            .unwrap_or_else(|| (0..5).map(|_| again()).fold(f64::MAX, f64::min));
        told.push((took - time, what.to_owned()));
    };
    for (text, what) in documents() {
        desk.write("topology.yaml", text);
        refused("validate topology.yaml", what);
        refused("generate topology.yaml -o out", what);
    }
    desk.write("topology.yaml", TOPOLOGY);
    for (change, what) in BUNDLES {
        let zip = zipped(&desk, |files| {
            change(files);
            // An index that is changed itself is left as it is.
            if !what.starts_with("bundle.yaml") {
                sealed(files);
            }
        });
        desk.write("mesh1.zip", zip);
        refused(&apply("mesh1.zip"), what);
    }
    let whole = zipped(&desk, |_| {});
    for (zip, what) in zips(&whole) {
        desk.write("mesh1.zip", zip);
        refused(&apply("mesh1.zip"), what);
    }
    // A folder with a link in it, to a file and to a folder.
    assert!(desk.run("generate topology.yaml -o mesh1").status.success());
    for (name, target) in
        [("README.md", "/etc/hostname"), ("clusters/cluster2", "/proc/self"), ("bundle.yaml", "/dev/zero")]
    {
        let path = desk.path("mesh1").join(name);
        let beside = desk.path("aside");
        fs::rename(&path, &beside).unwrap();
        std::os::unix::fs::symlink(target, &path).unwrap();
        refused(&apply("mesh1"), "a link, not a file");
        fs::remove_file(&path).unwrap();
        fs::rename(&beside, &path).unwrap();
    }
    assert_eq!(calls.load(Ordering::Relaxed), 0, "a server was called");
    // The bundle as it was does reach the server: the count can count.
    desk.write("mesh1.zip", &whole);
    limited(&desk, "status mesh1.zip --kubeconfig kubeconfig", 1024 * 1024);
    assert!(calls.load(Ordering::Relaxed) > 0);
    told.sort_by(|one, other| other.0.total_cmp(&one.0));
    assert!(told[0].0 < TIME, "too slow (seconds beyond the {time} of a start, {memory} KB): {told:#?}");
}

/// Runs the program where no file may become larger than half a kilobyte, as on a disk that is full.
fn on_a_full_disk(desk: &Desk, words: &str) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f 1; exec \"$0\" {words}");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_isthmus")]).current_dir(desk.path("."));
    shell.env_clear().env("LANG", "C.UTF-8").output().unwrap()
}

#[test]
fn a_disk_that_is_full_or_takes_nothing_is_told_and_nothing_half_is_left() {
    let desk = Desk::new();
    assert!(desk.run("generate topology.yaml -o mesh1").status.success());
    for (words, left) in [
        ("generate topology.yaml -o whole.zip", "whole.zip"),
        ("generate topology.yaml -o whole", "whole/bundle.yaml"),
        ("certs mesh1 -o certs", "certs/root-cert.pem"),
    ] {
        let output = on_a_full_disk(&desk, words);
        let shown = desk.shown(&output);
        assert!(shown.starts_with("73\n") && shown.contains("cannot write"), "{words}: {shown}");
        assert!(shown.contains("File too large"), "{words}: {shown}");
        assert!(!desk.path(left).exists(), "{words} left {left}");
        // With room again, the same command does it.
        let again = desk.run(words);
        assert!(again.status.success(), "{words}: {}", desk.shown(&again));
    }
    for words in [
        "generate topology.yaml -o /proc/mesh1",
        "generate topology.yaml -o /proc/mesh1.zip",
        "certs mesh1 -o /proc/certs",
    ] {
        let shown = desk.shown(&desk.run(words));
        assert!(shown.starts_with("73\n") && shown.contains("/proc/"), "{words}: {shown}");
    }
}
