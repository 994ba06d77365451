//! The bundle: path → text, the only interface between the planner and the terminal. It holds no secret.

mod archive;
mod gitops;
mod index;
mod read;
mod runbook;
mod verify;
mod zip;

use sha2::{Digest, Sha256};

pub use index::{ActionWord, HoleRef, Index, IndexChart, IndexCluster, IndexIstio, IndexMetadata, IndexStep};
pub use read::{BundleError, COMPRESSED_MAX, ENTRIES_MAX, FILE_MAX, INDEX_MAX, TOTAL_MAX};
pub use verify::{IstiodPage, Verify, VerifyClient, VerifyIstiod, VerifyMember, VerifyProxy};
pub use zip::crc32;

use crate::finding::Finding;
use crate::hole::{Hole, PLACEHOLDER};
use crate::layout::Layout;
use crate::mesh::{Mesh, check};
use crate::plan::Plan;
use crate::probe::Probe;
use crate::scene::{Scene, svg};
use crate::sorted::{self, Map};
use crate::step::{Action, Step};
use crate::text::Text;
use crate::topology::{API_VERSION, Topology};
use crate::yaml::{Yaml, emit};

/// The index of a bundle.
pub const INDEX: &str = "bundle.yaml";
/// The drawing in a bundle.
pub const TOPOLOGY: &str = "topology.yaml";
/// The positions in a bundle; in no digest.
pub const LAYOUT: &str = "layout.yaml";

/// A bundle: its files, and its index as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Every file, by its path with `/`.
    pub files: Map<String, String>,
    /// What `bundle.yaml` says.
    pub index: Index,
}

impl Bundle {
    /// Generates the bundle of a drawing.
    ///
    /// # Errors
    ///
    /// All findings, where one of them is an error.
    pub fn write(topology: &Topology, layout: Option<&Layout>) -> Result<Bundle, Vec<Finding>> {
        let checked = check(topology);
        match checked.mesh {
            Some(mesh) => Ok(Bundle::of(&mesh, &Plan::new(&mesh), layout)),
            None => Err(checked.findings),
        }
    }

    /// Writes a plan as files.
    pub fn of(mesh: &Mesh, plan: &Plan, layout: Option<&Layout>) -> Bundle {
        Bundle::again(mesh, plan, layout, &|_, _| None)
    }

    /// Writes a plan as files; `known` returns the digest of a file, by its path and text, where it has been worked out before. Few files
    /// are others after an edit, and in a browser digests are two fifths of the work.
    pub fn again(
        mesh: &Mesh,
        plan: &Plan,
        layout: Option<&Layout>,
        known: &dyn Fn(&str, &str) -> Option<String>,
    ) -> Bundle {
        let mut files = Map::new();
        let mut folders: Map<String, Vec<String>> = Map::new();
        for step in &plan.steps {
            let folder = step.folder();
            for manifest in step.action.manifests() {
                files.insert(format!("{folder}/{}", manifest.file), manifest.text());
                if matches!(step.action, Action::Apply(_)) {
                    folders.entry(folder.clone()).or_default().push(manifest.file.clone());
                }
            }
        }
        for (folder, resources) in folders {
            files.insert(format!("{folder}/kustomization.yaml"), kustomization(resources));
        }
        files.insert(TOPOLOGY.to_owned(), mesh.topology().write());
        let Text { en, zh } = runbook::runbooks(mesh, plan);
        files.insert("README.md".to_owned(), en);
        files.insert("README.zh.md".to_owned(), zh);
        files.insert("diagram.svg".to_owned(), svg(&Scene::new(mesh.topology(), &Layout::default())));
        files.extend(gitops::gitops(mesh, plan));
        let digests =
            files.iter().map(|(path, text)| (path.clone(), known(path, text).unwrap_or_else(|| digest(text))));
        let index = index(mesh, plan, sorted::map(digests));
        files.insert(INDEX.to_owned(), emit(&index));
        if let Some(layout) = layout {
            files.insert(LAYOUT.to_owned(), layout.write());
        }
        Bundle { files, index }
    }

    /// Returns the zip of the bundle; the same bundle gives the same bytes.
    pub fn to_zip(&self) -> Vec<u8> {
        archive::write(&self.files)
    }

    /// Reads a bundle from a zip.
    pub fn from_zip(zip: &[u8]) -> Result<Bundle, BundleError> {
        read::read(archive::read(zip)?)
    }

    /// Reads the files of a zip and sees that they are those that were written, without looking into the plan: for who wants the drawing.
    pub fn files_from_zip(zip: &[u8]) -> Result<Map<String, String>, BundleError> {
        archive::read(zip)
    }

    /// Reads a bundle from a folder: `fetch` returns the content of a file that may have so many bytes, if it is there. What the index does
    /// not name is not asked for.
    pub fn from_folder<E: From<BundleError>>(
        fetch: impl FnMut(&str, usize) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<Bundle, E> {
        Ok(read::read(read::unchanged(None, fetch)?)?)
    }

    /// Returns the digest of the bundle as a whole: that of its index, which holds those of all other files.
    pub fn digest(&self) -> String {
        digest(self.files.get(INDEX).map_or("", String::as_str))
    }

    /// Returns the positions, where the bundle has them.
    pub fn layout(&self) -> Option<Layout> {
        self.files.get(LAYOUT).map(|text| Layout::read(text))
    }
}

/// Returns the SHA-256 of a text, in hexadecimal.
pub fn digest(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let hash = Sha256::digest(text.as_bytes());
    let mut out = String::with_capacity(64);
    for byte in hash {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

fn kustomization(resources: Vec<String>) -> String {
    emit(&Yaml::map([
        ("apiVersion", "kustomize.config.k8s.io/v1beta1".into()),
        ("kind", "Kustomization".into()),
        ("resources", Yaml::List(resources.into_iter().map(Yaml::Text).collect())),
    ]))
}

fn index(mesh: &Mesh, plan: &Plan, files: Map<String, String>) -> Index {
    let topology = mesh.topology();
    let placeholders = sorted::set(plan.steps.iter().flat_map(Step::placeholders));
    let hole_ref = |hole: &Hole| HoleRef {
        fact: hole.fact().to_string(),
        part: hole.part(),
        placeholder: placeholders.contains(hole).then(|| PLACEHOLDER.to_owned()),
    };
    Index {
        api_version: API_VERSION.to_owned(),
        kind: "Bundle".to_owned(),
        metadata: IndexMetadata { name: topology.name.clone() },
        isthmus: env!("CARGO_PKG_VERSION").to_owned(),
        istio: IndexIstio { version: topology.istio.version.clone(), revision: mesh.revision().map(str::to_owned) },
        mesh_id: topology.mesh_id.clone(),
        clusters: mesh.clusters().iter().map(|cluster| IndexCluster::of(mesh, cluster)).collect(),
        steps: plan.steps.iter().map(IndexStep::of).collect(),
        facts: sorted::map(plan.facts().into_iter().map(|fact| (fact.to_string(), Probe::of(fact, mesh)))),
        holes: sorted::map(plan.holes().into_iter().map(|hole| (hole.variable(), hole_ref(hole)))),
        verify: Verify::of(mesh, plan),
        files,
    }
}
