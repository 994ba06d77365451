//! A bundle as the engine sees it: steps with their files, how each fact is learnt, and what fills each hole.

mod credentials;
mod job;
mod made;
mod select;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use serde_json::Value;
use shared::bundle::{ActionWord, Bundle, Verify};
use shared::fact::Fact;
use shared::hole::Part;
use shared::probe::Probe;
use shared::release::Release;
use shared::step::Chart;
use shared::text::Text;

use crate::clusters::Wanted;
use crate::error::{Exit, Failure};
use crate::fill::{Filling, Fillings, fill, holes};
use crate::object::{Object, PART_OF, STEP};
use crate::probe::Learned;
use crate::program::{Renderers, Wanted as Programs};

pub(crate) use credentials::{Credentials, Reader, Tokens, name, same_token};
use job::purposes;
pub(crate) use job::{Install, Job};
pub(crate) use select::known;

/// What a bundle asks for.
pub(crate) struct Work {
    /// The mesh's id.
    pub(crate) mesh: String,
    /// The minor release of Istio, such as `1.31`.
    pub(crate) release: String,
    /// The release as it was drawn, `1.31` or `1.31.1`.
    pub(crate) version: String,
    /// Whether all steps of the bundle are meant, and not some.
    pub(crate) whole: bool,
    /// The digest of the bundle.
    pub(crate) digest: String,
    /// The clusters and the contexts that were drawn.
    pub(crate) clusters: Vec<Wanted>,
    /// The steps, each after those it waits for.
    pub(crate) jobs: Vec<Job>,
    /// How each fact is learnt.
    pub(crate) probes: BTreeMap<Fact, Probe>,
    /// What is true of the mesh when it works.
    pub(crate) asks: Verify,
    holes: BTreeMap<String, Place>,
    /// For every fact that a step of the bundle gives, the first that does, whether it is among `jobs` or not.
    givers: BTreeMap<Fact, String>,
    /// The ids of all steps of the bundle, whether they are among `jobs` or not.
    ids: BTreeSet<String>,
}

/// What fills a hole.
struct Place {
    fact: Fact,
    part: Part,
    /// What fills it as long as the fact is not known, in steps that do not wait for it.
    placeholder: Option<String>,
}

impl Work {
    /// Takes a bundle apart. Its reader has checked paths and digests; what it says is checked here.
    pub(crate) fn of(bundle: &Bundle) -> Result<Self, Failure> {
        let index = &bundle.index;
        let whys = purposes(bundle);
        let probes = index
            .facts
            .iter()
            .map(|(name, probe)| Ok((fact(name)?, probe.clone())))
            .collect::<Result<BTreeMap<_, _>, Failure>>()?;
        let holes = index
            .holes
            .iter()
            .map(|(name, hole)| {
                let place = Place { fact: fact(&hole.fact)?, part: hole.part, placeholder: hole.placeholder.clone() };
                Ok((name.clone(), place))
            })
            .collect::<Result<BTreeMap<_, _>, Failure>>()?;
        let release = Release::parse(&index.istio.version).map_err(|(what, hint)| unreadable(what).hint(hint))?;
        let mut jobs = Vec::new();
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for step in &index.steps {
            let facts =
                |names: &[String]| names.iter().map(|name| fact(name)).collect::<Result<BTreeSet<_>, Failure>>();
            let text = |path: &String| {
                let missing = || unreadable(Text::new(format!("there is no file {path}"), format!("缺少文件 {path}")));
                bundle.files.get(path).map(|text| (path.clone(), text.clone())).ok_or_else(missing)
            };
            let files = step.files.iter().map(text).collect::<Result<Vec<_>, Failure>>()?;
            let needs = facts(&step.needs)?;
            jobs.push(Job {
                installs: match step.action {
                    ActionWord::Apply => None,
                    ActionWord::Istioctl => Some(Install::Istioctl),
                    ActionWord::Helm => Some(Install::Helm(step.charts.clone())),
                },
                keeps_what_is_there: needs.iter().any(|fact| matches!(fact, Fact::Certificates(_))),
                why: whys.get(&step.id).cloned().unwrap_or_default(),
                id: step.id.clone(),
                owner: step.files.first().map_or(&*step.id, |file| owners.entry(file).or_insert(&step.id)).to_string(),
                cluster: step.cluster.to_string(),
                files,
                needs,
                gives: facts(&step.gives)?,
            });
        }
        let clusters = index
            .clusters
            .iter()
            .map(|cluster| Wanted { cluster: cluster.name.to_string(), context: cluster.context.clone() })
            .collect();
        let work = Self {
            mesh: index.mesh_id.clone(),
            release: format!("1.{}", release.minor),
            version: index.istio.version.clone(),
            whole: true,
            digest: bundle.digest(),
            clusters,
            givers: jobs
                .iter()
                .rev()
                .flat_map(|job| job.gives.iter().map(|fact| (fact.clone(), job.id.clone())))
                .collect(),
            ids: jobs.iter().map(|job| job.id.clone()).collect(),
            jobs,
            probes,
            asks: index.verify.clone(),
            holes,
        };
        work.verify()?;
        work.jobs.iter().try_for_each(Job::reads)?;
        Ok(work)
    }

