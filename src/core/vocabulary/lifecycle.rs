//! The states of agreements and memberships, what may happen to them, and why.

use super::codes;

codes! { "legal_status",
    /// The legal status of an agreement: the fold of its events.
    pub enum LegalStatus {
        /// One side or both have proposed it.
        Proposed,
        /// A competent body has approved it and it is not signed yet.
        Approved,
        /// It is signed and does not bind its parties yet.
        Signed,
        /// It binds its parties.
        InForce,
        /// It stands but its effects are halted.
        Suspended,
        /// Its term ended without renewal.
        Expired,
        /// The parties, one of them or an authority ended it.
        Terminated,
        /// A later agreement took its place.
        Superseded,
        /// It was given up before it came into force.
        Abandoned,
    }
}

impl LegalStatus {
    /// Whether the agreement has ended; only an expired one may still be renewed or superseded.
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Expired | Self::Terminated | Self::Superseded | Self::Abandoned => true,
            Self::Proposed | Self::Approved | Self::Signed | Self::InForce | Self::Suspended => {
                false
            }
        }
    }

    /// Whether the agreement exists in law: in force or suspended.
    pub fn is_live(self) -> bool {
        matches!(self, Self::InForce | Self::Suspended)
    }
}

codes! { "event_action",
    /// What happens in the life of an agreement.
    pub enum EventAction {
        /// The agreement is entered in the registry with the status it has.
        Register,
        /// A competent body approves it.
        Approve,
        /// The parties sign it.
        Sign,
        /// It begins to bind its parties.
        EnterIntoForce,
        /// Its term is prolonged, or it is revived after its term.
        Renew,
        /// The parties change its terms.
        Amend,
        /// A further party joins.
        Accede,
        /// A party leaves and the others carry on.
        WithdrawParty,
        /// The other parties exclude one.
        ExcludeParty,
        /// Another body takes the place of a party.
        SucceedParty,
        /// Its effects are halted.
        Suspend,
        /// Its effects begin again after a suspension.
        Resume,
        /// A party gives notice that it is to end on a later day.
        GiveNotice,
        /// A notice to end it is taken back.
        WithdrawNotice,
        /// The parties, one of them or an authority end it.
        Terminate,
        /// Its term ends without renewal.
        Expire,
        /// A later agreement takes its place.
        Supersede,
        /// It is given up before it came into force.
        Abandon,
        /// A fact is recorded that changes nothing in law.
        Note,
        /// An earlier entry was wrong and this one stands in its place.
        Correct,
    }
}

codes! { "participation_status",
    /// Where a party stands in an agreement.
    pub enum ParticipationStatus {
        /// Asked to take part and not bound yet.
        Invited,
        /// Has signed and is not bound yet.
        Signatory,
        /// Bound since the agreement came into force.
        Party,
        /// Joined an agreement that existed already.
        Acceded,
        /// Its participation is halted.
        Suspended,
        /// Left.
        Withdrawn,
        /// Was excluded by the others.
        Excluded,
        /// Another body took its place.
        Succeeded,
    }
}

impl ParticipationStatus {
    /// Whether the partner is still one of the parties: it signed or joined and has not left.
    pub fn is_live(self) -> bool {
        matches!(
            self,
            Self::Signatory | Self::Party | Self::Acceded | Self::Suspended
        )
    }
}

codes! { "membership_status",
    /// The status of a membership in a network: the fold of its events.
    pub enum MembershipStatus {
        /// The partner has asked to join.
        Applied,
        /// The partner has resolved to join and a consent is outstanding.
        ConsentPending,
        /// A member.
        Member,
        /// Takes part without being a member.
        Observer,
        /// A member whose rights are halted.
        Suspended,
        /// Left by its own decision.
        Withdrawn,
        /// Was excluded by the network.
        Excluded,
        /// Ended by itself, for instance because fees were not paid.
        Lapsed,
        /// Ended in another way, for instance with the network or by a refusal.
        Ended,
    }
}

