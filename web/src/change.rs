//! What an edit did to the bundle: the line at the foot of the page, the marks beside files and lines, and the difference itself.

use std::cmp::Ordering;
use std::rc::Rc;

use shared::bundle::TOPOLOGY;
use shared::text::{Lang, Text};

use crate::i18n::{Msg, plural};
use crate::lines::{Side, difference};
use crate::made::Made;

/// How a file differs from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// It was not there before.
    New,
    /// Its text is another one.
    Changed,
    /// It is there no more.
    Gone,
}

impl Mark {
    /// Returns the class that colours it.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Mark::New => "plus",
            Mark::Changed => "mod",
            Mark::Gone => "minus",
        }
    }

    /// Returns its sign.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Mark::New => "+",
            Mark::Changed => "~",
            Mark::Gone => "−",
        }
    }

    /// Returns its word.
    pub(crate) fn msg(self) -> Msg {
        match self {
            Mark::New => Msg::MarkNew,
            Mark::Changed => Msg::MarkChanged,
            Mark::Gone => Msg::MarkGone,
        }
    }
}

/// The difference between two bundles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// The files that differ, sorted by path.
    marks: Vec<(String, Mark)>,
    before: Rc<Made>,
    after: Rc<Made>,
}

/// Files that say something about all others and so change with every edit: a count that includes them says nothing.
const FOLLOWERS: [&str; 5] = ["bundle.yaml", "topology.yaml", "layout.yaml", "README.md", "README.zh.md"];

/// From this many files on a bundle is too large to be kept for every edit.
const LARGE: usize = 1000;

impl Change {
    /// Compares two bundles, whose files are both sorted.
    pub(crate) fn between(before: &Rc<Made>, after: &Rc<Made>) -> Self {
        let (old, new) = (&before.files, &after.files);
        let (mut i, mut j, mut marks) = (0, 0, Vec::new());
        while i < old.len() || j < new.len() {
            let order = match (i < old.len(), j < new.len()) {
                (true, true) => old.path_bytes(i).cmp(new.path_bytes(j)),
                (true, false) => Ordering::Less,
                (false, _) => Ordering::Greater,
            };
            match order {
                Ordering::Less => marks.push((old.path(i).to_owned(), Mark::Gone)),
                Ordering::Greater => marks.push((new.path(j).to_owned(), Mark::New)),
                Ordering::Equal if old.content(i) != new.content(j) => {
                    marks.push((new.path(j).to_owned(), Mark::Changed));
                }
                Ordering::Equal => {}
            }
            i += usize::from(order.is_le());
            j += usize::from(order.is_ge());
        }
        Change { marks, before: before.clone(), after: after.clone() }
    }

