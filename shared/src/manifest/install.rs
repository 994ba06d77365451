//! How each thing is installed: by the program that the drawing names, from the file that this program reads.

use super::{Manifest, helm, istio, north_south};
use crate::mesh::Mesh;
use crate::step::{Action, HelmRelease};
use crate::topology::{Cluster, Gateway, Installer};

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

/// Installs an ingress gateway, by the program that its drawing names or else the mesh's.
pub fn install_ingress(mesh: &Mesh, cluster: &Cluster, gateway: &Gateway) -> Action {
    let installer = gateway.installer.unwrap_or(mesh.installer());
    by(installer, || north_south::ingress_gateway(mesh, cluster), || helm::ingress(mesh, cluster))
}

/// Installs an egress gateway, by the program that its drawing names or else the mesh's.
pub fn install_egress(mesh: &Mesh, cluster: &Cluster, gateway: &Gateway) -> Action {
    let installer = gateway.installer.unwrap_or(mesh.installer());
    by(installer, || north_south::egress_gateway(mesh, cluster), || helm::egress(mesh, cluster))
}

/// Installs the gateway between networks.
pub fn install_eastwest(mesh: &Mesh, cluster: &Cluster) -> Action {
    by(mesh.installer(), || istio::eastwest_gateway(mesh, cluster), || helm::eastwest(mesh, cluster))
}
