//! Which box or arrow of the drawing a line of a file comes from, and so which lines come from a box.
//!
//! Nothing is kept beside the files: their paths say which step wrote them, and what in a step is another's says so by its key (the network
//! of a pod, the istiod of a remote) or by its hole (the address of a gateway).

use shared::bundle::{INDEX, TOPOLOGY};
use shared::scene::{ArrowKind, PartKind};
use shared::topology::{GatewayKind, Role};

use crate::command::{ArrowId, Selection};
use crate::drawing::Drawing;

/// Reads a file line by line, and says what each comes from.
pub(crate) struct Tracer<'a> {
    drawing: &'a Drawing,
    kind: Kind,
    /// What the file as a whole, or its part that is being read, comes from.
    base: Selection,
    /// The list that is being read.
    section: &'a str,
    /// The field of its item that is being read.
    field: &'a str,
    /// The value of that field.
    value: &'a str,
    /// So many of its items were begun.
    items: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Topology,
    Index,
    Step,
    Words,
}

impl<'a> Tracer<'a> {
    /// Begins a file.
    pub(crate) fn new(drawing: &'a Drawing, path: &str) -> Self {
        let base = of_path(drawing, path);
        let kind = match path {
            TOPOLOGY => Kind::Topology,
            INDEX => Kind::Index,
            _ if base.is_some() => Kind::Step,
            _ => Kind::Words,
        };
        Tracer { drawing, kind, base: base.unwrap_or_default(), section: "", field: "", value: "", items: 0 }
    }

