//! One cluster's own programs, started by `kwokctl`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::iter;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::kubeconfig::Entry;
use super::ports::{CLUSTER, ISTIOD, Ports};
use super::programs::{self, Programs, run};
use super::{BedError, ClusterSpec};

const CONFIG: &str = include_str!("files/cluster.yaml");
const EGRESS: &str = include_str!("files/egress.yaml");
const DEFAULT_STAGES: &str = include_str!("files/kwok-stages.yaml");
const ADDRESS_STAGES: &str = include_str!("files/address-stages.yaml");
const CURL: &str = include_str!("files/curl.sh");
const PILOT_AGENT: &str = include_str!("files/pilot-agent.sh");
/// What `late` means, in milliseconds.
const LATE: &str = "5000";

/// Address ranges of a cluster: all clusters' are distinct, so that a test can tell whose endpoint it sees.
#[derive(Debug)]
pub(super) struct Ranges {
    number: u8,
}

impl Ranges {
    /// The ranges of the cluster with that number, counted from 1.
    pub(super) fn new(number: usize) -> Result<Self, BedError> {
        let number = u8::try_from(number).ok().filter(|number| (1..=99).contains(number));
        number.map(|number| Self { number }).ok_or_else(|| "a bed has room for 99 clusters".into())
    }

    fn services(&self) -> String {
        format!("10.{}.0.0/16", 100 + self.number)
    }

    fn pods(&self) -> String {
        format!("{}0/24", self.pod_prefix())
    }

    /// The first three numbers of every pod's address, with the dot.
    pub(super) fn pod_prefix(&self) -> String {
        format!("10.200.{}.", self.number)
    }

    /// The same of every load balancer's address: documentation ranges first, then the range for benchmarks.
    /// 192.0.2.0/24 is left out, as sandboxes use it for machines.
    pub(super) fn balancer_prefix(&self) -> String {
        match self.number {
            1 => "198.51.100.".to_owned(),
            2 => "203.0.113.".to_owned(),
            number => format!("198.18.{number}."),
        }
    }

    /// What the API server calls its own address: it is never dialled, but must not be a loopback one, and without this
    /// option a machine with no default route could start none.
    fn advertised(&self) -> String {
        format!("198.19.0.{}", self.number)
    }
}

/// What the programs of one cluster are started with.
#[derive(Debug)]
pub(super) struct Kwok<'a> {
    pub(super) spec: &'a ClusterSpec,
    pub(super) ranges: Ranges,
    pub(super) ports: &'a Ports,
    pub(super) folder: &'a Path,
    pub(super) bed: &'a Path,
    pub(super) programs: &'a Programs,
}

