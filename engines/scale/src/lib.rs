//! Pixels to other sizes.
//!
//! A crate of its own because it takes half a minute to compile, optimised also for tests: whoever uses it, and their tests, link it.
//! It is tested where it is used, in `features/media`.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, RgbImage, RgbaImage};
use kernel::{Error, Result};

/// `image` (8 bits; RGB or RGBA) in another size. Averages over what each new pixel covers when it shrinks.
pub fn resize(image: &DynamicImage, width: u32, height: u32) -> Result<DynamicImage> {
    let alpha = image.color().has_alpha();
    let bytes =
        if alpha { scaled::<U8x4>(image, width, height) } else { scaled::<U8x3>(image, width, height) }?;
    from_bytes(width, height, alpha, bytes)
}

/// By the type of a pixel: the library's own choice at run time compiles each filter for thirteen types, which takes minutes.
fn scaled<P: PixelTrait>(image: &DynamicImage, width: u32, height: u32) -> Result<Vec<u8>> {
    let source = ImageRef::new(image.width(), image.height(), image.as_bytes(), P::pixel_type())
        .map_err(Error::internal)?;
    let mut target = Image::new(width, height, P::pixel_type());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let (Some(from), Some(mut to)) = (source.typed_image::<P>(), target.typed_image_mut::<P>()) else {
        return Err(Error::internal("an image of another type of pixel than it was made of"));
    };
    Resizer::new().resize_typed(&from, &mut to, &options).map_err(Error::internal)?;
    Ok(target.into_vec())
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
