//! Splits a line of a file into the pieces that are coloured: keys, strings, comments and holes. It colours what Isthmus
//! writes, one line at a time; it is no parser.

/// What a piece of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Everything else.
    Plain,
    /// A key of a map, with its colon.
    Key,
    /// A value.
    Value,
    /// A comment.
    Comment,
    /// A hole that a fact fills, `${…}`.
    Hole,
    /// A heading of a text.
    Heading,
}

impl Kind {
    /// Returns the class that colours it.
    pub(crate) fn class(self) -> Option<&'static str> {
        match self {
            Kind::Plain => None,
            Kind::Key => Some("k"),
            Kind::Value => Some("s"),
            Kind::Comment => Some("c"),
            Kind::Hole => Some("h"),
            Kind::Heading => Some("md"),
        }
    }
}

/// Splits a line of the file at `path`; the pieces together are the line again.
pub(crate) fn pieces<'a>(path: &str, line: &'a str) -> Vec<(Kind, &'a str)> {
    let mut out = Vec::new();
    let extension = path.rsplit('.').next().unwrap_or_default();
    match extension {
        "yaml" | "yml" => yaml(line, &mut out),
        "md" if line.starts_with('#') => out.push((Kind::Heading, line)),
        _ => holes(Kind::Plain, line, &mut out),
    }
    out
}

fn yaml<'a>(line: &'a str, out: &mut Vec<(Kind, &'a str)>) {
    let (code, comment) = split_comment(line);
    let start = code.len() - code.trim_start_matches([' ', '-']).len();
    if let Some(colon) = key_end(&code[start..]) {
        out.push((Kind::Key, &code[..start + colon]));
        out.push((Kind::Plain, ":"));
        holes(Kind::Value, &code[start + colon + 1..], out);
    } else {
        out.push((Kind::Plain, &code[..start]));
        holes(Kind::Value, &code[start..], out);
    }
    out.push((Kind::Comment, comment));
    out.retain(|(_, text)| !text.is_empty());
}

/// Returns where the key ends: at a colon that a space or the end of the line follows.
fn key_end(code: &str) -> Option<usize> {
    let quoted = code.starts_with(['"', '\'']);
    let from = if quoted { code[1..].find(&code[..1])? + 2 } else { 0 };
    let colon = from + code[from..].find(':')?;
    let tail = &code[colon + 1..];
    (tail.is_empty() || tail.starts_with(' '))
        .then_some(colon)
        .filter(|&end| quoted || !code[..end].contains(['{', '[']))
}

/// A comment begins at a `#` at the start or after a space, outside quotes.
fn split_comment(line: &str) -> (&str, &str) {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if open == c => quote = None,
            None if c == '#' && before == ' ' => return line.split_at(at),
            None if matches!(c, '"' | '\'') && matches!(before, ' ' | '[' | '{' | ',') => quote = Some(c),
            Some(_) | None => {}
        }
        before = c;
    }
    (line, "")
}

fn holes<'a>(kind: Kind, text: &'a str, out: &mut Vec<(Kind, &'a str)>) {
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        out.push((kind, &rest[..start]));
        out.push((Kind::Hole, &rest[start..=start + length]));
        rest = &rest[start + length + 1..];
    }
    out.push((kind, rest));
    out.retain(|(_, text)| !text.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_values_comments_and_holes_are_told_apart() {
        assert_eq!(
            pieces("a.yaml", "  - host: \"${ADDR}:15443\" # why"),
            [
                (Kind::Key, "  - host"),
                (Kind::Plain, ":"),
                (Kind::Value, " \""),
                (Kind::Hole, "${ADDR}"),
                (Kind::Value, ":15443\" "),
                (Kind::Comment, "# why")
            ]
        );
        assert_eq!(pieces("a.yaml", "# all of it"), [(Kind::Comment, "# all of it")]);
        assert_eq!(pieces("a.yaml", "- https://a:1")[1], (Kind::Value, "https://a:1"));
        assert_eq!(pieces("README.md", "## Steps"), [(Kind::Heading, "## Steps")]);
    }

    #[test]
    fn the_pieces_are_the_line_again() {
        for line in
            ["", "a", "a: b", "'x: y': \"#\"", "- - {a: b}", "  ${A}${B", "a:# b", "键: 值 # 注", "\"", ": ", "'a"]
        {
            for path in ["a.yaml", "a.md", "a.txt"] {
                assert_eq!(pieces(path, line).iter().map(|(_, text)| *text).collect::<String>(), line);
            }
        }
    }
}