    /// Counts new, changed and removed files, but for those that follow every edit.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let count = |mark: Mark| self.marks.iter().filter(|(path, m)| *m == mark && !is_follower(path)).count();
        (count(Mark::New), count(Mark::Changed), count(Mark::Gone))
    }

    /// Says each of those counts that is not zero, with the class that colours it.
    pub(crate) fn spoken(&self, lang: Lang) -> Vec<(&'static str, String)> {
        let (new, changed, gone) = self.counts();
        let counts = [
            (new, "plus", plural(new, Msg::PlusFile, Msg::PlusFiles)),
            (changed, "mod", Msg::ChangedFiles),
            (gone, "minus", Msg::MinusFiles),
        ];
        let mut spoken = Vec::new();
        for (count, class, msg) in counts {
            if count > 0 {
                spoken.push((class, msg.fill(lang, &[("count", &count.to_string())])));
            }
        }
        if spoken.is_empty() {
            spoken.push(("", Msg::NoFileChanged.say(lang).to_owned()));
        }
        spoken
    }

    /// Says all of those counts: "+7 files, 3 changed".
    pub(crate) fn counted(&self, lang: Lang) -> String {
        let mut said = String::new();
        for (_, words) in self.spoken(lang) {
            said.push_str(if said.is_empty() { "" } else { comma(lang) });
            said.push_str(&words);
        }
        said
    }

    /// Says what was done, and what it did to the files, as one line.
    pub(crate) fn line(&self, said: &Text) -> Text {
        Text::new(
            [said.en.as_str(), ": ", &self.counted(Lang::En)].concat(),
            [said.zh.as_str(), "：", &self.counted(Lang::Zh)].concat(),
        )
    }

    /// Returns the files that differ: the drawing first, and last what follows every edit; nothing once the bundles were let go.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, Mark)> {
        let rank = |path: &str| if path == TOPOLOGY { 0 } else { 1 + u8::from(is_follower(path)) };
        let of = move |which: u8| self.marks.iter().filter(move |(path, _)| rank(path) == which);
        (0..3).flat_map(of).map(|(path, mark)| (path.as_str(), *mark)).filter(|_| !self.is_thin())
    }

    /// Returns the texts of a file before and after.
    pub(crate) fn texts(&self, path: &str) -> (&str, &str) {
        (self.before.files.get(path).unwrap_or_default(), self.after.files.get(path).unwrap_or_default())
    }

    /// Returns how the file differs.
    pub(crate) fn mark(&self, path: &str) -> Option<Mark> {
        self.marks.binary_search_by(|(other, _)| other.as_str().cmp(path)).ok().map(|at| self.marks[at].1)
    }

    /// Returns the lines (counted from 0) that are new in a changed file, in order. Worked out for the one file that is looked at.
    pub(crate) fn new_lines(&self, path: &str, after: &str) -> Vec<usize> {
        match (self.mark(path), self.before.files.get(path)) {
            (Some(Mark::Changed), Some(before)) => {
                let lines = difference(before, after);
                lines.iter().filter(|line| line.side == Side::After).map(|line| line.at).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Says whether it holds bundles that are too large to be kept for every edit.
    pub(crate) fn is_large(&self) -> bool {
        self.before.files.len().max(self.after.files.len()) > LARGE
    }

    /// Lets go of the bundles; which files differ stays known.
    pub(crate) fn thin(&self) -> Self {
        Change { marks: self.marks.clone(), ..Change::default() }
    }

    fn is_thin(&self) -> bool {
        self.after.files.is_empty() && self.before.files.is_empty()
    }
}

/// Parts the counts.
pub(crate) fn comma(lang: Lang) -> &'static str {
    if lang == Lang::Zh { "，" } else { ", " }
}

/// Says whether a file follows every edit.
pub(crate) fn is_follower(path: &str) -> bool {
    FOLLOWERS.contains(&path)
}

#[cfg(test)]
mod tests {
    use shared::sorted;

    use super::*;

    fn made(pairs: &[(&str, &str)]) -> Rc<Made> {
        let files = pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Rc::new(Made { files: (&sorted::map(files)).into(), ..Made::default() })
    }

    #[test]
    fn an_edit_is_counted_without_the_files_that_follow_every_edit() {
        let before = made(&[("a", "1\n2\n3"), ("b", "x"), ("bundle.yaml", "old"), ("topology.yaml", "")]);
        let after = made(&[("a", "1\nnew\n2\n3"), ("c", "y"), ("bundle.yaml", "new"), ("topology.yaml", "x")]);
        let change = Change::between(&before, &after);
        assert_eq!(change.counts(), (1, 1, 1));
        assert_eq!(change.new_lines("a", after.files.get("a").unwrap()), [1]);
        assert!(change.new_lines("c", "y").is_empty());
        assert_eq!(
            (change.mark("b"), change.mark("c"), change.mark("none")),
            (Some(Mark::Gone), Some(Mark::New), None)
        );
        let files: Vec<_> = change.files().map(|(path, _)| path).collect();
        assert_eq!(files, ["topology.yaml", "a", "b", "c", "bundle.yaml"], "what follows every edit comes last");
        assert_eq!(change.texts("b"), ("x", ""));
        let thin = change.thin();
        assert_eq!((thin.counts(), thin.files().count()), ((1, 1, 1), 0));
    }

    #[test]
    fn what_an_edit_did_is_one_line() {
        let change = Change::between(&made(&[("a", "1")]), &made(&[("a", "2"), ("b", ""), ("c", "")]));
        let line = change.line(&Text::new("Added east", "已添加 east"));
        assert_eq!(line.en, "Added east: +2 files, 1 changed");
        assert_eq!(line.zh, "已添加 east：+2 个文件，1 个更改");
        assert_eq!(Change::default().counted(Lang::En), "no file changed");
    }
}
