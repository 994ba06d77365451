//! One cluster of a bed, and what a test may ask it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::egress::{Egress, Routes};
use super::istiod::Follower;
use super::kubeconfig::{self, Entry};
use super::kwok::{Kwok, Ranges};
use super::ports::Ports;
use super::process::{self, Host};
use super::programs::{self, Programs, run};
use super::{BedError, ClusterSpec};

/// A cluster of a bed: real API server, controller manager, scheduler and etcd; simulated node, pods and load balancers.
#[derive(Debug)]
pub struct Cluster {
    host: Host,
    routes: Arc<Routes>,
    // Ended in this order, with the cluster.
    _follower: Option<Follower>,
    _egress: Egress,
}

impl Cluster {
    pub(super) fn start(
        spec: &ClusterSpec,
        number: usize,
        bed: &Path,
        programs: &Arc<Programs>,
        routes: &Arc<Routes>,
    ) -> Result<Self, BedError> {
        // The number, not the name: the path of a unix socket has 108 bytes and no more.
        let folder = bed.join(number.to_string());
        DirBuilder::new().mode(0o700).create(&folder)?;
        let ports = Arc::new(Ports::take()?);
        let ranges = Ranges::new(number)?;
        routes.add_cluster(&spec.name, [ranges.pod_prefix(), ranges.balancer_prefix()]);
        let egress = Egress::start(&folder.join("egress.sock"), Arc::clone(routes))?;
        let entry = Kwok { spec, ranges, ports: &ports, folder: &folder, bed, programs }.create()?;
        let kubeconfig = folder.join("kubeconfig");
        kubeconfig::write(&kubeconfig, &[&entry])?;
        let (bed, programs) = (bed.to_owned(), Arc::clone(programs));
        let host = Host { entry, kubeconfig, folder, bed, programs, ports };
        let follower = spec.istiods.then(|| Follower::start(host.clone(), Arc::clone(routes))).transpose()?;
        Ok(Self { host, routes: Arc::clone(routes), _follower: follower, _egress: egress })
    }

    pub(super) fn entry(&self) -> &Entry {
        &self.host.entry
    }

    /// Its name, which is also its context in the bed's kubeconfig.
    pub fn name(&self) -> &str {
        &self.host.entry.name
    }

    /// A kubeconfig for this cluster alone.
    pub fn kubeconfig(&self) -> &Path {
        &self.host.kubeconfig
    }

    /// The address of its API server.
    pub fn server(&self) -> &str {
        self.host.entry.server()
    }

    /// The cluster's folder in the bed: logs of its programs, and the answers of the sample's client.
    pub fn folder(&self) -> &Path {
        &self.host.folder
    }

    /// A `kubectl` for this cluster, to be given arguments.
    pub fn kubectl_command(&self) -> Result<Command, BedError> {
        self.host.kubectl()
    }

    /// What `kubectl` with these arguments says, whether it succeeds or not.
    pub fn kubectl(&self, args: &[&str]) -> Result<Output, BedError> {
        Ok(self.kubectl_command()?.args(args).output()?)
    }

    /// What `kubectl` with these arguments writes; an error where it fails.
    pub fn kubectl_text(&self, args: &[&str]) -> Result<String, BedError> {
        let written = run(self.kubectl_command()?.args(args))?;
        String::from_utf8(written).map_err(|error| error.to_string().into())
    }

    /// What `kubectl … -o json` writes.
    pub fn kubectl_json(&self, args: &[&str]) -> Result<Value, BedError> {
        Ok(serde_json::from_slice(&run(self.kubectl_command()?.args(args).args(["-o", "json"]))?)?)
    }

    /// Applies manifests as a user would who has them in a file.
    pub fn apply(&self, manifests: &str) -> Result<String, BedError> {
        let file = self.host.folder.join("apply.yaml");
        fs::write(&file, manifests)?;
        let mut command = self.kubectl_command()?;
        command.args(["apply", "--server-side", "--field-manager", "test", "-f"]).arg(&file);
        String::from_utf8(run(&mut command)?).map_err(|error| error.to_string().into())
    }

    /// Installs the definitions of the Gateway API, those that this Istio is built with.
    pub fn install_gateway_api(&self) -> Result<(), BedError> {
        let folder = self.host.programs.crds()?.join("gateway-api");
        let mut command = self.kubectl_command()?;
        // By the server: the largest does not fit into the annotation of `kubectl apply`.
        run(command.args(["apply", "--server-side", "--field-manager", "test", "-f"]).arg(folder)).map(|_| ())
    }

