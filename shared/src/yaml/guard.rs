//! A scan that refuses, before any reader sees it, what our own documents never hold.
//!
//! 160 KB of aliases cost `serde_yaml` 11 s and 4 GB; tags and merge keys mean different things to different readers.

use crate::text::Text;

/// The largest document that is read, in bytes.
pub const INPUT_MAX: usize = 1024 * 1024;

/// The deepest nesting that is read.
const DEPTH_MAX: usize = 32;

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
    let mut scan = Scan { quote: None, block: None, flow: 0, seen: false };
    for (number, line) in (1u32..).zip(text.lines()) {
        scan.line(line).map_err(|found| found.at(number))?;
    }
    Ok(())
}

enum Found {
    Feature(&'static str, &'static str),
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

/// Where the scan stands between two lines.
struct Scan {
    /// The quote that is open.
    quote: Option<char>,
    /// The indentation of the line that opened a literal block.
    block: Option<usize>,
    /// Open brackets and braces.
    flow: usize,
    /// Whether anything but comments was seen.
    seen: bool,
}

impl Scan {
    fn line(&mut self, line: &str) -> Result<(), Found> {
        let indent = line.len() - line.trim_start_matches(' ').len();
        if let Some(parent) = self.block {
            if line.trim().is_empty() || indent > parent {
                return Ok(());
            }
            self.block = None;
        }
        if self.quote.is_none() && self.flow == 0 {
            if line.starts_with("---") || line.starts_with("...") || line.starts_with('%') {
                return if self.seen || line.starts_with('%') { Err(Found::Document) } else { Ok(()) };
            }
            if indent / 2 > DEPTH_MAX * 2 {
                return Err(Found::Depth);
            }
        }
        self.characters(line, indent)
    }

    fn characters(&mut self, line: &str, indent: usize) -> Result<(), Found> {
        let chars: Vec<char> = line.chars().collect();
        // A value may begin at the start of a line and after an indicator.
        let mut fresh = true;
        let mut dashes = 0;
        let mut i = 0;
        while i < chars.len() {
            let c = chars[i];
            let next = chars.get(i + 1).copied();
            if let Some(quote) = self.quote {
                if c == '\\' && quote == '"' {
                    i += 1;
                } else if c == quote {
                    if quote == '\'' && next == Some('\'') {
                        i += 1;
                    } else {
                        self.quote = None;
                    }
                }
                fresh = false;
                i += 1;
                continue;
            }
            let spaced = next.is_none_or(|n| n == ' ' || n == '\t');
            match c {
                ' ' | '\t' => {}
                '#' if i == 0 || chars[i - 1].is_whitespace() => return Ok(()),
                '"' | '\'' if fresh => self.quote = Some(c),
                '&' if fresh => return Err(Found::Feature("anchors (`&name`)", "锚点（`&name`）")),
                '*' if fresh => return Err(Found::Feature("aliases (`*name`)", "别名（`*name`）")),
                '!' if fresh => return Err(Found::Feature("tags (`!tag`)", "标签（`!tag`）")),
                '<' if fresh && next == Some('<') => {
                    return Err(Found::Feature("merge keys (`<<`)", "合并键（`<<`）"));
                }
                '[' | '{' if fresh || self.flow > 0 => {
                    self.flow += 1;
                    if self.flow > DEPTH_MAX {
                        return Err(Found::Depth);
                    }
                    self.seen = true;
                    fresh = true;
                    i += 1;
                    continue;
                }
                ']' | '}' if self.flow > 0 => {
                    self.flow -= 1;
                    fresh = false;
                }
                ',' if self.flow > 0 => {
                    fresh = true;
                    i += 1;
                    continue;
                }
                '|' | '>'
                    if fresh
                        && self.flow == 0
                        && chars[i + 1..]
                            .iter()
                            .take_while(|c| !c.is_whitespace())
                            .all(|c| matches!(c, '+' | '-' | '0'..='9')) =>
                {
                    self.block = Some(indent);
                    self.seen = true;
                    return Ok(());
                }
                '-' | '?' if fresh && spaced => {
                    dashes += 1;
                    if dashes > DEPTH_MAX {
                        return Err(Found::Depth);
                    }
                    self.seen = true;
                    i += 1;
                    continue;
                }
                ':' if spaced || self.flow > 0 => {
                    fresh = true;
                    i += 1;
                    continue;
                }
                _ => fresh = false,
            }
            if !matches!(c, ' ' | '\t') {
                self.seen = true;
                if self.quote.is_none() {
                    fresh = false;
                }
            }
            i += 1;
        }
        Ok(())
    }
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
    fn the_same_characters_inside_text_are_fine() {
        for text in [
            "---\n# &a *b !c\na: \"&x *y !z\"\n",
            "a: 'it''s *x'\nb: R&D * 2 !\n",
            "hosts:\n- \"*.local\"\n",
            "a: |\n  &x\n  *y\n  --- !\nb: 1\n",
            "a: https://x/?a=1&b=*\n",
        ] {
            assert_eq!(guard(text, INPUT_MAX), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_large_document_is_refused() {
        assert_eq!(line_of(&"a".repeat(INPUT_MAX + 1)), Some(0));
    }
}
