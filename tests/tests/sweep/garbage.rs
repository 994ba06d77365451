//! Documents that nobody would write: every reader says what is wrong with them or takes them, and none panics.

use std::fs;
use std::path::Path;

use shared::bundle::Bundle;
use shared::layout::Layout;
use shared::mesh::check;
use shared::scene::{Scene, svg};
use shared::topology::Topology;

use super::chance::Chance;

/// What is put in place of something else.
const PIECES: [&str; 28] = [
    "",
    " ",
    "\n",
    ":",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    "#",
    "&a",
    "*a",
    "!!int",
    "|",
    "~",
    "null",
    "no",
    "1e400",
    "-1",
    "99999999999999999999",
    "\u{0}",
    "\u{feff}",
    "é",
    "${A}",
    "\t",
];

/// Calls a function for every document of the tests, and for each with some of its bytes, words and lines changed.
fn each(changes: u64, mut visit: impl FnMut(&str)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("topologies");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    assert!(paths.len() > 5);
    for path in paths {
        let text = fs::read_to_string(path).unwrap();
        visit(&text);
        for number in 0..changes {
            visit(&changed(&text, &mut Chance::new(number)));
        }
    }
}

fn changed(text: &str, chance: &mut Chance) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=chance.below(3) {
        let line = chance.below(lines.len());
        match chance.below(6) {
            0 => {
                lines.remove(line);
            }
            1 => lines.insert(line, lines[chance.below(lines.len())].clone()),
            2 => lines[line].insert_str(0, "  "),
            3 => lines[line].push_str(chance.of(&PIECES)),
            4 => {
                let words: Vec<String> = lines[line].split(' ').map(str::to_owned).collect();
                let wrong = chance.below(words.len());
                let with = |(place, word): (usize, &String)| {
                    if place == wrong { chance.of(&PIECES).to_owned() } else { word.clone() }
                };
                lines[line] = words.iter().enumerate().map(with).collect::<Vec<_>>().join(" ");
            }
            _ => {
                let at = chance.below(lines[line].len() + 1);
                if lines[line].is_char_boundary(at) {
                    lines[line].insert_str(at, chance.of(&PIECES));
                }
            }
        }
        if lines.is_empty() {
            return String::new();
        }
    }
    lines.join("\n")
}

/// Reads all those documents; returns how many were refused and how many taken.
pub(crate) fn read_all(changes: u64) -> (usize, usize) {
    let (mut refused, mut taken) = (0, 0);
    each(changes, |text| {
        let _ = Layout::read(text);
        match Topology::read(text) {
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().is_empty());
            }
            Ok(topology) => {
                taken += 1;
                let findings = check(&topology).findings;
                assert!(findings.iter().all(|finding| !finding.what.en.is_empty() && !finding.hint.zh.is_empty()));
                let _ = svg(&Scene::new(&topology, &Layout::default()));
                assert_eq!(Topology::read(&topology.write()).as_ref(), Ok(&topology), "{text}");
            }
        }
    });
    (refused, taken)
}

/// Reads a bundle with one byte after another wrong, or cut off; none is taken for the bundle that it was.
pub(crate) fn bundles(bundle: &Bundle, changes: u64) {
    let zip = bundle.to_zip();
    for number in 0..changes {
        let chance = &mut Chance::new(number);
        let mut bytes = zip.clone();
        let at = chance.below(bytes.len());
        if chance.once_in(4) {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 1 << chance.below(8);
        }
        if let Ok(read) = Bundle::from_zip(&bytes) {
            assert_eq!(&read, bundle, "byte {at}");
        }
    }
}
