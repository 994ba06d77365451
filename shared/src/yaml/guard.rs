//! A scan that refuses, before any reader sees it, what our own documents never hold.
//!
//! 160 KB of aliases cost `serde_yaml` 11 s and 4 GB; tags and merge keys mean different things to different readers.

use crate::text::Text;

/// The largest document that is read, in bytes.
pub const INPUT_MAX: usize = 1024 * 1024;

/// The deepest nesting that is read.
const DEPTH_MAX: usize = 32;

/// What ends a line (YAML 1.1, which `serde_yaml` reads).
const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// Why a document is not read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardError {
    /// The line, counted from 1; 0 where the document as a whole is meant.
    pub line: u32,
    /// What was found.
    pub what: Text,
    /// What to do about it.
    pub hint: Text,
}

/// Refuses a document that is larger than `max` bytes, nested too deeply, or holds anchors, aliases, tags, merge keys or a second document.
pub fn guard(text: &str, max: usize) -> Result<(), GuardError> {
    if text.len() > max {
        return Err(GuardError {
            line: 0,
            what: Text::new(
                format!("the document has {} bytes, more than the {max} that are read", text.len()),
                format!("文档有 {} 字节，超过上限 {max}", text.len()),
            ),
            hint: Text::new("split it, or check that it is the right file", "请拆分，或确认文件是否正确"),
        });
    }
    let mut scan = Scan::default();
    let mut number = 1;
    // Every line break that YAML knows: what follows one is no comment any more.
    for line in text.trim_start_matches('\u{feff}').split_inclusive(BREAKS) {
        scan.line(line.trim_end_matches(BREAKS)).map_err(|found| found.at(number))?;
        number += u32::from(line.ends_with('\n'));
    }
    Ok(())
}

enum Found {
    Feature(&'static str, &'static str),
    Lines,
    Depth,
    Document,
}

impl Found {
    fn at(self, line: u32) -> GuardError {
        let (what, hint) = match self {
            Found::Feature(en, zh) => (
                Text::new(format!("{en} are not read here"), format!("此处不支持{zh}")),
                Text::new(
                    "write the value out, or quote it if the character is meant",
                    "请直接写出该值；若该字符是内容的一部分，请加引号",
                ),
            ),
            Found::Lines => (
                Text::new("text without quotes goes on over several lines", "未加引号的文本跨越多行"),
                Text::new("write it on one line, or quote it", "请写在一行内，或加引号"),
            ),
            Found::Depth => (
                Text::new(format!("nested more than {DEPTH_MAX} levels deep"), format!("嵌套超过 {DEPTH_MAX} 层")),
                Text::new(
                    "no document of Isthmus is that deep: check that it is the right file",
                    "Isthmus 的文档不会这么深：请确认文件是否正确",
                ),
            ),
            Found::Document => (
                Text::new("a second document begins here", "此处开始了第二个文档"),
                Text::new("keep one document in a file", "每个文件只保留一个文档"),
            ),
        };
        GuardError { line, what, hint }
    }
}

/// Where the scan stands between two lines. It reads as libyaml's scanner does, but for text that could be taken for something
/// else: that is refused.
#[derive(Default)]
struct Scan {
    /// The quote that is open.
    quote: Option<char>,
    /// A literal block is open: lines that are indented further than this are its text.
    block: Option<usize>,
    /// Text without quotes stood at the end of the line before.
    plain: bool,
    /// The column of the last key or dash; text that is indented further goes on.
    parent: Option<usize>,
    /// Open brackets and braces.
    flow: usize,
    /// Whether anything but comments was seen.
    seen: bool,
}

impl Scan {
    fn line(&mut self, line: &str) -> Result<(), Found> {
        let text = line.trim_matches([' ', '\t']);
        let indent = line.len() - line.trim_start_matches(' ').len();
        if let Some(parent) = self.block {
            if text.is_empty() || indent > parent {
                return Ok(());
            }
            self.block = None;
        }
        if self.quote.is_none() && !text.is_empty() {
            if self.plain {
                self.goes_on(text, indent)?;
            }
            if self.flow == 0 {
                if is_mark(line, "...") || line.starts_with('%') || (is_mark(line, "---") && self.seen) {
                    return Err(Found::Document);
                }
                if indent / 2 > DEPTH_MAX * 2 {
                    return Err(Found::Depth);
                }
            }
        }
        // What stands behind the mark of a document belongs to it.
        let begins = is_mark(line, "---") && !self.seen && self.quote.is_none();
        self.tokens(line, if begins { 3 } else { 0 })
    }

    /// Refuses a line that goes on with the text of the line before.
    fn goes_on(&mut self, text: &str, indent: usize) -> Result<(), Found> {
        let ends = match self.flow {
            0 => self.parent.is_some_and(|parent| indent <= parent),
            _ => text.starts_with([',', ']', '}']),
        };
        if !ends && !text.starts_with('#') {
            return Err(Found::Lines);
        }
        self.plain = false;
        Ok(())
    }

