//! The table of problem codes: one line says the code, the status and the title; the sentence below
//! it is what `/problems/{code}` explains.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident, $code:literal, $status:ident, $title:literal;)+) => {
        /// What kind of problem an answer reports. Clients switch on the code, never on the text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name, in the body's `code` and at the end of its `type`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The HTTP status sent with it.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// The short title, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// What it means and what to do about it.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    /// The request could not be read: the body is not JSON, a value has the wrong JSON type, a field is unknown, or a cursor or parameter value is not one this service gave or allows. Correct the request; sending it again unchanged fails again.
    MalformedRequest, "malformed-request", BAD_REQUEST, "The request can't be read";
    /// A query parameter is not one this operation knows. The answer names the allowed ones, so that a misspelt filter never silently returns everything.
    UnknownParameter, "unknown-parameter", BAD_REQUEST, "Unknown query parameter";
    /// The body was read, but fields in it break rules: each is listed under `errors` with a JSON pointer, a code and the rule.
    ValidationFailed, "validation-failed", UNPROCESSABLE_ENTITY, "Fields break rules";
    /// The operation needs an API key, and none was sent, or it is unknown, expired or revoked. Send `Authorization: Bearer tck_…`.
    Unauthenticated, "unauthenticated", UNAUTHORIZED, "A valid key is needed";
    /// The key is known, but its role may not do this to this record.
    Forbidden, "forbidden", FORBIDDEN, "Not allowed";
    /// There is no such resource, or the caller may not see it.
    NotFound, "not-found", NOT_FOUND, "Not found";
    /// The resource exists but does not take this method; `Allow` lists those it takes.
    MethodNotAllowed, "method-not-allowed", METHOD_NOT_ALLOWED, "Method not allowed";
    /// None of the media types in `Accept` (or `format=`) can be produced here.
    NotAcceptable, "not-acceptable", NOT_ACCEPTABLE, "Media type not available";
    /// The body's `Content-Type` is not one this operation reads, or the body is packed (`Content-Encoding`), which none may be.
    UnsupportedMediaType, "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "Media type not read";
    /// The request did not come in time: nothing came for too long, or too little. The connection is closed; send the request again.
    RequestTimeout, "request-timeout", REQUEST_TIMEOUT, "The request came too slowly";
    /// The body is larger than this service reads: 2 MiB of JSON, or a document of 20 MiB.
    PayloadTooLarge, "payload-too-large", PAYLOAD_TOO_LARGE, "Body too large";
    /// The address is longer than this service reads.
    UriTooLong, "uri-too-long", URI_TOO_LONG, "Address too long";
    /// The headers of the request are larger than this service reads.
    HeadersTooLarge, "headers-too-large", REQUEST_HEADER_FIELDS_TOO_LARGE, "Headers too large";
    /// The `Range` asked for lies outside of the document; `Content-Range` says how long it is.
    RangeNotSatisfiable, "range-not-satisfiable", RANGE_NOT_SATISFIABLE, "No such part of the document";
    /// The lifecycle does not allow this action in the record's present status; `allowed` lists the actions it does.
    IllegalTransition, "illegal-transition", CONFLICT, "Action not allowed in this status";
    /// The action is allowed in this status, but one of its conditions is not met.
    GuardFailed, "guard-failed", UNPROCESSABLE_ENTITY, "A condition is not met";
    /// A record of the same facts is already there: `duplicate_of` names it, or by its place (`/0`) an item of the same array. For agreements, `allow_duplicate` with the reason records it all the same.
    DuplicateAgreement, "duplicate-agreement", CONFLICT, "Already recorded";
    /// Another published record carries this identifier: `duplicate_of` names it.
    IdentifierTaken, "identifier-taken", CONFLICT, "Identifier belongs to another record";
    /// The record can't be withdrawn while live agreements or memberships depend on it.
    InUse, "in-use", CONFLICT, "Still in use";
    /// The record has changed since the version named in `If-Match`. Read it again, look at what changed, and repeat with the new `ETag`.
    PreconditionFailed, "precondition-failed", PRECONDITION_FAILED, "The record has changed meanwhile";
    /// This operation overwrites a record and needs `If-Match` with the version that was read, so that nobody's work is lost.
    PreconditionRequired, "precondition-required", PRECONDITION_REQUIRED, "If-Match is needed";
    /// This `Idempotency-Key` was used with another body. Use a new key for a new request.
    IdempotencyMismatch, "idempotency-mismatch", UNPROCESSABLE_ENTITY, "Key used with another body";
    /// A request with this `Idempotency-Key` is still being worked on. Repeat it later to get its answer.
    IdempotencyInProgress, "idempotency-in-progress", CONFLICT, "Still being worked on";
    /// The record was withdrawn, and the reason is given; or it was merged into the one `merged_into` names.
    Withdrawn, "withdrawn", GONE, "Withdrawn";
    /// Too many requests from this address; `Retry-After` says when to come back.
    TooManyRequests, "too-many-requests", TOO_MANY_REQUESTS, "Too many requests";
    /// The service can't reach its database or is too busy to take the write; `Retry-After` says when to come back. Nothing was changed.
    Unavailable, "unavailable", SERVICE_UNAVAILABLE, "Temporarily not available";
    /// Something went wrong here. Nothing was changed; the request id finds it in the log.
    Internal, "internal", INTERNAL_SERVER_ERROR, "Internal error";
}

impl Code {
    /// The code of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// The code that best tells a bare status of the framework: the only one with it.
    pub fn of_status(status: StatusCode) -> Self {
        let mut codes = Self::ALL.iter().filter(|code| code.status() == status);
        match (codes.next(), codes.next()) {
            (Some(code), None) => *code,
            _ if status.is_client_error() => Self::MalformedRequest,
            _ => Self::Internal,
        }
    }
}
