//! Gateways by hand: what they need before, how their addresses are learnt, and what is opened at the end.

use super::Book;
use super::commands::{context_variable, quoted};
use crate::fact::{Fact, GatewayName};
use crate::hole::{Filling, Hole};
use crate::manifest::SAMPLE_PATH;
use crate::plan::Plan;
use crate::probe::Probe;
use crate::topology::GatewayKind;

impl Book<'_> {
    /// What must be in the clusters before, for ingress gateways and pointers in the vocabulary of Kubernetes.
    pub(super) fn gateway_api(&mut self, plan: &Plan) {
        let crds = plan.assumptions.iter().filter(|fact| matches!(fact, Fact::GatewayApi(_)));
        let commands: Vec<String> = crds
            .filter_map(|fact| match Probe::of(fact, self.mesh) {
                Probe::Definitions { crds, install } => {
                    let context = format!("${{{}}}", context_variable(fact.cluster()));
                    let get: Vec<String> =
                        crds.iter().map(|crd| format!("kubectl get crd {crd} --context=\"{context}\"")).collect();
                    Some(format!("{} || {{ {}; }}", get.join(" && "), install.replace("CONTEXT", &context)))
                }
                _ => None,
            })
            .collect();
        if !commands.is_empty() {
            self.paragraph(
                "The definitions of Kubernetes' Gateway API, which most clusters do not bring:",
                "Kubernetes Gateway API 的 CRD，大多数集群默认没有安装：",
            );
            self.code(&commands);
        }
    }

    /// The commands that wait for a gateway and keep its address.
    pub(super) fn wait_for_gateway(&self, fact: &Fact, kubectl: &str) -> Vec<String> {
        let probe = Probe::of(fact, self.mesh);
        if let Probe::Deployment { namespace, deployment } = &probe {
            return vec![format!("{kubectl} -n {namespace} rollout status deployment/{deployment} --timeout=5m")];
        }
        let Fact::Address(_, gateway) = fact else { return Vec::new() };
        let variable = Hole::new(Filling::Address(*gateway), fact.cluster()).variable();
        let until = |get: &str| {
            vec![format!("until [ -n \"$({get})\" ]; do sleep 2; done"), format!("export {variable}=\"$({get})\"")]
        };
        match probe {
            Probe::Address { namespace, service, .. } => until(&format!(
                "{kubectl} -n {namespace} get service {service} -o jsonpath='{{.status.loadBalancer.ingress[0].ip}}{{.status.loadBalancer.ingress[0].hostname}}'"
            )),
            Probe::NodeAddress { node_selector, kinds, .. } => {
                let labels: Vec<String> = node_selector.iter().map(|(key, value)| format!("{key}={value}")).collect();
                let labels =
                    if labels.is_empty() { String::new() } else { format!(" -l '{}'", quoted(&labels.join(","))) };
                let kind = kinds.last().map_or("ExternalIP", String::as_str);
                until(&format!(
                    "{kubectl} get nodes{labels} -o jsonpath='{{.items[0].status.addresses[?(@.type==\"{kind}\")].address}}'"
                ))
            }
            Probe::DrawnAddress { address, .. } => vec![format!("export {variable}='{address}'")],
            Probe::GatewayAddress { namespace, gateway, .. } => {
                let resource = format!("gateways.gateway.networking.k8s.io/{gateway}");
                vec![
                    format!("{kubectl} -n {namespace} wait --for=condition=programmed {resource} --timeout=5m"),
                    format!(
                        "export {variable}=\"$({kubectl} -n {namespace} get {resource} -o jsonpath='{{.status.addresses[0].value}}')\""
                    ),
                ]
            }
            _ => Vec::new(),
        }
    }

    /// The pages of the sample, for callers from outside.
    pub(super) fn open(&mut self) {
        let lines: Vec<String> = self
            .mesh
            .gateways(GatewayKind::Ingress)
            .map(|(cluster, _)| {
                let address = Hole::new(Filling::Address(GatewayName::Ingress), &cluster.name).text();
                format!("curl -s \"http://$(in_url \"{address}\"){SAMPLE_PATH}\"")
            })
            .collect();
        if !lines.is_empty() {
            self.paragraph(
                "From outside, by way of the ingress gateway; a browser will do as well:",
                "从外部经由入口网关访问，也可以用浏览器打开：",
            );
            self.code(&lines);
        }
    }
}
