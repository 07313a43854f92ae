//! Pictures: into the text, as covers, into one's own store, as a portrait.

use serde_json::Value;

use super::*;

#[tokio::test]
async fn a_picture_goes_into_the_text_with_its_description() {
    let site = open(true).await;
    let form = Multipart::of(&WHOLE).text("picture_alt", "the [old] quay").file("picture", &png(12, 8, 1));
    let path = site.post("lin", "/studio/new", form).await.location().replace("?done=saved", "");
    let page = site.get("lin", &path).await;
    let body = page.value("body");
    assert!(body.starts_with("At five **every morning**.\n\n![the \\[old\\] quay](/media/"), "{body}");
    assert_eq!(page.value("picture_alt"), "", "it is used");
    let shown = site.get("lin", &format!("{path}/preview")).await;
    assert!(shown.has("alt=\"the [old] quay\"") && shown.has("width=\"12\" height=\"8\""), "{}", shown.text);
}

#[tokio::test]
async fn covers_take_their_places() {
    let site = open(true).await;
    let form = Multipart::of(&WHOLE)
        .file("cover1", &png(12, 8, 1))
        .file("cover2", &png(12, 8, 2))
        .file("cover3", &png(12, 8, 3));
    let path = site.post("lin", "/studio/new", form).await.location().replace("?done=saved", "");
    let id: ArticleId = path.strip_prefix("/studio/article/").unwrap().parse().unwrap();
    let three = site.articles.get(id).await.unwrap().draft.covers;
    assert_eq!(three.len(), 3);

    let kept = |form: Multipart| {
        let places = ["cover_1", "cover_2", "cover_3"].into_iter().zip(&three);
        places.fold(form, |form, (place, hash)| form.text(place, hash))
    };
    // Two cannot be laid out: refused, and the three places as they were left.
    let two = kept(Multipart::of(&WHOLE)).text("version", "1").text("cover_drop", "2");
    let page = site.post("lin", &path, two).await;
    assert_eq!(
        (page.status, page.error("covers")),
        (422, "An article has no cover, one, or three; not two.")
    );
    assert_eq!((page.value("cover_1"), page.value("cover_2")), (three[0].clone(), three[2].clone()));

    let one =
        kept(Multipart::of(&WHOLE)).text("version", "1").text("cover_drop", "2").text("cover_drop", "3");
    assert_eq!(site.post("lin", &path, one.file("cover1", &png(12, 8, 9))).await.status, 303);
    let covers = site.articles.get(id).await.unwrap().draft.covers;
    assert!(covers.len() == 1 && covers[0] != three[0], "a new one takes the place of the old");
}

#[tokio::test]
async fn a_file_that_is_no_picture_costs_no_text() {
    let site = open(true).await;
    let body = ("body", "At five.");
    let broken = Multipart::of(&[("title", "T"), body, ("picture_alt", "quay")])
        .file("cover1", &png(12, 8, 1))
        .file("picture", b"GIF89a");
    let page = site.post("lin", "/studio/new", broken).await;
    assert_eq!(
        (page.status, page.value("body").as_str(), page.value("picture_alt").as_str()),
        (422, "At five.", "quay")
    );
    assert_eq!(page.error("picture"), "The picture is damaged and cannot be read.");
    assert_eq!(page.value("cover_1").len(), 32, "the good one is kept");

    // Too long: read past, so that what stands behind it is there too.
    let huge = vec![0; (20 << 20) + 1];
    let page = site
        .post("lin", "/studio/new", Multipart::default().file("picture", &huge).text("body", "Behind."))
        .await;
    assert_eq!(
        (page.error("picture"), page.value("body").as_str()),
        ("Pictures may have up to 20 MB.", "Behind.")
    );
    // Cut off on the way.
    let mut cut = Multipart::of(&[("title", "T"), body]).file("picture", &png(12, 8, 1)).end();
    cut.truncate(cut.len() - 60);
    let kind = Multipart::content_type();
    let request = Request::post("/studio/new").header(header::CONTENT_TYPE, kind);
    let page = site.client("lin").await.send(request.body(Body::from(cut)).unwrap()).await;
    assert_eq!((page.status, page.value("body").as_str()), (422, "At five."));
}

#[tokio::test]
async fn uploads_are_ones_own() {
    let site = open(true).await;
    let two = Multipart::default().file("picture", &png(12, 8, 1)).file("picture", &png(12, 8, 2));
    assert_eq!(site.post("lin", "/studio/pictures", two).await.location(), "/studio/pictures?done=uploaded");
    let own = site.get("lin", "/studio/pictures").await;
    assert_eq!(own.text.matches("value=\"![](/media/").count(), 2);
    assert!(site.get("mo", "/studio/pictures").await.has("Pictures you upload will be kept here"));
    let none = site.post("lin", "/studio/pictures", Multipart::default().file("picture", b"")).await;
    assert_eq!((none.status, none.error("picture")), (422, "Choose a picture."));
    assert_eq!(site.post("an", "/studio/pictures", Multipart::default()).await.status, 403);
}

