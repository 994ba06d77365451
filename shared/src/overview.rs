//! What a mesh comes to, in tables: who reads whom, which ways firewalls must open, who vouches for whom, what secrets cost.
//! Made for one language, to be shown by the planner or printed.

mod reach;
mod score;
mod secrets;
mod trust;
mod ways;

use crate::mesh::Mesh;
use crate::scene::{ArrowKind, PartKind};
use crate::text::{Lang, Words};

/// What a view is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Who reads whom, and who serves whom.
    Reach,
    /// What firewalls must let through.
    Firewall,
    /// Who vouches for whom.
    Trust,
    /// How many remote secrets there are, here and in other models.
    Secrets,
    /// Trust, resilience and exposure, with reasons.
    Score,
}

impl Topic {
    /// All topics in order.
    pub const ALL: [Topic; 5] = [Topic::Reach, Topic::Firewall, Topic::Trust, Topic::Secrets, Topic::Score];

    /// Returns the word by which it is asked for in a terminal.
    pub fn word(self) -> &'static str {
        match self {
            Topic::Reach => "reach",
            Topic::Firewall => "firewall",
            Topic::Trust => "trust",
            Topic::Secrets => "secrets",
            Topic::Score => "score",
        }
    }

    /// Returns its name.
    pub fn words(self) -> Words {
        let (en, zh) = match self {
            Topic::Reach => ("Who reads whom", "谁读取谁"),
            Topic::Firewall => ("Firewall", "防火墙"),
            Topic::Trust => ("Trust", "信任"),
            Topic::Secrets => ("Cost of secrets", "Secret 的代价"),
            Topic::Score => ("Summary", "总评"),
        };
        Words { en, zh }
    }
}

/// A table to be read: the first cell of each row is its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows, in a sentence.
    pub caption: String,
    /// The columns' names.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it.
    pub words: String,
    /// Why, where that is more than what stands in it.
    pub why: String,
    /// What kind of a cell it is.
    pub mark: Mark,
    /// What of the drawing it is about.
    pub about: Option<About>,
}

/// What kind of a cell it is. The words say so too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// None in particular.
    #[default]
    Plain,
    /// Something is read with a remote secret.
    Reads,
    /// Something is read with a remote secret, and served.
    Serves,
    /// Its own.
    Own,
    /// Known by way of another.
    Through,
    /// Not at all.
    None,
    /// Good.
    Good,
    /// To be weighed.
    Fair,
    /// Weak.
    Weak,
}

/// What of the drawing a cell is about, by places of clusters in the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A cluster.
    Cluster(usize),
    /// A part of a cluster.
    Part(usize, PartKind),
    /// An arrow.
    Arrow(ArrowKind, usize, usize),
}

impl Cell {
    /// Makes a cell of words alone.
    fn plain(words: impl Into<String>) -> Self {
        Cell { words: words.into(), ..Cell::default() }
    }

    /// Makes a cell about something.
    fn about(words: impl Into<String>, about: About) -> Self {
        Cell { words: words.into(), about: Some(about), ..Cell::default() }
    }
}

/// How a table is written for another program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// For a page.
    Markdown,
    /// For a spreadsheet.
    Csv,
}

/// Returns the tables about a topic.
pub fn tables(mesh: &Mesh, topic: Topic, lang: Lang) -> Vec<Table> {
    match topic {
        Topic::Reach => vec![reach::table(mesh, lang)],
        Topic::Firewall => vec![ways::table(mesh, lang)],
        Topic::Trust => vec![trust::table(mesh, lang)],
        Topic::Secrets => vec![secrets::models(mesh, lang), secrets::clusters(mesh, lang)],
        Topic::Score => vec![score::table(mesh, lang)],
    }
}

/// Names the columns of a table.
fn head(lang: Lang, columns: &[Words]) -> Vec<String> {
    columns.iter().map(|words| words.say(lang).to_owned()).collect()
}

impl Table {
    /// Writes it as comma-separated values (RFC 4180), with a byte order mark so that spreadsheets read Chinese.
    pub fn csv(&self) -> String {
        let mut out = "\u{feff}".to_owned();
        self.lines(
            &mut out,
            |out, number, text| {
                out.push_str(if number == 0 { "\"" } else { ",\"" });
                // A spreadsheet takes what begins like a formula for one.
                if text.starts_with(['=', '+', '-', '@']) {
                    out.push('\'');
                }
                out.push_str(&text.replace('"', "\"\""));
                out.push('"');
            },
            |_, _| {},
            "\r\n",
        );
        out
    }

    /// Writes it as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        self.lines(
            &mut out,
            |out, _, text| {
                out.push_str("| ");
                out.push_str(&text.replace('|', "\\|"));
                out.push(' ');
            },
            |out, columns| {
                out.push_str(&"|---".repeat(columns));
                out.push_str("|\n");
            },
            "|\n",
        );
        out
    }

    fn lines(
        &self,
        out: &mut String,
        cell: impl Fn(&mut String, usize, &str),
        after_head: impl Fn(&mut String, usize),
        end: &str,
    ) {
        self.head.iter().enumerate().for_each(|(number, text)| cell(out, number, text));
        out.push_str(end);
        after_head(out, self.head.len());
        for row in &self.rows {
            row.iter().enumerate().for_each(|(number, one)| cell(out, number, &one.words));
            out.push_str(end);
        }
    }
}

#[cfg(test)]
mod tests;
