mod attached;
mod content;
mod forms;
mod restored;
mod uploads;
mod versions;
mod visibility;

use std::path::Path;

use actix_web::test::TestRequest;
use serde_json::Value;

use crate::support::{Answer, Caller, TestApp};

pub const DOCUMENTS: &str = "/api/v1/documents";

/// The smallest thing that begins as a PDF does.
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";

const BOUNDARY: &str = "----between-the-parts";

/// A form being filled in.
#[derive(Clone, Default)]
pub struct Form(Vec<u8>);

impl Form {
    /// With a field of text.
    pub fn field(self, name: &str, value: &str) -> Self {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"\r\n");
        self.part(&head, value.as_bytes())
    }

    /// With a file; `media` and `name` as they are written in its headers.
    pub fn file(self, name: Option<&str>, media: Option<&str>, bytes: &[u8]) -> Self {
        let name = name.map_or_else(String::new, |name| format!("; filename=\"{name}\""));
        let media = media.map_or_else(String::new, |media| format!("Content-Type: {media}\r\n"));
        let head = format!("Content-Disposition: form-data; name=\"file\"{name}\r\n{media}");
        self.part(&head, bytes)
    }

    /// With a part of this head.
    pub fn part(mut self, head: &str, bytes: &[u8]) -> Self {
        self.0
            .extend_from_slice(format!("--{BOUNDARY}\r\n{head}\r\n").as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    /// The bytes of the whole form.
    pub fn bytes(mut self) -> Vec<u8> {
        self.0
            .extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }

    /// Sends it.
    pub async fn post(self, caller: &Caller<'_>, path: &str) -> Answer {
        caller.send(request(path, self.bytes())).await
    }
}

/// A request with this as its form.
pub fn request(path: &str, form: impl Into<Vec<u8>>) -> TestRequest {
    let media = format!("multipart/form-data; boundary={BOUNDARY}");
    TestRequest::post()
        .uri(path)
        .insert_header(("Content-Type", media))
        .set_payload(form.into())
}

/// A form with a PDF and what is needed beside it.
pub fn pdf() -> Form {
    Form::default().field("kind", "agreement_text").file(
        Some("agreement.pdf"),
        Some("application/pdf"),
        PDF,
    )
}

/// A document of these further fields, filed by this caller.
pub async fn filed(caller: &Caller<'_>, fields: &[(&str, &str)]) -> Value {
    let form = fields
        .iter()
        .fold(pdf(), |form, (name, value)| form.field(name, value));
    form.post(caller, DOCUMENTS).await.expect(201).json()
}

/// The files that are kept, by their names below the folder.
pub fn kept(app: &TestApp) -> Vec<String> {
    fn walk(folder: &Path, root: &Path, all: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, all);
            } else {
                let inside = path.strip_prefix(root).unwrap();
                all.push(inside.to_str().unwrap().to_owned());
            }
        }
    }
    let (root, mut all) = (app.documents.path(), Vec::new());
    walk(root, root, &mut all);
    all
}
