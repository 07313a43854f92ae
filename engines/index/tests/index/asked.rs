//! What people ask for, and how they type it.

use super::*;

#[test]
fn pinyin_and_homophones_find_what_was_meant() {
    let dir = tempfile::tempdir().unwrap();
    let mut documents = library();
    documents.push(Document { tags: vec!["潮汐".into()], ..document(7, "望潮汐的人", "水位。") });
    let index = with(dir.path(), &documents);
    let meant = |text: &str, id: i64, instead: &str| {
        let found = index.search(&query(text)).unwrap();
        let ids: Vec<i64> = found.hits.iter().map(|hit| hit.id.raw()).collect();
        assert_eq!((ids, found.instead.as_deref()), (vec![id], Some(instead)), "{text}");
        assert_eq!(
            (found.whole, found.alike, found.hits[0].fit),
            (0, 1, Fit::Alike(Alike::Pronounced)),
            "{text}"
        );
        assert_eq!(found.hits[0].places[0], MatchedField::Title, "{text}");
    };
    meant("chaoxi", 7, "潮汐");
    meant("chao xi", 7, "潮汐");
    meant("chao'xi", 7, "潮汐");
    meant("嘲戏", 7, "潮汐");
    meant("mianbaoshi", 4, "面包师");
    meant("面包诗", 4, "面包师");
    meant("yunjisuan 平台", 1, "云计算 平台");
    check(&index, "nanpoguancha", &[6, 4, 2]); // an author's name
    check(&index, "zhongyang", &[]);
}

#[test]
fn slips_of_the_pen_are_forgiven_where_little_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let mut documents = library();
    documents.push(document(7, "Telescopes and telescope makers", "A telescope."));
    let index = with(dir.path(), &documents);
    let found = index.search(&query("telescpe")).unwrap();
    assert_eq!(found.hits.iter().map(|hit| hit.id.raw()).collect::<Vec<_>>(), [7, 3]);
    assert_eq!(
        (found.instead.as_deref(), found.hits[0].fit),
        (Some("telescope"), Fit::Alike(Alike::Spelled))
    );
    assert_eq!(found.hits[0].title.pieces()[0], ("Telescopes", true), "marked as what was meant");
    check(&index, "tleescope astronomy", &[3]);
    check(&index, "tlescpoe ", &[7, 3]); // two letters of eight
    check(&index, "bred", &[6]); // one of four
    check(&index, "brd", &[]); // three are too few
    assert_eq!(index.search(&query("telescopes")).unwrap().instead, None);
    // What has it as it was typed comes first, whatever is commoner.
    documents.push(document(8, "The word telescpe", "is no word."));
    for id in 20..32 {
        documents.push(document(id, "A telescope", ""));
    }
    index.put(&documents).unwrap();
    index.commit(None).unwrap();
    let found = index.search(&query("telescpe")).unwrap();
    assert_eq!((found.hits[0].id.raw(), found.hits[0].fit, found.whole), (8, Fit::Whole, 1));
    assert_eq!((found.alike, found.instead.as_deref()), (14, Some("telescope")));
    let second = index.search(&Query { offset: 1, limit: 3, ..query("telescpe") }).unwrap();
    assert_eq!((second.hits.len(), second.total), (3, 15));
    assert!(second.hits.iter().all(|hit| hit.fit != Fit::Whole && hit.id.raw() != 8));
}

#[test]
fn phrases_exclusions_and_fields() {
    let dir = tempfile::tempdir().unwrap();
    let mut documents = library();
    documents.push(Document {
        tags: vec!["星空".into(), "AI".into()],
        ..document(7, "平台的星际云", "计算与平台。")
    });
    let index = with(dir.path(), &documents);
    check(&index, "“云计算平台”", &[1]);
    check(&index, "\"moon's slow\"", &[3]);
    check(&index, "“际云计算平”", &[1]); // wherever the words end
    let other = index.search(&query("\"slow moon\"")).unwrap();
    assert_eq!(
        (other.hits[0].id.raw(), other.hits[0].fit, other.whole),
        (3, Fit::Part, 0),
        "not as it was quoted"
    );
    check(&index, "平台 -上线", &[7]);
    check(&index, "平台 -“新的平台”", &[7]);
    check(&index, "-平台", &[]);
    check(&index, "平台 标题：上线", &[1]);
    check(&index, "title:数据", &[]);
    check(&index, "作者:南坡观察 面团", &[4]);
    check(&index, "author:harbour", &[7, 5, 3, 1]);
    check(&index, "#星空", &[7]);
    check(&index, "标签:ai", &[7]);
    assert_eq!(index.search(&query("#星空")).unwrap().hits[0].places, [MatchedField::Tag]);
    assert_eq!(found(&index, &Query { tag: Some("AI".into()), ..query("平台") }), [7]);
}

#[test]
fn kinds_narrow_down() {
    let dir = tempfile::tempdir().unwrap();
    let of = |id, kinds: &[&str]| Document {
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        ..document(id, "云", "")
    };
    let index = with(dir.path(), &[of(1, &["video", "original"]), of(2, &["gallery"]), of(3, &[])]);
    assert_eq!(found(&index, &Query { kind: Some("original".into()), ..query("云") }), [1]);
    assert_eq!(found(&index, &Query { kind: Some("poem".into()), ..query("云") }), [0; 0]);
}

