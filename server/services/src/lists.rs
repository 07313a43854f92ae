//! What makes lists: reads and what they tell, the hot list, related articles, readers' own.

use reads::Reads;
use recommend::{
    ActivityTracker, ArticleFactsCache, BackgroundTasks, ChannelFreshness, ForYou, Hot, Learning, Personal,
    Related, Sources,
};
use search::Search;

use crate::Services;

pub struct Lists {
    pub reads: Reads,
    pub hot: Hot,
    pub related: Related,
    pub for_you: ForYou,
    pub personal: Personal,
    pub learning: Learning,
    pub background: BackgroundTasks,
}

impl Lists {
    pub fn new(s: &Services, search: &Search) -> Self {
        let (articles, env) = (&s.articles, &s.env);
        let reads = Reads::new(s.db.clone(), env.clone());
        let (comments, follows) = (s.comments.clone(), s.follows.clone());
        let hot =
            Hot::new(articles.clone(), comments, follows, reads.clone(), s.journal.clone(), env.clone());
        let activity = ActivityTracker::new(reads.clone(), env.clone());
        let freshness = ChannelFreshness::new(articles.clone(), activity.clone(), env.clone());
        let facts = ArticleFactsCache::new(articles.clone(), search.clone());
        let related = Related::new(
            search.clone(),
            articles.clone(),
            facts.clone(),
            reads.co_reads().clone(),
            freshness.clone(),
            env.clone(),
        );
        let personal = Personal::new(
            s.db.clone(),
            s.journal.clone(),
            env.clone(),
            articles.clone(),
            facts.clone(),
            recommend::Relations {
                authors: s.authors.clone(),
                follows: s.follows.clone(),
                blocks: s.blocks.clone(),
            },
        );
        let learning = Learning::new(s.db.clone(), env.clone());
        let sources = Sources {
            articles: articles.clone(),
            facts,
            reads: reads.clone(),
            hot: hot.clone(),
            related: related.clone(),
            activity: activity.clone(),
            editorial: s.editorial.clone(),
        };
        let for_you = ForYou::new(sources, personal.clone(), learning.clone(), env.clone());
        let background = BackgroundTasks {
            personal: personal.clone(),
            learning: learning.clone(),
            activity,
            freshness,
            journal: s.journal.clone(),
        };
        Self { reads, hot, related, for_you, personal, learning, background }
    }
}
