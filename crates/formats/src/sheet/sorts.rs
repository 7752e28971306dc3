//! What a record is, as people and other tools write it.

use crate::source::Sort;
use crate::words::fold;
use domain::cartography::kind::AssetKind;

/// Other words for kinds, folded. « serveur » alone is what runs an application, hence a logical one.
const ALSO: &[(&str, AssetKind)] = &[
    ("serveur", AssetKind::LogicalServer),
    ("server", AssetKind::LogicalServer),
    ("vm", AssetKind::LogicalServer),
    ("machine virtuelle", AssetKind::LogicalServer),
    ("virtual machine", AssetKind::LogicalServer),
    ("lame", AssetKind::PhysicalServer),
    ("blade", AssetKind::PhysicalServer),
    ("rack", AssetKind::PhysicalServer),
    ("hyperviseur", AssetKind::Cluster),
    ("virtualisation", AssetKind::Cluster),
    ("cluster", AssetKind::Cluster),
    ("logiciel", AssetKind::Application),
    ("software", AssetKind::Application),
    ("progiciel", AssetKind::Application),
    ("applicatif", AssetKind::Application),
    ("applicatifs", AssetKind::Application),
    ("appliance", AssetKind::Application),
    ("bdd", AssetKind::Database),
    ("base", AssetKind::Database),
    ("eai", AssetKind::Interface),
    ("ad", AssetKind::Directory),
    ("active directory", AssetKind::Directory),
    ("annuaire", AssetKind::Directory),
    ("ldap", AssetKind::Directory),
    ("directory", AssetKind::Directory),
    ("domaine", AssetKind::Domain),
    ("foret", AssetKind::Domain),
    ("switch", AssetKind::Switch),
    ("routeur", AssetKind::Router),
    ("firewall", AssetKind::SecurityDevice),
    ("pare feu", AssetKind::SecurityDevice),
    ("proxy", AssetKind::SecurityDevice),
    ("vpn", AssetKind::Gateway),
    ("passerelle", AssetKind::Gateway),
    ("vlan", AssetKind::Subnetwork),
    ("sous reseau", AssetKind::Subnetwork),
    ("dns", AssetKind::NameService),
    ("dhcp", AssetKind::NameService),
    ("ntp", AssetKind::NameService),
    ("san", AssetKind::Storage),
    ("nas", AssetKind::Storage),
    ("borne wifi", AssetKind::Wifi),
    ("wifi", AssetKind::Wifi),
    ("point d acces", AssetKind::Wifi),
    ("ordinateur", AssetKind::Workstation),
    ("ordinateurs", AssetKind::Workstation),
    ("computer", AssetKind::Workstation),
    ("pc", AssetKind::Workstation),
    ("poste", AssetKind::Workstation),
    ("portable", AssetKind::Workstation),
    ("laptop", AssetKind::Workstation),
    ("desktop", AssetKind::Workstation),
    ("imprimante", AssetKind::Peripheral),
    ("imprimantes", AssetKind::Peripheral),
    ("telephone", AssetKind::Phone),
    ("telephones", AssetKind::Phone),
    ("onduleur", AssetKind::Power),
    ("groupe electrogene", AssetKind::Power),
    ("batiment", AssetKind::Building),
    ("salle", AssetKind::Building),
    ("local technique", AssetKind::Building),
    ("dispositif medical", AssetKind::Biomedical),
    ("equipement biomedical", AssetKind::Biomedical),
    ("biomedical", AssetKind::Biomedical),
    ("modalite", AssetKind::Biomedical),
    ("automate", AssetKind::Biomedical),
    ("fournisseur", AssetKind::Provider),
    ("editeur", AssetKind::Provider),
];

/// The sort of record that a word means: « activité », « Applications », « switch », `physical_server`.
pub fn sort_of(text: &str) -> Option<Sort> {
    let word = fold(text);
    if matches!(word.as_str(), "activite" | "activites" | "activity" | "activities") {
        return Some(Sort::Activity);
    }
    let says = |kind: &AssetKind| fold(kind.label()) == word || fold(kind.plural()) == word || fold(kind.name()) == word;
    let kind = AssetKind::ALL.iter().copied().find(says);
    kind.or_else(|| ALSO.iter().find(|(also, _)| *also == word).map(|(_, kind)| *kind)).map(Sort::Asset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_read_by_its_label_plural_and_name_and_by_no_other() {
        for kind in AssetKind::ALL {
            for word in [kind.label(), kind.plural(), kind.name()] {
                assert_eq!(sort_of(word), Some(Sort::Asset(*kind)), "{word}");
            }
        }
        assert_eq!(sort_of("Activités"), Some(Sort::Activity));
        assert_eq!(sort_of("truc"), None);
        let twice = |(word, kind): &&(&str, AssetKind)| sort_of(word) != Some(Sort::Asset(*kind));
        assert_eq!(ALSO.iter().find(twice), None);
    }
}
