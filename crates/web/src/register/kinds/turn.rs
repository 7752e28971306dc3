//! Turns of duty: who answers, from when to when, at which number.

use crate::register::look::{Look, Of, fold};
use crate::register::sheet::{Beside, Column, Input, Keys, Sheet, text};
use crate::session::Visitor;
use crate::shell::Page;
use domain::Event;
use domain::register::Register;
use domain::register::check::DUTY_RANK;
use domain::register::event::{Set, Turn};
use domain::register::table::Record;
use journal::{ActorId, SubjectId};
use maud::{Markup, html};

/// Most weeks a turn is repeated by one form.
pub(in crate::register) const WEEKS_MAX: i64 = 53;

fn moment(text: &str, look: &Look<'_>) -> Result<i64, String> {
    let read = || look.local.parse(text, look.now, true);
    read().ok_or_else(|| format!("« {text} » n’est pas un moment : écrivez la date et l’heure, par exemple 22/11/2026 08:00."))
}

fn in_french(date: &str) -> String {
    date.rsplit('-').collect::<Vec<_>>().join("/")
}

fn written(ms: i64, look: &Look<'_>) -> String {
    let machine = look.local.machine(ms);
    let (date, time) = machine.split_once('T').unwrap_or((&machine, ""));
    if ms == 0 { String::new() } else { format!("{} {time}", in_french(date)) }
}

impl Sheet for Turn {
    const SLUG: &'static str = "astreintes";
    const ADD: &'static str = "Ajouter un tour d’astreinte";
    const TITLE: &'static str = "Astreintes";
    const EMPTY: &'static str = "Aucune astreinte. Ajoutez un tour, et répétez-le chaque semaine si besoin.";
    const NEEDED: &'static str = "list";
    const COLUMNS: &'static [Column<Self>] = &[
        text!(
            list,
            "Liste",
            ["astreinte", "liste d’astreinte", "garde", "fonction"],
            Input::List,
            "Astreinte informatique, garde administrative…"
        ),
        Column {
            name: "name",
            head: "Personne",
            also: &["nom", "agent", "de garde"],
            hint: "de l’annuaire, ou un autre nom",
            input: Input::Name(Of::Person),
            show: |turn, look| if turn.person.is_some() { look.person(turn.person) } else { turn.name.clone() },
            read: |turn, text, look| {
                turn.person = look.find(Of::Person, text).ok().flatten().map(|id| ActorId(id.0));
                turn.name = turn.person.map_or_else(|| text.to_owned(), |actor| look.register.name(&actor));
                Ok(())
            },
        },
        Column {
            name: "from",
            head: "Début",
            also: &["du", "de", "commence le", "date de début"],
            hint: "",
            input: Input::Moment,
            show: |turn, look| written(turn.from, look),
            read: |turn, text, look| {
                turn.from = moment(text, look)?;
                Ok(())
            },
        },
        Column {
            name: "until",
            head: "Fin",
            also: &["au", "à", "finit le", "date de fin"],
            hint: "",
            input: Input::Moment,
            show: |turn, look| written(turn.until, look),
            read: |turn, text, look| {
                turn.until = moment(text, look)?;
                Ok(())
            },
        },
        text!(phone, "Téléphone", ["tel", "numéro", "numéro d’astreinte"], Input::Phone, "vide : celui de la personne"),
    ];
    const SHOWN: &'static [&'static str] = &["name", "from", "until", "phone"];

    fn record<'a>(register: &'a Register, id: &SubjectId) -> Option<&'a Record<Self>> {
        register.turns.record(id)
    }

    fn all(register: &Register) -> Vec<(SubjectId, &Self)> {
        register.turns_between(i64::MIN, i64::MAX)
    }

    fn title(&self, look: &Look<'_>) -> String {
        format!("{}, {}", self.list, (Self::COLUMNS[1].show)(self, look))
    }

    fn keys(&self, look: &Look<'_>) -> Keys {
        let who = self.person.map_or_else(|| fold(&self.name), |actor| actor.to_string());
        Keys { code: String::new(), name: format!("{} {who}", fold(&self.list)), more: written(self.from, look) }
    }

    fn event(set: Set<Self>) -> Event {
        Event::TurnSet(set)
    }

    fn may_change(visitor: &Visitor) -> bool {
        visitor.replayed.is_none() && visitor.role.rank() >= DUTY_RANK
    }

    fn status(&self, _: &SubjectId, look: &Look<'_>) -> Vec<(&'static str, String)> {
        let silent = self.phone.is_empty() && self.person.is_none_or(|actor| look.register.phones(&actor).is_empty());
        if silent { vec![("warn", "aucun numéro".to_owned())] } else { Vec::new() }
    }

    fn intro(look: &Look<'_>, _: &Page<'_>) -> Markup {
        html! { (crate::register::duty::now(look)) }
    }

    fn more_fields() -> &'static [Beside] {
        &[Beside { name: "weeks", label: "Nombre de semaines", hint: "le même tour, chaque semaine ; vide : une seule fois" }]
    }

    fn spread(self, field: &dyn Fn(&str) -> String, look: &Look<'_>) -> Result<Vec<Self>, (&'static str, String)> {
        let text = field("weeks");
        let weeks = if text.trim().is_empty() { Ok(1) } else { text.trim().parse::<i64>() };
        let weeks = weeks.ok().filter(|n| (1..=WEEKS_MAX).contains(n));
        let wrong = || ("weeks", format!("Écrivez un nombre de semaines, de 1 à {WEEKS_MAX}."));
        let weeks = weeks.ok_or_else(wrong)?;
        // By the calendar: a turn that begins at 8 begins at 8 after the clocks change.
        let later = |ms: i64, week: i64| match week {
            0 => Some(ms),
            _ => look.local.later(&format!("+{}j", week * 7), ms),
        };
        let turn = |week: i64| Some(Self { from: later(self.from, week)?, until: later(self.until, week)?, ..self.clone() });
        (0..weeks).map(turn).collect::<Option<Vec<_>>>().ok_or_else(wrong)
    }
}
