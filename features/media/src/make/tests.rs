use std::io::Cursor;

use super::*;
use image::codecs::webp::WebPEncoder;
use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

fn make(bytes: &[u8]) -> Result<Made> {
    super::make(bytes, THOROUGH, |_, _| {})
}

/// Left half red, right half blue.
fn flag(width: u32, height: u32) -> DynamicImage {
    let colour = |x| if x < width / 2 { Rgb([230, 20, 20]) } else { Rgb([20, 20, 230]) };
    RgbImage::from_fn(width, height, |x, _| colour(x)).into()
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// `jpeg` with an EXIF segment that turns it and tells a secret.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend(b"\x0e\x01\x02\0\x07\0\0\0\x26\0\0\0");
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend(b"\0\0\0\0secret\0");
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(((2 + 6 + tiff.len()) as u16).to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend(&jpeg[2..]);
    out
}

fn file(made: &Made, name: &str) -> DynamicImage {
    let (_, bytes) = made.files.iter().find(|(n, _)| n == name).unwrap();
    image::load_from_memory(bytes).unwrap()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|part| part == needle)
}

fn code(result: Result<Made>) -> String {
    result.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn every_format_comes_in_every_width() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let made = make(&encode(&flag(700, 350), format)).unwrap();
        assert_eq!((made.width, made.height, made.widths.as_slice()), (700, 350, [320, 640, 700].as_slice()));
        assert_eq!((made.transparent, made.motion), (false, Motion::Still), "{format:?}");
        for (name, size) in [("w320.webp", (320, 160)), ("w700.webp", (700, 350)), ("full.jpg", (700, 350))] {
            let image = file(&made, name);
            assert_eq!((image.width(), image.height()), size, "{format:?} {name}");
            let red = image.into_rgb8().get_pixel(size.0 / 4, size.1 / 2).0;
            assert!(red[0] > 200 && red[2] < 60, "{format:?} {name}: {red:?}");
        }
        assert_eq!(made.files.len(), 4);
    }
}

#[test]
fn wider_than_the_widest_is_made_smaller() {
    let made = make(&encode(&flag(2400, 1201), ImageFormat::Jpeg)).unwrap();
    assert_eq!((made.width, made.height, made.widths.last()), (2400, 1201, Some(&1920)));
    assert_eq!((file(&made, "full.jpg").width(), file(&made, "w1920.webp").height()), (1920, 961));
}

#[test]
fn upright_and_silent() {
    let jpeg = encode(&flag(80, 40), ImageFormat::Jpeg);
    // 6: the camera was turned; what was left is on top.
    let made = make(&with_exif(&jpeg, 6)).unwrap();
    assert_eq!((made.width, made.height), (40, 80));
    let image = file(&made, "full.jpg").into_rgb8();
    assert_eq!((image.width(), image.height()), (40, 80));
    assert!(image.get_pixel(20, 20)[0] > 200 && image.get_pixel(20, 60)[2] > 200);
    for (name, bytes) in &made.files {
        assert!(!holds(bytes, b"Exif") && !holds(bytes, b"secret"), "{name}");
    }
}

#[test]
fn profiles_become_srgb() {
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_icc_profile(moxcms::ColorProfile::new_display_p3().encode().unwrap()).unwrap();
    let green = RgbImage::from_pixel(30, 30, Rgb([120, 200, 120]));
    encoder.write_image(green.as_raw(), 30, 30, image::ExtendedColorType::Rgb8).unwrap();
    let made = make(&png).unwrap();
    let seen = file(&made, "full.jpg").into_rgb8().get_pixel(15, 15).0;
    assert!(seen[0] < 105 && seen[1] >= 199, "{seen:?}");
    assert!(!holds(&made.files[0].1, b"ICC_PROFILE"));
}

