//! What the drawing comes to, in tables that are walked by keys: a cell leads to what it is about on the canvas.

use std::rc::Rc;

use shared::overview::{About, Cell, Mark, Table, TableForm, Topic, tables};
use web_sys::Element;
use yew::prelude::*;

use super::{Props, Send, on};
use crate::browser;
use crate::command::{ArrowId, Command, Selection};
use crate::editor::{Dialog, Editor};
use crate::i18n::Msg;

/// Returns the tables about a topic; none while the drawing has an error.
fn made(editor: &Editor, topic: Topic) -> Vec<Table> {
    editor.derived.mesh.as_ref().map(|mesh| tables(mesh, topic, editor.lang())).unwrap_or_default()
}

/// Writes the tables about a topic for another program.
pub(super) fn copied(editor: &Editor, topic: Topic, form: TableForm) -> String {
    let one = |table: &Table| match form {
        TableForm::Markdown => table.markdown(),
        TableForm::Csv => table.csv(),
    };
    made(editor, topic).iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The tables about a topic, and the way to the others.
#[component]
pub(super) fn Overview(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    let topic = if let Some(Dialog::Overview(topic)) = &editor.dialog { *topic } else { Topic::Reach };
    let made = use_memo((topic, lang.tag(), editor.drawing.topology.clone()), |_| made(editor, topic));
    let why = use_state_eq(String::new);
    let on_why = use_callback((), {
        let why = why.clone();
        move |words: String, ()| why.set(words)
    });
    let copy = |form: TableForm, msg: Msg| {
        html! { <button type="button" class="framed" onclick={on(send, Command::CopyTables(topic, form))}>{ msg.say(lang) }</button> }
    };
    let tab = |other: Topic| {
        let chosen = other == topic;
        html! {
            <button type="button" role="tab" aria-selected={chosen.to_string()} aria-controls="overview-body" data-first={chosen.then_some("")}
                onclick={on(send, Command::ShowOverview(other))}>{ other.words().say(lang) }</button>
        }
    };
    let onkeydown = |event: KeyboardEvent| {
        if event.key() == "Tab" && browser::turn("[role=dialog]", event.shift_key()) {
            event.prevent_default();
        }
    };
    html! {
        <div class="scrim">
            <div class="dialog overview" role="dialog" aria-modal="true" aria-label={Msg::Views.say(lang)} {onkeydown}>
                <div class="tabs" role="tablist">{ for Topic::ALL.into_iter().map(tab) }</div>
                <div class="overview-body" id="overview-body" role="tabpanel" aria-label={topic.words().say(lang)} key={topic.words().en}>
                    <Grids tables={made} send={send.clone()} {on_why} />
                </div>
                <p class="why" id="cell-why" role="status">{ if why.is_empty() { Msg::GridHelp.say(lang) } else { why.as_str() } }</p>
                <div class="actions">
                    { copy(TableForm::Markdown, Msg::CopyMarkdown) }
                    { copy(TableForm::Csv, Msg::CopyCsv) }
                    <button type="button" class="solid close" onclick={on(send, Command::CloseDialog)}>{ Msg::Close.say(lang) }</button>
                </div>
            </div>
        </div>
    }
}

#[derive(Clone, Properties)]
struct GridsProps {
    tables: Rc<Vec<Table>>,
    send: Send,
    on_why: Callback<String>,
}

impl PartialEq for GridsProps {
    fn eq(&self, other: &Self) -> bool {
        // What is said of one cell draws none of the others anew.
        Rc::ptr_eq(&self.tables, &other.tables)
    }
}

/// A place in the tables: which table, row and column.
type Place = [usize; 3];

/// The tables. None of their cells has a handler; `data-at` says which it is.
#[component]
fn Grids(props: &GridsProps) -> Html {
    let GridsProps { tables, send, on_why } = props;
    let say = {
        let (tables, on_why) = (tables.clone(), on_why.clone());
        move |target: Option<Element>| {
            if let Some(cell) = target.and_then(|target| place(&target)).and_then(|at| cell(&tables, at)) {
                on_why.emit(cell.why.clone());
            }
        }
    };
    let onmouseover = {
        let say = say.clone();
        move |event: MouseEvent| say(event.target_dyn_into())
    };
    // A cell that Tab leads to is the target of the key that is let go there.
    let onkeyup = move |event: KeyboardEvent| say(event.target_dyn_into());
    let show = {
        let (tables, send) = (tables.clone(), send.clone());
        move |target: Option<Element>| {
            let about = target.and_then(|target| place(&target)).and_then(|at| cell(&tables, at)?.about);
            if let Some(about) = about {
                send.emit(Command::CloseDialog);
                send.emit(Command::Select(selection(about)));
            }
        }
    };
    let onclick = {
        let show = show.clone();
        move |event: MouseEvent| show(event.target_dyn_into())
    };
    let onkeydown = {
        let tables = tables.clone();
        move |event: KeyboardEvent| {
            let Some(target) = event.target_dyn_into::<Element>() else { return };
            let Some(at) = place(&target) else { return };
            if event.key() == "Enter" {
                show(Some(target));
            } else if let Some(to) = moved(&tables, at, &event.key(), event.ctrl_key()) {
                browser::set(&target, "tabindex", "-1");
                let [table, row, column] = to.map(|number| number.to_string());
                let id = ["cell-", &table, "-", &row, "-", &column].concat();
                if let Some(cell) = browser::by_id(&id) {
                    browser::set(&cell, "tabindex", "0");
                    browser::focus(&["#", &id].concat());
                }
            } else {
                return;
            }
            event.prevent_default();
            event.stop_propagation();
        }
    };
    html! {
        <div {onclick} {onmouseover} {onkeydown} {onkeyup}>
            { for tables.iter().enumerate().map(|(number, table)| grid(number, table)) }
        </div>
    }
}

fn grid(number: usize, table: &Table) -> Html {
    let id = |row: usize, column: usize| ["cell", &number.to_string(), &row.to_string(), &column.to_string()].join("-");
    let one = |row: usize, column: usize, cell: &Cell| {
        let at = id(row, column);
        let tabindex = if row + column == 0 { "0" } else { "-1" };
        let class = classes!(class(cell.mark), cell.about.map(|_| "leads"));
        let why = Some(cell.why.clone()).filter(|why| !why.is_empty());
        if column == 0 {
            html! { <th scope="row" role="rowheader" id={at.clone()} data-at={at} {class} {tabindex}>{ &cell.words }</th> }
        } else {
            html! { <td id={at.clone()} data-at={at} {class} {tabindex} title={why}>{ &cell.words }</td> }
        }
    };
    html! {
        <>
            <table role="grid" class={(table.rows.first().is_some_and(|row| row.len() > 1 && !row[1].why.is_empty())).then_some("matrix")}>
                <caption>{ &table.caption }</caption>
                <thead><tr>{ for table.head.iter().map(|words| html! { <th scope="col" title={words.clone()}>{ words }</th> }) }</tr></thead>
                <tbody>
                    { for table.rows.iter().enumerate().map(|(row, cells)| html! {
                        <tr>{ for cells.iter().enumerate().map(|(column, cell)| one(row, column, cell)) }</tr>
                    }) }
                </tbody>
            </table>
            { for table.notes.iter().map(|note| html! { <p class="hint">{ super::findings::sentence(note) }</p> }) }
        </>
    }
}

fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Plain => "",
        Mark::Reads => "reads",
        Mark::Serves => "reads serves",
        Mark::Own => "own",
        Mark::Through | Mark::None => "none",
        Mark::Good => "good",
        Mark::Fair => "fair",
        Mark::Weak => "weak",
    }
}

