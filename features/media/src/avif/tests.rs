use super::*;
use image::DynamicImage;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/", $name, ".avif")).as_slice()
    };
}

fn decoded(file: &[u8]) -> Result<Decoded> {
    decode(file, |_, _| {})
}

const QUARTERS: [[u8; 3]; 4] = [[220, 40, 40], [40, 180, 60], [40, 60, 200], [230, 210, 40]];

/// The colour in the middle of each quarter.
fn quarters(image: &DynamicImage) -> [[u8; 4]; 4] {
    let image = image.to_rgba8();
    let (w, h) = image.dimensions();
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| image.get_pixel(w * x / 4, h * y / 4).0)
}

fn assert_near(got: [[u8; 4]; 4], expected: [[u8; 4]; 4], what: &str) {
    let near = got.as_flattened().iter().zip(expected.as_flattened()).all(|(a, b)| a.abs_diff(*b) <= 5);
    assert!(near, "{what}: {got:?} is not {expected:?}");
}

fn opaque(rgb: [u8; 3]) -> [u8; 4] {
    [rgb[0], rgb[1], rgb[2], 255]
}

#[test]
fn every_depth_layout_matrix_and_range() {
    for (name, file) in [
        ("420-8-bt601-limited", fixture!("420-8-bt601-limited")),
        ("444-10-bt709-full", fixture!("444-10-bt709-full")),
        ("422-12-bt2020-full", fixture!("422-12-bt2020-full")),
        ("444-8-identity", fixture!("444-8-identity")),
    ] {
        let decoded = decoded(file).unwrap();
        assert_eq!((decoded.image.width(), decoded.image.height()), (48, 32), "{name}");
        assert!(!decoded.image.color().has_alpha(), "{name}");
        assert_near(quarters(&decoded.image), QUARTERS.map(opaque), name);
    }
}

#[test]
fn grey_is_the_luma() {
    let decoded = decoded(fixture!("400-10-grey-limited")).unwrap();
    let grey = QUARTERS.map(|[r, g, b]| {
        let y = 0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b);
        [y as u8, y as u8, y as u8, 255]
    });
    assert_near(quarters(&decoded.image), grey, "400");
}

#[test]
fn alpha_plain_and_premultiplied() {
    let [red, green, blue, yellow] = QUARTERS.map(opaque);
    let seen = |mut rgba: [u8; 4]| {
        rgba[3] = 100;
        rgba
    };
    let expected = [red, seen(green), blue, seen(yellow)];
    for (name, file) in
        [("plain", fixture!("420-8-alpha")), ("premultiplied", fixture!("444-8-premultiplied"))]
    {
        assert_near(quarters(&decoded(file).unwrap().image), expected, name);
    }
}

#[test]
fn turned_as_the_container_says() {
    let mut decoded = decoded(fixture!("420-8-turned")).unwrap();
    decoded.image.apply_orientation(decoded.turn);
    assert_eq!((decoded.image.width(), decoded.image.height()), (32, 48));
    // A quarter anticlockwise, then upside down: rows become columns.
    let [red, green, blue, yellow] = QUARTERS.map(opaque);
    assert_near(quarters(&decoded.image), [red, blue, green, yellow], "turned");
}

#[test]
fn wide_colours_are_named() {
    let decoded = decoded(fixture!("444-8-p3")).unwrap();
    assert_eq!(decoded.space, Space::Coded { primaries: 12, transfer: 13 });
}

#[test]
fn one_picture_not_a_film() {
    let item = &Items::read(fixture!("444-8-identity"), |_, _| {}).unwrap().0.primary_item;
    assert_eq!(boxes::frames(item), Some(1));
    let film = item.as_slice().repeat(5);
    assert_eq!(boxes::frames(&film), Some(5));
    assert_eq!(boxes::frames(&item[..item.len() - 1]), None);
}

#[test]
fn a_cut_file_is_refused() {
    let whole = fixture!("420-8-alpha");
    for len in 0..whole.len() {
        assert!(decoded(&whole[..len]).is_err(), "{len}");
    }
}