/// As the desk's script asks.
#[tokio::test]
async fn scripts_are_answered_in_json() {
    let site = open(true).await;
    let ask = async |form: Multipart| {
        let kind = Multipart::content_type();
        let request = Request::post("/studio/pictures")
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, kind);
        let answer = site.client("lin").await.send(request.body(Body::from(form.end())).unwrap()).await;
        (answer.status, answer.json())
    };
    let (status, json) =
        ask(Multipart::of(&[("picture_alt", "a \"quay\"")]).file("picture", &png(12, 8, 1))).await;
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
    let site = open(true).await;
    // Trusted: what it says of itself is shown at once.
    let known = Profile { verified: true, trusted: true, ..site.author.clone().into() };
    site.authors.update(site.author.id, known).await.unwrap();
    let author = async || site.authors.find(site.author.id).await.unwrap().unwrap();
    let form = Multipart::of(&[("author", "nanpo"), ("name", "nanpo"), ("bio", "Tides.")]);
    let saved = site.post("lin", "/studio/profile", form.file("avatar", &png(12, 8, 7))).await;
    assert_eq!(saved.location(), "/studio/profile?author=nanpo&done=profile");
    let first = author().await;
    assert!(first.verified && first.avatar.is_some());
    assert_eq!((first.bio.as_str(), first.handle.as_str()), ("Tides.", "nanpo"));

    let bio = "b".repeat(301);
    let page = site
        .post("lin", "/studio/profile", Multipart::of(&[("author", "nanpo"), ("name", ""), ("bio", &bio)]))
        .await;
    assert_eq!((page.status, page.error("name"), page.value("bio")), (422, "Enter a name.", bio));

    let other = [("author", "nanpo"), ("name", "The BBC"), ("avatar_drop", "1")];
    site.post("lin", "/studio/profile", Multipart::of(&other)).await;
    let second = author().await;
    assert_eq!((second.name.as_str(), second.verified, second.avatar), ("The BBC", false, None));
}

#[tokio::test]
async fn drafts_are_deleted_by_their_owner() {
    let site = open(true).await;
    let id = write(&site, &WHOLE).await;
    let path = format!("/studio/article/{id}/delete");
    assert_eq!(site.get("mo", &path).await.status, 404);
    assert_eq!(site.post("mo", &path, "").await.status, 404);
    let page = site.get("lin", &path).await;
    assert!(page.status == 200 && page.has("Tide tables") && page.has("Delete for good"), "{}", page.text);
    site.state(id).await;

    // What waits for review, or was published, stays.
    site.articles.submit(id, None).await.unwrap();
    assert_eq!(site.post("lin", &path, "").await.status, 409);
    assert!(!site.get("lin", &path).await.has("Delete for good"));
    site.articles.withdraw(id).await.unwrap();
    assert_eq!(site.post("lin", &path, "").await.location(), "/studio?author=nanpo&done=deleted");
    assert!(site.articles.get(id).await.is_err());
    assert_eq!(site.get("lin", &format!("/studio/article/{id}")).await.status, 404);
    let published = write(&site, &WHOLE).await;
    site.articles.submit(published, None).await.unwrap();
    site.approve(published).await;
    site.articles.retract(published).await.unwrap();
    let path = format!("/studio/article/{published}/delete");
    assert_eq!(site.post("lin", &path, "").await.status, 409);
}

#[tokio::test]
async fn pictures_are_deleted_where_nobody_sees_them() {
    let site = open(true).await;
    site.post("lin", "/studio/pictures", Multipart::default().file("picture", &png(12, 8, 1))).await;
    let list = site.get("lin", "/studio/pictures").await.text;
    let hash = list.split("/media/").nth(1).unwrap()[..32].to_owned();
    let path = format!("/studio/pictures/{hash}/delete");
    assert_eq!(site.get("mo", &path).await.status, 404);
    assert_eq!(site.post("mo", &path, "").await.status, 404);

    let body = format!("![](/media/{hash}/full.jpg)");
    let fields = [("title", "Quays"), ("format", "markdown"), ("body", body.as_str()), ("channel", "city")];
    let id = write(&site, &fields).await;
    assert!(site.get("lin", &path).await.has("Quays"), "says where it is used");
    // What a reviewer is to look at stays, and so does what has only to wait for its time.
    site.articles.submit(id, None).await.unwrap();
    let refused = site.post("lin", &path, "").await;
    assert!(refused.status == 409 && !refused.has("Delete for good"), "{}", refused.text);
    site.approve(id).await;
    let refused = site.post("lin", &path, "").await;
    assert!(
        refused.status == 409 && refused.has("Quays") && !refused.has("Delete for good"),
        "{}",
        refused.text
    );
    site.articles.retract(id).await.unwrap();
    assert_eq!(site.post("lin", &path, "").await.location(), "/studio/pictures?done=deleted-picture");
    assert!(!site.get("lin", "/studio/pictures").await.has(&hash));
    assert_eq!(site.get("lin", &path).await.status, 404);
}

