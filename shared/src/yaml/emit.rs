//! The emitter: block style, two spaces, lists at their key's own indentation, as `kubectl` prints.

use std::fmt::Write;

use super::Yaml;

/// Writes a value as one YAML document, without a `---` and with a line end.
pub fn emit(value: &Yaml) -> String {
    let mut out = String::with_capacity(512);
    match value {
        Yaml::Map(entries) if !entries.is_empty() => write_map(&mut out, entries, 0),
        Yaml::List(items) if !items.is_empty() => write_list(&mut out, items, 0),
        scalar => {
            write_scalar(&mut out, scalar, 0);
            out.push('\n');
        }
    }
    out
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// Writes the entries of a map; the first one continues the line that is open.
fn write_map(out: &mut String, entries: &[(String, Yaml)], depth: usize) {
    for (i, (key, value)) in entries.iter().enumerate() {
        if i > 0 {
            indent(out, depth);
        }
        write_text(out, key);
        out.push(':');
        match value {
            Yaml::Map(inner) if !inner.is_empty() => {
                out.push('\n');
                indent(out, depth + 1);
                write_map(out, inner, depth + 1);
            }
            Yaml::List(items) if !items.is_empty() => {
                out.push('\n');
                indent(out, depth);
                write_list(out, items, depth);
            }
            scalar => {
                out.push(' ');
                write_scalar(out, scalar, depth + 1);
                out.push('\n');
            }
        }
    }
}

fn write_list(out: &mut String, items: &[Yaml], depth: usize) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            indent(out, depth);
        }
        out.push_str("- ");
        match item {
            Yaml::Map(entries) if !entries.is_empty() => write_map(out, entries, depth + 1),
            Yaml::List(inner) if !inner.is_empty() => write_list(out, inner, depth + 1),
            scalar => {
                write_scalar(out, scalar, depth + 1);
                out.push('\n');
            }
        }
    }
}

fn write_scalar(out: &mut String, value: &Yaml, depth: usize) {
    match value {
        Yaml::Null => out.push_str("null"),
        Yaml::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Yaml::Int(n) => {
            // Writing into a String cannot fail.
            let _ = write!(out, "{n}");
        }
        Yaml::Text(text) if is_block(text) => write_block(out, text, depth),
        Yaml::Text(text) => write_text(out, text),
        Yaml::List(_) => out.push_str("[]"),
        Yaml::Map(_) => out.push_str("{}"),
    }
}

/// Says whether a text reads best, and safely, as a literal block: several lines, none of which a reader could alter.
fn is_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n'])
        && body.chars().all(|c| c == '\n' || is_printable(c))
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

fn write_text(out: &mut String, text: &str) {
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

/// Says whether every reader, YAML 1.1 or 1.2, takes the bare text for this very text.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let starts_well =
        first.is_ascii_alphanumeric() || matches!(first, '/' | '.' | '_' | '$' | '+') || !first.is_ascii();
    starts_well
        && !text.ends_with([' ', ':'])
        && text.chars().all(is_printable)
        && !text.contains(": ")
        && !text.contains(" #")
        && !is_retyped(text)
}

/// Says whether some reader takes the bare word for a boolean, null, number, date or sexagesimal (YAML 1.1 §10, sigs.k8s.io/yaml).
fn is_retyped(text: &str) -> bool {
    const WORDS: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    let bare = text.trim_start_matches(['+', '.']);
    if WORDS.iter().any(|word| bare.eq_ignore_ascii_case(word)) {
        return true;
    }
    // Anything that begins like a number and holds only what numbers, dates and times hold is quoted: `1_000`, `1e3`, `12:30`, `0x1f`.
    let numeric = |c: char| c.is_ascii_digit() || "_.:+-eEtTzZ ".contains(c);
    let radix = |c: char| c.is_ascii_hexdigit() || c == '_';
    let prefixed = ["0x", "0X", "0o", "0O", "0b", "0B"].iter().find_map(|prefix| bare.strip_prefix(prefix));
    bare.starts_with(|c: char| c.is_ascii_digit()) && bare.chars().all(numeric)
        || prefixed.is_some_and(|digits| digits.chars().all(radix))
        || text.starts_with(['.', '+']) && bare.chars().all(numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_readers_retype_are_quoted() {
        for word in [
            "y",
            "N",
            "yes",
            "No",
            "on",
            "OFF",
            "true",
            "null",
            "~",
            "",
            "1",
            "1_000",
            "0x1f",
            "0o17",
            "017",
            "1e3",
            ".5",
            "1.",
            ".inf",
            ".NaN",
            "12:30:45",
            "2001-01-01",
            "<<",
            "=",
            "-",
            "- a",
            "a: b",
            "a #b",
            "#a",
            "*a",
            "&a",
            "!a",
            "@a",
            "`a",
            "%a",
            " a",
            "a ",
            "a:",
            "1.31",
            "[a",
            "{a",
            "|",
            ">",
            "'",
            "\"",
            "\u{feff}x",
            "a\u{1}",
        ] {
            let line = emit(&Yaml::map([("key", word.into())]));
            assert!(line.starts_with("key: \""), "{word:?} became {line}");
            let back: std::collections::BTreeMap<String, String> = serde_yaml::from_str(&line).unwrap();
            assert_eq!(back["key"], word);
        }
    }

    #[test]
    fn ordinary_words_stay_bare() {
        for word in [
            "cluster1",
            "istio-system",
            "*.local".trim_start_matches('*'),
            "10.0.0.0/16",
            "https://10.0.0.1:6443",
            "${EASTWEST_ADDRESS_A}",
            "集群",
            "networking.istio.io/v1",
        ] {
            assert_eq!(emit(&Yaml::map([("key", word.into())])), format!("key: {word}\n"));
        }
    }

    #[test]
    fn keys_are_quoted_like_values() {
        assert_eq!(emit(&Yaml::map([("no", "on".into())])), "\"no\": \"on\"\n");
    }

    #[test]
    fn nested_values_read_like_kubectl() {
        let value = Yaml::map([
            (
                "spec",
                Yaml::map([
                    ("ports", Yaml::list([Yaml::map([("name", "tls".into()), ("port", 15443.into())])])),
                    ("empty", Yaml::List(vec![])),
                ]),
            ),
            ("text", "a\nb\n".into()),
        ]);
        assert_eq!(emit(&value), "spec:\n  ports:\n  - name: tls\n    port: 15443\n  empty: []\ntext: |\n  a\n  b\n");
    }
}
