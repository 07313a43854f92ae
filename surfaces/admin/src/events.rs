//! How those stand who follow the journal with rows of their own, and the events that they could not apply.

use accounts::{Action, User};
use audit::Record;
use axum::body::Body;
use axum::extract::State;
use events::{ConsumerState, ConsumerStatus};
use http::Response;
use kernel::Error;
use web::{Path, Query, RequestContext, session};

use crate::layout::Asked;
use crate::views::events::{ConsumerLine, Events, ParkedLine, Rebuilding};
use crate::{Admin, Answer};

/// Parked events that one page shows; `byline events parked` lists more.
const SHOWN: usize = 100;

/// `GET /admin/events`
pub async fn show(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::RunOperations)?;
    let consumers = admin.journal.consumers().await?.into_iter().map(|one| {
        let state = one.state(context.now);
        ConsumerLine {
            state: state.name(),
            tone: match state {
                ConsumerState::Running => "good",
                ConsumerState::Failing | ConsumerState::Stopped => "bad",
                ConsumerState::Rebuilding => "wait",
            },
            lag: one.lag_seconds(context.now),
            cursor: (one.tx >= -1).then(|| format!("{}/{}", one.tx, one.seq)),
            // Enough to tell processes apart.
            holder: one.holder.chars().take(8).collect(),
            name: one.name,
            behind_more: one.behind == ConsumerStatus::COUNTED,
            behind: one.behind,
            parked: one.parked,
            moved_at: one.moved_at,
            failures: one.failures,
            error: one.error,
        }
    });
    let parked = admin.journal.parked(None, SHOWN).await?.into_iter().map(|event| ParkedLine {
        consumer: event.consumer,
        seq: event.seq,
        kind: event.kind,
        at: event.at,
        error: event.error,
        tries: event.tries,
        parked_at: event.parked_at,
        again: event.again,
    });
    let view = Events {
        consumers: consumers.collect(),
        parked: parked.collect(),
        all: admin.journal.count_parked().await?,
        layout: admin.layout(&context.viewer, "events", &asked.done).await?,
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/events/{consumer}/retry`: all that is parked of a consumer
pub async fn retry_all(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(consumer): Path<String>,
) -> Answer {
    let operator = context.viewer.require(Action::RunOperations)?;
    admin.retry(operator, &consumer, None).await
}

/// `POST /admin/events/{consumer}/{seq}/retry`
pub async fn retry(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((consumer, seq)): Path<(String, i64)>,
) -> Answer {
    let operator = context.viewer.require(Action::RunOperations)?;
    admin.retry(operator, &consumer, Some(seq)).await
}

/// `POST /admin/events/{consumer}/{seq}/drop`
pub async fn drop_one(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((consumer, seq)): Path<(String, i64)>,
) -> Answer {
    let operator = context.viewer.require(Action::RunOperations)?;
    let tx = admin.db.write().await?;
    admin.journal.drop_parked_in(&tx, &consumer, seq).await?;
    admin.commit(tx, operator, Record::new("event.drop", "consumer", &consumer).before(seq)).await?;
    Ok(back("event-dropped"))
}

/// `GET /admin/events/{consumer}/rebuild`: what that does
pub async fn ask_rebuild(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(consumer): Path<String>,
) -> Answer {
    context.viewer.require(Action::RunOperations)?;
    let known = admin.journal.consumers().await?.into_iter().any(|one| one.name == consumer);
    if !known {
        return Err(Error::NotFound.into());
    }
    let view = Rebuilding { layout: admin.layout(&context.viewer, "events", "").await?, name: consumer };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/events/{consumer}/rebuild`
pub async fn rebuild(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(consumer): Path<String>,
) -> Answer {
    let operator = context.viewer.require(Action::RunOperations)?;
    let tx = admin.db.write().await?;
    admin.journal.rebuild_in(&tx, &consumer).await?;
    admin.commit(tx, operator, Record::new("consumer.rebuild", "consumer", &consumer)).await?;
    Ok(back("consumer-rebuild"))
}

impl Admin {
    async fn retry(&self, operator: &User, consumer: &str, seq: Option<i64>) -> Answer {
        let tx = self.db.write().await?;
        if self.journal.retry_parked_in(&tx, consumer, seq).await? == 0 {
            return Err(Error::NotFound.into());
        }
        self.commit(tx, operator, Record::new("event.retry", "consumer", consumer).before(seq)).await?;
        Ok(back("event-retry"))
    }
}

fn back(done: &str) -> Response<Body> {
    session::see_other(&format!("/admin/events?done={done}"))
}
