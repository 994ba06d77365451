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
    /// What the system prefers.
    pub(crate) system: Theme,
    /// Whether keys of one letter do something.
    pub(crate) letters: bool,
    /// Whether things may move, where the system has nothing against it.
    pub(crate) motion: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { lang: Lang::default(), theme: Theme::default(), system: Theme::Light, letters: true, motion: true }
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
    /// High contrast, on light or dark as the system has it.
    Contrast,
}

impl Theme {
    /// Returns the theme that a click leads to.
    pub(crate) fn next(self) -> Self {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Contrast,
            Theme::Contrast => Theme::System,
        }
    }

    /// Returns its word in an address and in the browser's storage.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Contrast => "contrast",
        }
    }

    /// Reads the word.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Theme::System, Theme::Light, Theme::Dark, Theme::Contrast].into_iter().find(|theme| theme.word() == word)
    }

    /// Returns its name for people.
    pub(crate) fn msg(self) -> Msg {
        match self {
            Theme::System => Msg::ThemeSystem,
            Theme::Light => Msg::ThemeLight,
            Theme::Dark => Msg::ThemeDark,
            Theme::Contrast => Msg::ThemeContrast,
        }
    }
}

impl Settings {
    /// Chooses between what the address asks for, what was kept, and what the browser prefers.
    pub(crate) fn choose(
        asked: impl Fn(&str) -> Option<String>,
        kept: impl Fn(&str) -> Option<String>,
        preferred: &[String],
        system: Theme,
    ) -> Self {
        let spoken = |tag: &String| ["en", "zh"].iter().any(|lang| tag.to_ascii_lowercase().starts_with(lang));
        let lang = asked("lang").or_else(|| kept("lang")).or_else(|| preferred.iter().find(|tag| spoken(tag)).cloned());
        let theme = asked("theme").or_else(|| kept("theme"));
        Settings {
            lang: lang.map(|tag| Lang::from_tag(&tag)).unwrap_or_default(),
            theme: theme.and_then(|word| Theme::from_word(&word)).unwrap_or_default(),
            system,
            letters: kept("letters").is_none_or(|word| word != "off"),
            motion: kept("motion").is_none_or(|word| word != "off"),
        }
    }

    /// Returns the theme that the page has.
    pub(crate) fn shown(self) -> Theme {
        if self.theme == Theme::System { self.system } else { self.theme }
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
        let light = |_: &str| Some("light".to_owned());
        assert_eq!(Settings::choose(none, none, &[], Theme::Light).lang, Lang::En);
        assert_eq!(Settings::choose(none, none, &preferred, Theme::Light).lang, Lang::Zh);
        assert_eq!(Settings::choose(zh, |_| Some("en".to_owned()), &[], Theme::Light).lang, Lang::Zh);
        assert_eq!(Settings::choose(dark, none, &[], Theme::Contrast).shown(), Theme::Dark);
        assert_eq!(Settings::choose(none, none, &[], Theme::Contrast).shown(), Theme::Contrast);
        assert_eq!(Settings::choose(light, dark, &[], Theme::Dark).shown(), Theme::Light);
    }

    #[test]
    fn every_theme_is_reached_by_clicks() {
        let mut theme = Theme::System;
        for _ in 0..4 {
            assert_eq!(Theme::from_word(theme.word()), Some(theme));
            theme = theme.next();
        }
        assert_eq!(theme, Theme::System);
    }
}
