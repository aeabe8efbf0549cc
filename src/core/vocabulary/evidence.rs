//! Where facts are from and what papers there are.

use super::codes;

codes! { "source_kind",
    /// What sort of source it is.
    pub enum SourceKind {
        /// The website of a party.
        PartyWebsite,
        /// The signed paper itself.
        SignedDocument,
        /// A resolution or another act of a party's authorities.
        Resolution,
        /// An official journal or gazette.
        OfficialJournal,
        /// A register kept by a state or a national association.
        NationalRegister,
        /// The list of members of a network.
        NetworkDirectory,
        /// A newspaper, a broadcaster or a news site.
        Press,
        /// A statement of Wikidata.
        Wikidata,
        /// An article of Wikipedia.
        Wikipedia,
        /// A scientific publication.
        Academic,
        /// A record in an archive.
        Archive,
        /// The word of the member of staff who made the entry.
        StaffEntry,
        /// A file that was imported.
        Import,
    }
}

codes! { "reliability",
    /// Who stands behind a source.
    pub enum Reliability {
        /// A party, officially.
        OfficialParty,
        /// An authority that is no party.
        OfficialOther,
        /// The press.
        Press,
        /// A work of reference with an editor.
        ReferenceWork,
        /// Volunteers, such as those of a wiki.
        Crowd,
        /// The body itself, unofficially.
        SelfReported,
    }
}

codes! { "stance",
    /// What a source says of a fact.
    #[derive(Default)]
    pub enum Stance {
        /// It states the fact.
        #[default]
        States,
        /// It states the contrary.
        Contradicts,
        /// It leaves the fact out where it would belong.
        Omits,
    }
}

codes! { "rank",
    /// Which of several citations counts.
    #[derive(Default)]
    pub enum Rank {
        /// The one to follow where citations disagree.
        Preferred,
        /// One among equals.
        #[default]
        Normal,
        /// Known to be wrong or outdated, and kept.
        Deprecated,
    }
}

codes! { "document_kind",
    /// What sort of document it is.
    pub enum DocumentKind {
        /// The text of an agreement.
        AgreementText,
        /// An annex or amendment to an agreement.
        Annex,
        /// A letter of intent.
        LetterOfIntent,
        /// A resolution of a council or of another body.
        Resolution,
        /// A decision by which an authority gives or refuses its consent.
        ConsentDecision,
        /// A notice that ends an agreement.
        TerminationNotice,
        /// Minutes of a meeting.
        Minutes,
        /// A photograph.
        Photo,
        /// A report.
        Report,
        /// A press release.
        PressRelease,
        /// A translation of another document.
        Translation,
    }
}

codes! { "document_access",
    /// Who may read a document.
    pub enum DocumentAccess {
        /// Everyone.
        Public,
        /// The offices of the parties and the registrars.
        Parties,
        /// The office that filed it and the registrars.
        Internal,
    }
}
