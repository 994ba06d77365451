//! The sentences of a run, in both languages. Plain lines and progress share them, so that a log reads as the screen did.

use shared::text::{Lang, Text};

use super::event::{Event, Outcome, Tally, Verb};
use super::style::Ink;

/// A count with its noun in English, where one thing has no `s`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A duration as a person says it: `40 ms`, `2.4 s`, `12 s`, `3 min 5 s`.
pub(super) fn duration(milliseconds: u64, lang: Lang) -> String {
    let (minute, second, millisecond) = match lang {
        Lang::En => (" min ", " s", " ms"),
        Lang::Zh => (" 分 ", " 秒", " 毫秒"),
    };
    if milliseconds < 1000 {
        return format!("{milliseconds}{millisecond}");
    }
    let tenths = milliseconds / 100;
    match tenths {
        0..100 => format!("{}.{}{second}", tenths / 10, tenths % 10),
        100..600 => format!("{}{second}", tenths / 10),
        _ => format!("{}{minute}{}{second}", tenths / 600, tenths / 10 % 60),
    }
}

/// The first line of a run.
pub(super) fn started(verb: Verb, mesh: &str, steps: usize, clusters: usize, lang: Lang) -> String {
    let (steps_en, clusters_en) = (count(steps, "step"), count(clusters, "cluster"));
    let text = match verb {
        Verb::Apply => Text::new(
            format!("Applying mesh {mesh}: {steps_en} on {clusters_en}"),
            format!("正在应用网格 {mesh}：{clusters} 个集群，共 {steps} 个步骤"),
        ),
        Verb::Diff => Text::new(
            format!("Comparing mesh {mesh} with {clusters_en}: {steps_en}"),
            format!("正在将网格 {mesh} 与 {clusters} 个集群比较：共 {steps} 个步骤"),
        ),
        Verb::Status => Text::new(
            format!("Looking at mesh {mesh} on {clusters_en}"),
            format!("正在查看网格 {mesh}：{clusters} 个集群"),
        ),
        Verb::Verify => {
            Text::new(format!("Trying mesh {mesh} on {clusters_en}"), format!("正在验证网格 {mesh}：{clusters} 个集群"))
        }
        Verb::Cleanup => Text::new(
            format!("Removing mesh {mesh} from {clusters_en}: {steps_en}"),
            format!("正在从 {clusters} 个集群移除网格 {mesh}：共 {steps} 个步骤"),
        ),
        Verb::Rotate => Text::new(
            format!("Rotating the tokens of mesh {mesh}: {clusters_en}"),
            format!("正在轮换网格 {mesh} 的令牌：{clusters} 个集群"),
        ),
        Verb::Revoke => Text::new(
            format!("Revoking a token of mesh {mesh}: {clusters_en}"),
            format!("正在吊销网格 {mesh} 的令牌：{clusters} 个集群"),
        ),
    };
    text.say(lang).to_owned()
}

/// An outcome as a word after an object.
pub(super) fn outcome(outcome: Outcome, lang: Lang) -> &'static str {
    match (lang, outcome) {
        (Lang::En, Outcome::Created) => "created",
        (Lang::En, Outcome::Configured) => "configured",
        (Lang::En, Outcome::Adopted) => "adopted",
        (Lang::En, Outcome::Unchanged) => "unchanged",
        (Lang::En, Outcome::Deleted) => "deleted",
        (Lang::En, Outcome::Kept) => "kept",
        (Lang::Zh, Outcome::Created) => "已创建",
        (Lang::Zh, Outcome::Configured) => "已更新",
        (Lang::Zh, Outcome::Adopted) => "已接管",
        (Lang::Zh, Outcome::Unchanged) => "未变",
        (Lang::Zh, Outcome::Deleted) => "已删除",
        (Lang::Zh, Outcome::Kept) => "已保留",
    }
}

/// An outcome in its colour.
pub(super) fn painted(which: Outcome, lang: Lang, ink: Ink) -> String {
    let word = outcome(which, lang);
    match which {
        Outcome::Created => ink.good(word),
        Outcome::Configured | Outcome::Adopted | Outcome::Kept => ink.warn(word),
        Outcome::Deleted => ink.bad(word),
        Outcome::Unchanged => ink.faint(word),
    }
}

/// `3 created, 2 unchanged`; empty where nothing was counted.
pub(super) fn tally(tally: Tally, lang: Lang) -> String {
    let parts = Outcome::ALL.into_iter().filter(|which| tally.of(*which) > 0).map(|which| match lang {
        Lang::En => format!("{} {}", tally.of(which), outcome(which, lang)),
        Lang::Zh => format!("{} {} 个", outcome(which, lang), tally.of(which)),
    });
    parts.collect::<Vec<_>>().join(if lang == Lang::En { ", " } else { "，" })
}