    /// Says what the next line comes from.
    pub(crate) fn next(&mut self, line: &'a str) -> Selection {
        let bare = line.trim_start();
        let indent = line.len() - bare.len();
        let (key, value) = field(bare);
        match self.kind {
            Kind::Topology => {
                match (indent, bare.starts_with("- ")) {
                    (2, true) => self.items += 1,
                    (0 | 2, _) => (self.section, self.items) = (key, 0),
                    _ => {}
                }
                if indent <= 4 {
                    (self.field, self.value) = (key, value);
                }
                self.of_topology().unwrap_or_default()
            }
            Kind::Index => {
                if indent == 0 && !bare.starts_with('-') {
                    (self.section, self.base) = (key, Selection::Mesh);
                } else if indent == 0 && key == "id" {
                    self.base = self.of_step(value).unwrap_or_default();
                } else if indent == 0 && self.section == "clusters" && key == "name" {
                    self.base = self.place(value).map(Selection::Cluster).unwrap_or_default();
                }
                named(self.drawing, line).unwrap_or_else(|| self.base.clone())
            }
            Kind::Words => {
                // A section of the runbook is a step: "## 3. cluster1/istiod".
                if let Some(head) = line.strip_prefix("## ") {
                    let step = head.split_once(". ").and_then(|(_, id)| self.of_step(id));
                    self.base = step.unwrap_or_default();
                }
                named(self.drawing, line).unwrap_or_else(|| self.base.clone())
            }
            Kind::Step => self.of_key(key, value).unwrap_or_else(|| self.base.clone()),
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        place(self.drawing, name)
    }

    fn of_step(&self, id: &str) -> Option<Selection> {
        let mut parts = id.splitn(3, '/');
        Some(made_by(self.drawing, parts.next()?, parts.next()?, parts.next().unwrap_or_default()))
    }

    /// A line of the drawing itself.
    fn of_topology(&self) -> Option<Selection> {
        let at = self.items.checked_sub(1)?;
        match self.section {
            "clusters" => {
                let arrow = |kind| Some(Selection::Arrow(ArrowId { kind, from: at, to: self.place(self.value)? }));
                self.drawing.cluster(at)?;
                let part = match self.field {
                    "network" => Some(Selection::Network(self.value.into())),
                    "controlPlane" => arrow(ArrowKind::ServedBy),
                    "config" => arrow(ArrowKind::Config),
                    "eastWest" => Some(Selection::Part(at, PartKind::EastWest)),
                    _ => None,
                };
                Some(part.unwrap_or(Selection::Cluster(at)))
            }
            "gateways" => {
                let gateway = self.drawing.topology.gateways.get(at)?;
                let part = if gateway.kind == GatewayKind::Ingress { PartKind::Ingress } else { PartKind::Egress };
                Some(Selection::Part(self.place(gateway.cluster.as_str())?, part))
            }
            _ => None,
        }
    }

    /// What in a step's file is another's.
    fn of_key(&self, key: &str, value: &str) -> Option<Selection> {
        match key {
            "network" | "topology.istio.io/network" | "value" => self
                .drawing
                .networks()
                .iter()
                .find(|network| network.as_str() == value)
                .cloned()
                .map(Selection::Network),
            "remotePilotAddress" | "injectionPath" | "injectionURL" | "topology.istio.io/controlPlaneClusters" => {
                let from = self.base.cluster()?;
                let Role::Remote { control_plane } = &self.drawing.cluster(from)?.role else { return None };
                let to = self.place(control_plane.as_str())?;
                Some(Selection::Arrow(ArrowId { kind: ArrowKind::ServedBy, from, to }))
            }
            "meshID" | "trustDomain" | "revision" | "istio.io/rev" | "app.kubernetes.io/part-of" => {
                Some(Selection::Mesh)
            }
            _ => {
                let hole = value.split_once("${")?.1.split('}').next()?;
                let (kind, name) = HOLES.iter().find_map(|(kind, part)| Some((part, hole.strip_prefix(kind)?)))?;
                let at = self.drawing.topology.clusters.iter().position(|one| one.name.variable() == name)?;
                Some(kind.map_or(Selection::Cluster(at), |part| Selection::Part(at, part)))
            }
        }
    }
}

/// What the value of a hole comes from: a gateway, or the cluster that reads its API server or its token.
const HOLES: [(&str, Option<PartKind>); 4] = [
    ("EASTWEST_ADDRESS_", Some(PartKind::EastWest)),
    ("CONTROL_PLANE_ADDRESS_", Some(PartKind::ControlPlaneGateway)),
    ("INGRESS_ADDRESS_", Some(PartKind::Ingress)),
    ("API_SERVER_", None),
];

/// Splits a line into its key and its value, both bare of quotes.
fn field(line: &str) -> (&str, &str) {
    let line = line.strip_prefix("- ").unwrap_or(line);
    let (key, value) = line.split_once(':').unwrap_or((line, ""));
    (key.trim_matches('"'), value.trim().trim_matches('"'))
}

fn place(drawing: &Drawing, name: &str) -> Option<usize> {
    drawing.topology.clusters.iter().position(|cluster| cluster.name.as_str() == name)
}

/// Finds the path of a step's file in a line.
fn named(drawing: &Drawing, line: &str) -> Option<Selection> {
    let (_, path) = line.split_once("clusters/")?;
    of_parts(drawing, path.split([' ', '`', '"', ')', ':']).next()?)
}

/// Returns what a file of a step comes from.
pub(crate) fn of_path(drawing: &Drawing, path: &str) -> Option<Selection> {
    of_parts(drawing, path.strip_prefix("clusters/")?)
}

fn of_parts(drawing: &Drawing, path: &str) -> Option<Selection> {
    let (cluster, rest) = path.split_once('/')?;
    let (folder, file) = rest.split_once('/').unwrap_or((rest, ""));
    let (_, rule) = folder.split_once('-')?;
    Some(made_by(drawing, cluster, rule, file.split('.').next().unwrap_or_default()))
}

/// Returns what of the drawing a step makes: the rule `rule` on a cluster, for that object.
pub(crate) fn made_by(drawing: &Drawing, cluster: &str, rule: &str, object: &str) -> Selection {
    let Some(at) = place(drawing, cluster) else { return Selection::Mesh };
    let drawn = drawing.cluster(at).map(|cluster| &cluster.role);
    match rule {
        "istiod" => Selection::Part(at, PartKind::Istiod),
        "remote" => Selection::Part(at, PartKind::Webhook),
        "gateway" | "pointer" | "expose-istiod" | "expose-services" => {
            let external = matches!(drawn, Some(Role::External { .. }));
            Selection::Part(at, if external { PartKind::ControlPlaneGateway } else { PartKind::EastWest })
        }
        "ingress" | "expose-sample" => Selection::Part(at, PartKind::Ingress),
        "egress" => Selection::Part(at, PartKind::Egress),
        "sample" => Selection::Part(at, PartKind::Sample),
        "secret" => {
            let Some(to) = place(drawing, object) else { return Selection::Cluster(at) };
            let keeps = matches!(drawn, Some(Role::External { config, .. }) if config.as_str() == object);
            let kind = if keeps { ArrowKind::Config } else { ArrowKind::Reads };
            Selection::Arrow(ArrowId { kind, from: at, to })
        }
        _ => Selection::Cluster(at),
    }
}

/// Says whether what a line comes from is what is selected, or a part of it.
pub(crate) fn belongs(cause: &Selection, selected: &Selection) -> bool {
    match (selected, cause) {
        (Selection::Cluster(at), Selection::Part(of, _))
        | (Selection::Part(at, PartKind::Client), Selection::Part(of, PartKind::Sample)) => at == of,
        (Selection::Many(all), Selection::Cluster(of) | Selection::Part(of, _)) => all.contains(of),
        // Traffic takes the gateways of both ends.
        (Selection::Arrow(ArrowId { kind: ArrowKind::Traffic, from, to }), Selection::Part(of, PartKind::EastWest)) => {
            of == from || of == to
        }
        _ => cause == selected,
    }
}

/// Finds the lines of a file (counted from 0) that come from what is selected; of a long file, of so many lines.
pub(crate) fn lines<'a>(
    drawing: &'a Drawing,
    path: &str,
    text: &'a str,
    selected: &'a Selection,
    most: usize,
) -> impl Iterator<Item = usize> + use<'a> {
    let mut tracer = Tracer::new(drawing, path);
    let of_selected = move |(at, line)| belongs(&tracer.next(line), selected).then_some(at);
    text.lines().take(most).enumerate().filter_map(of_selected)
}

#[cfg(test)]
mod tests;
