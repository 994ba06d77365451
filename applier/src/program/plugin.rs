//! Credential plugins: what a kubeconfig's `exec` names, run as client-go runs it, but once, with no terminal, within a time
//! and a size, and with nothing of what it prints ever repeated.
//!
//! The protocol: <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>.

use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use kube::config::{ExecConfig, ExecInteractiveMode};
use serde::Deserialize;
use serde_json::json;
use shared::yaml::guard;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};

use crate::transport::Secret;

/// How long a plugin may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// The largest output that is read; a credential has a few kilobytes.
const LARGEST_OUTPUT: usize = 1 << 20;

/// A plugin as the kubeconfig describes it. No `Debug`: its arguments and variables may be secrets.
#[derive(Clone)]
pub(crate) struct Plugin {
    command: String,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    information: String,
}

/// Why there is no credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The plugin is not there, or cannot be started.
    Missing(String),
    /// It wants a terminal.
    Interactive(String),
    /// It did not end in this time.
    Slow(String, Duration),
    /// It ended with this status; nothing where a signal ended it.
    Failed(String, Option<i32>),
    /// It printed more than a credential can be.
    TooMuch(String),
    /// What it printed is no credential.
    Garbled(String),
    /// The token's file cannot be read.
    File(String),
    /// What there is cannot be used: a certificate without its key, a token that is no header.
    Unusable,
}

/// What a plugin gives. No `Debug`: it is what must not be shown.
pub(crate) struct Credential {
    /// A bearer token.
    pub(crate) token: Option<Secret>,
    /// A client certificate and its key, as PEM.
    pub(crate) certificate: Option<(String, Secret)>,
    /// Until when.
    pub(crate) expires: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Printed {
    status: Status,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
    expiration_timestamp: Option<Timestamp>,
}

impl Plugin {
    /// The plugin of a user.
    pub(crate) fn of(user: &ExecConfig) -> Result<Self, Trouble> {
        let command = user.command.clone().ok_or(Trouble::Unusable)?;
        if user.interactive_mode == Some(ExecInteractiveMode::Always) {
            return Err(Trouble::Interactive(command));
        }
        let mut spec = json!({"interactive": false});
        if let Some(cluster) = user.cluster.as_ref().filter(|_| user.provide_cluster_info) {
            spec["cluster"] = serde_json::to_value(cluster).map_err(|_| Trouble::Unusable)?;
        }
        let information = json!({"apiVersion": user.api_version, "kind": "ExecCredential", "spec": spec}).to_string();
        let pairs = user.env.iter().flatten();
        let variables = pairs.filter_map(|pair| Some((pair.get("name")?.clone(), pair.get("value")?.clone())));
        let (arguments, variables) = (user.args.clone().unwrap_or_default(), variables.collect());
        Ok(Self { command, arguments, variables, information })
    }

    /// Runs it to its end.
    pub(crate) async fn run(&self) -> Result<Credential, Trouble> {
        self.run_within(DEADLINE).await
    }

    async fn run_within(&self, deadline: Duration) -> Result<Credential, Trouble> {
        let name = || self.command.clone();
        let mut command = Command::new(&self.command);
        command.args(&self.arguments).envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.env("KUBERNETES_EXEC_INFO", &self.information).kill_on_drop(true);
        // What it says on standard error may quote what it is given: `kubectl` shows it to whoever asks.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().map_err(|_| Trouble::Missing(name()))?;
        let read = async {
            let mut printed = Vec::new();
            if let Some(stdout) = child.stdout.take() {
                // A pipe that breaks has said what it has said.
                let _ = stdout.take(LARGEST_OUTPUT as u64 + 1).read_to_end(&mut printed).await;
            }
            if printed.len() > LARGEST_OUTPUT {
                return Err(Trouble::TooMuch(name()));
            }
            let status = child.wait().await.map_err(|_| Trouble::Failed(name(), None))?;
            if status.success() { Ok(printed) } else { Err(Trouble::Failed(name(), status.code())) }
        };
        let read = tokio::time::timeout(deadline, read).await;
        let printed = match read.unwrap_or_else(|_| Err(Trouble::Slow(name(), deadline))) {
            Ok(printed) => printed,
            Err(trouble) => {
                end(&mut child);
                return Err(trouble);
            }
        };
        credential(&printed).ok_or_else(|| Trouble::Garbled(name()))
    }
}

/// Ends a plugin and whatever it has started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)) {
        // It may have ended meanwhile.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.start_kill();
}

