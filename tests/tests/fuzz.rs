//! Every reader, for a few seconds, with whatever comes of good input when bytes, words and lines of it are changed: the same in every
//! run. `FUZZ=seconds` in the environment goes on for that long, from other beginnings; `tests/fuzz` has the same for `cargo fuzz`.

#![expect(clippy::print_stdout, reason = "how many were tried is worth a line")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use shared::bundle::Bundle;
use shared::topology::Topology;
use shared::yaml::{guard, parse};
use tests::fuzz::{READERS, Reader, is_same, small};
use web::incoming::Way;

/// Words that mean something to one reader or another.
const WORDS: &[&str] = &[
    "*zz",
    "&a ",
    "!!str ",
    "<<: ",
    "---",
    "...",
    "- ",
    "? ",
    ": ",
    "'",
    "\"",
    "|",
    ">",
    "|2",
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    " #",
    "\n",
    "\r",
    "\n  ",
    "\n\t",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\\",
    "%YAML 1.1\n",
    "~",
    "null",
    "0x1f",
    "1e400",
    "PK\u{1}\u{2}",
    "PK\u{5}\u{6}",
    "../",
    "\u{0}",
    "apiVersion: ",
    "- - |\n",
    "a:\n",
    "text\n",
    "'more\n",
    "${A}",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "v1:",
    "tEXtisthmus\u{0}",
    "<metadata id=\"isthmus-layout\">",
    "</metadata>",
    "&lt;",
    "\u{1d}",
    "\u{1e}",
    "\u{1f}",
    "\u{1f}1\u{1f}",
];

/// Short texts in which structure is dense.
const SEEDS: &[&str] = &[
    "a: &x 1\nb: *x\n",
    "- - |\n    text\n  - 'quoted'\n",
    "a: text\n  more\nb: {c: [d, e], 'f': \"g\\\"h\"}\n",
    "a: |2-\n   b\n    c\n\nd: >+\n  e\n  f\n\n   g\n\nh: \"i\n\n  j\\\n  k \\u00e9\"\n",
    "- a:\n  - b\n  c: 'd\n   e'\n-   - f\n    - {\"g\":h, i: , j: [k, ], l}\n- ::m #n\n- -o?p\n",
    "? a\n: b\n? [c]\n: - d\n  - |+\n    e\n\n  - f\n",
    "--- {a: 'it''s', b: # c\n  d}\n",
    "kind: IstioOperator\nspec:\n  profile: remote\n  values:\n    global: {meshID: m, network: n, multiCluster: {clusterName: c}}\n---\n\
     global: {istioNamespace: e}\npilot: {env: {EXTERNAL_ISTIOD: true, CLUSTER_ID: c}}\nistiodRemote: {injectionPath: /inject/cluster/c/net/n}\n",
    "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: \"https://127.0.0.1:1\"}}]\n\
     contexts: [{name: c, context: {cluster: c, user: u}}]\nusers:\n- name: u\n  user: {token: t}\ncurrent-context: c\n",
];

/// The fewest inputs that a reader is given.
const TRIES_MIN: usize = 20;

