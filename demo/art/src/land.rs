//! Landscapes: layers of tone from a pale distance to a dark foreground.

use crate::canvas::{Canvas, Fill, Pt, Shape, ridge, sky, sun};
use crate::noise::{Noise, lerp};
use crate::palette::{Ink, Palette};
use crate::rng::Rng;

/// Sky from overhead to the horizon, and the sun on one of the upper thirds. Returns where it is.
fn heavens(c: &mut Canvas, p: &Palette, rng: &mut Rng, horizon: f32) -> Pt {
    c.ground(sky(p, horizon));
    let side = if rng.chance(0.5) { rng.range(0.24, 0.36) } else { rng.range(0.64, 0.76) };
    let at = (c.w * side, horizon * rng.range(0.36, 0.6));
    sun(c, at, rng.range(52.0, 80.0), p.sun, 0.35);
    at
}

/// A few gulls: two short arcs each.
fn birds(c: &mut Canvas, rng: &mut Rng, around: Pt, ink: Ink) {
    for _ in 0..3 + rng.below(4) {
        let (x, y) = (around.0 + rng.range(-110.0, 110.0), around.1 + rng.range(-45.0, 45.0));
        let (s, tilt) = (rng.range(8.0, 15.0), rng.range(-0.25, 0.25));
        let wing = |side: f32| (x + side * s, y - s * (0.35 - side * tilt));
        let path = Shape::build(|b| {
            let (left, right) = (wing(-1.0), wing(1.0));
            b.move_to(left.0, left.1);
            b.quad_to(x - s * 0.35, y - s * 0.55, x, y);
            b.quad_to(x + s * 0.35, y - s * 0.55, right.0, right.1);
        });
        c.stroke(&path, 2.6, ink);
    }
}

/// One row of dunes: sharp peaks with slow concave flanks.
struct Dunes {
    base: f32,
    /// Peaks and troughs in turn: x and height above `base`.
    marks: Vec<(f32, f32)>,
}

impl Dunes {
    fn new(rng: &mut Rng, w: f32, base: f32, height: f32, gap: f32) -> Self {
        let mut marks = vec![(-gap - 10.0, 0.0)];
        let mut x = -gap * rng.range(0.1, 0.9);
        while x < w + gap {
            marks.push((x, height * rng.range(0.55, 1.0)));
            marks.push((x + gap * rng.range(0.42, 0.6), height * rng.range(0.0, 0.18)));
            x += gap * rng.range(0.85, 1.25);
        }
        Self { base, marks }
    }

    fn y(&self, x: f32) -> f32 {
        let i = self.marks.partition_point(|m| m.0 <= x).clamp(1, self.marks.len() - 1);
        let ((ax, ah), (bx, bh)) = (self.marks[i - 1], self.marks[i]);
        let t = ((x - ax) / (bx - ax)).clamp(0.0, 1.0);
        // Climbing slowly and then faster, and the mirror image on the way down.
        let t = if bh > ah { t.powf(1.7) } else { 1.0 - (1.0 - t).powf(1.7) };
        self.base - lerp(ah, bh, t)
    }
}

