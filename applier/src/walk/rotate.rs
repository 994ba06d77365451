//! A new token for the reader of one cluster: made beside the old one, carried to every istiod, seen to be accepted, and only
//! then is the old one voided. At every moment every istiod holds a token that is accepted.
//!
//! Which token is the current one is written in the clusters: the secret that the bundle names holds it, so that `apply`
//! and `status` need not know that it was made elsewhere. To void a token is to take it out of the secret it was made in,
//! or to delete that secret: an API server accepts such a token only as long as its own secret holds it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::probe::Probe;
use shared::text::Text;

use super::Walk;
use super::settle::{Places, Settled};
use crate::applyset::{Done, Left, State};
use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::fill::Fillings;
use crate::kinds::segment;
use crate::object::{MANAGER, Object};
use crate::probe::{self, Learned, Sight};
use crate::program::Tools;
use crate::refusal::{again, refusal};
use crate::report::{Event, Outcome, Tally};
use crate::transport::CallError;
use crate::work::{Credentials, Reader, Tokens, name, same_token};

/// How often the known secret is written anew when somebody else writes it in between.
const TRIES: usize = 4;

impl Walk {
    /// Gives each of these clusters a new token, one cluster after the other, and gives the Leases back.
    pub(crate) async fn rotate(&self, clusters: &[String], grace: Duration) -> Result<(), Failure> {
        let mut ended = Ok(());
        for cluster in clusters {
            ended = self.rotate_one(cluster, grace).await;
            if ended.is_err() {
                break;
            }
        }
        let shut = self.shut().await;
        ended.and(shut)
    }

    async fn rotate_one(&self, watched: &str, grace: Duration) -> Result<(), Failure> {
        let begun = Instant::now();
        let credentials = self.work.credentials(watched)?;
        let cluster = self.world.cluster(watched)?;
        let tokens = self.tokens(&credentials, cluster).await?;
        let Some(known) = &tokens.known else { return Err(nothing_to_rotate(&credentials)) };
        let newest = tokens.successors.last();
        let current = newest.is_some_and(|newest| same_token(newest, known));
        let mut tally = Tally::default();
        if current && tokens.successors.len() > 1 {
            self.resumed(watched, "the token before the last is still there", "上一个令牌仍在");
            self.drop_old(&credentials, cluster, &tokens, &mut tally).await?;
            self.told(&credentials, tally, begun);
            return Ok(());
        }
        let next = match newest {
            Some(newest) if !current => {
                self.resumed(watched, "a new token is there already", "新令牌已存在");
                name(newest).to_owned()
            }
            _ => {
                self.all_watch(&credentials).await?;
                credentials.successor(newest, Timestamp::now().as_second())
            }
        };
        let learnt = self.make(&credentials, &next, &mut tally).await?;
        let switches = credentials.readers.iter().map(|reader| self.switch(&credentials, reader, &learnt));
        for switched in join_all(switches).await {
            let (outcomes, _) = switched?;
            add(&mut tally, outcomes);
        }
        for reader in &credentials.readers {
            unless_stopped(self.renew(reader, true).await?)?;
        }
        self.wait_for_istiods(&credentials, grace).await?;
        self.take_over(&credentials, cluster, &next, &mut tally).await?;
        let tokens = self.tokens(&credentials, cluster).await?;
        self.drop_old(&credentials, cluster, &tokens, &mut tally).await?;
        self.told(&credentials, tally, begun);
        Ok(())
    }

    async fn tokens(&self, credentials: &Credentials<'_>, cluster: &Cluster) -> Result<Tokens, Failure> {
        let set = self.sets[cluster.name()].id();
        let found = credentials.tokens(cluster, &set).await;
        found.map_err(|error| refusal(&cluster.target, &credentials.maker.id, "Secret", &error))
    }

    /// Every istiod reads the cluster now: what does not work is not rotated, but applied.
    async fn all_watch(&self, credentials: &Credentials<'_>) -> Result<(), Failure> {
        for reader in &credentials.readers {
            match probe::look(&self.world, &reader.watched, self.work.probe(&reader.watched)?).await? {
                Sight::So(_) => {}
                Sight::NotYet(why) => {
                    let failure = Failure::new(Exit::Findings, why).at(&reader.watched);
                    return Err(failure.hint(Text::new("run `isthmus apply` first", "请先运行 `isthmus apply`")));
                }
                Sight::Never(failure) => return Err(*failure),
            }
        }
        Ok(())
    }