#[test]
fn what_shows_through_still_does() {
    let image =
        RgbaImage::from_fn(50, 50, |x, _| if x < 25 { Rgba([200, 10, 10, 255]) } else { Rgba([0; 4]) });
    let mut bytes = Vec::new();
    WebPEncoder::new_lossless(&mut bytes).encode(&image, 50, 50, image::ExtendedColorType::Rgba8).unwrap();
    let made = make(&bytes).unwrap();
    assert!(made.transparent);
    assert_eq!(made.colour, "#c80a0a");
    for name in ["full.png", "w50.webp"] {
        let image = file(&made, name).into_rgba8();
        assert_eq!((image.get_pixel(5, 5)[3], image.get_pixel(45, 5)[3]), (255, 0), "{name}");
    }
    // An alpha channel that hides nothing is none.
    let solid = RgbaImage::from_pixel(50, 50, Rgba([1, 2, 3, 255]));
    assert!(!make(&encode(&solid.into(), ImageFormat::Png)).unwrap().transparent);
}

#[test]
fn a_moving_gif_keeps_moving() {
    let made = make(&crate::gif::tests::moving(3)).unwrap();
    assert_eq!(made.motion, Motion::Gif);
    assert_eq!(made.widths, [40]);
    assert!(made.files.iter().any(|(name, _)| name == "full.gif"));
}

/// As editors and screen recorders write them: both stand still beside it.
#[test]
fn a_moving_webp_or_png_keeps_moving() {
    for bytes in [motion::tests::moving_webp(4, 80), motion::tests::moving_png(4)] {
        let made = make(&bytes).unwrap();
        assert_eq!((made.motion, made.widths.as_slice()), (Motion::WebP, [64].as_slice()));
        assert!(made.files.iter().any(|(name, _)| name == "motion.webp"));
        let still = file(&made, "w64.webp").into_rgb8();
        assert!(still.get_pixel(4, 24)[2] > 150 && still.get_pixel(60, 4)[0] > 180, "the first frame");
    }
    let made = make(&motion::tests::moving_webp(7, 10_000)).unwrap();
    assert_eq!((made.motion, made.files.len()), (Motion::Dropped, 2));
}

/// A whole JPEG with a second one behind it, as cameras of several lenses and HDR phones write (CIPA DC-007), cut off on the way.
#[test]
fn what_stands_behind_a_whole_jpeg_is_passed_over() {
    let (whole, preview) =
        (encode(&flag(300, 200), ImageFormat::Jpeg), encode(&flag(90, 60), ImageFormat::Jpeg));
    for behind in [&preview[..], &preview[..preview.len() / 2], &preview[..20], b"\xff\xda", &[0; 64]] {
        let made = make(&[&whole, behind].concat()).unwrap();
        assert_eq!((made.width, made.height), (300, 200));
        let right = file(&made, "full.jpg").into_rgb8().get_pixel(280, 190).0;
        assert!(right[2] > 200 && right[0] < 60, "{right:?}");
    }
}

#[test]
fn the_first_and_last_chapters_of_a_scroll() {
    let made = make(&encode(&flag(40, 20_000), ImageFormat::Png)).unwrap();
    assert_eq!(made.widths, [0; 0]);
    assert_eq!(file(&made, "full.jpg").height(), 20_000);
}

#[test]
fn refuses_what_it_should() {
    assert_eq!(code(make(b"")), "picture: picture-type");
    assert_eq!(code(make(b"<svg xmlns='http://www.w3.org/2000/svg'/>")), "picture: picture-type");
    assert_eq!(code(make(b"BM, a bitmap of old Windows")), "picture: picture-type");

    // A bomb: 60,000 × 60,000 in the header, nothing behind it.
    let mut png = encode(&flag(8, 8), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(code(make(&png)), "picture: picture-pixels (50)");
    let mut gif = crate::gif::tests::moving(2);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert_eq!(code(make(&gif)), "picture: picture-pixels (50)");

    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = encode(&flag(300, 300), format);
        for len in [12, whole.len() / 3, whole.len() * 2 / 3] {
            assert_eq!(code(make(&whole[..len])), "picture: picture-broken", "{format:?} cut at {len}");
        }
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}
