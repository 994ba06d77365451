//! One istiod process: what a kubelet would do for the pod of its Deployment, without the container.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, PipeReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::BedError;
use super::kubeconfig::{self, Entry};
use super::ports::Ports;
use super::programs::{self, Programs, run};

/// The cluster that a process runs beside.
#[derive(Debug, Clone)]
pub(super) struct Host {
    pub(super) entry: Entry,
    pub(super) kubeconfig: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) bed: PathBuf,
    pub(super) programs: Arc<Programs>,
    pub(super) ports: Arc<Ports>,
}

impl Host {
    /// A `kubectl` for the cluster, to be given arguments.
    pub(super) fn kubectl(&self) -> Result<Command, BedError> {
        let mut command = programs::command(&self.programs.get("kubectl")?, &self.bed);
        command.arg("--kubeconfig").arg(&self.kubeconfig);
        Ok(command)
    }
}

/// A running istiod.
#[derive(Debug)]
pub(super) struct Istiod {
    child: Child,
    /// The pod template it was started from, to see when that changes.
    pub(super) template: Value,
    /// Which of the cluster's runs of ports it has.
    pub(super) number: u16,
}

impl Istiod {
    /// Starts the process for a Deployment. `None` as long as something is missing that a pod would wait for.
    pub(super) fn start(host: &Host, deployment: &Value, number: u16) -> Result<Option<Self>, BedError> {
        let text = |pointer: &str| deployment.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
        let account = text("/spec/template/spec/serviceAccountName");
        let template = deployment["spec"]["template"].clone();
        let container = &template["spec"]["containers"][0];

        let root = host.folder.join(format!("{namespace}-{name}"));
        if !mount(host, &namespace, &template["spec"], &root)? {
            return Ok(None);
        }
        // The account's own rights, not an administrator's: a missing rule shows. A month, as nobody renews it.
        let mut create = host.kubectl()?;
        create.args(["-n", &namespace, "create", "token", &account, "--duration=720h"]);
        let Ok(token) = run(&mut create) else {
            return Ok(None);
        };
        let kubeconfig = host.folder.join(format!("{namespace}-{name}.kubeconfig"));
        kubeconfig::write(&kubeconfig, &[&host.entry.with_token(String::from_utf8_lossy(&token).trim())])?;

        let environment = environment(container, &namespace, &name, &account);
        let program = host.programs.get("pilot-discovery")?;
        let remote = root.join(REMOTE_KUBECONFIG);
        let mut command = if remote.is_file() {
            // An external istiod: its configuration is elsewhere, and the cluster it runs in is found as in a pod.
            let mut command = in_cluster(host, &root, String::from_utf8_lossy(&token).trim(), &namespace)?;
            command.arg(program);
            command
        } else {
            let mut command = Command::new(program);
            command.env_clear();
            command
        };
        command.envs(environment).env("ISTHMUS_BED", &host.bed);
        let args = container["args"].as_array().map(Vec::as_slice).unwrap_or_default();
        let kubeconfig = if remote.is_file() { remote } else { kubeconfig };
        command.args(args.iter().filter_map(Value::as_str)).arg("--kubeconfig").arg(&kubeconfig);
        let first = host.ports.istiod(number);
        for (flag, port) in (first..)
            .zip(["httpAddr", "monitoringAddr", "grpcAddr", "secureGRPCAddr", "httpsAddr"])
            .map(|(port, flag)| (flag, port))
        {
            command.arg(format!("--{flag}=127.0.0.1:{port}"));
        }
        command.arg(format!("--ctrlz_port={}", first + 5));
        // Its paths are relative, so this folder is the root of its container.
        let (reader, writer) = io::pipe()?;
        command.current_dir(&root).stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let child = command.spawn()?;
        let log = host.folder.join(format!("{namespace}-{name}.log"));
        let log = File::options().create(true).append(true).open(log)?;
        thread::spawn(move || keep_log(reader, log));
        Ok(Some(Self { child, template, number }))
    }