    /// Makes the new secret as the bundle makes the known one, and waits until it is filled.
    async fn make(&self, credentials: &Credentials<'_>, next: &str, tally: &mut Tally) -> Result<Learned, Failure> {
        let Credentials { maker, namespace, secret, token, .. } = credentials;
        let set = self.sets[&maker.cluster].id();
        let recipe = self.work.objects(maker, &Fillings::new(), &self.renderers, &set).await?;
        let named = recipe.into_iter().filter(|object| object.is_secret() && object.id().name == *secret);
        let renamed = named.map(|object| {
            let mut value = object.into_value();
            value["metadata"]["name"] = Value::from(next);
            Object::from_value(value)
        });
        let objects: Vec<Object> = renamed.collect();
        let mut settled = Settled::default();
        unless_stopped(self.settle(maker, &objects, Places::new(), &mut settled).await?)?;
        add(tally, settled.tally);
        let probe = Probe::Token { namespace: namespace.clone(), secret: next.to_owned() };
        self.wait_by(maker, token, &probe).await?.ok_or_else(stopped)
    }

    /// Writes the token into one remote secret, and waits until the cluster accepts it from there.
    async fn switch(
        &self,
        credentials: &Credentials<'_>,
        reader: &Reader<'_>,
        token: &Learned,
    ) -> Result<(Tally, Learned), Failure> {
        let Reader { job, watched, .. } = reader;
        let mut known = BTreeMap::from([(credentials.token.clone(), token.clone())]);
        for fact in self.work.open(job) {
            if known.contains_key(&fact) {
                continue;
            }
            match probe::look(&self.world, &fact, self.work.probe(&fact)?).await? {
                Sight::So(learnt) => {
                    known.insert(fact, learnt);
                }
                Sight::NotYet(why) => return Err(Failure::new(Exit::Again, why).at(fact).hint(again())),
                Sight::Never(failure) => return Err(*failure),
            }
        }
        let fillings = self.work.fillings(job, |fact| known.get(fact).cloned());
        let objects = self.work.objects(job, &fillings, &self.renderers, &self.sets[&job.cluster].id()).await?;
        let mut settled = Settled::default();
        self.warn_of_authorities(job).await;
        unless_stopped(self.settle(job, &objects, Places::new(), &mut settled).await?)?;
        let uid = self.uids.get(&job.cluster).map_or("", String::as_str);
        let made = self.work.made(job, &fillings, &Tools::default(), uid);
        let set = &self.sets[&job.cluster];
        let left = BTreeMap::from([(job.owner.clone(), Left { made, objects: settled.seals.clone() })]);
        let State { bundle, release, .. } = set.state().await;
        let done = Done { bundle, release, left, ..Done::default() };
        set.conclude(&done, &self.uids, &self.gates[&job.cluster]).await?;
        let seen = self.wait(job, watched).await?.ok_or_else(stopped)?;
        Ok((settled.tally, seen))
    }

    /// The API servers accept the new token; istiods are given a moment to take it up.
    async fn wait_for_istiods(&self, credentials: &Credentials<'_>, grace: Duration) -> Result<(), Failure> {
        let seconds = grace.as_secs();
        self.report.event(&Event::Waiting {
            step: credentials.maker.id.clone(),
            fact: credentials.token.to_string(),
            reason: Text::new(
                format!("istiods have {seconds} s to take up the new token before the old one goes"),
                format!("旧令牌失效前，istiod 有 {seconds} 秒启用新令牌"),
            ),
        });
        unless_stopped(self.pause(grace).await)
    }

