//! Everything that can happen. An intent is the event it would record: a form or a JSON call decodes into one of these.

use crate::capability::{Applies, Asked, Checked};
use crate::crisis::event::Attachment;
use crate::refusal::Refusal;
use crate::state::State;
use crate::{access, actions, campaign, cartography, cells, checklist, crisis, exercise, legal, register, situation};
use journal::write::{Author, Draft};
use journal::{BlobRef, Seen, SubjectId};
use schemars::{Schema, SchemaGenerator};

/// Declares the event types: one line each, `kind` / newest version => variant. A new version only adds fields that old
/// bodies lack and a default fills; where that is not enough, the change is another kind.
macro_rules! events {
    ($($kind:literal / $version:literal => $variant:ident($fields:ty)),+ $(,)?) => {
        /// An event of some capability.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event {
            $(#[doc = concat!("`", $kind, "`, version ", $version, ".")] $variant($fields)),+
        }

        impl Event {
            /// Every kind this program knows, with its newest version.
            pub const KINDS: &'static [(&'static str, u16)] = &[$(($kind, $version)),+];

            /// Reads an event of its newest version or an older one; `None` for a kind, version or body this program does not know.
            pub fn decode(kind: &str, version: u16, body: &[u8]) -> Option<Self> {
                match (kind, version) {
                    $(($kind, 1..=$version) => serde_json::from_slice(body).ok().map(Self::$variant),)+
                    _ => None,
                }
            }

            /// Its kind.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind),+ }
            }

            /// May it be recorded now, about this subject, by this author?
            pub(crate) fn check(&self, state: &State, author: &Author, subject: SubjectId) -> Result<(), Refusal> {
                match self { $(Self::$variant(event) => event.check(&Asked { state, author, subject, kind: $kind })),+ }
            }

            /// The state after it.
            pub(crate) fn apply(self, state: &mut State, entry: &Seen<'_>) {
                match self { $(Self::$variant(event) => event.apply(state, entry)),+ }
            }

            fn attachments(&self) -> &[Attachment] {
                match self { $(Self::$variant(event) => event.attachments()),+ }
            }

            /// JSON Schema of each kind's body, as its newest version is written, with that version.
            pub fn schemas(generator: &mut SchemaGenerator) -> Vec<(&'static str, u16, Schema)> {
                vec![$(($kind, $version, generator.subschema_for::<$fields>())),+]
            }

            fn version_and_body(&self) -> (u16, Vec<u8>) {
                match self { $(Self::$variant(fields) => ($version, serde_json::to_vec(fields).unwrap_or_default())),+ }
            }
        }
    };
}

