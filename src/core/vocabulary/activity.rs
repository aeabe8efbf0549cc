//! What partners do together.

use super::codes;

codes! { "activity_kind",
    /// What sort of activity it is.
    pub enum ActivityKind {
        /// A visit of a delegation.
        OfficialVisit,
        /// A mission of businesses or for business.
        EconomicMission,
        /// A conference or congress.
        Conference,
        /// A seminar or workshop.
        Seminar,
        /// A working meeting.
        Meeting,
        /// A concert, a festival or another event of culture.
        CulturalEvent,
        /// A tournament, a run or another event of sport.
        SportEvent,
        /// An exchange or camp of young people.
        YouthExchange,
        /// An exchange between schools.
        SchoolExchange,
        /// An exchange or internship of students.
        StudentExchange,
        /// An exchange or study visit of staff.
        StaffExchange,
        /// A training course.
        Training,
        /// Aid in an emergency.
        HumanitarianAid,
        /// A project carried out together.
        JointProject,
        /// A signing, an anniversary, an unveiling or another ceremony.
        Ceremony,
        /// An exhibition.
        Exhibition,
        /// A fair or market.
        Fair,
        /// Another activity.
        Other,
    }
}

codes! { "activity_mode",
    /// How people meet.
    pub enum ActivityMode {
        /// In one place.
        InPerson,
        /// Over the network only.
        Online,
        /// Some in one place and some over the network.
        Hybrid,
    }
}

codes! { "activity_status",
    /// Whether an activity happened.
    pub enum ActivityStatus {
        /// It is to happen.
        Planned,
        /// It happened.
        Held,
        /// It will not happen.
        Cancelled,
        /// It is to happen later than planned.
        Postponed,
    }
}

codes! { "participant_role",
    /// What a partner does in an activity.
    pub enum ParticipantRole {
        /// Receives the others.
        Host,
        /// Prepares and runs it.
        Organiser,
        /// Takes part.
        Participant,
        /// Gives a talk.
        Speaker,
        /// Is there on behalf of a body.
        Representative,
        /// Is present without taking part.
        Observer,
    }
}
