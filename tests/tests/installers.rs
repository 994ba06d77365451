//! Both installers make the same mesh: what `helm` renders from the charts and what `istioctl` renders from the
//! `IstioOperator` files differ only where the table in `docs/installers.md` says so.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use shared::hole::each_variable;
use shared::mesh::{Mesh, check};
use shared::plan::Plan;
use shared::step::{Action, Chart, Step};
use shared::topology::{Installer, Topology};
use tests::bed::Programs;
use tests::judge::same;

/// A way in which the two may differ, and why that is right.
struct Row {
    /// Where: everywhere, or at gateways alone.
    gateways_only: bool,
    /// The kind of the object; `*` for all.
    kind: &'static str,
    /// Beginnings of paths in the object, where these are all: `*` stands for one part, an empty path for the object itself.
    paths: &'static [&'static str],
    /// Why it is right, as the documentation has it.
    reason: &'static str,
}

const fn any(kind: &'static str, paths: &'static [&'static str], reason: &'static str) -> Row {
    Row { gateways_only: false, kind, paths, reason }
}

const fn at_gateways(kind: &'static str, paths: &'static [&'static str], reason: &'static str) -> Row {
    Row { gateways_only: true, kind, paths, reason }
}

/// Every difference there may be.
const TABLE: &[Row] = &[
    any(
        "*",
        &[
            "metadata/labels/app.kubernetes.io~instance",
            "metadata/labels/release",
            "spec/template/metadata/labels/app.kubernetes.io~instance",
        ],
        "labels that name the release: helm has one for each chart, `istioctl` calls all of them `istio`",
    ),
    any(
        "ConfigMap",
        &["data/merged-values", "data/original-values"],
        "the charts' own record of their values, which nothing reads",
    ),
    at_gateways(
        "*",
        &[
            "metadata/labels/app.kubernetes.io~name",
            "metadata/labels/helm.sh~chart",
            "spec/template/metadata/labels/app.kubernetes.io~name",
            "spec/template/metadata/labels/helm.sh~chart",
            "spec/template/metadata/labels/chart",
            "spec/template/metadata/labels/heritage",
            "spec/template/metadata/labels/release",
        ],
        "labels that name the chart: helm's is `gateway`, that of `istioctl` the older `istio-ingress`",
    ),
    at_gateways(
        "*",
        &[
            "metadata/labels/install.operator.istio.io~owning-resource",
            "metadata/labels/operator.istio.io~component",
            "metadata/labels/istio.io~rev",
            "spec/template/metadata/labels/install.operator.istio.io~owning-resource",
            "spec/template/metadata/labels/operator.istio.io~component",
        ],
        "labels by which `istioctl` finds what it installed",
    ),
    at_gateways(
        "*",
        &["metadata/labels/istio.io~dataplane-mode", "spec/template/metadata/labels/istio.io~dataplane-mode"],
        "the newer chart says that a gateway stays out of ambient mode; there is none in these meshes",
    ),
    at_gateways(
        "*",
        &[
            "metadata/labels/topology.istio.io~network",
            "spec/selector/matchLabels/topology.istio.io~network",
            "spec/selector/topology.istio.io~network",
            "spec/selector/matchLabels/networking.istio.io~gatewayPort",
            "spec/selector/networking.istio.io~gatewayPort",
        ],
        "the newer chart labels the Service and the pods with the network, where istiod reads it, and nothing else",
    ),
    at_gateways(
        "Deployment",
        &[
            "spec/template/metadata/labels/service.istio.io~canonical-name",
            "spec/template/metadata/labels/service.istio.io~canonical-revision",
            "spec/template/spec/containers/istio-proxy/env/ISTIO_META_UNPRIVILEGED_POD",
            "spec/template/spec/containers/istio-proxy/ports",
            "spec/template/spec/containers/istio-proxy/securityContext/runAsNonRoot",
            "spec/template/spec/securityContext",
        ],
        "what injection sets at the pod in any case; the newer chart lets it bind low ports by a sysctl instead",
    ),
    at_gateways(
        "Deployment",
        &["spec/template/spec/containers/istio-proxy/volumeMounts", "spec/template/spec/volumes"],
        "the older chart mounts two optional secrets with certificates; gateways are handed theirs by istiod",
    ),
    at_gateways(
        "Deployment",
        &["spec/strategy", "spec/template/spec/terminationGracePeriodSeconds"],
        "how pods are replaced: Kubernetes' own defaults against the older chart's",
    ),
    at_gateways(
        "Deployment",
        &["spec/template/spec/serviceAccountName"],
        "the account is called like the gateway; `istioctl` appends `-service-account`",
    ),
    at_gateways(
        "ServiceAccount",
        &[""],
        "the account is called like the gateway; `istioctl` appends `-service-account`",
    ),
    at_gateways(
        "Role",
        &[""],
        "what lets the gateway read certificates is called like the gateway; `istioctl` appends `-sds`",
    ),
    at_gateways(
        "RoleBinding",
        &[""],
        "what lets the gateway read certificates is called like the gateway; `istioctl` appends `-sds`",
    ),
    at_gateways(
        "Service",
        &["spec/ports/http2/targetPort", "spec/ports/https/targetPort"],
        "where the gateway's pod listens, which istiod reads here; the newer chart may bind low ports",
    ),
    at_gateways(
        "Service",
        &["spec/ports/status-port"],
        "the newer chart's egress gateway has its port for health at the Service too",
    ),
    at_gateways("Service", &["spec/ports/*/protocol"], "TCP is what a Service's port has where nothing is said"),
];

/// Every object of a rendering, by kind and name, as paths with their values.
type Objects = BTreeMap<String, BTreeMap<String, Value>>;

#[test]
fn what_both_render_differs_only_where_the_table_says_so() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("topologies");
    let mut seen = Vec::new();
    let (mut compared, mut used) = (0, BTreeSet::new());
    let mut drawings: Vec<(String, Topology)> = Vec::new();
    for path in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        drawings.push((path.display().to_string(), Topology::read(&fs::read_to_string(&path).unwrap()).unwrap()));
    }
    drawings.push(("all that is said of a gateway".to_owned(), everything_said()));
    for (name, mut topology) in drawings {
        let [operators, charts] = [Installer::Istioctl, Installer::Helm].map(|installer| {
            topology.istio.installer = installer;
            check(&topology).mesh
        });
        let (Some(operators), Some(charts)) = (operators, charts) else { continue };
        if seen.contains(&topology) {
            continue;
        }
        seen.push(topology);
        compared += compare(&name, &operators, &charts, &mut used);
    }
    assert!(seen.len() >= 5 && compared >= 14, "{} drawings with {compared} installations", seen.len());
    for (place, row) in TABLE.iter().enumerate() {
        assert!(used.contains(&place), "no difference is of this kind any more: {}", row.reason);
    }
}

