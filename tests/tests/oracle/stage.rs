//! A document's own commands, run by a real shell in a folder of their own, with programs that only write down what they
//! are given. What was printed is what is judged: heredocs, `sed`, pipes and all.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use shared::fact::GatewayName;
use shared::mesh::Mesh;
use shared::topology::{Cluster, Role};
use tests::replay::{address, server};

/// A call of a program.
#[derive(Debug)]
pub(crate) struct Call {
    /// `kubectl`, `istioctl` or `helm`.
    pub(crate) program: String,
    /// Its arguments.
    pub(crate) args: Vec<String>,
    /// The files it was given: path and text, `-` being what came through a pipe.
    pub(crate) files: Vec<(String, String)>,
    /// The call that wrote to that pipe, where it was one of these programs.
    pub(crate) from: Option<Box<Call>>,
}

impl Call {
    /// The value of a flag, written `--flag=value` or `-f value`.
    pub(crate) fn flag(&self, name: &str) -> Option<&str> {
        self.flags(name).into_iter().next()
    }

    /// Every value of a flag.
    pub(crate) fn flags(&self, name: &str) -> Vec<&str> {
        let with_equals = format!("{name}=");
        let follows = |(place, arg): (usize, &'_ String)| {
            if arg == name { self.args.get(place + 1).map(String::as_str) } else { None }
        };
        let mut values: Vec<&str> = self.args.iter().filter_map(|arg| arg.strip_prefix(&with_equals)).collect();
        values.extend(self.args.iter().enumerate().filter_map(follows));
        values
    }

    /// The arguments that are no flags, nor values of the flags that documents write apart from their value.
    pub(crate) fn words(&self) -> Vec<&str> {
        const APART: [&str; 6] = ["-f", "-n", "-l", "-o", "--set", "--from-file"];
        let mut words = Vec::new();
        let mut args = self.args.iter();
        while let Some(arg) = args.next() {
            if APART.contains(&arg.as_str()) {
                args.next();
            } else if !arg.starts_with('-') {
                words.push(arg.as_str());
            }
        }
        words
    }

    fn parse(text: &str) -> Option<Self> {
        let (program, mut rest) = text.strip_prefix("#> ")?.split_once('\n')?;
        let mut call = Call { program: program.to_owned(), args: Vec::new(), files: Vec::new(), from: None };
        while let Some((arg, after)) = rest.strip_prefix("#| ").and_then(|rest| rest.split_once('\n')) {
            call.args.push(arg.to_owned());
            rest = after;
        }
        while let Some((path, after)) = rest.strip_prefix("#< ").and_then(|rest| rest.split_once('\n')) {
            if path == "-" {
                call.from = Call::parse(after).map(Box::new);
                call.files.push((path.to_owned(), after.to_owned()));
                return Some(call);
            }
            let end = after.find("\n#< ").map_or(after.len(), |end| end + 1);
            call.files.push((path.to_owned(), after[..end].to_owned()));
            rest = &after[end..];
        }
        Some(call)
    }
}

/// A document's commands, and what it leaves to its reader.
#[derive(Debug)]
pub(crate) struct Script {
    /// Fixtures of `tests/oracle/`, run one after the other as one.
    pub(crate) files: &'static [&'static str],
    /// Fixtures that stand for files of Istio's samples, where the document prints them.
    pub(crate) prints: &'static [(&'static str, &'static str)],
    /// Variables the reader sets; contexts are called like the clusters.
    pub(crate) variables: &'static [(&'static str, &'static str)],
}

/// The folder of the Istio module, whose samples the documents use.
pub(crate) fn istio() -> PathBuf {
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("testbed/istio");
    let output = Command::new("go").args(["mod", "download", "-json", "istio.io/istio"]).current_dir(module).output();
    let output = output.expect("the Istio module is Go's to find");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    PathBuf::from(found["Dir"].as_str().unwrap_or_else(|| panic!("{found}")))
}

/// Runs the commands for a mesh and returns every call that would have changed something, in order.
pub(crate) fn run(script: &Script, mesh: &Mesh) -> Vec<Call> {
    let folder = tempfile::tempdir().unwrap();
    let [bin, calls, answers] = ["bin", "calls", "answers"].map(|name| {
        let path = folder.path().join(name);
        fs::create_dir(&path).unwrap();
        path
    });
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle");
    let recorder = fixtures.join("recorder.sh");
    for program in ["kubectl", "istioctl", "helm"] {
        executable(&recorder, &bin.join(program));
    }
    samples(script, &fixtures, &folder.path().join("samples"));
    for (context, known) in known(mesh) {
        let folder = answers.join(context);
        fs::create_dir(&folder).unwrap();
        for (question, answer) in known {
            fs::write(folder.join(question), answer).unwrap();
        }
    }
    let text: Vec<String> = script.files.iter().map(|name| fs::read_to_string(fixtures.join(name)).unwrap()).collect();
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &text.concat()]).current_dir(folder.path());
    let usual = std::env::var("PATH").unwrap_or_default();
    bash.env("PATH", format!("{}:{usual}", bin.display())).env("CALLS", &calls).env("ANSWERS", &answers);
    bash.envs(script.variables.iter().copied());
    let output = bash.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}: {said}", script.files);
    let mut paths: Vec<PathBuf> = fs::read_dir(&calls).unwrap().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let call = |path: &PathBuf| Call::parse(&fs::read_to_string(path).unwrap()).unwrap();
    paths.iter().map(call).collect()
}

/// Istio's samples, with the document's own prints in place of theirs; the script among them made executable again.
fn samples(script: &Script, fixtures: &Path, to: &Path) {
    let from = istio().join("samples");
    for folder in ["multicluster", "helloworld", "helloworld/gateway-api", "sleep", "curl", "certs"] {
        fs::create_dir_all(to.join(folder)).unwrap();
        for entry in fs::read_dir(from.join(folder)).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            let to = to.join(folder).join(entry.file_name());
            let printed = script.prints.iter().find(|(path, _)| to.ends_with(path));
            let mut source = printed.map_or(entry.path(), |(_, fixture)| fixtures.join(fixture));
            if to.ends_with("sleep/sleep.yaml") {
                // The same client under its new name.
                source = from.join("curl/curl.yaml");
            }
            if to.extension().is_some_and(|extension| extension == "sh") {
                executable(&source, &to);
            } else {
                symlink(source, to).unwrap();
            }
        }
    }
}

fn executable(from: &Path, to: &Path) {
    fs::write(to, fs::read(from).unwrap()).unwrap();
    fs::set_permissions(to, fs::Permissions::from_mode(0o755)).unwrap();
}

/// What the clusters would answer, by context: the values that a replay of the plan fills holes with.
fn known(mesh: &Mesh) -> BTreeMap<String, [(&'static str, String); 5]> {
    let answers = |cluster: &Cluster| {
        let name = &cluster.name;
        let of = |gateway| address(mesh, name, gateway);
        // The ingress gateway is what the document says it is for: it leads to an external istiod, or to other networks.
        let is_external = matches!(cluster.role, Role::External { .. });
        let ingress = if is_external { GatewayName::ControlPlane } else { GatewayName::EastWest };
        [
            ("istio-eastwestgateway", of(GatewayName::EastWest)),
            ("istio-ingressgateway", of(ingress)),
            ("server", server(mesh, name)),
            ("ca", "c2FtcGxl".to_owned()),
            ("token", format!("token-of-{name}")),
        ]
    };
    mesh.clusters().iter().map(|cluster| (cluster.context().to_owned(), answers(cluster))).collect()
}
