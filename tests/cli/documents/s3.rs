//! A service that speaks as much of S3 as the registry does: objects, ranges, uploads in parts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use actix_web::http::{Method, StatusCode, header};
use actix_web::web::{Bytes, Data, PayloadConfig, to};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

/// What the service holds and has been asked.
#[derive(Debug, Default)]
pub struct Held {
    /// Objects by their path, the bucket in front.
    pub objects: BTreeMap<String, Vec<u8>>,
    /// Parts of uploads that have not ended, by upload and number.
    pub parts: BTreeMap<(String, u32), Vec<u8>>,
    /// Every request: method and path.
    pub requests: Vec<String>,
    /// Whether requests came without a signature.
    pub unsigned: bool,
    uploads: u32,
}

/// The running service.
pub struct Service {
    /// Where it listens.
    pub endpoint: String,
    held: Arc<Mutex<Held>>,
}

impl Service {
    /// Starts it on a free port, on a thread that ends with the process.
    pub fn start() -> Self {
        let held = Arc::new(Mutex::new(Held::default()));
        let data = Data::from(Arc::clone(&held));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || {
                    App::new()
                        .app_data(Data::clone(&data))
                        .app_data(PayloadConfig::new(64 * 1024 * 1024))
                        .default_service(to(answer))
                };
                let server = HttpServer::new(app).workers(1).listen(listener).unwrap();
                server.disable_signals().run().await.unwrap();
            });
        });
        Self { endpoint, held }
    }

    /// Looks into it.
    pub fn look<T>(&self, f: impl FnOnce(&mut Held) -> T) -> T {
        f(&mut self.held.lock().unwrap())
    }
}

fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    form_urlencoded::parse(request.query_string().as_bytes())
        .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

fn xml(body: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/xml")
        .body(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}"))
}

async fn answer(request: HttpRequest, body: Bytes, held: Data<Mutex<Held>>) -> HttpResponse {
    let mut held = held.lock().unwrap();
    let path = request.path().to_owned();
    held.requests.push(format!("{} {path}", request.method()));
    let signature = request.headers().get(header::AUTHORIZATION);
    held.unsigned |= !signature.is_some_and(|value| {
        value
            .to_str()
            .unwrap()
            .starts_with("AWS4-HMAC-SHA256 Credential=tester/")
    });
    let upload = parameter(&request, "uploadId");
    match (request.method().clone(), upload) {
        (Method::POST, None) => {
            held.uploads += 1;
            xml(format!(
                "<InitiateMultipartUploadResult><UploadId>upload-{}</UploadId></InitiateMultipartUploadResult>",
                held.uploads
            ))
        }
        (Method::PUT, Some(upload)) => {
            let number = parameter(&request, "partNumber").unwrap().parse().unwrap();
            held.parts.insert((upload, number), body.to_vec());
            HttpResponse::Ok()
                .insert_header((header::ETAG, format!("\"part-{number}\"")))
                .finish()
        }
        (Method::POST, Some(upload)) => {
            let mut whole = Vec::new();
            for (_, part) in held.parts.extract_if(.., |key, _| key.0 == upload) {
                whole.extend(part);
            }
            held.objects.insert(path, whole);
            xml("<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>".to_owned())
        }
        (Method::DELETE, Some(upload)) => {
            held.parts.retain(|key, _| key.0 != upload);
            HttpResponse::NoContent().finish()
        }
        (Method::PUT, None) => {
            held.objects.insert(path, body.to_vec());
            HttpResponse::Ok()
                .insert_header((header::ETAG, "\"whole\""))
                .finish()
        }
        (Method::DELETE, None) => {
            held.objects.remove(&path);
            HttpResponse::NoContent().finish()
        }
        _ => object(&request, held.objects.get(&path)),
    }
}

fn object(request: &HttpRequest, object: Option<&Vec<u8>>) -> HttpResponse {
    let Some(object) = object else {
        return HttpResponse::NotFound()
            .content_type("application/xml")
            .body("<Error><Code>NoSuchKey</Code></Error>");
    };
    let range = request.headers().get(header::RANGE).map(|range| {
        let range = range.to_str().unwrap().strip_prefix("bytes=").unwrap();
        let (first, last) = range.split_once('-').unwrap();
        let last: usize = last.parse().unwrap();
        first.parse().unwrap()..(last + 1).min(object.len())
    });
    let mut response = HttpResponse::Ok();
    let mut bytes = object.as_slice();
    if let Some(range) = range {
        let (first, last) = (range.start, range.end - 1);
        let place = format!("bytes {first}-{last}/{}", object.len());
        response
            .status(StatusCode::PARTIAL_CONTENT)
            .insert_header((header::CONTENT_RANGE, place));
        bytes = object.get(range).unwrap();
    }
    response
        .insert_header((header::ETAG, "\"whole\""))
        .insert_header((header::LAST_MODIFIED, "Tue, 24 Nov 2026 12:00:00 GMT"))
        .body(bytes.to_vec())
}
