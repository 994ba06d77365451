//! What works and what a person should know of: open gateways, entries for tests, what has to be brought, what grows.

use super::exposure::{CREDENTIAL, EXAMPLE_HOST};
use super::{Report, is_member};
use crate::finding::{Finding, Subject, catalogue};
use crate::release::{Dialect, Release};
use crate::text::Text;
use crate::topology::{Cluster, Entry, Expose, Role};

/// From more remote secrets than this on, their number is worth a thought (istio/istio#39207: 50 clusters, 2,450 secrets, "tedious").
const MANY_SECRETS: usize = 100;

/// The annotations by which clouds are told to keep a load balancer inside, and what their value begins with.
pub(super) const INTERNAL: [(&str, &str); 10] = [
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"),
    ("service.beta.kubernetes.io/aws-load-balancer-internal", ""),
    ("networking.gke.io/load-balancer-type", "Internal"),
    ("cloud.google.com/load-balancer-type", "Internal"),
    ("service.beta.kubernetes.io/azure-load-balancer-internal", "true"),
    ("service.beta.kubernetes.io/oci-load-balancer-internal", "true"),
    ("service.beta.kubernetes.io/openstack-internal-load-balancer", "true"),
    ("service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", "intranet"),
    ("service.kubernetes.io/qcloud-loadbalancer-internal-subnetid", ""),
    ("service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", "private"),
];

/// Domains that are kept for examples, and lead nowhere (RFC 2606).
const EXAMPLE_DOMAINS: [&str; 5] = ["example.com", "example.net", "example.org", "example", "invalid"];

