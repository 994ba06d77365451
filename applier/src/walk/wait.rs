//! Waiting for a fact: looked at again and again, at once when the cluster says that something has changed, with the reason told
//! and a deadline.

use std::time::{Duration, Instant};

use serde_json::Value;
use shared::fact::Fact;
use shared::probe::Probe;
use shared::text::Text;

use super::Walk;
use crate::error::{Exit, Failure};
use crate::probe::{self, Learned, Sight};
use crate::refusal::again;
use crate::report::Event;
use crate::transport::{Bell, Ring};
use crate::work::Job;

/// The pauses between looks at a fact: short at first, as most facts are so within a moment.
const FIRST_PAUSE: Duration = Duration::from_millis(40);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
/// The pause where a bell rings when it is time.
const PAUSE_WITH_BELL: Duration = Duration::from_secs(2);
/// How long a bell that has fallen silent is not asked for again.
const BETWEEN_BELLS: Duration = Duration::from_secs(5);

/// When a wait is told again, with what the cluster says of it; then after twice as long, and so on.
const FIRST_NEWS: Duration = Duration::from_secs(5);

/// How a pause ended.
enum Pause {
    /// It is time to look again.
    Over,
    /// The object that the fact hangs on became this.
    Told(Value),
    /// The operator stopped it.
    Stopped,
}

impl Walk {
    /// Looks at a fact until it is so; nothing when the operator stopped it.
    pub(super) async fn wait(&self, job: &Job, fact: &Fact) -> Result<Option<Learned>, Failure> {
        self.wait_by(job, fact, self.work.probe(fact)?).await
    }

    /// The same by a probe other than the bundle's.
    pub(super) async fn wait_by(&self, job: &Job, fact: &Fact, probe: &Probe) -> Result<Option<Learned>, Failure> {
        let begun = Instant::now();
        let until = begun + self.timeout;
        let mut pause = FIRST_PAUSE;
        let mut said = None;
        let (mut bell, mut asked) = (None, None::<Instant>);
        let mut next = FIRST_NEWS;
        let mut told: Option<Value> = None;
        loop {
            let judged = told.take().and_then(|object| probe::judge(&self.world, fact, probe, &object));
            let sight = match judged {
                Some(sight) => sight,
                None => probe::look(&self.world, fact, probe).await?,
            };
            let why = match sight {
                Sight::So(learnt) => {
                    self.tell_of_fact(fact, &learnt);
                    return Ok(Some(learnt));
                }
                Sight::NotYet(why) => why,
                Sight::Never(failure) => return Err(*failure),
            };
            if Instant::now() + pause > until {
                let events = probe::events(&self.world, fact, probe).await;
                return Err(events.into_iter().fold(self.waited_in_vain(job, fact, &why), Failure::because));
            }
            // Only a wait that lasts is worth a connection of its own.
            let due = pause == LONGEST_PAUSE && asked.is_none_or(|before| before.elapsed() > BETWEEN_BELLS);
            if let Some((cluster, path)) = probe::hangs_on(&self.world, fact, probe).filter(|_| bell.is_none() && due) {
                asked = Some(Instant::now());
                bell = cluster.transport.bell(&path).await;
            }
            match self.pause_for(pause, &mut bell).await {
                Pause::Over => {}
                Pause::Told(object) => told = Some(object),
                Pause::Stopped => return Ok(None),
            }
            // A wait too short to be read is not worth a line.
            if pause == LONGEST_PAUSE && said.as_ref() != Some(&why) {
                self.report.event(&Event::Waiting {
                    step: job.id.clone(),
                    fact: fact.to_string(),
                    reason: why.clone(),
                });
                said = Some(why.clone());
            }
            if begun.elapsed() > next {
                let events = probe::events(&self.world, fact, probe).await;
                let reason = so_long(&why, begun.elapsed(), &events);
                let (step, fact) = (job.id.clone(), fact.to_string());
                self.report.event(&Event::Waiting { step, fact, reason });
                next *= 2;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Tells that a fact is so.
    pub(super) fn tell_of_fact(&self, fact: &Fact, learnt: &Learned) {
        self.report.event(&Event::Fact { fact: fact.to_string(), holds: true, detail: learnt.detail.clone() });
    }

    /// Pauses until the bell rings, where there is one.
    async fn pause_for(&self, time: Duration, bell: &mut Option<Bell>) -> Pause {
        if let Some(ringing) = bell {
            let mut stop = self.stop.clone();
            let ring = tokio::select! {
                ring = ringing.rings() => ring,
                () = tokio::time::sleep(PAUSE_WITH_BELL) => Ring::Changed,
                _ = stop.wait_for(|stop| *stop) => return Pause::Stopped,
            };
            match ring {
                Ring::Became(object) => return Pause::Told(object),
                Ring::Changed => return Pause::Over,
                Ring::Over => *bell = None,
            }
        }
        if self.pause(time).await { Pause::Over } else { Pause::Stopped }
    }

    /// Pauses; false when the operator stopped it meanwhile.
    pub(super) async fn pause(&self, time: Duration) -> bool {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = tokio::time::sleep(time) => true,
            _ = stop.wait_for(|stop| *stop) => false,
        }
    }

    fn waited_in_vain(&self, job: &Job, fact: &Fact, why: &Text) -> Failure {
        let seconds = self.timeout.as_secs();
        Failure::new(
            Exit::Again,
            Text::new(
                format!("{fact} is not so after {seconds} s: {}", why.en),
                format!("等待 {seconds} 秒后 {fact} 仍未成立：{}", why.zh),
            ),
        )
        .at(&job.id)
        .hint(Text::new("look into that, or wait longer with `--timeout`", "请排查原因，或用 `--timeout` 等待更久"))
        .hint(again())
    }
}

/// Why a wait goes on, for how long it has, and what the cluster says: `no address yet, 40 s; events: …`.
fn so_long(why: &Text, waited: Duration, events: &[String]) -> Text {
    let seconds = waited.as_secs();
    let list = events.join("; ");
    let (en, zh) = if events.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("; events: {list}"), format!("；事件：{list}"))
    };
    Text::new(format!("{}, {seconds} s{en}", why.en), format!("{}，已等 {seconds} 秒{zh}", why.zh))
}
