//! Reading a topology: one clear error that says where, what and what to do.

use super::document::{Document, Misplaced};
use super::locate::line_of_cluster;
use super::{API_VERSION, Topology};
use crate::name::nearest;
use crate::text::Text;
use crate::yaml::{INPUT_MAX, guard};

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
const CLUSTERS_MAX: usize = 240;

/// Every field of the format, for the nearest name of a mistyped one.
const FIELDS: [&str; 39] = [
    "apiVersion",
    "kind",
    "metadata",
    "name",
    "spec",
    "meshId",
    "trustDomain",
    "istio",
    "version",
    "installer",
    "revision",
    "clusters",
    "network",
    "role",
    "controlPlane",
    "config",
    "namespace",
    "entry",
    "host",
    "credential",
    "context",
    "apiServer",
    "url",
    "via",
    "tlsServerName",
    "ca",
    "podCIDRs",
    "serviceCIDRs",
    "eastWest",
    "expose",
    "addressKind",
    "addresses",
    "port",
    "annotations",
    "sourceRanges",
    "gateways",
    "cluster",
    "api",
    "sample",
];

/// Reads a topology document.
pub(super) fn read(text: &str) -> Result<Topology, ReadError> {
    guard(text, INPUT_MAX).map_err(|error| ReadError { line: error.line, what: error.what, hint: error.hint })?;
    if text.trim().is_empty() {
        return Err(ReadError {
            line: 0,
            what: Text::new("the file is empty", "文件是空的"),
            hint: Text::new("check that it is the right file", "请确认文件是否正确"),
        });
    }
    // Every cluster says its role. So many more than can be are counted before a value is made of each.
    let roles = text.matches("role:").count();
    if roles > 2 * CLUSTERS_MAX {
        return Err(too_many(roles, text));
    }
    // Before the fields: those of another version are not ours to judge.
    if let Ok(head) = serde_yaml::from_str::<Head>(text) {
        head.check(text)?;
    }
    let document: Document = serde_yaml::from_str(text).map_err(|error| explain(&error))?;
    let topology = document.into_topology().map_err(|misplaced| explain_misplaced(&misplaced, text))?;
    match topology.clusters.get(CLUSTERS_MAX) {
        Some(_) => Err(too_many(topology.clusters.len(), text)),
        None => Ok(topology),
    }
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

/// What says which reader a document is for; the rest is not looked at.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    api_version: String,
    kind: String,
}

impl Head {
    fn check(&self, text: &str) -> Result<(), ReadError> {
        if self.kind != "Topology" {
            return Err(ReadError {
                line: line_starting(text, "kind"),
                what: Text::new(
                    format!("this is a `{}`, not a `Topology`", self.kind),
                    format!("这是 `{}`，而不是 `Topology`", self.kind),
                ),
                hint: Text::new("give a topology file, or the bundle as a whole", "请提供拓扑文件，或整个安装包"),
            });
        }
        if self.api_version != API_VERSION {
            return Err(ReadError {
                line: line_starting(text, "apiVersion"),
                what: Text::new(
                    format!("version `{}` of the format is not known here", self.api_version),
                    format!("不认识格式版本 `{}`", self.api_version),
                ),
                hint: Text::new(
                    format!("this Isthmus reads `{API_VERSION}`; a file of a newer one needs a newer Isthmus"),
                    format!("此版本的 Isthmus 读取 `{API_VERSION}`；更新的文件需要更新的 Isthmus"),
                ),
            });
        }
        Ok(())
    }
}

fn line_starting(text: &str, key: &str) -> u32 {
    (1u32..).zip(text.lines()).find(|(_, line)| line.starts_with(key)).map_or(0, |(number, _)| number)
}

fn explain_misplaced(misplaced: &Misplaced, text: &str) -> ReadError {
    let Misplaced { field, role, belongs_to, .. } = misplaced;
    ReadError {
        line: line_of_cluster(text, misplaced.cluster).unwrap_or(0),
        what: Text::new(
            format!("`{field}` does not belong to a cluster of role `{role}`"),
            format!("`{field}` 不属于角色为 `{role}` 的集群"),
        ),
        hint: Text::new(
            format!("take `{field}` out, or make the role `{belongs_to}`"),
            format!("请删除 `{field}`，或将角色改为 `{belongs_to}`"),
        ),
    }
}

/// Turns the reader's error into ours: the words of serde are for programmers.
fn explain(error: &serde_yaml::Error) -> ReadError {
    let message = error.to_string();
    let line = error.location().map_or(0, |place| u32::try_from(place.line()).unwrap_or(u32::MAX));
    if let Some(field) = quoted_after(&message, "unknown field ") {
        let known: Vec<&str> = message
            .split("expected ")
            .nth(1)
            .map(|tail| tail.split('`').skip(1).step_by(2).collect())
            .unwrap_or_default();
        let near = nearest(field, known.iter().copied()).or_else(|| nearest(field, FIELDS));
        let (en, zh) = match near {
            Some(near) if known.contains(&near) => (format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")),
            Some(near) => (
                format!("`{near}` exists, but not here; here are: {}", known.join(", ")),
                format!("`{near}` 存在，但不在此处；此处可用：{}", known.join("、")),
            ),
            None => (format!("here are: {}", known.join(", ")), format!("此处可用：{}", known.join("、"))),
        };
        return ReadError {
            line,
            what: Text::new(format!("the field `{field}` is not known"), format!("未知字段 `{field}`")),
            hint: Text::new(en, zh),
        };
    }
    if let Some(field) = quoted_after(&message, "missing field ") {
        return ReadError {
            line,
            what: Text::new(format!("the field `{field}` is missing"), format!("缺少字段 `{field}`")),
            hint: Text::new(format!("add `{field}:` here"), format!("请在此处添加 `{field}:`")),
        };
    }
    if let Some(word) = quoted_after(&message, "unknown variant ") {
        let known: Vec<&str> = message
            .split("expected ")
            .nth(1)
            .map(|tail| tail.split('`').skip(1).step_by(2).collect())
            .unwrap_or_default();
        return ReadError {
            line,
            what: Text::new(format!("`{word}` is not one of the words allowed here"), format!("此处不允许 `{word}`")),
            hint: Text::new(
                format!("write one of: {}", known.join(", ")),
                format!("请使用以下之一：{}", known.join("、")),
            ),
        };
    }
    if let Some(field) = quoted_after(&message, "duplicate field ") {
        return ReadError {
            line,
            what: Text::new(format!("the field `{field}` is given twice"), format!("字段 `{field}` 出现了两次")),
            hint: Text::new("keep one of them", "请只保留一个"),
        };
    }
    let message = strip_place(&message);
    ReadError {
        line,
        what: Text::new(format!("not a topology: {message}"), format!("不是拓扑文件：{message}")),
        hint: Text::new(
            "compare it with an example: `isthmus help generate` shows one",
            "请与示例比较：`isthmus help generate` 会显示一个示例",
        ),
    }
}

fn quoted_after<'a>(message: &'a str, lead: &str) -> Option<&'a str> {
    let tail = &message[message.find(lead)? + lead.len()..];
    tail.strip_prefix('`')?.split('`').next()
}

fn strip_place(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
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
