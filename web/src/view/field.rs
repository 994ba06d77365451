//! Fields with their labels: a text of one line or of several, which speaks when it is final, at Enter or when the caret leaves, and a list
//! to choose from.

use shared::source::{istio, spoken};
use shared::text::Lang;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use super::help;

/// What a field shows.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct FieldProps {
    /// The id of the input.
    pub(super) id: AttrValue,
    /// The language of its help.
    pub(super) lang: Lang,
    /// Its label.
    pub(super) label: AttrValue,
    /// Its text.
    pub(super) value: AttrValue,
    /// What stands there while it is empty.
    #[prop_or_default]
    pub(super) placeholder: AttrValue,
    /// Says what is wrong with a text while it is typed, if anything.
    #[prop_or_default]
    pub(super) wrong: Option<Callback<String, Option<AttrValue>>>,
    /// Suggestions.
    #[prop_or_default]
    pub(super) list: Option<AttrValue>,
    /// Hears the final text.
    pub(super) on: Callback<String>,
}

/// Names the help of a field in the page.
fn help_id(id: &str) -> String {
    [id, "-help"].concat()
}

/// What a field is for, and a link to the page that says more: always read out, and shown while the field has the focus.
///
/// No Tab stops at the link, or there would be two stops for every field: `F1` opens it.
fn helped(id: &str, lang: Lang) -> Html {
    match help::of(id) {
        Some((msg, page)) => html! {
            <p class="hint help" id={help_id(id)}>{ msg.say(lang) }{ " " }<a href={spoken(&istio(page), lang)} target="_blank" rel="noreferrer" tabindex="-1">{ "istio.io" }</a></p>
        },
        None => html! {},
    }
}

/// A text field with its label.
#[component]
pub(super) fn Field(props: &FieldProps) -> Html {
    let typed = use_state_eq(|| None::<AttrValue>);
    let text = (*typed).clone().unwrap_or_else(|| props.value.clone());
    use_effect_with(props.value.clone(), {
        let typed = typed.clone();
        move |_| typed.set(None)
    });
    let oninput = {
        let typed = typed.clone();
        move |event: InputEvent| typed.set(Some(event.target_unchecked_into::<HtmlInputElement>().value().into()))
    };
    let onchange = {
        let (typed, on, value) = (typed.clone(), props.on.clone(), props.value.clone());
        move |event: Event| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            typed.set(None);
            if text != *value {
                on.emit(text);
            }
        }
    };
    let onkeydown = {
        let typed = typed.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                typed.set(None);
            }
        }
    };
    let wrong = props.wrong.as_ref().and_then(|wrong| wrong.emit(text.to_string()));
    let hint = AttrValue::from(format!("{}-hint", props.id));
    html! {
        <>
            <label for={props.id.clone()}>{ props.label.clone() }</label>
            <input
                id={props.id.clone()} type="text" value={text} placeholder={props.placeholder.clone()} autocomplete="off" spellcheck="false"
                list={props.list.clone()} aria-invalid={wrong.is_some().then_some("true")} aria-describedby={if wrong.is_some() { hint.to_string() } else { help_id(&props.id) }}
                oninput={oninput} onchange={onchange} onkeydown={onkeydown}
            />
            { helped(&props.id, props.lang) }
            if let Some(wrong) = wrong {
                <p class="hint wrong" id={hint}>{ wrong }</p>
            }
        </>
    }
}

/// A text field of several lines with its label.
#[component]
pub(super) fn Lines(props: &FieldProps) -> Html {
    let area = use_node_ref();
    // What was typed is a state of its own; undo must move it.
    use_effect_with(props.value.clone(), {
        let area = area.clone();
        move |value: &AttrValue| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                area.set_value(value);
            }
        }
    });
    let onchange = {
        let (on, value) = (props.on.clone(), props.value.clone());
        move |event: Event| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            if text != *value {
                on.emit(text);
            }
        }
    };
    html! {
        <>
            <label for={props.id.clone()}>{ props.label.clone() }</label>
            <textarea ref={area} id={props.id.clone()} rows="2" placeholder={props.placeholder.clone()} spellcheck="false" aria-describedby={help_id(&props.id)} onchange={onchange} />
            { helped(&props.id, props.lang) }
        </>
    }
}

/// What a list to choose from shows.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ChoiceProps {
    /// The id of the list.
    pub(super) id: AttrValue,
    /// The language of its help.
    pub(super) lang: Lang,
    /// Its label.
    pub(super) label: AttrValue,
    /// What can be chosen: values and their words.
    pub(super) options: Vec<(String, String)>,
    /// The value that is chosen.
    pub(super) chosen: AttrValue,
    /// Hears another value.
    pub(super) on: Callback<String>,
}

/// A list to choose from with its label.
#[component]
pub(super) fn Choice(props: &ChoiceProps) -> Html {
    let list = use_node_ref();
    // What is chosen is a state of the list that its attributes no longer move once somebody has chosen; undo must move it.
    use_effect({
        let (list, chosen) = (list.clone(), props.chosen.clone());
        move || {
            if let Some(list) = list.cast::<HtmlSelectElement>() {
                list.set_value(&chosen);
            }
        }
    });
    let onchange = {
        let on = props.on.clone();
        move |event: Event| on.emit(event.target_unchecked_into::<HtmlSelectElement>().value())
    };
    let option = |(value, words): &(String, String)| html! { <option key={value.clone()} value={value.clone()}>{ words }</option> };
    html! {
        <>
            <label for={props.id.clone()}>{ props.label.clone() }</label>
            <select ref={list} id={props.id.clone()} aria-describedby={help_id(&props.id)} onchange={onchange}>{ for props.options.iter().map(option) }</select>
            { helped(&props.id, props.lang) }
        </>
    }
}
