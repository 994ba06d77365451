//! The reader: YAML as our own documents are written, as a tree that knows its lines.
//!
//! Small, since the planner carries it to the browser, and strict: what two readers could understand differently is refused, by [`guard`] or
//! here. Whatever it takes, `serde_yaml` takes too, and finds the same in it; of what that takes, it refuses keys that are no text
//! (`? a`, `[a]: b`) and pairs outside of braces (`[a: b]`). The tests hold the two against each other, also with fuzzed input.

mod flow;
mod node;
mod scalar;
mod trouble;

use super::guard::{GuardError, guard};
pub use node::{Entry, Node, Value};
use scalar::is_blank;
use trouble::Trouble;

/// The deepest nesting of a tree. The guard refuses what is much flatter, by indentation; this is for what it counts as flat.
const DEPTH_MAX: usize = 128;

/// Reads a document of at most `max` bytes.
///
/// # Errors
///
/// What the guard refuses, and what is no YAML, or not the part of it that is read here; with the line.
pub fn parse(text: &str, max: usize) -> Result<Node, GuardError> {
    guard(text, max)?;
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, begin: 0, line: 1, depth: 0 };
    only_print(text).and_then(|()| reader.document(text)).map_err(|(line, trouble)| trouble.at(line))
}

type Read<T> = Result<T, (u32, Trouble)>;

/// Refuses characters that YAML does not allow.
fn only_print(text: &str) -> Read<()> {
    let bad =
        |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}') || matches!(c, '\u{fffe}' | '\u{ffff}');
    match text.find(bad) {
        None => Ok(()),
        Some(at) => {
            let line = text[..at].split('\n').count();
            Err((u32::try_from(line).unwrap_or(u32::MAX), Trouble::Control))
        }
    }
}

/// Where the reader stands.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the line begins.
    begin: usize,
    line: u32,
    depth: usize,
}

