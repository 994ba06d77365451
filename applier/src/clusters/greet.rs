//! The first words with an API server: who it is, what it serves.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use kube::config::AuthInfo;
use serde_json::Value;
use shared::text::Text;

use super::{Cluster, Found, unusable};
use crate::applyset::record_path;
use crate::error::Failure;
use crate::kinds::Kinds;
use crate::refusal::refusal;
use crate::report::{Event, Report, Target};
use crate::transport::{CallError, Transport};

/// How long a credential plugin may take.
const PLUGIN_DEADLINE: Duration = Duration::from_secs(30);

/// How long one note about retries stands for all.
const BETWEEN_NOTES: Duration = Duration::from_secs(3);

/// Connects to a cluster and asks for its identity.
pub(super) async fn greet(found: Found, mesh: &str, report: &Arc<Report>) -> Result<Cluster, Failure> {
    let Found { target, config } = found;
    let trusted = pem(config.root_cert.as_deref().unwrap_or_default());
    let mut anonymous = config.clone();
    anonymous.auth_info = AuthInfo::default();
    let client = build(config).await.ok_or_else(|| unusable(&target.cluster, &target.context))?;
    let transport = Transport::new(client, tell_of_retries(Arc::clone(report), target.clone()));
    let fail = |error: &CallError| refusal(&target, &target.cluster, "namespace kube-system", error);
    // All at once: every question that waits for another's answer costs the way to the cluster and back.
    let record = record_path(mesh);
    let (greeted, record) = tokio::join!(
        async {
            tokio::try_join!(
                transport.greet("/version"),
                transport.greet("/api/v1/namespaces/kube-system"),
                Kinds::discover(&transport)
            )
        },
        transport.find(&record)
    );
    let (version, system, kinds) = greeted.map_err(|error| fail(&error))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(Cluster {
        uid: text(&system["metadata"]["uid"]),
        version: text(&version["gitVersion"]),
        trusted,
        record,
        transport,
        kinds: RwLock::new(Arc::new(kinds)),
        config: anonymous,
        target,
    })
}

/// Makes a client; nothing where that fails or takes too long.
///
/// It may run a credential plugin, which blocks: on a thread of its own, which a plugin that hangs cannot make us wait for.
async fn build(config: kube::Config) -> Option<kube::Client> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let runtime = tokio::runtime::Handle::current();
    std::thread::spawn(move || {
        let _inside = runtime.enter();
        // Nobody listens any more where it took too long.
        let _ = sender.send(kube::Client::try_from(config));
    });
    tokio::time::timeout(PLUGIN_DEADLINE, receiver).await.ok()?.ok()?.ok()
}

/// Says that requests are tried again, once for all that wait at the same time: silence would look like a hang.
fn tell_of_retries(report: Arc<Report>, target: Target) -> crate::transport::OnRetry {
    let said: Mutex<Option<Instant>> = Mutex::new(None);
    Arc::new(move || {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_some_and(|before| before.elapsed() < BETWEEN_NOTES) {
            return;
        }
        *said = Some(Instant::now());
        let text = Text::new(
            "the API server asks for patience or broke the connection; trying again",
            "API 服务器繁忙或连接中断；正在重试",
        );
        report.event(&Event::Note { place: Some(target.cluster.clone()), text });
    })
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
