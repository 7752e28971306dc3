//! Which of Mercator's tables is what on the map.

use crate::source::Sort;
use domain::cartography::kind::AssetKind;

/// A table of records: its name, what its foreign keys are called, what its rows are.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) key: &'static str,
    pub(crate) sort: Sort,
}

const fn asset(name: &'static str, key: &'static str, kind: AssetKind) -> Table {
    Table { name, key, sort: Sort::Asset(kind) }
}

/// All of them; the first of a kind is where our elements of that kind are exported.
pub(crate) const TABLES: &[Table] = &[
    Table { name: "processes", key: "process", sort: Sort::Activity },
    asset("activities", "activity", AssetKind::Process),
    asset("information", "information", AssetKind::Information),
    asset("applications", "application", AssetKind::Application),
    asset("application_services", "application_service", AssetKind::ApplicationService),
    asset("application_modules", "application_module", AssetKind::Module),
    asset("databases", "database", AssetKind::Database),
    asset("annuaires", "annuaire", AssetKind::Directory),
    asset("domains", "domain", AssetKind::Domain),
    asset("forest_ads", "forest_ad", AssetKind::Domain),
    asset("zone_admins", "zone_admin", AssetKind::AdminZone),
    asset("admin_users", "admin_user", AssetKind::AdminAccount),
    asset("entities", "entity", AssetKind::Partner),
    asset("external_connected_entities", "external_connected_entity", AssetKind::ExternalService),
    asset("networks", "network", AssetKind::Network),
    asset("lans", "lan", AssetKind::Network),
    asset("subnetworks", "subnetwork", AssetKind::Subnetwork),
    asset("vlans", "vlan", AssetKind::Subnetwork),
    asset("gateways", "gateway", AssetKind::Gateway),
    asset("security_devices", "security_device", AssetKind::SecurityDevice),
    asset("physical_security_devices", "physical_security_device", AssetKind::SecurityDevice),
    asset("dnsservers", "dnsserver", AssetKind::NameService),
    asset("dhcp_servers", "dhcp_server", AssetKind::NameService),
    asset("clusters", "cluster", AssetKind::Cluster),
    asset("logical_servers", "logical_server", AssetKind::LogicalServer),
    asset("containers", "container", AssetKind::Container),
    asset("backups", "backup", AssetKind::Backup),
    asset("certificates", "certificate", AssetKind::Certificate),
    asset("sites", "site", AssetKind::Site),
    asset("buildings", "building", AssetKind::Building),
    asset("bays", "bay", AssetKind::Bay),
    asset("physical_servers", "physical_server", AssetKind::PhysicalServer),
    asset("storage_devices", "storage_device", AssetKind::Storage),
    asset("physical_switches", "physical_switch", AssetKind::Switch),
    asset("network_switches", "network_switch", AssetKind::Switch),
    asset("physical_routers", "physical_router", AssetKind::Router),
    asset("routers", "router", AssetKind::Router),
    asset("wifi_terminals", "wifi_terminal", AssetKind::Wifi),
    asset("workstations", "workstation", AssetKind::Workstation),
    asset("peripherals", "peripheral", AssetKind::Peripheral),
    asset("phones", "phone", AssetKind::Phone),
    asset("wans", "wan", AssetKind::Link),
    asset("mans", "man", AssetKind::Link),
];

/// What the rows of a table are.
pub(crate) fn sort(table: &str) -> Option<Sort> {
    TABLES.iter().find(|one| one.name == table).map(|one| one.sort)
}

/// The table that a foreign key is about.
pub(crate) fn of_key(key: &str) -> Option<&'static str> {
    TABLES.iter().find(|one| one.key == key).map(|one| one.name)
}

/// What the foreign keys of a table are called.
pub(crate) fn key(table: &str) -> &'static str {
    TABLES.iter().find(|one| one.name == table).map_or("", |one| one.key)
}

