//! Server-side apply of one object, and the look before it that makes a second run write nothing.

use serde_json::{Value, json};

use super::{ADOPTED, Object, PART_OF, STEP, differences};
use crate::applyset::sha256;
use crate::clusters::Cluster;
use crate::report::Change;
use crate::transport::{CallError, as_seen};

/// The one field manager. It holds no version and no host: another name would leave the old one's fields behind.
pub(crate) const MANAGER: &str = "isthmus";

/// How often a comparison is made anew when a controller writes in between.
const LOOKS: usize = 4;

/// How an object stands against what is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its kind is not served.
    Unserved,
    /// It is not there.
    Absent,
    /// It is there, but on its way out.
    Leaving,
    /// It is as wanted, and ours.
    Same {
        /// What is ours of it, see [`seal`].
        seal: String,
    },
    /// Something would change.
    Differs {
        /// What, field by field; nothing where only the ownership of fields changes.
        changes: Vec<Change>,
        /// Whether it was there before us, and is not marked so yet.
        adopts: bool,
        /// Whether it has to carry the mark of what was there before us.
        marked: bool,
    },
    /// It is ours, and nobody can change in it what would change: it is deleted and made anew.
    Replaced {
        /// What, field by field.
        changes: Vec<Change>,
        /// Deletes it as it was seen, and nothing that came after.
        only: Value,
    },
}

/// What of an object can never be changed, and where all of it is (Kubernetes API reference, `EndpointSlice`, `ClusterRoleBinding`).
const FIXED: [(&str, &str); 3] =
    [("EndpointSlice", "addressType"), ("ClusterRoleBinding", "roleRef"), ("RoleBinding", "roleRef")];

/// What was read in the place of an object, if anything is there. No `Debug`: it may be a Secret's.
#[derive(Clone)]
pub(crate) struct Before(Option<Value>);

