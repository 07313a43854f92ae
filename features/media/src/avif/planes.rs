//! Luma and chroma to red, green and blue (ITU-T H.273).

use kernel::Result;
use re_rav1d::dav1d::pixel::{ColorPrimaries, MatrixCoefficients, TransferCharacteristic, YUVRange};
use re_rav1d::dav1d::{Picture, PixelLayout, PlanarImageComponent as Component, Plane};

use super::boxes::Nclx;
use super::pixels::Pixels;
use crate::model::{broken, unknown_type};

/// Puts the planes together, 8 bits a channel. What the container says of colour outranks the bitstream.
pub fn to_rgb(
    picture: &Picture,
    alpha: Option<&Picture>,
    nclx: Option<Nclx>,
    premultiplied: bool,
) -> Result<Pixels> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if alpha.is_some_and(|alpha| (alpha.width(), alpha.height()) != (picture.width(), picture.height())) {
        return Err(broken());
    }
    let said = nclx.unwrap_or_else(|| in_bitstream(picture));
    let layout = picture.pixel_layout();
    let matrix = Matrix::new(said.matrix, said.primaries).ok_or_else(unknown_type)?;
    if matches!(matrix, Matrix::Identity) && !matches!(layout, PixelLayout::I444 | PixelLayout::I400) {
        return Err(broken());
    }
    let luma = Samples::new(picture, Component::Y)?;
    let chroma = match layout {
        PixelLayout::I400 => None,
        _ => Some((Samples::new(picture, Component::U)?, Samples::new(picture, Component::V)?)),
    };
    let (across, down) = match layout {
        PixelLayout::I420 => (1, 1),
        PixelLayout::I422 => (1, 0),
        PixelLayout::I400 | PixelLayout::I444 => (0, 0),
    };
    let scale = Scale::new(luma.depth, said.full_range);
    let alpha = alpha
        .map(|alpha| Samples::new(alpha, Component::Y).map(|plane| (plane, alpha_scale(alpha))))
        .transpose()?;

    let mut bytes = Vec::with_capacity(width * height * if alpha.is_some() { 4 } else { 3 });
    for y in 0..height {
        let luma = luma.row(y);
        let chroma = chroma.as_ref().map(|(u, v)| (u.row(y >> down), v.row(y >> down)));
        let alpha = alpha.as_ref().map(|(plane, scale)| (plane.row(y), scale));
        for x in 0..width {
            let light = scale.luma(luma.at(x));
            let mut rgb = match (&chroma, &matrix) {
                (None, _) => [light; 3],
                (Some((u, v)), Matrix::Identity) => [scale.luma(v.at(x)), light, scale.luma(u.at(x))],
                (Some((u, v)), matrix) => {
                    matrix.rgb(light, scale.chroma(u.at(x >> across)), scale.chroma(v.at(x >> across)))
                }
            };
            let cover = alpha.as_ref().map(|(row, scale)| scale.luma(row.at(x)).clamp(0.0, 1.0));
            if let Some(cover) = cover.filter(|&cover| premultiplied && cover > 0.0) {
                rgb = rgb.map(|value| value / cover);
            }
            bytes.extend(rgb.map(to_byte));
            bytes.extend(cover.map(to_byte));
        }
    }
    let (primaries, transfer, alpha) = (said.primaries, said.transfer, alpha.is_some());
    Ok(Pixels { width: width as u32, height: height as u32, alpha, primaries, transfer, bytes })
}

fn to_byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}

/// One plane; samples of more than 8 bits take two bytes, in the machine's order.
struct Samples {
    plane: Plane,
    stride: usize,
    width: usize,
    depth: u32,
}

struct Row<'a> {
    bytes: &'a [u8],
    wide: bool,
}

impl Samples {
    fn new(picture: &Picture, component: Component) -> Result<Self> {
        let depth = picture.bits_per_component().ok_or_else(broken)?.0 as u32;
        let halved = component != Component::Y
            && matches!(picture.pixel_layout(), PixelLayout::I420 | PixelLayout::I422);
        let width = if halved { picture.width().div_ceil(2) } else { picture.width() } as usize;
        Ok(Self { plane: picture.plane(component), stride: picture.stride(component) as usize, width, depth })
    }

