//! The words of the planner, in both languages. Names, field names and commands are never translated.

mod catalogue;

pub(crate) use catalogue::Msg;
use shared::text::{Lang, Text};

impl Msg {
    /// Returns the words in one language.
    pub(crate) fn say(self, lang: Lang) -> &'static str {
        let (en, zh) = self.both();
        match lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    /// Returns the words in one language, with every `{placeholder}` filled.
    pub(crate) fn fill(self, lang: Lang, values: &[(&str, &str)]) -> String {
        filled(self.say(lang), values)
    }

    /// Returns the words in both languages, with every `{placeholder}` filled.
    pub(crate) fn text(self, values: &[(&str, &str)]) -> Text {
        let (en, zh) = self.both();
        Text::new(filled(en, values), filled(zh, values))
    }

    /// Returns the words in both languages around others that are known as `what`.
    pub(crate) fn about(self, what: &Text, values: &[(&str, &str)]) -> Text {
        let fill = |lang: Lang| self.fill(lang, &[&[("what", what.say(lang))], values].concat());
        Text::new(fill(Lang::En), fill(Lang::Zh))
    }
}

/// Picks the singular of an English sentence; Chinese has one form and both messages say the same there.
pub(crate) fn plural(count: usize, one: Msg, many: Msg) -> Msg {
    if count == 1 { one } else { many }
}

fn filled(words: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(words.len() + 16);
    let mut rest = words;
    // One pass, so that a value which looks like a placeholder stays what it is.
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            break;
        };
        out.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(words: &str) -> Vec<&str> {
        let mut found: Vec<&str> = words.split('{').skip(1).filter_map(|tail| tail.split('}').next()).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn both_languages_say_everything_with_the_same_placeholders() {
        for &msg in Msg::ALL {
            let (en, zh) = msg.both();
            assert!(!en.is_empty() && !zh.is_empty(), "{msg:?} is empty");
            assert_eq!(placeholders(en), placeholders(zh), "{msg:?}");
            assert!(
                en.is_ascii()
                    || !en.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
                    || msg == Msg::OtherLanguage,
                "{msg:?}"
            );
        }
    }

    #[test]
    fn chinese_is_chinese_but_for_names() {
        let latin = |msg: &&Msg| !msg.both().1.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let unchanged: Vec<&Msg> = Msg::ALL.iter().filter(latin).collect();
        assert!(unchanged.iter().all(|msg| msg.both().1.chars().count() < 20), "{unchanged:?}");
    }

    #[test]
    fn a_value_that_looks_like_a_placeholder_stays_a_value() {
        assert_eq!(filled("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x");
        assert_eq!(filled("no {end", &[]), "no {end");
    }
}
