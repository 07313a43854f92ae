//! What is made of the planes.

/// Decoded pixels, RGB or RGBA, 8 bits, and the numbers of ITU-T H.273 that say what they mean.
#[derive(Debug, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub alpha: bool,
    pub primaries: u8,
    pub transfer: u8,
    pub bytes: Vec<u8>,
}