/// Where our elements of a kind are exported.
pub(crate) fn home(sort: Sort) -> &'static str {
    let near = match sort {
        Sort::Asset(AssetKind::Provider | AssetKind::CareUnit) => "entities",
        Sort::Asset(AssetKind::Interface) => "applications",
        _ => "peripherals",
    };
    TABLES.iter().find(|one| one.sort == sort).map_or(near, |one| one.name)
}

/// What a join table says: who needs, what, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    /// Needs each.
    Needs,
    /// Goes on without, worse.
    Degraded,
    /// Hosted on each.
    Hosted,
    /// Hosted on any of them.
    HostedOnAny(&'static str),
}

/// Join tables that say what depends on what, by the keys of who needs and of what is needed.
pub(crate) const JOINS: &[(&str, &str, Join)] = &[
    ("process", "application", Join::Needs),
    ("process", "activity", Join::Degraded),
    ("activity", "application", Join::Needs),
    ("application", "application_service", Join::Needs),
    ("application_service", "application_module", Join::Needs),
    ("application", "database", Join::Needs),
    ("application", "logical_server", Join::Hosted),
    ("application", "physical_server", Join::Hosted),
    ("application", "container", Join::Hosted),
    ("application", "workstation", Join::HostedOnAny("postes")),
    ("information", "database", Join::HostedOnAny("bases")),
    ("database", "logical_server", Join::Hosted),
    ("database", "container", Join::Hosted),
    ("container", "logical_server", Join::Hosted),
    ("logical_server", "cluster", Join::Hosted),
    ("logical_server", "physical_server", Join::Hosted),
    // A cluster lives as long as one of its machines does: that is what it is for.
    ("cluster", "physical_server", Join::HostedOnAny("machines")),
    ("domain", "forest_ad", Join::Needs),
    ("router", "physical_router", Join::Hosted),
    ("network_switch", "physical_switch", Join::Hosted),
    ("security_device", "physical_security_device", Join::Hosted),
    ("backup", "storage_device", Join::Hosted),
];

/// What a foreign key says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Needs(&'static str),
    Hosted,
    Managed,
}

/// Foreign keys that say what depends on what: table, column, table it names.
pub(crate) const KEYS: &[(&str, &str, &str, Key)] = &[
    ("logical_servers", "domain_id", "domains", Key::Needs("membre de ce domaine")),
    ("workstations", "domain_id", "domains", Key::Needs("membre de ce domaine")),
    ("admin_users", "domain_id", "domains", Key::Needs("comptes de ce domaine")),
    ("forest_ads", "zone_admin_id", "zone_admins", Key::Managed),
    ("annuaires", "zone_admin_id", "zone_admins", Key::Managed),
    ("applications", "entity_resp_id", "entities", Key::Managed),
    ("databases", "entity_resp_id", "entities", Key::Managed),
    ("subnetworks", "network_id", "networks", Key::Needs("")),
    ("subnetworks", "gateway_id", "gateways", Key::Needs("")),
    ("subnetworks", "vlan_id", "vlans", Key::Hosted),
    ("bays", "room_id", "buildings", Key::Hosted),
    ("physical_servers", "physical_switch_id", "physical_switches", Key::Needs("raccordé à")),
    ("workstations", "physical_switch_id", "physical_switches", Key::Needs("raccordé à")),
];

/// Where things stand, the most precise first: column, table it names.
pub(crate) const PLACES: [(&str, &str); 3] = [("bay_id", "bays"), ("building_id", "buildings"), ("site_id", "sites")];

/// What applications exchange.
pub(crate) const FLOWS: &str = "application_flows";
/// Ends of a flow: the beginning of the column, the table it names.
pub(crate) const FLOW_ENDS: [(&str, &str); 4] = [
    ("application", "applications"),
    ("service", "application_services"),
    ("module", "application_modules"),
    ("database", "databases"),
];
/// Cables.
pub(crate) const CABLES: &str = "physical_links";
