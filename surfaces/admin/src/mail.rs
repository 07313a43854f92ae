//! Where mail goes, and what went there where that is a folder.

use accounts::Action;
use audit::Record;
use axum::body::Body;
use axum::extract::State;
use http::{HeaderValue, Response, header};
use kernel::Error;
use mail::{Accepted, Address, KeptMail, Letter, TestLetter, codes};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::layout::Asked;
use crate::views::mail::{Mail, MailLine, Message};
use crate::{Admin, Answer};

/// Messages that one page shows.
const SHOWN: usize = 100;

/// What a message may do in a browser: nothing but have its own style. It is shown by itself, as scripts and frames of pages are not for it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";

/// `GET /admin/mail`
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::ReadMail)?;
    let view = admin.mail_page(&context, &asked.done, Filled::default()).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    address: String,
}

/// `POST /admin/mail/test`: `address`
pub async fn test(State(admin): State<Admin>, context: RequestContext, Form(fields): Form<Fields>) -> Answer {
    let operator = context.viewer.require(Action::ReadMail)?;
    let refused = match Address::parse(&fields.address) {
        Err(_) => codes::ADDRESS_FORM,
        Ok(to) => {
            let letter = TestLetter { asked_at: context.now };
            let letter = Letter::new(&letter, to, context.variant.locale)?.with_zone(operator.zone.clone());
            let tx = admin.db.write().await?;
            match admin.outbox.enqueue(&tx, &letter).await? {
                Accepted::Refused(_) => codes::ADDRESS_REFUSED,
                Accepted::Queued(_) => {
                    admin.commit(tx, operator, Record::new("mail.test", "mail", "test")).await?;
                    return Ok(session::see_other("/admin/mail?done=mail-test"));
                }
            }
        }
    };
    let form = Filled::default().with("address", fields.address).with_error("address", refused);
    let view = admin.mail_page(&context, "", form).await?;
    Ok(admin.frame.refused(&context, &view).await?)
}

/// `GET /admin/mail/{name}`: a message of the folder, as plain text
pub async fn show(State(admin): State<Admin>, context: RequestContext, Path(name): Path<String>) -> Answer {
    context.viewer.require(Action::ReadMail)?;
    let KeptMail { kept, from, text, html } = admin.kept(&name).await?;
    let view = Message {
        layout: admin.layout(&context.viewer, "mail", "").await?,
        has_html: html.is_some(),
        mail: kept.into(),
        from,
        text,
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `GET /admin/mail/{name}/html`: the same as mail programs show it
pub async fn html(State(admin): State<Admin>, context: RequestContext, Path(name): Path<String>) -> Answer {
    context.viewer.require(Action::ReadMail)?;
    let html = admin.kept(&name).await?.html.ok_or(Error::NotFound)?;
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

impl Admin {
    async fn kept(&self, name: &str) -> kernel::Result<KeptMail> {
        let folder = self.transport.kept().ok_or(Error::NotFound)?;
        folder.find(name).await?.ok_or(Error::NotFound)
    }

    async fn mail_page(&self, context: &RequestContext, done: &str, form: Filled) -> kernel::Result<Mail> {
        let kept = match self.transport.kept() {
            Some(folder) => Some(folder.list(SHOWN).await?.into_iter().map(MailLine::from).collect()),
            None => None,
        };
        let (layout, place) = (self.layout(&context.viewer, "mail", done).await?, self.transport.name());
        Ok(Mail { layout, place, kept, form })
    }
}