events! {
    "register.establishment_named" / 2 => EstablishmentNamed(register::event::EstablishmentNamed),
    "register.person_named" / 1 => PersonNamed(register::event::PersonNamed),
    "register.place_set" / 1 => PlaceSet(register::event::Set<register::event::Place>),
    "register.unit_set" / 1 => UnitSet(register::event::Set<register::event::Unit>),
    "register.person_set" / 1 => PersonSet(register::event::Set<register::event::Card>),
    "register.function_set" / 1 => FunctionSet(register::event::Set<register::event::Function>),
    "register.turn_set" / 1 => TurnSet(register::event::Set<register::event::Turn>),
    "register.partner_set" / 1 => PartnerSet(register::event::Set<register::event::Partner>),
    "register.partner_verified" / 1 => PartnerVerified(register::event::PartnerVerified),
    "register.provider_set" / 1 => ProviderSet(register::event::Set<register::event::Provider>),
    "crisis.opened" / 2 => CrisisOpened(crisis::event::CrisisOpened),
    "crisis.entry_logged" / 2 => EntryLogged(crisis::event::Logged),
    "crisis.decision_taken" / 2 => DecisionTaken(crisis::event::Logged),
    "crisis.entry_corrected" / 1 => EntryCorrected(crisis::event::EntryCorrected),
    "crisis.task_assigned" / 2 => TaskAssigned(crisis::event::TaskAssigned),
    "crisis.reframed" / 1 => CrisisReframed(crisis::event::Reframed),
    "crisis.confirmed" / 1 => ActConfirmed(crisis::event::Confirmed),
    "crisis.handed_over" / 1 => HandedOver(crisis::event::HandedOver),
    "crisis.closed" / 1 => CrisisClosed(crisis::event::Closed),
    "crisis.reopened" / 1 => CrisisReopened(crisis::event::Reopened),
    "legal.clock_adopted" / 1 => ClockAdopted(legal::event::ClockAdopted),
    "legal.clock_closed" / 1 => ClockClosed(legal::event::ClockClosed),
    "legal.complaint_answered" / 1 => ComplaintAnswered(legal::event::ComplaintAnswered),
    "legal.evidence_listed" / 1 => EvidenceListed(legal::event::EvidenceListed),
    "legal.claim_noted" / 1 => ClaimNoted(legal::event::ClaimNoted),
    "checklist.list_adopted" / 1 => ListAdopted(checklist::event::ListAdopted),
    "checklist.ticked" / 1 => GestureTicked(checklist::event::Ticked),
    "cells.set" / 1 => CellSet(cells::event::CellSet),
    "cells.member_set" / 1 => CellMemberSet(cells::event::MemberSet),
    "cells.met" / 1 => CellMet(cells::event::Met),
    "cells.stood_down" / 1 => CellStoodDown(cells::event::StoodDown),
    "cartography.activity_set" / 2 => ActivitySet(cartography::event::ActivitySet),
    "cartography.application_set" / 1 => ApplicationSet(cartography::event::ApplicationSet),
    "cartography.asset_set" / 1 => AssetSet(cartography::event::AssetSet),
    "cartography.exchange_set" / 1 => ExchangeSet(cartography::event::ExchangeSet),
    "cartography.scenario_set" / 1 => ScenarioSet(cartography::event::ScenarioSet),
    "cartography.arranged" / 1 => MapArranged(cartography::event::MapArranged),
    "cartography.imported" / 1 => MapImported(cartography::event::batch::MapImported),
    "cartography.import_undone" / 1 => ImportUndone(cartography::event::batch::ImportUndone),
    "cartography.proposals_declined" / 1 => ProposalsDeclined(cartography::event::batch::ProposalsDeclined),
    "cartography.bia_set" / 1 => BiaSet(cartography::event::review::BiaSet),
    "cartography.reviewed" / 1 => MapReviewed(cartography::event::review::Reviewed),
    "cartography.review_asked" / 1 => ReviewAsked(cartography::event::review::ReviewAsked),
    "cartography.removed" / 1 => NodeRemoved(cartography::event::Removed),
    "situation.status_declared" / 1 => StatusDeclared(situation::event::StatusDeclared),
    "situation.offer_declared" / 1 => OfferDeclared(situation::event::OfferDeclared),
    "situation.flows_counted" / 1 => FlowsCounted(situation::event::FlowsCounted),
    "access.account_opened" / 1 => AccountOpened(access::event::AccountOpened),
    "access.account_blocked" / 1 => AccountBlocked(access::event::AccountBlocked),
    "access.account_unblocked" / 1 => AccountUnblocked(access::event::AccountUnblocked),
    "access.password_given" / 1 => PasswordGiven(access::event::PasswordGiven),
    "access.password_changed" / 1 => PasswordChanged(access::event::PasswordChanged),
    "access.sessions_ended" / 1 => SessionsEnded(access::event::SessionsEnded),
    "access.codes_issued" / 1 => CodesIssued(access::event::CodesIssued),
    "access.codes_revoked" / 1 => CodesRevoked(access::event::CodesRevoked),
    "access.code_used" / 1 => CodeUsed(access::event::CodeUsed),
    "access.recovery_asked" / 1 => RecoveryAsked(access::event::RecoveryAsked),
    "access.recovery_granted" / 1 => RecoveryGranted(access::event::RecoveryGranted),
    "access.recovery_used" / 1 => RecoveryUsed(access::event::RecoveryUsed),
    "access.attempt_refused" / 1 => AttemptRefused(access::event::AttemptRefused),
    "situation.point_sent" / 1 => PointSent(situation::event::PointSent),
    "actions.action_set" / 1 => ActionSet(actions::event::ActionSet),
    "actions.actions_adopted" / 1 => ActionsAdopted(actions::event::ActionsAdopted),
    "actions.action_removed" / 1 => ActionRemoved(actions::event::ActionRemoved),
    "actions.board_set" / 1 => BoardSet(actions::event::BoardSet),
    "actions.presented" / 1 => PlanPresented(actions::event::Presented),
    "campaign.set" / 1 => CampaignSet(campaign::event::CampaignSet),
    "campaign.targets_set" / 1 => TargetsSet(campaign::event::TargetsSet),
    "campaign.planned" / 1 => CampaignPlanned(campaign::event::Planned),
    "campaign.answered" / 1 => CampaignAnswered(campaign::event::Answered),
    "campaign.result_received" / 1 => ResultReceived(campaign::event::ResultReceived),
    "campaign.excused" / 1 => CampaignExcused(campaign::event::Excused),
    "exercise.planned" / 1 => ExercisePlanned(exercise::event::Planned),
    "exercise.kit_adopted" / 1 => KitAdopted(exercise::event::kit::KitAdopted),
    "exercise.scenario_set" / 1 => ExerciseFramed(exercise::event::ScenarioSet),
    "exercise.inject_set" / 1 => InjectSet(exercise::event::InjectSet),
    "exercise.injects_imported" / 1 => InjectsImported(exercise::event::InjectsImported),
    "exercise.inject_removed" / 1 => InjectRemoved(exercise::event::InjectRemoved),
    "exercise.participant_set" / 1 => ParticipantSet(exercise::event::ParticipantSet),
    "exercise.prepared" / 1 => ExercisePrepared(exercise::event::Prepared),
    "exercise.opened" / 1 => ExerciseOpened(exercise::event::Opened),
    "exercise.cancelled" / 1 => ExerciseCancelled(exercise::event::Cancelled),
    "exercise.closed" / 1 => ExerciseClosed(exercise::event::outcome::Closed),
    "exercise.finding_set" / 1 => FindingSet(exercise::event::outcome::FindingSet),
    "exercise.report_set" / 1 => ReportSet(exercise::event::outcome::ReportSet),
    "exercise.clock_set" / 1 => ClockSet(exercise::event::conduct::ClockSet),
    "exercise.inject_fired" / 1 => InjectFired(exercise::event::conduct::InjectFired),
    "exercise.inject_skipped" / 1 => InjectSkipped(exercise::event::conduct::InjectSkipped),
    "exercise.inject_shifted" / 1 => InjectShifted(exercise::event::conduct::InjectShifted),
    "exercise.reaction_noted" / 1 => ReactionNoted(exercise::event::conduct::ReactionNoted),
    "exercise.inject_read" / 1 => InjectRead(exercise::event::conduct::InjectRead),
    "exercise.reached" / 1 => ParticipantReached(exercise::event::conduct::Reached),
    "exercise.observed" / 1 => CriterionObserved(exercise::event::conduct::Observed),
    "exercise.remarked" / 1 => Remarked(exercise::event::conduct::Remarked),
    "exercise.debriefed" / 1 => Debriefed(exercise::event::conduct::Debriefed),
}

impl Event {
    /// The event as a draft about a subject. Attachments named in the event are repeated in the header.
    pub fn draft(&self, subject: SubjectId) -> Draft {
        let (kind_version, body) = self.version_and_body();
        Draft { kind: self.kind().to_owned(), kind_version, subject, body, blobs: self.blobs() }
    }

    fn blobs(&self) -> Vec<BlobRef> {
        self.attachments().iter().map(|a| BlobRef { hash: a.hash, len: a.len }).collect()
    }
}
