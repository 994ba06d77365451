//! Fields of a mapping, read by their names: what is not known there, given twice, missing or of another kind is one clear error.

use crate::name::nearest;
use crate::text::Text;
use crate::yaml::{GuardError, Node};

pub(super) const DOCUMENT: &[&str] = &["apiVersion", "kind", "metadata", "spec"];
pub(super) const METADATA: &[&str] = &["name"];
pub(super) const SPEC: &[&str] = &["meshId", "trustDomain", "istio", "clusters", "gateways", "sample"];
pub(super) const ISTIO: &[&str] = &["version", "installer", "revision"];
pub(super) const CLUSTER: &[&str] = &[
    "name",
    "network",
    "role",
    "controlPlane",
    "config",
    "namespace",
    "entry",
    "context",
    "apiServer",
    "podCIDRs",
    "serviceCIDRs",
    "eastWest",
];
pub(super) const ENTRY: &[&str] = &["host", "credential"];
pub(super) const API_SERVER: &[&str] = &["url", "tlsServerName", "ca", "via"];
pub(super) const EAST_WEST: &[&str] = &["expose", "addressKind", "addresses", "port", "annotations", "sourceRanges"];
pub(super) const GATEWAY: &[&str] = &["cluster", "kind", "api", "installer"];

/// The fields of every mapping of the format, for the nearest name of a mistyped one.
const ALL: [&[&str]; 9] = [DOCUMENT, METADATA, SPEC, ISTIO, CLUSTER, ENTRY, API_SERVER, EAST_WEST, GATEWAY];

/// The fields of one mapping.
pub(crate) struct Fields<'a> {
    known: &'static [&'static str],
    /// The value of each that is known, where it is there.
    values: Vec<Option<&'a Node>>,
    line: u32,
}

type Read<T> = Result<T, GuardError>;

impl<'a> Fields<'a> {
    /// Takes a mapping whose fields may be these.
    pub(crate) fn of(node: &'a Node, known: &'static [&'static str]) -> Read<Self> {
        let Some(entries) = node.entries() else {
            return Err(unlike(node, "fields, `name: value` each", "字段（每个写成 `名称: 值`）"));
        };
        let mut values = vec![None; known.len()];
        for entry in entries {
            let Some(at) = known.iter().position(|field| *field == entry.key) else {
                return Err(unknown(&entry.key, entry.line, known));
            };
            if values[at].replace(&entry.node).is_some() {
                return Err(twice(&entry.key, entry.line));
            }
        }
        Ok(Fields { known, values, line: node.line })
    }

    /// Returns the value of a field; nothing is none.
    pub(crate) fn optional(&self, field: &str) -> Option<&'a Node> {
        self.given(field).filter(|node| !node.is_nothing())
    }

    /// Returns the value of a field that must be there.
    pub(crate) fn required(&self, field: &str) -> Read<&'a Node> {
        self.given(field).ok_or_else(|| GuardError {
            line: self.line,
            what: Text::new(format!("the field `{field}` is missing"), format!("缺少字段 `{field}`")),
            hint: Text::new(format!("add `{field}:` here"), format!("请在此处添加 `{field}:`")),
        })
    }

    fn given(&self, field: &str) -> Option<&'a Node> {
        let at = self.known.iter().position(|known| *known == field)?;
        self.values[at]
    }

    /// Returns the text of a field, where it is there.
    pub(crate) fn text(&self, field: &str) -> Read<Option<&'a str>> {
        self.optional(field).map(text).transpose()
    }

    /// Returns the items of a list, none where it is not there.
    pub(crate) fn items(&self, field: &str) -> Read<&'a [Node]> {
        self.optional(field).map_or(Ok(&[]), items)
    }

    /// Returns the texts of a list, none where it is not there.
    pub(crate) fn texts(&self, field: &str) -> Read<Vec<String>> {
        let mut texts = Vec::new();
        for item in self.items(field)? {
            texts.push(text(item)?.to_owned());
        }
        Ok(texts)
    }

    /// Returns what a word stands for, where the field is there.
    pub(crate) fn word<T: Copy>(&self, field: &str, words: &[(&str, T)]) -> Read<Option<T>> {
        self.optional(field).map(|node| word(node, words)).transpose()
    }
}

/// Returns the text of a value.
pub(super) fn text(node: &Node) -> Read<&str> {
    node.text().ok_or_else(|| unlike(node, "a text", "一个文本"))
}

/// Returns the items of a list.
pub(super) fn items(node: &Node) -> Read<&[Node]> {
    node.items().ok_or_else(|| unlike(node, "a list, `- ` before each item", "列表（每项以 `- ` 开头）"))
}

/// Returns what a word stands for.
pub(super) fn word<T: Copy>(node: &Node, words: &[(&str, T)]) -> Read<T> {
    let given = text(node)?;
    if let Some((_, meant)) = words.iter().find(|(word, _)| *word == given) {
        return Ok(*meant);
    }
    let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    Err(other_word(node, given, &allowed))
}

fn other_word(node: &Node, given: &str, allowed: &[&str]) -> GuardError {
    GuardError {
        line: node.line,
        what: Text::new(format!("`{given}` is not one of the words allowed here"), format!("此处不允许 `{given}`")),
        hint: Text::new(
            format!("write one of: {}", allowed.join(", ")),
            format!("请使用以下之一：{}", allowed.join("、")),
        ),
    }
}

/// Something else stands where a value of one kind is expected.
pub(super) fn unlike(node: &Node, en: &str, zh: &str) -> GuardError {
    GuardError {
        line: node.line,
        what: Text::new(format!("not a topology: {en} should stand here"), format!("不是拓扑文件：此处应为{zh}")),
        hint: Text::new(
            "compare it with an example: `isthmus help generate` shows one",
            "请与示例比较：`isthmus help generate` 会显示一个示例",
        ),
    }
}

pub(super) fn twice(field: &str, line: u32) -> GuardError {
    GuardError {
        line,
        what: Text::new(format!("the field `{field}` is given twice"), format!("字段 `{field}` 出现了两次")),
        hint: Text::new("keep one of them", "请只保留一个"),
    }
}

fn unknown(field: &str, line: u32, known: &[&str]) -> GuardError {
    let near = nearest(field, known.iter().copied()).or_else(|| nearest(field, ALL.iter().copied().flatten().copied()));
    let (en, zh) = match near {
        Some(near) if known.contains(&near) => (format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")),
        Some(near) => (
            format!("`{near}` exists, but not here; here are: {}", known.join(", ")),
            format!("`{near}` 存在，但不在此处；此处可用：{}", known.join("、")),
        ),
        None => (format!("here are: {}", known.join(", ")), format!("此处可用：{}", known.join("、"))),
    };
    GuardError {
        line,
        what: Text::new(format!("the field `{field}` is not known"), format!("未知字段 `{field}`")),
        hint: Text::new(en, zh),
    }
}
