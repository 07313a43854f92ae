//! Sky, sea and space.

use crate::canvas::{Canvas, Fill, Pt, Shape, arc, ridge, sky, stroke, sun};
use crate::noise::{Noise, lerp};
use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use std::f32::consts::{PI, TAU};
use tiny_skia::{StrokeDash, Transform};

pub fn waves(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (w, h) = (c.w, c.h);
    let horizon = h * rng.range(0.36, 0.46);
    c.ground(sky(p, horizon));
    let left = rng.chance(0.5);
    let at = (
        w * if left { rng.range(0.27, 0.36) } else { rng.range(0.64, 0.73) },
        horizon - rng.range(20.0, 120.0),
    );
    sun(c, at, rng.range(85.0, 120.0), p.sun, 0.3);
    // Thin bars of cloud, one of them across the sun.
    for k in 0..3 {
        let (y, half) = (at.1 + lerp(-70.0, 50.0, k as f32 / 2.0), rng.range(110.0, 260.0));
        let x = at.0 + rng.range(-190.0, 190.0);
        let bar = Shape::round_rect(x - half, y, half * 2.0, 9.0, 4.5);
        c.fill(&bar, p.high.mix(p.low, 0.55).alpha(0.85));
    }
    let sea = |t: f32| p.far.mix(p.near, t);
    c.fill(&Shape::rect(-5.0, horizon, w + 10.0, h * 0.3), sea(0.12).mix(p.low, 0.15));
    glitter(c, p, rng, at.0, horizon);
    let boat = (w - at.0 + rng.range(-70.0, 70.0), horizon + 30.0);
    sail(c, p, boat, if left { -1.0 } else { 1.0 });
    let noise = Noise::new(rng.next());
    let rows = 8;
    for k in 0..rows {
        let t = k as f32 / (rows - 1) as f32;
        let base = lerp(horizon + 62.0, h * 0.97, t.powf(1.25));
        let (high, length) = (lerp(14.0, 135.0, t.powf(1.2)), lerp(90.0, 430.0, t));
        let phase = rng.range(0.0, 9.0);
        let crest = ridge(w, lerp(2.5, 3.0, t), |x| base - high * swell(&noise, x, length, phase, k as f32));
        let tone = sea(0.2 + 0.72 * t);
        let floor = (base + lerp(95.0, 210.0, t)).min(h + 5.0);
        c.fill(
            &Shape::under(&crest, floor),
            Fill::down(base - high, floor, tone.mix(p.low, 0.28 - 0.1 * t), tone),
        );
        // Lines that repeat the crest below it, wider apart and flatter the deeper they are.
        let lines = if k < 2 { 1 } else { 4 };
        for line in 1..=lines {
            let s = line as f32 / lines as f32;
            let drop = lerp(10.0, 30.0, t) * (line as f32).powf(1.15);
            let flat = 1.0 - 0.45 * s;
            let points: Vec<Pt> = crest.iter().map(|&(x, y)| (x, base - (base - y) * flat + drop)).collect();
            c.stroke(&Shape::line(&points), lerp(1.4, 3.4, t), p.low.alpha(0.34 * (1.0 - s * 0.75)));
        }
        // Foam: a band along the crest that thickens towards each peak.
        let mut foam = crest.clone();
        foam.extend(crest.iter().rev().map(|&(x, y)| {
            let s = ((base - y) / high).clamp(0.0, 1.0);
            (x, y + lerp(2.0, 4.0, t) + s * s * lerp(4.0, 26.0, t))
        }));
        c.fill(&Shape::poly(&foam), p.low.lighter(0.6).alpha(0.92));
    }
}

/// A row of waves, 0..1: round troughs and sharp crests, uneven like real ones.
fn swell(noise: &Noise, x: f32, length: f32, phase: f32, row: f32) -> f32 {
    let bend = noise.at(x / (length * 1.7), row * 7.0) * 0.9;
    let crest = 1.0 - (x / length * PI + phase + bend).sin().abs();
    let size = 0.76 + 0.24 * noise.at(x / (length * 1.3), row * 7.0 + 3.5);
    crest.powf(1.55) * size
}

