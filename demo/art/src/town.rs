//! Towns: from across the river, and from above.

use crate::canvas::{Canvas, Fill, Pt, Shape, ridge, sky, stroke, sun};
use crate::noise::{Noise, lerp};
use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use tiny_skia::{LineCap, PathBuilder, Rect, Transform};

fn push_rect(b: &mut PathBuilder, x: f32, y: f32, w: f32, h: f32) {
    if let Some(rect) = Rect::from_xywh(x, y, w, h) {
        b.push_rect(rect);
    }
}

pub fn skyline(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (w, h) = (c.w, c.h);
    let quay = h * 0.83;
    c.ground(sky(p, quay));
    let left = rng.chance(0.5);
    let light =
        (w * if left { rng.range(0.22, 0.34) } else { rng.range(0.66, 0.78) }, h * rng.range(0.24, 0.36));
    sun(c, light, rng.range(62.0, 92.0), p.sun, 0.4);
    let noise = Noise::new(rng.next());
    // Towers gather away from the sun.
    let centre = w * if left { 0.66 } else { 0.34 };
    let lamp = if p.sun == p.accent { p.tones[2] } else { p.sun };
    let layers = 4;
    for k in 0..layers {
        let t = k as f32 / (layers - 1) as f32;
        let tone = p.far.mix(p.near, 0.06 + 0.86 * t.powf(1.15)).mix(p.low, 0.3 * (1.0 - t));
        let mut x = -rng.range(10.0, 60.0);
        while x < w {
            let bw = rng.range(48.0, 104.0) * lerp(0.85, 1.25, t);
            let near = 1.0 - ((x + bw / 2.0 - centre) / (w * 0.5)).powi(2).min(1.0);
            let tall = lerp(0.26, 0.6, near) * h * lerp(1.0, 0.52, t) * rng.range(0.66, 1.12);
            let rise = tall * (0.85 + 0.25 * noise.at(x / 200.0, k as f32 * 9.0));
            building(c, rng, (x, quay - rise), (bw, rise + 4.0), tone, lamp, t);
            x += bw + if rng.chance(0.3) { rng.range(4.0, 26.0) } else { 0.0 };
        }
        // Haze pools between the layers.
        if k + 1 < layers {
            let haze = Fill::down(quay - 260.0, quay, p.low.alpha(0.0), p.low.alpha(0.6 - 0.3 * t));
            c.fill(&Shape::rect(-5.0, quay - 260.0, w + 10.0, 260.0), haze);
        }
    }
    river(c, p, rng, light, quay, lamp);
}

