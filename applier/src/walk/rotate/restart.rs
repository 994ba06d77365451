//! Restarting what reads a credential when it starts and never again.

use serde_json::json;
use shared::fact::Fact;
use shared::probe::Probe;
use shared::text::Text;

use super::{Walk, stopped};
use crate::error::Failure;
use crate::kinds::segment;
use crate::refusal::refusal;
use crate::report::Event;
use crate::work::Reader;

/// The annotation of a pod template that says since which token its pods run; another value is another generation of pods.
const TOKEN: &str = "isthmus.dev/token";

/// Who sets it: not the manager of all else, whose next apply would take the annotation out and restart the pods again.
const MANAGER: &str = "isthmus-rotate";

impl Walk {
    /// Replaces the pods that hold the token they read when they started, and waits until the last of them is gone. Done again with
    /// the same token it changes nothing.
    pub(super) async fn restart(&self, reader: &Reader<'_>, token: &str) -> Result<(), Failure> {
        let Reader { job, namespace, read_at_start, .. } = reader;
        let cluster = self.world.cluster(&job.cluster)?;
        for name in read_at_start {
            let object = format!("Deployment {namespace}/{name}");
            let found = cluster.find("apps", "Deployment", namespace, name).await;
            if found.map_err(|error| refusal(&cluster.target, &job.id, &object, &error))?.is_none() {
                continue;
            }
            let text = Text::new(
                format!("{object} reads the token when it starts: its pods are replaced"),
                format!("{object} 只在启动时读取令牌：正在更换其 Pod"),
            );
            self.report.event(&Event::Note { place: Some(job.cluster.clone()), text });
            self.gates[cluster.name()].open().await?;
            let template = json!({"metadata": {"annotations": {TOKEN: token}}});
            let only_this = json!({
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": {"name": name, "namespace": namespace},
                "spec": {"template": template},
            });
            let path = format!(
                "/apis/apps/v1/namespaces/{}/deployments/{}?fieldManager={MANAGER}&force=true",
                segment(namespace),
                segment(name)
            );
            let patched = cluster.transport.apply_briefly(&path, &only_this).await;
            patched.map_err(|error| refusal(&cluster.target, &job.id, &object, &error))?;
            let probe = Probe::Deployment { namespace: namespace.clone(), deployment: name.clone() };
            self.wait_by(job, &Fact::Istiod(job.cluster.as_str().into()), &probe).await?.ok_or_else(stopped)?;
        }
        Ok(())
    }
}
