//! Istio's releases, and in which vocabulary each is written: the version table, as data.

use crate::text::Text;

/// The vocabulary a release is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// 1.4 – 1.5: seed 001.
    Legacy,
    /// 1.8 – 1.12: seeds 000, 002 and 003 as printed.
    Classic,
    /// 1.24 and later: seed 004, and the sidecar models as documented today.
    Current,
}

/// A release, by its minor version: `1.31.1` is 31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// The minor version.
    pub minor: u16,
    /// The patch, where one is named.
    pub patch: Option<u16>,
    /// The vocabulary.
    pub dialect: Dialect,
}

/// The releases of each dialect, first and last; `u16::MAX` is open.
const DIALECTS: [(Dialect, u16, u16); 3] =
    [(Dialect::Legacy, 4, 5), (Dialect::Classic, 8, 12), (Dialect::Current, 24, u16::MAX)];

/// What not every release can do, or does in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Installations are described by an `IstioOperator`; before, by an `IstioControlPlane`.
    IstioOperator,
    /// `istioctl install`; before, `istioctl manifest apply`.
    InstallCommand,
    /// The label `topology.istio.io/network`; before, `meshNetworks` alone says where endpoints are.
    NetworkLabel,
    /// Gateways of their own between networks; before, the ingress gateway carries that traffic.
    EastWestGateway,
    /// The network of `AUTO_PASSTHROUGH` gateways is found by itself, and their proxy is injected; before, they name both.
    GatewayInjection,
    /// Control planes of several revisions side by side.
    Revisions,
    /// Istiod's debug page of the gateways between networks.
    NetworksPage,
    /// Istiod's debug page of the clusters it watches.
    ClustersPage,
    /// `istioctl remote-clusters`; before, `istioctl x remote-clusters`.
    RemoteClustersCommand,
    /// `networking.istio.io/v1`; before, `v1alpha3`.
    NetworkingV1,
    /// A control plane that serves clusters elsewhere as their only one; before, every remote runs an istiod that injects and signs.
    SoleControlPlane,
    /// An external control plane, and an istiod behind a host name, as today's pages have them.
    ExternalControlPlane,
    /// Charts that install remotes too.
    Helm,
    /// Ingress and egress gateways by the means of today's pages.
    IngressGateways,
    /// A gateway of class `istio-remote` that stands for one behind an address translation.
    RemoteGatewayClass,
    /// An API server that others dial by its cluster's east-west gateway.
    ApiServerByGateway,
    /// The validator that checks configuration of every revision, asked for by `values.defaultRevision`.
    DefaultValidator,
}

/// Since which minor version a release has a feature, and where that is read.
///
/// Sources: research of Istio's sources and release notes; for the debug pages `pilot/pkg/xds/debug.go` at each release's tag; for [`Feature::SoleControlPlane`] istio.io's issue 9618 and the profile
/// `remote` of those releases, which is the default one by another name; the later features are taken from the release
/// that Isthmus writes today's vocabulary for, since no earlier one is written.
const FEATURES: [(Feature, u16); 17] = [
    (Feature::IstioOperator, 5),
    (Feature::InstallCommand, 6),
    (Feature::NetworkLabel, 8),
    (Feature::EastWestGateway, 8),
    (Feature::Revisions, 8),
    (Feature::NetworksPage, 10),
    (Feature::ClustersPage, 11),
    (Feature::GatewayInjection, 12),
    (Feature::RemoteClustersCommand, 19),
    (Feature::NetworkingV1, 22),
    (Feature::SoleControlPlane, 24),
    (Feature::ExternalControlPlane, 24),
    (Feature::Helm, 24),
    (Feature::IngressGateways, 24),
    (Feature::RemoteGatewayClass, 24),
    (Feature::ApiServerByGateway, 24),
    (Feature::DefaultValidator, 24),
];

