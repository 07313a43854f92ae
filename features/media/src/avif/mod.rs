//! AVIF: the container here, the AV1 picture in `av1`, its colours in `planes`.
//!
//! The AV1 decoder is memory-safe but may panic on a hostile file, and it does so under C-style functions, where a panic ends
//! the process: one more reason for the process of its own (`crate::worker`).

mod av1;
mod boxes;
mod pixels;
mod planes;

use avif_parse::AvifData;
use image::metadata::Orientation;
use kernel::Result;
use scale::from_bytes;

use crate::colour::Space;
use crate::decoded::Decoded;
use crate::model::{broken, check_size, unknown_type};
use boxes::Properties;
use pixels::Pixels;

/// Whether `bytes` begin like an AVIF: a file type box that names the brand `avif`.
pub fn is_avif(bytes: &[u8]) -> bool {
    boxes::brands(bytes).is_some_and(|brands| brands.chunks_exact(4).any(|brand| brand == b"avif"))
}

/// The picture in `file`; `size` is told of its width and height before anything is decoded.
pub fn decode(file: &[u8], size: impl Fn(u32, u32)) -> Result<Decoded> {
    let items = Items::read(file, size)?;
    let properties = boxes::properties(file).ok_or_else(broken)?;
    let pixels = items.decode(&properties)?;
    let space = match properties.icc {
        Some(icc) => Space::icc(icc),
        None => Space::Coded { primaries: pixels.primaries, transfer: pixels.transfer },
    };
    let image = from_bytes(pixels.width, pixels.height, pixels.alpha, pixels.bytes)?;
    Ok(Decoded { image, turn: turn(properties.quarters, properties.mirror), space })
}

/// The AV1 data of a file, within limits.
struct Items(AvifData);

impl Items {
    /// Finds them, and refuses by their headers what is too large, or more than a still picture.
    fn read(file: &[u8], size: impl Fn(u32, u32)) -> Result<Self> {
        let data = AvifData::from_reader(&mut branded(file).as_slice()).map_err(|error| match error {
            avif_parse::Error::Unsupported(_) => unknown_type(),
            _ => broken(),
        })?;
        for item in [Some(&data.primary_item), data.alpha_item.as_ref()].into_iter().flatten() {
            let header = avif_parse::AV1Metadata::parse_av1_bitstream(item).map_err(|_| broken())?;
            let (width, height) = (header.max_frame_width.get(), header.max_frame_height.get());
            check_size(width, height)?;
            size(width, height);
            if !(1..=MAX_FRAMES).contains(&boxes::frames(item).ok_or_else(broken)?) {
                return Err(unknown_type());
            }
        }
        Ok(Self(data))
    }

    fn decode(&self, properties: &Properties) -> Result<Pixels> {
        let picture = av1::decode(&self.0.primary_item)?;
        let alpha = self.0.alpha_item.as_ref().map(|item| av1::decode(item)).transpose()?;
        planes::to_rgb(&picture, alpha.as_ref(), properties.nclx, self.0.premultiplied_alpha)
    }
}

/// A still picture may come in up to four layers, each finer than the last; every one takes its time to decode.
const MAX_FRAMES: usize = 4;

/// `file` under the brand that the parser wants first; the standard lets it stand anywhere among the brands.
fn branded(file: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    if let Some(major) = file.get_mut(8..12) {
        major.copy_from_slice(b"avif");
    }
    file
}

/// `irot` (quarters anticlockwise), then `imir` (0 swaps top and bottom, 1 left and right), as one turn.
fn turn(quarters: u8, mirror: Option<u8>) -> Orientation {
    match (quarters & 3, mirror.map(|axis| axis & 1)) {
        (0, None) => Orientation::NoTransforms,
        (1, None) => Orientation::Rotate270,
        (2, None) => Orientation::Rotate180,
        (_, None) => Orientation::Rotate90,
        (0, Some(0)) | (2, Some(1)) => Orientation::FlipVertical,
        (0 | 2, Some(_)) => Orientation::FlipHorizontal,
        (1, Some(0)) | (3, Some(1)) => Orientation::Rotate90FlipH,
        (_, Some(_)) => Orientation::Rotate270FlipH,
    }
}

#[cfg(test)]
mod tests;
