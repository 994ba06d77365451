//! Files beside the drawing: which is shown, what of it comes from what is selected, and what a line of it comes from.

use std::borrow::Cow;

use shared::bundle::TOPOLOGY;
use shared::finding::{Finding, Fix};
use shared::text::Lang;
use shared::topology::line_of;

use super::{ArrowId, Editor, Selection, Tab};
use crate::derived::subject;
use crate::trace::{self, Tracer};

/// So many lines of a file are shown; the index of a large bundle has tens of thousands.
pub(crate) const LINES_MAX: usize = 3000;
/// Of larger bundles files are told to come from what is selected by their paths alone.
const READ_MAX: usize = 400;

impl Editor {
    /// Returns the text of a file. The drawing itself has one even while findings keep the bundle back.
    pub(crate) fn text_of(&self, path: &str) -> Option<Cow<'_, str>> {
        if path == TOPOLOGY && !self.derived.is_planned() {
            return Some(self.drawing.topology.write().into());
        }
        self.derived.made.files.get(path).map(Cow::from)
    }

    /// Returns the file that is shown: the one that was chosen, else the one that what is selected becomes, else the drawing itself, or
    /// beside all files the runbook.
    pub(crate) fn shown_file(&self) -> String {
        let chosen = self.file.clone().filter(|path| path == TOPOLOGY || self.derived.made.files.contains(path));
        chosen
            .or_else(|| self.derived.step_of(&self.drawing, &self.selection).map(|step| step.file().to_owned()))
            .filter(|path| !path.is_empty())
            .unwrap_or_else(|| {
                let runbook = if self.lang() == Lang::Zh { "README.zh.md" } else { "README.md" };
                let overview = self.tab == Tab::Files && self.selection == Selection::Mesh;
                if overview { runbook } else { TOPOLOGY }.to_owned()
            })
    }

    /// Returns the lines of a file, counted from 0, that come from what is selected. Nothing is marked while all of it is.
    pub(crate) fn marked(&self, path: &str, text: &str) -> Vec<usize> {
        if self.selection == Selection::Mesh {
            return self.line.filter(|_| path == TOPOLOGY).into_iter().collect();
        }
        self.traced(path, text).collect()
    }

    /// Says whether something in a file comes from what is selected.
    pub(crate) fn is_marked(&self, path: &str) -> bool {
        if self.selection == Selection::Mesh {
            return false;
        }
        let files = &self.derived.made.files;
        trace::of_path(&self.drawing, path).is_some_and(|cause| trace::belongs(&cause, &self.selection))
            || files.len() <= READ_MAX && self.traced(path, files.get(path).unwrap_or_default()).next().is_some()
    }

    fn traced<'a>(&'a self, path: &str, text: &'a str) -> impl Iterator<Item = usize> + use<'a> {
        trace::lines(&self.drawing, path, text, &self.selection, LINES_MAX)
    }

    /// Selects what a finding is about, and shows its line of the drawing.
    pub(super) fn show_finding(&mut self, at: usize) -> bool {
        let Some(finding) = self.derived.findings.get(at) else { return false };
        let line = self.line_of(finding);
        let selection = subject(&self.drawing, finding);
        self.select_and_say(selection);
        self.mend_selection();
        (self.file, self.line) = (Some(TOPOLOGY.to_owned()), line);
        true
    }

    /// Returns the line of the drawing, counted from 0, that a finding is about.
    pub(crate) fn line_of(&self, finding: &Finding) -> Option<usize> {
        let topology = &self.drawing.topology;
        Some(line_of(&topology.write(), topology, &finding.subject)? as usize - 1)
    }

    /// Returns a fix of what is selected, else of anything.
    pub(crate) fn fix(&self) -> Option<&Fix> {
        let derived = &self.derived;
        derived.about(&self.selection).chain(&derived.findings).find_map(|finding| finding.fixes.first())
    }

    /// Selects what a line of a file comes from, and goes on showing that file.
    pub(super) fn select_line(&mut self, path: String, line: usize) -> bool {
        let Some(text) = self.text_of(&path) else { return false };
        let mut tracer = Tracer::new(&self.drawing, &path);
        let cause = text.lines().take(line + 1).map(|line| tracer.next(line)).last().unwrap_or_default();
        // Of what the picture leaves out, the box it belongs to is selected.
        let cause = match cause {
            Selection::Part(at, _) | Selection::Arrow(ArrowId { from: at, .. }) if !self.is_there(&cause) => {
                Selection::Cluster(at)
            }
            cause => cause,
        };
        self.select_and_say(cause);
        self.mend_selection();
        self.file = Some(path);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Command, Edit};
    use crate::drawing::Drawing;
    use crate::settings::Settings;
    use shared::layout::Layout;
    use shared::scene::ArrowKind;

    fn drawn() -> Editor {
        let preset = shared::preset::presets().into_iter().find(|preset| preset.id == "primary-remote-multi-network");
        Editor::new(Some(Drawing::new(preset.unwrap().topology, Layout::default())), Settings::default())
    }

    fn line_with(editor: &Editor, path: &str, words: &str) -> usize {
        editor.text_of(path).unwrap().lines().position(|line| line.contains(words)).unwrap()
    }

    #[test]
    fn a_line_selects_its_box_and_the_file_stays() {
        let mut editor = drawn();
        editor.run(Command::ShowTab(Tab::Files));
        let path = "clusters/cluster2/40-remote/istio.yaml".to_owned();
        editor.run(Command::SelectLine(path.clone(), line_with(&editor, &path, "remotePilotAddress")));
        let served = Selection::Arrow(ArrowId { kind: ArrowKind::ServedBy, from: 1, to: 0 });
        assert_eq!((&editor.selection, editor.tab, editor.shown_file()), (&served, Tab::Files, path.clone()));
        assert_eq!(editor.said.text.en, "cluster2 is served by cluster1");
        assert_eq!(editor.marked(&path, &editor.text_of(&path).unwrap()).len(), 2);
        // Another box shows its own file, in the same tab.
        editor.run(Command::Select(Selection::Part(0, shared::scene::PartKind::EastWest)));
        assert_eq!((editor.shown_file().as_str(), editor.tab), ("clusters/cluster1/50-gateway/istio.yaml", Tab::Files));
        assert!(editor.is_marked("clusters/cluster1/50-gateway/istio.yaml"));
        assert!(!editor.is_marked("clusters/cluster2/50-gateway/istio.yaml"));
        assert!(!editor.run(Command::SelectLine("nothing".into(), 0)));
    }

    #[test]
    fn a_finding_leads_to_its_box_and_its_line_and_is_mended_by_name() {
        let mut editor = drawn();
        editor.run(Command::Edit(Edit::RenameCluster(1, "Bad Name".into())));
        editor.run(Command::Edit(Edit::SetRevision("1.31".into())));
        let at = |editor: &Editor, id: &str| editor.derived.findings.iter().position(|one| one.id() == id).unwrap();
        let line = |editor: &Editor| {
            let text = editor.text_of(TOPOLOGY).unwrap().into_owned();
            text.lines().nth(editor.marked(TOPOLOGY, &text)[0]).unwrap().to_owned()
        };
        assert!(editor.run(Command::ShowFinding(at(&editor, "cluster-name-invalid"))));
        assert_eq!((&editor.selection, editor.shown_file().as_str()), (&Selection::Cluster(1), TOPOLOGY));
        assert!(line(&editor).contains("Bad Name"));
        assert!(editor.run(Command::ShowFinding(at(&editor, "revision-invalid"))));
        assert_eq!(editor.selection, Selection::Mesh);
        assert!(line(&editor).contains("revision:"), "{}", line(&editor));
        editor.run(Command::Select(Selection::Cluster(1)));
        let fix = editor.fix().unwrap().clone();
        editor.run(Command::Edit(Edit::Fix(Box::new(fix))));
        assert_eq!(editor.undoable().unwrap().en, "Mended: Rename to bad-name");
        assert!(!editor.run(Command::ShowFinding(99)));
    }

    #[test]
    fn the_drawing_has_lines_while_there_is_no_bundle() {
        let mut editor = drawn();
        editor.run(Command::Edit(Edit::RenameCluster(1, "Bad Name".into())));
        editor.run(Command::Select(Selection::Cluster(1)));
        assert_eq!(editor.shown_file(), TOPOLOGY);
        let text = editor.text_of(TOPOLOGY).unwrap().into_owned();
        let marked = editor.marked(TOPOLOGY, &text);
        assert!(text.lines().nth(marked[0]).unwrap().contains("Bad Name"));
        editor.run(Command::SelectLine(TOPOLOGY.into(), line_with(&editor, TOPOLOGY, "network: network1")));
        assert_eq!(editor.selection, Selection::Network("network1".into()));
    }
}
