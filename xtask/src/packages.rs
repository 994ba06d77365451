//! Programs and fonts of the system: installed by Debian's package manager where that may be done, named otherwise.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{Children, say};

/// The first of some programs that is on `PATH`.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
}

/// Installs Debian packages as root; anybody else is told what to run.
pub(crate) fn install(children: &Children, why: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if find(&["apt-get"]).is_none() {
        bail!("{why}: install what Debian calls {list}");
    }
    if !rustix::process::geteuid().is_root() {
        bail!("{why}: run `sudo apt-get install --no-install-recommends {list}`");
    }
    say(&format!("{why}: installing {list}"));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(["-qq", "-o", "DPkg::Lock::Timeout=120"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    let mut install = apt(&["install", "--yes", "--no-install-recommends"]);
    install.args(packages);
    if children.run("apt-get install", &mut install).is_err() {
        // The lists of a fresh machine are empty or old.
        children.run("apt-get update", &mut apt(&["update"]))?;
        children.run("apt-get install", &mut install)?;
    }
    Ok(())
}
