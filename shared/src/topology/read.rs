//! Reading a topology: one clear error that says where, what and what to do.

use super::fields::{self, Fields, items, text, twice, unlike, word};
use super::locate::line_of_cluster;
use super::{
    API_VERSION, AddressKind, ApiServer, CaSource, Cluster, DEFAULT_EXTERNAL_NAMESPACE, DEFAULT_RELEASE,
    DEFAULT_TRUST_DOMAIN, EAST_WEST_PORT, EastWest, Entry, Expose, Gateway, GatewayApi, GatewayKind, Installer, Istio,
    Role, Topology, Via,
};
use crate::sorted::Map;
use crate::text::Text;
use crate::yaml::{GuardError, INPUT_MAX, Node, parse};

/// Why a topology document cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}", if *.line == 0 { String::new() } else { format!("line {line}: ") }, .what.en)]
pub struct ReadError {
    /// The line, counted from 1; 0 where the document as a whole is meant.
    pub line: u32,
    /// What is wrong.
    pub what: Text,
    /// What to do about it.
    pub hint: Text,
}

/// The most clusters of which a mesh is planned: the remote secrets between as many primaries are as many files as a bundle may have.
pub(crate) const CLUSTERS_MAX: usize = 240;

impl From<GuardError> for ReadError {
    fn from(error: GuardError) -> Self {
        ReadError { line: error.line, what: error.what, hint: error.hint }
    }
}

type Read<T> = Result<T, GuardError>;

/// Reads a topology document.
pub(super) fn read(text: &str) -> Result<Topology, ReadError> {
    let document = parse(text, INPUT_MAX)?;
    if text.trim().is_empty() {
        return Err(ReadError {
            line: 0,
            what: Text::new("the file is empty", "文件是空的"),
            hint: Text::new("check that it is the right file", "请确认文件是否正确"),
        });
    }
    // Before the fields: those of another version are not ours to judge.
    head(&document)?;
    let count = document.get("spec").and_then(|spec| spec.get("clusters")?.items()).map_or(0, <[Node]>::len);
    if count > CLUSTERS_MAX {
        return Err(too_many(count, text));
    }
    Ok(topology(&document)?)
}

fn too_many(count: usize, text: &str) -> ReadError {
    ReadError {
        line: line_of_cluster(text, CLUSTERS_MAX).unwrap_or(0),
        what: Text::new(
            format!("{count} clusters, more than the {CLUSTERS_MAX} of which a mesh is planned"),
            format!("{count} 个集群，超过一个网格可规划的 {CLUSTERS_MAX} 个"),
        ),
        hint: Text::new(
            "draw several meshes, or check that it is the right file",
            "请拆成多个网格，或确认文件是否正确",
        ),
    }
}

/// Sees that the document is for this reader.
fn head(document: &Node) -> Read<()> {
    let word = |field: &str| document.get(field).and_then(|node| Some((node.line, node.text()?)));
    let (Some((kind_line, kind)), Some((version_line, version))) = (word("kind"), word("apiVersion")) else {
        return Ok(());
    };
    if kind != "Topology" {
        return Err(GuardError {
            line: kind_line,
            what: Text::new(
                format!("this is a `{kind}`, not a `Topology`"),
                format!("这是 `{kind}`，而不是 `Topology`"),
            ),
            hint: Text::new("give a topology file, or the bundle as a whole", "请提供拓扑文件，或整个安装包"),
        });
    }
    if version != API_VERSION {
        return Err(GuardError {
            line: version_line,
            what: Text::new(
                format!("version `{version}` of the format is not known here"),
                format!("不认识格式版本 `{version}`"),
            ),
            hint: Text::new(
                format!("this Isthmus reads `{API_VERSION}`; a file of a newer one needs a newer Isthmus"),
                format!("此版本的 Isthmus 读取 `{API_VERSION}`；更新的文件需要更新的 Isthmus"),
            ),
        });
    }
    Ok(())
}

const INSTALLERS: [(&str, Installer); 2] = [("istioctl", Installer::Istioctl), ("helm", Installer::Helm)];

