//! The values that Istio's charts are installed with: files for `helm`, not objects of the API server.

use super::Manifest;
use super::istio::{self, EASTWEST, INGRESS, entries};
use super::north_south::EGRESS;
use crate::mesh::Mesh;
use crate::step::{Chart, HelmRelease};
use crate::topology::{Cluster, EAST_WEST_PORT, Expose};
use crate::yaml::Yaml;

/// What every file of values says about itself.
const FOR_HELM: &str = "Values for helm";

/// One chart with its values; the file is named after the chart.
fn release(name: &str, chart: Chart, namespace: &str, header: [&str; 2], values: Vec<(&str, Yaml)>) -> HelmRelease {
    let file = format!("{}.yaml", chart.word());
    let header = header.map(str::to_owned).to_vec();
    HelmRelease {
        name: name.to_owned(),
        chart,
        namespace: namespace.to_owned(),
        values: Manifest { file, header, body: entries(values) },
    }
}

/// The charts of a primary: `base`, then `istiod` (istio.io, "Install Multi-Primary", tab Helm).
pub(super) fn primary(mesh: &Mesh, cluster: &Cluster) -> Vec<HelmRelease> {
    let mut values = revision(mesh);
    values.extend(istio::primary_values(mesh, cluster));
    let source = "Source: Install Multi-Primary, \"Configure cluster1 as a primary\", Helm.";
    vec![base(mesh, cluster, None, source), istiod(mesh, cluster, "its control plane", source, values)]
}

/// The charts of a member that is served from elsewhere, with the profile `remote`, which `base` has too since 1.24
/// (research: 1.4 M3, release note 53294).
///
/// Istio's page also sets `global.configCluster`, which brings a validating webhook that nobody ever gives a `caBundle` in a
/// cluster that keeps no configuration (research: 1.4, effects of step 7), and `pilot.enabled` and `pilot.env`, which no
/// template reads here: they are left out, as in the page's form for `istioctl`.
pub(super) fn remote(mesh: &Mesh, cluster: &Cluster) -> Vec<HelmRelease> {
    let mut values = vec![("profile", "remote".into())];
    values.extend(revision(mesh));
    values.extend(istio::remote_values(mesh, cluster));
    let what = format!("a remote, served by the istiod of {}", mesh.istiod_of(cluster).name);
    let source = "Source: Install Primary-Remote, \"Configure cluster2 as a remote\", Helm.";
    vec![base(mesh, cluster, Some("remote"), source), istiod(mesh, cluster, &what, source, values)]
}

/// What every installation rests on: CRDs, and the account that others read the cluster with.
fn base(mesh: &Mesh, cluster: &Cluster, profile: Option<&str>, source: &str) -> HelmRelease {
    let mut values = Vec::new();
    values.extend(profile.map(|profile| ("profile", profile.into())));
    // The chart brings a validator for every revision unless told not to; `istioctl` brings it only when told.
    values.push(("defaultRevision", istio::default_revision(mesh, cluster).unwrap_or_default().into()));
    let header =
        format!("{}: CRDs, and the account that istiods elsewhere read it with. {FOR_HELM}: chart base.", cluster.name);
    release("istio-base", Chart::Base, mesh.system_namespace(cluster), [&header, source], values)
}

fn istiod(mesh: &Mesh, cluster: &Cluster, what: &str, source: &str, values: Vec<(&str, Yaml)>) -> HelmRelease {
    let header = format!("{}: {what}. {FOR_HELM}: chart istiod.", cluster.name);
    release("istiod", Chart::Istiod, mesh.system_namespace(cluster), [&header, source], values)
}

fn revision(mesh: &Mesh) -> Vec<(&'static str, Yaml)> {
    mesh.revision().map(|revision| ("revision", revision.into())).into_iter().collect()
}

/// The gateway between networks (istio.io, "Install the east-west gateway", tab Helm).
pub(super) fn eastwest(mesh: &Mesh, cluster: &Cluster) -> Vec<HelmRelease> {
    let network = mesh.network(cluster).as_str();
    let east_west = &cluster.east_west;
    let mut values = Vec::new();
    let mut service = Vec::new();
    // `networkGateway` labels the Service with the network, so that istiod would take the address that it has itself; it has no
    // room for further ports, and the charts can name another port for it only since 1.30 (istio/istio#59731).
    let is_plain = east_west.front() != Expose::Nat && !cluster.api_server_by_gateway();
    if is_plain && east_west.port == EAST_WEST_PORT {
        values.push(("networkGateway", network.into()));
    } else {
        if east_west.front() != Expose::Nat {
            let mut labels = vec![("topology.istio.io/network", network.into())];
            if east_west.port != EAST_WEST_PORT {
                labels.push(("networking.istio.io/gatewayPort", east_west.port.to_string().into()));
            }
            values.push(("labels", entries(labels)));
        }
        values.push(("env", Yaml::map([("ISTIO_META_REQUESTED_NETWORK_VIEW", network.into())])));
        service.push(("ports", istio::eastwest_ports(cluster)));
    }
    if east_west.front() == Expose::NodePort {
        service.push(("type", "NodePort".into()));
    }
    let annotations = istio::service_annotations(cluster);
    if !annotations.is_empty() {
        let annotations = annotations.into_iter().map(|(key, value)| (key, value.into()));
        service.push(("annotations", Yaml::Map(annotations.collect())));
    }
    if !east_west.source_ranges.is_empty() {
        let ranges = east_west.source_ranges.iter().map(|range| range.as_str().into());
        service.push(("loadBalancerSourceRanges", Yaml::List(ranges.collect())));
    }
    if !service.is_empty() {
        values.push(("service", entries(service)));
    }
    let header = format!("{}: the gateway through which other networks enter {network}.", cluster.name);
    let source = "Source: Install Multi-Primary on different networks, \"Install the east-west gateway\", Helm.";
    vec![gateway(mesh, EASTWEST, mesh.system_namespace(cluster), [&header, source], values)]
}

/// An ingress gateway (seed 004, "Enable gateways", tab Helm).
pub(super) fn ingress(mesh: &Mesh, cluster: &Cluster) -> Vec<HelmRelease> {
    let header = format!("{}: the gateway by which callers from outside enter the mesh.", cluster.name);
    let source = "Source: Install Istio with an External Control Plane, \"Enable gateways\", Helm.";
    vec![gateway(mesh, INGRESS, mesh.system_namespace(cluster), [&header, source], vec![])]
}

/// An egress gateway (seed 004, "Enable gateways", tab Helm).
pub(super) fn egress(mesh: &Mesh, cluster: &Cluster) -> Vec<HelmRelease> {
    let header = format!("{}: the gateway by which calls leave the mesh.", cluster.name);
    let source = "Source: Install Istio with an External Control Plane, \"Enable gateways\", Helm.";
    let inside = Yaml::map([("type", "ClusterIP".into())]);
    vec![gateway(mesh, EGRESS, mesh.system_namespace(cluster), [&header, source], vec![("service", inside)])]
}

/// A gateway by its chart. Its pod is labelled `istio: <name without "istio-">`, on which the selectors of Istio's pages rely
/// (research: 1.7), so the release is called like the gateway.
pub(super) fn gateway(
    mesh: &Mesh,
    name: &str,
    namespace: &str,
    header: [&str; 2],
    rest: Vec<(&str, Yaml)>,
) -> HelmRelease {
    let mut values = revision(mesh);
    values.extend(rest);
    let first = format!("{} {FOR_HELM}: chart gateway.", header[0]);
    release(name, Chart::Gateway, namespace, [&first, header[1]], values)
}