impl Kwok<'_> {
    /// Creates the cluster and waits for its node. The egress socket must be listened on before.
    pub(super) fn create(&self) -> Result<Entry, BedError> {
        self.write_files()?;
        let mut create = self.kwokctl(&["create", "cluster", "--runtime", "binary", "--wait", "180s"])?;
        create.arg("--kubeconfig").arg(self.kubeconfig()).arg("--config").arg(self.folder.join("kwok.yaml"));
        for (flag, path) in [
            ("--etcd-binary", self.programs.etcd()?),
            ("--kube-apiserver-binary", self.programs.get("kube-apiserver")?),
            ("--kube-controller-manager-binary", self.programs.get("kube-controller-manager")?),
            ("--kube-scheduler-binary", self.programs.get("kube-scheduler")?),
            ("--kwok-controller-binary", self.programs.get("kwok")?),
        ] {
            create.arg(flag).arg(path);
        }
        for option in self.server_options() {
            create.args(["--extra-args", &format!("kube-apiserver={option}")]);
        }
        // Each is the only one of its kind: one that cannot renew its lock, as its API server is killed or slow, would end for good.
        for program in ["kube-controller-manager", "kube-scheduler"] {
            create.args(["--extra-args", &format!("{program}=leader-elect=false")]);
        }
        run(&mut create).map_err(|error| self.explain(&error))?;
        let pods = format!(".podCIDRs=[\"{}\"]", self.ranges.pods());
        run(&mut self.kwokctl(&["scale", "node", "--replicas", "1", "--param", &pods])?)?;
        self.kubectl(&["wait", "--for=create", "serviceaccount/default", "--timeout=180s"])?;
        self.kubectl(&["wait", "--for=condition=Ready", "node", "--all", "--timeout=180s"])?;
        let config = self.kubectl(&["config", "view", "--raw", "--flatten", "-o", "json"])?;
        Entry::first(&serde_json::from_slice(&config)?, &self.spec.name)
    }

    fn server_options(&self) -> Vec<String> {
        let mut options = vec![
            format!("service-cluster-ip-range={}", self.ranges.services()),
            format!("advertise-address={}", self.ranges.advertised()),
            format!("egress-selector-config-file={}", self.folder.join("egress.yaml").display()),
            "enable-aggregator-routing=true".to_owned(),
        ];
        if !self.spec.istiods {
            options.push("disable-admission-plugins=ValidatingAdmissionWebhook,MutatingAdmissionWebhook".to_owned());
        }
        options
    }

    /// The error with the end of the API server's log, since the logs go with the bed.
    fn explain(&self, error: &BedError) -> BedError {
        let log = fs::read_to_string(self.folder.join("kwok/clusters/bed/logs/kube-apiserver.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let end = lines[lines.len().saturating_sub(10)..].join("\n");
        format!("cluster {}: {error}\nits API server wrote last:\n{end}", self.spec.name).into()
    }

    fn kubeconfig(&self) -> PathBuf {
        self.folder.join("kwok.kubeconfig")
    }

    /// Every cluster is called `bed` here, in a folder of its own: `kwokctl` takes fewer names than Kubernetes.
    fn kwokctl(&self, args: &[&str]) -> Result<Command, BedError> {
        let mut command = programs::command(&self.programs.get("kwokctl")?, self.bed);
        command.env("KWOK_WORKDIR", self.folder.join("kwok")).env("PATH", self.path()?);
        command.args(args).args(["--name", "bed"]);
        Ok(command)
    }

    fn kubectl(&self, args: &[&str]) -> Result<Vec<u8>, BedError> {
        let mut command = programs::command(&self.programs.get("kubectl")?, self.bed);
        run(command.arg("--kubeconfig").arg(self.kubeconfig()).args(args))
    }

    /// The programs that `exec` in a simulated pod may run are looked for here first.
    fn path(&self) -> Result<OsString, BedError> {
        let usual = self.programs.path();
        let all = iter::once(self.folder.join("bin")).chain(env::split_paths(&usual));
        env::join_paths(all).map_err(|error| error.to_string().into())
    }

    fn write_files(&self) -> Result<(), BedError> {
        let place = self.folder.display().to_string();
        // From the highest number, as the name of a low one is the beginning of a high one's.
        let config = (0..CLUSTER + 2 * ISTIOD).rev().fold(CONFIG.replace("FOLDER", &place), |config, number| {
            config.replace(&format!("PORT{number}"), &self.ports.at(number).to_string())
        });
        let addresses = ADDRESS_STAGES
            .replace("DEFAULT", self.spec.addresses.stage())
            .replace("DELAY", LATE)
            .replace("PREFIX.", &self.ranges.balancer_prefix())
            .replace("CLUSTER", &self.spec.name);
        let config = [config.trim_end(), DEFAULT_STAGES.trim_end(), addresses.trim_end()].join("\n---\n");
        fs::write(self.folder.join("kwok.yaml"), config)?;
        let socket = self.folder.join("egress.sock").display().to_string();
        fs::write(self.folder.join("egress.yaml"), EGRESS.replace("SOCKET", &socket))?;
        fs::create_dir_all(self.folder.join("bin"))?;
        for (name, script) in [("curl", CURL), ("pilot-agent", PILOT_AGENT)] {
            let program = self.folder.join("bin").join(name);
            fs::write(&program, script)?;
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
        }
        Ok(())
    }
}
