//! A way to the bed's API servers that can be disturbed: proxies in front of them that note every request, add latency,
//! answer in the servers' stead, cut, stall and reset, and call a test back at every request.
//!
//! ```no_run
//! # use std::time::Duration;
//! use tests::bed::{Bed, ClusterSpec};
//! use tests::proxy::{Fault, Front, Phase, Rule};
//!
//! let bed = Bed::start(&[ClusterSpec::named("cluster1")])?;
//! let front = Front::of(&bed)?;
//! front.delay(Duration::from_millis(25)); // each way: round trips of 50 ms
//! front.rule(Rule::always(Fault::Reset(Phase::Done)).on(|request| request.method == "PATCH").after(3).times(1));
//! // … run something with front.kubeconfig() …
//! println!("{} requests, {} of them one after the other", front.log().len(), front.depth());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The proxies end TLS with an authority of their own, which the kubeconfig trusts, and whose certificate can be made a bad
//! one. Whoever comes with the front's own token is the bed's administrator; any other token goes on to the server, so that
//! accounts of the clusters are asked for their own rights. What goes into remote secrets must be dialled by istiods, which
//! know no such authority: draw `apiServer.url` as the bed's own address (`Cluster::server`) where that matters.

mod fault;
mod log;
mod serve;
mod tls;
mod wire;

use std::error::Error;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::runtime::Runtime;

pub use fault::{Answer, Fault, Phase, Rule};
use log::Log;
pub use log::{Asked, Exchange};
use serve::Way;
pub use tls::Identity;
use tls::{Authority, Upstream};

use crate::bed::Bed;

/// What a test wants to hear of: every request, at every phase. The request waits until it returns.
pub type Hook = Arc<dyn Fn(&Asked, Phase) + Send + Sync>;

/// What all proxies of a front share, to be changed at any time.
#[derive(Default)]
struct Settings {
    /// One way; a round trip takes twice that.
    delay: Duration,
    rules: Vec<Rule>,
    hook: Option<Hook>,
    tokens: Vec<String>,
}

/// A proxy before every API server of a bed.
pub struct Front {
    ways: Vec<Arc<Way>>,
    addresses: Vec<(String, SocketAddr)>,
    authority: Authority,
    settings: Arc<Mutex<Settings>>,
    log: Arc<Log>,
    folder: PathBuf,
    kubeconfig: PathBuf,
    _runtime: Runtime,
}

/// The token by which the front takes somebody for the bed's administrator.
pub const TOKEN: &str = "front-administrator";

impl Front {
    /// Starts a proxy for each cluster; they pass everything on until told otherwise.
    pub fn of(bed: &Bed) -> Result<Self, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let authority = Authority::new()?;
        let settings = Arc::new(Mutex::new(Settings { tokens: vec![TOKEN.to_owned()], ..Settings::default() }));
        let log = Arc::new(Log::default());
        let (mut ways, mut addresses) = (Vec::new(), Vec::new());
        for cluster in bed.clusters() {
            let config: Value = serde_json::from_slice(&fs::read(cluster.kubeconfig())?)?;
            let upstream = Upstream::new(&config["clusters"][0]["cluster"], &config["users"][0]["user"])?;
            let (settings, log) = (Arc::clone(&settings), Arc::clone(&log));
            let identity = authority.server(Identity::Right)?;
            let way = Arc::new(Way::new(cluster.name().to_owned(), upstream, settings, log, identity));
            let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0)))?;
            addresses.push((cluster.name().to_owned(), listener.local_addr()?));
            runtime.spawn(Arc::clone(&way).listen(listener));
            ways.push(way);
        }
        let folder = bed.folder().to_owned();
        let kubeconfig = folder.join("front.kubeconfig");
        let front = Self { ways, addresses, authority, settings, log, folder, kubeconfig, _runtime: runtime };
        front.kubeconfig_with("front.kubeconfig", |_, _, _| ())?;
        Ok(front)
    }

    /// A kubeconfig with a context for every cluster, of the cluster's name, that leads through the proxies.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// Another such kubeconfig, in the bed's folder: `edit` may change the `cluster` and the `user` of each.
    pub fn kubeconfig_with(
        &self,
        file: &str,
        edit: impl Fn(&str, &mut Value, &mut Value),
    ) -> Result<PathBuf, Box<dyn Error>> {
        let (mut clusters, mut contexts, mut users) = (Vec::new(), Vec::new(), Vec::new());
        for (name, address) in &self.addresses {
            let server = format!("https://{address}");
            let mut cluster = json!({"server": server, "certificate-authority-data": self.authority.data()});
            let mut user = json!({"token": TOKEN});
            edit(name, &mut cluster, &mut user);
            clusters.push(json!({"name": name, "cluster": cluster}));
            users.push(json!({"name": name, "user": user}));
            contexts.push(json!({"name": name, "context": {"cluster": name, "user": name}}));
        }
        let current = if let [(only, _)] = &self.addresses[..] { only.as_str() } else { "" };
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": current,
            "clusters": clusters, "contexts": contexts, "users": users,
        });
        let path = self.folder.join(file);
        fs::write(&path, config.to_string())?;
        Ok(path)
    }

    /// Adds that much to the way of every byte, in each direction; a new connection costs two round trips (TCP and TLS).
    pub fn delay(&self, each_way: Duration) {
        self.set(|settings| settings.delay = each_way);
    }

    /// Adds a rule. The first that is for a request and is not used up decides.
    pub fn rule(&self, rule: Rule) {
        self.set(|settings| settings.rules.push(rule));
    }

    /// Calls the test back at every phase of every request; on a thread of its own, so it may block.
    pub fn hook(&self, hook: impl Fn(&Asked, Phase) + Send + Sync + 'static) {
        self.set(|settings| settings.hook = Some(Arc::new(hook)));
    }

    /// Takes whoever comes with one of these for the administrator, and nobody else.
    pub fn tokens(&self, tokens: &[&str]) {
        self.set(|settings| settings.tokens = tokens.iter().map(|&token| token.to_owned()).collect());
    }

    /// What the proxy before that cluster shows to new connections.
    ///
    /// # Panics
    /// If the bed has no such cluster.
    pub fn identity(&self, cluster: &str, identity: Identity) -> Result<(), Box<dyn Error>> {
        let way = self.ways.iter().find(|way| way.is(cluster)).unwrap_or_else(|| panic!("no cluster {cluster}"));
        way.show(self.authority.server(identity)?);
        Ok(())
    }

    /// The certificate that the proxies show, as a kubeconfig holds one: a server's own, and no authority's.
    pub fn certificate(&self) -> String {
        self.authority.certificate()
    }

    /// No rules, hooks, delay, bad certificates and bad tokens any more, and an empty log.
    pub fn heal(&self) -> Result<(), Box<dyn Error>> {
        self.set(|settings| *settings = Settings { tokens: vec![TOKEN.to_owned()], ..Settings::default() });
        for way in &self.ways {
            way.show(self.authority.server(Identity::Right)?);
        }
        self.log.forget();
        Ok(())
    }

    /// Every request since the start, or since the log was emptied, in the order in which they came.
    pub fn log(&self) -> Vec<Exchange> {
        self.log.all()
    }

    /// Empties the log; requests are numbered from nothing again.
    pub fn forget(&self) {
        self.log.forget();
    }

    /// How many round trips followed on one another: the longest chain of requests each of which came after the reply to
    /// the one before, over all clusters.
    pub fn depth(&self) -> usize {
        log::depth(&self.log.all())
    }

    fn set(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
