//! What firewalls must let through: every way, or, where there are very many, every kind of way.

use super::{About, Cell, Table, head};
use crate::firewall::{End, FirewallRow, Purpose, address, firewall, tls, ways};
use crate::mesh::Mesh;
use crate::scene::{ArrowKind, PartKind};
use crate::text::{Lang, Words};

const CAPTION: Words = Words {
    en: "Every way is opened by the first end towards the second; answers come back on the same connection.",
    zh: "均由前者向后者发起连接；应答沿同一连接返回。",
};
const HEAD: [Words; 7] = [
    Words { en: "From", zh: "来源" },
    Words { en: "To", zh: "目标" },
    Words { en: "Address", zh: "地址" },
    Words { en: "Port", zh: "端口" },
    Words { en: "Protocol", zh: "协议" },
    Words { en: "Protected by", zh: "加密" },
    Words { en: "For", zh: "用途" },
];
const FOLDED: Words = Words {
    en: "There are {0} ways; these are their kinds. A line stands for every pair of clusters that it fits.",
    zh: "共有 {0} 条连接，此处列出其种类；每一行代表适用的所有集群对。",
};
const EVERY: Words = Words { en: "every ", zh: "所有 " };
const LATER: Words = Words {
    en: "What a load balancer, a node or the kubeconfig says is known once it is there: `isthmus status` prints it.",
    zh: "负载均衡器、节点或 kubeconfig 给出的地址要到就绪后才知道：`isthmus status` 会打印。",
};

/// Beyond this many ways a list of them is no summary.
const LISTED: usize = 400;

/// Makes the table.
pub(super) fn table(mesh: &Mesh, lang: Lang) -> Table {
    let rows = firewall(mesh);
    let tcp = || Cell::plain("TCP");
    let caption = CAPTION.say(lang).to_owned();
    if rows.len() > LISTED {
        let every = EVERY.say(lang);
        let folded = ways(mesh).into_iter().map(|(from_end, to_end, port, purpose)| {
            let is_it = |row: &&FirewallRow| {
                (row.from_end, row.to_end, row.port, row.purpose) == (from_end, to_end, port, purpose)
            };
            let protected = rows.iter().find(is_it).map_or("", |row| tls(mesh, row).words().say(lang));
            let end = |end: End| Cell::plain([every, end.words().say(lang)].concat());
            let words = [port.say(lang), "TCP".to_owned(), protected.to_owned(), purpose.words().say(lang).to_owned()];
            let mut cells = vec![end(from_end), end(to_end), Cell::plain(given(lang, to_end, purpose))];
            cells.extend(words.map(Cell::plain));
            cells
        });
        let notes = vec![FOLDED.fill(lang, &[&rows.len().to_string()]), LATER.say(lang).to_owned()];
        return Table { caption, head: head(lang, &HEAD), rows: folded.collect(), notes };
    }
    let row = |row: &FirewallRow| {
        let to = mesh.place(&row.to);
        let from = row.from.as_ref().map(|from| mesh.place(from));
        let about = about(mesh, row, from, to);
        let dials = match &row.from {
            Some(from) => [from.as_str(), ": ", row.from_end.words().say(lang)].concat(),
            None => row.from_end.words().say(lang).to_owned(),
        };
        let dialled = [row.to.as_str(), ": ", row.to_end.words().say(lang)].concat();
        let at = address(mesh, row).unwrap_or_else(|| given(lang, row.to_end, row.purpose).to_owned());
        vec![
            Cell { about: Some(about), ..Cell::plain(dials) },
            Cell::about(dialled, about),
            Cell::plain(at),
            Cell::plain(row.port.say(lang)),
            tcp(),
            Cell::plain(tls(mesh, row).words().say(lang)),
            Cell::plain(row.purpose.words().say(lang)),
        ]
    };
    let rows = rows.iter().map(row).collect();
    Table { caption, head: head(lang, &HEAD), rows, notes: vec![LATER.say(lang).to_owned()] }
}

/// Says who hands out an address that the drawing does not hold.
fn given(lang: Lang, to: End, purpose: Purpose) -> &'static str {
    let (en, zh) = match (to, purpose) {
        (End::ApiServer, _) => ("in the kubeconfig", "见 kubeconfig"),
        (End::Pods, _) => ("of its pods", "其 Pod 的地址"),
        (_, Purpose::Health) => ("of its nodes", "其节点的地址"),
        _ => ("of its Service", "其 Service 的地址"),
    };
    Words { en, zh }.say(lang)
}

/// Says what of the drawing a way belongs to.
fn about(mesh: &Mesh, row: &FirewallRow, from: Option<usize>, to: usize) -> About {
    let gateway = match row.to_end {
        End::EastWest => Some(PartKind::EastWest),
        End::ControlPlaneGateway => Some(PartKind::ControlPlaneGateway),
        End::Ingress => Some(PartKind::Ingress),
        _ => None,
    };
    match (row.purpose, from) {
        (Purpose::Discovery, Some(from)) => {
            let istiod = &mesh.clusters()[from];
            let config = mesh.config_of(istiod).name == row.to;
            About::Arrow(if config { ArrowKind::Config } else { ArrowKind::Reads }, from, to)
        }
        (Purpose::Configuration | Purpose::Webhooks, Some(from)) => About::Arrow(ArrowKind::ServedBy, from, to),
        _ => gateway.map_or(About::Cluster(to), |part| About::Part(to, part)),
    }
}
