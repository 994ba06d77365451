//! Every model by every command, on real API servers with real istiods: check, diff, apply, apply again, status, verify, rotate,
//! revoke, cleanup; in the end every cluster has what it had before. `MODELS=all` takes all topologies of the tests,
//! `MODELS=<topology>,…` those; otherwise a few are taken that no other test applies.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "what each model took is worth a line")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use shared::fact::Fact;
use shared::mesh::check;
use shared::plan::Plan;
use shared::probe::Probe;
use shared::release::{Dialect, Release};
use shared::topology::{Entry, Role, Topology};
use tests::bed::{Bed, Cluster, eventually};
use tests::ground::Ground;
use tests::job::Job;
use tests::judge::{WAIT, is_void};
use tests::operator;

/// What is taken where nothing is said.
const SAMPLED: [&str; 2] = ["external-ip", "primary-remote-classic"];

/// The clusters of the bed; each model gets as many of them as it has.
const CLUSTERS: [&str; 3] = ["cluster1", "cluster2", "cluster3"];

#[test]
fn every_model_by_every_command() {
    let mut models = models();
    // The Gateway API stays where it was installed: the models that ask for it come last, and istiod leaves classes there.
    models.sort_by_key(|model| model.assumes("GatewayApi("));
    let most = models.iter().map(|model| model.topology.clusters.len()).max().unwrap();
    let mut ground = Ground::new(&CLUSTERS[..most]);
    ground.give_external_address(CLUSTERS[0], "198.51.100.77");
    let mut prepared = false;
    for model in &models {
        let begun = Instant::now();
        if model.assumes("GatewayApi(") && !prepared {
            for cluster in ground.bed.clusters() {
                cluster.install_gateway_api().unwrap();
            }
            prepared = true;
        }
        if let Some((host, credential, place)) = host(&model.topology) {
            ground.put_credential(place, host, credential);
        }
        let job = model.job(&mut ground);
        model.by_every_command(&ground, &job);
        println!("{}: {:.0} s", model.name, begun.elapsed().as_secs_f32());
    }
}

/// A topology of the tests.
struct Model {
    name: String,
    topology: Topology,
}

/// The models that are asked for.
fn models() -> Vec<Model> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("topologies");
    let asked = std::env::var("MODELS").unwrap_or_default();
    let wanted: Vec<&str> = if asked.is_empty() { SAMPLED.to_vec() } else { asked.split(',').collect() };
    let mut all = BTreeMap::new();
    for path in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut topology = Topology::read(&fs::read_to_string(&path).unwrap()).unwrap();
        // Nothing in the bed answers to a host name by which such a webhook is asked, so no pod could be made.
        topology.sample &= host(&topology).is_none();
        all.insert(name.clone(), Model { name, topology });
    }
    if wanted != ["all"] {
        for name in &wanted {
            assert!(all.contains_key(*name), "no topology {name} in tests/topologies");
        }
        all.retain(|name, _| wanted.contains(&name.as_str()));
    }
    all.into_values().collect()
}

impl Model {
    /// Says whether a fact of that beginning is to be there before the first step.
    fn assumes(&self, word: &str) -> bool {
        let mesh = check(&self.topology).mesh.unwrap();
        Plan::new(&mesh).assumptions.iter().any(|fact| fact.to_string().starts_with(word))
    }

    /// The clusters of the model, and those of the bed that play them.
    fn contexts(&self) -> Vec<(&str, &'static str)> {
        self.topology.clusters.iter().map(|cluster| cluster.name.as_str()).zip(CLUSTERS).collect()
    }

    /// What an account does that has exactly the roles that `isthmus rbac` prints for the model.
    fn job(&self, ground: &mut Ground) -> Job {
        let (drawn, contexts) = (self.topology.write(), self.contexts());
        let job = Job::new(&ground.bed, &self.name, &drawn, &contexts);
        let job = if self.is_archived() { job.with_istioctl(&self.stand_in(&ground.bed)) } else { job };
        let mut names: Vec<(&str, &str)> = contexts.clone();
        names.sort_unstable();
        for ((_, place), role) in names.iter().zip(operator::roles(&job.rbac())) {
            operator::appoint(ground.bed.cluster(place), &role);
        }
        let places: Vec<&str> = contexts.iter().map(|(_, place)| *place).collect();
        let kubeconfig = operator::kubeconfig(&ground.bed, &places);
        ground.remember();
        job.reached_by(&kubeconfig)
    }

    fn by_every_command(&self, ground: &Ground, job: &Job) {
        let checked = job.check(&[]);
        let unseen = ["rights-to-", "not looked at"].iter().any(|word| {
            let lines = checked.stdout.lines().filter(|line| line.contains(word));
            lines.into_iter().any(|line| !line.trim_start().starts_with('✓'))
        });
        assert!(checked.ends_with(0).stdout.contains("rights-to-apply") && !unseen, "{}", checked.stdout);
        job.diff(&["--exit-code"]).ends_with(2);
        job.apply(&[]).ends_with(0);
        let again = job.apply(&[]);
        assert!(again.ends_with(0).stdout.contains("Nothing to change"), "{}{}", again.stdout, again.stderr);
        job.diff(&["--exit-code"]).ends_with(0);
        job.status().ends_with(0);
        self.verified(job);

        let (watched, kubeconfig) = self.watched(ground);
        job.rotate(&[]).ends_with(0);
        job.status().ends_with(0);
        is_void(self.place(ground, &watched), &kubeconfig);
        self.verified(job);
        self.is_served(ground);
        let (_, kubeconfig) = self.watched(ground);
        job.revoke(&watched).ends_with(0);
        job.status().ends_with(79);
        job.apply(&[]).ends_with(0);
        job.status().ends_with(0);
        is_void(self.place(ground, &watched), &kubeconfig);
        self.is_served(ground);

        job.cleanup(&self.topology.mesh_id).ends_with(0);
        ground.is_as_before();
    }

