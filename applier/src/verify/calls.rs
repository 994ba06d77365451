//! Calls from the sample's client in a member, by `exec` through its API server.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde_json::Value;
use shared::bundle::{VerifyClient, VerifyMember, VerifyProxy};
use shared::text::Text;

use crate::clusters::Cluster;
use crate::kinds::elements;
use crate::refusal::refusal;
use crate::transport::{CallError, Place};
use crate::verify::chance;

/// How many calls of one client are under way at once.
const AT_ONCE: usize = 4;

/// The annotation by which kwok marks the nodes whose pods it simulates.
const SIMULATED: &str = "kwok.x-k8s.io/node";

/// The label that says in which region a node is.
const REGION: &str = "topology.kubernetes.io/region";

/// What a member was found to be, and what its client heard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// The addresses of the sample's pods in this member, by their names.
    pub(crate) pods: BTreeMap<String, String>,
    /// The regions of its nodes.
    pub(crate) regions: BTreeSet<String>,
    /// What its client heard.
    pub(crate) heard: Heard,
}

/// What a client heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Nothing was asked, as the pods are simulated.
    Simulated,
    /// Nothing could be asked; why.
    Nothing(Text),
    /// The account may not ask.
    Refused(Text),
    /// Answers.
    Answers(Answers),
}

impl Default for Heard {
    fn default() -> Self {
        Self::Nothing(Text::default())
    }
}

/// Answers to the calls of one client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    /// How many calls were made.
    pub(crate) calls: usize,
    /// For each member that answered how often it did, and the pods that did.
    pub(crate) by_member: BTreeMap<String, (usize, BTreeSet<String>)>,
    /// How many calls no member answered.
    pub(crate) failed: usize,
    /// What the last of these came to.
    pub(crate) error: String,
    /// The addresses to which the client's proxy sent calls meanwhile, and how many; nothing where it did not tell.
    pub(crate) dialled: BTreeMap<String, u64>,
    /// The addresses to which it got no connection meanwhile, and how often.
    pub(crate) unreached: BTreeMap<String, u64>,
}

impl Heard {
    /// What keeps a client from being heard.
    fn of(cluster: &Cluster, error: &CallError) -> Self {
        let why = refused(cluster, error);
        if error.is_denied() { Self::Refused(why) } else { Self::Nothing(why) }
    }
}

impl Answers {
    /// Takes in what one call came to.
    pub(crate) fn add(&mut self, members: &[VerifyMember], said: Result<&str, String>) {
        self.calls += 1;
        let failed = match said {
            Ok(text) => match members.iter().find(|member| text.starts_with(&member.answer)) {
                Some(member) => {
                    let pod = text.split_once("instance: ").map_or("", |(_, rest)| rest.trim());
                    let (count, pods) = self.by_member.entry(member.cluster.to_string()).or_default();
                    *count += 1;
                    if !pod.is_empty() {
                        pods.insert(pod.to_owned());
                    }
                    return;
                }
                None => text.lines().next().unwrap_or_default().to_owned(),
            },
            Err(error) => error,
        };
        self.failed += 1;
        self.error = failed.chars().filter(|letter| !letter.is_control()).take(200).collect();
    }
}

/// Looks at a member's pods and lets its client call until every member was heard, or it would be strange that one was not.
pub(crate) async fn row(cluster: &Cluster, client: &VerifyClient, members: &[VerifyMember]) -> Row {
    let path = format!("/api/v1/namespaces/{}/pods", client.namespace);
    let found = match cluster.transport.get(&path).await {
        Ok(found) => found,
        Err(error) => return Row { heard: Heard::of(cluster, &error), ..Row::default() },
    };
    let pods = elements(&found["items"])
        .iter()
        .filter_map(|pod| Some((word(&pod["metadata"]["name"])?, word(&pod["status"]["podIP"])?)));
    let pods = pods.collect();
    let nodes = match cluster.transport.get("/api/v1/nodes").await {
        Ok(nodes) => nodes,
        Err(error) => return Row { heard: Heard::of(cluster, &error), ..Row::default() },
    };
    let regions =
        elements(&nodes["items"]).iter().filter_map(|node| word(&node["metadata"]["labels"][REGION])).collect();
    let caller = elements(&found["items"]).iter().find(|pod| is_ready(pod, &client.app));
    let heard = match caller {
        None => Heard::Nothing(Text::new(
            format!("no pod {}/{} is ready in {}", client.namespace, client.app, cluster.name()),
            format!("{} 中没有就绪的 Pod {}/{}", cluster.name(), client.namespace, client.app),
        )),
        Some(pod) if is_simulated(pod, &nodes) => Heard::Simulated,
        Some(pod) => match listen(cluster, pod, client, members).await {
            Ok(answers) => Heard::Answers(answers),
            Err(error) => Heard::of(cluster, &error),
        },
    };
    Row { pods, regions, heard }
}

async fn listen(
    cluster: &Cluster,
    pod: &Value,
    client: &VerifyClient,
    members: &[VerifyMember],
) -> Result<Answers, CallError> {
    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
    let place = Place { namespace: &client.namespace, pod: name };
    let command = ["curl", "-sS", "--max-time", "5", &client.url];
    let enough = chance::calls(members.len());
    let before = counters(cluster, place, client).await;
    let mut answers = Answers::default();
    while answers.calls < enough && answers.by_member.len() < members.len() {
        let batch = AT_ONCE.min(enough - answers.calls);
        let calls = (0..batch).map(|_| cluster.transport.exec(place, &client.container, &command));
        for said in join_all(calls).await {
            match said {
                Ok(said) if said.succeeded => answers.add(members, Ok(&said.stdout)),
                Ok(said) => answers.add(members, Err(said.stderr)),
                // Who may not call now may not call later.
                Err(error) if error.is_denied() => return Err(error),
                Err(error) => answers.add(members, Err(refused(cluster, &error).en)),
            }
        }
    }
    if let (Some(before), Some(after)) = (before, counters(cluster, place, client).await) {
        answers.dialled = risen(&before.calls, &after.calls);
        answers.unreached = risen(&before.unreached, &after.unreached);
    }
    Ok(answers)
}

