//! How a cluster is reached, in the inspector: its API server, its address ranges, its east-west gateway, and the gateways into and out of
//! the mesh. Each is a group that is closed until it is asked for, and says beside its name what differs from the usual.

use shared::mesh::is_member;
use shared::scene::PartKind;
use shared::text::Lang;
use shared::topology::{
    AddressKind, ApiServer, CaSource, Cluster, EastWest, Expose, Gateway, GatewayApi, GatewayKind, Installer, Via,
};
use yew::prelude::*;

use super::field::{Choice, Field, Lines};
use super::{Send, inspector::edit, on};
use crate::command::{Command, Edit, Selection};
use crate::edit::reach::{annotation_lines, annotations, listed};
use crate::edit::whole::installer_word;
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::icons::Icon;

/// The groups of a cluster.
pub(super) fn groups(editor: &Editor, send: &Send, index: usize, cluster: &Cluster) -> Html {
    let lang = editor.lang();
    let part = match editor.selection {
        Selection::Part(_, part) => Some(part),
        Selection::Mesh | Selection::Network(_) | Selection::Cluster(_) | Selection::Arrow(_) | Selection::Many(_) => {
            None
        }
    };
    let north_south = matches!(part, Some(PartKind::Ingress | PartKind::Egress));
    html! {
        <>
            if is_member(cluster) {
                { group("east-west", Msg::GroupEastWest.say(lang), east_west_note(lang, &cluster.east_west), part == Some(PartKind::EastWest), east_west(lang, send, index, cluster)) }
                { group("gateways", Msg::GroupGateways.say(lang), gateways_note(editor, lang, cluster), north_south, gateways(editor, send, index, cluster)) }
            }
            { group("api", Msg::GroupApiServer.say(lang), api_note(lang, cluster), false, api_server(lang, send, index, cluster.api_server.as_ref())) }
            if is_member(cluster) {
                { group("ranges", Msg::GroupRanges.say(lang), cluster.pod_cidrs.join(", "), false, ranges(lang, send, index, cluster)) }
            }
        </>
    }
}

/// Shows fields under a heading that opens them.
pub(super) fn group(id: &'static str, heading: &str, beside: String, open: bool, fields: Html) -> Html {
    html! {
        <details class="group" id={format!("group-{id}")} open={open}>
            <summary><span>{ heading.to_owned() }</span><span class="note">{ beside }</span></summary>
            <div class="form">{ fields }</div>
        </details>
    }
}

/// Returns values with their words, as a list to choose from has them.
fn options<const N: usize>(lang: Lang, all: [(&str, Msg); N]) -> Vec<(String, String)> {
    all.map(|(word, msg)| (word.to_owned(), msg.say(lang).to_owned())).to_vec()
}

/// The values of choices, as the format has them.
const TOKEN: &str = "token";
const KUBECONFIG: &str = "kubeconfig";
const BALANCER: &str = "loadBalancer";
const NODE_PORT: &str = "nodePort";
const NAT: &str = "nat";
const IP: &str = "ip";
const HOSTNAME: &str = "hostname";
const DIRECT: &str = "direct";
const EAST_WEST: &str = "eastWest";
const ISTIO: &str = "istio";
const GATEWAY_API: &str = "gateway-api";
const ISTIOCTL: &str = "istioctl";
const HELM: &str = "helm";

fn api_note(lang: Lang, cluster: &Cluster) -> String {
    match &cluster.api_server {
        Some(server) if server.via == Via::EastWest => Msg::EastWest.say(lang).to_owned(),
        Some(server) => server.url.clone(),
        None => String::new(),
    }
}

/// The fields of how a cluster's API server is dialled.
pub(super) fn api_server(lang: Lang, send: &Send, index: usize, server: Option<&ApiServer>) -> Html {
    let known = server.cloned().unwrap_or_default();
    // Each field says the whole anew, with its own part changed.
    let with = |change: fn(&mut ApiServer, String)| {
        let known = known.clone();
        edit(send, move |text| {
            let mut server = known.clone();
            change(&mut server, text.trim().to_owned());
            Edit::SetApiServer(
                index,
                Some(server).filter(|server| !server.url.is_empty() || server.via == Via::EastWest),
            )
        })
    };
    let via = if known.via == Via::EastWest { EAST_WEST } else { DIRECT };
    let ca = if known.ca == CaSource::Kubeconfig { KUBECONFIG } else { TOKEN };
    html! {
        <>
            <Choice {lang} id="api-via" label={Msg::ApiVia.say(lang)} options={options(lang, [(DIRECT, Msg::ViaDirect), (EAST_WEST, Msg::ViaEastWest)])} chosen={via}
                on={with(|server, word| server.via = if word == EAST_WEST { Via::EastWest } else { Via::Direct })} />
            <Field {lang} id="api-server" label={Msg::ApiServer.say(lang)} value={known.url.clone()} placeholder={Msg::ApiServerHint.say(lang)}
                on={with(|server, url| server.url = url)} />
            if server.is_some() {
                <Field {lang} id="tls-server-name" label={Msg::ServerName.say(lang)} value={known.tls_server_name.clone().unwrap_or_default()} placeholder={Msg::ServerNameHint.say(lang)}
                    on={with(|server, name| server.tls_server_name = Some(name).filter(|name| !name.is_empty()))} />
                <Choice {lang} id="api-ca" label={Msg::Ca.say(lang)} options={options(lang, [(TOKEN, Msg::CaToken), (KUBECONFIG, Msg::CaKubeconfig)])} chosen={ca}
                    on={with(|server, word| server.ca = if word == KUBECONFIG { CaSource::Kubeconfig } else { CaSource::Token })} />
            }
        </>
    }
}

