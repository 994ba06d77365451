//! Releases and revisions that work and that a person should not take.

use super::Report;
use crate::finding::{Subject, catalogue};
use crate::release::rotation_bugs;
use crate::text::Text;
use crate::topology::DEFAULT_RELEASE;

/// The oldest minor release that was still mended when 1.31 came out (research, section 1.1: 1.29.6 and later).
const OLDEST_MENDED: u16 = 29;

impl Report<'_> {
    /// The release and the revision, where each is one at all.
    pub(super) fn versions(&mut self) {
        let istio = &self.topology.istio;
        let Some((minor, patch)) = numbers(istio.version.split('.')) else { return };
        let subject = Subject::Mesh("version");
        let version = &istio.version;
        if minor < OLDEST_MENDED && crate::release::Release::parse(version).is_ok() {
            let what = Text::new(
                format!("Istio {version} gets no security fixes any more"),
                format!("Istio {version} 已不再获得安全修复"),
            );
            let hint = Text::new(
                format!("take {DEFAULT_RELEASE} for a mesh that is to run"),
                format!("要投入运行的网格请使用 {DEFAULT_RELEASE}"),
            );
            let fix = self.newer();
            self.found(catalogue::RELEASE_OLD, &subject, what, hint).fixes.push(fix);
        }
        if let Some((bad, first, last)) = rotation_bugs(minor, patch) {
            let what = Text::new(
                format!(
                    "from 1.{bad}.{first} to 1.{bad}.{last} istiod can lose gateways and endpoints, or hang, when a remote secret changes"
                ),
                format!("1.{bad}.{first} 至 1.{bad}.{last} 的 istiod 在远程 Secret 变化时可能丢失网关与端点，甚至卡死"),
            );
            let hint = Text::new(
                format!(
                    "take a later release, such as {DEFAULT_RELEASE}; else restart istiod after every change of a remote secret"
                ),
                format!("请使用更新的版本，例如 {DEFAULT_RELEASE}；否则每次更改远程 Secret 后都要重启 istiod"),
            );
            let fix = self.newer();
            self.found(catalogue::RELEASE_ROTATION, &subject, what, hint).fixes.push(fix);
        }
        self.revision(minor, patch);
    }

    fn revision(&mut self, minor: u16, patch: Option<u16>) {
        let istio = &self.topology.istio;
        let (revision, version) = (&istio.revision, &istio.version);
        let subject = Subject::Mesh("revision");
        if revision == "default" {
            let what = Text::new(
                "`default` is what Istio calls the revision that has no name",
                "`default` 是 Istio 对无名修订版本的称呼",
            );
            let hint = Text::new(
                "leave `revision` out, or name it after the release: `1-31`",
                "请删除 `revision`，或以版本命名：`1-31`",
            );
            let fix = self.mended(super::left_out(), |topology| topology.istio.revision.clear());
            self.found(catalogue::REVISION_DEFAULT, &subject, what, hint).fixes.push(fix);
        }
        let named = numbers(revision.trim_start_matches('v').split('-'));
        let differs = |(other, other_patch): (u16, Option<u16>)| {
            other != minor || other_patch.zip(patch).is_some_and(|(a, b)| a != b)
        };
        if named.is_some_and(differs) {
            let right = version.replace('.', "-");
            let what = Text::new(
                format!("the revision `{revision}` is named after another release than {version}"),
                format!("修订版本 `{revision}` 所指的版本并不是 {version}"),
            );
            let hint = Text::new(format!("`{right}` would do"), format!("可改为 `{right}`"));
            let label = super::renamed(&right);
            let fix = self.mended(label, |topology| topology.istio.revision = right);
            self.found(catalogue::REVISION_MISMATCH, &subject, what, hint).fixes.push(fix);
        }
    }
}

/// Reads the parts of `1.31.1` or `1-31-1`: minor, and patch where there is one.
fn numbers<'a>(mut parts: impl Iterator<Item = &'a str>) -> Option<(u16, Option<u16>)> {
    let major = parts.next()?;
    let minor = parts.next()?.parse().ok()?;
    let patch = parts.next().map(str::parse).transpose().ok()?;
    (major == "1" && parts.next().is_none()).then_some((minor, patch))
}
