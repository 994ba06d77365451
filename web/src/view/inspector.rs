//! What is selected: its properties, its findings, why it is there, and the file it becomes.

use shared::mesh::is_member;
use shared::name::{NetworkName, is_label};
use shared::scene::PartKind;
use shared::text::Lang;
use shared::topology::{DEFAULT_TRUST_DOMAIN, Installer};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field::{Choice, Field};
use super::{Props, Send, arrow, bulk, code, findings, on, outline, reach, role, why};
use crate::command::{Command, Edit, Selection};
use crate::edit::whole::installer_word;
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::icons::Icon;

/// What is selected.
pub(super) fn inspector(props: &Props) -> Html {
    let Props { editor, send } = props;
    let form = match &editor.selection {
        Selection::Mesh => mesh(editor, send),
        Selection::Network(network) => network_form(editor, send, network),
        Selection::Cluster(index) | Selection::Part(index, _) => cluster(editor, send, *index),
        Selection::Arrow(id) => arrow::form(editor, send, *id),
        Selection::Many(all) => bulk::form(props, all),
    };
    html! {
        <>
            { form }
            // A list of its own: findings come and go, and the form above must stay the one that has the focus.
            <>{ for editor.derived.about(&editor.selection).map(|finding| findings::card(editor, send, finding, None)) }</>
            { why(editor, send) }
            { step_file(editor, send) }
        </>
    }
}

/// Sends an edit made of the final text of a field.
pub(super) fn edit(send: &Send, make: impl Fn(String) -> Edit + 'static) -> Callback<String> {
    send.reform(move |text| Command::Edit(make(text)))
}

/// Says what is wrong with a name while it is typed.
fn label_check(lang: Lang, taken: Vec<String>) -> Callback<String, Option<AttrValue>> {
    Callback::from(move |text: String| {
        if !is_label(text.trim()) {
            return Some(Msg::LabelHint.say(lang).into());
        }
        taken.iter().any(|name| name == text.trim()).then(|| Msg::TakenHint.say(lang).into())
    })
}

fn mesh(editor: &Editor, send: &Send) -> Html {
    let (lang, topology) = (editor.lang(), &editor.drawing.topology);
    let installers = [(Installer::Istioctl, Msg::InstallerIstioctl), (Installer::Helm, Msg::InstallerHelm)]
        .map(|(installer, msg)| (installer_word(installer).to_owned(), msg.say(lang).to_owned()));
    let oninstaller = edit(send, |word| {
        let helm = word == installer_word(Installer::Helm);
        Edit::SetInstaller(if helm { Installer::Helm } else { Installer::Istioctl })
    });
    let domain = Some(topology.trust_domain.clone()).filter(|domain| domain != DEFAULT_TRUST_DOMAIN);
    let onsample = {
        let send = send.clone();
        move |event: Event| {
            send.emit(Command::Edit(Edit::SetSample(event.target_unchecked_into::<HtmlInputElement>().checked())));
        }
    };
    html! {
        <div class="form">
            <Field {lang} id="name" label={Msg::Name.say(lang)} value={topology.name.clone()} wrong={label_check(lang, Vec::new())} on={edit(send, Edit::SetName)} />
            <Field {lang} id="mesh-id" label={Msg::MeshId.say(lang)} value={topology.mesh_id.clone()} wrong={label_check(lang, Vec::new())} on={edit(send, Edit::SetMeshId)} />
            <Field {lang} id="version" label={Msg::Version.say(lang)} value={topology.istio.version.clone()} list="versions" on={edit(send, Edit::SetVersion)} />
            <datalist id="versions">{ for ["1.31", "1.30", "1.29"].iter().map(|version| html! { <option value={*version}></option> }) }</datalist>
            <Choice {lang} id="installer" label={Msg::Installer.say(lang)} options={installers.to_vec()} chosen={installer_word(topology.istio.installer)} on={oninstaller} />
            <Field {lang} id="revision" label={Msg::Revision.say(lang)} value={topology.istio.revision.clone()} placeholder={Msg::RevisionHint.say(lang)} on={edit(send, Edit::SetRevision)} />
            <Field {lang} id="trust-domain" label={Msg::TrustDomain.say(lang)} value={domain.unwrap_or_default()} placeholder={DEFAULT_TRUST_DOMAIN} on={edit(send, Edit::SetTrustDomain)} />
            <span class="key">{ Msg::Sample.say(lang) }</span>
            <label class="check"><input type="checkbox" id="sample" checked={topology.sample} onchange={onsample} />{ Msg::SampleLong.say(lang) }</label>
            <span class="key">{ Msg::Model.say(lang) }</span><span class="value">{ editor.derived.model.say(lang) }</span>
            <div class="actions">
                <button type="button" class="framed" id="share" onclick={on(send, Command::Share)}>{ Msg::Share.say(lang) }</button>
                <button type="button" class="framed" id="picture" onclick={on(send, Command::SavePicture)}>{ Msg::SavePicture.say(lang) }</button>
                { for (1..=3).map(|dots: u8| html! {
                    <button type="button" class="framed" id={["png-", &dots.to_string()].concat()} onclick={on(send, Command::SaveDots(dots))}>{ Msg::SaveDotsAt.fill(lang, &[("count", &dots.to_string())]) }</button>
                }) }
                <button type="button" class="framed" id="copy-command" onclick={on(send, Command::CopyInvocation)}>{ Msg::CopyCommand.say(lang) }</button>
            </div>
            if !editor.drawing.layout.clusters.is_empty() {
                <div class="actions"><button type="button" class="framed" onclick={on(send, Command::Edit(Edit::Tidy))}>{ Msg::Tidy.say(lang) }</button></div>
            }
        </div>
    }
}