/// One building, its roof and (when near enough) its windows. `t` is 0 for the farthest layer.
fn building(c: &mut Canvas, rng: &mut Rng, (x, y): Pt, (w, h): Pt, tone: Ink, lamp: Ink, t: f32) {
    let mid = x + w / 2.0;
    let body = Shape::build(|b| {
        push_rect(b, x, y, w, h);
        match rng.below(9) {
            0 => {
                // Setbacks and a spire.
                push_rect(b, x + w * 0.16, y - 34.0, w * 0.68, 36.0);
                push_rect(b, x + w * 0.32, y - 60.0, w * 0.36, 28.0);
                push_rect(b, mid - 1.6, y - 128.0, 3.2, 70.0);
            }
            1 => {
                b.move_to(x, y + 1.0);
                b.line_to(x + w, y - w * 0.42);
                b.line_to(x + w, y + 1.0);
                b.close();
            }
            2 => {
                b.move_to(x, y + 1.0);
                b.line_to(mid, y - w * 0.5);
                b.line_to(x + w, y + 1.0);
                b.close();
            }
            3 => {
                // A water tank on legs.
                let tx = x + w * rng.range(0.2, 0.5);
                push_rect(b, tx + 3.0, y - 20.0, 3.0, 21.0);
                push_rect(b, tx + 22.0, y - 20.0, 3.0, 21.0);
                push_rect(b, tx, y - 46.0, 28.0, 28.0);
                b.move_to(tx - 3.0, y - 45.0);
                b.line_to(tx + 14.0, y - 60.0);
                b.line_to(tx + 31.0, y - 45.0);
                b.close();
            }
            4 => b.push_circle(mid, y, w * 0.36),
            5 => {
                push_rect(b, x + w * 0.2, y - 18.0, w * 0.3, 20.0);
                push_rect(b, x + w * 0.72, y - 54.0, 2.6, 56.0);
            }
            6 => push_rect(b, x + w * 0.12, y - 12.0, w * 0.76, 14.0),
            _ => {}
        }
    });
    c.fill(&body, tone);
    // The face turned from the light.
    c.fill(&Shape::rect(x + w * 0.64, y, w * 0.36, h), tone.darker(0.16 * (0.3 + t)));
    if t < 0.3 {
        return;
    }
    let (gx, gy) = *rng.pick(&[(13.0, 19.0), (16.0, 17.0), (11.0, 24.0)]);
    let (wide, high) = (gx * 0.5, gy * 0.52);
    let (cols, rows) = (((w - 12.0) / gx) as usize, ((h - 20.0) / gy) as usize);
    let inset = (w - cols as f32 * gx + gx - wide) / 2.0;
    let busy = rng.range(0.14, 0.42);
    let mut row_lit = false;
    let (mut lit, mut dark) = (PathBuilder::new(), PathBuilder::new());
    for row in 0..rows {
        for col in 0..cols {
            // Lit windows come in runs, as rooms do.
            row_lit = if rng.chance(0.45) { rng.chance(busy) } else { row_lit };
            let windows = if row_lit { &mut lit } else { &mut dark };
            push_rect(windows, x + inset + col as f32 * gx, y + 14.0 + row as f32 * gy, wide, high);
        }
    }
    c.fill(&dark.finish().into(), tone.darker(0.3).alpha(0.5));
    c.fill(&lit.finish().into(), lamp.mix(tone, 0.42 * (1.0 - t)).alpha(0.92));
}

/// The river in front of the town, with broken reflections.
fn river(c: &mut Canvas, p: &Palette, rng: &mut Rng, light: Pt, quay: f32, lamp: Ink) {
    let (w, h) = (c.w, c.h);
    let water = p.far.mix(p.near, 0.5);
    c.fill(
        &Shape::rect(-5.0, quay, w + 10.0, h - quay + 5.0),
        Fill::down(quay, h, water.mix(p.low, 0.25), p.near),
    );
    let strokes = |rng: &mut Rng, x: f32, spread: f32, n: usize| {
        Shape::build(|b| {
            for i in 0..n {
                let t = i as f32 / n as f32;
                let half = spread * rng.range(0.3, 1.0) * lerp(1.0, 0.55, t);
                let y = quay + 14.0 + (h - quay - 20.0) * t;
                push_rect(b, x - half + rng.range(-0.4, 0.4) * spread, y, half * 2.0, lerp(2.0, 4.0, t));
            }
        })
    };
    for _ in 0..26 {
        let (x, spread) = (rng.range(0.0, w), rng.range(14.0, 50.0));
        c.fill(&strokes(rng, x, spread, 7), p.near.alpha(0.4));
    }
    for _ in 0..22 {
        let (x, spread) = (rng.range(0.0, w), rng.range(5.0, 13.0));
        c.fill(&strokes(rng, x, spread, 9), lamp.alpha(0.35));
    }
    c.fill(&strokes(rng, light.0, 95.0, 13), p.sun.alpha(0.7));
    c.fill(&Shape::rect(-5.0, quay - 3.0, w + 10.0, 9.0), p.near);
}

/// One half of the town: its own street grid at its own angle.
struct Quarter {
    turn: f32,
    avenues: Vec<Pt>,
}

