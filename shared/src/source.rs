//! Where the sources of steps are read: the pages of istio.io by their names.

/// A page by its title, and where it is on istio.io.
const PAGES: [(&str, &str); 9] = [
    ("Install Multi-Primary on different networks", "setup/install/multicluster/multi-primary_multi-network/"),
    ("Install Multi-Primary", "setup/install/multicluster/multi-primary/"),
    ("Install Primary-Remote on different networks", "setup/install/multicluster/primary-remote_multi-network/"),
    ("Install Primary-Remote", "setup/install/multicluster/primary-remote/"),
    ("Install Istio with an External Control Plane", "setup/install/external-controlplane/"),
    ("Plug in CA Certificates", "tasks/security/cert-management/plugin-ca-cert/"),
    ("Before you begin", "setup/install/multicluster/before-you-begin/"),
    ("Verify the installation", "setup/install/multicluster/verify/"),
    ("Deployment Models", "ops/deployment/deployment-models/"),
];

/// One source of several: its words, and its address where it is a page of istio.io.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation<'a> {
    /// The page and its section, or the file.
    pub words: &'a str,
    /// The address.
    pub url: Option<String>,
}

/// Takes the sources of a step apart; they are parted by `; `.
pub fn citations(sources: &str) -> impl Iterator<Item = Citation<'_>> {
    sources.split("; ").map(|words| {
        let title = words.split([':', '(']).next().unwrap_or(words).trim_end();
        let page = PAGES.iter().find(|(name, _)| *name == title);
        let page = page.map(|(_, path)| format!("https://istio.io/latest/docs/{path}"));
        // Of several threads, the first is the one that says most.
        let thread = words.strip_prefix("istio/istio#").map(|rest| {
            let number = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            format!("https://github.com/istio/istio/issues/{number}")
        });
        Citation { words, url: page.or(thread) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_by_their_titles() {
        let all: Vec<Citation> = citations("Install Multi-Primary: Enable Endpoint Discovery; samples/curl").collect();
        assert_eq!(
            all[0].url.as_deref(),
            Some("https://istio.io/latest/docs/setup/install/multicluster/multi-primary/")
        );
        assert_eq!((all[1].words, &all[1].url), ("samples/curl", &None));
        let all: Vec<Citation> =
            citations("Install Primary-Remote (the note on AWS); istio/istio#45014, #29359").collect();
        assert!(all[0].url.as_deref().is_some_and(|url| url.ends_with("/primary-remote/")));
        assert_eq!(all[1].url.as_deref(), Some("https://github.com/istio/istio/issues/45014"));
    }
}