fn topology(document: &Node) -> Read<Topology> {
    let fields = Fields::of(document, fields::DOCUMENT)?;
    fields.required("apiVersion")?;
    fields.required("kind")?;
    let metadata = Fields::of(fields.required("metadata")?, fields::METADATA)?;
    let name = text(metadata.required("name")?)?;
    let spec = Fields::of(fields.required("spec")?, fields::SPEC)?;
    let mut topology = Topology::empty(name);
    spec.text("meshId")?.unwrap_or(name).clone_into(&mut topology.mesh_id);
    spec.text("trustDomain")?.unwrap_or(DEFAULT_TRUST_DOMAIN).clone_into(&mut topology.trust_domain);
    topology.sample = match spec.optional("sample") {
        None => false,
        Some(node) => match node.bare() {
            Some("true" | "True" | "TRUE") => true,
            Some("false" | "False" | "FALSE") => false,
            _ => return Err(unlike(node, "`true` or `false`", " `true` 或 `false`")),
        },
    };
    if let Some(node) = spec.optional("istio") {
        let istio = Fields::of(node, fields::ISTIO)?;
        topology.istio = Istio {
            version: istio.text("version")?.unwrap_or(DEFAULT_RELEASE).to_owned(),
            installer: istio.word("installer", &INSTALLERS)?.unwrap_or_default(),
            revision: istio.text("revision")?.unwrap_or_default().to_owned(),
        };
    }
    for node in items(spec.required("clusters")?)? {
        topology.clusters.push(cluster(node)?);
    }
    for node in spec.items("gateways")? {
        topology.gateways.push(gateway(node)?);
    }
    Ok(topology)
}

/// A field that does not belong to a cluster of its role.
fn misplaced(fields: &Fields, field: &str, role: &str, belongs_to: &str) -> Read<()> {
    let Some(node) = fields.optional(field) else { return Ok(()) };
    Err(GuardError {
        line: node.line,
        what: Text::new(
            format!("`{field}` does not belong to a cluster of role `{role}`"),
            format!("`{field}` 不属于角色为 `{role}` 的集群"),
        ),
        hint: Text::new(
            format!("take `{field}` out, or make the role `{belongs_to}`"),
            format!("请删除 `{field}`，或将角色改为 `{belongs_to}`"),
        ),
    })
}

fn cluster(node: &Node) -> Read<Cluster> {
    let fields = Fields::of(node, fields::CLUSTER)?;
    let name = text(fields.required("name")?)?;
    let role =
        word(fields.required("role")?, &[("primary", "primary"), ("remote", "remote"), ("external", "external")])?;
    let other = |field| fields.text(field).map(|name| name.unwrap_or_default().into());
    if role != "remote" {
        misplaced(&fields, "controlPlane", role, "remote")?;
    }
    if role != "external" {
        misplaced(&fields, "config", role, "external")?;
        misplaced(&fields, "namespace", role, "external")?;
    }
    let entry = fields.optional("entry").map_or(Ok(Entry::LoadBalancer), entry)?;
    if role == "remote" && entry != Entry::LoadBalancer {
        misplaced(&fields, "entry", role, "primary")?;
    }
    Ok(Cluster {
        name: name.into(),
        network: fields.text("network")?.map(Into::into),
        role: match role {
            "remote" => Role::Remote { control_plane: other("controlPlane")? },
            "external" => Role::External {
                config: other("config")?,
                entry,
                namespace: fields.text("namespace")?.unwrap_or(DEFAULT_EXTERNAL_NAMESPACE).to_owned(),
            },
            _ => Role::Primary { entry },
        },
        context: fields.text("context")?.map(str::to_owned),
        api_server: fields.optional("apiServer").map(api_server).transpose()?,
        pod_cidrs: fields.texts("podCIDRs")?,
        service_cidrs: fields.texts("serviceCIDRs")?,
        east_west: fields.optional("eastWest").map_or_else(|| Ok(EastWest::default()), east_west)?,
    })
}

/// Reads `loadBalancer`, which is the default, or a host with its credential.
fn entry(node: &Node) -> Read<Entry> {
    if let Some(word) = node.text() {
        return match word {
            "loadBalancer" => Ok(Entry::LoadBalancer),
            _ => {
                Err(unlike(node, "`loadBalancer`, or `{host, credential}`", " `loadBalancer` 或 `{host, credential}`"))
            }
        };
    }
    let fields = Fields::of(node, fields::ENTRY)?;
    let owned = |field| text(fields.required(field)?).map(str::to_owned);
    Ok(Entry::Host { host: owned("host")?, credential: owned("credential")? })
}

fn api_server(node: &Node) -> Read<ApiServer> {
    let fields = Fields::of(node, fields::API_SERVER)?;
    Ok(ApiServer {
        url: fields.text("url")?.unwrap_or_default().to_owned(),
        tls_server_name: fields.text("tlsServerName")?.map(str::to_owned),
        ca: fields.word("ca", &[("token", CaSource::Token), ("kubeconfig", CaSource::Kubeconfig)])?.unwrap_or_default(),
        via: fields.word("via", &[("direct", Via::Direct), ("eastWest", Via::EastWest)])?.unwrap_or_default(),
    })
}