/// A primary and its remote, with a revision, a trust domain, and gateways of which everything is said.
fn everything_said() -> Topology {
    let text = include_str!("../topologies/primary-remote-multi-network.yaml");
    let mut topology = Topology::read(text).unwrap();
    "example.com".clone_into(&mut topology.trust_domain);
    "canary".clone_into(&mut topology.istio.revision);
    for cluster in &mut topology.clusters {
        cluster.east_west.port = 443;
        cluster.east_west.annotations = vec![("example.com/scheme".to_owned(), "internal".to_owned())];
        cluster.east_west.source_ranges = vec!["203.0.113.0/24".to_owned()];
    }
    topology
}

/// Compares every installation of two meshes that differ in their installer; notes the rows of the table that were needed.
fn compare(drawing: &str, operators: &Mesh, charts: &Mesh, used: &mut BTreeSet<usize>) -> usize {
    let (operators, charts) = (Plan::new(operators), Plan::new(charts));
    let mut compared = 0;
    let mut pairs = Vec::new();
    for (operator, chart) in operators.steps.iter().zip(&charts.steps) {
        assert_eq!(operator.id, chart.id);
        if let (Action::Install(_), Action::Helm(_)) = (&operator.action, &chart.action) {
            pairs.push((operator, chart));
        } else {
            assert_eq!(operator.action, chart.action, "{drawing}: {}", operator.id);
        }
    }
    let render = |(operator, chart): &(&Step, &Step)| (by_istioctl(operator), by_helm(chart));
    let rendered: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = pairs.iter().map(|pair| scope.spawn(move || render(pair))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for ((operator, _), (left, right)) in pairs.iter().zip(rendered) {
        compared += 1;
        let place = format!("{drawing}: {}", operator.id);
        let is_gateway =
            matches!(&pairs[compared - 1].1.action, Action::Helm(releases) if releases[0].chart == Chart::Gateway);
        assert!(left.len() > 2 && right.len() > 2, "{place} renders something");
        for object in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
            let nothing = BTreeMap::new();
            let (left, right) = (left.get(object), right.get(object));
            let missing = left.is_none() || right.is_none();
            let (left, right) = (left.unwrap_or(&nothing), right.unwrap_or(&nothing));
            if missing {
                allowed(&place, is_gateway, object, "", used);
                continue;
            }
            for path in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
                if left.get(path) != right.get(path) {
                    allowed(&place, is_gateway, object, path, used);
                }
            }
        }
    }
    compared
}

