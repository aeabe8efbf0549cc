//! An answer, with checks that show the whole of it when they fail.

use actix_web::body::to_bytes;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::web::Bytes;
use serde_json::Value;
use twincity::http::code::Code;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    request: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// Reads the answer to its end.
    pub async fn read(response: ServiceResponse) -> Self {
        let (request, response) = response.into_parts();
        let described = format!("{} {}", request.method(), request.uri());
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body()).await.unwrap();
        Self {
            request: described,
            status,
            headers,
            body,
        }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// A header, if it was sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The ETag, which must be there.
    pub fn etag(&self) -> String {
        self.header("etag")
            .unwrap_or_else(|| panic!("no ETag: {self}"))
            .to_owned()
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body's bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {self}"))
    }

    /// The `id` of the record in the body.
    pub fn id(&self) -> String {
        self.json()["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no id: {self}"))
            .to_owned()
    }

    /// Itself, when it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status(), status, "{self}");
        self
    }

    /// The body of a problem of this code, with the media type and the status that belong to it.
    #[track_caller]
    pub fn problem(self, code: &str) -> Value {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{self}"
        );
        let known = Code::parse(code).unwrap_or_else(|| panic!("there is no code {code}"));
        let body = self.json();
        assert_eq!(body["code"], code, "{self}");
        assert_eq!(self.status, known.status(), "{self}");
        assert_eq!(body["status"], self.status.as_u16(), "{self}");
        assert_eq!(body["type"], format!("/problems/{code}"), "{self}");
        assert_eq!(
            body["request_id"].as_str(),
            self.header("x-request-id"),
            "{self}"
        );
        body
    }

    /// The pointers of a problem's errors.
    #[track_caller]
    pub fn pointers(self, code: &str) -> Vec<String> {
        let body = self.problem(code);
        let errors = body["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("no errors: {body}"));
        errors
            .iter()
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} answered {}", self.request, self.status)?;
        for (name, value) in &self.headers {
            write!(
                f,
                "\n  {name}: {}",
                String::from_utf8_lossy(value.as_bytes())
            )?;
        }
        let body = String::from_utf8_lossy(&self.body);
        write!(f, "\n{}", body.chars().take(4000).collect::<String>())
    }
}
