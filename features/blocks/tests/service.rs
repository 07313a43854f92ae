//! Mutes and blocks on a whole site.

use std::time::Duration;

use accounts::User;
use articles::State;
use blocks::events::BlocksChanged;
use blocks::{Block, Blocks, How, Target};
use comments::{Comment, Sort};
use db::{Conn, Db, args, db_test};
use kernel::{ArticleId, Cursor, Error, UserId};
use testing::{SCHEMA, TestSite};

/// Three who talk under an article of `harbour`, which `mara` owns.
struct Desk {
    site: TestSite,
    blocks: Blocks,
    ann: User,
    bob: User,
    article: ArticleId,
}

async fn desk(db: &Db) -> Desk {
    let site = TestSite::new(db).await;
    let (ann, bob) = (site.user("ann").await, site.user("bob").await);
    let article = site.article("Tides", State::Live).await;
    let blocks = site.blocks.clone();
    Desk { site, blocks, ann, bob, article }
}

impl Desk {
    async fn say(&self, by: &User, parent: Option<&Comment>, text: &str) -> Result<Comment, Error> {
        self.site.advance(Duration::from_mins(1));
        self.site.comments.post(by, self.article, parent.map(|comment| comment.id), text).await
    }

    async fn list(&self, user: UserId) -> Vec<Block> {
        self.blocks.list(user, Cursor::START, 100).await.unwrap().items
    }

    async fn rows(&self) -> i64 {
        self.site.db.scalar("SELECT COUNT(*) FROM blocks", vec![]).await.unwrap().unwrap()
    }
}

#[db_test]
async fn doing_it_twice_is_doing_it_once(db: Db) {
    let desk = desk(&db).await;
    let (ann, bob) = (desk.ann.id, Target::User(desk.bob.id));
    let harbour = Target::Author(desk.site.author.id);
    for _ in 0..2 {
        desk.blocks.set(ann, bob, How::Mute).await.unwrap();
    }
    desk.site.advance(Duration::from_mins(1));
    desk.blocks.set(ann, harbour, How::Mute).await.unwrap();
    desk.site.advance(Duration::from_mins(1));
    desk.blocks.set(ann, bob, How::Block).await.unwrap();
    let list: Vec<_> = desk.list(ann).await.into_iter().map(|block| (block.target, block.how)).collect();
    assert_eq!(list, [(bob, How::Block), (harbour, How::Mute)]);
    let of_harbour = desk.blocks.hiding(harbour, &[desk.bob.id, ann]).await.unwrap();
    assert_eq!(of_harbour.into_iter().collect::<Vec<_>>(), [ann]);
    let first = desk.blocks.list(ann, Cursor::START, 1).await.unwrap();
    let second = desk.blocks.list(ann, first.next.unwrap(), 1).await.unwrap();
    assert_eq!((second.items[0].target, second.next), (harbour, None));
    assert!(desk.blocks.hides(ann, bob).await.unwrap() && desk.blocks.hides(ann, harbour).await.unwrap());
    assert!(!desk.blocks.hides(desk.bob.id, Target::User(ann)).await.unwrap(), "it goes one way");
    for _ in 0..2 {
        desk.blocks.lift(ann, bob).await.unwrap();
    }
    assert!(!desk.blocks.hides(ann, bob).await.unwrap());
    // What is told is who changed something, and never whom it is about.
    let told = desk.site.events::<BlocksChanged>().await;
    assert_eq!(told, vec![BlocksChanged { user: Some(ann) }; 4]);
}

#[db_test]
async fn nobody_mutes_themselves_or_whom_there_is_not(db: Db) {
    let desk = desk(&db).await;
    let own = desk.blocks.set(desk.ann.id, Target::User(desk.ann.id), How::Mute).await;
    assert!(matches!(own, Err(Error::Conflict("block-own"))));
    let own = desk.blocks.set(desk.site.writer.id, Target::Author(desk.site.author.id), How::Block).await;
    assert!(matches!(own, Err(Error::Conflict("block-own"))));
    let nobody = desk.blocks.set(desk.ann.id, Target::User(UserId::new(7)), How::Mute).await;
    assert!(matches!(nobody, Err(Error::NotFound)));
    assert_eq!(desk.rows().await, 0);
}

