//! A bookcase.

use crate::canvas::{Canvas, Fill, Pt, Shape};
use crate::leaves::{HABITS, Leaf, leaf};
use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use std::f32::consts::FRAC_PI_2;
use tiny_skia::Transform;

pub fn shelves(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (w, h) = (c.w, c.h);
    let light_wood = rng.chance(0.5);
    let wood = if light_wood {
        Ink::hex(0xc89a66).mix(p.tones[2], 0.2)
    } else {
        Ink::hex(0x5b3a29).mix(p.near, 0.25)
    };
    let wall = if light_wood { p.tones[4].mix(p.tones[1], 0.3) } else { wood.darker(0.45) };
    c.ground(wall);
    let board = 24.0;
    let rows = 3;
    let tall = (h - board) / rows as f32;
    // Uprights off the thirds, so that the niches differ.
    let posts = [-60.0, w * rng.range(0.3, 0.36), w * rng.range(0.66, 0.72), w + 40.0];
    for row in 0..rows {
        let (top, floor) =
            (row as f32 * tall + board * 0.5, (row + 1) as f32 * tall + board * 0.5 - board / 2.0);
        c.fill(
            &Shape::rect(-5.0, top, w + 10.0, 90.0),
            Fill::down(top, top + 90.0, Ink::hex(0).alpha(0.3), Ink::hex(0).alpha(0.0)),
        );
        for niche in posts.windows(2) {
            fill_niche(c, p, rng, (niche[0] + board, niche[1]), floor, tall - board - 14.0);
        }
        for x in posts {
            c.fill(
                &Shape::rect(x, top, board, tall),
                Fill::across(x, x + board, wood.lighter(0.1), wood.darker(0.12)),
            );
            c.fill(&Shape::rect(x + board, top, 12.0, tall), Ink::hex(0).alpha(0.13));
        }
    }
    for row in 0..=rows {
        let y = row as f32 * tall;
        c.fill(&Shape::rect(-5.0, y, w + 10.0, board), wood);
        c.fill(&Shape::rect(-5.0, y, w + 10.0, 5.0), wood.lighter(0.22));
        c.fill(&Shape::rect(-5.0, y + board - 4.0, w + 10.0, 4.0), wood.darker(0.3));
    }
}

/// Fills one niche from the left with books and the odd ornament.
fn fill_niche(c: &mut Canvas, p: &Palette, rng: &mut Rng, (from, to): Pt, floor: f32, room: f32) {
    let mut x = from + rng.range(4.0, 14.0);
    let mut since = rng.below(5);
    while to - x > 30.0 {
        let left = to - x;
        since += 1;
        if since > 6 && left > 150.0 && rng.chance(0.4) {
            since = 0;
            x += match rng.below(4) {
                0 => plant(c, p, rng, x, floor, room),
                1 => vase(c, p, rng, x, floor),
                2 => frame(c, p, rng, x, floor, room),
                _ => stack(c, p, rng, x, floor),
            };
            continue;
        }
        let (wide, high) = (rng.range(24.0, 56.0), room * rng.range(0.6, 0.95));
        let lean = since > 2 && left > 190.0 && rng.chance(0.14);
        if lean {
            // A leaning book needs room for its foot.
            let angle: f32 = -rng.range(9.0, 15.0);
            let slide = high * angle.to_radians().sin().abs();
            c.placed(Transform::from_translate(x + wide * 0.98 + slide, floor).pre_rotate(angle), |c| {
                book(c, p, rng, (-wide, 0.0), wide, high);
            });
            x += wide + slide + 10.0;
            since = 1;
        } else if wide < left {
            book(c, p, rng, (x, floor), wide, high);
            x += wide + 1.5;
        } else {
            break;
        }
    }
}

fn cloth(p: &Palette, rng: &mut Rng) -> Ink {
    let base = match rng.below(12) {
        0 | 1 => p.tones[0],
        2 | 3 => p.tones[1],
        4 | 5 => p.tones[2],
        6 => p.accent,
        7 => p.near,
        8 => p.tones[0].mix(p.near, 0.5),
        9 => p.tones[3].darker(0.3),
        10 => p.tones[4].darker(0.06),
        _ => p.tones[4],
    };
    base.mix(p.tones[4], rng.range(0.0, 0.14))
}

/// One spine standing on (x, y).
fn book(c: &mut Canvas, p: &Palette, rng: &mut Rng, (x, y): Pt, w: f32, h: f32) {
    let tone = cloth(p, rng);
    let gilt = tone.contrast(p.tones[4].mix(p.tones[2], 0.3), p.ink).mix(tone, 0.15);
    let top = y - h;
    c.fill(&Shape::round_rect(x, top, w, h, 3.0), tone);
    // A round back: light along one side, shade along the other.
    c.fill(&Shape::rect(x + w * 0.12, top, w * 0.14, h), tone.lighter(0.14));
    c.fill(&Shape::rect(x + w * 0.8, top, w * 0.2, h), tone.darker(0.2));
    let bar = |c: &mut Canvas, t: f32, thick: f32| {
        c.fill(&Shape::rect(x, top + h * t, w, thick), gilt.alpha(0.85));
    };
    match rng.below(6) {
        0 => {
            bar(c, 0.08, 4.0);
            bar(c, 0.12, 2.0);
            bar(c, 0.86, 4.0);
            bar(c, 0.9, 2.0);
        }
        1 => {
            c.fill(&Shape::rect(x, top + h * 0.16, w, h * 0.2), gilt);
            c.fill(&Shape::rect(x + w * 0.25, top + h * 0.22, w * 0.5, 3.0), tone);
            c.fill(&Shape::rect(x + w * 0.32, top + h * 0.27, w * 0.36, 3.0), tone);
        }
        2 => {
            for t in [0.1, 0.28, 0.46, 0.64, 0.82] {
                c.fill(&Shape::rect(x, top + h * t, w, 7.0), tone.darker(0.28));
                c.fill(&Shape::rect(x, top + h * t, w, 2.0), tone.lighter(0.25));
            }
        }
        3 => c.fill(
            &Shape::round_rect(x + w * 0.38, top + h * 0.14, w * 0.24, h * 0.48, 3.0),
            gilt.alpha(0.85),
        ),
        4 => {
            c.fill(&Shape::circle((x + w / 2.0, top + h * 0.2), w * 0.22), gilt);
            bar(c, 0.8, h * 0.09);
        }
        _ => {
            c.fill(&Shape::rect(x, top + h * 0.7, w, h * 0.3), tone.mix(p.tones[2], 0.4).darker(0.12));
            bar(c, 0.14, 5.0);
        }
    }
}