/// The sun's path on the water: short bars, closer together towards the horizon.
fn glitter(c: &mut Canvas, p: &Palette, rng: &mut Rng, x: f32, horizon: f32) {
    for k in 0..9 {
        let t = k as f32 / 8.0;
        let half = rng.range(35.0, 105.0) * lerp(1.0, 0.7, t);
        let y = horizon + 6.0 + 75.0 * t.powf(1.2);
        let bar = Shape::round_rect(x - half + rng.range(-16.0, 16.0), y, half * 2.0, 4.0, 2.0);
        c.fill(&bar, p.sun.alpha(0.75));
    }
}

/// A small boat with a sail in the accent colour.
fn sail(c: &mut Canvas, p: &Palette, (x, y): Pt, lean: f32) {
    c.placed(Transform::from_row(lean, 0.0, 0.0, 1.0, x, y), |c| {
        c.fill(
            &Shape::build(|b| {
                b.move_to(4.0, -92.0);
                b.quad_to(46.0, -50.0, 40.0, -12.0);
                b.line_to(4.0, -12.0);
                b.close();
            }),
            p.accent,
        );
        c.fill(
            &Shape::build(|b| {
                b.move_to(-3.0, -78.0);
                b.quad_to(-26.0, -40.0, -28.0, -12.0);
                b.line_to(-3.0, -12.0);
                b.close();
            }),
            p.low.lighter(0.6),
        );
        c.stroke(&Shape::line(&[(0.5, -96.0), (0.5, -4.0)]), 3.0, p.near);
        c.fill(
            &Shape::build(|b| {
                b.move_to(-38.0, -7.0);
                b.line_to(46.0, -7.0);
                b.quad_to(36.0, 10.0, 20.0, 10.0);
                b.line_to(-22.0, 10.0);
                b.quad_to(-34.0, 8.0, -38.0, -7.0);
                b.close();
            }),
            p.near,
        );
        c.fill(&Shape::round_rect(-52.0, 9.0, 110.0, 4.0, 2.0), p.low.alpha(0.7));
    });
}

/// One cumulus: circles on a flat base. Its outline is sampled, so it can be shaded in steps.
struct Cloud {
    puffs: Vec<(f32, f32, f32)>,
    base: f32,
}

impl Cloud {
    fn new(rng: &mut Rng, x: f32, base: f32, width: f32) -> Self {
        let n = 6 + rng.below(4);
        let peak = rng.range(0.3, 0.7);
        let mut puffs = (0..n)
            .map(|i| {
                let t = (i as f32 + rng.range(0.25, 0.75)) / n as f32;
                // Tall near the peak, low at both ends.
                let tall = if t < peak { t / peak } else { (1.0 - t) / (1.0 - peak) };
                let r = width * lerp(0.07, 0.165, tall.powf(0.8)) * rng.range(0.8, 1.1);
                let lift = width * 0.2 * tall.powf(1.4) * rng.range(0.7, 1.1);
                (x + (t - 0.5) * (width - 0.14 * width), base - r * 0.8 - lift, r)
            })
            .collect::<Vec<_>>();
        // The outermost puffs rest on the base, which rounds both ends off.
        for end in [0, n - 1] {
            puffs[end].1 = base - puffs[end].2;
        }
        let (first, last) = (puffs[0], puffs[n - 1]);
        for puff in &mut puffs[1..n - 1] {
            puff.0 = puff.0.max(first.0 - 0.1 * first.2 + puff.2).min(last.0 + 0.1 * last.2 - puff.2);
        }
        Self { puffs, base }
    }

    /// The top and bottom at `x` of all puffs, shrunk about their own middles and moved.
    fn span(&self, x: f32, shrink: f32, (dx, dy): Pt) -> Option<Pt> {
        let (mut high, mut low) = (f32::MAX, f32::MIN);
        for &(px, py, r) in &self.puffs {
            let (px, py, r) = (px + dx, py + dy, r * shrink);
            let square = r * r - (x - px) * (x - px);
            if square > 0.0 {
                high = high.min(py - square.sqrt());
                low = low.max(py + square.sqrt());
            }
        }
        let flat = self.puffs[0].0..self.puffs[self.puffs.len() - 1].0;
        low = if flat.contains(&x) { self.base } else { low.min(self.base) };
        (high < low).then_some((high, low))
    }

