//! For those who let Git say what is in their clusters: what Argo CD or Flux may apply, in what order, and what stays outside.
//!
//! All of it follows from the plan. A step whose files are complete, or lack nothing but addresses, lies in Git; one that needs
//! a secret, or a program that no such tool runs, stays outside, and what comes after it waits for it.

mod argo;
mod flux;
mod page;

use super::digest;
use crate::hole::{Filling, Hole};
use crate::mesh::Mesh;
use crate::plan::Plan;
use crate::sorted::{Map, Set};
use crate::step::{Action, HelmRelease, Step};
use crate::text::Lang;
use crate::topology::Installer;
use crate::yaml::Yaml;

/// The folder of the bundle for such tools.
const FOLDER: &str = "gitops";

/// The folder of the file that a person adds once the addresses are known; no part of the bundle.
const ADDRESSES: &str = "gitops/addresses";

/// The longest name of an object whose name is also the value of a label.
const LABEL_MAX: usize = 63;

/// Writes the files: for charts the objects of both tools, and in any case a page.
pub(super) fn gitops(mesh: &Mesh, plan: &Plan) -> Map<String, String> {
    let mut files = Map::new();
    let by_charts = mesh.installer() == Installer::Helm;
    let course = by_charts.then(|| Course::new(mesh, plan));
    if let Some(course) = &course {
        files.insert(format!("{FOLDER}/argocd/applicationset.yaml"), argo::application_set(mesh, course));
        flux::write(mesh, course, &mut files);
    }
    for (name, lang) in [("README.md", Lang::En), ("README.zh.md", Lang::Zh)] {
        files.insert(format!("{FOLDER}/{name}"), page::page(mesh, course.as_ref(), lang));
    }
    files
}

/// What the tools see of a plan.
struct Course<'a> {
    /// In an order that the plan allows.
    stages: Vec<Stage<'a>>,
}

/// Steps that are applied at once: one that installs charts, or those whose files lie in one folder.
struct Stage<'a> {
    /// The name of the objects that stand for it.
    name: String,
    /// The steps.
    steps: Vec<&'a Step>,
    /// What is done with it.
    form: Form<'a>,
    /// The places of the stages that it waits for.
    after: Set<usize>,
    /// How many stages must be done before it, one after the other, counted from 1.
    wave: usize,
    /// Whether a stage in Git comes after it, directly or by way of others outside.
    is_awaited: bool,
    /// Whether it or anything before it needs an address.
    after_addresses: bool,
}

/// What a tool does with a stage.
enum Form<'a> {
    /// Applies a folder.
    Folder,
    /// Installs charts.
    Charts(&'a [HelmRelease]),
    /// Nothing: a person does.
    Outside,
}

impl<'a> Course<'a> {
    fn new(mesh: &Mesh, plan: &'a Plan) -> Self {
        // A folder is applied as a whole, so all of its steps must be complete.
        let mut incomplete = Set::new();
        for step in plan.steps.iter().filter(|step| !step.holes.is_empty()) {
            incomplete.insert(step.id.folder());
        }
        let mut stages: Vec<Stage> = Vec::new();
        let mut stage_of = Vec::new();
        let mut folders = Map::new();
        for step in &plan.steps {
            let folder = step.id.folder();
            let form = match &step.action {
                Action::Apply(_) if !incomplete.contains(&folder) => Form::Folder,
                Action::Helm(releases)
                    if step.holes.iter().all(is_address)
                        && releases.iter().all(|release| fits(&release.values.body)) =>
                {
                    Form::Charts(releases)
                }
                Action::Apply(_) | Action::Helm(_) | Action::Install(_) => Form::Outside,
            };
            let place = match form {
                Form::Folder => *folders.entry(folder).or_insert(stages.len()),
                Form::Charts(_) | Form::Outside => stages.len(),
            };
            if place == stages.len() {
                let name = short(&[&mesh.topology().mesh_id, &step.id.to_string().replace('/', "-")]);
                let after = Set::new();
                stages.push(Stage {
                    name,
                    steps: Vec::new(),
                    form,
                    after,
                    wave: 1,
                    is_awaited: false,
                    after_addresses: false,
                });
            }
            stages[place].steps.push(step);
            stage_of.push(place);
        }
        for (step, after) in plan.after.iter().enumerate() {
            let before = after.iter().map(|&before| stage_of[before]).filter(|&before| before != stage_of[step]);
            stages[stage_of[step]].after.extend(before);
        }
        for (step, &place) in plan.steps.iter().zip(&stage_of) {
            let wave = stages[place].after.iter().map(|&before| stages[before].wave + 1).max();
            let after_addresses = stages[place].after.iter().any(|&before| stages[before].after_addresses);
            let needs_address = step.holes.iter().any(is_address);
            let stage = &mut stages[place];
            stage.wave = stage.wave.max(wave.unwrap_or(1));
            stage.after_addresses |= after_addresses || needs_address;
        }
        for place in (0..stages.len()).rev() {
            if stages[place].is_inside() || stages[place].is_awaited {
                for before in stages[place].after.clone() {
                    stages[before].is_awaited = true;
                }
            }
        }
        Course { stages }
    }

