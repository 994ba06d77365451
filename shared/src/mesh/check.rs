//! From a topology to a mesh: all that is wrong at once, in drawing order.

mod exposure;
mod north_south;
mod reach;
mod release;

use super::{Checked, Mesh, is_member};
use crate::finding::{Finding, Fix, Kind, Subject, catalogue};
use crate::name::{ClusterName, is_label, slug};
use crate::release::Release;
use crate::text::Text;
use crate::topology::{Cluster, Installer, Role, Topology};

/// Checks a drawing; without an error it is a mesh.
pub fn check(topology: &Topology) -> Checked {
    let mut report = Report { topology, findings: Vec::new() };
    let release = report.mesh();
    for (index, cluster) in topology.clusters.iter().enumerate() {
        let subject = Subject::Cluster { index, name: cluster.name.clone() };
        report.name(index, cluster, &subject);
        report.network(index, cluster, &subject);
        report.role(cluster, &subject);
        report.ways_in(cluster, &subject);
        report.gateway(cluster, &subject);
        report.exposure(index, cluster, &subject);
    }
    report.contexts();
    report.address_ranges();
    report.gateways();
    report.release(release);
    let mut findings = report.findings;
    findings.sort_by_key(Finding::severity);
    let mesh =
        release.filter(|_| !findings.iter().any(Finding::is_error)).map(|release| Mesh::new(topology.clone(), release));
    Checked { mesh, findings }
}

