//! Strongly connected components (mutual dependencies), those depended upon first.
//!
//! Tarjan, « Depth-first search and linear graph algorithms », 1972; without recursion, so that a long chain does not
//! exhaust the stack.

/// Nodes in an order where each comes after everything it leads to, except what leads back to it; those that lead to each
/// other are together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    /// Every node, component after component.
    pub(crate) nodes: Vec<u32>,
    /// Where each component ends in `nodes`.
    ends: Vec<u32>,
}

/// Not visited yet.
const UNSEEN: u32 = u32::MAX;

struct Walk {
    /// When a node was first seen; lowered to the earliest node on the stack it leads to.
    low: Vec<u32>,
    /// Visited, not yet in a component.
    stack: Vec<u32>,
    /// The path from the root, each with the edge to follow next.
    path: Vec<(u32, usize)>,
    seen: u32,
    done: Order,
}

impl Order {
    /// The components of a graph of that many nodes, given where each leads.
    pub(crate) fn of<'a>(nodes: u32, edges: impl Fn(u32) -> &'a [u32]) -> Self {
        let mut walk =
            Walk { low: vec![UNSEEN; nodes as usize], stack: Vec::new(), path: Vec::new(), seen: 0, done: Self::default() };
        for root in 0..nodes {
            if walk.low[root as usize] == UNSEEN {
                walk.visit(root);
                walk.explore(&edges);
            }
        }
        walk.done
    }

    /// The components, one after the other.
    pub(crate) fn components(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.nodes[start as usize..*end as usize])
    }
}

impl Walk {
    /// Nodes of finished components are marked with this, above every number of order.
    const FINISHED: u32 = UNSEEN - 1;

    fn visit(&mut self, node: u32) {
        self.low[node as usize] = self.seen;
        self.seen += 1;
        self.stack.push(node);
        self.path.push((node, 0));
    }

    fn explore<'a>(&mut self, edges: &impl Fn(u32) -> &'a [u32]) {
        // The number of order of each node on the path, as `low` changes.
        let mut orders = vec![self.seen - 1];
        while let Some((node, edge)) = self.path.last_mut() {
            let node = *node;
            if let Some(next) = edges(node).get(*edge) {
                *edge += 1;
                match self.low[*next as usize] {
                    UNSEEN => {
                        orders.push(self.seen);
                        self.visit(*next);
                    }
                    low => self.lower(node, low),
                }
                continue;
            }
            self.path.pop();
            let low = self.low[node as usize];
            if orders.pop() == Some(low) {
                self.finish(node);
            } else if let Some((parent, _)) = self.path.last() {
                self.lower(*parent, low);
            }
        }
    }

    fn lower(&mut self, node: u32, low: u32) {
        let own = &mut self.low[node as usize];
        *own = low.min(*own);
    }

    /// Everything above this node on the stack is its component.
    fn finish(&mut self, root: u32) {
        let begin = self.done.nodes.len();
        while let Some(node) = self.stack.pop() {
            self.low[node as usize] = Self::FINISHED;
            self.done.nodes.push(node);
            if node == root {
                break;
            }
        }
        self.done.nodes[begin..].sort_unstable();
        self.done.ends.push(u32::try_from(self.done.nodes.len()).unwrap_or(u32::MAX));
    }
}
