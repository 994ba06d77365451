//! Edits of what holds for the mesh as a whole.

use shared::text::Text;
use shared::topology::{DEFAULT_TRUST_DOMAIN, Installer, Topology};

use crate::command::Edit;
use crate::i18n::Msg;

/// Makes an edit of the mesh; `None` for one of something else.
pub(super) fn set(topology: &mut Topology, edit: &Edit) -> Option<Text> {
    Some(match edit {
        Edit::SetName(name) => {
            name.trim().clone_into(&mut topology.name);
            Msg::SetName.text(&[("name", name.trim())])
        }
        Edit::SetMeshId(id) => {
            id.trim().clone_into(&mut topology.mesh_id);
            Msg::SetMeshId.text(&[("name", id.trim())])
        }
        Edit::SetTrustDomain(domain) => {
            let domain = Some(domain.trim()).filter(|domain| !domain.is_empty()).unwrap_or(DEFAULT_TRUST_DOMAIN);
            domain.clone_into(&mut topology.trust_domain);
            Msg::SetTrustDomain.text(&[("name", domain)])
        }
        Edit::SetVersion(version) => {
            version.trim().clone_into(&mut topology.istio.version);
            Msg::SetVersion.text(&[("version", version.trim())])
        }
        Edit::SetInstaller(installer) => {
            topology.istio.installer = *installer;
            Msg::SetInstaller.text(&[("name", installer_word(*installer))])
        }
        Edit::SetRevision(revision) => {
            let revision = revision.trim();
            revision.clone_into(&mut topology.istio.revision);
            if revision.is_empty() { Msg::NoRevision } else { Msg::SetRevision }.text(&[("name", revision)])
        }
        Edit::SetSample(wanted) => {
            topology.sample = *wanted;
            if *wanted { Msg::SampleOn } else { Msg::SampleOff }.text(&[])
        }
        _ => return None,
    })
}

/// Returns the word of an installer, which is also the program's name.
pub(crate) fn installer_word(installer: Installer) -> &'static str {
    match installer {
        Installer::Istioctl => "istioctl",
        Installer::Helm => "helm",
    }
}
