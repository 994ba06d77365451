//! The planner: draws a mesh of clusters in the browser and writes the bundle that installs it.
//!
//! [`editor`] holds the state and the one function that changes it; [`command`] names everything a person can do; [`view`]
//! shows the state and sends commands; [`browser`] alone touches the browser. All but the last two are tested natively.

mod actions;
mod arrival;
mod browser;
mod change;
mod clip;
mod command;
mod compare;
mod derived;
mod draft;
mod drawing;
mod edit;
mod editor;
mod find;
mod highlight;
mod i18n;
mod icons;
pub mod incoming;
mod keys;
mod lines;
mod made;
mod open;
mod picture;
mod png;
mod selection;
mod settings;
mod share;
mod snap;
mod trace;
mod view;
mod walk;
mod wizard;
mod worker;

use std::rc::Rc;

/// Starts the planner in the page; in a worker, what makes large bundles for it.
pub fn start() {
    browser::catch_panics();
    if browser::office::open(worker::Helper::default()) {
        return;
    }
    // Reading what was kept and the first rendering are tasks of their own: between them the browser can do what else is due.
    browser::later(0, || {
        let editor = Rc::new(view::begin());
        browser::later(0, move || {
            if let Some(root) = browser::root() {
                root.set_text_content(None);
                yew::Renderer::<view::App>::with_root_and_props(root, view::Begun { editor }).render();
            }
        })
        .forget();
    })
    .forget();
}
