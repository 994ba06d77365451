//! `isthmus certs`: certificates for every cluster of a bundle that signs. What is in the folder is checked and kept; only what is
//! missing is made.

use std::collections::BTreeMap;
use std::path::Path;

use shared::bundle::Bundle;
use shared::fact::Fact;
use shared::probe::Probe;
use shared::text::Text;
use time::{Duration, OffsetDateTime};

use crate::certs::{Certificates, Root};
use crate::cli::Certs;
use crate::error::{Exit, Failure};
use crate::report::{Event, Report};
use crate::source::output::{self, Privacy};
use crate::source::{self, Kind};

const ROOT_CERT: &str = "root-cert.pem";
const ROOT_KEY: &str = "root-key.pem";
/// Replacing a root takes a mesh some care, so its end is told a year before.
const SOON: Duration = Duration::days(365);

/// Makes what is missing. The paths that were written or kept are told; the keys never are.
pub(crate) fn run(arguments: &Certs, report: &Report) -> Result<Exit, Failure> {
    let bundle = source::bundle(&arguments.bundle, report)?;
    let now = OffsetDateTime::now_utc();
    let dir = &arguments.output;
    let signers = signers(&bundle);
    if signers.is_empty() {
        let place = arguments.bundle.display();
        report.talk(&Text::new(
            format!("{place}: no cluster signs, so there is nothing to make"),
            format!("{place}：没有签发证书的集群，无需生成"),
        ));
        return Ok(Exit::Done);
    }
    let (there, missing): (Vec<_>, Vec<_>) =
        signers.into_iter().partition(|(cluster, _)| source::kind(&dir.join(cluster)) != Kind::Nothing);
    let mut root_cert = None;
    for (cluster, _) in &there {
        let certificates = Certificates::read(dir, cluster, now)?;
        if *root_cert.get_or_insert_with(|| certificates.root_cert.clone()) != certificates.root_cert {
            let what =
                Text::new("this folder has another root than the one before it", "该目录的根证书与前一个目录不同");
            return Err(Failure::new(Exit::Context, what).at(dir.join(cluster).display()));
        }
    }
    if !missing.is_empty() {
        let root = root(dir, now, report)?;
        if root_cert.is_some_and(|cert| cert != root.cert) {
            let what = Text::new(
                "this is not the root of the clusters' folders beside it",
                "该根证书与旁边各集群目录中的不同",
            );
            return Err(Failure::new(Exit::Context, what).at(dir.join(ROOT_CERT).display()));
        }
        for (cluster, namespace) in missing {
            write(dir, &cluster, &root.sign(&cluster, &[namespace], now)?)?;
            told(report, &dir.join(&cluster), true);
        }
    }
    for (cluster, _) in &there {
        told(report, &dir.join(cluster), false);
    }
    report.talk(&Text::new(
        format!("Next: isthmus apply {} --certs {}", arguments.bundle.display(), dir.display()),
        format!("接下来：isthmus apply {} --certs {}", arguments.bundle.display(), dir.display()),
    ));
    Ok(Exit::Done)
}

/// The clusters that sign, and the namespace of their istiod: the bundle says it as the probe of a fact.
fn signers(bundle: &Bundle) -> BTreeMap<String, String> {
    let signer = |(fact, probe): (&String, &Probe)| match (fact.parse::<Fact>(), probe) {
        (Ok(Fact::Certificates(cluster)), Probe::Certificates { namespace, .. }) => {
            Some((cluster.to_string(), namespace.clone()))
        }
        _ => None,
    };
    bundle.index.facts.iter().filter_map(signer).collect()
}

/// Takes up the root that is there, or makes one.
fn root(dir: &Path, now: OffsetDateTime, report: &Report) -> Result<Root, Failure> {
    let (cert, key) = (dir.join(ROOT_CERT), dir.join(ROOT_KEY));
    let root = match (source::kind(&cert), source::kind(&key)) {
        (Kind::Nothing, Kind::Nothing) => {
            let root = Root::make(now)?;
            output::folder(dir, Privacy::Secret)?;
            output::file(&key, root.key.as_bytes(), Privacy::Secret)?;
            // A key without its certificate would be in the way of the next run.
            let written = output::file(&cert, root.cert.as_bytes(), Privacy::Secret);
            written.inspect_err(|_| output::discard(&key))?;
            told(report, &cert, true);
            return Ok(root);
        }
        (Kind::Nothing, _) => return Err(half(&cert, ROOT_KEY)),
        (_, Kind::Nothing) => return Err(half(&key, ROOT_CERT)),
        _ => {
            let text = |path: &Path| source::text(path, source::PEM_CAP);
            Root::take(text(&cert)?, text(&key)?, &cert.display().to_string(), now)?
        }
    };
    told(report, &cert, false);
    if root.not_after - now < SOON {
        let end = root.not_after.date();
        report.event(&Event::Warning {
            place: Some(cert.display().to_string()),
            text: Text::new(
                format!("this root CA ends on {end}, and what it signs ends with it"),
                format!("该根 CA 将于 {end} 到期，由其签发的证书也随之到期"),
            ),
            hints: Vec::new(),
        });
    }
    Ok(root)
}

fn half(missing: &Path, there: &str) -> Failure {
    let what = Text::new(format!("{there} is there without it"), format!("存在 {there}，但缺少该文件"));
    Failure::new(Exit::Context, what).at(missing.display()).hint(Text::new(
        "put it back beside the other, or name an empty folder for a new root CA",
        "请将其放回原处，或指定空目录以生成新的根 CA",
    ))
}

/// Writes the folder of a cluster. One that was cut short misses a file, which the next run says.
fn write(dir: &Path, cluster: &str, certificates: &Certificates) -> Result<(), Failure> {
    let folder = dir.join(cluster);
    output::folder(&folder, Privacy::Secret)?;
    for (name, text) in certificates.files() {
        output::file(&folder.join(name), text.as_bytes(), Privacy::Secret)?;
    }
    Ok(())
}

fn told(report: &Report, path: &Path, made: bool) {
    let path = path.display();
    let text = if made {
        Text::new(format!("{path}: created"), format!("{path}：已创建"))
    } else {
        Text::new(format!("{path}: kept"), format!("{path}：已保留"))
    };
    report.talk(&text);
}
