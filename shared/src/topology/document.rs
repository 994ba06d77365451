//! The written form of a topology: typed fields only, unknown ones refused, defaults left out on writing.

mod gateways;
mod words;

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{
    API_VERSION, ApiServer, CaSource, Cluster, DEFAULT_EXTERNAL_NAMESPACE, DEFAULT_TRUST_DOMAIN, EastWest, Entry,
    Installer, Istio, Role, Topology, Via,
};
use crate::name::{ClusterName, NetworkName};
use crate::yaml::emit;
use gateways::{EastWestDoc, GatewayDoc};
use words::words;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Document {
    pub(super) api_version: String,
    pub(super) kind: String,
    metadata: MetadataDoc,
    spec: SpecDoc,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MetadataDoc {
    name: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SpecDoc {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mesh_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trust_domain: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    istio: Option<IstioDoc>,
    clusters: Vec<ClusterDoc>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gateways: Vec<GatewayDoc>,
    #[serde(default, skip_serializing_if = "is_false")]
    sample: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct IstioDoc {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    installer: Option<InstallerDoc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
}

words! {
    InstallerDoc { Istioctl: "istioctl", Helm: "helm" }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ClusterDoc {
    name: ClusterName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    network: Option<NetworkName>,
    role: RoleDoc,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    control_plane: Option<ClusterName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    config: Option<ClusterName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "entry")]
    entry: Option<EntryDoc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    context: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api_server: Option<ApiServerDoc>,
    #[serde(default, rename = "podCIDRs", skip_serializing_if = "Vec::is_empty")]
    pod_cidrs: Vec<String>,
    #[serde(default, rename = "serviceCIDRs", skip_serializing_if = "Vec::is_empty")]
    service_cidrs: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    east_west: Option<EastWestDoc>,
}

words! {
    RoleDoc { Primary: "primary", Remote: "remote", External: "external" }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryDoc {
    host: String,
    credential: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ApiServerDoc {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tls_server_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ca: Option<CaDoc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    via: Option<ViaDoc>,
}

words! {
    ViaDoc { Direct: "direct", EastWest: "eastWest" }
}

words! {
    CaDoc { Token: "token", Kubeconfig: "kubeconfig" }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Reads `loadBalancer`, which is the default, or a host with its credential.
fn entry<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<EntryDoc>, D::Error> {
    struct Visitor;
    impl<'de> de::Visitor<'de> for Visitor {
        type Value = Option<EntryDoc>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("`loadBalancer`, or `{host, credential}`")
        }

        fn visit_str<E: de::Error>(self, word: &str) -> Result<Self::Value, E> {
            if word == "loadBalancer" { Ok(None) } else { Err(E::invalid_value(de::Unexpected::Str(word), &self)) }
        }

        fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            EntryDoc::deserialize(de::value::MapAccessDeserializer::new(map)).map(Some)
        }
    }
    deserializer.deserialize_any(Visitor)
}

/// A field that stands at a cluster of a role it does not belong to.
pub(super) struct Misplaced {
    pub(super) cluster: usize,
    pub(super) field: &'static str,
    pub(super) role: &'static str,
    pub(super) belongs_to: &'static str,
}

impl Document {
    /// Turns the written form into the model.
    pub(super) fn into_topology(self) -> Result<Topology, Misplaced> {
        let spec = self.spec;
        let istio = spec.istio.unwrap_or(IstioDoc { version: None, installer: None, revision: None });
        let clusters =
            spec.clusters.into_iter().enumerate().map(|(i, doc)| doc.into_cluster(i)).collect::<Result<_, _>>()?;
        Ok(Topology {
            mesh_id: spec.mesh_id.unwrap_or_else(|| self.metadata.name.clone()),
            name: self.metadata.name,
            trust_domain: spec.trust_domain.unwrap_or_else(|| DEFAULT_TRUST_DOMAIN.to_owned()),
            istio: Istio {
                version: istio.version.unwrap_or_else(|| super::DEFAULT_RELEASE.to_owned()),
                installer: istio.installer.map_or(Installer::Istioctl, installer),
                revision: istio.revision.unwrap_or_default(),
            },
            clusters,
            gateways: spec.gateways.into_iter().map(GatewayDoc::into_gateway).collect(),
            sample: spec.sample,
        })
    }
}

fn installer(doc: InstallerDoc) -> Installer {
    match doc {
        InstallerDoc::Istioctl => Installer::Istioctl,
        InstallerDoc::Helm => Installer::Helm,
    }
}

fn installer_doc(installer: Installer) -> InstallerDoc {
    match installer {
        Installer::Istioctl => InstallerDoc::Istioctl,
        Installer::Helm => InstallerDoc::Helm,
    }
}

impl ClusterDoc {
    fn into_cluster(self, index: usize) -> Result<Cluster, Misplaced> {
        let role_word = match self.role {
            RoleDoc::Primary => "primary",
            RoleDoc::Remote => "remote",
            RoleDoc::External => "external",
        };
        let misplaced = |present: bool, field, belongs_to| {
            if present { Err(Misplaced { cluster: index, field, role: role_word, belongs_to }) } else { Ok(()) }
        };
        if self.role != RoleDoc::Remote {
            misplaced(self.control_plane.is_some(), "controlPlane", "remote")?;
        }
        if self.role != RoleDoc::External {
            misplaced(self.config.is_some(), "config", "external")?;
            misplaced(self.namespace.is_some(), "namespace", "external")?;
        }
        if self.role == RoleDoc::Remote {
            misplaced(self.entry.is_some(), "entry", "primary")?;
        }
        let entry =
            self.entry.map_or(Entry::LoadBalancer, |doc| Entry::Host { host: doc.host, credential: doc.credential });
        let role = match self.role {
            RoleDoc::Primary => Role::Primary { entry },
            RoleDoc::Remote => Role::Remote { control_plane: self.control_plane.unwrap_or_default() },
            RoleDoc::External => Role::External {
                config: self.config.unwrap_or_default(),
                entry,
                namespace: self.namespace.unwrap_or_else(|| DEFAULT_EXTERNAL_NAMESPACE.to_owned()),
            },
        };
        Ok(Cluster {
            name: self.name,
            network: self.network,
            role,
            context: self.context,
            api_server: self.api_server.map(|doc| ApiServer {
                url: doc.url.unwrap_or_default(),
                tls_server_name: doc.tls_server_name,
                ca: match doc.ca {
                    None | Some(CaDoc::Token) => CaSource::Token,
                    Some(CaDoc::Kubeconfig) => CaSource::Kubeconfig,
                },
                via: match doc.via {
                    None | Some(ViaDoc::Direct) => Via::Direct,
                    Some(ViaDoc::EastWest) => Via::EastWest,
                },
            }),
            pod_cidrs: self.pod_cidrs,
            service_cidrs: self.service_cidrs,
            east_west: self.east_west.map_or_else(EastWest::default, EastWestDoc::into_east_west),
        })
    }

    fn of(cluster: &Cluster) -> Self {
        let host = |entry: &Entry| match entry {
            Entry::LoadBalancer => None,
            Entry::Host { host, credential } => Some(EntryDoc { host: host.clone(), credential: credential.clone() }),
        };
        let arrow = |name: &ClusterName| (!name.is_empty()).then(|| name.clone());
        let (role, control_plane, config, namespace, entry) = match &cluster.role {
            Role::Primary { entry } => (RoleDoc::Primary, None, None, None, host(entry)),
            Role::Remote { control_plane } => (RoleDoc::Remote, arrow(control_plane), None, None, None),
            Role::External { config, entry, namespace } => {
                let namespace = (namespace != DEFAULT_EXTERNAL_NAMESPACE).then(|| namespace.clone());
                (RoleDoc::External, None, arrow(config), namespace, host(entry))
            }
        };
        ClusterDoc {
            name: cluster.name.clone(),
            network: cluster.network.clone(),
            role,
            control_plane,
            config,
            namespace,
            entry,
            context: cluster.context.clone(),
            api_server: cluster.api_server.as_ref().map(|api| ApiServerDoc {
                url: (!api.url.is_empty()).then(|| api.url.clone()),
                tls_server_name: api.tls_server_name.clone(),
                ca: (api.ca == CaSource::Kubeconfig).then_some(CaDoc::Kubeconfig),
                via: (api.via == Via::EastWest).then_some(ViaDoc::EastWest),
            }),
            pod_cidrs: cluster.pod_cidrs.clone(),
            service_cidrs: cluster.service_cidrs.clone(),
            east_west: (cluster.east_west != EastWest::default()).then(|| EastWestDoc::of(&cluster.east_west)),
        }
    }
}

/// Writes the document of a topology.
pub(super) fn write(topology: &Topology) -> String {
    let text = |text: &String| (!text.is_empty()).then(|| text.clone());
    let document = Document {
        api_version: API_VERSION.to_owned(),
        kind: "Topology".to_owned(),
        metadata: MetadataDoc { name: topology.name.clone() },
        spec: SpecDoc {
            mesh_id: Some(topology.mesh_id.clone()),
            trust_domain: (topology.trust_domain != DEFAULT_TRUST_DOMAIN).then(|| topology.trust_domain.clone()),
            istio: Some(IstioDoc {
                version: Some(topology.istio.version.clone()),
                installer: Some(installer_doc(topology.istio.installer)),
                revision: text(&topology.istio.revision),
            }),
            clusters: topology.clusters.iter().map(ClusterDoc::of).collect(),
            gateways: topology.gateways.iter().map(GatewayDoc::of).collect(),
            sample: topology.sample,
        },
    };
    emit(&document)
}
