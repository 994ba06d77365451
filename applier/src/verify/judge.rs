//! What the answers that clients heard say about each pair of members.

use std::collections::{BTreeMap, BTreeSet};

use shared::bundle::VerifyMember;
use shared::text::Text;

use super::calls::{Answers, Heard, Row};
use super::{Check, Group, Outcome, Pair};

/// What is known of the members beside what their clients heard.
#[derive(Debug, Default)]
pub(crate) struct Known<'a> {
    /// The network of each.
    pub(crate) networks: BTreeMap<&'a str, &'a str>,
    /// Address and port of the gateway at which calls from other networks come in, where there is one and it is known.
    pub(crate) gateways: BTreeMap<&'a str, String>,
    /// The members whose sample runs.
    pub(crate) healthy: BTreeSet<&'a str>,
}

impl Known<'_> {
    /// The gateways by which calls from one member come to another on another network: all of that network, since each leads
    /// to every pod of it. Told from the networks; a client does not see which one it was.
    fn way(&self, from: &str, to: &str) -> Option<String> {
        let network = self.networks.get(to).filter(|network| self.networks.get(from) != Some(*network))?;
        let is_its = |member: &&str| self.networks.get(*member) == Some(network);
        let gateways = self.gateways.iter().filter(|(member, _)| is_its(member)).map(|(_, gateway)| gateway.clone());
        Some(gateways.collect::<Vec<_>>().join(", ")).filter(|gateways| !gateways.is_empty())
    }

    /// Of addresses that the caller's proxy dialled, those that lead to a member: its pods', or its network's gateways.
    fn leading(
        &self,
        to: &str,
        dialled: &BTreeMap<String, u64>,
        pods: Option<&BTreeMap<String, String>>,
    ) -> Vec<String> {
        let host = |address: &str| address.rsplit_once(':').map_or(address, |(host, _)| host).to_owned();
        let is_pod = |address: &&String| {
            let host = host(address);
            pods.is_some_and(|pods| pods.values().any(|pod| *pod == host.trim_matches(['[', ']'])))
        };
        let network = self.networks.get(to);
        let leads_there = |address: &&String| {
            let of_network =
                |(member, gateway): (&&str, &String)| self.networks.get(*member) == network && gateway == *address;
            self.gateways.iter().any(of_network)
        };
        let found = dialled.keys().filter(|address| is_pod(address) || leads_there(address));
        found.cloned().collect()
    }
}

/// A check for every ordered pair of members, a member and itself among them, and one for each client that heard failures.
pub(crate) fn judge(members: &[VerifyMember], rows: &BTreeMap<String, Row>, known: &Known<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    for from in members {
        let from = from.cluster.as_str();
        let nothing = Row::default();
        let row = rows.get(from).unwrap_or(&nothing);
        for to in members {
            checks.push(pair(from, to.cluster.as_str(), row, rows, known));
        }
        if let Heard::Answers(Answers { calls, failed, error, .. }) = &row.heard
            && *failed > 0
        {
            let detail = Text::new(
                format!("{failed} of {calls} calls were not answered: {error}"),
                format!("{calls} 次调用中有 {failed} 次未得到应答：{error}"),
            );
            checks.push(Check::new(Group::Requests, format!("{from} → *"), Outcome::Failed, detail));
        }
    }
    checks
}

