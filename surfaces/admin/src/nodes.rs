//! The processes that serve the site, and how far behind each is.

use accounts::Action;
use axum::extract::State;
use web::RequestContext;

use crate::views::nodes::{NodeLine, Nodes};
use crate::{Admin, Answer};

/// `GET /admin/nodes`
pub async fn show(State(admin): State<Admin>, context: RequestContext) -> Answer {
    context.viewer.require(Action::RunOperations)?;
    let line = |node: events::NodeStatus| NodeLine {
        silent: node.is_silent(context.now),
        lag: node.lag(),
        // What is behind; the rest is at hand.
        behind: node
            .lags
            .iter()
            .filter(|(_, lag)| **lag > 0)
            .map(|(name, lag)| (name.clone(), *lag))
            .collect(),
        // Enough to tell processes apart.
        id: node.id.chars().take(8).collect(),
        name: node.name,
        version: node.version,
        started_at: node.started_at,
        seen_at: node.seen_at,
    };
    let nodes = admin.journal.nodes().await?.into_iter().map(line).collect();
    let view = Nodes { nodes, layout: admin.layout(&context.viewer, "nodes", "").await? };
    Ok(admin.frame.page(&context, &view).await?)
}