pub fn dunes(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let horizon = c.h * rng.range(0.44, 0.52);
    let light = heavens(c, p, rng, horizon);
    if rng.chance(0.7) {
        let at = (c.w - light.0, horizon * rng.range(0.4, 0.6));
        birds(c, rng, at, p.near.mix(p.high, 0.25));
    }
    let layers = 6;
    // The lee side faces away from the sun.
    let lee = if light.0 < c.w / 2.0 { 1.0 } else { -1.0 };
    for layer in 0..layers {
        let t = layer as f32 / (layers - 1) as f32;
        let base = horizon + 20.0 + (c.h * 0.95 - horizon) * t.powf(1.35);
        let height = lerp(30.0, 250.0, t.powf(1.2));
        let row = Dunes::new(rng, c.w, base, height, lerp(340.0, 1150.0, t.powf(1.3)));
        let tone = p.far.mix(p.near, t.powf(1.5) * 0.82);
        let lit =
            tone.mix(p.low, 0.32 * (1.0 - t) + 0.1).mix(p.sun, if p.sun == p.accent { 0.0 } else { 0.12 });
        let depth = lerp(90.0, 420.0, t);
        let crest = ridge(c.w, 6.0, |x| row.y(x));
        // No deeper than the next row can leave visible: filling is what costs time here.
        let shape = Shape::under(&crest, (base + depth).min(c.h + 5.0));
        c.fill(
            &shape,
            Fill::down(base - height, base + depth * 0.55, lit, tone.mix(p.low, 0.22 * (1.0 - t))),
        );
        let shade = tone.mix(p.near.mix(p.high, 0.18), 0.62).darker(0.05);
        for i in 0..row.marks.len() {
            let (px, ph) = row.marks[i];
            let end = if lee > 0.0 {
                row.marks.get(i + 1)
            } else {
                i.checked_sub(1).and_then(|j| row.marks.get(j))
            };
            if let Some(&(end, low)) = end
                && ph > low
            {
                lee_side(c, rng, &row, (px, end), depth, shade);
            }
        }
        let edge: Vec<Pt> = crest.iter().map(|&(x, y)| (x, y + 1.0)).collect();
        c.stroke(&Shape::line(&edge), 1.5 + t, lit.lighter(0.4).alpha(0.35));
        if layer == layers - 1 {
            ripples(c, rng, &row, shade);
        }
    }
}

/// The shadow between a dune's S-shaped ridge, running from its peak towards us, and the next trough.
fn lee_side(c: &mut Canvas, rng: &mut Rng, row: &Dunes, (peak, trough): Pt, depth: f32, shade: Ink) {
    let (drift, sway) = ((trough - peak) * rng.range(0.1, 0.45), (trough - peak) * rng.range(0.08, 0.16));
    let top = row.y(peak);
    let mut edge: Vec<Pt> =
        (0..=40).map(|i| lerp(peak, trough, i as f32 / 40.0)).map(|x| (x, row.y(x))).collect();
    let foot = top + depth;
    edge.push((trough, foot));
    for i in (1..=24).rev() {
        let t = i as f32 / 24.0;
        let bend = (t * std::f32::consts::TAU * 0.9).sin() * t.sqrt();
        edge.push((peak + drift * t + sway * bend, lerp(top, foot, t)));
    }
    let stops = vec![(0.0, shade), (0.3, shade.alpha(0.78)), (1.0, shade.alpha(0.0))];
    let fade = Fill::Line((peak, 0.0), (trough, 0.0), stops);
    c.fill(&Shape::poly(&edge), fade);
}

/// Wind ripples across the nearest sand.
fn ripples(c: &mut Canvas, rng: &mut Rng, row: &Dunes, ink: Ink) {
    let noise = Noise::new(rng.next());
    for line in 0..11 {
        let k = line as f32;
        let points = ridge(c.w, 24.0, |x| {
            let flat = lerp(row.y(x), row.base - 60.0, (k / 14.0).min(1.0));
            flat + 34.0 + k * (15.0 + k) + 9.0 * noise.fbm(x / 160.0, k * 0.4, 2)
        });
        c.stroke(&Shape::curve(&points), 1.6 + k * 0.1, ink.alpha(0.16));
    }
}

