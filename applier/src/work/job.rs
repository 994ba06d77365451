//! One step of a bundle, with its files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use shared::bundle::{Bundle, IndexChart, TOPOLOGY};
use shared::fact::Fact;
use shared::mesh;
use shared::plan::Plan;
use shared::text::Text;
use shared::topology::Topology;

use super::unfit;
use crate::error::Failure;
use crate::object::Object;

/// What renders the files of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Install {
    /// `istioctl`, each file an `IstioOperator`.
    Istioctl,
    /// `helm`, each file the values of the chart at its place here.
    Helm(Vec<IndexChart>),
}

/// One step.
pub(crate) struct Job {
    /// Its id, which reads as a path.
    pub(crate) id: String,
    /// The step its objects belong to: itself, unless it installs once more what another one did.
    pub(crate) owner: String,
    /// The cluster it acts on.
    pub(crate) cluster: String,
    /// The program that renders its files first, where one does.
    pub(crate) installs: Option<Install>,
    /// Its files: path and text.
    pub(crate) files: Vec<(String, String)>,
    /// What must be so before.
    pub(crate) needs: BTreeSet<Fact>,
    /// What is so afterwards.
    pub(crate) gives: BTreeSet<Fact>,
    /// What it is for.
    pub(crate) why: Text,
    /// Whether its object, where somebody else made one before, is left as it is: so it is with certificates.
    pub(crate) keeps_what_is_there: bool,
}

impl Job {
    /// Sees that its files are what its action takes, before anything is asked of a cluster.
    pub(super) fn reads(&self) -> Result<(), Failure> {
        if !matches!(self.installs, Some(Install::Helm(_))) {
            return self.outline().map(drop);
        }
        let values = |(path, text): &(String, String)| {
            serde_yaml::from_str::<Map<String, Value>>(text).map(drop).map_err(|error| unfit(path, error.to_string()))
        };
        self.files.iter().try_for_each(values)
    }

    /// The objects of the step with their holes open, to be named and looked for.
    pub(crate) fn outline(&self) -> Result<Vec<Object>, Failure> {
        let mut objects = Vec::new();
        for (path, text) in &self.files {
            objects.extend(Object::read(text).map_err(|trouble| unfit(path, trouble))?);
        }
        Ok(objects)
    }
}

/// What each step is for, from the drawing in the bundle. It is only told: nothing is made anew from the drawing.
pub(super) fn purposes(bundle: &Bundle) -> BTreeMap<String, Text> {
    let topology = bundle.files.get(TOPOLOGY).and_then(|text| Topology::read(text).ok());
    let mesh = topology.and_then(|topology| mesh::check(&topology).mesh);
    let steps = mesh.map(|mesh| Plan::new(&mesh).steps).unwrap_or_default();
    steps.into_iter().map(|step| (step.id.to_string(), step.why.purpose)).collect()
}
