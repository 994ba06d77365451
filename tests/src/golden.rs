//! Golden trees: generated files compared with the ones that lie in the repository.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use shared::sorted::Map;

/// Compares generated files (path to text) with `tests/bundles/<name>`; with `UPDATE=1` in the environment writes them there.
///
/// # Panics
/// With a readable difference, if they are not the same.
pub fn golden_tree(name: &str, generated: &Map<String, String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("bundles").join(name);
    let kept = read_tree(&root);
    if kept == *generated {
        return;
    }
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        write_tree(&root, &kept, generated);
        return;
    }
    panic!(
        "{} is not what is generated now (UPDATE=1 takes it over):\n{}",
        root.display(),
        difference(&kept, generated)
    );
}

/// Every file under a folder, by its path from there. A folder that is not there has none.
///
/// # Panics
/// If a file cannot be read as text.
pub fn read_tree(root: &Path) -> Map<String, String> {
    let mut files = Map::new();
    let mut folders: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(relative) = path.strip_prefix(root) {
                let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                files.insert(relative.to_string_lossy().into_owned(), text);
            }
        }
    }
    files
}

fn write_tree(root: &Path, kept: &Map<String, String>, generated: &Map<String, String>) {
    let written = || -> std::io::Result<()> {
        for path in kept.keys().filter(|path| !generated.contains_key(*path)) {
            fs::remove_file(root.join(path))?;
        }
        for (path, text) in generated {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap_or(root))?;
            fs::write(path, text)?;
        }
        Ok(())
    };
    written().unwrap_or_else(|error| panic!("{}: {error}", root.display()));
}

/// What differs, file by file and line by line.
fn difference(kept: &Map<String, String>, generated: &Map<String, String>) -> String {
    let mut out = String::new();
    for path in kept.keys().filter(|path| !generated.contains_key(*path)) {
        let _ = writeln!(out, "- {path}: no longer generated");
    }
    for (path, new) in generated {
        match kept.get(path) {
            None => {
                let _ = writeln!(out, "+ {path}: new, {} lines", new.lines().count());
            }
            Some(old) if old != new => {
                let _ = writeln!(out, "! {path}");
                lines(&mut out, old, new);
            }
            Some(_) => {}
        }
    }
    out
}

/// The lines between the common beginning and the common end, with where they begin.
fn lines(out: &mut String, old: &str, new: &str) {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    let _ = writeln!(out, "  @ line {}", start + 1);
    for line in &old[start..old.len() - end] {
        let _ = writeln!(out, "  - {line}");
    }
    for line in &new[start..new.len() - end] {
        let _ = writeln!(out, "  + {line}");
    }
}

#[cfg(test)]
mod tests {
    use shared::sorted::map;

    use super::*;

    #[test]
    fn a_difference_names_file_line_and_both_texts() {
        let kept = map([("a".to_owned(), "1\n2\n3\n".to_owned()), ("gone".to_owned(), String::new())]);
        let generated = map([("a".to_owned(), "1\ntwo\n3\n".to_owned()), ("new".to_owned(), "x\n".to_owned())]);
        let expected = "- gone: no longer generated\n! a\n  @ line 2\n  - 2\n  + two\n+ new: new, 1 lines\n";
        assert_eq!(difference(&kept, &generated), expected);
    }
}