/// The last line of a run.
pub(super) fn summary(verb: Verb, counted: Tally, milliseconds: u64, lang: Lang) -> String {
    let time = duration(milliseconds, lang);
    let parts = tally(counted, lang);
    let pending = planned(counted);
    let pending = pending.say(lang);
    let text = match verb {
        Verb::Apply if counted.changes() == 0 => Text::new(
            format!("Nothing to change: {} unchanged ({time})", count(counted.total(), "object")),
            format!("没有需要更改的内容：{} 个对象未变（{time}）", counted.total()),
        ),
        Verb::Diff if counted.changes() == 0 => Text::new(
            format!("No changes: {} as the bundle has them ({time})", count(counted.total(), "object")),
            format!("没有变更：{} 个对象与安装包一致（{time}）", counted.total()),
        ),
        Verb::Diff => Text::new(format!("To change: {pending} ({time})"), format!("待变更：{pending}（{time}）")),
        Verb::Cleanup | Verb::Revoke if counted.total() == 0 => {
            Text::new(format!("Nothing to remove ({time})"), format!("没有需要移除的内容（{time}）"))
        }
        Verb::Apply | Verb::Cleanup | Verb::Rotate | Verb::Revoke => {
            Text::new(format!("Done in {time}: {parts}"), format!("完成，用时 {time}：{parts}"))
        }
        Verb::Status | Verb::Verify => {
            Text::new(format!("Looked at everything in {time}"), format!("查看完毕，用时 {time}"))
        }
    };
    text.say(lang).to_owned()
}

/// `3 to create, 1 to change`, for what has not happened yet.
pub(crate) fn planned(tally: Tally) -> Text {
    let words = |which| match which {
        Outcome::Created => ("to create", "创建"),
        Outcome::Configured => ("to change", "更新"),
        Outcome::Adopted => ("to adopt", "接管"),
        Outcome::Deleted => ("to delete", "删除"),
        Outcome::Kept => ("to keep", "保留"),
        Outcome::Unchanged => ("unchanged", "未变"),
    };
    let counted = || Outcome::ALL.into_iter().filter(|which| tally.of(*which) > 0);
    let en: Vec<String> = counted().map(|which| format!("{} {}", tally.of(which), words(which).0)).collect();
    let zh: Vec<String> = counted().map(|which| format!("{} {} 个", words(which).1, tally.of(which))).collect();
    Text::new(en.join(", "), zh.join("，"))
}

/// Between a place and what is said about it.
pub(super) fn colon(lang: Lang) -> &'static str {
    match lang {
        Lang::En => ": ",
        Lang::Zh => "：",
    }
}

/// `waiting for Address(cluster1, eastwest): no address yet`.
pub(super) fn waiting(fact: &str, reason: &Text, lang: Lang) -> String {
    match lang {
        Lang::En => format!("waiting for {fact}: {}", reason.en),
        Lang::Zh => format!("等待 {fact}：{}", reason.zh),
    }
}

/// What a finished step did and how long it took.
pub(super) fn step_done(outcomes: Tally, milliseconds: u64, lang: Lang, ink: Ink) -> String {
    let (time, parts) = (duration(milliseconds, lang), tally(outcomes, lang));
    match (lang, parts.is_empty()) {
        (Lang::En, true) => format!("{} in {time}", ink.good("done")),
        (Lang::En, false) => format!("{} in {time}: {parts}", ink.good("done")),
        (Lang::Zh, true) => format!("{}，用时 {time}", ink.good("完成")),
        (Lang::Zh, false) => format!("{}，用时 {time}：{parts}", ink.good("完成")),
    }
}

/// What waits behind a step that failed; empty when nothing does.
pub(super) fn blocked(steps: &[String], lang: Lang) -> String {
    match (lang, steps.is_empty()) {
        (_, true) => String::new(),
        (Lang::En, false) => format!("not begun because of it: {}", steps.join(", ")),
        (Lang::Zh, false) => format!("因此未开始：{}", steps.join("、")),
    }
}

/// The mark of a change that has not happened yet, as `diff` prints it.
pub(super) fn mark(which: Outcome, ink: Ink) -> String {
    match which {
        Outcome::Created => ink.good("+"),
        Outcome::Configured => ink.warn("~"),
        Outcome::Adopted => ink.warn("&"),
        Outcome::Deleted => ink.bad("-"),
        Outcome::Kept | Outcome::Unchanged => ink.faint("="),
    }
}

/// Whether an event is only for those who asked for every detail.
pub(super) fn is_detail(event: &Event) -> bool {
    match event {
        Event::StepStarted { .. } | Event::Fact { holds: true, .. } => true,
        Event::Object { outcome, .. } | Event::Difference { outcome, .. } => *outcome == Outcome::Unchanged,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let said: Vec<_> = [0, 340, 1_240, 9_999, 10_000, 61_500].map(|time| duration(time, Lang::En)).into();
        assert_eq!(said, ["0 ms", "340 ms", "1.2 s", "9.9 s", "10 s", "1 min 1 s"]);
        assert_eq!(duration(125_000, Lang::Zh), "2 分 5 秒");
    }

    #[test]
    fn a_second_run_says_that_nothing_changed() {
        let mut counted = Tally::default();
        counted.count(Outcome::Unchanged);
        assert_eq!(summary(Verb::Apply, counted, 900, Lang::En), "Nothing to change: 1 object unchanged (900 ms)");
        counted.count(Outcome::Created);
        assert_eq!(summary(Verb::Apply, counted, 900, Lang::En), "Done in 900 ms: 1 created, 1 unchanged");
        assert_eq!(summary(Verb::Apply, counted, 900, Lang::Zh), "完成，用时 900 毫秒：已创建 1 个，未变 1 个");
        assert_eq!(summary(Verb::Diff, counted, 900, Lang::En), "To change: 1 to create, 1 unchanged (900 ms)");
    }
}
