//! The outline: a tree that mirrors the drawing and can do all that the canvas can, and what follows from it in words.

use shared::finding::{Finding, pressing};
use shared::firewall::{self, Port};
use shared::mesh::Mesh;
use shared::overview::Topic;
use shared::scene::PartKind;
use shared::text::Lang;
use shared::topology::Cluster;
use web_sys::{DragEvent, KeyboardEvent};
use yew::prelude::*;

use super::{Props, Send, arrow, on};
use crate::command::{Command, Edit, Selection};
use crate::derived::Derived;
use crate::editor::Editor;
use crate::i18n::{Msg, plural};
use crate::icons::Icon;

/// The media type of what is dragged from here to the canvas.
pub(super) const DRAWER: &str = "text/x-isthmus";
/// The button that adds a cluster.
pub(super) const ADD_CLUSTER: &str = "add-cluster";

/// The outline.
pub(super) fn outline(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    let onkeydown = {
        let (editor, send) = (editor.clone(), send.clone());
        move |event: KeyboardEvent| {
            if let Some(command) = tree_key(&editor, &event.key(), event.shift_key()) {
                event.prevent_default();
                event.stop_propagation();
                send.emit(command);
            }
        }
    };
    let take = |id: &'static str| {
        move |event: DragEvent| {
            if let Some(data) = event.data_transfer() {
                let _ = data.set_data(DRAWER, id);
            }
        }
    };
    let add = |icon: Icon, msg: Msg, key: &'static str, edit: Edit, id: &'static str| {
        html! {
            <button type="button" id={id} draggable="true" ondragstart={take(id)} onclick={on(send, Command::Edit(edit))}>{ icon.draw() }{ msg.say(lang) }<kbd>{ key }</kbd></button>
        }
    };
    html! {
        <section class="left" aria-label={Msg::Outline.say(lang)}>
            <h2>{ Msg::Add.say(lang) }</h2>
            <div class="add">
                { add(Icon::Network, Msg::AddNetwork, "N", Edit::AddNetwork, "add-network") }
                { add(Icon::Cluster, Msg::AddCluster, "C", Edit::AddCluster(None), ADD_CLUSTER) }
            </div>
            <h2>{ Msg::MeshHeading.say(lang) }</h2>
            <ul class="tree" role="tree" aria-multiselectable="true" aria-label={Msg::Outline.say(lang)} onkeydown={onkeydown}>
                { item(editor, send, Selection::Mesh, 1, html! {
                    <>{ Icon::Templates.draw() }<span class="label">{ editor.drawing.topology.name.clone() }</span></>
                }, networks(editor, send)) }
            </ul>
            if let Some(mesh) = &editor.derived.mesh {
                { reads(mesh, lang) }
                { firewall(mesh, lang) }
                { views(send, lang) }
            }
        </section>
    }
}

/// What the arrow keys do in the tree.
fn tree_key(editor: &Editor, key: &str, shift: bool) -> Option<Command> {
    let order = editor.order();
    let here = match &editor.selection {
        Selection::Many(all) => Selection::Cluster(*all.last()?),
        other => other.clone(),
    };
    let at = order.iter().position(|one| *one == here)?;
    let is_cluster = |one: &&Selection| matches!(one, Selection::Cluster(_));
    // With Shift, clusters are picked one after the other.
    let next = match key {
        "ArrowDown" if shift => order[at + 1..].iter().find(is_cluster),
        "ArrowUp" if shift => order[..at].iter().rev().find(is_cluster),
        _ => None,
    };
    if let Some(next) = next.and_then(Selection::cluster) {
        return Some(Command::Toggle(next));
    }
    let to = match key {
        "ArrowDown" => order.get(at + 1)?,
        "ArrowUp" => order.get(at.checked_sub(1)?)?,
        "Home" => order.first()?,
        "End" => order.last()?,
        "ArrowRight" => order.get(at + 1).filter(|next| level(next) > level(&order[at]))?,
        "ArrowLeft" => order[..at].iter().rev().find(|one| level(one) < level(&order[at]))?,
        "Enter" if !shift => return Some(Command::EditName),
        _ => return None,
    };
    Some(Command::Select(to.clone()))
}

fn level(selection: &Selection) -> u8 {
    match selection {
        Selection::Mesh => 1,
        Selection::Network(_) => 2,
        Selection::Cluster(_) | Selection::Many(_) => 3,
        Selection::Part(..) | Selection::Arrow(_) => 4,
    }
}