/// Finds out which cell an element is in.
fn place(element: &Element) -> Option<Place> {
    let (_, at) = browser::nearest(element, "data-at")?;
    let mut numbers = at.split('-').skip(1).filter_map(|number| number.parse().ok());
    Some([numbers.next()?, numbers.next()?, numbers.next()?])
}

fn cell(tables: &[Table], [table, row, column]: Place) -> Option<&Cell> {
    tables.get(table)?.rows.get(row)?.get(column)
}

/// Returns where a key leads from a cell; up and down go on into the next table.
fn moved(tables: &[Table], [table, row, column]: Place, key: &str, far: bool) -> Option<Place> {
    let rows = |table: usize| tables.get(table).map_or(0, |table| table.rows.len());
    let last = tables.get(table)?.head.len() - 1;
    let to = match key {
        "ArrowRight" => [table, row, column + 1],
        "ArrowLeft" => [table, row, column.checked_sub(1)?],
        "ArrowDown" if row + 1 < rows(table) => [table, row + 1, column],
        "ArrowDown" => [table + 1, 0, column.min(tables.get(table + 1)?.head.len() - 1)],
        "ArrowUp" if row > 0 => [table, row - 1, column],
        "ArrowUp" => {
            let before = table.checked_sub(1)?;
            [before, rows(before).checked_sub(1)?, column.min(tables[before].head.len() - 1)]
        }
        "Home" => [table, if far { 0 } else { row }, 0],
        "End" => [table, if far { rows(table) - 1 } else { row }, last],
        "PageDown" => [table, (row + PAGE).min(rows(table) - 1), column],
        "PageUp" => [table, row.saturating_sub(PAGE), column],
        _ => return None,
    };
    cell(tables, to).map(|_| to)
}

