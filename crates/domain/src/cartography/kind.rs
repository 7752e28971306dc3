//! What an element of the map is, and in which view it is drawn.
//!
//! The six views are those of the ANSSI guide « Cartographie du système d’information » (2018); biomedical devices have
//! a view of their own, since care looks for them first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A view of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Métier: activities, processes, care units, information.
    Business,
    /// Applications.
    Applications,
    /// Biomedical devices.
    Biomedical,
    /// Administration.
    Administration,
    /// Infrastructure logique.
    Logical,
    /// Infrastructure physique.
    Physical,
    /// Écosystème.
    Ecosystem,
}

impl View {
    /// All views, in the order of the lanes: what is on the left needs what is on the right.
    pub const ALL: [Self; 7] = [
        Self::Business,
        Self::Applications,
        Self::Biomedical,
        Self::Administration,
        Self::Logical,
        Self::Physical,
        Self::Ecosystem,
    ];

    /// The name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Business => "metier",
            Self::Applications => "applications",
            Self::Biomedical => "biomedical",
            Self::Administration => "administration",
            Self::Logical => "logique",
            Self::Physical => "physique",
            Self::Ecosystem => "ecosysteme",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }

    /// The words on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Business => "Métier",
            Self::Applications => "Applications",
            Self::Biomedical => "Biomédical",
            Self::Administration => "Administration",
            Self::Logical => "Infrastructure logique",
            Self::Physical => "Infrastructure physique",
            Self::Ecosystem => "Écosystème",
        }
    }
}

macro_rules! kinds {
    ($($variant:ident, $name:literal, $label:literal, $plural:literal, $view:ident);+ $(;)?) => {
        /// What an element of the map is.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum AssetKind {
            $(#[doc = concat!("« ", $label, " ».")] #[serde(rename = $name)] $variant),+
            ,
            #[doc = "« autre »."]
            #[default]
            #[serde(rename = "other")]
            Other,
        }

        impl AssetKind {
            /// All kinds, view by view.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+, Self::Other];

            /// The name in the journal and in files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+, Self::Other => "other" }
            }

            /// One of them, on the screen.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+, Self::Other => "autre" }
            }

            /// Several of them, on the screen.
            pub fn plural(self) -> &'static str {
                match self { $(Self::$variant => $plural),+, Self::Other => "autres" }
            }

            /// The view it is drawn in.
            pub fn view(self) -> View {
                match self { $(Self::$variant => View::$view),+, Self::Other => View::Logical }
            }
        }
    };
}

kinds! {
    Partner, "partner", "partenaire", "partenaires", Ecosystem;
    Provider, "provider", "prestataire", "prestataires", Ecosystem;
    ExternalService, "external_service", "service externe", "services externes", Ecosystem;
    CareUnit, "care_unit", "unité de soins", "unités de soins", Business;
    Process, "process", "processus", "processus", Business;
    Information, "information", "information", "informations", Business;
    Application, "application", "application", "applications", Applications;
    Module, "module", "module", "modules", Applications;
    ApplicationService, "application_service", "service applicatif", "services applicatifs", Applications;
    Interface, "interface_engine", "moteur d’interfaces (EAI)", "moteurs d’interfaces (EAI)", Applications;
    Database, "database", "base de données", "bases de données", Applications;
    Directory, "directory", "annuaire technique (AD, LDAP)", "annuaires techniques (AD, LDAP)", Administration;
    Domain, "domain", "domaine ou forêt", "domaines ou forêts", Administration;
    AdminZone, "admin_zone", "zone d’administration", "zones d’administration", Administration;
    AdminAccount, "admin_account", "comptes d’administration", "comptes d’administration", Administration;
    Network, "network", "réseau", "réseaux", Logical;
    Subnetwork, "subnetwork", "sous-réseau ou VLAN", "sous-réseaux ou VLAN", Logical;
    NameService, "name_service", "DNS, DHCP, heure", "DNS, DHCP, heure", Logical;
    SecurityDevice, "security_device", "pare-feu ou équipement de sécurité", "pare-feu et équipements de sécurité", Logical;
    Gateway, "gateway", "passerelle ou accès distant", "passerelles et accès distants", Logical;
    LogicalServer, "logical_server", "serveur logique", "serveurs logiques", Logical;
    Cluster, "cluster", "virtualisation ou grappe", "virtualisation et grappes", Logical;
    Container, "container", "conteneur", "conteneurs", Logical;
    Backup, "backup", "sauvegarde", "sauvegardes", Logical;
    Certificate, "certificate", "certificat", "certificats", Logical;
    Site, "site", "site", "sites", Physical;
    Building, "building", "bâtiment ou salle", "bâtiments et salles", Physical;
    Bay, "bay", "baie", "baies", Physical;
    PhysicalServer, "physical_server", "serveur physique", "serveurs physiques", Physical;
    Storage, "storage", "stockage", "stockages", Physical;
    Switch, "switch", "commutateur", "commutateurs", Physical;
    Router, "router", "routeur", "routeurs", Physical;
    Wifi, "wifi", "Wi-Fi", "Wi-Fi", Physical;
    Workstation, "workstation", "poste de travail", "postes de travail", Physical;
    Peripheral, "peripheral", "périphérique", "périphériques", Physical;
    Phone, "phone", "téléphonie", "téléphonie", Physical;
    Link, "link", "lien opérateur", "liens opérateur", Physical;
    Power, "power", "énergie", "énergie", Physical;
    Biomedical, "biomedical", "dispositif biomédical", "dispositifs biomédicaux", Biomedical;
}

impl AssetKind {
    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether it is an application, a part of one or what applications talk through: what the situation board lists.
    pub fn is_application(self) -> bool {
        matches!(self, Self::Application | Self::Module | Self::ApplicationService | Self::Interface)
    }
}