    /// The outline of [`Cloud::span`], kept within the cloud.
    fn shape(&self, shrink: f32, moved: Pt) -> Shape {
        let left = self.puffs.iter().map(|p| p.0 - p.2).fold(f32::MAX, f32::min);
        let right = self.puffs.iter().map(|p| p.0 + p.2).fold(f32::MIN, f32::max);
        let n = ((right - left) / 2.0) as usize;
        let (mut top, mut bottom) = (Vec::with_capacity(n * 2), Vec::with_capacity(n));
        for i in 0..=n {
            let x = lerp(left, right, i as f32 / n as f32);
            if let (Some(whole), Some(part)) = (self.span(x, 1.0, (0.0, 0.0)), self.span(x, shrink, moved)) {
                top.push((x, whole.0.max(part.0)));
                bottom.push((x, whole.1.min(part.1)));
            }
        }
        top.extend(bottom.into_iter().rev());
        Shape::poly(&top)
    }

    fn top(&self) -> f32 {
        self.puffs.iter().map(|p| p.1 - p.2).fold(f32::MAX, f32::min)
    }

    fn draw(&self, c: &mut Canvas, lit: Ink, shade: Ink, from: f32, depth: f32) {
        let (top, size) = (self.top(), self.base - self.top());
        c.fill(&self.shape(1.0, (0.0, 0.0)), Fill::down(top, self.base, lit, lit.mix(shade, 0.55 * depth)));
        for (k, tone) in [0.22, 0.5].into_iter().enumerate() {
            let k = k as f32 + 1.0;
            let step = size * 0.085 * k;
            let shape = self.shape(1.0 - 0.09 * k, (from * step * 0.9, step));
            let (from, to) = (lit.mix(shade, tone * 0.7 * depth), lit.mix(shade, (tone + 0.4) * depth));
            c.fill(&shape, Fill::down(top + step, self.base, from, to));
        }
    }
}

pub fn clouds(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (w, h) = (c.w, c.h);
    c.ground(sky(p, h));
    let left = rng.chance(0.5);
    // Shadows fall away from the sun: +1 to the right.
    let away = if left { 1.0 } else { -1.0 };
    let light =
        (w * if left { rng.range(0.16, 0.3) } else { rng.range(0.7, 0.84) }, h * rng.range(0.15, 0.28));
    sun(c, light, rng.range(55.0, 80.0), p.sun, 0.45);
    let white = p.low.lighter(0.8);
    let shade = p.far.mix(p.high, 0.45);
    // High wisps.
    for _ in 0..5 {
        let (x, y, half) = (rng.range(0.0, w), rng.range(40.0, 380.0), rng.range(80.0, 240.0));
        c.fill(&Shape::oval((x, y), half, 4.0), white.alpha(0.3));
        c.fill(&Shape::oval((x + half * 0.4, y + 9.0), half * 0.6, 3.0), white.alpha(0.3));
    }
    // A bank of distant clouds along the horizon, then nearer and larger ones.
    for k in 0..9 {
        let x = (k as f32 + rng.range(-0.3, 0.3)) * w / 8.0;
        let (base, width) = (h * rng.range(0.76, 0.8), rng.range(190.0, 330.0));
        let cloud = Cloud::new(rng, x, base, width);
        cloud.draw(c, white.mix(p.low, 0.45), shade.mix(p.low, 0.5), away, 0.6);
    }
    for k in 0..3 {
        let x = w * (k as f32 + rng.range(0.2, 0.8)) / 3.0;
        let (base, width) = (h * rng.range(0.64, 0.71), rng.range(260.0, 420.0));
        let cloud = Cloud::new(rng, x, base, width);
        cloud.draw(c, white.mix(p.low, 0.2), shade.mix(p.low, 0.2), away, 0.85);
    }
    // The hero stands on the third opposite the sun.
    let x = w * if left { rng.range(0.6, 0.68) } else { rng.range(0.32, 0.4) };
    let (base, width) = (h * rng.range(0.56, 0.64), rng.range(720.0, 860.0));
    Cloud::new(rng, x, base, width).draw(c, white, shade, away, 1.0);
    let (base, width) = (base + rng.range(36.0, 60.0), rng.range(320.0, 430.0));
    Cloud::new(rng, x - away * 330.0, base, width).draw(c, white, shade, away, 1.0);
    let small = (w - x, h * rng.range(0.36, 0.46));
    Cloud::new(rng, small.0, small.1, 240.0).draw(c, white, shade, away, 0.9);
    // Low hills ground the picture.
    let noise = Noise::new(rng.next());
    for k in 0..3 {
        let k = k as f32;
        let y0 = h * (0.87 + 0.045 * k);
        let crest = ridge(w, 10.0, |x| y0 - 42.0 * noise.fbm(x / 380.0, k * 5.0, 3));
        let tone = p.far.mix(p.near, 0.12 + 0.4 * k);
        c.fill(&Shape::under(&crest, h + 5.0), Fill::down(y0 - 40.0, y0 + 110.0, tone, tone.mix(p.low, 0.3)));
    }
    balloon(
        c,
        p,
        (w * if left { rng.range(0.3, 0.38) } else { rng.range(0.62, 0.7) }, h * rng.range(0.5, 0.58)),
    );
}

