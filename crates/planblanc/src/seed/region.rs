//! A synthetic region: an organiser with a campaign of a hundred establishments, most of which have played. Names, numbers and
//! results are made from word lists and a fixed seed: the same every time, nobody's.

use crate::environment;
use crate::failure::Failure;
use domain::campaign::event::{CampaignSet, Excused, Planned, ResultReceived, Target, TargetsSet};
use domain::exercise::event::outcome::{CriterionResult, Measured, Reading, Results};
use domain::exercise::event::scenario::{Criterion, Item, Level, Target as Wanted};
use domain::register::Role;
use domain::register::event::{Card, EstablishmentNamed, Set};
use domain::{Event, State};
use journal::certificate::Mode;
use journal::entry::sha256;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, PublicKey, RequestId, SubjectId};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::access::Access;
use store::ledger::Founding;
use store::{Env, Folder, Ledger, Options, Submission};

/// Its name among the demonstrations.
pub(crate) const NAME: &str = "region";
/// Establishments of the campaign.
const COUNT: u64 = 100;
const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
/// The campaign began so many days ago, and lasts so long.
const BEGAN_DAYS: i64 = 150;
const LASTS_DAYS: i64 = 240;
/// Of a hundred: how many have played, have a day, are late, are excused; the others are still to plan.
const PLAYED: u64 = 62;
const AHEAD: u64 = 20;
const LATE: u64 = 3;
const EXCUSED: u64 = 1;

const KINDS: [(&str, &str, &str); 6] = [
    ("ehpad", "EHPAD", "rancongiciel_ehpad"),
    ("ch", "CH", "rancongiciel_ch"),
    ("ehpad", "Résidence", "rancongiciel_ehpad"),
    ("smr", "SMR", "rancongiciel_smr"),
    ("clinique", "Clinique", "rancongiciel_ch"),
    ("esms", "Foyer", "rancongiciel_ehpad"),
];
const FIRST: [&str; 20] = [
    "Val", "Mont", "Font", "Haute", "Clair", "Bel", "Roche", "Aigue", "Grand", "Vert", "Noir", "Beau", "Champ", "Long", "Ville",
    "Croix", "Pré", "Lande", "Orme", "Saule",
];
const SECOND: [&str; 20] = [
    "brune",
    "serein",
    "marche",
    "vive",
    "mousse",
    "rivette",
    "lune",
    "boisette",
    "fauve",
    "pontelle",
    "source",
    "combelle",
    "plainette",
    "vignelle",
    "maresse",
    "pierrette",
    "gardelle",
    "tilleule",
    "neuvelle",
    "joie",
];

/// Numbers that look drawn and are always the same.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 += 1;
        let hash = sha256(&self.0.to_be_bytes()).0;
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hash[..8]);
        u64::from_be_bytes(bytes) % bound.max(1)
    }

    fn signed(&mut self, bound: u64) -> i64 {
        i64::try_from(self.below(bound)).unwrap_or(0)
    }
}

/// The same day at half past eight, universal time.
fn morning(at: i64) -> i64 {
    at - at.rem_euclid(DAY_MS) + (8 * 60 + 30) * MINUTE_MS
}

/// The region being made.
struct Region {
    ledger: Ledger<State>,
    env: Env,
    clock: Arc<AtomicI64>,
    organiser: ActorId,
    campaign: SubjectId,
    now: i64,
    draws: Draws,
}

/// Founds the region in an empty folder.
pub(crate) fn make(folder: &Folder, options: &Options) -> Result<(), Failure> {
    let now = environment::now_ms();
    let clock = Arc::new(AtomicI64::new(now - BEGAN_DAYS * DAY_MS));
    let env = environment::with_clock(clock.clone());
    let people = [
        ("delmas", "É. Delmas", "chargée de mission sécurité numérique", Role::Direction),
        ("rey", "T. Rey", "animateur régional des exercices", Role::Secretary),
        ("costa", "I. Costa", "conseillère sanitaire, lecture", Role::Observer),
    ];
    let actors: Vec<ActorId> = people.iter().map(|_| ActorId(env.bytes())).collect();
    let mut drafts = Vec::new();
    for (actor, (_, name, function, role)) in actors.iter().zip(people) {
        drafts.push(Draft::of_act(&AuthorityAct::RoleGranted { actor: *actor, role: role.name().to_owned(), rank: role.rank() }));
        let card = Card { name: name.to_owned(), function: function.to_owned(), ..Card::default() };
        drafts.push(Event::PersonSet(Set::new(card)).draft(SubjectId(actor.0)));
    }
    let named = EstablishmentNamed {
        name: "Région Valmarche, appui aux exercices".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
        ..EstablishmentNamed::default()
    };
    drafts.push(Event::EstablishmentNamed(named).draft(SubjectId([0; SubjectId::LEN])));
    let founding = Founding { mode: Mode::Exercise, device: "poste de démonstration".to_owned(), drafts };
    Ledger::<State>::found(folder, founding, &env, options)?;
    let access = Access::open(folder)?;
    for (actor, (login, ..)) in actors.iter().zip(people) {
        access.create_account(*actor, login, None)?;
    }
    let ledger = Ledger::<State>::open(folder, env.clone(), options.clone())?;
    let organiser = actors.get(1).copied().ok_or_else(|| Failure::new("région : personne"))?;
    let campaign = SubjectId(env.bytes());
    Region { ledger, env, clock, organiser, campaign, now, draws: Draws(0) }.campaign()
}

