//! Texts: plain, in quotes, and blocks of lines.

use super::{Read, Reader, Trouble, Value};

pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

impl Reader<'_> {
    /// Reads a text and says whether it was plain.
    pub(super) fn scalar(&mut self, in_flow: bool) -> Read<(String, bool)> {
        match self.byte(0) {
            b'"' => Ok((self.quoted(b'"')?, false)),
            b'\'' => Ok((self.quoted(b'\'')?, false)),
            _ => Ok((self.plain(in_flow)?, true)),
        }
    }

    fn slice(&self, from: usize, to: usize) -> &str {
        // Texts end at characters of one byte, or at the end.
        std::str::from_utf8(&self.bytes[from..to]).unwrap_or_default()
    }

    fn plain(&mut self, in_flow: bool) -> Read<String> {
        let begins = match self.byte(0) {
            b'-' => !self.blank_or_end(1),
            b'?' | b':' => !in_flow && !self.blank_or_end(1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@' | b'`' => false,
            _ => !self.blank_or_end(0),
        };
        if !begins {
            return self.unexpected();
        }
        let begin = self.at;
        let mut end = begin;
        while !self.is_end() && self.line_end(0) == 0 {
            let byte = self.byte(0);
            let ends = match byte {
                b':' if self.blank_or_end(1) => true,
                b':' if in_flow && b",?[]{}".contains(&self.byte(1)) => return self.unexpected(),
                b',' | b'[' | b']' | b'{' | b'}' => in_flow,
                b'#' => is_blank(self.bytes[self.at - 1]) && self.at > begin,
                _ => false,
            };
            if ends {
                break;
            }
            self.at += 1;
            if !is_blank(byte) {
                end = self.at;
            }
        }
        let text = self.slice(begin, end);
        // A mark of byte order in the middle: others take it for nothing where it begins a line.
        if text.contains('\u{feff}') { Err((self.line, Trouble::Control)) } else { Ok(text.to_owned()) }
    }

    fn quoted(&mut self, quote: u8) -> Read<String> {
        let opened = self.line;
        self.at += 1;
        let mut text = String::new();
        loop {
            let begin = self.at;
            while !self.is_end() && self.line_end(0) == 0 {
                let byte = self.byte(0);
                if byte == quote || is_blank(byte) || (byte == b'\\' && quote == b'"') {
                    break;
                }
                self.at += 1;
            }
            text.push_str(self.slice(begin, self.at));
            if self.is_end() {
                return Err((opened, Trouble::Open));
            }
            match self.byte(0) {
                b'\'' if quote == b'\'' && self.byte(1) == b'\'' => {
                    text.push('\'');
                    self.at += 2;
                }
                byte if byte == quote => {
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' if quote == b'"' => {
                    self.at += 1;
                    if self.text_line()? {
                        self.lines(&mut text)?;
                    } else {
                        text.push(self.escape()?);
                    }
                }
                _ => {
                    let begin = self.at;
                    self.skip_blanks();
                    if self.line_end(0) == 0 {
                        text.push_str(self.slice(begin, self.at));
                        continue;
                    }
                    self.text_line()?;
                    if self.lines(&mut text)? == 0 {
                        text.push(' ');
                    }
                }
            }
        }
    }

    /// Goes to the next line of a text. Unicode's own line ends would stay in it; nobody types them, so they are refused.
    fn text_line(&mut self) -> Read<bool> {
        if self.line_end(0) > 2 {
            return Err((self.line, Trouble::Control));
        }
        let ended = self.next_line();
        let mark = &self.bytes[self.at..self.bytes.len().min(self.at + 3)];
        // Even in quotes a document ends there.
        if ended && (mark == b"---" || mark == b"...") && self.blank_or_end(3) { self.unexpected() } else { Ok(ended) }
    }

    /// Goes over the blanks that a line of a quoted text begins with; lines that are empty are line ends of the text.
    fn lines(&mut self, text: &mut String) -> Read<usize> {
        let mut empty = 0;
        loop {
            self.skip_blanks();
            if !self.text_line()? {
                return Ok(empty);
            }
            text.push('\n');
            empty += 1;
        }
    }

    fn escape(&mut self) -> Read<char> {
        let byte = self.byte(0);
        self.at += 1;
        let digits = match byte {
            b'0' => return Ok('\0'),
            b'a' => return Ok('\u{7}'),
            b'b' => return Ok('\u{8}'),
            b't' | b'\t' => return Ok('\t'),
            b'n' => return Ok('\n'),
            b'v' => return Ok('\u{b}'),
            b'f' => return Ok('\u{c}'),
            b'r' => return Ok('\r'),
            b'e' => return Ok('\u{1b}'),
            b' ' | b'"' | b'/' | b'\\' => return Ok(char::from(byte)),
            b'N' => return Ok('\u{85}'),
            b'_' => return Ok('\u{a0}'),
            b'L' => return Ok('\u{2028}'),
            b'P' => return Ok('\u{2029}'),
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => return Err((self.line, Trouble::Escape)),
        };
        let mut code = 0;
        for _ in 0..digits {
            let Some(digit) = char::from(self.byte(0)).to_digit(16) else {
                return Err((self.line, Trouble::Escape));
            };
            code = (code << 4) | digit;
            self.at += 1;
        }
        char::from_u32(code).ok_or((self.line, Trouble::Escape))
    }

    /// Reads a block of lines, `|` as they are and `>` joined, inside of what stands at the column `parent`.
    pub(super) fn block_text(&mut self, parent: Option<usize>) -> Read<Value> {
        let is_literal = self.byte(0) == b'|';
        let least = parent.map_or(1, |parent| parent + 1);
        let (mut chomp, mut indent) = (0, 0);
        self.at += 1;
        for _ in 0..2 {
            match self.byte(0) {
                sign @ (b'+' | b'-') if chomp == 0 => chomp = sign,
                digit @ b'1'..=b'9' if indent == 0 => indent = parent.unwrap_or(0) + usize::from(digit - b'0'),
                _ => break,
            }
            self.at += 1;
        }
        self.finish_line()?;
        self.next_line();
        let mut text = String::new();
        // Line ends that were read and are not in the text yet: that of the last line, and of empty lines behind it.
        let (mut ended, mut empty) = (false, self.empty_lines(&mut indent, least)?);
        let mut was_blank = false;
        while !self.is_end() && self.column() == indent {
            let blank = is_blank(self.byte(0));
            if ended && (is_literal || was_blank || blank) {
                text.push('\n');
            } else if ended && empty == 0 {
                text.push(' ');
            }
            text.extend(std::iter::repeat_n('\n', empty));
            was_blank = blank;
            let begin = self.at;
            while !self.is_end() && self.line_end(0) == 0 {
                self.at += 1;
            }
            text.push_str(self.slice(begin, self.at));
            ended = self.text_line()?;
            empty = self.empty_lines(&mut indent, least)?;
        }
        if ended && chomp != b'-' {
            text.push('\n');
        }
        if chomp == b'+' {
            text.extend(std::iter::repeat_n('\n', empty));
        }
        Ok(Value::Scalar { text, plain: false })
    }

    /// Goes over empty lines and the indentation of the next one, which is the block's where that is not known yet.
    fn empty_lines(&mut self, indent: &mut usize, least: usize) -> Read<usize> {
        let (mut empty, mut widest) = (0, 0);
        loop {
            while (*indent == 0 || self.column() < *indent) && self.byte(0) == b' ' {
                self.at += 1;
            }
            widest = widest.max(self.column());
            if (*indent == 0 || self.column() < *indent) && self.byte(0) == b'\t' {
                return Err((self.line, Trouble::Tab));
            }
            if !self.text_line()? {
                break;
            }
            empty += 1;
        }
        if *indent == 0 {
            *indent = widest.max(least);
        }
        Ok(empty)
    }
}
