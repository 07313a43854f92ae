//! A circuit board.

use crate::canvas::{Canvas, Pt, Shape};
use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use tiny_skia::Transform;

/// What already lies on a circuit board, in cells of one trace pitch.
struct Board {
    taken: Vec<bool>,
    cols: i32,
    rows: i32,
}

const PITCH: f32 = 22.0;
/// The eight ways a trace can run, in steps of 45°.
const WAYS: [(i32, i32); 8] = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)];

impl Board {
    fn free(&self, x: i32, y: i32) -> bool {
        (0..self.cols).contains(&x)
            && (0..self.rows).contains(&y)
            && !self.taken[(y * self.cols + x) as usize]
    }

    fn take(&mut self, x: i32, y: i32) {
        if (0..self.cols).contains(&x) && (0..self.rows).contains(&y) {
            self.taken[(y * self.cols + x) as usize] = true;
        }
    }

    /// Claims a box with a margin, or nothing if any of it is taken.
    fn claim(&mut self, (x, y): (i32, i32), (w, h): (i32, i32), margin: i32) -> bool {
        let area =
            || (y - margin..y + h + margin).flat_map(|v| (x - margin..x + w + margin).map(move |u| (u, v)));
        let clear = area().all(|(u, v)| self.free(u, v));
        if clear {
            area().for_each(|(u, v)| self.take(u, v));
        }
        clear
    }

    /// Runs a trace along `legs` (way and length) until something is in its way.
    fn run(&mut self, from: (i32, i32), legs: &[(usize, i32)]) -> Vec<(i32, i32)> {
        let mut at = from;
        let mut path = vec![at];
        for &(way, length) in legs {
            let (dx, dy) = WAYS[way % 8];
            for _ in 0..length {
                let to = (at.0 + dx, at.1 + dy);
                // A diagonal must not slip between two cells of another diagonal.
                let crosses =
                    dx != 0 && dy != 0 && !self.free(at.0 + dx, at.1) && !self.free(at.0, at.1 + dy);
                if !self.free(to.0, to.1) || crosses {
                    return path;
                }
                self.take(to.0, to.1);
                path.push(to);
                at = to;
            }
        }
        path
    }
}

fn cell((x, y): (i32, i32)) -> Pt {
    ((x as f32 + 0.5) * PITCH, (y as f32 + 0.5) * PITCH)
}

pub fn circuit(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (cols, rows) = ((c.w / PITCH).ceil() as i32, (c.h / PITCH).ceil() as i32);
    let mut board = Board { taken: vec![false; (cols * rows) as usize], cols, rows };
    let base = if p.near.light() < p.tones[0].light() { p.near.mix(p.tones[0], 0.45) } else { p.tones[0] };
    let copper = base.mix(p.tones[1], 0.62).lighter(0.08);
    let gold = Ink::hex(0xddb462).mix(p.tones[2], 0.3);
    let silk = base.mix(p.tones[4], 0.75);
    c.ground(base);
    // The main chip on a third; smaller ones where there is room.
    let side = 15 + rng.below(3) as i32 * 2;
    let third = if rng.chance(0.5) { 0.36 } else { 0.64 };
    let main =
        ((cols as f32 * third) as i32 - side / 2, (rows as f32 * rng.range(0.44, 0.54)) as i32 - side / 2);
    board.claim(main, (side, side), 0);
    let mut chips = vec![(main, (side, side))];
    for _ in 0..60 {
        let size = *rng.pick(&[(5, 9), (9, 5), (7, 7), (5, 5)]);
        let at = (rng.below(cols as usize) as i32, rng.below(rows as usize) as i32);
        if chips.len() < 7 && board.claim(at, size, 3) {
            // Free the margin again: it only kept chips apart.
            for v in at.1 - 3..at.1 + size.1 + 3 {
                for u in at.0 - 3..at.0 + size.0 + 3 {
                    let inside = (at.0..at.0 + size.0).contains(&u) && (at.1..at.1 + size.1).contains(&v);
                    board.taken[(v * cols + u) as usize] = inside;
                }
            }
            chips.push((at, size));
        }
    }
    let mut traces = Vec::new();
    for (k, &((x, y), (cw, ch))) in chips.iter().enumerate() {
        let reach = if k == 0 { 16 } else { 7 };
        for (way, pins) in [(0, ch), (2, cw), (4, ch), (6, cw)] {
            let (turn_a, turn_b) = (rng.below(2), rng.below(2));
            let straight = 1 + rng.below(3) as i32;
            let out = 2 + rng.below(reach) as i32;
            for pin in (1..pins - 1).step_by(if k == 0 { 1 } else { 2 }) {
                let from = match way {
                    0 => (x + cw - 1, y + pin),
                    2 => (x + pin, y + ch - 1),
                    4 => (x, y + pin),
                    _ => (x + pin, y),
                };
                // Each half of a side fans away from its middle; the outer traces bend first, so
                // that the bundle stays parallel.
                let upper = pin < pins / 2;
                let near_edge = if upper { pin } else { pins - 1 - pin };
                let clockwise = matches!((way, upper), (0 | 6, false) | (2 | 4, true));
                let bend = if clockwise { way + 1 } else { way + 7 };
                let last = if (if upper { turn_a } else { turn_b }) == 0 {
                    way
                } else {
                    way + if clockwise { 2 } else { 6 }
                };
                let legs = [
                    (way, straight + near_edge),
                    (bend, 2 + near_edge / 2 + out / 3),
                    (last, out + near_edge * 2),
                ];
                let path = board.run(from, &legs);
                traces.push((path, way));
            }
        }
    }
    // Bundles that cross the rest of the board.
    for _ in 0..90 {
        let from = (rng.below(cols as usize) as i32, rng.below(rows as usize) as i32);
        let (way, bend) = (rng.below(4) * 2, *rng.pick(&[1, 7]));
        let (a, b, e) = (3 + rng.below(12) as i32, 2 + rng.below(6) as i32, 3 + rng.below(14) as i32);
        let across = WAYS[(way + 2) % 8];
        for k in 0..=rng.below(4) as i32 {
            let start = (from.0 + across.0 * k, from.1 + across.1 * k);
            if board.free(start.0, start.1) {
                board.take(start.0, start.1);
                let path = board.run(start, &[(way, a), (way + bend, b), (way, e)]);
                traces.push((path, 9));
            }
        }
    }
    let (mut pads, mut holes) = (Vec::new(), Vec::new());
    let lines = Shape::build(|b| {
        for (path, way) in &traces {
            if path.len() < 3 {
                continue;
            }
            for (i, &at) in path.iter().enumerate() {
                let (x, y) = cell(at);
                if i == 0 { b.move_to(x, y) } else { b.line_to(x, y) }
            }
            holes.push(path[path.len() - 1]);
            if *way == 9 {
                holes.push(path[0]);
            } else {
                pads.push((path[0], *way));
            }
        }
    });
    c.placed(Transform::from_translate(2.0, 3.0), |c| c.stroke(&lines, 8.0, base.darker(0.35).alpha(0.6)));
    c.stroke(&lines, 7.0, copper);
    for (r, ink) in [(8.6, gold), (3.6, base.darker(0.4))] {
        let vias = Shape::build(|b| {
            for &at in &holes {
                let (x, y) = cell(at);
                b.push_circle(x, y, r);
            }
        });
        c.fill(&vias, ink);
    }
    for (k, &(at, size)) in chips.iter().enumerate() {
        chip(c, p, at, size, (gold, silk), k == 0);
    }
}

