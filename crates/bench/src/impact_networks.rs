//! Networks made up for measuring, always the same: a large hospital and a region.

use ::impact::{Broken, Builder, HOLDS_FOREVER, Network};

/// A small generator of numbers (SplitMix64): the same everywhere for one seed.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound.max(1))).unwrap_or(0)
    }

    /// One of the numbers of a range, each as likely.
    fn one_of(&mut self, (begin, end): (u32, u32)) -> u32 {
        begin + self.below(end - begin)
    }

    /// A number below a bound, small ones much more often: a few hubs serve many.
    fn hub(&mut self, bound: u32) -> u32 {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((f64::from(bound) * share.powf(SKEW)) as u32).min(bound - 1)
    }
}

/// How uneven the hubs of a region are, and that one need in so many goes to the layer just under (the others to any layer
/// under): the mean closure is then about 7,300 nodes.
const SKEW: f64 = 2.0;
const NEAR: u32 = 8;
/// Nodes and edges of a region, and its layers.
pub(crate) const REGION_NODES: u32 = 100_000;
const REGION_EDGES: u32 = 1_000_000;
const LAYERS: u32 = 10;
const WIDTH: u32 = REGION_NODES / LAYERS;

/// Whom each node of a region needs, distinct, all in layers under its own.
fn region_needs(draw: &mut Draw) -> Vec<(u32, Vec<u32>)> {
    let owners = WIDTH..REGION_NODES;
    let count = owners.end - owners.start;
    let needs = owners.map(|owner| {
        let wanted = (REGION_EDGES / count + u32::from(owner - WIDTH < REGION_EDGES % count)) as usize;
        let layer = owner / WIDTH;
        let mut members = Vec::with_capacity(wanted);
        while members.len() < wanted {
            let under = if draw.below(NEAR) == 0 { layer - 1 } else { draw.below(layer) };
            let member = under * WIDTH + draw.hub(WIDTH);
            if !members.contains(&member) {
                members.push(member);
            }
        }
        (owner, members)
    });
    needs.collect()
}

/// A region where any loss stops those who need it.
pub(crate) fn region() -> Result<Network, Broken> {
    let mut builder = Builder::new(REGION_NODES);
    for (owner, members) in region_needs(&mut Draw(1)) {
        builder.group(owner, &members, u32::try_from(members.len()).unwrap_or(u32::MAX), 0)?;
    }
    Ok(builder.build())
}

/// The same region with redundancy: of eleven members two are needed at once and one after a while, four are two pairs of
/// which one of each is enough, four a set of which two are enough.
pub(crate) fn redundant_region() -> Result<Network, Broken> {
    const HOLDS: [u32; 4] = [0, 0, 60, 240];
    let mut draw = Draw(1);
    let needs = region_needs(&mut draw);
    let mut builder = Builder::new(REGION_NODES);
    for (owner, members) in needs {
        for (from, count, at_least) in [(0, 1, 1), (1, 1, 1), (3, 2, 1), (5, 2, 1), (7, 4, 2)] {
            builder.group(owner, &members[from..from + count], at_least, 0)?;
        }
        builder.group(owner, &members[2..3], 1, HOLDS[draw.below(4) as usize])?;
        if let Some(last) = members.get(11) {
            builder.group(owner, &[*last], 1, HOLDS_FOREVER)?;
        }
    }
    Ok(builder.build())
}

/// A hospital's lanes, each a range of nodes.
pub(crate) mod chu {
    pub(crate) const ACTIVITIES: (u32, u32) = (0, 400);
    pub(crate) const APPLICATIONS: (u32, u32) = (400, 1_400);
    pub(crate) const DATABASES: (u32, u32) = (1_400, 1_700);
    pub(crate) const SERVERS: (u32, u32) = (1_700, 3_200);
    pub(crate) const HYPERVISORS: (u32, u32) = (3_200, 3_260);
    pub(crate) const BAYS: (u32, u32) = (3_260, 3_270);
    pub(crate) const SWITCHES: (u32, u32) = (3_270, 3_590);
    pub(crate) const CORE_SWITCHES: (u32, u32) = (3_590, 3_594);
    pub(crate) const CONTROLLERS: (u32, u32) = (3_594, 3_598);
    pub(crate) const EAI: u32 = 3_598;
    pub(crate) const BACKUP: u32 = 3_599;
    /// Work stations, biomedical devices.
    pub(crate) const DEVICES: (u32, u32) = (3_600, 5_000);
    pub(crate) const NODES: u32 = 5_000;
}
use chu::*;