/// An animation of more than a minute stands still, and its author is told.
#[tokio::test]
async fn who_sends_too_long_an_animation_is_told() {
    let site = open(true).await;
    let gif = long_gif();
    let sent = site.post("lin", "/studio/pictures", Multipart::default().file("picture", &gif)).await;
    assert_eq!(sent.location(), "/studio/pictures?done=uploaded-still");
    let list = site.get("lin", sent.location()).await;
    assert!(list.has("only its first frame is kept") && list.has("first frame only"), "{}", list.text);
    let saved = site.post("lin", "/studio/new", Multipart::of(&WHOLE).file("picture", &gif)).await;
    assert!(saved.location().ends_with("?done=saved-still"), "{}", saved.location());
    let request = Request::post("/studio/pictures")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, Multipart::content_type());
    let answer = site
        .client("lin")
        .await
        .send(request.body(Body::from(Multipart::default().file("picture", &gif).end())).unwrap())
        .await;
    let json: Value = answer.json();
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
    let site = open(true).await;
    let author = async || site.authors.find(site.author.id).await.unwrap().unwrap();
    let form =
        Multipart::of(&[("author", "nanpo"), ("name", "The BBC"), ("bio", "Tides."), ("region", "Hull")]);
    let saved = site.post("lin", "/studio/profile", form.file("avatar", &png(12, 8, 7))).await;
    assert_eq!(saved.location(), "/studio/profile?author=nanpo&done=profile-waits");
    let shown = author().await;
    assert_eq!((shown.name.as_str(), shown.bio.as_str(), shown.avatar), ("nanpo", "", None));
    let waiting = site.authors.change_of(shown.id).await.unwrap().unwrap();
    assert!(waiting.name == "The BBC" && waiting.avatar.is_some());
    // Saving once more keeps the picture that was sent before.
    let form = Multipart::of(&[("author", "nanpo"), ("name", "The BBC"), ("bio", "Tides and birds.")]);
    site.post("lin", "/studio/profile", form).await;
    let again = site.authors.change_of(shown.id).await.unwrap().unwrap();
    assert_eq!((again.bio.as_str(), &again.avatar), ("Tides and birds.", &waiting.avatar));
    // While it waits its picture stays.
    let path = format!("/studio/pictures/{}/delete", waiting.avatar.unwrap());
    let refused = site.post("lin", &path, "").await;
    assert!(refused.status == 409 && refused.has("@nanpo"), "{}", refused.text);
    let form = Multipart::of(&[("author", "nanpo"), ("name", "nanpo"), ("avatar_drop", "1")]);
    site.post("lin", "/studio/profile", form).await;
    assert_eq!(site.authors.change_of(shown.id).await.unwrap(), None);
    assert_eq!(site.post("lin", &path, "").await.status, 303);
}

#[tokio::test]
async fn a_place_waits_and_is_short() {
    let site = open(true).await;
    let save = async |place: &str| {
        let form = Multipart::of(&[("author", "nanpo"), ("name", "nanpo"), ("region", place)]);
        site.post("lin", "/studio/profile", form).await
    };
    let long = "长".repeat(61);
    let refused = save(&long).await;
    assert_eq!((refused.status, refused.error("region")), (422, "At most 60 characters."));
    assert_eq!(refused.value("region"), long);
    assert_eq!(save("Hull").await.location(), "/studio/profile?author=nanpo&done=profile-waits");
    assert_eq!(site.authors.find(site.author.id).await.unwrap().unwrap().region, None);
    assert_eq!(site.get("lin", "/studio/profile?author=nanpo").await.value("region"), "Hull");
}

#[tokio::test]
async fn a_trusted_author_is_not_taken_for_the_site_unseen() {
    let site = open(false).await;
    let known = Profile { trusted: true, ..site.author.clone().into() };
    site.authors.update(site.author.id, known).await.unwrap();
    let named = async |name: &str| {
        let form = Multipart::of(&[("author", "nanpo"), ("name", name)]);
        site.post("lin", "/studio/profile", form).await.location().to_owned()
    };
    let name = async || site.authors.find(site.author.id).await.unwrap().unwrap().name;
    assert_eq!(named("官方").await, "/studio/profile?author=nanpo&done=profile-waits");
    assert_eq!(name().await, "nanpo");
    assert_eq!(site.authors.count_changes().await.unwrap(), 1);
    // Another wish takes its place.
    assert_eq!(named("Ebb").await, "/studio/profile?author=nanpo&done=profile");
    assert_eq!((name().await.as_str(), site.authors.count_changes().await.unwrap()), ("Ebb", 0));
}
