//! `testbed`: builds Kubernetes, KWOK and Istio from their own Go modules, once for all checkouts.
//!
//! A module's folder in the cache is named by what decides its content, and appears whole or not at all:
//! `bin/` holds the programs, Istio's also `crds/`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::process::{print, say, spoken};
use crate::{Repo, cache, packages};

/// Changes whenever the flags or the layout below do.
const RECIPE: &str = "1";

/// A Go module below `tests/testbed/` and what is built of it.
struct Module {
    name: &'static str,
    ldflags: &'static str,
    programs: &'static [&'static str],
    /// Files of other modules that tests read: the module, its file or folder, the name in the cache.
    extras: &'static [(&'static str, &'static str, &'static str)],
}

const MODULES: [Module; 4] = [
    Module {
        name: "kubernetes",
        // Clients cannot parse the version of a server that was not told its own.
        ldflags: "-s -w -X k8s.io/component-base/version.gitVersion=v1.36.3 \
                  -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36",
        programs: &[
            "k8s.io/kubernetes/cmd/kube-apiserver",
            "k8s.io/kubernetes/cmd/kube-controller-manager",
            "k8s.io/kubernetes/cmd/kube-scheduler",
            "k8s.io/kubernetes/cmd/kubectl",
            "go.etcd.io/etcd/server/v3",
        ],
        extras: &[],
    },
    Module {
        name: "kwok",
        ldflags: "-s -w",
        programs: &["sigs.k8s.io/kwok/cmd/kwok", "sigs.k8s.io/kwok/cmd/kwokctl"],
        extras: &[],
    },
    Module {
        name: "istio",
        ldflags: "-s -w -X istio.io/istio/pkg/version.buildVersion=1.31.0",
        programs: &["istio.io/istio/istioctl/cmd/istioctl", "istio.io/istio/pilot/cmd/pilot-discovery"],
        extras: &[
            ("istio.io/api", "kubernetes/customresourcedefinitions.gen.yaml", "crds/istio.yaml"),
            ("sigs.k8s.io/gateway-api", "config/crd/standard", "crds/gateway-api"),
        ],
    },
    Module { name: "helm", ldflags: "-s -w", programs: &["helm.sh/helm/v4/cmd/helm"], extras: &[] },
];

/// The modules that practice clusters need.
pub(crate) const PRACTICE: [&str; 3] = ["kubernetes", "kwok", "istio"];

/// The modules that tests need.
pub(crate) const NEEDED: [&str; 4] = ["kubernetes", "kwok", "istio", "helm"];

/// `cargo xtask testbed`: the folders of programs on standard output, one a line or as a `PATH`.
pub(crate) fn chore(repo: &Repo, arguments: &[&str]) -> Result<()> {
    let (options, mut names): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|argument| argument.starts_with('-'));
    if let Some(unknown) = options.iter().find(|option| **option != "--print-path") {
        bail!("`testbed` has no option `{unknown}`");
    }
    if names.is_empty() {
        names.extend(NEEDED);
    }
    let folders = ensure(repo, &names)?.into_iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>();
    let separator = if options.is_empty() { "\n" } else { ":" };
    print(&format!("{}\n", folders.join(separator)))
}

/// Builds what is missing; returns the folders of programs.
pub(crate) fn ensure(repo: &Repo, names: &[&str]) -> Result<Vec<PathBuf>> {
    let cache = cache::folder()?.join("testbed");
    let mut wanted = Vec::new();
    for name in names {
        let module = MODULES.iter().find(|module| module.name == *name);
        let module = module.with_context(|| {
            format!("no module `{name}` in the test bed: {}", MODULES.map(|module| module.name).join(" "))
        })?;
        wanted.push((module, cache.join(folder_name(repo, module)?)));
    }
    if wanted.iter().any(|(_, folder)| !folder.is_dir()) {
        require_go()?;
        let _only = cache::lock(&repo.children, &cache)?;
        let work = cache.join(".build");
        for (module, folder) in &wanted {
            // Another run may have made it while this one waited.
            if !folder.is_dir() {
                make(repo, module, folder, &work)?;
            }
        }
        // Go's own cache grows to gigabytes. It stays after a failure, so that the next run continues.
        remove(&work)?;
    }
    Ok(wanted.into_iter().map(|(_, folder)| folder.join("bin")).collect())
}

