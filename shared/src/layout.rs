//! Where things stand on the canvas: a document of its own, so that moving a box changes no byte of the plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::{ClusterName, NetworkName};
use crate::topology::API_VERSION;
use crate::yaml::{INPUT_MAX, emit, guard};

/// A point of the canvas, in its own units (a pixel at 100 %).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Downwards.
    pub y: i32,
}

/// Positions that differ from the layout by rule, and networks that no cluster is on yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Regions in the order in which they stand, empty ones among them.
    pub networks: Vec<NetworkName>,
    /// Clusters that were moved by hand.
    pub clusters: BTreeMap<ClusterName, Point>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    api_version: String,
    kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    networks: Vec<NetworkName>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    clusters: BTreeMap<ClusterName, Point>,
}

impl Layout {
    /// Reads a layout; whatever cannot be read is no layout, since positions are never worth an error.
    pub fn read(text: &str) -> Layout {
        guard(text, INPUT_MAX)
            .ok()
            .and_then(|()| serde_yaml::from_str::<Document>(text).ok())
            .filter(|document| document.api_version == API_VERSION && document.kind == "Layout")
            .map(|document| Layout { networks: document.networks, clusters: document.clusters })
            .unwrap_or_default()
    }

    /// Writes the document.
    pub fn write(&self) -> String {
        emit(&Document {
            api_version: API_VERSION.to_owned(),
            kind: "Layout".to_owned(),
            networks: self.networks.clone(),
            clusters: self.clusters.clone(),
        })
    }
}
