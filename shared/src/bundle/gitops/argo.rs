//! Argo CD: one `ApplicationSet` with an Application for each stage, synced wave by wave, each when all before are healthy.
//!
//! Charts come from Istio's repository and their values from the bundle's (argo-cd: "Multiple Sources for an Application").
//! What needs an address, or comes after what does, is generated from the file with the addresses: there is none before.

use super::{ADDRESSES, Course, FOLDER, Form, Stage, entries, texts};
use crate::hole::each_variable;
use crate::mesh::Mesh;
use crate::release::{CHARTS, chart_versions};
use crate::sorted;
use crate::step::HelmRelease;
use crate::yaml::{Yaml, emit};

/// The label by which the waves are told apart.
const WAVE: &str = "isthmus.dev/wave";

/// The bundle's repository, which a person puts in: `envsubst` knows these two.
const GIT: [(&str, &str); 2] = [("repoURL", "${GIT_URL}"), ("revision", "${GIT_REVISION}")];

/// Writes the `ApplicationSet`.
pub(super) fn application_set(mesh: &Mesh, course: &Course) -> String {
    let mesh_id = mesh.topology().mesh_id.as_str();
    let (late, early): (Vec<&Stage>, Vec<&Stage>) = course.inside().partition(|stage| stage.after_addresses);
    let list = |stages: &[&Stage]| {
        let elements = stages.iter().map(|stage| element(mesh, stage)).collect();
        Yaml::map([("list", Yaml::map([("elements", Yaml::List(elements))]))])
    };
    let mut generators = vec![list(&early)];
    if !late.is_empty() {
        let files = Yaml::list([Yaml::map([("path", format!("{ADDRESSES}/addresses.yaml").into())])]);
        let git = GIT.iter().map(|&(key, value)| (key, value.into())).chain([("files", files)]).collect();
        let both = Yaml::list([Yaml::map([("git", entries(git))]), list(&late)]);
        generators.push(Yaml::map([("matrix", Yaml::map([("generators", both)]))]));
    }
    let waves = sorted::set(course.inside().map(|stage| stage.wave));
    let step = |wave: usize| {
        let of_wave = Yaml::map([
            ("key", WAVE.into()),
            ("operator", "In".into()),
            ("values", texts([wave.to_string().as_str()])),
        ]);
        Yaml::map([("matchExpressions", Yaml::list([of_wave]))])
    };
    let strategy = Yaml::map([
        ("type", "RollingSync".into()),
        ("rollingSync", Yaml::map([("steps", Yaml::List(waves.into_iter().map(step).collect()))])),
        ("deletionOrder", "Reverse".into()),
    ]);
    let spec = vec![
        ("goTemplate", true.into()),
        ("goTemplateOptions", texts(["missingkey=error"])),
        ("generators", Yaml::List(generators)),
        ("strategy", strategy),
        ("template", template(mesh)),
        ("templatePatch", template_patch(mesh).into()),
    ];
    let set = Yaml::map([
        ("apiVersion", "argoproj.io/v1alpha1".into()),
        ("kind", "ApplicationSet".into()),
        ("metadata", Yaml::map([("name", mesh_id.into()), ("namespace", "argocd".into())])),
        ("spec", entries(spec)),
    ]);
    format!(
        "# The mesh {mesh_id} for Argo CD. {FOLDER}/README.md says how it is applied, and what must be there before.\n{}",
        emit(&set)
    )
}

/// What is said of one stage; every key is there in all, as the template insists on it.
fn element(mesh: &Mesh, stage: &Stage) -> Yaml {
    let id = &stage.step().id;
    let (folder, charts): (String, &[HelmRelease]) = match stage.form {
        Form::Charts(releases) => (String::new(), releases),
        Form::Folder | Form::Outside => (id.folder(), &[]),
    };
    // A chart is installed in the Application's namespace; objects of a folder name their own.
    let system = || mesh.system_namespace(mesh.resolved(&id.cluster));
    let namespace = charts.first().map_or_else(system, |release| &release.namespace);
    let chart = |release: &HelmRelease| {
        Yaml::map([
            ("chart", release.chart.word().into()),
            ("release", release.name.as_str().into()),
            ("values", format!("{}/{}", id.folder(), release.values.file).into()),
            ("parameters", Yaml::List(parameters(&release.values.body, ""))),
        ])
    };
    Yaml::map([
        ("name", stage.name.as_str().into()),
        ("cluster", id.cluster.as_str().into()),
        ("namespace", namespace.into()),
        ("wave", stage.wave.to_string().into()),
        ("folder", folder.into()),
        ("charts", Yaml::List(charts.iter().map(chart).collect())),
    ])
}

