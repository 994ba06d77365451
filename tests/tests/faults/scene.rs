//! Two clusters on which somebody does something to a mesh, and what a case of that is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

use serde_json::Value;
use tests::bed::Cluster;
use tests::dump::dump;
use tests::ground::Ground;
use tests::job::{Job, Run};
use tests::proxy::{Asked, Front, Phase};

use super::models::Model;

/// The clusters and the job.
pub(super) struct Scene {
    pub(super) model: &'static Model,
    pub(super) ground: Ground,
    pub(super) job: Job,
    /// The drawing.
    drawn: String,
    fronted: Job,
    front: Front,
}

/// What somebody does, what a run says, and how it is put right. Texts hold `{one}` and the like for what models name otherwise.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) step: &'static str,
    /// What is done before the run, or during it.
    pub(super) harm: fn(&Scene),
    pub(super) run: fn(&Scene) -> Run,
    pub(super) code: u8,
    /// What the run says.
    pub(super) words: &'static [&'static str],
    pub(super) heal: fn(&Scene),
}

impl Scene {
    pub(super) fn new(model: &'static Model) -> Self {
        let ground = Ground::new(&model.clusters);
        let front = Front::of(&ground.bed).unwrap();
        let drawn = ground.bed.dialled(model.topology).replace("sample: true", "sample: false");
        let job = Job::new(&ground.bed, model.name, &drawn, &[]).with_memory(&ground.bed);
        let fronted = job.clone().reached_by(front.kubeconfig());
        Self { model, ground, job, drawn, fronted, front }
    }

    /// The same mesh drawn a little otherwise, with the same certificates.
    pub(super) fn drawn_otherwise(&self, name: &str, from: &str, to: &str) -> Job {
        let drawn = self.drawn.replacen(from, to, 1);
        assert_ne!(drawn, self.drawn, "{from}");
        Job::new(&self.ground.bed, name, &drawn, &[]).with_certs_of(&self.job)
    }

    pub(super) fn one(&self) -> &Cluster {
        self.ground.bed.cluster(self.model.clusters[0])
    }

    pub(super) fn other(&self) -> &Cluster {
        self.ground.bed.cluster(self.model.clusters[1])
    }

    /// Says this to the `kubectl` of the first cluster.
    pub(super) fn kubectl(&self, line: &str) {
        self.heard(line);
    }

    /// What the `kubectl` of the first cluster answers to this.
    pub(super) fn heard(&self, line: &str) -> String {
        let line = self.model.named(line);
        self.one().kubectl_text(&line.split(' ').collect::<Vec<_>>()).unwrap()
    }

    pub(super) fn apply(&self, manifest: &str) {
        self.one().apply(&self.model.named(manifest)).unwrap();
    }

    pub(super) fn held(&self) -> Vec<BTreeMap<String, Value>> {
        self.ground.bed.clusters().iter().map(|cluster| dump(cluster).unwrap()).collect()
    }

    pub(super) fn settled(&self) -> Vec<BTreeMap<String, Value>> {
        self.ground.bed.clusters().iter().for_each(|cluster| drop(cluster.settled_listing().unwrap()));
        self.held()
    }
}

/// With little patience.
pub(super) fn applied(scene: &Scene) -> Run {
    scene.job.apply(&["--timeout", "6s"])
}

pub(super) const REMOTE_SECRET: &str = "-n {namespace} delete --ignore-not-found secret {secret}";

/// Before the remote secret is written, somebody says this to `kubectl`.
pub(super) fn meanwhile(scene: &Scene, line: &str) -> Run {
    scene.front.heal().unwrap();
    let (once, kubeconfig) = (Once::new(), scene.one().kubeconfig().to_owned());
    let kubectl = scene.ground.bed.programs().get("kubectl").unwrap();
    let (line, secret) = (scene.model.named(line), scene.model.named("/{secret}?"));
    let said = Arc::new(AtomicBool::new(false));
    let succeeds = Arc::clone(&said);
    scene.front.hook(move |asked: &Asked, phase| {
        if phase == Phase::Asked && asked.method == "PATCH" && asked.path.contains(&secret) {
            once.call_once(|| {
                let mut command = std::process::Command::new(&kubectl);
                command.arg("--kubeconfig").arg(&kubeconfig).args(line.split(' '));
                succeeds.store(command.output().unwrap().status.success(), Ordering::Relaxed);
            });
        }
    });
    let run = scene.fronted.apply(&["--timeout", "20s"]);
    scene.front.heal().unwrap();
    assert!(said.load(Ordering::Relaxed), "nobody did anything: {}", run.stderr);
    run
}

pub(super) fn nothing(_: &Scene) {}