    /// Puts the new token into the secret that the bundle names; the token that was made in it is void from then on.
    ///
    /// By an update and not by apply: what the bundle applies has no token, and applying it would take this one out again.
    async fn take_over(
        &self,
        credentials: &Credentials<'_>,
        cluster: &Cluster,
        next: &str,
        tally: &mut Tally,
    ) -> Result<(), Failure> {
        let Credentials { namespace, secret, maker, .. } = credentials;
        let object = format!("Secret {namespace}/{secret}");
        let fail = |error: &CallError| refusal(&cluster.target, &maker.id, &object, error);
        self.gates[cluster.name()].open().await?;
        for attempt in 1.. {
            let find =
                async |name: &str| cluster.find("", "Secret", namespace, name).await.map_err(|error| fail(&error));
            let (Some(mut known), Some(made)) = (find(secret).await?, find(next).await?) else {
                return Err(fail(&CallError::Raced));
            };
            known["data"]["token"] = made["data"]["token"].clone();
            let path = format!("{}?fieldManager={MANAGER}", secret_path(namespace, secret));
            match cluster.transport.replace(&path, &known).await.map_err(CallError::without_words) {
                Ok(_) => break,
                Err(CallError::Raced) if attempt < TRIES => {}
                Err(error) => return Err(fail(&error)),
            }
        }
        self.tell(credentials, secret, Outcome::Configured);
        tally.count(Outcome::Configured);
        Ok(())
    }

    /// Deletes the secrets of all tokens but the newest.
    async fn drop_old(
        &self,
        credentials: &Credentials<'_>,
        cluster: &Cluster,
        tokens: &Tokens,
        tally: &mut Tally,
    ) -> Result<(), Failure> {
        let Some((_, old)) = tokens.successors.split_last() else { return Ok(()) };
        self.gates[cluster.name()].open().await?;
        for secret in old {
            let only_this = json!({"preconditions": {"uid": secret["metadata"]["uid"]}});
            let path = secret_path(&credentials.namespace, name(secret));
            let deleted = cluster.transport.delete(&path, &only_this).await;
            deleted.map_err(|error| refusal(&cluster.target, &credentials.maker.id, name(secret), &error))?;
            self.tell(credentials, name(secret), Outcome::Deleted);
            tally.count(Outcome::Deleted);
        }
        Ok(())
    }

    fn tell(&self, credentials: &Credentials<'_>, secret: &str, outcome: Outcome) {
        let object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": secret, "namespace": credentials.namespace}});
        let object = Object::from_value(object).named();
        self.report.event(&Event::Object { step: credentials.maker.id.clone(), object, outcome, reason: None });
    }

    fn told(&self, credentials: &Credentials<'_>, outcomes: Tally, begun: Instant) {
        self.report.event(&Event::StepDone {
            step: credentials.maker.id.clone(),
            changed: true,
            outcomes,
            milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
    }

    fn resumed(&self, cluster: &str, en: &str, zh: &str) {
        let text =
            Text::new(format!("going on where a rotation was interrupted: {en}"), format!("继续被中断的轮换：{zh}"));
        self.report.event(&Event::Note { place: Some(cluster.to_owned()), text });
    }
}

/// Adds what was counted elsewhere.
fn add(tally: &mut Tally, more: Tally) {
    for outcome in Outcome::ALL {
        (0..more.of(outcome)).for_each(|_| tally.count(outcome));
    }
}

/// Goes on unless the operator stopped it.
fn unless_stopped(on: bool) -> Result<(), Failure> {
    if on { Ok(()) } else { Err(stopped()) }
}

/// The path of a secret.
fn secret_path(namespace: &str, name: &str) -> String {
    format!("/api/v1/namespaces/{}/secrets/{}", segment(namespace), segment(name))
}

fn stopped() -> Failure {
    let what = Text::new(
        "interrupted: every istiod has a token that is accepted, the old one may still be there",
        "已中断：每个 istiod 都持有有效的令牌，旧令牌可能仍在",
    );
    Failure::new(Exit::Interrupted, what).hint(again())
}

fn nothing_to_rotate(credentials: &Credentials<'_>) -> Failure {
    let Credentials { namespace, secret, token, .. } = credentials;
    let what = Text::new(
        format!("there is no token to rotate: no secret {namespace}/{secret}"),
        format!("没有可轮换的令牌：没有 Secret {namespace}/{secret}"),
    );
    let hint = Text::new("`isthmus apply` makes it", "`isthmus apply` 会创建它");
    Failure::new(Exit::Findings, what).at(token).hint(hint)
}
