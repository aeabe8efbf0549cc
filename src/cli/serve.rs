//! `twincity serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;

use super::{Failure, demo, line};
use crate::app::App;
use crate::config::{DatabaseConfig, ServeConfig};
use crate::core::clock::SystemClock;
use crate::db::{Db, migrations};
use crate::server;

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    config: ServeConfig,
    /// On an empty database: load the Białystok example and print an admin key
    #[arg(long, env = "TWINCITY_DEMO")]
    demo: bool,
}

impl Serve {
    pub(super) fn run(mut self, database: &DatabaseConfig) -> Result<(), Failure> {
        let oidc = self.config.oidc.believed();
        oidc.map_err(|wrong| Failure::usage(wrong.to_string()))?;
        let db = Db::open(&database.options())?;
        for name in migrations::up(&db)? {
            tracing::info!(name, "migration applied");
        }
        let bind = self.config.bind;
        self.config.mail.beside(&database.database_url);
        let named = self.config.documents.is_some();
        let app = App::new(self.config, db, Arc::new(SystemClock));
        if named {
            // The usual folder is made with the first document; one that was named must be usable.
            app.files
                .open()
                .map_err(|error| Failure::usage(error.to_string()))?;
        }
        if self.demo {
            demo::start(&app)?;
        }
        let listening = |addresses: &[SocketAddr]| {
            for address in addresses {
                // A closed standard output is no reason not to serve.
                drop(line(&format!("listening on http://{address}")));
            }
        };
        actix_web::rt::System::new()
            .block_on(server::serve(app, listening, server::stop_signal()))
            .map_err(|error| Failure::failed(format!("can't serve on {bind}: {error}")))
    }
}
