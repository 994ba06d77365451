//! How clusters are reached: API servers, gateways, entries, contexts and address ranges.

use super::super::cidr::Cidr;
use super::exposure::{CREDENTIAL, EXAMPLE_HOST};
use super::{Report, dns_name, is_dns_name, left_out};
use crate::finding::{Fix, Subject, catalogue};
use crate::name::{ClusterName, NetworkName, free};
use crate::sorted::Map;
use crate::text::Text;
use crate::topology::{ApiServer, Cluster, Entry, Role, Via};

impl Report<'_> {
    /// How its API server and its istiod are reached.
    pub(super) fn ways_in(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let is_fine = |api: &ApiServer| is_https(&api.url) || (api.url.is_empty() && api.via == Via::EastWest);
        if let Some(api) = cluster.api_server.as_ref().filter(|api| !is_fine(api)) {
            let what = Text::new(
                format!("`{}` is not the address of an API server", api.url),
                format!("`{}` 不是 API Server 的地址", api.url),
            );
            let hint = Text::new("write it as https://10.0.0.1:6443", "请写成 https://10.0.0.1:6443");
            let with_scheme = format!("https://{}", api.url.rsplit("://").next().unwrap_or_default());
            let label = |to: &str| Text::new(format!("Write {to}"), format!("改为 {to}"));
            let fix = if is_https(&with_scheme) {
                self.fixed(index, label(&with_scheme), |cluster| {
                    if let Some(api) = &mut cluster.api_server {
                        api.url = with_scheme;
                    }
                })
            } else {
                let label = Text::new("Take the kubeconfig's address", "使用 kubeconfig 中的地址");
                self.fixed(index, label, |cluster| cluster.api_server = None)
            };
            self.found(catalogue::API_SERVER_INVALID, subject, what, hint).fixes.push(fix);
        }
        if let Role::Primary { entry: Entry::Host { host, credential } }
        | Role::External { entry: Entry::Host { host, credential }, .. } = &cluster.role
            && !(is_dns_name(host) && is_dns_name(credential))
        {
            let what = if host.is_empty() || credential.is_empty() {
                let name = &cluster.name;
                Text::new(
                    format!("the istiod of `{name}` is reached by a host name, but name or secret is not given"),
                    format!("`{name}` 的 istiod 经由域名访问，但未给出域名或 Secret"),
                )
            } else {
                Text::new(
                    format!("`{host}` with `{credential}` is not an entry"),
                    format!("`{host}` 与 `{credential}` 不是有效的入口"),
                )
            };
            let hint = Text::new(
                "`host` is a DNS name, `credential` the name of a TLS secret",
                "`host` 是 DNS 名称，`credential` 是 TLS Secret 的名称",
            );
            let host = dns_name(host).unwrap_or_else(|| EXAMPLE_HOST.to_owned());
            let credential = dns_name(credential).unwrap_or_else(|| CREDENTIAL.to_owned());
            let fix = self.named_entry(index, host, credential);
            self.found(catalogue::ENTRY_INVALID, subject, what, hint).fixes.push(fix);
        }
    }

    /// How its gateway between networks is reached, and which addresses are its own.
    pub(super) fn gateway(&mut self, index: usize, cluster: &Cluster, subject: &Subject) {
        let name = &cluster.name;
        let gateway = &cluster.east_west;
        let is_hole = |(key, value): &(String, String)| key.contains("${") || value.contains("${");
        if gateway.annotations.iter().any(is_hole) {
            let what = Text::new(
                format!("an annotation of `{name}`'s gateway holds `${{`, which marks what Isthmus fills in"),
                format!("`{name}` 网关的注解中含有 `${{`，它是 Isthmus 的占位标记"),
            );
            let fix = self.fixed(index, left_out(), |cluster| {
                cluster.east_west.annotations.retain(|annotation| !is_hole(annotation));
            });
            let hint = Text::new("write the value out", "请直接写出该值");
            self.found(catalogue::ANNOTATION_INVALID, subject, what, hint).fixes.push(fix);
        }
        for range in cluster.pod_cidrs.iter().chain(&cluster.service_cidrs).chain(&gateway.source_ranges) {
            if Cidr::parse(range).is_none() {
                let what =
                    Text::new(format!("`{range}` is not an address range"), format!("`{range}` 不是有效的地址段"));
                let hint = Text::new("write it as 10.10.0.0/16", "请写成 10.10.0.0/16");
                let fix = self.other_range(index, cluster, range);
                self.found(catalogue::CIDR_INVALID, subject, what, hint).fixes.extend(fix);
            }
        }
    }

    /// Proposes what a range was to be: one that may come is a single address where it has no length; others are left out.
    fn other_range(&self, index: usize, cluster: &Cluster, range: &str) -> Option<Fix> {
        let open = &cluster.east_west.source_ranges;
        let single = if range.contains(':') { "/128" } else { "/32" };
        let single = [range, single].concat();
        if open.iter().any(|open| open == range) && Cidr::parse(&single).is_some() {
            let label = Text::new(format!("Write {single}"), format!("改为 {single}"));
            return Some(self.fixed(index, label, |cluster| {
                for written in cluster.east_west.source_ranges.iter_mut().filter(|written| written.as_str() == range) {
                    written.clone_from(&single);
                }
            }));
        }
        // Without any range everybody may come.
        if open.iter().all(|open| open == range) && !open.is_empty() {
            return None;
        }
        Some(self.fixed(index, left_out(), |cluster| {
            for list in [&mut cluster.pod_cidrs, &mut cluster.service_cidrs, &mut cluster.east_west.source_ranges] {
                list.retain(|written| written != range);
            }
        }))
    }

    /// Two clusters by one context would be one cluster; of external control planes [`Report::risks`] tells more.
    pub(super) fn contexts(&mut self) {
        let mut seen: Map<&str, (&ClusterName, bool)> = Map::new();
        for (index, cluster) in self.topology.clusters.iter().enumerate() {
            let (name, context) = (&cluster.name, cluster.context());
            let is_external = matches!(cluster.role, Role::External { .. });
            if let Some((other, _)) = seen
                .insert(context, (name, is_external))
                .filter(|(other, was_external)| *other != name && !is_external && !was_external)
            {
                let what = Text::new(
                    format!("`{other}` and `{name}` have the same context `{context}`"),
                    format!("`{other}` 与 `{name}` 使用同一个上下文 `{context}`"),
                );
                let subject = Subject::Cluster { index, name: name.clone() };
                let hint = Text::new("every cluster needs a context of its own", "每个集群需要各自的上下文");
                let fix = self.own_context(context);
                self.found(catalogue::CONTEXT_DUPLICATE, &subject, what, hint).fixes.extend(fix);
            }
        }
    }

    /// Proposes that one of the clusters with a context goes by its own name, the last first, where that is nobody's context.
    pub(super) fn own_context(&self, context: &str) -> Option<Fix> {
        let clusters = &self.topology.clusters;
        let is_free = |name: &ClusterName| !clusters.iter().any(|other| other.context() == name.as_str());
        let can =
            |cluster: &Cluster| cluster.context() == context && cluster.context.is_some() && is_free(&cluster.name);
        let index = clusters.iter().rposition(can)?;
        let name = &clusters[index].name;
        let label = Text::new(format!("Use the context {name}"), format!("使用上下文 {name}"));
        Some(self.fixed(index, label, |cluster| cluster.context = None))
    }

    /// Pods on one network dial each other by address, so no address may stand for two (Istio's multi-primary page, "before you begin").
    pub(super) fn address_ranges(&mut self) {
        let mut seen: Vec<(usize, &Cluster, Cidr)> = Vec::new();
        let mut told = Vec::new();
        for (index, cluster) in self.topology.clusters.iter().enumerate() {
            for range in cluster.pod_cidrs.iter().chain(&cluster.service_cidrs).filter_map(|range| Cidr::parse(range)) {
                let clash = seen.iter().find(|(i, other, taken)| {
                    *i != index && other.network.is_some() && other.network == cluster.network && taken.overlaps(&range)
                });
                if let Some(&(i, other, _)) = clash
                    && !told.contains(&(i, index))
                {
                    told.push((i, index));
                    let (a, b) = (&other.name, &cluster.name);
                    let what = Text::new(
                        format!("addresses of `{a}` and `{b}`, on one network, overlap"),
                        format!("同一网络中 `{a}` 与 `{b}` 的地址段重叠"),
                    );
                    let hint = Text::new(
                        "draw them on different networks, or give one of them other ranges",
                        "请放入不同的网络，或更换其中一个的地址段",
                    );
                    let fix = self.own_network(index);
                    let subject = Subject::Cluster { index, name: b.clone() };
                    self.found(catalogue::CIDR_OVERLAP, &subject, what, hint).fixes.push(fix);
                }
                seen.push((index, cluster, range));
            }
        }
    }

    /// Returns the first name of a network that nobody has.
    pub(super) fn free_network(&self) -> NetworkName {
        let taken = self.topology.networks();
        free("network", 1, &|name| taken.iter().any(|network| network.as_str() == name)).into()
    }

    /// Proposes to move a cluster to a network of its own.
    pub(super) fn own_network(&self, index: usize) -> Fix {
        let name = self.free_network();
        let label = Text::new(format!("Move it to {name}"), format!("移到 {name}"));
        self.fixed(index, label, |cluster| cluster.network = Some(name))
    }
}

fn is_https(url: &str) -> bool {
    let fine =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'/' | b'[' | b']' | b'_' | b'~' | b'%');
    url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(fine))
}
