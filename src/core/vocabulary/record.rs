//! How records are kept: their kinds, states, changes and flaws, and who may edit them.

use super::codes;
use crate::core::ids::Kind;

codes! { "entity",
    /// What sort of record a change or a hit of a search is about.
    pub enum Entity {
        /// A body that can be a party.
        Partner,
        /// A tie between two partners such as succession.
        Relation,
        /// A paper between partners, or a tie without one.
        Agreement,
        /// An association of partners.
        Network,
        /// A partner's place in a network.
        Membership,
        /// A visit, a meeting or another activity.
        Activity,
        /// A file, or a pointer to one.
        Document,
        /// Where facts are from.
        Source,
        /// What a source says of a record or of one of its fields.
        Citation,
        /// An office to write to.
        Contact,
        /// A correction that waits for a decision.
        Suggestion,
        /// The office of a partner in the registry.
        Organisation,
        /// A person with a login.
        User,
        /// A key for programs.
        Key,
        /// An address that is told of changes.
        Webhook,
    }
}

impl Entity {
    /// What the ids of its records name: an organisation goes by the id of its partner.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Partner | Self::Organisation => Kind::Partner,
            Self::Relation => Kind::Relation,
            Self::Agreement => Kind::Agreement,
            Self::Network => Kind::Network,
            Self::Membership => Kind::Membership,
            Self::Activity => Kind::Activity,
            Self::Document => Kind::Document,
            Self::Source => Kind::Source,
            Self::Citation => Kind::Citation,
            Self::Contact => Kind::Contact,
            Self::Suggestion => Kind::Suggestion,
            Self::User => Kind::User,
            Self::Key => Kind::Key,
            Self::Webhook => Kind::Webhook,
        }
    }
}

codes! { "record_state",
    /// Where a record stands in the care of the registry.
    pub enum RecordState {
        /// Being written; seen by its own office only.
        Draft,
        /// Seen by everyone.
        Published,
        /// Taken back, with a reason; its id is kept.
        Withdrawn,
        /// Found to be the same as another record, to which its id now leads.
        Merged,
    }
}

codes! { "change_op",
    /// What a change did to a record.
    pub enum ChangeOp {
        /// The record was created.
        Created,
        /// Its data were changed.
        Updated,
        /// A step of its lifecycle was recorded.
        Event,
        /// It was published.
        Published,
        /// It was merged into another record.
        Merged,
        /// It was withdrawn.
        Withdrawn,
        /// Its withdrawal was undone.
        Restored,
        /// The name of a person was removed from it.
        Redacted,
        /// What it shows of others, or what follows from the day, has changed; its version stays.
        Refreshed,
        /// A change the reader may not see; in the feed only, never stored.
        Hidden,
    }
}

codes! { "quality_flag",
    /// What could be better about a record.
    pub enum QualityFlag {
        /// A date is known to the year at best.
        YearOnlyDate,
        /// No document is attached or linked.
        NoDocument,
        /// No legal act is recorded.
        NoLegalAct,
        /// The status is presumed and nobody has confirmed it.
        PresumedStatus,
        /// One side names the tie and the other does not.
        OneSided,
        /// Sources contradict each other.
        ConflictingSources,
        /// No party has confirmed it for three years.
        Unconfirmed3y = "unconfirmed_3y",
        /// The contact has not been verified.
        ContactUnverified,
        /// In force although nothing has happened for years.
        DormantInForce,
        /// Its term has passed and it still counts as in force.
        ExpiredButListed,
        /// A step was taken without a paper.
        InformalAct,
        /// A party signed before it was founded.
        BeforeFounding,
        /// A party signed after it was dissolved.
        AfterDissolution,
        /// Its events can't have happened as they are recorded; they keep the order they had.
        HistoryInDoubt,
    }
}

codes! { "attention",
    /// What an office should look at among its agreements.
    pub enum Attention {
        /// Its term ends within six months and does not renew itself.
        Expiring,
        /// Its term has passed and it still counts as in force.
        ExpiredButListed,
        /// A notice stands, or an end is planned.
        PendingTermination,
        /// No party has confirmed it for twelve months.
        Unconfirmed,
        /// In force although nothing has happened for years.
        DormantInForce,
        /// An approval is known of and its legal act is not.
        MissingLegalAct,
        /// A contact has not been verified for long.
        ContactsStale,
        /// Another office changed it last, within ninety days.
        ChangedByOtherParty,
    }
}

codes! { "suggestion_state",
    /// What became of a suggestion.
    pub enum SuggestionState {
        /// It waits for a decision.
        Open,
        /// It was accepted and applied.
        Accepted,
        /// It was rejected.
        Rejected,
    }
}

codes! { "operation",
    /// What a suggestion would do to its record.
    pub enum Operation {
        /// Says something in words; whoever accepts it makes the change.
        Message,
        /// Records something in the holdings of the office that decides.
        Create,
        /// Changes fields.
        Update,
        /// Publishes a draft.
        Publish,
        /// Records a step of the lifecycle.
        Event,
        /// Withdraws the record.
        Withdraw,
        /// Undoes a withdrawal.
        Restore,
        /// Confirms that the agreement still holds.
        Confirm,
        /// Cites a source.
        Cite,
        /// Changes a citation.
        Recite,
        /// Drops a citation.
        Uncite,
        /// Records a relation to another partner.
        Relate,
        /// Drops a relation.
        Unrelate,
    }
}

codes! { "key_scope",
    /// What an API key may be limited to.
    pub enum KeyScope {
        /// Recording and changing partners, their relations and contacts.
        PartnersWrite = "partners:write",
        /// Recording and changing agreements and their events.
        AgreementsWrite = "agreements:write",
        /// Recording and changing networks.
        NetworksWrite = "networks:write",
        /// Recording and changing memberships and their events.
        MembershipsWrite = "memberships:write",
        /// Recording and changing activities.
        ActivitiesWrite = "activities:write",
        /// Recording and changing sources and citations.
        SourcesWrite = "sources:write",
        /// Uploading and changing documents.
        DocumentsWrite = "documents:write",
        /// Reading and deciding suggestions.
        SuggestionsWrite = "suggestions:write",
        /// Removing the names of persons.
        RedactionsWrite = "redactions:write",
        /// Managing offices, users and keys.
        AccessWrite = "access:write",
    }
}

codes! { "role",
    /// What a person or a key may do, from the least to the most.
    pub enum Role {
        /// Edits the records of one office.
        Editor,
        /// Edits them too, and accepts what editors of the office propose.
        Approver,
        /// Edits all records.
        Registrar,
        /// Edits all records and manages access.
        Admin,
    }
}
