//! Animated WebP and PNG, made anew from their frames as one animated WebP; GIF keeps its own form (`gif`).
//!
//! Each frame is decoded, brought into sRGB, made small enough, and what differs from the frame before is encoded. The container is
//! written here (RFC 9649): the library's own way would hold all frames in memory at once.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{AnimationDecoder, DynamicImage, Frames, ImageDecoder, ImageFormat, RgbaImage};
use kernel::{Error, Result};
use scale::resize;

use crate::announced::{Announced, MAX_BYTES, MAX_DECODED, MAX_FRAMES};
use crate::colour::{self, Space};
use crate::decode::{Kind, limits};
use crate::model::{self, Motion};
use crate::{gif, png};

/// The longest it may run before it begins again.
const MAX_MILLIS: u64 = 60_000;
/// The most that are encoded: frames are made smaller until they fit.
const MAX_ENCODED: f64 = 60_000_000.0;
const MAX_WIDTH: f64 = 960.0;
const QUALITY: f32 = 75.0;
/// Of 0 (quick) to 6 (small).
const EFFORT: i32 = 2;
/// For a frame that says it stands no time at all: as browsers do.
const UNSAID: u32 = 100;

/// Whether the picture moves, and the file that does. What is too long, too large or damaged further on keeps its first frame.
pub fn make(kind: Kind, bytes: &[u8], space: &Space, turn: Orientation) -> (Motion, Option<Vec<u8>>) {
    let (announced, webp) = match kind {
        Kind::Gif => return gif::animation(bytes),
        Kind::Plain(ImageFormat::WebP) => (announced(bytes), true),
        Kind::Plain(ImageFormat::Png) => (png::announced(bytes), false),
        _ => (None, false),
    };
    let Some(announced) = announced else { return (Motion::Still, None) };
    if announced.frames > MAX_FRAMES || announced.millis > MAX_MILLIS {
        return (Motion::Dropped, None);
    }
    let made =
        if webp { from_webp(bytes, announced, space, turn) } else { from_png(bytes, announced, space, turn) };
    match made {
        Ok(Some(file)) => (Motion::WebP, Some(file)),
        Ok(None) | Err(_) => (Motion::Dropped, None),
    }
}

fn from_webp(
    bytes: &[u8],
    announced: Announced,
    space: &Space,
    turn: Orientation,
) -> Result<Option<Vec<u8>>> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(Error::internal)?;
    decoder.set_limits(limits()).map_err(Error::internal)?;
    let size = decoder.dimensions();
    rewrite(size, decoder.into_frames(), announced, space, turn)
}

fn from_png(bytes: &[u8], announced: Announced, space: &Space, turn: Orientation) -> Result<Option<Vec<u8>>> {
    let bytes = png::essential(bytes)?;
    let decoder = PngDecoder::with_limits(Cursor::new(&bytes), limits()).map_err(Error::internal)?;
    let size = decoder.dimensions();
    let frames = decoder.apng().map_err(Error::internal)?.into_frames();
    rewrite(size, frames, announced, space, turn)
}

fn rewrite(
    (width, height): (u32, u32),
    frames: Frames<'_>,
    announced: Announced,
    space: &Space,
    turn: Orientation,
) -> Result<Option<Vec<u8>>> {
    let all = u64::from(width) * u64::from(height) * u64::from(announced.frames);
    if all > MAX_DECODED {
        return Ok(None);
    }
    let scale = (MAX_WIDTH / f64::from(width)).min((MAX_ENCODED / all as f64).sqrt()).min(1.0);
    let target = ((f64::from(width) * scale) as u32).max(1);
    let target = (target, model::height_at(width, height, target));
    let mut writer: Option<Writer> = None;
    for (n, frame) in frames.enumerate() {
        if n as u32 >= announced.frames {
            break;
        }
        let frame = frame.map_err(Error::internal)?;
        let (numerator, denominator) = frame.delay().numer_denom_ms();
        let mut image = DynamicImage::from(frame.into_buffer());
        if (image.width(), image.height()) != target {
            image = resize(&image, target.0, target.1)?;
        }
        image.apply_orientation(turn);
        let image = colour::to_srgb(image, space)?.into_rgba8();
        let writer = writer.get_or_insert_with(|| Writer::new(image.width(), image.height()));
        writer.push(image, numerator / denominator.max(1))?;
        if writer.frames.len() > MAX_BYTES {
            return Ok(None);
        }
    }
    Ok(writer.and_then(|writer| writer.finish(announced.plays)))
}

/// What an animated WebP says; `None` for a still one.
pub fn announced(file: &[u8]) -> Option<Announced> {
    let mut said = Announced { frames: 0, millis: 0, plays: 0 };
    for (kind, body) in chunks(file.get(12..)?) {
        match &kind {
            b"ANIM" => said.plays = u32::from(u16::from_le_bytes([*body.get(4)?, *body.get(5)?])),
            b"ANMF" => {
                said.frames += 1;
                let [a, b, c] = *body.get(12..15)? else { return None };
                said.millis += u64::from(u32::from_le_bytes([a, b, c, 0]));
            }
            _ => {}
        }
    }
    (said.frames > 1).then_some(said)
}