pub fn mountains(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let horizon = c.h * 0.62;
    let light = heavens(c, p, rng, horizon * 0.72);
    let lee = if light.0 < c.w / 2.0 { 1.0 } else { -1.0 };
    let noise = Noise::new(rng.next());
    // Far range: only tone.
    for k in 0..2 {
        let k = k as f32;
        let (y0, row) = (c.h * (0.47 + 0.05 * k), rng.range(0.0, 90.0));
        let crest = ridge(c.w, 5.0, |x| y0 - 85.0 * noise.fbm(x / 250.0 + row, k, 5) - 30.0);
        let tone = p.far.mix(p.low, 0.6 - 0.22 * k);
        c.fill(
            &Shape::under(&crest, y0 + 150.0),
            Fill::down(y0 - 110.0, y0 + 150.0, tone, tone.mix(p.low, 0.65)),
        );
    }
    // The main peaks stand on the third away from the sun.
    let hero = if lee > 0.0 { rng.range(0.6, 0.7) } else { rng.range(0.3, 0.4) };
    massif(c, p, rng, &noise, hero, lee);
    // Forested hills, closer and darker.
    for k in 0..3 {
        let t = (k + 1) as f32 / 3.0;
        let (y0, row) = (c.h * lerp(0.64, 0.88, (k as f32 / 2.0).powf(1.1)), rng.range(0.0, 90.0));
        let tilt = rng.range(0.02, 0.07) * rng.sign();
        let height = |x: f32| y0 - 75.0 * noise.fbm(x / 420.0 + row, 7.0 + t, 2) - (x - c.w / 2.0) * tilt;
        let tone = p.far.mix(p.near, 0.35 + 0.63 * t);
        let crest = ridge(c.w, 10.0, height);
        let shape = Shape::build(|b| {
            let mut x = -20.0;
            while x < c.w + 20.0 {
                let size = lerp(15.0, 74.0, t * t) * rng.range(0.5, 1.15);
                // Clumps and clearings rather than a hedge.
                if noise.at(x / 90.0 + row, 3.0) > -0.35 {
                    conifer(b, (x, height(x) + size * 0.15), size);
                }
                x += size * rng.range(0.2, 0.5);
            }
        });
        let haze = tone.mix(p.low, 0.42 * (1.0 - t));
        c.fill(&shape, tone);
        c.fill(
            &Shape::under(&crest, if k == 2 { c.h + 5.0 } else { y0 + 270.0 }),
            Fill::down(y0 - 40.0, y0 + 160.0, tone, haze),
        );
    }
}

fn conifer(b: &mut tiny_skia::PathBuilder, (x, y): Pt, size: f32) {
    let half = size * 0.21;
    b.move_to(x, y - size);
    for tier in 1..=4 {
        let t = tier as f32 / 4.0;
        b.line_to(x + half * t, y - size * (1.0 - t * 0.92));
        b.line_to(x + half * t * 0.55, y - size * (1.0 - t * 0.92) - size * 0.02);
    }
    for tier in (1..=4).rev() {
        let t = tier as f32 / 4.0;
        b.line_to(x - half * t * 0.55, y - size * (1.0 - t * 0.92) - size * 0.02);
        b.line_to(x - half * t, y - size * (1.0 - t * 0.92));
    }
    b.close();
}

