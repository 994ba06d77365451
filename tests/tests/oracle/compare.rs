//! What two objects differ in, by value: order of keys and of items that have names is nothing, all else is something.

use serde_json::Value;

/// A difference between what a document prints and what is generated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    /// The object, or `order`, or `command`.
    pub(crate) what: String,
    /// The path in it; items of lists by their names.
    pub(crate) path: String,
    /// The document's value; `–` where it has none.
    pub(crate) theirs: String,
    /// Ours; `–` where we have none.
    pub(crate) ours: String,
}

/// No value.
pub(crate) const NONE: &str = "–";

/// Collects the differences of two values; a `null` of theirs takes any value.
pub(crate) fn compare(what: &str, path: &str, theirs: &Value, ours: &Value, found: &mut Vec<Difference>) {
    match (theirs, ours) {
        (Value::Null, _) => {}
        (Value::Object(theirs), Value::Object(ours)) => {
            for (key, ours) in ours.iter().filter(|(key, _)| !theirs.contains_key(*key)) {
                one_side(what, &joined(path, key), ours, found, |text| (NONE.to_owned(), text));
            }
            for (key, theirs) in theirs {
                match ours.get(key) {
                    Some(ours) => compare(what, &joined(path, key), theirs, ours, found),
                    None => one_side(what, &joined(path, key), theirs, found, |text| (text, NONE.to_owned())),
                }
            }
        }
        (Value::Array(theirs), Value::Array(ours)) => {
            let mut left: Vec<&Value> = ours.iter().collect();
            for (place, theirs) in theirs.iter().enumerate() {
                let path = format!("{path}[{}]", name(theirs).unwrap_or_else(|| place.to_string()));
                let equal = left.iter().position(|ours| *ours == theirs);
                match equal.or_else(|| left.iter().position(|ours| name(theirs) == name(ours))) {
                    Some(at) => compare(what, &path, theirs, left.remove(at), found),
                    None => one_side(what, &path, theirs, found, |text| (text, NONE.to_owned())),
                }
            }
            for ours in left {
                let path = format!("{path}[{}]", name(ours).unwrap_or_default());
                one_side(what, &path, ours, found, |text| (NONE.to_owned(), text));
            }
        }
        (theirs, ours) if theirs == ours => {}
        (theirs, ours) => found.push(difference(what, path, text(theirs), text(ours))),
    }
}

/// Makes a difference.
pub(crate) fn difference(what: &str, path: &str, theirs: String, ours: String) -> Difference {
    Difference { what: what.to_owned(), path: path.to_owned(), theirs, ours }
}

/// Collects what only one side has, down to the last key.
fn one_side(
    what: &str,
    path: &str,
    value: &Value,
    found: &mut Vec<Difference>,
    sides: impl Fn(String) -> (String, String) + Copy,
) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                one_side(what, &joined(path, key), value, found, sides);
            }
        }
        value => {
            let (theirs, ours) = sides(text(value));
            found.push(difference(what, path, theirs, ours));
        }
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// What tells an item of a list from the others: its name, or its port.
fn name(item: &Value) -> Option<String> {
    let named = ["/name", "/port/number", "/match/0/port", "/number", "/port"];
    named.iter().find_map(|path| match item.pointer(path)? {
        Value::String(name) => Some(name.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A value in a line.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[test]
fn differences_are_seen_and_the_order_of_named_items_is_not_one() {
    let theirs = serde_json::json!({"a": 1, "list": [{"name": "x", "v": 1}, {"name": "y"}], "gone": true, "any": null});
    let ours = serde_json::json!({"a": "1", "list": [{"name": "y"}, {"name": "x", "v": 2}], "new": [], "any": 3});
    let mut found = Vec::new();
    compare("it", "", &theirs, &ours, &mut found);
    let told: Vec<String> = found.iter().map(|one| format!("{} {} {}", one.path, one.theirs, one.ours)).collect();
    assert_eq!(told, ["new – []", "a 1 1", "gone true –", "list[x].v 1 2"]);
}
