//! What each kind of fact means and how it is learnt, without a drawing: for `isthmus explain` and whoever meets one in `status`.

use crate::text::Words;

/// What a kind of fact means.
#[derive(Debug)]
pub struct Topic {
    /// The word that facts of this kind begin with.
    pub word: &'static str,
    /// What is so.
    pub means: Words,
    /// How that is learnt, and where to look when it is not so.
    pub learnt: Words,
}

/// Makes a topic; both texts are English, then Chinese.
const fn topic(word: &'static str, means: [&'static str; 2], learnt: [&'static str; 2]) -> Topic {
    let [means_en, means_zh] = means;
    let [learnt_en, learnt_zh] = learnt;
    Topic { word, means: Words { en: means_en, zh: means_zh }, learnt: Words { en: learnt_en, zh: learnt_zh } }
}

/// Every kind of fact, in the order of the type.
pub const TOPICS: &[Topic] = &[
    topic(
        "ApiServer",
        [
            "The cluster's API server answers, at the address that other clusters dial.",
            "该集群的 API Server 有应答，地址即其他集群所用的地址。",
        ],
        [
            "By a version request through the kubeconfig. No step gives it: it is assumed, and checked before the first write.",
            "通过 kubeconfig 发出版本请求得知。没有步骤提供它：它是前提，在首次写入之前检查。",
        ],
    ),
    topic(
        "Certificates",
        ["What the cluster signs with is at hand.", "该集群用于签发的证书已备好。"],
        [
            "By the folder given by `--certs`, else by the secret `cacerts` with its four keys that is in the cluster. No step gives it.",
            "通过 `--certs` 指定的目录，或集群中带有四个键的 Secret `cacerts` 得知。没有步骤提供它。",
        ],
    ),
    topic(
        "Credential",
        ["The gateway in front of an istiod has a certificate for its host name.", "istiod 前的网关有其域名的证书。"],
        [
            "By the TLS secret: its pair matches, it covers the host and has not expired. No step gives it.",
            "通过 TLS Secret 得知：密钥与证书匹配、覆盖该域名且未过期。没有步骤提供它。",
        ],
    ),
    topic(
        "GatewayApi",
        ["The definitions of Kubernetes' Gateway API are in the cluster.", "集群中有 Kubernetes Gateway API 的 CRD。"],
        [
            "By the definition being established. No step gives it: Istio does not bring them.",
            "通过 CRD 已就绪得知。没有步骤提供它：Istio 不自带这些 CRD。",
        ],
    ),
    topic(
        "Namespace",
        ["The namespace is there.", "该命名空间存在。"],
        [
            "By its phase, `Active`. One that stays `Terminating` holds something that cannot be deleted: `kubectl get namespace NAME -o yaml` names it.",
            "通过其阶段 `Active` 得知。若一直是 `Terminating`，说明其中有无法删除的内容：`kubectl get namespace NAME -o yaml` 会指出。",
        ],
    ),
    topic(
        "Trust",
        ["The cluster signs under the one root of the mesh.", "该集群在网格的唯一根下签发。"],
        [
            "By the secret `cacerts`: it has its four keys, and its root is that of all other clusters.",
            "通过 Secret `cacerts` 得知：它有四个键，且其根与其他集群一致。",
        ],
    ),
    topic(
        "Installed",
        ["Istio's definitions and webhooks are in the cluster.", "集群中有 Istio 的 CRD 与 Webhook。"],
        [
            "By the definitions being established and the webhook configuration being there.",
            "通过 CRD 已就绪、Webhook 配置存在得知。",
        ],
    ),
    topic(
        "Istiod",
        ["The control plane runs and checks what is written.", "控制平面在运行，并校验写入的配置。"],
        [
            "By its Deployment being available at its generation, no pod of an earlier one left, and its validating webhook having a `caBundle`. See `kubectl logs deploy/istiod`.",
            "通过 Deployment 在当前代可用、没有旧代的 Pod、且其校验 Webhook 有 `caBundle` 得知。请查看 `kubectl logs deploy/istiod`。",
        ],
    ),
    topic(
        "GatewayIstiod",
        [
            "The istiod that runs the gateway in front of an external one answers.",
            "管理外部 istiod 前网关的 istiod 有应答。",
        ],
        [
            "As with `Istiod`, in `istio-system` of the external cluster.",
            "与 `Istiod` 相同，位于外部集群的 `istio-system`。",
        ],
    ),
    topic(
        "Injects",
        ["Pods that are made in the cluster are given their proxy.", "在该集群中创建的 Pod 会得到代理。"],
        [
            "By every injection webhook that points at a Service having a `caBundle`, which istiod puts there. Without it: `x509: certificate signed by unknown authority`.",
            "通过每个指向 Service 的注入 Webhook 都有 istiod 写入的 `caBundle` 得知。缺少时：`x509: certificate signed by unknown authority`。",
        ],
    ),
    topic(
        "Exposed",
        [
            "The gateway lets that kind of traffic in: to istiod, to the mesh's services, to the API server, or to the sample.",
            "网关放行该类流量：去往 istiod、网格的服务、API Server 或示例。",
        ],
        ["By the `Gateway` and what routes it being there, as written.", "通过 `Gateway` 及其路由按所写存在得知。"],
    ),
    topic(
        "Address",
        ["The gateway has an address that others can dial.", "该网关有其他方可访问的地址。"],
        [
            "By its Service, or by the `Gateway`, or as drawn behind an address translation. A Service that stays `<pending>` has no controller that gives addresses, or too small a range: its events say so.",
            "通过其 Service 或 `Gateway` 得知；位于地址转换之后时以拓扑所写为准。若 Service 一直是 `<pending>`，说明没有分配地址的控制器或地址池已用尽：请看其事件。",
        ],
    ),
    topic(
        "Egress",
        ["The egress gateway runs.", "出口网关在运行。"],
        ["By its Deployment being available.", "通过其 Deployment 可用得知。"],
    ),
    topic(
        "Pointer",
        [
            "The first cluster's configuration says where the second's gateway is dialled.",
            "第一个集群的配置中写明了第二个集群的网关地址。",
        ],
        [
            "By the `Gateway` of class `istio-remote` that holds the address.",
            "通过保存该地址的 `istio-remote` 类 `Gateway` 得知。",
        ],
    ),
    topic(
        "Token",
        [
            "There is a token for the account with which istiods elsewhere read the cluster. Its value is never shown.",
            "有供其他集群的 istiod 读取该集群的账户令牌。其值从不显示。",
        ],
        [
            "By the secret that Kubernetes' token controller has filled.",
            "通过 Kubernetes 令牌控制器已填充的 Secret 得知。",
        ],
    ),
    topic(
        "Watched",
        ["The istiod of the first cluster may read the second.", "第一个集群的 istiod 可以读取第二个集群。"],
        [
            "By the remote secret in the first, and by the second's API server accepting the token in it. Whether istiod is in sync is what `isthmus verify` asks.",
            "通过第一个集群中的远程 Secret，以及第二个集群的 API Server 接受其中的令牌得知。istiod 是否同步由 `isthmus verify` 询问。",
        ],
    ),
    topic(
        "Sample",
        ["The sample and its client run in the cluster.", "示例及其客户端在该集群中运行。"],
        [
            "By their Deployments being available. Pods that do not start are most often those whose webhook does not answer.",
            "通过其 Deployment 可用得知。无法启动的 Pod 多半是因为其 Webhook 没有应答。",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Exposure, Fact, GatewayName};

    /// One fact of each kind; a new kind does not compile until it stands here.
    fn word(fact: &Fact) -> &'static str {
        match fact {
            Fact::ApiServer(_) => "ApiServer",
            Fact::Certificates(_) => "Certificates",
            Fact::Credential(_) => "Credential",
            Fact::GatewayApi(_) => "GatewayApi",
            Fact::Namespace(..) => "Namespace",
            Fact::Trust(_) => "Trust",
            Fact::Installed(_) => "Installed",
            Fact::Istiod(_) => "Istiod",
            Fact::GatewayIstiod(_) => "GatewayIstiod",
            Fact::Injects(_) => "Injects",
            Fact::Exposed(..) => "Exposed",
            Fact::Address(..) => "Address",
            Fact::Egress(_) => "Egress",
            Fact::Pointer { .. } => "Pointer",
            Fact::Token(_) => "Token",
            Fact::Watched { .. } => "Watched",
            Fact::Sample(_) => "Sample",
        }
    }

    #[test]
    fn every_kind_of_fact_is_explained_under_the_word_it_is_shown_by() {
        let c = || "c".into();
        let all = [
            Fact::ApiServer(c()),
            Fact::Certificates(c()),
            Fact::Credential(c()),
            Fact::GatewayApi(c()),
            Fact::Namespace(c(), "n".to_owned()),
            Fact::Trust(c()),
            Fact::Installed(c()),
            Fact::Istiod(c()),
            Fact::GatewayIstiod(c()),
            Fact::Injects(c()),
            Fact::Exposed(c(), Exposure::Istiod),
            Fact::Address(c(), GatewayName::EastWest),
            Fact::Egress(c()),
            Fact::Pointer { at: c(), cluster: c() },
            Fact::Token(c()),
            Fact::Watched { by: c(), cluster: c() },
            Fact::Sample(c()),
        ];
        assert_eq!(all.iter().map(word).collect::<Vec<_>>(), TOPICS.iter().map(|topic| topic.word).collect::<Vec<_>>());
        for (fact, topic) in all.iter().zip(TOPICS) {
            assert!(fact.to_string().starts_with(&format!("{}(", topic.word)), "{fact}");
            for words in [topic.means, topic.learnt] {
                assert!(!words.en.is_empty() && !words.zh.is_empty() && words.en != words.zh, "{}", topic.word);
            }
        }
    }
}
