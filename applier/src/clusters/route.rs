//! The way to an API server through an HTTP proxy, or past it: what the kubeconfig says goes first, then the environment's
//! `HTTPS_PROXY` unless `NO_PROXY` has the server, as Go's programs do it (`golang.org/x/net/http/httpproxy`).
//!
//! The kube library looks for the *proxy's* own address in `NO_PROXY`, and refuses a list with an empty part.

use std::net::IpAddr;

use http::Uri;

/// The proxy to go through to `server`, as it is written; nothing where the way is direct.
pub(super) fn proxy(server: &Uri, drawn: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let set = |name: &str| {
        [name.to_owned(), name.to_lowercase()].iter().find_map(|name| variable(name).filter(|value| !value.is_empty()))
    };
    if let Some(drawn) = drawn.filter(|drawn| !drawn.is_empty()) {
        return Some(drawn.to_owned());
    }
    let (host, port) = destination(server)?;
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let name = if server.scheme_str() == Some("http") { "HTTP_PROXY" } else { "HTTPS_PROXY" };
    let found = set(name).filter(|_| !loopback && !excepted(&host, port, &set("NO_PROXY").unwrap_or_default()))?;
    Some(if found.contains("://") { found } else { format!("http://{found}") })
}

/// A proxy's address without the account that may stand in it.
pub(super) fn shown(proxy: &Uri) -> String {
    let authority = proxy.authority().map_or("", |authority| authority.as_str());
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    format!("{}://{place}", proxy.scheme_str().unwrap_or("http"))
}

/// Host and port, without the brackets of an IPv6 address.
fn destination(server: &Uri) -> Option<(String, u16)> {
    let host = server.host()?.trim_start_matches('[').trim_end_matches(']').to_lowercase();
    let usual = if server.scheme_str() == Some("http") { 80 } else { 443 };
    Some((host, server.port_u16().unwrap_or(usual)))
}

/// Whether a list of exceptions has the host: addresses, networks, names with all that is below them, each with a port or not.
fn excepted(host: &str, port: u16, list: &str) -> bool {
    let address: Option<IpAddr> = host.parse().ok();
    list.split(',').map(|part| part.trim().to_lowercase()).filter(|part| !part.is_empty()).any(|part| {
        if part == "*" {
            return true;
        }
        if let Some((network, length)) = part.split_once('/') {
            return address.is_some_and(|address| within(address, network, length));
        }
        let (name, number) = split_port(&part);
        if number.is_some_and(|number| number != port) {
            return false;
        }
        if let Ok(exception) = name.parse::<IpAddr>() {
            return address == Some(exception);
        }
        let below = name.trim_start_matches('*');
        match below.strip_prefix('.') {
            Some(_) => host.ends_with(below),
            None => host == below || host.strip_suffix(below).is_some_and(|rest| rest.ends_with('.')),
        }
    })
}

/// An exception and its port, where it has one.
fn split_port(part: &str) -> (&str, Option<u16>) {
    if let Some((inside, rest)) = part.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (inside, rest.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match part.rsplit_once(':') {
        Some((name, number)) if !name.contains(':') => (name, number.parse().ok()),
        _ => (part, None),
    }
}

/// Whether an address is in a network.
fn within(address: IpAddr, network: &str, length: &str) -> bool {
    let (Ok(network), Ok(length)) = (network.parse::<IpAddr>(), length.parse::<u32>()) else { return false };
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) if length <= 32 => {
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(address), IpAddr::V6(network)) if length <= 128 => {
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            address.to_bits() & mask == network.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(server: &str, drawn: Option<&str>, variables: &[(&str, &str)]) -> Option<String> {
        let variable = |name: &str| Some(variables.iter().find(|(set, _)| *set == name)?.1.to_owned());
        proxy(&server.parse().unwrap(), drawn, variable)
    }

    #[test]
    fn the_environment_counts_where_the_kubeconfig_says_nothing() {
        let set = [("HTTPS_PROXY", "proxy:3128"), ("NO_PROXY", "")];
        assert_eq!(way("https://api.example:6443", None, &set).as_deref(), Some("http://proxy:3128"));
        assert_eq!(way("https://api.example", Some("http://own:1"), &set).as_deref(), Some("http://own:1"));
        assert_eq!(way("https://api.example", None, &[("https_proxy", "http://p")]).as_deref(), Some("http://p"));
        assert_eq!(way("https://127.0.0.1:6443", None, &set), None, "never to the machine itself");
        assert_eq!(way("https://api.example", None, &[]), None);
    }

    #[test]
    fn exceptions_are_those_of_go() {
        let direct = |server: &str, list: &str| {
            way(server, None, &[("HTTPS_PROXY", "http://proxy"), ("NO_PROXY", list)]).is_none()
        };
        for (server, list) in [
            ("https://api.example:6443", "*"),
            ("https://api.example", "localhost,,example"),
            ("https://api.example", "API.example,"),
            ("https://api.example", " .example "),
            ("https://api.example", "*.example"),
            ("https://api.example:6443", "api.example:6443"),
            ("https://10.1.2.3:6443", "10.0.0.0/8"),
            ("https://10.1.2.3:6443", "10.1.2.3"),
            ("https://[fd00::1]:6443", "fd00::/8"),
            ("https://[fd00::1]:6443", "[fd00::1]:6443"),
        ] {
            assert!(direct(server, list), "{server} {list}");
        }
        for (server, list) in [
            ("https://api.example", "ample"),
            ("https://example", ".example"),
            ("https://api.example:6443", "api.example:443"),
            ("https://10.1.2.3", "10.2.0.0/16,10.1.2.4,/,:"),
            ("https://10.1.2.3", "fd00::/8"),
            ("https://api.example", "10.0.0.0/8"),
        ] {
            assert!(!direct(server, list), "{server} {list}");
        }
    }

    #[test]
    fn the_account_of_a_proxy_is_not_shown() {
        assert_eq!(shown(&"http://me:hush@proxy:3128".parse().unwrap()), "http://proxy:3128");
    }
}
