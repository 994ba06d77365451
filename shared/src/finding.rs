//! What is wrong or risky in a drawing, where, and what to do.

pub mod catalogue;

pub use catalogue::Kind;

use crate::name::{ClusterName, NetworkName};
use crate::text::Text;
use crate::topology::Topology;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The drawing cannot become a mesh.
    Error,
    /// It can, but a person should look.
    Warning,
    /// Nothing is wrong: what a person should bring or know. No badge counts it.
    Info,
}

impl Severity {
    /// Returns the word for machines.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A field of the mesh as a whole, by its name in the format.
    Mesh(&'static str),
    /// A network.
    Network(NetworkName),
    /// A cluster, by its place in the drawing, since its name may be the trouble.
    Cluster {
        /// The place, counted from 0.
        index: usize,
        /// The name as drawn.
        name: ClusterName,
    },
    /// An ingress or egress gateway, by its place in the drawing.
    Gateway {
        /// The place, counted from 0.
        index: usize,
        /// The cluster it is drawn in.
        cluster: ClusterName,
    },
}

impl Subject {
    /// Names the subject as a path: `cluster/cluster1`, `network/network1`, `spec/meshId`.
    pub fn path(&self) -> String {
        match self {
            Subject::Mesh(field) => format!("spec/{field}"),
            Subject::Network(network) => format!("network/{network}"),
            Subject::Cluster { index, name } if name.is_empty() => {
                format!("cluster/#{}", index + 1)
            }
            Subject::Cluster { name, .. } => format!("cluster/{name}"),
            Subject::Gateway { index, cluster } => format!("gateway/{cluster}/#{}", index + 1),
        }
    }
}

/// A mechanical way to mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as the words of a button.
    pub label: Text,
    /// The drawing after it.
    pub topology: Box<Topology>,
}

/// One thing that is wrong or risky.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind it is: its id, how bad it is, and what `isthmus explain` says.
    pub kind: &'static Kind,
    /// What it is about.
    pub subject: Subject,
    /// What is wrong, one sentence.
    pub what: Text,
    /// What to do about it.
    pub hint: Text,
    /// The line in the file that was read, counted from 1; `None` for a drawing that was not read from a file.
    pub line: Option<u32>,
    /// Mechanical ways to mend it, the best first; none where only a person can know.
    pub fixes: Vec<Fix>,
}

impl Finding {
    /// Makes a finding of a kind.
    pub fn new(kind: &'static Kind, subject: Subject, what: Text, hint: Text) -> Self {
        Finding { kind, subject, what, hint, line: None, fixes: Vec::new() }
    }

    /// Returns its id, what `isthmus explain` takes.
    pub fn id(&self) -> &'static str {
        self.kind.id
    }

    /// Returns how bad it is.
    pub fn severity(&self) -> Severity {
        self.kind.severity
    }

    /// Says whether the finding keeps the drawing from becoming a mesh.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }
}

/// Returns the findings that somebody should do something about: all but what is only to be known.
pub fn pressing<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> impl Iterator<Item = &'a Finding> {
    findings.into_iter().filter(|finding| finding.severity() != Severity::Info)
}

/// Notes in every finding the line of the text it is about.
pub fn locate(findings: &mut [Finding], topology: &Topology, text: &str) {
    for finding in findings {
        finding.line = crate::topology::line_of(text, topology, &finding.subject);
    }
}
