use super::*;

fn attention(reads: f64, borne: f64) -> Attention {
    let alone = reads - borne;
    Attention { reads, weight: reads, alone, alone_weight: alone, ..Attention::default() }
}

#[test]
fn what_is_borne_out_is_believed() {
    let check = |reads: f64, borne: f64, people: f64, want: std::ops::RangeInclusive<f64>| {
        let got = credited(&attention(reads, borne), people, ACTIVE_ELSEWHERE);
        assert!(want.contains(&got), "{reads} {borne} {people}: {got}");
    };
    check(100.0, 30.0, 0.0, 100.0..=100.0);
    check(100.0, 22.0, 0.0, 100.0..=100.0);
    check(100.0, 10.0, 0.0, 30.0..=60.0);
    check(100.0, 10.0, 15.0, 100.0..=100.0);
    check(5.0, 0.0, 0.0, 5.0..=5.0);
    check(1_000.0, 0.0, 0.0, 0.0..=0.0);
    check(60.0, 0.0, 0.0, 0.0..=0.5);
    // Who is doubted takes nothing from those who are not.
    check(1_500.0, 150.0, 0.0, 500.0..=510.0);
}

#[test]
fn a_thousand_from_one_house_are_doubted_as_many() {
    let farm = Attention { weight: 12.0, alone_weight: 12.0, ..attention(1_000.0, 0.0) };
    assert!(credited(&farm, 0.0, ACTIVE_ELSEWHERE) < 0.01);
    let school = Attention { weight: 12.0, alone_weight: 8.0, ..attention(1_000.0, 333.0) };
    assert!(credited(&school, 0.0, ACTIVE_ELSEWHERE) > 11.9);
}

fn heat(author: i64, read: Attention) -> Heat {
    let mut heat = Heat::new(AuthorId::new(author), Slug::new("city").unwrap(), Time::from_millis(0));
    heat.read = [read; HALF_LIVES.len()];
    heat
}

const AT: [f64; HALF_LIVES.len()] = [1.0; HALF_LIVES.len()];

fn values(heats: &[Heat]) -> Vec<f64> {
    let (now, usual) = (Time::from_millis(0).plus(MEMORY), Usual::of(heats.iter(), &AT));
    heats.iter().map(|heat| heat.value(Span::Now, now, &AT, &usual)).collect()
}

#[test]
fn a_farm_does_not_make_itself_the_usual_case() {
    let usual = Usual::of([heat(1, attention(1_000.0, 0.0))].iter(), &AT);
    assert!((0.2..ACTIVE_ELSEWHERE).contains(&usual.borne), "{}", usual.borne);
    // Where nobody ever does anything else, that nobody does says little, but not nothing.
    let many: Vec<Heat> =
        (0..60).map(|n| heat(n, attention(60.0, 0.0))).chain([heat(99, attention(1_000.0, 0.0))]).collect();
    let values = values(&many);
    assert!(values[..60].iter().all(|value| *value > 50.0), "{values:?}");
    assert!(values[60] < 5.0, "{}", values[60]);
}

#[test]
fn what_is_chosen_more_often_where_it_is_shown_is_hotter() {
    let shown =
        |author, shown, opened| heat(author, Attention { shown, opened, ..attention(opened, opened / 2.0) });
    let values = values(&[
        shown(1, 4_000.0, 80.0),
        shown(2, 400.0, 40.0),
        shown(3, 400.0, 8.0),
        heat(4, attention(8.0, 4.0)),
    ]);
    assert!(values[1] > values[0], "half the reads of a tenth of the showings: {values:?}");
    assert!(values[1] > 3.0 * values[2], "{values:?}");
    assert!(values[3] > 7.9, "reads from elsewhere count as they are: {values:?}");
}

#[test]
fn accounts_of_today_do_not_carry_an_article() {
    let likes = |known: f64, new: f64, reads: f64| {
        let mut heat = heat(1, attention(reads, reads));
        heat.talk = [Talk { likes: known, new_likes: new, ..Talk::default() }; HALF_LIVES.len()];
        values(&[heat])[0]
    };
    assert!(likes(0.0, 1_000.0, 0.0) < 0.01);
    assert!(likes(0.0, 10.0, 100.0) > 115.0, "they add to what is there");
    assert!(likes(10.0, 0.0, 0.0) > 19.0);
}

