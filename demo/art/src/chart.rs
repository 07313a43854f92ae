//! Charts without words: axes, gridlines and one series that matters.

use crate::canvas::{Canvas, Fill, Pt, Shape, stroke};
use crate::noise::{Noise, lerp};
use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use tiny_skia::StrokeDash;

/// The plotting area.
struct Plot {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
}

impl Plot {
    fn at(&self, x: f32, y: f32) -> Pt {
        (lerp(self.left, self.right, x), lerp(self.bottom, self.top, y))
    }
}

/// Colours that read on this palette's paper.
struct Inks {
    quiet: [Ink; 3],
    accent: Ink,
    line: Ink,
}

/// Paper, gridlines and axes. `rows` and `cols` are how many gridlines there are.
fn plot_area(c: &mut Canvas, p: &Palette, rows: usize, cols: usize) -> (Plot, Inks) {
    let dark = p.paper.light() < 0.5;
    let paper = if dark { p.paper } else { p.paper.mix(p.tones[4], 0.16) };
    c.ground(paper);
    let quiet = if dark {
        [p.tones[1].lighter(0.08), p.tones[1].mix(paper, 0.45), p.tones[4].mix(paper, 0.4)]
    } else {
        [p.tones[1].mix(paper, 0.25), p.tones[1].mix(paper, 0.52), p.tones[0].mix(paper, 0.2)]
    };
    let inks = Inks { quiet, accent: p.accent, line: p.ink };
    // Wide margins, a little more of them below: the eye sets a picture's middle high.
    let plot = Plot { left: c.w * 0.1, right: c.w * 0.9, top: 130.0, bottom: 850.0 };
    let grid = p.ink.mix(paper, 0.5).alpha(0.28);
    for k in 0..rows {
        let y = lerp(plot.bottom, plot.top, (k + 1) as f32 / rows as f32);
        c.stroke(&Shape::line(&[(plot.left, y), (plot.right, y)]), 2.0, grid);
    }
    for k in 1..cols {
        let x = lerp(plot.left, plot.right, k as f32 / cols as f32);
        c.stroke(&Shape::line(&[(x, plot.top), (x, plot.bottom)]), 2.0, grid.alpha(0.17));
    }
    (plot, inks)
}

fn axis(c: &mut Canvas, plot: &Plot, ink: Ink, ticks: usize) {
    for k in 0..=ticks {
        let x = lerp(plot.left, plot.right, k as f32 / ticks as f32);
        c.stroke(&Shape::line(&[(x, plot.bottom), (x, plot.bottom + 14.0)]), 3.0, ink.alpha(0.7));
    }
    c.stroke(&Shape::line(&[(plot.left - 14.0, plot.bottom), (plot.right + 14.0, plot.bottom)]), 5.0, ink);
}

fn dashed(c: &mut Canvas, points: &[Pt], width: f32, ink: Ink) {
    let mut stroke = stroke(width);
    stroke.dash = StrokeDash::new(vec![width * 3.2, width * 3.0], 0.0);
    c.stroke_with(&Shape::line(points), &stroke, ink);
}

