//! What the page shows. Components get what they show as shared data and one stable callback for commands.

mod app;
mod arrival;
mod arrow;
mod begin;
mod bulk;
mod canvas;
mod changes;
mod code;
mod dialog;
mod drafts;
mod explain;
mod field;
mod findings;
mod foot;
mod help;
mod inspector;
mod outline;
mod outside;
mod overview;
mod palette;
mod panel;
mod reach;
mod role;
mod start;
mod steps;
mod top;
mod tour;
mod walk;
mod why;
mod wizard;

pub(crate) use app::{App, Begun};
pub(crate) use begin::begin;

use std::rc::Rc;

use yew::prelude::*;

use crate::command::Command;
use crate::editor::Editor;

/// Sends a command; the same callback for the whole life of the page.
pub(crate) type Send = Callback<Command>;

/// What most panels get: the state, and where commands go.
#[derive(Clone, Properties)]
pub(crate) struct Props {
    /// The state.
    pub(crate) editor: Rc<Editor>,
    /// Where commands go.
    pub(crate) send: Send,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        // Every change makes a new state, so the pointer tells.
        Rc::ptr_eq(&self.editor, &other.editor) && self.send == other.send
    }
}

/// Makes the handler of a button that sends one command.
pub(crate) fn on<E>(send: &Send, command: Command) -> Callback<E> {
    send.reform(move |_| command.clone())
}
