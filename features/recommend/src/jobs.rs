//! What is done later.

use jobs::{Failure, Job, Priority, Running};
use serde::{Deserialize, Serialize};

use crate::{Learning, Personal};

/// A new model is made where enough was chosen since the last one.
#[derive(Serialize, Deserialize)]
pub struct Learn {}

impl Job for Learn {
    type With = Learning;
    const KIND: &'static str = "recommend.learn";
    const PRIORITY: Priority = Priority::Background;

    async fn run(self, learning: Learning, _: Running) -> Result<(), Failure> {
        if let Some(made) = learning.learn().await? {
            tracing::info!(
                version = made.version,
                state = made.state,
                figure = made.figure,
                before = made.before,
                "made a model"
            );
        }
        Ok(())
    }
}

/// The newest model is withdrawn where readers choose less with it.
#[derive(Serialize, Deserialize)]
pub struct WatchModel {}

impl Job for WatchModel {
    type With = Learning;
    const KIND: &'static str = "recommend.watch-model";
    const PRIORITY: Priority = Priority::Background;

    async fn run(self, learning: Learning, _: Running) -> Result<(), Failure> {
        if let Some(version) = learning.watch().await? {
            tracing::warn!(version, "readers chose less with this model: withdrawn");
        }
        Ok(())
    }
}

/// Histories that are older than what is remembered go.
#[derive(Serialize, Deserialize)]
pub struct ForgetHistories {}

impl Job for ForgetHistories {
    type With = Personal;
    const KIND: &'static str = "recommend.forget-histories";
    const PRIORITY: Priority = Priority::Background;

    async fn run(self, personal: Personal, _: Running) -> Result<(), Failure> {
        personal.forget().await?;
        Ok(())
    }
}
