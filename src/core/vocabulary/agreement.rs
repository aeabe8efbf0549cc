//! What agreements are and on what terms they are concluded.

use super::codes;

codes! { "relationship_type",
    /// What kind of tie an agreement makes.
    pub enum RelationshipType {
        /// A lasting and general partnership of authorities, the closest tie.
        Twinning,
        /// A looser tie, as a rule for a fixed term and often a step towards twinning.
        Friendship,
        /// A tie for one project or subject, and for as long as that lasts.
        ProjectPartnership,
        /// Working together under an agreement that is not called a partnership.
        Cooperation,
        /// A tie made to help the other side in war, disaster or development.
        Solidarity,
        /// Contacts without a paper.
        Contact,
        /// A tie between institutions such as universities, schools and hospitals.
        Institutional,
    }
}

codes! { "instrument_type",
    /// What sort of paper a tie rests on.
    pub enum InstrumentType {
        /// An agreement that founds a partnership.
        PartnershipAgreement,
        /// A solemn charter or oath of twinning.
        TwinningCharter,
        /// An agreement to work together, in general or in named fields.
        CooperationAgreement,
        /// A record of what the parties have come to understand, as a rule not binding.
        MemorandumOfUnderstanding,
        /// A statement that the parties mean to conclude an agreement or to work together.
        LetterOfIntent,
        /// A statement made by the parties together.
        JointDeclaration,
        /// Letters of both sides that only together make the agreement.
        ExchangeOfLetters,
        /// A protocol: minutes of what was agreed, or a programme for a period.
        Protocol,
        /// A contract in the form of a convention, as is usual among French-speaking authorities.
        Convention,
        /// A paper that changes or completes another agreement.
        Annex,
        /// There is a paper and nobody has described it.
        Unspecified,
        /// There is no paper.
        None,
    }
}

codes! { "scope",
    /// Whether an agreement is about everything or about named fields.
    #[derive(Default)]
    pub enum Scope {
        /// Cooperation in general.
        #[default]
        General,
        /// Cooperation in the fields it names.
        Thematic,
    }
}

codes! { "field_of_cooperation",
    /// What partners work on together.
    pub enum FieldOfCooperation {
        /// Local self-government and administration.
        SelfGovernment,
        /// Economy and trade.
        EconomyTrade,
        /// Investment and the promotion of locations.
        Investment,
        /// Tourism.
        Tourism,
        /// Culture and the arts.
        CultureArts,
        /// Heritage, history and remembrance.
        HeritageRemembrance,
        /// Schools and education.
        Education,
        /// Higher education and research.
        HigherEducationResearch,
        /// Youth.
        Youth,
        /// Sport.
        Sport,
        /// Health.
        Health,
        /// Social policy and inclusion.
        SocialInclusion,
        /// Environment and climate.
        EnvironmentClimate,
        /// Water, waste, energy and other municipal services.
        MunicipalServices,
        /// Town planning, housing, transport and mobility.
        UrbanPlanningMobility,
        /// Digital services and the smart city.
        DigitalSmartCity,
        /// Public safety, fire service and civil protection.
        PublicSafety,
        /// Agriculture and rural areas.
        AgricultureRural,
        /// Development across a common border.
        CrossBorderDevelopment,
        /// Humanitarian aid and solidarity.
        HumanitarianSolidarity,
    }
}

codes! { "status_basis",
    /// How well the status of an agreement is known.
    #[derive(Default)]
    pub enum StatusBasis {
        /// A document of a party says so.
        Confirmed,
        /// Nobody has said that it ended.
        #[default]
        Presumed,
        /// The parties or the sources disagree.
        Disputed,
    }
}

codes! { "activity_level",
    /// How much life there is in a tie, whatever its legal status.
    #[derive(Default)]
    pub enum ActivityLevel {
        /// The partners meet or work together regularly.
        Active,
        /// The partners are in touch now and then.
        Low,
        /// Nothing has happened for years.
        Dormant,
        /// Nobody has looked into it.
        #[default]
        Unknown,
    }
}

codes! { "entry_into_force",
    /// What brings an agreement into force.
    #[derive(Default)]
    pub enum EntryIntoForce {
        /// The signature.
        #[default]
        OnSignature,
        /// The consent of a higher authority.
        OnConsent,
        /// A day named in the agreement.
        FixedDate,
        /// The last notice that a party's own procedure is complete.
        OnLastNotification,
        /// Not known.
        Unknown,
    }
}

codes! { "duration_kind",
    /// For how long an agreement is concluded.
    #[derive(Default)]
    pub enum DurationKind {
        /// Until somebody ends it.
        Indefinite,
        /// For a term or until a day.
        FixedTerm,
        /// As long as a project lasts.
        Project,
        /// Not known.
        #[default]
        Unknown,
    }
}

codes! { "renewal",
    /// How a term is renewed.
    pub enum Renewal {
        /// It is not: the agreement ends with its term.
        None,
        /// By itself, unless a party objects in time.
        Tacit,
        /// By a decision of the parties.
        ByAgreement,
    }
}

codes! { "party_role",
    /// What a party is to an agreement.
    #[derive(Default)]
    pub enum PartyRole {
        /// An equal party.
        #[default]
        Partner,
        /// The party that proposed the agreement.
        Initiator,
        /// The party in whose place the cooperation happens.
        Host,
        /// A body that takes part without obligations.
        Observer,
        /// The party that keeps the original and receives notices.
        Depositary,
    }
}

codes! { "acknowledgement",
    /// What a party itself says of the agreement.
    #[derive(Default)]
    pub enum Acknowledgement {
        /// It names the tie as its own.
        Acknowledged,
        /// It says that the tie does not exist or has ended.
        Denied,
        /// Its own list of partners leaves the tie out.
        Silent,
        /// Nobody has looked.
        #[default]
        Unknown,
    }
}

codes! { "reciprocity",
    /// Whether the parties say the same of their tie.
    pub enum Reciprocity {
        /// Every party acknowledges it.
        BothAcknowledge,
        /// Some party acknowledges it and another is silent.
        OneSided,
        /// Some party denies it.
        Disputed,
        /// Too little is known.
        Unknown,
    }
}
