//! How each thing is installed: by the program that the drawing names, from the file that this program reads.

use super::{Manifest, helm, istio};
use crate::mesh::Mesh;
use crate::step::{Action, HelmRelease};
use crate::topology::{Cluster, Installer};

/// Chooses between the two forms; only the one that is asked for is made.
fn by(installer: Installer, operator: impl FnOnce() -> Manifest, charts: impl FnOnce() -> Vec<HelmRelease>) -> Action {
    match installer {
        Installer::Istioctl => Action::Install(operator()),
        Installer::Helm => Action::Helm(charts()),
    }
}

/// Installs the control plane of a primary.
pub fn install_primary(mesh: &Mesh, cluster: &Cluster) -> Action {
    by(mesh.installer(), || istio::primary(mesh, cluster), || helm::primary(mesh, cluster))
}

/// Installs a member that is served from elsewhere.
pub fn install_remote(mesh: &Mesh, cluster: &Cluster) -> Action {
    by(mesh.installer(), || istio::remote(mesh, cluster), || helm::remote(mesh, cluster))
}

/// Installs the gateway between networks.
pub fn install_eastwest(mesh: &Mesh, cluster: &Cluster) -> Action {
    by(mesh.installer(), || istio::eastwest_gateway(mesh, cluster), || helm::eastwest(mesh, cluster))
}
