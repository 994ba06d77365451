//! What other people and their programs do to a mesh: fields taken, webhooks that refuse, quotas, namespaces on their way out, contexts
//! that were swapped. The run says what is in the way and of whom; once it is out of the way, running again leads to what an undisturbed
//! run leads to.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::sync::Once;
use std::thread;
use std::time::Instant;

use serde_json::Value;
use tests::bed::{Cluster, eventually};
use tests::dump::{difference, dump};
use tests::ground::Ground;
use tests::job::{Job, Run};
use tests::judge::WAIT;
use tests::proxy::{Asked, Front, Phase};

use super::table::{Row, Which, judge};

const MODEL: &str = "multi-primary-multi-network";
const TOPOLOGY: &str = include_str!("../../topologies/multi-primary-multi-network.yaml");
const PRIMARY_REMOTE: &str = include_str!("../../topologies/primary-remote-multi-network.yaml");

/// The clusters and the job.
pub(super) struct Scene {
    model: &'static str,
    pub(super) ground: Ground,
    pub(super) job: Job,
    /// The drawing.
    drawn: String,
    fronted: Job,
    front: Front,
}

/// What somebody does, what a run says, and how it is put right.
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
    fn new(model: &'static str, topology: &str) -> Self {
        let ground = Ground::new(&["cluster1", "cluster2"]);
        let front = Front::of(&ground.bed).unwrap();
        let mut drawn = topology.replace("sample: true", "sample: false");
        for name in ["cluster1", "cluster2"] {
            let (from, server) = (format!("{{name: {name}, "), ground.bed.cluster(name).server());
            drawn = drawn.replace(&from, &format!("{from}apiServer: {{url: \"{server}\"}}, "));
        }
        let job = Job::new(&ground.bed, model, &drawn, &[]);
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
        self.ground.bed.cluster("cluster1")
    }

    pub(super) fn kubectl(&self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        self.one().kubectl_text(&words).unwrap();
    }

    pub(super) fn apply(&self, manifest: &str) {
        self.one().apply(manifest).unwrap();
    }

    fn held(&self) -> Vec<BTreeMap<String, Value>> {
        self.ground.bed.clusters().iter().map(|cluster| dump(cluster).unwrap()).collect()
    }

    fn settled(&self) -> Vec<BTreeMap<String, Value>> {
        self.ground.bed.clusters().iter().for_each(|cluster| drop(cluster.settled_listing().unwrap()));
        self.held()
    }
}

/// With little patience.
pub(super) fn applied(scene: &Scene) -> Run {
    scene.job.apply(&["--timeout", "6s"])
}

pub(super) const REMOTE_SECRET: &str = "-n istio-system delete --ignore-not-found secret istio-remote-secret-cluster2";

/// A webhook for the Secrets of the system namespace, at that address.
fn webhook(address: &str) -> String {
    format!(
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {{name: policy.example.com}}\n\
         webhooks:\n- name: policy.example.com\n  failurePolicy: Fail\n  sideEffects: None\n  timeoutSeconds: 1\n  \
         admissionReviewVersions: [v1]\n  clientConfig: {{url: \"https://{address}/\"}}\n  \
         namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: istio-system}}}}\n  \
         rules: [{{apiGroups: [\"\"], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets]}}]\n"
    )
}

/// What is said of one that does not answer.
const UNANSWERED: &[&str] =
    &["cluster1/secret/cluster2", "istio-remote-secret-cluster2", "(policy.example.com) does not answer"];

fn without_webhook(scene: &Scene) {
    scene.kubectl("delete validatingwebhookconfiguration policy.example.com");
    in_force(scene, false);
}

/// Where somebody takes calls and never answers, until the tests end.
fn silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || listener.incoming().flatten().collect::<Vec<_>>());
    address
}

