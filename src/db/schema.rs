// The tables as diesel sees them, the same on both engines; a test compares it with each database.

/// Declares these tables. Those of a kind of record have its own columns behind those that all of them have.
macro_rules! tables {
    ($($table:ident $(: $kind:ident)? ($($key:ident),+) { $($columns:tt)+ })+) => {
        $(table! { $($kind)? $table ($($key),+) { $($columns)+ } })+
        diesel::allow_tables_to_appear_in_same_query!($($table),+);
    };
}

macro_rules! table {
    (record $table:ident (id) { $($columns:tt)+ }) => {
        diesel::table! {
            $table (id) {
                id -> BigInt,
                public_id -> Text,
                record_state -> Text,
                version -> Integer,
                rev -> BigInt,
                created_at -> Timestamp,
                updated_at -> Timestamp,
                created_by -> Text,
                updated_by -> Text,
                withdrawn_reason -> Nullable<Text>,
                $($columns)+
            }
        }
    };
    ($table:ident ($($key:ident),+) { $($columns:tt)+ }) => {
        diesel::table! { $table ($($key),+) { $($columns)+ } }
    };
}

tables! {
    registry_meta (id) {
        id -> BigInt,
        seq -> BigInt,
        renewals -> BigInt,
        last_at -> Nullable<Timestamp>,
        public_seq -> BigInt,
        reconciled -> Bool,
        followed_seq -> BigInt,
    }

    changes (seq) {
        seq -> BigInt,
        entity -> Text,
        record -> Text,
        op -> Text,
        version -> Integer,
        actor -> Text,
        actor_key -> Nullable<Text>,
        at -> Timestamp,
        patch -> Text,
        reason -> Nullable<Text>,
        request_id -> Nullable<Text>,
        person -> Nullable<Text>,
        approved_by -> Nullable<Text>,
        approver -> Nullable<Text>,
        suggestion -> Nullable<Text>,
        audience -> Nullable<Text>,
        whole -> Nullable<Text>,
    }

    api_keys (id) {
        id -> BigInt,
        public_id -> Text,
        name -> Text,
        hash -> Text,
        role -> Text,
        organisation -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
        person -> Nullable<Text>,
        scopes -> Nullable<Text>,
    }

    idempotency_keys (id) {
        id -> BigInt,
        actor -> Text,
        method -> Text,
        path -> Text,
        key -> Text,
        body_hash -> Text,
        status -> Integer,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Text,
        created_at -> Timestamp,
    }

    names (id) {
        id -> BigInt,
        record -> Text,
        position -> Integer,
        value -> Text,
        lang -> Nullable<Text>,
        types -> Text,
        valid_from -> Nullable<Text>,
        valid_to -> Nullable<Text>,
    }

    identifiers (id) {
        id -> BigInt,
        record -> Text,
        position -> Integer,
        scheme -> Text,
        value -> Text,
        active -> Bool,
    }

    sources: record (id) {
        kind -> Text,
        title -> Text,
        sort_key -> Text,
        url -> Nullable<Text>,
        archived_url -> Nullable<Text>,
        publisher -> Nullable<Text>,
        author_body -> Nullable<Text>,
        published_on -> Nullable<Text>,
        modified_on -> Nullable<Text>,
        retrieved_on -> Nullable<Text>,
        language -> Nullable<Text>,
        licence -> Nullable<Text>,
        reliability -> Nullable<Text>,
    }

    citations (id) {
        id -> BigInt,
        public_id -> Text,
        record -> Text,
        source_id -> BigInt,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        created_by -> Text,
        updated_by -> Text,
        pointer -> Text,
        stance -> Text,
        rank -> Text,
        observed_on -> Nullable<Text>,
        stated_value -> Nullable<Text>,
        quote -> Nullable<Text>,
    }

    partners: record (id) {
        kind -> Text,
        name -> Text,
        sort_key -> Text,
        country -> Text,
        subdivision -> Nullable<Text>,
        host_id -> Nullable<BigInt>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        population -> Nullable<BigInt>,
        population_year -> Nullable<Integer>,
        website -> Nullable<Text>,
        existence -> Text,
        founded_on -> Nullable<Text>,
        dissolved_on -> Nullable<Text>,
        description -> Text,
        seeking -> Nullable<Text>,
        merged_into -> Nullable<BigInt>,
    }

    partner_relations (id) {
        id -> BigInt,
        public_id -> Text,
        from_id -> BigInt,
        to_id -> BigInt,
        #[sql_name = "type"]
        type_ -> Text,
        since -> Nullable<Text>,
        until -> Nullable<Text>,
        source_id -> Nullable<BigInt>,
        note -> Nullable<Text>,
        created_at -> Timestamp,
        created_by -> Text,
    }

    agreements: record (id) {
        title -> Text,
        sort_key -> Text,
        relationship -> Text,
        instrument -> Text,
        scope -> Text,
        fields -> Text,
        status -> Text,
        status_since -> Text,
        status_basis -> Text,
        activity_level -> Text,
        proposed_on -> Nullable<Text>,
        approved_on -> Nullable<Text>,
        signed_on -> Nullable<Text>,
        signed_earliest -> Nullable<Date>,
        signed_latest -> Nullable<Date>,
        signed_asc -> Text,
        signed_desc -> Text,
        in_force_on -> Nullable<Text>,
        signed_at -> Nullable<Text>,
        entry_into_force -> Text,
        duration -> Text,
        valid_until -> Nullable<Text>,
        valid_until_earliest -> Nullable<Date>,
        valid_until_latest -> Nullable<Date>,
        term -> Nullable<Text>,
        renewal -> Nullable<Text>,
        renewal_period -> Nullable<Text>,
        notice_period -> Nullable<Text>,
        languages -> Text,
        purpose -> Text,
        arose_from_id -> Nullable<BigInt>,
        parent_id -> Nullable<BigInt>,
        registrations -> Text,
        last_confirmed_on -> Nullable<Date>,
        domestic -> Bool,
        institutional -> Bool,
        pending_notice_given_on -> Nullable<Text>,
        pending_effective_on -> Nullable<Text>,
        party_key -> Text,
        quality_flags -> Text,
        said_term -> Nullable<Text>,
    }

    agreement_parties (id) {
        id -> BigInt,
        agreement_id -> BigInt,
        position -> Integer,
        partner_id -> BigInt,
        role -> Text,
        participation -> Text,
        signed_on -> Nullable<Text>,
        acceded_on -> Nullable<Text>,
        withdrew_on -> Nullable<Text>,
        name_at_signing -> Nullable<Text>,
        acknowledgement -> Text,
        signatories -> Text,
        said -> Nullable<Text>,
    }

    agreement_listing (agreement_id, country) {
        agreement_id -> BigInt,
        country -> Text,
        record_state -> Text,
        status -> Text,
        signed_desc -> Text,
    }

    agreement_links (id) {
        id -> BigInt,
        from_id -> BigInt,
        to_id -> BigInt,
    }

    networks: record (id) {
        kind -> Text,
        name -> Text,
        sort_key -> Text,
        founded_on -> Nullable<Text>,
        dissolved_on -> Nullable<Text>,
        legal_form -> Nullable<Text>,
        seat_partner_id -> Nullable<BigInt>,
        website -> Nullable<Text>,
        successor_id -> Nullable<BigInt>,
        membership_classes -> Text,
        description -> Text,
    }

    memberships: record (id) {
        partner_id -> BigInt,
        network_id -> BigInt,
        class -> Nullable<Text>,
        section -> Text,
        via_partner_id -> Nullable<BigInt>,
        status -> Text,
        status_since -> Text,
        live -> Bool,
        applied_on -> Nullable<Text>,
        admitted_on -> Nullable<Text>,
        admitted_asc -> Text,
        admitted_desc -> Text,
        ended_on -> Nullable<Text>,
        offices -> Text,
        said -> Nullable<Text>,
        quality_flags -> Text,
    }

    lifecycle_events (id) {
        id -> BigInt,
        public_id -> Text,
        agreement_id -> Nullable<BigInt>,
        membership_id -> Nullable<BigInt>,
        action -> Text,
        from_status -> Nullable<Text>,
        to_status -> Text,
        stated_status -> Nullable<Text>,
        effective_on -> Text,
        recorded_at -> Timestamp,
        recorded_by -> Text,
        corrects_id -> Nullable<BigInt>,
        source_id -> Nullable<BigInt>,
        details -> Text,
    }

    status_periods (id) {
        id -> BigInt,
        agreement_id -> Nullable<BigInt>,
        membership_id -> Nullable<BigInt>,
        status -> Text,
        since -> Text,
        from_on -> Date,
        certain_from -> Date,
        to_on -> Date,
        certain_to -> Date,
    }

    activities: record (id) {
        kind -> Text,
        title -> Text,
        sort_key -> Text,
        starts_on -> Nullable<Text>,
        starts_earliest -> Nullable<Date>,
        starts_latest -> Nullable<Date>,
        starts_asc -> Text,
        starts_desc -> Text,
        ends_on -> Nullable<Text>,
        mode -> Text,
        place_text -> Nullable<Text>,
        place_partner_id -> Nullable<BigInt>,
        participant_count -> Nullable<BigInt>,
        fields -> Text,
        network_id -> Nullable<BigInt>,
        programme -> Nullable<Text>,
        grant_ref -> Nullable<Text>,
        outcome -> Nullable<Text>,
        status -> Text,
    }

    activity_participants (id) {
        id -> BigInt,
        activity_id -> BigInt,
        position -> Integer,
        partner_id -> BigInt,
        role -> Text,
        office -> Nullable<Text>,
        name -> Nullable<Text>,
    }

    activity_agreements (id) {
        id -> BigInt,
        activity_id -> BigInt,
        agreement_id -> BigInt,
    }

    organisations (id) {
        id -> BigInt,
        partner_id -> BigInt,
        four_eyes -> Bool,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }

    users (id) {
        id -> BigInt,
        public_id -> Text,
        email -> Nullable<Text>,
        name -> Text,
        lang -> Text,
        password -> Nullable<Text>,
        registry_role -> Nullable<Text>,
        active -> Bool,
        oidc_issuer -> Nullable<Text>,
        oidc_subject -> Nullable<Text>,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        seen_email -> Nullable<Text>,
        seen_grants -> Nullable<Text>,
        seen_on -> Nullable<Date>,
    }

    user_roles (id) {
        id -> BigInt,
        user_id -> BigInt,
        organisation_id -> BigInt,
        role -> Text,
    }

    sessions (id) {
        id -> BigInt,
        public_id -> Text,
        user_id -> BigInt,
        hash -> Text,
        agent -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
    }

    password_tokens (id) {
        id -> BigInt,
        user_id -> BigInt,
        purpose -> Text,
        hash -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }

    suggestions (id) {
        id -> BigInt,
        public_id -> Text,
        state -> Text,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        operation -> Text,
        target -> Text,
        part -> Nullable<Text>,
        base_version -> Nullable<Integer>,
        payload -> Nullable<Text>,
        message -> Nullable<Text>,
        evidence_url -> Nullable<Text>,
        email -> Nullable<Text>,
        lang -> Text,
        proposed_by -> Nullable<Text>,
        proposer -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        decider -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        note -> Nullable<Text>,
        proof -> Nullable<Text>,
        along -> Nullable<Text>,
        office -> Nullable<Text>,
        preview -> Nullable<Text>,
        field -> Nullable<Text>,
    }

    documents: record (id) {
        kind -> Text,
        title -> Nullable<Text>,
        sort_key -> Text,
        language -> Nullable<Text>,
        authentic -> Bool,
        access -> Text,
        office -> Nullable<Text>,
        media_type -> Nullable<Text>,
        size -> Nullable<BigInt>,
        sha256 -> Nullable<Text>,
        file_name -> Nullable<Text>,
        external_url -> Nullable<Text>,
        agreement_id -> Nullable<BigInt>,
        membership_id -> Nullable<BigInt>,
        activity_id -> Nullable<BigInt>,
        event_id -> Nullable<BigInt>,
        series -> Text,
        replaces_id -> Nullable<BigInt>,
    }

    contacts (id) {
        id -> BigInt,
        public_id -> Text,
        record_state -> Text,
        version -> Integer,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        created_by -> Text,
        updated_by -> Text,
        withdrawn_reason -> Nullable<Text>,
        partner_id -> BigInt,
        unit -> Text,
        sort_key -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        url -> Nullable<Text>,
        languages -> Text,
        is_personal -> Bool,
        visibility -> Text,
        verified_on -> Nullable<Date>,
        person_name -> Nullable<Text>,
        consent_given_on -> Nullable<Date>,
        consent_note -> Nullable<Text>,
        expires_on -> Nullable<Date>,
    }

    jobs (id) {
        id -> BigInt,
        kind -> Text,
        payload -> Text,
        run_at -> Timestamp,
        attempts -> Integer,
        locked_until -> Nullable<Timestamp>,
        locked_by -> Nullable<Text>,
        done_at -> Nullable<Timestamp>,
        failed_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
    }

    leases (id) {
        id -> BigInt,
        name -> Text,
        holder -> Text,
        until -> Timestamp,
    }

    recomputations (name) {
        name -> Text,
        next_key -> BigInt,
    }

    subscribers (id) {
        id -> BigInt,
        email -> Text,
        lang -> Text,
        created_at -> Timestamp,
        due_at -> Nullable<Timestamp>,
        not_before -> Nullable<Timestamp>,
        weekly_at -> Nullable<Timestamp>,
    }

    subscription_topics (id) {
        id -> BigInt,
        subscriber_id -> BigInt,
        topic -> Text,
        frequency -> Text,
        told_seq -> BigInt,
    }

    subscription_requests (id) {
        id -> BigInt,
        email -> Text,
        lang -> Text,
        topics -> Text,
        frequency -> Text,
        hash -> Text,
        created_at -> Timestamp,
    }

    subscription_tokens (id) {
        id -> BigInt,
        subscriber_id -> Nullable<BigInt>,
        hash -> Text,
        created_at -> Timestamp,
    }

    subscription_news (id) {
        id -> BigInt,
        topic -> Text,
        seq -> BigInt,
        record -> Text,
        what -> Text,
        created_at -> Timestamp,
    }

    held_suggestions (id) {
        id -> BigInt,
        hash -> Text,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::joinable!(agreement_parties -> agreements (agreement_id));
diesel::joinable!(agreement_parties -> partners (partner_id));
diesel::joinable!(activity_participants -> activities (activity_id));
diesel::joinable!(activity_participants -> partners (partner_id));
diesel::joinable!(memberships -> networks (network_id));
diesel::joinable!(citations -> sources (source_id));
diesel::joinable!(documents -> agreements (agreement_id));
diesel::joinable!(documents -> memberships (membership_id));
diesel::joinable!(documents -> activities (activity_id));
diesel::joinable!(contacts -> partners (partner_id));
diesel::joinable!(lifecycle_events -> agreements (agreement_id));
diesel::joinable!(lifecycle_events -> memberships (membership_id));
diesel::joinable!(organisations -> partners (partner_id));
diesel::joinable!(user_roles -> users (user_id));
diesel::joinable!(user_roles -> organisations (organisation_id));
