//! What a picture is, what sizes it comes in, and what an upload may be.

use blob::Object;
use db::FromQueryResult;
use kernel::{Error, Invalid, MediaId, Time};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::codes;

/// The longest upload, in MiB.
pub const MAX_MEGABYTES: i64 = 20;
/// The most pixels, in millions.
pub const MAX_MEGAPIXELS: i64 = 50;
/// The longest side, in pixels. JPEG ends at 65,535; half of that is plenty for the longest strip of screenshots.
pub const MAX_SIDE: u32 = 32_000;

/// Widths that every picture comes in, as far as the original reaches.
const WIDTHS: [u32; 5] = [320, 640, 960, 1280, 1920];
pub const MAX_WIDTH: u32 = 1920;
/// The format's own limit.
const MAX_WEBP_SIDE: u32 = 16_383;

/// A picture as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    pub id: MediaId,
    /// Of the uploaded bytes: the first 32 hexadecimal digits of their SHA-256.
    pub hash: String,
    /// Of the original, turned upright.
    pub width: u32,
    pub height: u32,
    /// `#rrggbb`, to fill its place until it has loaded.
    pub colour: String,
    /// Something shows through it: the fallback is a PNG.
    pub transparent: bool,
    pub motion: Motion,
    /// The WebP variants, narrowest first. Empty only for a strip too long for WebP at any width.
    pub widths: Vec<u32>,
}

impl Picture {
    /// The narrowest WebP variant that is at least `width` wide, else the widest there is.
    pub fn url(&self, width: u32) -> String {
        match self.widths.iter().find(|&&w| w >= width).or(self.widths.last()) {
            Some(&width) => self.address(&webp_name(width)),
            None => self.fallback(),
        }
    }

    /// For `<img srcset>`: every WebP variant with its width. Empty if there are none.
    pub fn srcset(&self) -> String {
        let part = |&width: &u32| format!("{} {width}w", self.address(&webp_name(width)));
        self.widths.iter().map(part).collect::<Vec<_>>().join(", ")
    }

    /// For whoever cannot show WebP (old readers, share cards, feeds): JPEG, or PNG where something shows through.
    pub fn fallback(&self) -> String {
        self.address(fallback_name(self.transparent))
    }

    /// The moving picture, if it is one.
    pub fn animation(&self) -> Option<String> {
        self.motion.file().map(|file| self.address(file))
    }

    /// The names of all its files.
    pub fn files(&self) -> Vec<String> {
        let stills = self.widths.iter().map(|&width| webp_name(width));
        let fallback = fallback_name(self.transparent).to_owned();
        stills.chain([fallback]).chain(self.motion.file().map(str::to_owned)).collect()
    }

    /// How high it stands when shown `width` wide.
    pub fn height_at(&self, width: u32) -> u32 {
        height_at(self.width, self.height, width)
    }

    fn address(&self, variant: &str) -> String {
        format!("/media/{}/{variant}", self.hash)
    }
}

/// Whether a picture moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Motion {
    #[default]
    Still,
    /// There is a moving `full.gif` beside the still variants.
    Gif,
    /// There is a moving `motion.webp` beside the still variants.
    WebP,
    /// What was uploaded moved, but too long or too much: the first frame was kept.
    Dropped,
}

impl Motion {
    /// The variant that moves.
    pub const fn file(self) -> Option<&'static str> {
        match self {
            Self::Gif => Some("full.gif"),
            Self::WebP => Some("motion.webp"),
            Self::Still | Self::Dropped => None,
        }
    }

    /// As stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Still => "still",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Dropped => "dropped",
        }
    }

    pub fn named(name: &str) -> Self {
        let all = [Self::Gif, Self::WebP, Self::Dropped];
        all.into_iter().find(|motion| motion.name() == name).unwrap_or_default()
    }
}

/// A picture that one user brought and nobody else.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Claim {
    pub id: MediaId,
    pub hash: String,
    pub uploaded_at: Time,
}

/// A stored file of a picture. It never changes.
#[derive(Clone)]
pub struct Variant {
    pub mime: &'static str,
    pub object: Object,
}

impl Variant {
    /// In bytes.
    pub fn size(&self) -> u64 {
        self.object.len
    }
}

pub fn fallback_name(transparent: bool) -> &'static str {
    if transparent { "full.png" } else { "full.jpg" }
}

pub fn webp_name(width: u32) -> String {
    format!("w{width}.webp")
}

/// The type of a variant by its name; `None` for a name that no variant has.
pub fn mime(variant: &str) -> Option<&'static str> {
    match variant {
        "full.jpg" => Some("image/jpeg"),
        "full.png" => Some("image/png"),
        "full.gif" => Some("image/gif"),
        "motion.webp" => Some("image/webp"),
        _ => {
            let width = variant.strip_prefix('w')?.strip_suffix(".webp")?;
            width.bytes().all(|b| b.is_ascii_digit()).then_some("image/webp")
        }
    }
}