/// Waits until a refusal that was asked for is in force, or is no more.
fn in_force(scene: &Scene, wanted: bool) {
    let probe = ["-n", "istio-system", "create", "secret", "generic", "probe", "--dry-run=server"];
    eventually(WAIT, || {
        let refused = !scene.one().kubectl(&probe)?.status.success();
        if refused == wanted { Ok(()) } else { Err(format!("refused: {refused}").into()) }
    })
    .unwrap();
}

/// Both clusters' contexts, the one for the other.
fn swapped(scene: &Scene) -> Run {
    scene.job.apply(&["--context", "cluster1=cluster2", "--context", "cluster2=cluster1"])
}

/// During the run somebody deletes what an earlier step made.
fn bereft(scene: &Scene) -> Run {
    const EARLIER: &str = "-n istio-system delete configmap/istio serviceaccount/istio-reader-service-account";
    meanwhile(scene, EARLIER)
}

/// Before the remote secret is written, somebody says this to `kubectl`.
pub(super) fn meanwhile(scene: &Scene, line: &'static str) -> Run {
    scene.front.heal().unwrap();
    let (once, kubeconfig) = (Once::new(), scene.one().kubeconfig().to_owned());
    let kubectl = scene.ground.bed.programs().get("kubectl").unwrap();
    scene.front.hook(move |asked: &Asked, phase| {
        if phase == Phase::Asked && asked.method == "PATCH" && asked.path.contains("istio-remote-secret-cluster2?") {
            once.call_once(|| {
                let mut command = std::process::Command::new(&kubectl);
                command.arg("--kubeconfig").arg(&kubeconfig).args(line.split(' ')).output().unwrap();
            });
        }
    });
    let run = scene.fronted.apply(&["--timeout", "20s"]);
    scene.front.heal().unwrap();
    run
}

pub(super) fn nothing(_: &Scene) {}

