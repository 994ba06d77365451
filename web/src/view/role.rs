//! The role of a cluster in the inspector: what it does in the mesh, whom its arrows lead to, and how its istiod is reached.

use shared::name::ClusterName;
use shared::text::Lang;
use shared::topology::{Cluster, DEFAULT_EXTERNAL_NAMESPACE, Entry, Role};
use yew::prelude::*;

use super::field::{Choice, Field};
use super::{Send, inspector::edit};
use crate::command::{Command, Edit, RoleKind};
use crate::edit::role::{served, servers};
use crate::editor::Editor;
use crate::i18n::Msg;

/// The fields of a cluster's role.
pub(super) fn fields(editor: &Editor, send: &Send, index: usize, cluster: &Cluster) -> Html {
    let (lang, topology) = (editor.lang(), &editor.drawing.topology);
    let kinds = RoleKind::ALL.map(|kind| (kind.word().to_owned(), role(kind).say(lang).to_owned()));
    let onrole = {
        let send = send.clone();
        move |word: String| {
            if let Some(kind) = RoleKind::ALL.into_iter().find(|kind| kind.word() == word) {
                send.emit(Command::Edit(Edit::SetRole(index, kind)));
            }
        }
    };
    let serves = served(topology, &cluster.name).next().is_some();
    let more = match &cluster.role {
        Role::Primary { entry } if serves || *entry != Entry::LoadBalancer => entry_fields(lang, send, index, entry),
        Role::Primary { .. } => html! {},
        Role::Remote { control_plane } => {
            let options = names(lang, servers(topology, index).collect(), control_plane);
            let onchosen = edit(send, move |by| Edit::SetControlPlane(index, by.as_str().into()));
            html! { <Choice {lang} id="served-by" label={Msg::ServedBy.say(lang)} options={options} chosen={control_plane.to_string()} on={onchosen} /> }
        }
        Role::External { config, entry, namespace } => {
            let options = names(lang, served(topology, &cluster.name).cloned().collect(), config);
            let onchosen = edit(send, move |config| Edit::SetConfig(index, config.as_str().into()));
            html! {
                <>
                    <Choice {lang} id="config" label={Msg::ConfigCluster.say(lang)} options={options} chosen={config.to_string()} on={onchosen} />
                    { entry_fields(lang, send, index, entry) }
                    <Field {lang} id="namespace" label={Msg::Namespace.say(lang)} value={namespace.clone()} placeholder={DEFAULT_EXTERNAL_NAMESPACE}
                        on={edit(send, move |namespace| Edit::SetNamespace(index, namespace))} />
                </>
            }
        }
    };
    html! {
        <>
            <Choice {lang} id="role" label={Msg::Role.say(lang)} options={kinds.to_vec()} chosen={cluster.role.word()} on={onrole} />
            { more }
        </>
    }
}

/// Names a role and says what it means.
pub(super) fn role(kind: RoleKind) -> Msg {
    match kind {
        RoleKind::Primary => Msg::RolePrimary,
        RoleKind::Remote => Msg::RoleRemote,
        RoleKind::External => Msg::RoleExternal,
    }
}

/// Returns what can be chosen, and what is chosen where that cannot be: an arrow to nowhere is shown as it is.
fn names(lang: Lang, known: Vec<ClusterName>, chosen: &ClusterName) -> Vec<(String, String)> {
    let lost = match chosen.as_str() {
        "" => Some(Msg::NotChosen.say(lang).to_owned()),
        name => (!known.contains(chosen)).then(|| Msg::NotDrawn.fill(lang, &[("name", name)])),
    };
    let lost = lost.map(|words| (chosen.to_string(), words));
    lost.into_iter().chain(known.into_iter().map(|name| (name.to_string(), name.to_string()))).collect()
}

/// How an istiod is reached by those it serves.
fn entry_fields(lang: Lang, send: &Send, index: usize, entry: &Entry) -> Html {
    let option = |word: &str, msg: Msg| (word.to_owned(), msg.say(lang).to_owned());
    let options = vec![option(BALANCER, Msg::EntryBalancer), option(HOST, Msg::EntryHost)];
    let by_host = move |host: String, credential: String| Edit::SetEntry(index, Entry::Host { host, credential });
    let onentry = edit(send, move |word| match word.as_str() {
        HOST => by_host(String::new(), String::new()),
        _ => Edit::SetEntry(index, Entry::LoadBalancer),
    });
    let (chosen, fields) = match entry {
        Entry::LoadBalancer => (BALANCER, html! {}),
        Entry::Host { host, credential } => {
            let (old_host, old_credential) = (host.clone(), credential.clone());
            let onhost = edit(send, move |host| by_host(host.trim().to_owned(), old_credential.clone()));
            let oncredential = edit(send, move |secret| by_host(old_host.clone(), secret.trim().to_owned()));
            let fields = html! {
                <>
                    <Field {lang} id="entry-host" label={Msg::Host.say(lang)} value={host.clone()} placeholder="istiod.example.com" on={onhost} />
                    <Field {lang} id="entry-credential" label={Msg::Credential.say(lang)} value={credential.clone()} placeholder="istiod-credential" on={oncredential} />
                </>
            };
            (HOST, fields)
        }
    };
    html! {
        <>
            <Choice {lang} id="entry" label={Msg::Entry.say(lang)} options={options} chosen={chosen} on={onentry} />
            { fields }
        </>
    }
}

/// The values of the two ways in, as the format has them.
const BALANCER: &str = "loadBalancer";
const HOST: &str = "host";
