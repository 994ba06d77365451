//! From a topology to a mesh: all that is wrong at once, in drawing order.

mod exposure;
mod names;
mod north_south;
mod reach;
mod release;
mod risks;
mod roles;
mod servers;
mod versions;

use super::{Checked, Mesh, is_member};
use crate::finding::{Finding, Fix, Kind, Subject, catalogue};
use crate::name::{ClusterName, is_label, slug};
use crate::release::Release;
use crate::sorted;
use crate::text::Text;
use crate::topology::{Cluster, DEFAULT_RELEASE, DEFAULT_TRUST_DOMAIN, Installer, Role, Topology};

/// Checks a drawing; without an error it is a mesh.
pub fn check(topology: &Topology) -> Checked {
    let mut report = Report { topology, findings: Vec::new() };
    let release = report.mesh();
    for (index, cluster) in topology.clusters.iter().enumerate() {
        let subject = Subject::Cluster { index, name: cluster.name.clone() };
        report.name(index, cluster, &subject);
        report.network(index, cluster, &subject);
        report.role(index, cluster, &subject);
        report.ways_in(index, cluster, &subject);
        report.gateway(index, cluster, &subject);
        report.servers(index, cluster, &subject);
        report.exposure(index, cluster, &subject);
    }
    report.contexts();
    report.address_ranges();
    report.gateways();
    report.release(release);
    report.versions();
    report.risks();
    let mut findings = report.findings;
    sorted::by(&mut findings, Finding::severity);
    let is_sound = !findings.iter().any(Finding::is_error);
    let mesh = release.filter(|_| is_sound).map(|release| Mesh::new(topology.clone(), release, findings.clone()));
    Checked { mesh, findings }
}

/// The most things that a finding proposes to choose from.
const CHOICES_MAX: usize = 3;