const CASES: &[Case] = &[
    Case {
        name: "a field of another manager",
        step: "cluster1/namespace",
        harm: |scene| {
            let label = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: istio-system\n  labels: {topology.istio.io/network: theirs}\n";
            let file = scene.ground.bed.folder().join("theirs.yaml");
            fs::write(&file, label).unwrap();
            scene.kubectl(&format!(
                "apply --server-side --force-conflicts --field-manager=gardener -f {}",
                file.display()
            ));
        },
        run: applied,
        code: 80,
        words: &["cluster1/namespace", "gardener", "topology.istio.io/network"],
        heal: |scene| {
            let file = scene.ground.bed.folder().join("theirs.yaml");
            fs::write(&file, "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}\n").unwrap();
            scene.kubectl(&format!("apply --server-side --field-manager=gardener -f {}", file.display()));
        },
    },
    Case {
        name: "an autoscaler writes replicas",
        step: "cluster1/gateway",
        harm: |scene| scene.kubectl("-n istio-system scale deployment istio-eastwestgateway --replicas=2"),
        run: |scene| {
            let run = applied(scene);
            let path = "jsonpath={.spec.replicas}";
            let words = ["-n", "istio-system", "get", "deployment", "istio-eastwestgateway", "-o", path];
            assert_eq!(scene.one().kubectl_text(&words).unwrap(), "2", "the autoscaler's field is not touched");
            run
        },
        code: 0,
        words: &[],
        heal: |scene| scene.kubectl("-n istio-system scale deployment istio-eastwestgateway --replicas=1"),
    },
    Case {
        name: "managedFields wiped",
        step: "cluster1/secret/cluster2",
        harm: |scene| {
            let patch = r#"[{"op":"replace","path":"/metadata/managedFields","value":[{}]}]"#;
            scene.kubectl(&format!("-n istio-system patch secret istio-remote-secret-cluster2 --type=json -p {patch}"));
        },
        run: applied,
        code: 0,
        words: &[],
        heal: nothing,
    },
    Case {
        name: "a policy that refuses",
        step: "cluster1/secret/cluster2",
        harm: |scene| {
            scene.kubectl(REMOTE_SECRET);
            scene.apply(
                    "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: no-secrets}\nspec:\n  \
                     matchConstraints: {resourceRules: [{apiGroups: [\"\"], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets]}]}\n  \
                     validations: [{expression: \"object.metadata.namespace != 'istio-system'\", message: ask the gardener}]\n---\n\
                     apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: no-secrets}\n\
                     spec: {policyName: no-secrets, validationActions: [Deny]}\n",
                );
            in_force(scene, true);
        },
        run: applied,
        code: 1,
        words: &["cluster1/secret/cluster2", "istio-remote-secret-cluster2", "no-secrets"],
        heal: |scene| {
            scene.kubectl("delete validatingadmissionpolicybinding no-secrets");
            scene.kubectl("delete validatingadmissionpolicy no-secrets");
            in_force(scene, false);
        },
    },
    Case {
        name: "a webhook that is down",
        step: "cluster1/secret/cluster2",
        harm: |scene| {
            scene.kubectl(REMOTE_SECRET);
            scene.apply(&webhook("127.0.0.1:1"));
            in_force(scene, true);
        },
        run: applied,
        code: 75,
        words: UNANSWERED,
        heal: without_webhook,
    },
    Case {
        name: "a webhook that is silent",
        step: "cluster1/secret/cluster2",
        harm: |scene| {
            scene.kubectl(REMOTE_SECRET);
            scene.apply(&webhook(&silent()));
            in_force(scene, true);
        },
        run: applied,
        code: 75,
        words: UNANSWERED,
        heal: without_webhook,
    },
    Case {
        name: "a quota that is used up",
        step: "cluster1/secret/cluster2",
        harm: |scene| {
            scene.kubectl(REMOTE_SECRET);
            scene.kubectl("-n istio-system create quota none --hard=count/secrets=0");
            in_force(scene, true);
        },
        run: applied,
        code: 77,
        words: &["cluster1/secret/cluster2", "istio-remote-secret-cluster2", "exceeded quota"],
        heal: |scene| {
            scene.kubectl("-n istio-system delete quota none");
            in_force(scene, false);
        },
    },
    Case {
        name: "contexts swapped",
        step: "before the first",
        harm: nothing,
        run: swapped,
        code: 78,
        words: &["cluster1", "leads to another cluster than before", "--context"],
        heal: nothing,
    },
    Case {
        name: "objects deleted meanwhile",
        step: "cluster1/secret/cluster2",
        harm: |scene| scene.kubectl(REMOTE_SECRET),
        run: bereft,
        code: 0,
        words: &[],
        heal: nothing,
    },
    Case {
        name: "no address any more",
        step: "cluster1/gateway",
        harm: |scene| {
            scene.kubectl("-n istio-system annotate service istio-eastwestgateway bed/lb=never");
            let patch = r#"{"status":{"loadBalancer":{"ingress":null}}}"#;
            scene.kubectl(&format!(
                "-n istio-system patch service istio-eastwestgateway --subresource=status --type=merge -p {patch}"
            ));
        },
        run: applied,
        code: 75,
        words: &["cluster1/gateway", "Address(cluster1, eastwest)", "no address yet"],
        heal: |scene| scene.kubectl("-n istio-system annotate service istio-eastwestgateway bed/lb-"),
    },
    Case {
        name: "a finalizer nobody serves, at cleanup",
        step: "cluster1/secret/cluster2",
        harm: |scene| {
            let patch = r#"{"metadata":{"finalizers":["example.com/held"]}}"#;
            scene
                .kubectl(&format!("-n istio-system patch secret istio-remote-secret-cluster2 --type=merge -p {patch}"));
        },
        run: |scene| scene.job.cleanup_within("mesh1", "8s"),
        code: 75,
        words: &["cluster1/namespace", "secrets", "example.com/held"],
        heal: |scene| {
            let patch = r#"{"metadata":{"finalizers":null}}"#;
            scene
                .kubectl(&format!("-n istio-system patch secret istio-remote-secret-cluster2 --type=merge -p {patch}"));
        },
    },
    Case {
        name: "a definition whose names another has taken",
        step: "cluster1/istiod",
        harm: |scene| {
            scene.job.cleanup("mesh1").ends_with(0);
            scene.ground.is_as_before();
            scene.apply(
                "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: others.networking.istio.io}\nspec:\n  \
                 group: networking.istio.io\n  scope: Namespaced\n  names: {plural: others, singular: other, kind: VirtualService}\n  \
                 versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]\n",
            );
        },
        run: applied,
        code: 75,
        words: &["cluster1/istiod", "virtualservices.networking.istio.io", "not established"],
        heal: |scene| scene.kubectl("delete customresourcedefinition others.networking.istio.io"),
    },
    Case {
        name: "a namespace on its way out",
        step: "cluster1/namespace",
        harm: |scene| {
            scene.job.cleanup("mesh1").ends_with(0);
            scene.ground.is_as_before();
            scene.apply(
                    "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}\n---\napiVersion: v1\nkind: ConfigMap\n\
                     metadata: {name: held, namespace: istio-system, finalizers: [example.com/held]}\n",
                );
            scene.kubectl("delete namespace istio-system --wait=false");
        },
        run: applied,
        code: 75,
        words: &["cluster1/namespace", "Namespace istio-system", "being deleted"],
        heal: |scene| {
            let patch = r#"{"metadata":{"finalizers":null}}"#;
            scene.kubectl(&format!("-n istio-system patch configmap held --type=merge -p {patch}"));
        },
    },
];

