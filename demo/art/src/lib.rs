//! Pictures drawn by code, so that the demo newspaper has illustrations without shipping any files.
//!
//! Everything follows from the kind, the seed and the size: the same three always give the same PNG.

// Geometry is written with its customary letters (x, y, r, t), colours as on the web (0xb3261e).
#![allow(clippy::many_single_char_names, clippy::unreadable_literal)]

mod avatar;
mod canvas;
mod chart;
mod circuit;
mod contours;
mod court;
mod land;
mod leaves;
mod noise;
mod palette;
mod rng;
mod shelves;
mod sky;
mod table;
mod tiles;
mod town;

use canvas::Canvas;
use palette::Palette;
use rng::Rng;

/// The kinds a demo article can name, e.g. "dunes".
pub const KINDS: &[&str] = &[
    "dunes",
    "mountains",
    "waves",
    "clouds",
    "fields",
    "leaves",
    "orbit",
    "skyline",
    "tiles",
    "shelves",
    "table",
    "court",
    "circuit",
    "streetmap",
    "contours",
    "chart-bars",
    "chart-lines",
    "chart-dots",
];

type Artist = fn(&mut Canvas, &Palette, &mut Rng);

fn artist(kind: &str) -> Option<Artist> {
    Some(match kind {
        "dunes" => land::dunes,
        "mountains" => land::mountains,
        "fields" => land::fields,
        "waves" => sky::waves,
        "clouds" => sky::clouds,
        "orbit" => sky::orbit,
        "skyline" => town::skyline,
        "streetmap" => town::streetmap,
        "court" => court::court,
        "tiles" => tiles::tiles,
        "circuit" => circuit::circuit,
        "contours" => contours::contours,
        "leaves" => leaves::leaves,
        "shelves" => shelves::shelves,
        "table" => table::table,
        "chart-bars" => chart::bars,
        "chart-lines" => chart::lines,
        "chart-dots" => chart::dots,
        _ => return None,
    })
}

/// Draws `kind` with `seed` at width × height pixels and returns a PNG file. None for an unknown
/// kind, or for a picture without pixels. Deterministic.
pub fn draw(kind: &str, seed: u64, width: u32, height: u32) -> Option<Vec<u8>> {
    let artist = artist(kind)?;
    let mut canvas = Canvas::new(width, height)?;
    let mut rng = Rng::new(kind, seed);
    let palette = palette::pick(kind, &mut rng);
    artist(&mut canvas, palette, &mut rng);
    canvas.finish()
}

/// A round-safe square avatar from a seed (geometric, not a face), PNG.
pub fn avatar(seed: u64, size: u32) -> Vec<u8> {
    let mut rng = Rng::new("avatar", seed);
    let palette = palette::any(&mut rng);
    // At least one pixel: an avatar has nowhere to report a size of zero.
    Canvas::new(size.max(1), size.max(1))
        .and_then(|mut canvas| {
            avatar::draw(&mut canvas, palette, &mut rng);
            canvas.finish()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Width and height from a PNG's header.
    fn size(png: &[u8]) -> (u32, u32) {
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        let number = |at: usize| u32::from_be_bytes([png[at], png[at + 1], png[at + 2], png[at + 3]]);
        (number(16), number(20))
    }

    #[test]
    fn every_kind_draws_the_same_picture_again() {
        for kind in KINDS {
            let first = draw(kind, 7, 96, 64).expect(kind);
            assert_eq!(size(&first), (96, 64), "{kind}");
            assert_eq!(Some(first), draw(kind, 7, 96, 64), "{kind}");
        }
    }

    #[test]
    fn every_kind_changes_with_the_seed() {
        for kind in KINDS {
            assert_ne!(draw(kind, 1, 96, 64), draw(kind, 2, 96, 64), "{kind}");
        }
    }

    #[test]
    fn odd_shapes_draw_too() {
        for kind in KINDS {
            for (width, height) in [(1, 1), (3, 90), (120, 8), (60, 80)] {
                assert_eq!(size(&draw(kind, 3, width, height).expect(kind)), (width, height), "{kind}");
            }
        }
    }

    #[test]
    fn nothing_comes_of_an_unknown_kind_or_no_pixels() {
        assert_eq!(draw("portrait", 1, 96, 64), None);
        assert_eq!(draw("dunes", 1, 0, 64), None);
    }

    #[test]
    fn avatars_are_square_and_differ() {
        assert_eq!(size(&avatar(1, 48)), (48, 48));
        assert_eq!(size(&avatar(1, 0)), (1, 1));
        assert_eq!(avatar(1, 48), avatar(1, 48));
        assert_ne!(avatar(1, 48), avatar(2, 48));
    }
}