pub fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let half = digest.iter().take(16).fold(0u128, |half, &byte| half << 8 | u128::from(byte));
    format!("{half:032x}")
}

/// The widths to make of an original of this size.
pub fn widths(width: u32, height: u32) -> Vec<u32> {
    let own = (width < MAX_WIDTH).then_some(width);
    let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|&w| w <= width).chain(own).collect();
    widths.dedup();
    widths.retain(|&w| height_at(width, height, w) <= MAX_WEBP_SIDE);
    widths
}

/// The height that keeps the proportions, to the nearest pixel, at least one.
pub fn height_at(width: u32, height: u32, at: u32) -> u32 {
    let (width, height, at) = (u64::from(width.max(1)), u64::from(height), u64::from(at));
    ((height * at + width / 2) / width).max(1) as u32
}

/// Refuses a size before anything is decoded.
pub fn check_size(width: u32, height: u32) -> Result<(), Error> {
    if width == 0 || height == 0 {
        return Err(broken());
    }
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_MEGAPIXELS as u64 * 1_000_000 || width.max(height) > MAX_SIDE {
        return Err(too_many_pixels());
    }
    Ok(())
}

const FIELD: &str = "picture";

fn limit(code: &'static str, limit: i64) -> Error {
    let mut invalid = Invalid::default();
    invalid.add_limit(FIELD, code, limit);
    Error::Invalid(invalid)
}

pub fn too_large() -> Error {
    limit(codes::PICTURE_LARGE, MAX_MEGABYTES)
}

pub fn too_many_pixels() -> Error {
    limit(codes::PICTURE_PIXELS, MAX_MEGAPIXELS)
}

pub fn unknown_type() -> Error {
    Error::invalid(FIELD, codes::PICTURE_TYPE)
}

pub fn broken() -> Error {
    Error::invalid(FIELD, codes::PICTURE_BROKEN)
}

/// What takes more memory or time than its size allows.
pub fn too_costly() -> Error {
    Error::invalid(FIELD, codes::PICTURE_COSTLY)
}

/// The refusal with this code.
pub fn refusal(code: &str) -> Error {
    match code {
        codes::PICTURE_TYPE => unknown_type(),
        codes::PICTURE_PIXELS => too_many_pixels(),
        codes::PICTURE_COSTLY => too_costly(),
        _ => broken(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> Picture {
        Picture {
            id: MediaId::new(1),
            hash: "h".to_owned(),
            width,
            height,
            colour: "#000000".to_owned(),
            transparent: false,
            motion: Motion::Still,
            widths: widths(width, height),
        }
    }

    #[test]
    fn never_wider_than_the_original() {
        assert_eq!(widths(4000, 3000), [320, 640, 960, 1280, 1920]);
        assert_eq!(widths(1920, 1080), [320, 640, 960, 1280, 1920]);
        assert_eq!(widths(1500, 1000), [320, 640, 960, 1280, 1500]);
        assert_eq!(widths(640, 480), [320, 640]);
        assert_eq!(widths(200, 100), [200]);
        // Too long a strip for WebP at 1000, not at 640.
        assert_eq!(widths(1000, 20_000), [320, 640]);
        assert_eq!(widths(10, 20_000), [0; 0]);
    }

    #[test]
    fn is_named_by_its_bytes() {
        // The first half of what `sha256sum` says of nothing.
        assert_eq!(hash(b""), "e3b0c44298fc1c149afbf4c8996fb924");
    }

    #[test]
    fn describes_an_img() {
        let picture = picture(1000, 501);
        assert_eq!(picture.url(300), "/media/h/w320.webp");
        assert_eq!(picture.url(641), "/media/h/w960.webp");
        assert_eq!(picture.url(5000), "/media/h/w1000.webp");
        assert!(picture.srcset().starts_with("/media/h/w320.webp 320w, /media/h/w640.webp 640w, "));
        assert_eq!((picture.height_at(500), picture.height_at(1)), (251, 1));
        assert_eq!((picture.fallback(), picture.animation()), ("/media/h/full.jpg".to_owned(), None));
    }

    #[test]
    fn a_strip_without_variants_has_its_fallback() {
        let strip = picture(10, 20_000);
        assert_eq!((strip.url(640), strip.srcset()), (strip.fallback(), String::new()));
    }

    #[test]
    fn refuses_by_the_header() {
        assert!(check_size(8000, 6000).is_ok());
        assert!(check_size(8000, 6300).is_err());
        assert!(check_size(u32::MAX, u32::MAX).is_err());
        assert!(check_size(40_000, 1).is_err());
        assert!(check_size(0, 1).is_err());
    }
}
