//! Drawings from what a mesh was made of by other means: `IstioOperator` files, Helm values, a kubeconfig.
//!
//! What is read is names: of meshes, clusters, networks, contexts, revisions. What is not read is told, by field and line, and never by
//! value: a kubeconfig holds tokens, certificates and keys, and none of them gets out of here.

mod istio;
mod kubeconfig;
mod sheet;

use crate::mesh::is_member;
use crate::name::{ClusterName, NetworkName, free, slug};
use crate::text::Text;
use crate::topology::{CLUSTERS_MAX, Cluster, Gateway, Installer, ReadError, Role, Topology};
use crate::yaml::{INPUT_MAX, Node, parse};
use sheet::Sheet;

/// The most documents that are read of one text: the files of all clusters that a mesh may have, a few of each.
const DOCUMENTS_MAX: usize = 1000;

/// The network of clusters of which none is named.
const NETWORK: &str = "network1";

/// What a text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `IstioOperator` documents.
    Operator,
    /// Values for Istio's charts.
    Values,
    /// A kubeconfig, of which names are read and nothing else.
    Kubeconfig,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// What it was read from.
    pub kind: Kind,
    /// The clusters, as far as they are known.
    pub clusters: Vec<Part>,
    /// Gateways into and out of the mesh.
    pub gateways: Vec<Gateway>,
    /// What holds for the mesh as a whole.
    pub mesh: Whole,
    /// What was not read.
    pub unread: Vec<Unread>,
}

/// What is known of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The cluster, with defaults where nothing is known.
    pub cluster: Cluster,
    /// Whether its role is known.
    pub has_role: bool,
    /// Whether its network is known.
    pub has_network: bool,
}

/// What is known of the mesh as a whole; nothing is known of what is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// Istio's `meshID`.
    pub mesh_id: String,
    /// The trust domain.
    pub trust_domain: String,
    /// The release.
    pub version: String,
    /// The revision.
    pub revision: String,
    /// The program that rendered it.
    pub installer: Installer,
}

/// A field or document that was not read, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The line, counted from 1.
    pub line: u32,
    /// Its path, `spec.values.global.hub`, or the kind and name of a document.
    pub field: String,
}

/// Reads a text of one of the kinds; `None` where it is of none of them, and so for other readers.
pub fn read(text: &str) -> Option<Result<Imported, ReadError>> {
    let mut imported = None;
    let mut credentials = Vec::new();
    for (at, (lines_before, piece)) in documents(text).enumerate() {
        if at == DOCUMENTS_MAX || text.len() > INPUT_MAX {
            return imported.map(|_: Imported| Err(too_many()));
        }
        let node = match parse(piece, INPUT_MAX) {
            Ok(node) => node,
            // Of what cannot be read, only what looks like one of ours is ours to refuse.
            Err(error) if looks_like_one(text) => {
                let line = if error.line == 0 { 0 } else { error.line + lines_before };
                return Some(Err(ReadError { line, what: error.what, hint: error.hint }));
            }
            Err(_) => return None,
        };
        let Some(kind) = kind_of(&node) else {
            let Some(imported) = &mut imported else {
                if node.is_nothing() || node.get("kind").is_some() && looks_like_one(text) {
                    continue;
                }
                return None;
            };
            credentials.extend(istio::credentials(&node).map(str::to_owned));
            if !node.is_nothing() {
                imported.unread.push(Unread { line: node.line + lines_before, field: sheet::title(&node) });
            }
            continue;
        };
        let imported = imported.get_or_insert_with(|| Imported {
            kind,
            clusters: Vec::new(),
            gateways: Vec::new(),
            mesh: Whole {
                installer: if kind == Kind::Values { Installer::Helm } else { Installer::Istioctl },
                ..Whole::default()
            },
            unread: Vec::new(),
        });
        let before = imported.unread.len();
        let mut sheet = Sheet::new(&node);
        match kind {
            Kind::Kubeconfig => kubeconfig::read(&mut sheet, imported),
            Kind::Operator => istio::read(&mut sheet, "spec.", "spec.values.", imported),
            Kind::Values => istio::read(&mut sheet, "", "", imported),
        }
        imported.unread[before..].iter_mut().for_each(|unread| unread.line += lines_before);
        if imported.clusters.len() > CLUSTERS_MAX {
            return Some(Err(too_many()));
        }
    }
    let mut imported = imported?;
    istio::present(&mut imported, &credentials);
    Some(Ok(imported))
}

