//! What decoding gives, whatever the format.

use image::DynamicImage;
use image::metadata::Orientation;

use crate::colour::Space;

/// Pixels as they were stored: 8 bits, RGB or RGBA, not yet upright, not yet sRGB.
#[derive(Debug)]
pub struct Decoded {
    pub image: DynamicImage,
    pub turn: Orientation,
    pub space: Space,
}
