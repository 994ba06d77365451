//! What an account must be allowed to do on each cluster for a bundle: collected from the objects that would be sent and from the
//! places that are looked at, so that it is neither more nor less than what the program does.
//!
//! `isthmus check` asks the API servers about each of these, `isthmus rbac` writes them down as roles.

mod names;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::check::ROOT_CONFIG_MAP;
use shared::hole::Part;
use shared::probe::{AddressKindWord, ObjectRef, Probe};

use crate::applyset;
use crate::error::Failure;
use crate::fill::Filling;
use crate::object::{GroupKind, Object};
use crate::probe::{Learned, about};
use crate::program::Renderers;
use crate::work::Work;
use names::Names;
pub(crate) use names::plural;

/// What a right is needed for; a right that serves several is filed under the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// For every command, `status` and `diff` among them: to read what is there.
    Look,
    /// To apply; a dry run asks for the same.
    Apply,
    /// To hear at once that what is waited for is there, and what the cluster says meanwhile: without it waits are told with less.
    Wait,
    /// To verify.
    Verify,
    /// To clean up.
    Cleanup,
    /// To check what is there already.
    Check,
}

/// One thing that an account must be allowed to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Right {
    /// The API group, empty for the core; `*` is every group.
    pub(crate) group: String,
    /// The resource as in paths, `deployments` or `pods/exec`; `*` is every resource.
    pub(crate) resource: String,
    /// The namespace; empty for what lives in none, and for what is asked of all at once.
    pub(crate) namespace: String,
    /// The object's name; empty where the verb is about no single one, or about whichever there is.
    pub(crate) name: String,
    /// The verb, as RBAC has it.
    pub(crate) verb: &'static str,
}

/// The rights on one cluster.
pub(crate) type Rights = BTreeMap<Right, Purpose>;

const WEBHOOKS: &str = "admissionregistration.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";

/// The objects of every step in the order of the plan, rendered, with stand-ins for all that only clusters know: to be named and
/// counted, never to be sent.
pub(crate) async fn outline(work: &Work, renderers: &Renderers) -> Result<Vec<Vec<Object>>, Failure> {
    let mut all = Vec::new();
    for job in &work.jobs {
        let fillings = work.fillings(job, |fact| Some(stand_in(work.probes.get(fact))));
        all.push(work.objects(job, &fillings, renderers, &applyset::id(&work.mesh)).await?);
    }
    Ok(all)
}

/// The rights on every cluster of a bundle, by the cluster's name; `objects` is what [`outline`] found.
pub(crate) fn collect(work: &Work, objects: &[Vec<Object>]) -> BTreeMap<String, Rights> {
    let names = Names::of(objects.iter().flatten());
    let mut all: BTreeMap<String, Collection<'_>> = work
        .clusters
        .iter()
        .map(|cluster| (cluster.cluster.clone(), Collection { names: &names, rights: Rights::new() }))
        .collect();
    for collection in all.values_mut() {
        collection.record(&work.mesh);
    }
    for (job, objects) in work.jobs.iter().zip(objects) {
        if let Some(collection) = all.get_mut(&job.cluster) {
            for object in objects {
                collection.object(object);
            }
        }
    }
    for (fact, probe) in &work.probes {
        let holder = if let Probe::Watched { by, .. } = probe { by } else { fact.cluster() };
        if let Some(collection) = all.get_mut(holder.as_str()) {
            collection.probe(probe);
        }
        if let Probe::Istiod { validating_webhooks, webhook_cluster: Some(elsewhere), .. } = probe
            && let Some(collection) = all.get_mut(elsewhere.as_str())
        {
            collection.look(WEBHOOKS, "validatingwebhookconfigurations", "", validating_webhooks);
        }
    }
    for (name, collection) in &mut all {
        collection.verify(work, name);
    }
    all.into_iter().map(|(name, collection)| (name, collection.rights)).collect()
}