fn item(editor: &Editor, send: &Send, selection: Selection, level: u8, row: Html, children: Html) -> Html {
    let selected = match (&editor.selection, &selection) {
        (Selection::Many(all), Selection::Cluster(index)) => all.contains(index),
        (chosen, one) => chosen == one,
    };
    // Of several the one picked last has the focus.
    let headed = selected && editor.selection.clusters().last().is_none_or(|&last| selection.clusters() == [last]);
    let onclick = {
        let (send, selection) = (send.clone(), selection);
        move |event: MouseEvent| {
            event.stop_propagation();
            send.emit(match &selection {
                Selection::Cluster(index) if event.shift_key() || event.ctrl_key() || event.meta_key() => {
                    Command::Toggle(*index)
                }
                _ => Command::Select(selection.clone()),
            });
        }
    };
    html! {
        <li role="treeitem" aria-level={level.to_string()} aria-selected={selected.to_string()} tabindex={if headed { "0" } else { "-1" }} onclick={onclick}>
            <div class="row">{ row }</div>
            { children }
        </li>
    }
}

fn networks(editor: &Editor, send: &Send) -> Html {
    let lang = editor.lang();
    let one = |(number, network): (usize, &shared::name::NetworkName)| {
        let members: Vec<usize> = editor.drawing.members(network).map(|(index, _)| index).collect();
        let count = plural(members.len(), Msg::OneCluster, Msg::ManyClusters)
            .fill(lang, &[("count", &members.len().to_string())]);
        let row = html! {
            <>
                <span class={format!("dot n{}", number % 6 + 1)}></span><span class="label">{ network.to_string() }</span>
                { badge(editor.derived.about(&Selection::Network(network.clone())), lang) }
                <span class="note">{ count }</span>
            </>
        };
        item(
            editor,
            send,
            Selection::Network(network.clone()),
            2,
            row,
            group(members.iter().map(|&index| cluster(editor, send, index)).collect()),
        )
    };
    let outside = editor.drawing.topology.clusters.iter().enumerate().filter(|(_, cluster)| cluster.network.is_none());
    let mut all: Vec<Html> = editor.drawing.networks().iter().enumerate().map(one).collect();
    all.extend(outside.map(|(index, _)| cluster(editor, send, index)));
    group(all)
}

fn group(items: Vec<Html>) -> Html {
    html! { if !items.is_empty() { <ul role="group">{ for items }</ul> } }
}

fn cluster(editor: &Editor, send: &Send, index: usize) -> Html {
    let lang = editor.lang();
    let Some(cluster) = editor.drawing.cluster(index) else { return html! {} };
    let row = html! {
        <>
            { Icon::Cluster.draw() }<span class="label">{ cluster.name.to_string() }</span>
            { badge(editor.derived.about_cluster(index), lang) }
            <span class="note">{ role(cluster.role.word()).say(lang) }</span>
        </>
    };
    let parts = editor.parts(index).map(|part| {
        let implied = matches!(part, PartKind::EastWest | PartKind::ControlPlaneGateway | PartKind::Webhook);
        let row = html! {
            <>
                { part_icon(part).draw() }<span class={classes!("label", implied.then_some("implied"))}>{ part_name(part).say(lang) }</span>
                if implied { <span class="note">{ Msg::ImpliedNote.say(lang) }</span> }
            </>
        };
        item(editor, send, Selection::Part(index, part), 4, row, html! {})
    });
    let arrows = editor.arrows(index).map(|id| {
        let to = editor.drawing.cluster(id.to).map(|cluster| cluster.name.to_string()).unwrap_or_default();
        let row = html! {
            <>
                { Icon::Arrow.draw() }<span class={classes!("label", (!id.is_drawn()).then_some("implied"))}>{ to }</span>
                <span class="note">{ arrow::short(id.kind).say(lang) }if !id.is_drawn() { { " · " }{ Msg::ImpliedNote.say(lang) } }</span>
            </>
        };
        item(editor, send, Selection::Arrow(id), 4, row, html! {})
    });
    let inside = parts.chain(arrows).collect();
    item(editor, send, Selection::Cluster(index), 3, row, group(inside))
}

/// Names a role.
pub(super) fn role(word: &str) -> Msg {
    match word {
        "remote" => Msg::Remote,
        "external" => Msg::External,
        _ => Msg::Primary,
    }
}

