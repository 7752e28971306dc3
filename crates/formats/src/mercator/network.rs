//! The network: who is wired to what, and in which subnetwork an address is.

use super::links::{because, link};
use super::tables::{CABLES, TABLES, of_key, sort};
use super::{Row, Tables, external, number};
use crate::source::{Fault, Spot, Tie};
use domain::cartography::check::ANY_MAX;
use domain::cartography::need::Relation;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Reads cables and addresses.
pub(super) fn read(tables: &mut Tables<'_>) {
    if let Some((name, _)) = tables.arrays.get_key_value(CABLES) {
        let name = *name;
        cables(tables, name);
    }
    addresses(tables);
}

/// How near the core of the network a table is: what is farther needs what is nearer.
fn nearness(key: &str) -> u8 {
    match key {
        "router" | "physical_router" => 3,
        "physical_security_device" => 2,
        "network_switch" | "physical_switch" => 1,
        _ => 0,
    }
}

/// The key and the id at one end of a cable.
fn end<'c>(columns: &'c super::Columns, side: &str) -> Option<(&'c str, u64)> {
    columns.keys().find_map(|column| Some((column.strip_suffix(side)?, number(columns, column)?)))
}

/// Cables: a machine needs the equipment it is wired to, equipment needs what is nearer the core. Several cables of one
/// machine stand in for each other.
fn cables<'a>(tables: &mut Tables<'a>, table: &'a str) {
    tables.used.insert(table);
    let mut wired: BTreeMap<String, Vec<(Spot, String)>> = BTreeMap::new();
    for row in tables.rows(table) {
        let (Some(a), Some(b)) = (end(row.columns, "_src_id"), end(row.columns, "_dest_id")) else {
            let sentence = "Il manque un bout à ce câble : complétez-le dans Mercator.";
            tables.source.faults.push(Fault::of(&row.spot(), "", sentence));
            continue;
        };
        let (far, near) = if nearness(a.0) < nearness(b.0) { (a, b) } else { (b, a) };
        let (Some(far_table), Some(near_table)) = (of_key(far.0), of_key(near.0)) else { continue };
        if nearness(far.0) < nearness(near.0) {
            let (from, to) = (external(far_table, far.1), external(near_table, near.1));
            wired.entry(from).or_default().push((row.spot(), to));
        }
    }
    for (from, cables) in wired {
        for (spot, to) in cables.into_iter().take(ANY_MAX) {
            let tie = Tie::Need {
                relation: Relation::Needs,
                group: "raccordement".to_owned(),
                at_least: 1,
                holds_minutes: None,
                degrades: false,
                why: "raccordé à".to_owned(),
            };
            link(tables, spot, from.clone(), to, tie);
        }
    }
}

/// A range of addresses.
struct Range {
    base: u128,
    bits: u32,
    v4: bool,
}

fn wide(address: IpAddr) -> (u128, bool) {
    match address {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)) << 96, true),
        IpAddr::V6(v6) => (u128::from(v6), false),
    }
}

impl Range {
    /// From « 10.10.25.0/24 ».
    fn parse(text: &str) -> Option<Self> {
        let (base, bits) = text.trim().split_once('/')?;
        let (base, v4) = wide(base.trim().parse().ok()?);
        let most = if v4 { 32 } else { 128 };
        let bits = bits.trim().parse().ok().filter(|bits| (1..=most).contains(bits))?;
        Some(Self { base, bits, v4 })
    }

    fn holds(&self, address: IpAddr) -> bool {
        let (address, v4) = wide(address);
        v4 == self.v4 && (address ^ self.base) >> (128 - self.bits) == 0
    }
}

/// An address in a subnetwork: that subnetwork is needed to reach the machine, and is its zone.
fn addresses(tables: &mut Tables<'_>) {
    let range = |row: &Row<'_>| Some((Range::parse(&row.text("address")?)?, row.external(), row.text("name")?));
    let ranges: Vec<(Range, String, String)> = tables.rows("subnetworks").iter().filter_map(range).collect();
    let mut zones: BTreeMap<String, String> = BTreeMap::new();
    for table in TABLES {
        let Some((name, _)) = tables.arrays.get_key_value(table.name).filter(|(name, _)| sort(name).is_some()) else { continue };
        let name = *name;
        for row in tables.rows(name) {
            let Some(text) = row.text("address_ip") else { continue };
            let addresses = text.split([',', ';', ' ', '\n']).filter_map(|one| one.parse::<IpAddr>().ok());
            for address in addresses {
                // The narrowest that holds it.
                let held = ranges.iter().filter(|(range, ..)| range.holds(address)).max_by_key(|(range, ..)| range.bits);
                if let Some((_, subnetwork, called)) = held {
                    link(tables, row.spot(), row.external(), subnetwork.clone(), because(&format!("adresse {address}")));
                    zones.entry(row.external()).or_insert_with(|| called.clone());
                }
            }
        }
    }
    for record in &mut tables.source.records {
        if record.zone.is_none() {
            record.zone = zones.remove(&record.external);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_its_range_and_in_no_other() {
        let held = |range: &str, address: &str| {
            let address: IpAddr = address.parse().unwrap();
            Range::parse(range).is_some_and(|range| range.holds(address))
        };
        assert!(held("10.10.25.0/24", "10.10.25.9") && held("10.0.0.0/8", "10.255.0.1") && held("fd00::/8", "fd12::1"));
        assert!(!held("10.10.25.0/24", "10.10.26.9") && !held("10.10.25.0/24", "fd12::1"));
        assert!(["10.0.0.0", "10.0.0.0/33", "10.0.0.0/0", "x/8", ""].into_iter().all(|text| Range::parse(text).is_none()));
    }
}
