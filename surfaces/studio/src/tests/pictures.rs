//! Pictures: into the text, as covers, into one's own store, as a portrait.

use serde_json::Value;

use super::*;

#[tokio::test]
async fn a_picture_goes_into_the_text_with_its_description() {
    let desk = Desk::open(true).await;
    let form = Multipart::of(&WHOLE).text("picture_alt", "the [old] quay").file("picture", &png(1));
    let path = desk.post("lin", "/studio/new", form).await.location().replace("?done=saved", "");
    let page = desk.get("lin", &path).await;
    let body = page.value("body");
    assert!(body.starts_with("At five **every morning**.\n\n![the \\[old\\] quay](/media/"), "{body}");
    assert_eq!(page.value("picture_alt"), "", "it is used");
    let shown = desk.get("lin", &format!("{path}/preview")).await;
    assert!(shown.has("alt=\"the [old] quay\"") && shown.has("width=\"12\" height=\"8\""), "{}", shown.text);
}

#[tokio::test]
async fn covers_take_their_places() {
    let desk = Desk::open(true).await;
    let form = Multipart::of(&WHOLE).file("cover1", &png(1)).file("cover2", &png(2)).file("cover3", &png(3));
    let path = desk.post("lin", "/studio/new", form).await.location().replace("?done=saved", "");
    let id: ArticleId = path.strip_prefix("/studio/article/").unwrap().parse().unwrap();
    let three = desk.article(id).await.draft.covers;
    assert_eq!(three.len(), 3);

    let kept = |form: Multipart| {
        let places = ["cover_1", "cover_2", "cover_3"].into_iter().zip(&three);
        places.fold(form, |form, (place, hash)| form.text(place, hash))
    };
    // Two cannot be laid out: refused, and the three places as they were left.
    let two = kept(Multipart::of(&WHOLE)).text("version", "1").text("cover_drop", "2");
    let page = desk.post("lin", &path, two).await;
    assert_eq!(
        (page.status, page.error("covers")),
        (422, "An article has no cover, one, or three; not two.")
    );
    assert_eq!((page.value("cover_1"), page.value("cover_2")), (three[0].clone(), three[2].clone()));

    let one =
        kept(Multipart::of(&WHOLE)).text("version", "1").text("cover_drop", "2").text("cover_drop", "3");
    assert_eq!(desk.post("lin", &path, one.file("cover1", &png(9))).await.status, 303);
    let covers = desk.article(id).await.draft.covers;
    assert!(covers.len() == 1 && covers[0] != three[0], "a new one takes the place of the old");
}

#[tokio::test]
async fn a_file_that_is_no_picture_costs_no_text() {
    let desk = Desk::open(true).await;
    let body = ("body", "At five.");
    let broken = Multipart::of(&[("title", "T"), body, ("picture_alt", "quay")])
        .file("cover1", &png(1))
        .file("picture", b"GIF89a");
    let page = desk.post("lin", "/studio/new", broken).await;
    assert_eq!(
        (page.status, page.value("body").as_str(), page.value("picture_alt").as_str()),
        (422, "At five.", "quay")
    );
    assert_eq!(page.error("picture"), "The picture is damaged and cannot be read.");
    assert_eq!(page.value("cover_1").len(), 32, "the good one is kept");

    // Too long: read past, so that what stands behind it is there too.
    let huge = vec![0; (20 << 20) + 1];
    let page = desk
        .post("lin", "/studio/new", Multipart::default().file("picture", &huge).text("body", "Behind."))
        .await;
    assert_eq!(
        (page.error("picture"), page.value("body").as_str()),
        ("Pictures may have up to 20 MB.", "Behind.")
    );
    // Cut off on the way.
    let mut cut = Multipart::of(&[("title", "T"), body]).file("picture", &png(1)).end();
    cut.truncate(cut.len() - 60);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let request = Request::post("/studio/new").header(header::CONTENT_TYPE, kind);
    let page = desk.send("lin", request, cut).await;
    assert_eq!((page.status, page.value("body").as_str()), (422, "At five."));
}

