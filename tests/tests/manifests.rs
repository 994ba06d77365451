//! Every manifest of every golden bundle is accepted by a real API server that knows Istio's CRDs and asks a real istiod,
//! with strict validation; `istioctl` takes every one of its own files, and finds nothing to say of what each cluster gets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use serde_json::Value;
use shared::release::{Dialect, Release};
use tests::bed::{Bed, Cluster, ClusterSpec, eventually};
use tests::golden::read_tree;

const STRICT: [&str; 5] =
    ["apply", "--server-side", "--force-conflicts", "--validate=strict", "--field-manager=isthmus"];

#[test]
fn every_manifest_is_accepted() {
    let bed = Bed::start(&[ClusterSpec::named("cluster1")]).unwrap();
    let cluster = bed.cluster("cluster1");
    cluster.install_gateway_api().unwrap();
    install_istio(&bed, cluster);

    let bundles = Path::new(env!("CARGO_MANIFEST_DIR")).join("bundles");
    let mut count = 0;
    for bundle in fs::read_dir(&bundles).unwrap().flatten().map(|entry| entry.path()) {
        let index = fs::read_to_string(bundle.join("bundle.yaml")).unwrap();
        let version = index.lines().find_map(|line| line.trim().strip_prefix("version: ")).unwrap();
        let renders = Release::parse(version.trim_matches('"')).unwrap().dialect == Dialect::Current;
        let filled = fill(&bundle, &bed.folder().join("filled").join(bundle.file_name().unwrap()));
        for member in fs::read_dir(&filled).unwrap().flatten().map(|entry| entry.path()) {
            count += member_is_accepted(&bed, cluster, &member, renders);
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
    fs::write(bed.folder().join("istio.yaml"), rendered).unwrap();
    let file = bed.folder().join("istio.yaml");
    eventually(Duration::from_mins(1), || match apply(cluster, &["-f", file.to_str().unwrap()]) {
        output if output.status.success() => Ok(()),
        output => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
    })
    .unwrap();
    eventually(Duration::from_mins(1), || cluster.istiod_debug("/debug/clusterz")).unwrap();
    let authority = "jsonpath={.webhooks[*].clientConfig.caBundle}";
    eventually(Duration::from_mins(1), || {
        let validator = ["get", "validatingwebhookconfiguration", "istio-validator-istio-system", "-o", authority];
        let filled = cluster.kubectl_text(&validator)?;
        if filled.is_empty() { Err("istiod has not filled in its validator".into()) } else { Ok(()) }
    })
    .unwrap();
}

/// What `istioctl` makes of one of its files, and helm of the values of a chart.
fn render(bed: &Bed, file: &Path) -> String {
    let charts = [("base.yaml", "base"), ("istiod.yaml", "istio-control/istio-discovery"), ("gateway.yaml", "gateway")];
    let chart = charts.iter().find(|(name, _)| file.ends_with(name));
    let mut command = bed.command(if chart.is_some() { "helm" } else { "istioctl" });
    if let Some((_, chart)) = chart {
        command.args(["template", "istio-eastwestgateway"]).arg(bed.programs().charts().unwrap().join(chart));
        command.args(["-n", "istio-system"]);
    } else {
        command.args(["manifest", "generate"]);
    }
    let output = command.arg("-f").arg(file).output().unwrap();
    assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Copies a bundle with every hole filled by a value of the right form.
fn fill(bundle: &Path, to: &Path) -> PathBuf {
    const SAMPLES: [(&str, &str); 9] = [
        ("${CONTROL_PLANE_ADDRESS_", "198.51.100.8"),
        ("${EASTWEST_ADDRESS_", "198.51.100.7"),
        ("${API_SERVER_", "https://198.51.100.9:6443"),
        ("${READER_CA_", "c2FtcGxl"),
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

/// Applies all that a bundle has for one cluster, as the runbook does but dry; returns how many objects that is.
///
/// What an archived release is installed from is not rendered: today's `istioctl` does not know it.
fn member_is_accepted(bed: &Bed, cluster: &Cluster, member: &Path, renders: bool) -> usize {
    let mut steps: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for (path, _) in read_tree(member) {
        let path = member.join(path);
        steps.entry(path.parent().unwrap().to_owned()).or_default().push(path);
    }
    let mut documents = Vec::new();
    for (step, files) in &steps {
        let is_namespace = |file: &&PathBuf| fs::read_to_string(file).unwrap().contains("\nkind: Namespace\n");
        for namespace in files.iter().filter(is_namespace) {
            // For real: what lies in a namespace is refused without it.
            accepted(&apply(cluster, &["-f", namespace.to_str().unwrap()]), namespace);
        }
        if step.join("kustomization.yaml").is_file() {
            let built = cluster.kubectl_text(&["kustomize", step.to_str().unwrap()]).unwrap();
            let objects = built.split("\n---\n").count();
            assert_eq!(objects, files.len() - 1, "{}: one object a file, all of them listed", step.display());
            documents.push(built);
        } else if renders {
            // The CRDs are the same for all, big, and there since the first one.
            let is_crd = |document: &&str| document.contains("\nkind: CustomResourceDefinition\n");
            let rendered = files.iter().map(|file| render(bed, file)).collect::<Vec<_>>().join("\n---\n");
            documents.extend(rendered.split("\n---\n").filter(|document| !is_crd(document)).map(str::to_owned));
        }
    }
    let all = bed.folder().join("all.yaml");
    fs::write(&all, documents.join("\n---\n")).unwrap();
    analyzed(bed, &all, member);
    accepted(&apply(cluster, &["--dry-run=server", "-f", all.to_str().unwrap()]), member).lines().count()
}

/// `istioctl analyze` has nothing to say, but for what the document's own `DestinationRule` brings: it begins TLS anew inside of
/// the cluster, where the certificate's authority is not checked.
fn analyzed(bed: &Bed, all: &Path, member: &Path) {
    let analyze = ["analyze", "--use-kube=false", "-A", "-o", "json"];
    let output = bed.command("istioctl").args(analyze).arg(all).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let messages: Vec<Value> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{}: {error}\n{said}", member.display()));
    let is_known = |message: &Value| {
        message["code"] == "IST0129" && message["origin"].as_str().is_some_and(|origin| origin.ends_with("istiod-dr"))
    };
    let unknown: Vec<&Value> = messages.iter().filter(|message| !is_known(message)).collect();
    assert!(unknown.is_empty(), "{}: {unknown:#?}", member.display());
    assert!(output.status.success(), "{}: {said}", member.display());
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

fn accepted(output: &Output, path: &Path) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", path.display());
    // A warning of the API server would reach the operator too.
    assert!(!said.contains("Warning"), "{}: {said}", path.display());
    String::from_utf8_lossy(&output.stdout).into_owned()
}
