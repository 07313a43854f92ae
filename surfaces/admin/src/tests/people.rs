//! Authors, users and channels.

use accounts::Role;
use articles::State;
use db::{Db, db_test};
use editorial::{Slot, SlotItem, Terms};
use kernel::{Handle, Slug, Time};
use testing::channel;

use super::open;

#[db_test]
async fn an_author_is_verified_and_trusted(db: Db) {
    let site = open(&db).await;
    assert!(site.get("operator", "/admin/authors").await.has(">Harbour<"));
    assert!(site.get("operator", "/admin/authors?q=%40Harbour").await.has(">Harbour<"));
    assert!(site.get("operator", "/admin/authors?q=nobody").await.has("Nobody is called nobody."));

    let path = format!("/admin/authors/{}", site.author.id);
    assert!(site.get("operator", &path).await.has("@mara"), "who owns it");
    let long = "x".repeat(61);
    let refused = site.post("operator", &path, &[("field", &*long), ("trusted", "1")]).await;
    assert!(refused.status == 422 && refused.has("id=\"field-error\"") && refused.has(&long));
    let answer =
        site.post("operator", &path, &[("field", "The sea"), ("verified", "1"), ("trusted", "1")]).await;
    assert_eq!((answer.status, answer.location()), (303, &*format!("{path}?done=saved")));
    let author = async || site.authors.find(site.author.id).await.unwrap().unwrap();
    let now = author().await;
    assert_eq!((now.field.as_deref(), now.verified, now.trusted), (Some("The sea"), true, true));
    assert_eq!((now.name, now.handle), (site.author.name.clone(), site.author.handle.clone()));
    // A box that is not ticked is not sent.
    site.post("operator", &path, &[("field", "The sea")]).await;
    assert!(!author().await.verified && !author().await.trusted);
}

#[db_test]
async fn an_imported_author_gets_an_owner(db: Db) {
    let site = open(&db).await;
    let imported = site.authors.ensure("tides", "Tides").await.unwrap().id;
    let path = format!("/admin/authors/{imported}");
    assert!(site.get("operator", &path).await.has("Nobody owns this author"));
    site.user("reader").await;
    let owners = format!("{path}/owners");
    let refused = site.post("operator", &owners, &[("handle", "no body")]).await;
    assert!(refused.status == 422 && refused.has("id=\"handle-error\"") && refused.has("value=\"no body\""));
    assert!(site.post("operator", &owners, &[("handle", "nobody")]).await.has("id=\"handle-error\""));

    let answer = site.post("operator", &owners, &[("handle", "@Reader")]).await;
    assert_eq!((answer.status, answer.location()), (303, &*format!("{path}?done=owner-added")));
    let owned = site.authors.owners(imported).await.unwrap();
    assert_eq!(owned.len(), 1);
    let remove = format!("{owners}/{}/remove", owned[0]);
    let page = site.get("operator", &path).await;
    assert!(page.has("@reader") && page.has(&format!("action=\"{remove}\"")), "{}", page.text);
    let answer = site.post("operator", &remove, "").await;
    assert_eq!((answer.status, answer.location()), (303, &*format!("{path}?done=owner-removed")));
    assert!(site.authors.owners(imported).await.unwrap().is_empty());

    let nowhere = "/admin/authors/2/owners";
    assert_eq!(site.post("operator", nowhere, &[("handle", "reader")]).await.status, 404);
    assert_eq!(site.post("operator", &format!("{nowhere}/2/remove"), "").await.status, 404);
}

