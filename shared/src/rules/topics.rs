//! What each rule is for, without a drawing: for `isthmus explain` and whoever meets the word in a step's id.
//!
//! A test holds that every rule has its topic.

use crate::text::Words;

/// What a rule is for.
#[derive(Debug)]
pub struct Topic {
    /// The word of the rule, as in the ids of its steps.
    pub word: &'static str,
    /// What for.
    pub means: Words,
    /// What breaks without it, word for word where that is known.
    pub looks: Words,
}

/// Makes a topic; both texts are English, then Chinese.
const fn topic(word: &'static str, means: [&'static str; 2], looks: [&'static str; 2]) -> Topic {
    let [means_en, means_zh] = means;
    let [looks_en, looks_zh] = looks;
    Topic { word, means: Words { en: means_en, zh: means_zh }, looks: Words { en: looks_en, zh: looks_zh } }
}

/// Every rule's topic, in the order of their folders.
pub const TOPICS: &[Topic] = &[
    topic(
        "namespace",
        [
            "Makes a cluster's system namespace, with the label of the network its pods are on, and on a cluster that is served from elsewhere the annotation of who takes charge of it.",
            "创建集群的系统命名空间，带有其 Pod 所在网络的标签；由别处服务的集群还带有管理者的注解。",
        ],
        [
            "Without the label endpoints count as reachable from everywhere, and other networks are given pod addresses; without the annotation injection fails: `x509: certificate signed by unknown authority`.",
            "没有标签，端点会被视为处处可达，其他网络会得到 Pod 地址；没有注解，注入会失败：`x509: certificate signed by unknown authority`。",
        ],
    ),
    topic(
        "trust",
        [
            "Gives every istiod that signs certificates an intermediate certificate under one root, the secret `cacerts`, before it starts. The bundle holds the recipe; `apply --certs` brings the keys.",
            "在启动之前，为每个签发证书的 istiod 提供同一个根所签发的中间证书，即 Secret `cacerts`。安装包只含做法；密钥由 `apply --certs` 提供。",
        ],
        [
            "Each istiod makes a root of its own; calls between clusters end in `CERTIFICATE_VERIFY_FAILED` or `TLSV1_ALERT_UNKNOWN_CA`.",
            "每个 istiod 会自建根证书；跨集群调用以 `CERTIFICATE_VERIFY_FAILED` 或 `TLSV1_ALERT_UNKNOWN_CA` 失败。",
        ],
    ),
    topic(
        "istiod",
        [
            "Installs a control plane: a primary's own, or an external one that keeps its configuration in another cluster.",
            "安装控制平面：主集群自己的，或将配置保存在另一个集群中的外部控制平面。",
        ],
        [
            "Pods get no proxy, and proxies no configuration and no certificate.",
            "Pod 得不到代理，代理得不到配置与证书。",
        ],
    ),
    topic(
        "remote",
        [
            "Installs what makes a cluster a remote: webhooks that ask an istiod elsewhere, and the account by which that istiod reads it.",
            "安装使集群成为从集群的内容：询问别处 istiod 的 Webhook，以及供其读取的账户。",
        ],
        ["Pods of the cluster start without a proxy.", "集群中的 Pod 启动后没有代理。"],
    ),
    topic(
        "reader",
        [
            "Makes a token for the account by which istiods of other clusters read this one. It is what `istioctl create-remote-secret` does first.",
            "为其他集群的 istiod 读取本集群所用的账户创建令牌。这是 `istioctl create-remote-secret` 的第一步。",
        ],
        ["No remote secret can be made for the cluster.", "无法为该集群创建远程 Secret。"],
    ),
    topic(
        "gateway",
        [
            "Installs the gateway by which a cluster is entered from other networks (15443), and by which its istiod is dialled (15012, 15017).",
            "安装网关：其他网络由此进入集群（15443），从集群由此访问其 istiod（15012、15017）。",
        ],
        [
            "Calls from other networks time out, and remotes find no control plane.",
            "来自其他网络的调用会超时，从集群找不到控制平面。",
        ],
    ),
    topic(
        "pointer",
        [
            "Tells an istiod at which address a gateway is dialled that it cannot see by itself, as behind NAT: a `Gateway` of class `istio-remote`.",
            "告诉 istiod 它自己看不到的网关（例如位于 NAT 之后）的访问地址：类别为 `istio-remote` 的 `Gateway`。",
        ],
        ["Endpoints on that network get an address that nobody can dial.", "该网络中的端点会得到无法访问的地址。"],
    ),
    topic(
        "expose-istiod",
        [
            "Leads 15012 (configuration, certificates) and 15017 (webhooks) at the gateway to istiod.",
            "将网关的 15012（配置、证书）与 15017（Webhook）转到 istiod。",
        ],
        [
            "Remotes reach the gateway and are refused: `failed calling webhook`, and proxies that never become ready.",
            "从集群能到达网关但被拒绝：`failed calling webhook`，代理也无法就绪。",
        ],
    ),
    topic(
        "expose-services",
        [
            "Lets calls to the mesh's services (`*.local`) in at the east-west gateways, for callers with a certificate of the mesh.",
            "允许持有网格证书的调用方经由东西向网关访问网格服务（`*.local`）。",
        ],
        [
            "The gateway refuses everything: `Connection reset by peer`, `NR filter_chain_not_found` in its log.",
            "网关拒绝一切：`Connection reset by peer`，日志出现 `NR filter_chain_not_found`。",
        ],
    ),
    topic(
        "expose-api-server",
        [
            "Passes TLS for a cluster's API server through its east-west gateway, for istiods elsewhere that cannot dial it directly.",
            "让别处的 istiod 在无法直接访问某集群的 API Server 时，经由其东西向网关以 TLS 透传访问。",
        ],
        [
            "`istioctl remote-clusters` says `timeout` for that cluster.",
            "`istioctl remote-clusters` 对该集群显示 `timeout`。",
        ],
    ),
    topic(
        "secret",
        [
            "Lets an istiod watch another cluster: a kubeconfig with that cluster's token, under the label `istio/multiCluster`. The token is filled in when it is applied and is in no file.",
            "让 istiod 监视另一个集群：带有该集群令牌的 kubeconfig，标签为 `istio/multiCluster`。令牌在应用时填入，不存在于任何文件中。",
        ],
        [
            "Only the local version answers; proxies of a remote are refused: `client claims to be in cluster …, but we only know about …`.",
            "只有本地版本应答；从集群的代理会被拒绝：`client claims to be in cluster …, but we only know about …`。",
        ],
    ),
    topic(
        "mesh-networks",
        [
            "Tells the istiod of an old release the address of every gateway, in `meshNetworks`, once the addresses are known.",
            "在得知地址之后，通过 `meshNetworks` 告诉旧版本的 istiod 每个网关的地址。",
        ],
        ["Endpoints of the other network are missing or point at `0.0.0.0`.", "另一网络的端点缺失，或指向 `0.0.0.0`。"],
    ),
    topic(
        "ingress",
        ["Installs the gateway by which callers from outside enter the mesh.", "安装外部调用方进入网格所用的网关。"],
        ["Nothing outside the mesh can call it.", "网格外部无法访问其服务。"],
    ),
    topic(
        "egress",
        [
            "Installs the gateway by which calls leave the mesh, where they are led through one.",
            "安装网格流量外出所用的网关（如果配置为经由网关外出）。",
        ],
        ["Calls that are led to it fail: no healthy upstream.", "被引导到它的调用会失败：no healthy upstream。"],
    ),
    topic(
        "sample",
        [
            "Deploys helloworld, which answers with a version of its own in every member, and a client.",
            "部署 helloworld（在每个成员中以不同的版本应答）以及客户端。",
        ],
        ["Nothing shows that calls cross between clusters.", "无法证明调用能够跨集群。"],
    ),
    topic(
        "expose-sample",
        [
            "Leads callers from outside to the sample, by way of the ingress gateway.",
            "将外部调用方经由入口网关引导到示例应用。",
        ],
        ["The ingress gateway answers `404`.", "入口网关返回 `404`。"],
    ),
];