fn stack(c: &mut Canvas, p: &Palette, rng: &mut Rng, x: f32, floor: f32) -> f32 {
    let mut y = floor;
    for _ in 0..3 + rng.below(2) {
        let (long, thick) = (rng.range(106.0, 138.0), rng.range(22.0, 34.0));
        let at = Transform::from_translate(x + (140.0 - long) / 2.0 + long, y).pre_rotate(-90.0);
        c.placed(at, |c| book(c, p, rng, (0.0, 0.0), thick, long));
        y -= thick;
    }
    if rng.chance(0.6) {
        c.fill(&Shape::circle((x + 70.0, y - 26.0), 26.0), p.accent);
        c.fill(&Shape::circle((x + 62.0, y - 34.0), 8.0), p.accent.lighter(0.4));
    }
    148.0
}

fn plant(c: &mut Canvas, p: &Palette, rng: &mut Rng, x: f32, floor: f32, room: f32) -> f32 {
    let mid = x + 72.0;
    let green = Ink::hex(0x4f7355).mix(p.tones[0], 0.3);
    for k in 0..9 {
        let turn = -FRAC_PI_2 + (k as f32 - 4.0) * 0.27 + rng.range(-0.08, 0.08);
        let size = room * rng.range(0.42, 0.6);
        let (tone, veins) = (green.mix(p.tones[1], 0.1 * (k % 3) as f32), green.lighter(0.4));
        leaf(c, (mid, floor - 66.0), turn, 1.0, Leaf { size, habit: HABITS[0], tone, veins });
    }
    let clay = p.accent.mix(p.tones[2], 0.45);
    c.fill(
        &Shape::poly(&[
            (mid - 46.0, floor - 76.0),
            (mid + 46.0, floor - 76.0),
            (mid + 33.0, floor),
            (mid - 33.0, floor),
        ]),
        clay,
    );
    c.fill(&Shape::rect(mid - 50.0, floor - 84.0, 100.0, 20.0), clay.lighter(0.12));
    c.fill(
        &Shape::poly(&[
            (mid + 16.0, floor - 64.0),
            (mid + 44.0, floor - 64.0),
            (mid + 33.0, floor),
            (mid + 14.0, floor),
        ]),
        clay.darker(0.18),
    );
    150.0
}

fn vase(c: &mut Canvas, p: &Palette, rng: &mut Rng, x: f32, floor: f32) -> f32 {
    let (mid, h) = (x + 56.0, rng.range(130.0, 170.0));
    let tone = *rng.pick(&[p.tones[4].lighter(0.3), p.tones[1], p.tones[2]]);
    let shape = Shape::build(|b| {
        b.move_to(mid - 17.0, floor - h);
        b.cubic_to(mid - 10.0, floor - h * 0.76, mid - 58.0, floor - h * 0.66, mid - 48.0, floor - h * 0.34);
        b.cubic_to(mid - 44.0, floor - h * 0.16, mid - 30.0, floor - 8.0, mid - 26.0, floor);
        b.line_to(mid + 26.0, floor);
        b.cubic_to(mid + 30.0, floor - 8.0, mid + 44.0, floor - h * 0.16, mid + 48.0, floor - h * 0.34);
        b.cubic_to(mid + 58.0, floor - h * 0.66, mid + 10.0, floor - h * 0.76, mid + 17.0, floor - h);
        b.close();
    });
    c.fill(&shape, Fill::across(mid - 60.0, mid + 60.0, tone.lighter(0.2), tone.darker(0.28)));
    c.fill(&Shape::rect(mid - 20.0, floor - h - 4.0, 40.0, 8.0), tone.darker(0.1));
    118.0
}

fn frame(c: &mut Canvas, p: &Palette, rng: &mut Rng, x: f32, floor: f32, room: f32) -> f32 {
    let (w, h) = (138.0, room * 0.72);
    c.fill(&Shape::rect(x + 6.0, floor - h, w, h), p.near);
    c.fill(&Shape::rect(x + 15.0, floor - h + 9.0, w - 18.0, h - 18.0), p.paper.lighter(0.4));
    let (l, t, iw, ih) = (x + 34.0, floor - h + 30.0, w - 56.0, h - 60.0);
    c.fill(&Shape::rect(l, t, iw, ih), p.low);
    c.fill(&Shape::circle((l + iw * rng.range(0.3, 0.7), t + ih * 0.36), iw * 0.17), p.accent);
    c.fill(
        &Shape::poly(&[
            (l, t + ih),
            (l, t + ih * 0.68),
            (l + iw * 0.35, t + ih * 0.5),
            (l + iw * 0.62, t + ih * 0.74),
            (l + iw, t + ih * 0.6),
            (l + iw, t + ih),
        ]),
        p.tones[0],
    );
    w + 18.0
}
