//! The name of a drawing's installation model, for display only: no code branches on it.

use crate::text::Text;
use crate::topology::{Role, Topology};

/// Derives the name that Istio's pages give to such a drawing.
pub fn model(topology: &Topology) -> Text {
    let count = |is: fn(&Role) -> bool| topology.clusters.iter().filter(|cluster| is(&cluster.role)).count();
    let primaries = count(|role| matches!(role, Role::Primary { .. }));
    let remotes = count(|role| matches!(role, Role::Remote { .. }));
    let externals = count(|role| matches!(role, Role::External { .. }));
    let (en, zh) = match (primaries, remotes, externals) {
        (0, 0, 0) => return Text::new("Empty drawing", "空白拓扑"),
        (0, _, 1..) => ("External control plane", "外部控制平面"),
        (1, 0, 0) => return Text::new("Single cluster", "单集群"),
        (_, 0, 0) => ("Multi-primary", "多主架构"),
        (1, _, 0) => ("Primary-remote", "主从架构"),
        _ => ("Mixed roles", "混合架构"),
    };
    match topology.networks().len() {
        0 => Text::new(en, zh),
        1 => Text::new(format!("{en} · one network"), format!("{zh} · 单网络")),
        _ => Text::new(format!("{en} · different networks"), format!("{zh} · 跨网络")),
    }
}
