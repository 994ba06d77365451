//! The model and the generators of Isthmus, pure: the same input gives the same bytes in the browser and in the terminal.
//!
//! The pipeline, each stage a value and a function of the one before:
//!
//! 1. [`topology::Topology`] – what the architect drew; may be wrong.
//! 2. [`mesh::check`] – turns it into [`finding::Finding`]s and, where none is an error, a [`mesh::Mesh`].
//! 3. [`rules::RULES`] – each a function from a mesh to [`step::Step`]s, which need and give [`fact::Fact`]s.
//! 4. [`plan::Plan`] – the steps in an order that the facts allow.
//! 5. [`bundle::Bundle`] – the plan as files: manifests, runbook, diagram, index.
//!
//! [`scene`] is the picture of a topology, right or wrong.

pub mod bundle;
pub mod check;
pub mod fact;
pub mod finding;
pub mod firewall;
pub mod hole;
pub mod import;
pub mod layout;
pub mod manifest;
pub mod mesh;
pub mod name;
pub mod origin;
pub mod overview;
pub mod plan;
pub mod preset;
pub mod probe;
pub mod release;
pub mod rules;
pub mod scene;
pub mod sorted;
pub mod source;
pub mod step;
pub mod text;
pub mod topology;
pub mod yaml;
