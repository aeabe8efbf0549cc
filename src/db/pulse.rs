//! Is the database there? Asked on a connection and a thread of their own, so that the answer never
//! queues behind readers.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::manager::Manager;
use super::own_connection::OwnConnection;
use super::{Error, revision};

/// How long the database has for its answer.
const AT_MOST: Duration = Duration::from_millis(900);

type Asked = oneshot::Sender<Result<i64, Error>>;

/// The thread that asks; it ends when this is dropped.
pub(super) struct Pulse {
    questions: Sender<Asked>,
}

impl Pulse {
    /// Starts the thread; it connects when it is first asked.
    pub(super) fn start(manager: Manager) -> Result<Self, Error> {
        let (questions, asked) = channel();
        super::thread("twincity-pulse", move || {
            run(OwnConnection::new(manager), &asked);
        })?;
        Ok(Self { questions })
    }

    /// The number of the last change, as soon as the database says it.
    pub(super) async fn revision(&self) -> Result<i64, Error> {
        let unavailable = |why: &str| Error::Unavailable(why.to_owned());
        let (asked, answer) = oneshot::channel();
        self.questions
            .send(asked)
            .map_err(|_stopped| unavailable("its pulse has stopped"))?;
        match timeout(AT_MOST, answer).await {
            Ok(Ok(revision)) => revision,
            Ok(Err(_)) => Err(unavailable("its pulse has stopped")),
            Err(_) => Err(unavailable("it did not answer in time")),
        }
    }
}

fn run(mut connection: OwnConnection, questions: &Receiver<Asked>) {
    while let Ok(first) = questions.recv() {
        // Whoever has asked meanwhile gets the same answer.
        let asked = std::iter::once(first).chain(questions.try_iter());
        let asked: Vec<Asked> = asked.collect();
        let answer = connection.ask(|conn| Ok(revision(conn)?));
        for asked in asked {
            let copy = match &answer {
                Ok(revision) => Ok(*revision),
                Err(error) => Err(Error::Unavailable(error.to_string())),
            };
            // Who has gone needs no answer.
            drop(asked.send(copy));
        }
    }
}
