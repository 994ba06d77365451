//! What a field is for, in one sentence: read out with the field, and shown while the caret is in it.

use crate::i18n::Msg;

/// What each field is for, by its id.
const HELP: &[(&str, Msg)] = &[
    ("name", Msg::HelpName),
    ("mesh-id", Msg::HelpMeshId),
    ("version", Msg::HelpVersion),
    ("installer", Msg::HelpInstaller),
    ("revision", Msg::HelpRevision),
    ("trust-domain", Msg::HelpTrustDomain),
    ("role", Msg::HelpRole),
    ("network", Msg::HelpNetwork),
    ("served-by", Msg::HelpServedBy),
    ("config", Msg::HelpConfig),
    ("entry", Msg::HelpEntry),
    ("entry-host", Msg::HelpHost),
    ("entry-credential", Msg::HelpCredential),
    ("namespace", Msg::HelpNamespace),
    ("context", Msg::HelpContext),
    ("api-via", Msg::HelpApiVia),
    ("api-server", Msg::HelpApiServer),
    ("tls-server-name", Msg::HelpServerName),
    ("api-ca", Msg::HelpCa),
    ("pod-cidrs", Msg::HelpPods),
    ("service-cidrs", Msg::HelpServices),
    ("expose", Msg::HelpExpose),
    ("address-kind", Msg::HelpAddressKind),
    ("addresses", Msg::HelpAddresses),
    ("east-west-port", Msg::HelpPort),
    ("source-ranges", Msg::HelpSourceRanges),
    ("annotations", Msg::HelpAnnotations),
    ("ingress-api", Msg::HelpApi),
    ("egress-api", Msg::HelpApi),
    ("ingress-installer", Msg::HelpGatewayInstaller),
    ("egress-installer", Msg::HelpGatewayInstaller),
];

/// Returns what a field is for.
pub(super) fn of(id: &str) -> Option<Msg> {
    HELP.iter().find(|(field, _)| *field == id).map(|(_, msg)| *msg)
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
}
