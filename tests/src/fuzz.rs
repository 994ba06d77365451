//! What every reader must keep to, whatever it is given: the entries of the fuzzers, which a short run of the tests calls too.
//!
//! None panics, none takes what it refuses elsewhere, and what is taken survives writing and reading.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::missing_panics_doc, reason = "every function here fails the test where a reader does wrong")]

use std::fs;
use std::path::Path;

use serde_yaml::Value;
use shared::bundle::Bundle;
use shared::layout::Layout;
use shared::mesh::check;
use shared::topology::Topology;
use shared::yaml::{self, INPUT_MAX, Node, guard, parse};
use web::incoming::Way;

use crate::job::isthmus;

/// A reader: its name, and what is called with any bytes.
pub type Reader = (&'static str, fn(&[u8]));

/// All of them.
pub const READERS: [Reader; 13] = [
    ("yaml", yaml),
    ("topology", topology),
    ("bundle", bundle),
    ("manifest", manifest),
    ("kubeconfig", kubeconfig),
    ("import", import),
    ("file", |bytes| incoming(Way::File, bytes)),
    ("link", |bytes| incoming(Way::Link, bytes)),
    ("picture", |bytes| incoming(Way::Picture, bytes)),
    ("dots", |bytes| incoming(Way::Dots, bytes)),
    ("draft", |bytes| incoming(Way::Draft, bytes)),
    ("steps", |bytes| incoming(Way::Steps, bytes)),
    ("paste", |bytes| incoming(Way::Paste, bytes)),
];

/// What the scan lets through holds nothing that makes a reader slow or that readers understand differently, however it hides; and what our
/// own small reader finds in a text, `serde_yaml` finds too.
pub fn yaml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if guard(text, INPUT_MAX).is_err() {
        assert!(parse(text, INPUT_MAX).is_err());
        return;
    }
    let ours = parse(text, INPUT_MAX);
    match serde_yaml::from_str::<Value>(text) {
        // An alias that was let through is one whose anchor was not: the scan refuses both.
        Err(error) => {
            let error = error.to_string();
            let missed = ["unknown anchor", "recursion limit", "repetition limit"];
            assert!(!missed.iter().any(|missed| error.contains(missed)), "{error}: {text:?}");
            // Whoever asks for fields refuses one that is given twice. libyaml takes a mark of byte order for a column, and minds tabs in
            // brackets, though only behind words without quotes.
            let minds = ["duplicate entry", "tab character"];
            let known = minds.iter().any(|minds| error.contains(minds)) || text.starts_with('\u{feff}');
            assert!(ours.is_err() || known, "{error}: {text:?}");
        }
        Ok(value) => {
            assert!(!is_tagged(&value), "{text:?}");
            match ours {
                Ok(node) => assert!(is_same(&node, &value), "{text:?}\n{node:?}\n{value:?}"),
                Err(error) => assert!(is_left_out(text, &value), "{}: {text:?}", error.what.en),
            }
        }
    }
}

/// Says whether both readers found the same.
pub fn is_same(ours: &Node, theirs: &Value) -> bool {
    match (&ours.value, theirs) {
        (yaml::Value::Scalar { .. }, Value::Null) => ours.is_nothing(),
        (yaml::Value::Scalar { text, plain: false }, Value::String(theirs)) => text == theirs,
        // A number or a truth is one by the same text; how it is spelt, they do not keep.
        (yaml::Value::Scalar { text, plain: true }, theirs) => {
            serde_yaml::from_str::<Value>(text).is_ok_and(|read| read == *theirs)
                || matches!(theirs, Value::String(theirs) if theirs == text)
        }
        (yaml::Value::List(items), Value::Sequence(theirs)) => {
            items.len() == theirs.len() && items.iter().zip(theirs).all(|(ours, theirs)| is_same(ours, theirs))
        }
        (yaml::Value::Map(entries), Value::Mapping(theirs)) => {
            let keys = |key: &str, theirs: &Value| {
                let plain = Node { line: 0, value: yaml::Value::Scalar { text: key.to_owned(), plain: true } };
                is_same(&plain, theirs)
            };
            entries.len() == theirs.len()
                && entries
                    .iter()
                    .zip(theirs)
                    .all(|(ours, (key, value))| keys(&ours.key, key) && is_same(&ours.node, value))
        }
        _ => false,
    }
}

/// Says whether a text may hold what only `serde_yaml` reads: keys that are no text, pairs without braces, blocks that begin no
/// further in than their key, lines that a tab begins, and line ends that nobody types.
fn is_left_out(text: &str, theirs: &Value) -> bool {
    text.contains(['?', '\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'])
        || text.lines().any(|line| line.trim_start_matches(' ').starts_with(['|', '>', '\t']))
        || has_odd_keys(theirs)
}

