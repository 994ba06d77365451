//! The walkthrough: the plan, played step by step on the drawing.

use shared::scene::ArrowKind;

use super::{Editor, Tab, View};
use crate::command::{ArrowId, Selection};
use crate::i18n::Msg;
use crate::walk::{Phase, made_by};

/// Beyond this many steps what is still to come is not looked up for every part of the drawing.
const PHASES_MAX: usize = 600;

impl Editor {
    /// Shows a step, what it makes and what it waits for; the last step ends what goes on by itself.
    pub(super) fn walk_to(&mut self, step: Option<usize>) -> bool {
        let steps = &self.derived.made.steps;
        let Some(at) = step else {
            (self.walk, self.plays) = (None, false);
            self.say(Msg::WalkEnded.text(&[]));
            return true;
        };
        if !self.derived.is_planned() || at >= steps.len() {
            return false;
        }
        let shown = steps.get(at);
        let (number, count) = ((at + 1).to_string(), steps.len().to_string());
        let values = [("number", number.as_str()), ("count", count.as_str()), ("step", shown.id())];
        let said = Msg::WalkAt.text(&values);
        self.plays = self.plays && at + 1 < steps.len();
        let selection = made_by(shown, &self.drawing);
        self.select(selection);
        self.mend_selection();
        (self.walk, self.tab, self.view) = (Some(at), Tab::Steps, View::Drawing);
        self.say(said);
        true
    }

    /// Returns the step to go to from here, where there is one.
    pub(crate) fn walk_next(&self, forward: bool) -> Option<usize> {
        let at = self.walk?;
        let next = if forward { at.checked_add(1) } else { at.checked_sub(1) };
        next.filter(|&next| next < self.derived.made.steps.len())
    }

    /// Says how far a part of the drawing is at the step that is shown; nothing while none is, or where no step makes it.
    pub(crate) fn phase(&self, thing: &Selection) -> Option<Phase> {
        let shown = self.walk.filter(|_| self.derived.made.steps.len() <= PHASES_MAX)?;
        let place = |thing: &Selection| Some(self.derived.step_of(&self.drawing, thing)?.place());
        let mut step = place(thing)?;
        if let Selection::Arrow(id @ ArrowId { kind: ArrowKind::Traffic, .. }) = thing {
            // Traffic takes the gateways of both ends.
            step = step.max(place(&Selection::Arrow(ArrowId { from: id.to, to: id.from, ..*id }))?);
        }
        Some(Phase::of(step, shown))
    }
}
