//! What a field is for, in one sentence, and where more is written: read out with the field, and shown while the caret is in it.

use crate::i18n::Msg;

// Pages of Istio's documentation, by their paths; each is there in Chinese too.
const MODELS: &str = "ops/deployment/deployment-models/";
const BEFORE: &str = "setup/install/multicluster/before-you-begin/";
const NETWORKS: &str = "setup/install/multicluster/multi-primary_multi-network/";
const EXTERNAL: &str = "setup/install/external-controlplane/";
const ISTIOCTL: &str = "reference/commands/istioctl/";
const INGRESS: &str = "tasks/traffic-management/ingress/gateway-api/";
const GATEWAYS: &str = "setup/additional-setup/gateway/";

/// What each field is for, by its id, and where more is written.
const HELP: &[(&str, Msg, &str)] = &[
    ("name", Msg::HelpName, MODELS),
    ("mesh-id", Msg::HelpMeshId, MODELS),
    ("version", Msg::HelpVersion, "releases/supported-releases/"),
    ("installer", Msg::HelpInstaller, "setup/install/"),
    ("revision", Msg::HelpRevision, "setup/upgrade/canary/"),
    ("trust-domain", Msg::HelpTrustDomain, "tasks/security/authorization/authz-td-migration/"),
    ("role", Msg::HelpRole, MODELS),
    ("network", Msg::HelpNetwork, MODELS),
    ("served-by", Msg::HelpServedBy, "setup/install/multicluster/primary-remote/"),
    ("config", Msg::HelpConfig, EXTERNAL),
    ("entry", Msg::HelpEntry, EXTERNAL),
    ("entry-host", Msg::HelpHost, EXTERNAL),
    ("entry-credential", Msg::HelpCredential, EXTERNAL),
    ("namespace", Msg::HelpNamespace, EXTERNAL),
    ("context", Msg::HelpContext, BEFORE),
    ("api-via", Msg::HelpApiVia, BEFORE),
    ("api-server", Msg::HelpApiServer, BEFORE),
    ("tls-server-name", Msg::HelpServerName, ISTIOCTL),
    ("api-ca", Msg::HelpCa, ISTIOCTL),
    ("pod-cidrs", Msg::HelpPods, BEFORE),
    ("service-cidrs", Msg::HelpServices, BEFORE),
    ("expose", Msg::HelpExpose, NETWORKS),
    ("address-kind", Msg::HelpAddressKind, NETWORKS),
    ("addresses", Msg::HelpAddresses, NETWORKS),
    ("east-west-port", Msg::HelpPort, NETWORKS),
    ("source-ranges", Msg::HelpSourceRanges, NETWORKS),
    ("annotations", Msg::HelpAnnotations, "ops/integrations/loadbalancers/"),
    ("ingress-api", Msg::HelpApi, INGRESS),
    ("egress-api", Msg::HelpApi, INGRESS),
    ("ingress-installer", Msg::HelpGatewayInstaller, GATEWAYS),
    ("egress-installer", Msg::HelpGatewayInstaller, GATEWAYS),
];

/// Returns what a field is for, and the page where more is written.
pub(super) fn of(id: &str) -> Option<(Msg, &'static str)> {
    HELP.iter().find(|(field, ..)| *field == id).map(|&(_, msg, page)| (msg, page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_inspector_says_what_it_is_for() {
        let mut found = 0;
        for source in
            [include_str!("inspector.rs"), include_str!("role.rs"), include_str!("reach.rs"), include_str!("bulk.rs")]
        {
            let fields = ["<Field ", "<Choice ", "<Lines "].into_iter().flat_map(|tag| source.split(tag).skip(1));
            for field in fields {
                // Others are given their id where they are asked for.
                let Some(id) = field.split_once("id=\"").filter(|(before, _)| !before.contains('>')) else { continue };
                let id = id.1.split('"').next().unwrap();
                assert!(of(id).is_some(), "{id} has no help");
                found += 1;
            }
        }
        assert!(found >= 25, "{found}");
    }

    #[test]
    fn every_help_leads_to_a_page() {
        for (id, _, page) in HELP {
            assert!(page.ends_with('/') && !page.starts_with('/') && page.contains('/'), "{id}: {page}");
        }
    }
}
