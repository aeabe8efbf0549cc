//! What partners are, how they are named and how they are related.

use super::codes;

codes! { "partner_kind",
    /// What sort of body a partner is.
    pub enum PartnerKind {
        /// A city, town or commune with authorities of its own.
        Municipality,
        /// A borough or district of a city that acts in its own name.
        CityDistrict,
        /// An authority between municipality and region, such as a powiat or a Landkreis.
        County,
        /// A body that municipalities form to act together, such as a French métropole.
        IntermunicipalBody,
        /// A region with self-government, such as a voivodeship.
        Region,
        /// A state of a federation, or a province with a government of its own.
        StateOrProvince,
        /// A city that is also a first-level division of its country, such as Minsk or Beijing.
        SpecialStatusCity,
        /// An association of local authorities that acts for its members.
        LocalAuthorityAssociation,
        /// A university or another institution of higher education.
        University,
        /// A school or a nursery.
        School,
        /// A hospital or another institution of health care.
        Hospital,
        /// A chamber of commerce, industry or crafts.
        ChamberOfCommerce,
        /// A museum, theatre, orchestra, library or another institution of culture.
        CulturalInstitution,
        /// An association, a foundation or another non-governmental organisation.
        Ngo,
        /// An institution of another sort.
        OtherInstitution,
    }
}

impl PartnerKind {
    /// Whether the body is an institution, such as a university, and neither governs a territory nor stands for
    /// bodies that do.
    pub fn is_institution(self) -> bool {
        match self {
            Self::Municipality
            | Self::CityDistrict
            | Self::County
            | Self::IntermunicipalBody
            | Self::Region
            | Self::StateOrProvince
            | Self::SpecialStatusCity
            | Self::LocalAuthorityAssociation => false,
            Self::University
            | Self::School
            | Self::Hospital
            | Self::ChamberOfCommerce
            | Self::CulturalInstitution
            | Self::Ngo
            | Self::OtherInstitution => true,
        }
    }
}

codes! { "name_type",
    /// What a name of a partner or network is used for.
    pub enum NameType {
        /// The name the registry shows.
        Display,
        /// The full name in law.
        Official,
        /// The name in a language of the place itself.
        Endonym,
        /// The name in a language from elsewhere.
        Exonym,
        /// The name spelt in another script.
        Transliteration,
        /// A name that is no longer used.
        Historic,
        /// A shortened name.
        Short,
        /// A name made of initials.
        Acronym,
        /// Any other name under which the body is known.
        Alias,
    }
}

codes! { "existence",
    /// Whether a body still exists.
    #[derive(Default)]
    pub enum Existence {
        /// The body exists.
        #[default]
        Active,
        /// The body no longer exists.
        Dissolved,
    }
}

codes! { "relation_type",
    /// How one partner is related to another.
    pub enum RelationType {
        /// The second body took over from the first, wholly or in part.
        Successor,
        /// The two bodies have to do with each other in another way.
        Related,
    }
}

codes! { "contact_visibility",
    /// Who may see a contact of a partner.
    pub enum ContactVisibility {
        /// Everyone.
        Public,
        /// Everyone who is logged in.
        Registered,
        /// The partner's own office and the registrars.
        Internal,
    }
}
