//! Flux: a Kustomization for each stage, which waits for those that the plan puts before it, and `HelmRelease`s for the charts.
//!
//! Everything lies in the cluster that Flux runs in and reaches the others by their kubeconfigs, since `dependsOn` knows no other
//! cluster. It also knows no other kind: so charts come by way of a Kustomization that waits for their `HelmRelease`s.
//! What is made outside Git is waited for by a Kustomization that looks for it (fluxcd.io: Kustomization, "Health checks").

use super::{ADDRESSES, Course, FOLDER, Form, Stage, addresses, entries, short};
use crate::mesh::Mesh;
use crate::release::{CHARTS, chart_versions};
use crate::sorted::{Map, Set};
use crate::step::HelmRelease;
use crate::yaml::{Yaml, emit};

/// The namespace that Flux lives in.
const FLUX: &str = "flux-system";

/// How often it looks for changes, how soon after a failure, and how long it waits for what it applied.
const TIMES: [(&str, &str); 3] = [("interval", "10m"), ("retryInterval", "1m"), ("timeout", "5m")];

/// Writes its files.
pub(super) fn write(mesh: &Mesh, course: &Course, files: &mut Map<String, String>) {
    let mut objects = vec![repository()];
    if course.needs_addresses() {
        objects.push(addresses_kustomization(mesh));
    }
    let mut waits_outside = false;
    for stage in &course.stages {
        match &stage.form {
            Form::Folder => objects.push(folder(mesh, course, stage)),
            Form::Charts(releases) => {
                objects.push(charts(mesh, course, stage));
                releases_of(mesh, stage, releases, files);
            }
            Form::Outside if is_gate(stage) => {
                waits_outside = true;
                objects.push(gate(mesh, course, stage));
            }
            Form::Outside => {}
        }
    }
    let text: Vec<String> = objects.iter().map(emit).collect();
    files.insert(format!("{FOLDER}/flux/stages.yaml"), text.join("---\n"));
    files.insert(
        format!("{FOLDER}/flux/kustomization.yaml"),
        super::super::kustomization(vec!["stages.yaml".to_owned()]),
    );
    if waits_outside {
        files.insert(format!("{FOLDER}/flux/outside/outside.yaml"), emit(&mark()));
        let list = super::super::kustomization(vec!["outside.yaml".to_owned()]);
        files.insert(format!("{FOLDER}/flux/outside/kustomization.yaml"), list);
    }
}

/// Istio's charts.
fn repository() -> Yaml {
    object(
        "source.toolkit.fluxcd.io/v1",
        "HelmRepository",
        "istio",
        vec![("interval", "1h".into()), ("url", CHARTS.into())],
    )
}

/// The file with the addresses, which a person adds: until it is there, this is not ready, and what needs it waits.
fn addresses_kustomization(mesh: &Mesh) -> Yaml {
    let mut spec = times();
    spec.extend([
        ("sourceRef", source(mesh)),
        ("path", format!("./{ADDRESSES}").into()),
        ("targetNamespace", FLUX.into()),
        ("prune", true.into()),
        ("wait", true.into()),
    ]);
    kustomization(&addresses(mesh), spec)
}

/// A folder of complete objects, applied to the stage's cluster.
fn folder(mesh: &Mesh, course: &Course, stage: &Stage) -> Yaml {
    let step = stage.step();
    let mut spec = times();
    spec.extend(depends_on(mesh, course, stage));
    spec.extend([
        ("kubeConfig", kubeconfig(stage)),
        ("sourceRef", source(mesh)),
        ("path", format!("./{}", step.id.folder()).into()),
        ("prune", true.into()),
        ("wait", true.into()),
    ]);
    kustomization(&stage.name, spec)
}

/// The `HelmRelease`s of a stage, applied to Flux's own cluster; ready when they are.
fn charts(mesh: &Mesh, course: &Course, stage: &Stage) -> Yaml {
    let mut spec = times();
    spec.extend(depends_on(mesh, course, stage));
    spec.extend([
        ("sourceRef", source(mesh)),
        ("path", format!("./{}", releases_folder(stage)).into()),
        ("prune", true.into()),
        ("wait", true.into()),
    ]);
    if stage.needs_address() {
        let from = Yaml::map([("kind", "ConfigMap".into()), ("name", addresses(mesh).into())]);
        spec.push(("postBuild", Yaml::map([("substituteFrom", Yaml::list([from]))])));
    }
    kustomization(&stage.name, spec)
}

/// Waits for what a person makes: ready when its objects are there. It applies a mark, as it has to apply something.
fn gate(mesh: &Mesh, course: &Course, stage: &Stage) -> Yaml {
    let checks = stage.steps.iter().flat_map(|step| step.action.manifests()).map(|manifest| {
        let object = manifest.object();
        entries(vec![
            ("apiVersion", object.api_version.into()),
            ("kind", object.kind.into()),
            ("name", object.name.into()),
            ("namespace", object.namespace.unwrap_or_default().into()),
        ])
    });
    let checks: Vec<Yaml> = checks.collect();
    let namespace = mesh.system_namespace(mesh.resolved(&stage.step().id.cluster));
    let mut spec = times();
    spec.extend(depends_on(mesh, course, stage));
    spec.extend([
        ("kubeConfig", kubeconfig(stage)),
        ("sourceRef", source(mesh)),
        ("path", format!("./{FOLDER}/flux/outside").into()),
        ("targetNamespace", namespace.into()),
        ("prune", true.into()),
        ("healthChecks", Yaml::List(checks)),
        ("postBuild", Yaml::map([("substitute", Yaml::map([("STAGE", stage.name.as_str().into())]))])),
    ]);
    kustomization(&stage.name, spec)
}

