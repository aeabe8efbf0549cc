//! `twincity serve`.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;

use super::{CliError, demo, line};
use crate::app::App;
use crate::config::{DatabaseConfig, ServeConfig};
use crate::core::clock::{Clock as _, SystemClock};
use crate::db::{Db, migrations};
use crate::html;
use crate::server;
use crate::service::{feed, recompute};

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    config: ServeConfig,
    /// On an empty database: load the Białystok example and print an admin key
    #[arg(long, env = "TWINCITY_DEMO")]
    demo: bool,
}

impl Serve {
    pub(super) fn run(mut self, database: &DatabaseConfig) -> Result<(), CliError> {
        let oidc = self.config.oidc.believed();
        oidc.map_err(|wrong| CliError::usage(wrong.to_string()))?;
        if let Some(folder) = &self.config.site.theme {
            let wrong = |fault| CliError::usage(format!("the theme {}: {fault}", folder.display()));
            html::install(folder, &self.config.site).map_err(wrong)?;
        }
        // Nothing is made or changed when the address is taken.
        let bind = self.config.bind;
        let unable = |error: io::Error| CliError::failed(format!("can't serve on {bind}: {error}"));
        let listener = server::listen(bind).map_err(unable)?;
        let db = Db::open(&database.options())?;
        for name in migrations::up(&db)? {
            tracing::info!(name, "migration applied");
        }
        recompute::run(&db, SystemClock.now(), |progress| -> Result<(), CliError> {
            tracing::info!("{progress}");
            Ok(())
        })?;
        // What was computed anew is told with everything else that the log says otherwise.
        feed::catch_up(&db, SystemClock.now())?;
        self.config.mail.beside(&database.database_url);
        let named = self.config.documents.is_some();
        let app = App::new(self.config, db, Arc::new(SystemClock));
        if named {
            // The usual folder is made with the first document; one that was named must be usable.
            app.files
                .try_out()
                .map_err(|error| CliError::usage(error.to_string()))?;
        }
        if self.demo {
            demo::start(&app)?;
        }
        let listening = |address: SocketAddr| {
            // A closed standard output is no reason not to serve.
            drop(line(&format!("listening on http://{address}")));
        };
        let stop = server::stop_signal();
        actix_web::rt::System::new()
            .block_on(server::serve(app, listener, listening, stop))
            .map_err(unable)
    }
}
