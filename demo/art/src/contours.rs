//! A contour map.

use crate::canvas::{Canvas, Fill, Pt, Shape, spline, stroke};
use crate::noise::{Noise, lerp};
use crate::palette::Palette;
use crate::rng::Rng;
use std::f32::consts::{PI, TAU};
use tiny_skia::{StrokeDash, Transform};

pub fn contours(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    const STEP: f32 = 10.0;
    let (w, h) = (c.w, c.h);
    let noise = Noise::new(rng.next());
    let summit = (
        w * if rng.chance(0.5) { rng.range(0.27, 0.38) } else { rng.range(0.62, 0.73) },
        h * rng.range(0.36, 0.58),
    );
    let second = (w - summit.0 + rng.range(-120.0, 120.0), h - summit.1 + rng.range(-180.0, 180.0));
    let hill =
        |(px, py): Pt, r: f32, x: f32, y: f32| (-((x - px).powi(2) + (y - py).powi(2)) / (r * r)).exp();
    let height = |x: f32, y: f32| {
        // Bending the ground before measuring it gives valleys that wander.
        let (bx, by) =
            (70.0 * noise.at(x / 330.0, y / 330.0 + 40.0), 70.0 * noise.at(x / 330.0 + 40.0, y / 330.0));
        let (x, y) = (x + bx, y + by);
        0.46 + 0.52 * noise.fbm(x / 430.0, y / 430.0, 3)
            + 0.55 * hill(summit, 300.0, x, y)
            + 0.26 * hill(second, 240.0, x, y)
    };
    // One ring of cells beyond the picture is sea floor, so that every contour closes.
    let (cols, rows) = ((w / STEP) as usize + 6, (h / STEP) as usize + 6);
    let mut relief = vec![-9.0; cols * rows];
    for j in 1..rows - 1 {
        for i in 1..cols - 1 {
            relief[j * cols + i] = height((i as f32 - 2.5) * STEP, (j as f32 - 2.5) * STEP);
        }
    }
    let mut sorted: Vec<f32> = relief.iter().copied().filter(|&v| v > -9.0).collect();
    sorted.sort_by(f32::total_cmp);
    // Half by height, half by area: even steps alone would leave most of the tones unused.
    let level = |t: f32| {
        let (bottom, top) = (sorted[0], sorted[sorted.len() - 1]);
        let part = sorted[((sorted.len() - 1) as f32 * t) as usize];
        lerp(lerp(bottom, top, t), part, 0.5)
    };
    let summit = climb(summit, 1.0, &height);
    let second = climb(second, -1.0, &height);
    let dusk = p.high.light() < 0.6;
    let (low, high) = if dusk { (p.near, p.low) } else { (p.tones[0].mix(p.far, 0.35), p.paper) };
    let lines_only = rng.chance(0.35);
    let ground = if dusk { p.paper.mix(p.tones[4], 0.3) } else { p.paper };
    c.ground(if lines_only { ground } else { low });
    let levels = if lines_only { 20 } else { 13 };
    for k in 0..levels {
        let t = k as f32 / (levels - 1) as f32;
        let loops = isolines(&relief, cols, level(lerp(0.06, 0.97, t)));
        let shape = Shape::build(|b| {
            for ring in &loops {
                let n = ring.len() as isize;
                let at = |i: isize| ring[i.rem_euclid(n) as usize];
                spline(b, ring.len(), |i| ((at(i).0 - 2.5) * STEP, (at(i).1 - 2.5) * STEP));
                b.close();
            }
        });
        if lines_only {
            c.fill(&shape, p.tones[1].mix(p.tones[2], t).alpha(0.035));
            let index = k % 5 == 2;
            c.stroke(
                &shape,
                if index { 3.6 } else { 1.7 },
                p.tones[0].mix(p.ink, 0.2).alpha(if index { 0.85 } else { 0.55 }),
            );
        } else {
            // Sheets of paper, each laid on the one below.
            let tone = low.mix(high, t.powf(0.85));
            c.placed(Transform::from_translate(5.0, 8.0), |c| c.fill(&shape, p.near.darker(0.4).alpha(0.16)));
            // A lit edge; filling twice is cheaper than stroking so long an outline.
            c.placed(Transform::from_translate(-0.8, -1.1), |c| c.fill(&shape, tone.lighter(0.4)));
            c.fill(&shape, tone);
        }
    }
    trail(c, p, rng, second, summit, &height);
}

