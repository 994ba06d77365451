//! A checked topology that answers questions: every name resolves, every istiod has exactly one config cluster.

mod check;
mod cidr;
mod model;

use crate::fact::{Exposure, Fact};
use crate::finding::Finding;
use crate::manifest::entry_gateway;
use crate::name::{ClusterName, NetworkName};
use crate::release::{Feature, Release};
use crate::sorted::{self, Map};
use crate::topology::{Cluster, Entry, Expose, Gateway, GatewayApi, GatewayKind, Installer, Role, Topology};

pub use check::{check, rename_arrows};
pub use model::model;

/// The namespace that Istio is installed in where nothing else is said.
pub const ISTIO_SYSTEM: &str = "istio-system";

/// What [`check`] makes of a topology.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The mesh, unless a finding is an error.
    pub mesh: Option<Mesh>,
    /// All that was found, errors first, then in drawing order.
    pub findings: Vec<Finding>,
}

/// A topology in which every name resolves.
#[derive(Clone, Debug)]
pub struct Mesh {
    topology: Topology,
    release: Release,
    remarks: Vec<Finding>,
    by_name: Map<ClusterName, usize>,
    by_variable: Map<String, usize>,
}

impl Mesh {
    /// Makes a mesh of a topology that [`check`] found no error in.
    fn new(topology: Topology, release: Release, remarks: Vec<Finding>) -> Self {
        let by_name = sorted::map(topology.clusters.iter().enumerate().map(|(i, cluster)| (cluster.name.clone(), i)));
        let by_variable =
            sorted::map(topology.clusters.iter().enumerate().map(|(i, cluster)| (cluster.name.variable(), i)));
        Mesh { topology, release, remarks, by_name, by_variable }
    }

    /// Returns the drawing.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// Returns what was found in the drawing; none of it is an error.
    pub fn remarks(&self) -> &[Finding] {
        &self.remarks
    }

    /// Returns the release.
    pub fn release(&self) -> Release {
        self.release
    }

    /// Says whether the release has a feature.
    pub fn has(&self, feature: Feature) -> bool {
        self.release.has(feature)
    }

    /// Returns the revision, where one is set.
    pub fn revision(&self) -> Option<&str> {
        Some(self.topology.istio.revision.as_str()).filter(|revision| !revision.is_empty())
    }

    /// Returns the program that renders istiods, remotes and the gateways between networks.
    pub fn installer(&self) -> Installer {
        self.topology.istio.installer
    }

    /// Returns the clusters in drawing order.
    pub fn clusters(&self) -> &[Cluster] {
        &self.topology.clusters
    }

    /// Returns the place of a cluster in the drawing, counted from 0.
    pub fn place(&self, name: &ClusterName) -> usize {
        self.by_name.get(name).copied().unwrap_or(usize::MAX)
    }

    /// Returns the cluster whose name gives that shell variable.
    pub(crate) fn cluster_of_variable(&self, variable: &str) -> Option<&Cluster> {
        self.by_variable.get(variable).map(|&i| &self.topology.clusters[i])
    }

    /// Returns a cluster by a name that the drawing holds, as every arrow of a mesh does.
    pub(crate) fn resolved(&self, name: &ClusterName) -> &Cluster {
        &self.topology.clusters[self.by_name[name]]
    }

    /// Returns the clusters whose pods are part of the mesh.
    pub fn members(&self) -> impl Iterator<Item = &Cluster> {
        self.clusters().iter().filter(|cluster| is_member(cluster))
    }

    /// Returns the place of a member among the members, counted from 1; its sample answers with it.
    pub fn member_place(&self, name: &ClusterName) -> usize {
        self.members().take_while(|member| member.name != *name).count() + 1
    }

    /// Returns the clusters that run an istiod which answers the mesh.
    pub fn istiods(&self) -> impl Iterator<Item = &Cluster> {
        self.clusters().iter().filter(|cluster| !matches!(cluster.role, Role::Remote { .. }))
    }