fn ranges(lang: Lang, send: &Send, index: usize, cluster: &Cluster) -> Html {
    html! {
        <>
            <Field {lang} id="pod-cidrs" label={Msg::PodRanges.say(lang)} value={cluster.pod_cidrs.join(", ")} placeholder="10.10.0.0/16"
                on={edit(send, move |text| Edit::SetPodRanges(index, listed(&text)))} />
            <Field {lang} id="service-cidrs" label={Msg::ServiceRanges.say(lang)} value={cluster.service_cidrs.join(", ")} placeholder="10.20.0.0/16"
                on={edit(send, move |text| Edit::SetServiceRanges(index, listed(&text)))} />
        </>
    }
}

/// Says in a word or two what is not as usual.
fn east_west_note(lang: Lang, gateway: &EastWest) -> String {
    let usual = EastWest::default();
    let expose = (gateway.front() != usual.front()).then(|| expose(gateway.front()).1.say(lang).to_owned());
    let port = (gateway.port != usual.port).then(|| gateway.port.to_string());
    expose.into_iter().chain(port).collect::<Vec<_>>().join(" · ")
}

/// Names a way to be reached: in the format, and to people.
pub(super) fn expose(expose: Expose) -> (&'static str, Msg) {
    match expose {
        Expose::LoadBalancer => (BALANCER, Msg::ExposeBalancer),
        Expose::NodePort => (NODE_PORT, Msg::ExposeNodePort),
        Expose::Nat => (NAT, Msg::ExposeNat),
    }
}

/// Reads a way to be reached.
pub(super) fn front(word: &str) -> Expose {
    match word {
        NODE_PORT => Expose::NodePort,
        NAT => Expose::Nat,
        _ => Expose::LoadBalancer,
    }
}

fn east_west(lang: Lang, send: &Send, index: usize, cluster: &Cluster) -> Html {
    let gateway = &cluster.east_west;
    let with = |change: fn(&mut EastWest, String)| {
        let known = gateway.clone();
        edit(send, move |text| {
            let mut gateway = known.clone();
            change(&mut gateway, text.trim().to_owned());
            Edit::SetEastWest(index, Box::new(gateway))
        })
    };
    let ways = [Expose::LoadBalancer, Expose::NodePort, Expose::Nat].map(expose);
    let kinds = [(IP, Msg::AddressIp), (HOSTNAME, Msg::AddressHost)];
    let kind = if gateway.address_kind == AddressKind::Hostname { HOSTNAME } else { IP };
    let no_port = Callback::from(move |text: String| {
        let fine = text.trim().is_empty() || text.trim().parse::<u16>().is_ok_and(|port| port > 0);
        (!fine).then(|| AttrValue::from(Msg::PortHint.say(lang)))
    });
    html! {
        <>
            <Choice {lang} id="expose" label={Msg::Expose.say(lang)} options={options(lang, ways)} chosen={expose(gateway.front()).0}
                on={with(|gateway, word| gateway.expose = Some(front(&word)))} />
            if gateway.front() == Expose::LoadBalancer {
                <Choice {lang} id="address-kind" label={Msg::AddressKind.say(lang)} options={options(lang, kinds)} chosen={kind}
                    on={with(|gateway, word| gateway.address_kind = if word == HOSTNAME { AddressKind::Hostname } else { AddressKind::Ip })} />
            }
            if gateway.front() == Expose::Nat || !gateway.addresses.is_empty() {
                <Field {lang} id="addresses" label={Msg::Addresses.say(lang)} value={gateway.addresses.join(", ")} placeholder="203.0.113.7"
                    on={with(|gateway, text| gateway.addresses = listed(&text))} />
            }
            <Field {lang} id="east-west-port" label={Msg::Port.say(lang)} value={gateway.port.to_string()} placeholder="15443" wrong={no_port}
                on={with(|gateway, text| if let Ok(port) = text.parse() { gateway.port = port } else if text.is_empty() { gateway.port = EastWest::default().port })} />
            if gateway.front() == Expose::LoadBalancer || !gateway.source_ranges.is_empty() {
                <Field {lang} id="source-ranges" label={Msg::SourceRanges.say(lang)} value={gateway.source_ranges.join(", ")} placeholder={Msg::SourceRangesHint.say(lang)}
                    on={with(|gateway, text| gateway.source_ranges = listed(&text))} />
            }
            <Lines {lang} id="annotations" label={Msg::Annotations.say(lang)} value={annotation_lines(&gateway.annotations)} placeholder={Msg::AnnotationsHint.say(lang)}
                on={with(|gateway, text| gateway.annotations = annotations(&text))} />
        </>
    }
}

