//! Edits of how a cluster is reached: its API server, its address ranges, its gateways.

use std::rc::Rc;

use shared::text::Text;
use shared::topology::{ApiServer, EastWest, Expose, Gateway, GatewayApi, GatewayKind};

use super::cluster_mut;
use crate::drawing::Drawing;
use crate::i18n::Msg;

/// Says how others dial an API server.
pub(super) fn set_api_server(drawing: &mut Drawing, index: usize, server: Option<&ApiServer>) -> Option<Text> {
    let cluster = cluster_mut(drawing, index)?;
    cluster.api_server = server.cloned();
    Some(Msg::SetApiServer.text(&[("name", cluster.name.as_str())]))
}

/// Names the address ranges of pods.
pub(super) fn set_pod_ranges(drawing: &mut Drawing, index: usize, ranges: &[String]) -> Option<Text> {
    let cluster = cluster_mut(drawing, index)?;
    cluster.pod_cidrs = ranges.to_vec();
    Some(Msg::SetRanges.text(&[("name", cluster.name.as_str())]))
}

/// Names the address ranges of services.
pub(super) fn set_service_ranges(drawing: &mut Drawing, index: usize, ranges: &[String]) -> Option<Text> {
    let cluster = cluster_mut(drawing, index)?;
    cluster.service_cidrs = ranges.to_vec();
    Some(Msg::SetRanges.text(&[("name", cluster.name.as_str())]))
}

/// Says how an east-west gateway is reached.
pub(super) fn set_east_west(drawing: &mut Drawing, index: usize, gateway: &EastWest) -> Option<Text> {
    let cluster = cluster_mut(drawing, index)?;
    cluster.east_west = gateway.clone();
    Some(Msg::SetEastWest.text(&[("name", cluster.name.as_str())]))
}

/// Draws the gateway that the rules imply, or leaves it to them; one that is reached in another way is drawn by that.
pub(super) fn set_explicit(drawing: &mut Drawing, index: usize, explicit: bool) -> Option<Text> {
    let cluster = cluster_mut(drawing, index).filter(|cluster| cluster.east_west.front() == Expose::LoadBalancer)?;
    cluster.east_west.expose = explicit.then_some(Expose::LoadBalancer);
    let said = if explicit { Msg::MadeExplicit } else { Msg::MadeImplied };
    Some(said.text(&[("name", cluster.name.as_str())]))
}

/// Adds a gateway, in Istio's own vocabulary and by the mesh's installer.
pub(super) fn add_gateway(drawing: &mut Drawing, index: usize, kind: GatewayKind) -> Option<Text> {
    let cluster = drawing.cluster(index)?.name.clone();
    let said = match kind {
        GatewayKind::Ingress => Msg::AddedIngress,
        GatewayKind::Egress => Msg::AddedEgress,
    };
    let said = said.text(&[("name", cluster.as_str())]);
    let gateway = Gateway { cluster, kind, api: GatewayApi::Istio, installer: None };
    Rc::make_mut(&mut drawing.topology).gateways.push(gateway);
    Some(said)
}

/// Changes a gateway.
pub(super) fn set_gateway(drawing: &mut Drawing, at: usize, to: &Gateway) -> Option<Text> {
    let gateway = Rc::make_mut(&mut drawing.topology).gateways.get_mut(at)?;
    gateway.clone_from(to);
    Some(Msg::SetGateway.text(&[("name", to.cluster.as_str())]))
}

/// Takes a gateway away.
pub(super) fn remove_gateway(drawing: &mut Drawing, at: usize) -> Option<Text> {
    drawing.topology.gateways.get(at)?;
    let gateway = Rc::make_mut(&mut drawing.topology).gateways.remove(at);
    Some(Msg::RemovedGateway.text(&[("name", gateway.cluster.as_str())]))
}

/// Takes the gateways of clusters away that are gone.
pub(super) fn forget_gateways(drawing: &mut Drawing) {
    let topology = Rc::make_mut(&mut drawing.topology);
    let clusters = &topology.clusters;
    topology.gateways.retain(|gateway| clusters.iter().any(|cluster| cluster.name == gateway.cluster));
}

/// Reads a list that a person wrote in one line: parts between commas or spaces.
pub(crate) fn listed(text: &str) -> Vec<String> {
    text.split([',', ' ', '，', '、']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Reads annotations, a line each, `key: value`.
pub(crate) fn annotations(text: &str) -> Vec<(String, String)> {
    let pair = |line: &str| {
        let (key, value) = line.split_once(": ").or_else(|| line.split_once('=')).unwrap_or((line, ""));
        (key.trim().trim_end_matches(':').to_owned(), value.trim().trim_matches('"').to_owned())
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(pair).collect()
}

/// Writes annotations, a line each.
pub(crate) fn annotation_lines(annotations: &[(String, String)]) -> String {
    annotations.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join("\n")
}
