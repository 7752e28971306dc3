//! Describing a network, and the form in which its questions are answered.

use crate::NODES_MAX;
use crate::rows::Rows;

/// Why a group cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A node outside the network.
    #[error("node {0} is not in the network")]
    NoSuchNode(u32),
    /// More members asked for than there are, or none.
    #[error("at least {at_least} of {members} cannot be")]
    TooMany {
        /// Asked for.
        at_least: u32,
        /// There are, each counted once.
        members: u32,
    },
    /// More than [`crate::NODES_MAX`] nodes, or more groups or members than 32 bits number.
    #[error("too many nodes, groups or members")]
    TooLarge,
}

/// A group: who needs it, how many losses it bears, how long its owner holds once it has failed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Group {
    pub(crate) owner: u32,
    /// Members it can lose without failing: their number less `at_least`.
    pub(crate) spare: u32,
    /// Minutes, or [`crate::HOLDS_FOREVER`].
    pub(crate) holds: u32,
}

/// That a member's loss bears on a group of that owner.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bond {
    pub(crate) owner: u32,
    pub(crate) group: u32,
}

/// The same for a group that bears losses or holds: how many it bears is said again, to save a look at the group.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counted {
    pub(crate) bond: Bond,
    pub(crate) spare: u32,
}

/// A network being described.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    nodes: u32,
    groups: Vec<Group>,
    /// Where the members of each group end.
    ends: Vec<u32>,
    members: Vec<u32>,
}

impl Builder {
    /// A network of that many nodes, numbered from 0, without any dependency. Beyond [`crate::NODES_MAX`] nodes,
    /// groups are refused.
    pub fn new(nodes: u32) -> Self {
        Self { nodes, ..Self::default() }
    }

    /// Says that `owner` needs at least `at_least` of `members`, and holds `holds` minutes without. A member named twice
    /// counts once. Answers the group's number: groups are numbered from 0 in the order in which they are accepted.
    ///
    /// # Errors
    /// A node that does not exist; more members asked for than there are, or none; a network too large. Nothing is kept.
    pub fn group(&mut self, owner: u32, members: &[u32], at_least: u32, holds: u32) -> Result<u32, Broken> {
        let unknown = std::iter::once(&owner).chain(members).find(|node| **node >= self.nodes);
        if let Some(node) = unknown {
            return Err(Broken::NoSuchNode(*node));
        }
        let number = u32::try_from(self.groups.len()).ok().filter(|n| *n < u32::MAX).ok_or(Broken::TooLarge)?;
        if self.nodes as usize > NODES_MAX || u32::try_from(self.members.len() + members.len()).is_err() {
            return Err(Broken::TooLarge);
        }
        let mut distinct = members.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let count = u32::try_from(distinct.len()).map_err(|_| Broken::TooLarge)?;
        if at_least == 0 || at_least > count {
            return Err(Broken::TooMany { at_least, members: count });
        }
        self.members.append(&mut distinct);
        self.ends.push(u32::try_from(self.members.len()).map_err(|_| Broken::TooLarge)?);
        self.groups.push(Group { owner, spare: count - at_least, holds });
        Ok(number)
    }

    /// The network.
    pub fn build(self) -> Network {
        let nodes = self.nodes.min(u32::try_from(NODES_MAX).unwrap_or(u32::MAX));
        let rows = nodes as usize;
        let groups = self.groups;
        let members = Rows::joined(std::iter::once(0).chain(self.ends).collect(), self.members);
        let bonds = members.pairs().map(|(group, member)| (member, Bond { owner: groups[group as usize].owner, group }));
        let is_plain = |bond: &Bond| {
            let group = groups[bond.group as usize];
            group.spare == 0 && group.holds == 0
        };
        let plain = Rows::of(rows, bonds.clone().filter(|(_, bond)| is_plain(bond)));
        let counted = |bond: Bond| Counted { bond, spare: groups[bond.group as usize].spare };
        let counted = bonds.clone().filter(|(_, bond)| !is_plain(bond)).map(|(member, bond)| (member, counted(bond)));
        let counted = Rows::of(rows, counted);
        let owned = Rows::of(rows, (0..).zip(&groups).map(|(number, group): (u32, &Group)| (group.owner, number)));
        let needs = Rows::of(rows, bonds.map(|(member, bond)| (bond.owner, member)));
        let dependants = needs.turned(rows);
        let needs = dependants.turned(rows);
        Network { nodes, groups, members, owned, plain, counted, needs, dependants }
    }
}

/// A network: nodes from 0 and the groups they need. See [`Builder`].
#[derive(Debug, Clone, Default)]
pub struct Network {
    pub(crate) nodes: u32,
    pub(crate) groups: Vec<Group>,
    /// Members of each group, ascending.
    pub(crate) members: Rows<u32>,
    /// Groups of each node, ascending.
    pub(crate) owned: Rows<u32>,
    /// By member: groups that any loss stops at once, the common case, read without a look at the group.
    pub(crate) plain: Rows<Bond>,
    /// By member: the other groups, which bear losses or hold.
    pub(crate) counted: Rows<Counted>,
    /// By node, each once: members of its groups.
    pub(crate) needs: Rows<u32>,
    /// By node, each once: those who need it.
    pub(crate) dependants: Rows<u32>,
}

impl Network {
    /// How many nodes.
    pub fn nodes(&self) -> u32 {
        self.nodes
    }

    /// How many groups.
    pub fn groups(&self) -> u32 {
        u32::try_from(self.groups.len()).unwrap_or(u32::MAX)
    }

    /// The members of a group, ascending; none when there is no such group.
    pub fn members(&self, group: u32) -> &[u32] {
        if group < self.groups() { self.members.row(group) } else { &[] }
    }

    /// Whom a node needs in one way or another, ascending, each once; none when there is no such node.
    pub fn needs(&self, node: u32) -> &[u32] {
        if node < self.nodes { self.needs.row(node) } else { &[] }
    }

    /// Who needs a node in one way or another, ascending, each once; none when there is no such node.
    pub fn dependants(&self, node: u32) -> &[u32] {
        if node < self.nodes { self.dependants.row(node) } else { &[] }
    }
}
