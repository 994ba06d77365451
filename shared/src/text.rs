//! Sentences a person may read, always in both languages.

use serde::{Deserialize, Serialize};

/// The languages Isthmus speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Reads a language tag such as `zh-CN`, `zh_CN.UTF-8` or `en`; anything that is not Chinese is English.
    pub fn from_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("zh") { Lang::Zh } else { Lang::En }
    }

    /// Returns the value of an HTML `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh-Hans",
        }
    }
}

/// One sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Text {
    /// Pairs a sentence with its translation.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Text { en: en.into(), zh: zh.into() }
    }

    /// Returns the sentence in the language asked for.
    pub fn say(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// A text in both languages that is known when the program is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl Words {
    /// Returns the text in the language asked for.
    pub fn say(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }

    /// Returns the text in the language asked for, with `{0}`, `{1}`, … filled.
    pub fn fill(self, lang: Lang, values: &[&str]) -> String {
        let mut out = String::new();
        // One pass, so that a value which looks like a place stays what it is.
        for (number, piece) in self.say(lang).split('{').enumerate() {
            let filled = piece.split_once('}').filter(|_| number > 0);
            let value = filled.and_then(|(place, _)| values.get(place.parse::<usize>().ok()?));
            match (filled, value) {
                (Some((_, rest)), Some(value)) => {
                    out.push_str(value);
                    out.push_str(rest);
                }
                _ => out.push_str(piece),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once() {
        let words = Words { en: "{1} reads {0}", zh: "{0} 被 {1} 读取" };
        assert_eq!(words.fill(Lang::En, &["a", "{0}"]), "{0} reads a");
        assert_eq!(words.fill(Lang::Zh, &["a", "b"]), "a 被 b 读取");
    }
}
