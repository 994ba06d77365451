//! A verdict on trust, resilience and exposure, each with its reason: what to weigh, not a mark to collect.

use super::{Cell, Mark, Table, head};
use crate::mesh::Mesh;
use crate::text::{Lang, Words};
use crate::topology::{Expose, GatewayKind};

const CAPTION: Words = Words {
    en: "What this drawing is good at and what it asks you to weigh, with the reasons. It says nothing of what runs inside the clusters.",
    zh: "此拓扑的长处与需要权衡之处及其原因。它不涉及集群内部运行的内容。",
};
const HEAD: [Words; 3] =
    [Words { en: "About", zh: "方面" }, Words { en: "Verdict", zh: "结论" }, Words { en: "Because", zh: "原因" }];
const GOOD: Words = Words { en: "good", zh: "良好" };
const FAIR: Words = Words { en: "to be weighed", zh: "需权衡" };
const WEAK: Words = Words { en: "weak", zh: "薄弱" };

const TRUST: Words = Words { en: "Trust", zh: "信任" };
const TRUST_ONE: Words = Words {
    en: "One istiod signs for everyone: nothing to share, and who breaks into {0} signs as anyone.",
    zh: "所有证书由一个 istiod 签发：无需共享；但侵入 {0} 者可冒充任何身份。",
};
const TRUST_MANY: Words = Words {
    en: "{0} signers, each with an intermediate of its own under one root that stays offline: one of them can be replaced alone.",
    zh: "{0} 个签发者，各有中间证书，根可离线保存：可单独更换其中之一。",
};
const SECRETS: Words = Words { en: "Secrets", zh: "Secret" };
const SECRETS_WHY: Words = Words {
    en: "{0} tokens that read a whole cluster; at most {1} of them in one cluster.",
    zh: "{0} 份可读取整个集群的令牌；单个集群最多持有 {1} 份。",
};
const RESILIENCE: Words = Words { en: "Resilience", zh: "韧性" };
const RESILIENT: Words = Words {
    en: "Every member has a control plane of its own: each goes on when all others are gone.",
    zh: "每个成员都有自己的控制平面：其他集群全部失联时仍可继续工作。",
};
const DEPENDS: Words = Words {
    en: "While {0} is gone, {1} inject no pods, get no configuration, and their certificates run out within a day.",
    zh: "{0} 失联期间，{1} 无法注入 Pod、得不到新配置，证书将在一天内过期。",
};
const CLUSTERS: Words = Words { en: "{0} clusters", zh: "{0} 个集群" };
const EXPOSURE: Words = Words { en: "Exposure", zh: "暴露面" };
const CLOSED: Words = Words {
    en: "No gateway is reached from outside its network; API servers are dialled by those who read them.",
    zh: "没有网关可从网络之外访问；API Server 仅由读取者访问。",
};
const OPEN: Words = Words {
    en: "{0} gateways between clusters, {1} of them limited to source ranges; {2} ingress gateways.",
    zh: "{0} 个集群间网关，其中 {1} 个限制了来源地址段；{2} 个入口网关。",
};

/// The most clusters that are named one by one.
const NAMED: usize = 4;

/// Makes the table.
pub(super) fn table(mesh: &Mesh, lang: Lang) -> Table {
    let mut rows = Vec::new();
    let mut add = |about: Words, mark: Mark, why: String| {
        let verdict = match mark {
            Mark::Good => GOOD,
            Mark::Weak => WEAK,
            _ => FAIR,
        };
        let verdict = Cell { mark, ..Cell::plain(verdict.say(lang)) };
        rows.push(vec![Cell::plain(about.say(lang)), verdict, Cell::plain(why)]);
    };
    let signers = mesh.signers().count();
    if signers > 1 {
        add(TRUST, Mark::Good, TRUST_MANY.fill(lang, &[&signers.to_string()]));
    } else if let Some(signer) = mesh.signers().next() {
        add(TRUST, Mark::Fair, TRUST_ONE.fill(lang, &[signer.name.as_str()]));
    }
    let held = || mesh.istiods().map(|istiod| mesh.watched_by(istiod).count());
    let (all, most) = (held().sum::<usize>(), held().max().unwrap_or_default());
    let members = mesh.members().count();
    // Beyond a few clusters the square of them is more than anyone rotates by hand.
    let cost = if all <= members {
        Mark::Good
    } else if all <= 30 {
        Mark::Fair
    } else {
        Mark::Weak
    };
    add(SECRETS, cost, SECRETS_WHY.fill(lang, &[&all.to_string(), &most.to_string()]));

    let mut independent = true;
    for istiod in mesh.istiods() {
        let served: Vec<&str> = mesh.served_by(istiod).map(|served| served.name.as_str()).collect();
        if served.is_empty() {
            continue;
        }
        independent = false;
        let who =
            if served.len() <= NAMED { served.join(", ") } else { CLUSTERS.fill(lang, &[&served.len().to_string()]) };
        let mark = if served.len() * 2 > members { Mark::Weak } else { Mark::Fair };
        add(RESILIENCE, mark, DEPENDS.fill(lang, &[istiod.name.as_str(), &who]));
    }
    if independent {
        add(RESILIENCE, Mark::Good, RESILIENT.say(lang).to_owned());
    }

    let serves_from_outside = |istiod: &&crate::topology::Cluster| mesh.hosts_external(istiod);
    let between: Vec<_> = mesh.members().filter(|member| mesh.has_east_west(member)).collect();
    let outside = mesh.istiods().filter(serves_from_outside).count();
    let is_limited = |gateway: &&&crate::topology::Cluster| {
        gateway.east_west.front() == Expose::LoadBalancer && !gateway.east_west.source_ranges.is_empty()
    };
    let limited = between.iter().filter(is_limited).count();
    let gateways = between.len() + outside;
    let ingress = mesh.gateways(GatewayKind::Ingress).count();
    if gateways + ingress == 0 {
        add(EXPOSURE, Mark::Good, CLOSED.say(lang).to_owned());
    } else {
        let mark = if limited == gateways { Mark::Good } else { Mark::Fair };
        let numbers = [gateways, limited, ingress].map(|number| number.to_string());
        add(EXPOSURE, mark, OPEN.fill(lang, &[&numbers[0], &numbers[1], &numbers[2]]));
    }
    Table { caption: CAPTION.say(lang).to_owned(), head: head(lang, &HEAD), rows, notes: Vec::new() }
}