pub fn bars(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let style = rng.below(3);
    let n = if style == 1 { 8 } else { 9 + rng.below(5) };
    let (plot, inks) = plot_area(c, p, 5, 0);
    let noise = Noise::new(rng.next());
    let (rise, peak) = (rng.range(-0.25, 0.45), rng.range(0.2, 0.85));
    // A trend and a hump make a story; noise alone would not.
    let shape = |t: f32, row: f32| {
        let hump = (-((t - peak) / 0.22).powi(2)).exp();
        (0.42 + rise * (t - 0.5) + 0.36 * hump + 0.2 * noise.at(t * 7.0, row)).max(0.08)
    };
    let middle = |k: usize| (k as f32 + 0.5) / n as f32;
    let hero = (0..n).max_by(|&a, &b| shape(middle(a), 0.0).total_cmp(&shape(middle(b), 0.0))).unwrap_or(0);
    let scale = 0.93 / shape(middle(hero), 0.0);
    let value = |t: f32, row: f32| (shape(t, row) * scale).min(0.97);
    let slot = (plot.right - plot.left) / n as f32;
    let bar = |c: &mut Canvas, x: f32, w: f32, from: f32, to: f32, ink: Ink| {
        let (y0, y1) = (plot.at(0.0, from).1, plot.at(0.0, to).1);
        c.fill(&Shape::rect(x, y1, w, y0 - y1), ink);
    };
    for k in 0..n {
        let t = middle(k);
        let x = plot.left + slot * k as f32;
        let v = value(t, 0.0);
        match style {
            0 => bar(
                c,
                x + slot * 0.16,
                slot * 0.68,
                0.0,
                v,
                if k == hero { inks.accent } else { inks.quiet[0] },
            ),
            1 => {
                let prior = v * rng.range(0.6, 1.08).min(0.97 / v);
                bar(c, x + slot * 0.14, slot * 0.34, 0.0, prior, inks.quiet[1]);
                bar(
                    c,
                    x + slot * 0.5,
                    slot * 0.34,
                    0.0,
                    v,
                    if k == hero { inks.accent } else { inks.quiet[2] },
                );
            }
            _ => {
                let (a, b) = (v * lerp(0.28, 0.5, t), v * lerp(0.62, 0.78, t));
                bar(c, x + slot * 0.14, slot * 0.72, 0.0, a, inks.accent);
                bar(c, x + slot * 0.14, slot * 0.72, a, b, inks.quiet[0]);
                bar(c, x + slot * 0.14, slot * 0.72, b, v, inks.quiet[1]);
            }
        }
    }
    if style == 0 {
        let mean = (0..n).map(|k| value(middle(k), 0.0)).sum::<f32>() / n as f32;
        dashed(c, &[plot.at(-0.01, mean), plot.at(1.01, mean)], 4.0, inks.line);
    }
    axis(c, &plot, inks.line, n);
}

pub fn lines(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (plot, inks) = plot_area(c, p, 5, 8);
    let noise = Noise::new(rng.next());
    let steps = 48;
    let walk = |row: f32, from: f32, to: f32, rough: f32| -> Vec<f32> {
        (0..=steps)
            .map(|i| i as f32 / steps as f32)
            .map(|t| {
                (lerp(from, to, t * t * (3.0 - 2.0 * t)) + rough * noise.fbm(t * 5.0, row, 3))
                    .clamp(0.03, 0.98)
            })
            .collect()
    };
    let points = |values: &[f32]| -> Vec<Pt> {
        values.iter().enumerate().map(|(i, &v)| plot.at(i as f32 / steps as f32, v)).collect()
    };
    let up = rng.chance(0.7);
    let (from, to) = if up {
        (rng.range(0.12, 0.25), rng.range(0.74, 0.88))
    } else {
        (rng.range(0.7, 0.85), rng.range(0.16, 0.3))
    };
    let hero = walk(1.0, from, to, 0.13);
    let others = 2 + rng.below(3);
    for k in 0..others {
        let start = lerp(0.18, 0.62, (k as f32 + 0.5) / others as f32);
        let series = walk(10.0 + k as f32 * 7.0, start, start + rng.range(-0.1, 0.16), 0.12);
        c.stroke(&Shape::line(&points(&series)), 4.5, inks.quiet[k % 2]);
        c.fill(&Shape::circle(plot.at(1.0, series[steps]), 8.0), inks.quiet[k % 2]);
    }
    let trace = points(&hero);
    if rng.chance(0.5) {
        let fade = Fill::down(plot.top, plot.bottom, inks.accent.alpha(0.28), inks.accent.alpha(0.02));
        c.fill(&Shape::under(&trace, plot.bottom), fade);
    } else {
        // A margin of doubt that opens with time.
        let spread = |sign: f32| -> Vec<Pt> {
            let wide = |i: usize| sign * lerp(0.015, 0.13, i as f32 / steps as f32);
            hero.iter()
                .enumerate()
                .map(|(i, v)| plot.at(i as f32 / steps as f32, (v + wide(i)).clamp(0.0, 1.0)))
                .collect()
        };
        let mut band = spread(1.0);
        band.extend(spread(-1.0).into_iter().rev());
        c.fill(&Shape::poly(&band), inks.accent.alpha(0.16));
    }
    // Something happened here.
    let turn = steps * 5 / 8;
    let (x, y) = trace[turn];
    dashed(c, &[(x, plot.bottom), (x, y)], 3.0, inks.line.alpha(0.55));
    c.stroke(&Shape::line(&trace), 9.0, inks.accent);
    for (at, r) in [((x, y), 13.0), (trace[steps], 17.0)] {
        c.fill(&Shape::circle(at, r), inks.accent);
        c.fill(&Shape::circle(at, r * 0.48), p.paper);
    }
    axis(c, &plot, inks.line, 8);
}