/// A chip: gold legs around a dark body with a notch and a printed outline.
fn chip(c: &mut Canvas, p: &Palette, at: (i32, i32), size: (i32, i32), (gold, silk): (Ink, Ink), main: bool) {
    let (x, y) = (at.0 as f32 * PITCH, at.1 as f32 * PITCH);
    let (w, h) = (size.0 as f32 * PITCH, size.1 as f32 * PITCH);
    let legs = Shape::build(|b| {
        let mut leg = |x: f32, y: f32, w: f32, h: f32| {
            if let Some(rect) = tiny_skia::Rect::from_xywh(x, y, w, h) {
                b.push_rect(rect);
            }
        };
        let step = if main { 1 } else { 2 };
        for k in (1..size.1 - 1).step_by(step) {
            leg(x + 2.0, y + (k as f32 + 0.5) * PITCH - 5.0, w - 4.0, 10.0);
        }
        for k in (1..size.0 - 1).step_by(step) {
            leg(x + (k as f32 + 0.5) * PITCH - 5.0, y + 2.0, 10.0, h - 4.0);
        }
    });
    c.fill(&legs, gold);
    let body = Shape::round_rect(x + 17.0, y + 17.0, w - 34.0, h - 34.0, 6.0);
    let dark = Ink::hex(0x1b2028);
    c.shadow(&body, (5.0, 8.0), 10.0, Ink::hex(0).alpha(0.35));
    c.fill(&body, dark);
    c.fill(&Shape::round_rect(x + 22.0, y + 22.0, w - 44.0, h - 44.0, 4.0), dark.lighter(0.07));
    c.fill(&Shape::circle((x + 36.0, y + 36.0), 5.5), silk.alpha(0.7));
    if main {
        // A polished lid with the accent colour, so that the picture has a centre.
        let (mx, my, half) = (x + w / 2.0, y + h / 2.0, w * 0.25);
        c.fill(&Shape::round_rect(mx - half, my - half, half * 2.0, half * 2.0, 8.0), dark.lighter(0.2));
        c.fill(
            &Shape::round_rect(mx - half + 7.0, my - half + 7.0, half * 2.0 - 14.0, half * 2.0 - 14.0, 5.0),
            p.accent,
        );
        c.fill(
            &Shape::poly(&[
                (mx - half + 7.0, my - half + 7.0),
                (mx + half - 7.0, my - half + 7.0),
                (mx - half + 7.0, my + half - 7.0),
            ]),
            p.accent.lighter(0.13),
        );
    } else {
        for k in 0..2 {
            let line =
                Shape::rect(x + w * 0.34, y + h * 0.46 + k as f32 * 13.0, w * (0.32 - 0.1 * k as f32), 4.0);
            c.fill(&line, silk.alpha(0.4));
        }
    }
}
