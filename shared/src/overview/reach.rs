//! Who reads whom: a matrix. Rows read columns, and every cell says why.

use super::{About, Cell, Mark, Table};
use crate::manifest::remote_secret_name;
use crate::mesh::{Mesh, is_member};
use crate::scene::{ArrowKind, PartKind};
use crate::text::{Lang, Words};
use crate::topology::Cluster;

const CAPTION: Words = Words {
    en: "Each row's control plane reads services and endpoints of the columns. “secret”: with a remote secret; “serves”: and it configures the proxies there.",
    zh: "每一行的控制平面读取各列的服务与端点。“Secret”：凭远程 Secret；“服务”：并为那里的代理提供配置。",
};
const CORNER: Words = Words { en: "Row reads column", zh: "行读取列" };

/// One cell, in words and with its reason: the cell's place `{0}` is the row's cluster, `{1}` the column's, `{2}` what else there is to say.
struct Kind {
    words: Words,
    why: Words,
    mark: Mark,
}

const OWN: Kind = Kind {
    words: Words { en: "own", zh: "自身" },
    why: Words {
        en: "The istiod of {0} reads its own cluster as its service account: it needs no secret.",
        zh: "{0} 的 istiod 以其 ServiceAccount 读取自身集群，无需 Secret。",
    },
    mark: Mark::Own,
};
const SECRET: Kind = Kind {
    words: Words { en: "secret", zh: "Secret" },
    why: Words {
        en: "The istiod of {0} reads {1} with the remote secret {2}.",
        zh: "{0} 的 istiod 凭远程 Secret {2} 读取 {1}。",
    },
    mark: Mark::Reads,
};
const SERVES: Kind = Kind {
    words: Words { en: "secret · serves", zh: "Secret · 服务" },
    why: Words {
        en: "The istiod of {0} reads {1} with the remote secret {2}, and serves its proxies.",
        zh: "{0} 的 istiod 凭远程 Secret {2} 读取 {1}，并为其代理提供服务。",
    },
    mark: Mark::Serves,
};
const SAME: Kind = Kind {
    words: Words { en: "same istiod", zh: "同一 istiod" },
    why: Words {
        en: "{0} runs no istiod. That of {2} serves it and {1} alike.",
        zh: "{0} 不运行 istiod，它与 {1} 同由 {2} 的 istiod 提供服务。",
    },
    mark: Mark::Through,
};
const THROUGH: Kind = Kind {
    words: Words { en: "via its istiod", zh: "经其 istiod" },
    why: Words {
        en: "{0} runs no istiod. That of {2} serves it, and reads {1} for it.",
        zh: "{0} 不运行 istiod，由 {2} 的 istiod 为其服务并读取 {1}。",
    },
    mark: Mark::Through,
};
const NOBODY: Kind = Kind {
    words: Words { en: "–", zh: "–" },
    why: Words {
        en: "{1} is no member of the mesh: it runs the control plane of others, and nobody reads it.",
        zh: "{1} 不是网格成员：它运行其他集群的控制平面，没有谁读取它。",
    },
    mark: Mark::None,
};

/// Makes the matrix.
pub(super) fn table(mesh: &Mesh, lang: Lang) -> Table {
    let clusters = mesh.clusters();
    let mut head = vec![CORNER.say(lang).to_owned()];
    head.extend(clusters.iter().map(|cluster| cluster.name.to_string()));
    let row = |(from, row): (usize, &Cluster)| {
        let mut cells = vec![Cell::about(row.name.as_str(), About::Cluster(from))];
        cells.extend(clusters.iter().enumerate().map(|(to, column)| cell(mesh, lang, (from, row), (to, column))));
        cells
    };
    let rows = clusters.iter().enumerate().map(row).collect();
    Table { caption: CAPTION.say(lang).to_owned(), head, rows, notes: Vec::new() }
}

fn cell(mesh: &Mesh, lang: Lang, (from, row): (usize, &Cluster), (to, column): (usize, &Cluster)) -> Cell {
    let istiod = mesh.istiod_of(row);
    let named = |kind: Kind, more: &str, about: About| Cell {
        words: kind.words.say(lang).to_owned(),
        why: kind.why.fill(lang, &[row.name.as_str(), column.name.as_str(), more]),
        mark: kind.mark,
        about: Some(about),
    };
    if !is_member(column) {
        return named(NOBODY, "", About::Cluster(to));
    }
    if istiod.name != row.name {
        let kind = if mesh.istiod_of(column).name == istiod.name { SAME } else { THROUGH };
        return named(kind, istiod.name.as_str(), About::Arrow(ArrowKind::ServedBy, from, mesh.place(&istiod.name)));
    }
    if from == to {
        return named(OWN, "", About::Part(from, PartKind::Istiod));
    }
    let (secret, _) = remote_secret_name(mesh, row, column);
    let holds_config = mesh.config_of(row).name == column.name;
    let arrow = if holds_config { ArrowKind::Config } else { ArrowKind::Reads };
    let kind = if mesh.istiod_of(column).name == row.name { SERVES } else { SECRET };
    named(kind, &secret, About::Arrow(arrow, from, to))
}