    /// Every object of the cluster as `kind.group namespace/name`, sorted, to compare before and after.
    ///
    /// Left out are Events and `EndpointSlices`, whose names are random and which go by themselves some time after what they
    /// are about, and what only mirrors another object (`componentstatuses`).
    pub fn listing(&self) -> Result<Vec<String>, BedError> {
        let columns = "custom-columns=KIND:.kind,VERSION:.apiVersion,NAMESPACE:.metadata.namespace,NAME:.metadata.name";
        let wanted = self.resources()?;
        let listed = self.kubectl_text(&["get", &wanted, "-A", "--ignore-not-found", "--no-headers", "-o", columns])?;
        let names: BTreeSet<String> = listed
            .lines()
            .filter_map(|line| {
                let mut words = line.split_whitespace();
                let (kind, version) = (words.next()?, words.next()?);
                Some(listed_as(kind, version, words.next()?, words.next()?))
            })
            .collect();
        Ok(names.into_iter().collect())
    }

    /// Every object of that listing, by its line there.
    pub fn objects(&self) -> Result<BTreeMap<String, Value>, BedError> {
        let mut listed = self.kubectl_json(&["get", &self.resources()?, "-A", "--ignore-not-found"])?;
        let text = |value: &Value| value.as_str().unwrap_or("<none>").to_owned();
        let named = |object: Value| {
            let metadata = &object["metadata"];
            let (namespace, name) = (text(&metadata["namespace"]), text(&metadata["name"]));
            (listed_as(&text(&object["kind"]), &text(&object["apiVersion"]), &namespace, &name), object)
        };
        Ok(listed["items"].as_array_mut().into_iter().flatten().map(|object| named(object.take())).collect())
    }

    /// The resources of a listing, as `kubectl get` takes them.
    fn resources(&self) -> Result<String, BedError> {
        const NOISE: [&str; 4] =
            ["events", "events.events.k8s.io", "endpointslices.discovery.k8s.io", "componentstatuses"];
        let resources = self.kubectl_text(&["api-resources", "--verbs=list", "-o", "name"])?;
        let wanted: Vec<&str> = resources.lines().filter(|name| !NOISE.contains(name)).collect();
        Ok(wanted.join(","))
    }

    /// The listing once it has not changed for a second: controllers are a little behind.
    pub fn settled_listing(&self) -> Result<Vec<String>, BedError> {
        let end = Instant::now() + Duration::from_mins(1);
        let mut last = self.listing()?;
        loop {
            thread::sleep(Duration::from_secs(1));
            let now = self.listing()?;
            if now == last {
                return Ok(now);
            }
            if Instant::now() > end {
                return Err(format!("the objects of {} do not settle", self.name()).into());
            }
            last = now;
        }
    }

    /// Whom an API server takes the bearer of that kubeconfig for. It asks the server that the kubeconfig names, and
    /// trusts the authority that it holds.
    pub fn accepts_token(&self, kubeconfig: &[u8]) -> Result<String, BedError> {
        let file = self.host.folder.join("token.kubeconfig");
        fs::write(&file, kubeconfig)?;
        let mut command = programs::command(&self.host.programs.get("kubectl")?, &self.host.bed);
        command.arg("--kubeconfig").arg(&file).args(["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"]);
        let user = run(&mut command);
        fs::remove_file(&file)?;
        String::from_utf8(user?).map_err(|error| error.to_string().into())
    }

    /// What the cluster's istiod answers at that path, such as `/debug/clusterz`. Waits for it to be ready first.
    pub fn istiod_debug(&self, path: &str) -> Result<Value, BedError> {
        self.istiod_debug_in("istio-system", path)
    }

    /// The same of the istiod in that namespace.
    pub fn istiod_debug_in(&self, namespace: &str, path: &str) -> Result<Value, BedError> {
        let limit = Duration::from_mins(1);
        let webhooks = eventually(limit, || {
            let port = self.routes.istiod(self.name(), namespace);
            port.ok_or_else(|| format!("no istiod runs in {namespace}").into())
        })?;
        let port = webhooks - process::HTTPS;
        process::wait_ready(port, limit)?;
        Ok(serde_json::from_str(&process::get(port, path)?)?)
    }
}

/// An object's line in a listing.
fn listed_as(kind: &str, version: &str, namespace: &str, name: &str) -> String {
    let group = version.split_once('/').map_or("", |(group, _)| group);
    format!("{kind}.{group} {namespace}/{name}")
}

/// Asks again and again until the answer is there, and fails with what was still missing.
pub fn eventually<T>(limit: Duration, mut ask: impl FnMut() -> Result<T, BedError>) -> Result<T, BedError> {
    let end = Instant::now() + limit;
    loop {
        match ask() {
            Ok(value) => return Ok(value),
            Err(error) if Instant::now() > end => {
                return Err(format!("not so after {} s: {error}", limit.as_secs()).into());
            }
            Err(_) => thread::sleep(Duration::from_millis(200)),
        }
    }
}
