//! What is done beside the page: large bundles are made and packed in a worker, where nobody waits for them.

use std::rc::Rc;

use shared::bundle::Bundle;
use shared::layout::Layout;
use shared::mesh::check;
use shared::topology::Topology;

use crate::made::Made;

/// What a worker is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// The files and steps of a topology's bundle.
    Make(String),
    /// The zip of that bundle, with the layout.
    Pack(String, String),
}

/// What a worker answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Files and steps.
    Made(Rc<Made>),
    /// A zip.
    Packed(Vec<u8>),
}

/// Who does the jobs.
#[derive(Debug, Default)]
pub(crate) struct Helper {
    /// What was made last; most of it stays after an edit.
    made: Option<Rc<Made>>,
}

impl Helper {
    /// Does a job; `None` for a drawing that has no bundle, which is not asked for.
    pub(crate) fn answer(&mut self, job: &Job) -> Option<Answer> {
        match job {
            Job::Make(topology) => {
                let mesh = check(&Topology::read(topology).ok()?).mesh?;
                let made = Rc::new(Made::of(&mesh, self.made.as_deref()));
                self.made = Some(made.clone());
                Some(Answer::Made(made))
            }
            Job::Pack(topology, layout) => {
                let topology = Topology::read(topology).ok()?;
                let bundle = Bundle::write(&topology, Some(&Layout::read(layout))).ok()?;
                Some(Answer::Packed(bundle.to_zip()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_gives_what_the_page_would() {
        let topology = shared::preset::presets().remove(0).topology;
        let text = topology.write();
        let mesh = check(&topology).mesh.unwrap();
        let (mut helper, made) = (Helper::default(), Answer::Made(Rc::new(Made::of(&mesh, None))));
        for time in ["first", "second"] {
            assert_eq!(helper.answer(&Job::Make(text.clone())).as_ref(), Some(&made), "{time}");
        }
        let layout = Layout::default();
        let zip = Bundle::write(&topology, Some(&layout)).unwrap().to_zip();
        assert_eq!(helper.answer(&Job::Pack(text, layout.write())), Some(Answer::Packed(zip)));
        assert_eq!(helper.answer(&Job::Make("nothing".to_owned())), None);
    }
}
