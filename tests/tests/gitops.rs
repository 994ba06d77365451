//! What lies in a bundle for Argo CD and Flux: every folder builds, and both tools keep to the order of the plan.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use serde::Deserialize as _;
use serde_json::Value;
use shared::bundle::Bundle;
use shared::mesh::check;
use shared::plan::Plan;
use shared::sorted::Set;
use shared::step::{Action, Step};
use shared::topology::{Installer, Topology};
use tests::bed::Programs;
use tests::golden::read_tree;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Every document of a YAML text.
fn documents(text: &str) -> Vec<Value> {
    serde_yaml::Deserializer::from_str(text).map(|document| Value::deserialize(document).unwrap()).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn kubectl_builds_every_folder() {
    let mut folders = vec![folder("bundles")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path());
        folders.extend(entries.filter(|path| path.is_dir()));
        if folder.join("kustomization.yaml").is_file() {
            found.push(folder);
        }
    }
    let all = found.len();
    let (queue, kubectl) = (Mutex::new(found), Programs::find().get("kubectl").unwrap());
    let next = || queue.lock().unwrap().pop();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(folder) = next() {
                    builds(&kubectl, &folder);
                }
            });
        }
    });
    assert!(all > 100, "{all} folders");
}

/// Builds one folder: every file it lists is there, and nothing beside them.
fn builds(kubectl: &Path, folder: &Path) {
    let output = Command::new(kubectl).arg("kustomize").arg(folder).output().unwrap();
    assert!(output.status.success(), "{}: {}", folder.display(), String::from_utf8_lossy(&output.stderr));
    let built = documents(&String::from_utf8(output.stdout).unwrap());
    let list = documents(&fs::read_to_string(folder.join("kustomization.yaml")).unwrap());
    let listed: BTreeSet<String> = texts(&list[0]["resources"]).into_iter().map(str::to_owned).collect();
    let lies = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let there: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .map(|path| lies(&path))
        .filter(|name| name != "kustomization.yaml")
        .collect();
    assert_eq!(listed, there, "{}", folder.display());
    let objects: usize =
        listed.iter().map(|name| documents(&fs::read_to_string(folder.join(name)).unwrap()).len()).sum();
    assert_eq!(built.len(), objects, "{}", folder.display());
}

/// Every drawing of the tests that helm can install, with its plan and its bundle.
fn by_charts() -> Vec<(String, Plan, Bundle)> {
    let mut all = Vec::new();
    for path in fs::read_dir(folder("topologies")).unwrap().flatten().map(|entry| entry.path()) {
        let mut topology = Topology::read(&fs::read_to_string(&path).unwrap()).unwrap();
        topology.istio.installer = Installer::Helm;
        let Some(mesh) = check(&topology).mesh else { continue };
        all.push((path.display().to_string(), Plan::new(&mesh), Bundle::write(&topology, None).unwrap()));
    }
    assert!(all.len() >= 5, "{} drawings", all.len());
    all
}

/// For every step the places of all that come before it, directly or not.
fn ancestors(plan: &Plan) -> Vec<Set<usize>> {
    let mut all: Vec<Set<usize>> = Vec::new();
    for after in &plan.after {
        let mut before = after.clone();
        before.extend(after.iter().flat_map(|&place| all[place].clone()));
        all.push(before);
    }
    all
}

/// Whether the tools can apply a step: all it lacks are addresses.
fn lies_in_git(step: &Step) -> bool {
    let only_addresses = step.holes.iter().all(|hole| hole.text().contains("ADDRESS"));
    match step.action {
        Action::Apply(_) => step.holes.is_empty(),
        Action::Helm(_) => only_addresses,
        Action::Install(_) => false,
    }
}

