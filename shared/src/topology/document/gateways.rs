//! The written form of gateways: those between networks, ingress and egress.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words::words;
use super::{InstallerDoc, installer, installer_doc};
use crate::name::ClusterName;
use crate::sorted;
use crate::topology::{AddressKind, EAST_WEST_PORT, EastWest, Expose, Gateway, GatewayApi, GatewayKind};

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct EastWestDoc {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expose: Option<ExposeDoc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address_kind: Option<AddressKindDoc>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    source_ranges: Vec<String>,
}

words! {
    ExposeDoc { LoadBalancer: "loadBalancer", NodePort: "nodePort", Nat: "nat" }
}

words! {
    AddressKindDoc { Ip: "ip", Hostname: "hostname" }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct GatewayDoc {
    cluster: ClusterName,
    kind: GatewayKindDoc,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api: Option<GatewayApiDoc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    installer: Option<InstallerDoc>,
}

words! {
    GatewayKindDoc { Ingress: "ingress", Egress: "egress" }
}

words! {
    GatewayApiDoc { Istio: "istio", GatewayApi: "gateway-api" }
}

impl EastWestDoc {
    pub(super) fn into_east_west(self) -> EastWest {
        EastWest {
            expose: match self.expose {
                None | Some(ExposeDoc::LoadBalancer) => Expose::LoadBalancer,
                Some(ExposeDoc::NodePort) => Expose::NodePort,
                Some(ExposeDoc::Nat) => Expose::Nat,
            },
            address_kind: match self.address_kind {
                None | Some(AddressKindDoc::Ip) => AddressKind::Ip,
                Some(AddressKindDoc::Hostname) => AddressKind::Hostname,
            },
            addresses: self.addresses,
            port: self.port.unwrap_or(EAST_WEST_PORT),
            annotations: self.annotations.into_iter().collect(),
            source_ranges: self.source_ranges,
        }
    }

    pub(super) fn of(east_west: &EastWest) -> Self {
        EastWestDoc {
            expose: match east_west.expose {
                Expose::LoadBalancer => None,
                Expose::NodePort => Some(ExposeDoc::NodePort),
                Expose::Nat => Some(ExposeDoc::Nat),
            },
            address_kind: (east_west.address_kind == AddressKind::Hostname).then_some(AddressKindDoc::Hostname),
            addresses: east_west.addresses.clone(),
            port: (east_west.port != EAST_WEST_PORT).then_some(east_west.port),
            annotations: sorted::map(east_west.annotations.iter().cloned()),
            source_ranges: east_west.source_ranges.clone(),
        }
    }
}

impl GatewayDoc {
    pub(super) fn into_gateway(self) -> Gateway {
        Gateway {
            cluster: self.cluster,
            kind: match self.kind {
                GatewayKindDoc::Ingress => GatewayKind::Ingress,
                GatewayKindDoc::Egress => GatewayKind::Egress,
            },
            api: match self.api {
                None | Some(GatewayApiDoc::Istio) => GatewayApi::Istio,
                Some(GatewayApiDoc::GatewayApi) => GatewayApi::GatewayApi,
            },
            installer: self.installer.map(installer),
        }
    }

    pub(super) fn of(gateway: &Gateway) -> Self {
        GatewayDoc {
            cluster: gateway.cluster.clone(),
            kind: match gateway.kind {
                GatewayKind::Ingress => GatewayKindDoc::Ingress,
                GatewayKind::Egress => GatewayKindDoc::Egress,
            },
            api: Some(match gateway.api {
                GatewayApi::Istio => GatewayApiDoc::Istio,
                GatewayApi::GatewayApi => GatewayApiDoc::GatewayApi,
            }),
            installer: gateway.installer.map(installer_doc),
        }
    }
}