impl MembershipStatus {
    /// Whether the membership can still change: it is asked for or held.
    pub fn is_live(self) -> bool {
        match self {
            Self::Applied
            | Self::ConsentPending
            | Self::Member
            | Self::Observer
            | Self::Suspended => true,
            Self::Withdrawn | Self::Excluded | Self::Lapsed | Self::Ended => false,
        }
    }

    /// Whether the membership is asked for and not held yet.
    pub fn is_asked_for(self) -> bool {
        matches!(self, Self::Applied | Self::ConsentPending)
    }
}

codes! { "membership_action",
    /// What happens in the life of a membership.
    pub enum MembershipAction {
        /// The membership is entered in the registry with the status it has.
        Register,
        /// The partner asks to join.
        Apply,
        /// The partner's council resolves to join.
        Resolve,
        /// The network admits the partner.
        Admit,
        /// The network or an authority refuses.
        Refuse,
        /// The member's rights are halted.
        Suspend,
        /// The member's rights begin again.
        Resume,
        /// The member moves to another class of membership.
        ChangeClass,
        /// The member leaves by its own decision.
        Withdraw,
        /// The network excludes the member.
        Exclude,
        /// The membership ends by itself.
        Lapse,
        /// The membership ends in another way.
        End,
        /// A fact is recorded that changes nothing in law.
        Note,
        /// An earlier entry was wrong and this one stands in its place.
        Correct,
    }
}

codes! { "termination_mode",
    /// How an agreement was ended.
    pub enum TerminationMode {
        /// All parties agreed.
        MutualConsent,
        /// A party gave notice as the agreement provides.
        Denunciation,
        /// A party broke it off without notice.
        UnilateralWithoutNotice,
        /// A party declared that it would not be renewed.
        NonRenewalDeclared,
        /// What was agreed is done.
        Fulfilled,
        /// A party ceased to exist and has no successor.
        PartyCeased,
        /// A court or a supervisory authority annulled it.
        AnnulledByAuthority,
        /// Another way.
        Other,
    }
}

codes! { "reason_code",
    /// Why a step was taken.
    pub enum ReasonCode {
        /// A war of aggression by the other side's state, or its support.
        ArmedAggression,
        /// Violations of human rights or discrimination.
        HumanRights,
        /// International or national sanctions.
        Sanctions,
        /// An instruction or advice of the state's foreign policy.
        ForeignPolicyDirective,
        /// Nothing happened any more.
        Inactivity,
        /// Costs.
        Budget,
        /// A change of government or of political will.
        PoliticalChange,
        /// The other side asked for it.
        PartnerRequest,
        /// A merger, a split or another reform of territories.
        TerritorialReform,
        /// The purpose is achieved.
        PurposeFulfilled,
        /// A consent that is required was refused.
        ConsentRefused,
        /// A defect in law or procedure.
        LegalDefect,
        /// An event beyond anyone's control, such as an epidemic or a disaster.
        ForceMajeure,
        /// Another reason, given as text.
        Other,
        /// The source gives no reason.
        NotStated,
    }
}

codes! { "deciding_body",
    /// Who took a decision.
    pub enum DecidingBody {
        /// The elected council or assembly.
        Council,
        /// The mayor, the board or another executive.
        Executive,
        /// A ministry of the state.
        Ministry,
        /// A court.
        Court,
        /// A body of the network, such as its general assembly.
        NetworkBody,
        /// The parties together.
        Jointly,
    }
}

codes! { "legal_act_kind",
    /// What sort of legal act a step rests on.
    pub enum LegalActKind {
        /// A resolution of the elected council.
        CouncilResolution,
        /// An order or decision of the executive.
        ExecutiveOrder,
        /// The consent of a minister, without which the step is not allowed.
        MinisterialConsent,
        /// The opinion of a minister, which does not bind.
        MinisterialOpinion,
        /// A permission of another authority.
        Permission,
        /// A notice to an authority.
        Notification,
        /// An entry in a public register.
        Registration,
        /// A ruling of a court.
        CourtRuling,
        /// A ruling of the authority that supervises local government.
        SupervisoryRuling,
        /// An act of parliament.
        Statute,
    }
}
