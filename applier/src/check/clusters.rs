//! Checks of API servers: they answer, they are new enough, they are those that are meant.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use jiff::SignedDuration;
use shared::check::{self as catalogue, minimum_kubernetes};
use shared::fact::Fact;
use shared::probe::Probe;
use shared::release::Release;
use shared::text::Text;

use super::{Ground, Line, Outcome, served};
use crate::applyset::{ApplySet, same_clusters};
use crate::cli::Connection;
use crate::clusters::{self, Cluster, Wanted};
use crate::program::minor;
use crate::report::Report;
use crate::work::Work;

/// How far clocks may be apart: certificates and tokens are made a minute or more before they are used.
const APART: SignedDuration = SignedDuration::from_secs(60);

/// Finds the contexts and greets every cluster; hands back those that answer.
pub(super) async fn reach(
    work: &Work,
    connection: &Connection,
    report: &Arc<Report>,
) -> (Vec<Line>, BTreeMap<String, Arc<Cluster>>) {
    let drawn = work.clusters.iter().map(|cluster| (cluster.cluster.as_str(), cluster.context.as_deref()));
    let wanted = Wanted::join(drawn, &connection.contexts);
    let found = match wanted {
        Ok(wanted) => clusters::find(&wanted, connection.kubeconfig.as_deref(), report),
        Err(failure) => Err(failure),
    };
    let found = match found {
        Ok(found) => found,
        Err(failure) => {
            let place = failure.place.clone().unwrap_or_default();
            return (vec![Line::of(catalogue::CONTEXTS, &place, Outcome::Error, failure)], BTreeMap::new());
        }
    };
    let names: Vec<String> = found.iter().map(|one| one.target.context.clone()).collect();
    let said = Text::new(names.join(", "), names.join("、"));
    let mut lines = vec![Line::new(catalogue::CONTEXTS, "", Outcome::Good, said)];
    let mut connected = BTreeMap::new();
    for greeted in clusters::greet_all(found, &work.mesh, BTreeMap::new(), report).await {
        match greeted {
            Ok(cluster) => {
                let (server, version) = (&cluster.target.server, &cluster.version);
                let said =
                    Text::new(format!("{server}, Kubernetes {version}"), format!("{server}，Kubernetes {version}"));
                lines.push(Line::new(catalogue::API_SERVER, cluster.name(), Outcome::Good, said));
                connected.insert(cluster.name().to_owned(), Arc::new(cluster));
            }
            Err(failure) => {
                let place = failure.place.clone().unwrap_or_default();
                lines.push(Line::of(catalogue::API_SERVER, &place, Outcome::Error, failure));
            }
        }
    }
    (lines, connected)
}

/// Holds the clusters against each other, against the release, and against what was recorded before.
pub(super) async fn compare(ground: &Ground<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    for cluster in &ground.clusters {
        lines.extend(version(cluster.name(), &cluster.version, &ground.work.release));
    }
    let versions: Vec<(&str, &str)> =
        ground.clusters.iter().map(|cluster| (cluster.name(), cluster.version.as_str())).collect();
    lines.extend(skew(&versions));
    let identities = ground.clusters.iter().map(|cluster| (&cluster.target, cluster.uid.as_str()));
    lines.push(match clusters::distinct(identities) {
        Ok(()) => {
            let said = Text::new("every context leads to a cluster of its own", "每个上下文指向各自的集群");
            Line::new(catalogue::DISTINCT, "", Outcome::Good, said)
        }
        Err(failure) => Line::of(catalogue::DISTINCT, "", Outcome::Error, failure),
    });
    lines.extend(as_before(ground).await);
    lines.extend(ground.clusters.iter().filter_map(|cluster| Some(clocks(cluster.name(), cluster.ahead?))));
    let assumptions = ground.work.assumptions();
    lines.extend(assumptions.iter().filter_map(|fact| dialable(ground, fact)));
    lines.extend(join_all(assumptions.iter().map(|fact| served::of(ground, fact))).await.into_iter().flatten());
    lines
}

/// The minor version in what an API server says of itself, `v1.32.4-gke.100`.
fn kubernetes(version: &str) -> Option<u16> {
    minor(version)?.split_once('.')?.1.parse().ok()
}

/// Whether Kubernetes is new enough for a release of Istio.
fn version(place: &str, version: &str, istio: &str) -> Option<Line> {
    let needed = minimum_kubernetes(Release::parse(istio).ok()?)?;
    let Some(there) = kubernetes(version) else {
        let said = Text::new(format!("`{version}` tells no version"), format!("无法从 `{version}` 得知版本"));
        return Some(Line::new(catalogue::KUBERNETES, place, Outcome::Info, said));
    };
    Some(if there >= needed {
        let said = Text::new(format!("1.{there}; 1.{needed} is needed"), format!("1.{there}；需要 1.{needed}"));
        Line::new(catalogue::KUBERNETES, place, Outcome::Good, said)
    } else {
        let said = Text::new(
            format!("Kubernetes is 1.{there}; Istio {istio} needs 1.{needed} or later"),
            format!("Kubernetes 为 1.{there}；Istio {istio} 需要 1.{needed} 或更高版本"),
        );
        Line::new(catalogue::KUBERNETES, place, Outcome::Error, said).advised()
    })
}

