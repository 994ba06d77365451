//! Findings as a page: for people in the manner of a compiler, for machines as a document. The same findings the planner shows.

use serde::Serialize;
use shared::finding::{Finding, Severity, pressing};
use shared::mesh::{self, Checked};
use shared::text::{Lang, Text};
use shared::{finding, topology::API_VERSION};

use crate::report::{Ink, count};
use crate::source::Drawing;

/// Checks a drawing; every finding knows its line.
pub(crate) fn check(drawing: &Drawing) -> Checked {
    let mut checked = mesh::check(&drawing.topology);
    finding::locate(&mut checked.findings, &drawing.topology, &drawing.text);
    checked
}

/// The word for how bad a finding is.
pub(crate) fn severity(severity: Severity, lang: Lang, ink: Ink) -> String {
    match (severity, lang) {
        (Severity::Error, Lang::En) => ink.bad("error"),
        (Severity::Error, Lang::Zh) => ink.bad("错误"),
        (Severity::Warning, Lang::En) => ink.warn("warning"),
        (Severity::Warning, Lang::Zh) => ink.warn("警告"),
        (Severity::Info, Lang::En) => ink.hint("to know"),
        (Severity::Info, Lang::Zh) => ink.hint("须知"),
    }
}

/// One finding: what is wrong, where, what to do.
pub(crate) fn lines(found: &Finding, place: &str, lang: Lang, ink: Ink) -> String {
    let word = severity(found.severity(), lang, ink);
    let line = found.line.map(|line| format!(":{line}")).unwrap_or_default();
    let (what, hint) = (found.what.say(lang), found.hint.say(lang));
    let (colon, hint_word) = if lang == Lang::En { (": ", "hint") } else { ("：", "提示") };
    let id = ink.faint(&format!("[{}]", found.id()));
    format!("{word}{colon}{place}{line}{colon}{what} {id}\n{}{colon}{hint}", ink.hint(hint_word))
}

/// How many there are of each kind, as `1 error, 2 warnings`; nothing where there are none.
pub(crate) fn sum(findings: &[Finding]) -> Option<Text> {
    let errors = findings.iter().filter(|found| found.is_error()).count();
    let warnings = pressing(findings).count() - errors;
    let parts = |parts: [(usize, String); 2], between: &str| {
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect::<Vec<_>>().join(between)
    };
    (errors + warnings > 0).then(|| {
        Text::new(
            parts([(errors, count(errors, "error")), (warnings, count(warnings, "warning"))], ", "),
            parts([(errors, format!("{errors} 个错误")), (warnings, format!("{warnings} 个警告"))], "，"),
        )
    })
}

/// All findings of a drawing, for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<'f> {
    api_version: &'static str,
    kind: &'static str,
    input: &'f str,
    findings: Vec<Entry<'f>>,
}

/// One finding, for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'f> {
    id: &'static str,
    severity: &'static str,
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    what: &'f Text,
    hint: &'f Text,
}

impl<'f> Page<'f> {
    /// The page of a drawing.
    pub(crate) fn new(drawing: &'f Drawing, findings: &'f [Finding]) -> Self {
        let entry = |found: &'f Finding| Entry {
            id: found.id(),
            severity: found.severity().word(),
            subject: found.subject.path(),
            line: found.line,
            what: &found.what,
            hint: &found.hint,
        };
        let findings = findings.iter().map(entry).collect();
        Self { api_version: API_VERSION, kind: "Findings", input: &drawing.place, findings }
    }
}
