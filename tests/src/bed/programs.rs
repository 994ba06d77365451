//! Where the programs of the bed are: Kubernetes', KWOK's and Istio's own, built by `cargo xtask testbed`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

use super::BedError;

/// The folders of the bed's programs.
#[derive(Debug, Clone)]
pub struct Programs {
    folders: Vec<PathBuf>,
}

impl Programs {
    /// The folders that `ISTHMUS_TESTBED` lists, or else the newest of each module in the cache.
    pub fn find() -> Self {
        let folders = match env::var_os("ISTHMUS_TESTBED") {
            Some(list) => env::split_paths(&list).collect(),
            None => cache().map(|cache| newest(&cache)).unwrap_or_default(),
        };
        Self { folders }
    }

    /// The program of that name.
    pub fn get(&self, name: &str) -> Result<PathBuf, BedError> {
        self.folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file()).ok_or_else(|| {
            format!("the test bed has no program {name}: run `cargo xtask testbed`, which builds what is missing")
                .into()
        })
    }

    /// The folder of Istio's charts, in the module that Istio's programs are built from.
    pub fn charts(&self) -> Result<PathBuf, BedError> {
        static CHARTS: OnceLock<Result<PathBuf, String>> = OnceLock::new();
        CHARTS
            .get_or_init(|| istio_module().map(|module| module.join("manifests/charts")))
            .clone()
            .map_err(BedError::from)
    }

    /// etcd, whose program is called `server` where Go names it after its folder.
    pub(super) fn etcd(&self) -> Result<PathBuf, BedError> {
        self.get("etcd").or_else(|missing| self.get("server").map_err(|_| missing))
    }

    /// The folder of definitions, beside Istio's programs.
    pub(super) fn crds(&self) -> Result<PathBuf, BedError> {
        let beside = self.folders.iter().filter_map(|folder| Some(folder.parent()?.join("crds")));
        beside.into_iter().find(|folder| folder.is_dir()).ok_or_else(|| "the test bed has no folder crds".into())
    }

    /// Says at once what is missing, before anything has been started.
    pub(super) fn check(&self, istio: bool) -> Result<(), BedError> {
        self.etcd()?;
        for name in ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "kwok", "kwokctl"] {
            self.get(name)?;
        }
        if istio {
            self.get("istioctl")?;
            self.get("pilot-discovery")?;
        }
        Ok(())
    }

    /// A search path with the bed's programs first.
    pub fn path(&self) -> OsString {
        let usual = env::var_os("PATH").unwrap_or_default();
        let all = self.folders.iter().cloned().chain(env::split_paths(&usual));
        env::join_paths(all).unwrap_or(usual)
    }
}

/// Where Go keeps the module of Istio; downloaded anew where only the programs were kept.
fn istio_module() -> Result<PathBuf, String> {
    let pins = Path::new(env!("CARGO_MANIFEST_DIR")).join("testbed/istio");
    let go = |arguments: &[&str]| {
        let output = Command::new("go").args(arguments).current_dir(&pins).output();
        output
            .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
            .map_err(|error| format!("go: {error}"))
    };
    let folder = || go(&["list", "-m", "-f", "{{.Dir}}", "istio.io/istio"]);
    let mut found = folder()?;
    if !Path::new(&found).is_dir() {
        go(&["mod", "download", "istio.io/istio"])?;
        found = folder()?;
    }
    if Path::new(&found).is_dir() { Ok(found.into()) } else { Err(format!("Go has no module of Istio: `{found}`")) }
}

/// A command that belongs to the bed with that folder: it is ended with the bed, and sees nothing of the user's.
pub(super) fn command(program: &Path, bed: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("ISTHMUS_BED", bed).env("HOME", bed).env("KUBECACHEDIR", bed.join("kube-cache"));
    command.env_remove("KUBECONFIG").env_remove("XDG_CONFIG_HOME").env_remove("XDG_CACHE_HOME");
    // Everything is on this machine: a proxy in between would only swallow it.
    for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(proxy);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs a command to its end and returns what it wrote, or an error with what it said.
pub(super) fn run(command: &mut Command) -> Result<Vec<u8>, BedError> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| BedError::from(format!("{name}: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{name} failed ({}): {}", output.status, said.trim()).into())
}

fn cache() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let isthmus = set("ISTHMUS_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("isthmus")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/isthmus")))?;
    Some(isthmus.join("testbed"))
}

/// The newest folder of each module: older ones are of older pins.
fn newest(cache: &Path) -> Vec<PathBuf> {
    let names: Vec<String> = fs::read_dir(cache)
        .map(|entries| entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
        .unwrap_or_default();
    ["kubernetes", "kwok", "istio", "helm"]
        .iter()
        .filter_map(|module| {
            let of_module = names.iter().filter(|name| name.rsplit_once('-').is_some_and(|(head, _)| head == *module));
            of_module.map(|name| cache.join(name).join("bin")).filter(|bin| bin.is_dir()).max_by_key(|bin| age(bin))
        })
        .collect()
}

fn age(path: &Path) -> SystemTime {
    fs::metadata(path).and_then(|metadata| metadata.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}
