//! What an operator sets while the site runs.

use accounts::Action;
use axum::extract::{Multipart, State};
use kernel::{Colour, Error, Invalid};
use media::MAX_MEGABYTES;
use settings::{Input, READABLE, Source, Standing, site, zones};
use web::render::Form as Filled;
use web::{BodyMeter, Form, PictureForm, Query, RequestContext, session};

use crate::layout::Asked;
use crate::views::settings::{Contrast, Field, Group, Settings};
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
    // What is named as the logo is public from then on: only what somebody brings for it.
    if values.iter().any(|(name, _)| *name == site::LOGO.declared().name) {
        return Err(Error::NotFound.into());
    }
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

/// `POST /admin/settings/logo`: file `logo`, or `logo_drop`
pub async fn save_logo(
    State(admin): State<Admin>,
    context: RequestContext,
    meter: BodyMeter,
    form: Multipart,
) -> Answer {
    let operator = context.viewer.require(Action::ChangeSettings)?;
    let mut sent = PictureForm::read(form, "logo", MAX_MEGABYTES, &admin.uploads, &meter).await?;
    let (media, by) = (admin.media.clone(), operator.id);
    let picture = sent.keep(async |path| media.upload_file(Some(by), path).await).await?;
    if !sent.errors.0.is_empty() {
        let logo = Filled::default().refused(&sent.errors);
        let view = Settings { logo, ..admin.settings_page(&context, "", None).await? };
        return Ok(admin.frame.refused(&context, &view).await?);
    }
    let hash = match picture {
        Some(picture) => picture.hash,
        None if !sent.text("logo_drop").is_empty() => String::new(),
        None => return Ok(session::see_other("/admin/settings")),
    };
    admin.settings.by(by).set(&[(site::LOGO.declared().name, &hash)]).await?;
    tracing::info!(operator = %operator.handle, settings = "site.logo", "settings were changed");
    Ok(session::see_other("/admin/settings?done=settings"))
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
            // A picture has a form of its own.
            if of.input == Input::Picture {
                continue;
            }
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
        let mut contrast = None;
        if let Some((typed, errors)) = typed {
            for (name, value) in typed {
                form = form.with(name, *value);
            }
            contrast = all.iter().find_map(|one| {
                let Input::Colour(surfaces) = one.of.input else { return None };
                let (_, text) = typed.iter().find(|(name, _)| *name == one.of.name)?;
                let colour = Colour::parse(text.trim())?;
                errors.names(one.of.name).then(|| Contrast {
                    has: format!("{:.1}", colour.least_contrast(surfaces)),
                    needs: format!("{READABLE:.1}"),
                    nearest: colour.readable_on(surfaces, READABLE).to_string(),
                })
            });
            form = form.refused(&errors);
        }
        Ok(Settings {
            layout: self.layout(&context.viewer, "settings", done).await?,
            groups,
            zones: zones(),
            form,
            logo: Filled::default(),
            contrast,
        })
    }
}
