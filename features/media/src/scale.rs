//! Pixels to other sizes.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, RgbImage, RgbaImage};
use kernel::{Error, Result};

/// `image` (8 bits; RGB or RGBA) in another size. Averages over what each new pixel covers when it shrinks.
pub fn resize(image: &DynamicImage, width: u32, height: u32) -> Result<DynamicImage> {
    let alpha = image.color().has_alpha();
    let kind = if alpha { PixelType::U8x4 } else { PixelType::U8x3 };
    let source =
        ImageRef::new(image.width(), image.height(), image.as_bytes(), kind).map_err(Error::internal)?;
    let mut target = Image::new(width, height, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut target, &options).map_err(Error::internal)?;
    from_bytes(width, height, alpha, target.into_vec())
}

/// RGB or RGBA bytes as an image.
pub fn from_bytes(width: u32, height: u32, alpha: bool, bytes: Vec<u8>) -> Result<DynamicImage> {
    let image = if alpha {
        RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8)
    } else {
        RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8)
    };
    image.ok_or_else(|| Error::internal("the bytes are not width × height pixels"))
}
