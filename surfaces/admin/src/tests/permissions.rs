//! Roles that the site makes, in the browser.

use accounts::{Action, TypedRole};
use db::{Db, db_test};
use kernel::Slug;

use super::open;

const PAGE: &str = "/admin/permissions";

#[db_test]
async fn a_role_is_made_given_changed_and_removed(db: Db) {
    let site = open(&db).await;
    let page = site.get("operator", PAGE).await;
    for part in ["<caption", "<th scope=\"col\">Reviewer</th>", "<th scope=\"row\">Take articles down</th>"] {
        assert!(page.has(part), "{part}: {}", page.text);
    }

    let typed = [("slug", "Night desk"), ("title", " "), ("curate-topics", "1")];
    let refused = site.post("operator", PAGE, &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("id=\"slug-error\"") && refused.has("id=\"title-error\""));
    assert_eq!(refused.value("slug"), "Night desk");
    assert!(refused.has("name=\"curate-topics\" value=\"1\" checked"), "{}", refused.text);
    let refused = site.post("operator", PAGE, &[("slug", "desk"), ("title", "Desk")]).await;
    assert!(refused.status == 422 && refused.has("Tick at least one action"));
    let refused =
        site.post("operator", PAGE, &[("slug", "editor"), ("title", "Desk"), ("see-insights", "1")]).await;
    assert!(refused.status == 422 && refused.has("There is a role of this name already"));

    let typed = [("slug", "night-desk"), ("title", "Night <desk>"), ("retract-articles", "1")];
    let answer = site.post("operator", PAGE, &typed).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/permissions?done=role"));
    assert!(site.post("operator", PAGE, &typed).await.has("id=\"slug-error\""), "there is one");
    let page = site.get("operator", answer.location()).await;
    assert!(page.has("Night &lt;desk&gt;") && page.has("href=\"/admin/permissions/night-desk\""));

    let reader = site.user("reader").await.id;
    let user = format!("/admin/users/{reader}");
    assert!(site.get("operator", &user).await.has("id=\"role.night-desk\""));
    assert_eq!(site.get("reader", "/admin/review").await.status, 403);
    let answer = site.post("operator", &user, &[("role.night-desk", "1"), ("editor", "1")]).await;
    assert_eq!((answer.status, answer.location()), (303, &*format!("{user}?done=saved")));
    assert!(site.get("reader", "/admin/review").await.status == 200, "from the next page on");
    assert!(site.get("reader", "/admin/reports").await.status == 403);
    let front = site.get("reader", "/admin").await;
    assert!(front.has("href=\"/admin/headlines\"") && !front.has("href=\"/admin/users\""));
    for list in ["/admin/users?role=night-desk", "/admin/users?role=editor", "/admin/users?q=reader"] {
        let list = site.get("operator", list).await;
        assert!(list.has(">reader<") && list.has(">Night &lt;desk&gt;</span>"), "{}", list.text);
    }
    assert!(!site.get("operator", "/admin/users?role=night-desk").await.has("@operator"));
    site.post("operator", &user, &[("role.night-desk", "1")]).await;
    assert_eq!(site.get("reader", "/admin/headlines").await.status, 403, "what is not ticked is taken");

    let path = "/admin/permissions/night-desk";
    let form = site.get("operator", path).await;
    assert!(form.has("One user holds it") && form.has("name=\"read-submissions\" value=\"1\" checked"));
    let refused = site.post("operator", path, &[("title", ""), ("see-insights", "1")]).await;
    assert!(refused.status == 422 && refused.has("id=\"title-error\""));
    assert!(
        refused.has("name=\"see-insights\" value=\"1\" checked") && refused.has("Night &lt;desk&gt;</h1>")
    );
    let answer = site.post("operator", path, &[("title", "Statistics"), ("see-insights", "1")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/permissions?done=role"));
    assert_eq!(site.get("reader", "/admin/review").await.status, 403);
    assert_eq!(site.get("reader", "/admin/insights").await.status, 200);

    let refused = site.post("operator", &format!("{path}/remove"), "").await;
    assert!(refused.status == 422 && refused.has("id=\"sure-error\""));
    assert_eq!(site.get("reader", "/admin/insights").await.status, 200);
    let answer = site.post("operator", &format!("{path}/remove"), &[("sure", "1")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/permissions?done=role-removed"));
    assert_eq!(site.get("reader", "/admin").await.status, 403);
    assert_eq!(site.get("operator", path).await.status, 404);
}

/// Somebody who looks after users, and not more.
#[db_test]
async fn nobody_gives_or_touches_what_is_above_them(db: Db) {
    let site = open(&db).await;
    let desk = TypedRole { name: "desk", title: "Desk", actions: &["manage-permissions", "curate-topics"] };
    let above = TypedRole { name: "above", title: "Above", actions: &["change-settings"] };
    for role in [desk, above] {
        site.accounts.create_role(None, role).await.unwrap();
    }
    let clerk = site.user("clerk").await.id;
    site.accounts.grant(None, clerk, Slug::new("desk").unwrap()).await.unwrap();
    let (reader, boss) = (site.user("reader").await.id, site.user("operator").await.id);

    let page = site.get("clerk", PAGE).await;
    assert!(page.has("href=\"/admin/permissions/desk\"") && !page.has("href=\"/admin/permissions/above\""));
    assert!(page.has("name=\"change-settings\" value=\"1\" disabled"));
    let more = [("slug", "more"), ("title", "More"), ("change-settings", "1")];
    assert_eq!(site.post("clerk", PAGE, &more).await.status, 403);
    for path in ["/admin/permissions/above", "/admin/permissions/above/remove"] {
        let fields = [("title", "Mine"), ("curate-topics", "1"), ("sure", "1")];
        assert_eq!(site.post("clerk", path, &fields).await.status, 403, "{path}");
    }
    assert_eq!(site.get("clerk", "/admin/permissions/above").await.status, 403);

    // What they may not give stays as it is, whatever is sent.
    site.accounts.grant(None, reader, Slug::new("above").unwrap()).await.unwrap();
    let user = format!("/admin/users/{reader}");
    let form = site.get("clerk", &user).await;
    assert!(form.has("id=\"role.desk\"") && form.has("disabled checked") && !form.has("/suspend\""));
    let sent = [("operator", "1"), ("editor", "1"), ("role.desk", "1")];
    assert_eq!(site.post("clerk", &user, &sent).await.status, 303);
    let held = site.user("reader").await;
    assert_eq!(held.custom_roles.names().len(), 2);
    assert!(held.roles.iter().next().is_none() && held.may(Action::ChangeSettings));

    for id in [reader, boss] {
        for act in ["suspend", "restore", "sign-out", "delete", "sessions/0/end", "tokens/2/revoke"] {
            let answer = site.post("clerk", &format!("/admin/users/{id}/{act}"), "").await;
            assert_eq!(answer.status, 403, "{act}");
        }
    }
    site.accounts.revoke(None, reader, Slug::new("above").unwrap()).await.unwrap();
    assert!(site.get("clerk", &user).await.has("/suspend\""));
    assert_eq!(site.post("clerk", &format!("{user}/suspend"), "").await.status, 303);
}
