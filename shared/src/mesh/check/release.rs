//! What a drawing asks of its release that the release does not do.

use super::{Report, is_member};
use crate::finding::{Subject, catalogue};
use crate::release::{Dialect, Feature, Release, since};
use crate::text::Text;
use crate::topology::{AddressKind, Cluster, EAST_WEST_PORT, EastWest, Entry, Expose, Installer, Role};

impl Report<'_> {
    /// Every feature of the drawing is one of its release.
    pub(super) fn release(&mut self, release: Option<Release>) {
        let Some(release) = release else { return };
        let istio = &self.topology.istio;
        if istio.installer == Installer::Helm {
            let what = ("installs its control planes by Helm", "用 Helm 安装控制平面");
            self.lacks(release, Feature::Helm, &Subject::Mesh("installer"), what);
        }
        if !istio.revision.is_empty() {
            self.lacks(release, Feature::Revisions, &Subject::Mesh("revision"), ("has revisions", "使用修订版本"));
        }
        for (index, cluster) in self.topology.clusters.iter().enumerate() {
            let subject = Subject::Cluster { index, name: cluster.name.clone() };
            self.asks(release, cluster, &subject);
            if release.dialect == Dialect::Legacy {
                self.legacy_member(index, cluster, &subject);
            }
        }
        for (index, gateway) in self.topology.gateways.iter().enumerate() {
            let subject = Subject::Gateway { index, cluster: gateway.cluster.clone() };
            self.lacks(
                release,
                Feature::IngressGateways,
                &subject,
                ("has ingress or egress gateways", "包含入口或出口网关"),
            );
        }
        if release.dialect == Dialect::Legacy {
            self.legacy_control_plane();
        }
    }

    /// What one cluster asks of the release.
    fn asks(&mut self, release: Release, cluster: &Cluster, subject: &Subject) {
        match &cluster.role {
            Role::External { .. } => {
                let what = ("has an external control plane", "使用外部控制平面");
                self.lacks(release, Feature::ExternalControlPlane, subject, what);
            }
            Role::Primary { entry: Entry::Host { .. } } => {
                let what = ("reaches an istiod by a host name", "通过域名访问 istiod");
                self.lacks(release, Feature::ExternalControlPlane, subject, what);
            }
            Role::Primary { .. } | Role::Remote { .. } => {}
        }
        if cluster.east_west.front() == Expose::Nat {
            let what = ("has a gateway behind an address translation", "包含位于地址转换之后的网关");
            self.lacks(release, Feature::RemoteGatewayClass, subject, what);
        }
        if cluster.api_server_by_gateway() {
            let what = ("leads to an API server by a gateway", "经由网关访问 API Server");
            self.lacks(release, Feature::ApiServerByGateway, subject, what);
        }
    }

    /// Notes that the drawing does what its release cannot; taking today's release mends it.
    fn lacks(&mut self, release: Release, feature: Feature, subject: &Subject, (en, zh): (&str, &str)) {
        if release.has(feature) {
            return;
        }
        let version = &self.topology.istio.version;
        let what = Text::new(
            format!("the drawing {en}, which Isthmus does not write for Istio {version}"),
            format!("拓扑{zh}，而 Isthmus 不为 Istio {version} 生成这样的配置"),
        );
        let first = since(feature);
        let hint = Text::new(
            format!("take Istio 1.{first} or later, or draw it without"),
            format!("请使用 Istio 1.{first} 或更高版本，或去掉该设置"),
        );
        let fix = self.newer();
        self.found(catalogue::RELEASE_LACKS, subject, what, hint).fixes.push(fix);
    }

    /// Before 1.6 all clusters of a mesh share one control plane, known by the addresses of ingress gateways (seed 001).
    fn legacy_control_plane(&mut self) {
        let is_primary = |cluster: &Cluster| matches!(cluster.role, Role::Primary { .. });
        let mut primaries = self.topology.clusters.iter().filter(|cluster| is_primary(cluster));
        let first = primaries.next();
        if let Some(first) = first.filter(|_| primaries.next().is_some()) {
            let version = &self.topology.istio.version;
            let what = Text::new(
                format!(
                    "Istio {version} shares one control plane among all clusters, and the drawing has several primaries"
                ),
                format!("Istio {version} 由所有集群共享一个控制平面，而拓扑中有多个主集群"),
            );
            let hint = Text::new(
                "make the others remotes of the first, or take a later release",
                "请将其余主集群改为第一个的从集群，或使用更高版本",
            );
            let first = &first.name;
            let label = Text::new(format!("Let {first} serve all others"), format!("其余集群均由 {first} 服务"));
            let fix = self.mended(label, |topology| {
                for cluster in topology.clusters.iter_mut().filter(|cluster| cluster.name != *first) {
                    if is_member(cluster) {
                        cluster.role = Role::Remote { control_plane: first.clone() };
                    }
                }
            });
            let newer = self.newer();
            let found = self.found(catalogue::LEGACY_CONTROL_PLANES, &Subject::Mesh("version"), what, hint);
            found.fixes.push(fix);
            found.fixes.push(newer);
        }
    }

    /// What a member's gateway cannot be before 1.6.
    fn legacy_member(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let gateway = &cluster.east_west;
        if !is_member(cluster) {
            return;
        }
        let name = &cluster.name;
        if gateway.address_kind == AddressKind::Hostname {
            let what = Text::new(
                format!(
                    "the load balancer of `{name}` hands out host names, and `meshNetworks` takes IP addresses only"
                ),
                format!("`{name}` 的负载均衡器分配主机名，而 `meshNetworks` 只接受 IP 地址"),
            );
            let hint = Text::new("use a load balancer with an IP address", "请使用提供 IP 地址的负载均衡器");
            let label = Text::new("Draw it with an IP address", "改为 IP 地址");
            let fix = self.fixed(index, label, |cluster| cluster.east_west.address_kind = AddressKind::Ip);
            self.found(catalogue::LEGACY_HOSTNAME, subject, what, hint).fixes.push(fix);
        }
        let settings = gateway.port != EAST_WEST_PORT
            || gateway.front() == Expose::NodePort
            || !gateway.annotations.is_empty()
            || !gateway.source_ranges.is_empty();
        if settings {
            let what = Text::new(
                format!(
                    "the gateway of `{name}` has settings, but in this release it is the ingress gateway as installed, on port 443"
                ),
                format!("`{name}` 的网关带有设置，但此版本使用随安装而来的入口网关，端口为 443"),
            );
            let hint = Text::new("take its settings out", "请删除这些设置");
            let fix = self.fixed(index, super::left_out(), |cluster| {
                let address_kind = cluster.east_west.address_kind;
                cluster.east_west = EastWest { address_kind, ..EastWest::default() };
            });
            self.found(catalogue::LEGACY_GATEWAY, subject, what, hint).fixes.push(fix);
        }
    }
}
