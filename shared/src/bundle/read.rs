//! Reading a bundle: every limit, name, digest and reference is checked before anything is believed.

use super::{ActionWord, Bundle, INDEX, Index, IndexStep, LAYOUT, TOPOLOGY, digest, kustomization};
use crate::fact::Fact;
use crate::name::is_label;
use crate::sorted::{self, Map, Set};
use crate::text::Text;
use crate::topology::{API_VERSION, Topology};
use crate::yaml::{self, guard};

/// The most entries a bundle may have: 200 primaries need 41,000.
pub const ENTRIES_MAX: usize = 60_000;
/// The largest file, in bytes.
pub const FILE_MAX: usize = 2 * 1024 * 1024;
/// The largest `bundle.yaml`, in bytes: it names every file.
pub const INDEX_MAX: usize = 64 * 1024 * 1024;
/// The most that all files may hold together, in bytes.
pub const TOTAL_MAX: usize = 256 * 1024 * 1024;
/// The largest zip, in bytes.
pub const COMPRESSED_MAX: usize = 64 * 1024 * 1024;

/// Why a bundle cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}", if path.is_empty() { String::new() } else { format!("{path}: ") }, .what.en)]
pub struct BundleError {
    /// The file in the bundle; empty where the bundle as a whole is meant.
    pub path: String,
    /// The line, counted from 1; 0 where the file as a whole is meant.
    pub line: u32,
    /// What is wrong.
    pub what: Text,
    /// What to do about it.
    pub hint: Text,
}

impl BundleError {
    pub(super) fn new(path: &str, what: Text, hint: Text) -> Self {
        BundleError { path: path.escape_debug().to_string(), line: 0, what, hint }
    }

    pub(super) fn too_large(path: &str, max: usize) -> Self {
        BundleError::new(
            path,
            Text::new(format!("larger than the {max} bytes that are read"), format!("超过上限 {max} 字节")),
            Text::new(
                "no bundle of Isthmus is that large: check where it comes from",
                "Isthmus 的安装包不会这么大：请确认其来源",
            ),
        )
    }

    /// A file that is a link and no file of its own.
    pub fn link(path: &str) -> Self {
        BundleError::new(
            path,
            Text::new("a link, not a file", "是链接而不是文件"),
            Text::new("a bundle holds plain files only: export it again", "安装包只含普通文件：请重新导出"),
        )
    }

    pub(super) fn untrusted(path: &str, en: &str, zh: &str) -> Self {
        BundleError::new(
            path,
            Text::new(en, zh),
            Text::new(
                "do not trust this bundle: ask for it again where it comes from",
                "请勿信任此安装包：请向来源重新索取",
            ),
        )
    }

    fn changed(path: &str, en: &str, zh: &str) -> Self {
        BundleError::new(
            path,
            Text::new(en, zh),
            Text::new(
                "a bundle is applied as it was reviewed: change the topology and generate it again",
                "安装包按审阅时的原样应用：请修改拓扑并重新生成",
            ),
        )
    }
}

/// Takes files that were read and not changed for a bundle, if its index holds together.
pub(super) fn read(files: Map<String, String>) -> Result<Bundle, BundleError> {
    let index: Index =
        serde_yaml::from_str(files.get(INDEX).map_or("", String::as_str)).map_err(|error| BundleError {
            line: error.location().map_or(0, |place| u32::try_from(place.line()).unwrap_or(u32::MAX)),
            ..BundleError::changed(INDEX, &format!("cannot be read: {error}"), &format!("无法读取：{error}"))
        })?;
    if index.kind != "Bundle" || index.api_version != API_VERSION {
        return Err(BundleError::changed(INDEX, "not the index of a bundle", "不是安装包的索引"));
    }
    references(&index)?;
    belongs(&index, &files)?;
    Topology::read(files.get(TOPOLOGY).map_or("", String::as_str)).map_err(|error| BundleError {
        path: TOPOLOGY.to_owned(),
        line: error.line,
        what: error.what,
        hint: error.hint,
    })?;
    Ok(Bundle { files, index })
}