/// How far the clusters' versions are apart.
fn skew(versions: &[(&str, &str)]) -> Option<Line> {
    let known: Vec<u16> = versions.iter().filter_map(|(_, version)| kubernetes(version)).collect();
    let (oldest, newest) = (known.iter().min()?, known.iter().max()?);
    let outcome = if newest - oldest > 0 { Outcome::Info } else { Outcome::Good };
    let said = if newest == oldest {
        Text::new(format!("all run 1.{newest}"), format!("均为 1.{newest}"))
    } else {
        Text::new(format!("from 1.{oldest} to 1.{newest}"), format!("从 1.{oldest} 到 1.{newest}"))
    };
    Some(Line::new(catalogue::SKEW, "", outcome, said))
}

/// What was recorded when the mesh was applied before.
async fn as_before(ground: &Ground<'_>) -> Vec<Line> {
    let mesh = &ground.work.mesh;
    let mut lines = Vec::new();
    let mut states = Vec::new();
    for cluster in &ground.clusters {
        match ApplySet::read(Arc::clone(cluster), mesh) {
            Ok(set) => states.push((cluster.name(), set.state().await)),
            Err(failure) => lines.push(Line::of(catalogue::SAME, cluster.name(), Outcome::Error, failure)),
        }
    }
    let uids = ground.clusters.iter().map(|cluster| (cluster.name().to_owned(), cluster.uid.clone())).collect();
    match same_clusters(mesh, states.iter().map(|(name, state)| (*name, state)), &uids) {
        Err(failure) => {
            let place = failure.place.clone().unwrap_or_default();
            lines.push(Line::of(catalogue::SAME, &place, Outcome::Error, failure));
        }
        Ok(()) if lines.is_empty() => {
            let said = if states.iter().any(|(_, state)| state.exists) {
                Text::new(format!("mesh {mesh} was applied here before"), format!("网格 {mesh} 曾应用于此"))
            } else {
                Text::new(format!("mesh {mesh} was not applied before"), format!("网格 {mesh} 尚未应用过"))
            };
            lines.push(Line::new(catalogue::SAME, "", Outcome::Good, said));
        }
        Ok(()) => {}
    }
    lines
}

/// Whether the API server's clock agrees with ours.
fn clocks(place: &str, ahead: SignedDuration) -> Line {
    let seconds = ahead.as_secs();
    if ahead.abs() <= APART {
        let said = Text::new("within a minute", "相差不到一分钟");
        return Line::new(catalogue::CLOCK, place, Outcome::Good, said);
    }
    let said = if seconds > 0 {
        Text::new(
            format!("its API server's clock is {seconds} s ahead of this machine's"),
            format!("API Server 的时钟比本机快 {seconds} 秒"),
        )
    } else {
        Text::new(
            format!("its API server's clock is {} s behind this machine's", seconds.abs()),
            format!("API Server 的时钟比本机慢 {} 秒", seconds.abs()),
        )
    };
    Line::new(catalogue::CLOCK, place, Outcome::Warning, said).advised()
}

/// Whether the address that goes into remote secrets can be meant for others.
fn dialable(ground: &Ground<'_>, fact: &Fact) -> Option<Line> {
    let Fact::ApiServer(name) = fact else { return None };
    let cluster = ground.clusters.iter().find(|cluster| cluster.name() == name.as_str())?;
    let name = cluster.name();
    let drawn = match ground.work.probes.get(fact) {
        Some(Probe::ApiServer { url, .. }) => url.as_deref(),
        _ => None,
    };
    let url = drawn.unwrap_or(&cluster.target.server);
    // What was drawn was meant.
    Some(match clusters::loopback(url).filter(|_| drawn.is_none()) {
        Some((text, hint)) => Line::new(catalogue::DIALABLE, name, Outcome::Warning, text).hint(hint),
        None => Line::new(catalogue::DIALABLE, name, Outcome::Good, Text::new(url, url)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_kubernetes_is_an_error_and_vendors_suffixes_are_none() {
        let of = |there: &str, istio: &str| version("a", there, istio).map(|line| line.outcome);
        assert_eq!(of("v1.32.4-gke.1106000", "1.31"), Some(Outcome::Good));
        assert_eq!(of("v1.31.9", "1.31"), Some(Outcome::Error));
        assert_eq!(of("v1.31.9+k3s1", "1.24"), Some(Outcome::Good));
        assert_eq!(of("unknown", "1.31"), Some(Outcome::Info));
        assert_eq!(of("v1.16.0", "1.12"), Some(Outcome::Error));
        assert_eq!(of("v1.14.0", "1.5"), None, "nothing was asked for then");
    }

    #[test]
    fn skew_is_only_told() {
        assert_eq!(skew(&[("a", "v1.32.0"), ("b", "v1.34.1")]).unwrap().outcome, Outcome::Info);
        assert_eq!(skew(&[("a", "v1.32.0"), ("b", "v1.32.1")]).unwrap().outcome, Outcome::Good);
        assert!(skew(&[]).is_none());
    }

    #[test]
    fn clocks_may_be_a_minute_apart() {
        let outcome = |seconds: i64| clocks("a", SignedDuration::from_secs(seconds)).outcome;
        assert_eq!((outcome(60), outcome(-60)), (Outcome::Good, Outcome::Good));
        assert_eq!((outcome(61), outcome(-61)), (Outcome::Warning, Outcome::Warning));
    }
}
