//! `isthmus serve`: the planner's files on a loopback address, with the headers a browser is to obey, and nothing else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;

use crate::program::Desk;

/// A server that ends with the test.
struct Served {
    child: Child,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Served {
    fn new(desk: &Desk) -> Self {
        desk.write("planner/index.html", "<!doctype html><title>planner</title>");
        desk.write("planner/app_bg.wasm", "\0asm");
        desk.write("secret.pem", "secret");
        let mut child = desk.command("serve --planner planner --port 0").spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().trim_end_matches('/').to_owned();
        assert!(address.starts_with("127.0.0.1:"), "{address}");
        Self { child, address }
    }

    /// Asks as a browser does and returns the whole answer.
    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "{request} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[test]
fn the_planner_comes_with_its_policy() {
    let desk = Desk::new();
    let served = Served::new(&desk);
    let page = served.ask("GET /");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.ends_with("<title>planner</title>"), "{page}");
    let policy = "Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                  img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                  require-trusted-types-for 'script'\r\n";
    for line in [
        policy,
        "X-Content-Type-Options: nosniff\r\n",
        "Content-Type: text/html; charset=utf-8\r\n",
        "Cache-Control: no-cache\r\n",
    ] {
        assert!(page.contains(line), "{line} in {page}");
    }
    assert!(served.ask("GET /app_bg.wasm?v=1").contains("Content-Type: application/wasm\r\n"));
    let tag = page.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
    let again = served.ask(&format!("GET / HTTP/1.1\r\nIf-None-Match: {tag}\r\nX-Rest:"));
    assert!(again.starts_with("HTTP/1.1 304 "), "{again}");
}

#[test]
fn nothing_beside_the_planner_is_answered() {
    let desk = Desk::new();
    let served = Served::new(&desk);
    for request in [
        "GET /nothing",
        "GET /../secret.pem",
        "GET //etc/passwd",
        "GET /%2e%2e/secret.pem",
        "GET /planner/../../secret.pem",
    ] {
        let answer = served.ask(request);
        assert!(answer.starts_with("HTTP/1.1 404 ") && !answer.contains("secret\n"), "{request}: {answer}");
    }
    assert!(served.ask("POST /").starts_with("HTTP/1.1 405 "));
}

#[test]
fn a_port_that_is_taken_is_told() {
    let desk = Desk::new();
    let served = Served::new(&desk);
    let port = served.address.rsplit_once(':').unwrap().1;
    desk.check(
        &format!("serve --planner planner --port {port}"),
        &format!("1\nerr| error: port {port} is taken\nerr| hint: `--port 0` takes a free one\n"),
    );
    desk.check(
        "serve --planner nowhere",
        "\
65
err| error: nowhere: there is no index.html in this folder
err| hint: `cargo xtask build` writes the planner to web/dist
",
    );
}
