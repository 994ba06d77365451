//! Where the sources of steps and findings are read: the pages of istio.io by their names.

use crate::text::Lang;

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

/// Where Istio's documentation begins.
const DOCS: &str = "https://istio.io/latest/docs/";

/// Where Kubernetes' documentation begins.
const KUBERNETES: &str = "https://kubernetes.io/docs/";

/// How other sources begin, and where they are read; what ends with `…` is followed by the path that the source names. Only words that are
/// loaded when they are asked for have these.
#[cfg(feature = "explanations")]
const OTHERS: [(&str, &str); 18] = [
    ("Installing Gateways", "https://istio.io/latest/docs/setup/additional-setup/gateway/"),
    ("Multicluster Troubleshooting", "https://istio.io/latest/docs/ops/diagnostic-tools/multicluster/"),
    ("Istio: Trust Domain", "https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/"),
    ("Istio: Supported Releases", "https://istio.io/latest/docs/releases/supported-releases/"),
    ("Istio: Canary Upgrades", "https://istio.io/latest/docs/setup/upgrade/canary/"),
    ("Istio release notes", "https://istio.io/latest/news/releases/"),
    ("Shared control plane", "https://archive.istio.io/v1.5/docs/setup/install/multicluster/shared-gateways/"),
    (
        "istioctl create-remote",
        "https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret",
    ),
    ("Gateway API", "https://gateway-api.sigs.k8s.io/reference/spec/"),
    ("Kubernetes: Labels", "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"),
    ("Kubernetes: Annotations", "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/"),
    ("Kubernetes: Object Names", "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"),
    ("Kubernetes: Service", "https://kubernetes.io/docs/concepts/services-networking/service/"),
    ("RFC 2606", "https://www.rfc-editor.org/rfc/rfc2606"),
    ("Istio source, ", "https://github.com/istio/istio/blob/master/…"),
    ("pilot/", "https://github.com/istio/istio/blob/master/pilot/…"),
    ("samples/", "https://github.com/istio/istio/blob/master/samples/…"),
    ("manifests/", "https://github.com/istio/istio/blob/master/manifests/…"),
];

/// Writes sources with the address behind each that is read somewhere.
#[cfg(feature = "explanations")]
pub fn linked(sources: &str, lang: Lang) -> String {
    let one = |citation: Citation| {
        let other = OTHERS.iter().find_map(|(begins, url)| {
            let path = citation.words.strip_prefix(begins)?;
            Some(url.replace('…', path.split([' ', ':', ',']).next().unwrap_or_default()))
        });
        match citation.url.or(other) {
            Some(url) => format!("{} <{}>", citation.words, spoken(&url, lang)),
            None => citation.words.to_owned(),
        }
    };
    let all: Vec<String> = citations(sources).map(one).collect();
    all.join("; ")
}

/// One source of several: its words, and its address where it is a page of istio.io.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation<'a> {
    /// The page and its section, or the file.
    pub words: &'a str,
    /// The address.
    pub url: Option<String>,
}

/// Returns the address of a page of Istio's documentation, by its path there.
pub fn istio(path: &str) -> String {
    format!("{DOCS}{path}")
}

/// Returns where a page is read in a language: what istio.io and Kubernetes have in Chinese has the same path.
pub fn spoken(url: &str, lang: Lang) -> String {
    let chinese = [(DOCS, "https://istio.io/latest/zh/docs/"), (KUBERNETES, "https://kubernetes.io/zh-cn/docs/")];
    for (english, chinese) in chinese {
        if let Some(path) = url.strip_prefix(english).filter(|_| lang == Lang::Zh) {
            return [chinese, path].concat();
        }
    }
    url.to_owned()
}

/// Takes the sources of a step apart; they are parted by `; `, and an address may stand behind each, `<https://…>`.
pub fn citations(sources: &str) -> impl Iterator<Item = Citation<'_>> {
    sources.split("; ").map(|words| {
        if let Some((words, url)) = words.strip_suffix('>').and_then(|words| words.split_once(" <")) {
            return Citation { words, url: Some(url.to_owned()) };
        }
        let title = words.split([':', '(']).next().unwrap_or(words).trim_end();
        let page = PAGES.iter().find(|(name, _)| *name == title);
        let page = page.map(|(_, path)| istio(path));
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

    #[test]
    fn what_is_read_in_chinese_too_is_led_to_in_chinese() {
        let page = istio("setup/upgrade/canary/");
        assert_eq!(spoken(&page, Lang::En), "https://istio.io/latest/docs/setup/upgrade/canary/");
        assert_eq!(spoken(&page, Lang::Zh), "https://istio.io/latest/zh/docs/setup/upgrade/canary/");
        assert_eq!(
            spoken("https://kubernetes.io/docs/concepts/", Lang::Zh),
            "https://kubernetes.io/zh-cn/docs/concepts/"
        );
        let news = "https://istio.io/latest/news/releases/";
        assert_eq!(spoken(news, Lang::Zh), news);
    }

    #[cfg(feature = "explanations")]
    #[test]
    fn every_finding_leads_to_a_page() {
        for kind in crate::finding::catalogue::all() {
            let linked = linked(kind.source, Lang::En);
            let all: Vec<Citation> = citations(&linked).collect();
            assert!(all.iter().any(|citation| citation.url.is_some()), "{}: {}", kind.id, kind.source);
            let words: Vec<&str> = all.iter().map(|citation| citation.words).collect();
            assert_eq!(words.join("; "), kind.source, "{}", kind.id);
            for url in all.iter().filter_map(|citation| citation.url.as_deref()) {
                assert!(url.starts_with("https://") && !url.contains([' ', '…', '<', '>', '`']), "{}: {url}", kind.id);
            }
        }
        let sources = "Istio source, pkg/kube/multicluster; istio/istio#36990";
        let written = "Istio source, pkg/kube/multicluster <https://github.com/istio/istio/blob/master/pkg/kube/multicluster>; istio/istio#36990 <https://github.com/istio/istio/issues/36990>";
        assert_eq!(linked(sources, Lang::Zh), written);
    }
}
