//! An API server that is killed in the middle of its work, and started again as it was; controllers that do nothing for a while.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::BedError;
use super::cluster::{Cluster, eventually};
use super::programs::run;

/// A killed API server, and how it was started.
#[derive(Debug)]
pub struct Outage {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<OsString>,
    folder: PathBuf,
}

impl Cluster {
    /// Kills the API server at once, as the machine's fall would.
    pub fn kill_api_server(&self) -> Result<Outage, BedError> {
        let process = self.process("kube-apiserver")?;
        let outage = Outage {
            program: fs::read_link(process.join("exe"))?,
            arguments: words(&process.join("cmdline"))?.split_off(1),
            environment: words(&process.join("environ"))?,
            folder: fs::read_link(process.join("cwd"))?,
        };
        let id = process.file_name().unwrap_or_default();
        run(Command::new("kill").arg("-KILL").arg(id))?;
        Ok(outage)
    }

    /// Starts it again, and waits until it is ready.
    pub fn restart_api_server(&self, outage: &Outage) -> Result<(), BedError> {
        let mut command = Command::new(&outage.program);
        command.args(&outage.arguments).current_dir(&outage.folder).env_clear();
        for variable in &outage.environment {
            if let Some((name, value)) = variable.to_string_lossy().split_once('=') {
                command.env(name, value);
            }
        }
        // The keeper of the bed ends it by its environment, and the bed's log is long enough.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        eventually(Duration::from_mins(1), || self.kubectl_text(&["get", "--raw", "/readyz"])).map(drop)
    }

    /// Stops Kubernetes' controllers where they are: nobody makes tokens any more, or takes away what has lost its owner.
    pub fn halt_controllers(&self) -> Result<(), BedError> {
        self.signal("kube-controller-manager", "-STOP")
    }

    /// Stops etcd where it is: the API server takes requests and answers none that needs what is stored.
    pub fn halt_store(&self) -> Result<(), BedError> {
        self.signal("etcd", "-STOP")
    }

    /// Lets it go on.
    pub fn resume_store(&self) -> Result<(), BedError> {
        self.signal("etcd", "-CONT")
    }

    /// Lets them go on.
    pub fn resume_controllers(&self) -> Result<(), BedError> {
        self.signal("kube-controller-manager", "-CONT")
    }

    fn signal(&self, program: &str, signal: &str) -> Result<(), BedError> {
        let process = self.process(program)?;
        run(Command::new("kill").arg(signal).arg(process.file_name().unwrap_or_default())).map(drop)
    }

    /// The folder of the process that runs this program.
    fn process(&self, program: &str) -> Result<PathBuf, BedError> {
        let mark = self.folder().display().to_string();
        let is_it = |process: &PathBuf| {
            let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
            let line = words(&process.join("cmdline")).unwrap_or_default();
            // The kernel keeps 15 letters of a name.
            program.starts_with(name.trim())
                && !name.trim().is_empty()
                && line.iter().any(|word| word.to_string_lossy().contains(&mark))
        };
        let processes = fs::read_dir("/proc")?.flatten().map(|entry| entry.path());
        let found = { processes }.find(is_it);
        found.ok_or_else(|| format!("no {program} runs for {}", self.name()).into())
    }
}

/// The words of a file that ends each by a zero.
fn words(path: &PathBuf) -> Result<Vec<OsString>, BedError> {
    let bytes = fs::read(path)?;
    let words = bytes.split(|byte| *byte == 0).filter(|word| !word.is_empty());
    Ok(words.map(|word| OsString::from_vec(word.to_vec())).collect())
}
