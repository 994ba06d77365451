//! What a topology becomes, packed: many texts in one piece, so that a worker hands a bundle of thousands of files over in one go.

use shared::bundle::Bundle;
use shared::mesh::Mesh;
use shared::origin;
use shared::plan::Plan;
use shared::sorted::Map;
use shared::step::{Action, Step};
use shared::text::Lang;

/// The files and the steps of one bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Made {
    /// The files.
    pub(crate) files: Files,
    /// Their digests, but that of the index; none where a worker made them.
    pub(crate) digests: Files,
    /// The steps, in plan order.
    pub(crate) steps: Steps,
    /// Facts that must be so before the first step.
    pub(crate) assumptions: Texts,
}

impl Made {
    /// Writes the bundle of a mesh; the one made `before` saves the digests of what has stayed.
    pub(crate) fn of(mesh: &Mesh, before: Option<&Made>) -> Self {
        let plan = Plan::new(mesh);
        let mut assumptions = Texts::default();
        plan.assumptions.iter().for_each(|fact| assumptions.push(&fact.to_string()));
        let bundle = Bundle::again(mesh, &plan, None, &|path, text| before?.digest(path, text));
        let (files, digests) = (Files::from(&bundle.files), Files::from(&bundle.index.files));
        Made { files, digests, steps: Steps::of(&plan, mesh), assumptions }
    }

    /// Returns the digest of the file at a path if that is its text.
    fn digest(&self, path: &str, text: &str) -> Option<String> {
        let is_same = self.files.find(path).is_some_and(|at| self.files.content(at) == text.as_bytes());
        if is_same { self.digests.get(path).map(str::to_owned) } else { None }
    }

    /// Takes it apart for the way from a worker.
    pub(crate) fn parts(&self) -> [&Texts; 3] {
        [&self.files.0, &self.steps.0, &self.assumptions]
    }

    /// Puts it together again.
    pub(crate) fn from_parts([files, steps, assumptions]: [Texts; 3]) -> Self {
        Made { files: Files(files), digests: Files::default(), steps: Steps(steps), assumptions }
    }
}

/// Texts, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    /// All of them.
    pub(crate) bytes: Vec<u8>,
    /// Where each ends.
    pub(crate) ends: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        // A bundle is far below four gigabytes: its limit is 256 MiB.
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn bytes_at(&self, at: usize) -> &[u8] {
        let end = |at: usize| self.ends.get(at).map_or(self.bytes.len(), |&end| end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.bytes.get(start..end(at)).unwrap_or_default()
    }

    fn get(&self, at: usize) -> &str {
        std::str::from_utf8(self.bytes_at(at)).unwrap_or_default()
    }

    /// Returns each text.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }
}

/// The files of a bundle: paths and texts by turns, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Files(Texts);

impl Files {
    /// Counts them.
    pub(crate) fn len(&self) -> usize {
        self.0.len() / 2
    }

    /// Says whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns every path.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.path(at))
    }

    /// Returns the path of the file at a place.
    pub(crate) fn path(&self, at: usize) -> &str {
        self.0.get(2 * at)
    }

    /// Returns that path as bytes, for comparing: their order is the same.
    pub(crate) fn path_bytes(&self, at: usize) -> &[u8] {
        self.0.bytes_at(2 * at)
    }

    /// Returns the text of the file at a place, as bytes, for comparing.
    pub(crate) fn content(&self, at: usize) -> &[u8] {
        self.0.bytes_at(2 * at + 1)
    }

    /// Returns the text of the file at a path.
    pub(crate) fn get(&self, path: &str) -> Option<&str> {
        self.find(path).map(|at| self.0.get(2 * at + 1))
    }

    /// Says whether there is a file at a path.
    pub(crate) fn contains(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// Returns the place of the file at a path.
    fn find(&self, path: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.path_bytes(middle).cmp(path.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

impl From<&Map<String, String>> for Files {
    fn from(files: &Map<String, String>) -> Self {
        let mut texts = Texts::default();
        for (path, text) in files {
            texts.push(path);
            texts.push(text);
        }
        Files(texts)
    }
}

/// How many texts say what a step is.
const FIELDS: usize = 12;

/// The steps of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Steps(Texts);

impl Steps {
    fn of(plan: &Plan, mesh: &Mesh) -> Self {
        let mut texts = Texts::default();
        for (step, after) in plan.steps.iter().zip(&plan.after) {
            let Step { id, action, why, .. } = step;
            texts.push(&id.to_string());
            texts.push(id.cluster.as_str());
            texts.push(id.rule.word);
            texts.push(if matches!(action, Action::Apply(_)) { "apply" } else { "install" });
            texts.push(&why.purpose.en);
            texts.push(&why.purpose.zh);
            texts.push(&why.breaks.en);
            texts.push(&why.breaks.zh);
            let places: Vec<String> = after.iter().map(ToString::to_string).collect();
            texts.push(&[step.files().into_iter().next().unwrap_or_default(), places.join(" ")].join("\n"));
            let from = origin::line(step, mesh);
            texts.push(&from.en);
            texts.push(&from.zh);
            texts.push(why.source);
        }
        Steps(texts)
    }

    /// Counts them.
    pub(crate) fn len(&self) -> usize {
        self.0.len() / FIELDS
    }

    /// Returns the step at a place.
    pub(crate) fn get(&self, at: usize) -> PlanStep<'_> {
        PlanStep { texts: &self.0, first: at * FIELDS }
    }

    /// Returns every step.
    pub(crate) fn iter(&self) -> impl Iterator<Item = PlanStep<'_>> {
        (0..self.len()).map(|at| self.get(at))
    }
}

/// One step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlanStep<'a> {
    texts: &'a Texts,
    first: usize,
}

