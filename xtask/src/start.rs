//! `start`: from a fresh checkout to a served planner and two practice clusters.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{Interrupted, Running, print, say};
use crate::{Repo, planner, testbed};

/// Where the planner is served, if nobody else is there.
const PORT: u16 = 8080;

/// What may be asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    without_clusters: bool,
    port: Option<u16>,
}

impl Options {
    pub(crate) fn read(arguments: &[&str]) -> Result<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match *argument {
                "--without-clusters" => options.without_clusters = true,
                "--port" => {
                    let port = rest.next().context("`--port` needs a number")?;
                    options.port = Some(port.parse().with_context(|| format!("`{port}` is no port"))?);
                }
                other => bail!("`start` has no option `{other}`"),
            }
        }
        Ok(options)
    }
}

/// Builds, serves, starts the clusters, and stays until it is interrupted.
pub(crate) fn start(repo: &Repo, options: &Options) -> Result<()> {
    planner::build(repo)?;
    cargo_build(repo, "applier", "isthmus")?;
    let mut server = serve(repo, options.port)?;
    let practice = if options.without_clusters { None } else { practice(repo)? };
    say("Ctrl-C ends the planner and the practice clusters");
    let status = match practice {
        None => server.wait(Duration::MAX, |_| ())?,
        Some(mut practice) => loop {
            if let Some(status) = server.poll()? {
                break status;
            }
            if let Some(status) = practice.poll()? {
                say(&format!("the practice clusters have ended ({status}); the planner goes on"));
                break server.wait(Duration::MAX, |_| ())?;
            }
            if let Err(interrupted) = repo.children.sleep(Duration::from_millis(500)) {
                say("taking the practice clusters down");
                return Err(interrupted);
            }
        },
    };
    bail!("the planner's server has ended: {status}")
}

fn cargo_build(repo: &Repo, package: &str, program: &str) -> Result<()> {
    say(&format!("{program}: compiling"));
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--package", package, "--bin", program]).current_dir(&repo.root);
    repo.children.run(program, &mut cargo)
}

/// Starts the server, which prints its address.
fn serve(repo: &Repo, port: Option<u16>) -> Result<Running> {
    // Without a wish for a certain port, a busy one is no reason to fail.
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).is_ok();
    let port = port.unwrap_or(if free { PORT } else { 0 });
    let mut command = Command::new(Repo::built("isthmus")?);
    command.args(["serve", "--port", &port.to_string()]).stdin(Stdio::null()).current_dir(&repo.root);
    repo.children.start(&mut command)
}

/// Starts the practice clusters; where they cannot be, says why, and the planner goes on without.
fn practice(repo: &Repo) -> Result<Option<Running>> {
    match practice_clusters(repo) {
        Ok(running) => Ok(Some(running)),
        Err(error) if error.is::<Interrupted>() => Err(error),
        Err(error) => {
            say(&format!("no practice clusters: {error:#}"));
            say("the planner is served without them; start again once this is mended");
            Ok(None)
        }
    }
}

fn practice_clusters(repo: &Repo) -> Result<Running> {
    testbed::require_go()?;
    say("practice clusters: their API servers and their Istio are the real programs; nodes and pods are simulated");
    let programs = testbed::ensure(repo, &testbed::PRACTICE)?;
    cargo_build(repo, "tests", "practice")?;
    let mut command = Command::new(Repo::built("practice")?);
    testbed::provide(&mut command, &programs)?;
    command.stdin(Stdio::null()).current_dir(&repo.root);
    let (mut running, lines) = repo.children.start_read(&mut command)?;
    // Printed once the clusters are ready.
    let kubeconfig = loop {
        repo.children.sleep(Duration::from_millis(200))?;
        if let Some(path) = lines.try_iter().find_map(|line| line.strip_prefix("KUBECONFIG=").map(PathBuf::from)) {
            break path;
        }
        if let Some(status) = running.poll()? {
            bail!("they did not start ({status}); the lines above say why");
        }
    };
    print(&lines_to_paste(&programs, &kubeconfig, &Repo::built("isthmus")?))?;
    Ok(running)
}

/// What to type once a drawing is exported. The user's own kubeconfig is not touched: these lines count in one terminal.
fn lines_to_paste(programs: &[PathBuf], kubeconfig: &Path, isthmus: &Path) -> String {
    let folders = programs.iter().map(PathBuf::as_path).chain(isthmus.parent());
    let path: Vec<String> = folders.map(|folder| folder.display().to_string()).collect();
    format!(
        "
Two practice clusters are up, cluster1 and cluster2. Their API servers and their Istio are real; nodes, pods and load
balancers are simulated. Draw in the planner, export the bundle, and paste this where mesh1.zip was downloaded to:

  export PATH={}:$PATH
  export KUBECONFIG={}
  isthmus certs mesh1.zip --output certs
  isthmus apply mesh1.zip --certs certs

",
        path.join(":"),
        kubeconfig.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_others_refused() {
        let read = |arguments: &[&str]| Options::read(arguments).map_err(|error| error.to_string());
        assert_eq!(read(&[]), Ok(Options::default()));
        assert_eq!(
            read(&["--port", "9000", "--without-clusters"]),
            Ok(Options { without_clusters: true, port: Some(9000) })
        );
        assert_eq!(read(&["--port", "x"]), Err("`x` is no port".to_owned()));
        assert_eq!(read(&["--clusters"]), Err("`start` has no option `--clusters`".to_owned()));
    }
}
