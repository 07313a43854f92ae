//! Colours that pages carry as classes and attributes: the content security policy allows no inline style.

use std::fmt::Write;

use super::NavChannel;

/// The class of a picture's placeholder colour: `#rrggbb` in steps of four a part, `ph-000` to `ph-333`.
/// What is no colour gets the paper's.
pub fn placeholder_class(colour: &str) -> String {
    let step = |at: usize| {
        let part = colour.strip_prefix('#').filter(|hex| hex.len() == 6)?.get(at..at + 2)?;
        u8::from_str_radix(part, 16).ok().map(|n| n / 64)
    };
    match (step(0), step(2), step(4)) {
        (Some(r), Some(g), Some(b)) => format!("ph-{r}{g}{b}"),
        _ => "ph-none".to_owned(),
    }
}

/// The generated style sheet `/assets/channels.css`: `--channel` for `data-channel="slug"`, and the placeholder classes.
pub fn channels_css(channels: &[NavChannel]) -> String {
    let mut css = String::with_capacity(4096);
    for channel in channels {
        if is_colour(&channel.colour) {
            let _ = writeln!(css, "[data-channel={:?}]{{--channel:{}}}", channel.slug, channel.colour);
        }
    }
    for n in 0..64u32 {
        // The middle of the step, drawn a little towards grey: a placeholder must not shout before the picture is there.
        let part = |step: u32| (step * 64 + 32) * 3 / 4 + 32;
        let (r, g, b) = (n / 16, n / 4 % 4, n % 4);
        let _ = writeln!(
            css,
            ".ph-{r}{g}{b}{{background:#{:02x}{:02x}{:02x}}}",
            part(r).min(255),
            part(g).min(255),
            part(b).min(255)
        );
    }
    css
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| matches!(hex.len(), 3 | 6) && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        assert_eq!(placeholder_class("#00407f"), "ph-011");
        assert_eq!(placeholder_class("#ffffff"), "ph-333");
        assert_eq!(placeholder_class("red"), "ph-none");
        assert_eq!(placeholder_class("#é0000"), "ph-none");
    }

    #[test]
    fn a_colour_cannot_carry_rules() {
        let channel =
            |colour: &str| NavChannel { slug: "tech".into(), name: "科技".into(), colour: colour.into() };
        assert!(
            channels_css(&[channel("#1f6feb")]).starts_with("[data-channel=\"tech\"]{--channel:#1f6feb}\n")
        );
        assert!(!channels_css(&[channel("red}body{display:none")]).contains("body"));
        assert_eq!(channels_css(&[]).matches(".ph-").count(), 64);
    }
}
