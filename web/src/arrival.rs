//! What came into the page and is not drawn yet: a drawing, or what was read of other files; added to what is drawn, or in its place.

use std::rc::Rc;

use shared::import::Imported;
use shared::layout::Layout;
use shared::topology::{Cluster, Topology};

use crate::drawing::Drawing;

/// What came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// The name of the file.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) what: What,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A drawing of our own.
    Drawing(Rc<Drawing>),
    /// What was read of files of others.
    Other(Imported),
}

impl Arrival {
    /// Draws it alone.
    pub(crate) fn alone(&self) -> Rc<Drawing> {
        match &self.what {
            What::Drawing(drawing) => drawing.clone(),
            What::Other(imported) => {
                let name =
                    Some(imported.mesh.mesh_id.as_str()).filter(|id| shared::name::is_label(id)).unwrap_or("mesh1");
                let topology = imported.onto(&Topology::empty(name));
                Rc::new(Drawing::new(topology, Layout::default()))
            }
        }
    }

    /// Adds it to a drawing. Clusters are the same where their names are.
    pub(crate) fn added(&self, drawing: &Drawing) -> Rc<Drawing> {
        let topology = match &self.what {
            What::Other(imported) => imported.onto(&drawing.topology),
            What::Drawing(more) => {
                let mut topology = Topology::clone(&drawing.topology);
                for cluster in &more.topology.clusters {
                    match topology.clusters.iter_mut().find(|known| known.name == cluster.name) {
                        Some(known) => known.clone_from(cluster),
                        None => topology.clusters.push(cluster.clone()),
                    }
                }
                let new = more.topology.gateways.iter().filter(|gateway| !drawing.topology.gateways.contains(gateway));
                topology.gateways.extend(new.cloned());
                topology
            }
        };
        Rc::new(Drawing::new(topology, drawing.layout.clone()))
    }

    /// Returns the clusters in it.
    pub(crate) fn clusters(&self) -> Vec<&Cluster> {
        match &self.what {
            What::Drawing(drawing) => drawing.topology.clusters.iter().collect(),
            What::Other(imported) => imported.clusters.iter().map(|part| &part.cluster).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_added_by_the_names_of_its_clusters() {
        let draw = |clusters: &[(&str, &str)]| {
            let mut topology = Topology::empty("m");
            topology.clusters = clusters.iter().map(|(name, network)| Cluster::primary(name, network)).collect();
            Drawing::new(topology, Layout::default())
        };
        let what = What::Drawing(Rc::new(draw(&[("b", "n2"), ("c", "n2")])));
        let arrival = Arrival { name: "more.yaml".to_owned(), what };
        let added = arrival.added(&draw(&[("a", "n1"), ("b", "n1")]));
        assert_eq!(*added, draw(&[("a", "n1"), ("b", "n2"), ("c", "n2")]));
        assert_eq!(*arrival.alone(), draw(&[("b", "n2"), ("c", "n2")]));
    }
}