pub fn streetmap(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (w, h) = (c.w, c.h);
    let night = p.paper.light() < 0.5;
    let land = if night { p.paper } else { p.paper.mix(p.tones[4], 0.35) };
    let street = if night { p.paper.mix(p.tones[1], 0.45) } else { p.paper.lighter(0.6) };
    let block = if night { p.paper.lighter(0.06) } else { p.tones[4].mix(p.paper, 0.25) };
    let water = if night { p.tones[1] } else { Ink::hex(0x9fc0cc).mix(p.tones[1], 0.18) };
    let green =
        if night { p.tones[0].mix(p.tones[1], 0.4) } else { Ink::hex(0x9db68c).mix(p.tones[0], 0.12) };
    let road = p.tones[2].mix(p.paper, if night { 0.1 } else { 0.3 });
    c.ground(land);
    let noise = Noise::new(rng.next());
    // The river crosses from side to side or from top to bottom, and parts the two quarters.
    let lie = rng.range(0.38, 0.62);
    let slope = rng.range(0.12, 0.34) * rng.sign();
    let course = |x: f32| h * (lie + slope * (x / w - 0.5)) + 110.0 * noise.fbm(x / 520.0, 2.0, 2);
    let bank = ridge(w, 25.0, course);
    let first = rng.range(-0.5, 0.5);
    let warm = block.mix(p.tones[2], if night { 0.0 } else { 0.09 });
    let blocks = [block, warm, block.darker(0.035), block.lighter(if night { 0.05 } else { 0.25 })];
    let mut quarters = Vec::new();
    for (side, turn) in [(-1.0, first), (1.0, first + rng.range(0.3, 0.7) * rng.sign())] {
        let half = Shape::under(&bank, if side < 0.0 { -10.0 } else { h + 10.0 });
        let middle = (w / 2.0, h * if side < 0.0 { 0.22 } else { 0.78 });
        let mut quarter = Quarter { turn, avenues: Vec::new() };
        c.clipped(&half, |c| {
            c.fill(&half, street);
            c.placed(Transform::from_translate(middle.0, middle.1).pre_rotate(turn.to_degrees()), |c| {
                quarter.avenues = grid(c, rng, w.max(h) * 0.66, &blocks, green, street);
            });
        });
        quarters.push((quarter, middle));
    }
    // Water over everything, with embankments along it.
    let wide = rng.range(80.0, 120.0);
    let flow = Shape::curve(&bank);
    c.stroke(&flow, wide + 30.0, street);
    c.stroke(&flow, wide + 8.0, water.darker(0.12));
    c.stroke(&flow, wide, water);
    for offset in [-0.22, 0.05, 0.27] {
        let line: Vec<Pt> = bank.iter().map(|&(x, y)| (x, y + offset * wide)).collect();
        c.stroke(&Shape::curve(&line), 2.0, water.lighter(0.3).alpha(0.6));
    }
    // Main roads run along the first quarter's avenues and bridge the river.
    let mut roads = Vec::new();
    let (quarter, middle) = &quarters[0];
    let (sin, cos) = quarter.turn.sin_cos();
    for &(x, _) in &quarter.avenues {
        let at = |y: f32| (middle.0 + x * cos - y * sin, middle.1 + x * sin + y * cos);
        roads.push(Shape::line(&[at(-w), at(w)]));
    }
    let rim: Vec<Pt> = bank.iter().map(|&(x, y)| (x, y - wide * 0.5 - 62.0)).collect();
    roads.push(Shape::curve(&rim));
    for path in &roads {
        c.stroke(path, 21.0, if night { p.paper } else { road.darker(0.22) });
    }
    for path in &roads {
        c.stroke(path, 15.0, road);
    }
    railway(c, p, rng, land, night);
    let x = w * rng.range(0.32, 0.68);
    let y = course(x) + rng.sign() * rng.range(150.0, 220.0);
    pin(c, p.accent, land, (x, y.clamp(190.0, h - 80.0)));
}