    /// Every cluster that is named is listed, every fact can be learnt, every step stands after those it waits for.
    fn verify(&self) -> Result<(), Failure> {
        let listed = |name: &str| self.clusters.iter().any(|cluster| cluster.cluster == name);
        let given_later: Vec<&BTreeSet<Fact>> = self.jobs.iter().map(|job| &job.gives).collect();
        for (index, job) in self.jobs.iter().enumerate() {
            let needed_too_early = |fact: &&Fact| {
                let before = given_later[..index].iter().any(|gives| gives.contains(*fact));
                !before && given_later[index..].iter().any(|gives| gives.contains(*fact))
            };
            let wrong = if !listed(&job.cluster) {
                Some(Text::new(
                    format!("{} is no cluster of the bundle", job.cluster),
                    format!("{} 不是包中的集群", job.cluster),
                ))
            } else if let Some(fact) = job.needs.iter().find(needed_too_early) {
                Some(Text::new(
                    format!("{fact} is needed before a step gives it"),
                    format!("{fact} 在产生之前就被需要"),
                ))
            } else {
                let unknown = job.needs.iter().chain(&job.gives).find(|fact| !self.probes.contains_key(*fact));
                unknown.map(|fact| {
                    Text::new(format!("nothing says how {fact} is learnt"), format!("没有说明如何得知 {fact}"))
                })
            };
            if let Some(what) = wrong {
                return Err(unreadable(what).at(&job.id));
            }
        }
        Ok(())
    }

    /// How a fact is learnt.
    pub(crate) fn probe(&self, fact: &Fact) -> Result<&Probe, Failure> {
        let missing =
            || unreadable(Text::new(format!("nothing says how {fact} is learnt"), format!("没有说明如何得知 {fact}")));
        self.probes.get(fact).ok_or_else(missing)
    }

    /// The facts that are needed and that no step gives.
    pub(crate) fn assumptions(&self) -> BTreeSet<Fact> {
        let given: BTreeSet<&Fact> = self.jobs.iter().flat_map(|job| &job.gives).collect();
        self.jobs.iter().flat_map(|job| &job.needs).filter(|fact| !given.contains(fact)).cloned().collect()
    }

    /// The clusters that need certificates.
    pub(crate) fn signers(&self) -> Vec<String> {
        let signers: BTreeSet<String> = self
            .jobs
            .iter()
            .flat_map(|job| &job.needs)
            .filter_map(|fact| if let Fact::Certificates(cluster) = fact { Some(cluster.to_string()) } else { None })
            .collect();
        signers.into_iter().collect()
    }

    /// Every fact that the steps need, give, or take values of.
    pub(crate) fn concerned(&self) -> BTreeSet<Fact> {
        let open = self.jobs.iter().flat_map(|job| self.open(job));
        let named = self.jobs.iter().flat_map(|job| job.needs.iter().chain(&job.gives)).cloned();
        open.chain(named).collect()
    }