#[tokio::test]
async fn uploads_are_ones_own() {
    let desk = Desk::open(true).await;
    let two = Multipart::default().file("picture", &png(1)).file("picture", &png(2));
    assert_eq!(desk.post("lin", "/studio/pictures", two).await.location(), "/studio/pictures?done=uploaded");
    let own = desk.get("lin", "/studio/pictures").await;
    assert_eq!(own.text.matches("value=\"![](/media/").count(), 2);
    assert!(desk.get("mo", "/studio/pictures").await.has("Pictures you upload will be kept here"));
    let none = desk.post("lin", "/studio/pictures", Multipart::default().file("picture", b"")).await;
    assert_eq!((none.status, none.error("picture")), (422, "Choose a picture."));
    assert_eq!(desk.post("an", "/studio/pictures", Multipart::default()).await.status, 403);
}

/// As the desk's script asks.
#[tokio::test]
async fn scripts_are_answered_in_json() {
    let desk = Desk::open(true).await;
    let ask = async |form: Multipart| {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = Request::post("/studio/pictures")
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, kind);
        let answer = desk.send("lin", request, form.end()).await;
        (answer.status, serde_json::from_str::<Value>(&answer.text).unwrap())
    };
    let (status, json) = ask(Multipart::of(&[("picture_alt", "a \"quay\"")]).file("picture", &png(1))).await;
    let picture = &json["pictures"][0];
    let hash = picture["hash"].as_str().unwrap();
    assert_eq!((status, &json["error"]), (201, &Value::Null));
    assert_eq!(picture["markdown"], format!("![a \"quay\"](/media/{hash}/full.jpg)"));
    assert!(picture["html"].as_str().unwrap().contains("alt=\"a &quot;quay&quot;\""), "{picture}");
    let (status, json) = ask(Multipart::default().file("picture", b"no picture")).await;
    assert_eq!((status, json["error"].as_str()), (422, Some("Only JPEG, PNG, WebP, GIF and AVIF pictures.")));
}

#[tokio::test]
async fn a_profile_is_changed_and_a_new_name_is_verified_anew() {
    let desk = Desk::open(true).await;
    // Trusted: what it says of itself is shown at once.
    let known = Profile { verified: true, trusted: true, ..desk.author.clone().into() };
    desk.authors.update(desk.author.id, known).await.unwrap();
    let author = async || desk.authors.find(desk.author.id).await.unwrap().unwrap();
    let form = Multipart::of(&[("author", "nanpo"), ("name", "nanpo"), ("bio", "Tides.")]);
    let saved = desk.post("lin", "/studio/profile", form.file("avatar", &png(7))).await;
    assert_eq!(saved.location(), "/studio/profile?author=nanpo&done=profile");
    let first = author().await;
    assert!(first.verified && first.avatar.is_some());
    assert_eq!((first.bio.as_str(), first.handle.as_str()), ("Tides.", "nanpo"));

    let bio = "b".repeat(301);
    let page = desk
        .post("lin", "/studio/profile", Multipart::of(&[("author", "nanpo"), ("name", ""), ("bio", &bio)]))
        .await;
    assert_eq!((page.status, page.error("name"), page.value("bio")), (422, "Enter a name.", bio));

    let other = [("author", "nanpo"), ("name", "The BBC"), ("avatar_drop", "1")];
    desk.post("lin", "/studio/profile", Multipart::of(&other)).await;
    let second = author().await;
    assert_eq!((second.name.as_str(), second.verified, second.avatar), ("The BBC", false, None));
}

