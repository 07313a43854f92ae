//! Readers' own lists.

use events::Follower;

use super::*;
use crate::background::Refresh;
use crate::{ForYou, Learning, Personal, Relations, Sources, Subject, Why};

struct Lists {
    desk: Desk,
    facts: ArticleFactsCache,
    personal: Personal,
    learning: Learning,
    for_you: ForYou,
    ann: UserId,
}

async fn lists(db: &Db, env: Env) -> Lists {
    let desk = desk(db, env.clone()).await;
    let ann = desk.accounts.ensure("ann", "Ann", None, None).await.unwrap().id;
    let Parts { related, activity, facts } = desk.parts(desk.search());
    let (articles, authors, follows) = (desk.articles.clone(), desk.authors.clone(), desk.follows.clone());
    let (journal, kept) = (desk.journal.clone(), facts.clone());
    let personal = Personal::new(
        db.clone(),
        journal.clone(),
        env.clone(),
        articles.clone(),
        facts.clone(),
        Relations { authors, follows, blocks: desk.blocks.clone() },
    );
    let learning = Learning::new(db.clone(), env.clone());
    let editorial = Editorial::new(db.clone(), journal, env.clone(), articles.clone());
    let (reads, hot) = (desk.reads.clone(), desk.hot());
    let sources = Sources { articles, facts, reads, hot, related, activity, editorial };
    let for_you = ForYou::new(sources, personal.clone(), learning.clone(), env);
    Lists { desk, facts: kept, personal, learning, for_you, ann }
}

impl Lists {
    /// What another process keeps of the same site's readers.
    fn node(&self, db: &Db, env: Env) -> Personal {
        let Desk { journal, articles, authors, follows, blocks, .. } = &self.desk;
        let (articles, authors) = (articles.clone(), authors.clone());
        Personal::new(
            db.clone(),
            journal.clone(),
            env,
            articles,
            self.facts.clone(),
            Relations { authors, follows: follows.clone(), blocks: blocks.clone() },
        )
    }

    /// Forty articles of twenty authors, half of them about boats in `city`, half about bread in `tech`, an hour apart.
    async fn town(&self, clock: &kernel::time::ManualClock) -> Vec<ArticleId> {
        let mut ids = Vec::new();
        for n in 0..40 {
            clock.advance(Duration::from_hours(1));
            let (channel, what) = if n % 2 == 0 { ("city", "boats") } else { ("tech", "bread") };
            let author = format!("author{}", n % 20);
            ids.push(
                self.desk.publish(&author, channel, &format!("{what} {n}"), &format!("{what} {n}.")).await,
            );
        }
        ids
    }

    async fn read(&self, user: UserId, articles: &[ArticleId]) {
        for &article in articles {
            self.for_you.read(user, article);
        }
        self.personal.flush().await.unwrap();
        self.learning.flush().await.unwrap();
    }

    async fn list(&self) -> Vec<(ArticleId, Why)> {
        let (list, _) = self.for_you.page(self.ann, 0, 90).await.unwrap().unwrap();
        self.for_you.record_impression(self.ann, 0, list.len());
        list.iter().map(|picked| (picked.card.id, picked.why.clone())).collect()
    }
}

fn start() -> Time {
    Time::parse("2024-06-05T10:00:00Z").unwrap()
}

/// Each node keeps profiles in memory: what a reader tells one, the others hear of.
#[db_test]
async fn another_node_hears_of_a_wish(db: Db) {
    let env = Env::manual(start()).0;
    let here = lists(&db, env.clone()).await;
    let there = here.node(&db, env);
    let wanted = || async { there.reader(here.ann).await.unwrap().unwrap().wishes.wanted.len() };
    let before = here.desk.journal.head().await.unwrap();
    assert_eq!(wanted().await, 0);
    here.personal.wish(here.ann, Subject::Tag, "boats", true).await.unwrap();
    let batch = here.desk.journal.after(before, 10).await.unwrap();
    Refresh(there.clone()).apply(&batch).await.unwrap();
    assert_eq!(wanted().await, 1);
}

