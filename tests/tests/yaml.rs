//! What our YAML emitter writes, `kubectl` and `kubectl kustomize` read as the same text: words that YAML 1.1 takes for
//! booleans, numbers or dates are ordinary names.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use shared::yaml::{Yaml, emit};
use tests::bed::Programs;

/// Texts that some reader takes for something else, or that need care to be written at all.
const TRICKY: [&str; 79] = [
    "",
    " ",
    "~",
    "null",
    "Null",
    "NULL",
    "true",
    "True",
    "TRUE",
    "false",
    "yes",
    "Yes",
    "no",
    "No",
    "NO",
    "on",
    "On",
    "off",
    "OFF",
    "y",
    "Y",
    "n",
    "N",
    "=",
    "<<",
    "0",
    "-0",
    "+1",
    "-1",
    "00",
    "01",
    "010",
    "0o7",
    "0x1F",
    "0b1",
    "1_000",
    "1e3",
    "1E3",
    "1.",
    ".5",
    "1.0",
    "+.5",
    "1:30",
    "190:20:30",
    "685_230.15",
    ".inf",
    "-.Inf",
    ".nan",
    ".NaN",
    "2001-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "- a",
    "-",
    "--",
    "---",
    "...",
    "? a",
    ":",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "@a",
    "`a`",
    "%a",
    "[a]",
    "{a}",
    "\"a\"",
    "'a'",
    " a",
    "a ",
    "a\tb",
    "东西网关",
    "é\u{301}",
];

/// Every name of up to `length` letters and digits, and every tricky text.
fn all(length: usize) -> Vec<String> {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut short = vec![String::new()];
    let mut all: Vec<String> = TRICKY.iter().map(|text| (*text).to_owned()).collect();
    for _ in 0..length {
        short = short
            .iter()
            .flat_map(|name| LETTERS.iter().map(move |letter| format!("{name}{}", char::from(*letter))))
            .collect();
        all.extend_from_slice(&short);
    }
    all.sort();
    all.dedup();
    all
}

/// Texts with line ends; as values alone, since a key is one line.
const LINES: [&str; 8] = ["a\n", "a\nb", "a\nb\n", "\na", "a\n\n", " a\nb", "a\n  b\n", "a\r\nb"];

/// What a reader must find: all texts as keys and as values.
fn expected(length: usize) -> BTreeMap<String, String> {
    let mut expected: BTreeMap<String, String> = all(length).into_iter().map(|text| (text.clone(), text)).collect();
    for (number, text) in LINES.iter().enumerate() {
        expected.insert(format!("lines-{number}"), (*text).to_owned());
    }
    expected
}

fn config_map(data: &BTreeMap<String, String>) -> String {
    let data = data.iter().map(|(key, value)| (key.clone(), Yaml::from(value.as_str()))).collect();
    emit(&Yaml::map([
        ("apiVersion", Yaml::from("v1")),
        ("kind", Yaml::from("ConfigMap")),
        ("metadata", Yaml::map([("name", Yaml::from("no"))])),
        ("data", Yaml::Map(data)),
    ]))
}

fn kubectl(args: &[&str], input: &Path) -> Vec<u8> {
    let mut command = Command::new(Programs::find().get("kubectl").unwrap());
    command.args(args).stdin(fs::File::open(input).unwrap()).stderr(Stdio::inherit());
    let output = command.output().unwrap();
    assert!(output.status.success(), "kubectl {args:?}");
    output.stdout
}

/// What kubectl reads in a file, without a server.
fn data_of(file: &Path) -> BTreeMap<String, String> {
    let read = kubectl(&["annotate", "--local", "-f", "-", "-o", "json", "read=yes"], file);
    let read: Value = serde_json::from_slice(&read).unwrap();
    assert_eq!(read["metadata"]["name"], "no");
    let texts = read["data"].as_object().unwrap().iter();
    texts.map(|(key, value)| (key.clone(), value.as_str().unwrap_or("<no text>").to_owned())).collect()
}

#[track_caller]
fn assert_same(read: &BTreeMap<String, String>, expected: &BTreeMap<String, String>) {
    let wrong: Vec<_> = expected.iter().filter(|(key, value)| read.get(*key) != Some(*value)).take(20).collect();
    assert!(wrong.is_empty(), "not read back: {wrong:?}");
    assert_eq!(read.len(), expected.len());
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn kubectl_reads_what_was_written() {
    let expected = expected(3);
    let file = folder("yaml").join("config-map.yaml");
    fs::write(&file, config_map(&expected)).unwrap();
    assert_same(&data_of(&file), &expected);
}

#[test]
fn kustomize_reads_what_was_written() {
    // Shorter names alone, as it takes half a minute for 48,000 keys.
    let mut expected = expected(2);
    // Of these keys it makes something else whichever way they are written; as values they are well.
    for key in ["", "<<"] {
        let value = expected.remove(key).unwrap_or_default();
        expected.insert(format!("value-{key}-").replace('<', "lt"), value);
    }
    let folder = folder("kustomize");
    fs::write(folder.join("config-map.yaml"), config_map(&expected)).unwrap();
    let resources = Yaml::list([Yaml::from("config-map.yaml")]);
    fs::write(folder.join("kustomization.yaml"), emit(&Yaml::map([("resources", resources)]))).unwrap();
    let written = folder.join("written");
    fs::write(&written, kubectl(&["kustomize", folder.to_str().unwrap()], Path::new("/dev/null"))).unwrap();
    assert_same(&data_of(&written), &expected);
}
