//! What an operator sets while the site runs.

use accounts::Action;
use axum::extract::State;
use kernel::{Error, Invalid};
use settings::{Input, Source, Standing};
use web::render::Form as Filled;
use web::{Form, Query, RequestContext, session};

use crate::layout::Asked;
use crate::setup::zones;
use crate::views::settings::{Field, Group, Settings};
use crate::{Admin, Answer};

/// `GET /admin/settings`
pub async fn show(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::ChangeSettings)?;
    let view = admin.settings_page(&context, &asked.done, None).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/settings`: any of the settings, by their names; those that are not sent stay as they are
pub async fn save(
    State(admin): State<Admin>,
    context: RequestContext,
    Form(sent): Form<Vec<(String, String)>>,
) -> Answer {
    let operator = context.viewer.require(Action::ChangeSettings)?;
    let values: Vec<(&str, &str)> =
        sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    match admin.settings.by(operator.id).set(&values).await {
        Ok(names) => {
            if !names.is_empty() {
                tracing::info!(operator = %operator.handle, settings = names.join(" "), "settings were changed");
            }
            Ok(session::see_other("/admin/settings?done=settings"))
        }
        Err(Error::Invalid(errors)) => {
            let view = admin.settings_page(&context, "", Some((&values, errors))).await?;
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

impl Admin {
    /// As the settings stand, or as they were typed and what is wrong with them.
    async fn settings_page(
        &self,
        context: &RequestContext,
        done: &str,
        typed: Option<(&[(&str, &str)], Invalid)>,
    ) -> kernel::Result<Settings> {
        let all = self.settings.all();
        let mut groups: Vec<Group> = Vec::new();
        for Standing { of, source, .. } in &all {
            let field = Field {
                name: of.name,
                message: of.message(),
                input: of.input.into(),
                most: match of.input {
                    Input::Line(most) | Input::Needed(most) => most as i64,
                    Input::Number(_, most) => most,
                    _ => 0,
                },
                least: if let Input::Number(least, _) = of.input { least } else { 0 },
                needed: matches!(of.input, Input::Needed(_)),
                choices: match of.input {
                    Input::Choice(among) => among.to_vec(),
                    _ => Vec::new(),
                },
                fixed: *source == Source::Fixed,
            };
            match groups.last_mut().filter(|group| group.name == of.feature()) {
                Some(group) => group.fields.push(field),
                None => groups.push(Group { name: of.feature(), fields: vec![field] }),
            }
        }
        let mut form = Filled::default();
        for one in &all {
            form = form.with(one.of.name, &one.value);
        }
        if let Some((typed, errors)) = typed {
            for (name, value) in typed {
                form = form.with(name, *value);
            }
            form = form.refused(&errors);
        }
        Ok(Settings {
            layout: self.layout(&context.viewer, "settings", done).await?,
            groups,
            zones: zones(),
            form,
        })
    }
}
