//! What the site holds for people who read its source only: names and comments that nobody asks for, taken out before it travels.
//!
//! `wasm-bindgen` gives each of some 200 imports a name that ends in a digest, once in the module and once in the script: 5,000 bytes that
//! do not compress.

use anyhow::{Context, Result, bail};

/// The module that the imports are of, as `wasm-bindgen` calls it.
const SCRIPT: &[u8] = b"./app_bg.js";
/// The number of a module's section of imports.
const IMPORTS: u8 = 2;
/// An import that is a function.
const FUNCTION: u8 = 0;
/// Digits of the digest behind a name.
const DIGEST: usize = 16;

/// Gives the imports short names, in the module and in its script alike.
pub(crate) fn imports(module: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let mut names: Vec<String> = Vec::new();
    let mut out = module.get(..8).context("no WebAssembly module")?.to_vec();
    let mut at = out.len();
    while at < module.len() {
        let begin = at;
        let kind = module[at];
        at += 1;
        let length = number(module, &mut at)?;
        let section = module.get(at..at + length).context("a section that is cut off")?;
        at += length;
        if kind == IMPORTS {
            let renamed = section_of_imports(section, &mut names)?;
            out.push(kind);
            put(&mut out, renamed.len());
            out.extend_from_slice(&renamed);
        } else {
            out.extend_from_slice(&module[begin..at]);
        }
    }
    let mut script = script.to_owned();
    for (number, name) in names.iter().enumerate() {
        if script.matches(name.as_str()).count() != 1 {
            bail!("the script must say `{name}` once");
        }
        script = script.replace(name.as_str(), &short(number));
    }
    Ok((out, script))
}

fn section_of_imports(section: &[u8], names: &mut Vec<String>) -> Result<Vec<u8>> {
    let mut at = 0;
    let count = number(section, &mut at)?;
    let mut out = Vec::with_capacity(section.len());
    put(&mut out, count);
    for _ in 0..count {
        let from = text(section, &mut at)?;
        let name = text(section, &mut at)?;
        put_text(&mut out, from);
        if from == SCRIPT && is_digested(name) {
            put_text(&mut out, short(names.len()).as_bytes());
            names.push(String::from_utf8(name.to_vec()).context("the name of an import")?);
        } else {
            put_text(&mut out, name);
        }
        let begin = at;
        if section.get(at) != Some(&FUNCTION) {
            bail!("an import that is no function");
        }
        at += 1;
        number(section, &mut at)?;
        out.extend_from_slice(&section[begin..at]);
    }
    Ok(out)
}

fn is_digested(name: &[u8]) -> bool {
    name.len() > DIGEST && name[name.len() - DIGEST..].iter().all(u8::is_ascii_hexdigit)
}

/// A name that `wasm-bindgen` gives nothing.
fn short(number: usize) -> String {
    format!("${number}")
}

/// Reads a number as WebAssembly writes it (LEB128).
pub(crate) fn number(bytes: &[u8], at: &mut usize) -> Result<usize> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = *bytes.get(*at).context("a number that is cut off")?;
        *at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            return Ok(value);
        }
        if shift > 28 {
            bail!("a number that is too large");
        }
    }
}

fn text<'a>(bytes: &'a [u8], at: &mut usize) -> Result<&'a [u8]> {
    let length = number(bytes, at)?;
    let text = bytes.get(*at..*at + length).context("a name that is cut off")?;
    *at += length;
    Ok(text)
}

pub(crate) fn put(out: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        out.push(u8::try_from(value & 0x7f).unwrap_or_default() | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or_default());
}

fn put_text(out: &mut Vec<u8>, text: &[u8]) {
    put(out, text.len());
    out.extend_from_slice(text);
}

/// Takes indentation and comments that stand on lines of their own out of a script, or of a style sheet; where text goes on over lines, nothing.
pub(crate) fn lines(text: &str) -> String {
    if text.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut is_comment = false;
    for line in text.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
        if is_comment {
            is_comment = !line.ends_with("*/");
        }
    }
    out
}

/// Takes what a style sheet holds for the eye out of it. None of ours has a text with one of these signs in it.
pub(crate) fn style(text: &str) -> String {
    let mut out = lines(text).replace('\n', " ");
    for (long, short) in
        [(" {", "{"), ("{ ", "{"), (" }", "}"), ("} ", "}"), ("; ", ";"), (";}", "}"), (": ", ":"), (", ", ",")]
    {
        out = out.replace(long, short);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_get_short_names_on_both_sides() {
        let long = "__wbg_now_0123456789abcdef";
        let mut section = vec![2];
        for name in [long, "__wbindgen_throw"] {
            put_text(&mut section, SCRIPT);
            put_text(&mut section, name.as_bytes());
            section.extend([FUNCTION, 0]);
        }
        let module = |section: &[u8]| {
            let mut module = b"\0asm\x01\0\0\0\x00\x01x".to_vec();
            module.push(IMPORTS);
            put_text(&mut module, section);
            module.extend(b"\x0a\x01\x00");
            module
        };
        let (out, script) = imports(&module(&section), &format!("{long}: function")).unwrap();
        let short = String::from_utf8(section).unwrap().replace(&format!("\x1a{long}"), "\x02$0");
        assert_eq!(out, module(short.as_bytes()));
        assert_eq!(script, "$0: function");
        assert!(imports(&module(short.as_bytes()), "").is_ok(), "nothing left to do");
        assert!(imports(&out[..out.len() - 1], "").is_err(), "cut off");
    }

    #[test]
    fn comments_and_indentation_go_and_words_stay() {
        let text = "/**\n * a\n */\nlet x = {\n    y: \"// z\", // w\n    // v\n};\n/* u */\n";
        assert_eq!(lines(text), "let x = {\ny: \"// z\", // w\n};\n");
        assert_eq!(lines("`a\n  b`"), "`a\n  b`");
    }

    #[test]
    fn styles_keep_what_means_something() {
        let text = "/* a */\n.b, .c > d { e: f, g;\n  h: \"i\"; }\n@media (j: k) { l:m(n, o) p { q: r s; } }\n";
        assert_eq!(style(text), ".b,.c > d{e:f,g;h:\"i\"}@media (j:k){l:m(n,o) p{q:r s}}");
    }
}
