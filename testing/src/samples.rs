//! What articles are made of.

use articles::{Channel, Draft};
use image::{ImageFormat, Rgb, RgbImage};
use kernel::Slug;

pub fn channel(slug: &str) -> Channel {
    Channel {
        slug: Slug::new(slug).expect("a slug"),
        zh: "城市".into(),
        en: "City".into(),
        colour: "#8a5a00".into(),
        position: 1,
    }
}

/// A whole article in the channel `city`.
pub fn draft(title: &str) -> Draft {
    let body = format!("About **{title}**.");
    Draft { title: title.into(), body, channel: Slug::new("city").ok(), ..Draft::default() }
}

/// A picture of one colour: other shades are other pictures.
pub fn png(width: u32, height: u32, shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, Rgb([shade, 90, 120]))
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("a PNG");
    bytes.into_inner()
}
