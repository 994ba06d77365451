//! What `verify` tells a person: who answered whom as a matrix, then everything that has something to say.

use std::fmt::Write as _;

use shared::text::Text;

use super::{Check, Group, Outcome};
use crate::report::Report;

/// The whole page.
pub(crate) fn text(mesh: &str, checks: &[Check], report: &Report) -> String {
    let paint = report.paint().stdout;
    let mut out = matrix(checks, report);
    for (group, heading) in [
        (Group::Requests, Text::new("calls between clusters", "集群间调用")),
        (Group::Ingress, Text::new("calls from outside", "外部调用")),
        (Group::Istiods, Text::new("what istiod sees", "istiod 所见")),
        (Group::Facts, Text::new("facts", "事实")),
    ] {
        let of_group: Vec<&Check> = checks.iter().filter(|check| check.group == group).collect();
        if of_group.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", paint.strong(report.say(&heading)));
        let mut quiet = 0;
        for check in of_group {
            // Facts that are so are `status`'s to tell one by one.
            if group == Group::Facts && check.outcome == Outcome::Passed {
                quiet += 1;
                continue;
            }
            let _ = writeln!(out, "  {} {}: {}", sign(check.outcome, report), check.name, report.say(&check.detail));
            if let Some(hint) = &check.hint {
                let _ = writeln!(out, "    {}", paint.hint(report.say(hint)));
            }
        }
        if quiet > 0 {
            let sum = Text::new(format!("{quiet} facts are so"), format!("{quiet} 个事实成立"));
            let _ = writeln!(out, "  {} {}", sign(Outcome::Passed, report), report.say(&sum));
        }
    }
    let _ = writeln!(out, "{}", report.say(&sum(mesh, checks)));
    out
}

/// The last line.
fn sum(mesh: &str, checks: &[Check]) -> Text {
    let count = |outcome| checks.iter().filter(|check| check.outcome == outcome).count();
    let (failed, passed) = (count(Outcome::Failed), count(Outcome::Passed));
    let (locality, not_asked) = (count(Outcome::PossiblyLocality), count(Outcome::NotAsked));
    let mut en = format!("mesh {mesh}: {passed} passed, {failed} failed");
    let mut zh = format!("网格 {mesh}：{passed} 项通过，{failed} 项失败");
    if locality > 0 {
        let _ = write!(en, ", {locality} possibly locality");
        let _ = write!(zh, "，{locality} 项可能是就近路由");
    }
    let refused = count(Outcome::Refused);
    if refused > 0 {
        let _ = write!(en, ", {refused} refused");
        let _ = write!(zh, "，{refused} 项被拒绝");
    }
    if not_asked > 0 {
        let _ = write!(en, ", {not_asked} not asked");
        let _ = write!(zh, "，{not_asked} 项未询问");
    }
    Text::new(en, zh)
}

/// A row for each caller, a column for each that was to answer; nothing where no call was made.
fn matrix(checks: &[Check], report: &Report) -> String {
    let paint = report.paint().stdout;
    let pairs: Vec<(&Check, &super::Pair)> =
        checks.iter().filter_map(|check| Some((check, check.pair.as_ref()?))).collect();
    let mut columns: Vec<&str> = Vec::new();
    for (_, pair) in &pairs {
        if !columns.contains(&pair.to.as_str()) {
            columns.push(&pair.to);
        }
    }
    let width = columns.iter().map(|name| name.len()).max().unwrap_or(0).max("? 12/12".len());
    let mut out = String::new();
    if pairs.is_empty() {
        return out;
    }
    let heading = Text::new(
        "answers of the sample in a column's cluster to the calls of a row's client",
        "每行的客户端发起的调用中，由各列集群的示例应答的次数",
    );
    let _ = write!(out, "{}\n{:width$}", report.say(&heading), "");
    for column in &columns {
        let _ = write!(out, "  {}", paint.strong(&format!("{column:width$}")));
    }
    let mut row = "";
    for (check, pair) in &pairs {
        if row != pair.from {
            row = &pair.from;
            let _ = write!(out, "\n{}", paint.strong(&format!("{row:width$}")));
        }
        let cell = format!("{}/{}", pair.answers, pair.calls);
        let rest = " ".repeat(width.saturating_sub(cell.len() + 2));
        let _ = write!(out, "  {} {cell}{rest}", sign(check.outcome, report));
    }
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n\n"
}

fn sign(outcome: Outcome, report: &Report) -> String {
    let paint = report.paint().stdout;
    match outcome {
        Outcome::Passed => paint.good("✓"),
        Outcome::Failed | Outcome::Refused => paint.bad("✗"),
        Outcome::PossiblyLocality => paint.warn("?"),
        Outcome::NotAsked => paint.faint("–"),
    }
}