#[db_test]
async fn a_list_follows_its_reader_and_what_they_say(db: Db) {
    let (env, clock) = Env::manual(start());
    let lists = lists(&db, env).await;
    let ids = lists.town(&clock).await;
    assert!(!lists.list().await.is_empty(), "before anything was read");

    // One read is enough to tell: bread is in `tech`, the odd ones.
    lists.read(lists.ann, &[ids[1], ids[3], ids[5]]).await;
    let list = lists.list().await;
    let bread = |id: &ArticleId| ids.iter().position(|other| other == id).unwrap() % 2 == 1;
    let first: Vec<ArticleId> = list.iter().take(10).map(|(id, _)| *id).collect();
    assert!(first.iter().filter(|id| bread(id)).count() >= 6, "{first:?}");
    assert!(first.iter().any(|id| !bread(id)), "and something else");
    assert!(list.iter().all(|(id, _)| ![ids[1], ids[3], ids[5]].contains(id)), "nothing twice");
    assert!(list.iter().any(|(_, why)| matches!(why, Why::YourChannel | Why::YourAuthor)), "{list:?}");
    let mut authors: HashMap<_, usize> = HashMap::new();
    for card in lists.desk.articles.cards(&list.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await.unwrap()
    {
        *authors.entry(card.author).or_default() += 1;
    }
    assert!(authors.values().all(|&count| count <= 2), "at most two of an author");

    // What others read together comes, with the title that it is for.
    for visitor in 0..5 {
        for id in [ids[5], ids[38]] {
            lists.desk.reads.record(id, reader(900 + visitor));
        }
    }
    lists.desk.reads.flush().await.unwrap();
    lists.desk.reads.co_reads().flush().await.unwrap();
    lists.read(lists.ann, &[ids[5]]).await;
    let because = (ids[38], Why::BecauseYouRead("bread 5".into()));
    assert!(lists.list().await.contains(&because), "{:?}", lists.list().await);

    // Whom one follows.
    let author = lists.desk.authors.ensure("author7", "author7").await.unwrap().id;
    lists.desk.follows.follow(lists.ann, author).await.unwrap();
    lists.personal.refresh(Some(lists.ann));
    assert!(lists.list().await.contains(&(ids[27], Why::Followed)));

    // What one follows besides says so, and is no wish that could be taken back.
    let slug = Slug::new("city").unwrap();
    let city = follows::Subject::Channel(slug.clone());
    lists.desk.follows.follow_subject(lists.ann, &city).await.unwrap();
    lists.personal.refresh(Some(lists.ann));
    let known = lists.personal.reader(lists.ann).await.unwrap().unwrap();
    assert!(known.followed_channels.contains(&slug) && !known.wishes.wants(Subject::Channel, "city"));
    assert!(lists.list().await.iter().any(|(_, why)| *why == Why::FollowedChannel));
    lists.desk.follows.unfollow_subject(lists.ann, &city).await.unwrap();
    lists.personal.refresh(Some(lists.ann));

    // Not interested, mutes, and back.
    let gone = ids[38].to_string();
    lists.personal.wish(lists.ann, Subject::Article, &gone, false).await.unwrap();
    lists.personal.wish(lists.ann, Subject::Author, &author.to_string(), false).await.unwrap();
    lists.personal.wish(lists.ann, Subject::Channel, "city", false).await.unwrap();
    let list = lists.list().await;
    assert!(!list.is_empty() && list.iter().all(|(id, _)| bread(id) && *id != ids[27]), "{list:?}");
    // An author is muted in one place, also where that was said in another; to want more of them takes it back.
    let mute = blocks::Target::Author(author);
    assert!(lists.desk.blocks.hides(lists.ann, mute).await.unwrap());
    assert!(lists.personal.wishes(lists.ann).await.unwrap().iter().all(|wish| wish.kind != "author"));
    lists.personal.wish(lists.ann, Subject::Author, &author.to_string(), true).await.unwrap();
    assert!(lists.list().await.iter().any(|(id, _)| *id == ids[27]));
    lists.desk.blocks.set(lists.ann, mute, blocks::How::Block).await.unwrap();
    assert!(lists.list().await.iter().all(|(id, _)| *id != ids[27]), "at once");
    lists.personal.wish(lists.ann, Subject::Author, &author.to_string(), false).await.unwrap();
    let hidden = lists.desk.blocks.of(lists.ann).await.unwrap();
    assert_eq!(hidden.how(mute), Some(blocks::How::Block), "who is blocked stays blocked");
    lists.personal.unwish(lists.ann, Subject::Channel, "city").await.unwrap();
    assert!(lists.list().await.iter().any(|(id, _)| !bread(id)));
    let wrong = lists.personal.wish(lists.ann, Subject::Channel, "nowhere", true).await;
    assert!(matches!(wrong, Err(kernel::Error::Invalid(_))));

    // A channel that becomes another takes along what readers said of it, unless they said something of that one.
    let (city, tech) = (Slug::new("city").unwrap(), Slug::new("tech").unwrap());
    lists.personal.wish(lists.ann, Subject::Channel, "city", false).await.unwrap();
    lists.personal.move_channel(lists.ann, &city, &tech).await.unwrap();
    assert!(lists.list().await.iter().all(|(id, _)| !bread(id)), "what was said of city goes for tech");
    lists.personal.wish(lists.ann, Subject::Channel, "city", true).await.unwrap();
    lists.personal.move_channel(lists.ann, &city, &tech).await.unwrap();
    let wishes = lists.personal.wishes(lists.ann).await.unwrap();
    let channels: Vec<_> = wishes.iter().filter(|wish| wish.kind == "channel").collect();
    assert!(matches!(channels[..], [wish] if wish.name == "tech" && !wish.wanted), "{wishes:?}");
    lists.personal.unwish(lists.ann, Subject::Channel, "tech").await.unwrap();

    // From the beginning.
    lists.personal.reset(lists.ann).await.unwrap();
    assert!(lists.personal.history(lists.ann, 10).await.unwrap().is_empty());
    assert!(lists.list().await.iter().any(|(id, _)| *id == ids[38]));
}

/// What was muted in the list of one's own before there were mutes for all lists.
#[db_test]
async fn mutes_of_before_are_handed_over_and_nothing_else(db: Db) {
    use db::{Conn, args};
    let lists = lists(&db, Env::manual(start()).0).await;
    let author = lists.desk.authors.ensure("anna", "anna").await.unwrap().id;
    let liked = lists.desk.authors.ensure("bert", "bert").await.unwrap().id;
    let tx = db.write().await.unwrap();
    for (kind, name, wanted) in [
        ("author", author.to_string(), false),
        ("author", "nobody!".to_owned(), false),
        ("author", liked.to_string(), true),
        ("tag", "boats".to_owned(), false),
    ] {
        let sql = "INSERT INTO personal_wishes (user_id, kind, name, wanted, created_at) VALUES ($1, $2, $3, $4, 7)";
        tx.exec(sql, args![lists.ann, kind, name, wanted]).await.unwrap();
    }
    let mutes = crate::hand_over_mutes(&tx).await.unwrap();
    assert_eq!(mutes, [(lists.ann, author, Time::from_millis(7))]);
    lists.desk.blocks.take_in(&tx, &mutes).await.unwrap();
    tx.commit().await.unwrap();
    lists.desk.blocks.forget(None);
    assert!(lists.desk.blocks.hides(lists.ann, blocks::Target::Author(author)).await.unwrap());
    let left = lists.personal.wishes(lists.ann).await.unwrap();
    assert_eq!(left.iter().filter(|wish| wish.wanted).count(), 1);
    assert!(left.iter().any(|wish| wish.kind == "tag" && !wish.wanted) && left.len() == 2, "{left:?}");
}

#[db_test]
async fn a_list_that_is_kept_shows_nothing_that_is_gone(db: Db) {
    let (env, clock) = Env::manual(start());
    let lists = lists(&db, env).await;
    lists.town(&clock).await;
    let kept = lists.list().await;
    let (gone, _) = kept[3];
    lists.desk.articles.retract(gone).await.unwrap();
    let front = lists.for_you.first(lists.ann, 10).await.unwrap().unwrap();
    let left: Vec<ArticleId> = front.iter().map(|picked| picked.card.id).collect();
    let want: Vec<ArticleId> = kept.iter().take(10).map(|(id, _)| *id).filter(|id| *id != gone).collect();
    assert_eq!(left, want, "the same list without it");
    let (rest, more) = lists.for_you.page(lists.ann, 2, 90).await.unwrap().unwrap();
    assert!(!more && rest.iter().all(|picked| picked.card.id != gone));
}

#[db_test]
async fn what_is_off_is_not_looked_at_or_written(db: Db) {
    let (env, clock) = Env::manual(start());
    let lists = lists(&db, env).await;
    let ids = lists.town(&clock).await;
    lists.read(lists.ann, &ids[..3]).await;
    assert_eq!(lists.personal.history(lists.ann, 10).await.unwrap().len(), 3);

    // What waits to be written when it is switched off is not written either.
    lists.for_you.read(lists.ann, ids[10]);
    lists.for_you.set_learns(lists.ann, false).await.unwrap();
    lists.read(lists.ann, &ids[11..20]).await;
    assert!(lists.for_you.page(lists.ann, 0, 30).await.unwrap().is_none());
    assert!(lists.personal.reader(lists.ann).await.unwrap().is_none());
    assert!(lists.personal.history(lists.ann, 10).await.unwrap().is_empty());
    assert!(lists.personal.wishes(lists.ann).await.unwrap().is_empty());
    let refused = lists.personal.wish(lists.ann, Subject::Tag, "boats", true).await;
    assert!(matches!(refused, Err(kernel::Error::Conflict("learning-off"))));
    assert!(lists.personal.forget_read(lists.ann, ids[0]).await.is_err());

    lists.for_you.set_learns(lists.ann, true).await.unwrap();
    assert_eq!(lists.personal.history(lists.ann, 10).await.unwrap().len(), 3, "as it was");
}

#[db_test]
async fn choices_teach_and_a_bad_lesson_is_not_taken(db: Db) {
    let (env, clock) = Env::manual(start());
    let lists = lists(&db, env).await;
    let ids = lists.town(&clock).await;
    assert!(lists.learning.learn().await.unwrap().is_none(), "nothing to learn from");
    // Whoever comes reads what stands lowest of the first six.
    for _ in 0..220 {
        let list = lists.list().await;
        // What was made and not looked at teaches nothing, and takes the place of nothing.
        lists.personal.refresh(Some(lists.ann));
        lists.for_you.page(lists.ann, 0, 90).await.unwrap();
        let (chosen, _) = list[5.min(list.len() - 1)];
        lists.read(lists.ann, &[chosen]).await;
        lists.personal.reset(lists.ann).await.unwrap();
        clock.advance(Duration::from_secs(1));
    }
    let made = lists.learning.learn().await.unwrap().expect("a model");
    assert_eq!((made.version, made.choices), (1, 220));
    assert_eq!(made.state == "live", made.figure >= made.before, "{made:?}");
    let days = lists.learning.days(1).await.unwrap();
    let opened: i64 = days.iter().filter(|day| day.model == 0).map(|day| day.opened).sum();
    assert_eq!(opened, 220);
    assert!(days.iter().any(|day| day.source == "all" && day.lists >= 220 && day.authors > day.lists));
    assert!(lists.learning.learn().await.unwrap().is_none(), "nothing new");
    if made.state == "live" {
        assert_eq!(lists.learning.in_use(), (1, 0));
        let tx = db.write().await.unwrap();
        lists.learning.withdraw_in(&tx, 1).await.unwrap();
        drop(tx);
        lists.learning.load().await.unwrap();
        assert_eq!(lists.learning.in_use(), (1, 0), "what is rolled back never happened");
        let tx = db.write().await.unwrap();
        lists.learning.withdraw_in(&tx, 1).await.unwrap();
        tx.commit().await.unwrap();
        lists.learning.load().await.unwrap();
    }
    assert_eq!(lists.learning.in_use(), (0, 0));
    let tx = db.write().await.unwrap();
    assert!(matches!(lists.learning.withdraw_in(&tx, 9).await, Err(kernel::Error::NotFound)));
    drop(tx);
    drop(ids);
}
