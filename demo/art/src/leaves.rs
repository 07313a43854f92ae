//! Botanical stems, and the leaves other still lifes borrow.

use crate::canvas::{Canvas, Pt, Shape};
use crate::noise::lerp;
use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use tiny_skia::Transform;

/// The cut of a leaf.
#[derive(Clone, Copy)]
pub struct Habit {
    /// Half width in leaf lengths.
    width: f32,
    /// Where along the leaf it is widest.
    belly: f32,
    veins: usize,
    /// Angle between leaf and stem.
    spread: f32,
}

/// A leaf to draw: `size` is its length.
#[derive(Clone, Copy)]
pub struct Leaf {
    pub size: f32,
    pub habit: Habit,
    pub tone: Ink,
    pub veins: Ink,
}

pub const HABITS: [Habit; 4] = [
    Habit { width: 0.16, belly: 0.4, veins: 7, spread: 0.85 },
    Habit { width: 0.25, belly: 0.38, veins: 6, spread: 0.95 },
    Habit { width: 0.36, belly: 0.52, veins: 4, spread: 1.1 },
    Habit { width: 0.1, belly: 0.45, veins: 0, spread: 0.72 },
];

pub fn leaves(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (w, h) = (c.w, c.h);
    c.ground(p.paper.mix(p.tones[4], 0.22));
    let left = rng.chance(0.5);
    // A large disc on a third holds the composition together.
    let disc = (w * if left { 0.36 } else { 0.64 }, h * rng.range(0.44, 0.54));
    let round = rng.range(330.0, 390.0);
    let warm = *rng.pick(&[
        p.tones[4].mix(p.tones[2], 0.35),
        p.tones[2].mix(p.paper, 0.35),
        p.accent.mix(p.paper, 0.72),
    ]);
    c.fill(&Shape::circle(disc, round), warm);
    let green = p.tones[0];
    let layers = [
        (5, green.mix(p.paper, 0.74), 190.0, false),
        (4, p.tones[1].mix(p.paper, 0.25), 185.0, false),
        (4, green, 195.0, true),
    ];
    for (depth, (stems, tone, size, detail)) in layers.into_iter().enumerate() {
        let shift = rng.range(0.0, 1.0);
        for k in 0..stems {
            let x = w * (k as f32 + 0.25 + 0.5 * shift) / stems as f32 + rng.range(-50.0, 50.0);
            let habit = HABITS[(k + depth + rng.below(2)) % HABITS.len()];
            let tall = h * rng.range(0.58, 0.9) * if detail { 0.92 } else { 1.06 };
            let lean = (x - disc.0) / w * rng.range(340.0, 640.0) + rng.range(-130.0, 130.0);
            let tone = if detail && k % 2 == 1 { tone.mix(p.ink, 0.3) } else { tone };
            let veins = if detail { tone.mix(p.paper, 0.4) } else { tone.mix(p.paper, 0.22) };
            let size = size * rng.range(0.85, 1.15);
            stem(c, rng, (x, h + 20.0), (lean, tall), Leaf { size, habit, tone, veins });
        }
        if depth == 1 {
            for _ in 0..3 {
                let x = rng.range(0.12, 0.88) * w;
                let (lean, tall) = (rng.range(-110.0, 110.0), h * rng.range(0.6, 0.86));
                berries(c, rng, (x, h + 20.0), (lean, tall), p.accent, p.ink.mix(p.tones[0], 0.5));
            }
        }
    }
}

/// A point on a stem: it leaves the ground upright and leans more the higher it is.
fn on_stem(foot: Pt, (lean, tall): Pt, t: f32) -> (Pt, f32) {
    let at = |t: f32| (foot.0 + lean * t * t, foot.1 - tall * t);
    let ((x0, y0), (x1, y1)) = (at(t - 0.01), at(t + 0.01));
    (at(t), (y1 - y0).atan2(x1 - x0))
}