    /// Returns the cluster whose istiod serves this one; an istiod's own cluster for itself.
    pub fn istiod_of<'a>(&'a self, cluster: &'a Cluster) -> &'a Cluster {
        match &cluster.role {
            Role::Remote { control_plane } => self.resolved(control_plane),
            Role::Primary { .. } | Role::External { .. } => cluster,
        }
    }

    /// Returns the cluster whose API server holds the configuration that an istiod reads.
    pub fn config_of<'a>(&'a self, istiod: &'a Cluster) -> &'a Cluster {
        match &istiod.role {
            Role::External { config, .. } => self.resolved(config),
            Role::Primary { .. } | Role::Remote { .. } => istiod,
        }
    }

    /// Returns the remotes that an istiod serves.
    pub fn served_by<'a>(&'a self, istiod: &'a Cluster) -> impl Iterator<Item = &'a Cluster> {
        self.topology().served_by(&istiod.name)
    }

    /// Says whether an istiod serves clusters other than its own.
    pub fn serves_others(&self, istiod: &Cluster) -> bool {
        self.served_by(istiod).next().is_some()
    }

    /// Returns the members that an istiod watches through a secret: all but the cluster it runs in.
    pub fn watched_by<'a>(&'a self, istiod: &'a Cluster) -> impl Iterator<Item = &'a Cluster> {
        self.members().filter(move |member| member.name != istiod.name)
    }

    /// Says whether a cluster runs the control plane of others and is no member.
    pub fn hosts_external(&self, cluster: &Cluster) -> bool {
        !is_member(cluster)
    }

    /// Returns what must be so before an istiod can be dialled by those it serves: its gateway's address, or the certificate of its host name.
    pub fn entry_fact(&self, istiod: &Cluster) -> Fact {
        match self.entry(istiod) {
            Entry::Host { .. } => Fact::Credential(istiod.name.clone()),
            Entry::LoadBalancer => Fact::Address(istiod.name.clone(), entry_gateway(istiod)),
        }
    }

    /// Returns that the istiod of a member is exposed, where that istiod is elsewhere.
    pub fn exposed_elsewhere(&self, member: &Cluster) -> Option<Fact> {
        let istiod = self.istiod_of(member);
        // Before gateways of their own between networks, the control plane's installation exposed it at its ingress gateway.
        (istiod.name != member.name && self.has(Feature::EastWestGateway))
            .then(|| Fact::Exposed(istiod.name.clone(), Exposure::Istiod))
    }

    /// Says whether an external istiod keeps its mesh's configuration in this cluster.
    pub fn is_config_of_external(&self, cluster: &Cluster) -> bool {
        self.istiods().any(|istiod| istiod.name != cluster.name && self.config_of(istiod).name == cluster.name)
    }

    /// Returns the cluster whose name the istiod that serves this member from elsewhere goes by: its config cluster.
    ///
    /// That config cluster itself is none of them: its istiod holds its kubeconfig and takes charge without being asked (seed 004).
    /// Nor is a remote that injects by itself.
    pub fn managed_by<'a>(&'a self, cluster: &'a Cluster) -> Option<&'a Cluster> {
        let config = self.config_of(self.istiod_of(cluster));
        (is_member(cluster) && config.name != cluster.name && !self.injects_itself(cluster)).then_some(config)
    }

    /// Says whether a member runs what injects its proxies and signs their certificates: a primary, and before control planes
    /// served clusters elsewhere as their only one, every remote too.
    pub fn injects_itself(&self, member: &Cluster) -> bool {
        is_member(member) && (self.istiod_of(member).name == member.name || !self.has(Feature::SoleControlPlane))
    }

    /// Says whether pods of some members cannot dial each other, so that gateways carry their traffic.
    pub fn spans_networks(&self) -> bool {
        let mut networks = self.members().filter_map(|member| member.network.as_ref());
        networks.next().is_some_and(|first| networks.any(|network| network != first))
    }