/// The top (or, with `sign` −1, the bottom) of the slope at `from`, if it is not far away.
fn climb(from: Pt, sign: f32, height: &impl Fn(f32, f32) -> f32) -> Pt {
    let mut at = from;
    for _ in 0..16 {
        let around =
            (0..8).map(|k| k as f32 * TAU / 8.0).map(|a| (at.0 + 12.0 * a.cos(), at.1 + 12.0 * a.sin()));
        let best = around.max_by(|a, b| (sign * height(a.0, a.1)).total_cmp(&(sign * height(b.0, b.1))));
        match best {
            Some(next) if sign * height(next.0, next.1) > sign * height(at.0, at.1) => at = next,
            _ => break,
        }
    }
    at
}

/// The boundary of everything above `level`, as closed rings in grid units (marching squares,
/// <https://en.wikipedia.org/wiki/Marching_squares>). The high side is always on the same hand, so
/// holes wind the other way and fill correctly.
fn isolines(relief: &[f32], cols: usize, level: f32) -> Vec<Vec<Pt>> {
    let rows = relief.len() / cols;
    let at = |i: usize, j: usize| relief[j * cols + i];
    let cut = |a: f32, b: f32| ((level - a) / (b - a)).clamp(0.0, 1.0);
    // Every crossed edge has one segment leaving it. Edge 2n runs right from node n, 2n+1 down.
    let mut next = vec![usize::MAX; relief.len() * 2];
    for j in 0..rows - 1 {
        for i in 0..cols - 1 {
            let (a, b, d, e) = (at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1));
            let [a, b, d, e] = [a, b, d, e].map(|v| v > level);
            let n = j * cols + i;
            let (top, right, bottom, left) = (2 * n, 2 * (n + 1) + 1, 2 * (n + cols), 2 * n + 1);
            let mut link = |from: usize, to: usize| next[from] = to;
            match (a, b, d, e) {
                (true, false, false, false) => link(top, left),
                (false, true, false, false) => link(right, top),
                (false, false, true, false) => link(bottom, right),
                (false, false, false, true) => link(left, bottom),
                (true, true, false, false) => link(right, left),
                (false, true, true, false) => link(bottom, top),
                (false, false, true, true) => link(left, right),
                (true, false, false, true) => link(top, bottom),
                (true, true, true, false) => link(bottom, left),
                (true, true, false, true) => link(right, bottom),
                (true, false, true, true) => link(top, right),
                (false, true, true, true) => link(left, top),
                (true, false, true, false) => {
                    link(top, left);
                    link(bottom, right);
                }
                (false, true, false, true) => {
                    link(right, top);
                    link(left, bottom);
                }
                _ => {}
            }
        }
    }
    let point = |edge: usize| {
        let n = edge / 2;
        let (i, j) = (n % cols, n / cols);
        if edge.is_multiple_of(2) {
            (i as f32 + cut(at(i, j), at(i + 1, j)), j as f32)
        } else {
            (i as f32, j as f32 + cut(at(i, j), at(i, j + 1)))
        }
    };
    let mut rings = Vec::new();
    for start in 0..next.len() {
        let mut ring = Vec::new();
        let mut edge = start;
        while next[edge] != usize::MAX {
            ring.push(point(edge));
            edge = std::mem::replace(&mut next[edge], usize::MAX);
        }
        // Specks would only look like dirt.
        if ring.len() > 5 {
            rings.push(ring);
        }
    }
    rings
}

/// A dashed path that looks for an easy way up to the summit, and the summit's mark.
fn trail(c: &mut Canvas, p: &Palette, rng: &mut Rng, from: Pt, to: Pt, height: &impl Fn(f32, f32) -> f32) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let far = (dx * dx + dy * dy).sqrt().max(1.0);
    let side = (-dy / far, dx / far);
    let swing = rng.sign();
    let path: Vec<Pt> = (0..=9)
        .map(|i| {
            let t = i as f32 / 9.0;
            let (x, y) = (lerp(from.0, to.0, t), lerp(from.1, to.1, t));
            // Sidestep towards whichever side is less steep, but end on the summit.
            let slope =
                height(x + side.0 * 60.0, y + side.1 * 60.0) - height(x - side.0 * 60.0, y - side.1 * 60.0);
            let step = (swing * 70.0 * (t * PI).sin() - slope * 160.0 * (t * PI).sin()).clamp(-130.0, 130.0);
            (x + side.0 * step, y + side.1 * step)
        })
        .collect();
    let mut stroke = stroke(6.5);
    stroke.dash = StrokeDash::new(vec![15.0, 14.0], 0.0);
    c.stroke_with(&Shape::curve(&path), &stroke, Fill::from(p.accent));
    c.fill(&Shape::circle(from, 15.0), p.accent);
    c.fill(&Shape::circle(from, 6.5), p.paper.lighter(0.4));
    let (x, y) = to;
    let flag = Shape::poly(&[(x, y - 27.0), (x + 25.0, y + 17.0), (x - 25.0, y + 17.0)]);
    c.stroke(&flag, 7.0, p.paper.lighter(0.4));
    c.fill(&flag, p.accent);
}
