//! The screen to begin with: templates with a word on when to choose each, an empty drawing, a file, the drawing of last time.

use std::rc::Rc;

use shared::layout::Layout;
use shared::mesh::is_member;
use shared::name::{ClusterName, NetworkName};
use shared::preset::{Preset, presets};
use shared::text::Lang;
use shared::topology::{Cluster, Role, Topology};
use yew::prelude::*;

use super::{Props, Send, drafts, on};
use crate::command::{Command, Origin};
use crate::drawing::Drawing;
use crate::edit::role::served;
use crate::i18n::{Msg, plural};
use crate::icons::Icon;

/// The start screen.
pub(super) fn start(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    let blank = Command::Replace(Rc::new(Drawing::empty()), Origin::Blank);
    let clusters = editor.drawing.topology.clusters.len();
    let count = plural(clusters, Msg::OneCluster, Msg::ManyClusters).fill(lang, &[("count", &clusters.to_string())]);
    html! {
        <main class="start">
            <div class="start-inner">
                <div>
                    <h1>{ Msg::StartTitle.say(lang) }</h1>
                    <p class="lead">{ Msg::StartLead.say(lang) }</p>
                    <p class="hint offline">{ Msg::StartOffline.say(lang) }</p>
                </div>
                <h2>{ Msg::StartFrom.say(lang) }</h2>
                <div class="cards">{ for presets().into_iter().map(|preset| card(preset, lang, send)) }</div>
                { drafts::list(props) }
                <h2>{ Msg::StartElse.say(lang) }</h2>
                <div class="cards">
                    if !editor.drawing.is_blank() {
                        <button type="button" class="card-button low" id="continue" onclick={on(send, Command::Continue)}>
                            { Icon::Undo.draw() }
                            <b>{ Msg::StartContinue.fill(lang, &[("name", &editor.drawing.topology.name)]) }</b>
                            <span>{ Msg::StartContinueHint.fill(lang, &[("clusters", &count)]) }</span>
                        </button>
                    }
                    <button type="button" class="card-button low" id="wizard" onclick={on(send, Command::ShowWizard)}>
                        { Icon::Check.draw() }<b>{ Msg::Wizard.say(lang) }</b><span>{ Msg::WizardHint.say(lang) }</span>
                    </button>
                    <button type="button" class="card-button low" id="tour-start" onclick={on(send, Command::Tour(Some(0)))}>
                        { Icon::Arrow.draw() }<b>{ Msg::Tour.say(lang) }</b><span>{ Msg::TourHint.say(lang) }</span>
                    </button>
                    <button type="button" class="card-button low" id="blank" onclick={on(send, blank)}>
                        { Icon::Blank.draw() }<b>{ Msg::StartBlank.say(lang) }</b><span>{ Msg::StartBlankHint.say(lang) }</span>
                    </button>
                    <button type="button" class="card-button low" id="open" onclick={on(send, Command::Open)}>
                        { Icon::Open.draw() }<b>{ Msg::StartOpen.say(lang) }</b><span>{ Msg::StartOpenHint.say(lang) }</span>
                    </button>
                </div>
            </div>
        </main>
    }
}

fn card(preset: Preset, lang: Lang, send: &Send) -> Html {
    let Preset { id, name, when, topology } = preset;
    let picture = picture(&topology);
    let command = Command::Replace(Rc::new(Drawing::new(topology, Layout::default())), Origin::Template);
    html! {
        <button type="button" class="card-button" id={id} onclick={on(send, command)}>
            { picture }
            <b>{ name.say(lang) }</b>
            { for when.iter().map(|line| html! { <span>{ line.say(lang) }</span> }) }
        </button>
    }
}

/// Where the boxes of a little picture begin, by how many there are.
const PLACES: [&[i32]; 4] = [&[], &[154], &[70, 238], &[22, 154, 286]];

/// Draws a template's clusters beside each other: their networks, who has an istiod, and who serves, reads and calls whom.
pub(super) fn picture(topology: &Topology) -> Html {
    let clusters = &topology.clusters;
    let Some(&places) = PLACES.get(clusters.len()) else { return html! {} };
    let place = |name: &ClusterName| clusters.iter().position(|cluster| cluster.name == *name).map(|at| places[at]);
    let spans = topology.networks().len() > 1;
    let region = |(number, network): (usize, &NetworkName)| {
        let mut inside = clusters.iter().zip(places).filter(|(cluster, _)| cluster.network.as_ref() == Some(network));
        let first = inside.next().map_or(0, |(_, x)| *x);
        let last = inside.next_back().map_or(first, |(_, x)| *x);
        html! {
            <g class={format!("n{}", number + 1)}>
                <rect class="region-mini" x={(first - 16).to_string()} y="18" width={(last - first + 124).to_string()} height="120" rx="10" />
            </g>
        }
    };
    let card = |(cluster, x): (&Cluster, &i32)| {
        let serves = served(topology, &cluster.name).next().is_some();
        let gateway = is_member(cluster) && (spans || serves);
        html! {
            <g transform={format!("translate({x} 42)")}>
                <rect class={classes!("card", (!is_member(cluster)).then_some("outside"))} width="92" height="84" rx="6" />
                <rect class="bar" x="10" y="10" width="36" height="5" rx="2.500" />
                if !matches!(cluster.role, Role::Remote { .. }) {
                    <rect class="bar istiod" x="10" y="24" width="72" height="16" rx="4" />
                }
                if gateway {
                    <rect class="bar gateway" x="10" y="54" width="72" height="16" rx="4" />
                } else if is_member(cluster) {
                    <rect class="bar" x="10" y="52" width="32" height="18" rx="4" /><rect class="bar" x="50" y="52" width="32" height="18" rx="4" />
                }
            </g>
        }
    };
    // Neighbours are joined by a level line, others by one above the boxes.
    let line = |class: &'static str, from: i32, to: i32, y: i32| {
        let d = if to - from > 200 {
            format!("M{} 42V30H{}V42", from + 46, to + 46)
        } else {
            format!("M{} {y}H{to}", from + 92)
        };
        html! { <path class={classes!("arrow", class)} d={d} /> }
    };
    let serves = clusters.iter().zip(places).filter_map(|(cluster, x)| match &cluster.role {
        Role::Remote { control_plane } => Some(line("serves", place(control_plane)?, *x, 62)),
        Role::Primary { .. } | Role::External { .. } => None,
    });
    let reads = clusters.windows(2).zip(places.windows(2)).flat_map(|(pair, at)| {
        let istiods = pair.iter().filter(|cluster| !matches!(cluster.role, Role::Remote { .. }));
        istiods.zip([72, 84]).map(|(_, y)| line("reads", at[0], at[1], y)).collect::<Vec<_>>()
    });
    let crosses = clusters.windows(2).zip(places.windows(2)).filter_map(|(pair, at)| {
        let apart = pair[0].network != pair[1].network && pair.iter().all(is_member);
        apart.then(|| html! { <path class="arrow crosses" d={format!("M{} 104H{}", at[0] + 82, at[1] + 10)} /> })
    });
    html! {
        <svg class="picture" viewBox="0 0 400 150" aria-hidden="true">
            { for topology.networks().into_iter().enumerate().map(region) }
            { for crosses }
            { for clusters.iter().zip(places).map(card) }
            { for serves }{ for reads }
        </svg>
    }
}