fn east_west(node: &Node) -> Read<EastWest> {
    let fields = Fields::of(node, fields::EAST_WEST)?;
    let exposures = [("loadBalancer", Expose::LoadBalancer), ("nodePort", Expose::NodePort), ("nat", Expose::Nat)];
    let kinds = [("ip", AddressKind::Ip), ("hostname", AddressKind::Hostname)];
    let mut annotations = Map::new();
    if let Some(node) = fields.optional("annotations") {
        let Some(entries) = node.entries() else {
            return Err(unlike(node, "annotations, `key: value` each", "注解（每个写成 `键: 值`）"));
        };
        for entry in entries {
            if annotations.insert(entry.key.clone(), text(&entry.node)?.to_owned()).is_some() {
                return Err(twice(&entry.key, entry.line));
            }
        }
    }
    Ok(EastWest {
        expose: fields.word("expose", &exposures)?,
        address_kind: fields.word("addressKind", &kinds)?.unwrap_or_default(),
        addresses: fields.texts("addresses")?,
        port: fields.optional("port").map_or(Ok(EAST_WEST_PORT), port)?,
        annotations: annotations.into_iter().collect(),
        source_ranges: fields.texts("sourceRanges")?,
    })
}

fn port(node: &Node) -> Read<u16> {
    let number = node.bare().and_then(|text| text.parse().ok());
    number.ok_or_else(|| unlike(node, "a port, 0 to 65535", "端口号（0 到 65535）"))
}

fn gateway(node: &Node) -> Read<Gateway> {
    let fields = Fields::of(node, fields::GATEWAY)?;
    let kinds = [("ingress", GatewayKind::Ingress), ("egress", GatewayKind::Egress)];
    let vocabularies = [("istio", GatewayApi::Istio), ("gateway-api", GatewayApi::GatewayApi)];
    Ok(Gateway {
        cluster: text(fields.required("cluster")?)?.into(),
        kind: word(fields.required("kind")?, &kinds)?,
        api: fields.word("api", &vocabularies)?.unwrap_or_default(),
        installer: fields.word("installer", &INSTALLERS)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {name: m}\nspec:\n  clusters:\n  - {name: a, network: n, role: primary}\n";

    #[test]
    fn a_minimal_topology_reads_with_its_defaults() {
        let topology = Topology::read(GOOD).unwrap();
        assert_eq!(topology.mesh_id, "m");
        assert_eq!(topology.istio.version, "1.31");
        assert_eq!(topology.trust_domain, "cluster.local");
        assert!(!topology.sample);
    }

    #[test]
    fn an_unknown_field_is_named_with_its_line_and_the_nearest_name() {
        let error = Topology::read(&GOOD.replace("network: n", "netwrok: n")).unwrap_err();
        assert_eq!(error.line, 6);
        assert_eq!(error.what.en, "the field `netwrok` is not known");
        assert_eq!(error.hint.en, "did you mean `network`?");
        assert_eq!(error.hint.zh, "是否想写 `network`？");
    }

    #[test]
    fn a_field_of_another_role_is_refused() {
        let error = Topology::read(&GOOD.replace("role: primary", "role: primary, controlPlane: b")).unwrap_err();
        assert_eq!(
            (error.line, error.what.en.as_str()),
            (6, "`controlPlane` does not belong to a cluster of role `primary`")
        );
    }

    #[test]
    fn other_mistakes_have_their_own_sentences() {
        for (from, to, what) in [
            ("role: primary", "role: master", "`master` is not one of the words allowed here"),
            (", role: primary", "", "the field `role` is missing"),
            ("kind: Topology", "kind: Bundle", "this is a `Bundle`, not a `Topology`"),
            ("v1alpha1", "v9", "version `isthmus.dev/v9` of the format is not known here"),
            ("role: primary", "role: primary, role: remote", "the field `role` is given twice"),
            ("{name: m}", "&m {name: m}", "anchors (`&name`) are not read here"),
        ] {
            let error = Topology::read(&GOOD.replace(from, to)).unwrap_err();
            assert_eq!(error.what.en, what);
            assert!(!error.what.zh.is_empty() && !error.hint.en.is_empty() && !error.hint.zh.is_empty());
        }
        assert!(Topology::read("just text").unwrap_err().what.en.starts_with("not a topology"));
        assert_eq!(Topology::read("").unwrap_err().what.en, "the file is empty");
    }
}
