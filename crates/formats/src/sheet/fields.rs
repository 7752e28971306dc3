//! What a column may be, and the heads by which it is recognised.

use crate::heads::fields;

fields! {
    Name, "name", "Nom", ["name", "libelle", "intitule", "designation", "denomination", "activite", "application", "element", "composant", "equipement", "logiciel", "serveur"];
    Kind, "kind", "Sorte", ["type", "kind", "genre", "nature", "categorie", "type d element", "classe", "type d objet"];
    External, "external", "Identifiant externe", ["identifiant", "id", "external id", "code", "reference", "cle"];
    Description, "description", "Description", ["commentaires", "commentaire", "remarques", "remarque", "notes", "note", "observations", "comment", "comments"];
    Owner, "owner", "Responsable", ["proprietaire", "owner", "referent", "pilote", "responsible", "responsable technique", "groupe responsable", "groupe technique", "responsable du parc"];
    Priority, "priority", "Priorité", ["priority", "priorite de soins", "priorite soins"];
    Mtpd, "mtpd", "DMIA", ["mtpd", "mtd", "dima", "duree maximale d interruption admissible", "interruption admissible", "maximum tolerable downtime"];
    Rto, "rto", "RTO", ["delai de reprise", "delai de reprise vise", "drv", "recovery time objective"];
    Rpo, "rpo", "PDMA", ["rpo", "perte de donnees admissible", "perte de donnees maximale admissible", "recovery point objective"];
    Zone, "zone", "Zone réseau", ["zone", "reseau", "vlan", "network", "network zone"];
    Survives, "survives", "Survit à l’attaque", ["survit", "survives"];
    SurvivesWhy, "survives_why", "Pourquoi il survit", ["hypothese de survie"];
    Essential, "essential", "Essentiel (SIE)", ["essentiel", "sie", "systeme d information essentiel", "essential"];
    Unit, "unit", "Unité", ["unite de soins", "service", "unit", "uf"];
    Provider, "provider", "Prestataire", ["fournisseur", "editeur", "provider", "vendor", "editor"];
    Needs, "needs", "A besoin de", ["besoins", "depend de", "dependances", "needs", "depends on", "dependencies"];
    HostedOn, "hosted_on", "Hébergé sur", ["est heberge sur", "hebergement", "hosted on", "serveurs"];
    ManagedBy, "managed_by", "Géré par", ["administre par", "managed by"];
    Source, "source", "Source", ["de", "origine", "from", "element source", "qui a besoin"];
    SourceKind, "source_kind", "Sorte de la source", ["type de la source", "type source", "source kind"];
    Target, "target", "Cible", ["vers", "destination", "to", "target", "element cible"];
    TargetKind, "target_kind", "Sorte de la cible", ["type de la cible", "type cible", "target kind"];
    Relation, "relation", "Relation", ["lien", "type de lien", "type de relation"];
    Group, "group", "Groupe", ["group", "redondance"];
    AtLeast, "at_least", "Au moins", ["at least", "minimum"];
    Holds, "holds", "Tient sans", ["tient", "autonomie", "holds"];
    Degrades, "degrades", "Dégrade seulement", ["degrade", "degrades"];
    Why, "why", "Pourquoi", ["why", "motif", "raison"];
    Protocol, "protocol", "Protocole", ["protocol", "format"];
    Critical, "critical", "Critique", ["critical"];
    BothWays, "both_ways", "Dans les deux sens", ["bidirectionnel", "both ways", "bidirectional"];
    Via, "via", "Passe par", ["via", "intermediaire"];
    Fallback, "fallback", "En cas de coupure", ["repli", "secours", "conduite a tenir", "fallback"];
}

impl Field {
    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }
}
