//! The rule for gateways that istiod cannot see.

use super::names::POINTER;
use crate::fact::Fact;
use crate::manifest;
use crate::mesh::Mesh;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;

/// A step for each pair of an istiod's config cluster and a gateway behind an address translation, on another network than some member the istiod serves.
pub(super) fn pointer(mesh: &Mesh) -> Vec<Step> {
    let mut steps = Vec::new();
    for istiod in mesh.istiods() {
        let config = mesh.config_of(istiod);
        for hidden in mesh.hidden_from(istiod) {
            let (at, name) = (&config.name, &hidden.name);
            let why = Why {
                purpose: Text::new(
                    format!(
                        "Tells the istiod of {} where the gateway of {name} is dialled: it is behind an address translation, so its Service does not know.",
                        istiod.name
                    ),
                    format!(
                        "告知 {} 的 istiod 如何访问 {name} 的网关：网关位于地址转换之后，其 Service 并不知道该地址。",
                        istiod.name
                    ),
                ),
                breaks: Text::new(
                    format!(
                        "Without it calls to {} from other networks have no endpoint there: only other versions answer.",
                        mesh.network(hidden)
                    ),
                    format!("没有它，其他网络对 {} 的调用在那里没有端点：只有其他版本应答。", mesh.network(hidden)),
                ),
                source: "pilot/pkg/serviceregistry/kube/controller/network.go, class istio-remote",
            };
            let id = StepId { object: Some(name.to_string()), ..StepId::new(at, POINTER) };
            let action = Action::Apply(vec![manifest::pointer(mesh, config, hidden)]);
            let needs =
                [Fact::GatewayApi(at.clone()), Fact::Namespace(at.clone(), mesh.system_namespace(config).to_owned())];
            let gives = [Fact::Pointer { at: at.clone(), cluster: name.clone() }];
            steps.push(Step::new(mesh, id, action, needs, gives, why));
        }
    }
    steps
}