    /// The facts whose values the files of a step have holes for.
    pub(crate) fn open(&self, job: &Job) -> BTreeSet<Fact> {
        let names = job.files.iter().flat_map(|(_, text)| holes(text, self.holes.keys().map(String::as_str)));
        names.filter_map(|name| self.holes.get(name)).map(|place| place.fact.clone()).collect()
    }

    /// The clusters whose authorities a step writes down for others.
    pub(crate) fn authorities(&self, job: &Job) -> BTreeSet<Fact> {
        let names = job.files.iter().flat_map(|(_, text)| holes(text, self.holes.keys().map(String::as_str)));
        let places = names.filter_map(|name| self.holes.get(name));
        places.filter(|place| place.part == Part::TokenCa).map(|place| place.fact.clone()).collect()
    }

    /// The facts whose values a step takes where they are known, and does without where they are not.
    pub(crate) fn optional(&self, job: &Job) -> BTreeSet<Fact> {
        self.open(job).into_iter().filter(|fact| !job.needs.contains(fact)).collect()
    }

    /// The values for the holes of a step, as far as `known` knows them.
    pub(crate) fn fillings(&self, job: &Job, known: impl Fn(&Fact) -> Option<Learned>) -> Fillings {
        let mut fillings = Fillings::new();
        for (_, text) in &job.files {
            for name in holes(text, self.holes.keys().map(String::as_str)) {
                let Some(Place { fact, part, placeholder }) = self.holes.get(name) else { continue };
                let value = known(fact).and_then(|learnt| learnt.parts.get(part).cloned());
                let stands_in = || placeholder.clone().filter(|_| !job.needs.contains(fact)).map(Filling::open);
                if let Some(value) = value.or_else(stands_in) {
                    fillings.insert(name.to_owned(), value);
                }
            }
        }
        fillings
    }

    /// The objects of a step as they are sent: filled, rendered where that is asked for, and marked as members of `set`.
    pub(crate) async fn objects(
        &self,
        job: &Job,
        fillings: &Fillings,
        renderers: &Renderers,
        set: &str,
    ) -> Result<Vec<Object>, Failure> {
        let mut objects = Vec::new();
        for (place, (path, text)) in job.files.iter().enumerate() {
            if let Some(Install::Helm(charts)) = &job.installs {
                let values: Value = serde_yaml::from_str(text).map_err(|trouble| unfit(path, trouble.to_string()))?;
                let values = self.filled(values, fillings, job, path)?;
                objects.extend(renderers.chart(&charts[place], &values, &job.id).await?);
                continue;
            }
            for object in Object::read(text).map_err(|trouble| unfit(path, trouble))? {
                let value = self.filled(object.into_value(), fillings, job, path)?;
                match job.installs {
                    Some(Install::Istioctl) => objects.extend(renderers.operator(&value, &job.id).await?),
                    _ => objects.push(Object::from_value(value)),
                }
            }
        }
        let marked =
            objects.into_iter().map(|object| object.prepared().labelled(PART_OF, set).annotated(STEP, &job.owner));
        Ok(marked.collect())
    }

    /// Fills what is to be sent, and makes sure that no hole of the bundle is left in it.
    fn filled(&self, mut value: Value, fillings: &Fillings, job: &Job, path: &str) -> Result<Value, Failure> {
        fill(&mut value, fillings);
        let text = value.to_string();
        match holes(&text, self.holes.keys().map(String::as_str)).first() {
            Some(hole) => {
                let what = Text::new(
                    format!("{path}: nothing is known for ${{{hole}}}"),
                    format!("{path}：没有可填入 ${{{hole}}} 的值"),
                );
                Err(unreadable(what).at(&job.id))
            }
            None => Ok(value),
        }
    }

    /// The addresses that a fact fills holes with, by the name of the hole; nothing else is told outside the program.
    pub(crate) fn addresses(&self, of: &Fact, learnt: &Learned) -> BTreeMap<String, String> {
        let filled = self.holes.iter().filter(|(_, hole)| hole.fact == *of && hole.part == Part::Address);
        let address = learnt.parts.get(&Part::Address).and_then(Filling::shown);
        filled.filter_map(|(name, _)| Some((name.clone(), address?.to_owned()))).collect()
    }