fn network_form(editor: &Editor, send: &Send, network: &NetworkName) -> Html {
    let lang = editor.lang();
    let others = editor.drawing.networks().iter().filter(|other| *other != network).map(ToString::to_string).collect();
    let members: Vec<String> = editor.drawing.members(network).map(|(_, cluster)| cluster.name.to_string()).collect();
    let rename = {
        let from = network.clone();
        edit(send, move |to| Edit::RenameNetwork(from.clone(), to))
    };
    html! {
        <div class="form" key={format!("network-{network}")}>
            <Field {lang} id="name" label={Msg::Name.say(lang)} value={network.to_string()} wrong={label_check(lang, others)} on={rename} />
            <span class="key">{ Msg::Clusters.say(lang) }</span>
            <span class="value">{ if members.is_empty() { "–".to_owned() } else { members.join(", ") } }</span>
            <div class="actions">
                <button type="button" class="framed" onclick={on(send, Command::Edit(Edit::AddCluster(Some(network.clone()))))}>{ Icon::Cluster.draw() }{ Msg::AddHere.say(lang) }</button>
                <button type="button" class="framed danger" onclick={on(send, Command::DeleteSelected)}>{ Icon::Delete.draw() }{ Msg::Delete.say(lang) }</button>
            </div>
        </div>
    }
}

fn cluster(editor: &Editor, send: &Send, index: usize) -> Html {
    let lang = editor.lang();
    let Some(cluster) = editor.drawing.cluster(index) else { return html! {} };
    let others = editor
        .drawing
        .topology
        .clusters
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != index)
        .map(|(_, other)| other.name.to_string())
        .collect();
    let network = cluster.network.as_ref().map(ToString::to_string).unwrap_or_default();
    let missing = cluster.network.is_none().then(|| (String::new(), Msg::NoNetwork.say(lang).to_owned()));
    let networks = editor.drawing.networks().iter().map(|network| (network.to_string(), network.to_string()));
    html! {
        <div key={format!("cluster-{index}")}>
        <div class="form">
            <Field {lang} id="name" label={Msg::Name.say(lang)} value={cluster.name.to_string()} wrong={label_check(lang, others)}
                on={edit(send, move |name| Edit::RenameCluster(index, name))} />
            { role::fields(editor, send, index, cluster) }
            if is_member(cluster) || cluster.network.is_some() {
                <Choice {lang} id="network" label={Msg::Network.say(lang)} options={missing.into_iter().chain(networks).collect::<Vec<_>>()} chosen={network}
                    on={edit(send, move |network| Edit::MoveCluster(index, network.as_str().into()))} />
            }
            <Field {lang} id="context" label={Msg::Context.say(lang)} value={cluster.context.clone().unwrap_or_default()} placeholder={cluster.name.to_string()}
                on={edit(send, move |context| Edit::SetContext(index, context))} />
            <div class="actions">
                <button type="button" class="framed" id="duplicate" onclick={on(send, Command::Duplicate)}>{ Msg::Duplicate.say(lang) }</button>
                <button type="button" class="framed danger" onclick={on(send, Command::Edit(Edit::DeleteCluster(index)))}>{ Icon::Delete.draw() }{ Msg::Delete.say(lang) }</button>
            </div>
        </div>
        { reach::groups(editor, send, index, cluster) }
        </div>
    }
}

/// Says why what is selected is there, in the words of the rule that put it there.
fn why(editor: &Editor, send: &Send) -> Html {
    let lang = editor.lang();
    if matches!(editor.selection, Selection::Network(_)) {
        return html! { <section class="card-why"><b>{ Msg::NetworkWhy.say(lang) }</b><p>{ Msg::NetworkWhyText.say(lang) }</p></section> };
    }
    let Some(step) = editor.derived.step_of(&editor.drawing, &editor.selection) else { return html! {} };
    let part = match editor.selection {
        Selection::Part(_, part) => part,
        // A remote has no istiod of its own: what it gets is what asks the one elsewhere.
        _ if step.rule() == "remote" => PartKind::Webhook,
        _ => PartKind::Istiod,
    };
    let arrow = matches!(editor.selection, Selection::Arrow(_));
    let title = if arrow { Msg::WhyArrow } else { Msg::WhyPart };
    let title = title.fill(lang, &[("part", outline::part_name(part).say(lang)), ("cluster", step.cluster())]);
    html! {
        <section class="card-why">
            <b>{ title }</b>
            { why::words(step, lang) }
            { explicit(editor, send) }
        </section>
    }
}

/// Offers to draw a gateway that the rules imply, or to leave it to them again.
fn explicit(editor: &Editor, send: &Send) -> Html {
    let Selection::Part(index, PartKind::EastWest | PartKind::ControlPlaneGateway) = editor.selection else {
        return html! {};
    };
    let Some(implied) = editor.gateway_of(index) else { return html! {} };
    let msg = if implied { Msg::MakeExplicit } else { Msg::MakeImplied };
    html! {
        <div class="actions">
            <button type="button" class="framed" id="explicit" onclick={on(send, Command::Edit(Edit::SetExplicit(index, implied)))}>{ msg.say(editor.lang()) }</button>
        </div>
    }
}

/// Shows the files that come from what is selected, and one of them; the mesh as a whole is the drawing itself.
fn step_file(editor: &Editor, send: &Send) -> Html {
    let path = editor.shown_file();
    let mine: Vec<&str> = editor.derived.made.files.paths().filter(|path| editor.is_marked(path)).collect();
    html! {
        <div class="files">
            if mine.len() > 1 { { code::list(editor, send, &mine, &path) } }
            { code::file(editor, send, &path) }
        </div>
    }
}