/// What such a stage applies.
fn mark() -> Yaml {
    Yaml::map([
        ("apiVersion", "v1".into()),
        ("kind", "ConfigMap".into()),
        ("metadata", Yaml::map([("name", "${STAGE}".into())])),
        ("data", Yaml::map([("isWaitedFor", "a secret that is made outside Git".into())])),
    ])
}

/// Whether a stage outside Git is waited for by one inside, and can be looked for.
fn is_gate(stage: &Stage) -> bool {
    let mut manifests = stage.steps.iter().flat_map(|step| step.action.manifests());
    stage.is_awaited && manifests.any(|manifest| manifest.object().namespace.is_some())
}

/// The names of all that a stage waits for; what cannot be looked for is stood for by what it waits for itself.
fn waits_for(course: &Course, stage: &Stage) -> Set<String> {
    let mut names = Set::new();
    for &place in &stage.after {
        let before = &course.stages[place];
        if before.is_inside() || is_gate(before) {
            names.insert(before.name.clone());
        } else {
            names.extend(waits_for(course, before));
        }
    }
    names
}

fn depends_on(mesh: &Mesh, course: &Course, stage: &Stage) -> Option<(&'static str, Yaml)> {
    let mut names = waits_for(course, stage);
    if stage.needs_address() {
        names.insert(addresses(mesh));
    }
    let entry = |name: String| Yaml::map([("name", name.into())]);
    (!names.is_empty()).then(|| ("dependsOn", Yaml::List(names.into_iter().map(entry).collect())))
}

/// The folder of a stage's `HelmRelease`s.
fn releases_folder(stage: &Stage) -> String {
    let id = &stage.step().id;
    let object = id.object.as_ref().map(|object| format!("-{object}")).unwrap_or_default();
    format!("{FOLDER}/flux/{}/{:02}-{}{object}", id.cluster, id.rule.number, id.rule.word)
}

fn releases_of(mesh: &Mesh, stage: &Stage, releases: &[HelmRelease], files: &mut Map<String, String>) {
    let folder = releases_folder(stage);
    let mut names: Vec<String> = Vec::new();
    for release in releases {
        let name = short(&[&stage.name, &release.name]);
        let file = format!("{}.yaml", release.name);
        let text = emit(&helm_release(mesh, stage, release, &name, names.last().map(String::as_str)));
        files.insert(format!("{folder}/{file}"), text);
        names.push(name);
    }
    let list = releases.iter().map(|release| format!("{}.yaml", release.name)).collect();
    files.insert(format!("{folder}/kustomization.yaml"), super::super::kustomization(list));
}

/// One chart with its values, after the one before it.
fn helm_release(mesh: &Mesh, stage: &Stage, release: &HelmRelease, name: &str, after: Option<&str>) -> Yaml {
    let mut spec = vec![
        ("interval", "10m".into()),
        ("timeout", "5m".into()),
        ("releaseName", release.name.as_str().into()),
        ("targetNamespace", release.namespace.as_str().into()),
        ("storageNamespace", release.namespace.as_str().into()),
        ("kubeConfig", kubeconfig(stage)),
    ];
    spec.extend(after.map(|after| ("dependsOn", Yaml::list([Yaml::map([("name", after.into())])]))));
    let repository = Yaml::map([("kind", "HelmRepository".into()), ("name", "istio".into())]);
    let chart = Yaml::map([
        ("chart", release.chart.word().into()),
        ("version", chart_versions(&mesh.topology().istio.version).into()),
        ("sourceRef", repository),
    ]);
    spec.push(("chart", Yaml::map([("spec", chart)])));
    // A gateway whose address is late must not be taken away and made anew: its address would be another.
    let retry = || Yaml::map([("strategy", Yaml::map([("name", "RetryOnFailure".into())]))]);
    spec.push(("install", retry()));
    spec.push(("upgrade", retry()));
    spec.push(("values", release.values.body.clone()));
    object("helm.toolkit.fluxcd.io/v2", "HelmRelease", name, spec)
}

fn times() -> Vec<(&'static str, Yaml)> {
    TIMES.iter().map(|&(key, time)| (key, time.into())).collect()
}

/// The repository in which the bundle lies, which a person names to Flux after the mesh.
fn source(mesh: &Mesh) -> Yaml {
    Yaml::map([("kind", "GitRepository".into()), ("name", mesh.topology().mesh_id.as_str().into())])
}

/// The secret with the kubeconfig of the stage's cluster, called like the cluster.
fn kubeconfig(stage: &Stage) -> Yaml {
    Yaml::map([("secretRef", Yaml::map([("name", stage.step().id.cluster.as_str().into())]))])
}

fn kustomization(name: &str, spec: Vec<(&str, Yaml)>) -> Yaml {
    object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", name, spec)
}

fn object(api_version: &str, kind: &str, name: &str, spec: Vec<(&str, Yaml)>) -> Yaml {
    Yaml::map([
        ("apiVersion", api_version.into()),
        ("kind", kind.into()),
        ("metadata", Yaml::map([("name", name.into()), ("namespace", FLUX.into())])),
        ("spec", entries(spec)),
    ])
}
