//! How gateways between clusters are reached: by a load balancer, by the ports of nodes, or through an address translation.

use std::net::IpAddr;

use super::{Report, is_dns_name, is_member};
use crate::finding::{Fix, Subject, catalogue};
use crate::text::Text;
use crate::topology::{
    API_SERVER_PORT, AddressKind, ApiServer, Cluster, EAST_WEST_PORT, EastWest, Entry, Expose, NODE_SELECTOR, Role,
    Via, node_selector,
};

/// The ports that an east-west gateway has for istiod and for health, whatever else it carries (`gen-eastwest-gateway.sh`).
const TAKEN: [u16; 3] = [15012, 15017, 15021];

/// The host name that stands for one that is still to be given.
pub(super) const EXAMPLE_HOST: &str = "istiod.example.com";

/// What the certificate of an istiod's host name is usually called.
pub(super) const CREDENTIAL: &str = "istiod-credential";

impl Report<'_> {
    /// What stands in front of the gateway fits what is drawn of it.
    pub(super) fn exposure(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        match cluster.east_west.front() {
            Expose::LoadBalancer => {}
            Expose::NodePort => self.node_port(index, cluster, subject),
            Expose::Nat => self.nat(index, cluster, subject),
        }
        self.unneeded(index, cluster, subject);
        self.entry_address(index, cluster, subject);
        self.api_server(index, cluster, subject);
        self.port(index, cluster, subject);
        if cluster.east_west.front() != Expose::Nat && !cluster.east_west.addresses.is_empty() {
            let name = &cluster.name;
            let what = Text::new(
                format!("`{name}`'s gateway is drawn with addresses, which count only behind an address translation"),
                format!("`{name}` 的网关写了地址，但它们只在地址转换之后才有意义"),
            );
            let hint =
                Text::new("write `expose: nat`, or take `addresses` out", "请写 `expose: nat`，或删除 `addresses`");
            let fix = self.fixed(index, Text::new("Expose it by NAT", "改为经由 NAT"), |cluster| {
                cluster.east_west.expose = Some(Expose::Nat);
            });
            let found = self.found(catalogue::ADDRESSES_UNUSED, subject, what, hint);
            found.fixes.push(fix);
        }
    }

    /// A gateway is there where something passes it; one that is drawn elsewhere comes to nothing.
    fn unneeded(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = &cluster.name;
        let is_needed = cluster.api_server_by_gateway()
            || (is_member(cluster) && self.topology.spans_networks())
            || self.topology.serves_others(cluster);
        if cluster.east_west.expose.is_none() || is_needed {
            return;
        }
        let what = Text::new(
            format!("the gateway that is drawn for `{name}` is not installed, as nothing would pass it"),
            format!("为 `{name}` 绘制的网关不会安装，因为没有流量会经过它"),
        );
        let hint = Text::new(
            "nothing to do where a second network or a remote is to come; else leave `eastWest` out",
            "若之后会加入第二个网络或从集群则无需处理；否则请删除 `eastWest`",
        );
        let fix = self.fixed(index, super::left_out(), |cluster| cluster.east_west = EastWest::default());
        self.found(catalogue::GATEWAY_UNNEEDED, subject, what, hint).fixes.push(fix);
    }

    /// Node ports: istiod finds the nodes by an annotation, and the API server refuses ranges of a balancer that is none.
    fn node_port(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = &cluster.name;
        let drawn = cluster.east_west.annotations.iter().find(|(key, _)| key == NODE_SELECTOR);
        if let Some((_, value)) = drawn.filter(|(_, value)| node_selector(value).is_none()) {
            let what = Text::new(
                format!("`{value}` does not say which nodes lead to `{name}`'s gateway"),
                format!("`{value}` 没有说明哪些节点通向 `{name}` 的网关"),
            );
            let hint = Text::new(
                "write labels as JSON, such as '{\"pool\": \"edge\"}', or '{}' for every node",
                "请以 JSON 写标签，例如 '{\"pool\": \"edge\"}'；所有节点则写 '{}'",
            );
            // Selectors are mostly written as labels elsewhere: `pool=edge`.
            let labels: Option<Vec<(&str, &str)>> = value.split(',').map(|label| label.split_once('=')).collect();
            let labels = labels.map(|labels| labels.iter().map(|(key, value)| format!("{key:?}: {value:?}")).collect());
            let labels: Vec<String> = labels.unwrap_or_default();
            let json = format!("{{{}}}", labels.join(", "));
            let json = Some(json).filter(|json| node_selector(json).is_some()).unwrap_or_else(|| "{}".to_owned());
            let label = if json == "{}" {
                Text::new("Take every node", "使用所有节点")
            } else {
                Text::new(format!("Write {json}"), format!("改为 {json}"))
            };
            let fix = self.fixed(index, label, |cluster| {
                for (key, value) in &mut cluster.east_west.annotations {
                    if key == NODE_SELECTOR {
                        value.clone_from(&json);
                    }
                }
            });
            self.found(catalogue::NODE_SELECTOR_INVALID, subject, what, hint).fixes.push(fix);
        }
        if !cluster.east_west.source_ranges.is_empty() {
            let what = Text::new(
                format!("`{name}`'s gateway is behind node ports, where Kubernetes refuses `sourceRanges`"),
                format!("`{name}` 的网关使用节点端口，Kubernetes 不允许设置 `sourceRanges`"),
            );
            let hint = Text::new(
                "narrow it by the firewall of the nodes, and take `sourceRanges` out",
                "请用节点的防火墙加以限制，并删除 `sourceRanges`",
            );
            let label = Text::new("Take the ranges out", "删除地址段");
            let fix = self.fixed(index, label, |cluster| cluster.east_west.source_ranges.clear());
            self.found(catalogue::SOURCE_RANGES_UNUSABLE, subject, what, hint).fixes.push(fix);
        }
    }

    /// Address translation: nobody but the architect knows the address.
    fn nat(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = &cluster.name;
        let addresses = &cluster.east_west.addresses;
        if addresses.is_empty() {
            let what = Text::new(
                format!("`{name}`'s gateway is behind an address translation, and nothing says what others dial"),
                format!("`{name}` 的网关位于地址转换之后，但没有写明其他集群访问的地址"),
            );
            let hint = Text::new(
                "write it: `addresses: [203.0.113.7]`; the translation leads to the gateway's Service, port by port",
                "请写明：`addresses: [203.0.113.7]`；地址转换须按端口一一通向该网关的 Service",
            );
            let label = Text::new("Expose it by a load balancer", "改为经由负载均衡器");
            let fix = self.fixed(index, label, |cluster| cluster.east_west.expose = Some(Expose::LoadBalancer));
            self.found(catalogue::NAT_WITHOUT_ADDRESS, subject, what, hint).fixes.push(fix);
        }
        for address in addresses.iter().filter(|address| !is_ip(address) && !is_dns_name(address)) {
            let what = Text::new(
                format!("`{address}` is neither an IP address nor a host name"),
                format!("`{address}` 既不是 IP 地址也不是主机名"),
            );
            let hint = Text::new("write it as 203.0.113.7, without a port", "请写成 203.0.113.7，不带端口");
            // An address as a URL or with a port is still one.
            let host = address.rsplit("://").next().unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
            let fix = if is_ip(host) || is_dns_name(host) {
                let label = Text::new(format!("Write {host}"), format!("改为 {host}"));
                Some(self.fixed(index, label, |cluster| {
                    for written in cluster.east_west.addresses.iter_mut().filter(|written| *written == address) {
                        host.clone_into(written);
                    }
                }))
            } else {
                // Of the last one only the architect knows what it should be.
                (addresses.len() > 1).then(|| {
                    self.fixed(index, super::left_out(), |cluster| {
                        cluster.east_west.addresses.retain(|written| written != address);
                    })
                })
            };
            self.found(catalogue::NAT_ADDRESS_INVALID, subject, what, hint).fixes.extend(fix);
        }
    }

    /// An istiod that serves others is dialled on 15012 and 15017, at an address: webhooks take neither another port nor a name.
    fn entry_address(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = &cluster.name;
        let has_host = match &cluster.role {
            Role::Primary { entry } | Role::External { entry, .. } => *entry != Entry::LoadBalancer,
            Role::Remote { .. } => return,
        };
        if has_host || !self.topology.serves_others(cluster) {
            return;
        }
        let gateway = &cluster.east_west;
        if gateway.front() == Expose::NodePort {
            let what = Text::new(
                format!(
                    "`{name}` serves others through node ports, but those it serves dial 15012 and 15017, which no node port can be"
                ),
                format!("`{name}` 通过节点端口服务其他集群，但它们访问的是 15012 与 15017，节点端口不能取这些值"),
            );
            let hint = Text::new(
                "write `expose: loadBalancer`; or `expose: nat` with the address of what forwards 15012 and 15017 to the node ports; or give its istiod a host name with a certificate: `entry: {host, credential}`",
                "请写 `expose: loadBalancer`；或写 `expose: nat` 并给出将 15012 与 15017 转发到节点端口的地址；或为其 istiod 指定带证书的域名：`entry: {host, credential}`",
            );
            let label = Text::new("Expose it by a load balancer", "改为经由负载均衡器");
            let fix = self.fixed(index, label, |cluster| cluster.east_west.expose = Some(Expose::LoadBalancer));
            self.found(catalogue::NODE_PORT_WITHOUT_ENTRY, subject, what, hint).fixes.push(fix);
            return;
        }
        let is_named = match gateway.front() {
            Expose::Nat => gateway.addresses.first().is_some_and(|address| !is_ip(address)),
            Expose::LoadBalancer | Expose::NodePort => gateway.address_kind == AddressKind::Hostname,
        };
        if is_named {
            let what = Text::new(
                format!("`{name}` serves others by a host name, which their webhooks cannot follow"),
                format!("`{name}` 以主机名服务其他集群，而它们的 Webhook 无法使用主机名"),
            );
            let hint = Text::new(
                "give its istiod a name of its own with a certificate: `entry: {host: istiod.example.com, credential: istiod-credential}`",
                "请为其 istiod 指定带证书的域名：`entry: {host: istiod.example.com, credential: istiod-credential}`",
            );
            let fix = self.named_entry(index, EXAMPLE_HOST.to_owned(), CREDENTIAL.to_owned());
            self.found(catalogue::HOSTNAME_WITHOUT_ENTRY, subject, what, hint).fixes.push(fix);
        }
    }

    /// Proposes that an istiod is reached by a host name; one for examples is to be edited.
    pub(super) fn named_entry(&self, index: usize, host: String, credential: String) -> Fix {
        let label = if host == EXAMPLE_HOST {
            Text::new(
                format!("Give its istiod the name {host}, to be edited"),
                format!("为其 istiod 指定域名 {host}（请再修改）"),
            )
        } else {
            Text::new(format!("Write {host} with {credential}"), format!("改为 {host} 与 {credential}"))
        };
        self.fixed(index, label, |cluster| {
            if let Role::Primary { entry } | Role::External { entry, .. } = &mut cluster.role {
                *entry = Entry::Host { host, credential };
            }
        })
    }

    /// An API server behind its own gateway: the gateway must be configured without anybody reading that API server from elsewhere.
    fn api_server(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let Some(api) = cluster.api_server.as_ref().filter(|api| api.via == Via::EastWest) else { return };
        let name = &cluster.name;
        let direct = |report: &Self| {
            report.fixed(index, Text::new("Dial it directly", "直接访问"), |cluster| {
                let url = cluster.api_server.as_ref().map(|api| api.url.clone()).filter(|url| !url.is_empty());
                cluster.api_server = url.map(|url| ApiServer { url, ..ApiServer::default() });
            })
        };
        if !matches!(cluster.role, Role::Primary { .. }) {
            let what = Text::new(
                format!(
                    "the API server of `{name}` cannot be dialled by its gateway: that gateway is configured by an istiod elsewhere, which must read the API server first"
                ),
                format!(
                    "`{name}` 的 API Server 不能经由其网关访问：该网关由别处的 istiod 配置，而它必须先读取该 API Server"
                ),
            );
            let hint = Text::new(
                "give its API server an address of its own (`url`), or make the cluster a primary",
                "请为其 API Server 提供单独的地址（`url`），或将该集群设为主集群",
            );
            let fix = direct(self);
            self.found(catalogue::API_SERVER_OF_REMOTE, subject, what, hint).fixes.push(fix);
        }
        if cluster.east_west.front() == Expose::NodePort && api.url.is_empty() {
            let what = Text::new(
                format!(
                    "the API server of `{name}` is dialled by a gateway behind node ports, and nothing says which port that is"
                ),
                format!("`{name}` 的 API Server 经由节点端口之后的网关访问，但没有写明端口"),
            );
            let hint = Text::new(
                "write `url` with an address and port that lead to the gateway's port 6443",
                "请在 `url` 中写明通向网关 6443 端口的地址与端口",
            );
            let fix = direct(self);
            self.found(catalogue::API_SERVER_NODE_PORT, subject, what, hint).fixes.push(fix);
        }
        if let Some(host) = api.tls_server_name.as_ref().filter(|host| !is_dns_name(host)) {
            let what = Text::new(
                format!("`{host}` is no name that a certificate could hold"),
                format!("`{host}` 不是证书中可用的名称"),
            );
            let hint = Text::new(
                "leave `tlsServerName` out: `kubernetes.default.svc` is in every API server's certificate",
                "请删除 `tlsServerName`：每个 API Server 的证书都包含 `kubernetes.default.svc`",
            );
            let fix = self.fixed(index, super::left_out(), |cluster| {
                if let Some(api) = &mut cluster.api_server {
                    api.tls_server_name = None;
                }
            });
            self.found(catalogue::API_SERVER_INVALID, subject, what, hint).fixes.push(fix);
        }
    }

    /// The port between networks is one that can be dialled, and no other listener's.
    fn port(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let port = cluster.east_west.port;
        let usual = Text::new("15443 is the usual one", "通常使用 15443");
        let what = if port == 0 {
            Text::new("port 0 cannot be dialled", "端口 0 无法连接")
        } else if cluster.api_server_by_gateway() && port == API_SERVER_PORT {
            Text::new(
                format!("port {port} of the gateway is taken: it leads to the API server"),
                format!("网关的端口 {port} 已被占用：它通向 API Server"),
            )
        } else if TAKEN.contains(&port) {
            Text::new(
                format!("port {port} of the gateway is taken: 15012 and 15017 lead to istiod, 15021 tells its health"),
                format!("网关的端口 {port} 已被占用：15012 与 15017 通向 istiod，15021 用于健康检查"),
            )
        } else {
            return;
        };
        let label = Text::new("Use 15443", "使用 15443");
        let fix = self.fixed(index, label, |cluster| cluster.east_west.port = EAST_WEST_PORT);
        self.found(catalogue::PORT_INVALID, subject, what, usual).fixes.push(fix);
    }
}

fn is_ip(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}
