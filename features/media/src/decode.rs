//! From uploaded bytes to pixels, within limits.

use std::borrow::Cow;
use std::io::Cursor;

use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use kernel::{Error, Result};

use crate::colour::Space;
use crate::decoded::Decoded;
use crate::model::{MAX_SIDE, broken, check_size, too_many_pixels, unknown_type};
use crate::{avif, jpeg, png};

/// The most memory for the pixels of one upload: 50 megapixels of RGBA fit, of 16 bits a channel about half as many.
const MAX_DECODED: u64 = 256 << 20;
/// On top of it, what a decoder needs for itself.
const MAX_WORKING: u64 = 512 << 20;

/// What an upload is, going by its first bytes: names and content types are anybody's claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Plain(ImageFormat),
    Gif,
    Avif,
}

impl Kind {
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if avif::is_avif(bytes) {
            return Some(Self::Avif);
        }
        match image::guess_format(bytes).ok()? {
            ImageFormat::Gif => Some(Self::Gif),
            format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) => Some(Self::Plain(format)),
            _ => None,
        }
    }
}

/// The first (or only) picture in `bytes`. Its container is looked through first, then `size` is told of width and height, and only then
/// is any pixel decoded.
pub fn decode(kind: Kind, bytes: &[u8], size: impl Fn(u32, u32)) -> Result<Decoded> {
    let format = match kind {
        Kind::Avif => return avif::decode(bytes, size),
        Kind::Gif => ImageFormat::Gif,
        Kind::Plain(format) => format,
    };
    let bytes = match format {
        ImageFormat::Jpeg => Cow::Borrowed(jpeg::main_picture(bytes)?),
        ImageFormat::Png => Cow::Owned(png::essential(bytes)?),
        _ => Cow::Borrowed(bytes),
    };
    let mut reader = ImageReader::with_format(Cursor::new(&bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    size(width, height);
    if decoder.total_bytes() > MAX_DECODED {
        return Err(too_many_pixels());
    }
    // Metadata that cannot be read is no reason to refuse the pixels.
    let space = decoder.icc_profile().ok().flatten().map_or(Space::Srgb, Space::icc);
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    Ok(Decoded { image: eight_bits(image), turn, space })
}

pub fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_WORKING);
    limits
}

fn eight_bits(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image.into_rgb8().into();
    }
    let image = image.into_rgba8();
    // Many drawings carry an alpha channel in which nothing is transparent.
    if image.pixels().all(|pixel| pixel[3] == 255) {
        DynamicImage::from(image).into_rgb8().into()
    } else {
        image.into()
    }
}

fn refusal(error: ImageError) -> Error {
    match error {
        ImageError::Limits(_) => too_many_pixels(),
        ImageError::Unsupported(_) => unknown_type(),
        _ => broken(),
    }
}
