//! The planner's web server: the files that were built into the program, or those of a folder, on a loopback address only. It answers
//! reads of known files and nothing else; the planner does all its work in the browser.

use std::borrow::Cow;
use std::io;
use std::path::{Component, Path, PathBuf};

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use crate::source;

/// The planner as `cargo xtask build` leaves it. In a debug build the files are read from there at run time.
#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Built;

/// No file of the planner is near this.
const FILE_CAP: u64 = 64 * 1024 * 1024;
/// A slow reader must not keep the others waiting; a planner page asks for six files.
const WORKERS: usize = 4;

/// What the browser may do with the page: run its own scripts, workers and WebAssembly, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// Where the planner's files come from.
pub(crate) enum Planner {
    /// From inside the program.
    Built,
    /// From a folder, read anew for every request.
    Folder(PathBuf),
}

impl Planner {
    /// Whether there is a planner at all.
    pub(crate) fn is_there(&self) -> bool {
        self.file("index.html").is_some()
    }

    /// A file by its path in the planner; only plain names lead anywhere.
    fn file(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Built => Built::get(path).map(|file| file.data),
            Self::Folder(folder) => {
                let path = Path::new(path);
                let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
                if plain { source::bytes(&folder.join(path), FILE_CAP).ok().map(Cow::Owned) } else { None }
            }
        }
    }
}

/// Opens a server on a loopback port; port 0 takes a free one.
pub(crate) fn open(port: u16) -> io::Result<Server> {
    Server::http((std::net::Ipv4Addr::LOCALHOST, port)).map_err(|error| match error.downcast::<io::Error>() {
        Ok(error) => *error,
        Err(error) => io::Error::other(error.to_string()),
    })
}

/// Answers requests until the process ends.
pub(crate) fn answer(server: &Server, planner: &Planner) {
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                for request in server.incoming_requests() {
                    let reply = reply(&request, planner);
                    // A browser that went away needs no answer.
                    let _ = request.respond(reply);
                }
            });
        }
    });
}

fn reply(request: &Request, planner: &Planner) -> Response<io::Cursor<Vec<u8>>> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return plain(405, "only GET and HEAD").with_header(header("Allow", "GET, HEAD"));
    }
    let path = request.url().split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let Some(bytes) = planner.file(path) else {
        return plain(404, "not found");
    };
    let tag = format!("\"{}\"", hex(&Sha256::digest(&bytes)[..16]));
    let known = request.headers().iter().any(|sent| sent.field.equiv("If-None-Match") && sent.value.as_str() == tag);
    let response = if known {
        Response::from_data(Vec::new()).with_status_code(304)
    } else {
        Response::from_data(bytes.into_owned())
    };
    dressed(response).with_header(header("Content-Type", content_type(path))).with_header(header("ETag", &tag))
}

fn plain(status: u16, text: &str) -> Response<io::Cursor<Vec<u8>>> {
    dressed(Response::from_string(text).with_status_code(StatusCode(status)))
}

/// The headers every answer has. A new build must show at once, so a browser asks each time and is told when nothing changed.
fn dressed(response: Response<io::Cursor<Vec<u8>>>) -> Response<io::Cursor<Vec<u8>>> {
    let headers = [
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-cache"),
    ];
    // With its length told beforehand, the page can show how far the download is.
    let response = response.with_chunked_threshold(usize::MAX);
    headers.into_iter().fold(response, |response, (name, value)| response.with_header(header(name, value)))
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("names and values here are plain ASCII")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