/// Finds the row that allows a difference.
fn allowed(place: &str, is_gateway: bool, object: &str, path: &str, used: &mut BTreeSet<usize>) {
    let fits = |row: &Row| {
        let kind = row.kind == "*" || object == row.kind || object.split(' ').next() == Some(row.kind);
        kind && (is_gateway || !row.gateways_only) && row.paths.iter().any(|pattern| begins(path, pattern))
    };
    let row = TABLE.iter().position(fits);
    used.insert(row.unwrap_or_else(|| panic!("{place}: the installers differ at `{path}` of {object}")));
}

/// Says whether a path begins with a pattern, part by part.
fn begins(path: &str, pattern: &str) -> bool {
    if pattern.is_empty() {
        return path.is_empty();
    }
    let mut parts = path.split('/');
    pattern.split('/').all(|wanted| parts.next().is_some_and(|part| wanted == "*" || wanted == part))
}

fn by_istioctl(step: &Step) -> Objects {
    let Action::Install(operator) = &step.action else { return Objects::new() };
    let program = Programs::find().get("istioctl").unwrap();
    objects(&render(Command::new(program).args(["manifest", "generate", "-f", "-"]), &operator.text()))
}

fn by_helm(step: &Step) -> Objects {
    let Action::Helm(releases) = &step.action else { return Objects::new() };
    let (helm, charts) = (Programs::find().get("helm").unwrap(), Programs::find().charts().unwrap());
    let mut all = Objects::new();
    for release in releases {
        let folder = match release.chart {
            Chart::Base => "base",
            Chart::Istiod => "istio-control/istio-discovery",
            Chart::Gateway => "gateway",
        };
        let mut command = Command::new(&helm);
        command.args(["template", &release.name]).arg(charts.join(folder)).args(["-n", &release.namespace, "-f", "-"]);
        for (name, object) in objects(&render(&mut command, &release.values.text())) {
            assert!(all.insert(name.clone(), object).is_none(), "{name} is in two charts of {}", step.id);
        }
    }
    all
}

/// Runs a program with a file on its standard input, holes filled.
fn render(command: &mut Command, file: &str) -> String {
    let mut text = file.to_owned();
    each_variable(file, |name| text = text.replace(&format!("${{{name}}}"), "198.51.100.7"));
    command.env("KUBECONFIG", "/dev/null").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Takes a rendering apart; parts of a path are separated by `/`, which in a key becomes `~`. What is null or empty says nothing.
fn objects(text: &str) -> Objects {
    let mut objects = Objects::new();
    for document in text.split("\n---") {
        let value: Value = serde_yaml::from_str(document).unwrap();
        let Some(kind) = value["kind"].as_str() else { continue };
        let mut paths = BTreeMap::new();
        flatten(&value, "", &mut paths);
        let name = format!("{kind} {}", value["metadata"]["name"].as_str().unwrap());
        assert!(objects.insert(name.clone(), paths).is_none(), "{name} twice");
    }
    objects
}

fn flatten(value: &Value, path: &str, into: &mut BTreeMap<String, Value>) {
    let below = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path}/{part}") };
    match value {
        Value::Null => {}
        Value::Object(map) => {
            for (key, value) in map {
                flatten(value, &below(&key.replace('/', "~")), into);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                // Items with a name are told apart by it: their order means nothing to Kubernetes.
                let name = item["name"].as_str().map_or_else(|| place.to_string(), str::to_owned);
                flatten(item, &below(&name), into);
            }
        }
        leaf => {
            into.insert(path.to_owned(), leaf.clone());
        }
    }
}

#[test]
fn the_documentation_has_the_same_table() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/installers.md")).unwrap();
    let rows: BTreeSet<String> = page.lines().filter(|line| line.starts_with("| at ")).map(str::to_owned).collect();
    let row = |row: &Row| {
        let place = if row.gateways_only { "at gateways" } else { "at all charts" };
        format!("| {place} | {} |", row.reason)
    };
    same(&TABLE.iter().map(row).collect(), &rows).unwrap();
}
