//! `isthmus` run in this process, and the whole job done with it: generate, certify, apply, look, clean up.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::missing_panics_doc, reason = "every function here fails the test where it cannot go on")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::iter;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::bed::Bed;
use applier::{Streams, Terminals};

/// What a run of `isthmus` came to.
#[derive(Debug)]
pub struct Run {
    /// Exit status.
    pub code: u8,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Run {
    /// Fails the test unless the run ended with that status.
    #[track_caller]
    pub fn ends_with(&self, code: u8) -> &Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// Runs `isthmus` as a pipe would see it: no terminal, English, nothing of the user's environment.
pub fn isthmus(args: &[&str]) -> Run {
    let (stdout, stderr) = (Sink::default(), Sink::default());
    let code = run(args, &stdout, &stderr);
    Run { code, stdout: stdout.text(), stderr: stderr.text() }
}

/// Runs `isthmus serve` until the process ends, and returns the planner's address.
pub fn serve() -> String {
    let (stdout, stderr) = (Sink::default(), Sink::default());
    let (out, err) = (stdout.clone(), stderr.clone());
    let served = thread::spawn(move || run(&["serve", "--port", "0"], &out, &err));
    loop {
        if let Some(address) = stdout.text().lines().next() {
            return address.to_owned();
        }
        assert!(!served.is_finished(), "{}", stderr.text());
        thread::sleep(Duration::from_millis(20));
    }
}

fn run(args: &[&str], stdout: &Sink, stderr: &Sink) -> u8 {
    let streams = Streams {
        stdin: Box::new(io::empty()),
        stdout: Box::new(stdout.clone()),
        stderr: Box::new(stderr.clone()),
        terminals: Terminals::default(),
        variables: BTreeMap::new(),
    };
    applier::run(iter::once("isthmus").chain(args.iter().copied()).map(OsString::from), streams).code()
}

/// Where a run writes to.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps what `istioctl` says by its arguments and input.
const REMEMBERS: &str = r#"#!/bin/sh
input=$(mktemp FOLDER/input.XXXXXX)
trap 'rm -f "$input" "$input.said"' EXIT
{ echo "$@"; cat; } > "$input"
said=FOLDER/$(sha256sum < "$input" | cut -c1-64)
if [ ! -e "$said" ]; then
    tail -n +2 "$input" | ISTIOCTL "$@" > "$input.said" && mv "$input.said" "$said" || exit 1
fi
cat "$said"
"#;

/// A bundle made by `isthmus generate`, its certificates, and how its clusters are reached.
#[derive(Debug, Clone)]
pub struct Job {
    /// The folder of the bundle.
    pub bundle: PathBuf,
    /// The folder of its certificates.
    pub certs: PathBuf,
    connection: Vec<String>,
    programs: Vec<String>,
}

impl Job {
    /// Generates the bundle of a topology, and its certificates, in the bed's folder.
    pub fn new(bed: &Bed, name: &str, topology: &str, contexts: &[(&str, &str)]) -> Self {
        let folder = bed.folder().join(name);
        fs::create_dir_all(&folder).unwrap();
        let drawn = folder.join("topology.yaml");
        fs::write(&drawn, topology).unwrap();
        let bundle = folder.join("bundle");
        isthmus(&["generate", text(&drawn), "-o", text(&bundle)]).ends_with(0);
        Self::with_bundle(bed, bundle, contexts)
    }

    /// Makes the certificates of a bundle that is there, beside it.
    pub fn with_bundle(bed: &Bed, bundle: PathBuf, contexts: &[(&str, &str)]) -> Self {
        let certs = bundle.with_file_name("certs");
        isthmus(&["certs", text(&bundle), "-o", text(&certs)]).ends_with(0);
        let mut connection = vec!["--kubeconfig".to_owned(), text(bed.kubeconfig()).to_owned()];
        for (cluster, context) in contexts {
            connection.extend(["--context".to_owned(), format!("{cluster}={context}")]);
        }
        let programs = bed.programs();
        let named = [
            ("--istioctl", programs.get("istioctl").unwrap()),
            ("--helm", programs.get("helm").unwrap()),
            ("--charts", programs.charts().unwrap()),
        ];
        let programs = named.iter().flat_map(|(option, path)| [(*option).to_owned(), text(path).to_owned()]).collect();
        Self { bundle, certs, connection, programs }
    }

    /// The root of the mesh's trust.
    pub fn root(&self) -> String {
        let roots = ["root-cert.pem", "root/root-cert.pem"].map(|name| fs::read_to_string(self.certs.join(name)));
        roots.into_iter().find_map(Result::ok).expect("`isthmus certs` keeps the root beside the clusters' folders")
    }

    /// `isthmus apply`.
    pub fn apply(&self, more: &[&str]) -> Run {
        self.reach(
            &[&["apply", text(&self.bundle), "--yes", "--certs", text(&self.certs)], &self.programs()[..], more]
                .concat(),
        )
    }

    /// `isthmus apply` with no certificates but those that are in the clusters.
    pub fn apply_without_certs(&self) -> Run {
        self.reach(&[&["apply", text(&self.bundle), "--yes"], &self.programs()[..]].concat())
    }

    /// `isthmus diff`.
    pub fn diff(&self, more: &[&str]) -> Run {
        self.reach(&[&["diff", text(&self.bundle), "--certs", text(&self.certs)], &self.programs()[..], more].concat())
    }

    /// `isthmus check`, with the certificates unless `more` names others.
    pub fn check(&self, more: &[&str]) -> Run {
        let certs = if more.contains(&"--certs") { vec![] } else { vec!["--certs", text(&self.certs)] };
        self.reach(&[&["check", text(&self.bundle)], &certs[..], &self.programs()[..], more].concat())
    }

    /// `isthmus status`.
    pub fn status(&self) -> Run {
        self.reach(&["status", text(&self.bundle)])
    }

    /// `isthmus status --wait`, for at most that long.
    pub fn status_within(&self, time: &str) -> Run {
        self.reach(&["status", text(&self.bundle), "--wait", "--timeout", time])
    }

    /// `isthmus status --watch`, which goes on until the process ends; what it has printed so far can be asked for.
    pub fn watch(&self) -> impl Fn() -> String + use<> {
        let connection = self.connection.iter().map(String::as_str);
        let args: Vec<String> =
            ["status", text(&self.bundle), "--watch"].into_iter().chain(connection).map(str::to_owned).collect();
        let stdout = Sink::default();
        let out = stdout.clone();
        thread::spawn(move || run(&args.iter().map(String::as_str).collect::<Vec<_>>(), &out, &Sink::default()));
        move || stdout.text()
    }

    /// `isthmus status` for machines.
    pub fn status_as_json(&self) -> Run {
        self.reach(&["status", text(&self.bundle), "-o", "json"])
    }

    /// `isthmus verify`.
    pub fn verify(&self, more: &[&str]) -> Run {
        self.reach(&[&["verify", text(&self.bundle)], more].concat())
    }

    /// `isthmus cleanup`.
    pub fn cleanup(&self, mesh: &str) -> Run {
        self.reach(&["cleanup", text(&self.bundle), "--yes", "--confirm", mesh])
    }

    /// `isthmus cleanup` of one cluster.
    pub fn cleanup_of(&self, cluster: &str) -> Run {
        self.reach(&["cleanup", text(&self.bundle), "--yes", "--confirm", "mesh1", "--cluster", cluster])
    }

    /// The same job with the certificates of another.
    #[must_use]
    pub fn with_certs_of(self, other: &Self) -> Self {
        Self { certs: other.certs.clone(), ..self }
    }

    /// `isthmus cleanup`, with so much patience for each wait.
    pub fn cleanup_within(&self, mesh: &str, time: &str) -> Run {
        self.reach(&["cleanup", text(&self.bundle), "--yes", "--confirm", mesh, "--timeout", time])
    }

    /// `isthmus rotate`, with little time for istiods: here they take up a secret at once.
    pub fn rotate(&self, more: &[&str]) -> Run {
        self.reach(&[&["rotate", text(&self.bundle), "--yes", "--grace", "1s"], more].concat())
    }

    /// `isthmus rbac`.
    pub fn rbac(&self) -> Run {
        isthmus(&[&["rbac", text(&self.bundle)], &self.programs()[..]].concat())
    }

    /// The same job by another kubeconfig, with contexts of the same names.
    #[must_use]
    pub fn reached_by(mut self, kubeconfig: &Path) -> Self {
        text(kubeconfig).clone_into(&mut self.connection[1]);
        self
    }

    /// The same job with another `istioctl`.
    #[must_use]
    pub fn with_istioctl(mut self, program: &Path) -> Self {
        let place = self.programs.iter().position(|one| one == "--istioctl").expect("every job names one");
        text(program).clone_into(&mut self.programs[place + 1]);
        self
    }

    /// The same job with an `istioctl` that renders what it has rendered before from memory: for those who run it hundreds of times.
    #[must_use]
    pub fn with_memory(self, bed: &Bed) -> Self {
        let folder = bed.folder().join("rendered");
        fs::create_dir_all(&folder).unwrap();
        let script = REMEMBERS
            .replace("FOLDER", text(&folder))
            .replace("ISTIOCTL", text(&bed.programs().get("istioctl").unwrap()));
        let program = folder.join("istioctl");
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        self.with_istioctl(&program)
    }

    /// The same job by another kubeconfig, beside this one.
    #[must_use]
    pub fn reached_also_by(&self, kubeconfig: &Path) -> Self {
        self.clone().reached_by(kubeconfig)
    }

    /// `isthmus revoke`.
    pub fn revoke(&self, cluster: &str) -> Run {
        self.reach(&["revoke", text(&self.bundle), "--yes", "--cluster", cluster])
    }

    /// `isthmus apply` with charts from elsewhere.
    pub fn apply_with_charts(&self, charts: &Path) -> Run {
        let mut programs = self.programs();
        let last = programs.len() - 1;
        programs[last] = text(charts);
        self.reach(&[&["apply", text(&self.bundle), "--yes", "--certs", text(&self.certs)], &programs[..]].concat())
    }

    /// What `isthmus` is given for that verb, for whoever runs it as a process.
    pub fn words(&self, verb: &str, mesh: &str) -> Vec<String> {
        let programs = self.programs();
        let more: &[&str] = match verb {
            "cleanup" => &["--confirm", mesh],
            "rotate" => &["--grace", "1s"],
            "status" | "verify" => &[],
            _ => &[&["--certs", text(&self.certs)], &programs[..]].concat(),
        };
        let connection = self.connection.iter().map(String::as_str);
        let yes = (!matches!(verb, "check" | "diff" | "status" | "verify")).then_some("--yes");
        let words = [verb, text(&self.bundle)].into_iter().chain(yes).chain(more.iter().copied()).chain(connection);
        words.map(str::to_owned).collect()
    }

    fn programs(&self) -> Vec<&str> {
        self.programs.iter().map(String::as_str).collect()
    }

    fn reach(&self, args: &[&str]) -> Run {
        let connection: Vec<&str> = self.connection.iter().map(String::as_str).collect();
        isthmus(&[args, &connection].concat())
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the bed's paths are text")
}
