//! Ingress and egress gateways: where they can run, and in which vocabulary.

use super::{Report, is_member};
use crate::finding::{Kind, Subject, catalogue};
use crate::name::{ClusterName, nearest};
use crate::text::Text;
use crate::topology::{Cluster, Gateway, GatewayApi, GatewayKind, Role, Topology};

impl Report<'_> {
    /// Every ingress and egress gateway runs in a member, once, in a vocabulary that somebody reads.
    pub(super) fn gateways(&mut self) {
        for (index, gateway) in self.topology.gateways.iter().enumerate() {
            let name = &gateway.cluster;
            let subject = Subject::Gateway { index, cluster: name.clone() };
            let Some(cluster) = self.topology.cluster(name) else {
                self.unknown_cluster(index, gateway, &subject);
                continue;
            };
            if !is_member(cluster) {
                let what = Text::new(
                    format!(
                        "`{name}` runs the control plane of others and none of their traffic, so nothing would pass its gateway"
                    ),
                    format!("`{name}` 只运行他人的控制平面，不承载网格流量，其网关不会有流量经过"),
                );
                let hint = Text::new("draw the gateway in a member of the mesh", "请将网关画在网格的成员中");
                self.mendable(catalogue::GATEWAY_OF_EXTERNAL, &subject, what, hint, removed(index));
            }
            let is_same = |other: &Gateway| other.cluster == *name && other.kind == gateway.kind;
            if self.topology.gateways[..index].iter().any(is_same) {
                let word = kind_word(gateway.kind);
                let what = Text::new(
                    format!("`{name}` has two {} gateways, which would be one and the same object", word.en),
                    format!("`{name}` 有两个{}网关，它们会是同一个对象", word.zh),
                );
                let hint =
                    Text::new("one of a kind in a cluster is enough: take one out", "每个集群每种只需一个，请删除其一");
                self.mendable(catalogue::GATEWAY_DUPLICATE, &subject, what, hint, removed(index));
            }
            if gateway.api == GatewayApi::GatewayApi {
                self.gateway_api(index, gateway, cluster, &subject);
            }
        }
    }

    fn unknown_cluster(&mut self, index: usize, gateway: &Gateway, subject: &Subject) {
        let cluster = &gateway.cluster;
        let members: Vec<&str> =
            self.topology.clusters.iter().filter(|cluster| is_member(cluster)).map(|c| c.name.as_str()).collect();
        let what = Text::new(
            format!("a gateway is drawn in `{cluster}`, which is not in the drawing"),
            format!("有网关画在 `{cluster}` 中，但图中没有它"),
        );
        let hint = Text::new(
            format!("`cluster` can be: {}", members.join(", ")),
            format!("`cluster` 可以是：{}", members.join("、")),
        );
        let meant = nearest(cluster.as_str(), members).map(ClusterName::from);
        // What every member can have one of, in a vocabulary that is read everywhere.
        let is_free = |meant: &ClusterName| {
            let all = &self.topology.gateways;
            gateway.api == GatewayApi::Istio
                && !all.iter().any(|other| other.cluster == *meant && other.kind == gateway.kind)
        };
        let meant = meant.filter(is_free).map(|meant| {
            let label = Text::new(format!("Draw it in {meant}"), format!("画在 {meant} 中"));
            self.mended(label, |topology| topology.gateways[index].cluster = meant)
        });
        let (label, change) = removed(index);
        let fix = self.mended(label, change);
        let found = self.found(catalogue::GATEWAY_CLUSTER_UNKNOWN, subject, what, hint);
        found.fixes.extend(meant);
        found.fixes.push(fix);
    }

    /// What is written in the Gateway API is an ingress, in a cluster whose configuration an istiod reads.
    fn gateway_api(&mut self, index: usize, gateway: &Gateway, cluster: &Cluster, subject: &Subject) {
        let name = &cluster.name;
        let in_istio_words = (
            Text::new("Write it as `api: istio`", "改为 `api: istio`"),
            Box::new(move |topology: &mut Topology| topology.gateways[index].api = GatewayApi::Istio) as Change,
        );
        if gateway.kind == GatewayKind::Egress {
            let what = Text::new(
                format!("the egress gateway of `{name}` is drawn in the Gateway API, in which Istio has none"),
                format!("`{name}` 的出口网关使用 Gateway API，而 Istio 没有这种形式"),
            );
            let hint = Text::new("egress gateways are written `api: istio`", "出口网关请写 `api: istio`");
            self.mendable(catalogue::EGRESS_GATEWAY_API, subject, what, hint, in_istio_words);
            return;
        }
        let is_config = |other: &Cluster| matches!(&other.role, Role::External { config, .. } if config == name);
        let is_read = matches!(cluster.role, Role::Primary { .. }) || self.topology.clusters.iter().any(is_config);
        if is_member(cluster) && !is_read {
            let what = Text::new(
                format!(
                    "istiod would not see the `Gateway` in `{name}`: it reads the Gateway API in its config cluster only"
                ),
                format!("istiod 看不到 `{name}` 中的 `Gateway`：它只在配置集群中读取 Gateway API"),
            );
            let hint = Text::new(
                "write `api: istio`, or draw it in the cluster whose configuration istiod reads",
                "请写 `api: istio`，或画在 istiod 读取配置的集群中",
            );
            self.mendable(catalogue::GATEWAY_API_UNREAD, subject, what, hint, in_istio_words);
        }
    }

    /// Notes an error with the drawing that mends it.
    fn mendable(
        &mut self,
        kind: &'static Kind,
        subject: &Subject,
        what: Text,
        hint: Text,
        (label, change): (Text, Change),
    ) {
        let fix = self.mended(label, change);
        self.found(kind, subject, what, hint).fixes.push(fix);
    }
}

/// A change of the drawing.
type Change = Box<dyn FnOnce(&mut Topology)>;

fn removed(index: usize) -> (Text, Change) {
    let change = move |topology: &mut Topology| {
        topology.gateways.remove(index);
    };
    (Text::new("Take this gateway out", "删除该网关"), Box::new(change))
}

fn kind_word(kind: GatewayKind) -> Text {
    match kind {
        GatewayKind::Ingress => Text::new("ingress", "入口"),
        GatewayKind::Egress => Text::new("egress", "出口"),
    }
}