struct Report<'a> {
    topology: &'a Topology,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Notes a finding; mechanical fixes may be set on what is returned.
    fn found(&mut self, kind: &'static Kind, subject: &Subject, what: Text, hint: Text) -> &mut Finding {
        let place = self.findings.len();
        self.findings.push(Finding::new(kind, subject.clone(), what, hint));
        &mut self.findings[place]
    }

    /// Proposes the drawing with one cluster changed.
    fn fixed(&self, index: usize, label: Text, change: impl FnOnce(&mut Cluster)) -> Fix {
        let mut topology = self.topology.clone();
        change(&mut topology.clusters[index]);
        Fix { label, topology: Box::new(topology) }
    }

    /// Proposes the drawing after any other change.
    fn mended(&self, label: Text, change: impl FnOnce(&mut Topology)) -> Fix {
        let mut topology = self.topology.clone();
        change(&mut topology);
        Fix { label, topology: Box::new(topology) }
    }

    /// Proposes the release that a new drawing starts with.
    fn newer(&self) -> Fix {
        let label = Text::new(format!("Take Istio {DEFAULT_RELEASE}"), format!("改用 Istio {DEFAULT_RELEASE}"));
        self.mended(label, |topology| DEFAULT_RELEASE.clone_into(&mut topology.istio.version))
    }

    /// What concerns the mesh as a whole.
    fn mesh(&mut self) -> Option<Release> {
        let Topology { name, mesh_id, trust_domain, istio, clusters, .. } = self.topology;
        if clusters.is_empty() {
            let what = Text::new("there is no cluster yet", "还没有集群");
            let hint = Text::new("add a cluster, or start from a template", "请添加集群，或从模板开始");
            let fix = self.mended(Text::new("Draw the first cluster", "绘制第一个集群"), |topology| {
                topology.clusters.push(Cluster::primary("cluster1", "network1"));
            });
            self.found(catalogue::MESH_EMPTY, &Subject::Mesh("clusters"), what, hint).fixes.push(fix);
        }
        for (field, value, kind) in
            [("name", name, catalogue::MESH_NAME_INVALID), ("meshId", mesh_id, catalogue::MESH_ID_INVALID)]
        {
            if !is_label(value) {
                let what = Text::new(
                    format!("`{value}` cannot be the {field}: it names objects and labels"),
                    format!("`{value}` 不能作为 {field}：它用于对象名和标签"),
                );
                let other = slug(value).unwrap_or_else(|| "mesh1".to_owned());
                let fix = self.mended(renamed(&other), |topology| {
                    let at = if field == "name" { &mut topology.name } else { &mut topology.mesh_id };
                    *at = other;
                });
                self.found(kind, &Subject::Mesh(field), what, label_hint(value)).fixes.push(fix);
            }
        }
        if !is_dns_name(trust_domain) {
            let what = Text::new(
                format!("`{trust_domain}` is not a trust domain"),
                format!("`{trust_domain}` 不是有效的信任域"),
            );
            let hint = Text::new("use a DNS name, such as `cluster.local`", "请使用 DNS 名称，例如 `cluster.local`");
            let domain = dns_name(trust_domain).unwrap_or_else(|| DEFAULT_TRUST_DOMAIN.to_owned());
            let fix = self.mended(renamed(&domain), |topology| topology.trust_domain = domain);
            self.found(catalogue::TRUST_DOMAIN_INVALID, &Subject::Mesh("trustDomain"), what, hint).fixes.push(fix);
        }
        if !istio.revision.is_empty() && !is_label(&istio.revision) {
            let what = Text::new(
                format!("`{}` is not a revision", istio.revision),
                format!("`{}` 不是有效的修订版本", istio.revision),
            );
            let other = slug(&istio.revision).unwrap_or_default();
            let label = if other.is_empty() { left_out() } else { renamed(&other) };
            let fix = self.mended(label, |topology| topology.istio.revision = other);
            let hint = label_hint(&istio.revision);
            self.found(catalogue::REVISION_INVALID, &Subject::Mesh("revision"), what, hint).fixes.push(fix);
        }
        self.installer();
        match Release::parse(&istio.version) {
            Ok(release) => Some(release),
            Err((what, hint)) => {
                let fix = self.newer();
                self.found(catalogue::RELEASE_UNSUPPORTED, &Subject::Mesh("version"), what, hint).fixes.push(fix);
                None
            }
        }
    }

    /// Helm is what istio.io documents for primaries and the remotes they serve. An external control plane it describes for
    /// `istioctl` alone: its istiod needs overlays that the charts do not have (seed 004). Gateways may still come by helm.
    fn installer(&mut self) {
        let Topology { istio, clusters, .. } = self.topology;
        if istio.installer != Installer::Helm {
            return;
        }
        let subject = Subject::Mesh("installer");
        if let Some(external) = clusters.iter().find(|cluster| !is_member(cluster)) {
            let what = Text::new(
                format!(
                    "`{}` runs an external control plane, which Istio documents for istioctl only: its istiod needs overlays that the charts cannot express",
                    external.name
                ),
                format!(
                    "`{}` 运行外部控制平面，Istio 仅为其提供 istioctl 安装方式：其 istiod 需要 chart 无法表达的 overlay",
                    external.name
                ),
            );
            let hint = Text::new(
                "write `installer: istioctl`; an ingress or egress gateway may name `installer: helm` for itself",
                "请写 `installer: istioctl`；入口或出口网关可自行指定 `installer: helm`",
            );
            let fix = self.mended(Text::new("Install with istioctl", "改用 istioctl 安装"), |topology| {
                topology.istio.installer = Installer::Istioctl;
                for gateway in &mut topology.gateways {
                    gateway.installer = gateway.installer.or(Some(Installer::Helm));
                }
            });
            self.found(catalogue::HELM_EXTERNAL, &subject, what, hint).fixes.push(fix);
        }
    }
}

/// Lets the arrows that led to a cluster follow its new name.
pub fn rename_arrows(topology: &mut Topology, from: &ClusterName, to: &ClusterName) {
    for cluster in &mut topology.clusters {
        if let Role::Remote { control_plane: arrow } | Role::External { config: arrow, .. } = &mut cluster.role
            && arrow == from
        {
            *arrow = to.clone();
        }
    }
    for gateway in &mut topology.gateways {
        if gateway.cluster == *from {
            gateway.cluster = to.clone();
        }
    }
}

/// The button that gives a thing another name.
fn renamed(name: &str) -> Text {
    Text::new(format!("Rename to {name}"), format!("重命名为 {name}"))
}

/// The button that takes a thing out that need not be there.
fn left_out() -> Text {
    Text::new("Leave it out", "删除")
}

/// Returns the DNS name nearest to the text, or `None` where nothing of it can stay.
fn dns_name(text: &str) -> Option<String> {
    let mut name = String::new();
    for part in text.split('.').filter_map(slug) {
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&part);
    }
    is_dns_name(&name).then_some(name)
}

/// Says what would be a label, as near to the text as can be.
fn label_hint(text: &str) -> Text {
    slug(text).map_or_else(
        || Text::new("use at most 63 lower-case letters, digits and `-`", "最多 63 个小写字母、数字和 `-`"),
        |slug| Text::new(format!("`{slug}` would do"), format!("可改为 `{slug}`")),
    )
}

fn is_dns_name(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}
