//! The first words with an API server: who it is, what it serves.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use kube::config::AuthInfo;
use serde_json::Value;
use shared::text::Text;
use x509_parser::prelude::{FromDer as _, X509Certificate, X509Version};

use super::{Cluster, Found};
use crate::applyset::record_path;
use crate::error::Failure;
use crate::kinds::Kinds;
use crate::refusal::{refusal, why};
use crate::report::{Event, Report, Target};
use crate::transport::{Blocked, CallError, Distrust, OnRetry, Question, Transport};

/// How long one note about retries stands for all.
const BETWEEN_NOTES: Duration = Duration::from_secs(3);

/// Connects to a cluster and asks for its identity.
pub(super) async fn greet(
    found: Found,
    mesh: &str,
    foreseen: Vec<Question>,
    report: &Arc<Report>,
) -> Result<Cluster, Failure> {
    let Found { target, config, source } = found;
    let own = config.root_cert.as_deref().is_some_and(are_no_authorities);
    let trusted = pem(config.root_cert.as_deref().unwrap_or_default());
    let mut anonymous = config.clone();
    anonymous.auth_info = AuthInfo::default();
    let fail = |error: &CallError| {
        let stranger = CallError::Blocked(Blocked::Certificate(Distrust::Stranger));
        let leaf = CallError::Blocked(Blocked::Certificate(Distrust::Leaf));
        let error = if own && *error == stranger { &leaf } else { error };
        refusal(&target, &target.cluster, "namespace kube-system", error)
    };
    let on_retry = tell_of_retries(Arc::clone(report), target.clone());
    let transport = Transport::open(config, source, on_retry).await.map_err(|error| fail(&error))?;
    let reached = anonymous.clone();
    // Whether remote secrets are accepted is asked as nobody we are: that connection comes about meanwhile.
    let anonymous = Transport::given(anonymous).map_err(|error| fail(&error))?;
    // All at once: every question that waits for another's answer costs the way to the cluster and back.
    let record = record_path(mesh);
    let (version, system, kinds, record, ()) = tokio::try_join!(
        transport.greet("/version"),
        transport.greet("/api/v1/namespaces/kube-system"),
        Kinds::discover(&transport),
        // What is wrong with it is told later, unless nothing is answered at all.
        async { Ok(transport.find(&record).await) },
        // After these, on the same way.
        async {
            transport.foresee(foreseen);
            Ok(())
        }
    )
    .map_err(|error| fail(&error))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(Cluster {
        uid: text(&system.body["metadata"]["uid"]),
        version: text(&version.body["gitVersion"]),
        ahead: version.ahead(),
        trusted,
        record,
        transport,
        kinds: RwLock::new(Arc::new(kinds)),
        anonymous,
        config: reached,
        target,
    })
}

/// Says that requests are tried again, why and when, once for all that wait at the same time: silence would look like a hang.
fn tell_of_retries(report: Arc<Report>, target: Target) -> OnRetry {
    let said: Mutex<Option<Instant>> = Mutex::new(None);
    Arc::new(move |retry| {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_some_and(|before| before.elapsed() < BETWEEN_NOTES) {
            return;
        }
        *said = Some(Instant::now());
        let (why, number, pause) = (why(retry.error), retry.number, retry.pause.as_secs_f32());
        let text = Text::new(
            format!("the API server: {}; trying again in {pause:.1} s, time {number}", why.en),
            format!("API 服务器：{}；{pause:.1} 秒后第 {number} 次重试", why.zh),
        );
        report.event(&Event::Note { place: Some(target.cluster.clone()), text });
    })
}

/// Whether all of these certificates say that they are no authority's. Those of version 1 cannot say so.
fn are_no_authorities(certificates: &[Vec<u8>]) -> bool {
    let is_none = |der: &Vec<u8>| {
        let read = X509Certificate::from_der(der);
        read.is_ok_and(|(_, read)| read.version() == X509Version::V3 && !read.is_ca())
    };
    certificates.iter().all(is_none)
}

/// Certificates as PEM.
fn pem(certificates: &[Vec<u8>]) -> String {
    use base64::Engine as _;
    let mut out = String::new();
    for certificate in certificates {
        out.push_str("-----BEGIN CERTIFICATE-----\n");
        let text = base64::engine::general_purpose::STANDARD.encode(certificate);
        for line in text.as_bytes().chunks(64) {
            out.push_str(&String::from_utf8_lossy(line));
            out.push('\n');
        }
        out.push_str("-----END CERTIFICATE-----\n");
    }
    out
}
