//! Who vouches for whom: which istiod signs the certificates of which cluster, under which root, and what would not verify.
//!
//! Sources: Istio's pages "Plug in CA Certificates" and "Before you begin: Configure Trust"; seed 004 for the host name of an external istiod.

use super::{About, Cell, Mark, Table, head};
use crate::mesh::{Mesh, is_member};
use crate::scene::PartKind;
use crate::text::{Lang, Words};
use crate::topology::{Cluster, Entry};

const CAPTION: Words = Words {
    en: "Certificates of workloads are signed by an istiod; two workloads verify each other where their certificates lead to one root.",
    zh: "工作负载的证书由 istiod 签发；证书能追溯到同一个根时，两个工作负载才能互相验证。",
};
const HEAD: [Words; 5] = [
    Words { en: "Cluster", zh: "集群" },
    Words { en: "Signed by", zh: "签发者" },
    Words { en: "Which signs with", zh: "签发所用" },
    Words { en: "Root", zh: "根" },
    Words { en: "Would not verify", zh: "何时无法验证" },
];
const ISTIOD: Words = Words { en: "istiod of {0}", zh: "{0} 的 istiod" };
const CACERTS: Words = Words { en: "its intermediate (secret cacerts)", zh: "其中间证书（Secret cacerts）" };
const SELF_SIGNED: Words =
    Words { en: "a root it makes itself (istio-ca-secret)", zh: "自建的根（istio-ca-secret）" };
const SHARED: Words = Words { en: "the shared root", zh: "共享的根" };
const ALONE: Words = Words { en: "the root of {0}", zh: "{0} 的根" };
const WITHOUT: Words = Words {
    en: "without cacerts under the shared root before istiod starts: CERTIFICATE_VERIFY_FAILED towards every other signer",
    zh: "若 istiod 启动前没有共享根之下的 cacerts：与其他签发者之间 CERTIFICATE_VERIFY_FAILED",
};
const NEVER: Words = Words {
    en: "nothing inside the mesh: one signer, one root",
    zh: "网格内都能验证：只有一个签发者和一个根",
};
const NO_WORKLOADS: Words =
    Words { en: "– (no member, no workloads)", zh: "–（非成员，没有工作负载）" };
const DOMAIN: Words = Words {
    en: "Trust domain {0}: a workload is spiffe://{0}/ns/NAMESPACE/sa/ACCOUNT in every cluster, so the same account in the same namespace is the same caller everywhere.",
    zh: "信任域 {0}：工作负载在每个集群中都是 spiffe://{0}/ns/命名空间/sa/账号，因此同一命名空间中的同名账号在各处都是同一调用方。",
};
const SIGNERS: Words = Words {
    en: "{0} signers share one root: each needs an intermediate under it. `isthmus certs` makes them, `isthmus check` compares what is there.",
    zh: "{0} 个签发者共享一个根：各需一份其下的中间证书。`isthmus certs` 生成它们，`isthmus check` 会比对现有证书。",
};
const HOST: Words = Words {
    en: "The gateway of {0} shows the certificate {1} for {2}: the mesh's root does not vouch for it, so an authority must have signed it that the clusters it serves know.",
    zh: "{0} 的网关以证书 {1} 表明 {2}：网格的根不为其担保，因此它须由被服务的集群所认可的机构签发。",
};

/// Makes the table.
pub(super) fn table(mesh: &Mesh, lang: Lang) -> Table {
    let signers = mesh.signers().count();
    let row = |(place, cluster): (usize, &Cluster)| {
        let signer = if mesh.injects_itself(cluster) { cluster } else { mesh.istiod_of(cluster) };
        let name = signer.name.as_str();
        let plugged = mesh.trust_of(signer).is_some();
        let who = if is_member(cluster) {
            Cell::about(ISTIOD.fill(lang, &[name]), About::Part(mesh.place(&signer.name), PartKind::Istiod))
        } else {
            Cell::plain(NO_WORKLOADS.say(lang))
        };
        let root = if plugged { SHARED.say(lang).to_owned() } else { ALONE.fill(lang, &[name]) };
        vec![
            Cell::about(cluster.name.as_str(), About::Cluster(place)),
            who,
            Cell::plain(if plugged { CACERTS } else { SELF_SIGNED }.say(lang)),
            Cell { mark: if signers > 1 { Mark::Own } else { Mark::Plain }, ..Cell::plain(root) },
            Cell::plain(if plugged { WITHOUT } else { NEVER }.say(lang)),
        ]
    };
    let rows = mesh.clusters().iter().enumerate().map(row).collect();
    let mut notes = vec![DOMAIN.fill(lang, &[&mesh.topology().trust_domain])];
    if signers > 1 {
        notes.push(SIGNERS.fill(lang, &[&signers.to_string()]));
    }
    for istiod in mesh.istiods() {
        if let Entry::Host { host, credential } = mesh.entry(istiod) {
            notes.push(HOST.fill(lang, &[istiod.name.as_str(), credential, host]));
        }
    }
    Table { caption: CAPTION.say(lang).to_owned(), head: head(lang, &HEAD), rows, notes }
}