pub fn dots(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (plot, inks) = plot_area(c, p, 5, 8);
    let bubbles = rng.chance(0.5);
    let (from, to) = if rng.chance(0.7) { (0.2, 0.78) } else { (0.78, 0.24) };
    let trend = |t: f32| lerp(from, to, t);
    let n = if bubbles { 54 } else { 130 };
    let mut seen: Vec<(Pt, f32)> = Vec::new();
    for k in 0..n {
        // Three numbers together lean towards the middle, as measurements do.
        let off = (rng.unit() + rng.unit() + rng.unit() - 1.5) * 0.34;
        let t = ((k as f32 + rng.unit()) / n as f32).mul_add(0.92, 0.04);
        let y = trend(t) + off;
        // Reflect what falls outside: clamped dots would line up along the edge.
        let at = plot.at(t, if (0.05..0.95).contains(&y) { y } else { trend(t) - off * 0.6 });
        let r = if bubbles { lerp(10.0, 44.0, rng.unit().powf(2.2)) } else { rng.range(9.5, 13.0) };
        seen.push((at, r));
    }
    // Large ones first, so that none is hidden.
    seen.sort_by(|a, b| b.1.total_cmp(&a.1));
    let paper = p.paper;
    for (k, &(at, r)) in seen.iter().enumerate() {
        let ink = inks.quiet[if bubbles { k % 3 } else { k % 2 * 2 }];
        c.fill(&Shape::circle(at, r), ink.alpha(0.78));
        c.stroke(&Shape::circle(at, r), 2.0, paper.alpha(0.8));
    }
    let line = [plot.at(0.03, trend(0.03)), plot.at(0.97, trend(0.97))];
    dashed(c, &line, 5.0, inks.line.alpha(0.8));
    // The few that the story is about.
    let focus = rng.range(0.55, 0.8);
    let middle = plot.at(focus, (trend(focus) + rng.sign() * 0.17).clamp(0.12, 0.88));
    let (few, spread, step) = if bubbles { (3, 62.0, 0.0) } else { (6, 26.0, 5.0) };
    for k in 0..few {
        let a = k as f32 * 2.4;
        let reach = if k == 0 { 0.0 } else { spread + step * k as f32 };
        let r = if bubbles { [40.0, 22.0, 16.0][k % 3] } else { 13.0 };
        let at = (middle.0 + reach * a.cos(), middle.1 + reach * a.sin());
        c.fill(&Shape::circle(at, r), inks.accent);
        c.stroke(&Shape::circle(at, r), 2.5, paper);
    }
    c.stroke(&Shape::circle(middle, if bubbles { 108.0 } else { 84.0 }), 3.0, inks.line.alpha(0.7));
    axis(c, &plot, inks.line, 8);
    c.stroke(&Shape::line(&[(plot.left, plot.top - 20.0), (plot.left, plot.bottom)]), 5.0, inks.line);
}
