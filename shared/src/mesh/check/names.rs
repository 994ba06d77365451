//! Names of clusters and networks.

use super::{CHOICES_MAX, Report, is_member, label_hint, rename_arrows, renamed};
use crate::finding::{Fix, Subject, catalogue};
use crate::name::{self, ClusterName, NetworkName, is_label, slug};
use crate::sorted;
use crate::text::Text;
use crate::topology::{Cluster, Topology};

/// What Istio calls every cluster that nobody named (Istio source, `pilot/pkg/features`: `CLUSTER_ID`).
const DEFAULT_CLUSTER_ID: &str = "Kubernetes";

impl Report<'_> {
    /// A cluster has one name, used for everything that names it, so it must suit all of them.
    pub(super) fn name(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = cluster.name.as_str();
        if name.eq_ignore_ascii_case(DEFAULT_CLUSTER_ID) {
            let what = Text::new(
                format!("`{name}` is what Istio calls every cluster that nobody named"),
                format!("`{name}` 是 Istio 对所有未命名集群的称呼"),
            );
            let hint = Text::new("give it a name of its own", "请取一个专属的名称");
            let fix = self.rename(index, cluster, &free("cluster", self.topology));
            self.found(catalogue::CLUSTER_NAME_DEFAULT, subject, what, hint).fixes.push(fix);
        } else if is_label(name) {
            if self.topology.clusters[..index].iter().any(|other| other.name == cluster.name) {
                let what = Text::new(
                    format!("two clusters are called `{name}`: istiod would ignore one of them silently"),
                    format!("两个集群都叫 `{name}`：istiod 会静默忽略其中一个"),
                );
                let hint = Text::new("give every cluster a name of its own", "请为每个集群取不同的名称");
                let next = free_like(name, self.topology);
                // The arrows stay with the first of that name.
                let fix = self.fixed(index, renamed(next.as_str()), |cluster| cluster.name = next.clone());
                self.found(catalogue::CLUSTER_NAME_DUPLICATE, subject, what, hint).fixes.push(fix);
            }
        } else {
            self.not_a_name(index, cluster, subject);
        }
    }

    fn not_a_name(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = cluster.name.as_str();
        let what = if name.is_empty() {
            Text::new("a cluster has no name", "有集群没有名称")
        } else {
            Text::new(
                format!("`{name}` cannot name a cluster: a remote secret could not carry it"),
                format!("`{name}` 不能作为集群名：远程 Secret 无法使用它"),
            )
        };
        let other = match slug(name) {
            Some(slug) if self.topology.cluster(&slug.as_str().into()).is_none() => slug.into(),
            Some(slug) => free_like(&slug, self.topology),
            None => free("cluster", self.topology),
        };
        let fix = self.rename(index, cluster, &other);
        self.found(catalogue::CLUSTER_NAME_INVALID, subject, what, label_hint(name)).fixes.push(fix);
    }

    /// Proposes another name; the context keeps what may be its name in the kubeconfig, such as an ARN or `gke_…`.
    fn rename(&self, index: usize, cluster: &Cluster, to: &ClusterName) -> Fix {
        let from = cluster.name.clone();
        let mut fix = self.fixed(index, renamed(to.as_str()), |cluster| {
            let is_context = !from.is_empty() && from.as_str().bytes().all(|b| b.is_ascii_graphic());
            if cluster.context.is_none() && is_context {
                cluster.context = Some(from.to_string());
            }
            cluster.name = to.clone();
        });
        rename_arrows(&mut fix.topology, &from, to);
        fix
    }

    /// A member is on a network that can be written on a label, and nobody else is.
    pub(super) fn network(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = &cluster.name;
        match (&cluster.network, is_member(cluster)) {
            (None, true) => {
                let what = Text::new(format!("`{name}` is on no network"), format!("`{name}` 不在任何网络中"));
                let hint = Text::new(
                    "say which network its pods are on: `network: network1`",
                    "请指明其 Pod 所在的网络：`network: network1`",
                );
                let networks = self.topology.networks();
                let mut fixes = vec![self.own_network(index)];
                for &network in networks.iter().take(CHOICES_MAX) {
                    let label = Text::new(format!("Put it on {network}"), format!("放入 {network}"));
                    fixes.push(self.fixed(index, label, |cluster| cluster.network = Some(network.clone())));
                }
                // Of several a wrong one would do harm, and one of its own never does: gateways carry the traffic.
                if networks.len() == 1 {
                    fixes.reverse();
                }
                self.found(catalogue::NETWORK_MISSING, subject, what, hint).fixes = fixes;
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
                let hint = Text::new("take `network` out", "请删除 `network`");
                self.found(catalogue::NETWORK_OF_EXTERNAL, subject, what, hint).fixes.push(fix);
            }
            (Some(network), true) if !is_label(network.as_str()) => {
                let what = Text::new(
                    format!("`{network}` cannot name a network: it becomes the value of a label"),
                    format!("`{network}` 不能作为网络名：它会成为标签的值"),
                );
                let hint = label_hint(network.as_str());
                // It is said once, of the network, and not of every cluster on it.
                let first = self.topology.clusters.iter().position(|other| other.network.as_ref() == Some(network));
                if first == Some(index) {
                    let taken = self.topology.networks();
                    // Two networks that become one would be another drawing.
                    let other = slug(network.as_str()).map(NetworkName::from).filter(|slug| !taken.contains(&slug));
                    let other = other.unwrap_or_else(|| self.free_network());
                    let fix = self.mended(renamed(other.as_str()), |topology| {
                        for cluster in &mut topology.clusters {
                            if cluster.network.as_ref() == Some(network) {
                                cluster.network = Some(other.clone());
                            }
                        }
                    });
                    let subject = Subject::Network(network.clone());
                    self.found(catalogue::NETWORK_NAME_INVALID, &subject, what, hint).fixes.push(fix);
                }
            }
            _ => {}
        }
    }
}

/// Returns a name nobody has that begins like one that somebody has.
fn free_like(name: &str, topology: &Topology) -> ClusterName {
    free(&format!("{}-", &name[..name.len().min(58)]), topology)
}

/// Returns the first name nobody has: the stem and a number.
pub(super) fn free(stem: &str, topology: &Topology) -> ClusterName {
    let names = sorted::set(topology.clusters.iter().map(|cluster| cluster.name.as_str()));
    name::free(stem, 1, &|name| names.contains(name)).as_str().into()
}