fn pair(from: &str, to: &str, row: &Row, rows: &BTreeMap<String, Row>, known: &Known<'_>) -> Check {
    let check = |outcome, detail| Check::new(Group::Requests, format!("{from} → {to}"), outcome, detail);
    let answers = match &row.heard {
        Heard::Simulated => {
            return check(
                Outcome::NotAsked,
                Text::new(
                    format!("not run: the pods of {from} are simulated"),
                    format!("未执行：{from} 的 Pod 是模拟的"),
                ),
            );
        }
        Heard::Nothing(why) => {
            return check(Outcome::NotAsked, Text::new(format!("not run: {}", why.en), format!("未执行：{}", why.zh)));
        }
        Heard::Refused(why) => {
            return check(Outcome::Refused, Text::new(format!("not run: {}", why.en), format!("未执行：{}", why.zh)));
        }
        Heard::Answers(answers) => answers,
    };
    let (count, names) = answers.by_member.get(to).cloned().unwrap_or_default();
    let addresses = rows.get(to).map(|row| &row.pods);
    let pods: Vec<String> = names
        .into_iter()
        .map(|name| match addresses.and_then(|pods| pods.get(&name)) {
            Some(address) => format!("{name} ({address})"),
            None => name,
        })
        .collect();
    let through = known.way(from, to);
    let through = through.as_ref();
    let seen = Pair {
        from: from.to_owned(),
        to: to.to_owned(),
        answers: count,
        calls: answers.calls,
        pods: pods.clone(),
        dialled: known.leading(to, &answers.dialled, addresses),
        unreached: known.leading(to, &answers.unreached, addresses),
        through: through.cloned(),
    };
    let judged = if count > 0 {
        check(Outcome::Passed, answered(&seen))
    } else {
        let only_itself = answers.failed == 0 && answers.by_member.keys().all(|member| member == from);
        let (end_en, end_zh) = ended(&seen.unreached);
        let detail = Text::new(
            format!("none of {} calls was answered by {to}{end_en}", answers.calls),
            format!("{} 次调用中没有一次由 {to} 应答{end_zh}", answers.calls),
        );
        // A proxy that gets no connection tries another member, so that all calls are answered all the same.
        if only_itself && seen.unreached.is_empty() && from != to && known.healthy.contains(to) {
            check(Outcome::PossiblyLocality, detail).hint(locality(from, to, row, rows.get(to)))
        } else {
            check(Outcome::Failed, detail).hint(missing(to, through, known))
        }
    };
    Check { pair: Some(seen), ..judged }
}

/// Words before a list, and nothing where that is empty; in both languages.
fn list(en: &str, zh: &str, items: &[String]) -> (String, String) {
    match items {
        [] => (String::new(), String::new()),
        items => (format!("{en}{}", items.join(", ")), format!("{zh}{}", items.join("、"))),
    }
}

/// Where calls ended.
fn ended(unreached: &[String]) -> (String, String) {
    list("; the caller's proxy got no connection to ", "；调用方的代理未能连接到 ", unreached)
}

fn answered(seen: &Pair) -> Text {
    let Pair { answers, calls, pods, dialled, unreached, through, .. } = seen;
    let (by_en, by_zh) = list(", by ", "，应答者 ", pods);
    let (way_en, way_zh) = match through {
        // Told from the networks, where the proxy itself did not say.
        Some(gateway) if dialled.is_empty() => {
            (format!("; the way to its network is {gateway}"), format!("；其网络的入口是 {gateway}"))
        }
        _ => list("; dialled: ", "；实际访问的地址：", dialled),
    };
    let (end_en, end_zh) = ended(unreached);
    Text::new(
        format!("{answers} of {calls} calls{by_en}{way_en}{end_en}"),
        format!("{calls} 次调用中应答 {answers} 次{by_zh}{way_zh}{end_zh}"),
    )
}

/// Istio may keep calls in the caller's region as long as somebody there is healthy, which is no fault.
fn locality(from: &str, to: &str, row: &Row, other: Option<&Row>) -> Text {
    let words = |row: &Row| row.regions.iter().cloned().collect::<Vec<_>>().join(", ");
    let (here, there) = (words(row), other.map(words).unwrap_or_default());
    let said = |regions: &str| if regions.is_empty() { "-".to_owned() } else { regions.to_owned() };
    Text::new(
        format!(
            "only {from} itself answered although the sample of {to} runs: possibly locality. Look at the label topology.kubernetes.io/region of the nodes ({from}: {}; {to}: {}) and for a DestinationRule with outlierDetection; to see calls cross, scale helloworld in {from} to 0 for a while",
            said(&here),
            said(&there)
        ),
        format!(
            "虽然 {to} 的示例在运行，但只有 {from} 自己应答：可能是就近路由。请查看节点标签 topology.kubernetes.io/region（{from}：{}；{to}：{}）以及是否有带 outlierDetection 的 DestinationRule；要观察跨集群调用，可暂时把 {from} 的 helloworld 缩容到 0",
            said(&here),
            said(&there)
        ),
    )
}

