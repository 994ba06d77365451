//! Prints what there is to say of every kind of finding in one language, `en` or `zh`: the file that the planner loads when somebody asks. A line
//! for each kind: its id, what it means, what it looks like, what to do, and where that is read, with tabs between.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program of its own, that prints a file")]

use shared::finding::catalogue;
use shared::source::linked;
use shared::text::Lang;

fn main() {
    let lang = Lang::from_tag(&std::env::args().nth(1).unwrap_or_default());
    for kind in catalogue::all() {
        let source = linked(kind.source, lang);
        let parts = [kind.id, kind.means.say(lang), kind.looks.say(lang), kind.remedy.say(lang), &source];
        println!("{}", parts.map(|part| part.replace(['\t', '\n'], " ")).join("\t"));
    }
}
