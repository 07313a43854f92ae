//! The first visit of a new site: its name, its first operator, channel and author.
//!
//! While a site has no operator, whoever has the key that `byline serve` prints may set it up; afterwards who may make all of it, as long
//! as something is missing. Each step is whole by itself and the role comes last: broken off, the same form goes on.

use accounts::{Action, Role, User};
use articles::TypedChannel;
use authors::Profile;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response as AnyResponse};
use events::Actor;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use kernel::{Cursor, Error, Invalid, Result};
use serde::Deserialize;
use settings::site::{LOCALE, NAME, TAGLINE, ZONE};
use settings::{Settings, zones};
use web::render::Form as Filled;
use web::{Failure, Form, Query, RequestContext, session};

use crate::channels::COLOUR;
use crate::views::setup::{Key, Setup};
use crate::{Admin, Answer};

/// What a site lacks to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    pub operator: bool,
    pub channel: bool,
    pub author: bool,
}

impl Missing {
    pub fn nothing(self) -> bool {
        !(self.operator || self.channel || self.author)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    key: String,
}

/// `GET /setup?key=`
pub async fn show(
    State(admin): State<Admin>,
    context: RequestContext,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Answer {
    let missing = admin.missing().await?;
    if !admin.may_set_up(&context, missing, &asked.key)? {
        let wrong = !asked.key.is_empty();
        let mut response = admin.frame.page(&context, &Key { wrong }).await?;
        *response.status_mut() = StatusCode::FORBIDDEN;
        return Ok(response);
    }
    if missing.nothing() {
        return Ok(session::see_other("/admin"));
    }
    let settings = &admin.settings;
    let form = Filled::default()
        .with("name", settings.chosen(&NAME).unwrap_or_default())
        .with("tagline", settings.get(&TAGLINE))
        .with("locale", settings.chosen(&LOCALE).unwrap_or(context.variant.locale).tag())
        .with("zone", settings.get(&ZONE))
        .with("author_kind", "media");
    let view = Setup {
        over_http: admin.frame.setup().over_http(&headers, context.here()),
        own_zone: settings.chosen(&ZONE).is_none(),
        ..admin.form(missing, asked.key, form)
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// Who may is asked before the form is read: its address has the key.
pub async fn gate(
    State(admin): State<Admin>,
    context: RequestContext,
    request: Request,
    next: Next,
) -> AnyResponse {
    if context.is_get {
        return next.run(request).await;
    }
    match admin.gate(&context, request.uri().query().unwrap_or_default()).await {
        Ok(None) => next.run(request).await,
        Ok(Some(refused)) => refused,
        Err(failure) => failure.into_response(),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    name: String,
    tagline: String,
    locale: String,
    zone: String,
    user_name: String,
    user_handle: String,
    password: String,
    channel_zh: String,
    channel_en: String,
    channel_slug: String,
    author_name: String,
    author_handle: String,
    author_kind: String,
}

impl Fields {
    /// Settings, but for those that the configuration fixes.
    fn settings(&self, settings: &Settings) -> Vec<(&'static str, &str)> {
        let typed = [
            (NAME.declared(), settings.is_fixed(&NAME), &self.name),
            (TAGLINE.declared(), settings.is_fixed(&TAGLINE), &self.tagline),
            (LOCALE.declared(), settings.is_fixed(&LOCALE), &self.locale),
            (ZONE.declared(), settings.is_fixed(&ZONE), &self.zone),
        ];
        let free = typed.into_iter().filter(|(_, fixed, _)| !fixed);
        free.map(|(of, _, value)| (of.name, value.as_str())).collect()
    }

    /// A channel has a name in each language of the interface; a site that is written in one need not think of the other.
    fn channel(&self) -> TypedChannel {
        let or = |text: &str, other: &str| {
            if text.trim().is_empty() { other.trim().to_owned() } else { text.trim().to_owned() }
        };
        TypedChannel {
            slug: self.channel_slug.clone(),
            zh: or(&self.channel_zh, &self.channel_en),
            en: or(&self.channel_en, &self.channel_zh),
            colour: COLOUR.to_owned(),
            position: "1".to_owned(),
        }
    }

    /// Trusted: where one person runs a site there is nobody else to review what they write.
    fn author(&self) -> Profile {
        Profile {
            handle: self.author_handle.trim().to_owned(),
            name: self.author_name.clone(),
            kind: authors::Kind::named(&self.author_kind).unwrap_or_default(),
            trusted: true,
            ..Profile::default()
        }
    }

    /// All but the password.
    fn form(&self) -> Filled {
        let typed = [
            ("name", &self.name),
            ("tagline", &self.tagline),
            ("locale", &self.locale),
            ("zone", &self.zone),
            ("user_name", &self.user_name),
            ("user_handle", &self.user_handle),
            ("channel_zh", &self.channel_zh),
            ("channel_en", &self.channel_en),
            ("channel_slug", &self.channel_slug),
            ("author_name", &self.author_name),
            ("author_handle", &self.author_handle),
            ("author_kind", &self.author_kind),
        ];
        Filled::sent(typed.map(|(name, value)| (name, value.as_str())))
    }
}

/// `POST /setup?key=`
pub async fn save(
    State(admin): State<Admin>,
    context: RequestContext,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    Form(fields): Form<Fields>,
) -> Answer {
    let missing = admin.missing().await?;
    match admin.set_up(&context, missing, &fields).await {
        Ok(_) if !missing.operator => Ok(session::see_other("/studio/new?done=ready")),
        Ok(user) => {
            let network = context.network.to_string();
            let (_, token) = admin.accounts.sign_in(user.handle.as_str(), &fields.password, &network).await?;
            tracing::info!(user = %user.handle, "the site is set up");
            let mut response = session::see_other("/studio/new?done=ready");
            session::set(response.headers_mut(), token.as_str(), admin.frame.setup().secure());
            Ok(response)
        }
        Err(Error::Invalid(errors)) => {
            let over_http = admin.frame.setup().over_http(&headers, context.here());
            let view = Setup { over_http, ..admin.form(missing, asked.key, fields.form().refused(&errors)) };
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

impl Admin {
    /// What the site lacks.
    pub async fn missing(&self) -> Result<Missing> {
        let operators = self.accounts.holding(Role::Operator, Cursor::START).await?;
        Ok(Missing {
            operator: operators.items.is_empty(),
            channel: self.articles.channels().await?.is_empty(),
            author: self.authors.list(Cursor::START, 1).await?.items.is_empty(),
        })
    }

    fn may_set_up(&self, context: &RequestContext, missing: Missing, key: &str) -> Result<bool> {
        if missing.operator {
            return Ok(self.setup_key.is(key));
        }
        let user = context.viewer.signed_in()?;
        if may_finish(user) && !context.viewer.is_limited() { Ok(true) } else { Err(Error::Denied) }
    }

    /// The answer to somebody who may not, if this is one.
    async fn gate(&self, context: &RequestContext, query: &str) -> Result<Option<Response<Body>>, Failure> {
        let key = query.split('&').find_map(|pair| pair.strip_prefix("key=")).unwrap_or_default();
        let missing = self.missing().await?;
        if self.may_set_up(context, missing, key)? {
            return Ok(None);
        }
        let mut response = self.frame.page(context, &Key { wrong: true }).await?;
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        Ok(Some(response))
    }

    fn form(&self, missing: Missing, key: String, form: Filled) -> Setup {
        let settings = &self.settings;
        let set = [
            ("name", settings.is_fixed(&NAME)),
            ("tagline", settings.is_fixed(&TAGLINE)),
            ("locale", settings.is_fixed(&LOCALE)),
            ("zone", settings.is_fixed(&ZONE)),
        ];
        Setup {
            operator: missing.operator,
            channel: missing.channel,
            author: missing.author,
            fixed: set.into_iter().filter(|(_, set)| *set).map(|(name, _)| name).collect(),
            zones: zones(),
            key,
            over_http: None,
            own_zone: false,
            least: *accounts::PASSWORD_CHARS.start(),
            form,
        }
    }

    /// Checks everything, so that all errors are shown at once, then does it.
    async fn set_up(&self, context: &RequestContext, missing: Missing, fields: &Fields) -> Result<User> {
        let mut errors = Invalid::default();
        let typed = fields.settings(&self.settings);
        collect(self.settings.check(&typed), &mut errors, of_site)?;
        let mut channel = None;
        if missing.channel {
            channel =
                collect(self.articles.check_channel(fields.channel()), &mut errors, |field| match field {
                    "zh" => "channel_zh",
                    "en" => "channel_en",
                    _ => "channel_slug",
                })?;
        }
        if missing.operator {
            let (handle, name) = (&fields.user_handle, &fields.user_name);
            collect(self.accounts.check_user(handle, name, &fields.password), &mut errors, of_user)?;
        }
        if missing.author {
            collect(self.authors.check(fields.author()), &mut errors, of_author)?;
        }
        errors.check()?;
        // Whoever has the key, or who looks after the site already.
        let by = context.viewer.user().filter(|_| !missing.operator).map(|user| user.id);
        let actor = Actor::user_or_command_line(by);
        self.settings.by(actor).set(&typed).await?;
        if let Some(channel) = channel {
            self.articles.by(actor).ensure_channel(&channel).await?;
        }
        let user = if missing.operator {
            named(self.operator(context, fields).await, of_user)?
        } else {
            context.viewer.signed_in()?.clone()
        };
        if missing.author {
            named(self.authors.by(user.id).create(fields.author(), &[user.id]).await, of_author)?;
        }
        if missing.operator {
            self.accounts.grant(None, user.id, Role::Operator).await?;
        }
        Ok(user)
    }

    /// The user who will be operator: made here, or by an attempt that was broken off.
    async fn operator(&self, context: &RequestContext, fields: &Fields) -> Result<User> {
        let network = context.network.to_string();
        let Fields { user_handle, user_name, password, .. } = fields;
        match self.accounts.create_user(user_handle, user_name, password).await {
            Err(error @ Error::Invalid(_)) => {
                match self.accounts.sign_in(user_handle, password, &network).await {
                    Ok((user, _)) => Ok(user),
                    Err(_) => Err(error),
                }
            }
            made => made,
        }
    }
}

/// Whether somebody may make what a site that is set up still lacks.
pub fn may_finish(user: &User) -> bool {
    [Action::ChangeSettings, Action::ManageChannels, Action::ManageAuthors]
        .into_iter()
        .all(|action| user.may(action))
}

fn of_site(field: &'static str) -> &'static str {
    field.strip_prefix("site.").unwrap_or(field)
}

fn of_user(field: &'static str) -> &'static str {
    match field {
        "name" => "user_name",
        "handle" => "user_handle",
        other => other,
    }
}

fn of_author(field: &'static str) -> &'static str {
    match field {
        "name" => "author_name",
        _ => "author_handle",
    }
}

/// The value; or what is wrong with it goes to the other errors, under the field's name in this form.
fn collect<T>(
    checked: Result<T>,
    errors: &mut Invalid,
    field: impl Fn(&'static str) -> &'static str,
) -> Result<Option<T>> {
    match named(checked, field) {
        Ok(value) => Ok(Some(value)),
        Err(Error::Invalid(found)) => {
            errors.0.extend(found.0);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn named<T>(result: Result<T>, field: impl Fn(&'static str) -> &'static str) -> Result<T> {
    result.map_err(|error| match error {
        Error::Invalid(mut found) => {
            for error in &mut found.0 {
                error.field = field(error.field);
            }
            Error::Invalid(found)
        }
        other => other,
    })
}
