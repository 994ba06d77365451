//! The repository's own rules: what may depend on what, and which file alone may touch the world.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Returns the top of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in a folder of the repository")
}

/// Returns the Rust files under a folder, with their paths from the top.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// Returns the names under `[dependencies]` of a crate.
fn dependencies(package: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(package).join("Cargo.toml")).unwrap();
    let section = text.split("[dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let name = |line: &str| line.split(['=', '.', ' ']).next().unwrap_or_default().to_owned();
    section.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).map(name).collect()
}

#[test]
fn shared_depends_on_little_and_on_none_of_ours() {
    let expected = ["litemap", "miniz_oxide", "serde", "serde_yaml", "sha2", "thiserror"].map(str::to_owned);
    assert_eq!(dependencies("shared"), BTreeSet::from(expected));
}

#[test]
fn web_and_applier_never_see_each_other_and_xtask_sees_none() {
    assert!(!dependencies("web").contains("applier"));
    assert!(!dependencies("applier").contains("web"));
    for ours in ["shared", "web", "applier", "tests"] {
        assert!(!dependencies("xtask").contains(ours));
    }
}

#[test]
fn shared_is_pure() {
    let forbidden = [
        "std::fs",
        "std::env",
        "std::net::Tcp",
        "std::process",
        "SystemTime",
        "Instant",
        "HashMap",
        "HashSet",
        "thread::",
        "println!",
        "unsafe",
    ];
    for (path, text) in sources("shared/src") {
        for word in forbidden {
            assert!(!text.contains(word), "{path} has `{word}`");
        }
    }
}

/// Asserts that a word stands in no file of a crate but those that begin with one of the paths given.
fn only(folder: &str, word: &str, allowed: &[&str]) {
    for (path, text) in sources(folder) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if code.contains(word) {
            assert!(
                allowed.iter().any(|allowed| path.starts_with(allowed)),
                "{path} has `{word}`, which belongs into {allowed:?}"
            );
        }
    }
}

#[test]
fn one_place_alone_touches_each_part_of_the_world() {
    only("web/src", "web_sys::window", &["web/src/browser"]);
    only("web/src", "gloo", &["web/src/browser"]);
    only("applier/src", "std::fs", &["applier/src/source"]);
    only("applier/src", "process::Command", &["applier/src/program"]);
    only("applier/src", "println!", &["applier/src/report"]);
}

#[test]
fn every_file_says_what_it_is_for() {
    for folder in ["shared/src", "web/src", "applier/src", "tests/src", "tests/tests", "xtask/src"] {
        for (path, text) in sources(folder) {
            assert!(text.starts_with("//! "), "{path} does not begin with what it is for");
        }
    }
}

#[test]
fn nothing_is_left_unfinished() {
    let words = ["todo!", "unimplemented!", concat!("FIX", "ME"), concat!("#[", "ignore"), concat!("#[", "allow(")];
    for folder in ["shared/src", "web/src", "applier/src", "tests/src", "tests/tests", "xtask/src"] {
        for (path, text) in sources(folder).iter().filter(|(path, _)| !path.ends_with("tidy.rs")) {
            for word in words {
                assert!(!text.contains(word), "{path} has `{word}`");
            }
        }
    }
}

#[test]
fn every_rule_is_in_the_architecture_and_explained() {
    let names = fs::read_to_string(root().join("shared/src/rules.rs")).unwrap();
    let words: BTreeSet<&str> = names.split("word: \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(words.len() >= 10, "the words of rules are found: {words:?}");
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for rule in words {
        assert!(text.contains(&format!("| {rule} |")), "ARCHITECTURE.md does not name the rule {rule}");
        let explained = shared::rules::topics::TOPICS.iter().any(|topic| topic.word == rule);
        assert!(explained, "shared/src/rules/topics.rs does not explain the rule {rule}");
    }
}
