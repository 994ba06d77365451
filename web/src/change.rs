//! What an edit did to the bundle: the line at the foot of the page, and the marks beside files and lines.

use std::collections::{BTreeMap, BTreeSet};

/// The files of a bundle by path.
pub(crate) type Files = BTreeMap<String, String>;

/// How a file differs from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// It was not there before.
    New,
    /// Its text is another one.
    Changed,
}

/// The difference between two bundles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// Files that are new or changed.
    pub(crate) marks: BTreeMap<String, (Mark, BTreeSet<usize>)>,
    /// Files that are gone.
    pub(crate) removed: Vec<String>,
}

/// Files that say something about all others and so change with every edit: a count that includes them says nothing.
const FOLLOWERS: [&str; 5] = ["bundle.yaml", "topology.yaml", "layout.yaml", "README.md", "README.zh.md"];

impl Change {
    /// Compares two bundles.
    pub(crate) fn between(before: &Files, after: &Files) -> Self {
        let mut change = Change::default();
        for (path, text) in after {
            match before.get(path) {
                None => {
                    change.marks.insert(path.clone(), (Mark::New, BTreeSet::new()));
                }
                Some(old) if old != text => {
                    change.marks.insert(path.clone(), (Mark::Changed, new_lines(old, text)));
                }
                Some(_) => {}
            }
        }
        change.removed = before.keys().filter(|path| !after.contains_key(*path)).cloned().collect();
        change
    }

    /// Counts new, changed and removed files, but for those that follow every edit.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let count = |mark: Mark| self.marks.iter().filter(|(path, (m, _))| *m == mark && !FOLLOWERS.contains(&path.as_str())).count();
        (count(Mark::New), count(Mark::Changed), self.removed.len())
    }

    /// Returns how the file differs.
    pub(crate) fn mark(&self, path: &str) -> Option<Mark> {
        self.marks.get(path).map(|(mark, _)| *mark)
    }

    /// Says whether a line (counted from 0) is new in a changed file.
    pub(crate) fn is_new_line(&self, path: &str, line: usize) -> bool {
        self.marks.get(path).is_some_and(|(_, lines)| lines.contains(&line))
    }
}

/// Lines of a longer text are compared as a set beyond this: the table would grow with the square of it.
const TABLE_MAX: usize = 600;

/// Returns the lines (counted from 0) of `after` that a shortest difference adds to `before`.
fn new_lines(before: &str, after: &str) -> BTreeSet<usize> {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    if old.len() > TABLE_MAX || new.len() > TABLE_MAX {
        let known: BTreeSet<&str> = old.into_iter().collect();
        return (0..new.len()).filter(|&line| !known.contains(new[line])).collect();
    }
    // common[i][j]: length of the longest common part of old[i..] and new[j..].
    let mut common = vec![vec![0_u16; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut added) = (0, 0, BTreeSet::new());
    while j < new.len() {
        if i < old.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && common[i + 1][j] >= common[i][j + 1] {
            i += 1;
        } else {
            added.insert(j);
            j += 1;
        }
    }
    added
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> Files {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn an_edit_is_counted_without_the_files_that_follow_every_edit() {
        let before = files(&[("a", "1\n2\n3"), ("b", "x"), ("bundle.yaml", "old")]);
        let after = files(&[("a", "1\nnew\n2\n3"), ("c", "y"), ("bundle.yaml", "new")]);
        let change = Change::between(&before, &after);
        assert_eq!(change.counts(), (1, 1, 1));
        assert!(change.is_new_line("a", 1) && !change.is_new_line("a", 0) && !change.is_new_line("a", 2));
        assert_eq!(change.mark("c"), Some(Mark::New));
        assert_eq!(change.mark("none"), None);
    }

    #[test]
    fn long_files_are_compared_too() {
        let long = (0..700).map(|n| format!("{n}\n")).collect::<String>();
        assert_eq!(new_lines(&long, &format!("{long}last\n")), BTreeSet::from([700]));
        assert_eq!(new_lines("", "a\n"), BTreeSet::from([0]));
    }
}
