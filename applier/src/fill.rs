//! Filling holes: `${NAME}` in a manifest's strings becomes what was learned of a cluster. Only in memory, only in strings:
//! a value can never become another key or another object.

use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv6Addr;

use serde_json::Value;

/// A value for a hole.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Filling {
    text: String,
    secret: bool,
}

impl Filling {
    /// A value that may be shown.
    pub(crate) fn open(text: impl Into<String>) -> Self {
        Self { text: text.into(), secret: false }
    }

    /// A value that must not be shown.
    pub(crate) fn secret(text: impl Into<String>) -> Self {
        Self { text: text.into(), secret: true }
    }

    /// Lets `look` at the value.
    pub(crate) fn reveal<T>(&self, look: impl FnOnce(&str) -> T) -> T {
        look(&self.text)
    }

    /// The value, to be shown to a person; nothing where it must not be.
    pub(crate) fn shown(&self) -> Option<&str> {
        (!self.secret).then_some(self.text.as_str())
    }
}

impl fmt::Debug for Filling {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.shown().unwrap_or("(sensitive)"))
    }
}

/// What is known for the holes of a bundle, by name.
pub(crate) type Fillings = BTreeMap<String, Filling>;

/// Puts values into all strings below `value`; names that are not among `fillings` stay as they are.
pub(crate) fn fill(value: &mut Value, fillings: &Fillings) {
    match value {
        Value::String(text) if text.contains("${") => *text = fill_text(text, fillings),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, fillings)),
        Value::Object(map) => map.values_mut().for_each(|item| fill(item, fillings)),
        _ => {}
    }
}

/// One pass from left to right: what a value holds is not looked at again.
fn fill_text(text: &str, fillings: &Fillings) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, hole) = rest.split_at(start);
        out.push_str(before);
        let known = hole.find('}').and_then(|end| Some((fillings.get(&hole[2..end])?, end)));
        if let Some((filling, end)) = known {
            // In a URL or before a port an IPv6 address stands in brackets (RFC 3986, section 3.2.2); elsewhere it does not.
            let is_dialled = out.ends_with("://") || hole[end + 1..].starts_with(':');
            if is_dialled && filling.text.parse::<Ipv6Addr>().is_ok() {
                out.extend(["[", &filling.text, "]"]);
            } else {
                out.push_str(&filling.text);
            }
            rest = &hole[end + 1..];
        } else {
            out.push_str("${");
            rest = &hole[2..];
        }
    }
    out.push_str(rest);
    out
}

/// The names of `names` that occur as holes in a text.
pub(crate) fn holes<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.filter(|name| text.contains(&format!("${{{name}}}"))).collect()
}

/// Whether a value can stand in a line of YAML as it is: addresses, URLs, tokens and base64 can.
///
/// What a cluster says is not trusted to be what it should be: a line break in a token would write other lines of a kubeconfig.
pub(crate) fn is_plain(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&()*+,;=%".contains(&byte);
    !text.is_empty() && text.bytes().all(good) && !text.contains(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn holes_are_filled_where_they_are_known() {
        let fillings = Fillings::from([("A_1".into(), Filling::open("x")), ("B".into(), Filling::secret("${A_1}"))]);
        let mut value = json!({"k": ["${A_1}:${B}", "${C} $A_1 ${"], "${A_1}": 1});
        fill(&mut value, &fillings);
        assert_eq!(value, json!({"k": ["x:${A_1}", "${C} $A_1 ${"], "${A_1}": 1}));
    }

    #[test]
    fn an_ipv6_address_has_brackets_where_it_is_dialled_and_nowhere_else() {
        let fillings =
            Fillings::from([("A".into(), Filling::open("2001:db8::1")), ("B".into(), Filling::open("192.0.2.1"))]);
        let mut value =
            json!(["https://${A}:6443", "https://${A}", "${A}:15012", "${A}", "https://${B}:6443", "${B}:15012"]);
        fill(&mut value, &fillings);
        let filled = [
            "https://[2001:db8::1]:6443",
            "https://[2001:db8::1]",
            "[2001:db8::1]:15012",
            "2001:db8::1",
            "https://192.0.2.1:6443",
            "192.0.2.1:15012",
        ];
        assert_eq!(value, json!(filled));
    }

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(format!("{:?}", Filling::secret("hush")), "(sensitive)");
    }

    #[test]
    fn a_value_cannot_break_its_line() {
        assert!(is_plain("https://10.0.0.1:6443") && is_plain("[2001:db8::1]") && is_plain("eyJ.a-b_c=="));
        assert!(!is_plain("a\nb") && !is_plain("a b") && !is_plain("a'b") && !is_plain("a#b") && !is_plain(""));
    }
}
