//! Avatars: one bold geometric motif, clear of the corners that a round crop takes away.

use crate::canvas::{Canvas, Shape, arc};
use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use std::f32::consts::{FRAC_PI_2, PI, TAU};
use tiny_skia::Transform;

pub fn draw(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let mut inks = [p.tones[0], p.tones[1], p.tones[2], p.accent, p.tones[4], p.near];
    // Shuffle (Fisher-Yates), then let the ground and the motif differ enough to tell apart.
    for i in (1..inks.len()).rev() {
        inks.swap(i, rng.below(i + 1));
    }
    let ground = inks[0];
    inks[1..].sort_by(|a, b| {
        let far = |ink: &Ink| (ink.light() - ground.light()).abs();
        far(b).total_cmp(&far(a))
    });
    let [strong, middle, soft] = [inks[1], inks[2], inks[3]];
    c.ground(ground);
    let motif = rng.below(8);
    // A sunrise only works one way up.
    let angle = if motif == 3 { 0.0 } else { *rng.pick(&[0.0, 90.0, 180.0, 270.0, 45.0]) };
    let turn = Transform::from_translate(500.0, 500.0).pre_rotate(angle);
    c.placed(turn, |c| match motif {
        0 => rings(c, strong, middle, soft),
        1 => petals(c, strong, middle, 4 + rng.below(5)),
        2 => quarters(c, strong, middle, soft),
        3 => sunrise(c, strong, middle, soft),
        4 => stripes(c, strong, middle),
        5 => orbits(c, strong, middle, rng.range(0.0, TAU)),
        6 => lens(c, strong, middle, soft),
        _ => stairs(c, strong, middle, soft),
    });
}

fn wedge(c: &mut Canvas, at: (f32, f32), r: f32, from: f32, to: f32, ink: Ink) {
    let mut points = arc(at, r, r, from, to);
    points.push(at);
    c.fill(&Shape::poly(&points), ink);
}

fn rings(c: &mut Canvas, a: Ink, b: Ink, d: Ink) {
    for (r, x, ink) in [(400.0, 0.0, a), (290.0, 70.0, b), (180.0, 140.0, d)] {
        c.fill(&Shape::circle((x, 0.0), r), ink);
    }
}

fn petals(c: &mut Canvas, a: Ink, b: Ink, n: usize) {
    for k in 0..n {
        c.placed(Transform::from_rotate(k as f32 * 360.0 / n as f32), |c| {
            let wide = 620.0 / n as f32;
            let petal = Shape::build(|p| {
                p.move_to(0.0, 0.0);
                p.cubic_to(140.0, -wide * 1.3, 330.0, -wide, 400.0, 0.0);
                p.cubic_to(330.0, wide, 140.0, wide * 1.3, 0.0, 0.0);
                p.close();
            });
            c.fill(&petal, if n.is_multiple_of(2) && k % 2 == 1 { b } else { a });
        });
    }
    c.fill(&Shape::circle((0.0, 0.0), 95.0), b.mix(a, 0.15).darker(0.1));
}

fn quarters(c: &mut Canvas, a: Ink, b: Ink, d: Ink) {
    let (s, r) = (12.0, 310.0);
    wedge(c, (-s, -s), r, PI, PI + FRAC_PI_2, a);
    wedge(c, (s + r, -s), r, PI, PI + FRAC_PI_2, b);
    wedge(c, (-s - r, s), r, 0.0, FRAC_PI_2, d);
    wedge(c, (s, s), r, 0.0, FRAC_PI_2, a);
}

fn sunrise(c: &mut Canvas, a: Ink, b: Ink, d: Ink) {
    c.fill(&Shape::circle((0.0, -60.0), 250.0), a);
    for (k, ink) in [b, d, b].into_iter().enumerate() {
        let y = -20.0 + 150.0 * k as f32;
        let hill: Vec<_> = (-16..=16)
            .map(|i| i as f32 * 50.0)
            .map(|x| (x, y + 46.0 * (x / 210.0 + k as f32 * 2.0).sin()))
            .collect();
        c.fill(&Shape::under(&hill, 900.0), ink);
    }
}

fn stripes(c: &mut Canvas, a: Ink, b: Ink) {
    c.clipped(&Shape::circle((0.0, 0.0), 380.0), |c| {
        c.fill(&Shape::rect(-400.0, -400.0, 800.0, 800.0), a);
        for k in 0..5 {
            let y = -60.0 + k as f32 * 100.0;
            c.fill(&Shape::rect(-400.0, y, 800.0, 20.0 + k as f32 * 14.0), b);
        }
    });
}

fn orbits(c: &mut Canvas, a: Ink, b: Ink, from: f32) {
    for (k, r) in [370.0, 260.0].into_iter().enumerate() {
        c.stroke(&Shape::circle((0.0, 0.0), r), 26.0, a);
        let t = from + k as f32 * 2.3;
        c.fill(&Shape::circle((r * t.cos(), r * t.sin()), 62.0), b);
    }
    c.fill(&Shape::circle((0.0, 0.0), 130.0), a);
}

fn lens(c: &mut Canvas, a: Ink, b: Ink, d: Ink) {
    c.fill(&Shape::circle((-140.0, 0.0), 260.0), a);
    c.fill(&Shape::circle((140.0, 0.0), 260.0), b);
    // Where two circles of radius 260, 280 apart, overlap.
    let half = (140.0_f32 / 260.0).acos();
    let mut both = arc((-140.0, 0.0), 260.0, 260.0, -half, half);
    both.extend(arc((140.0, 0.0), 260.0, 260.0, PI - half, PI + half));
    c.fill(&Shape::poly(&both), d);
}

fn stairs(c: &mut Canvas, a: Ink, b: Ink, d: Ink) {
    for (k, ink) in [a, b, d].into_iter().enumerate() {
        let k = k as f32;
        wedge(c, (-250.0 + 110.0 * k, 260.0 - 20.0 * k), 560.0 - 190.0 * k, -FRAC_PI_2, 0.0, ink);
    }
}
