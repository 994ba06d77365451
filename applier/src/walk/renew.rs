//! New pods for what reads a credential when it starts and never again.

use serde_json::{Value, json};
use shared::fact::Fact;
use shared::probe::Probe;
use shared::text::Text;

use super::Walk;
use crate::applyset::sha256;
use crate::error::Failure;
use crate::kinds::segment;
use crate::refusal::refusal;
use crate::report::Event;
use crate::work::Reader;

/// The annotation of a pod template that says by which secret its pods were started, as a digest; another one is another generation
/// of pods.
const STARTED_BY: &str = "isthmus.dev/started-by";

/// Who sets it: not the manager of all else, whose next apply would take the annotation out and replace the pods again.
const MANAGER: &str = "isthmus-rotate";

impl Walk {
    /// Replaces the pods that read the secret when they started, where it is another now, and waits until the last of them is gone.
    /// With `changed` it is known to be another; else pods tell that once were replaced. False when the operator stopped it.
    pub(super) async fn renew(&self, reader: &Reader<'_>, changed: bool) -> Result<bool, Failure> {
        let Reader { job, namespace, secret, read_at_start, .. } = reader;
        let cluster = self.world.cluster(&job.cluster)?;
        for name in read_at_start {
            let object = format!("Deployment {namespace}/{name}");
            let fail = |error| refusal(&cluster.target, &job.id, &object, &error);
            let Some(found) = cluster.find("apps", "Deployment", namespace, name).await.map_err(fail)? else {
                continue;
            };
            let held = cluster.find("", "Secret", namespace, secret).await.map_err(fail)?.unwrap_or_default();
            let digest = sha256(held["data"].to_string().as_bytes())[..16].to_owned();
            let started_by = &found["spec"]["template"]["metadata"]["annotations"][STARTED_BY];
            let is_other =
                if changed { *started_by != digest } else { started_by.as_str().is_some_and(|by| by != digest) };
            if !is_other {
                continue;
            }
            let text = Text::new(
                format!("{object} reads its token when it starts: its pods are replaced"),
                format!("{object} 只在启动时读取令牌：正在更换其 Pod"),
            );
            self.report.event(&Event::Note { place: Some(job.cluster.clone()), text });
            self.gates[cluster.name()].open().await?;
            let template = json!({"metadata": {"annotations": {STARTED_BY: digest}}});
            let only_this: Value = json!({
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": {"name": name, "namespace": namespace},
                "spec": {"template": template},
            });
            let path = format!(
                "/apis/apps/v1/namespaces/{}/deployments/{}?fieldManager={MANAGER}&force=true",
                segment(namespace),
                segment(name)
            );
            cluster.transport.apply_briefly(&path, &only_this).await.map_err(fail)?;
            let probe = Probe::Deployment { namespace: namespace.clone(), deployment: name.clone() };
            if self.wait_by(job, &Fact::Istiod(job.cluster.as_str().into()), &probe).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