/// Fails with what to do where Go is missing.
pub(crate) fn require_go() -> Result<()> {
    if packages::find(&["go"]).is_none() {
        bail!("Go is missing: install Go 1.26 or later (https://go.dev/doc/install) and put its `bin` on PATH");
    }
    Ok(())
}

fn source(repo: &Repo, module: &Module) -> PathBuf {
    repo.root.join("tests/testbed").join(module.name)
}

fn folder_name(repo: &Repo, module: &Module) -> Result<String> {
    let read = |name: &str| {
        let path = source(repo, module).join(name);
        fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let digest = cache::digest(&[&read("go.mod")?, &read("go.sum")?, RECIPE.as_bytes()]);
    Ok(format!("{}-{}", module.name, &digest[..16]))
}

fn make(repo: &Repo, module: &Module, folder: &Path, work: &Path) -> Result<()> {
    let name = module.name;
    say(&format!(
        "{name}: building {}; minutes, but only once",
        module.programs.iter().map(|path| program(path)).collect::<Vec<_>>().join(" ")
    ));
    let fresh = work.join(name);
    remove(&fresh)?;
    let (bin, temporary) = (fresh.join("bin"), work.join("tmp"));
    for new in [&bin, &temporary] {
        fs::create_dir_all(new).with_context(|| format!("cannot make {}", new.display()))?;
    }
    let go = || {
        let mut go = Command::new("go");
        go.current_dir(source(repo, module))
            .env("CGO_ENABLED", "0")
            .env("GOCACHE", work.join("go"))
            .env("GOTMPDIR", &temporary);
        go
    };
    let time = Instant::now();
    let mut build = go();
    build.args(["build", "-v", "-trimpath", "-ldflags", module.ldflags, "-o"]).arg(&bin).args(module.programs);
    repo.children.run_hidden(name, &mut build, |lines, last, time| {
        say(&format!("{name}: {}, {lines} packages downloaded or compiled, now {last}", spoken(time)));
    })?;
    for path in module.programs.iter().filter(|path| program(path) == "etcd") {
        // Its `main` lies in the module's root, which is called `server`.
        let root = path.split('/').rev().nth(1).unwrap_or_default();
        fs::rename(bin.join(root), bin.join("etcd")).context("etcd was not built")?;
    }
    for (owner, path, name) in module.extras {
        let dir = repo.children.output(go().args(["list", "-m", "-f", "{{.Dir}}", owner]))?;
        copy(&Path::new(&dir).join(path), &fresh.join(name))?;
    }
    fs::rename(&fresh, folder).with_context(|| format!("cannot make {}", folder.display()))?;
    say(&format!("{name}: ready in {} after {}", folder.display(), spoken(time.elapsed())));
    Ok(())
}

/// A program's name by its package.
fn program(path: &str) -> &str {
    if path.starts_with("go.etcd.io/etcd/") { "etcd" } else { path.rsplit('/').next().unwrap_or(path) }
}

/// Copies a file, or the files of a folder. Go's are read-only; the copies are the user's to delete.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
            let name = entry.with_context(|| format!("cannot read {}", from.display()))?.file_name();
            copy(&from.join(&name), &to.join(&name))?;
        }
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let content = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    fs::write(to, content).with_context(|| format!("cannot write {}", to.display()))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))
    } else {
        Ok(())
    }
}

/// Tells a program where the test bed's programs are: by `PATH`, and by a list of their own that nothing else is mixed into.
pub(crate) fn provide(command: &mut Command, folders: &[PathBuf]) -> Result<()> {
    let own = env::join_paths(folders).context("a folder's name holds a colon")?;
    let rest = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(folders.iter().cloned().chain(env::split_paths(&rest)))
        .context("a folder's name holds a colon")?;
    command.env("ISTHMUS_TESTBED", own).env("PATH", path);
    Ok(())
}
