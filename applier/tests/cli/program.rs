//! Runs the program as an operator does, in a folder of its own, and lays out what came of it as one text.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Two primaries on two networks.
pub(crate) const TOPOLOGY: &str = "\
apiVersion: isthmus.dev/v1alpha1
kind: Topology
metadata: {name: mesh1}
spec:
  meshId: mesh1
  istio: {version: \"1.31\", installer: istioctl}
  clusters:
  - {name: cluster1, network: network1, role: primary, eastWest: {sourceRanges: [203.0.113.0/24]}}
  - {name: cluster2, network: network2, role: primary, eastWest: {sourceRanges: [203.0.113.0/24]}}
  sample: true
";

/// A folder to work in; it goes when the test ends.
pub(crate) struct Desk {
    folder: TempDir,
    language: &'static str,
}

impl Desk {
    /// A folder with `topology.yaml` in it.
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap(), language: "C.UTF-8" };
        desk.write("topology.yaml", TOPOLOGY);
        desk
    }

    /// The same, for an operator who reads Chinese.
    pub(crate) fn chinese() -> Self {
        Self { language: "zh_CN.UTF-8", ..Self::new() }
    }

    /// A folder with the topology, changed in one place.
    pub(crate) fn with(from: &str, to: &str) -> Self {
        let desk = Self::new();
        assert!(TOPOLOGY.contains(from));
        desk.write("topology.yaml", TOPOLOGY.replacen(from, to, 1));
        desk
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The program, ready to run here with words as one types them.
    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_isthmus"));
        command.args(words.split_whitespace()).current_dir(self.folder.path()).env_clear().env("LANG", self.language);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it.
    pub(crate) fn run(&self, words: &str) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs it, and expects this: the status, then what was printed where. The folder's own path reads as `HERE`.
    #[track_caller]
    pub(crate) fn check(&self, words: &str, expected: &str) {
        let shown = self.shown(&self.run(words));
        assert!(shown == expected, "isthmus {words}\n--- expected\n{expected}--- is\n{shown}");
    }

    /// What came of a run, as one text.
    pub(crate) fn shown(&self, output: &Output) -> String {
        let mut shown = format!("{}\n", output.status.code().map_or("signal".to_owned(), |code| code.to_string()));
        for (name, bytes) in [("out", &output.stdout), ("err", &output.stderr)] {
            let here = fs::canonicalize(self.folder.path()).unwrap();
            let text = String::from_utf8_lossy(bytes).replace(&here.display().to_string(), "HERE");
            shown.extend(text.lines().map(|line| format!("{name}| {line}\n")));
        }
        shown
    }
}

/// All files below a folder, by their paths in it.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().display().to_string());
            }
        }
    }
    found.sort();
    found
}