#[db_test]
async fn roles_are_given_and_taken(db: Db) {
    let site = open(&db).await;
    let accounts = &site.accounts;
    let find =
        async |handle: &str| accounts.find_by_handle(&Handle::new(handle).unwrap()).await.unwrap().unwrap();
    for role in ["reviewer", "editor"] {
        site.user(role).await;
    }
    let reader = site.user("reader").await;
    let path = format!("/admin/users/{}", reader.id);
    assert_eq!(site.get("reader", "/admin/review").await.status, 403);
    let answer = site.post("operator", &path, &[("reviewer", "1")]).await;
    assert_eq!((answer.status, answer.location()), (303, &*format!("{path}?done=saved")));
    assert!(find("reader").await.roles.has(Role::Reviewer));
    assert_eq!(site.get("reader", "/admin/review").await.status, 200, "from the next page on");
    let reviewers = site.get("operator", "/admin/users?role=reviewer").await;
    assert!(reviewers.has(">reader<") && reviewers.has(">reviewer<") && !reviewers.has(">editor<"));
    assert!(site.get("operator", "/admin/users?q=reader").await.has(">reader<"));

    site.post("operator", &path, &[("editor", "1")]).await;
    let roles: Vec<Role> = find("reader").await.roles.iter().collect();
    assert_eq!(roles, [Role::Editor]);

    let own = find("operator").await;
    let refused = site.post("operator", &format!("/admin/users/{}", own.id), &[("editor", "1")]).await;
    assert!(refused.status == 422 && refused.has("id=\"operator-error\""));
    let roles: Vec<Role> = find("operator").await.roles.iter().collect();
    assert_eq!(roles, [Role::Operator], "nothing of it was done");
}

#[db_test]
async fn channels_are_added_and_changed(db: Db) {
    let site = open(&db).await;
    let fields = [("slug", "Sea!"), ("zh", ""), ("en", "Sea"), ("colour", "#0f766e"), ("position", "last")];
    let refused = site.post("operator", "/admin/channels", &fields).await;
    assert!(
        refused.status == 422 && refused.has("id=\"slug-error\"") && refused.has("id=\"position-error\"")
    );
    assert!(refused.has("value=\"Sea!\"") && refused.has("value=\"#0f766e\""));

    let fields = [("slug", "sea"), ("zh", "海"), ("en", "Sea"), ("colour", "#0f766e"), ("position", "0")];
    let answer = site.post("operator", "/admin/channels", &fields).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/channels?done=channel"));
    let again = site.post("operator", "/admin/channels", &fields).await;
    assert!(again.status == 422 && again.has("There is a channel of this name already."));
    assert!(site.get("operator", "/admin/channels").await.has("href=\"/admin/channels/sea\""));

    assert!(site.get("operator", "/admin/channels/sea").await.has("value=\"海\""));
    let changed =
        [("slug", "sea"), ("zh", "大海"), ("en", "The sea"), ("colour", "#123456"), ("position", "7")];
    assert_eq!(site.post("operator", "/admin/channels/sea", &changed).await.status, 303);
    let all = site.articles.channels().await.unwrap();
    let sea = &all[1];
    assert_eq!((sea.slug.as_str(), sea.zh.as_str(), sea.position), ("sea", "大海", 7));
    let refused = site
        .post("operator", "/admin/channels/sea", &[("slug", "sea"), ("zh", "海"), ("position", "1")])
        .await;
    assert!(refused.status == 422 && refused.has("id=\"en-error\"") && refused.has("id=\"colour-error\""));
    assert_eq!(site.post("operator", "/admin/channels/sky", &changed).await.status, 404);
}

#[db_test]
async fn all_that_is_wrong_with_a_channel_is_said_at_once(db: Db) {
    let site = open(&db).await;
    let fields = [("slug", "Sea!"), ("zh", " "), ("en", ""), ("colour", "blue"), ("position", "last")];
    for path in ["/admin/channels", "/admin/channels/city"] {
        let refused = site.post("operator", path, &fields).await;
        assert_eq!(refused.status, 422);
        for (field, _) in fields {
            assert!(refused.has(&format!("id=\"{field}-error\"")), "{path} {field}");
        }
    }
}