/// Something to fill holes with until the clusters are there: addresses of the documentation range, of the kind that is drawn.
fn stand_in(probe: Option<&Probe>) -> Learned {
    let hostname = matches!(probe, Some(Probe::Address { address_kind: AddressKindWord::Hostname, .. }));
    let address = if hostname { "gateway.example" } else { "192.0.2.1" };
    let value = |part: Part| match part {
        Part::Address => address.to_owned(),
        Part::Url => "https://192.0.2.1:6443".to_owned(),
        Part::Token => "token".to_owned(),
        Part::TokenCa | Part::CaCert | Part::CaKey | Part::CertChain | Part::RootCert => STANDARD.encode("stand-in"),
    };
    let all = [
        Part::Address,
        Part::Url,
        Part::Token,
        Part::TokenCa,
        Part::CaCert,
        Part::CaKey,
        Part::CertChain,
        Part::RootCert,
    ];
    Learned { parts: all.map(|part| (part, Filling::open(value(part)))).into(), ..Learned::default() }
}

/// The rights on one cluster as they come together.
struct Collection<'n> {
    names: &'n Names,
    rights: Rights,
}

impl Collection<'_> {
    fn add(
        &mut self,
        purpose: Purpose,
        verb: &'static str,
        (group, resource): (&str, &str),
        (namespace, name): (&str, &str),
    ) {
        let right = Right {
            group: group.to_owned(),
            resource: resource.to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            verb,
        };
        let filed = self.rights.entry(right).or_insert(purpose);
        *filed = purpose.min(*filed);
    }

    /// What every run touches: the cluster's identity, the record of what was applied, the Lease; and what `cleanup` looks through.
    fn record(&mut self, mesh: &str) {
        let name = applyset::parent_name(mesh);
        self.look("", "namespaces", "", &["kube-system".to_owned()]);
        let place = ("kube-system", name.as_str());
        let (record, lease) = (("", "configmaps"), ("coordination.k8s.io", "leases"));
        self.add(Purpose::Look, "get", record, place);
        self.add(Purpose::Apply, "create", record, ("kube-system", ""));
        self.add(Purpose::Apply, "patch", record, place);
        self.add(Purpose::Cleanup, "delete", record, place);
        self.add(Purpose::Apply, "create", lease, ("kube-system", ""));
        for verb in ["get", "update", "delete"] {
            self.add(Purpose::Apply, verb, lease, place);
        }
        // What istiod wrote by itself lies in every namespace.
        for left in [("", "configmaps"), ("", "secrets"), lease, ("gateway.networking.k8s.io", "gatewayclasses")] {
            self.add(Purpose::Cleanup, "list", left, ("", ""));
            self.add(Purpose::Cleanup, "delete", left, ("", ""));
        }
        self.add(Purpose::Cleanup, "list", ("apps", "deployments"), ("", ""));
        // What others left or run: see the checks of that name.
        for look in [(WEBHOOKS, "mutatingwebhookconfigurations"), (WEBHOOKS, "validatingwebhookconfigurations")] {
            self.add(Purpose::Check, "list", look, ("", ""));
        }
    }

    /// What is done with one object that is applied.
    fn object(&mut self, object: &Object) {
        let id = object.id();
        let resource = self.names.plural(&id.kind);
        let what = (id.kind.group.as_str(), resource.as_str());
        let place = (id.namespace.as_str(), id.name.as_str());
        self.add(Purpose::Look, "get", what, place);
        self.add(Purpose::Apply, "create", what, (&id.namespace, ""));
        self.add(Purpose::Apply, "patch", what, place);
        self.add(Purpose::Cleanup, "delete", what, place);
        self.add(Purpose::Cleanup, "list", what, ("", ""));
        match id.kind.kind.as_str() {
            // Kubernetes lets nobody grant what they do not have themselves, unless they may do that.
            "ClusterRole" | "Role" => self.add(Purpose::Apply, "escalate", what, place),
            "ClusterRoleBinding" | "RoleBinding" => {
                let role = &object.value()["roleRef"];
                let text = |key: &str| role[key].as_str().unwrap_or_default();
                self.add(Purpose::Apply, "bind", (RBAC, &plural(text("kind"))), (&id.namespace, text("name")));
            }
            "CustomResourceDefinition" => {
                // Its objects are counted before it goes.
                if let Some((resource, group)) = id.name.split_once('.') {
                    self.add(Purpose::Cleanup, "list", (group, resource), ("", ""));
                }
            }
            // A namespace goes only where nothing in it is anybody else's: all kinds are looked through.
            "Namespace" => self.add(Purpose::Cleanup, "list", ("*", "*"), (&id.name, "")),
            _ => {}
        }
    }

    /// What is asked of the sample's client and of istiods.
    fn verify(&mut self, work: &Work, cluster: &str) {
        // A stream is asked for by GET; since Kubernetes 1.35 whoever opens one must also be allowed to create it.
        let opens = |rights: &mut Self, what: &str, namespace: &str| {
            for verb in ["create", "get"] {
                rights.add(Purpose::Verify, verb, ("", what), (namespace, ""));
            }
        };
        let is_member = work.asks.members.iter().any(|member| member.cluster.as_str() == cluster);
        if let Some(client) = work.asks.client.as_ref().filter(|_| is_member) {
            self.add(Purpose::Verify, "list", ("", "pods"), (&client.namespace, ""));
            self.add(Purpose::Verify, "list", ("", "nodes"), ("", ""));
            opens(self, "pods/exec", &client.namespace);
        }
        for istiod in work.asks.istiods.iter().filter(|istiod| istiod.cluster.as_str() == cluster) {
            self.add(Purpose::Verify, "list", ("", "pods"), (&istiod.namespace, ""));
            opens(self, "pods/portforward", &istiod.namespace);
        }
    }

    fn look(&mut self, group: &str, resource: &str, namespace: &str, names: &[String]) {
        for name in names {
            self.add(Purpose::Look, "get", (group, resource), (namespace, name));
        }
    }

    fn look_at(&mut self, objects: &[ObjectRef]) {
        for object in objects {
            let group = object.api_version.split_once('/').map_or("", |(group, _)| group);
            let kind = GroupKind { group: group.to_owned(), kind: object.kind.clone() };
            let resource = self.names.plural(&kind);
            self.add(
                Purpose::Look,
                "get",
                (group, &resource),
                (object.namespace.as_deref().unwrap_or_default(), &object.name),
            );
        }
    }

    /// What is heard while a fact is waited for.
    fn wait(&mut self, probe: &Probe) {
        let watched = match probe {
            Probe::Address { service, .. } => Some((("", "services"), service)),
            Probe::GatewayAddress { gateway, .. } => Some((("gateway.networking.k8s.io", "gateways"), gateway)),
            Probe::Deployment { deployment, .. } => Some((("apps", "deployments"), deployment)),
            _ => None,
        };
        let Some((namespace, _)) = about(probe) else { return };
        self.add(Purpose::Wait, "list", ("", "events"), (namespace, ""));
        if let Some((resource, name)) = watched {
            self.add(Purpose::Wait, "watch", resource, (namespace, name));
        }
    }

    /// What is read to learn one fact.
    fn probe(&mut self, probe: &Probe) {
        let one = |name: &String| vec![name.clone()];
        let crd = |rights: &mut Self, crds: &[String]| {
            rights.look("apiextensions.k8s.io", "customresourcedefinitions", "", crds);
        };
        self.wait(probe);
        match probe {
            Probe::ApiServer { .. } => {
                self.add(Purpose::Check, "get", ("", "configmaps"), ("kube-system", "kube-root-ca.crt"));
            }
            Probe::Certificates { namespace, secret, .. } => {
                self.look("", "secrets", namespace, &one(secret));
                self.add(Purpose::Check, "get", ("", "configmaps"), (namespace, ROOT_CONFIG_MAP));
            }
            Probe::Credential { namespace, secret, .. }
            | Probe::Trust { namespace, secret, .. }
            | Probe::Token { namespace, secret }
            | Probe::Watched { namespace, secret, .. } => self.look("", "secrets", namespace, &one(secret)),
            Probe::Namespace { name } => self.look("", "namespaces", "", &one(name)),
            Probe::Installed { crds, webhooks } => {
                crd(self, crds);
                self.look(WEBHOOKS, "mutatingwebhookconfigurations", "", webhooks);
            }
            Probe::Istiod { namespace, deployments, validating_webhooks, webhook_cluster } => {
                self.look("apps", "deployments", namespace, deployments);
                // Its pods are waited for when it is taken away.
                self.add(Purpose::Cleanup, "list", ("", "pods"), (namespace, ""));
                if webhook_cluster.is_none() {
                    self.look(WEBHOOKS, "validatingwebhookconfigurations", "", validating_webhooks);
                }
            }
            Probe::Injects { webhooks } => self.look(WEBHOOKS, "mutatingwebhookconfigurations", "", webhooks),
            Probe::Exposed { objects } => self.look_at(objects),
            Probe::Address { namespace, service, .. } => {
                self.look("", "services", namespace, &one(service));
                self.add(Purpose::Check, "list", ("", "services"), ("", ""));
            }
            Probe::DrawnAddress { namespace, service, .. } => self.look("", "services", namespace, &one(service)),
            Probe::NodeAddress { namespace, service, .. } => {
                self.look("", "services", namespace, &one(service));
                self.add(Purpose::Look, "list", ("", "nodes"), ("", ""));
            }
            Probe::GatewayAddress { namespace, gateway, .. } => {
                self.look("gateway.networking.k8s.io", "gateways", namespace, &one(gateway));
                self.add(Purpose::Check, "list", ("", "services"), ("", ""));
            }
            Probe::Definitions { crds, .. } => crd(self, crds),
            Probe::Deployment { namespace, deployment } => {
                self.look("apps", "deployments", namespace, &one(deployment));
            }
            Probe::Sample { namespace, deployments } => self.look("apps", "deployments", namespace, deployments),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::bundle::Bundle;
    use shared::topology::{Cluster, Role, Topology};

    fn work() -> Work {
        let mut topology = Topology { sample: false, ..Topology::empty("mesh1") };
        topology.clusters.push(Cluster::primary("a", "n1"));
        let remote = Role::Remote { control_plane: "a".into() };
        topology.clusters.push(Cluster { role: remote, ..Cluster::primary("b", "n1") });
        Work::of(&Bundle::write(&topology, None).unwrap()).unwrap()
    }

    /// What can be had without a program: the objects of steps that install nothing.
    async fn rights() -> BTreeMap<String, Rights> {
        let mut work = work();
        work.jobs.retain(|job| job.installs.is_none());
        let objects = outline(&work, &Renderers::default()).await.unwrap();
        collect(&work, &objects)
    }

    fn right(verb: &'static str, group: &str, resource: &str, namespace: &str, name: &str) -> Right {
        let text = str::to_owned;
        Right { group: text(group), resource: text(resource), namespace: text(namespace), name: text(name), verb }
    }

    #[tokio::test]
    async fn each_cluster_gets_what_its_own_steps_do() {
        let rights = rights().await;
        let remote_secret = right("patch", "", "secrets", "istio-system", "istio-remote-secret-b");
        assert_eq!(rights["a"].get(&remote_secret), Some(&Purpose::Apply), "the istiod's cluster holds the secret");
        assert!(!rights["b"].contains_key(&remote_secret));
        let record = right("delete", "", "configmaps", "kube-system", "isthmus-mesh1");
        assert_eq!(rights["b"].get(&record), Some(&Purpose::Cleanup));
        let gateway = right("get", "", "services", "istio-system", "istio-eastwestgateway");
        assert_eq!(rights["a"].get(&gateway), Some(&Purpose::Look), "a probe reads it");
        assert!(!rights["a"].keys().any(|right| right.resource == "nodes"), "no node is looked at");
        let asks = right("get", "", "pods/portforward", "istio-system", "");
        assert_eq!(
            (rights["a"].get(&asks), rights["b"].get(&asks)),
            (Some(&Purpose::Verify), None),
            "one has an istiod"
        );
    }

    #[test]
    fn whoever_grants_rights_needs_leave_for_it() {
        let binding = serde_json::json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
            "metadata": {"name": "b"}, "roleRef": {"kind": "ClusterRole", "name": "r"}});
        let role = serde_json::json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"}});
        let names = Names::of([].into_iter());
        let mut collection = Collection { names: &names, rights: Rights::new() };
        collection.object(&Object::from_value(binding));
        collection.object(&Object::from_value(role));
        assert!(collection.rights.contains_key(&right("bind", RBAC, "clusterroles", "", "r")));
        assert!(collection.rights.contains_key(&right("escalate", RBAC, "clusterroles", "", "r")));
        assert!(collection.rights.contains_key(&right("create", RBAC, "clusterrolebindings", "", "")));
    }
}
