//! One proxy: connections, and the requests that come on them, one after another.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};

use super::fault::{Fault, Phase};
use super::log::{Asked, Entry, Log};
use super::tls::Upstream;
use super::wire::{Head, pump};
use super::{Hook, Settings};

/// A proxy before one API server.
pub(super) struct Way {
    cluster: String,
    upstream: Upstream,
    settings: Arc<Mutex<Settings>>,
    log: Arc<Log>,
    identity: Mutex<Option<Arc<ServerConfig>>>,
}

type Client = BufReader<server::TlsStream<TcpStream>>;
type Server = BufReader<client::TlsStream<TcpStream>>;

/// What becomes of a connection after a request.
enum Then {
    Again,
    Close,
    Reset,
    Nothing,
}

/// A request that is here as a whole.
struct Request {
    head: Head,
    body: Vec<u8>,
    asked: Asked,
    entry: Entry,
    delay: Duration,
}

impl Way {
    pub(super) fn new(
        cluster: String,
        upstream: Upstream,
        settings: Arc<Mutex<Settings>>,
        log: Arc<Log>,
        identity: Option<Arc<ServerConfig>>,
    ) -> Self {
        Self { cluster, upstream, settings, log, identity: Mutex::new(identity) }
    }

    pub(super) fn is(&self, cluster: &str) -> bool {
        self.cluster == cluster
    }

    /// What new connections are shown.
    pub(super) fn show(&self, identity: Option<Arc<ServerConfig>>) {
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = identity;
    }

