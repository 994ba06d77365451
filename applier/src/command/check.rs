//! `isthmus check`: what can be known before a write, in groups, each check with its id, its sign and what to do. Writes nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use shared::text::{Lang, Text};
use shared::topology::API_VERSION;

use crate::check::{self, Line, Outcome};
use crate::cli::Check;
use crate::error::{Exit, Failure};
use crate::report::{Ink, Report, count as plural};
use crate::source;
use crate::work::Work;

/// How long to wait before failing checks are made again.
const PAUSE: Duration = Duration::from_secs(2);

/// Runs the command.
pub(crate) async fn run(arguments: &Check, report: &Arc<Report>) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?;
    let mut lines = check::all(&work, &arguments.connection, &arguments.supplies, report).await;
    if let Some(patience) = arguments.wait {
        while count(&lines, Outcome::Error) > 0 && begun.elapsed() + PAUSE < patience {
            let failing = count(&lines, Outcome::Error);
            report.talk(&Text::new(
                format!("{} not passed yet; trying again", plural(failing, "check")),
                format!("{failing} 项检查未通过；正在重试"),
            ));
            tokio::time::sleep(PAUSE).await;
            lines = check::all(&work, &arguments.connection, &arguments.supplies, report).await;
        }
    }
    if arguments.output.is_some() {
        report.document(&Page::new(&work.mesh, &lines));
    } else {
        report.print(&page(&work.mesh, &lines, report.lang(), report.paint().stdout));
    }
    Ok(if count(&lines, Outcome::Error) > 0 { Exit::Findings } else { Exit::Done })
}

fn count(lines: &[Line], outcome: Outcome) -> usize {
    lines.iter().filter(|line| line.outcome == outcome).count()
}

/// A heading for each group, a line for each check, hints below.
fn page(mesh: &str, lines: &[Line], lang: Lang, ink: Ink) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let width = lines.iter().map(|line| line.check.id.len()).max().unwrap_or(0);
    let mut group = None;
    for line in lines {
        if group != Some(line.check.group) {
            let gap = if group.is_some() { "\n" } else { "" };
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{gap}{}", ink.strong(line.check.group.title().say(lang)));
            group = Some(line.check.group);
        }
        let sign = match line.outcome {
            Outcome::Good => ink.good("✓"),
            Outcome::Info => ink.faint("·"),
            Outcome::Warning => ink.warn("!"),
            Outcome::Error => ink.bad("✗"),
        };
        let place = line.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
        let _ = writeln!(out, "  {sign} {:width$}  {place}{}", line.check.id, line.what.say(lang));
        for hint in &line.hints {
            let word = if lang == Lang::En { "hint: " } else { "提示：" };
            let _ = writeln!(out, "      {}{}", ink.hint(word), hint.say(lang));
        }
    }
    let (errors, warnings) = (count(lines, Outcome::Error), count(lines, Outcome::Warning));
    let sum = Text::new(
        match errors {
            0 => format!("mesh {mesh} can be applied; {}", plural(warnings, "warning")),
            _ => format!(
                "mesh {mesh} cannot be applied yet: {}, {}; `isthmus explain ID` says more",
                plural(errors, "error"),
                plural(warnings, "warning")
            ),
        },
        match errors {
            0 => format!("网格 {mesh} 可以应用；{warnings} 个警告"),
            _ => format!("网格 {mesh} 尚不能应用：{errors} 个错误，{warnings} 个警告；`isthmus explain ID` 有详细说明"),
        },
    );
    let _ = writeln!(out, "\n{}", sum.say(lang));
    out
}

/// The result for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'l> {
    api_version: &'static str,
    kind: &'static str,
    mesh: &'l str,
    success: bool,
    errors: usize,
    warnings: usize,
    checks: Vec<Entry<'l>>,
}

/// What one check found in one place.
#[derive(Serialize)]
struct Entry<'l> {
    group: &'static str,
    id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'l str>,
    outcome: Outcome,
    message: &'l Text,
    #[serde(skip_serializing_if = "<[Text]>::is_empty")]
    hints: &'l [Text],
}

impl<'l> Page<'l> {
    fn new(mesh: &'l str, lines: &'l [Line]) -> Self {
        let entry = |line: &'l Line| Entry {
            group: line.check.group.word(),
            id: line.check.id,
            place: line.place.as_deref(),
            outcome: line.outcome,
            message: &line.what,
            hints: &line.hints,
        };
        let (errors, warnings) = (count(lines, Outcome::Error), count(lines, Outcome::Warning));
        Self {
            api_version: API_VERSION,
            kind: "Check",
            mesh,
            success: errors == 0,
            errors,
            warnings,
            checks: lines.iter().map(entry).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::check as catalogue;

    use super::*;

    fn lines() -> Vec<Line> {
        let line = |check, outcome| Line {
            check,
            place: Some("a".to_owned()),
            outcome,
            what: Text::new("said", "说明"),
            hints: vec![Text::new("do", "做")],
        };
        vec![
            line(catalogue::API_SERVER, Outcome::Good),
            line(catalogue::CLOCK, Outcome::Warning),
            line(catalogue::RIGHTS, Outcome::Error),
        ]
    }

    #[test]
    fn lines_stand_under_the_heading_of_their_group_with_sign_and_hint() {
        let page = page("mesh1", &lines(), Lang::En, Ink::default());
        assert!(
            page.starts_with("Clusters\n  ✓ api-server-answers  a: said\n      hint: do\n  ! clocks-agree"),
            "{page}"
        );
        assert!(page.contains("\n\nRights\n  ✗ rights-to-apply     a: said\n"), "{page}");
        assert!(
            page.ends_with("cannot be applied yet: 1 error, 1 warning; `isthmus explain ID` says more\n"),
            "{page}"
        );
    }

    #[test]
    fn machines_get_ids_and_both_languages() {
        let lines = lines();
        let json = serde_json::to_value(Page::new("mesh1", &lines)).unwrap();
        assert_eq!((&json["success"], &json["errors"]), (&false.into(), &1.into()));
        assert_eq!(json["checks"][1]["outcome"], "warning");
        assert_eq!(json["checks"][1]["message"]["zh"], "说明");
    }
}
