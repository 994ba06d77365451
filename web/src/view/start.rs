//! The screen to begin with: templates with a word on when to choose each, an empty drawing, a file, the drawing of last time.

use std::rc::Rc;

use shared::layout::Layout;
use shared::preset::{Preset, presets};
use shared::text::Lang;
use yew::prelude::*;

use super::{Props, Send, on};
use crate::command::{Command, Origin};
use crate::drawing::Drawing;
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
                </div>
                <h2>{ Msg::StartFrom.say(lang) }</h2>
                <div class="cards">{ for presets().into_iter().map(|preset| card(preset, lang, send)) }</div>
                <h2>{ Msg::StartElse.say(lang) }</h2>
                <div class="cards">
                    if !editor.drawing.is_blank() {
                        <button type="button" class="card-button low" id="continue" onclick={on(send, Command::Continue)}>
                            { Icon::Undo.draw() }
                            <b>{ Msg::StartContinue.fill(lang, &[("name", &editor.drawing.topology.name)]) }</b>
                            <span>{ Msg::StartContinueHint.fill(lang, &[("clusters", &count)]) }</span>
                        </button>
                    }
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
    let networks = topology.networks().len();
    let command = Command::Replace(Rc::new(Drawing::new(topology, Layout::default())), Origin::Template);
    html! {
        <button type="button" class="card-button" id={id} onclick={on(send, command)}>
            { picture(networks) }
            <b>{ name.say(lang) }</b>
            { for when.iter().map(|line| html! { <span>{ line.say(lang) }</span> }) }
        </button>
    }
}

/// Draws two clusters, in one network or in two.
fn picture(networks: usize) -> Html {
    let together = networks == 1;
    let cluster = |x: i32| {
        html! {
            <g transform={format!("translate({x} 42)")}>
                <rect class="card" width="92" height="84" rx="6" />
                <rect class="bar" x="10" y="10" width="36" height="5" rx="2.500" />
                <rect class="bar istiod" x="10" y="24" width="72" height="16" rx="4" />
                if together {
                    <rect class="bar" x="10" y="52" width="32" height="18" rx="4" /><rect class="bar" x="50" y="52" width="32" height="18" rx="4" />
                } else {
                    <rect class="bar gateway" x="10" y="54" width="72" height="16" rx="4" />
                }
            </g>
        }
    };
    html! {
        <svg class="picture" viewBox="0 0 400 150" aria-hidden="true">
            if together {
                <g class="n1"><rect class="region-mini" x="54" y="18" width="292" height="120" rx="10" /></g>
            } else {
                <g class="n1"><rect class="region-mini" x="54" y="18" width="124" height="120" rx="10" /></g>
                <g class="n2"><rect class="region-mini" x="222" y="18" width="124" height="120" rx="10" /></g>
                <path class="arrow crosses" d="M162 104H238" />
            }
            { cluster(70) }{ cluster(238) }
            <path class="arrow reads" d="M162 70H236" /><path class="arrow reads" d="M164 82H238" />
        </svg>
    }
}
