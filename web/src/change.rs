//! What an edit did to the bundle: the line at the foot of the page, and the marks beside files and lines.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use shared::sorted;

use crate::made::Made;

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
    marks: BTreeMap<String, Mark>,
    removed: usize,
    before: Rc<Made>,
}

/// Files that say something about all others and so change with every edit: a count that includes them says nothing.
const FOLLOWERS: [&str; 5] = ["bundle.yaml", "topology.yaml", "layout.yaml", "README.md", "README.zh.md"];

impl Change {
    /// Compares two bundles, whose files are both sorted.
    pub(crate) fn between(before: &Rc<Made>, after: &Made) -> Self {
        let (old, new) = (&before.files, &after.files);
        let (mut i, mut j, mut removed, mut marks) = (0, 0, 0, BTreeMap::new());
        while i < old.len() || j < new.len() {
            let order = match (i < old.len(), j < new.len()) {
                (true, true) => old.path_bytes(i).cmp(new.path_bytes(j)),
                (true, false) => Ordering::Less,
                (false, _) => Ordering::Greater,
            };
            match order {
                Ordering::Less => removed += 1,
                Ordering::Greater => drop(marks.insert(new.path(j).to_owned(), Mark::New)),
                Ordering::Equal if old.content(i) != new.content(j) => {
                    marks.insert(new.path(j).to_owned(), Mark::Changed);
                }
                Ordering::Equal => {}
            }
            i += usize::from(order.is_le());
            j += usize::from(order.is_ge());
        }
        Change { marks, removed, before: before.clone() }
    }

    /// Counts new, changed and removed files, but for those that follow every edit.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let count = |mark: Mark| {
            self.marks.iter().filter(|(path, m)| **m == mark && !FOLLOWERS.contains(&path.as_str())).count()
        };
        (count(Mark::New), count(Mark::Changed), self.removed)
    }

    /// Returns how the file differs.
    pub(crate) fn mark(&self, path: &str) -> Option<Mark> {
        self.marks.get(path).copied()
    }

    /// Returns the lines (counted from 0) that are new in a changed file. Worked out for the one file that is looked at.
    pub(crate) fn new_lines(&self, path: &str, after: &str) -> BTreeSet<usize> {
        match (self.mark(path), self.before.files.get(path)) {
            (Some(Mark::Changed), Some(before)) => new_lines(before, after),
            _ => BTreeSet::new(),
        }
    }
}

/// Lines of a longer text are compared as a set beyond this: the table would grow with the square of it.
const TABLE_MAX: usize = 600;

/// Returns the lines (counted from 0) of `after` that a shortest difference adds to `before`.
fn new_lines(before: &str, after: &str) -> BTreeSet<usize> {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    if old.len() > TABLE_MAX || new.len() > TABLE_MAX {
        let known = sorted::set(old);
        return sorted::set((0..new.len()).filter(|&line| !known.contains(new[line])));
    }
    // common[i][j]: length of the longest common part of old[i..] and new[j..].
    let mut common = vec![vec![0_u16; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] =
                if old[i] == new[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
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

    fn made(pairs: &[(&str, &str)]) -> Made {
        let files = pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Made { files: (&files.collect::<BTreeMap<_, _>>()).into(), ..Made::default() }
    }

    #[test]
    fn an_edit_is_counted_without_the_files_that_follow_every_edit() {
        let before = Rc::new(made(&[("a", "1\n2\n3"), ("b", "x"), ("bundle.yaml", "old")]));
        let after = made(&[("a", "1\nnew\n2\n3"), ("c", "y"), ("bundle.yaml", "new")]);
        let change = Change::between(&before, &after);
        assert_eq!(change.counts(), (1, 1, 1));
        assert_eq!(change.new_lines("a", after.files.get("a").unwrap()), BTreeSet::from([1]));
        assert!(change.new_lines("c", "y").is_empty());
        assert_eq!(change.mark("c"), Some(Mark::New));
        assert_eq!(change.mark("none"), None);
    }

    #[test]
    fn long_files_are_compared_too() {
        let long = "line\n".repeat(700);
        assert_eq!(new_lines(&long, &format!("{long}last\n")), BTreeSet::from([700]));
        assert_eq!(new_lines("", "a\n"), BTreeSet::from([0]));
    }
}