/// The credential in what a plugin printed, as JSON or as YAML.
fn credential(printed: &[u8]) -> Option<Credential> {
    let text = std::str::from_utf8(printed).ok()?;
    guard(text, LARGEST_OUTPUT).ok()?;
    let Printed { status } = serde_yaml::from_str(text).ok()?;
    let certificate = status.client_certificate_data.zip(status.client_key_data.map(Secret::new));
    let token = status.token.filter(|token| !token.is_empty()).map(Secret::new);
    (token.is_some() || certificate.is_some()).then_some(Credential {
        token,
        certificate,
        expires: status.expiration_timestamp,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn shell(script: &str) -> Plugin {
        let pair = [("name", "CANARY"), ("value", "hush")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        Plugin::of(&ExecConfig {
            api_version: Some("client.authentication.k8s.io/v1".into()),
            command: Some("sh".into()),
            args: Some(vec!["-c".into(), script.into()]),
            env: Some(vec![pair.into()]),
            ..ExecConfig::default()
        })
        .unwrap_or_else(|trouble| panic!("{trouble:?}"))
    }

    async fn trouble(script: &str, deadline: Duration) -> Trouble {
        shell(script).run_within(deadline).await.err().expect("it gives no credential")
    }

    #[tokio::test]
    async fn a_credential_is_read_as_json_or_yaml() {
        let json = r#"echo '{"status": {"token": "t", "expirationTimestamp": "2030-01-01T00:00:00Z"}}'"#;
        let given = shell(json).run().await.unwrap_or_else(|trouble| panic!("{trouble:?}"));
        assert_eq!(given.token.map(|token| token.reveal().to_owned()).as_deref(), Some("t"));
        assert_eq!(given.expires, "2030-01-01T00:00:00Z".parse().ok());
        let yaml = "printf 'status:\\n  clientCertificateData: c\\n  clientKeyData: \"%s\"\\n' $CANARY";
        let given = shell(yaml).run().await.unwrap_or_else(|trouble| panic!("{trouble:?}"));
        assert!(given.certificate.is_some_and(|(pem, key)| pem == "c" && key.reveal() == "hush"));
        let told = "test \"$(echo $KUBERNETES_EXEC_INFO | grep -c '\"interactive\":false')\" = 1 && echo '{status: {token: t}}'";
        assert!(shell(told).run().await.is_ok());
    }

    #[tokio::test]
    async fn whatever_it_does_it_is_bounded_and_its_words_are_not_kept() {
        let long = Duration::from_secs(20);
        let begun = Instant::now();
        let failed = trouble("echo $CANARY; echo $CANARY >&2; exit 3", long).await;
        assert_eq!(failed, Trouble::Failed("sh".into(), Some(3)));
        assert!(!format!("{failed:?}").contains("hush"));
        let quick = Duration::from_millis(200);
        assert_eq!(trouble("sleep 600", quick).await, Trouble::Slow("sh".into(), quick));
        assert_eq!(trouble("sleep 600 & wait", quick).await, Trouble::Slow("sh".into(), quick));
        assert_eq!(trouble("yes", long).await, Trouble::TooMuch("sh".into()));
        assert_eq!(trouble("echo not a credential", long).await, Trouble::Garbled("sh".into()));
        assert_eq!(trouble("echo '{\"status\": {}}'", long).await, Trouble::Garbled("sh".into()));
        assert_eq!(
            trouble("read line && echo '{status: {token: t}}'", long).await,
            Trouble::Failed("sh".into(), Some(1))
        );
        assert!(begun.elapsed() < long);
    }

    #[tokio::test]
    async fn one_that_is_not_there_or_wants_a_terminal_is_told() {
        let missing = Plugin { command: "/nonexistent/plugin".into(), ..shell("") };
        assert_eq!(missing.run().await.err(), Some(Trouble::Missing("/nonexistent/plugin".into())));
        let wanting = ExecConfig {
            command: Some("sh".into()),
            interactive_mode: Some(ExecInteractiveMode::Always),
            ..ExecConfig::default()
        };
        assert_eq!(Plugin::of(&wanting).err(), Some(Trouble::Interactive("sh".into())));
    }
}