    pub(super) async fn listen(self: Arc<Self>, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let way = Arc::clone(&self);
            tokio::spawn(async move { way.connection(stream).await });
        }
    }

    fn settings(&self) -> MutexGuard<'_, Settings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn connection(&self, stream: TcpStream) {
        let number = self.log.connection();
        let delay = self.settings().delay;
        sleep(delay * 4).await;
        // As if the server itself were not there.
        if TcpStream::connect(&self.upstream.address).await.is_err() {
            let _ = stream.set_zero_linger();
            return;
        }
        let identity = self.identity.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(identity) = identity else { return std::future::pending().await };
        let _ = stream.set_nodelay(true);
        let Ok(stream) = TlsAcceptor::from(identity).accept(stream).await else { return };
        let mut client = BufReader::new(stream);
        let mut server = None;
        loop {
            // A client or a server that goes in the middle is as a connection that is reset.
            let then = self.request(number, &mut client, &mut server).await.unwrap_or(Then::Reset);
            match then {
                Then::Again => {}
                Then::Close => {
                    let _ = client.get_mut().shutdown().await;
                    return;
                }
                Then::Reset => {
                    let _ = client.get_ref().get_ref().0.set_zero_linger();
                    return;
                }
                Then::Nothing => return std::future::pending().await,
            }
        }
    }

    async fn request(
        &self,
        connection: usize,
        client: &mut Client,
        server: &mut Option<(bool, Server)>,
    ) -> io::Result<Then> {
        let Some(head) = Head::read(client).await? else { return Ok(Then::Close) };
        let body = head.body(client).await?;
        let (asked, entry) = self.log.asked(connection, &self.cluster, head.word(0), head.word(1), body.len());
        let (delay, fault, hook) = {
            let mut settings = self.settings();
            let fault = settings.rules.iter_mut().find_map(|rule| rule.take(&asked));
            (settings.delay, fault, settings.hook.clone())
        };
        let request = Request { head, body, asked, entry, delay };
        tell(hook.as_ref(), &request.asked, Phase::Asked).await;
        sleep(delay).await;
        match &fault {
            Some(Fault::Answer(answer)) => {
                let head = Head::answer(answer.status, &answer.fields);
                return self.pass_on(client, &request, head, answer.body.as_bytes(), None, hook.as_ref()).await;
            }
            Some(Fault::HalfClose) => {
                client.get_mut().shutdown().await?;
                return Ok(Then::Nothing);
            }
            fault => {
                if let Some(then) = ends(fault.as_ref(), Phase::Asked) {
                    return Ok(then);
                }
            }
        }
        self.ask(&request, server).await?;
        let Some((_, stream)) = server else { return Ok(Then::Reset) };
        let head = loop {
            let head = Head::read(stream).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            if head.status() != 100 {
                break head;
            }
        };
        let streams = ["watch=true", "follow=true"].iter().any(|word| request.asked.path.contains(word));
        if head.status() == 101 || (streams && head.status() == 200) {
            tell(hook.as_ref(), &request.asked, Phase::Done).await;
            if let Some(then) = ends(fault.as_ref(), Phase::Done) {
                return Ok(then);
            }
            client.write_all(&head.bytes()).await?;
            client.flush().await?;
            self.log.answered(request.entry, head.status(), 0);
            let Some((_, server)) = server.take() else { return Ok(Then::Reset) };
            return Ok(tunnel(client, server, delay).await);
        }
        let body = head.body(stream).await?;
        tell(hook.as_ref(), &request.asked, Phase::Done).await;
        if let Some(then) = ends(fault.as_ref(), Phase::Done) {
            return Ok(then);
        }
        let (head, body) = match &fault {
            Some(Fault::Instead(answer)) => (Head::answer(answer.status, &answer.fields), answer.body.clone().into()),
            Some(Fault::Cut(size)) => (head, body[..body.len().min(*size)].to_vec()),
            _ => (head, body),
        };
        self.pass_on(client, &request, head, &body, fault.as_ref(), hook.as_ref()).await
    }

    /// Sends the request to the API server, on a connection that stays for the next.
    async fn ask(&self, request: &Request, server: &mut Option<(bool, Server)>) -> io::Result<()> {
        let mut head = request.head.clone();
        let token = head.field("Authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        let administrator = self.settings().tokens.iter().any(|known| known == token);
        if administrator {
            head.set("Authorization", None);
        }
        if server.as_ref().is_none_or(|(before, _)| *before != administrator) {
            let stream = TcpStream::connect(&self.upstream.address).await?;
            stream.set_nodelay(true)?;
            let config = if administrator { &self.upstream.administrator } else { &self.upstream.anybody };
            let host = self.upstream.address.rsplit_once(':').map_or("", |(host, _)| host).to_owned();
            let name = ServerName::try_from(host).map_err(io::Error::other)?;
            let stream = TlsConnector::from(Arc::clone(config)).connect(name, stream).await?;
            *server = Some((administrator, BufReader::new(stream)));
        }
        let Some((_, stream)) = server else { return Err(io::ErrorKind::NotConnected.into()) };
        let message = if request.body.is_empty() { head.bytes() } else { head.with_body(&request.body) };
        stream.write_all(&message).await?;
        stream.flush().await
    }

    /// Sends an answer on, as the fault wants it.
    async fn pass_on(
        &self,
        client: &mut Client,
        request: &Request,
        head: Head,
        body: &[u8],
        fault: Option<&Fault>,
        hook: Option<&Hook>,
    ) -> io::Result<Then> {
        let status = head.status();
        let message = head.with_body(body);
        sleep(request.delay).await;
        match fault {
            Some(Fault::Late(time)) => sleep(*time).await,
            Some(Fault::Slow(bytes)) => {
                for byte in &message {
                    client.write_all(&[*byte]).await?;
                    client.flush().await?;
                    sleep(Duration::from_secs(1) / *bytes).await;
                }
                self.log.answered(request.entry, status, body.len());
                return Ok(Then::Again);
            }
            _ => {}
        }
        // Within the body, where there is one.
        let half = message.len() - body.len() + body.len() / 2;
        if hook.is_some() || ends(fault, Phase::Half).is_some() {
            client.write_all(&message[..half]).await?;
            client.flush().await?;
            tell(hook, &request.asked, Phase::Half).await;
            if let Some(then) = ends(fault, Phase::Half) {
                return Ok(then);
            }
            client.write_all(&message[half..]).await?;
        } else {
            client.write_all(&message).await?;
        }
        client.flush().await?;
        self.log.answered(request.entry, status, body.len());
        Ok(Then::Again)
    }
}

/// Whether the connection ends here, and how.
fn ends(fault: Option<&Fault>, phase: Phase) -> Option<Then> {
    match fault {
        Some(Fault::Close(at)) if *at == phase => Some(Then::Close),
        Some(Fault::Reset(at)) if *at == phase => Some(Then::Reset),
        Some(Fault::Silence(at)) if *at == phase => Some(Then::Nothing),
        _ => None,
    }
}

/// Calls the test back, and waits for it.
async fn tell(hook: Option<&Hook>, asked: &Asked, phase: Phase) {
    if let Some(hook) = hook {
        let (hook, asked) = (Arc::clone(hook), asked.clone());
        // A hook that panics has said so on standard error; the request goes on.
        let _ = tokio::task::spawn_blocking(move || hook(&asked, phase)).await;
    }
}

/// Passes everything on in both directions until one side ends.
async fn tunnel(client: &mut Client, server: Server, delay: Duration) -> Then {
    let (from_client, to_client) = tokio::io::split(client);
    let (from_server, to_server) = tokio::io::split(server);
    tokio::select! {
        () = pump(from_server, to_client, delay) => {}
        () = pump(from_client, to_server, delay) => {}
    }
    Then::Close
}