struct Report<'a> {
    topology: &'a Topology,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Notes a finding; a mechanical fix may be set on what is returned.
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

    /// What concerns the mesh as a whole.
    fn mesh(&mut self) -> Option<Release> {
        let Topology { name, mesh_id, trust_domain, istio, clusters, .. } = self.topology;
        if clusters.is_empty() {
            let what = Text::new("there is no cluster yet", "还没有集群");
            self.found(
                catalogue::MESH_EMPTY,
                &Subject::Mesh("clusters"),
                what,
                Text::new("add a cluster, or start from a template", "请添加集群，或从模板开始"),
            );
        }
        for (field, value, kind) in
            [("name", name, catalogue::MESH_NAME_INVALID), ("meshId", mesh_id, catalogue::MESH_ID_INVALID)]
        {
            if !is_label(value) {
                let what = Text::new(
                    format!("`{value}` cannot be the {field}: it names objects and labels"),
                    format!("`{value}` 不能作为 {field}：它用于对象名和标签"),
                );
                self.found(kind, &Subject::Mesh(field), what, label_hint(value));
            }
        }
        if !is_dns_name(trust_domain) {
            let what = Text::new(
                format!("`{trust_domain}` is not a trust domain"),
                format!("`{trust_domain}` 不是有效的信任域"),
            );
            self.found(
                catalogue::TRUST_DOMAIN_INVALID,
                &Subject::Mesh("trustDomain"),
                what,
                Text::new("use a DNS name, such as `cluster.local`", "请使用 DNS 名称，例如 `cluster.local`"),
            );
        }
        if !istio.revision.is_empty() && !is_label(&istio.revision) {
            let what = Text::new(
                format!("`{}` is not a revision", istio.revision),
                format!("`{}` 不是有效的修订版本", istio.revision),
            );
            self.found(
                catalogue::REVISION_INVALID,
                &Subject::Mesh("revision"),
                what,
                label_hint(&istio.revision.replace('.', "-")),
            );
        }
        self.installer();
        match Release::parse(&istio.version) {
            Ok(release) => Some(release),
            Err((what, hint)) => {
                self.found(catalogue::RELEASE_UNSUPPORTED, &Subject::Mesh("version"), what, hint);
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
            let mut fixed = self.topology.clone();
            fixed.istio.installer = Installer::Istioctl;
            for gateway in &mut fixed.gateways {
                gateway.installer = gateway.installer.or(Some(Installer::Helm));
            }
            let label = Text::new("Install with istioctl", "改用 istioctl 安装");
            let fix = Fix { label, topology: Box::new(fixed) };
            self.found(catalogue::HELM_EXTERNAL, &subject, what, hint).fix = Some(fix);
        }
    }

    fn name(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = cluster.name.as_str();
        if is_label(name) {
            if self.topology.clusters[..index].iter().any(|other| other.name == cluster.name) {
                let what = Text::new(
                    format!("two clusters are called `{name}`: istiod would ignore one of them silently"),
                    format!("两个集群都叫 `{name}`：istiod 会静默忽略其中一个"),
                );
                self.found(
                    catalogue::CLUSTER_NAME_DUPLICATE,
                    subject,
                    what,
                    Text::new("give every cluster a name of its own", "请为每个集群取不同的名称"),
                );
            }
            return;
        }
        let what = if name.is_empty() {
            Text::new("a cluster has no name", "有集群没有名称")
        } else {
            Text::new(
                format!("`{name}` cannot name a cluster: a remote secret could not carry it"),
                format!("`{name}` 不能作为集群名：远程 Secret 无法使用它"),
            )
        };
        let free = slug(name).filter(|slug| self.topology.cluster(&slug.as_str().into()).is_none());
        let fix = free.map(|slug| {
            let label = Text::new(format!("Rename to {slug}"), format!("重命名为 {slug}"));
            let mut fix = self.fixed(index, label, |cluster| cluster.name = slug.as_str().into());
            rename_arrows(&mut fix.topology, &cluster.name, &slug.as_str().into());
            fix
        });
        self.found(catalogue::CLUSTER_NAME_INVALID, subject, what, label_hint(name)).fix = fix;
    }

    fn network(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = &cluster.name;
        match (&cluster.network, is_member(cluster)) {
            (None, true) => {
                let what = Text::new(format!("`{name}` is on no network"), format!("`{name}` 不在任何网络中"));
                self.found(
                    catalogue::NETWORK_MISSING,
                    subject,
                    what,
                    Text::new(
                        "say which network its pods are on: `network: network1`",
                        "请指明其 Pod 所在的网络：`network: network1`",
                    ),
                );
            }
            (Some(_), false) => {
                let fix = self.fixed(index, Text::new("Take it off the network", "移出网络"), |cluster| {
                    cluster.network = None;
                });
                let what = Text::new(
                    format!(
                        "`{name}` runs the control plane of others and is no member of the mesh, so it has no network"
                    ),
                    format!("`{name}` 只运行他人的控制平面，不是网格成员，因此没有网络"),
                );
                self.found(
                    catalogue::NETWORK_OF_EXTERNAL,
                    subject,
                    what,
                    Text::new("take `network` out", "请删除 `network`"),
                )
                .fix = Some(fix);
            }
            (Some(network), true) if !is_label(network.as_str()) => {
                let what = Text::new(
                    format!("`{network}` cannot name a network: it becomes the value of a label"),
                    format!("`{network}` 不能作为网络名：它会成为标签的值"),
                );
                self.found(catalogue::NETWORK_NAME_INVALID, subject, what, label_hint(network.as_str()));
            }
            _ => {}
        }
    }

    fn role(&mut self, cluster: &Cluster, subject: &Subject) {
        let name = &cluster.name;
        match &cluster.role {
            Role::Primary { .. } => {}
            Role::Remote { control_plane } => self.control_plane(subject, name, control_plane),
            Role::External { config, namespace, .. } => {
                self.config(subject, name, config);
                if !is_label(namespace) {
                    let what = Text::new(
                        format!("`{namespace}` is not a namespace"),
                        format!("`{namespace}` 不是有效的命名空间"),
                    );
                    self.found(catalogue::NAMESPACE_INVALID, subject, what, label_hint(namespace));
                }
            }
        }
    }

    fn control_plane(&mut self, subject: &Subject, name: &ClusterName, control_plane: &ClusterName) {
        let runs_istiod = |cluster: &&Cluster| !matches!(cluster.role, Role::Remote { .. });
        let candidates: Vec<&str> =
            self.topology.clusters.iter().filter(runs_istiod).map(|c| c.name.as_str()).collect();
        let hint = match candidates.as_slice() {
            [] => Text::new("draw a primary or an external control plane first", "请先绘制主集群或外部控制平面"),
            names => Text::new(
                format!("`controlPlane` can be: {}", names.join(", ")),
                format!("`controlPlane` 可以是：{}", names.join("、")),
            ),
        };
        let what = match self.topology.cluster(control_plane) {
            Some(target) if runs_istiod(&target) => return,
            Some(_) if control_plane == name => Text::new(
                format!("`{name}` is a remote that is served by itself"),
                format!("从集群 `{name}` 由它自己服务"),
            ),
            Some(_) => Text::new(
                format!("`{name}` is served by `{control_plane}`, a remote, which runs no control plane"),
                format!("`{name}` 由从集群 `{control_plane}` 服务，而后者没有控制平面"),
            ),
            None if control_plane.is_empty() => Text::new(
                format!("`{name}` is a remote that nobody serves"),
                format!("从集群 `{name}` 没有控制平面为其服务"),
            ),
            None => Text::new(
                format!("`{name}` is served by `{control_plane}`, which is not in the drawing"),
                format!("`{name}` 由 `{control_plane}` 服务，但图中没有它"),
            ),
        };
        self.found(catalogue::CONTROL_PLANE_UNRESOLVED, subject, what, hint);
    }

    fn config(&mut self, subject: &Subject, name: &ClusterName, config: &ClusterName) {
        let served =
            |cluster: &&Cluster| matches!(&cluster.role, Role::Remote { control_plane } if control_plane == name);
        let candidates: Vec<&str> = self.topology.clusters.iter().filter(served).map(|c| c.name.as_str()).collect();
        let hint = match candidates.as_slice() {
            [] => Text::new(
                format!("draw a remote that `{name}` serves, and name it as `config`"),
                format!("请绘制一个由 `{name}` 服务的从集群，并将其设为 `config`"),
            ),
            names => Text::new(
                format!("`config` can be: {}", names.join(", ")),
                format!("`config` 可以是：{}", names.join("、")),
            ),
        };
        let what = match self.topology.cluster(config) {
            Some(target) if served(&target) => return,
            Some(_) => Text::new(
                format!("`{name}` reads its configuration from `{config}`, which it does not serve"),
                format!("`{name}` 从 `{config}` 读取配置，但并不为其服务"),
            ),
            None if config.is_empty() => {
                Text::new(format!("`{name}` reads its configuration from nowhere"), format!("`{name}` 没有配置集群"))
            }
            None => Text::new(
                format!("`{name}` reads its configuration from `{config}`, which is not in the drawing"),
                format!("`{name}` 从 `{config}` 读取配置，但图中没有它"),
            ),
        };
        self.found(catalogue::CONFIG_UNRESOLVED, subject, what, hint);
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