/// A stem from `foot`, reaching so far sideways and up, with leaves like `kind` on both sides.
pub fn stem(c: &mut Canvas, rng: &mut Rng, foot: Pt, reach: Pt, kind: Leaf) {
    let Leaf { size, habit, tone, .. } = kind;
    let line: Vec<Pt> = (0..=12).map(|i| on_stem(foot, reach, i as f32 / 12.0).0).collect();
    c.stroke(&Shape::curve(&line), 5.0, tone.darker(0.1));
    let pairs = (reach.1 / (size * (0.24 + habit.width * 1.5))) as usize;
    let from = rng.range(0.06, 0.26);
    for k in 1..=pairs {
        let t = lerp(from, 0.97, k as f32 / pairs as f32);
        let (at, up) = on_stem(foot, reach, t);
        // Leaves grow smaller and close up towards the tip.
        let (grown, open) = (size * lerp(1.0, 0.5, t * t), habit.spread * lerp(1.0, 0.6, t));
        for side in [-1.0, 1.0] {
            // Alternate rather than opposite: the right-hand leaf sits half a step lower.
            let at = if side > 0.0 {
                on_stem(foot, reach, (t - 0.4 * (0.97 - from) / pairs as f32).max(0.0)).0
            } else {
                at
            };
            let turn = up + side * open + rng.range(-0.12, 0.12);
            leaf(c, at, turn, side, Leaf { size: grown * rng.range(0.9, 1.1), ..kind });
        }
    }
    let (tip, up) = on_stem(foot, reach, 1.0);
    leaf(c, tip, up, 1.0, Leaf { size: size * 0.5, ..kind });
}

/// One leaf growing from (x, y) towards `turn`; `side` says which half is in the light.
pub fn leaf(c: &mut Canvas, (x, y): Pt, turn: f32, side: f32, kind: Leaf) {
    let Leaf { size, habit, tone, veins } = kind;
    let (wide, belly) = (size * habit.width, size * habit.belly);
    let half = |s: f32| {
        Shape::build(|b| {
            b.move_to(0.0, 0.0);
            b.cubic_to(
                belly * 0.35,
                s * wide * 1.1,
                belly * 1.1,
                s * wide * 1.45,
                size * 0.8,
                s * wide * 0.5,
            );
            b.quad_to(size * 0.92, s * wide * 0.2, size, 0.0);
            b.line_to(0.0, 0.0);
            b.close();
        })
    };
    c.placed(Transform::from_translate(x, y).pre_rotate(turn.to_degrees()), |c| {
        // The half that faces down is a shade darker.
        c.fill(&half(side), tone);
        c.fill(&half(-side), tone.mix(veins, 0.2));
        let lines = Shape::build(|b| {
            b.move_to(0.0, 0.0);
            b.line_to(size * 0.94, 0.0);
            for k in 1..=habit.veins {
                let from = size * (0.1 + 0.64 * k as f32 / (habit.veins + 1) as f32);
                let reach = wide * 0.64 * (1.0 - ((from - belly) / size).abs() * 1.6);
                for s in [-1.0, 1.0] {
                    b.move_to(from, 0.0);
                    b.quad_to(from + reach * 0.5, s * reach * 0.45, from + reach * 0.75, s * reach);
                }
            }
        });
        c.stroke(&lines, 1.9, veins);
    });
}

fn berries(c: &mut Canvas, rng: &mut Rng, foot: Pt, reach: Pt, red: Ink, twig: Ink) {
    let line: Vec<Pt> = (0..=12).map(|i| on_stem(foot, reach, i as f32 / 12.0).0).collect();
    c.stroke(&Shape::curve(&line), 3.4, twig);
    for k in 0..9 {
        let (at, up) = on_stem(foot, reach, 0.5 + 0.5 * k as f32 / 8.0);
        let turn = up + if k % 2 == 0 { 0.7 } else { -0.7 };
        let (long, r) = (rng.range(26.0, 52.0), rng.range(9.5, 14.0));
        let end = (at.0 + long * turn.cos(), at.1 + long * turn.sin());
        c.stroke(&Shape::line(&[at, end]), 2.6, twig);
        c.fill(&Shape::circle(end, r), red);
        c.fill(&Shape::circle((end.0 - r * 0.3, end.1 - r * 0.35), r * 0.28), red.lighter(0.6));
    }
}