/// Reads the files of a bundle, its index first, and sees one after another that they are those that were written.
///
/// `names` are those that are there, where that is known; a file that nobody named is never fetched. `fetch` returns the content of a file
/// that may have so many bytes.
pub(super) fn unchanged<E: From<BundleError>>(
    names: Option<&Set<String>>,
    mut fetch: impl FnMut(&str, usize) -> Result<Option<Vec<u8>>, E>,
) -> Result<Map<String, String>, E> {
    distinct(names.into_iter().flatten())?;
    let Some(index) = fetch(INDEX, INDEX_MAX)? else {
        return Err(E::from(BundleError::new(
            "",
            Text::new("there is no bundle.yaml, so this is no bundle", "没有 bundle.yaml，因此这不是安装包"),
            Text::new(
                "make one: `isthmus generate topology.yaml -o bundle.zip`",
                "请生成一个：`isthmus generate topology.yaml -o bundle.zip`",
            ),
        )));
    };
    let index = utf8(INDEX, index)?;
    let recorded = digests(&index)?;
    distinct(recorded.keys())?;
    if let Some(path) = names.into_iter().flatten().find(|path| is_more(path, &recorded)) {
        let error = BundleError::changed(path, "was added after the bundle was made", "是在安装包生成之后添加的");
        return Err(E::from(error));
    }
    let mut files = Map::new();
    let mut left = TOTAL_MAX - index.len();
    files.insert(INDEX.to_owned(), index);
    for (path, expected) in recorded.iter().map(|(path, digest)| (path.as_str(), Some(digest))).chain([(LAYOUT, None)])
    {
        let Some(bytes) = fetch(path, FILE_MAX.min(left))? else {
            if expected.is_none() {
                continue;
            }
            return Err(E::from(BundleError::changed(path, "is missing", "缺失")));
        };
        left = left.saturating_sub(bytes.len());
        let text = utf8(path, bytes)?;
        if expected.is_some_and(|expected| digest(&text) != *expected) {
            let error = BundleError::changed(path, "was changed after the bundle was made", "在安装包生成之后被改动");
            return Err(E::from(error));
        }
        files.insert(path.to_owned(), text);
    }
    Ok(files)
}

fn is_more(path: &str, recorded: &Map<String, String>) -> bool {
    path != INDEX && path != LAYOUT && !recorded.contains_key(path)
}

/// Refuses names that lead out of the bundle, too many of them, and those that are one file where case does not count.
fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), BundleError> {
    let mut seen = Set::new();
    for path in names {
        if !is_path(path) {
            return Err(BundleError::untrusted(path, "not a path inside the bundle", "不是安装包内的路径"));
        }
        if !seen.insert(path.to_ascii_lowercase()) {
            let (en, zh) = ("differs from another path in case only", "与另一路径仅大小写不同");
            return Err(BundleError::untrusted(path, en, zh));
        }
    }
    Ok(())
}

fn utf8(path: &str, bytes: Vec<u8>) -> Result<String, BundleError> {
    String::from_utf8(bytes).map_err(|_| BundleError::changed(path, "not UTF-8 text", "不是 UTF-8 文本"))
}

/// Says whether a path stays inside the bundle and means the same on every file system.
fn is_path(path: &str) -> bool {
    path.len() <= 512
        && path.split('/').all(|part| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        })
}

/// Returns the digests of all files, which is what shows that none was changed; refuses what is not safe to read, and a format that is not this
/// one.
fn digests(text: &str) -> Result<Map<String, String>, BundleError> {
    let index = yaml::parse(text, INDEX_MAX).map_err(|error| BundleError {
        path: INDEX.to_owned(),
        line: error.line,
        what: error.what,
        hint: error.hint,
    })?;
    let version = index.get("apiVersion").and_then(yaml::Node::text).unwrap_or(API_VERSION);
    if version != API_VERSION {
        return Err(BundleError::new(
            INDEX,
            Text::new(
                format!("version `{version}` of the format is not known here"),
                format!("不认识格式版本 `{version}`"),
            ),
            Text::new(
                format!("this Isthmus reads `{API_VERSION}`; a bundle of a newer one needs a newer Isthmus"),
                format!("此版本的 Isthmus 读取 `{API_VERSION}`；更新的安装包需要更新的 Isthmus"),
            ),
        ));
    }
    let broken = |line| BundleError { line, ..BundleError::changed(INDEX, "names no files", "没有列出文件") };
    let files = index.get("files").and_then(yaml::Node::entries).ok_or_else(|| broken(index.line))?;
    let mut digests = Map::new();
    for file in files {
        let digest = file.node.text().ok_or_else(|| broken(file.line))?;
        if digests.insert(file.key.clone(), digest.to_owned()).is_some() {
            return Err(broken(file.line));
        }
    }
    Ok(digests)
}

