//! What can happen while a bundle meets its clusters. The engine sends these; it never writes a line itself.
//!
//! As JSON an event is one object: `type` names the kind, sentences come in both languages.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use shared::text::Text;

/// One thing that happened.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Event {
    /// Work begins. Comes first, and before the first request to a cluster.
    Started {
        /// What is done.
        verb: Verb,
        /// The mesh's id.
        mesh: String,
        /// How many steps there are.
        steps: usize,
        /// The clusters and the contexts that lead to them.
        clusters: Vec<Target>,
    },
    /// A step begins.
    StepStarted {
        /// The step's id, such as `cluster1/secret/cluster2`.
        step: String,
        /// What the step is for.
        why: Text,
    },
    /// An object came to its end.
    Object {
        /// The step it belongs to.
        step: String,
        /// The object.
        object: ObjectName,
        /// What became of it.
        outcome: Outcome,
        /// Why, where that is not plain: what still holds a namespace that is kept, say.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// An object would come to this end; sent by `diff`, never with the value of a secret.
    Difference {
        /// The step it belongs to.
        step: String,
        /// The object.
        object: ObjectName,
        /// What would become of it.
        outcome: Outcome,
        /// Field by field.
        changes: Vec<Change>,
        /// Why, where that is not plain: what the API server could not be asked about yet, say.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// A step waits. Sent when the reason changes, not at every look.
    Waiting {
        /// The step that waits.
        step: String,
        /// The fact it waits for, such as `Address(cluster1, eastwest)`.
        fact: String,
        /// Why the fact is not so yet.
        reason: Text,
    },
    /// A step is done.
    StepDone {
        /// The step.
        step: String,
        /// Whether it wrote anything.
        changed: bool,
        /// What its objects came to.
        outcomes: Tally,
        /// How long it took, waits included.
        milliseconds: u64,
    },
    /// A step failed; the failure itself is printed at the end.
    StepFailed {
        /// The step.
        step: String,
        /// What happened.
        what: Text,
        /// The steps that cannot begin because of it.
        blocked: Vec<String>,
    },
    /// A fact was looked up.
    Fact {
        /// The fact, such as `Trust(cluster1)`.
        fact: String,
        /// Whether it is so.
        holds: bool,
        /// What was seen.
        detail: Text,
    },
    /// Something worth knowing.
    Note {
        /// The cluster, step or file it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        place: Option<String>,
        /// The sentence.
        text: Text,
    },
    /// Something to act on that does not stop the work.
    Warning {
        /// The cluster, step or file it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        place: Option<String>,
        /// The sentence.
        text: Text,
        /// What to do.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        hints: Vec<Text>,
    },
    /// Work is done. Comes last.
    Summary {
        /// What was done.
        verb: Verb,
        /// What all objects came to.
        outcomes: Tally,
        /// How long it took.
        milliseconds: u64,
        /// What to run or to open next, if anything.
        #[serde(skip_serializing_if = "Option::is_none")]
        next: Option<Text>,
    },
}

/// What is done to the clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Verb {
    /// `diff`.
    Diff,
    /// `apply`.
    Apply,
    /// `status`.
    Status,
    /// `verify`.
    Verify,
    /// `cleanup`.
    Cleanup,
    /// `rotate`.
    Rotate,
    /// `revoke`.
    Revoke,
}

/// A cluster and where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Target {
    /// The cluster, as drawn.
    pub(crate) cluster: String,
    /// The kubeconfig context.
    pub(crate) context: String,
    /// The address of its API server.
    pub(crate) server: String,
}

/// A Kubernetes object's name, as `kubectl` prints it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ObjectName {
    /// Group and version, such as `apps/v1`.
    pub(crate) api_version: String,
    /// The kind.
    pub(crate) kind: String,
    /// The namespace, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<String>,
    /// The name.
    pub(crate) name: String,
}

impl fmt::Display for ObjectName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(out, "{} {namespace}/{}", self.kind, self.name),
            None => write!(out, "{} {}", self.kind, self.name),
        }
    }
}

/// What became of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// It was not there.
    Created,
    /// It was there, and ours, and differed.
    Configured,
    /// It was there before us; it is shared now, and cleanup will leave it.
    Adopted,
    /// Nothing was to do.
    Unchanged,
    /// It is gone.
    Deleted,
    /// It stays; the reason says why.
    Kept,
}

impl Outcome {
    /// All of them, in the order they are reported in.
    pub(crate) const ALL: [Self; 6] =
        [Self::Created, Self::Configured, Self::Adopted, Self::Deleted, Self::Kept, Self::Unchanged];

    /// Whether something was written.
    pub(crate) fn is_change(self) -> bool {
        !matches!(self, Self::Unchanged | Self::Kept)
    }
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    /// The path of the field, such as `spec.replicas`.
    pub(crate) field: String,
    /// What is there, as one line of JSON; nothing where the field is new. Secrets come masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<String>,
    /// What would be there; nothing where the field goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<String>,
}

/// How many objects came to which end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally([usize; 6]);

impl Tally {
    /// Counts one more.
    pub(crate) fn count(&mut self, outcome: Outcome) {
        self.0[outcome as usize] += 1;
    }

    /// How many came to this end.
    pub(crate) fn of(&self, outcome: Outcome) -> usize {
        self.0[outcome as usize]
    }

    /// How many there are.
    pub(crate) fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// How many were written.
    pub(crate) fn changes(&self) -> usize {
        Outcome::ALL.into_iter().filter(|outcome| outcome.is_change()).map(|outcome| self.of(outcome)).sum()
    }
}

impl Serialize for Tally {
    /// A map of the outcomes that did come up.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seen: BTreeMap<Outcome, usize> = Outcome::ALL
            .into_iter()
            .map(|outcome| (outcome, self.of(outcome)))
            .filter(|(_, count)| *count > 0)
            .collect();
        seen.serialize(serializer)
    }
}