#[test]
fn says_why() {
    let now = Time::from_millis(0).plus(MEMORY);
    let other = heat(2, Attention { timed: 100.0, finished: 50.0, ..attention(20.0, 10.0) });
    let quiet = heat(3, attention(1.0, 1.0));
    let check = |heat: Heat, want: Why| {
        let usual = Usual::of([&heat, &other, &quiet].into_iter(), &AT);
        assert_eq!(heat.why(Span::Now, now, &AT, &usual), want);
    };
    // A steady stream: sums grow with the half-life.
    let steady = |read: Attention| {
        let mut heat = heat(1, read);
        for (sum, half_life) in heat.read.iter_mut().zip(HALF_LIVES) {
            *sum = read.scaled(half_life.as_secs_f64() / HALF_LIVES[NOW].as_secs_f64());
        }
        heat
    };
    check(steady(attention(100.0, 50.0)), Why::Hot);
    check(steady(Attention { timed: 100.0, finished: 80.0, ..attention(100.0, 50.0) }), Why::Finished);
    check(heat(1, attention(100.0, 50.0)), Why::Rising);
    let mut talked = steady(attention(20.0, 10.0));
    talked.talk = [Talk { comments: 10.0, ..Talk::default() }; HALF_LIVES.len()];
    check(talked, Why::Talked);
    let mut liked = steady(attention(20.0, 10.0));
    liked.talk = [Talk { likes: 10.0, ..Talk::default() }; HALF_LIVES.len()];
    check(liked, Why::Liked);
    let mut new = heat(1, Attention::default());
    new.published_at = now;
    check(new, Why::New);
    check(heat(1, Attention::default()), Why::Latest);
}

#[test]
fn a_reason_says_no_more_than_the_figures_do() {
    let now = Time::from_millis(0).plus(MEMORY);
    let whys = |heats: &[Heat]| -> Vec<Why> {
        let usual = Usual::of(heats.iter(), &AT);
        heats.iter().map(|heat| heat.why(Span::Now, now, &AT, &usual)).collect()
    };
    // One read each, and three likes: nobody may call that many.
    let mut small: Vec<Heat> = (0..30).map(|n| heat(n, attention(1.0, 1.0))).collect();
    small[0].talk = [Talk { likes: 3.0, ..Talk::default() }; HALF_LIVES.len()];
    small[1].talk = [Talk { comments: 4.0, ..Talk::default() }; HALF_LIVES.len()];
    // Accounts of today are no crowd.
    small[2].talk = [Talk { new_comments: 40.0, new_likes: 40.0, ..Talk::default() }; HALF_LIVES.len()];
    assert!(whys(&small).iter().all(|why| *why == Why::Read), "{:?}", whys(&small));
    // Many, but no more than everything else has.
    let stream = |n: i64, reads: f64| {
        let mut heat = heat(n, Attention::default());
        for (sum, half_life) in heat.read.iter_mut().zip(HALF_LIVES) {
            *sum = attention(reads, reads).scaled(half_life.as_secs_f64() / HALF_LIVES[NOW].as_secs_f64());
        }
        heat
    };
    let even: Vec<Heat> = (0..10).map(|n| stream(n, 40.0)).collect();
    assert!(whys(&even).iter().all(|why| *why == Why::Read));
    let mut odd = even;
    odd.push(stream(99, 400.0));
    assert_eq!(whys(&odd).pop(), Some(Why::Hot));
    // A third more than usual, and still not most.
    let read_out = |share: f64| Attention { timed: 100.0, finished: 100.0 * share, ..attention(1.0, 1.0) };
    let mut hurried: Vec<Heat> = (0..20).map(|n| heat(n, read_out(0.02))).collect();
    hurried.push(heat(99, read_out(0.45)));
    assert_ne!(whys(&hurried).pop(), Some(Why::Finished));
}