/// Snow-capped peaks with a lit and a shaded face each.
fn massif(c: &mut Canvas, p: &Palette, rng: &mut Rng, noise: &Noise, hero: f32, lee: f32) {
    let base = c.h * 0.72;
    let mut peaks = vec![(c.w * hero, rng.range(440.0, 500.0), rng.range(520.0, 640.0))];
    for side in [-1.0, 1.0] {
        let x = c.w * hero + side * rng.range(260.0, 360.0);
        peaks.push((x, rng.range(270.0, 350.0), rng.range(380.0, 480.0)));
        peaks.push((x + side * rng.range(240.0, 400.0), rng.range(180.0, 270.0), rng.range(380.0, 520.0)));
    }
    let y = |x: f32| {
        let rise = peaks.iter().map(|&(px, h, half)| h * (1.0 - (x - px).abs() / half).max(0.0).powf(1.12));
        base - rise.fold(0.0, f32::max) - 20.0 * noise.fbm(x / 60.0, 11.0, 4)
    };
    let tone = p.far.mix(p.near, 0.34);
    let (lit, shade) = (tone.mix(p.low, 0.25), tone.mix(p.near, 0.38).mix(p.high, 0.12));
    let snow = p.low.lighter(0.72);
    let crest = ridge(c.w, 4.0, y);
    c.fill(&Shape::under(&crest, base + 40.0), Fill::down(c.h * 0.24, base, lit, lit.mix(p.low, 0.45)));
    // Small peaks first, so that the hero's faces lie over its neighbours'.
    for &(px, h, half) in peaks.iter().rev() {
        let top = y(px);
        let owns = |x: f32| {
            peaks.iter().all(|&(qx, qh, qhalf)| {
                h * (1.0 - (x - px).abs() / half) >= qh * (1.0 - (x - qx).abs() / qhalf) - 0.5
            })
        };
        let face = |side: f32, reach: f32| -> Vec<Pt> {
            // A flank ends long before these steps do.
            (0..4096)
                .map(|i| px + side * i as f32 * 4.0)
                .take_while(|&x| (x - px).abs() < reach && owns(x))
                .map(|x| (x, y(x)))
                .collect()
        };
        if !owns(px) {
            continue;
        }
        if h > 240.0 {
            let (left, right) = (face(-1.0, half * 0.4), face(1.0, half * 0.4));
            let mut cap: Vec<Pt> = left.iter().rev().chain(right.iter()).copied().collect();
            // Tongues of snow run down the gullies.
            let (from, to) = (px + right.len() as f32 * 4.0, px - left.len() as f32 * 4.0);
            let n = 13;
            for i in 1..n {
                let t = i as f32 / n as f32;
                let x = lerp(from, to, t);
                let tongue = if i % 2 == 0 { rng.range(38.0, 80.0) } else { rng.range(4.0, 20.0) };
                let lift = h * 0.1 * (1.0 - (2.0 * t - 1.0).abs());
                cap.push((x, y(x).max(top + h * 0.14) + tongue * h / 420.0 + lift));
            }
            c.fill(&Shape::poly(&cap), snow);
        }
        let mut dark = face(lee, half);
        let Some(&(end, low)) = dark.last() else { continue };
        let foot = base.max(low);
        // Where two peaks meet, the taller one's flank runs on in front of the lower one's.
        let run = if low > base - 40.0 { 0.0 } else { (foot - low) * 0.45 };
        dark.push((end + lee * if (px, h) == (peaks[0].0, peaks[0].1) { run } else { -run }, foot));
        // The arête comes down towards us in long, uneven zigzags.
        let (mut t, mut side) = (1.0, lee);
        while t > 0.04 {
            let zig = side * rng.range(8.0, 34.0) * (0.3 + t);
            dark.push((px - lee * half * 0.07 * t + zig, lerp(top, foot, t)));
            t -= rng.range(0.07, 0.17);
            side = -side;
        }
        let fade = Fill::down(top, base, shade.alpha(0.86), shade.mix(p.low, 0.4).alpha(0.25));
        c.fill(&Shape::poly(&dark), fade);
        // A few gullies on the lit side.
        for k in 0..3 {
            let s = 0.16 + 0.13 * k as f32 + rng.range(0.0, 0.06);
            let (sx, run) = (px - lee * half * s, h * rng.range(0.16, 0.3));
            let sy = top + h * (s + rng.range(0.1, 0.2));
            let gully =
                [(sx, sy), (sx + lee * run * 0.34, sy + run), (sx + lee * run * 0.12, sy + run * 0.7)];
            c.fill(&Shape::poly(&gully), shade.alpha(0.28));
        }
    }
    let mist = Fill::down(c.h * 0.5, base, p.low.alpha(0.0), p.low.alpha(0.75));
    c.fill(&Shape::rect(-5.0, c.h * 0.5, c.w + 10.0, c.h * 0.27), mist);
}

