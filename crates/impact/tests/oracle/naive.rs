//! The oracle: a plain description of a network and slow answers.

use impact::{Builder, HOLDS_FOREVER, Loss, Network};

/// A group as it was described.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) owner: u32,
    /// Distinct.
    pub(crate) members: Vec<u32>,
    pub(crate) at_least: usize,
    pub(crate) holds: u32,
}

/// A network as it was described.
#[derive(Debug, Clone)]
pub(crate) struct Plain {
    pub(crate) nodes: u32,
    pub(crate) groups: Vec<Group>,
}

impl Plain {
    pub(crate) fn network(&self) -> Network {
        let mut builder = Builder::new(self.nodes);
        for (number, group) in self.groups.iter().enumerate() {
            let again: Vec<u32> = group.members.iter().rev().chain(&group.members).copied().collect();
            let at_least = u32::try_from(group.at_least).unwrap();
            let accepted = builder.group(group.owner, &again, at_least, group.holds);
            assert_eq!(accepted, Ok(u32::try_from(number).unwrap()));
        }
        builder.build()
    }

    pub(crate) fn all(&self) -> Vec<u32> {
        (0..self.nodes).collect()
    }

    /// Whether a group has failed, given who is down.
    fn failed(&self, group: &Group, down: &[bool]) -> bool {
        group.members.iter().filter(|member| !down[**member as usize]).count() < group.at_least
    }

    /// Minute after minute: when each node is first hit and when it goes down.
    pub(crate) fn simulate(&self, lost: &[Loss], minutes: u32) -> Vec<(Option<u32>, Option<u32>)> {
        let nodes = self.nodes as usize;
        let (mut fates, mut down) = (vec![(None, None); nodes], vec![false; nodes]);
        let mut failed_at = vec![None; self.groups.len()];
        for now in 0..=minutes {
            // Within a minute, until nothing changes.
            loop {
                let before = (down.clone(), failed_at.clone());
                for loss in lost.iter().filter(|loss| loss.at <= now) {
                    down[loss.node as usize] = true;
                }
                for (group, failed) in self.groups.iter().zip(&mut failed_at) {
                    if failed.is_none() && self.failed(group, &down) {
                        *failed = Some(now);
                    }
                    let long = failed.is_some_and(|at| group.holds != HOLDS_FOREVER && now - at >= group.holds);
                    down[group.owner as usize] |= long;
                }
                if before == (down.clone(), failed_at.clone()) {
                    break;
                }
            }
            for (group, failed) in self.groups.iter().zip(&failed_at) {
                if failed.is_some() {
                    fates[group.owner as usize].0.get_or_insert(now);
                }
            }
            for (fate, down) in fates.iter_mut().zip(&down) {
                if *down {
                    fate.0.get_or_insert(now);
                    fate.1.get_or_insert(now);
                }
            }
        }
        fates
    }

    /// Who is down in the end, without time.
    pub(crate) fn down(&self, lost: &[u32]) -> Vec<bool> {
        let mut down: Vec<bool> = self.all().iter().map(|node| lost.contains(node)).collect();
        loop {
            let before = down.clone();
            for group in self.groups.iter().filter(|group| group.holds != HOLDS_FOREVER) {
                down[group.owner as usize] |= self.failed(group, &before);
            }
            if down == before {
                return down;
            }
        }
    }

    /// Who needs a node, directly or not, without itself.
    pub(crate) fn downstream(&self, node: u32) -> Vec<u32> {
        let mut found = vec![node];
        loop {
            let needs =
                |group: &&Group| group.members.iter().any(|member| found.contains(member)) && !found.contains(&group.owner);
            let Some(group) = self.groups.iter().find(needs) else { break };
            found.push(group.owner);
        }
        found.remove(0);
        found.sort_unstable();
        found
    }

    /// Every subset of the nodes.
    pub(crate) fn powerset(&self) -> Vec<Vec<u32>> {
        let subset = |mask: u32| self.all().into_iter().filter(|node| mask >> node & 1 == 1).collect();
        (0..1_u32 << self.nodes).map(subset).collect()
    }
}