impl Region {
    fn record(&self, at: i64, events: &[Event]) -> Result<(), Failure> {
        self.clock.store(at, Ordering::Relaxed);
        let author = Author { actor: self.organiser, auth: Auth::None };
        let drafts = events.iter().map(|event| event.draft(self.campaign)).collect();
        let submission = Submission { request: RequestId(self.env.bytes()), author, drafts };
        let refused = |error| Failure::new(format!("région de démonstration : {error}"));
        self.ledger.submit_wait(submission).map(|_| ()).map_err(refused)
    }

    fn campaign(mut self) -> Result<(), Failure> {
        let began = self.now - BEGAN_DAYS * DAY_MS;
        let questions = [
            "Qui anime l’exercice, et qui l’observe ?",
            "Quel jour convient, et quel autre jour en secours ?",
            "Quels services jouent ?",
        ];
        let set = CampaignSet {
            title: "Campagne cyber régionale".to_owned(),
            kit: String::new(),
            level: Level::Beginner,
            from: began,
            until: began + LASTS_DAYS * DAY_MS,
            words: "Chaque établissement joue un kit de deux heures avant la fin de la campagne. Seuls les résultats remontent ; la comparaison ne nomme personne.".to_owned(),
            questions: (1..).zip(questions).map(|(n, text)| Item { key: format!("q{n}"), text: text.to_owned() }).collect(),
            supersedes: Vec::new(),
        };
        self.record(began, &[Event::CampaignSet(set)])?;
        let targets: Vec<Target> = (0..COUNT).map(|n| self.target(n)).collect();
        self.record(began + DAY_MS, &[Event::TargetsSet(TargetsSet { targets: targets.clone() })])?;
        let mut later: Vec<(i64, Event)> = Vec::new();
        for (n, target) in (0..).zip(&targets) {
            later.extend(self.story(n, target));
        }
        later.sort_by_key(|(at, _)| *at);
        later.into_iter().try_for_each(|(at, event)| self.record(at, &[event]))
    }

    fn kind(n: u64) -> (&'static str, &'static str, &'static str) {
        let place = usize::try_from(n).unwrap_or(0) % KINDS.len();
        KINDS.get(place).copied().unwrap_or(("ehpad", "EHPAD", "rancongiciel_ehpad"))
    }

    fn target(&mut self, n: u64) -> Target {
        let (kind, word, _) = Self::kind(n);
        // Each pair once: 100 establishments, 400 pairs.
        let pair = usize::try_from(n * 37 % 400).unwrap_or(0);
        let name = format!(
            "{word} {}{}",
            FIRST.get(pair / 20).copied().unwrap_or_default(),
            SECOND.get(pair % 20).copied().unwrap_or_default()
        );
        let last = self.now - (300 + self.draws.signed(260)) * DAY_MS;
        Target {
            finess: format!("99{:07}", 1_000_000 + n * 4_093),
            name,
            kind: kind.to_owned(),
            contact: format!("poste de garde, 01 99 00 {:02} {:02}", 50 + n / 100, n % 100),
            last_exercise: Some(last),
            removed: false,
        }
    }