fn missing(to: &str, through: Option<&String>, known: &Known<'_>) -> Text {
    if !known.healthy.contains(to) {
        return Text::new(
            format!("the sample of {to} does not run: see the fact Sample({to})"),
            format!("{to} 的示例未运行：请查看事实 Sample({to})"),
        );
    }
    match through {
        Some(gateway) => Text::new(
            format!("see whether {gateway} can be dialled from the caller's pods, and what istiod sees, below"),
            format!("请检查调用方的 Pod 能否访问 {gateway}，以及下面 istiod 所见"),
        ),
        None => Text::new(
            format!("see whether the caller's pods can dial those of {to}, and what istiod sees, below"),
            format!("请检查调用方的 Pod 能否访问 {to} 的 Pod，以及下面 istiod 所见"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(names: &[&str]) -> Vec<VerifyMember> {
        let member = |(name, place): (&&str, usize)| VerifyMember {
            cluster: (*name).into(),
            answer: format!("Hello version: v{place},"),
            gateway: None,
            registry: None,
        };
        names.iter().zip(1..).map(member).collect()
    }

    fn row(answers: &[(&str, usize)], failed: usize) -> Row {
        let heard =
            |(name, count): &(&str, usize)| ((*name).to_owned(), (*count, BTreeSet::from([format!("pod-{name}")])));
        let calls = answers.iter().map(|(_, count)| count).sum::<usize>() + failed;
        let answers = Answers {
            calls,
            by_member: answers.iter().map(heard).collect(),
            failed,
            error: if failed > 0 { "curl: (7) refused".into() } else { String::new() },
            dialled: BTreeMap::new(),
            unreached: BTreeMap::new(),
        };
        Row { heard: Heard::Answers(answers), ..Row::default() }
    }

    fn outcomes(checks: &[Check]) -> Vec<(&str, Outcome)> {
        checks.iter().map(|check| (check.name.as_str(), check.outcome)).collect()
    }

    #[test]
    fn every_ordered_pair_is_judged_by_what_its_caller_heard() {
        let rows =
            BTreeMap::from([("a".to_owned(), row(&[("a", 2), ("b", 1)], 0)), ("b".to_owned(), row(&[("b", 12)], 0))]);
        let known = Known { healthy: ["a", "b"].into(), ..Known::default() };
        let checks = judge(&members(&["a", "b"]), &rows, &known);
        let expected = [
            ("a → a", Outcome::Passed),
            ("a → b", Outcome::Passed),
            ("b → a", Outcome::PossiblyLocality),
            ("b → b", Outcome::Passed),
        ];
        assert_eq!(outcomes(&checks), expected);
        assert!(checks[2].hint.as_ref().unwrap().en.contains("region"));
    }

    #[test]
    fn silence_of_a_sample_that_does_not_run_and_failed_calls_are_no_locality() {
        let rows = BTreeMap::from([("a".to_owned(), row(&[("a", 12)], 0)), ("b".to_owned(), row(&[("b", 6)], 6))]);
        let known = Known { healthy: ["a"].into(), ..Known::default() };
        let checks = judge(&members(&["a", "b"]), &rows, &known);
        let expected = [
            ("a → a", Outcome::Passed),
            ("a → b", Outcome::Failed),
            ("b → a", Outcome::Failed),
            ("b → b", Outcome::Passed),
            ("b → *", Outcome::Failed),
        ];
        assert_eq!(outcomes(&checks), expected);
        assert!(checks[1].hint.as_ref().unwrap().en.contains("Sample(b)"));
        assert!(checks[4].detail.en.contains("6 of 12") && checks[4].detail.en.contains("refused"));
    }

    #[test]
    fn who_answered_is_named_with_its_address_and_the_gateway_of_another_network() {
        let mut other = row(&[("a", 1), ("b", 1)], 0);
        other.pods.insert("pod-b".into(), "10.2.0.9".into());
        let rows = BTreeMap::from([("a".to_owned(), row(&[("a", 1), ("b", 3)], 0)), ("b".to_owned(), other)]);
        let known = Known {
            networks: [("a", "n1"), ("b", "n2")].into(),
            gateways: [("a", "198.51.100.1:15443".to_owned()), ("b", "203.0.113.2:15443".to_owned())].into(),
            healthy: BTreeSet::new(),
        };
        let checks = judge(&members(&["a", "b"]), &rows, &known);
        let crossing = checks[1].pair.as_ref().unwrap();
        assert_eq!((crossing.answers, crossing.calls), (3, 4));
        assert_eq!(crossing.pods, ["pod-b (10.2.0.9)"]);
        assert_eq!(crossing.through.as_deref(), Some("203.0.113.2:15443"));
        assert!(checks[1].detail.en.ends_with("the way to its network is 203.0.113.2:15443"), "{:?}", checks[1]);
        assert_eq!(known.way("a", "c"), None, "nothing is known of it");
        assert_eq!(checks[0].pair.as_ref().unwrap().through, None, "nobody leaves a network to stay in it");
    }

    #[test]
    fn the_address_that_was_dialled_is_the_one_that_the_proxy_counted() {
        let mut caller = row(&[("a", 1), ("b", 1)], 0);
        let dialled = ["10.1.0.5:5000", "203.0.113.2:15443", "198.51.100.1:15443"].map(|one| (one.to_owned(), 1));
        if let Heard::Answers(answers) = &mut caller.heard {
            answers.dialled = dialled.into();
        }
        caller.pods.insert("pod-a".into(), "10.1.0.5".into());
        let rows = BTreeMap::from([("a".to_owned(), caller), ("b".to_owned(), row(&[("b", 1)], 0))]);
        let known = Known {
            networks: [("a", "n1"), ("b", "n2"), ("c", "n3")].into(),
            gateways: [("b", "203.0.113.2:15443".to_owned()), ("c", "192.0.2.9:15443".to_owned())].into(),
            healthy: BTreeSet::new(),
        };
        let checks = judge(&members(&["a", "b"]), &rows, &known);
        let dialled = |place: usize| checks[place].pair.as_ref().unwrap().dialled.clone();
        assert_eq!((dialled(0), dialled(1)), (vec!["10.1.0.5:5000".to_owned()], vec!["203.0.113.2:15443".to_owned()]));
        assert!(checks[1].detail.en.ends_with("dialled: 203.0.113.2:15443"), "{:?}", checks[1].detail);
    }

    #[test]
    fn a_gateway_that_gives_no_connection_is_no_locality() {
        let mut caller = row(&[("a", 12)], 0);
        if let Heard::Answers(answers) = &mut caller.heard {
            answers.unreached = [("203.0.113.2:15443".to_owned(), 9)].into();
        }
        let rows = BTreeMap::from([("a".to_owned(), caller), ("b".to_owned(), row(&[("b", 1)], 0))]);
        let known = Known {
            networks: [("a", "n1"), ("b", "n2")].into(),
            gateways: [("b", "203.0.113.2:15443".to_owned())].into(),
            healthy: ["a", "b"].into(),
        };
        let checks = judge(&members(&["a", "b"]), &rows, &known);
        assert_eq!(checks[1].outcome, Outcome::Failed, "{:?}", checks[1]);
        assert!(checks[1].detail.en.ends_with("got no connection to 203.0.113.2:15443"), "{:?}", checks[1].detail);
        assert!(checks[0].pair.as_ref().unwrap().unreached.is_empty());
    }

    #[test]
    fn whoever_may_not_ask_has_not_passed() {
        let refused = Row { heard: Heard::Refused(Text::new("forbidden", "被拒绝")), ..Row::default() };
        let checks = judge(&members(&["a", "b"]), &BTreeMap::from([("a".to_owned(), refused)]), &Known::default());
        assert_eq!((checks[0].outcome, checks[2].outcome), (Outcome::Refused, Outcome::NotAsked));
    }

    #[test]
    fn nothing_that_was_not_asked_passes() {
        let simulated = Row { heard: Heard::Simulated, ..Row::default() };
        let checks = judge(&members(&["a", "b"]), &BTreeMap::from([("a".to_owned(), simulated)]), &Known::default());
        assert!(checks.iter().all(|check| check.outcome == Outcome::NotAsked), "{checks:?}");
        assert!(checks[0].detail.en.contains("simulated"));
    }
}