/// A hot-air balloon, striped in the accent colour.
fn balloon(c: &mut Canvas, p: &Palette, (x, y): Pt) {
    let envelope = |half: f32| {
        Shape::build(|b| {
            b.move_to(x, y - 62.0);
            b.cubic_to(x + half * 1.35, y - 62.0, x + half * 1.35, y - 4.0, x + half * 0.22, y + 42.0);
            b.line_to(x - half * 0.22, y + 42.0);
            b.cubic_to(x - half * 1.35, y - 4.0, x - half * 1.35, y - 62.0, x, y - 62.0);
            b.close();
        })
    };
    c.fill(&envelope(47.0), p.accent);
    c.fill(&envelope(33.0), p.low.lighter(0.5));
    c.fill(&envelope(17.0), p.accent);
    c.clipped(&envelope(47.0), |c| {
        c.fill(
            &Shape::rect(x - 60.0, y - 70.0, 120.0, 120.0),
            Fill::across(x - 10.0, x + 50.0, p.near.alpha(0.0), p.near.alpha(0.4)),
        );
    });
    for side in [-1.0, 1.0] {
        c.stroke(&Shape::line(&[(x + side * 9.0, y + 42.0), (x + side * 7.0, y + 62.0)]), 1.6, p.near);
    }
    c.fill(&Shape::round_rect(x - 9.0, y + 60.0, 18.0, 14.0, 3.0), p.near);
}

pub fn orbit(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (w, h) = (c.w, c.h);
    // Space is dark even in a palette whose skies are light.
    let (deep, line) = if p.paper.light() < 0.5 { (p.paper, p.ink) } else { (p.near, p.paper) };
    let glow = if p.high.light() < 0.6 { p.high } else { deep.mix(p.far, 0.3) };
    let left = rng.chance(0.5);
    let star =
        (w * if left { rng.range(0.3, 0.37) } else { rng.range(0.63, 0.7) }, h * rng.range(0.46, 0.56));
    c.ground(deep);
    // Light in flat steps: in keeping with the ellipses, and a smooth glow this large packs badly.
    for k in 0..7 {
        let r = w * 0.1 * (7.4 - k as f32);
        c.fill(&Shape::circle(star, r), glow.alpha(0.085 + 0.012 * k as f32));
    }
    stars(c, rng, line);
    let warm = if p.sun == p.accent { p.accent } else { p.sun.mix(p.accent, 0.25) };
    let tilt = rng.range(-0.3, -0.16) * if left { 1.0 } else { -1.0 };
    let flat = rng.range(0.3, 0.4);
    let turn = Transform::from_rotate_at(tilt.to_degrees(), star.0, star.1);
    let mut radii = vec![185.0];
    let mut r = 185.0 * rng.range(1.27, 1.42);
    while r < w * 0.86 {
        radii.push(r);
        r *= rng.range(1.27, 1.42);
    }
    // Planets: an angle each, spread so that they never line up. sin > 0 is in front of the star.
    let mut angle = rng.range(0.0, TAU);
    let tones = [p.tones[2], p.tones[1], p.accent, p.tones[4], p.tones[1].mix(p.tones[2], 0.5), p.tones[3]];
    let ringed = 2 + rng.below(2);
    let mut bodies = Vec::new();
    for (k, &r) in radii.iter().enumerate() {
        angle += rng.range(1.7, 2.5);
        let mut at = (star.0 + r * angle.cos(), star.1 + r * flat * angle.sin());
        // Keep outer planets in the picture.
        for _ in 0..12 {
            let seen = rotated(at, star, tilt);
            if seen.0 > 110.0 && seen.0 < w - 110.0 && seen.1 > 90.0 && seen.1 < h - 90.0 {
                break;
            }
            angle += 0.5;
            at = (star.0 + r * angle.cos(), star.1 + r * flat * angle.sin());
        }
        let size = [16.0, 25.0, 44.0, 62.0, 36.0, 28.0][k % 6] * rng.range(0.85, 1.15);
        bodies.push((rotated(at, star, tilt), size, tones[k % tones.len()], k == ringed));
    }
    c.placed(turn, |c| {
        for (k, &r) in radii.iter().enumerate() {
            let dashed = k % 3 == 2;
            let mut stroke = stroke(if dashed { 2.2 } else { 1.8 });
            stroke.dash = if dashed { StrokeDash::new(vec![3.0, 11.0], 0.0) } else { None };
            c.stroke_with(
                &Shape::oval(star, r, r * flat),
                &stroke,
                line.alpha(if dashed { 0.6 } else { 0.38 }),
            );
        }
    });
    sun(c, star, 78.0, warm, 0.5);
    c.fill(
        &Shape::circle(star, 78.0),
        Fill::glow((star.0 - 18.0, star.1 - 18.0), 110.0, warm.lighter(0.45), warm.alpha(0.0)),
    );
    // The near half of the inner orbit passes in front.
    c.placed(turn, |c| {
        let near = arc(star, radii[0], radii[0] * flat, 0.35, PI - 0.35);
        c.stroke(&Shape::line(&near), 1.8, line.alpha(0.45));
    });
    for (at, size, tone, ring) in bodies {
        planet(c, at, size, tone, star, deep, ring.then_some(line));
    }
}

