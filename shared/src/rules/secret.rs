//! The rules by which istiods read other clusters.

use super::names::{READER, SECRET};
use crate::fact::{Exposure, Fact};
use crate::manifest;
use crate::mesh::Mesh;
use crate::sorted;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;

/// A step for each member that is watched by an istiod elsewhere: a token for the account its installation brings.
pub(super) fn reader(mesh: &Mesh) -> Vec<Step> {
    let step = |cluster: &crate::topology::Cluster| {
        let name = &cluster.name;
        let why = Why {
            purpose: Text::new(
                format!("Makes the token by which istiods of other clusters read services and endpoints of {name}."),
                format!("创建令牌，供其他集群的 istiod 读取 {name} 的服务与端点。"),
            ),
            breaks: Text::new(
                "Without it no remote secret can be made for this cluster.",
                "没有它，就无法为该集群创建远程 Secret。",
            ),
            source: "Install Multi-Primary: Enable Endpoint Discovery; istioctl create-remote-secret",
        };
        let action = Action::Apply(vec![manifest::reader_token(mesh, cluster, mesh.system_namespace(cluster))]);
        Step::new(
            mesh,
            StepId::new(name, READER),
            action,
            [Fact::Installed(name.clone())],
            [Fact::Token(name.clone())],
            why,
        )
    };
    let is_watched = |member: &&crate::topology::Cluster| mesh.istiods().any(|istiod| istiod.name != member.name);
    mesh.members().filter(is_watched).map(step).collect()
}

/// A step for each pair of an istiod and another member: let it watch.
pub(super) fn secret(mesh: &Mesh) -> Vec<Step> {
    let mut steps = Vec::new();
    // With as many istiods as clusters the secrets are the bulk of a bundle, and only their kubeconfigs are long.
    let kubeconfigs = sorted::map(mesh.members().map(|member| (&member.name, manifest::kubeconfig(member))));
    for istiod in mesh.istiods() {
        for watched in mesh.watched_by(istiod) {
            let (by, name) = (&istiod.name, &watched.name);
            let why = Why {
                purpose: Text::new(
                    format!(
                        "Lets the istiod of {by} watch {name}: services, endpoints, and whether its workloads are who they claim to be."
                    ),
                    format!("让 {by} 的 istiod 监视 {name}：服务、端点，以及工作负载的身份。"),
                ),
                breaks: Text::new(
                    format!(
                        "Without it workloads of {by} never learn of endpoints in {name}: only the local version answers."
                    ),
                    format!("没有它，{by} 的工作负载不会知道 {name} 中的端点：只有本地版本应答。"),
                ),
                source: "Install Multi-Primary: Enable Endpoint Discovery; istioctl create-remote-secret",
            };
            let id = StepId { object: Some(name.to_string()), ..StepId::new(by, SECRET) };
            let action = Action::Apply(vec![manifest::remote_secret(mesh, istiod, watched, &kubeconfigs[name])]);
            let needs = [Fact::Namespace(by.clone(), mesh.system_namespace(istiod).to_owned())];
            let gives = [Fact::Watched { by: by.clone(), cluster: name.clone() }];
            let mut step = Step::new(mesh, id, action, needs, gives, why);
            if watched.api_server_by_gateway() {
                step.needs.insert(Fact::Exposed(name.clone(), Exposure::ApiServer));
            }
            if mesh.managed_by(watched).is_some() && mesh.istiod_of(watched).name == *by {
                // Once it may, istiod takes charge of the remote's webhooks and writes its certificate into them.
                step.gives.insert(Fact::Injects(name.clone()));
                step.needs.insert(Fact::Istiod(by.clone()));
            }
            steps.push(step);
        }
    }
    steps
}