#[db_test]
async fn there_is_an_end_to_it(db: Db) {
    let desk = desk(&db).await;
    let tx = db.write().await.unwrap();
    for n in 1..=1_000_i64 {
        let sql = "INSERT INTO blocks (user_id, target_kind, target_id, how, created_at) VALUES ($1, 'user', $2, 'mute', $2)";
        tx.exec(sql, args![desk.ann.id, n]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let bob = Target::User(desk.bob.id);
    let one_more = desk.blocks.set(desk.ann.id, bob, How::Mute).await;
    assert!(matches!(one_more, Err(Error::Conflict("blocks-many"))));
    // What stands there can be lifted, though nobody of that number is left, and changed.
    desk.blocks.lift(desk.ann.id, Target::User(UserId::new(1))).await.unwrap();
    desk.blocks.set(desk.ann.id, bob, How::Mute).await.unwrap();
    desk.blocks.set(desk.ann.id, bob, How::Block).await.unwrap();
    desk.blocks.set(desk.bob.id, Target::User(desk.ann.id), How::Mute).await.unwrap();
}

#[db_test]
async fn who_is_blocked_cannot_answer_or_like_and_who_is_muted_can(db: Db) {
    let desk = desk(&db).await;
    let (ann, bob) = (desk.ann.clone(), desk.bob.clone());
    let said = desk.say(&ann, None, "I saw it rise.").await.unwrap();
    let theirs = desk.say(&bob, None, "So did I.").await.unwrap();
    desk.blocks.set(ann.id, Target::User(bob.id), How::Mute).await.unwrap();
    let answer = desk.say(&bob, Some(&said), "When?").await.unwrap();
    desk.site.comments.like(bob.id, said.id).await.unwrap();

    desk.blocks.set(ann.id, Target::User(bob.id), How::Block).await.unwrap();
    assert!(matches!(desk.say(&bob, Some(&said), "Why?").await, Err(Error::Conflict("blocked"))));
    // A like of before can be taken back, and not given again.
    desk.site.comments.unlike(bob.id, said.id).await.unwrap();
    assert!(matches!(desk.site.comments.like(bob.id, said.id).await, Err(Error::Conflict("blocked"))));
    // Who blocks has not the last word either.
    assert!(matches!(desk.say(&ann, Some(&answer), "There.").await, Err(Error::Conflict("blocking"))));
    assert!(matches!(desk.site.comments.like(ann.id, theirs.id).await, Err(Error::Conflict("blocking"))));
    // Under the article both go on, and with others.
    desk.say(&bob, None, "Still here.").await.unwrap();
    let cleo = desk.site.user("cleo").await;
    let between = desk.say(&cleo, Some(&said), "At noon.").await.unwrap();
    desk.say(&bob, Some(&between), "Thank you.").await.unwrap();
    // Everybody else sees all of it.
    let thread = desk.site.comments.thread(desk.article, Sort::New, Cursor::START, 10).await.unwrap();
    assert_eq!(thread.items.len(), 6);

    desk.blocks.lift(ann.id, Target::User(bob.id)).await.unwrap();
    desk.say(&bob, Some(&said), "Why?").await.unwrap();
}

/// An author is more than one person: none of them gets through, and none of them is given away.
#[db_test]
async fn who_owns_a_blocked_author_is_blocked_and_not_folded(db: Db) {
    let desk = desk(&db).await;
    let mara = desk.site.writer.clone();
    let said = desk.say(&desk.ann, None, "I saw it rise.").await.unwrap();
    let harbour = Target::Author(desk.site.author.id);
    desk.blocks.set(desk.ann.id, harbour, How::Mute).await.unwrap();
    desk.say(&mara, Some(&said), "When?").await.unwrap();
    desk.blocks.set(desk.ann.id, harbour, How::Block).await.unwrap();
    assert!(matches!(desk.say(&mara, Some(&said), "Why?").await, Err(Error::Conflict("blocked"))));
    assert!(!desk.blocks.hides(desk.ann.id, Target::User(mara.id)).await.unwrap());
    let own = desk.say(&mara, None, "As the author, I can tell.").await.unwrap();
    desk.say(&desk.ann, Some(&own), "Do.").await.unwrap();
}

#[db_test]
async fn another_node_hears_of_it(db: Db) {
    let desk = desk(&db).await;
    let s = &desk.site;
    let there =
        Blocks::new(db.clone(), s.journal.clone(), s.env.clone(), s.accounts.clone(), s.authors.clone());
    let bob = Target::User(desk.bob.id);
    assert!(!there.hides(desk.ann.id, bob).await.unwrap());
    desk.blocks.set(desk.ann.id, bob, How::Block).await.unwrap();
    assert!(!there.hides(desk.ann.id, bob).await.unwrap(), "it is kept in memory");
    there.forget(s.events::<BlocksChanged>().await[0].user);
    assert!(there.hides(desk.ann.id, bob).await.unwrap());
}

#[db_test]
async fn who_is_deleted_is_gone_both_ways(db: Db) {
    let desk = desk(&db).await;
    let cleo = desk.site.user("cleo").await;
    for (user, target) in [(&desk.ann, &desk.bob), (&desk.bob, &desk.ann), (&cleo, &desk.ann)] {
        desk.blocks.set(user.id, Target::User(target.id), How::Block).await.unwrap();
    }
    desk.blocks.set(cleo.id, Target::User(desk.bob.id), How::Mute).await.unwrap();
    desk.site.erasure.delete(None, desk.ann.id, "nobody").await.unwrap();
    assert_eq!(desk.rows().await, 1);
    let hidden = desk.blocks.of(cleo.id).await.unwrap();
    assert_eq!((hidden.users.len(), hidden.how(Target::User(desk.bob.id))), (1, Some(How::Mute)));
    assert!(desk.blocks.of(desk.bob.id).await.unwrap().is_empty());
    let again = desk.blocks.set(desk.bob.id, Target::User(desk.ann.id), How::Mute).await;
    assert!(matches!(again, Err(Error::NotFound)));
}
