//! What a step is made from, as one digest: where it is the one on record, rendering the step again would come to the same.

use super::{Install, Job, Work};
use crate::applyset::sha256;
use crate::fill::Fillings;
use crate::program::Tools;

/// Changes whenever this program prepares or marks the same objects otherwise than before.
const MANNER: &str = "1";

impl Work {
    /// A digest of all that decides what a step's objects are: its files, the values of its holes, and what renders it. Nothing where
    /// only running a program could tell, as with charts of a repository that may have moved on.
    ///
    /// Secret values are in it: tokens and keys, which nobody can guess, together with the uid of their cluster.
    pub(crate) fn made(&self, job: &Job, fillings: &Fillings, tools: &Tools, uid: &str) -> Option<String> {
        let mut parts: Vec<String> = [MANNER, uid, &self.mesh, &job.owner].map(str::to_owned).into();
        match &job.installs {
            None => {}
            Some(Install::Istioctl) => parts.push(tools.istioctl.clone()?),
            Some(Install::Helm(charts)) => {
                parts.push(tools.helm.clone()?);
                parts.push(tools.charts.clone()?);
                parts.extend(
                    charts.iter().flat_map(|chart| {
                        [chart.chart.word().to_owned(), chart.release.clone(), chart.namespace.clone()]
                    }),
                );
            }
        }
        parts.push(self.version.clone());
        parts.extend(job.files.iter().flat_map(|(path, text)| [path.clone(), text.clone()]));
        for (hole, filling) in fillings {
            parts.push(hole.clone());
            filling.reveal(|value| parts.push(value.to_owned()));
        }
        // Each with its length, so that no two lists read as one.
        let told: Vec<String> = parts.iter().map(|part| format!("{}:{part}", part.len())).collect();
        Some(sha256(told.join("\n").as_bytes())[..32].to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fill::Filling;
    use shared::bundle::Bundle;
    use shared::topology::{Cluster, Topology};

    #[test]
    fn what_decides_the_objects_decides_the_digest() {
        let mut topology = Topology::empty("mesh1");
        topology.clusters.push(Cluster::primary("a", "n1"));
        topology.clusters.push(Cluster::primary("b", "n2"));
        let work = Work::of(&Bundle::write(&topology, None).unwrap()).unwrap();
        let job = |id: &str| work.jobs.iter().find(|job| job.id == id).unwrap();
        let tools = |istioctl: &str| Tools { istioctl: Some(istioctl.to_owned()), ..Tools::default() };
        let fillings = |token: &str| Fillings::from([("T".to_owned(), Filling::secret(token))]);
        let made = |id: &str, token: &str, istioctl: &str, uid: &str| {
            work.made(job(id), &fillings(token), &tools(istioctl), uid).unwrap()
        };
        let istiod = made("a/istiod", "t", "x", "u");
        assert_eq!(istiod, made("a/istiod", "t", "x", "u"));
        for other in [
            made("a/istiod", "t", "y", "u"),
            made("a/istiod", "s", "x", "u"),
            made("a/istiod", "t", "x", "v"),
            made("b/istiod", "t", "x", "u"),
        ] {
            assert_ne!(istiod, other);
        }
        assert_eq!(made("a/namespace", "t", "x", "u"), made("a/namespace", "t", "y", "u"), "it is not rendered");
        assert_eq!(work.made(job("a/istiod"), &Fillings::new(), &Tools::default(), "u"), None);
    }
}
