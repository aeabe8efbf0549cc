//! The HTTP framework alone: every request is answered with the bytes of one file, kept in memory.
//!
//! `floor ADDRESS FILE WORKERS`, with the allocator of twincity and none of its middleware.

use std::io::{Error, Result};

use actix_web::http::header::ContentType;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Reads the body, as whoever is asked to write something must, and answers.
async fn answer(_body: Bytes, bytes: Data<Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::json())
        .body(Bytes::clone(&bytes))
}

#[actix_web::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(file), Some(workers)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err(Error::other("usage: floor ADDRESS FILE WORKERS"));
    };
    let workers = workers.parse().map_err(Error::other)?;
    let bytes = Data::new(Bytes::from(std::fs::read(file)?));
    HttpServer::new(move || {
        App::new()
            .app_data(Data::clone(&bytes))
            .default_service(web::to(answer))
    })
    .workers(workers)
    .bind(address)?
    .run()
    .await
}