impl<'a> PlanStep<'a> {
    fn field(self, at: usize) -> &'a str {
        self.texts.get(self.first + at)
    }

    fn said(self, at: usize, lang: Lang) -> &'a str {
        match lang {
            Lang::En => self.field(at),
            Lang::Zh => self.field(at + 1),
        }
    }

    /// Returns its place in the plan, counted from 0.
    pub(crate) fn place(self) -> usize {
        self.first / FIELDS
    }

    /// Returns its id.
    pub(crate) fn id(self) -> &'a str {
        self.field(0)
    }

    /// Returns the cluster it acts on.
    pub(crate) fn cluster(self) -> &'a str {
        self.field(1)
    }

    /// Returns the word of the rule that made it.
    pub(crate) fn rule(self) -> &'a str {
        self.field(2)
    }

    /// Says whether it applies objects as they are, and renders nothing before.
    pub(crate) fn applies(self) -> bool {
        self.field(3) == "apply"
    }

    /// Says what it is for.
    pub(crate) fn purpose(self, lang: Lang) -> &'a str {
        self.said(4, lang)
    }

    /// Says what breaks without it.
    pub(crate) fn breaks(self, lang: Lang) -> &'a str {
        self.said(6, lang)
    }

    /// Says which box or arrow of the drawing it comes from.
    pub(crate) fn from(self, lang: Lang) -> &'a str {
        self.said(9, lang)
    }

    /// Returns where that is read.
    pub(crate) fn source(self) -> &'a str {
        self.field(11)
    }

    /// Returns its first file.
    pub(crate) fn file(self) -> &'a str {
        self.field(8).split('\n').next().unwrap_or_default()
    }

    /// Returns the places of the steps it waits for.
    pub(crate) fn after(self) -> impl Iterator<Item = usize> {
        self.field(8).split(['\n', ' ']).skip(1).filter_map(|place| place.parse().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::mesh::check;
    use shared::topology::{Cluster, Topology};

    #[test]
    fn what_is_packed_is_what_was_made() {
        let mut topology = Topology::empty("mesh1");
        topology.clusters = vec![Cluster::primary("cluster1", "network1"), Cluster::primary("cluster2", "network2")];
        let mesh = check(&topology).mesh.unwrap();
        let plan = Plan::new(&mesh);
        let bundle = Bundle::of(&mesh, &plan, None);
        let made = Made::from_parts(Made::of(&mesh, None).parts().map(Clone::clone));
        assert!(made.files.paths().eq(bundle.files.keys().map(String::as_str)));
        for (path, text) in &bundle.files {
            assert_eq!(made.files.get(path), Some(text.as_str()));
        }
        assert!(!made.files.contains("nothing") && made.files.get("").is_none());
        assert_eq!(made.steps.len(), plan.steps.len());
        for ((packed, step), after) in made.steps.iter().zip(&plan.steps).zip(&plan.after) {
            assert_eq!(packed.id(), step.id.to_string());
            assert_eq!((packed.cluster(), packed.rule()), (step.id.cluster.as_str(), step.id.rule.word));
            assert_eq!(packed.purpose(Lang::Zh), step.why.purpose.zh);
            assert_eq!(packed.breaks(Lang::En), step.why.breaks.en);
            assert_eq!(packed.from(Lang::Zh), origin::line(step, &mesh).zh);
            assert_eq!(packed.source(), step.why.source);
            assert_eq!(Some(packed.file()), step.files().first().map(String::as_str));
            assert!(packed.after().eq(after.iter().copied()));
        }
        assert_eq!(made.assumptions.iter().count(), plan.assumptions.len());
    }
    #[test]
    fn what_was_made_before_changes_nothing_but_the_time_it_takes() {
        let mut topology = Topology::empty("mesh1");
        topology.clusters = vec![Cluster::primary("cluster1", "network1"), Cluster::primary("cluster2", "network2")];
        let before = Made::of(&check(&topology).mesh.unwrap(), None);
        topology.clusters[1].context = Some("other".into());
        let mesh = check(&topology).mesh.unwrap();
        let made = Made::of(&mesh, Some(&before));
        assert_eq!(made, Made::of(&mesh, None));
        let stayed = made.files.paths().filter(|path| before.digest(path, made.files.get(path).unwrap()).is_some());
        assert!((1..made.files.len()).contains(&stayed.count()), "some files stay, and some do not");
        assert_eq!(Made::from_parts(before.parts().map(Clone::clone)).digest("topology.yaml", &topology.write()), None);
    }
}