pub fn fields(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let horizon = c.h * rng.range(0.36, 0.43);
    let light = heavens(c, p, rng, horizon);
    for _ in 0..4 {
        let (x, y) = (rng.range(0.0, c.w), horizon * rng.range(0.15, 0.85));
        let (rx, ry) = (rng.range(120.0, 300.0), rng.range(4.0, 9.0));
        c.fill(&Shape::oval((x, y), rx, ry), p.low.lighter(0.55).alpha(0.5));
        c.fill(&Shape::oval((x + rx * 0.3, y - ry), rx * 0.55, ry), p.low.lighter(0.55).alpha(0.5));
    }
    let noise = Noise::new(rng.next());
    for k in 0..2 {
        let k = k as f32;
        let crest = ridge(c.w, 12.0, |x| {
            horizon - 26.0 + 24.0 * k - (46.0 - 14.0 * k) * noise.fbm(x / 420.0, k * 9.0, 3)
        });
        let tone = p.far.mix(p.high, 0.45 - 0.3 * k);
        c.fill(
            &Shape::under(&crest, c.h),
            Fill::down(horizon - 60.0, horizon + 30.0, tone, tone.mix(p.low, 0.5)),
        );
    }
    let near = c.h * rng.range(0.54, 0.6);
    patchwork(c, p, rng, &noise, horizon, near);
    let yard = (c.w - light.0 + rng.range(-60.0, 60.0), lerp(horizon, near, 0.55));
    farm(c, p, rng, yard);
    furrows(c, p, rng, &noise, horizon, near);
}

/// Fields of the middle distance: bands split by slanting hedges, the far ones paler.
fn patchwork(c: &mut Canvas, p: &Palette, rng: &mut Rng, noise: &Noise, top: f32, bottom: f32) {
    let (w, bands) = (c.w, 6);
    let edge = |k: i32, x: f32| {
        let t = k as f32 / bands as f32;
        lerp(top, bottom + 30.0, t.powf(1.5))
            + 16.0 * t.sqrt() * noise.fbm(x / 500.0, 30.0 + k as f32 * 0.7, 2)
    };
    let crops = [
        p.tones[2].mix(p.low, 0.25),
        p.tones[1],
        p.far,
        p.tones[0].mix(p.far, 0.5),
        p.tones[4].mix(p.tones[2], 0.4),
    ];
    let mut last = 0;
    for k in 0..bands {
        let t = k as f32 / bands as f32;
        let mut x = -rng.range(0.0, 200.0);
        while x < w {
            let next = x + rng.range(180.0, 420.0) * (0.6 + t);
            // Hedges lean away from the vanishing point.
            let lean = |x: f32| (x - w / 2.0) * 0.16;
            let mut shape: Vec<Pt> =
                (0..=8).map(|i| lerp(x, next, i as f32 / 8.0)).map(|x| (x, edge(k, x))).collect();
            for i in (0..=8).rev() {
                let x = lerp(x, next, i as f32 / 8.0);
                shape.push((x + lean(x), edge(k + 1, x + lean(x)) + 3.0));
            }
            let mut crop = rng.below(crops.len());
            if crop == last {
                crop = (crop + 1) % crops.len();
            }
            last = crop;
            c.fill(&Shape::poly(&shape), crops[crop].mix(p.low, 0.5 * (1.0 - t)));
            x = next;
        }
        if k == 0 {
            continue;
        }
        // Trees along the hedge.
        let tree = p.near.mix(p.far, 0.62 - 0.5 * t);
        let hedge = Shape::build(|b| {
            let mut x = 0.0;
            while x < w {
                let r = lerp(3.0, 13.0, t) * rng.range(0.5, 1.2);
                if noise.at(x / 70.0, k as f32 * 5.0) > 0.05 {
                    b.push_circle(x, edge(k, x) - r * 0.6, r);
                }
                x += r * rng.range(0.8, 1.6);
            }
        });
        c.fill(&hedge, tree);
    }
}

