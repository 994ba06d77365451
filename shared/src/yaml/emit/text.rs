//! Words in YAML: bare where every reader takes them for themselves, quoted or as a block where not.

use std::fmt::Write;

pub(super) fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// Writes a text; the lines of a block are indented by the depth.
pub(super) fn write_scalar(out: &mut String, text: &str, depth: usize) {
    if is_block(text) {
        write_block(out, text, depth);
    } else {
        write_text(out, text);
    }
}

/// Says whether a text reads best, and safely, as a literal block: several lines, none of which a reader could alter.
fn is_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n'])
        && body.split('\n').all(are_printable)
}

fn write_block(out: &mut String, text: &str, depth: usize) {
    out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
    for line in text.lines() {
        out.push('\n');
        if !line.is_empty() {
            indent(out, depth);
            out.push_str(line);
        }
    }
}

/// Writes a text on one line.
pub(super) fn write_text(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => {
                let n = u32::from(c);
                let _ = if n <= 0xff {
                    write!(out, "\\x{n:02x}")
                } else if n <= 0xffff {
                    write!(out, "\\u{n:04x}")
                } else {
                    write!(out, "\\U{n:08x}")
                };
            }
        }
    }
    out.push('"');
}

/// Says whether YAML allows the character as it is; line separators and the byte order mark are allowed but treated unlike by readers.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Says whether YAML allows every character as it is.
fn are_printable(text: &str) -> bool {
    // Nearly every text is ASCII, which is looked at byte by byte.
    text.bytes().all(|b| matches!(b, b' '..=b'~')) || text.chars().all(is_printable)
}

/// Says whether every reader, YAML 1.1 or 1.2, takes the bare text for this very text.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(&first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    if !(first.is_ascii_alphanumeric() || matches!(first, b'/' | b'.' | b'_' | b'$' | b'+') || !first.is_ascii())
        || matches!(last, b' ' | b':')
    {
        return false;
    }
    let (mut before, mut all_ascii) = (first, true);
    for &b in bytes {
        if matches!((before, b), (b':', b' ') | (b' ', b'#')) {
            return false;
        }
        all_ascii &= matches!(b, b' '..=b'~');
        before = b;
    }
    (all_ascii || text.chars().all(is_printable)) && !is_retyped(text)
}

/// Says whether some reader takes the bare word for a boolean, null, number, date or sexagesimal (YAML 1.1 §10, sigs.k8s.io/yaml).
fn is_retyped(text: &str) -> bool {
    const WORDS: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    /// The longest of them.
    const LONGEST: usize = 5;
    let bare = text.trim_start_matches(['+', '.']);
    if bare.len() <= LONGEST && WORDS.iter().any(|word| bare.eq_ignore_ascii_case(word)) {
        return true;
    }
    if !text.starts_with(['+', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
        return false;
    }
    // Anything that begins like a number and holds only what numbers, dates and times hold is quoted: `1_000`, `1e3`, `12:30`, `0x1f`.
    let numeric = |c: char| c.is_ascii_digit() || "_.:+-eEtTzZ ".contains(c);
    let radix = |c: char| c.is_ascii_hexdigit() || c == '_';
    let prefixed = ["0x", "0X", "0o", "0O", "0b", "0B"].iter().find_map(|prefix| bare.strip_prefix(prefix));
    bare.starts_with(|c: char| c.is_ascii_digit()) && bare.chars().all(numeric)
        || prefixed.is_some_and(|digits| digits.chars().all(radix))
        || text.starts_with(['.', '+']) && bare.chars().all(numeric)
}