#[tokio::test]
async fn drafts_are_deleted_by_their_owner() {
    let desk = Desk::open(true).await;
    let id = desk.write(&WHOLE).await;
    let path = format!("/studio/article/{id}/delete");
    assert_eq!(desk.get("mo", &path).await.status, 404);
    assert_eq!(desk.press("mo", &path, "").await.status, 404);
    let page = desk.get("lin", &path).await;
    assert!(page.status == 200 && page.has("Tide tables") && page.has("Delete for good"), "{}", page.text);
    desk.state(id).await;

    // What waits for review, or was published, stays.
    desk.articles.submit(id, None).await.unwrap();
    assert_eq!(desk.press("lin", &path, "").await.status, 409);
    assert!(!desk.get("lin", &path).await.has("Delete for good"));
    desk.articles.withdraw(id).await.unwrap();
    assert_eq!(desk.press("lin", &path, "").await.location(), "/studio?author=nanpo&done=deleted");
    assert!(desk.articles.get(id).await.is_err());
    assert_eq!(desk.get("lin", &format!("/studio/article/{id}")).await.status, 404);
    let published = desk.write(&WHOLE).await;
    desk.articles.submit(published, None).await.unwrap();
    desk.articles
        .decide(
            published,
            articles::Verdict::Approve(desk.articles.reading(published).await.unwrap()),
            async |_| Ok::<_, kernel::Error>(()),
        )
        .await
        .unwrap();
    desk.articles.retract(published).await.unwrap();
    let path = format!("/studio/article/{published}/delete");
    assert_eq!(desk.press("lin", &path, "").await.status, 409);
}

#[tokio::test]
async fn pictures_are_deleted_where_nobody_sees_them() {
    let desk = Desk::open(true).await;
    desk.post("lin", "/studio/pictures", Multipart::default().file("picture", &png(1))).await;
    let list = desk.get("lin", "/studio/pictures").await.text;
    let hash = list.split("/media/").nth(1).unwrap()[..32].to_owned();
    let path = format!("/studio/pictures/{hash}/delete");
    assert_eq!(desk.get("mo", &path).await.status, 404);
    assert_eq!(desk.press("mo", &path, "").await.status, 404);

    let body = format!("![](/media/{hash}/full.jpg)");
    let fields = [("title", "Quays"), ("format", "markdown"), ("body", body.as_str()), ("channel", "city")];
    let id = desk.write(&fields).await;
    assert!(desk.get("lin", &path).await.has("Quays"), "says where it is used");
    // What a reviewer is to look at stays, and so does what has only to wait for its time.
    desk.articles.submit(id, None).await.unwrap();
    let refused = desk.press("lin", &path, "").await;
    assert!(refused.status == 409 && !refused.has("Delete for good"), "{}", refused.text);
    desk.articles
        .decide(id, articles::Verdict::Approve(desk.articles.reading(id).await.unwrap()), async |_| {
            Ok::<_, kernel::Error>(())
        })
        .await
        .unwrap();
    let refused = desk.press("lin", &path, "").await;
    assert!(
        refused.status == 409 && refused.has("Quays") && !refused.has("Delete for good"),
        "{}",
        refused.text
    );
    desk.articles.retract(id).await.unwrap();
    assert_eq!(desk.press("lin", &path, "").await.location(), "/studio/pictures?done=deleted-picture");
    assert!(!desk.get("lin", "/studio/pictures").await.has(&hash));
    assert_eq!(desk.get("lin", &path).await.status, 404);
}

/// An animation of more than a minute stands still, and its author is told.
#[tokio::test]
async fn who_sends_too_long_an_animation_is_told() {
    let desk = Desk::open(true).await;
    let gif = long_gif();
    let sent = desk.post("lin", "/studio/pictures", Multipart::default().file("picture", &gif)).await;
    assert_eq!(sent.location(), "/studio/pictures?done=uploaded-still");
    let list = desk.get("lin", sent.location()).await;
    assert!(list.has("only its first frame is kept") && list.has("first frame only"), "{}", list.text);
    let saved = desk.post("lin", "/studio/new", Multipart::of(&WHOLE).file("picture", &gif)).await;
    assert!(saved.location().ends_with("?done=saved-still"), "{}", saved.location());
    let request = Request::post("/studio/pictures")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    let answer = desk.send("lin", request, Multipart::default().file("picture", &gif).end()).await;
    let json: Value = serde_json::from_str(&answer.text).unwrap();
    assert!(json["note"].as_str().unwrap().contains("first frame"), "{json}");
}

