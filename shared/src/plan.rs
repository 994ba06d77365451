//! The plan: steps in an order that the facts allow, and what must be so before the first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::fact::Fact;
use crate::hole::Hole;
use crate::mesh::Mesh;
use crate::rules::RULES;
use crate::sorted::{self, Map, Set};
use crate::step::{Step, StepId};

/// Steps, the edges between them, and assumptions. Acyclic; ids are unique; each need is given earlier or is an assumption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The steps, each after those it waits for.
    pub steps: Vec<Step>,
    /// For every step, the places in `steps` of those it waits for.
    pub after: Vec<Set<usize>>,
    /// Facts that some step needs and none gives: checked before anything is written.
    pub assumptions: Set<Fact>,
}

impl Plan {
    /// Derives the plan of a mesh.
    ///
    /// # Panics
    ///
    /// If rules need each other's facts in a circle. The sweep over all small drawings shows that they do not.
    pub fn new(mesh: &Mesh) -> Self {
        let steps: Vec<Step> = RULES.iter().flat_map(|rule| rule(mesh)).collect();
        let mut givers: Map<&Fact, Vec<usize>> = Map::new();
        for (i, step) in steps.iter().enumerate() {
            for fact in &step.gives {
                givers.entry(fact).or_default().push(i);
            }
        }
        let mut assumptions = Set::new();
        let mut after: Vec<Set<usize>> = vec![Set::new(); steps.len()];
        for (i, step) in steps.iter().enumerate() {
            for fact in &step.needs {
                match givers.get(fact) {
                    Some(givers) => {
                        after[i].extend(givers.iter().copied().filter(|&giver| giver != i));
                    }
                    None => {
                        assumptions.insert(fact.clone());
                    }
                }
            }
        }
        let order = order(mesh, &steps, &after);
        assert_eq!(order.len(), steps.len(), "the rules need each other's facts in a circle");
        let mut place = vec![0; steps.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        let mut slots: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
        Plan {
            steps: order.iter().filter_map(|&old| slots[old].take()).collect(),
            after: order.iter().map(|&old| sorted::set(after[old].iter().map(|&i| place[i]))).collect(),
            assumptions,
        }
    }

    /// Returns every fact of the plan once: those that a step gives, and the assumptions; nothing else is needed.
    pub fn facts(&self) -> Set<&Fact> {
        sorted::set(self.steps.iter().flat_map(|step| &step.gives).chain(&self.assumptions))
    }

    /// Returns every hole of the plan once.
    pub fn holes(&self) -> Set<&Hole> {
        sorted::set(self.steps.iter().flat_map(|step| &step.holes))
    }

    /// Returns the step of that id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id.to_string() == id)
    }
}

/// Orders the steps by their edges; among those free to go, by rule and then by the cluster's place in the drawing.
fn order(mesh: &Mesh, steps: &[Step], after: &[Set<usize>]) -> Vec<usize> {
    let key = |i: usize| {
        let StepId { cluster, rule, .. } = &steps[i].id;
        (rule.number, mesh.place(cluster), i)
    };
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    let mut waiting: Vec<usize> = after.iter().map(|before| before.len()).collect();
    for (i, after) in after.iter().enumerate() {
        for &j in after {
            before[j].push(i);
        }
    }
    let mut free: BinaryHeap<_> = (0..steps.len()).filter(|&i| waiting[i] == 0).map(|i| Reverse(key(i))).collect();
    let mut order = Vec::with_capacity(steps.len());
    while let Some(Reverse((_, _, i))) = free.pop() {
        order.push(i);
        for &next in &before[i] {
            waiting[next] -= 1;
            if waiting[next] == 0 {
                free.push(Reverse(key(next)));
            }
        }
    }
    order
}