/// With the articles go what editors put there and what readers said of it; nothing of it before it was asked whether somebody is sure.
#[db_test]
async fn a_channel_is_renamed_merged_and_removed(db: Db) {
    let site = open(&db).await;
    let articles = &site.articles;
    let reader = site.user("reader").await;
    let named = |slug: &str| Slug::new(slug).unwrap();
    for slug in ["sea", "empty"] {
        articles.create_channel(channel(slug)).await.unwrap();
    }
    let tides = site.article("Tides", State::Live).await;
    let (slot, thing) = (Slot::Headline(named("city")), SlotItem::Article(tides));
    site.editorial.place(&site.viewer("editor").await, slot, thing, Terms::default()).await.unwrap();
    site.lists().personal.wish(reader.id, recommend::Subject::Channel, "city", false).await.unwrap();
    let noon = Time::parse("2024-06-05T12:00:00Z").unwrap();
    let is_in = async |slug: &str| {
        let standing = site.editorial.standing(noon).await.unwrap();
        let placed = standing.slot(&Slot::Headline(named(slug))).len();
        let wishes = site.lists().personal.wishes(reader.id).await.unwrap();
        let wished = wishes.iter().filter(|wish| wish.name == slug).count();
        let held = articles.by_channel(&named(slug), kernel::Cursor::START, 9).await.unwrap().items.len();
        [held, placed, wished]
    };
    let channels = async || {
        let all = articles.channels().await.unwrap();
        all.into_iter().map(|channel| channel.slug.to_string()).collect::<Vec<_>>()
    };

    let renamed = [("slug", "town"), ("zh", "城"), ("en", "Town"), ("colour", "#123456"), ("position", "1")];
    let answer = site.post("operator", "/admin/channels/city", &renamed).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/channels?done=channel"));
    assert_eq!((is_in("city").await, is_in("town").await), ([0; 3], [1; 3]));
    let again = [("slug", "town"), ("zh", "海"), ("en", "Sea"), ("colour", "#123456"), ("position", "1")];
    assert!(site.post("operator", "/admin/channels/sea", &again).await.has("id=\"slug-error\""));

    let merge = "/admin/channels/town/merge";
    for (fields, wrong, right) in [
        (&[("into", "sea")][..], "sure-error", "into-error"),
        (&[("into", "town"), ("sure", "1")], "into-error", "sure-error"),
        (&[("into", ""), ("sure", "1")], "into-error", "sure-error"),
    ] {
        let refused = site.post("operator", merge, fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.has(&format!("id=\"{wrong}\"")) && !refused.has(&format!("id=\"{right}\"")));
    }
    let nowhere = site.post("operator", merge, &[("into", "nowhere"), ("sure", "1")]).await;
    assert_eq!((nowhere.status, is_in("town").await), (404, [1; 3]));
    let answer = site.post("operator", merge, &[("into", "sea"), ("sure", "1")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/channels?done=channel-merged"));
    assert_eq!((is_in("town").await, is_in("sea").await), ([0; 3], [1; 3]));

    assert_eq!(site.post("operator", "/admin/channels/sea/remove", "").await.status, 409);
    let answer = site.post("operator", "/admin/channels/empty/remove", "").await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/channels?done=channel-removed"));
    assert_eq!(channels().await, ["sea"]);
    assert_eq!(site.post("operator", "/admin/channels/empty/remove", "").await.status, 404);
}

#[db_test]
async fn a_user_is_signed_out_shut_out_and_let_in(db: Db) {
    let site = open(&db).await;
    let accounts = &site.accounts;
    let reader = site.user("reader").await;
    site.client("reader").await; // signed in
    let path = format!("/admin/users/{}", reader.id);
    let (token, key) = accounts.create_token(reader.id, "old script").await.unwrap();
    let has_key = async |key: &str| accounts.viewer_by_token(key).await.unwrap().user().is_some();
    let page = site.get("operator", &path).await;
    assert!(
        page.has("old script")
            && page.has(&format!("{path}/tokens/{token}/revoke"))
            && page.has("/sessions/")
    );
    for who in ["reader", "reviewer", "editor", "visitor"] {
        let refused = if who == "visitor" { 303 } else { 403 };
        for act in
            ["suspend", "restore", "sign-out", "delete", &format!("tokens/{token}/revoke"), "sessions/0/end"]
        {
            assert_eq!(site.post(who, &format!("{path}/{act}"), "").await.status, refused, "{who} {act}");
        }
        assert_eq!(site.get(who, &format!("{path}/delete")).await.status, refused, "{who}");
    }

    let answer = site.post("operator", &format!("{path}/tokens/{token}/revoke"), "").await;
    assert_eq!((answer.status, answer.location()), (303, &*format!("{path}?done=token-revoked")));
    assert!(!has_key(&key).await);
    let session = &accounts.sessions(reader.id).await.unwrap()[0].id;
    assert_eq!(site.get("reader", "/admin").await.status, 403);
    site.post("operator", &format!("{path}/sessions/{session}/end"), "").await;
    assert_eq!(site.get("reader", "/admin").await.status, 303, "signed out");

    let (_, again) = accounts.sign_in("reader", testing::PASSWORD, "test").await.unwrap();
    let (_, key) = accounts.create_token(reader.id, "new script").await.unwrap();
    let answer = site.post("operator", &format!("{path}/suspend"), "").await;
    assert_eq!((answer.status, answer.location()), (303, &*format!("{path}?done=suspended")));
    assert!(accounts.viewer(again.as_str()).await.unwrap().user().is_none() && !has_key(&key).await);
    assert!(site.get("operator", &path).await.has("Suspended since"));
    assert!(accounts.sign_in("reader", testing::PASSWORD, "test").await.is_err());
    site.post("operator", &format!("{path}/restore"), "").await;
    assert!(accounts.sign_in("reader", testing::PASSWORD, "test").await.is_ok());

    let own = site.user("operator").await;
    assert_eq!(site.post("operator", &format!("/admin/users/{}/suspend", own.id), "").await.status, 409);
    assert_eq!(site.post("operator", "/admin/users/2/suspend", "").await.status, 404);
}

#[db_test]
async fn a_user_is_deleted_after_a_question(db: Db) {
    let site = open(&db).await;
    // Who owns an author alone cannot go.
    let path = format!("/admin/users/{}", site.writer.id);
    let page = site.get("operator", &format!("{path}/delete")).await;
    assert!(page.has("last owner") && page.has("Harbour") && !page.has("Delete for good"));
    let refused = site.post("operator", &format!("{path}/delete"), "").await;
    assert!(refused.status == 422 && refused.has("Harbour"));

    let reader = site.user("reader").await;
    site.client("reader").await; // signed in
    let path = format!("/admin/users/{}", reader.id);
    assert!(site.get("operator", &format!("{path}/delete")).await.has("Delete for good"));
    let answer = site.post("operator", &format!("{path}/delete"), "").await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/users?done=user-deleted"));
    assert_eq!(site.get("reader", "/admin").await.status, 303, "signed out");
    let page = site.get("operator", &path).await;
    assert!(page.has("Deleted user") && !page.has("@reader") && !page.has("/suspend"));
    assert!(!site.get("operator", "/admin/users").await.has("@reader"));
    assert_eq!(site.post("operator", &path, &[("operator", "1")]).await.status, 409);
}

#[db_test]
async fn a_new_profile_is_looked_at_first(db: Db) {
    let site = open(&db).await;
    let authors = &site.authors;
    let wanted = |name: &str| authors::Profile { name: name.into(), ..site.author.clone().into() };
    authors.propose(&site.writer, site.author.id, wanted("Harbour Daily")).await.unwrap();
    let path = format!("/admin/applications/profile/{}", site.author.id);
    assert!(site.get("reviewer", "/admin/applications").await.has(&path));
    let page = site.get("reviewer", &path).await;
    assert!(page.has("Harbour Daily") && page.has(">Harbour<"), "old and new");
    let read = authors.change_of(site.author.id).await.unwrap().unwrap().asked_at.millis().to_string();
    for who in ["visitor", "reader", "editor"] {
        let refused = if who == "visitor" { 303 } else { 403 };
        assert_eq!(site.get(who, &path).await.status, refused, "{who}");
        for act in ["approve", "return"] {
            let answer =
                site.post(who, &format!("{path}/{act}"), &[("read", &*read), ("code", "name")]).await;
            assert_eq!(answer.status, refused, "{who} {act}");
        }
    }
    let reasonless =
        site.post("reviewer", &format!("{path}/return"), &[("read", &*read), ("note", "Why?")]).await;
    assert!(reasonless.status == 422 && reasonless.has("id=\"code-error\"") && reasonless.has("Why?"));
    let answer =
        site.post("reviewer", &format!("{path}/return"), &[("read", &*read), ("code", "name")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/applications?done=profile-returned"));
    assert_eq!(site.get("reviewer", &path).await.status, 404, "nothing waits");
    assert_eq!(site.post("reviewer", &format!("{path}/approve"), &[("read", &*read)]).await.status, 409);

    authors.propose(&site.writer, site.author.id, wanted("Harbour Weekly")).await.unwrap();
    let read = authors.change_of(site.author.id).await.unwrap().unwrap().asked_at.millis().to_string();
    let answer = site.post("reviewer", &format!("{path}/approve"), &[("read", &*read)]).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/applications?done=profile-approved"));
    assert_eq!(authors.find(site.author.id).await.unwrap().unwrap().name, "Harbour Weekly");

    // A place and a picture are looked at like the rest; what is not there to be looked at is not approved.
    let avatar = site.picture(site.writer.id, 1).await;
    let wanted = authors::Profile {
        region: Some("<b>Hull".into()),
        avatar: Some(avatar.clone()),
        ..wanted("Harbour Weekly")
    };
    authors.propose(&site.writer, site.author.id, wanted).await.unwrap();
    let read = authors.change_of(site.author.id).await.unwrap().unwrap().asked_at.millis().to_string();
    let approve = async |seen: &str| {
        site.post("reviewer", &format!("{path}/approve"), &[("read", &*read), ("avatar", seen)]).await
    };
    let page = site.get("reviewer", &path).await;
    assert!(
        page.has("&lt;b&gt;Hull") && page.has(&format!("name=\"avatar\" value=\"{avatar}\"")),
        "{}",
        page.text
    );
    site.media.delete(site.writer.id, &avatar, false).await.unwrap();
    let page = site.get("reviewer", &path).await;
    assert!(page.has("not on this site any more") && !page.has(&format!("{path}/approve")), "{}", page.text);
    assert_eq!(approve(&avatar).await.status, 409);
    assert_eq!(approve("").await.status, 409);
    // Brought again, it is seen first.
    assert_eq!(site.picture(site.writer.id, 1).await, avatar);
    assert_eq!(approve("").await.status, 409);
    assert_eq!(approve(&avatar).await.status, 303);
    let now = authors.find(site.author.id).await.unwrap().unwrap();
    assert_eq!((now.avatar, now.region.as_deref()), (Some(avatar), Some("<b>Hull")));
}

#[db_test]
async fn authors_without_an_owner_are_listed(db: Db) {
    let site = open(&db).await;
    site.authors.ensure("alone", "Alone").await.unwrap();
    let page = site.get("operator", "/admin/authors?state=ownerless").await;
    assert!(page.status == 200 && page.has("@alone") && !page.has("@harbour"), "{}", page.text);
    let page = site.get("operator", "/admin/authors").await;
    assert!(
        page.has("@alone") && page.has("@harbour") && page.has("href=\"/admin/authors?state=ownerless\"")
    );
}
