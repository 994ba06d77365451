//! What may stand behind an option: how it is read, and what is said of anything else.

use std::time::Duration;

use clap::ValueEnum;
use shared::overview::Topic;
use shared::text::Lang;

/// A cluster and the kubeconfig context that leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Context {
    /// The cluster, as drawn.
    pub(crate) cluster: String,
    /// The context in the kubeconfig.
    pub(crate) context: String,
}

/// A format for one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Document {
    /// One JSON document on standard output.
    Json,
}

/// A format for a stream of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stream {
    /// JSON lines on standard output.
    Jsonl,
}

/// Reads `en`, `zh`, and longer tags of the two such as `zh-CN`.
pub(super) fn language(text: &str) -> Result<Lang, String> {
    match text.split(['-', '_']).next() {
        Some("en" | "zh") => Ok(Lang::from_tag(text)),
        _ => Err("en, zh".to_owned()),
    }
}

/// Reads `cluster1=kind-a`. A context may itself hold `=`: the first one parts.
pub(super) fn context(text: &str) -> Result<Context, String> {
    match text.split_once('=') {
        Some((cluster, context)) if !cluster.is_empty() && !context.is_empty() => {
            Ok(Context { cluster: cluster.to_owned(), context: context.to_owned() })
        }
        _ => Err("CLUSTER=CONTEXT".to_owned()),
    }
}

pub(super) fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "0 … 65535".to_owned())
}

/// Reads the word of a topic.
pub(super) fn topic(text: &str) -> Result<Topic, String> {
    let found = Topic::ALL.into_iter().find(|topic| topic.word() == text);
    found.ok_or_else(|| Topic::ALL.map(Topic::word).join(", "))
}

/// Reads `90s`, `5m`, `1h30m`; a bare number would leave the reader guessing, so it is refused.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "90s, 5m, 1h30m".to_owned();
    let mut seconds: u64 = 0;
    let mut digits = String::new();
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let unit = match letter {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => return Err(wrong()),
        };
        let count: u64 = digits.parse().map_err(|_| wrong())?;
        let part = count.checked_mul(unit).ok_or_else(wrong)?;
        seconds = seconds.checked_add(part).ok_or_else(wrong)?;
        digits.clear();
    }
    // A day is the cap: nobody waits longer, and deadlines built from it cannot overflow.
    if digits.is_empty() && (1..=86_400).contains(&seconds) { Ok(Duration::from_secs(seconds)) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        for wrong in ["", "5", "m", "5m3", "0s", "-1s", "99999999999999999999h", "30000h", "5 m", "٣s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn contexts_part_at_the_first_sign() {
        let arn = context("c1=arn:aws:eks:eu-west-1:1:cluster/a=b").unwrap();
        assert_eq!((arn.cluster.as_str(), arn.context.as_str()), ("c1", "arn:aws:eks:eu-west-1:1:cluster/a=b"));
        for wrong in ["", "c1", "=a", "c1="] {
            assert!(context(wrong).is_err(), "{wrong}");
        }
    }
}