/// So many rows a page key goes.
const PAGE: usize = 10;

fn selection(about: About) -> Selection {
    match about {
        About::Cluster(index) => Selection::Cluster(index),
        About::Part(index, part) => Selection::Part(index, part),
        About::Arrow(kind, from, to) => Selection::Arrow(ArrowId { kind, from, to }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Edit;
    use crate::drawing::Drawing;
    use crate::settings::Settings;
    use shared::text::Lang;

    fn editor() -> Editor {
        let mut editor = Editor::new(Some(Drawing::empty()), Settings::default());
        editor.run(Command::Edit(Edit::AddCluster(None)));
        editor.run(Command::Edit(Edit::AddNetwork));
        editor.run(Command::Edit(Edit::AddCluster(Some("network2".into()))));
        editor
    }

    #[test]
    fn every_cell_that_leads_somewhere_leads_to_what_is_there() {
        let mut editor = editor();
        for topic in Topic::ALL {
            for cell in made(&editor, topic).iter().flat_map(|table| &table.rows).flatten() {
                let Some(about) = cell.about else { continue };
                let to = selection(about);
                editor.run(Command::Select(to.clone()));
                assert!(editor.order().contains(&to), "{topic:?}: {cell:?}");
            }
        }
    }

    #[test]
    fn keys_walk_the_cells_and_stop_at_the_edges() {
        let editor = editor();
        let tables = made(&editor, Topic::Secrets);
        let step = |at: Place, key: &str| moved(&tables, at, key, false);
        assert_eq!(step([0, 0, 0], "ArrowRight"), Some([0, 0, 1]));
        assert_eq!(step([0, 0, 0], "ArrowLeft"), None);
        assert_eq!(step([0, 0, 3], "ArrowRight"), None);
        assert_eq!(step([0, 0, 0], "ArrowUp"), None);
        assert_eq!(step([0, 3, 3], "ArrowDown"), Some([1, 0, 2]), "into the next table, which is narrower");
        assert_eq!(step([1, 0, 2], "ArrowUp"), Some([0, 3, 2]));
        assert_eq!(step([1, 1, 0], "PageDown"), Some([1, 1, 0]));
        assert_eq!(moved(&tables, [0, 2, 1], "End", true), Some([0, 3, 3]));
        assert_eq!(step([0, 0, 0], "x"), None);
    }

    #[test]
    fn copies_have_a_line_for_every_row() {
        let mut editor = editor();
        let rows = made(&editor, Topic::Firewall)[0].rows.len();
        for lang in [Lang::En, Lang::Zh] {
            editor.run(Command::SetLang(lang));
            assert_eq!(copied(&editor, Topic::Firewall, TableForm::Csv).lines().count(), rows + 1);
            assert_eq!(copied(&editor, Topic::Firewall, TableForm::Markdown).lines().count(), rows + 2);
        }
    }
}