    /// Returns the clusters that sign workload certificates, and so need one root of trust.
    pub fn signers(&self) -> impl Iterator<Item = &Cluster> {
        self.clusters().iter().filter(|cluster| self.hosts_external(cluster) || self.injects_itself(cluster))
    }

    /// Returns a fact that a signer needs before it starts: its certificates, where there are other signers too.
    pub fn trust_of(&self, cluster: &Cluster) -> Option<Fact> {
        let signs = |signer: &Cluster| signer.name == cluster.name;
        (self.signers().any(signs) && self.signers().count() > 1).then(|| Fact::Trust(cluster.name.clone()))
    }

    /// Returns the network of a member.
    pub fn network<'a>(&self, member: &'a Cluster) -> &'a NetworkName {
        static NONE: std::sync::LazyLock<NetworkName> = std::sync::LazyLock::new(NetworkName::default);
        member.network.as_ref().unwrap_or(&NONE)
    }

    /// Returns the namespace that a cluster's istiod, or its share of one elsewhere, lives in.
    pub fn system_namespace<'a>(&'a self, cluster: &'a Cluster) -> &'a str {
        match &self.istiod_of(cluster).role {
            Role::External { namespace, .. } => namespace,
            Role::Primary { .. } | Role::Remote { .. } => ISTIO_SYSTEM,
        }
    }

    /// Returns how an istiod is reached by those it serves.
    pub fn entry<'a>(&self, istiod: &'a Cluster) -> &'a Entry {
        match &istiod.role {
            Role::Primary { entry } | Role::External { entry, .. } => entry,
            Role::Remote { .. } => &Entry::LoadBalancer,
        }
    }

    /// Returns the vocabulary of a member's ingress gateway.
    pub fn ingress_api(&self, cluster: &Cluster) -> GatewayApi {
        self.gateways(GatewayKind::Ingress)
            .find(|(at, _)| at.name == cluster.name)
            .map(|(_, gateway)| gateway.api)
            .unwrap_or_default()
    }

    /// Returns the gateways of a kind that are drawn, each with the member it runs in.
    pub fn gateways(&self, kind: GatewayKind) -> impl Iterator<Item = (&Cluster, &Gateway)> {
        let gateways = self.topology.gateways.iter().filter(move |gateway| gateway.kind == kind);
        gateways.map(|gateway| (self.resolved(&gateway.cluster), gateway))
    }

    /// Says whether an istiod configures ingress gateways in Istio's own vocabulary.
    pub fn has_istio_ingress(&self, istiod: &Cluster) -> bool {
        let of_istiod = |(cluster, gateway): (&Cluster, &Gateway)| {
            gateway.api == GatewayApi::Istio && self.istiod_of(cluster).name == istiod.name
        };
        self.gateways(GatewayKind::Ingress).any(of_istiod)
    }

    /// Returns the gateways that an istiod must be told of: those between networks behind an address translation it cannot
    /// see, where it serves members on other networks.
    pub fn hidden_from<'a>(&'a self, istiod: &'a Cluster) -> impl Iterator<Item = &'a Cluster> {
        let serves_other_network = move |target: &Cluster| {
            self.members().any(|member| self.istiod_of(member).name == istiod.name && member.network != target.network)
        };
        let hidden = |cluster: &&Cluster| cluster.east_west.front() == Expose::Nat && self.has_east_west(cluster);
        self.members().filter(hidden).filter(move |target| serves_other_network(target))
    }

    /// Says whether a member has an east-west gateway: it must be entered from another network, or its istiod serves others.
    pub fn has_east_west(&self, cluster: &Cluster) -> bool {
        is_member(cluster)
            && (self.spans_networks()
                || cluster.api_server_by_gateway()
                || (matches!(cluster.role, Role::Primary { .. }) && self.serves_others(cluster)))
    }
}

/// Says whether a cluster's pods are part of the mesh.
pub fn is_member(cluster: &Cluster) -> bool {
    !matches!(cluster.role, Role::External { .. })
}