    /// The stages that lie in Git.
    fn inside(&self) -> impl Iterator<Item = &Stage<'a>> {
        self.stages.iter().filter(|stage| stage.is_inside())
    }

    /// Whether anything needs an address.
    fn needs_addresses(&self) -> bool {
        self.inside().any(Stage::needs_address)
    }
}

impl Stage<'_> {
    fn is_inside(&self) -> bool {
        !matches!(self.form, Form::Outside)
    }

    fn needs_address(&self) -> bool {
        self.is_inside() && self.steps.iter().any(|step| step.holes.iter().any(is_address))
    }

    /// The first of its steps, which says cluster and rule.
    fn step(&self) -> &Step {
        self.steps[0]
    }
}

/// Whether all that values lack are addresses, each a value of its own: that is what the tools can put in.
fn fits(values: &Yaml) -> bool {
    match values {
        Yaml::Map(entries) => entries.iter().all(|(key, value)| fits(value) && !(is_open(value) && key.contains('.'))),
        Yaml::List(items) => items.iter().all(|item| !is_open(item)),
        Yaml::Text(text) => !text.contains("${") || (text.starts_with("${") && text.find('}') == Some(text.len() - 1)),
        Yaml::Null | Yaml::Bool(_) | Yaml::Int(_) => true,
    }
}

/// Whether a value has a hole.
fn is_open(value: &Yaml) -> bool {
    let mut open = false;
    value.each_text(&mut |text| open |= text.contains("${"));
    open
}

fn is_address(hole: &Hole) -> bool {
    matches!(hole.filling, Filling::Address(_))
}

/// The name of the `ConfigMap` with the addresses.
fn addresses(mesh: &Mesh) -> String {
    short(&[&mesh.topology().mesh_id, "addresses"])
}

/// Joins parts of a name; one that is too long for a label ends in a digest of the whole instead.
fn short(parts: &[&str]) -> String {
    let name = parts.join("-");
    if name.len() <= LABEL_MAX {
        return name;
    }
    format!("{}-{}", name[..LABEL_MAX - 9].trim_end_matches('-'), &digest(&name)[..8])
}

/// A map of entries that were gathered one by one.
fn entries(entries: Vec<(&str, Yaml)>) -> Yaml {
    Yaml::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A list of texts.
fn texts<'a>(items: impl IntoIterator<Item = &'a str>) -> Yaml {
    Yaml::List(items.into_iter().map(Yaml::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_too_long_stays_one_of_its_own() {
        let long = "a".repeat(60);
        let [one, other] = ["istiod", "gateway"].map(|rule| short(&["mesh1", &long, rule]));
        assert!(one.len() <= LABEL_MAX && other.len() <= LABEL_MAX && one != other);
        assert_eq!(short(&["mesh1", "c", "istiod"]), "mesh1-c-istiod");
    }
}
