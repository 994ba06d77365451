//! The checks as a `JUnit` file, which build servers read. In English: it is for machines.

use std::fmt::Write as _;

use super::{Check, Group, Outcome};

/// The file. What was not asked is skipped, what may be locality is a failure: that calls cross was not seen.
pub(crate) fn xml(mesh: &str, checks: &[Check]) -> String {
    let count = |wanted: &[Outcome]| checks.iter().filter(|check| wanted.contains(&check.outcome)).count();
    let failures = count(&[Outcome::Failed, Outcome::PossiblyLocality, Outcome::Refused]);
    let skipped = count(&[Outcome::NotAsked]);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuite name=\"isthmus verify {}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">",
        escaped(mesh),
        checks.len()
    );
    for check in checks {
        let group = match check.group {
            Group::Requests => "requests",
            Group::Ingress => "ingress",
            Group::Istiods => "istiods",
            Group::Facts => "facts",
        };
        let detail = escaped(&check.detail.en);
        let hint = check.hint.as_ref().map(|hint| escaped(&hint.en)).unwrap_or_default();
        let inside = match check.outcome {
            Outcome::Passed => format!("<system-out>{detail}</system-out>"),
            Outcome::Failed | Outcome::Refused => format!("<failure message=\"{detail}\">{hint}</failure>"),
            Outcome::PossiblyLocality => {
                format!("<failure type=\"locality\" message=\"{detail}\">{hint}</failure>")
            }
            Outcome::NotAsked => format!("<skipped message=\"{detail}\"/>"),
        };
        let name = escaped(&check.name);
        let _ = writeln!(out, "  <testcase classname=\"{group}\" name=\"{name}\">{inside}</testcase>");
    }
    out.push_str("</testsuite>\n");
    out
}

/// A text as XML takes it, in attributes too; letters that XML has no way to write are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use shared::text::Text;

    use super::*;

    #[test]
    fn every_outcome_has_its_element_and_foreign_words_stay_text() {
        let check = |outcome| Check::new(Group::Requests, "a → b", outcome, Text::new("<\"x\u{1b}\"&>\n", ""));
        let checks = [Outcome::Passed, Outcome::Failed, Outcome::PossiblyLocality, Outcome::NotAsked].map(check);
        let xml = xml("mesh1", &checks);
        let lines: Vec<&str> = xml.lines().collect();
        let suite = "<testsuite name=\"isthmus verify mesh1\" tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"1\">";
        assert_eq!(lines[1], suite);
        let case = "  <testcase classname=\"requests\" name=\"a → b\">";
        let words = "&lt;&quot;x&quot;&amp;&gt; ";
        assert_eq!(lines[2], format!("{case}<system-out>{words}</system-out></testcase>"));
        assert_eq!(lines[3], format!("{case}<failure message=\"{words}\"></failure></testcase>"));
        assert_eq!(lines[4], format!("{case}<failure type=\"locality\" message=\"{words}\"></failure></testcase>"));
        assert_eq!(lines[5], format!("{case}<skipped message=\"{words}\"/></testcase>"));
    }
}
