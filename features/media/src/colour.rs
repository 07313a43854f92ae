//! Colours: into sRGB, and one that stands for the whole picture.

use std::sync::LazyLock;

use image::DynamicImage;
use kernel::Result;
use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, DataColorSpace, Layout, MatrixCoefficients,
    TransferCharacteristics, TransformOptions,
};
use scale::{from_bytes, resize};

/// What the numbers of a decoded picture mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Space {
    /// sRGB, said or unsaid.
    Srgb,
    /// As an ICC profile says.
    Icc(Vec<u8>),
    /// As ITU-T H.273 numbers them: colour primaries and transfer characteristics.
    Coded { primaries: u8, transfer: u8 },
}

/// The longest profile that is looked at, in bytes: those of printing presses have two or three million.
pub const MAX_PROFILE: usize = 4 << 20;

impl Space {
    pub fn icc(profile: Vec<u8>) -> Self {
        if profile.len() > MAX_PROFILE { Self::Srgb } else { Self::Icc(profile) }
    }
}

const SRGB_TRANSFER: u8 = 13;
const PQ: u8 = 16;

/// `image` (8 bits; RGB or RGBA) in sRGB, so that no variant needs a profile. A profile that makes no sense, or is not
/// one of RGB or grey (the decoder has turned inks into RGB by then), is passed over.
pub fn to_srgb(image: DynamicImage, space: &Space) -> Result<DynamicImage> {
    match space {
        Space::Srgb => Ok(image),
        Space::Icc(icc) => match ColorProfile::new_from_slice(icc) {
            Ok(profile) if profile.color_space == DataColorSpace::Rgb => convert(image, &profile, false),
            Ok(profile) if profile.color_space == DataColorSpace::Gray => convert(image, &profile, true),
            _ => Ok(image),
        },
        &Space::Coded { primaries, transfer } => {
            let image = if transfer == PQ { dim(image)? } else { image };
            match coded(primaries) {
                Some(profile) => convert(image, &profile, false),
                None => Ok(image),
            }
        }
    }
}

/// The profile of wider primaries; `None` for those of sRGB or unknown. The transfer is taken for that of sRGB:
/// the curves of video are meant to be shown with nearly that, HLG on purpose so, and PQ was turned into it before.
fn coded(primaries: u8) -> Option<ColorProfile> {
    let color_primaries = match CicpColorPrimaries::try_from(primaries).ok()? {
        CicpColorPrimaries::Bt709 | CicpColorPrimaries::Unspecified | CicpColorPrimaries::Reserved => {
            return None;
        }
        other => other,
    };
    Some(ColorProfile::new_from_cicp(CicpProfile {
        color_primaries,
        transfer_characteristics: TransferCharacteristics::try_from(SRGB_TRANSFER).ok()?,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    }))
}

fn convert(image: DynamicImage, from: &ColorProfile, grey: bool) -> Result<DynamicImage> {
    let (width, height, alpha) = (image.width(), image.height(), image.color().has_alpha());
    let channels = if alpha { 4 } else { 3 };
    let rgb = if alpha { Layout::Rgba } else { Layout::Rgb };
    let source = if grey { Layout::Gray } else { rgb };
    let target = if grey { Layout::Rgb } else { rgb };
    let options = TransformOptions::default();
    let Ok(transform) = from.create_transform_8bit(source, &ColorProfile::new_srgb(), target, options) else {
        return Ok(image);
    };
    let mut bytes = image.into_bytes();
    let row = width as usize * channels;
    let mut out = vec![0; if grey { width as usize * 3 } else { row }];
    for line in bytes.chunks_exact_mut(row) {
        if grey {
            let greys: Vec<u8> = line.chunks_exact(channels).map(|pixel| pixel[0]).collect();
            if transform.transform(&greys, &mut out).is_ok() {
                for (pixel, new) in line.chunks_exact_mut(channels).zip(out.chunks_exact(3)) {
                    pixel[..3].copy_from_slice(new);
                }
            }
        } else if transform.transform(line, &mut out).is_ok() {
            line.copy_from_slice(&out);
        }
    }
    from_bytes(width, height, alpha, bytes)
}

