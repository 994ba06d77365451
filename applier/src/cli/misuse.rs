//! From words to types, and what to say when the words are wrong: one error in the operator's language, the nearest known word, status 64.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Error, FromArgMatches};
use shared::text::{Lang, Text};

use super::{Cli, Colour, help};
use crate::error::{Exit, Failure};
use crate::report::Report;

/// Why there is no command to run.
pub(crate) enum Stop {
    /// A page to print: help or the version.
    Page(Error),
    /// No words at all: the first page, as an error.
    Silence,
    /// The command line is wrong.
    Misuse(Failure),
}

impl Stop {
    /// Prints the page, or hands the failure on.
    pub(crate) fn end(self, report: &Report) -> Result<Exit, Failure> {
        match self {
            Self::Page(page) => {
                let text = page.render();
                report.print(&if report.paint().stdout.0 { text.ansi().to_string() } else { text.to_string() });
                Ok(Exit::Done)
            }
            Self::Silence => {
                report.remark(|lang, ink| help::first(lang, ink).trim_end().to_owned());
                Ok(Exit::Usage)
            }
            Self::Misuse(failure) => Err(failure),
        }
    }
}

/// Parses the command line.
pub(crate) fn parse(arguments: &[OsString], lang: Lang) -> Result<Cli, Stop> {
    if arguments.len() <= 1 {
        return Err(Stop::Silence);
    }
    let stop = |error| stop(error, arguments);
    let mut matches = help::command(lang).try_get_matches_from(arguments).map_err(stop)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(stop)
}

/// The colour asked for on a command line that could not be parsed, or that asks for help.
pub(crate) fn colour(arguments: &[OsString]) -> Colour {
    let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
    let pair = words.windows(2).find(|pair| pair[0] == "--color").map(|pair| pair[1].to_string());
    let joined = || words.iter().find_map(|word| word.strip_prefix("--color=").map(str::to_owned));
    match pair.or_else(joined).as_deref() {
        Some("always") => Colour::Always,
        Some("never") => Colour::Never,
        _ => Colour::Auto,
    }
}

fn stop(error: Error, arguments: &[OsString]) -> Stop {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return Stop::Page(error);
    }
    let hint = suggestion(&error).unwrap_or_else(|| where_to_look(arguments));
    Stop::Misuse(Failure::new(Exit::Usage, what(&error)).hint(hint))
}

/// One sentence for each way to be wrong.
fn what(error: &Error) -> Text {
    let argument = context(error, ContextKind::InvalidArg).replace("...", "");
    let value = context(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            Text::new(format!("there is no option `{argument}`"), format!("没有选项 `{argument}`"))
        }
        ErrorKind::UnknownArgument => {
            Text::new(format!("`{argument}` is one argument too many"), format!("多余的参数 `{argument}`"))
        }
        ErrorKind::InvalidSubcommand => {
            let name = context(error, ContextKind::InvalidSubcommand);
            Text::new(format!("there is no command `{name}`"), format!("没有命令 `{name}`"))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Text::new("a command is missing", "缺少命令")
        }
        ErrorKind::MissingRequiredArgument => Text::new(format!("{argument} is missing"), format!("缺少 {argument}")),
        ErrorKind::ArgumentConflict => {
            let other = context(error, ContextKind::PriorArg);
            if other == argument {
                Text::new(format!("{argument} is there twice"), format!("{argument} 重复出现"))
            } else {
                Text::new(format!("{argument} does not go with {other}"), format!("{argument} 不能与 {other} 同时使用"))
            }
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            Text::new(format!("{argument} needs a value"), format!("{argument} 需要一个值"))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            Text::new(format!("{argument} cannot be `{value}`"), format!("{argument} 不能是 `{value}`"))
        }
        ErrorKind::InvalidUtf8 => Text::new("an argument is not UTF-8", "有参数不是 UTF-8"),
        _ => {
            let said = error.kind().to_string();
            Text::new(said.clone(), said)
        }
    }
}

/// What was probably meant, or what there is to choose from.
fn suggestion(error: &Error) -> Option<Text> {
    let known = |kind| Some(context(error, kind)).filter(|text| !text.is_empty());
    let meant = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(known);
    let meant = meant.map(|meant| Text::new(format!("did you mean `{meant}`?"), format!("您是否想用 `{meant}`？")));
    let choice = || {
        known(ContextKind::ValidValue).map(|valid| Text::new(format!("it can be {valid}"), format!("可以是 {valid}")))
    };
    // Our own parsers answer with the forms they read.
    let form = || {
        std::error::Error::source(error).map(|form| Text::new(format!("write it as {form}"), format!("写法：{form}")))
    };
    meant.or_else(choice).or_else(form)
}

/// The page of the command that was named.
fn where_to_look(arguments: &[OsString]) -> Text {
    let commands = help::command(Lang::En);
    let named = arguments.iter().skip(1).find_map(|word| commands.find_subcommand(word));
    let page = named.map_or("isthmus --help".to_owned(), |command| format!("isthmus {} --help", command.get_name()));
    Text::new(format!("`{page}` shows what there is"), format!("`{page}` 显示可用的内容"))
}

/// A part of clap's error as plain words; lists are joined by commas.
fn context(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Some(ContextValue::Number(number)) => number.to_string(),
        Some(ContextValue::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}
