//! What is done beside the page: large bundles are made and packed in a worker, where nobody waits for them.

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
    Made(Made),
    /// A zip.
    Packed(Vec<u8>),
}

/// Does a job; `None` for a drawing that has no bundle, which is not asked for.
pub(crate) fn answer(job: &Job) -> Option<Answer> {
    match job {
        Job::Make(topology) => {
            let topology = Topology::read(topology).ok()?;
            check(&topology).mesh.as_ref().map(Made::of).map(Answer::Made)
        }
        Job::Pack(topology, layout) => {
            let topology = Topology::read(topology).ok()?;
            let bundle = Bundle::write(&topology, Some(&Layout::read(layout))).ok()?;
            Some(Answer::Packed(bundle.to_zip()))
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
        assert_eq!(answer(&Job::Make(text.clone())), Some(Answer::Made(Made::of(&mesh))));
        let layout = Layout::default();
        let zip = Bundle::write(&topology, Some(&layout)).unwrap().to_zip();
        assert_eq!(answer(&Job::Pack(text, layout.write())), Some(Answer::Packed(zip)));
        assert_eq!(answer(&Job::Make("nothing".to_owned())), None);
    }
}
