//! The arguments of commands that change clusters; those about credentials have a file of their own.

use std::path::PathBuf;

use clap::Args;

use super::common::{Connection, Course, Selection, Supplies};

/// Arguments of `apply`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Apply {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Where the certificates and the programs are.
    #[command(flatten)]
    pub(crate) supplies: Supplies,
    /// Which steps are meant.
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// Do not ask before the first write
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Take over fields that another manager owns
    #[arg(long)]
    pub(crate) force_conflicts: bool,
    /// How the run goes.
    #[command(flatten)]
    pub(crate) course: Course,
}

/// Arguments of `cleanup`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Cleanup {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Do not ask; needs --confirm
    #[arg(long, short, requires = "confirm")]
    pub(crate) yes: bool,
    /// The mesh's id, typed out, in place of the question
    #[arg(long, value_name = "MESH-ID")]
    pub(crate) confirm: Option<String>,
    /// Only this cluster, such as one that has left the drawing; repeatable
    #[arg(long = "cluster", value_name = "NAME")]
    pub(crate) clusters: Vec<String>,
    /// How the run goes.
    #[command(flatten)]
    pub(crate) course: Course,
}
