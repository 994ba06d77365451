//! What other people and their programs do to a mesh: fields taken, webhooks that refuse, quotas, namespaces on their way out, contexts
//! that were swapped. The run says what is in the way and of whom; once it is out of the way, running again leads to what an undisturbed
//! run leads to.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::thread;
use std::time::Instant;

use serde_json::Value;
use tests::bed::eventually;
use tests::dump::difference;
use tests::job::Run;
use tests::judge::WAIT;

use super::models::{MODELS, Model};
use super::scene::{Case, REMOTE_SECRET, Scene, applied, meanwhile, nothing};
use super::table::{Row, Table, Which, on_models};

/// A webhook for the Secrets of the system namespace, at that address.
fn webhook(address: &str) -> String {
    format!(
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {{name: policy.example.com}}\n\
         webhooks:\n- name: policy.example.com\n  failurePolicy: Fail\n  sideEffects: None\n  timeoutSeconds: 1\n  \
         admissionReviewVersions: [v1]\n  clientConfig: {{url: \"https://{address}/\"}}\n  \
         namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {{namespace}}}}}}\n  \
         rules: [{{apiGroups: [\"\"], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets]}}]\n"
    )
}

/// What is said of one that does not answer.
const UNANSWERED: &[&str] = &["{secret step}", "{secret}", "(policy.example.com) does not answer"];

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
    let probe = ["-n", scene.model.namespace, "create", "secret", "generic", "probe", "--dry-run=server"];
    eventually(WAIT, || {
        let refused = !scene.one().kubectl(&probe)?.status.success();
        if refused == wanted { Ok(()) } else { Err(format!("refused: {refused}").into()) }
    })
    .unwrap();
}

/// The beginnings of lines for `kubectl`.
const PATCH_SECRET: &str = "-n {namespace} patch secret {secret}";
const PATCH_GATEWAY: &str = "-n istio-system patch service {gateway}";
const PATCH_HELD: &str = "-n {namespace} patch configmap held";

/// Both clusters' contexts, the one for the other.
fn swapped(scene: &Scene) -> Run {
    let contexts = ["{one}={other}", "{other}={one}"].map(|context| scene.model.named(context));
    scene.job.apply(&["--context", &contexts[0], "--context", &contexts[1]])
}

/// During the run somebody deletes what an earlier step made.
fn bereft(scene: &Scene) -> Run {
    const EARLIER: &str = "-n istio-system delete configmap/istio serviceaccount/istio-reader-service-account";
    meanwhile(scene, EARLIER)
}

const CASES: &[Case] = &[
    Case {
        name: "a field of another manager",
        step: "{namespace step}",
        harm: |scene| {
            let label =
                "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {namespace}\n  labels: {{label}: theirs}\n";
            let file = scene.ground.bed.folder().join("theirs.yaml");
            fs::write(&file, scene.model.named(label)).unwrap();
            scene.kubectl(&format!(
                "apply --server-side --force-conflicts --field-manager=gardener -f {}",
                file.display()
            ));
        },
        run: applied,
        code: 80,
        words: &["{namespace step}", "gardener", "{label}"],
        heal: |scene| {
            let file = scene.ground.bed.folder().join("theirs.yaml");
            let bare = scene.model.named("apiVersion: v1\nkind: Namespace\nmetadata: {name: {namespace}}\n");
            fs::write(&file, bare).unwrap();
            scene.kubectl(&format!("apply --server-side --field-manager=gardener -f {}", file.display()));
        },
    },
    Case {
        name: "an autoscaler writes replicas",
        step: "{one}/gateway",
        harm: |scene| scene.kubectl("-n istio-system scale deployment {gateway} --replicas=2"),
        run: |scene| {
            let run = applied(scene);
            let replicas = scene.heard("-n istio-system get deployment {gateway} -o jsonpath={.spec.replicas}");
            assert_eq!(replicas, "2", "the autoscaler's field is not touched");
            run
        },
        code: 0,
        words: &[],
        heal: |scene| scene.kubectl("-n istio-system scale deployment {gateway} --replicas=1"),
    },
    Case {
        name: "managedFields wiped",
        step: "{secret step}",
        harm: |scene| {
            let patch = r#"[{"op":"replace","path":"/metadata/managedFields","value":[{}]}]"#;
            scene.kubectl(&format!("{PATCH_SECRET} --type=json -p {patch}"));
        },
        run: applied,
        code: 0,
        words: &[],
        heal: nothing,
    },
    Case {
        name: "a policy that refuses",
        step: "{secret step}",
        harm: |scene| {
            scene.kubectl(REMOTE_SECRET);
            scene.apply(
                    "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: no-secrets}\nspec:\n  \
                     matchConstraints: {resourceRules: [{apiGroups: [\"\"], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets]}]}\n  \
                     validations: [{expression: \"object.metadata.namespace != '{namespace}'\", message: ask the gardener}]\n---\n\
                     apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: no-secrets}\n\
                     spec: {policyName: no-secrets, validationActions: [Deny]}\n",
                );
            in_force(scene, true);
        },
        run: applied,
        code: 1,
        words: &["{secret step}", "{secret}", "no-secrets"],
        heal: |scene| {
            scene.kubectl("delete validatingadmissionpolicybinding no-secrets");
            scene.kubectl("delete validatingadmissionpolicy no-secrets");
            in_force(scene, false);
        },
    },
    Case {
        name: "a webhook that is down",
        step: "{secret step}",
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
        step: "{secret step}",
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
        step: "{secret step}",
        harm: |scene| {
            scene.kubectl(REMOTE_SECRET);
            scene.kubectl("-n {namespace} create quota none --hard=count/secrets=0");
            in_force(scene, true);
        },
        run: applied,
        code: 77,
        words: &["{secret step}", "{secret}", "exceeded quota"],
        heal: |scene| {
            scene.kubectl("-n {namespace} delete quota none");
            in_force(scene, false);
        },
    },
    Case {
        name: "contexts swapped",
        step: "before the first",
        harm: nothing,
        run: swapped,
        code: 78,
        words: &["{one}", "leads to another cluster than before", "--context"],
        heal: nothing,
    },
    Case {
        name: "objects deleted meanwhile",
        step: "{secret step}",
        harm: |scene| scene.kubectl(REMOTE_SECRET),
        run: bereft,
        code: 0,
        words: &[],
        heal: nothing,
    },
    Case {
        name: "no address any more",
        step: "{one}/gateway",
        harm: |scene| {
            scene.kubectl("-n istio-system annotate service {gateway} bed/lb=never");
            let patch = r#"{"status":{"loadBalancer":{"ingress":null}}}"#;
            scene.kubectl(&format!("{PATCH_GATEWAY} --subresource=status --type=merge -p {patch}"));
        },
        run: applied,
        code: 75,
        words: &["{one}/gateway", "{address}", "no address yet"],
        heal: |scene| scene.kubectl("-n istio-system annotate service {gateway} bed/lb-"),
    },
    Case {
        name: "a finalizer nobody serves, at cleanup",
        step: "{secret step}",
        harm: |scene| {
            let patch = r#"{"metadata":{"finalizers":["example.com/held"]}}"#;
            scene.kubectl(&format!("{PATCH_SECRET} --type=merge -p {patch}"));
        },
        run: |scene| scene.job.cleanup_within("mesh1", "8s"),
        code: 75,
        words: &["{namespace step}", "secrets", "example.com/held"],
        heal: |scene| {
            let patch = r#"{"metadata":{"finalizers":null}}"#;
            scene.kubectl(&format!("{PATCH_SECRET} --type=merge -p {patch}"));
        },
    },
    Case {
        name: "a definition whose names another has taken",
        step: "{definitions step}",
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
        words: &["{definitions step}", "virtualservices.networking.istio.io", "not established"],
        heal: |scene| scene.kubectl("delete customresourcedefinition others.networking.istio.io"),
    },
    Case {
        name: "a namespace on its way out",
        step: "{namespace step}",
        harm: |scene| {
            scene.job.cleanup("mesh1").ends_with(0);
            scene.ground.is_as_before();
            scene.apply(
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: {namespace}}\n---\napiVersion: v1\nkind: ConfigMap\n\
                     metadata: {name: held, namespace: {namespace}, finalizers: [example.com/held]}\n",
            );
            scene.kubectl("delete namespace {namespace} --wait=false");
        },
        run: applied,
        code: 75,
        words: &["{namespace step}", "Namespace {namespace}", "being deleted"],
        heal: |scene| {
            let patch = r#"{"metadata":{"finalizers":null}}"#;
            scene.kubectl(&format!("{PATCH_HELD} --type=merge -p {patch}"));
        },
    },
];

