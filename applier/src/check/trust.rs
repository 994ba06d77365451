//! Checks of certificates, and of the other things that must be there before the first step.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::check::{self as catalogue, Check, ROOT_CONFIG_MAP, ROOT_KEY};
use shared::fact::Fact;
use shared::hole::Part;
use shared::probe::Probe;
use shared::text::Text;
use time::{Duration, OffsetDateTime};

use super::{Ground, Line, Outcome};
use crate::certs;
use crate::probe::{self, Learned, Sight};
use crate::trust::{one_root, unmet};

/// How long a certificate should last still.
const SOON: Duration = Duration::days(30);

/// Looks at what no step gives.
pub(super) async fn of(ground: &Ground<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut learnt = BTreeMap::new();
    for fact in ground.work.assumptions() {
        let Some(check) = check_of(&fact) else { continue };
        let (place, Ok(how)) = (fact.cluster().to_string(), ground.work.probe(&fact)) else { continue };
        let Ok(cluster) = ground.world.cluster(&place) else { continue };
        match probe::look(&ground.world, &fact, how).await {
            Ok(Sight::So(seen)) => {
                lines.push(Line::new(check, &place, Outcome::Good, seen.detail.clone()));
                learnt.insert(fact, seen);
            }
            Ok(Sight::NotYet(why)) => {
                let failure = unmet(&fact, how, why, &cluster.target.context);
                lines.push(Line::of(check, &place, Outcome::Error, failure));
            }
            Ok(Sight::Never(failure)) => lines.push(Line::of(check, &place, Outcome::Error, *failure)),
            Err(failure) => lines.push(Line::of(check, &place, Outcome::Error, failure)),
        }
    }
    learnt.retain(|fact, _| matches!(fact, Fact::Certificates(_)));
    if learnt.len() > 1 {
        lines.push(match one_root(&learnt) {
            Ok(()) => Line::new(catalogue::ONE_ROOT, "", Outcome::Good, Text::new("one root", "根证书一致")),
            Err(failure) => Line::of(catalogue::ONE_ROOT, "", Outcome::Error, failure),
        });
    }
    for (fact, seen) in &learnt {
        lines.extend(lasting(fact.cluster().as_str(), seen, ground.now));
        lines.extend(live_root(ground, fact, seen).await);
    }
    lines
}

fn check_of(fact: &Fact) -> Option<&'static Check> {
    match fact {
        Fact::Certificates(_) => Some(catalogue::CERTIFICATES),
        Fact::Credential(_) => Some(catalogue::CREDENTIAL),
        Fact::GatewayApi(_) => Some(catalogue::GATEWAY_API),
        _ => None,
    }
}

fn text(learnt: &Learned, part: Part) -> String {
    let bytes = learnt.parts.get(&part).map(|filling| filling.reveal(|text| STANDARD.decode(text).unwrap_or_default()));
    String::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
}

/// Whether the authority and what is above it last for a while yet.
fn lasting(place: &str, learnt: &Learned, now: OffsetDateTime) -> Option<Line> {
    let chains = [Part::CertChain, Part::RootCert].map(|part| text(learnt, part));
    let end = chains.iter().filter_map(|chain| certs::check::earliest_end(chain)).min()?;
    Some(until(place, end, now))
}

fn until(place: &str, end: OffsetDateTime, now: OffsetDateTime) -> Line {
    let (date, days) = (end.date(), (end - now).whole_days());
    if end - now > SOON {
        let said = Text::new(format!("until {date}"), format!("有效期至 {date}"));
        return Line::new(catalogue::EXPIRY, place, Outcome::Good, said);
    }
    let said = Text::new(
        format!("the first certificate of the chain ends on {date}, in {days} days"),
        format!("链中最早到期的证书将于 {date} 到期，还有 {days} 天"),
    );
    Line::new(catalogue::EXPIRY, place, Outcome::Warning, said).advised()
}

/// Whether the root that istiod hands out is the one that is given; nothing where no istiod has handed out any yet.
async fn live_root(ground: &Ground<'_>, fact: &Fact, learnt: &Learned) -> Option<Line> {
    let Ok(Probe::Certificates { namespace, .. }) = ground.work.probe(fact) else { return None };
    let cluster = ground.world.cluster(fact.cluster().as_str()).ok()?;
    let found = match cluster.find("", "ConfigMap", namespace, ROOT_CONFIG_MAP).await {
        Ok(found) => found?,
        Err(error) => return Some(Line::unseen(catalogue::LIVE_ROOT, cluster, &error)),
    };
    let live = probe::canonical(found["data"][ROOT_KEY].as_str().unwrap_or_default());
    if live == probe::canonical(&text(learnt, Part::RootCert)) {
        let said = Text::new("the same root", "根证书相同");
        return Some(Line::new(catalogue::LIVE_ROOT, cluster.name(), Outcome::Good, said));
    }
    let said = Text::new(
        format!("{namespace}/{ROOT_CONFIG_MAP} holds another root than the one that is given"),
        format!("{namespace}/{ROOT_CONFIG_MAP} 中的根与所给的不同"),
    );
    Some(Line::new(catalogue::LIVE_ROOT, cluster.name(), Outcome::Warning, said).advised())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_soon() {
        let now = OffsetDateTime::UNIX_EPOCH;
        assert_eq!(until("a", now + Duration::days(31), now).outcome, Outcome::Good);
        let line = until("a", now + Duration::days(30), now);
        assert_eq!(line.outcome, Outcome::Warning);
        assert!(line.what.en.ends_with("ends on 1970-01-31, in 30 days"), "{}", line.what.en);
    }
}