fn rotated(at: Pt, about: Pt, angle: f32) -> Pt {
    let (dx, dy) = (at.0 - about.0, at.1 - about.1);
    (about.0 + dx * angle.cos() - dy * angle.sin(), about.1 + dx * angle.sin() + dy * angle.cos())
}

fn stars(c: &mut Canvas, rng: &mut Rng, ink: Ink) {
    for (count, r, alpha) in [(190, 1.3, 0.45), (60, 2.0, 0.7), (12, 3.0, 0.9)] {
        let field = Shape::build(|b| {
            for _ in 0..count {
                b.push_circle(rng.range(0.0, c.w), rng.range(0.0, c.h), r * rng.range(0.7, 1.2));
            }
        });
        c.fill(&field, ink.alpha(alpha));
    }
}

/// A banded ball lit from the star's side.
fn planet(c: &mut Canvas, at: Pt, r: f32, tone: Ink, star: Pt, dark: Ink, ring: Option<Ink>) {
    let far = ((star.0 - at.0).powi(2) + (star.1 - at.1).powi(2)).sqrt().max(1.0);
    let to = ((star.0 - at.0) / far, (star.1 - at.1) / far);
    let lean = Transform::from_rotate_at(-18.0, at.0, at.1);
    let half_ring = |c: &mut Canvas, from: f32, to: f32| {
        if let Some(ink) = ring {
            c.placed(lean, |c| {
                for (k, width) in [(1.55, 5.0), (1.8, 9.0), (2.05, 3.0)] {
                    c.stroke_with(
                        &Shape::line(&arc(at, r * k, r * k * 0.3, from, to)),
                        &stroke(width),
                        ink.mix(tone, 0.35).alpha(0.85),
                    );
                }
            });
        }
    };
    half_ring(c, PI, TAU);
    let ball = Shape::circle(at, r);
    c.fill(&ball, tone);
    if r > 24.0 {
        c.clipped(&ball, |c| {
            c.placed(lean, |c| {
                for (k, band) in [(-0.55, 0.18), (-0.15, 0.26), (0.4, 0.14)] {
                    c.fill(
                        &Shape::rect(at.0 - r, at.1 + k * r, 2.0 * r, band * r),
                        tone.lighter(0.35).alpha(0.6),
                    );
                }
            });
        });
    }
    let light = (at.0 + to.0 * r * 0.75, at.1 + to.1 * r * 0.75);
    let shade = vec![
        (0.0, tone.lighter(0.5).alpha(0.55)),
        (0.35, dark.alpha(0.0)),
        (0.7, dark.alpha(0.5)),
        (1.0, dark.alpha(0.88)),
    ];
    c.fill(&ball, Fill::Disc(light, r * 1.8, shade));
    half_ring(c, 0.0, PI);
}