#[test]
fn argo_cd_syncs_in_the_order_of_the_plan() {
    for (name, plan, bundle) in by_charts() {
        let set = &documents(&bundle.files["gitops/argocd/applicationset.yaml"])[0];
        let generators = &set["spec"]["generators"];
        let early = &generators[0]["list"]["elements"];
        let late = &generators[1]["matrix"]["generators"][1]["list"]["elements"];
        let elements = |list: &Value| list.as_array().cloned().unwrap_or_default();
        let all: Vec<(bool, Value)> = elements(early)
            .into_iter()
            .map(|one| (false, one))
            .chain(elements(late).into_iter().map(|one| (true, one)))
            .collect();
        let wave = |one: &Value| one["wave"].as_str().unwrap().parse::<usize>().unwrap();
        let of_step = |step: &Step| {
            let files = step.files();
            let mine = |one: &&(bool, Value)| {
                one.1["folder"] == step.id.folder().as_str()
                    || one.1["charts"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .any(|chart| files.contains(&chart["values"].as_str().unwrap().to_owned()))
            };
            let found: Vec<&(bool, Value)> = all.iter().filter(mine).collect();
            assert!(found.len() <= 1, "{name}: {} is applied twice", step.id);
            found.first().copied()
        };
        for (place, before) in ancestors(&plan).iter().enumerate() {
            let step = &plan.steps[place];
            let found = of_step(step);
            assert_eq!(found.is_some(), lies_in_git(step), "{name}: {}", step.id);
            let Some((late, one)) = found else { continue };
            let needs_address = |place: usize| !plan.steps[place].holes.is_empty();
            let expected = needs_address(place)
                || before.iter().any(|&before| needs_address(before) && lies_in_git(&plan.steps[before]));
            assert!(*late || !expected, "{name}: {} must wait for the addresses", step.id);
            for earlier in before.iter().filter_map(|&before| of_step(&plan.steps[before])) {
                assert!(wave(&earlier.1) < wave(one), "{name}: {earlier:?} before {one}");
            }
        }
        let steps = set["spec"]["strategy"]["rollingSync"]["steps"].as_array().unwrap();
        let synced: Vec<usize> = steps
            .iter()
            .map(|step| step["matchExpressions"][0]["values"][0].as_str().unwrap().parse().unwrap())
            .collect();
        let waves: BTreeSet<usize> = all.iter().map(|(_, one)| wave(one)).collect();
        assert_eq!(synced, waves.into_iter().collect::<Vec<_>>(), "{name}: every wave is synced, in order");
    }
}

#[test]
fn flux_waits_as_the_plan_does() {
    for (name, plan, bundle) in by_charts() {
        let stages: BTreeMap<String, Value> = documents(&bundle.files["gitops/flux/stages.yaml"])
            .into_iter()
            .map(|stage| (stage["metadata"]["name"].as_str().unwrap().to_owned(), stage))
            .collect();
        // For each stage all that it waits for, directly or not; a circle would never end.
        let mut waits: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        while waits.len() < stages.len() {
            let known = waits.len();
            for (stage, object) in &stages {
                let after: Vec<&str> = object["spec"]["dependsOn"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|other| other["name"].as_str().unwrap())
                    .collect();
                if !waits.contains_key(stage.as_str()) && after.iter().all(|other| waits.contains_key(other)) {
                    let mut all: BTreeSet<&str> = after.iter().flat_map(|other| waits[other].clone()).collect();
                    all.extend(after);
                    waits.insert(stage, all);
                }
            }
            assert!(waits.len() > known, "{name}: stages wait for each other, or for one that is not there");
        }
        let of_step = |step: &Step| {
            let id = format!("{}-{}", bundle.index.mesh_id, step.id.to_string().replace('/', "-"));
            let by_path = |path: &Value| path == format!("./{}", step.id.folder()).as_str();
            let found = stages.iter().find(|(stage, object)| **stage == id || by_path(&object["spec"]["path"]));
            found.map(|(stage, _)| stage.as_str())
        };
        for (place, before) in ancestors(&plan).iter().enumerate() {
            let step = &plan.steps[place];
            if !lies_in_git(step) {
                continue;
            }
            let stage = of_step(step).unwrap_or_else(|| panic!("{name}: nobody applies {}", step.id));
            for &earlier in before {
                let earlier = &plan.steps[earlier];
                let waited = of_step(earlier).unwrap_or_else(|| panic!("{name}: nobody waits for {}", earlier.id));
                assert!(waits[stage].contains(waited), "{name}: {stage} does not wait for {waited}");
            }
            let needs_address = !step.holes.is_empty();
            assert_eq!(
                stages[stage]["spec"]["postBuild"]["substituteFrom"].is_array(),
                needs_address,
                "{name}: {stage}"
            );
            assert!(
                !needs_address || waits[stage].contains(format!("{}-addresses", bundle.index.mesh_id).as_str()),
                "{name}: {stage}"
            );
            if let Action::Helm(releases) = &step.action {
                let path = stages[stage]["spec"]["path"].as_str().unwrap().trim_start_matches("./").to_owned();
                for release in releases {
                    let object = &documents(&bundle.files[&format!("{path}/{}.yaml", release.name)])[0];
                    let values = documents(&release.values.text());
                    assert_eq!(object["spec"]["values"], values[0], "{name}: {stage}");
                    assert_eq!(object["spec"]["kubeConfig"]["secretRef"]["name"], step.id.cluster.as_str());
                }
            }
        }
        for (stage, object) in &stages {
            let Some(path) = object["spec"]["path"].as_str().filter(|path| !path.ends_with("/addresses")) else {
                continue;
            };
            let list = format!("{}/kustomization.yaml", path.trim_start_matches("./"));
            assert!(bundle.files.contains_key(&list), "{name}: {stage} applies {path}");
        }
    }
}

#[test]
fn without_charts_the_page_renders_what_is_to_be_committed() {
    let bundle = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rendered-for-git");
    if bundle.exists() {
        fs::remove_dir_all(&bundle).unwrap();
    }
    for (path, text) in read_tree(&folder("bundles/external-two-remotes")) {
        fs::create_dir_all(bundle.join(&path).parent().unwrap()).unwrap();
        fs::write(bundle.join(&path), text).unwrap();
    }
    let page = fs::read_to_string(bundle.join("gitops/README.md")).unwrap();
    let commands = page.split("```bash\n").nth(1).unwrap().split("```").next().unwrap();
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", commands]).current_dir(&bundle).env("PATH", Programs::find().path());
    bash.env("CONTROL_PLANE_ADDRESS_EXTERNAL", "198.51.100.7").env("KUBECONFIG", "/dev/null");
    let output = bash.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files: Vec<String> =
        read_tree(&bundle.join("clusters")).keys().filter(|path| path.ends_with("istio.yaml")).cloned().collect();
    let rendered = read_tree(&bundle.join("rendered"));
    assert_eq!(rendered.keys().cloned().collect::<Vec<_>>(), files);
    for (path, text) in &rendered {
        assert!(documents(text).len() > 3 && !text.contains("_ADDRESS_"), "{path}");
    }
    assert!(rendered.values().any(|text| text.contains("198.51.100.7")), "holes are filled");
}

#[test]
fn no_secret_lies_in_git() {
    for (name, plan, bundle) in by_charts() {
        for step in plan.steps.iter().filter(|step| lies_in_git(step)) {
            for manifest in step.action.manifests() {
                let object = manifest.object();
                let text = manifest.text();
                assert!(
                    object.kind != "Secret" || !text.contains("\ndata:") && !text.contains("stringData"),
                    "{name}: {text}"
                );
            }
        }
        for (path, text) in bundle.files.iter().filter(|(path, _)| path.starts_with("gitops/")) {
            let secrets = ["${TOKEN", "${CA_KEY", "stringData"];
            assert!(!secrets.iter().any(|secret| text.contains(secret)), "{name}: {path}");
        }
    }
}
