use authors::Authors;
use db::Conn;

use super::*;

/// The tables as they were when what writers typed of themselves was taken for regions.
static BEFORE: db::Schema = db::schema!("comments", needs: [&articles::SCHEMA, &::events::SCHEMA], migrations: ["0001_comments", "0002_reasons"]);

#[test]
fn what_was_typed_is_no_region() {
    db::testing::run(&BEFORE, async |db: Db| {
        let (env, _) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
        let author = Authors::new(db.clone(), Journal::new(db.clone(), env.clone()), env)
            .ensure("harbour", "Harbour")
            .await
            .unwrap();
        let tx = db.write().await.unwrap();
        let article = format!(
            "INSERT INTO articles (id, author_id, state, version, latest, pending, title, excerpt, language, covers, declarations,
                                   reading_minutes, created_at, updated_at)
             VALUES (2, {}, 'live', 1, 1, FALSE, 'T', '', 'zh', '', '', 1, 0, 0)",
            author.id.raw()
        );
        tx.exec(&article, vec![]).await.unwrap();
        let comment =
            "INSERT INTO comments (id, article_id, name, region, text, state, likes, heat, created_at)
             VALUES (3, 2, 'A', '浙江', 'x', 'live', 0, 0, 0)";
        tx.exec(comment, vec![]).await.unwrap();
        tx.commit().await.unwrap();
        db.migrate(&crate::SCHEMA, Time::from_millis(1)).await.unwrap();
        let found = store::find(&db, CommentId::new(3)).await.unwrap().unwrap();
        assert_eq!((found.text.as_str(), found.region), ("x", None));
        let place = db.scalar::<String>("SELECT place FROM comments WHERE id = 3", vec![]).await.unwrap();
        assert_eq!(place.as_deref(), Some("浙江"));
    });
}