impl Reader<'_> {
    fn document(&mut self, text: &str) -> Read<Node> {
        if text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
            self.begin = self.at;
        }
        self.skip(false)?;
        let marked = self.column() == 0 && self.bytes[self.at..].starts_with(b"---") && self.blank_or_end(3);
        let root = if marked {
            self.at += 3;
            self.value(None)?
        } else if self.is_end() {
            Node::nothing(self.line)
        } else {
            self.block(None)?
        };
        self.skip(false)?;
        if self.is_end() { Ok(root) } else { self.unexpected() }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn is_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn column(&self) -> usize {
        self.at - self.begin
    }

    /// How many bytes of a line's end stand so far ahead, if any.
    fn line_end(&self, ahead: usize) -> usize {
        match (self.byte(ahead), self.byte(ahead + 1), self.byte(ahead + 2)) {
            (b'\r', b'\n', _) | (0xc2, 0x85, _) => 2,
            (b'\n' | b'\r', ..) => 1,
            (0xe2, 0x80, 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    fn blank_or_end(&self, ahead: usize) -> bool {
        self.at + ahead >= self.bytes.len() || is_blank(self.byte(ahead)) || self.line_end(ahead) > 0
    }

    /// Goes to the next line, if this one ends here.
    fn next_line(&mut self) -> bool {
        let end = self.line_end(0);
        if end > 0 {
            self.at += end;
            self.begin = self.at;
            self.line += 1;
        }
        end > 0
    }

    fn skip_blanks(&mut self) {
        while is_blank(self.byte(0)) {
            self.at += 1;
        }
    }

    /// Goes over blanks and a comment, to what else the line holds.
    fn skip_comment(&mut self) {
        self.skip_blanks();
        if self.byte(0) == b'#' {
            while !self.is_end() && self.line_end(0) == 0 {
                self.at += 1;
            }
        }
    }

    /// Goes to the next token, over blanks, comments and lines; a tab may only indent inside of brackets.
    fn skip(&mut self, in_flow: bool) -> Read<()> {
        loop {
            self.skip_comment();
            if !self.next_line() {
                return Ok(());
            }
            while self.byte(0) == b' ' {
                self.at += 1;
            }
            if self.byte(0) == b'\t' && !in_flow {
                return Err((self.line, Trouble::Tab));
            }
        }
    }

    fn unexpected<T>(&self) -> Read<T> {
        let ahead = std::str::from_utf8(&self.bytes[self.at..(self.at + 4).min(self.bytes.len())]);
        let valid = ahead.or_else(|error| std::str::from_utf8(&self.bytes[self.at..self.at + error.valid_up_to()]));
        let found = valid.ok().and_then(|text| text.chars().next()).unwrap_or('\n');
        Err((self.line, Trouble::Unexpected(found, self.column() + 1)))
    }

    /// What stands behind the last word of a line that is no comment is too much.
    fn finish_line(&mut self) -> Read<()> {
        self.skip_comment();
        if self.is_end() || self.line_end(0) > 0 { Ok(()) } else { self.unexpected() }
    }

    fn is_dash(&self) -> bool {
        self.byte(0) == b'-' && self.blank_or_end(1)
    }

    /// Says whether a value begins here that belongs to a key or dash at a column.
    fn is_inside(&self, parent: Option<usize>) -> bool {
        !self.is_end() && parent.is_none_or(|parent| self.column() > parent)
    }

    /// Reads what begins at a line, or behind dashes, inside of what stands at the column `parent`.
    fn block(&mut self, parent: Option<usize>) -> Read<Node> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err((self.line, Trouble::Depth));
        }
        let (line, column) = (self.line, self.column());
        let value = match self.byte(0) {
            _ if self.is_dash() => self.list(column)?,
            b'|' | b'>' => self.block_text(parent)?,
            b'[' | b'{' => self.flow_line()?,
            _ => {
                let begin = self.at;
                let (text, plain) = self.scalar(false)?;
                if self.is_key(line, begin) {
                    self.map(column, text, line)?
                } else {
                    self.finish_line()?;
                    Value::Scalar { text, plain }
                }
            }
        };
        self.depth -= 1;
        Ok(Node { line, value })
    }

    /// Says whether what was read just now is a key: a colon follows in its line. libyaml reads no key of more than 1024 bytes.
    fn is_key(&mut self, line: u32, begin: usize) -> bool {
        self.skip_blanks();
        self.byte(0) == b':' && self.blank_or_end(1) && self.line == line && self.at - begin <= 1024
    }

    fn map(&mut self, column: usize, mut key: String, mut line: u32) -> Read<Value> {
        let mut entries = Vec::new();
        loop {
            self.at += 1;
            let node = self.value(Some(column))?;
            entries.push(Entry { key, line, node });
            self.skip(false)?;
            if self.is_end() || self.column() < column {
                return Ok(Value::Map(entries));
            }
            if self.column() > column {
                return Err((self.line, Trouble::Indent));
            }
            if self.is_dash() {
                return self.unexpected();
            }
            line = self.line;
            let begin = self.at;
            (key, _) = self.scalar(false)?;
            if !self.is_key(line, begin) {
                return Err((line, Trouble::Colon));
            }
        }
    }

    /// Reads what stands behind the colon of a key at a column, or behind the mark of the document.
    fn value(&mut self, column: Option<usize>) -> Read<Node> {
        let line = self.line;
        self.skip_comment();
        if self.is_end() || self.line_end(0) > 0 {
            self.skip(false)?;
            return if self.is_inside(column) {
                self.block(column)
            } else if !self.is_end() && self.is_dash() && column == Some(self.column()) {
                let line = self.line;
                Ok(Node { line, value: self.list(self.column())? })
            } else {
                Ok(Node::nothing(line))
            };
        }
        let value = match self.byte(0) {
            b'|' | b'>' => self.block_text(column)?,
            b'[' | b'{' => self.flow_line()?,
            _ => {
                let (text, plain) = self.scalar(false)?;
                self.finish_line()?;
                Value::Scalar { text, plain }
            }
        };
        Ok(Node { line, value })
    }

    fn list(&mut self, column: usize) -> Read<Value> {
        let mut items = Vec::new();
        while !self.is_end() && self.column() == column && self.is_dash() {
            let line = self.line;
            self.at += 1;
            while self.byte(0) == b' ' {
                self.at += 1;
            }
            if self.byte(0) == b'\t' {
                return Err((line, Trouble::Tab));
            }
            self.skip(false)?;
            let inside = self.is_inside(Some(column));
            items.push(if inside { self.block(Some(column))? } else { Node::nothing(line) });
            self.skip(false)?;
        }
        Ok(Value::List(items))
    }
}
