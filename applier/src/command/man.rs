//! `isthmus man`: the manual pages, from the same command line that prints the help.

use clap::Command;
use clap_mangen::Man as Page;
use shared::text::Text;

use crate::cli::{Man, help};
use crate::error::{Exit, Failure};
use crate::report::{Report, count};
use crate::source::output::{self, Privacy};

/// Prints the first page, or writes all of them into a folder.
pub(crate) fn run(arguments: &Man, report: &Report) -> Result<Exit, Failure> {
    let root = help::command(report.lang());
    let Some(folder) = &arguments.output else {
        report.print(&String::from_utf8_lossy(&page("isthmus", root)?));
        return Ok(Exit::Done);
    };
    output::folder(folder, Privacy::Usual)?;
    let mut pages = vec![("isthmus".to_owned(), root.clone())];
    pages.extend(root.get_subcommands().map(|command| (format!("isthmus-{}", command.get_name()), command.clone())));
    for (name, command) in &pages {
        output::file(&folder.join(format!("{name}.1")), &page(name, command.clone())?, Privacy::Usual)?;
    }
    let (place, written) = (folder.display(), pages.len());
    report.talk(&Text::new(
        format!("{place}: {}", count(written, "manual page")),
        format!("{place}：{written} 个手册页"),
    ));
    Ok(Exit::Done)
}

/// One page in roff. The examples, which help shows first, stand at its end, as manual pages have it.
fn page(name: &str, command: Command) -> Result<Vec<u8>, Failure> {
    let plain = |text: Option<&clap::builder::StyledStr>| text.map(ToString::to_string).unwrap_or_default();
    let end = [plain(command.get_before_help()), plain(command.get_after_help())].join("\n\n");
    let command = command.display_name(name.to_owned()).before_help("").after_help(end.trim().to_owned());
    let mut roff = Vec::new();
    Page::new(command).title(name).render(&mut roff).map_err(|error| {
        Failure::new(Exit::Output, Text::new("cannot write the page", "无法生成手册页")).at(name).because(error)
    })?;
    Ok(roff)
}