#[test]
fn what_others_do_is_told_and_mended() {
    let which = Which::of_environment();
    let models = [(MODEL, TOPOLOGY), ("primary-remote-multi-network", PRIMARY_REMOTE)];
    let mut rows = Vec::new();
    for (model, topology) in models.into_iter().take(if which.is_all() { 2 } else { 1 }) {
        let scene = Scene::new(model, topology);
        scene.job.apply(&[]).ends_with(0);
        let whole = scene.settled();
        // They differ little from one model to the next, or are about what only this one has.
        let more: &[Case] = if model == MODEL { super::surprises::CASES } else { &[] };
        for case in more.iter().chain(CASES).filter(|case| which.has(case.name)) {
            rows.push(tried(&scene, case, &whole));
        }
        scene.job.cleanup("mesh1").ends_with(0);
        scene.ground.is_as_before();
    }
    judge("What others do", &rows);
}

fn tried(scene: &Scene, case: &Case, whole: &[BTreeMap<String, Value>]) -> Row {
    (case.harm)(scene);
    let begun = Instant::now();
    let run = (case.run)(scene);
    let time = begun.elapsed();
    (case.heal)(scene);
    let again = scene.job.apply(&[]);
    let mut wrong: Vec<String> = case
        .words
        .iter()
        .filter(|words| !run.stderr.contains(**words) && !run.stdout.contains(**words))
        .map(|words| format!("does not say: {words}"))
        .collect();
    if run.code != case.code {
        wrong.push(format!("not {}", case.code));
    }
    if again.code != 0 {
        wrong.push(format!("the next run: {}", again.stderr));
    }
    if !wrong.is_empty() {
        wrong.push(run.stderr.clone());
    }
    let same = eventually(WAIT, || {
        let differs: Vec<String> =
            scene.held().iter().zip(whole).flat_map(|(now, whole)| difference(whole, now)).collect();
        if differs.is_empty() { Ok(()) } else { Err(differs.join("\n").into()) }
    });
    wrong.extend(same.err().map(|error| format!("not as an undisturbed run leaves it: {error}")));
    let error = run.stderr.lines().find(|line| line.starts_with("error: ")).unwrap_or("-");
    Row {
        model: scene.model.to_owned(),
        step: case.step.to_owned(),
        fault: case.name.to_owned(),
        code: run.code,
        time,
        said: error.to_owned(),
        again: again.code,
        wrong,
    }
}
