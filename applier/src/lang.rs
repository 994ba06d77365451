//! The language of a run: `--lang`, else the environment as POSIX orders it, else English.
//!
//! It is found before the command line is parsed, because the words about a wrong command line are in that language too.

use std::ffi::OsString;

use shared::text::Lang;

use crate::report::Streams;

/// Finds the language; a `--lang` that makes no sense is left to the parser.
pub(crate) fn choose(arguments: &[OsString], streams: &Streams) -> Lang {
    asked(arguments).unwrap_or_else(|| of_environment(streams))
}

fn asked(arguments: &[OsString]) -> Option<Lang> {
    let mut words = arguments.iter().skip(1).map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        if word == "--" {
            return None;
        }
        if let Some(value) = word.strip_prefix("--lang=") {
            return Some(Lang::from_tag(value));
        }
        if word == "--lang" {
            return words.next().map(|value| Lang::from_tag(&value));
        }
    }
    None
}

fn of_environment(streams: &Streams) -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| streams.variable(name))
        .map_or(Lang::En, Lang::from_tag)
}
