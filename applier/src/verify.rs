//! Whether a mesh works: calls cross between its clusters, and every istiod sees what it must. Each part asks, then judges what
//! it heard by a pure function, and hands back checks.

pub(crate) mod calls;
pub(crate) mod chance;
pub(crate) mod ingress;
pub(crate) mod istiods;
pub(crate) mod judge;
pub(crate) mod junit;
pub(crate) mod page;

use serde::Serialize;
use shared::text::Text;

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// It is so.
    Passed,
    /// It is not so.
    Failed,
    /// Only the caller's own cluster answered, which locality would explain; that calls cross was not seen.
    PossiblyLocality,
    /// Nobody was asked, so nothing is known.
    NotAsked,
    /// The account may not ask.
    Refused,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Check {
    /// What it belongs to.
    pub(crate) group: Group,
    /// Its name, the same in every language.
    pub(crate) name: String,
    /// What it came to.
    pub(crate) outcome: Outcome,
    /// What was seen.
    pub(crate) detail: Text,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<Text>,
    /// Who called whom, and how often it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pair: Option<Pair>,
}

/// What checks belong to, in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Group {
    /// Calls between members.
    Requests,
    /// Calls from outside.
    Ingress,
    /// What istiods see.
    Istiods,
    /// The facts of the bundle.
    Facts,
}

/// Who called whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pair {
    /// The caller's cluster.
    pub(crate) from: String,
    /// The cluster that was to answer.
    pub(crate) to: String,
    /// How many answers came from there.
    pub(crate) answers: usize,
    /// How many calls were made in all.
    pub(crate) calls: usize,
    /// The pods that answered, with their addresses where these are known.
    pub(crate) pods: Vec<String>,
    /// The addresses that the caller's proxy dialled for these answers: of pods, or of a gateway of the other network.
    pub(crate) dialled: Vec<String>,
    /// Those of them to which it got no connection, now and then or always.
    pub(crate) unreached: Vec<String>,
    /// The gateways by which calls come in, where the two are on networks of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) through: Option<String>,
}

impl Check {
    /// A check with this outcome.
    pub(crate) fn new(group: Group, name: impl Into<String>, outcome: Outcome, detail: Text) -> Self {
        Self { group, name: name.into(), outcome, detail, hint: None, pair: None }
    }

    /// The same check with what to do about it.
    pub(crate) fn hint(self, hint: Text) -> Self {
        Self { hint: Some(hint), ..self }
    }
}
