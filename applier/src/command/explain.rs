//! `isthmus explain`: what a finding, a check, a fact or a rule means, what its failure looks like and what to do, offline. It takes
//! the id that is printed beside a finding or a check, a fact, or the word of a rule in a step's id.

use std::fmt::Write as _;

use shared::check::{self as checks, Check};
use shared::fact::topics as facts;
use shared::finding::{Kind, Severity, catalogue};
use shared::name::nearest;
use shared::rules::topics::{TOPICS, Topic};
use shared::text::{Lang, Text};

use crate::cli::Explain;
use crate::error::{Exit, Failure};
use crate::findings::severity;
use crate::report::{Ink, Report};

/// Prints one page, or the list of all.
pub(crate) fn run(arguments: &Explain, report: &Report) -> Result<Exit, Failure> {
    let (lang, ink) = (report.lang(), report.paint().stdout);
    let Some(id) = &arguments.id else {
        report.print(&list(lang, ink));
        return Ok(Exit::Done);
    };
    // A step's id is as good as its rule's word: `cluster1/secret/cluster2`.
    let word = id.split('/').nth(1).unwrap_or(id);
    // And a fact as it is shown as its first word: `Watched(cluster1, cluster2)`.
    let kind_of_fact = id.split('(').next().unwrap_or(id);
    if let Some(kind) = Kind::of(id) {
        report.print(&finding(kind, lang, ink));
    } else if let Some(check) = Check::of(id) {
        report.print(&live(check, lang, ink));
    } else if let Some(topic) = TOPICS.iter().find(|topic| topic.word == word) {
        report.print(&rule(topic, lang, ink));
    } else if let Some(topic) = facts::TOPICS.iter().find(|topic| topic.word.eq_ignore_ascii_case(kind_of_fact)) {
        report.print(&fact(topic, lang, ink));
    } else {
        return Err(unknown(id));
    }
    Ok(Exit::Done)
}

fn unknown(id: &str) -> Failure {
    let what = Text::new(format!("there is nothing called `{id}` to explain"), format!("没有名为 `{id}` 的说明"));
    let failure = Failure::new(Exit::Usage, what);
    let ids = || {
        catalogue::all()
            .map(|kind| kind.id)
            .chain(checks::ALL.iter().map(|check| check.id))
            .chain(facts::TOPICS.iter().map(|topic| topic.word))
            .chain(TOPICS.iter().map(|topic| topic.word))
    };
    // Whoever remembers a part of an id is shown those that have it.
    let holding: Vec<&str> = ids().filter(|known| id.len() > 2 && known.contains(id)).collect();
    match (nearest(id, ids()), holding.as_slice()) {
        (Some(near), _) => failure.hint(Text::new(format!("did you mean `{near}`?"), format!("您是否想用 `{near}`？"))),
        (None, []) => failure.hint(Text::new("`isthmus explain` lists all ids", "`isthmus explain` 会列出所有 ID")),
        (None, some) => {
            failure.hint(Text::new(format!("there are: {}", some.join(", ")), format!("有：{}", some.join("、"))))
        }
    }
}

/// The headings of a page.
fn headings(lang: Lang) -> [&'static str; 3] {
    match lang {
        Lang::En => ["What it looks like", "What to do", "Source"],
        Lang::Zh => ["现象", "处理方法", "来源"],
    }
}

fn finding(kind: &Kind, lang: Lang, ink: Ink) -> String {
    let [looks, remedy, source] = headings(lang);
    let mut page = format!("{}  {}\n", ink.strong(kind.id), severity(kind.severity, lang, ink));
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{}\n\n{}", kind.title.say(lang), kind.means.say(lang));
    let _ = writeln!(page, "\n{}\n{}", ink.strong(looks), kind.looks.say(lang));
    let _ = writeln!(page, "\n{}\n{}", ink.strong(remedy), kind.remedy.say(lang));
    let _ = write!(page, "\n{}\n{}", ink.strong(source), kind.source);
    page
}

fn live(check: &Check, lang: Lang, ink: Ink) -> String {
    let [_, remedy, source] = headings(lang);
    let what = if lang == Lang::En { "a check of `isthmus check`" } else { "`isthmus check` 的一项检查" };
    let (title, means) = (check.title.say(lang), check.means.say(lang));
    let head = format!("{}  {what}\n{title}\n\n{means}\n", ink.strong(check.id));
    let tail = format!("\n{}\n{}", ink.strong(source), check.source);
    format!("{head}\n{}\n{}\n{tail}", ink.strong(remedy), check.remedy.say(lang))
}

fn rule(topic: &Topic, lang: Lang, ink: Ink) -> String {
    let (what, without) = match lang {
        Lang::En => ("a rule: steps of that name", "Without it"),
        Lang::Zh => ("规则：同名的步骤", "缺少它时"),
    };
    let (means, looks) = (topic.means.say(lang), topic.looks.say(lang));
    format!("{}  {what}\n{means}\n\n{}\n{looks}", ink.strong(topic.word), ink.strong(without))
}

fn fact(topic: &facts::Topic, lang: Lang, ink: Ink) -> String {
    let (what, how) = match lang {
        Lang::En => ("a fact, as `isthmus status` shows it", "How it is learnt"),
        Lang::Zh => ("事实，由 `isthmus status` 显示", "如何得知"),
    };
    let (means, learnt) = (topic.means.say(lang), topic.learnt.say(lang));
    format!("{}  {what}\n{means}\n\n{}\n{learnt}", ink.strong(topic.word), ink.strong(how))
}

/// All ids, each with what it is called.
fn list(lang: Lang, ink: Ink) -> String {
    let say = |en: &'static str, zh: &'static str| if lang == Lang::En { en } else { zh };
    let mut page = String::new();
    let sections = [
        (Severity::Error, say("Errors: the drawing cannot become a bundle", "错误：无法由图生成安装包")),
        (Severity::Warning, say("Warnings: it can, but look at it", "警告：可以生成，但请检查")),
        (Severity::Info, say("To know", "须知")),
    ];
    for (severity, heading) in sections {
        let _ = writeln!(page, "{}", ink.strong(heading));
        for kind in catalogue::all().filter(|kind| kind.severity == severity) {
            let _ = writeln!(page, "  {:26}  {}", kind.id, kind.title.say(lang));
        }
        page.push('\n');
    }
    let _ = writeln!(
        page,
        "{}",
        ink.strong(say("Checks of live clusters: `isthmus check`", "对集群的检查：`isthmus check`"))
    );
    for check in checks::ALL {
        let _ = writeln!(page, "  {:26}  {}", check.id, check.title.say(lang));
    }
    page.push('\n');
    let _ = writeln!(page, "{}", ink.strong(say("Facts, as in `isthmus status`", "事实，如 `isthmus status` 所示")));
    for topic in facts::TOPICS {
        let _ = writeln!(page, "  {:26}  {}", topic.word, topic.means.say(lang).trim_end_matches(['.', '。']));
    }
    page.push('\n');
    let _ = writeln!(page, "{}", ink.strong(say("Rules, as in the ids of steps", "规则，即步骤 ID 中的名称")));
    let words: Vec<&str> = TOPICS.iter().map(|topic| topic.word).collect();
    let _ = write!(page, "  {}", words.join(", "));
    page
}