/// Of more frames than are kept.
fn long_gif() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for n in 0..301 {
        let frame = image::RgbaImage::from_pixel(4, 4, image::Rgba([(n % 256) as u8, 0, 0, 255]));
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    bytes
}

#[tokio::test]
async fn a_new_profile_waits_where_articles_do() {
    let desk = Desk::open(true).await;
    let author = async || desk.authors.find(desk.author.id).await.unwrap().unwrap();
    let form =
        Multipart::of(&[("author", "nanpo"), ("name", "The BBC"), ("bio", "Tides."), ("region", "Hull")]);
    let saved = desk.post("lin", "/studio/profile", form.file("avatar", &png(7))).await;
    assert_eq!(saved.location(), "/studio/profile?author=nanpo&done=profile-waits");
    let shown = author().await;
    assert_eq!((shown.name.as_str(), shown.bio.as_str(), shown.avatar), ("nanpo", "", None));
    let waiting = desk.authors.change_of(shown.id).await.unwrap().unwrap();
    assert!(waiting.name == "The BBC" && waiting.avatar.is_some());
    // Saving once more keeps the picture that was sent before.
    let form = Multipart::of(&[("author", "nanpo"), ("name", "The BBC"), ("bio", "Tides and birds.")]);
    desk.post("lin", "/studio/profile", form).await;
    let again = desk.authors.change_of(shown.id).await.unwrap().unwrap();
    assert_eq!((again.bio.as_str(), &again.avatar), ("Tides and birds.", &waiting.avatar));
    // While it waits its picture stays.
    let path = format!("/studio/pictures/{}/delete", waiting.avatar.unwrap());
    let refused = desk.press("lin", &path, "").await;
    assert!(refused.status == 409 && refused.has("@nanpo"), "{}", refused.text);
    let form = Multipart::of(&[("author", "nanpo"), ("name", "nanpo"), ("avatar_drop", "1")]);
    desk.post("lin", "/studio/profile", form).await;
    assert_eq!(desk.authors.change_of(shown.id).await.unwrap(), None);
    assert_eq!(desk.press("lin", &path, "").await.status, 303);
}

#[tokio::test]
async fn a_place_waits_and_is_short() {
    let desk = Desk::open(true).await;
    let save = async |place: &str| {
        let form = Multipart::of(&[("author", "nanpo"), ("name", "nanpo"), ("region", place)]);
        desk.post("lin", "/studio/profile", form).await
    };
    let long = "长".repeat(61);
    let refused = save(&long).await;
    assert_eq!((refused.status, refused.error("region")), (422, "At most 60 characters."));
    assert_eq!(refused.value("region"), long);
    assert_eq!(save("Hull").await.location(), "/studio/profile?author=nanpo&done=profile-waits");
    assert_eq!(desk.authors.find(desk.author.id).await.unwrap().unwrap().region, None);
    assert_eq!(desk.get("lin", "/studio/profile?author=nanpo").await.value("region"), "Hull");
}

#[tokio::test]
async fn a_trusted_author_is_not_taken_for_the_site_unseen() {
    let desk = Desk::open(false).await;
    let known = Profile { trusted: true, ..desk.author.clone().into() };
    desk.authors.update(desk.author.id, known).await.unwrap();
    let named = async |name: &str| {
        let form = Multipart::of(&[("author", "nanpo"), ("name", name)]);
        desk.post("lin", "/studio/profile", form).await.location().to_owned()
    };
    let name = async || desk.authors.find(desk.author.id).await.unwrap().unwrap().name;
    assert_eq!(named("官方").await, "/studio/profile?author=nanpo&done=profile-waits");
    assert_eq!(name().await, "nanpo");
    assert_eq!(desk.authors.count_changes().await.unwrap(), 1);
    // Another wish takes its place.
    assert_eq!(named("Ebb").await, "/studio/profile?author=nanpo&done=profile");
    assert_eq!((name().await.as_str(), desk.authors.count_changes().await.unwrap()), ("Ebb", 0));
}
