//! The way from an API server into its cluster, which has no machines: injection webhooks go to the istiod process that runs
//! for it, everything else is dialled as it is.
//!
//! It is the API server's egress selector (HTTP CONNECT over a unix socket), so nothing in the cluster is changed for it.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::BedError;

/// The port of an istiod's webhooks in the cluster.
const WEBHOOKS: &str = "15017";

/// Which addresses belong to which cluster, and where its istiods listen. One for the whole bed, since a cluster may
/// dial another one's istiod.
#[derive(Debug, Default)]
pub(super) struct Routes {
    clusters: Mutex<Vec<Destination>>,
}

#[derive(Debug)]
struct Destination {
    cluster: String,
    /// First three numbers, with the dot: pods' addresses, and those of load balancers.
    prefixes: [String; 2],
    /// The local port of each istiod's webhooks, by its namespace and name.
    istiods: BTreeMap<String, u16>,
}

impl Routes {
    pub(super) fn add_cluster(&self, cluster: &str, prefixes: [String; 2]) {
        self.lock().push(Destination { cluster: cluster.to_owned(), prefixes, istiods: BTreeMap::new() });
    }

    pub(super) fn add_istiod(&self, cluster: &str, istiod: &str, port: u16) {
        if let Some(destination) = self.lock().iter_mut().find(|destination| destination.cluster == cluster) {
            destination.istiods.insert(istiod.to_owned(), port);
        }
    }

    pub(super) fn remove_istiod(&self, cluster: &str, istiod: &str) {
        if let Some(destination) = self.lock().iter_mut().find(|destination| destination.cluster == cluster) {
            destination.istiods.remove(istiod);
        }
    }

    /// The local port of the webhooks of the istiod in that namespace, of whichever revision, where it runs.
    pub(super) fn istiod(&self, cluster: &str, namespace: &str) -> Option<u16> {
        let clusters = self.lock();
        let istiods = &clusters.iter().find(|destination| destination.cluster == cluster)?.istiods;
        let is_there = |name: &str| name.split_once('/').is_some_and(|(place, _)| place == namespace);
        istiods.iter().find(|(name, _)| is_there(name)).map(|(_, &port)| port)
    }

    /// Where a connection to that address really goes, or why nowhere.
    fn resolve(&self, target: &str) -> Result<String, String> {
        let Some((host, WEBHOOKS)) = target.rsplit_once(':') else {
            return Ok(target.to_owned());
        };
        let clusters = self.lock();
        let of_host =
            |destination: &&Destination| destination.prefixes.iter().any(|prefix| host.starts_with(prefix.as_str()));
        let destination =
            clusters.iter().find(of_host).ok_or_else(|| format!("no cluster of the bed has the address {host}"))?;
        // Beside an external istiod runs one for its gateway, in the usual namespace: what comes in by a load balancer is for
        // the first, what the cluster asks of its own pods is for the second.
        let [pods, _] = &destination.prefixes;
        let is_wanted = |name: &str| name.starts_with("istio-system/") == host.starts_with(pods.as_str());
        let istiods = &destination.istiods;
        let wanted = istiods.iter().find(|(name, _)| is_wanted(name)).or_else(|| istiods.iter().next());
        let (_, port) = wanted.ok_or_else(|| format!("no istiod runs for {}", destination.cluster))?;
        Ok(format!("127.0.0.1:{port}"))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Destination>> {
        self.clusters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The proxy of one API server.
#[derive(Debug)]
pub(super) struct Egress {
    socket: PathBuf,
    ended: Arc<AtomicBool>,
}

impl Egress {
    /// Listens on that socket until it is dropped.
    pub(super) fn start(socket: &Path, routes: Arc<Routes>) -> Result<Self, BedError> {
        let listener = UnixListener::bind(socket).map_err(|error| format!("{}: {error}", socket.display()))?;
        let ended = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&ended);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if seen.load(Ordering::Relaxed) {
                    break;
                }
                let routes = Arc::clone(&routes);
                thread::spawn(move || serve(stream, &routes));
            }
        });
        Ok(Self { socket: socket.to_owned(), ended })
    }
}

impl Drop for Egress {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // One more connection wakes the listener, so that it sees the end.
        let _ = UnixStream::connect(&self.socket);
    }
}

/// One connection: a CONNECT request, then bytes both ways.
fn serve(stream: UnixStream, routes: &Routes) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let target = request.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let dialled =
        routes.resolve(&target).and_then(|to| TcpStream::connect(&to).map_err(|error| format!("{to}: {error}")));
    let server = match dialled {
        Ok(server) => server,
        Err(why) => return write!(writer, "HTTP/1.1 502 {why}\r\n\r\n"),
    };
    writer.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let mut up = server.try_clone()?;
    thread::spawn(move || {
        let _ = io::copy(&mut reader, &mut up);
        let _ = up.shutdown(Shutdown::Write);
    });
    let mut down = server;
    let _ = io::copy(&mut down, &mut writer);
    writer.shutdown(Shutdown::Both)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webhooks_go_to_the_istiod_of_the_cluster_that_is_dialled() {
        let routes = Routes::default();
        routes.add_cluster("cluster1", ["10.200.1.".to_owned(), "198.51.100.".to_owned()]);
        routes.add_cluster("cluster2", ["10.200.2.".to_owned(), "203.0.113.".to_owned()]);
        routes.add_istiod("cluster2", "istio-system/istiod", 20040);
        assert_eq!(routes.resolve("10.200.2.7:15017"), Ok("127.0.0.1:20040".to_owned()));
        assert_eq!(routes.resolve("203.0.113.9:15017"), Ok("127.0.0.1:20040".to_owned()));
        assert_eq!(routes.resolve("10.200.1.7:15017"), Err("no istiod runs for cluster1".to_owned()));
        assert!(routes.resolve("10.200.3.7:15017").is_err());
        assert_eq!(routes.resolve("127.0.0.1:20003"), Ok("127.0.0.1:20003".to_owned()));
        routes.remove_istiod("cluster2", "istio-system/istiod");
        assert!(routes.resolve("10.200.2.7:15017").is_err());
    }
}