impl Before {
    /// Whether nothing was there.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// What has to be in the place of an object when it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over<'a> {
    /// Whatever there is.
    Anything,
    /// Nothing.
    Nothing,
    /// The object as it was at this version.
    Version(&'a str),
}

/// A version that no object has, as an API server's store counts from it: where something is there after all, it is refused, and what is
/// made takes no notice of it.
const OF_NOTHING: &str = "1";

/// Reads what is in the place of `object`; nothing where its kind is not served.
pub(crate) async fn read(cluster: &Cluster, object: &Object) -> Result<Option<Before>, CallError> {
    let Some(path) = cluster.path_of(object) else { return Ok(None) };
    cluster.transport.find(&path).await.map(|found| Some(Before(found)))
}

/// Looks how `object` stands in `cluster`, by a dry run; `before` is what was read in its place already. Writes nothing.
pub(crate) async fn look(
    cluster: &Cluster,
    object: &Object,
    force: bool,
    before: Option<Before>,
) -> Result<Standing, CallError> {
    let Some(path) = cluster.path_of(object) else { return Ok(Standing::Unserved) };
    let mut found = Standing::Absent;
    let mut known = before;
    for _ in 0..LOOKS {
        let is_known = known.is_some();
        let before = match known.take() {
            Some(Before(before)) => before,
            None => cluster.transport.find(&path).await?,
        };
        let Some(before) = before else { return Ok(Standing::Absent) };
        if before["metadata"]["deletionTimestamp"].is_string() {
            return Ok(Standing::Leaving);
        }
        // Where somebody wiped the server's notes of who owns what, our label still says that it is ours.
        let member = &before["metadata"]["labels"][PART_OF];
        let ours_by_label = member.is_string() && *member == object.value()["metadata"]["labels"][PART_OF];
        let adopts = !is_managed(&before) && !ours_by_label;
        let marked = adopts || is_adopted(&before);
        if !marked && let Some(after) = made_anew(&before, object.value()) {
            let changes = differences(&before, &after, object.is_secret());
            return Ok(Standing::Replaced { changes, only: as_seen(&before) });
        }
        let after = cluster.transport.apply(&parameters(&path, force, true), intent(object, marked).value()).await;
        let after = discreet(object, after)?;
        let undisturbed = before["metadata"]["resourceVersion"] == after["metadata"]["resourceVersion"];
        if is_known && !undisturbed {
            continue;
        }
        let changes = differences(&before, &after, object.is_secret());
        if changes.is_empty() && ours(&before) == ours(&after) {
            return Ok(Standing::Same { seal: seal(&before) });
        }
        found = Standing::Differs { changes, adopts, marked };
        if undisturbed {
            break;
        }
    }
    Ok(found)
}

/// Asks the API server whether it would take `object`, which is not there yet. Writes nothing.
pub(crate) async fn rehearse(cluster: &Cluster, object: &Object) -> Result<(), CallError> {
    let path = cluster.path_of(object).ok_or(CallError::NotFound)?;
    let answer = cluster.transport.apply(&parameters(&path, false, true), object.value()).await;
    discreet(object, answer).map(drop)
}

/// Applies `object` over what has to be there; with `marked` it carries the mark of what was there before us. Hands back the metadata of
/// what came to be. Where something else is there it is [`CallError::Raced`], and nothing was written.
pub(crate) async fn apply(
    cluster: &Cluster,
    object: &Object,
    marked: bool,
    force: bool,
    over: Over<'_>,
) -> Result<Value, CallError> {
    let path = cluster.path_of(object).ok_or(CallError::NotFound)?;
    let path = parameters(&path, force, false);
    let mut sent = intent(object, marked);
    match over {
        Over::Anything => {}
        Over::Nothing => sent.0["metadata"]["resourceVersion"] = OF_NOTHING.into(),
        Over::Version(version) => sent.0["metadata"]["resourceVersion"] = version.into(),
    }
    let answer = cluster.transport.apply_briefly(&path, sent.value()).await;
    discreet(object, answer)
}

/// Deletes an object that is made anew. Where it is another by now it is [`CallError::Raced`], and it stays.
pub(crate) async fn make_way(cluster: &Cluster, object: &Object, only: &Value) -> Result<(), CallError> {
    let path = cluster.path_of(object).ok_or(CallError::NotFound)?;
    cluster.transport.delete(&path, only).await.map(drop)
}

/// What would be in the place of a living object if it was made anew; nothing where it need not be.
fn made_anew(live: &Value, wanted: &Value) -> Option<Value> {
    let (_, fixed) = FIXED.iter().find(|(kind, _)| wanted["kind"] == *kind)?;
    if live[fixed] == wanted[fixed] {
        return None;
    }
    let mut after = live.clone();
    let (into, from) = (after.as_object_mut()?, wanted.as_object()?);
    into.extend(
        from.iter().filter(|(field, _)| *field != "metadata").map(|(field, value)| (field.clone(), value.clone())),
    );
    Some(after)
}

/// Gives up every field of an object that was there before us; it stays as others left it.
///
/// The object's uid goes along, so that one that has vanished meanwhile is not made again.
pub(crate) async fn release(cluster: &Cluster, path: &str, live: &Value) -> Result<(), CallError> {
    let metadata = &live["metadata"];
    let mut bare = json!({
        "apiVersion": live["apiVersion"], "kind": live["kind"],
        "metadata": {"name": metadata["name"], "uid": metadata["uid"]},
    });
    if metadata["namespace"].is_string() {
        bare["metadata"]["namespace"] = metadata["namespace"].clone();
    }
    cluster.transport.apply_briefly(&parameters(path, false, false), &bare).await.map(drop)
}

/// Whether we own anything of a living object.
pub(crate) fn is_managed(live: &Value) -> bool {
    ours(live).is_some()
}

/// Whether a living object was there before us.
pub(crate) fn is_adopted(live: &Value) -> bool {
    live["metadata"]["annotations"][ADOPTED].is_string()
}

/// What is sent: the object, with or without the mark. The mark is ours, so it has to be sent again every time.
fn intent(object: &Object, marked: bool) -> Object {
    let object = object.clone();
    if marked { object.annotated(ADOPTED, "true") } else { object }
}

/// A digest of what is ours of a living object, by its metadata alone: which object it is, the fields we own and when we set them
/// last, and our marks.
///
/// A field that another manager sets otherwise or removes leaves our entry in `managedFields`; whoever applies something else under
/// our name changes the time of it. What others add, a controller's fields or its bumps of the generation, changes nothing here.
pub(crate) fn seal(live: &Value) -> String {
    let metadata = &live["metadata"];
    let entry = entry(live).unwrap_or(&Value::Null);
    let marks = [&metadata["labels"][PART_OF], &metadata["annotations"][STEP], &metadata["annotations"][ADOPTED]];
    let told = json!([metadata["uid"], entry["time"], entry["fieldsV1"], marks]);
    sha256(told.to_string().as_bytes())[..SEAL].to_owned()
}

/// How many hexadecimal digits of a digest a seal has: a record holds a hundred of them.
const SEAL: usize = 32;

/// The fields we own.
fn ours(live: &Value) -> Option<&Value> {
    entry(live).map(|entry| &entry["fieldsV1"])
}

/// What the API server notes of what we applied.
fn entry(live: &Value) -> Option<&Value> {
    let entries = live["metadata"]["managedFields"].as_array()?;
    entries.iter().find(|entry| {
        entry["manager"] == MANAGER
            && entry["operation"] == "Apply"
            && entry["subresource"].as_str().is_none_or(str::is_empty)
    })
}

fn parameters(path: &str, force: bool, dry_run: bool) -> String {
    let force = if force { "&force=true" } else { "" };
    let dry_run = if dry_run { "&dryRun=All" } else { "" };
    format!("{path}?fieldManager={MANAGER}&fieldValidation=Strict{force}{dry_run}")
}

/// An error about a Secret, without the server's words: they may quote its content.
fn discreet<T>(object: &Object, answer: Result<T, CallError>) -> Result<T, CallError> {
    if object.is_secret() { answer.map_err(CallError::without_words) } else { answer }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(manager: &str, operation: &str) -> Value {
        let entry = json!({"manager": manager, "operation": operation, "fieldsV1": {}});
        json!({"metadata": {"annotations": {}, "managedFields": [entry]}})
    }

    #[test]
    fn ours_is_what_our_manager_applied() {
        assert!(is_managed(&live(MANAGER, "Apply")));
        assert!(!is_managed(&live(MANAGER, "Update")));
        assert!(!is_managed(&live("kubectl", "Apply")));
    }

    #[test]
    fn a_seal_is_broken_by_what_touches_ours_and_by_nothing_else() {
        let sealed = |change: &dyn Fn(&mut Value)| {
            let mut live = live(MANAGER, "Apply");
            live["metadata"]["uid"] = "u".into();
            live["metadata"]["managedFields"][0]["time"] = "t1".into();
            change(&mut live["metadata"]);
            seal(&live)
        };
        let whole = sealed(&|_| {});
        let other = json!({"manager": "kubectl", "operation": "Update", "time": "t2", "fieldsV1": {"f:spec": {}}});
        let added: &dyn Fn(&mut Value) =
            &|metadata| metadata["managedFields"].as_array_mut().unwrap().push(other.clone());
        assert_eq!(sealed(added), whole, "what others own is theirs");
        assert_eq!(sealed(&|metadata| metadata["generation"] = 7.into()), whole, "controllers may write");
        let touched: [&dyn Fn(&mut Value); 6] = [
            &|metadata| metadata["uid"] = "v".into(),
            &|metadata| metadata["managedFields"] = json!([{}]),
            &|metadata| metadata["managedFields"][0]["time"] = "t2".into(),
            &|metadata| metadata["managedFields"][0]["fieldsV1"] = json!({"f:data": {}}),
            &|metadata| metadata["labels"] = json!({PART_OF: "x"}),
            &|metadata| metadata["annotations"] = json!({STEP: "x"}),
        ];
        for touch in touched {
            assert_ne!(sealed(touch), whole);
        }
    }

    #[test]
    fn what_cannot_be_changed_is_made_anew() {
        let slice = |kind: &str, address: &str| json!({"kind": "EndpointSlice", "addressType": kind, "endpoints": [{"addresses": [address]}]});
        let (before, after) = (slice("IPv4", "198.51.100.9"), slice("IPv6", "2001:db8::7"));
        assert_eq!(made_anew(&before, &after), Some(after.clone()));
        assert_eq!(made_anew(&before, &slice("IPv4", "198.51.100.3")), None);
        let changes = differences(&before, &after, false);
        assert_eq!(
            changes.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(),
            ["addressType", "endpoints[0].addresses[0]"]
        );
    }

    #[test]
    fn what_was_there_before_is_marked() {
        let bare = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n"}});
        let object = Object::from_value(bare);
        assert!(is_adopted(intent(&object, true).value()));
        assert!(!is_adopted(intent(&object, false).value()));
    }
}