/// Says whether a file is a step's own, or one that it installs once more after the step that did so first.
fn own<'a>(used: &mut Map<&'a String, &'a IndexStep>, step: &'a IndexStep, file: &'a String) -> bool {
    match used.insert(file, step) {
        None => true,
        Some(first) => {
            let once_more = first.action == step.action && step.action != ActionWord::Apply;
            once_more && first.id != step.id && first.cluster == step.cluster
        }
    }
}

/// Checks that whatever the index names is there: clusters, files, facts with a probe, needs that are given or can be checked.
fn references(index: &Index) -> Result<(), BundleError> {
    let broken = |what: &str| {
        BundleError::changed(INDEX, &format!("does not hold together: {what}"), &format!("内容前后矛盾：{what}"))
    };
    let clusters = sorted::set(index.clusters.iter().map(|cluster| cluster.name.as_str()));
    if clusters.len() != index.clusters.len()
        || !clusters.iter().all(|name| is_label(name))
        || !is_label(&index.mesh_id)
    {
        return Err(broken("names"));
    }
    let fact_known = |fact: &String| {
        index.facts.contains_key(fact)
            && fact.parse::<Fact>().is_ok_and(|parsed| clusters.contains(parsed.cluster().as_str()))
    };
    let mut ids = Set::new();
    let mut given = Set::new();
    let all_given = sorted::set(index.steps.iter().flat_map(|step| &step.gives));
    let mut used: Map<&String, &IndexStep> = Map::new();
    for step in &index.steps {
        let prefix = format!("clusters/{}/", step.cluster);
        let sound = ids.insert(&step.id)
            && clusters.contains(step.cluster.as_str())
            && step.id.starts_with(&format!("{}/{}", step.cluster, step.rule))
            && !step.files.is_empty()
            && step.charts.len() == if step.action == ActionWord::Helm { step.files.len() } else { 0 }
            && step.charts.iter().all(|chart| is_label(&chart.release) && is_label(&chart.namespace))
            && step
                .files
                .iter()
                .all(|file| file.starts_with(&prefix) && index.files.contains_key(file) && own(&mut used, step, file))
            && step.needs.iter().chain(&step.gives).all(fact_known)
            && step.needs.iter().all(|need| given.contains(need) || !all_given.contains(need));
        if !sound {
            return Err(broken(&step.id.escape_debug().to_string()));
        }
        given.extend(&step.gives);
    }
    let asked = index.verify.members.iter().map(|member| &member.cluster);
    let asked = asked.chain(index.verify.istiods.iter().map(|istiod| &istiod.cluster));
    let gateways = index.verify.members.iter().filter_map(|member| member.gateway.as_ref());
    if !asked.into_iter().all(|name| clusters.contains(name.as_str())) || !gateways.into_iter().all(fact_known) {
        return Err(broken("verify"));
    }
    match index.holes.values().find(|hole| !fact_known(&hole.fact)) {
        Some(hole) => Err(broken(&hole.fact.escape_debug().to_string())),
        None => Ok(()),
    }
}

/// Refuses files that no step does, and manifests that readers understand differently or not at all.
fn belongs(index: &Index, files: &Map<String, String>) -> Result<(), BundleError> {
    let mut known = sorted::set([INDEX, TOPOLOGY, LAYOUT, "README.md", "README.zh.md", "diagram.svg"]);
    let mut folders: Map<&str, Vec<String>> = Map::new();
    for step in &index.steps {
        for file in &step.files {
            known.insert(file);
            guard(files.get(file).map_or("", String::as_str), FILE_MAX).map_err(|error| BundleError {
                path: file.clone(),
                line: error.line,
                what: error.what,
                hint: error.hint,
            })?;
            if let (ActionWord::Apply, Some((folder, name))) = (step.action, file.rsplit_once('/')) {
                folders.entry(folder).or_default().push(name.to_owned());
            }
        }
    }
    for (path, text) in files {
        let whole = path.strip_suffix("/kustomization.yaml").and_then(|folder| folders.get(folder));
        let is_known = match whole {
            Some(named) => *text == kustomization(named.clone()),
            None => known.contains(path.as_str()) || path.starts_with("gitops/"),
        };
        if !is_known {
            return Err(BundleError::untrusted(path, "belongs to no step of the bundle", "不属于安装包的任何步骤"));
        }
    }
    Ok(())
}