    /// The programs that render its installations.
    pub(crate) fn programs(&self) -> Programs {
        let charts: BTreeSet<Chart> = self
            .jobs
            .iter()
            .filter_map(|job| if let Some(Install::Helm(charts)) = &job.installs { Some(charts) } else { None })
            .flatten()
            .map(|chart| chart.chart)
            .collect();
        Programs {
            release: self.release.clone(),
            version: self.version.clone(),
            istioctl: self.jobs.iter().any(|job| job.installs == Some(Install::Istioctl)),
            charts: charts.into_iter().collect(),
        }
    }
}

fn fact(name: &str) -> Result<Fact, Failure> {
    Fact::from_str(name)
        .map_err(|()| unreadable(Text::new(format!("`{name}` is no fact"), format!("`{name}` 不是事实"))))
}

fn unreadable(what: Text) -> Failure {
    Failure::new(Exit::Data, what).at("bundle.yaml")
}

fn unfit(path: &str, trouble: String) -> Failure {
    unreadable(Text::new("this file holds no Kubernetes objects", "该文件不是 Kubernetes 对象"))
        .because(trouble)
        .at(path)
        .hint(Text::new(
            "do not trust this bundle: generate it again from its topology",
            "请勿信任此安装包：请由其拓扑重新生成",
        ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use shared::topology::{Cluster, Topology};

    fn bundle() -> Bundle {
        let mut topology = Topology::empty("mesh1");
        for name in ["1-a", "no"] {
            topology.clusters.push(Cluster::primary(name, &format!("network-{name}")));
        }
        Bundle::write(&topology, None).unwrap()
    }

    fn known(fact: &Fact) -> Option<Learned> {
        let parts = [Part::Url, Part::Token, Part::TokenCa].map(|part| (part, Filling::open(format!("{part:?}"))));
        let is_known = matches!(fact, Fact::Token(_) | Fact::ApiServer(_));
        is_known.then(|| Learned { parts: BTreeMap::from(parts), ..Learned::default() })
    }

    #[test]
    fn nobody_gives_certificates_and_api_servers() {
        let work = Work::of(&bundle()).unwrap();
        let names: Vec<String> = work.assumptions().iter().map(ToString::to_string).collect();
        assert_eq!(names, ["ApiServer(1-a)", "ApiServer(no)", "Certificates(1-a)", "Certificates(no)"]);
        assert_eq!(work.signers(), ["1-a", "no"]);
        assert_eq!(work.release, "1.31");
    }

    #[tokio::test]
    async fn a_remote_secret_is_filled_and_sent_as_data() {
        let work = Work::of(&bundle()).unwrap();
        let job = work.jobs.iter().find(|job| job.id == "1-a/secret/no").unwrap();
        let fillings = work.fillings(job, known);
        let objects = work.objects(job, &fillings, &Renderers::default(), "set").await.unwrap();
        let secret = objects[0].value();
        assert!(secret["stringData"].is_null() && secret["data"]["no"].is_string());
        assert_eq!(secret["metadata"]["labels"][PART_OF], "set");
        assert_eq!(secret["metadata"]["annotations"][STEP], "1-a/secret/no");
    }

    #[tokio::test]
    async fn a_hole_that_nothing_fills_is_never_sent() {
        let work = Work::of(&bundle()).unwrap();
        let job = work.jobs.iter().find(|job| job.id == "1-a/secret/no").unwrap();
        let failure = work.objects(job, &Fillings::new(), &Renderers::default(), "set").await.unwrap_err();
        assert_eq!(failure.exit, Exit::Data);
    }

    #[test]
    fn a_step_before_what_it_waits_for_is_refused() {
        let mut bundle = bundle();
        bundle.index.steps.reverse();
        assert_eq!(Work::of(&bundle).err().map(|failure| failure.exit), Some(Exit::Data));
    }

    #[test]
    fn a_cluster_that_is_not_listed_is_refused() {
        let mut bundle = bundle();
        bundle.index.clusters.pop();
        assert_eq!(Work::of(&bundle).err().map(|failure| failure.exit), Some(Exit::Data));
    }
}
