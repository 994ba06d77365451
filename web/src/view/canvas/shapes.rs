//! What stands on the canvas: regions, boxes, arrows and their labels. None has a handler; `data-` attributes say what it is.

use std::rc::Rc;

use shared::finding::Severity;
use shared::scene::{Arrow, ArrowKind, ClusterBox, Part, PartKind, Rect, Region};
use shared::text::Lang;
use yew::prelude::*;

use crate::command::Selection;
use crate::i18n::{Msg, plural};
use crate::picture::{fitted, width};
use crate::view::outline::{part_icon, part_name, role};
use crate::walk::Phase;

/// The room between the border of a box and its words.
const INSET: i32 = 20;

#[derive(PartialEq, Properties)]
pub(super) struct RegionProps {
    pub(super) region: Rc<Region>,
    /// The number of its colour.
    pub(super) colour: usize,
    pub(super) lang: Lang,
    pub(super) selected: bool,
    pub(super) badge: Badge,
}

/// A network.
#[component]
pub(super) fn RegionView(props: &RegionProps) -> Html {
    let (region, lang) = (&props.region, props.lang);
    let Rect { x, y, width: w, height: h } = region.rect;
    let name = region.network.to_string();
    let number = region.clusters.to_string();
    let count = plural(region.clusters, Msg::OneCluster, Msg::ManyClusters).fill(lang, &[("count", &number)]);
    html! {
        <g class={format!("region n{}", props.colour)} data-region={name.clone()} role="group" aria-label={Msg::HeardNetwork.fill(lang, &[("name", &name), ("count", &number)])}>
            { rect("ground", region.rect, 16) }
            <text class="strong" x={(x + INSET).to_string()} y={(y + 30).to_string()}>{ fitted(&name, w - 2 * INSET - 90, 13) }</text>
            <text class="small end" x={(x + w - INSET).to_string()} y={(y + 30).to_string()}>{ count }</text>
            if region.clusters == 0 {
                { rect("empty", Rect { x: x + 24, y: y + 48, width: w - 48, height: h - 72 }, 10) }
                <text class="small middle" x={(x + w / 2).to_string()} y={(y + 48 + (h - 72) / 2 + 4).to_string()}>{ Msg::EmptyRegion.say(lang) }</text>
            }
            if props.selected { { rect("ring", wider(region.rect, 4), 20) } }
            { mark(props.badge, x + w - 4, y + 4, lang) }
        </g>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct CardProps {
    pub(super) card: Rc<ClusterBox>,
    pub(super) lang: Lang,
    /// What is selected, where it is this cluster or a part of it.
    pub(super) selected: Option<Selection>,
    pub(super) badge: Badge,
    /// Whether an arrow that is being drawn could end here; nothing while none is.
    pub(super) fits: Option<bool>,
    /// How far its parts are, while the plan is played.
    pub(super) phases: Vec<Option<Phase>>,
}

/// A cluster.
#[component]
pub(super) fn CardView(props: &CardProps) -> Html {
    let CardProps { card, lang, selected, badge, fits, phases } = props;
    let lang = *lang;
    let chip = role(card.role).say(lang);
    let chip_width = width(chip, 12) + 20;
    // From far away the name is all there is to read, as large as fits.
    let far = (14 * (card.rect.width - 2 * INSET) / width(card.name.as_str(), 15).max(1)).min(56);
    let Rect { x, y, width: w, .. } = card.rect;
    let context = Msg::ContextLine.fill(lang, &[("name", &card.context)]);
    let is_part = |kind: PartKind| *selected == Some(Selection::Part(card.index, kind));
    let (gateway, sample) = (card.part(PartKind::EastWest), card.part(PartKind::Sample));
    let local = |gateway: &Part, sample: &Part| {
        let (top, end) = (gateway.rect.bottom(), sample.rect.y);
        html! { <path class="arrow local" d={format!("M{} {top}V{end}M{} {top}V{end}", x + INSET + 54, x + w - INSET - 54)} /> }
    };
    // All stands where it stands on the canvas: a transform for each box would make each a piece of its own to the browser. Words that are
    // larger from far away move by their own size (`dy`).
    html! {
        <g class={classes!("box", selected.is_some().then_some("held"), (*fits == Some(false)).then_some("unfit"))} data-card={card.index.to_string()} font-size={far.to_string()} role="group" aria-label={format!("{}, {chip}", card.name)}>
            <title>{ card.name.to_string() }</title>
            if *selected == Some(Selection::Cluster(card.index)) { { rect("ring", wider(card.rect, 4), 13) } }
            { rect("card", card.rect, 10) }
            <text class="title" x={(x + INSET).to_string()} y={(y + 12).to_string()} dy="1.4em">{ fitted(card.name.as_str(), w - 2 * INSET - chip_width - 12, 15) }</text>
            { rect("chip", Rect { x: x + w - 16 - chip_width, y: y + 17, width: chip_width, height: 22 }, 11) }
            <text class="chip-text" x={(x + w - 16 - chip_width / 2).to_string()} y={(y - 28).to_string()} dy="5em">{ chip }</text>
            <text class="small" x={(x + INSET).to_string()} y={(y + 54).to_string()}>{ fitted(&context, w - 2 * INSET, 12) }</text>
            { gateway.zip(sample).map(|(gateway, sample)| local(gateway, sample)) }
            { for card.parts.iter().enumerate().map(|(at, part)| part_view(part, lang, is_part(part.kind), phases.get(at).copied().flatten())) }
            if fits.is_none() { { port(card.rect, lang) } }
            { mark(*badge, x + w, y, lang) }
        </g>
    }
}

/// How far beside its label the badge of an arrow stands, clear of the longest.
const BESIDE: i32 = 58;

/// How bad the worst of the findings about something is, and how many there are.
pub(super) type Badge = Option<(Severity, usize)>;

/// The badge of what has findings: a disc with a cross for an error, a triangle with an exclamation mark for a warning.
fn mark(badge: Badge, x: i32, y: i32, lang: Lang) -> Html {
    let Some((worst, count)) = badge else { return html! {} };
    let words = plural(count, Msg::OneFinding, Msg::ManyFindings).fill(lang, &[("count", &count.to_string())]);
    let (shape, sign) = match worst {
        Severity::Error => ("M-11 0a11 11 0 1 0 22 0a11 11 0 1 0-22 0z", "×"),
        Severity::Warning | Severity::Info => ("M0-13 13 10H-13z", "!"),
    };
    html! {
        <g class="badge-mark" transform={at(x, y)}>
            <title>{ words }</title>
            <path class={classes!("mark", worst.word())} d={shape} />
            <text class="mark-text" y={if sign == "!" { "7" } else { "5" }}>{ sign }</text>
        </g>
    }
}

/// The place that an arrow is drawn from, at the foot of a box, where no arrow ends; larger to the pointer than to the eye.
fn port(rect: Rect, lang: Lang) -> Html {
    let (x, y) = ((rect.x + rect.width / 2).to_string(), rect.bottom().to_string());
    html! {
        <g class="port" data-port="">
            <title>{ Msg::PortTitle.say(lang) }</title>
            <circle class="reach" cx={x.clone()} cy={y.clone()} r="14" />
            <circle class="knob" cx={x} cy={y} r="6" />
        </g>
    }
}

fn part_view(part: &Part, lang: Lang, selected: bool, phase: Option<Phase>) -> Html {
    let Rect { x, y, width: w, height: h } = part.rect;
    let class = part_id(part.kind);
    let small = matches!(part.kind, PartKind::Ingress | PartKind::Egress | PartKind::Sample | PartKind::Client);
    let middle = y + h / 2;
    let name = match part.kind {
        PartKind::Sample => "helloworld",
        PartKind::Client => "curl",
        PartKind::Ingress => Msg::IngressShort.say(lang),
        PartKind::Egress => Msg::EgressShort.say(lang),
        kind => part_name(kind).say(lang),
    };
    html! {
        <g data-part={class} class={phase.map(Phase::class)}>
            { rect(if part.implied { "part implied" } else { "part" }, part.rect, 8) }
            if small {
                <text class="middle" x={(x + w / 2).to_string()} y={(middle + if part.note.is_empty() { 5 } else { -3 }).to_string()}>{ name }</text>
                <text class="small middle" x={(x + w / 2).to_string()} y={(middle + 15).to_string()}>{ part.note.clone() }</text>
            } else {
                <circle class="disc" cx={(x + 28).to_string()} cy={middle.to_string()} r="14" />
                <path class="glyph" d={format!("M{} {}{}", x + 20, middle - 8, part_icon(part.kind).path())} />
                <text class="strong" x={(x + 52).to_string()} y={(middle - 4).to_string()}>{ name }</text>
                <text class="small" x={(x + 52).to_string()} y={(middle + 14).to_string()}>{ fitted(&part.note, w - 64, 12) }</text>
            }
            if selected { { rect("ring", wider(part.rect, 3), 11) } }
        </g>
    }
}

fn rect(class: &'static str, rect: Rect, radius: i32) -> Html {
    let Rect { x, y, width, height } = rect;
    html! { <rect class={class} x={x.to_string()} y={y.to_string()} width={width.to_string()} height={height.to_string()} rx={radius.to_string()} /> }
}

fn wider(rect: Rect, by: i32) -> Rect {
    Rect { x: rect.x - by, y: rect.y - by, width: rect.width + 2 * by, height: rect.height + 2 * by }
}

#[derive(PartialEq, Properties)]
pub(super) struct ArrowProps {
    pub(super) arrow: Rc<Arrow>,
    /// Whether it is drawn in full, not only hinted at.
    pub(super) full: bool,
    /// Whether it is selected.
    pub(super) chosen: bool,
    pub(super) badge: Badge,
    pub(super) lang: Lang,
    /// How far it is, while the plan is played.
    pub(super) phase: Option<Phase>,
}

/// An arrow.
#[component]
pub(super) fn ArrowView(props: &ArrowProps) -> Html {
    let ArrowProps { arrow, full, chosen, phase, badge, lang } = props;
    let quiet = !full && !chosen;
    let class = classes!("arrow", kind_class(arrow.kind), quiet.then_some("quiet"), chosen.then_some("chosen"));
    let d = arrow.path.clone();
    let head = |clear: &'static str, hint: &'static str| if quiet { hint } else { clear };
    html! {
        <g data-arrow={arrow_id(arrow)} class={phase.map(Phase::class)}>
            <path class="hit" d={d.clone()} />
            if *chosen { <path class="halo" d={d.clone()} /> }
            { match arrow.kind {
                ArrowKind::Reads | ArrowKind::Config => html! { <path class={class} d={d} marker-end={head("url(#reads-head)", "url(#reads-hint)")} /> },
                ArrowKind::ServedBy => html! { <path class={class} d={d} marker-end={head("url(#serves-head)", "url(#serves-hint)")} /> },
                ArrowKind::Traffic => html! { <><path class={class} d={d.clone()} /><path class="arrow crosses core" d={d} /></> },
            } }
            { mark(*badge, arrow.label.x + BESIDE, arrow.label.y, *lang) }
        </g>
    }
}

/// The head of arrows: clear, or of those that are only hinted at. Their lines are pale by their colour: with `opacity` each would be a piece
/// of its own to the browser, as with a transform.
pub(super) fn head(id: &'static str) -> Html {
    html! {
        <marker id={id} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse" markerUnits="userSpaceOnUse">
            <path class={id} d="M0 1 9 5 0 9z" />
        </marker>
    }
}

/// Says in two words what an arrow says.
pub(super) fn label(arrow: &Arrow, lang: Lang, port: &str) -> Html {
    let words = match arrow.kind {
        ArrowKind::Reads => Msg::ReadsLabel.say(lang).to_owned(),
        ArrowKind::Config => Msg::ConfigLabel.say(lang).to_owned(),
        ArrowKind::ServedBy => Msg::ServesLabel.say(lang).to_owned(),
        ArrowKind::Traffic => Msg::CrossesLabel.fill(lang, &[("port", port)]),
    };
    let w = width(&words, 12) + 18;
    html! {
        <g class={classes!("pill", kind_class(arrow.kind))} key={arrow_id(arrow)} data-label={arrow_id(arrow)} data-arrow={arrow_id(arrow)} transform={at(arrow.label.x, arrow.label.y)}>
            { rect("", Rect { x: -w / 2, y: -10, width: w, height: 20 }, 10) }
            <text y="4">{ words }</text>
        </g>
    }
}

/// Names an arrow in the page.
pub(super) fn arrow_id(arrow: &Arrow) -> String {
    format!("{}-{}-{}", kind_class(arrow.kind), arrow.from, arrow.to)
}

/// Returns the class that colours an arrow.
pub(super) fn kind_class(kind: ArrowKind) -> &'static str {
    match kind {
        ArrowKind::Reads => "reads",
        ArrowKind::Config => "config",
        ArrowKind::ServedBy => "serves",
        ArrowKind::Traffic => "crosses",
    }
}

/// Names a part in the page; also what colours it. The client is part of the sample.
pub(super) fn part_id(part: PartKind) -> &'static str {
    match part {
        PartKind::Istiod => "istiod",
        PartKind::Webhook => "webhook",
        PartKind::EastWest | PartKind::ControlPlaneGateway => "gateway",
        PartKind::Ingress => "ingress",
        PartKind::Egress => "egress",
        PartKind::Sample | PartKind::Client => "sample",
    }
}

/// Returns the attribute that puts something at a place.
pub(super) fn at(x: i32, y: i32) -> String {
    format!("translate({x} {y})")
}
