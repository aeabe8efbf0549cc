//! Mails into a folder.

use twincity::config::{MailConfig, ServeConfig};

use super::{invitation, parsed, push, work};
use crate::jobs::rows;
use crate::support::TestApp;

async fn registry(folder: &std::path::Path) -> TestApp {
    let mail = MailConfig {
        folder: Some(folder.to_owned()),
        ..MailConfig::default()
    };
    TestApp::with(ServeConfig {
        mail,
        ..ServeConfig::default()
    })
    .await
}

#[actix_web::test]
async fn without_a_mail_server_mails_become_files_of_a_folder() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("a").join("mail");
    let app = registry(&folder).await;
    assert_eq!(work(&app).await, 0);
    assert!(!folder.exists(), "it is made when it is needed");
    push(&app, invitation("anna@example.org", "pl"));
    assert_eq!(work(&app).await, 1);
    let files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1);
    assert!(
        files[0]
            .extension()
            .is_some_and(|extension| extension == "eml")
    );
    let message = parsed(&std::fs::read(&files[0]).unwrap());
    assert_eq!(message.headers["From"], "twincity <twincity@localhost>");
    assert_eq!(message.headers["To"], "anna@example.org");
    let link = "http://127.0.0.1:8080/account/invitation?token=s3cret-t0ken";
    assert!(message.text.contains(link), "{}", message.text);
    assert_eq!(rows(&app)[0].payload, "{}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[actix_web::test]
async fn a_folder_that_can_t_be_made_is_tried_again() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("file").join("mail");
    std::fs::write(parent.path().join("file"), "").unwrap();
    let app = registry(&folder).await;
    push(&app, invitation("anna@example.org", "en"));
    assert_eq!(work(&app).await, 1);
    let row = &rows(&app)[0];
    assert!(row.failed_at.is_none() && row.done_at.is_none());
    assert!(
        row.last_error
            .as_deref()
            .is_some_and(|error| error.contains("folder"))
    );
}
