//! Language and theme.

use shared::text::Lang;

use crate::i18n::Msg;

/// What a person chose, or the browser prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The language.
    pub(crate) lang: Lang,
    /// The theme.
    pub(crate) theme: Theme,
    /// Whether the system prefers dark.
    pub(crate) system_dark: bool,
    /// Whether keys of one letter do something.
    pub(crate) letters: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { lang: Lang::default(), theme: Theme::default(), system_dark: false, letters: true }
    }
}

/// The themes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Returns the theme that a click leads to.
    pub(crate) fn next(self) -> Self {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }

    /// Returns its word in an address and in the browser's storage.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Reads the word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Theme::System, Theme::Light, Theme::Dark].into_iter().find(|theme| theme.word() == word)
    }

    /// Returns its name for people.
    pub(crate) fn msg(self) -> Msg {
        match self {
            Theme::System => Msg::ThemeSystem,
            Theme::Light => Msg::ThemeLight,
            Theme::Dark => Msg::ThemeDark,
        }
    }
}

impl Settings {
    /// Chooses between what the address asks for, what was kept, and what the browser prefers.
    pub(crate) fn choose(
        asked: impl Fn(&str) -> Option<String>,
        kept: impl Fn(&str) -> Option<String>,
        preferred: &[String],
        system_dark: bool,
    ) -> Self {
        let spoken = |tag: &String| ["en", "zh"].iter().any(|lang| tag.to_ascii_lowercase().starts_with(lang));
        let lang = asked("lang").or_else(|| kept("lang")).or_else(|| preferred.iter().find(|tag| spoken(tag)).cloned());
        let theme = asked("theme").or_else(|| kept("theme"));
        Settings {
            lang: lang.map(|tag| Lang::from_tag(&tag)).unwrap_or_default(),
            theme: theme.and_then(|word| Theme::from_word(&word)).unwrap_or_default(),
            system_dark,
            letters: kept("letters").is_none_or(|word| word != "off"),
        }
    }

    /// Says whether the page is dark.
    pub(crate) fn is_dark(self) -> bool {
        match self.theme {
            Theme::System => self.system_dark,
            Theme::Light => false,
            Theme::Dark => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_heard_before_the_memory_and_the_browser() {
        let none = |_: &str| None;
        let zh = |key: &str| (key == "lang").then(|| "zh".to_owned());
        let dark = |key: &str| (key == "theme").then(|| "dark".to_owned());
        let preferred = ["fr-FR".to_owned(), "zh-CN".to_owned(), "en".to_owned()];
        assert_eq!(Settings::choose(none, none, &[], false).lang, Lang::En);
        assert_eq!(Settings::choose(none, none, &preferred, false).lang, Lang::Zh);
        assert_eq!(Settings::choose(zh, |_| Some("en".to_owned()), &[], false).lang, Lang::Zh);
        assert!(Settings::choose(dark, none, &[], false).is_dark());
        assert!(Settings::choose(none, none, &[], true).is_dark());
        assert!(!Settings::choose(|_| Some("light".to_owned()), dark, &[], true).is_dark());
    }

    #[test]
    fn every_theme_is_reached_by_clicks() {
        let mut theme = Theme::System;
        for _ in 0..3 {
            assert_eq!(Theme::from_word(theme.word()), Some(theme));
            theme = theme.next();
        }
        assert_eq!(theme, Theme::System);
    }
}
