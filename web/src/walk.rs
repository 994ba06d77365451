//! The plan, played step by step: how long it takes, which steps it takes longest by, what is typed by hand, and what of the drawing each makes.

use crate::command::Selection;
use crate::drawing::Drawing;
use crate::made::{PlanStep, Steps};
use crate::trace;

/// How far a part of the drawing is, while the plan is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Made by a step before.
    Done,
    /// Made by this step.
    Now,
    /// Made by a step to come.
    Later,
}

impl Phase {
    /// Says how far what one step makes is, while another is shown.
    pub(crate) fn of(step: usize, shown: usize) -> Self {
        match step.cmp(&shown) {
            std::cmp::Ordering::Less => Phase::Done,
            std::cmp::Ordering::Equal => Phase::Now,
            std::cmp::Ordering::Greater => Phase::Later,
        }
    }

    /// Returns the class that shows it.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Phase::Done => "done",
            Phase::Now => "now",
            Phase::Later => "later",
        }
    }
}

/// Seconds that a step of a rule takes on a cluster that has its images and gets its load balancers within a minute: what an
/// architect may count on, and not a promise.
fn seconds(rule: &str) -> u32 {
    match rule {
        "istiod" => 45,
        "gateway" | "ingress" => 75,
        "egress" | "sample" => 30,
        "remote" => 15,
        "reader" => 5,
        _ => 2,
    }
}

/// How a plan goes, where whatever can run at once does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Course {
    /// When each step is done, in seconds from the start.
    pub(crate) done: Vec<u32>,
    /// Whether the whole takes longer if this step does.
    pub(crate) critical: Vec<bool>,
}

impl Course {
    /// Works out how a plan goes; its steps stand in an order in which each comes after those it waits for.
    pub(crate) fn of(steps: &Steps) -> Self {
        let mut course = Course { done: Vec::new(), critical: vec![false; steps.len()] };
        let mut last = Vec::new();
        for step in steps.iter() {
            // Of those it waits for, the one that is done last.
            let before = step.after().max_by_key(|&at| (course.done[at], std::cmp::Reverse(at)));
            course.done.push(before.map_or(0, |at| course.done[at]) + seconds(step.rule()));
            last.push(before);
        }
        let mut at = (0..steps.len()).max_by_key(|&at| (course.done[at], std::cmp::Reverse(at)));
        while let Some(here) = at {
            course.critical[here] = true;
            at = last[here];
        }
        course
    }

    /// Returns how long all of it takes, in seconds.
    pub(crate) fn total(&self) -> u32 {
        self.done.iter().copied().max().unwrap_or_default()
    }
}

/// Finds what is typed for a step by hand, in the runbook; nothing where the runbook has it in a loop with others.
pub(crate) fn commands<'a>(runbook: &'a str, number: usize, id: &str) -> &'a str {
    let head = format!("\n## {number}. {id}\n");
    let section = runbook.split_once(head.as_str()).map_or("", |(_, after)| after);
    let section = section.split("\n## ").next().unwrap_or_default();
    section.split_once("```bash\n").and_then(|(_, after)| after.split_once("\n```")).map_or("", |(code, _)| code)
}

/// Returns what of the drawing a step makes.
pub(crate) fn made_by(step: PlanStep, drawing: &Drawing) -> Selection {
    trace::made_by(drawing, step.cluster(), step.rule(), step.id().splitn(3, '/').nth(2).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::Made;
    use shared::layout::Layout;
    use shared::mesh::check;
    use shared::preset::presets;

    #[test]
    fn the_critical_path_is_a_chain_that_takes_as_long_as_the_whole() {
        for preset in presets() {
            let made = Made::of(&check(&preset.topology).mesh.unwrap(), None);
            let course = Course::of(&made.steps);
            let path: Vec<usize> = (0..made.steps.len()).filter(|&at| course.critical[at]).collect();
            let length: u32 = path.iter().map(|&at| seconds(made.steps.get(at).rule())).sum();
            assert_eq!(length, course.total(), "{}", preset.id);
            for pair in path.windows(2) {
                assert!(made.steps.get(pair[1]).after().any(|before| before == pair[0]), "{} {pair:?}", preset.id);
            }
            assert!(course.total() > 60, "{}", preset.id);
        }
        assert_eq!(Course::of(&Steps::default()).total(), 0);
    }

    #[test]
    fn every_step_has_its_commands_and_makes_something_that_is_drawn() {
        for preset in presets() {
            let made = Made::of(&check(&preset.topology).mesh.unwrap(), None);
            let drawing = Drawing::new(preset.topology, Layout::default());
            for path in ["README.md", "README.zh.md"] {
                let runbook = made.files.get(path).unwrap();
                for (at, step) in made.steps.iter().enumerate() {
                    let typed = commands(runbook, at + 1, step.id());
                    assert!(typed.contains("kubectl") || typed.contains("istioctl"), "{path} {}", step.id());
                    assert_ne!(made_by(step, &drawing), Selection::Mesh, "{}", step.id());
                }
            }
        }
    }
}
