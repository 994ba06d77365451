//! Every manifest of every golden bundle is accepted by a real API server that knows Istio's CRDs and asks a real istiod,
//! with strict validation; `istioctl` takes every one of its own files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use tests::bed::{Bed, Cluster, ClusterSpec, eventually};
use tests::golden::read_tree;

const STRICT: [&str; 5] =
    ["apply", "--server-side", "--force-conflicts", "--validate=strict", "--field-manager=isthmus"];

#[test]
fn every_manifest_is_accepted() {
    let bed = Bed::start(&[ClusterSpec::named("cluster1")]).unwrap();
    let cluster = bed.cluster("cluster1");
    install_istio(&bed, cluster);

    let bundles = Path::new(env!("CARGO_MANIFEST_DIR")).join("bundles");
    let mut count = 0;
    for bundle in fs::read_dir(&bundles).unwrap().flatten().map(|entry| entry.path()) {
        let filled = fill(&bundle, &bed.folder().join("filled").join(bundle.file_name().unwrap()));
        for (step, files) in steps(&filled) {
            count += if files.contains(&"kustomization.yaml".to_owned()) {
                manifests_are_accepted(cluster, &step, &files)
            } else {
                installation_is_accepted(&bed, cluster, &step, &files)
            };
        }
    }
    assert!(count > 100, "{count} objects in {}", bundles.display());
    what_is_wrong_is_refused(cluster, &bed.folder().join("filled"));
}

/// The bundle's own control plane, so that CRDs, webhooks and istiod are those that the other manifests will meet.
fn install_istio(bed: &Bed, cluster: &Cluster) {
    cluster.kubectl_text(&["create", "namespace", "istio-system"]).unwrap();
    let file = "bundles/multi-primary/clusters/cluster1/30-istiod/istio.yaml";
    let rendered = render(bed, &Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
    // A resource of a CRD is unknown until its CRD is established.
    eventually(Duration::from_secs(30), || cluster.apply(&rendered)).unwrap();
    eventually(Duration::from_secs(30), || cluster.istiod_debug("/debug/clusterz")).unwrap();
    let authority = "jsonpath={.webhooks[*].clientConfig.caBundle}";
    eventually(Duration::from_secs(30), || {
        let validator = ["get", "validatingwebhookconfiguration", "istio-validator-istio-system", "-o", authority];
        let filled = cluster.kubectl_text(&validator)?;
        if filled.is_empty() { Err("istiod has not filled in its validator".into()) } else { Ok(()) }
    })
    .unwrap();
}

/// What `istioctl` makes of one of its files.
fn render(bed: &Bed, file: &Path) -> String {
    let output = bed.command("istioctl").args(["manifest", "generate", "-f"]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Copies a bundle with every hole filled by a value of the right form.
fn fill(bundle: &Path, to: &Path) -> PathBuf {
    const SAMPLES: [(&str, &str); 8] = [
        ("${EASTWEST_ADDRESS_", "198.51.100.7"),
        ("${API_SERVER_", "https://198.51.100.9:6443"),
        ("${TOKEN_CA_", "c2FtcGxl"),
        ("${TOKEN_", "sample"),
        ("${CA_CERT_", "c2FtcGxl"),
        ("${CA_KEY_", "c2FtcGxl"),
        ("${CERT_CHAIN_", "c2FtcGxl"),
        ("${ROOT_CERT_", "c2FtcGxl"),
    ];
    for (path, text) in read_tree(&bundle.join("clusters")) {
        let mut text = text;
        for (hole, sample) in SAMPLES {
            while let Some(start) = text.find(hole) {
                let end = start + text[start..].find('}').unwrap();
                text.replace_range(start..=end, sample);
            }
        }
        assert!(!text.contains("${"), "{path} has a hole of an unknown kind");
        let path = to.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    to.to_owned()
}

/// The folders of the steps with the names of their files, in the order of their numbers: namespaces come first.
fn steps(bundle: &Path) -> BTreeMap<PathBuf, Vec<String>> {
    let mut steps: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
    for path in read_tree(bundle).into_keys() {
        let (step, file) = path.rsplit_once('/').unwrap();
        steps.entry(bundle.join(step)).or_default().push(file.to_owned());
    }
    steps
}

/// Applies a step's folder as the runbook does, but dry; returns how many objects it has.
fn manifests_are_accepted(cluster: &Cluster, step: &Path, files: &[String]) -> usize {
    for namespace in files.iter().filter(|file| *file == "namespace.yaml") {
        // For real: what lies in a namespace is refused without it.
        accepted(&apply(cluster, &["-f", step.join(namespace).to_str().unwrap()]), step);
    }
    let said = accepted(&apply(cluster, &["--dry-run=server", "-k", step.to_str().unwrap()]), step);
    let objects = said.lines().count();
    assert_eq!(objects, files.len() - 1, "{}: one object a file, all of them listed:\n{said}", step.display());
    objects
}

/// Renders a step's file, and applies that, dry; returns how many objects it has.
fn installation_is_accepted(bed: &Bed, cluster: &Cluster, step: &Path, files: &[String]) -> usize {
    let mut objects = 0;
    for file in files {
        let rendered = bed.folder().join("rendered.yaml");
        fs::write(&rendered, render(bed, &step.join(file))).unwrap();
        let said = accepted(&apply(cluster, &["--dry-run=server", "-f", rendered.to_str().unwrap()]), step);
        objects += said.lines().count();
    }
    objects
}

/// The test would see a mistake: an unknown field, and a word that only istiod knows to be wrong.
fn what_is_wrong_is_refused(cluster: &Cluster, filled: &Path) {
    let gateway = filled.join("multi-primary-multi-network/cluster1/65-expose-services/gateway.yaml");
    let right = fs::read_to_string(&gateway).unwrap();
    let wrong = filled.join("wrong.yaml");
    let refused = |text: &str| {
        assert_ne!(text, right);
        fs::write(&wrong, text).unwrap();
        let output = apply(cluster, &["--dry-run=server", "-f", wrong.to_str().unwrap()]);
        assert!(!output.status.success(), "{text}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let unknown = refused(&right.replace("selector:", "selektor:"));
    assert!(unknown.contains("selektor"), "{unknown}");
    let mistaken = refused(&right.replace("number: 15443", "number: 70000"));
    assert!(mistaken.contains("validation.istio.io"), "{mistaken}");
}

fn apply(cluster: &Cluster, more: &[&str]) -> Output {
    cluster.kubectl(&[&STRICT[..], more].concat()).unwrap()
}

fn accepted(output: &Output, step: &Path) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", step.display());
    // A warning of the API server would reach the operator too.
    assert!(!said.contains("Warning"), "{}: {said}", step.display());
    String::from_utf8_lossy(&output.stdout).into_owned()
}