#[test]
fn what_others_do_is_told_and_mended() {
    on_models("What others do", &[MODELS[0].name, ELSEWHERE.0], try_all);
}

/// What a sample tries beside all on the first model: there an address is in more places, among them one that cannot be changed.
const ELSEWHERE: (&str, &str) = ("external-ip", "an IPv6 address");

/// Every case on one model, each on the mesh that the one before left whole.
fn try_all(model: &'static Model, which: &Which, table: &Table) {
    let is_sampled = |case: &Case| model.name != ELSEWHERE.0 || case.name == ELSEWHERE.1;
    let wanted = |case: &&Case| {
        which.has(model.name, &model.named(case.step), case.name) && (!which.is_sample() || is_sampled(case))
    };
    let cases: Vec<&Case> = super::surprises::CASES.iter().chain(CASES).filter(wanted).collect();
    if cases.is_empty() {
        return;
    }
    table.expect(cases.len());
    let scene = Scene::new(model);
    scene.job.apply(&[]).ends_with(0);
    let whole = scene.settled();
    for case in cases {
        table.note(tried(&scene, case, &whole));
    }
    scene.job.cleanup("mesh1").ends_with(0);
    scene.ground.is_as_before();
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
        .map(|words| scene.model.named(words))
        .filter(|words| !run.stderr.contains(words) && !run.stdout.contains(words))
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
        model: scene.model.name.to_owned(),
        step: scene.model.named(case.step),
        fault: case.name.to_owned(),
        code: run.code,
        time,
        said: error.to_owned(),
        again: again.code,
        wrong,
    }
}
