//! What a column of a chronogramme may be, and the heads by which it is recognised.

use crate::heads::fields;

fields! {
    Key, "numero", "N°", ["numero", "no", "num", "id", "ref", "reference", "n stimulus", "n de stimulus", "n du stimulus", "numero de stimulus", "numero du stimulus", "n inject", "n d inject", "n ordre", "n d ordre", "n evenement", "stimulus numero", "event numero", "event number", "event no", "event id", "inject numero", "inject number", "inject no", "inject id", "msel numero", "msel number", "item"];
    Day, "jour", "Jour", ["day", "date", "date de l exercice"];
    Offset, "t", "T+", ["h", "t h", "t min", "t minutes", "t en minutes", "h t", "temps relatif", "temps ecoule", "temps", "minute", "minutes", "min", "minutage", "t0", "debex", "apres debex", "minutes apres debex", "decalage", "offset", "delta", "elapsed", "elapsed time", "relative time", "depends duration"];
    At, "heure", "Heure", ["horaire", "heure prevue", "heure d envoi", "heure d injection", "heure de l exercice", "heure exercice", "heure de debut", "heure scenario", "heure reelle", "heure jouee", "date et heure", "date heure", "jour et heure", "horodatage", "quand", "timing", "time", "scenario time", "exercise time", "scheduled time", "start time", "real time", "event time", "date time", "datetime", "trigger time", "timeline"];
    Phase, "phase", "Phase", ["phases", "sequence", "etape", "acte", "temps fort", "move", "stage"];
    From, "emetteur", "Émetteur", ["emetteur simule", "emetteur fictif", "expediteur", "emis par", "de", "de la part de", "source", "origine", "role joue", "from", "sender", "sent by", "originator"];
    To, "destinataires", "Destinataire(s)", ["destinataire", "destinataires", "equipe", "equipes", "equipe destinataire", "cellule", "cellules", "cellule destinataire", "cellules destinataires", "joueur", "joueurs", "joueur s", "cible", "cibles", "a", "vers", "pour", "to", "recipient", "recipients", "recipient s", "recipient player", "recipient players", "intended player", "intended players", "intended player s", "player", "players", "team", "teams", "audience"];
    Channel, "moyen", "Moyen", ["moyens", "canal", "vecteur", "moyen de transmission", "moyen de communication", "mode de transmission", "mode d envoi", "mode d injection", "support", "media", "medium", "mode", "method", "delivery method", "means", "channel", "type de stimulus", "type de stimuli", "type d inject", "inject type", "type"];
    Title, "titre", "Titre", ["objet", "sujet", "intitule", "libelle", "nom", "title", "subject", "name", "event synopsis", "synopsis", "event", "event title", "inject title", "action to be taken"];
    Text, "contenu", "Contenu", ["contenu du stimulus", "contenu du message", "texte", "texte du message", "message", "teneur", "description du stimulus", "description de l evenement", "description", "stimulus", "stimuli", "evenement", "content", "body", "event description", "inject description", "detailed statement", "inject", "injects", "text", "details", "detail"];
    Expected, "reaction", "Réaction attendue", ["reactions attendues", "reaction attendue des joueurs", "action attendue", "actions attendues", "reponse attendue", "reponses attendues", "comportement attendu", "resultat attendu", "resultats attendus", "attendu", "attendus", "reaction", "expected action", "expected actions", "expected response", "expected player action", "expected player actions", "expected reaction", "expected outcome", "expectation description", "expectation name", "expectation"];
    Within, "delai", "Délai de réaction", ["delai", "delai attendu", "delai min", "delai en minutes", "reaction sous", "a faire sous", "within", "expected within"];
    Guidance, "animateur", "Commentaire animateur", ["commentaires animateur", "commentaire de l animateur", "commentaire animation", "commentaires animation", "consigne animateur", "consignes animateur", "consigne", "consignes", "note animateur", "notes animateur", "a l attention de l animateur", "commentaire", "commentaires", "remarque", "remarques", "observation", "observations", "note", "notes", "controller notes", "facilitator notes", "evaluator instructions", "guidance", "comment", "comments"];
    Objective, "objectif", "Objectif", ["objectifs", "objectif vise", "objectifs vises", "objective", "objectives", "objective s", "exercise objective", "core capability", "capability"];
    Level, "niveau", "Niveau", ["difficulte", "niveau de difficulte", "level", "difficulty"];
    Noise, "bruit", "Bruit", ["bruit de fond", "leurre", "noise", "distractor"];
    Contingency, "contingence", "Si pas de réaction à", ["contingence de", "contingence", "relance de", "si absence de reaction a", "contingency for", "contingency"];
    Fact, "fait", "Fait lu au journal", ["fait", "fact"];
}

impl Field {
    /// From its name, or from the words on the screen.
    pub fn from_name(name: &str) -> Option<Self> {
        let folded = crate::words::fold(name);
        Self::ALL.iter().copied().find(|field| field.name() == folded || crate::words::fold(field.label()) == folded)
    }
}
