//! The audit log in the browser.

use db::{Db, db_test};

use super::open;

const PAGE: &str = "/admin/audit";

#[db_test]
async fn what_is_done_is_shown_filtered_and_given_out_as_a_file(db: Db) {
    let site = open(&db).await;
    assert_eq!(site.post("operator", "/admin/settings", &[("site.tagline", "By <all>")]).await.status, 303);
    let reader = site.user("reader").await.id;
    assert_eq!(site.post("operator", &format!("/admin/users/{reader}/suspend"), "").await.status, 303);

    let page = site.get("operator", PAGE).await;
    for part in ["Changed a setting", "<ins>By &lt;all&gt;</ins>", "Suspended a user", ".0/24<", "@operator"]
    {
        assert!(page.has(part), "{part}: {}", page.text);
    }
    let actions = site.get("operator", &format!("{PAGE}?action=user.suspend&user=operator")).await;
    assert!(actions.has("<td>Suspended a user") && !actions.has("<td>Changed a setting"), "{}", actions.text);
    let target = site.get("operator", &format!("{PAGE}?target=setting%3Asite.tagline")).await;
    assert!(target.has("<td>Changed a setting") && !target.has("<td>Suspended a user"), "{}", target.text);
    for (query, says) in [
        ("user=no-such", "Nobody signs in under this name"),
        ("from=yesterday", "Not a time"),
        ("from=2200-01-01", "Nothing that was done is like that"),
        ("until=2000-01-01", "Nothing that was done is like that"),
    ] {
        let page = site.get("operator", &format!("{PAGE}?{query}")).await;
        assert!(page.status == 200 && page.has(says), "{query}: {}", page.text);
    }
    let file = site.get("operator", &format!("{PAGE}.csv")).await;
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines[0], "seq,at,actor,action,target_kind,target,before,after,network,hash");
    assert!(
        lines.iter().any(|line| line.contains("setting.change,setting,site.tagline,,\"\"\"By <all>\"\"\",")),
        "{}",
        file.text
    );
    assert_eq!(site.audit.verify().await.unwrap().rows as usize, lines.len() - 1);
    assert_eq!(site.get("operator", &format!("{PAGE}.csv?user=no-such")).await.text.lines().count(), 1);
}