    fn tokens(&mut self, line: &str, from: usize) -> Result<(), Found> {
        let mut chars = line.chars().enumerate().skip(from).peekable();
        let mut before = None;
        let mut dashes = 0;
        // Where the key or value began that stands first in this line, behind its dashes.
        let mut first = None;
        while let Some((column, c)) = chars.next() {
            let next = chars.peek().map(|&(_, c)| c);
            let last = before.replace(c);
            let blank = next.is_none_or(|next| matches!(next, ' ' | '\t'));
            if let Some(quote) = self.quote {
                let doubled = quote == '\'' && next == Some('\'');
                if (quote == '"' && c == '\\') || (c == quote && doubled) {
                    chars.next();
                } else if c == quote {
                    self.quote = None;
                }
                continue;
            }
            if matches!(c, ' ' | '\t') {
                continue;
            }
            if c == '#' && last.is_none_or(|last| matches!(last, ' ' | '\t')) {
                self.plain = false;
                return Ok(());
            }
            if self.plain {
                self.plain = !(c == ':' && blank || self.flow > 0 && matches!(c, ',' | '[' | ']' | '{' | '}'));
                if self.plain {
                    continue;
                }
            }
            self.seen = true;
            let in_block = self.flow == 0;
            match c {
                '-' | '?' if in_block && blank => {
                    dashes += 1;
                    if dashes > DEPTH_MAX {
                        return Err(Found::Depth);
                    }
                    (self.parent, first) = (Some(column), None);
                    continue;
                }
                ':' if in_block && blank => {
                    self.parent = Some(first.unwrap_or(column));
                    continue;
                }
                _ => {}
            }
            first = first.or(Some(column));
            self.token(c, next)?;
            if self.block.is_some() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// What begins with a character where something may begin.
    fn token(&mut self, c: char, next: Option<char>) -> Result<(), Found> {
        match c {
            '"' | '\'' => self.quote = Some(c),
            '&' => return Err(Found::Feature("anchors (`&name`)", "锚点（`&name`）")),
            '*' => return Err(Found::Feature("aliases (`*name`)", "别名（`*name`）")),
            '!' => return Err(Found::Feature("tags (`!tag`)", "标签（`!tag`）")),
            '<' if next == Some('<') => return Err(Found::Feature("merge keys (`<<`)", "合并键（`<<`）")),
            '[' | '{' => {
                self.flow += 1;
                if self.flow > DEPTH_MAX {
                    return Err(Found::Depth);
                }
            }
            ']' | '}' => self.flow = self.flow.saturating_sub(1),
            ',' | ':' | '?' if self.flow > 0 => {}
            '|' | '>' if self.flow == 0 => self.block = Some(self.parent.unwrap_or(0)),
            _ => self.plain = true,
        }
        Ok(())
    }
}

/// Whether a line begins with the mark of a document, and not with text that begins so.
fn is_mark(line: &str, mark: &str) -> bool {
    line.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_of(text: &str) -> Option<u32> {
        guard(text, INPUT_MAX).err().map(|error| error.line)
    }

    #[test]
    fn anchors_aliases_tags_and_merge_keys_are_refused_with_their_line() {
        assert_eq!(line_of("a: 1\nb: &x 2\n"), Some(2));
        assert_eq!(line_of("a:\n- *x\n"), Some(2));
        assert_eq!(line_of("a: !!str 1\n"), Some(1));
        assert_eq!(line_of("a:\n  <<: {b: 1}\n"), Some(2));
        assert_eq!(line_of("a: [1, *x]\n"), Some(1));
        assert_eq!(line_of("a: {b: &x 1}\n"), Some(1));
        assert_eq!(line_of("&x a: 1\n"), Some(1));
        assert_eq!(line_of("a: 1\n---\nb: 1\n"), Some(2));
        assert_eq!(line_of(&"[".repeat(100)), Some(1));
    }

    #[test]
    fn nothing_hides_behind_text_quotes_blocks_and_marks() {
        for text in [
            "--- {a: &x 1, b: *x}\n",
            "\u{feff}--- &x a\n",
            "...--- {a: &x b}\n",
            "---'a\nb: &x c\n",
            "a: 1 # \r&x b: 1\n",
            "a: 1 # \u{2028}&x b: 1\n",
            "- - |\n    text\n  - &x a\n",
            "- a: |\n    text\n  b: &x a\n",
            "a: text\n  'more\nb: &x a\n",
            "a:\n    text\n  'more\nb: &x a\n",
            "a: text\n  - \"more\nb: &x a\n",
            "{a:'x, b: &x a}\n",
            "[a\n'b, &x c]\n",
            "a: |\n  text\n&x b: 1\n",
        ] {
            assert!(line_of(text).is_some(), "{text}");
        }
    }

    #[test]
    fn the_same_characters_inside_text_are_fine() {
        for text in [
            "---\n# &a *b !c\na: \"&x *y !z\"\n",
            "a: 'it''s *x'\nb: R&D * 2 !\n",
            "hosts:\n- \"*.local\"\n",
            "a: |\n  &x\n  *y\n  --- !\nb: 1\n",
            "a: https://x/?a=1&b=*\n",
            "- name: a\n  text: b c\n  list: [a, b,\n    c]\n- name: d\n",
            "a: it's\r\nb: \"over\r\n  two lines\"\r\n",
            "args: [-c, 'x', \"y\"]\nat: ::1\n",
            "- - |\n    text\n  - 'a\n\n    b'\n",
        ] {
            assert_eq!(guard(text, INPUT_MAX), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_large_document_is_refused() {
        assert_eq!(line_of(&"a".repeat(INPUT_MAX + 1)), Some(0));
    }
}
