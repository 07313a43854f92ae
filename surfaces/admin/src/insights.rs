//! How the lists do: what is shown, chosen and read to its end, by list, source and model; and the models themselves.

use std::collections::BTreeMap;
use std::time::Duration;

use accounts::Action;
use audit::Record;
use axum::extract::State;
use kernel::Error;
use serde::Deserialize;
use web::{Path, Query, RequestContext, session};

use crate::codes;
use crate::views::insights::{Insights, ListLine, ModelLine, SourceLine, Variety};
use crate::{Admin, Answer};

/// Spans that can be looked at, in days.
const SPANS: [i64; 3] = [1, 7, 28];
const MODELS: usize = 20;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    days: String,
    done: String,
}

/// `GET /admin/insights?days=7`
pub async fn show(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let user = context.viewer.require(Action::SeeInsights)?;
    let asked_for = asked.days.parse().unwrap_or(7);
    let days = SPANS.into_iter().find(|span| *span == asked_for).unwrap_or(7);
    let from = context.now.minus(Duration::from_hours(24 * days as u64));

    let mut lists: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for hour in admin.reads.lists(from).await? {
        let sum = lists.entry(hour.list).or_default();
        *sum = (sum.0 + hour.shown, sum.1 + hour.opened);
    }
    let (mut sources, mut variety) = (Vec::new(), Vec::new());
    for day in admin.learning.days(days - 1).await? {
        if day.source == "all" {
            let lists = day.lists.max(1) as f64;
            variety.push(Variety {
                model: day.model,
                lists: day.lists,
                authors: tenths(day.authors as f64 / lists),
                channels: tenths(day.channels as f64 / lists),
            });
        } else {
            sources.push(SourceLine {
                source: day.source,
                model: day.model,
                shown: day.shown,
                opened: day.opened,
                rate: percent(day.opened, day.shown),
                finished: percent(day.finished, day.opened),
            });
        }
    }
    let (newest, other) = admin.learning.in_use();
    let models = admin.learning.made(MODELS).await?.into_iter().map(|made| ModelLine {
        version: made.version,
        at: made.made_at,
        choices: made.choices,
        figure: format!("{:.3}", made.figure),
        before: format!("{:.3}", made.before),
        withdrawable: made.state == "live" && user.may(Action::RunOperations),
        state: made.state,
    });
    let view = Insights {
        layout: admin.layout(&context.viewer, "insights", &asked.done).await?,
        days,
        spans: SPANS.to_vec(),
        lists: lists
            .into_iter()
            .map(|(list, (shown, opened))| ListLine { list, shown, opened, rate: percent(opened, shown) })
            .collect(),
        sources,
        variety,
        models: models.collect(),
        newest,
        other,
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/insights/models/{version}/withdraw`
pub async fn withdraw(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(version): Path<i64>,
) -> Answer {
    let operator = context.viewer.require(Action::RunOperations)?;
    if admin.learning.in_use().0 != version {
        return Err(Error::Conflict(codes::MODEL_NOT_NEWEST).into());
    }
    let tx = admin.db.write().await?;
    admin.learning.withdraw_in(&tx, version).await?;
    admin.commit(tx, operator, Record::new("model.withdraw", "model", version)).await?;
    admin.learning.load().await?;
    Ok(session::see_other("/admin/insights?done=model-withdrawn"))
}

/// Of so many, as `12.5 %`; nothing where there were none.
fn percent(part: i64, all: i64) -> Option<String> {
    (all > 0).then(|| format!("{:.1} %", 100.0 * part as f64 / all as f64))
}

fn tenths(number: f64) -> String {
    format!("{number:.1}")
}
