//! A plan walked with made-up values: what every file is once its holes are filled, without a cluster.

use std::collections::BTreeSet;

use serde_json::Value;
use shared::fact::{Fact, GatewayName};
use shared::hole::{Hole, PLACEHOLDER, Part};
use shared::mesh::Mesh;
use shared::name::ClusterName;
use shared::plan::Plan;
use shared::step::Step;

/// A step of a plan, and its files with every hole filled.
#[derive(Debug)]
pub struct Replayed<'a> {
    /// The step.
    pub step: &'a Step,
    /// Its files' texts, in the order of its manifests.
    pub texts: Vec<String>,
}

impl Replayed<'_> {
    /// The objects in the step's files.
    ///
    /// # Panics
    /// If a file is not YAML.
    pub fn objects(&self) -> Vec<Value> {
        self.texts
            .iter()
            .flat_map(|text| documents(text).unwrap_or_else(|error| panic!("{error} in:\n{text}")))
            .collect()
    }
}

/// Walks a plan in its order and fills every hole of a step with a value that is known by then.
///
/// # Panics
/// If a value is not known when it is needed, or a hole is left.
pub fn replay<'a>(mesh: &Mesh, plan: &'a Plan) -> Vec<Replayed<'a>> {
    let mut known: BTreeSet<&Fact> = plan.assumptions.iter().collect();
    let walk = |step: &'a Step| {
        for fact in &step.needs {
            assert!(known.contains(fact), "{} comes before {fact} is known", step.id);
        }
        let texts = step.action.manifests().map(|manifest| filled(mesh, step, manifest.text(), &known)).collect();
        known.extend(&step.gives);
        Replayed { step, texts }
    };
    plan.steps.iter().map(walk).collect()
}

fn filled(mesh: &Mesh, step: &Step, mut text: String, known: &BTreeSet<&Fact>) -> String {
    for hole in &step.holes {
        let value = if known.contains(&hole.fact()) {
            value(mesh, hole)
        } else {
            assert!(step.placeholders().any(|other| other == hole), "{} does not wait for {}", step.id, hole.text());
            PLACEHOLDER.to_owned()
        };
        text = text.replace(&hole.text(), &value);
    }
    assert!(!text.contains("${"), "{} has a hole that nothing fills:\n{text}", step.id);
    text
}

fn value(mesh: &Mesh, hole: &Hole) -> String {
    let cluster = &hole.cluster;
    match (hole.part(), hole.fact()) {
        (Part::Address, Fact::Address(_, gateway)) => address(mesh, cluster, gateway),
        (Part::Url, _) => server(mesh, cluster),
        (Part::Token, _) => format!("token-of-{cluster}"),
        // Base64 stays as it is wherever it is written.
        _ => "c2FtcGxl".to_owned(),
    }
}

/// The made-up address of a gateway; another for every cluster and kind.
pub fn address(mesh: &Mesh, cluster: &ClusterName, gateway: GatewayName) -> String {
    let block = match gateway {
        GatewayName::ControlPlane => "203.0.113",
        GatewayName::EastWest => "198.51.100",
        GatewayName::Ingress => "198.18.0",
    };
    format!("{block}.{}", mesh.place(cluster) + 1)
}

/// The made-up address of an API server.
pub fn server(mesh: &Mesh, cluster: &ClusterName) -> String {
    format!("https://192.0.2.{}:6443", mesh.place(cluster) + 1)
}

/// The YAML documents of a text, as JSON; empty ones are left out.
pub fn documents(text: &str) -> Result<Vec<Value>, serde_yaml::Error> {
    let documents = serde_yaml::Deserializer::from_str(text).map(serde::Deserialize::deserialize);
    documents.filter(|document| !matches!(document, Ok(Value::Null))).collect()
}