    /// The istiods still see what happens in every member, and write there: a new namespace is given the root of trust.
    fn is_served(&self, ground: &Ground) {
        let places = self.topology.clusters.iter().zip(CLUSTERS);
        for (_, place) in places.filter(|(cluster, _)| cluster.network.is_some()) {
            let cluster = ground.bed.cluster(place);
            cluster.kubectl_text(&["create", "namespace", "new"]).unwrap();
            let root = ["-n", "new", "get", "configmap", "istio-ca-root-cert"];
            eventually(WAIT, || cluster.kubectl_json(&root)).unwrap_or_else(|error| panic!("{}: {error}", self.name));
            cluster.kubectl_text(&["delete", "namespace", "new"]).unwrap();
        }
    }

    /// The cluster of the bed that plays this one.
    fn place<'g>(&self, ground: &'g Ground, name: &str) -> &'g Cluster {
        let (_, place) = self.contexts().into_iter().find(|(cluster, _)| *cluster == name).unwrap();
        ground.bed.cluster(place)
    }

    /// A cluster that an istiod elsewhere watches, and by what, as if its API server were dialled itself.
    fn watched(&self, ground: &Ground) -> (String, Vec<u8>) {
        let mesh = check(&self.topology).mesh.unwrap();
        let steps = Plan::new(&mesh).steps;
        let mut gives = steps.iter().flat_map(|step| &step.gives);
        let fact = gives
            .rfind(|fact| matches!(fact, Fact::Watched { .. }))
            .expect("in every model of the tests a cluster is watched from elsewhere");
        let Probe::Watched { by, namespace, secret, key, .. } = Probe::of(fact, &mesh) else { unreachable!("{fact}") };
        let get = ["-n", &namespace, "get", "secret", &secret];
        let found = self.place(ground, by.as_str()).kubectl_json(&get).unwrap();
        let kubeconfig = STANDARD.decode(found["data"][&key].as_str().unwrap()).unwrap();
        let mut kubeconfig: Value = serde_yaml::from_slice(&kubeconfig).unwrap();
        let name = fact.cluster().as_str();
        kubeconfig["clusters"][0]["cluster"]["server"] = self.place(ground, name).server().into();
        (name.to_owned(), kubeconfig.to_string().into_bytes())
    }

    /// Every istiod sees what it must; requests are not run, since these pods are simulated, and it is said so.
    fn verified(&self, job: &Job) {
        let look = || {
            let run = job.verify(&["-o", "json"]);
            let page: Value = serde_json::from_str(&run.stdout).map_err(|_| format!("{}{}", run.stdout, run.stderr))?;
            let unlike = |check: &&Value| !self.is_expected(check);
            let all = page["checks"].as_array().unwrap();
            let wrong: Vec<&Value> = all.iter().filter(unlike).collect();
            if wrong.is_empty() && !all.is_empty() { Ok(()) } else { Err(format!("{wrong:#?}").into()) }
        };
        eventually(WAIT, look).unwrap_or_else(|error| panic!("{}: {error}", self.name));
    }

    fn is_expected(&self, check: &Value) -> bool {
        let is_call = check["group"] == "requests" || check["group"] == "ingress";
        // Nothing carries packets to the address of a load balancer: an istiod cannot dial an API server by one.
        let by_gateway = self.topology.clusters.iter().any(shared::topology::Cluster::api_server_by_gateway);
        let name = check["name"].as_str().unwrap_or_default();
        if by_gateway && check["group"] == "istiods" && name.starts_with("cluster1 ") {
            return check["outcome"] == "failed" && check["detail"]["en"].to_string().contains("cluster2");
        }
        check["outcome"] == if is_call { "notAsked" } else { "passed" }
    }

    fn is_archived(&self) -> bool {
        Release::parse(&self.topology.istio.version).unwrap().dialect < Dialect::Current
    }

    /// Stands for an `istioctl` of an archived release: says that it is one, and has today's render what it is given. What it
    /// makes of a remote is a control plane, since in those releases every remote injected and signed by itself.
    fn stand_in(&self, bed: &Bed) -> PathBuf {
        let (path, real) =
            (bed.folder().join(format!("istioctl-{}", self.name)), bed.programs().get("istioctl").unwrap());
        let script = format!(
            "#!/bin/sh\nif [ \"$1\" = version ]; then echo {}.9; exit; fi\n\
             sed 's/\"profile\":\"remote\",//; s/,\"remotePilotAddress\":\"[^\"]*\"//' | exec {} \"$@\" --force\n",
            self.topology.istio.version,
            real.display()
        );
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }
}

/// The host name of an istiod, the secret with its certificate, and the cluster of the bed whose gateway shows it.
fn host(topology: &Topology) -> Option<(&str, &str, &'static str)> {
    topology.clusters.iter().zip(CLUSTERS).find_map(|(cluster, place)| match &cluster.role {
        Role::External { entry: Entry::Host { host, credential }, .. }
        | Role::Primary { entry: Entry::Host { host, credential } } => {
            Some((host.as_str(), credential.as_str(), place))
        }
        _ => None,
    })
}