impl Report<'_> {
    /// Looks at the drawing as a whole.
    pub(super) fn risks(&mut self) {
        self.shared_hosts();
        // Of a drawing that is wrong, the errors are enough to read.
        if self.findings.iter().any(Finding::is_error) {
            return;
        }
        // Before 1.6 nothing of a gateway between networks can be set.
        if !Release::parse(&self.topology.istio.version).is_ok_and(|release| release.dialect == Dialect::Legacy) {
            self.public_gateways();
        }
        for (index, cluster) in self.topology.clusters.iter().enumerate() {
            self.entry(index, cluster);
        }
        self.trust();
        self.secrets();
        self.alone();
    }

    /// By default every gateway between clusters is open to the internet (the warning of seeds 000 and 002), told once.
    fn public_gateways(&mut self) {
        let clusters = &self.topology.clusters;
        let spans = self.topology.spans_networks();
        let has_gateway = |cluster: &Cluster| (is_member(cluster) && spans) || self.topology.serves_others(cluster);
        let is_open = |cluster: &&Cluster| {
            let gateway = &cluster.east_west;
            let is_internal = |(key, value): &(String, String)| {
                INTERNAL.iter().any(|(known, begins)| key == known && value.starts_with(begins) && value != "false")
            };
            gateway.front() == Expose::LoadBalancer
                && gateway.source_ranges.is_empty()
                && !gateway.annotations.iter().any(is_internal)
        };
        let open: Vec<&Cluster> = clusters.iter().filter(|cluster| has_gateway(cluster)).filter(is_open).collect();
        let Some(first) = open.first() else { return };
        let what = match open.as_slice() {
            [only] => Text::new(
                format!("the gateway of `{}` is open to the internet", only.name),
                format!("`{}` 的网关对互联网开放", only.name),
            ),
            [a, b] => Text::new(
                format!("the gateways of `{}` and `{}` are open to the internet", a.name, b.name),
                format!("`{}` 与 `{}` 的网关对互联网开放", a.name, b.name),
            ),
            all => Text::new(
                format!("the gateways of `{}` and {} others are open to the internet", first.name, all.len() - 1),
                format!("`{}` 等 {} 个集群的网关对互联网开放", first.name, all.len()),
            ),
        };
        let hint = Text::new(
            "narrow them by `eastWest: {sourceRanges: [203.0.113.0/24]}`, or keep the balancer inside by the annotation of your cloud",
            "请用 `eastWest: {sourceRanges: [203.0.113.0/24]}` 加以限制，或用云厂商的注解改为内部负载均衡器",
        );
        let subject = match open.as_slice() {
            [_] => {
                let index = clusters.iter().position(|cluster| cluster.name == first.name).unwrap_or_default();
                Subject::Cluster { index, name: first.name.clone() }
            }
            _ => Subject::Mesh("clusters"),
        };
        self.found(catalogue::GATEWAYS_PUBLIC, &subject, what, hint);
    }

    /// What an istiod is reached by, where it serves others.
    fn entry(&mut self, index: usize, cluster: &Cluster) {
        let name = &cluster.name;
        let subject = Subject::Cluster { index, name: name.clone() };
        match &cluster.role {
            Role::External { entry: Entry::LoadBalancer, .. } => {
                let what = Text::new(
                    format!(
                        "the external istiod of `{name}` is reached by its load balancer's address, which Istio recommends for tests only"
                    ),
                    format!("`{name}` 的外部 istiod 经由负载均衡器的地址访问，Istio 仅建议用于测试"),
                );
                let hint = Text::new(
                    "for production give it a host name with a certificate: `entry: {host, credential}`",
                    "生产环境请使用带证书的域名：`entry: {host, credential}`",
                );
                let fix = self.named_entry(index, EXAMPLE_HOST.to_owned(), CREDENTIAL.to_owned());
                self.found(catalogue::ENTRY_BY_ADDRESS, &subject, what, hint).fixes.push(fix);
            }
            Role::Primary { entry: Entry::Host { host, .. } }
            | Role::External { entry: Entry::Host { host, .. }, .. } => {
                let is_example = |domain: &&str| host == *domain || host.ends_with(&format!(".{domain}"));
                if EXAMPLE_DOMAINS.iter().any(is_example) {
                    let what = Text::new(
                        format!("`{host}` is a name for examples, which leads nowhere"),
                        format!("`{host}` 是示例域名，无法解析"),
                    );
                    let hint = Text::new(
                        format!("put in the name that leads to the gateway of `{name}`"),
                        format!("请填写指向 `{name}` 网关的域名"),
                    );
                    self.found(catalogue::ENTRY_EXAMPLE, &subject, what, hint);
                }
            }
            _ => {}
        }
    }

    /// A cluster that runs an external control plane, drawn twice: for another control plane, or as a member too.
    fn shared_hosts(&mut self) {
        let clusters = &self.topology.clusters;
        let mut told = Vec::new();
        for (index, cluster) in clusters.iter().enumerate() {
            let is_host = |cluster: &Cluster| matches!(cluster.role, Role::External { .. });
            let twin = clusters[..index].iter().find(|other| {
                other.name != cluster.name
                    && other.context() == cluster.context()
                    && (is_host(other) || is_host(cluster))
            });
            if let Some(twin) = twin {
                told.push((index, cluster.name.clone(), twin.name.clone()));
            }
        }
        for (index, name, twin) in told {
            let what = Text::new(
                format!(
                    "`{twin}` and `{name}` are one cluster, by their context, and an external control plane needs one of its own"
                ),
                format!("从上下文看，`{twin}` 与 `{name}` 是同一个集群，而外部控制平面需要独占一个集群"),
            );
            let hint = Text::new(
                "several control planes can share a cluster in namespaces of their own, each with its gateway's ports, but not in one drawing: give this one another cluster",
                "多个控制平面可以各用一个命名空间共享集群，但不能画在一张图中：请为其指定另一个集群",
            );
            let fix = self.own_context(clusters[index].context());
            self.found(catalogue::EXTERNAL_SHARED, &Subject::Cluster { index, name }, what, hint).fixes.extend(fix);
        }
    }

    /// Istiods that sign need one root, which is made outside of the drawing.
    fn trust(&mut self) {
        let signers: Vec<&str> = self
            .topology
            .clusters
            .iter()
            .filter(|cluster| !matches!(cluster.role, Role::Remote { .. }))
            .map(|cluster| cluster.name.as_str())
            .collect();
        if signers.len() < 2 {
            return;
        }
        let what = Text::new(
            format!(
                "{} istiods sign certificates, so they need one root of trust, which no drawing can hold",
                signers.len()
            ),
            format!("{} 个 istiod 会签发证书，因此需要同一个信任根，而图中不能存放它", signers.len()),
        );
        let hint = Text::new(
            "`isthmus certs BUNDLE -o certs` makes it; then `isthmus apply BUNDLE --certs certs`",
            "`isthmus certs BUNDLE -o certs` 会生成它；然后 `isthmus apply BUNDLE --certs certs`",
        );
        self.found(catalogue::TRUST_NEEDED, &Subject::Mesh("clusters"), what, hint);
    }

    /// Every istiod holds a secret for every other member.
    fn secrets(&mut self) {
        let clusters = &self.topology.clusters;
        let members = clusters.iter().filter(|cluster| is_member(cluster)).count();
        let (mut istiods, mut secrets) = (0, 0);
        for cluster in clusters.iter().filter(|cluster| !matches!(cluster.role, Role::Remote { .. })) {
            istiods += 1;
            secrets += members - usize::from(is_member(cluster));
        }
        if secrets <= MANY_SECRETS {
            return;
        }
        let what = Text::new(
            format!(
                "{istiods} istiods watch {members} members by {secrets} remote secrets, each a key to a whole cluster"
            ),
            format!("{istiods} 个 istiod 通过 {secrets} 个远程 Secret 监视 {members} 个成员，每个都是整个集群的钥匙"),
        );
        let hint = Text::new(
            "a few primaries, two for each region say, with the other clusters as their remotes need far fewer",
            "改为少数主集群（例如每个区域两个），其余作为其从集群，所需的 Secret 会少得多",
        );
        self.found(catalogue::SECRETS_MANY, &Subject::Mesh("clusters"), what, hint);
    }

    /// One cluster is a mesh, and needs none of this.
    fn alone(&mut self) {
        if let [only] = self.topology.clusters.as_slice() {
            let what = Text::new(
                format!("`{}` is the only cluster: this is an ordinary Istio", only.name),
                format!("`{}` 是唯一的集群：这只是普通的 Istio", only.name),
            );
            let hint = Text::new(
                "draw the clusters that are to join it; the names and the network chosen now need not change then",
                "请继续绘制要加入的集群；现在选定的名称与网络届时无需更改",
            );
            self.found(catalogue::MESH_SINGLE, &Subject::Mesh("clusters"), what, hint);
        }
    }
}
