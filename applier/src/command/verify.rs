//! `isthmus verify`: whether calls cross between all members, and whether every istiod agrees. Writes to no cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::join_all;
use serde::Serialize;
use shared::bundle::{Index, Verify as Expected};
use shared::fact::Fact;
use shared::hole::Part;
use shared::text::Text;

use crate::cli::Verify;
use crate::error::{Exit, Failure};
use crate::fill::Filling;
use crate::probe::{self, Learned, Sight};
use crate::report::{Report, Verb};
use crate::session::{self, Session};
use crate::source;
use crate::source::output::{self, Privacy};
use crate::verify::calls::{self, Heard, Row};
use crate::verify::judge::{Known, judge};
use crate::verify::{Check, Group, Outcome, ingress, istiods, junit, page};
use crate::work::Work;

/// What `-o json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    mesh: &'a str,
    /// Whether nothing that was asked came out otherwise than it must; see the outcome `notAsked` for what is not known.
    passed: bool,
    checks: &'a [Check],
}

/// The facts that are so.
type Facts = BTreeMap<String, Learned>;

/// Runs the command.
pub(crate) async fn run(arguments: &Verify, report: &Arc<Report>) -> Result<Exit, Failure> {
    let bundle = source::bundle(&arguments.bundle, report)?;
    let work = Work::of(&bundle)?;
    let look = async {
        let session = session::open(work, Verb::Verify, &arguments.connection, None, report).await?;
        let (facts, mut checks) = facts(&session).await;
        let mut asked = requests(&session, &bundle.index, &facts).await;
        asked.extend(views(&session, &bundle.index, &facts).await);
        asked.append(&mut checks);
        Ok::<_, Failure>((session.work.mesh, asked))
    };
    let (mesh, checks) = tokio::time::timeout(arguments.timeout, look).await.map_err(|_| too_slow(arguments))??;
    let passed = checks.iter().all(|check| matches!(check.outcome, Outcome::Passed | Outcome::NotAsked));
    if arguments.output.is_some() {
        report.document(&Document { mesh: &mesh, passed, checks: &checks });
    } else {
        report.print(&page::text(&mesh, &checks, report));
    }
    // Last, so that a full disk does not cost the result.
    if let Some(path) = &arguments.junit {
        output::file(path, junit::xml(&mesh, &checks).as_bytes(), Privacy::Usual)?;
    }
    Ok(if passed { Exit::Done } else { Exit::Findings })
}

/// Looks at every fact.
async fn facts(session: &Session) -> (Facts, Vec<Check>) {
    let looks = session.world.probes().iter().map(|(fact, how)| async move {
        let sight = probe::look(&session.world, fact, how).await;
        (fact, sight)
    });
    let mut so = Facts::new();
    let mut checks = Vec::new();
    for (fact, sight) in join_all(looks).await {
        let name = fact.to_string();
        let (outcome, detail) = match sight {
            Ok(Sight::So(learnt)) => {
                let detail = learnt.detail.clone();
                so.insert(name.clone(), learnt);
                (Outcome::Passed, detail)
            }
            Ok(Sight::NotYet(why)) => (Outcome::Failed, why),
            Ok(Sight::Never(failure)) => (Outcome::Failed, failure.what),
            Err(failure) => (Outcome::Failed, failure.what),
        };
        checks.push(Check::new(Group::Facts, name, outcome, detail));
    }
    (so, checks)
}

/// Calls from every member, and from outside.
async fn requests(session: &Session, index: &Index, facts: &Facts) -> Vec<Check> {
    let Expected { members, client, .. } = &index.verify;
    let Some(client) = client else {
        let why = Text::new(
            "not run: the topology draws no sample that could answer (`sample: true`)",
            "未执行：拓扑中没有可应答的示例（`sample: true`）",
        );
        return vec![Check::new(Group::Requests, "*", Outcome::NotAsked, why)];
    };
    let callers = members.iter().filter_map(|member| session.world.cluster(member.cluster.as_str()).ok());
    let rows = join_all(
        callers.map(|cluster| async move { (cluster.name().to_owned(), calls::row(cluster, client, members).await) }),
    );
    let rows: BTreeMap<String, Row> = rows.await.into_iter().collect();
    let healthy = |name: &&str| facts.contains_key(&Fact::Sample((*name).into()).to_string());
    let gateway = |member: &shared::bundle::VerifyMember| facts.get(member.gateway.as_ref()?)?.dialled.clone();
    let known = Known {
        networks: index
            .clusters
            .iter()
            .filter_map(|cluster| Some((cluster.name.as_str(), cluster.network.as_ref()?.as_str())))
            .collect(),
        gateways: members.iter().filter_map(|member| Some((member.cluster.as_str(), gateway(member)?))).collect(),
        healthy: members.iter().map(|member| member.cluster.as_str()).filter(healthy).collect::<BTreeSet<_>>(),
    };
    let mut checks = judge(members, &rows, &known);
    let pages = session.world.probes().iter().filter(|(_, how)| how.opens());
    let calls = pages.map(|(fact, _)| async {
        let name = fact.to_string();
        let not_asked = |en: &str, zh: &str| Check::new(Group::Ingress, &name, Outcome::NotAsked, Text::new(en, zh));
        let simulated = rows.get(fact.cluster().as_str()).is_some_and(|row| row.heard == Heard::Simulated);
        match facts.get(&name).and_then(|learnt| learnt.page.as_ref()) {
            _ if simulated => not_asked("not run: the cluster's pods are simulated", "未执行：该集群的 Pod 是模拟的"),
            Some(url) => ingress::ask(&name, url, members).await,
            None => not_asked("not run: its address is not known", "未执行：其地址未知"),
        }
    });
    checks.extend(join_all(calls).await);
    checks
}

/// What every istiod sees.
async fn views(session: &Session, index: &Index, facts: &Facts) -> Vec<Check> {
    let Expected { members, client, istiods } = &index.verify;
    let gateway = |member: &shared::bundle::VerifyMember| {
        let address = facts.get(member.gateway.as_ref()?)?.parts.get(&Part::Address).and_then(Filling::shown)?;
        let of = |cluster: &&shared::bundle::IndexCluster| cluster.name == member.cluster;
        let network = index.clusters.iter().find(of)?.network.as_ref()?;
        Some((network.to_string(), address.to_owned()))
    };
    let expected = istiods::Expected {
        members: members
            .iter()
            .map(|member| member.registry.clone().unwrap_or_else(|| member.cluster.to_string()))
            .collect(),
        gateways: members.iter().filter_map(gateway).collect(),
        service: client.as_ref().map(|client| (client.host.clone(), client.namespace.clone())),
    };
    let asks = istiods.iter().filter_map(|istiod| {
        let cluster = session.world.cluster(istiod.cluster.as_str()).ok()?;
        Some(istiods::ask(cluster, istiod, &expected))
    });
    join_all(asks).await.concat()
}

fn too_slow(arguments: &Verify) -> Failure {
    let seconds = arguments.timeout.as_secs();
    let what = Text::new(format!("not done in {seconds} s"), format!("{seconds} 秒内未完成"));
    Failure::new(Exit::Again, what).hint(Text::new("wait longer with `--timeout`", "用 `--timeout` 等待更久"))
}
