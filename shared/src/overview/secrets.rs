//! What remote secrets cost: how many there are, what each cluster holds, and what other models would need.
//!
//! Every istiod holds one for every member but the cluster it runs in, so with a control plane in each of N members there are N·(N−1).

use super::{About, Cell, Mark, Table, head};
use crate::mesh::{Mesh, is_member};
use crate::text::{Lang, Words};
use crate::topology::Cluster;

const MODELS: Words = Words {
    en: "A remote secret is a token that reads a whole cluster. Every istiod holds one for each member elsewhere.",
    zh: "远程 Secret 是能读取整个集群的令牌。每个 istiod 为别处的每个成员各持有一份。",
};
const MODELS_HEAD: [Words; 4] = [
    Words { en: "Model", zh: "模型" },
    Words { en: "Secrets", zh: "Secret 数" },
    Words { en: "Formula", zh: "公式" },
    Words { en: "What it asks in return", zh: "代价" },
];
const DRAWN: Words = Words { en: "as drawn", zh: "当前拓扑" };
/// The models beside the drawn one: name, formula, and what it asks.
const OTHERS: [[Words; 3]; 3] = [
    [
        Words { en: "a control plane in each of {0} members", zh: "{0} 个成员各有控制平面" },
        Words { en: "N·(N−1)", zh: "N·(N−1)" },
        Words {
            en: "a signer and its intermediate in each; every token of a member is in all others",
            zh: "每个集群都是签发者并需中间证书；每个成员的令牌存在于其他所有集群",
        },
    ],
    [
        Words { en: "one primary serves all", zh: "一个主集群服务所有集群" },
        Words { en: "N−1", zh: "N−1" },
        Words {
            en: "without that primary no pod is injected and no certificate renewed",
            zh: "主集群失联时，无法注入 Pod，也无法更新证书",
        },
    ],
    [
        Words { en: "one external control plane serves all", zh: "一个外部控制平面服务所有集群" },
        Words { en: "N", zh: "N" },
        Words {
            en: "a cluster more; one of the secrets is the istio-kubeconfig of the config cluster, which may also write",
            zh: "多一个集群；其中一份是配置集群的 istio-kubeconfig，它还可以写入",
        },
    ],
];
const CLUSTERS: Words = Words {
    en: "What each cluster holds of others, and who holds what of it: rotate the second when a cluster that holds it was broken into.",
    zh: "每个集群持有他人的、以及被他人持有的 Secret：持有者被入侵时，请轮换后者。",
};
const CLUSTERS_HEAD: [Words; 3] = [
    Words { en: "Cluster", zh: "集群" },
    Words { en: "Reads (secrets in it)", zh: "读取（其中的 Secret）" },
    Words { en: "Is read by (its token is there)", zh: "被读取（令牌所在）" },
];

/// Compares the drawn model with others.
pub(super) fn models(mesh: &Mesh, lang: Lang) -> Table {
    let members = mesh.members().count();
    let drawn: usize = mesh.istiods().map(|istiod| mesh.watched_by(istiod).count()).sum();
    let istiods = mesh.istiods().count();
    let all = members.to_string();
    // Where every member runs its own, the formula is that of the first model; the sum says it for any other.
    let sum = mesh.istiods().map(|istiod| mesh.watched_by(istiod).count().to_string());
    let sum = if istiods <= 8 { sum.collect::<Vec<_>>().join(" + ") } else { String::new() };
    let mut rows = vec![vec![
        Cell { mark: Mark::Own, ..Cell::plain(DRAWN.say(lang)) },
        Cell { mark: Mark::Own, ..Cell::plain(drawn.to_string()) },
        Cell::plain(sum),
        Cell::plain(""),
    ]];
    let counts = [members * members.saturating_sub(1), members.saturating_sub(1), members];
    for ([name, formula, asks], count) in OTHERS.into_iter().zip(counts) {
        let words =
            [name.fill(lang, &[&all]), count.to_string(), formula.say(lang).to_owned(), asks.say(lang).to_owned()];
        rows.push(words.map(Cell::plain).to_vec());
    }
    Table { caption: MODELS.say(lang).to_owned(), head: head(lang, &MODELS_HEAD), rows, notes: Vec::new() }
}

/// Counts what each cluster holds.
pub(super) fn clusters(mesh: &Mesh, lang: Lang) -> Table {
    let row = |(place, cluster): (usize, &Cluster)| {
        let runs = mesh.istiods().any(|istiod| istiod.name == cluster.name);
        let holds = if runs { mesh.watched_by(cluster).count() } else { 0 };
        let held =
            if is_member(cluster) { mesh.istiods().filter(|istiod| istiod.name != cluster.name).count() } else { 0 };
        vec![
            Cell::about(cluster.name.as_str(), About::Cluster(place)),
            Cell::plain(holds.to_string()),
            Cell::plain(held.to_string()),
        ]
    };
    let rows = mesh.clusters().iter().enumerate().map(row).collect();
    Table { caption: CLUSTERS.say(lang).to_owned(), head: head(lang, &CLUSTERS_HEAD), rows, notes: Vec::new() }
}
