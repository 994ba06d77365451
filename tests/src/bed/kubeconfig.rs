//! Kubeconfigs: one for each cluster, one for the whole bed, one for an istiod's service account.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::{Value, json};

use super::BedError;

/// A context and what it leads to.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Name of the context, of the cluster and of the user.
    pub(super) name: String,
    /// The `cluster` part.
    pub(super) cluster: Value,
    /// The `user` part.
    pub(super) user: Value,
}

impl Entry {
    /// The only cluster and user of a kubeconfig read as JSON, under another name.
    pub(super) fn first(config: &Value, name: &str) -> Result<Self, BedError> {
        let part = |list: &str, item: &str| match config.pointer(&format!("/{list}/0/{item}")) {
            Some(value) => Ok(value.clone()),
            None => Err(BedError::from(format!("the kubeconfig of {name} has no {item}"))),
        };
        Ok(Self { name: name.to_owned(), cluster: part("clusters", "cluster")?, user: part("users", "user")? })
    }

    /// The same cluster for a service account.
    pub(super) fn with_token(&self, token: &str) -> Self {
        Self { user: json!({ "token": token }), ..self.clone() }
    }

    /// The address of the API server.
    pub(super) fn server(&self) -> &str {
        self.cluster["server"].as_str().unwrap_or_default()
    }
}

/// Writes a kubeconfig that only its owner can read. It has a current context only where there is no choice.
pub(super) fn write(path: &Path, entries: &[&Entry]) -> Result<(), BedError> {
    let list = |key: &str, value: &dyn Fn(&Entry) -> Value| -> Vec<Value> {
        entries.iter().map(|entry| json!({ "name": entry.name, key: value(entry) })).collect()
    };
    let current = if let [only] = entries { only.name.as_str() } else { "" };
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": current,
        "clusters": list("cluster", &|entry| entry.cluster.clone()),
        "contexts": list("context", &|entry| json!({ "cluster": entry.name, "user": entry.name })),
        "users": list("user", &|entry| entry.user.clone()),
    });
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // JSON is YAML: every reader of a kubeconfig takes it.
    file.write_all(serde_json::to_string_pretty(&config)?.as_bytes())?;
    Ok(())
}
