//! Who we are to one API server: credentials that are had once, renewed when they run out or are refused, and never shown.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::{Blocked, CallError, Secret};
use crate::program::plugin::{Credential, Plugin, Trouble};
use crate::source;

/// How long before its end a credential is renewed.
const MARGIN: SignedDuration = SignedDuration::from_secs(20);

/// A plugin is not run again within this time because its credential ends soon: some give very short ones.
const BETWEEN_RUNS: Duration = Duration::from_secs(15);

/// How old a token out of a file may become before the file is read again.
const BETWEEN_READS: Duration = Duration::from_secs(10);

/// A token has a few kilobytes.
const LARGEST_TOKEN: u64 = 64 << 10;

/// Where credentials come from.
#[derive(Clone)]
pub(crate) enum Source {
    /// They are what they are, and a refusal is an answer.
    Given,
    /// They stand in the kubeconfig. A server that refuses them once is asked once more.
    Kubeconfig,
    /// A token in a file, which others may renew.
    File(PathBuf),
    /// A credential plugin.
    Plugin(Plugin),
}

/// The way into an API server, with credentials that hold now.
pub(super) struct Access {
    /// How the server is reached; where the source is a file or a plugin, with no credentials.
    config: kube::Config,
    source: Source,
    now: Mutex<Now>,
}

/// The client of a moment.
pub(super) struct Entry {
    /// The client.
    pub(super) client: kube::Client,
    /// Which it is.
    pub(super) number: usize,
    /// Which credentials it has.
    pub(super) generation: usize,
}

struct Now {
    client: kube::Client,
    /// Which client it is; whoever had a connection break says by which.
    number: usize,
    credential: Option<Credential>,
    had: Instant,
    /// How often credentials were had; whoever is refused says which it was refused with.
    generation: usize,
    /// Whether the server has taken any of them.
    proven: bool,
}

impl Access {
    /// Has credentials for the first time.
    pub(super) async fn open(config: kube::Config, source: Source) -> Result<Self, CallError> {
        let (credential, had) = (have(&source).await?, Instant::now());
        let client = client(&config, credential.as_ref(), false)?;
        let now = Now { client, number: 0, credential, had, generation: 0, proven: false };
        Ok(Self { config, source, now: Mutex::new(now) })
    }

    /// With credentials that need no renewal; the first connection comes about at once.
    pub(super) fn given(config: kube::Config) -> Result<Self, CallError> {
        let client = client(&config, None, true)?;
        let now = Now { client, number: 0, credential: None, had: Instant::now(), generation: 0, proven: false };
        Ok(Self { config, source: Source::Given, now: Mutex::new(now) })
    }

    /// The client of the moment. Renews first what is about to run out.
    pub(super) async fn client(&self) -> Result<Entry, CallError> {
        let mut now = self.now.lock().await;
        let due = match &self.source {
            Source::Given | Source::Kubeconfig => false,
            Source::File(_) => now.had.elapsed() > BETWEEN_READS,
            Source::Plugin(_) => {
                let ends = now.expires().is_some_and(|end| end.duration_since(Timestamp::now()) < MARGIN);
                ends && now.had.elapsed() > BETWEEN_RUNS
            }
        };
        if due {
            self.renew_now(&mut now).await?;
        }
        Ok(Entry { client: now.client.clone(), number: now.number, generation: now.generation })
    }

    /// A connection of that client broke. As the others that it kept may have gone with the server, and each would break in turn, who asks
    /// from now on has new ones.
    pub(super) async fn broken(&self, number: usize) -> Result<(), CallError> {
        let mut now = self.now.lock().await;
        if now.number == number {
            now.enter(&self.config)?;
        }
        Ok(())
    }

    /// The server has taken these credentials.
    pub(super) async fn proven(&self, generation: usize) {
        let mut now = self.now.lock().await;
        now.proven |= now.generation == generation;
    }

    /// The server has refused these credentials: has others, once for all who were refused. False where there is no hope.
    pub(super) async fn refused(&self, generation: usize) -> Result<bool, CallError> {
        if matches!(self.source, Source::Given) {
            return Ok(false);
        }
        let mut now = self.now.lock().await;
        if now.generation != generation {
            return Ok(true);
        }
        // A second credential that the server has never taken would be no better.
        if !now.proven && now.generation > 0 {
            return Ok(false);
        }
        self.renew_now(&mut now).await?;
        now.proven = false;
        now.generation += 1;
        Ok(true)
    }

    async fn renew_now(&self, now: &mut Now) -> Result<(), CallError> {
        let credential = have(&self.source).await?;
        now.had = Instant::now();
        let Some(credential) = credential else { return Ok(()) };
        let before = now.credential.replace(credential);
        // The connections stay where nothing is new.
        if now.is_other_than(before.as_ref()) { now.enter(&self.config) } else { Ok(()) }
    }
}

impl Now {
    fn expires(&self) -> Option<Timestamp> {
        self.credential.as_ref().and_then(|credential| credential.expires)
    }

    /// Whether others are to be shown than before; certificates always are.
    fn is_other_than(&self, before: Option<&Credential>) -> bool {
        let Some(now) = &self.credential else { return false };
        now.certificate.is_some() || before.is_none_or(|before| before.token != now.token)
    }

    /// Has a client of its own, with connections of its own, by the credentials of the moment.
    fn enter(&mut self, config: &kube::Config) -> Result<(), CallError> {
        self.client = client(config, self.credential.as_ref(), false)?;
        self.number += 1;
        Ok(())
    }
}

/// Asks the source; nothing where the credentials are in the configuration.
async fn have(source: &Source) -> Result<Option<Credential>, CallError> {
    let found = match source {
        Source::Given | Source::Kubeconfig => return Ok(None),
        Source::Plugin(plugin) => plugin.run().await,
        Source::File(path) => {
            let unread = |_| Trouble::File(path.display().to_string());
            let read = source::text(path, LARGEST_TOKEN).map_err(unread);
            read.map(|token| Credential { token: Some(Secret::new(token.trim())), certificate: None, expires: None })
        }
    };
    found.map(Some).map_err(|trouble| CallError::Blocked(Blocked::Credentials(trouble)))
}

/// A client by this credential, or by what the configuration holds. The configuration names no plugin, so none is run.
fn client(config: &kube::Config, credential: Option<&Credential>, ahead: bool) -> Result<kube::Client, CallError> {
    let mut config = config.clone();
    if let Some(credential) = credential {
        config.auth_info.token = credential.token.as_ref().map(|token| token.reveal().to_owned().into());
        if let Some((certificate, key)) = &credential.certificate {
            config.auth_info.client_certificate_data = Some(STANDARD.encode(certificate));
            config.auth_info.client_key_data = Some(STANDARD.encode(key.reveal()).into());
        }
    }
    super::client::client(config, ahead).ok_or(CallError::Blocked(Blocked::Credentials(Trouble::Unusable)))
}