impl Release {
    /// Reads `1.31` or `1.31.1`.
    ///
    /// # Errors
    ///
    /// A sentence and a hint, where the text is no release or one of a gap between the dialects.
    pub fn parse(version: &str) -> Result<Release, (Text, Text)> {
        let mut parts = version.split('.');
        let number = |part: Option<&str>| {
            part.filter(|part| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|part| part.parse::<u16>().ok())
        };
        let (major, minor) = (number(parts.next()), number(parts.next()));
        let patch = parts.next();
        let well_formed = parts.next().is_none() && patch.is_none_or(|patch| number(Some(patch)).is_some());
        let (Some(1), Some(minor), true) = (major, minor, well_formed) else {
            return Err((
                Text::new(format!("`{version}` is not a release of Istio"), format!("`{version}` 不是 Istio 的版本")),
                Text::new("write it as 1.31 or 1.31.1, in quotes", "请写成带引号的 1.31 或 1.31.1"),
            ));
        };
        DIALECTS
            .iter()
            .find(|&&(_, first, last)| (first..=last).contains(&minor))
            .map(|&(dialect, ..)| Release { minor, patch: patch.and_then(|patch| number(Some(patch))), dialect })
            .ok_or_else(|| {
                (
                    Text::new(
                        format!("Istio {version} is not among the releases Isthmus writes for"),
                        format!("Isthmus 不支持 Istio {version}"),
                    ),
                    Text::new(
                        "take 1.24 or later (1.31 is the default), or for an archived mesh 1.8 – 1.12 or 1.4 – 1.5",
                        "请使用 1.24 或更高版本（默认为 1.31）；存档的网格可用 1.8 – 1.12 或 1.4 – 1.5",
                    ),
                )
            })
    }

    /// Says whether this release has a feature.
    pub fn has(self, feature: Feature) -> bool {
        self.minor >= since(feature)
    }
}

/// Returns the first minor version that has a feature.
pub fn since(feature: Feature) -> u16 {
    FEATURES.iter().find(|(named, _)| *named == feature).map_or(u16::MAX, |&(_, minor)| minor)
}

/// Releases in which changing a remote secret can stop or empty a running istiod: minor, first and last patch.
///
/// Source: research, section 1.6 (istio/istio#60612, #60920, #61043).
const ROTATION_BUGS: [(u16, u16, u16); 1] = [(30, 0, 3)];

/// Returns the releases (minor, first and last patch) with those bugs that this one is, or, where no patch is named, may be among.
pub fn rotation_bugs(minor: u16, patch: Option<u16>) -> Option<(u16, u16, u16)> {
    ROTATION_BUGS
        .into_iter()
        .find(|&(bad, first, last)| bad == minor && patch.is_none_or(|patch| (first..=last).contains(&patch)))
}

/// Istio's repository of charts.
pub const CHARTS: &str = "https://istio-release.storage.googleapis.com/charts";

/// Returns which versions of the charts are of a release, as helm reads it: `1.31` gives `~1.31.0`, `1.31.1` itself.
pub fn chart_versions(version: &str) -> String {
    if version.matches('.').count() > 1 { version.to_owned() } else { format!("~{version}.0") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_and_gaps_refused() {
        assert_eq!(Release::parse("1.31").unwrap(), Release { minor: 31, patch: None, dialect: Dialect::Current });
        assert_eq!(Release::parse("1.24.3").unwrap().patch, Some(3));
        for (version, dialect) in [
            ("1.4", Dialect::Legacy),
            ("1.5.10", Dialect::Legacy),
            ("1.8", Dialect::Classic),
            ("1.12", Dialect::Classic),
            ("1.99", Dialect::Current),
        ] {
            assert_eq!(Release::parse(version).unwrap().dialect, dialect, "{version}");
        }
        for bad in [
            "",
            "1",
            "2.0",
            "1.x",
            "1.31.",
            "1.31.1.1",
            "1.3",
            "1.6",
            "1.7.1",
            "1.13",
            "1.16",
            "1.23",
            "1.-1",
            "1.31-rc.0",
            "1.+31",
        ] {
            assert!(Release::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn charts_are_those_of_the_release() {
        assert_eq!((chart_versions("1.31"), chart_versions("1.31.1")), ("~1.31.0".to_owned(), "1.31.1".to_owned()));
    }
}
