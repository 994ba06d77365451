//! A scene as an SVG document that stands alone: plain shapes and text, no script, no style sheet, no link.

use std::fmt::Write;

use super::{Arrow, ArrowKind, ClusterBox, Part, PartKind, Rect, Region, Scene};

/// Colours of regions, line and fill, by turns.
const NETWORKS: [(&str, &str); 4] =
    [("#0f766e", "#e9f6f4"), ("#7c3aed", "#f3eefe"), ("#b45309", "#fdf4e7"), ("#be185d", "#fdeef5")];

/// Writes a scene as an SVG document.
pub fn svg(scene: &Scene) -> String {
    let mut out = String::new();
    let (width, height) = (scene.width.max(320), scene.height.max(160));
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"system-ui,sans-serif\" font-size=\"13\">"
    );
    let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#f6f7f9\"/>");
    out.push_str("<defs>\n");
    for (id, colour) in [("served", "#0b6bcb"), ("reads", "#b4540a")] {
        let _ = writeln!(
            out,
            "<marker id=\"{id}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 1 9 5 0 9z\" fill=\"{colour}\"/></marker>"
        );
    }
    out.push_str("</defs>\n");
    for (i, region) in scene.regions.iter().enumerate() {
        write_region(&mut out, region, NETWORKS[i % NETWORKS.len()]);
    }
    for cluster in &scene.clusters {
        write_cluster(&mut out, cluster);
    }
    for arrow in &scene.arrows {
        write_arrow(&mut out, arrow);
    }
    out.push_str("</svg>\n");
    out
}

fn write_region(out: &mut String, region: &Region, (line, fill): (&str, &str)) {
    let Rect { x, y, width, height } = region.rect;
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"16\" fill=\"{fill}\" stroke=\"{line}\" stroke-opacity=\".45\"/>"
    );
    write_text(out, x + 20, y + 28, &format!("fill=\"{line}\" font-weight=\"600\""), region.network.as_str());
}

fn write_cluster(out: &mut String, cluster: &ClusterBox) {
    let Rect { x, y, width, height } = cluster.rect;
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"#fff\" stroke=\"#c9ced6\"/>"
    );
    write_text(out, x + 20, y + 30, "font-size=\"15\" font-weight=\"650\" fill=\"#1b2330\"", cluster.name.as_str());
    write_text(out, x + width - 20, y + 30, "font-size=\"12\" text-anchor=\"end\" fill=\"#0b6bcb\"", cluster.role);
    write_text(out, x + 20, y + 50, "font-size=\"12\" fill=\"#5d6878\"", &format!("context {}", cluster.context));
    for part in &cluster.parts {
        write_part(out, part);
    }
}

fn write_part(out: &mut String, part: &Part) {
    let Rect { x, y, width, height } = part.rect;
    let (title, line) = match part.kind {
        PartKind::Istiod => ("istiod", "#0b6bcb"),
        PartKind::Webhook => ("injection webhook", "#8a94a3"),
        PartKind::EastWest => ("east-west gateway", "#1a7f4b"),
        PartKind::Ingress => ("ingress", "#1a7f4b"),
        PartKind::Egress => ("egress", "#1a7f4b"),
        PartKind::ControlPlaneGateway => ("control plane gateway", "#1a7f4b"),
        PartKind::Sample => ("helloworld", "#c9ced6"),
        PartKind::Client => ("client", "#c9ced6"),
    };
    let dash = if part.implied { " stroke-dasharray=\"5 4\"" } else { "" };
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#f6f7f9\" stroke=\"{line}\"{dash}/>"
    );
    let baseline = if part.note.is_empty() { y + height / 2 + 5 } else { y + height / 2 - 4 };
    write_text(out, x + 16, baseline, "font-weight=\"600\" fill=\"#1b2330\"", title);
    if !part.note.is_empty() {
        write_text(out, x + 16, baseline + 18, "font-size=\"12\" fill=\"#5d6878\"", &part.note);
    }
}

fn write_arrow(out: &mut String, arrow: &Arrow) {
    let (colour, rest, word) = match arrow.kind {
        ArrowKind::ServedBy => ("#0b6bcb", "stroke-width=\"2\" marker-end=\"url(#served)\"", "served by"),
        ArrowKind::Config => ("#b4540a", "stroke-width=\"2\" marker-end=\"url(#reads)\"", "configuration in"),
        ArrowKind::Reads => {
            ("#b4540a", "stroke-width=\"2\" stroke-dasharray=\"6 5\" marker-end=\"url(#reads)\"", "reads")
        }
        ArrowKind::Traffic => ("#1a7f4b", "stroke-width=\"3\"", "mTLS"),
    };
    let _ = writeln!(out, "<path d=\"{}\" fill=\"none\" stroke=\"{colour}\" {rest}/>", arrow.path);
    write_text(
        out,
        arrow.label.x,
        arrow.label.y - 6,
        &format!(
            "font-size=\"12\" text-anchor=\"middle\" fill=\"{colour}\" stroke=\"#f6f7f9\" stroke-width=\"4\" paint-order=\"stroke\""
        ),
        word,
    );
}

fn write_text(out: &mut String, x: i32, y: i32, attributes: &str, text: &str) {
    let _ = write!(out, "<text x=\"{x}\" y=\"{y}\" {attributes}>");
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if c < ' ' => out.push(' '),
            c => out.push(c),
        }
    }
    out.push_str("</text>\n");
}
