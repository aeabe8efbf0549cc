//! The committed document is the one the code makes.

use std::path::Path;

use twincity::http::openapi;
use twincity::server;

#[test]
fn openapi_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let made = openapi::text(&server::document(), twincity::access::permissions::rights);
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    // Not assert_eq: nobody wants to read both.
    assert!(
        committed == made,
        "openapi/openapi.json is stale: UPDATE_OPENAPI=1 cargo test openapi_current"
    );
}

#[test]
fn the_version_of_the_document_is_that_of_the_binary() {
    assert_eq!(server::document().info.version, env!("CARGO_PKG_VERSION"));
}
