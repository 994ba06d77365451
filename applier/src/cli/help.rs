//! The help pages: what a command is for, examples, then usage, arguments and options, in either language.
//!
//! The English of an argument is the doc comment in [`super`]; its Chinese stands in [`chinese`], the examples in [`examples`].

mod chinese;
mod examples;

use clap::builder::Styles;
use clap::{Command, CommandFactory};
use shared::text::{Lang, Text};

use super::Cli;
use crate::error::{Exit, Failure};
use crate::report::{Ink, Report};

/// Builds the command line in a language.
pub(crate) fn command(lang: Lang) -> Command {
    let mut root = Cli::command()
        .styles(Styles::plain().header(anstyle::Style::new().bold()).literal(anstyle::Style::new().bold()));
    root.build();
    let names: Vec<String> = root.get_subcommands().map(|page| page.get_name().to_owned()).collect();
    let root = names.into_iter().fold(root, |root, name| root.mut_subcommand(&name, |page| dress(page, &name, lang)));
    let heading = match lang {
        Lang::En => "Commands",
        Lang::Zh => "命令",
    };
    dress(root, "", lang).subcommand_help_heading(heading).after_help(statuses(lang))
}

/// What scripts may rely on.
fn statuses(lang: Lang) -> String {
    let heading = match lang {
        Lang::En => "Exit status:",
        Lang::Zh => "退出状态:",
    };
    let line = |exit: Exit| format!("\n  {:>3}  {}", exit.code(), exit.meaning().say(lang));
    Exit::ALL.into_iter().map(line).fold(heading.to_owned(), |page, line| page + &line)
}

/// Gives one page its examples, headings and language; the name of the first page is empty.
fn dress(page: Command, name: &str, lang: Lang) -> Command {
    let page = page.before_help(examples::of(name, lang)).mut_args(|argument| {
        let id = argument.get_id().as_str().to_owned();
        let heading = heading(argument.is_positional(), is_global(&id), lang);
        let argument = argument.help_heading(heading);
        match chinese::argument(name, &id) {
            // The default stands in the Chinese sentence: clap knows only one word for it.
            Some(help) if lang == Lang::Zh => argument.help(help).hide_default_value(true),
            _ => argument,
        }
    });
    match lang {
        Lang::En => page.help_template("{about}\n\n{before-help}Usage: {usage}\n\n{all-args}{after-help}"),
        Lang::Zh => {
            let mut page = page.help_template("{about}\n\n{before-help}用法: {usage}\n\n{all-args}{after-help}");
            let usage = page.render_usage().to_string();
            let usage =
                usage.trim_start_matches("Usage: ").replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>");
            page.override_usage(usage).about(chinese::about(name).unwrap_or_default())
        }
    }
}

fn is_global(argument: &str) -> bool {
    matches!(argument, "lang" | "color" | "verbose" | "quiet" | "help" | "version")
}

fn heading(positional: bool, global: bool, lang: Lang) -> &'static str {
    match (lang, positional, global) {
        (Lang::En, true, _) => "Arguments",
        (Lang::En, false, false) => "Options",
        (Lang::En, false, true) => "Global options",
        (Lang::Zh, true, _) => "参数",
        (Lang::Zh, false, false) => "选项",
        (Lang::Zh, false, true) => "全局选项",
    }
}

/// The first page, as text.
pub(super) fn first(lang: Lang, ink: Ink) -> String {
    let text = command(lang).render_help();
    if ink.0 { text.ansi().to_string() } else { text.to_string() }
}

/// Prints the page of a command, or the first page.
pub(crate) fn of_command(asked: &super::Help, report: &Report) -> Result<Exit, Failure> {
    let mut root = command(report.lang());
    let page = match &asked.command {
        None => &mut root,
        Some(name) => root.find_subcommand_mut(name).ok_or_else(|| {
            let what = Text::new(format!("there is no command `{name}`"), format!("没有命令 `{name}`"));
            Failure::new(Exit::Usage, what)
                .hint(Text::new("`isthmus --help` lists them", "`isthmus --help` 会列出所有命令"))
        })?,
    };
    let text = page.render_help();
    report.print(&if report.paint().stdout.0 { text.ansi().to_string() } else { text.to_string() });
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_argument_has_both_languages_and_every_command_examples() {
        let mut root = Cli::command();
        root.build();
        for page in root.get_subcommands() {
            let name = page.get_name();
            assert!(chinese::about(name).is_some() && page.get_about().is_some(), "{name} says what it does");
            assert!(!examples::of(name, Lang::En).is_empty(), "{name} has examples");
            for argument in page.get_arguments() {
                let id = argument.get_id().as_str();
                assert!(chinese::argument(name, id).is_some() && argument.get_help().is_some(), "{name} explains {id}");
            }
        }
        assert!(chinese::about("").is_some());
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
        command(Lang::Zh).debug_assert();
    }
}
