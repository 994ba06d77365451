//! The arrows between clusters: who serves a remote, and where an external istiod keeps its configuration.

use super::{CHOICES_MAX, Report, label_hint};
use crate::finding::{Fix, Subject, catalogue};
use crate::mesh::ISTIO_SYSTEM;
use crate::name::{ClusterName, is_label, nearest, slug};
use crate::text::Text;
use crate::topology::{Cluster, DEFAULT_EXTERNAL_NAMESPACE, Role};

impl Report<'_> {
    /// Every arrow ends at a cluster that can be its end.
    pub(super) fn role(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = &cluster.name;
        match &cluster.role {
            Role::Primary { .. } => {}
            Role::Remote { control_plane } => self.control_plane(index, subject, name, control_plane),
            Role::External { config, namespace, .. } => {
                self.config(subject, name, config);
                if !is_label(namespace) {
                    let what = Text::new(
                        format!("`{namespace}` is not a namespace"),
                        format!("`{namespace}` 不是有效的命名空间"),
                    );
                    let other = slug(namespace).filter(|slug| slug != ISTIO_SYSTEM);
                    let fix = self.in_namespace(index, other.as_deref().unwrap_or(DEFAULT_EXTERNAL_NAMESPACE));
                    self.found(catalogue::NAMESPACE_INVALID, subject, what, label_hint(namespace)).fixes.push(fix);
                } else if namespace == ISTIO_SYSTEM {
                    self.namespace_taken(index, name, subject);
                }
            }
        }
    }

    /// The gateway in front of an external istiod is an installation of its own, whose istiod has that name in that namespace (seed 004).
    fn namespace_taken(&mut self, index: usize, name: &ClusterName, subject: &Subject) {
        let what = Text::new(
            format!(
                "the external istiod of `{name}` would share `{ISTIO_SYSTEM}` with the istiod that runs its gateway, and both are called `istiod`"
            ),
            format!("`{name}` 的外部 istiod 会与管理其网关的 istiod 同在 `{ISTIO_SYSTEM}`，且二者都名为 `istiod`"),
        );
        let hint = Text::new(
            format!("give it a namespace of its own: `namespace: {DEFAULT_EXTERNAL_NAMESPACE}`"),
            format!("请使用单独的命名空间：`namespace: {DEFAULT_EXTERNAL_NAMESPACE}`"),
        );
        let fix = self.in_namespace(index, DEFAULT_EXTERNAL_NAMESPACE);
        self.found(catalogue::EXTERNAL_NAMESPACE_TAKEN, subject, what, hint).fixes.push(fix);
    }

    /// Proposes another namespace for an external istiod.
    fn in_namespace(&self, index: usize, other: &str) -> Fix {
        self.fixed(index, Text::new(format!("Use {other}"), format!("使用 {other}")), |cluster| {
            if let Role::External { namespace, .. } = &mut cluster.role {
                other.clone_into(namespace);
            }
        })
    }

    fn control_plane(&mut self, index: usize, subject: &Subject, name: &ClusterName, control_plane: &ClusterName) {
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
        let mut fixes = Vec::new();
        for candidate in first_meant(control_plane, candidates) {
            let label = Text::new(format!("Let {candidate} serve it"), format!("由 {candidate} 服务"));
            let control_plane = candidate.into();
            fixes.push(self.fixed(index, label, |cluster| cluster.role = Role::Remote { control_plane }));
        }
        if fixes.is_empty() {
            let label = Text::new("Let it run its own istiod", "改为运行自己的 istiod");
            fixes.push(self.fixed(index, label, |cluster| cluster.role = Role::default()));
        }
        self.found(catalogue::CONTROL_PLANE_UNRESOLVED, subject, what, hint).fixes = fixes;
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
        // Without a remote that it serves, one that is waiting for an istiod, or that is named already, can become it.
        let can_be = |cluster: &&Cluster| match &cluster.role {
            Role::Remote { control_plane } => cluster.name == *config || self.topology.cluster(control_plane).is_none(),
            Role::Primary { .. } | Role::External { .. } => false,
        };
        let others = self.topology.clusters.iter().filter(can_be).map(|cluster| cluster.name.as_str());
        let candidates = if candidates.is_empty() { others.collect() } else { candidates };
        let mut fixes = Vec::new();
        for candidate in first_meant(config, candidates) {
            let label = Text::new(format!("Keep it in {candidate}"), format!("保存在 {candidate}"));
            fixes.push(self.mended(label, |topology| {
                for cluster in &mut topology.clusters {
                    match &mut cluster.role {
                        Role::External { config, .. } if cluster.name == *name => *config = candidate.into(),
                        Role::Remote { control_plane } if cluster.name.as_str() == candidate => {
                            control_plane.clone_from(name);
                        }
                        _ => {}
                    }
                }
            }));
        }
        self.found(catalogue::CONFIG_UNRESOLVED, subject, what, hint).fixes = fixes;
    }
}

/// Puts the candidate first that a mistyped name was meant to be, and leaves no more of the others than a person wants to read.
fn first_meant<'a>(word: &ClusterName, mut candidates: Vec<&'a str>) -> Vec<&'a str> {
    let meant = nearest(word.as_str(), candidates.iter().copied());
    if let Some(at) = candidates.iter().position(|candidate| Some(*candidate) == meant) {
        candidates.swap(0, at);
    }
    candidates.truncate(CHOICES_MAX);
    candidates
}