/// Names a part.
pub(super) fn part_name(part: PartKind) -> Msg {
    match part {
        PartKind::Istiod => Msg::Istiod,
        PartKind::Webhook => Msg::Webhook,
        PartKind::EastWest => Msg::EastWest,
        PartKind::Ingress => Msg::Ingress,
        PartKind::Egress => Msg::Egress,
        PartKind::ControlPlaneGateway => Msg::ControlPlaneGateway,
        PartKind::Sample | PartKind::Client => Msg::SampleApp,
    }
}

/// Returns the icon of a part.
pub(super) fn part_icon(part: PartKind) -> Icon {
    match part {
        PartKind::Istiod | PartKind::Webhook => Icon::Istiod,
        PartKind::EastWest | PartKind::Ingress | PartKind::Egress | PartKind::ControlPlaneGateway => Icon::Gateway,
        PartKind::Sample | PartKind::Client => Icon::Sample,
    }
}

/// Shows how much is to mend.
fn badge<'a>(findings: impl Iterator<Item = &'a Finding>, lang: Lang) -> Html {
    let findings: Vec<&Finding> = pressing(findings).collect();
    let count = findings.len();
    let Some(worst) = Derived::worst(findings.into_iter()) else { return html! {} };
    let words = plural(count, Msg::OneFinding, Msg::ManyFindings).fill(lang, &[("count", &count.to_string())]);
    html! { <span class={classes!("badge", worst.word())} title={words.clone()}>{ count }<span class="unseen">{ words }</span></span> }
}

/// Says which istiod reads which clusters; for many of them, how many secrets that takes.
fn reads(mesh: &Mesh, lang: Lang) -> Html {
    let secrets: usize = mesh.istiods().map(|istiod| mesh.watched_by(istiod).count()).sum();
    let line = |istiod: &Cluster| {
        let watched: Vec<&str> = mesh.watched_by(istiod).map(|watched| watched.name.as_str()).collect();
        html! { <p>{ Msg::ReadsLine.fill(lang, &[("istiod", istiod.name.as_str())]) }{ " " }<b>{ watched.join(", ") }</b></p> }
    };
    html! {
        <>
            <h2>{ Msg::WhoReads.say(lang) }</h2>
            <div class="facts" id="reads">
                if secrets == 0 {
                    <p>{ Msg::ReadsNobody.say(lang) }</p>
                } else {
                    if secrets <= LIST_MAX { { for mesh.istiods().map(line) } }
                    <p>{ plural(secrets, Msg::OneSecret, Msg::ManySecrets).fill(lang, &[("count", &secrets.to_string())]) }</p>
                }
            </div>
        </>
    }
}

/// Beyond this many a list is no summary.
const LIST_MAX: usize = 12;

/// The ways between more clusters are for a table.
const FEW: usize = 4;

/// Lists what must be let through between clusters: of each pair the ports, each once.
fn firewall(mesh: &Mesh, lang: Lang) -> Html {
    if mesh.clusters().len() > FEW {
        return html! {};
    }
    let mut ways: Vec<(String, Vec<String>)> = Vec::new();
    for row in firewall::firewall(mesh) {
        let Some(from) = row.from.filter(|from| *from != row.to) else { continue };
        let way = [from.as_str(), " → ", row.to.as_str()].concat();
        let port = match row.port {
            Port::OfApiServer => Msg::ApiPort.say(lang).to_owned(),
            Port::OfNode(port) => port.to_string(),
            port => port.say(lang),
        };
        match ways.iter_mut().find(|(other, _)| *other == way) {
            Some((_, ports)) if ports.contains(&port) => {}
            Some((_, ports)) => ports.push(port),
            None => ways.push((way, vec![port])),
        }
    }
    html! {
        if !ways.is_empty() {
            <h2>{ Msg::Firewall.say(lang) }</h2>
            <dl class="facts ways">{ for ways.into_iter().map(|(way, open)| html! { <><dt>{ way }</dt><dd>{ open.join(" ") }</dd></> }) }</dl>
        }
    }
}

/// Leads to the tables that say all of it.
fn views(send: &Send, lang: Lang) -> Html {
    let one = |topic: Topic| {
        html! { <button type="button" class="framed" onclick={on(send, Command::ShowOverview(topic))}>{ topic.words().say(lang) }</button> }
    };
    html! { <><h2>{ Msg::Views.say(lang) }</h2><div class="actions" id="overviews">{ for Topic::ALL.into_iter().map(one) }</div></> }
}