/// Names a kind of gateway.
fn kind(kind: GatewayKind) -> Msg {
    match kind {
        GatewayKind::Ingress => Msg::Ingress,
        GatewayKind::Egress => Msg::Egress,
    }
}

/// Returns the gateways of a cluster with their places among all.
fn gateways_of<'a>(editor: &'a Editor, cluster: &'a Cluster) -> impl Iterator<Item = (usize, &'a Gateway)> {
    let all = editor.drawing.topology.gateways.iter().enumerate();
    all.filter(move |(_, gateway)| gateway.cluster == cluster.name)
}

fn gateways_note(editor: &Editor, lang: Lang, cluster: &Cluster) -> String {
    let short = |gateway: &Gateway| match gateway.kind {
        GatewayKind::Ingress => Msg::IngressShort.say(lang),
        GatewayKind::Egress => Msg::EgressShort.say(lang),
    };
    gateways_of(editor, cluster).map(|(_, gateway)| short(gateway)).collect::<Vec<_>>().join(" · ")
}

fn gateways(editor: &Editor, send: &Send, index: usize, cluster: &Cluster) -> Html {
    let lang = editor.lang();
    let has = |kind: GatewayKind| gateways_of(editor, cluster).any(|(_, gateway)| gateway.kind == kind);
    let add = |kind: GatewayKind, id: &'static str, msg: Msg| {
        html! {
            if !has(kind) {
                <button type="button" class="framed" id={id} onclick={on(send, Command::Edit(Edit::AddGateway(index, kind)))}>{ Icon::Gateway.draw() }{ msg.say(lang) }</button>
            }
        }
    };
    html! {
        <>
            { for gateways_of(editor, cluster).map(|(at, gateway)| one(editor, send, at, gateway)) }
            if !(has(GatewayKind::Ingress) && has(GatewayKind::Egress)) {
                <div class="actions">
                    { add(GatewayKind::Ingress, "add-ingress", Msg::AddIngress) }
                    { add(GatewayKind::Egress, "add-egress", Msg::AddEgress) }
                </div>
            }
        </>
    }
}

/// The fields of one gateway.
fn one(editor: &Editor, send: &Send, at: usize, gateway: &Gateway) -> Html {
    let lang = editor.lang();
    let with = |change: fn(&mut Gateway, String)| {
        let known = gateway.clone();
        edit(send, move |word| {
            let mut gateway = known.clone();
            change(&mut gateway, word);
            Edit::SetGateway(at, gateway)
        })
    };
    let word = match gateway.kind {
        GatewayKind::Ingress => "ingress",
        GatewayKind::Egress => "egress",
    };
    let mesh = Msg::InstallerMesh.fill(lang, &[("name", installer_word(editor.drawing.topology.istio.installer))]);
    let installers =
        [(String::new(), mesh)].into_iter().chain([ISTIOCTL, HELM].map(|name| (name.to_owned(), name.to_owned())));
    let chosen = gateway.installer.map(installer_word).unwrap_or_default();
    let apis = options(lang, [(ISTIO, Msg::ApiIstio), (GATEWAY_API, Msg::ApiGatewayApi)]);
    let api = if gateway.api == GatewayApi::GatewayApi { GATEWAY_API } else { ISTIO };
    html! {
        <>
            <b class="row-title">{ kind(gateway.kind).say(lang) }
                <button type="button" class="framed danger" id={format!("remove-{word}")} aria-label={format!("{}: {}", Msg::Remove.say(lang), kind(gateway.kind).say(lang))} onclick={on(send, Command::Edit(Edit::RemoveGateway(at)))}>{ Msg::Remove.say(lang) }</button>
            </b>
            // An egress gateway has no other form; where one is drawn so, it must be possible to mend it.
            if gateway.kind == GatewayKind::Ingress || gateway.api == GatewayApi::GatewayApi {
                <Choice {lang} id={format!("{word}-api")} label={Msg::Api.say(lang)} options={apis} chosen={api}
                    on={with(|gateway, word| gateway.api = if word == GATEWAY_API { GatewayApi::GatewayApi } else { GatewayApi::Istio })} />
            }
            if gateway.api == GatewayApi::Istio {
                <Choice {lang} id={format!("{word}-installer")} label={Msg::Installer.say(lang)} options={installers.collect::<Vec<_>>()} chosen={chosen}
                    on={with(|gateway, word| gateway.installer = match word.as_str() {
                        ISTIOCTL => Some(Installer::Istioctl),
                        HELM => Some(Installer::Helm),
                        _ => None,
                    })} />
            }
        </>
    }
}