#[test]
fn what_has_all_words_comes_before_what_has_some() {
    let dir = tempfile::tempdir().unwrap();
    let mut documents = library();
    documents.push(document(7, "面团面团面团 平台", "酵母"));
    documents.push(document(8, "长长的一篇", &format!("{}面团，平台，早市。", "别的话。".repeat(200))));
    let index = with(dir.path(), &documents);
    let found = index.search(&query("面团 平台 早市")).unwrap();
    assert_eq!((found.hits[0].id.raw(), found.whole), (8, 1));
    let fits: Vec<Fit> = found.hits.iter().map(|hit| hit.fit).collect();
    assert_eq!(fits[..2], [Fit::Whole, Fit::Part]);
    // Page by page it is the same list.
    let paged: Vec<i64> = (0..found.total)
        .flat_map(|offset| self::found(&index, &Query { offset, limit: 1, ..query("面团 平台 早市") }))
        .collect();
    assert_eq!(paged, found.hits.iter().map(|hit| hit.id.raw()).collect::<Vec<_>>());
}

#[test]
fn a_name_with_signs_is_completed_by_titles_that_have_it() {
    let dir = tempfile::tempdir().unwrap();
    let titles = ["学C++编程", "C 语言", "AT&T 的历史", "at a time"];
    let documents: Vec<Document> = (1..).zip(titles).map(|(id, title)| document(id, title, "")).collect();
    let index = with(dir.path(), &documents);
    let titles = |typed: &str| {
        index.titles(typed, 5).unwrap().into_iter().map(|(id, _)| id.raw()).collect::<Vec<i64>>()
    };
    assert_eq!(titles("C++"), [1]);
    assert_eq!(titles("C"), [2, 1]);
    assert_eq!(titles("AT&T"), [3]);
}

#[test]
fn names_tags_and_titles_are_completed() {
    let dir = tempfile::tempdir().unwrap();
    let mut documents = library();
    documents.push(Document { tags: vec!["潮汐".into()], ..document(7, "望潮汐的人", "水位。") });
    documents.push(Document {
        tags: vec!["潮汐".into(), "潮州菜".into()], ..document(8, "潮汐又来", "")
    });
    let index = with(dir.path(), &documents);
    let tags = |typed: &str, want: &[&str]| {
        let want: Vec<Entry> = want.iter().map(|tag| Entry::Tag((*tag).to_owned())).collect();
        assert_eq!(index.complete(typed, 5).unwrap(), want, "{typed}");
    };
    tags("潮", &["潮汐", "潮州菜"]);
    tags("chao", &["潮汐", "潮州菜"]);
    tags("chao z", &["潮州菜"]);
    tags("cx", &["潮汐"]);
    tags("x", &[]);
    tags("", &[]);
    let author = Entry::Author { name: "南坡观察".into(), handle: "nanpo".into() };
    for typed in ["南坡", "nanpo", "nanpog", "npgc", "NANPO"] {
        assert_eq!(index.complete(typed, 5).unwrap(), std::slice::from_ref(&author), "{typed}");
    }
    let titles = |typed: &str, want: &[i64]| {
        let found: Vec<i64> = index.titles(typed, 5).unwrap().into_iter().map(|(id, _)| id.raw()).collect();
        assert_eq!(found, want, "{typed}");
    };
    titles("潮", &[8, 7]);
    titles("云计", &[1]);
    titles("际云", &[1]);
    titles("计云", &[]);
    titles("backyard astr", &[3]);
    titles("cafe", &[6]);
    titles("水位", &[]); // in a text, though a short one
    titles("", &[]);
}

#[test]
fn one_index_takes_the_place_of_another() {
    let dir = tempfile::tempdir().unwrap();
    let index = with(dir.path(), &library());
    let other = index.shadow().unwrap();
    other.put(&[document(40, "新的索引", "")]).unwrap();
    other.commit(Some("9")).unwrap();
    // The first goes on meanwhile, and a half-made one does not survive.
    check(&index, "索引", &[]);
    index.put(&[document(7, "还在写", "")]).unwrap();
    index.commit(Some("8")).unwrap();
    check(&index, "还在写", &[7]);
    drop((index, other));
    let index = Index::open(dir.path()).unwrap();
    assert_eq!((index.len(), index.commit_payload().unwrap().as_deref()), (7, Some("8")));

    for n in [50, 51] {
        let (shared, before) = (index.clone(), index.generation());
        let other = index.shadow().unwrap();
        other.put(&[document(n, "新的索引", "")]).unwrap();
        other.commit(Some("10")).unwrap();
        index.swap(&other).unwrap();
        drop(other);
        assert!(index.generation() > before);
        check(&shared, "索引", &[n]);
        check(&index, "地图集", &[]);
        // It is an index like any other.
        index.put(&[document(60, "后来的", "")]).unwrap();
        index.commit(Some("11")).unwrap();
        check(&index, "后来的", &[60]);
    }
    drop(index);
    let index = Index::open(dir.path()).unwrap();
    assert_eq!((index.len(), index.commit_payload().unwrap().as_deref()), (2, Some("11")));
    let folders =
        fs::read_dir(dir.path()).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    assert_eq!(folders, 1, "nothing is left lying around");
}

#[test]
fn an_index_that_could_not_write_goes_on_when_it_can() {
    let dir = tempfile::tempdir().unwrap();
    let index = with(dir.path(), &library()[..2]);
    let (files, away) = (dir.path().join("files"), dir.path().join("away"));
    fs::rename(&files, &away).unwrap();
    for _ in 0..3 {
        let lost = index.put(&library()).and_then(|()| index.commit(Some("8")));
        assert!(lost.is_err());
        // Nor can it be rolled back now, and the next attempt must not find it worse for that.
        index.rollback().ok();
    }
    check(&index, "云计算", &[1]);
    fs::rename(&away, &files).unwrap();
    index.rollback().unwrap();
    assert_eq!(index.commit_payload().unwrap().as_deref(), Some("7"));
    index.put(&library()).unwrap();
    index.commit(Some("9")).unwrap();
    check(&index, "bread ferry", &[6]);
    assert_eq!((index.len(), index.commit_payload().unwrap().as_deref()), (6, Some("9")));
}
