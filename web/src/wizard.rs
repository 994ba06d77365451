//! A few questions whose answers are a drawing: for who knows the clusters and not yet the names of Istio's models.

use shared::topology::{Cluster, DEFAULT_EXTERNAL_NAMESPACE, Entry, Installer, Role, Topology};

/// Who runs istiod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Every cluster its own.
    Each,
    /// The first cluster, for the others too.
    First,
    /// A cluster that runs nothing else.
    Apart,
}

/// The answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answers {
    /// How many clusters run services.
    pub(crate) clusters: usize,
    /// Whether pods of one cluster cannot dial those of another.
    pub(crate) apart: bool,
    /// Who runs istiod.
    pub(crate) who: Who,
    /// Whether the balancer in front of an istiod that serves others goes by a host name.
    pub(crate) host: bool,
    /// The program that installs.
    pub(crate) installer: Installer,
}

impl Default for Answers {
    fn default() -> Self {
        Answers { clusters: 2, apart: true, who: Who::Each, host: false, installer: Installer::Istioctl }
    }
}

impl Answers {
    /// Says whether an istiod serves clusters other than its own.
    pub(crate) fn serves(self) -> bool {
        self.who == Who::Apart || (self.who == Who::First && self.clusters > 1)
    }

    /// Draws what was answered.
    pub(crate) fn topology(self) -> Topology {
        let mut topology = Topology::empty("mesh1");
        topology.istio.installer = self.installer;
        let (host, credential) = ("istiod.example.com".to_owned(), "istiod-credential".to_owned());
        let entry = if self.host { Entry::Host { host, credential } } else { Entry::LoadBalancer };
        let control_plane = if self.who == Who::Apart { "external" } else { "cluster1" };
        for number in 1..=self.clusters {
            let network = if self.apart { format!("network{number}") } else { "network1".to_owned() };
            let mut cluster = Cluster::primary(&format!("cluster{number}"), &network);
            match self.who {
                Who::First if number == 1 && self.serves() => cluster.role = Role::Primary { entry: entry.clone() },
                Who::First if number == 1 => {}
                Who::First | Who::Apart => cluster.role = Role::Remote { control_plane: control_plane.into() },
                Who::Each => {}
            }
            topology.clusters.push(cluster);
        }
        if self.who == Who::Apart {
            let namespace = DEFAULT_EXTERNAL_NAMESPACE.to_owned();
            let role = Role::External { config: "cluster1".into(), entry, namespace };
            topology.clusters.insert(0, Cluster { name: control_plane.into(), role, ..Cluster::default() });
        }
        topology
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::mesh::{check, model};
    use shared::preset::presets;

    #[test]
    fn whatever_is_answered_is_a_mesh() {
        for clusters in 1..=4 {
            for who in [Who::Each, Who::First, Who::Apart] {
                for bits in 0..8 {
                    let installer = if bits & 4 == 0 { Installer::Istioctl } else { Installer::Helm };
                    let answers = Answers { clusters, apart: bits & 1 != 0, who, host: bits & 2 != 0, installer };
                    let checked = check(&answers.topology());
                    let errors: Vec<_> = checked.findings.iter().filter(|finding| finding.is_error()).collect();
                    // Helm's charts know no external control plane; the finding says so and has the way on.
                    let helm = who == Who::Apart && installer == Installer::Helm;
                    assert!(errors.is_empty() || helm, "{answers:?} {errors:?}");
                }
            }
        }
    }

    #[test]
    fn the_questions_lead_to_the_templates() {
        let lead = |clusters, apart, who| Answers { clusters, apart, who, ..Answers::default() }.topology();
        for (id, answered) in [
            ("multi-primary-multi-network", lead(2, true, Who::Each)),
            ("multi-primary", lead(2, false, Who::Each)),
            ("primary-remote-multi-network", lead(2, true, Who::First)),
            ("primary-remote", lead(2, false, Who::First)),
            ("external-two-remotes", lead(2, true, Who::Apart)),
            ("external-ip", lead(1, true, Who::Apart)),
            ("single", lead(1, true, Who::Each)),
        ] {
            let preset = presets().into_iter().find(|preset| preset.id == id).unwrap();
            assert_eq!(preset.topology, answered, "{id}");
        }
        assert_eq!(model(&lead(1, true, Who::Each)).en, "Single cluster");
    }
}
