//! What a file says, whatever tool wrote it.

use domain::cartography::kind::AssetKind;
use domain::cartography::need::Relation;

/// Where something stands in the file, for who mends it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Sheet, table or file, e.g. « applications ».
    pub table: String,
    /// Row, from 1 (the head of a sheet is row 1); 0 when rows mean nothing.
    pub row: u64,
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// An activity.
    Activity,
    /// An element of that kind.
    Asset(AssetKind),
}

/// One activity or element, as a file says it; what the file does not say is `None` and is left as it is on the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where.
    pub spot: Spot,
    /// Its stable name in the other tool, e.g. `mercator:applications/3`; empty when it has none (then its name counts).
    pub external: String,
    /// Its other names in other tools, if any.
    pub also: Vec<String>,
    /// What it is.
    pub sort: Sort,
    /// Its name.
    pub name: String,
    /// In a few sentences, without markup.
    pub description: Option<String>,
    /// Who keeps it true.
    pub owner: Option<String>,
    /// Care priority, 1 to 5 (activities).
    pub priority: Option<u8>,
    /// DMIA, minutes.
    pub mtpd_minutes: Option<u32>,
    /// RTO, minutes.
    pub rto_minutes: Option<u32>,
    /// PDMA, minutes.
    pub rpo_minutes: Option<u32>,
    /// Network zone.
    pub zone: Option<String>,
    /// « survit à l’attaque ».
    pub survives: Option<bool>,
    /// On what that hypothesis rests.
    pub survives_why: Option<String>,
    /// Essential information system.
    pub essential: Option<bool>,
    /// Name of the unit in the register.
    pub unit: Option<String>,
    /// Name of the provider in the register.
    pub provider: Option<String>,
}

/// How a link names one of its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// By the other tool's name.
    External(String),
    /// By name, of any kind unless one is said.
    Named(Option<Sort>, String),
}

/// A link, as a file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where.
    pub spot: Spot,
    /// Who needs.
    pub from: End,
    /// What is needed.
    pub to: End,
    /// What kind of link.
    pub tie: Tie,
}

/// What kind of link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tie {
    /// A need. Links of one source with the same non-empty `group` stand in for each other.
    Need {
        /// Needed, or hosted on.
        relation: Relation,
        /// Name of the group of which `at_least` are enough; empty: a need of its own.
        group: String,
        /// How many are enough, from 1.
        at_least: u32,
        /// How long the source holds without, in minutes.
        holds_minutes: Option<u32>,
        /// Only degrades.
        degrades: bool,
        /// In words.
        why: String,
    },
    /// An interface: data go from `from` to `to`.
    Exchange {
        /// Stable name in the other tool; empty when it has none.
        external: String,
        /// What is exchanged.
        name: String,
        /// How.
        protocol: String,
        /// Whether the target goes degraded without it.
        critical: bool,
        /// Both ways.
        both_ways: bool,
        /// Through what, e.g. the interface engine.
        via: Option<End>,
        /// What is done when it is cut.
        fallback: String,
    },
    /// « géré par ».
    ManagedBy,
}

/// Something in the file that cannot be taken, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub spot: Spot,
    /// Which column, when one is at fault.
    pub column: String,
    /// What is wrong and what to do, in French.
    pub sentence: String,
}

/// All that a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// `mercator`, `glpi`, `tableur`...
    pub system: String,
    /// Name of the file.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: Option<journal::Hash>,
    /// Activities and elements.
    pub records: Vec<Record>,
    /// Links.
    pub links: Vec<Link>,
    /// Rows that could not be read.
    pub faults: Vec<Fault>,
    /// Tables of the file that say nothing about the map, with their number of rows.
    pub ignored: Vec<(String, usize)>,
    /// Whether what it says of kinds and care priorities is a person's word (a sheet of ours) or our reading of another
    /// tool's tables: such a reading proposes, and never changes what somebody wrote on the map.
    pub reading: bool,
    /// Tables it tells whole, as external ids begin, e.g. `mercator:applications`: what the map has of them and the file
    /// lacks is listed as absent.
    pub covers: Vec<String>,
}

impl Source {
    /// Both as one: a workbook of several sheets, an inventory of several files.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.records.extend(other.records);
        self.links.extend(other.links);
        self.faults.extend(other.faults);
        self.ignored.extend(other.ignored);
        self.reading |= other.reading;
        self.covers.extend(other.covers);
        self.sha256 = self.sha256.or(other.sha256);
        self
    }
}

impl Record {
    /// A record that says nothing but what it is and how it is named.
    pub fn named(spot: Spot, sort: Sort, name: &str) -> Self {
        Self {
            spot,
            external: String::new(),
            also: Vec::new(),
            sort,
            name: name.to_owned(),
            description: None,
            owner: None,
            priority: None,
            mtpd_minutes: None,
            rto_minutes: None,
            rpo_minutes: None,
            zone: None,
            survives: None,
            survives_why: None,
            essential: None,
            unit: None,
            provider: None,
        }
    }
}

impl Sort {
    /// In words: « activité », « application ».
    pub fn label(self) -> &'static str {
        match self {
            Self::Activity => "activité",
            Self::Asset(kind) => kind.label(),
        }
    }

    /// The name in forms and files: `activity`, `application`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Asset(kind) => kind.name(),
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "activity" { Some(Self::Activity) } else { AssetKind::from_name(name).map(Self::Asset) }
    }
}

impl Fault {
    /// About a cell.
    pub fn of(spot: &Spot, column: &str, sentence: impl Into<String>) -> Self {
        Self { spot: spot.clone(), column: column.to_owned(), sentence: sentence.into() }
    }
}