fn has_odd_keys(value: &Value) -> bool {
    match value {
        // A pair without braces is a mapping of one entry in a list.
        Value::Sequence(items) => {
            items.iter().any(|item| matches!(item, Value::Mapping(entries) if entries.len() == 1) || has_odd_keys(item))
        }
        Value::Mapping(entries) => entries.iter().any(|(key, value)| {
            matches!(key, Value::Sequence(_) | Value::Mapping(_) | Value::Null) || has_odd_keys(value)
        }),
        _ => false,
    }
}

fn is_tagged(value: &Value) -> bool {
    match value {
        Value::Tagged(_) => true,
        Value::Sequence(items) => items.iter().any(is_tagged),
        Value::Mapping(entries) => entries.iter().any(|(key, value)| is_tagged(key) || is_tagged(value)),
        _ => false,
    }
}

/// A drawing that is taken is the same after it was written; one that is refused says why.
pub fn topology(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = Layout::read(text);
    match Topology::read(text) {
        Err(error) => assert!(!error.what.en.is_empty() && !error.what.zh.is_empty() && !error.hint.en.is_empty()),
        Ok(topology) => {
            let findings = check(&topology).findings;
            assert!(findings.iter().all(|finding| !finding.what.en.is_empty()));
            assert_eq!(Topology::read(&topology.write()).as_ref(), Ok(&topology), "{text}");
        }
    }
}

/// What is read of files of others is a drawing that can be written, with no more clusters than one may have; what is refused says why.
pub fn import(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match shared::import::read(text) {
        None => {}
        Some(Err(error)) => {
            assert!(!error.what.en.is_empty() && !error.what.zh.is_empty() && !error.hint.en.is_empty());
        }
        Some(Ok(imported)) => {
            let drawn = imported.onto(&Topology::empty("mesh1"));
            assert_eq!(Topology::read(&drawn.write()).as_ref(), Ok(&drawn), "{text}");
            assert_eq!(imported.onto(&drawn), drawn, "the same again adds nothing: {text}");
        }
    }
}

/// A bundle that is taken is the same after it was written.
pub fn bundle(bytes: &[u8]) {
    match Bundle::from_zip(bytes) {
        Err(error) => assert!(!error.what.en.is_empty() && !error.what.zh.is_empty() && !error.hint.en.is_empty()),
        Ok(bundle) => assert_eq!(Bundle::from_zip(&bundle.to_zip()), Ok(bundle)),
    }
}

/// Whatever comes into the planner is passed over, refused with a reason, or a drawing that is the same after it was written.
pub fn incoming(way: Way, bytes: &[u8]) {
    match way.read(bytes) {
        None => {}
        Some(Err(what)) => assert!(!what.en.is_empty() && !what.zh.is_empty(), "{way:?}"),
        Some(Ok((topology, layout))) => {
            let read = Topology::read(&topology).unwrap();
            assert_eq!(read.write(), topology, "{way:?}");
            assert_eq!(Layout::read(&layout).write(), layout, "{way:?}");
        }
    }
}

/// The bundle of one primary, for readers that need one around what they read.
pub fn small() -> Bundle {
    let drawn = "apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {name: m}\nspec:\n  clusters:\n  \
                 - {name: a, network: n, role: primary}\n";
    Bundle::write(&Topology::read(drawn).unwrap(), None).unwrap()
}

/// A manifest in a bundle whose digests are right is taken or refused as a bundle that cannot be read.
pub fn manifest(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut bundle = small();
    let file = bundle.index.steps[0].files[0].clone();
    let before = bundle.index.files[&file].clone();
    let index = bundle.files.get_mut("bundle.yaml").unwrap();
    *index = index.replace(&before, &shared::bundle::digest(text));
    bundle.files.insert(file, text.to_owned());
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("bundle.zip");
    fs::write(&zip, bundle.to_zip()).unwrap();
    let run = isthmus(&["inspect", path(&zip)]);
    assert!(matches!(run.code, 0 | 65), "{}: {text:?}\n{}", run.code, run.stderr);
}

/// A kubeconfig without the context that is asked for is told so, or cannot be read; no server is called and no program run.
pub fn kubeconfig(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let (zip, config) = (folder.path().join("bundle.zip"), folder.path().join("config"));
    fs::write(&zip, small().to_zip()).unwrap();
    fs::write(&config, bytes).unwrap();
    let run = isthmus(&["status", path(&zip), "--kubeconfig", path(&config), "--context", "a=of-nobody"]);
    assert_eq!(run.code, 78, "{:?}\n{}", String::from_utf8_lossy(bytes), run.stderr);
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
