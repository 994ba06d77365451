//! Selecting, and the commands that act on what is selected.

use shared::finding::pressing;
use shared::scene::{ArrowKind, PartKind, Rect};
use shared::text::Text;
use shared::topology::Expose;

use super::{ArrowId, Direction, Edit, Editor, RoleKind, Selection, Tab};
use crate::i18n::Msg;

impl Editor {
    /// Returns everything that can be selected, in reading order, as the outline lists it.
    pub(crate) fn order(&self) -> Vec<Selection> {
        let mut order = vec![Selection::Mesh];
        let push_cluster = |order: &mut Vec<Selection>, index: usize| {
            order.push(Selection::Cluster(index));
            order.extend(self.parts(index).map(|part| Selection::Part(index, part)));
            order.extend(self.arrows(index).map(Selection::Arrow));
        };
        for network in self.drawing.networks() {
            order.push(Selection::Network(network.clone()));
            self.drawing.members(network).for_each(|(index, _)| push_cluster(&mut order, index));
        }
        for (index, cluster) in self.drawing.topology.clusters.iter().enumerate() {
            if cluster.network.is_none() {
                push_cluster(&mut order, index);
            }
        }
        order
    }

    /// Returns the parts of a cluster; the client goes with the sample.
    pub(crate) fn parts(&self, index: usize) -> impl Iterator<Item = PartKind> {
        let parts = self.picture.cards.get(index).into_iter().flat_map(|card| &card.parts);
        parts.map(|part| part.kind).filter(|kind| *kind != PartKind::Client)
    }

    /// Says whether the rules imply the east-west gateway of a cluster, where it has one that can be drawn or left to them.
    pub(crate) fn gateway_of(&self, index: usize) -> Option<bool> {
        let card = self.picture.cards.get(index)?;
        let part = card.part(PartKind::EastWest).or_else(|| card.part(PartKind::ControlPlaneGateway))?;
        let gateway = &self.drawing.cluster(index)?.east_west;
        (gateway.front() == Expose::LoadBalancer).then_some(part.implied)
    }

    /// Returns the arrows that begin at a cluster.
    pub(crate) fn arrows(&self, index: usize) -> impl Iterator<Item = ArrowId> {
        self.picture.arrows.iter().filter(move |arrow| arrow.from == index).map(|arrow| ArrowId::of(arrow))
    }

    pub(super) fn select(&mut self, selection: Selection) {
        self.selection = selection;
        // Beside the files, what is selected is marked in them.
        if self.tab != Tab::Files {
            self.tab = Tab::Selected;
        }
        (self.file, self.line) = (None, None);
    }

    /// Lets go of what is no longer there.
    pub(super) fn mend_selection(&mut self) {
        if !self.is_there(&self.selection) {
            self.select(Selection::Mesh);
        }
    }

    /// Says whether something is in the drawing.
    pub(super) fn is_there(&self, selection: &Selection) -> bool {
        match selection {
            Selection::Mesh => true,
            Selection::Network(network) => self.drawing.networks().contains(network),
            Selection::Cluster(index) => *index < self.drawing.topology.clusters.len(),
            Selection::Part(index, part) => self.parts(*index).any(|other| other == *part),
            Selection::Arrow(id) => self.arrows(id.from).any(|other| other == *id),
            Selection::Many(all) => all.iter().all(|index| *index < self.drawing.topology.clusters.len()),
        }
    }

    /// Returns the mesh, the networks and the clusters, in reading order.
    fn boxes(&self) -> Vec<Selection> {
        self.order().into_iter().filter(|one| !matches!(one, Selection::Part(..) | Selection::Arrow(_))).collect()
    }

    /// Selects the next or the previous network or cluster; parts are reached in the outline.
    pub(super) fn step(&mut self, forward: bool) -> bool {
        let order = self.boxes();
        let here = match &self.selection {
            Selection::Part(index, _) | Selection::Arrow(ArrowId { from: index, .. }) => Selection::Cluster(*index),
            Selection::Many(all) => all.last().map_or(Selection::Mesh, |&last| Selection::Cluster(last)),
            other => other.clone(),
        };
        let at = order.iter().position(|one| *one == here).unwrap_or_default();
        let next = if forward { at.checked_add(1) } else { at.checked_sub(1) };
        let Some(next) = next.and_then(|next| order.get(next)) else { return false };
        self.select_and_say(next.clone());
        true
    }

    /// Says whether there is nothing to step to.
    pub(crate) fn is_at_end(&self, forward: bool) -> bool {
        !self.clone().step(forward)
    }

    /// Selects the nearest box or region in a direction.
    pub(super) fn step_toward(&mut self, direction: Direction) -> bool {
        let Some(here) = self.selected_rect() else { return self.step(true) };
        let centre = |rect: Rect| (rect.x + rect.width / 2, rect.y + rect.height / 2);
        let (x, y) = centre(here);
        let networks = matches!(self.selection, Selection::Network(_));
        let regions = self
            .picture
            .regions
            .iter()
            .filter(|_| networks)
            .map(|region| (Selection::Network(region.network.clone()), region.rect));
        let cards =
            self.picture.cards.iter().filter(|_| !networks).map(|card| (Selection::Cluster(card.index), card.rect));
        let nearest = regions
            .chain(cards)
            .filter_map(|(selection, rect)| {
                let (dx, dy) = (centre(rect).0 - x, centre(rect).1 - y);
                let (ahead, aside) = match direction {
                    Direction::Left => (-dx, dy),
                    Direction::Right => (dx, dy),
                    Direction::Up => (-dy, dx),
                    Direction::Down => (dy, dx),
                };
                (ahead > 8).then_some((ahead + 2 * aside.abs(), selection))
            })
            .min_by_key(|(distance, _)| *distance);
        let Some((_, selection)) = nearest else { return false };
        self.select_and_say(selection);
        true
    }