/// Numbers that look random and are the same for the same beginning (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap_or_default() % limit.max(1)
    }

    fn changed(&mut self, seed: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.below(6) {
            let (at, more) = (self.below(bytes.len() + 1), self.below(24));
            let end = (at + more).min(bytes.len());
            match self.below(6) {
                0 => drop(bytes.drain(at..end)),
                1 => drop(bytes.splice(at..at, WORDS[self.below(WORDS.len())].bytes())),
                2 => drop(bytes.splice(at..end, WORDS[self.below(WORDS.len())].bytes())),
                3 => {
                    let from = self.below(other.len());
                    let piece = other[from..(from + more).min(other.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
                4 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                _ if at < bytes.len() => bytes[at] = u8::try_from(self.below(256)).unwrap_or_default(),
                _ => bytes.truncate(at),
            }
        }
        bytes
    }
}

/// The ways into the planner, by the readers' names.
const INCOMING: [(&str, Way); 7] = [
    ("file", Way::File),
    ("link", Way::Link),
    ("picture", Way::Picture),
    ("dots", Way::Dots),
    ("draft", Way::Draft),
    ("steps", Way::Steps),
    ("paste", Way::Paste),
];

fn corpus(reader: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let drawn: Vec<String> =
        ["topologies/multi-primary.yaml", "topologies/external-ip.yaml", "topologies/awkward-names.yaml"]
            .map(|name| fs::read_to_string(folder.join(name)).unwrap())
            .into();
    if reader == "bundle" {
        return drawn
            .iter()
            .map(|text| Bundle::write(&Topology::read(text).unwrap(), None).unwrap().to_zip())
            .collect();
    }
    // What comes into the planner: each way as it is written, and of any kind.
    if let Some((_, way)) = INCOMING.iter().find(|(name, _)| *name == reader) {
        let mut all = vec![way.template()];
        if *way == Way::File {
            all.extend(Way::ALL.map(Way::template));
            all.extend(corpus("bundle"));
            all.extend(drawn.into_iter().map(String::into_bytes));
            all.extend(SEEDS.iter().map(|seed| seed.as_bytes().to_vec()));
        }
        return all;
    }
    let made = ["clusters/cluster1/10-namespace/namespace.yaml", "bundle.yaml", "layout.yaml"]
        .map(|file| folder.join("bundles/multi-primary").join(file));
    let texts = drawn.into_iter().chain(made.iter().filter_map(|file| fs::read_to_string(file).ok()));
    texts.map(String::into_bytes).chain(SEEDS.iter().map(|seed| seed.as_bytes().to_vec())).collect()
}

fn run((name, read): Reader, time: Duration, beginning: u64) -> usize {
    let corpus = corpus(name);
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15 ^ beginning);
    let begun = Instant::now();
    let mut tried = 0;
    // However many others have a turn meanwhile.
    while begun.elapsed() < time || tried <= TRIES_MIN {
        let (one, other) = (chance.below(corpus.len()), chance.below(corpus.len()));
        let input = chance.changed(&corpus[one], &corpus[other]);
        let before = Instant::now();
        if let Err(panic) = catch_unwind(|| read(&input)) {
            println!("{name}: {:?}", String::from_utf8_lossy(&input));
            std::panic::resume_unwind(panic);
        }
        let took = before.elapsed();
        assert!(took < Duration::from_secs(5), "{name} took {took:?}: {:?}", String::from_utf8_lossy(&input));
        tried += 1;
    }
    tried
}

#[test]
fn no_reader_is_misled() {
    let seconds = std::env::var("FUZZ").ok().and_then(|seconds| seconds.parse::<u64>().ok());
    let (time, beginning) = (Duration::from_secs(seconds.unwrap_or(8)), seconds.unwrap_or_default());
    let readers = READERS.map(|reader| (reader.0, thread::spawn(move || run(reader, time, beginning))));
    for (name, reader) in readers {
        println!("{name}: {} inputs", reader.join().unwrap());
    }
}

/// A byte of a small bundle, turned around, or the rest cut off: it is refused, or the bundle is what it was. One in seven each time, every
/// byte with `FUZZ`.
#[test]
fn no_byte_of_a_bundle_can_be_changed() {
    let stride = if std::env::var_os("FUZZ").is_some() { 1 } else { 7 };
    let bundle = small();
    let zip = bundle.to_zip();
    let (mut refused, mut equal) = (0, 0);
    for at in (0..zip.len()).step_by(stride) {
        let mut bytes = zip.clone();
        bytes[at] ^= if at % 2 == 0 { 0xff } else { 1 << (at % 8) };
        match Bundle::from_zip(&bytes) {
            Err(_) => refused += 1,
            Ok(read) => {
                assert_eq!(read, bundle, "byte {at}");
                equal += 1;
            }
        }
    }
    println!("{refused} bytes refused, {equal} without a meaning, of {}", zip.len());
    assert!(refused > equal);
    for length in (0..zip.len()).step_by(stride * 10) {
        assert!(Bundle::from_zip(&zip[..length]).is_err(), "cut at {length}");
    }
}

/// Every YAML file that the tests have is read alike by our own small reader and by `serde_yaml`.
#[test]
fn both_readers_find_the_same_in_every_file() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()];
    let (mut read, mut refused) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                let text = fs::read_to_string(&path).unwrap();
                match parse(&text, usize::MAX) {
                    Ok(node) => assert!(is_same(&node, &serde_yaml::from_str(&text).unwrap()), "{}", path.display()),
                    Err(error) => {
                        assert!(guard(&text, usize::MAX).is_err(), "{}: {}", path.display(), error.what.en);
                        refused += 1;
                    }
                }
                read += 1;
            }
        }
    }
    println!("{read} files, {refused} refused by the guard");
    assert!(read > 300 && refused < read / 4, "{refused} of {read}");
}
