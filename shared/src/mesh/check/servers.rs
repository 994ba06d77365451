//! Where API servers are dialled from elsewhere.

use std::net::IpAddr;

use super::{Report, is_member};
use crate::finding::{Fix, Subject, catalogue};
use crate::release::{Feature, Release};
use crate::text::Text;
use crate::topology::{API_SERVER_PORT, ApiServer, CaSource, Cluster, Expose, Role, Via};

/// How contexts begin that lead to clusters in containers or machines on a desk; their kubeconfigs hold a loopback address.
const LOCAL_CONTEXTS: [&str; 7] =
    ["kind-", "k3d-", "minikube", "docker-desktop", "rancher-desktop", "colima", "orbstack"];

impl Report<'_> {
    /// What istiods elsewhere dial, where one reads this cluster.
    pub(super) fn servers(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let reads = |other: &Cluster| !matches!(other.role, Role::Remote { .. }) && other.name != cluster.name;
        if !is_member(cluster) || !self.topology.clusters.iter().any(reads) {
            return;
        }
        let name = &cluster.name;
        let context = cluster.context();
        match &cluster.api_server {
            Some(api) if api.via != Via::Direct && api.ca == CaSource::Kubeconfig && api.url.is_empty() => {
                self.unused_authority(index, subject);
            }
            Some(api) if api.via != Via::Direct => {}
            None if LOCAL_CONTEXTS.iter().any(|local| context.starts_with(local)) => {
                let what = Text::new(
                    format!(
                        "the kubeconfig of `{context}` most likely says 127.0.0.1, where no other cluster finds `{name}`"
                    ),
                    format!("`{context}` 的 kubeconfig 很可能写的是 127.0.0.1，其他集群无法由此访问 `{name}`"),
                );
                let fix = self.through_gateway(index, cluster);
                self.found(catalogue::API_SERVER_LOCAL, subject, what, local_hint()).fixes.extend(fix);
            }
            Some(api) if host(&api.url).is_some_and(is_local) => {
                let what = Text::new(
                    format!("`{}` is a loopback address: for every other cluster it is itself", api.url),
                    format!("`{}` 是回环地址：对其他集群而言，它就是它们自己", api.url),
                );
                let fix = self.through_gateway(index, cluster);
                self.found(catalogue::API_SERVER_LOCAL, subject, what, local_hint()).fixes.extend(fix);
            }
            Some(api) => {
                let is_proxied = path(&api.url).is_some_and(|path| !path.is_empty());
                if is_proxied && api.ca == CaSource::Token {
                    let what = Text::new(
                        format!("`{}` has a path, so a proxy answers there, with a certificate of its own", api.url),
                        format!("`{}` 带有路径，说明那里由代理应答，使用代理自己的证书", api.url),
                    );
                    let hint = Text::new(
                        "take the certificate authority of the kubeconfig: `ca: kubeconfig`",
                        "请使用 kubeconfig 中的 CA：`ca: kubeconfig`",
                    );
                    let label = Text::new("Take the kubeconfig's CA", "使用 kubeconfig 的 CA");
                    let fix = self.fixed(index, label, |cluster| {
                        if let Some(api) = &mut cluster.api_server {
                            api.ca = CaSource::Kubeconfig;
                        }
                    });
                    self.found(catalogue::API_SERVER_PROXIED, subject, what, hint).fixes.push(fix);
                }
                self.private_server(index, cluster, &api.url, subject);
            }
            None => {}
        }
    }

    /// Through a gateway the API server itself answers, whose authority is the token's.
    fn unused_authority(&mut self, index: usize, subject: &Subject) {
        let what = Text::new(
            "`ca: kubeconfig` cannot be where the API server is dialled by its gateway: it shows its own certificate there",
            "API Server 经由网关访问时不能使用 `ca: kubeconfig`：那里出示的是 API Server 自己的证书",
        );
        let hint = Text::new(
            "leave it out: the authority that comes with the token vouches for the API server itself",
            "请去掉它：令牌附带的 CA 能验证 API Server 本身",
        );
        let label = Text::new("Take the token's CA", "使用令牌附带的 CA");
        let fix = self.fixed(index, label, |cluster| {
            if let Some(api) = &mut cluster.api_server {
                api.ca = CaSource::Token;
            }
        });
        self.found(catalogue::API_SERVER_CA_UNUSED, subject, what, hint).fixes.push(fix);
    }

    /// A private address is dialled from elsewhere only where somebody routes it.
    fn private_server(&mut self, index: usize, cluster: &Cluster, url: &str, subject: &Subject) {
        let name = &cluster.name;
        let reader = self.topology.clusters.iter().find(|other| {
            !matches!(other.role, Role::Remote { .. }) && other.name != *name && other.network != cluster.network
        });
        let Some(reader) = reader.filter(|_| host(url).is_some_and(is_private)) else { return };
        let what = Text::new(
            format!(
                "`{url}` is a private address, and the istiod of `{}`, on another network, must dial it",
                reader.name
            ),
            format!("`{url}` 是私有地址，而位于另一网络的 `{}` 的 istiod 必须能访问它", reader.name),
        );
        let hint = Text::new(
            "nothing to do where the two are routed to each other; else use a public address, or, of a primary, its east-west gateway: `apiServer: {via: eastWest}`",
            "若两地之间已有路由则无需处理；否则请使用公网地址；主集群也可经由其东西向网关访问：`apiServer: {via: eastWest}`",
        );
        let fix = self.through_gateway(index, cluster);
        self.found(catalogue::API_SERVER_PRIVATE, subject, what, hint).fixes.extend(fix);
    }

    /// Proposes to dial an API server by its cluster's gateway, where there is one that can lead to it.
    fn through_gateway(&self, index: usize, cluster: &Cluster) -> Option<Fix> {
        let release = Release::parse(&self.topology.istio.version);
        // A remote's gateway is configured by who must read it first.
        let has_gateway = self.topology.networks().len() > 1
            && matches!(cluster.role, Role::Primary { .. })
            && cluster.east_west.front() == Expose::LoadBalancer
            && cluster.east_west.port != API_SERVER_PORT
            && release.is_ok_and(|release| release.has(Feature::ApiServerByGateway));
        has_gateway.then(|| {
            let label = Text::new("Lead to it through its gateway", "经由其网关访问");
            self.fixed(index, label, |cluster| {
                cluster.api_server = Some(ApiServer { via: Via::EastWest, ..ApiServer::default() });
            })
        })
    }
}