/// The values that are holes, as paths, each with the name under which the file with the addresses has it.
fn parameters(values: &Yaml, path: &str) -> Vec<Yaml> {
    match values {
        Yaml::Map(entries) => entries
            .iter()
            .flat_map(|(key, value)| {
                parameters(value, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") })
            })
            .collect(),
        Yaml::Text(text) => {
            let mut found = Vec::new();
            each_variable(text, |variable| {
                found.push(Yaml::map([("name", path.into()), ("variable", variable.into())]));
            });
            found
        }
        Yaml::Null | Yaml::Bool(_) | Yaml::Int(_) | Yaml::List(_) => Vec::new(),
    }
}

fn template(mesh: &Mesh) -> Yaml {
    let wave = || "{{ .wave }}".into();
    let labels = Yaml::map([(WAVE, wave()), ("app.kubernetes.io/part-of", mesh.topology().mesh_id.as_str().into())]);
    let metadata = Yaml::map([
        ("name", "{{ .name }}".into()),
        ("labels", labels),
        ("annotations", Yaml::map([("argocd.argoproj.io/sync-wave", wave())])),
    ]);
    let destination = Yaml::map([("name", "{{ .cluster }}".into()), ("namespace", "{{ .namespace }}".into())]);
    // What istiod itself writes into webhooks is no difference.
    let ignored = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"].map(|kind| {
        let paths = [".webhooks[]?.clientConfig.caBundle", ".webhooks[]?.failurePolicy"];
        Yaml::map([
            ("group", "admissionregistration.k8s.io".into()),
            ("kind", kind.into()),
            ("jqPathExpressions", texts(paths)),
        ])
    });
    let backoff = Yaml::map([("duration", "10s".into()), ("factor", 2.into()), ("maxDuration", "2m".into())]);
    let policy = Yaml::map([
        ("syncOptions", texts(["ServerSideApply=true", "RespectIgnoreDifferences=true"])),
        ("retry", Yaml::map([("limit", 20.into()), ("backoff", backoff)])),
    ]);
    let spec = Yaml::map([
        ("project", "default".into()),
        ("destination", destination),
        ("ignoreDifferences", Yaml::list(ignored)),
        ("syncPolicy", policy),
    ]);
    Yaml::map([("metadata", metadata), ("spec", spec)])
}

/// Where an Application comes from: a folder of the bundle, or charts with values of the bundle and addresses put over them.
fn template_patch(mesh: &Mesh) -> String {
    let versions = chart_versions(&mesh.topology().istio.version);
    format!(
        "spec:
  sources:
  - repoURL: ${{GIT_URL}}
    targetRevision: ${{GIT_REVISION}}
  {{{{- if .folder }}}}
    path: {{{{ .folder }}}}
  {{{{- else }}}}
    ref: values
  {{{{- range .charts }}}}
  - repoURL: {CHARTS}
    chart: {{{{ .chart }}}}
    targetRevision: \"{versions}\"
    helm:
      releaseName: {{{{ .release }}}}
      valueFiles:
      - $values/{{{{ .values }}}}
      {{{{- if .parameters }}}}
      parameters:
      {{{{- range .parameters }}}}
      - name: {{{{ .name }}}}
        value: {{{{ index $.data .variable | toString | quote }}}}
        forceString: true
      {{{{- end }}}}
      {{{{- end }}}}
  {{{{- end }}}}
  {{{{- end }}}}
"
    )
}
