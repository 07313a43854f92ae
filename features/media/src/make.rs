//! From an upload to everything that is stored of it. Pure work for a blocking thread: no files, no database.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageEncoder};
use jpeg_encoder::{ColorType, SamplingFactor};
use kernel::{Error, Result};
use scale::resize;
use serde::{Deserialize, Serialize};

use crate::decode::{Kind, decode};
use crate::decoded::Decoded;
use crate::model::{self, MAX_WIDTH, Motion, check_size, unknown_type};
use crate::{colour, motion};

const WEBP_QUALITY: f32 = 80.0;
/// How much work WebP is given, of 0 (quick) to 6 (small): for uploads the library's own choice,
pub const THOROUGH: i32 = 4;
/// and for the demo's drawings, which whoever tries Byline waits for, little.
pub const QUICK: i32 = 1;
const JPEG_QUALITY: u8 = 82;

/// A picture's facts and files.
#[derive(Debug, Deserialize, Serialize)]
pub struct Made {
    pub width: u32,
    pub height: u32,
    pub colour: String,
    pub transparent: bool,
    pub motion: Motion,
    pub widths: Vec<u32>,
    /// Names of variants and their bytes.
    #[serde(skip)]
    pub files: Vec<(String, Vec<u8>)>,
}

/// `size` is told of the original's width and height before any pixel is decoded.
pub fn make(bytes: &[u8], effort: i32, size: impl Fn(u32, u32)) -> Result<Made> {
    let kind = Kind::sniff(bytes).ok_or_else(unknown_type)?;
    let Decoded { image, turn, space } = decode(kind, bytes, size)?;
    let (width, height) = upright(image.width(), image.height(), turn);
    check_size(width, height)?;

    // Smaller first, then turned and converted: the same picture for a fraction of the work.
    let full_width = width.min(MAX_WIDTH);
    let full_height = model::height_at(width, height, full_width);
    let mut full = fit(image, upright(full_width, full_height, turn))?;
    full.apply_orientation(turn);
    let full = colour::to_srgb(full, &space)?;

    let transparent = full.color().has_alpha();
    let widths = model::widths(width, height);
    let mut files = vec![(model::fallback_name(transparent).to_owned(), fallback(&full)?)];
    for &width_here in &widths {
        let height_here = model::height_at(width, height, width_here);
        let variant =
            if width_here == full_width { None } else { Some(resize(&full, width_here, height_here)?) };
        files.push((model::webp_name(width_here), webp(variant.as_ref().unwrap_or(&full), effort)?));
    }
    let (motion, moving) = motion::make(kind, bytes, &space, turn);
    files.extend(motion.file().zip(moving).map(|(name, bytes)| (name.to_owned(), bytes)));
    Ok(Made { width, height, colour: colour::average(&full)?, transparent, motion, widths, files })
}

/// The size after turning (and, as a turn of the sides is its own inverse, before).
fn upright(width: u32, height: u32, turn: Orientation) -> (u32, u32) {
    match turn {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (height, width),
        _ => (width, height),
    }
}

fn fit(image: DynamicImage, (width, height): (u32, u32)) -> Result<DynamicImage> {
    if (image.width(), image.height()) == (width, height) { Ok(image) } else { resize(&image, width, height) }
}

fn webp(image: &DynamicImage, effort: i32) -> Result<Vec<u8>> {
    let mut config = webp::WebPConfig::new().map_err(|()| Error::internal("WebP configuration"))?;
    (config.quality, config.method) = (WEBP_QUALITY, effort);
    let layout = if image.color().has_alpha() { webp::PixelLayout::Rgba } else { webp::PixelLayout::Rgb };
    let encoder = webp::Encoder::new(image.as_bytes(), layout, image.width(), image.height());
    match encoder.encode_advanced(&config) {
        Ok(memory) => Ok(memory.to_vec()),
        Err(error) => Err(Error::internal(format!("WebP: {error:?}"))),
    }
}

fn fallback(image: &DynamicImage) -> Result<Vec<u8>> {
    if image.color().has_alpha() { png(image) } else { jpeg(image) }
}

fn png(image: &DynamicImage) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive)
        .write_image(image.as_bytes(), image.width(), image.height(), image.color().into())
        .map_err(Error::internal)?;
    Ok(out)
}

/// By a crate that uses the processor's wide registers: that of `image` took a sixth of all the work of a picture.
fn jpeg(image: &DynamicImage) -> Result<Vec<u8>> {
    let side = |pixels: u32| u16::try_from(pixels).map_err(Error::internal);
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, JPEG_QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder
        .encode(image.as_bytes(), side(image.width())?, side(image.height())?, ColorType::Rgb)
        .map_err(Error::internal)?;
    Ok(out)
}

#[cfg(test)]
mod tests;