    /// Returns where what is selected stands.
    pub(crate) fn selected_rect(&self) -> Option<Rect> {
        match &self.selection {
            Selection::Mesh => None,
            Selection::Network(network) => {
                self.picture.regions.iter().find(|region| region.network == *network).map(|region| region.rect)
            }
            Selection::Cluster(index) | Selection::Part(index, _) | Selection::Arrow(ArrowId { from: index, .. }) => {
                self.picture.cards.get(*index).map(|card| card.rect)
            }
            Selection::Many(all) => self.rect_of(all),
        }
    }

    pub(super) fn select_and_say(&mut self, selection: Selection) {
        self.select(selection);
        let mut text = self.describe();
        // Of networks and boxes also which of how many: what Tab goes through.
        let order = self.boxes();
        if let Some(at) = order.iter().position(|one| *one == self.selection) {
            let (at, total) = ((at + 1).to_string(), order.len().to_string());
            text = Msg::HeardPlace.about(&text, &[("at", &at), ("total", &total)]);
        }
        self.say(text);
    }

    /// Describes what is selected, for those who hear the page.
    fn describe(&self) -> Text {
        match &self.selection {
            Selection::Mesh => Msg::HeardMesh.text(&[("name", &self.drawing.topology.name)]),
            Selection::Network(network) => {
                let count = self.drawing.members(network).count().to_string();
                Msg::HeardNetwork.text(&[("name", network.as_str()), ("count", &count)])
            }
            Selection::Arrow(id) => self.arrow_words(*id),
            Selection::Many(all) => self.describe_many(all),
            Selection::Cluster(index) | Selection::Part(index, _) => {
                let Some(cluster) = self.drawing.cluster(*index) else { return Text::default() };
                let network = cluster.network.as_ref().map_or("–", |network| network.as_str());
                let findings = pressing(self.derived.about_cluster(*index)).count().to_string();
                Msg::HeardCluster.text(&[
                    ("name", cluster.name.as_str()),
                    ("role", cluster.role.word()),
                    ("network", network),
                    ("count", &findings),
                ])
            }
        }
    }

    /// Says what an arrow says.
    pub(crate) fn arrow_words(&self, id: ArrowId) -> Text {
        let name = |at: usize| self.drawing.cluster(at).map(|cluster| cluster.name.to_string()).unwrap_or_default();
        let msg = match id.kind {
            ArrowKind::ServedBy => Msg::ArrowServes,
            ArrowKind::Config => Msg::ArrowConfig,
            ArrowKind::Reads => Msg::ArrowReads,
            ArrowKind::Traffic => Msg::ArrowTraffic,
        };
        msg.text(&[("from", &name(id.from)), ("to", &name(id.to))])
    }

    pub(super) fn delete_selected(&mut self) -> bool {
        match self.selection.clone() {
            Selection::Mesh => false,
            Selection::Network(network) => self.edit(&Edit::DeleteNetwork(network)),
            Selection::Cluster(index) => self.edit(&Edit::DeleteCluster(index)),
            Selection::Many(all) => self.delete_many(all),
            Selection::Part(_, PartKind::Sample | PartKind::Client) => self.edit(&Edit::SetSample(false)),
            Selection::Part(index, part @ (PartKind::Ingress | PartKind::Egress)) => {
                let found = self.drawing.gateway(index, part);
                found.is_some_and(|at| self.edit(&Edit::RemoveGateway(at)))
            }
            // Whoever is no longer served, or keeps no configuration elsewhere, serves itself.
            Selection::Arrow(id) if id.is_drawn() => self.edit(&Edit::SetRole(id.from, RoleKind::Primary)),
            Selection::Arrow(id) => {
                let words = self.arrow_words(id);
                self.say(Msg::ImpliedArrow.about(&words, &[]));
                true
            }
            Selection::Part(index, PartKind::EastWest | PartKind::ControlPlaneGateway)
                if self.gateway_of(index) == Some(false) =>
            {
                self.edit(&Edit::SetExplicit(index, false))
            }
            // What the rules imply cannot be deleted: it goes with what implies it.
            Selection::Part(
                index,
                PartKind::Istiod | PartKind::EastWest | PartKind::ControlPlaneGateway | PartKind::Webhook,
            ) => {
                let name = self.drawing.cluster(index).map(|cluster| cluster.name.to_string()).unwrap_or_default();
                self.say(Msg::Implied.text(&[("name", &name)]));
                true
            }
        }
    }

    pub(super) fn move_to_neighbour(&mut self, forward: bool) -> bool {
        let clusters = self.selection.clusters();
        let Some(&first) = clusters.first() else { return false };
        let networks = self.drawing.networks();
        let here = self.drawing.cluster(first).and_then(|cluster| cluster.network.as_ref());
        let count = networks.len();
        let next = match networks.iter().position(|network| Some(network) == here) {
            Some(at) if forward => (at + 1) % count,
            Some(at) => (at + count - 1) % count,
            None => 0,
        };
        let Some(network) = networks.get(next).cloned() else { return false };
        let edits = clusters.iter().map(|&index| Edit::MoveCluster(index, network.clone())).collect();
        self.edit(&Edit::All(edits))
    }
}