fn local_hint() -> Text {
    Text::new(
        "say where others dial it: `apiServer: {url: https://<address of the node>:6443}`; nothing to do where every cluster and istiod is on one machine",
        "请写明其他集群的访问地址：`apiServer: {url: https://<节点地址>:6443}`；若所有集群与 istiod 都在同一台机器上则无需处理",
    )
}

/// Returns the host of `https://host:port/path`, without brackets.
fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://")?;
    let authority = rest.split('/').next()?;
    if let Some(v6) = authority.strip_prefix('[') {
        return v6.split(']').next();
    }
    authority.split(':').next()
}

/// Returns what follows the first `/` of `https://host:port/path`.
fn path(url: &str) -> Option<&str> {
    url.strip_prefix("https://")?.split_once('/').map(|(_, path)| path)
}

fn is_local(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(ip) => ip.is_loopback() || ip.is_unspecified(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

fn is_private(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_private(),
        Ok(IpAddr::V6(ip)) => ip.is_unique_local(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_paths_are_taken_out_of_urls() {
        assert_eq!(host("https://[::1]:6443"), Some("::1"));
        assert_eq!(host("https://10.0.0.1:6443/k8s"), Some("10.0.0.1"));
        assert_eq!((host("10.0.0.1"), path("https://a:1")), (None, None));
        assert_eq!(path("https://rancher/k8s/clusters/c-1"), Some("k8s/clusters/c-1"));
        for local in ["127.0.0.1", "localhost", "::1", "0.0.0.0"] {
            assert!(is_local(local), "{local}");
        }
        assert!(is_private("172.18.0.2") && !is_private("203.0.113.7") && !is_private("api.internal"));
    }
}
