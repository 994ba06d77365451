//! Several clusters in the inspector: what they have in common, and "mixed" where they differ. What is set is set in all, as one step.

use shared::mesh::is_member;
use shared::text::Lang;
use shared::topology::{Cluster, EastWest, Expose, Role};
use yew::prelude::*;

use super::field::{Choice, Field};
use super::inspector::edit;
use super::reach::{expose, front};
use super::{Props, on, role};
use crate::command::{Command, Edit, RoleKind};
use crate::drawing::Drawing;
use crate::edit::reach::listed;
use crate::i18n::Msg;
use crate::icons::Icon;

/// Makes the edit of one cluster from what was chosen for all.
type Make = fn(&Drawing, usize, &str) -> Option<Edit>;

/// Returns what all have in common, or nothing.
fn common(mut words: impl Iterator<Item = String>) -> Option<String> {
    let first = words.next()?;
    words.all(|other| other == first).then_some(first)
}

/// The fields of several clusters.
pub(super) fn form(props: &Props, all: &[usize]) -> Html {
    let Props { editor, send } = props;
    let (lang, drawing) = (editor.lang(), &editor.drawing);
    let clusters: Vec<&Cluster> = all.iter().filter_map(|&index| drawing.cluster(index)).collect();
    let on_all = |make: Make| {
        let (drawing, all) = (drawing.clone(), all.to_vec());
        edit(send, move |text| Edit::All(all.iter().filter_map(|&index| make(&drawing, index, text.trim())).collect()))
    };
    let choice = |id: &'static str,
                  label: Msg,
                  options: Vec<(String, String)>,
                  word: &dyn Fn(&Cluster) -> String,
                  make: Make| {
        let chosen = common(clusters.iter().map(|cluster| word(cluster)));
        let mixed = chosen.is_none().then(|| (String::new(), Msg::Mixed.say(lang).to_owned()));
        html! {
            <Choice {id} {lang} label={label.say(lang)} options={mixed.into_iter().chain(options).collect::<Vec<_>>()} chosen={chosen.unwrap_or_default()} on={on_all(make)} />
        }
    };
    let text = |id: &'static str, label: Msg, usual: &'static str, word: &dyn Fn(&Cluster) -> String, make: Make| {
        let value = common(clusters.iter().map(|cluster| word(cluster)));
        let placeholder = if value.is_none() { Msg::Mixed.say(lang) } else { usual };
        html! { <Field {id} {lang} label={label.say(lang)} value={value.unwrap_or_default()} {placeholder} on={on_all(make)} /> }
    };
    let roles = RoleKind::ALL.map(|kind| (kind.word().to_owned(), role::role(kind).say(lang).to_owned()));
    let networks = drawing.networks().iter().map(|network| (network.to_string(), network.to_string())).collect();
    let servers = drawing.topology.clusters.iter().filter(|cluster| !matches!(cluster.role, Role::Remote { .. }));
    let servers = servers.map(|cluster| (cluster.name.to_string(), cluster.name.to_string())).collect();
    let members = clusters.iter().all(|cluster| is_member(cluster));
    html! {
        <div class="form" key={format!("many-{}", joined(all))}>
            { choice("role", Msg::Role, roles.into(), &|cluster| cluster.role.word().to_owned(), set_role) }
            if members {
                { choice("network", Msg::Network, networks, &network, |_, index, text| Some(Edit::MoveCluster(index, text.into()))) }
            }
            if clusters.iter().all(|cluster| matches!(cluster.role, Role::Remote { .. })) {
                { choice("served-by", Msg::ServedBy, servers, &served_by, |_, index, text| Some(Edit::SetControlPlane(index, text.into()))) }
            }
            if members {
                { choice("expose", Msg::Expose, ways(lang), &|cluster| expose(cluster.east_west.front()).0.to_owned(), |drawing, index, text| {
                    gateway(drawing, index, |gateway| gateway.expose = Some(front(text)))
                }) }
                { text("east-west-port", Msg::Port, "15443", &|cluster| cluster.east_west.port.to_string(), |drawing, index, text| {
                    let port = if text.is_empty() { EastWest::default().port } else { text.parse().ok()? };
                    gateway(drawing, index, |gateway| gateway.port = port)
                }) }
                { text("source-ranges", Msg::SourceRanges, Msg::SourceRangesHint.say(lang), &|cluster| cluster.east_west.source_ranges.join(", "), |drawing, index, text| {
                    gateway(drawing, index, |gateway| gateway.source_ranges = listed(text))
                }) }
            }
            <div class="actions">
                <button type="button" class="framed" id="copy" onclick={on(send, Command::Copy)}>{ Msg::CopyFile.say(lang) }</button>
                <button type="button" class="framed" id="duplicate" onclick={on(send, Command::Duplicate)}>{ Msg::Duplicate.say(lang) }</button>
                <button type="button" class="framed danger" onclick={on(send, Command::DeleteSelected)}>{ Icon::Delete.draw() }{ Msg::Delete.say(lang) }</button>
            </div>
        </div>
    }
}

fn joined(all: &[usize]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("-")
}

fn ways(lang: Lang) -> Vec<(String, String)> {
    let way = |(word, msg): (&str, Msg)| (word.to_owned(), msg.say(lang).to_owned());
    [Expose::LoadBalancer, Expose::NodePort, Expose::Nat].map(|one| way(expose(one))).into()
}

fn network(cluster: &Cluster) -> String {
    cluster.network.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn served_by(cluster: &Cluster) -> String {
    match &cluster.role {
        Role::Remote { control_plane } => control_plane.to_string(),
        Role::Primary { .. } | Role::External { .. } => String::new(),
    }
}

fn set_role(_: &Drawing, index: usize, word: &str) -> Option<Edit> {
    RoleKind::ALL.into_iter().find(|kind| kind.word() == word).map(|kind| Edit::SetRole(index, kind))
}

fn gateway(drawing: &Drawing, index: usize, change: impl FnOnce(&mut EastWest)) -> Option<Edit> {
    let mut gateway = drawing.cluster(index)?.east_west.clone();
    change(&mut gateway);
    Some(Edit::SetEastWest(index, Box::new(gateway)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_mixed() {
        let words = |words: &[&str]| common(words.iter().map(|word| (*word).to_owned()));
        assert_eq!(words(&["a", "a"]), Some("a".to_owned()));
        assert_eq!(words(&["a", "b"]), None);
        assert_eq!(words(&[]), None);
    }
}
