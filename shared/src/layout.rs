//! Where things stand on the canvas: a document of its own, so that moving a box changes no byte of the plan.

use crate::name::{ClusterName, NetworkName};
use crate::sorted::{self, Map};
use crate::topology::{API_VERSION, Fields};
use crate::yaml::{INPUT_MAX, Node, Yaml, emit, parse};

/// A point of the canvas, in its own units (a pixel at 100 %).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    pub clusters: Map<ClusterName, Point>,
}

impl Layout {
    /// Reads a layout; whatever cannot be read is no layout, since positions are never worth an error.
    pub fn read(text: &str) -> Layout {
        parse(text, INPUT_MAX).ok().and_then(|document| layout(&document)).unwrap_or_default()
    }

    /// Takes a cluster back to where it stands by rule; returns where it stood.
    pub fn forget(&mut self, name: &ClusterName) -> Option<Point> {
        let place = self.clusters.get(name).copied()?;
        self.keep(|other| other != name);
        Some(place)
    }

    /// Keeps the clusters that are meant where they were moved to, and no others. Filled anew: what the standard library needs to take
    /// entries out of a map would come to the browser for this map alone.
    pub fn keep(&mut self, is_meant: impl Fn(&ClusterName) -> bool) {
        self.clusters = sorted::map(std::mem::take(&mut self.clusters).into_iter().filter(|(name, _)| is_meant(name)));
    }

    /// Writes the document.
    pub fn write(&self) -> String {
        let mut document = Yaml::map([("apiVersion", API_VERSION.into()), ("kind", "Layout".into())]);
        if !self.networks.is_empty() {
            document = document
                .with("networks", Yaml::List(self.networks.iter().map(|network| network.as_str().into()).collect()));
        }
        if !self.clusters.is_empty() {
            let place = |point: &Point| Yaml::map([("x", point.x.into()), ("y", point.y.into())]);
            let places = self.clusters.iter().map(|(name, point)| (name.as_str().to_owned(), place(point)));
            document = document.with("clusters", Yaml::Map(places.collect()));
        }
        emit(&document)
    }
}

fn layout(document: &Node) -> Option<Layout> {
    let fields = Fields::of(document, &["apiVersion", "kind", "networks", "clusters"]).ok()?;
    if fields.text("apiVersion").ok()? != Some(API_VERSION) || fields.text("kind").ok()? != Some("Layout") {
        return None;
    }
    let mut layout = Layout::default();
    for network in fields.items("networks").ok()? {
        layout.networks.push(network.text()?.into());
    }
    for entry in fields.optional("clusters").map_or(Some(&[][..]), Node::entries)? {
        let at = Fields::of(&entry.node, &["x", "y"]).ok()?;
        let whole = |name| at.required(name).ok()?.bare()?.parse().ok();
        layout.clusters.insert(entry.key.as_str().into(), Point { x: whole("x")?, y: whole("y")? });
    }
    Some(layout)
}