/// A white house with a red roof and a few poplars: something for the eye to land on.
fn farm(c: &mut Canvas, p: &Palette, rng: &mut Rng, (x, y): Pt) {
    let tree = p.near.mix(p.far, 0.2);
    for k in 0..4 {
        let (tx, h) = (x - 60.0 - k as f32 * 17.0, rng.range(46.0, 78.0));
        c.fill(&Shape::oval((tx, y - h / 2.0), 8.0, h / 2.0 + 2.0), tree);
    }
    let wall = p.low.lighter(0.6);
    c.fill(&Shape::rect(x - 34.0, y - 26.0, 68.0, 28.0), wall);
    c.fill(&Shape::rect(x - 34.0, y - 26.0, 22.0, 28.0), wall.darker(0.14));
    c.fill(
        &Shape::poly(&[
            (x - 40.0, y - 25.0),
            (x - 24.0, y - 50.0),
            (x + 28.0, y - 50.0),
            (x + 40.0, y - 25.0),
        ]),
        p.accent,
    );
    c.fill(
        &Shape::poly(&[(x - 40.0, y - 25.0), (x - 24.0, y - 50.0), (x - 8.0, y - 25.0)]),
        p.accent.darker(0.25),
    );
    c.fill(&Shape::rect(x + 8.0, y - 60.0, 7.0, 16.0), p.accent.darker(0.35));
    for wx in [-2.0, 16.0] {
        c.fill(&Shape::rect(x + wx, y - 17.0, 8.0, 9.0), p.near.alpha(0.75));
    }
    c.fill(&Shape::circle((x + 58.0, y - 16.0), 22.0), tree);
    c.fill(&Shape::circle((x + 80.0, y - 9.0), 15.0), tree.mix(p.far, 0.15));
}

/// Ploughed rows running to the vanishing point, over the brow of the nearest field.
fn furrows(c: &mut Canvas, p: &Palette, rng: &mut Rng, noise: &Noise, horizon: f32, near: f32) {
    let (w, h) = (c.w, c.h);
    let brow = ridge(w, 12.0, |x| near + 26.0 * noise.fbm(x / 600.0, 60.0, 2));
    let field = Shape::under(&brow, h + 5.0);
    let soil = p.near.mix(p.tones[2], 0.3);
    let crop = if rng.chance(0.5) { p.tones[1].mix(p.near, 0.25) } else { p.tones[2].mix(p.near, 0.22) };
    c.fill(&field, soil);
    let vanish = (w * rng.range(0.3, 0.7), lerp(horizon, near, 0.25));
    let (gap, bend) = (rng.range(150.0, 190.0), rng.range(60.0, 200.0) * rng.sign());
    c.clipped(&field, |c| {
        // A row at offset `k` gaps from the middle; depth t is 0 at the vanishing point and 1 at the bottom.
        let at = |k: f32, t: f32| {
            (vanish.0 + k * gap * t + bend * (t * (1.0 - t)) * 2.0, lerp(vanish.1, h + 10.0, t))
        };
        let strip = |from: f32, to: f32| {
            let mut points: Vec<Pt> = (0..=14).map(|i| at(from, i as f32 / 14.0)).collect();
            points.extend((0..=14).rev().map(|i| at(to, i as f32 / 14.0)));
            Shape::poly(&points)
        };
        for k in -34..=34 {
            let k = k as f32 + 0.08 * noise.at(k as f32 * 0.8, 90.0);
            c.fill(&strip(k - 0.32, k + 0.32), crop);
            c.fill(&strip(k - 0.32, k - 0.12), crop.lighter(0.22));
            c.fill(&strip(k + 0.2, k + 0.32), crop.mix(soil, 0.5));
        }
    });
    let (haze, reach) = (p.far.mix(p.low, 0.5), lerp(near, h, 0.8));
    let distance = Shape::under(&brow, reach);
    c.fill(&distance, Fill::down(near - 20.0, reach, haze.alpha(0.5), haze.alpha(0.0)));
    c.stroke(&Shape::line(&brow), 5.0, p.near.mix(p.far, 0.35));
}