/// From the light of PQ (SMPTE ST 2084, up to 10,000 cd/m²) to that of an ordinary screen: white is 203 cd/m² (ITU-R BT.2408),
/// what is brighter is bent below it rather than cut off.
fn dim(image: DynamicImage) -> Result<DynamicImage> {
    static CURVE: LazyLock<[u8; 256]> = LazyLock::new(|| {
        std::array::from_fn(|code| {
            let e = (code as f64 / 255.0).powf(1.0 / 78.843_75);
            let nits = 10_000.0
                * ((e - 0.835_937_5).max(0.0) / (18.851_562_5 - 18.6875 * e)).powf(1.0 / 0.159_301_757_812_5);
            let light = nits / 203.0;
            let bent = if light <= 0.8 { light } else { 0.8 + 0.2 * (1.0 - (-(light - 0.8) / 0.8).exp()) };
            to_gamma(bent)
        })
    });
    let (width, height, alpha) = (image.width(), image.height(), image.color().has_alpha());
    let mut bytes = image.into_bytes();
    for pixel in bytes.chunks_exact_mut(if alpha { 4 } else { 3 }) {
        for value in &mut pixel[..3] {
            *value = CURVE[usize::from(*value)];
        }
    }
    from_bytes(width, height, alpha, bytes)
}

/// The average colour as `#rrggbb`: of light, not of the numbers that stand for it, and only of what can be seen.
pub fn average(image: &DynamicImage) -> Result<String> {
    let small = resize(image, 16, 16)?.into_rgba8();
    let (mut sum, mut weight) = ([0.0; 3], 0.0);
    for pixel in small.pixels() {
        let alpha = f64::from(pixel[3]) / 255.0;
        weight += alpha;
        for (sum, &value) in sum.iter_mut().zip(&pixel.0) {
            *sum += alpha * to_light(value);
        }
    }
    if weight == 0.0 {
        return Ok("#ffffff".to_owned());
    }
    let [r, g, b] = sum.map(|sum| to_gamma(sum / weight));
    Ok(format!("#{r:02x}{g:02x}{b:02x}"))
}

/// sRGB (IEC 61966-2-1) to light, 0 to 1.
fn to_light(value: u8) -> f64 {
    let v = f64::from(value) / 255.0;
    if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}

/// Light, 0 to 1, to sRGB.
fn to_gamma(light: f64) -> u8 {
    let v = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (v.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    fn one(r: u8, g: u8, b: u8) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_pixel(2, 2, Rgb([r, g, b])))
    }

    #[test]
    fn averages_light_and_only_what_is_seen() {
        let half = RgbImage::from_fn(64, 64, |x, _| if x < 32 { Rgb([255; 3]) } else { Rgb([0; 3]) });
        let colour = average(&half.into()).unwrap();
        let grey = u8::from_str_radix(&colour[1..3], 16).unwrap();
        assert!((186..=190).contains(&grey), "half the light is 188, not 128: {colour}");
        let seen =
            RgbaImage::from_fn(64, 64, |x, _| if x < 32 { Rgba([255, 0, 0, 255]) } else { Rgba([0; 4]) });
        assert_eq!(average(&seen.into()).unwrap(), "#ff0000");
    }

    #[test]
    fn wider_colours_come_into_srgb() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let green = to_srgb(one(120, 200, 120), &Space::Icc(p3)).unwrap().into_rgb8().get_pixel(0, 0).0;
        assert!(green[0] < 110 && green[1] >= 200, "more saturated in the smaller space: {green:?}");
        let coded = to_srgb(one(120, 200, 120), &Space::Coded { primaries: 12, transfer: 13 }).unwrap();
        let coded = coded.into_rgb8().get_pixel(0, 0).0;
        assert!(green.iter().zip(coded).all(|(a, b)| a.abs_diff(b) <= 1), "{green:?} {coded:?}");
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        let same = to_srgb(one(120, 200, 30), &Space::Icc(srgb)).unwrap().into_rgb8().get_pixel(0, 0).0;
        assert!(same.iter().zip([120, 200, 30]).all(|(a, b)| a.abs_diff(b) <= 1), "{same:?}");
        assert_eq!(to_srgb(one(1, 2, 3), &Space::Icc(b"nonsense".to_vec())).unwrap(), one(1, 2, 3));
    }

    #[test]
    fn grey_profiles_hold_for_grey_pictures() {
        let grey = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        let out = to_srgb(one(55, 55, 55), &Space::Icc(grey)).unwrap().into_rgb8().get_pixel(0, 0).0;
        assert!(out.iter().all(|v| v.abs_diff(to_gamma(55.0 / 255.0)) <= 2), "{out:?}");
    }

    #[test]
    fn pq_white_is_white_enough() {
        // 203 cd/m² is code 0.58 of PQ.
        let white = to_srgb(one(148, 148, 148), &Space::Coded { primaries: 1, transfer: PQ }).unwrap();
        assert!(white.into_rgb8().get_pixel(0, 0)[0] > 225);
    }
}
