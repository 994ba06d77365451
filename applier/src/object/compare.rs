//! What differs between an object as it is and as it would be: the lines of `diff`.

use serde_json::Value;

use crate::report::Change;

/// What is written by the API server or by controllers and says nothing about the intent.
const NOT_INTENT: [&str; 6] =
    ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"];

/// Shown in place of a value of a Secret.
const MASK: &str = "(sensitive)";

/// The fields that differ from `before` to `after`; with `masked`, values below `data` are not shown.
pub(crate) fn differences(before: &Value, after: &Value, masked: bool) -> Vec<Change> {
    let mut found = Vec::new();
    let (before, after) = (intent(before), intent(after));
    walk(&mut String::new(), Some(&before), Some(&after), masked, &mut found);
    found
}

/// An object without what nobody intends.
fn intent(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(top) = object.as_object_mut() {
        top.remove("status");
        if let Some(metadata) = top.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.retain(|key, _| !NOT_INTENT.contains(&key.as_str()));
        }
    }
    object
}

fn walk(path: &mut String, before: Option<&Value>, after: Option<&Value>, masked: bool, found: &mut Vec<Change>) {
    let length = path.len();
    match (before, after) {
        (Some(before), Some(after)) if before == after => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                step_into(path, key);
                walk(path, before.get(key), after.get(key), masked, found);
                path.truncate(length);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            for index in 0..before.len().max(after.len()) {
                path.extend(["[", &index.to_string(), "]"]);
                walk(path, before.get(index), after.get(index), masked, found);
                path.truncate(length);
            }
        }
        (before, after) => {
            // kubectl keeps a copy of the whole object in an annotation, its data included.
            let hidden = masked && (path.starts_with("data") || path.contains("last-applied-configuration"));
            let show = |value: &Value| if hidden { MASK.to_owned() } else { value.to_string() };
            found.push(Change { field: path.clone(), before: before.map(show), after: after.map(show) });
        }
    }
}

/// Adds a key to a path; one with dots stands in brackets, so that the path stays readable.
fn step_into(path: &mut String, key: &str) {
    if key.contains('.') || key.contains('/') {
        path.extend(["[", key, "]"]);
    } else {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_named_by_path() {
        let before = json!({"metadata": {"name": "a", "resourceVersion": "1", "labels": {"x.io/y": "1"}}, "spec": {"p": [1, 2], "gone": true}});
        let after = json!({"metadata": {"name": "a", "resourceVersion": "2", "labels": {"x.io/y": "2"}}, "spec": {"p": [1, 3, 4]}, "status": {}});
        let lines: Vec<String> = differences(&before, &after, false).iter().map(|line| line.field.clone()).collect();
        assert_eq!(lines, ["metadata.labels[x.io/y]", "spec.gone", "spec.p[1]", "spec.p[2]"]);
    }

    #[test]
    fn secrets_are_masked() {
        let found =
            differences(&json!({"data": {"k": "aHVzaA=="}}), &json!({"data": {"k": "bmV3", "l": "eA=="}}), true);
        assert_eq!((found[0].before.as_deref(), found[0].after.as_deref()), (Some("(sensitive)"), Some("(sensitive)")));
        assert!(!format!("{found:?}").contains("bmV3"));
        let found = differences(&json!({}), &json!({"data": {"k": "aHVzaA=="}}), true);
        assert!(!format!("{found:?}").contains("aHVzaA"));
    }
}