/// The chunks of a RIFF file behind its head, names and contents; ends where they stop making sense.
fn chunks(mut rest: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let len = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?) as usize;
        let (kind, body) = (rest[..4].try_into().ok()?, rest.get(8..8 + len)?);
        rest = rest.get(8 + len + (len & 1)..).unwrap_or_default();
        Some((kind, body))
    })
}

/// Writes an animated WebP frame by frame.
struct Writer {
    width: u32,
    height: u32,
    transparent: bool,
    /// The picture that stands now, its place in the file's frames, and how long it stands so far.
    last: Option<(RgbaImage, usize, u32)>,
    frames: Vec<u8>,
    count: u32,
}

impl Writer {
    fn new(width: u32, height: u32) -> Self {
        Self { width, height, transparent: false, last: None, frames: Vec::new(), count: 0 }
    }

    fn push(&mut self, image: RgbaImage, millis: u32) -> Result<()> {
        const LONGEST: u32 = (1 << 24) - 1;
        let millis = if millis == 0 { UNSAID } else { millis };
        let part = match &self.last {
            None => Some((0, 0, self.width, self.height)),
            Some((last, ..)) => changed(last, &image),
        };
        let Some((left, top, width, height)) = part else {
            // Nothing moved: the picture before stands longer.
            if let Some((_, at, stands)) = &mut self.last {
                *stands = stands.saturating_add(millis).min(LONGEST);
                self.frames[*at..*at + 3].copy_from_slice(&stands.to_le_bytes()[..3]);
            }
            return Ok(());
        };
        let part = image::imageops::crop_imm(&image, left, top, width, height).to_image();
        self.transparent |= part.pixels().any(|pixel| pixel[3] < 255);
        let data = encode(&part)?;
        let stands = millis.min(LONGEST);
        self.frames.extend(b"ANMF");
        self.frames.extend((16 + data.len() as u32).to_le_bytes());
        for number in [left / 2, top / 2, width - 1, height - 1] {
            self.frames.extend(&number.to_le_bytes()[..3]);
        }
        let at = self.frames.len();
        self.frames.extend(&stands.to_le_bytes()[..3]);
        // Written over what stood there, not blended with it.
        self.frames.push(0b10);
        self.frames.extend(data);
        self.last = Some((image, at, stands));
        self.count += 1;
        Ok(())
    }

    /// The whole file; `None` where nothing moved, or it became too long.
    fn finish(self, plays: u32) -> Option<Vec<u8>> {
        const ANIMATION: u8 = 0x02;
        const ALPHA: u8 = 0x10;
        if self.count < 2 || self.frames.len() > MAX_BYTES {
            return None;
        }
        let mut out = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
        out.extend([ANIMATION | if self.transparent { ALPHA } else { 0 }, 0, 0, 0]);
        for side in [self.width - 1, self.height - 1] {
            out.extend(&side.to_le_bytes()[..3]);
        }
        out.extend(b"ANIM\x06\0\0\0\0\0\0\0");
        out.extend(u16::try_from(plays).unwrap_or(0).to_le_bytes());
        out.extend(self.frames);
        let len = out.len() as u32 - 8;
        out[4..8].copy_from_slice(&len.to_le_bytes());
        Some(out)
    }
}

/// The smallest part in which two pictures of one size differ: left, top, width, height. Its corner is even, as the format wants.
fn changed(before: &RgbaImage, after: &RgbaImage) -> Option<(u32, u32, u32, u32)> {
    let row = before.width() as usize * 4;
    let rows = || before.as_raw().chunks_exact(row).zip(after.as_raw().chunks_exact(row));
    let top = rows().position(|(a, b)| a != b)?;
    let bottom = before.height() as usize - rows().rev().position(|(a, b)| a != b)?;
    let (mut left, mut right) = (row, 0);
    for (a, b) in rows().take(bottom).skip(top).filter(|(a, b)| a != b) {
        let first = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(row);
        let last = a.iter().zip(b).rposition(|(a, b)| a != b).unwrap_or(0);
        (left, right) = (left.min(first), right.max(last));
    }
    let (left, right, top) = ((left / 4) & !1, right / 4 + 1, top & !1);
    Some((left as u32, top as u32, (right - left) as u32, (bottom - top) as u32))
}

/// One frame: the chunks of a still WebP without its head.
fn encode(part: &RgbaImage) -> Result<Vec<u8>> {
    let mut config = webp::WebPConfig::new().map_err(|()| Error::internal("WebP configuration"))?;
    (config.quality, config.method) = (QUALITY, EFFORT);
    let encoder = webp::Encoder::from_rgba(part.as_raw(), part.width(), part.height());
    let file =
        encoder.encode_advanced(&config).map_err(|error| Error::internal(format!("WebP: {error:?}")))?;
    let mut out = Vec::with_capacity(file.len());
    for (kind, body) in chunks(&file[12..]).filter(|(kind, _)| kind != b"VP8X") {
        out.extend(kind);
        out.extend((body.len() as u32).to_le_bytes());
        out.extend(body);
        out.extend(vec![0; body.len() & 1]);
    }
    Ok(out)
}

#[cfg(test)]
pub(crate) mod tests;
