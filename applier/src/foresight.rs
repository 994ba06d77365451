//! What `apply`, `diff` and `status` are going to ask, known before the first word with any cluster: it goes out beside the first
//! questions, and so costs no way to the cluster of its own. Only reads; an answer that turns out to be of no use is dropped.
//!
//! What is asked for nothing costs a cluster little, and what was not foreseen is asked when its turn comes.

use std::collections::{BTreeMap, BTreeSet};

use crate::applyset;
use crate::kinds::{item, list};
use crate::object::GroupKind;
use crate::rights::{self, Purpose, Right, plural};
use crate::sound;
use crate::transport::Question;
use crate::work::Work;

/// What installations of Istio are made of, beside what bundles hold as manifests: group, version, plural.
const INSTALLED: [(&str, &str, &str); 15] = [
    ("", "v1", "configmaps"),
    ("", "v1", "secrets"),
    ("", "v1", "serviceaccounts"),
    ("", "v1", "services"),
    ("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations"),
    ("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations"),
    (DEFINITIONS, "v1", "customresourcedefinitions"),
    ("apps", "v1", "deployments"),
    ("autoscaling", "v2", "horizontalpodautoscalers"),
    ("discovery.k8s.io", "v1", "endpointslices"),
    ("policy", "v1", "poddisruptionbudgets"),
    ("rbac.authorization.k8s.io", "v1", "clusterrolebindings"),
    ("rbac.authorization.k8s.io", "v1", "clusterroles"),
    ("rbac.authorization.k8s.io", "v1", "rolebindings"),
    ("rbac.authorization.k8s.io", "v1", "roles"),
];

const DEFINITIONS: &str = "apiextensions.k8s.io";

/// What each cluster is going to be asked, by its name.
pub(crate) fn questions(work: &Work) -> BTreeMap<String, Vec<Question>> {
    let set = applyset::id(&work.mesh);
    let mut all = BTreeMap::new();
    for (cluster, rights) in rights::collect(work, &[]) {
        let mut kinds: BTreeSet<(String, String, String)> = INSTALLED
            .into_iter()
            .map(|(group, version, plural)| (group.to_owned(), version.to_owned(), plural.to_owned()))
            .collect();
        for job in work.jobs.iter().filter(|job| job.cluster == cluster && job.installs.is_none()) {
            for object in job.outline().unwrap_or_default() {
                let GroupKind { group, kind } = object.id().kind;
                let version = object.api_version().rsplit('/').next().unwrap_or_default().to_owned();
                kinds.insert((group, version, plural(&kind)));
            }
        }
        let lists = kinds
            .iter()
            .map(|(group, version, plural)| Question::List(sound::members(&list(group, version, plural, None), &set)));
        let looks = rights.iter().filter(|(right, purpose)| **purpose == Purpose::Look && is_one(right));
        let facts = looks.map(|(Right { group, resource, namespace, name, .. }, _)| {
            let namespace = Some(namespace.as_str()).filter(|namespace| !namespace.is_empty());
            let path = item(&list(group, "v1", resource, namespace), name);
            if group == DEFINITIONS { Question::Metadata(path) } else { Question::Object(path) }
        });
        all.insert(cluster, lists.chain(facts).collect());
    }
    all
}

/// Whether it is to read one object that no first question asks for anyway.
fn is_one(right: &Right) -> bool {
    let first = right.namespace == "kube-system" || right.name == "kube-system";
    right.verb == "get" && !right.name.is_empty() && !first
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::bundle::Bundle;
    use shared::topology::{Cluster, Topology};

    #[test]
    fn lists_and_facts_are_foreseen_for_the_cluster_they_are_asked_of() {
        let mut topology = Topology::empty("mesh1");
        topology.clusters.push(Cluster::primary("a", "n1"));
        topology.clusters.push(Cluster::primary("b", "n2"));
        let work = Work::of(&Bundle::write(&topology, None).unwrap()).unwrap();
        let all = questions(&work);
        let has = |cluster: &str, question: Question| all[cluster].contains(&question);
        let secret = |name: &str| Question::Object(format!("/api/v1/namespaces/istio-system/secrets/{name}"));
        assert!(has("a", secret("istio-remote-secret-b")) && !has("b", secret("istio-remote-secret-b")));
        assert!(has("b", Question::Object("/apis/apps/v1/namespaces/istio-system/deployments/istiod".into())));
        assert!(has("a", Question::Object("/api/v1/namespaces/istio-system".into())));
        let crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gateways.networking.istio.io";
        assert!(has("a", Question::Metadata(crd.into())));
        let gateways = sound::members("/apis/networking.istio.io/v1/gateways", &applyset::id("mesh1"));
        assert!(has("a", Question::List(gateways)), "{:#?}", all["a"]);
        assert!(all["a"].len() < 80, "{}", all["a"].len());
    }
}