    /// Whether it has ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Istiod {
    fn drop(&mut self) {
        // At once: a pod that is gone writes nothing more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first port's offset to the one for webhooks.
pub(super) const HTTPS: u16 = 4;

/// Where an external istiod finds the kubeconfig of its config cluster, from the root of its container.
const REMOTE_KUBECONFIG: &str = "var/run/secrets/remote/config";

/// A command for a program that finds its cluster as a pod does: by two variables, and by the account's files, whose path is
/// fixed. The path is laid out in a mount namespace of the process's own, so that the machine sees nothing of it.
fn in_cluster(host: &Host, root: &Path, token: &str, namespace: &str) -> Result<Command, BedError> {
    const SCRIPT: &str = "mount -t tmpfs tmpfs /run; mkdir -p /run/secrets/kubernetes.io; \
        ln -s \"$ACCOUNT\" /run/secrets/kubernetes.io/serviceaccount; exec \"$@\"";
    let account = root.join("serviceaccount");
    fs::create_dir_all(&account)?;
    let ca = host.entry.cluster["certificate-authority-data"].as_str().unwrap_or_default();
    let ca = STANDARD.decode(ca).map_err(|error| error.to_string())?;
    fs::write(account.join("ca.crt"), ca)?;
    fs::write(account.join("token"), token)?;
    fs::write(account.join("namespace"), namespace)?;
    let address = host.entry.server().trim_start_matches("https://");
    let (name, port) = address.rsplit_once(':').ok_or("an API server without a port")?;
    let mut command = Command::new("unshare");
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("ACCOUNT", &account);
    command.env("KUBERNETES_SERVICE_HOST", name).env("KUBERNETES_SERVICE_PORT", port);
    command.args(["--mount", "--map-root-user", "sh", "-ec", SCRIPT, "sh"]);
    Ok(command)
}

/// Lays out the Secrets and `ConfigMaps` of the pod in a folder. False while one is missing that is not optional.
fn mount(host: &Host, namespace: &str, pod: &Value, root: &Path) -> Result<bool, BedError> {
    let _ = fs::remove_dir_all(root);
    fs::create_dir_all(root)?;
    let listed = run(host.kubectl()?.args(["-n", namespace, "get", "configmaps,secrets", "-o", "json"]))?;
    let listed: Value = serde_json::from_slice(&listed)?;
    let find = |kind: &str, name: &Value| {
        listed["items"].as_array()?.iter().find(|item| item["kind"] == kind && item["metadata"]["name"] == *name)
    };
    let mounts = pod["containers"][0]["volumeMounts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let volumes = pod["volumes"].as_array().map(Vec::as_slice).unwrap_or_default();
    for volume in volumes {
        let (source, object, secret) = if volume["secret"].is_object() {
            (&volume["secret"], find("Secret", &volume["secret"]["secretName"]), true)
        } else if volume["configMap"].is_object() {
            (&volume["configMap"], find("ConfigMap", &volume["configMap"]["name"]), false)
        } else {
            continue;
        };
        let Some(object) = object else {
            if source["optional"] == Value::Bool(true) {
                continue;
            }
            return Ok(false);
        };
        for mounted in mounts.iter().filter(|mounted| mounted["name"] == volume["name"]) {
            let folder = root.join(mounted["mountPath"].as_str().unwrap_or_default().trim_start_matches('/'));
            fs::create_dir_all(&folder)?;
            for (key, value) in object["data"].as_object().into_iter().flatten() {
                let value = value.as_str().unwrap_or_default();
                let bytes = if secret {
                    STANDARD.decode(value).map_err(|error| format!("{namespace}/{key}: {error}"))?
                } else {
                    value.as_bytes().to_vec()
                };
                fs::write(folder.join(key), bytes)?;
            }
        }
    }
    Ok(true)
}

/// The container's environment. What the kubelet would compute from the machine is left out.
fn environment(container: &Value, namespace: &str, name: &str, account: &str) -> BTreeMap<String, String> {
    let mut environment = BTreeMap::new();
    for variable in container["env"].as_array().into_iter().flatten() {
        let Some(key) = variable["name"].as_str() else {
            continue;
        };
        let value = match variable.pointer("/valueFrom/fieldRef/fieldPath").and_then(Value::as_str) {
            // Always the same, so that a restarted process finds its own leader locks.
            Some("metadata.name") => format!("{name}-0"),
            Some("metadata.namespace") => namespace.to_owned(),
            Some("spec.serviceAccountName") => account.to_owned(),
            Some(_) => continue,
            None if variable["valueFrom"].is_object() => continue,
            None => variable["value"].as_str().unwrap_or_default().to_owned(),
        };
        environment.insert(key.to_owned(), value);
    }
    environment.entry("ENABLE_DEBUG_ON_HTTP".to_owned()).or_insert_with(|| "true".to_owned());
    environment
}

/// Writes the log in the form of a container runtime, in which `kubectl logs` finds it.
fn keep_log(written: PipeReader, mut log: File) {
    let mut time = "1970-01-01T00:00:00Z".to_owned();
    for line in BufReader::new(written).lines().map_while(Result::ok) {
        // istiod's lines begin with their time; those that go on do not.
        if let Some((first, _)) = line.split_once('\t').filter(|(first, _)| first.ends_with('Z')) {
            first.clone_into(&mut time);
        }
        if writeln!(log, "{time} stdout F {line}").is_err() {
            return;
        }
    }
}

/// Waits until the istiod on that port says that it is ready.
pub(super) fn wait_ready(port: u16, limit: Duration) -> Result<(), BedError> {
    let end = Instant::now() + limit;
    loop {
        match get(port, "/ready") {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > end => {
                return Err(format!("no istiod is ready: {error}").into());
            }
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// A plain HTTP request. In version 1.0 the answer ends with the connection.
pub(super) fn get(port: u16, path: &str) -> Result<String, BedError> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| format!("{path}: no HTTP answer"))?;
    let status = head.split_whitespace().nth(1).unwrap_or_default();
    if status == "200" { Ok(body.to_owned()) } else { Err(format!("{path}: {status} {}", body.trim()).into()) }
}
