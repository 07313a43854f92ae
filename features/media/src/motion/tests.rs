use super::*;
use crate::png::tests::chunk;
use image::{Rgba, codecs::gif::GifDecoder};

/// A square that goes over a red ground, as an animated WebP.
pub(crate) fn moving_webp(frames: u32, millis: u32) -> Vec<u8> {
    let mut writer = Writer::new(64, 48);
    for n in 0..frames {
        writer.push(square(n), millis).unwrap();
    }
    writer.finish(0).unwrap()
}

fn square(n: u32) -> RgbaImage {
    RgbaImage::from_fn(64, 48, |x, y| {
        let inside = (n % 50..n % 50 + 8).contains(&x) && (20..28).contains(&y);
        Rgba(if inside { [20, 20, 220, 255] } else { [220, 20, 20, 255] })
    })
}

/// The same as an animated PNG, with 100 ms a frame.
pub(crate) fn moving_png(frames: u32) -> Vec<u8> {
    let still = |n| {
        let mut out = Cursor::new(Vec::new());
        square(n).write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    };
    let data = |png: &[u8]| {
        let at = png.windows(4).position(|w| w == b"IDAT").unwrap();
        let len = u32::from_be_bytes(png[at - 4..at].try_into().unwrap()) as usize;
        png[at + 4..at + 4 + len].to_vec()
    };
    let control = |number: u32| {
        let mut body = Vec::new();
        for n in [number, 64, 48, 0, 0] {
            body.extend(n.to_be_bytes());
        }
        body.extend([0, 100, 3, 232, 0, 0]);
        chunk(*b"fcTL", &body)
    };
    let first = still(0);
    let mut out = first[..33].to_vec();
    out.extend(chunk(*b"acTL", &[frames.to_be_bytes(), [0; 4]].concat()));
    out.extend(control(0));
    out.extend(chunk(*b"IDAT", &data(&first)));
    for n in 1..frames {
        out.extend(control(2 * n - 1));
        out.extend(chunk(*b"fdAT", &[&(2 * n).to_be_bytes()[..], &data(&still(n))].concat()));
    }
    out.extend(chunk(*b"IEND", &[]));
    out
}

fn frames(webp: &[u8]) -> Vec<(RgbaImage, u32)> {
    let decoder = WebPDecoder::new(Cursor::new(webp)).unwrap();
    let frames = decoder.into_frames().collect_frames().unwrap();
    frames.into_iter().map(|f| (f.buffer().clone(), f.delay().numer_denom_ms().0)).collect()
}

fn make_of(bytes: &[u8]) -> (Motion, Option<Vec<u8>>) {
    make(Kind::sniff(bytes).unwrap(), bytes, &Space::Srgb, Orientation::NoTransforms)
}

#[test]
fn what_moves_goes_on_moving() {
    for file in [moving_webp(5, 100), moving_png(5)] {
        let (motion, made) = make_of(&file);
        assert_eq!(motion, Motion::WebP);
        let shown = frames(&made.unwrap());
        assert_eq!(shown.len(), 5);
        for (n, (image, millis)) in shown.iter().enumerate() {
            assert_eq!((image.dimensions(), *millis), ((64, 48), 100));
            let (inside, outside) = (image.get_pixel(n as u32 + 4, 24), image.get_pixel(60, 4));
            assert!(inside[2] > 150 && inside[0] < 90, "{n}: {inside:?}");
            assert!(outside[0] > 180 && outside[2] < 70, "{n}: {outside:?}");
        }
    }
}

#[test]
fn too_much_motion_is_dropped_and_one_frame_is_none() {
    assert_eq!(make_of(&moving_webp(2, 100)).0, Motion::WebP);
    assert_eq!(make_of(&moving_webp(MAX_FRAMES + 1, 10)).0, Motion::Dropped);
    assert_eq!(make_of(&moving_webp(7, 10_000)).0, Motion::Dropped);
    assert_eq!(make_of(&moving_png(1)).0, Motion::Still);
    // Announced as 20,000 × 20,000.
    let mut large = moving_webp(3, 100);
    large[24..30].copy_from_slice(&[0x1f, 0x4e, 0, 0x1f, 0x4e, 0]);
    assert_eq!(make_of(&large).0, Motion::Dropped);
    // Damaged behind the first frame.
    let mut broken = moving_png(4);
    let at = broken.windows(4).rposition(|w| w == b"fdAT").unwrap();
    broken[at + 10] ^= 0xff;
    assert_eq!(make_of(&broken).0, Motion::Dropped);
}

#[test]
fn a_frame_that_changes_nothing_makes_the_last_stand_longer() {
    let mut writer = Writer::new(64, 48);
    for n in [0, 0, 3, 3, 3] {
        writer.push(square(n), 100).unwrap();
    }
    let shown = frames(&writer.finish(0).unwrap());
    assert_eq!(shown.iter().map(|(_, millis)| *millis).collect::<Vec<_>>(), [200, 300]);
}

#[test]
fn what_shows_through_moves_too() {
    let mut writer = Writer::new(40, 40);
    for n in 0..3 {
        writer
            .push(
                RgbaImage::from_fn(40, 40, |x, _| Rgba([200, 0, 0, if x < 10 + n * 10 { 255 } else { 0 }])),
                50,
            )
            .unwrap();
    }
    let shown = frames(&writer.finish(2).unwrap());
    let alphas = shown.iter().map(|(image, _)| image.get_pixel(25, 20)[3]).collect::<Vec<_>>();
    assert_eq!(alphas, [0, 0, 255]);
}

#[test]
fn a_gif_keeps_its_form() {
    let (motion, made) = make_of(&gif::tests::moving(3));
    assert_eq!(motion, Motion::Gif);
    let decoder = GifDecoder::new(Cursor::new(made.unwrap())).unwrap();
    assert_eq!(decoder.into_frames().count(), 3);
}