    fn row(&self, y: usize) -> Row<'_> {
        let wide = self.depth > 8;
        let start = y * self.stride;
        Row { bytes: &self.plane[start..start + (self.width << u8::from(wide))], wide }
    }
}

impl Row<'_> {
    fn at(&self, x: usize) -> f32 {
        if self.wide {
            u16::from_ne_bytes([self.bytes[2 * x], self.bytes[2 * x + 1]]).into()
        } else {
            self.bytes[x].into()
        }
    }
}

/// From stored numbers to luma in 0..1 and chroma in -0.5..0.5.
struct Scale {
    luma_zero: f32,
    luma_range: f32,
    chroma_zero: f32,
    chroma_range: f32,
}

impl Scale {
    fn new(depth: u32, full_range: bool) -> Self {
        let unit = (1u32 << (depth - 8)) as f32;
        let (luma_zero, luma_range, chroma_range) = if full_range {
            let max = 256.0 * unit - 1.0;
            (0.0, max, max)
        } else {
            (16.0 * unit, 219.0 * unit, 224.0 * unit)
        };
        Self { luma_zero, luma_range, chroma_zero: 128.0 * unit, chroma_range }
    }

    fn luma(&self, value: f32) -> f32 {
        (value - self.luma_zero) / self.luma_range
    }

    fn chroma(&self, value: f32) -> f32 {
        (value - self.chroma_zero) / self.chroma_range
    }
}

fn alpha_scale(alpha: &Picture) -> Scale {
    let depth = alpha.bits_per_component().map_or(8, |bits| bits.0 as u32);
    Scale::new(depth, alpha.color_range() == YUVRange::Full)
}

enum Matrix {
    Identity,
    YCgCo,
    /// By the weights of red and blue in luma.
    Weighted {
        red: f32,
        blue: f32,
    },
}

impl Matrix {
    /// `None` for those that are not linear in the stored values, or reserved.
    fn new(matrix: u8, primaries: u8) -> Option<Self> {
        let (red, blue) = match (matrix, primaries) {
            (0, _) => return Some(Self::Identity),
            (8, _) => return Some(Self::YCgCo),
            (1, _) | (12, 1) => (0.2126, 0.0722),
            (4, _) => (0.30, 0.11),
            (7, _) => (0.212, 0.087),
            (9, _) | (12, 9) => (0.2627, 0.0593),
            // BT.601; and where nothing is said, as other decoders have it.
            (2 | 5 | 6, _) => (0.299, 0.114),
            _ => return None,
        };
        Some(Self::Weighted { red, blue })
    }

    fn rgb(&self, y: f32, u: f32, v: f32) -> [f32; 3] {
        match *self {
            Self::Identity => [v, y, u],
            Self::YCgCo => [y - u + v, y + u, y - u - v],
            Self::Weighted { red, blue } => {
                let first = y + 2.0 * (1.0 - red) * v;
                let last = y + 2.0 * (1.0 - blue) * u;
                [first, (y - red * first - blue * last) / (1.0 - red - blue), last]
            }
        }
    }
}

/// What the bitstream itself says of its colours.
fn in_bitstream(picture: &Picture) -> Nclx {
    let primaries = match picture.color_primaries() {
        ColorPrimaries::BT709 => 1,
        ColorPrimaries::BT2020 => 9,
        ColorPrimaries::P3DCI => 11,
        ColorPrimaries::P3Display => 12,
        _ => 2,
    };
    let transfer = match picture.transfer_characteristic() {
        TransferCharacteristic::PerceptualQuantizer => 16,
        TransferCharacteristic::HybridLogGamma => 18,
        _ => 2,
    };
    let matrix = match picture.matrix_coefficients() {
        MatrixCoefficients::Identity => 0,
        MatrixCoefficients::BT709 => 1,
        MatrixCoefficients::Unspecified => 2,
        MatrixCoefficients::BT470M => 4,
        MatrixCoefficients::BT470BG | MatrixCoefficients::ST170M => 6,
        MatrixCoefficients::ST240M => 7,
        MatrixCoefficients::YCgCo => 8,
        MatrixCoefficients::BT2020NonConstantLuminance => 9,
        MatrixCoefficients::ChromaticityDerivedNonConstantLuminance => 12,
        _ => 14,
    };
    Nclx { primaries, transfer, matrix, full_range: picture.color_range() == YUVRange::Full }
}
