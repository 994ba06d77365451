//! A bundle that is older than what was applied: told before anybody is asked, with what going back means.

use std::collections::BTreeMap;

use shared::release::Release;
use shared::text::Text;

use crate::applyset::{ApplySet, State};
use crate::report::Event;
use crate::work::Work;

/// What to say of a bundle that is not newer than the one that was applied last, on whichever cluster it is seen first.
pub(crate) async fn warnings(work: &Work, sets: &BTreeMap<String, ApplySet>) -> Vec<Event> {
    let mut states = Vec::new();
    for set in sets.values() {
        states.push(set.state().await);
    }
    let told = [
        states.iter().find_map(|state| applied_before(&work.digest, state)),
        states.iter().find_map(|state| of_an_older_release(&work.version, state)),
    ];
    let event = |(text, hint)| Event::Warning { place: None, text, hints: vec![hint] };
    told.into_iter().flatten().map(event).collect()
}

/// It was applied already, and another one since.
fn applied_before(digest: &str, state: &State) -> Option<(Text, Text)> {
    let is_earlier = state.bundle != digest && state.earlier.iter().any(|earlier| earlier == digest);
    is_earlier.then(|| {
        let since = 1 + state.earlier.iter().rev().take_while(|earlier| *earlier != digest).count();
        let bundles = crate::report::count(since, "bundle");
        (
            Text::new(
                format!(
                    "this bundle is older than what is there: {bundles} applied since. Applying it goes back: what they changed is changed back, and what they brought is taken away"
                ),
                format!("此安装包早于现有内容：此后又应用过 {since} 个安装包。应用它意味着回退：它们的更改会被改回，它们带来的内容会被移除"),
            ),
            Text::new(
                "nothing to do where that is what you want; `isthmus diff` shows all of it. Tokens that were rotated since stay",
                "若这正是您的意图，则无需处理；`isthmus diff` 会列出全部内容。此后轮换的令牌保持不变",
            ),
        )
    })
}

/// Its release of Istio is older than the one that was applied last.
fn of_an_older_release(version: &str, state: &State) -> Option<(Text, Text)> {
    let order = |version: &str| Release::parse(version).ok().map(|release| (release.minor, release.patch));
    let (now, then) = (order(version)?, order(&state.release)?);
    // A release without its patch is the latest of its minor: nobody knows which of the two is older.
    let goes_back = now.0 < then.0 || now.0 == then.0 && now.1.zip(then.1).is_some_and(|(now, then)| now < then);
    goes_back.then(|| {
        let release = &state.release;
        (
            Text::new(
                format!("this bundle is of Istio {version}, and {release} was applied last: applying it goes back a release"),
                format!("此安装包为 Istio {version}，而上次应用的是 {release}：应用它会降级"),
            ),
            Text::new(
                "Istio does not support proxies that are newer than their istiod: restart gateways and workloads right afterwards",
                "Istio 不支持比 istiod 更新的代理：请随后立即重启网关与工作负载",
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_applied_before_goes_back() {
        let state = State { bundle: "c".to_owned(), earlier: ["a", "b"].map(str::to_owned).into(), ..State::default() };
        assert_eq!(applied_before("c", &state), None);
        assert_eq!(applied_before("d", &state), None, "nobody has seen it");
        let said = |digest: &str| applied_before(digest, &state).unwrap().0.en;
        assert!(said("b").contains("there: 1 bundle applied since"), "{}", said("b"));
        assert!(said("a").contains("2 bundles applied since"), "{}", said("a"));
    }

    #[test]
    fn an_older_release_goes_back() {
        let older = |version: &str, applied: &str| {
            of_an_older_release(version, &State { release: applied.to_owned(), ..State::default() }).is_some()
        };
        assert!(older("1.30", "1.31") && older("1.30.4", "1.31") && older("1.31.0", "1.31.2"));
        assert!(!older("1.31", "1.31.2") && !older("1.31.2", "1.31") && !older("1.31", "1.30") && !older("1.31", ""));
    }
}
