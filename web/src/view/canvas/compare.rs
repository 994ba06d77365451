//! What is compared, over the canvas: a sign, a word and a colour on all that differs, and above them what it comes to.

use shared::layout::Point;
use shared::scene::Rect;
use shared::text::Lang;
use yew::prelude::*;

use super::shapes::at;
use crate::change::Mark;
use crate::command::Command;
use crate::compare::Shape;
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::picture::{fitted, width};
use crate::view::{Send, on};

/// The marks.
pub(super) fn marks(editor: &Editor) -> Html {
    let Some(compared) = &editor.compared else { return html! {} };
    let lang = editor.lang();
    let one = |(mark, shape): &(Mark, Shape)| {
        let class = classes!("differs", mark.class());
        match shape {
            Shape::Box(rect, name) => {
                let Rect { x, y, width: w, height: h } = *rect;
                html! {
                    <g {class} data-differs={name.clone()}>
                        <rect class="frame" x={(x - 5).to_string()} y={(y - 5).to_string()} width={(w + 10).to_string()} height={(h + 10).to_string()} rx="14" />
                        if *mark == Mark::Gone { <text class="title" x={(x + 20).to_string()} y={(y + 33).to_string()}>{ fitted(name, w - 40, 15) }</text> }
                        { tag(*mark, Point { x: x + w / 2, y: y - 5 }, lang) }
                    </g>
                }
            }
            Shape::Path(arrow) => html! {
                <g {class}><path class="frame" d={arrow.path.clone()} />{ tag(*mark, Point { y: arrow.label.y + 22, ..arrow.label }, lang) }</g>
            },
        }
    };
    html! { <g class="compared">{ for compared.shapes.iter().map(one) }</g> }
}

fn tag(mark: Mark, place: Point, lang: Lang) -> Html {
    let words = [mark.sign(), " ", mark.msg().say(lang)].concat();
    let w = width(&words, 12) + 18;
    html! {
        <g class="tag" transform={at(place.x, place.y)}>
            <rect x={(-w / 2).to_string()} y="-10" width={w.to_string()} height="20" rx="10" /><text y="4">{ words }</text>
        </g>
    }
}

/// What is compared, what it comes to, and the way out.
pub(super) fn banner(editor: &Editor, send: &Send) -> Html {
    let Some(compared) = editor.compared.as_ref().filter(|_| editor.linking.is_none() && editor.walk.is_none()) else {
        return html! {};
    };
    let lang = editor.lang();
    html! {
        <div class="banner" id="compared" role="group" aria-label={Msg::Compare.say(lang)}>
            <div>
                <b>{ Msg::ComparedWith.fill(lang, &[("name", compared.name.say(lang))]) }</b>
                <p>{ compared.said().say(lang).to_owned() }</p>
            </div>
            <button type="button" class="framed" id="compare-end" onclick={on(send, Command::Compare(None))}>{ Msg::CompareEnd.say(lang) }</button>
        </div>
    }
}