impl Imported {
    /// Draws what was read: into a drawing that is there, or as one of its own where that has no clusters. What a drawing has already
    /// is changed only where more is known.
    pub fn onto(&self, drawing: &Topology) -> Topology {
        let mut drawn = drawing.clone();
        if drawing.clusters.is_empty() {
            let Whole { mesh_id, trust_domain, version, revision, installer } = &self.mesh;
            let fields = [
                (&mut drawn.mesh_id, mesh_id),
                (&mut drawn.trust_domain, trust_domain),
                (&mut drawn.istio.version, version),
                (&mut drawn.istio.revision, revision),
            ];
            for (field, known) in fields.into_iter().filter(|(_, known)| !known.is_empty()) {
                field.clone_from(known);
            }
            drawn.istio.installer = *installer;
        }
        for part in &self.clusters {
            let known = &part.cluster;
            match drawn.clusters.iter_mut().find(|cluster| cluster.name == known.name) {
                None => drawn.clusters.push(known.clone()),
                Some(cluster) => {
                    if part.has_role {
                        cluster.role = known.role.clone();
                    }
                    if part.has_network || !is_member(cluster) {
                        cluster.network.clone_from(&known.network);
                    }
                    cluster.context = known.context.clone().or(cluster.context.take());
                }
            }
        }
        let new = self.gateways.iter().filter(|gateway| !drawing.gateways.contains(gateway));
        drawn.gateways.extend(new.cloned());
        serve(&mut drawn);
        drawn
    }

    /// Names what holds for the mesh as a whole and differs from a drawing that stays as it is.
    pub fn differs(&self, drawing: &Topology) -> Vec<&'static str> {
        let whole = &self.mesh;
        let fields = [
            ("meshID", &whole.mesh_id, &drawing.mesh_id),
            ("trustDomain", &whole.trust_domain, &drawing.trust_domain),
            ("tag", &whole.version, &drawing.istio.version),
            ("revision", &whole.revision, &drawing.istio.revision),
        ];
        fields
            .into_iter()
            .filter(|(_, known, drawn)| !known.is_empty() && known != drawn)
            .map(|(name, ..)| name)
            .collect()
    }

    /// Adds what is known of a cluster; to what is known already, where it has that name.
    fn add(&mut self, part: Part) {
        match self.clusters.iter_mut().find(|other| other.cluster.name == part.cluster.name) {
            None => self.clusters.push(part),
            Some(other) => {
                if part.has_role && !other.has_role {
                    (other.cluster.role, other.has_role) = (part.cluster.role, true);
                }
                if part.has_network && !other.has_network {
                    (other.cluster.network, other.has_network) = (part.cluster.network, true);
                }
            }
        }
    }

    fn free_name(&self, stem: &str) -> ClusterName {
        let taken = |name: &str| self.clusters.iter().any(|part| part.cluster.name.as_str() == name);
        if taken(stem) { free(stem, 2, &taken).as_str().into() } else { stem.into() }
    }
}

/// Leads the arrow of a remote that nobody serves yet to the only cluster that could: no file of a remote says which it is, only an address.
fn serve(topology: &mut Topology) {
    let mut able = topology.clusters.iter().filter(|cluster| !matches!(cluster.role, Role::Remote { .. }));
    let (Some(only), None) = (able.next().map(|cluster| cluster.name.clone()), able.next()) else { return };
    for cluster in &mut topology.clusters {
        if let Role::Remote { control_plane } = &mut cluster.role
            && control_plane.is_empty()
        {
            control_plane.clone_from(&only);
        }
    }
}

/// Makes a name that Kubernetes takes of one that a person gave.
fn name(text: &str) -> Option<String> {
    slug(text).filter(|name| !name.is_empty())
}

fn network(text: &str) -> Option<NetworkName> {
    Some(name(text)?.into())
}

/// The documents of a text, each with the number of lines before it.
fn documents(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut rest = Some(text);
    let mut before = 0;
    std::iter::from_fn(move || {
        let all = rest?;
        let mark = all
            .match_indices("\n---")
            .find(|(at, _)| all[at + 4..].starts_with(['\n', '\r', ' ']) || all.len() == at + 4);
        let (piece, next) = match mark {
            Some((at, _)) => (&all[..=at], Some(&all[at + 4..])),
            None => (all, None),
        };
        rest = next;
        let lines_before = before;
        before += u32::try_from(piece.matches('\n').count()).unwrap_or(u32::MAX);
        Some((lines_before, piece))
    })
}

fn kind_of(node: &Node) -> Option<Kind> {
    match node.get("kind").and_then(Node::text) {
        Some("IstioOperator") => Some(Kind::Operator),
        Some("Config") => node.get("contexts").map(|_| Kind::Kubeconfig),
        Some(_) => None,
        None => VALUES.iter().any(|key| node.get(key).is_some()).then_some(Kind::Values),
    }
}

/// Fields at the top of the values of Istio's charts.
const VALUES: [&str; 6] = ["global", "pilot", "istiodRemote", "meshConfig", "networkGateway", "defaultRevision"];

fn looks_like_one(text: &str) -> bool {
    ["kind: IstioOperator", "kind: Config", "\nglobal:", "\npilot:", "\nistiodRemote:", "\nmeshConfig:"]
        .iter()
        .any(|mark| text.contains(mark) || text.starts_with(mark.trim_start()))
}

fn too_many() -> ReadError {
    ReadError {
        line: 0,
        what: Text::new(
            "more documents or clusters than are drawn of one mesh",
            "文档或集群数量超过一个网格可绘制的上限",
        ),
        hint: Text::new("give the files of one mesh", "请只提供一个网格的文件"),
    }
}
