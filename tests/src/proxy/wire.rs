//! As much of HTTP/1.1 as passes between clients and an API server.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// The first line and the fields of a message.
#[derive(Debug, Clone)]
pub(super) struct Head(Vec<String>);

impl Head {
    /// Reads one; nothing where the other side has ended.
    pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Self>> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if from.read_line(&mut line).await? == 0 {
                return if lines.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
            let line = line.trim_end();
            if line.is_empty() {
                return Ok(Some(Self(lines)));
            }
            lines.push(line.to_owned());
        }
    }

    /// The head of an answer.
    pub(super) fn answer(status: u16, fields: &[(String, String)]) -> Self {
        let fields = fields.iter().map(|(name, value)| format!("{name}: {value}"));
        Self(std::iter::once(format!("HTTP/1.1 {status} -")).chain(fields).collect())
    }

    /// That word of the first line.
    pub(super) fn word(&self, number: usize) -> &str {
        self.0.first().and_then(|line| line.split(' ').nth(number)).unwrap_or_default()
    }

    /// The status of an answer.
    pub(super) fn status(&self) -> u16 {
        self.word(1).parse().unwrap_or(0)
    }

    /// A field's value.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.0.iter().skip(1).filter_map(|line| line.split_once(':'));
        fields.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// Takes a field away, and puts this in its place.
    pub(super) fn set(&mut self, name: &str, value: Option<&str>) {
        let is = |line: &str| line.split_once(':').is_some_and(|(key, _)| key.eq_ignore_ascii_case(name));
        let mut first = true;
        self.0.retain(|line| std::mem::take(&mut first) || !is(line));
        self.0.extend(value.map(|value| format!("{name}: {value}")));
    }

    /// The message with this body.
    pub(super) fn with_body(mut self, body: &[u8]) -> Vec<u8> {
        self.set("Transfer-Encoding", None);
        if !matches!(self.status(), 204 | 304) {
            self.set("Content-Length", Some(&body.len().to_string()));
        }
        [&self.bytes()[..], body].concat()
    }

    /// As it is sent.
    pub(super) fn bytes(&self) -> Vec<u8> {
        format!("{}\r\n\r\n", self.0.join("\r\n")).into_bytes()
    }

    /// The body that follows, however it is framed.
    pub(super) async fn body(&self, from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if self.field("Transfer-Encoding").is_some_and(|how| how.eq_ignore_ascii_case("chunked")) {
            loop {
                let mut line = String::new();
                from.read_line(&mut line).await?;
                let size = usize::from_str_radix(line.trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
                let start = body.len();
                body.resize(start + size + 2, 0);
                from.read_exact(&mut body[start..]).await?;
                body.truncate(start + size);
                if size == 0 {
                    return Ok(body);
                }
            }
        }
        body.resize(self.field("Content-Length").and_then(|size| size.parse().ok()).unwrap_or(0), 0);
        from.read_exact(&mut body).await?;
        Ok(body)
    }
}

/// Passes everything on until there is no more, each piece that much later.
pub(super) async fn pump(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, delay: Duration) {
    let (sender, mut receiver) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let read = async move {
        let mut piece = vec![0; 64 << 10];
        while let Ok(size @ 1..) = from.read(&mut piece).await {
            if sender.send((Instant::now() + delay, piece[..size].to_vec())).is_err() {
                return;
            }
        }
    };
    let write = async {
        while let Some((due, piece)) = receiver.recv().await {
            tokio::time::sleep_until(due).await;
            if to.write_all(&piece).await.is_err() || to.flush().await.is_err() {
                return;
            }
        }
        // Whoever has gone needs no farewell.
        let _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}