/// A large hospital: 5,000 nodes in lanes, clusters and pairs, a directory everything needs, monitoring in a cycle with
/// what it watches over.
pub(crate) fn hospital() -> Result<Network, Broken> {
    let (mut draw, mut builder) = (Draw(7), Builder::new(NODES));
    for activity in ACTIVITIES.0..ACTIVITIES.1 {
        for _ in 0..2 + draw.below(5) {
            let hold = [0, 15, 60, 240, HOLDS_FOREVER][draw.below(5) as usize];
            builder.group(activity, &[APPLICATIONS.0 + draw.hub(1_000)], 1, hold)?;
        }
        let devices: Vec<u32> = (0..6).map(|_| draw.one_of(DEVICES)).collect();
        builder.group(activity, &devices, 1, 30)?;
    }
    let controllers: Vec<u32> = (CONTROLLERS.0..CONTROLLERS.1).collect();
    for application in APPLICATIONS.0..APPLICATIONS.1 {
        builder.group(application, &controllers, 1, 0)?;
        builder.group(application, &[draw.one_of(DATABASES)], 1, 0)?;
        let servers: Vec<u32> = (0..=draw.below(3)).map(|_| draw.one_of(SERVERS)).collect();
        builder.group(application, &servers, 1, 0)?;
        if draw.below(3) == 0 {
            builder.group(application, &[EAI], 1, HOLDS_FOREVER)?;
        }
        if draw.below(4) == 0 {
            builder.group(application, &[draw.one_of(APPLICATIONS)], 1, 120)?;
        }
    }
    machines(&mut builder, &mut draw)?;
    Ok(builder.build())
}

fn machines(builder: &mut Builder, draw: &mut Draw) -> Result<(), Broken> {
    for database in DATABASES.0..DATABASES.1 {
        let pair = [draw.one_of(SERVERS), draw.one_of(SERVERS)];
        builder.group(database, &pair, 1, 0)?;
        builder.group(database, &[BACKUP], 1, HOLDS_FOREVER)?;
    }
    let servers = (SERVERS.0..SERVERS.1).chain(CONTROLLERS.0..=BACKUP);
    for server in servers {
        // Clusters of five hypervisors: three carry the load.
        let cluster = HYPERVISORS.0 + 5 * draw.below(12);
        builder.group(server, &(cluster..cluster + 5).collect::<Vec<_>>(), 3, 0)?;
        builder.group(server, &[draw.one_of(BAYS)], 1, 0)?;
        builder.group(server, &[draw.one_of(SWITCHES), draw.one_of(SWITCHES)], 1, 0)?;
    }
    let core: Vec<u32> = (CORE_SWITCHES.0..CORE_SWITCHES.1).collect();
    for switch in SWITCHES.0..SWITCHES.1 {
        builder.group(switch, &core, 2, 0)?;
    }
    for hypervisor in HYPERVISORS.0..HYPERVISORS.1 {
        builder.group(hypervisor, &[draw.one_of(SWITCHES), draw.one_of(SWITCHES)], 1, 0)?;
        // The consoles of hypervisors sign in with the directory that they carry: a day without is bearable.
        builder.group(hypervisor, &[CONTROLLERS.0, CONTROLLERS.0 + 1], 1, 1_440)?;
    }
    for device in DEVICES.0..DEVICES.1 {
        builder.group(device, &[draw.one_of(SWITCHES)], 1, 0)?;
    }
    Ok(())
}