/// What a proxy has counted for each address of a service.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counters {
    /// Calls that it sent there.
    calls: BTreeMap<String, u64>,
    /// Connections that it did not get: refused, without an answer, or without trust.
    unreached: BTreeMap<String, u64>,
}

/// By how much each counter that rose did.
fn risen(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let rise = |(address, now): (&String, &u64)| {
        (address.clone(), now.saturating_sub(before.get(address).copied().unwrap_or(0)))
    };
    after.iter().map(rise).filter(|(_, rise)| *rise > 0).collect()
}

/// What the client's proxy has counted so far; nothing where it does not tell.
async fn counters(cluster: &Cluster, place: Place<'_>, client: &VerifyClient) -> Option<Counters> {
    let VerifyProxy { container, command, cluster: service } = &client.proxy;
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let said = cluster.transport.exec(place, container, &command).await.ok()?;
    said.succeeded.then(|| counted(&said.stdout, service))
}

/// The counters of one service among all that a proxy prints.
fn counted(page: &str, service: &str) -> Counters {
    let of_service = page.lines().filter_map(|line| line.strip_prefix(service)?.strip_prefix("::"));
    let mut counters = Counters::default();
    for line in of_service {
        // From the end, as an IPv6 address has colons of its own.
        let Some((rest, count)) = line.trim_end().rsplit_once("::") else { continue };
        let Some((address, name)) = rest.rsplit_once("::") else { continue };
        let kept = match name {
            "rq_total" => &mut counters.calls,
            "cx_connect_fail" => &mut counters.unreached,
            _ => continue,
        };
        if let Ok(count) = count.parse() {
            kept.insert(address.to_owned(), count);
        }
    }
    counters
}

/// Whether the pod is of that app and ready.
fn is_ready(pod: &Value, app: &str) -> bool {
    let ready = |condition: &Value| condition["type"] == "Ready" && condition["status"] == "True";
    pod["metadata"]["labels"]["app"] == *app
        && pod["metadata"]["deletionTimestamp"].is_null()
        && elements(&pod["status"]["conditions"]).iter().any(ready)
}

/// Whether the pod's node is one whose pods never run.
fn is_simulated(pod: &Value, nodes: &Value) -> bool {
    let node = elements(&nodes["items"]).iter().find(|node| node["metadata"]["name"] == pod["spec"]["nodeName"]);
    node.is_some_and(|node| node["metadata"]["annotations"][SIMULATED].is_string())
}

fn refused(cluster: &Cluster, error: &CallError) -> Text {
    refusal(&cluster.target, cluster.name(), "exec", error).what
}

fn word(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_belongs_to_the_member_whose_version_it_says() {
        let member = |cluster: &str, answer: &str| VerifyMember {
            cluster: cluster.into(),
            answer: answer.to_owned(),
            gateway: None,
            registry: None,
        };
        let members = [member("a", "Hello version: v1,"), member("b", "Hello version: v11,")];
        let mut answers = Answers::default();
        answers.add(&members, Ok("Hello version: v11, instance: helloworld-v11-x\n"));
        answers.add(&members, Ok("upstream connect error\nand more"));
        answers.add(&members, Err("curl: (28) timed\u{1b}[31m out".to_owned()));
        assert_eq!(answers.by_member.keys().collect::<Vec<_>>(), ["b"]);
        assert_eq!(answers.by_member["b"], (1, BTreeSet::from(["helloworld-v11-x".to_owned()])));
        assert_eq!((answers.calls, answers.failed, answers.error.as_str()), (3, 2, "curl: (28) timed[31m out"));
    }

    #[test]
    fn a_proxy_counts_the_addresses_that_it_dials() {
        let page = "outbound|5000||hello.sample::10.1.0.5:5000::rq_total::3\n\
            outbound|5000||hello.sample::10.1.0.5:5000::rq_success::2\n\
            outbound|5000||hello.sample::[fd00::1]:15443::rq_total::7\n\
            outbound|5000||hello.sample::[fd00::1]:15443::cx_connect_fail::2\n\
            outbound|5000||hello.sample::default_priority::max_requests::4294967295\n\
            outbound|5000||hello.sample2::10.1.0.9:5000::rq_total::9\n";
        let expected = [("10.1.0.5:5000".to_owned(), 3), ("[fd00::1]:15443".to_owned(), 7)];
        let counters = counted(page, "outbound|5000||hello.sample");
        assert_eq!(counters.calls, expected.into());
        assert_eq!(counters.unreached, [("[fd00::1]:15443".to_owned(), 2)].into());
        let later = BTreeMap::from([("10.1.0.5:5000".to_owned(), 3), ("[fd00::1]:15443".to_owned(), 9)]);
        assert_eq!(risen(&counters.calls, &later), [("[fd00::1]:15443".to_owned(), 2)].into());
    }

    #[test]
    fn pods_of_a_marked_node_are_simulated() {
        let node = |name: &str, annotations: Value| json!({"metadata": {"name": name, "annotations": annotations}});
        let nodes = json!({"items": [node("real", json!({})), node("fake", json!({SIMULATED: "fake"}))]});
        let pod = |node: &str| json!({"spec": {"nodeName": node}});
        assert!(is_simulated(&pod("fake"), &nodes));
        assert!(!is_simulated(&pod("real"), &nodes));
        assert!(!is_simulated(&pod("fake"), &Value::Null));
    }
}