/// Streets and blocks around the origin, with a park. Returns where the wide avenues are.
fn grid(c: &mut Canvas, rng: &mut Rng, reach: f32, blocks: &[Ink], green: Ink, street: Ink) -> Vec<Pt> {
    let cuts = |rng: &mut Rng, small: f32, large: f32| {
        let mut at = vec![-reach];
        while at[at.len() - 1] < reach {
            at.push(at[at.len() - 1] + rng.range(small, large));
        }
        at
    };
    let (xs, ys) = (cuts(rng, 92.0, 168.0), cuts(rng, 66.0, 104.0));
    let park = (xs.len() / 2 + rng.below(3) - 1, ys.len() / 2 + rng.below(2) - 1);
    for i in 1..xs.len() {
        for j in 1..ys.len() {
            if (park.0..park.0 + 2).contains(&i) && (park.1..park.1 + 3).contains(&j) {
                continue;
            }
            let gap = 4.5;
            let (x, y) = (xs[i - 1] + gap, ys[j - 1] + gap);
            let (bw, bh) = (xs[i] - x - gap, ys[j] - y - gap);
            let tone = if rng.chance(0.035) { green } else { *rng.pick(blocks) };
            c.fill(&Shape::round_rect(x, y, bw, bh, 4.0), tone);
            // Some blocks are cut by a lane or hollowed by a courtyard.
            match rng.below(5) {
                0 => c.fill(&Shape::rect(x + bw * rng.range(0.35, 0.65), y, 5.0, bh), street),
                1 => c.fill(&Shape::rect(x + bw * 0.3, y + bh * 0.3, bw * 0.4, bh * 0.4), tone.darker(0.07)),
                _ => {}
            }
        }
    }
    let (x0, y0) = (xs[park.0 - 1] + 4.0, ys[park.1 - 1] + 4.0);
    let (x1, y1) = (xs[park.0 + 1] - 4.0, ys[park.1 + 2] - 4.0);
    c.fill(&Shape::round_rect(x0, y0, x1 - x0, y1 - y0, 14.0), green);
    let (mx, my) = (lerp(x0, x1, 0.5), lerp(y0, y1, 0.5));
    let path = [(x0, y1), (lerp(x0, mx, 0.5), my), (mx, lerp(my, y0, 0.3)), (x1, y0)];
    c.stroke(&Shape::curve(&path), 5.0, green.lighter(0.55));
    c.stroke(&Shape::curve(&[(x0, y0), (mx, lerp(y0, my, 0.7)), (x1, y1)]), 4.0, green.lighter(0.55));
    c.fill(
        &Shape::oval((lerp(mx, x1, 0.35), lerp(my, y1, 0.4)), (x1 - x0) * 0.16, (y1 - y0) * 0.12),
        Ink::hex(0x9cbac4),
    );
    let trees = Shape::build(|b| {
        for _ in 0..46 {
            b.push_circle(
                rng.range(x0 + 12.0, x1 - 12.0),
                rng.range(y0 + 12.0, y1 - 12.0),
                rng.range(4.0, 8.0),
            );
        }
    });
    c.fill(&trees, green.darker(0.2).alpha(0.75));
    let middle = xs.len() / 2;
    vec![(xs[middle.saturating_sub(3)], 0.0), (xs[(middle + 3).min(xs.len() - 1)], 0.0)]
}

fn railway(c: &mut Canvas, p: &Palette, rng: &mut Rng, land: Ink, night: bool) {
    let (w, h) = (c.w, c.h);
    let edge = if rng.chance(0.5) { 0.12 } else { 0.88 };
    let track = [
        (w * edge, -30.0),
        (w * (edge + 0.02), h * 0.35),
        (w * lerp(edge, 0.5, 0.12), h * 0.7),
        (w * lerp(edge, 0.5, 0.3), h + 30.0),
    ];
    let ink = if night { p.tones[4].alpha(0.8) } else { p.ink.mix(land, 0.35) };
    let line = Shape::curve(&track);
    c.stroke(&line, 7.0, ink);
    let mut ties = stroke(4.0);
    ties.line_cap = LineCap::Butt;
    ties.dash = tiny_skia::StrokeDash::new(vec![13.0, 13.0], 0.0);
    c.stroke_with(&line, &ties, land.lighter(0.3));
}

fn pin(c: &mut Canvas, red: Ink, land: Ink, (x, y): Pt) {
    c.fill(&Shape::oval((x + 7.0, y + 2.0), 26.0, 8.0), Ink::hex(0).alpha(0.22));
    let drop = Shape::build(|b| {
        b.move_to(x, y);
        b.cubic_to(x - 12.0, y - 34.0, x - 44.0, y - 52.0, x - 44.0, y - 88.0);
        b.cubic_to(x - 44.0, y - 146.0, x + 44.0, y - 146.0, x + 44.0, y - 88.0);
        b.cubic_to(x + 44.0, y - 52.0, x + 12.0, y - 34.0, x, y);
        b.close();
    });
    c.fill(&drop, red);
    c.fill(&Shape::circle((x, y - 88.0), 16.0), land.lighter(0.8));
}