    /// What became of an establishment.
    fn story(&mut self, n: u64, target: &Target) -> Vec<(i64, Event)> {
        // Spread, so that the order of the list tells nothing.
        let place = n * 61 % COUNT;
        let finess = target.finess.clone();
        let planned = |at: i64| Event::CampaignPlanned(Planned { finess: finess.clone(), at: Some(at), place: String::new() });
        if place < PLAYED {
            let played = morning(self.now - (2 + self.draws.signed(130)) * DAY_MS);
            let results = self.results(n, played);
            let root = PublicKey(sha256(target.finess.as_bytes()).0);
            let signed_by = target.name.clone();
            let received = ResultReceived { finess: finess.clone(), results, signed_by, root };
            return vec![(played - 12 * DAY_MS, planned(played)), (played + DAY_MS, Event::ResultReceived(received))];
        }
        let asked = self.now - (20 + self.draws.signed(40)) * DAY_MS;
        if place < PLAYED + AHEAD {
            return vec![(asked, planned(morning(self.now + (1 + self.draws.signed(70)) * DAY_MS)))];
        }
        if place < PLAYED + AHEAD + LATE {
            return vec![(asked, planned(morning(self.now - (3 + self.draws.signed(12)) * DAY_MS)))];
        }
        if place < PLAYED + AHEAD + LATE + EXCUSED {
            let reason = "Fusion en cours, exercice commun l’an prochain.".to_owned();
            return vec![(asked, Event::CampaignExcused(Excused { finess, reason }))];
        }
        Vec::new()
    }

    fn results(&mut self, n: u64, began_at: i64) -> Results {
        let (_, _, kit) = Self::kind(n);
        let known = content::kits::get(kit).or_else(|| content::kits::all().first());
        let criteria = known.map(|kit| kit.scenario.criteria.clone()).unwrap_or_default();
        // How ready this one is, 0 to 99.
        let ready = 30 + self.draws.below(60);
        let criteria = criteria.iter().map(|criterion| self.criterion(criterion, ready)).collect();
        Results {
            title: known.map(|kit| kit.scenario.title.clone()).unwrap_or_default(),
            kit: known.map(|kit| kit.key.clone()).unwrap_or_default(),
            level: if self.draws.below(4) == 0 { Level::Intermediate } else { Level::Beginner },
            began_at,
            ended_at: began_at + 120 * MINUTE_MS,
            minutes: 120,
            players: u32::try_from(4 + self.draws.below(12)).unwrap_or(4),
            observers: u32::try_from(1 + self.draws.below(3)).unwrap_or(1),
            fired: u32::try_from(30 + self.draws.below(20)).unwrap_or(30),
            skipped: u32::try_from(self.draws.below(5)).unwrap_or(0),
            lines: 40 + self.draws.below(120),
            stopped: false,
            criteria,
        }
    }

    fn criterion(&mut self, criterion: &Criterion, ready: u64) -> CriterionResult {
        let luck = self.draws.below(100);
        let seen = u32::try_from(1 + self.draws.below(2)).unwrap_or(1);
        let observed = match luck {
            l if l < ready => [seen, 0, 0],
            l if l < ready + 20 => [0, seen, 0],
            _ => [0, 0, seen],
        };
        let (reading, measured) = match criterion.target {
            Some(Wanted::Within(limit)) if luck < ready + 25 => {
                let most = u64::from(limit) * if luck < ready { 9 } else { 16 } / 10;
                let minutes = self.draws.signed(most.max(2)) + 1;
                (if minutes <= i64::from(limit) { Reading::Met } else { Reading::Late }, Measured::Minutes(minutes))
            }
            Some(Wanted::AtLeast(least)) if luck < ready => {
                (Reading::Met, Measured::Count(u64::from(least) + self.draws.below(4)))
            }
            Some(Wanted::AtMost(most)) if luck < ready => (Reading::Met, Measured::Count(self.draws.below(u64::from(most) + 1))),
            Some(Wanted::AtMost(most)) => (Reading::Late, Measured::Count(u64::from(most) + 1)),
            Some(Wanted::True) if luck < ready => (Reading::Met, Measured::Truth(true)),
            Some(_) => (Reading::Missed, Measured::Never),
            None => (Reading::Unread, Measured::Never),
        };
        CriterionResult { key: criterion.key.clone(), title: criterion.title.clone(), reading, measured, observed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::campaign::compare::groups;

    #[test]
    fn the_region_stands_where_it_says() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let folder = Folder::at(dir.path().join("data"));
        make(&folder, &Options::default()).expect("made");
        let view = Ledger::<State>::open(&folder, environment::real(), Options::default()).expect("opens").view();
        let campaign = view.state.campaigns.all.values().next().expect("a campaign");
        let counts = campaign.counts(environment::now_ms());
        assert_eq!((counts.done, counts.planned, counts.late, counts.excused, counts.to_plan), (62, 20, 3, 1, 14));
        let names: std::collections::BTreeSet<&str> = campaign.targets.values().map(|f| f.target.name.as_str()).collect();
        assert_eq!(names.len(), 100, "no two bear one name");
        assert!(groups(campaign, None).iter().any(|group| group.is_shown()));
    }
}
