//! Cement tiles.

use crate::canvas::{Canvas, Pt, Shape, arc};
use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use std::f32::consts::{FRAC_PI_2, PI, TAU};
use tiny_skia::Transform;

/// The colours of one tile design: ground, main, second, and a touch of accent.
type Glaze = [Ink; 4];

/// Cement tiles. Each motif is drawn on a square from −1 to 1 whose edges meet its neighbours'.
pub fn tiles(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (w, h) = (c.w, c.h);
    let pale = p.tones[4].mix(p.paper, 0.35);
    let glazes: [Glaze; 3] = [
        [pale, p.tones[0], p.tones[1], p.accent],
        [p.tones[0], pale, p.tones[2], p.accent],
        [pale, p.tones[0].mix(p.ink, 0.3), p.tones[2], p.tones[3]],
    ];
    let glaze = rng.pick(&glazes);
    let motif = *rng.pick::<fn(&mut Canvas, &Glaze, &mut Rng, (i32, i32))>(&[
        arcs, star, quatrefoil, azulejo, pinwheel, fans,
    ]);
    let side = *rng.pick(&[200.0, 250.0, 250.0]);
    c.ground(glaze[0]);
    // A tile in the middle of the picture, whatever its shape.
    let (cols, rows) = ((w / side / 2.0).ceil() as i32, (h / side / 2.0).ceil() as i32);
    for row in -rows..=rows {
        for col in -cols..=cols {
            let (x, y) = (w / 2.0 + col as f32 * side, h / 2.0 + row as f32 * side);
            // Past the corner of the picture there is nothing to see.
            if x + side / 2.0 < 0.0 || x - side / 2.0 > w || y + side / 2.0 < 0.0 || y - side / 2.0 > h {
                continue;
            }
            let at = Transform::from_translate(x, y).pre_scale(side / 2.0, side / 2.0);
            c.placed(at, |c| {
                motif(c, glaze, rng, (col, row));
                // No two tiles come out of the press quite alike.
                let fired = rng.range(-0.055, 0.055);
                let wash = if fired > 0.0 { Ink::hex(0xfff6e6) } else { Ink::hex(0x121020) };
                c.fill(&Shape::rect(-1.0, -1.0, 2.0, 2.0), wash.alpha(fired.abs()));
            });
        }
    }
    let grout = Shape::build(|b| {
        for col in -cols - 1..=cols {
            let x = w / 2.0 + (col as f32 + 0.5) * side;
            b.move_to(x, -5.0);
            b.line_to(x, h + 5.0);
        }
        for row in -rows - 1..=rows {
            let y = h / 2.0 + (row as f32 + 0.5) * side;
            b.move_to(-5.0, y);
            b.line_to(w + 5.0, y);
        }
    });
    c.stroke(&grout, 3.6, pale.mix(p.ink, 0.3).alpha(0.55));
}

fn turned(c: &mut Canvas, quarter: usize, draw: impl FnOnce(&mut Canvas)) {
    c.placed(Transform::from_rotate(quarter as f32 * 90.0), draw);
}

/// Smith's Truchet tile: two quarter rings, turned at random.
fn arcs(c: &mut Canvas, g: &Glaze, rng: &mut Rng, _: (i32, i32)) {
    turned(c, rng.below(2), |c| {
        for (x, start) in [(-1.0, 0.0), (1.0, PI)] {
            // Bands lie evenly about the middle of the edge, so they join however a tile is turned.
            for (r, ink) in
                [(1.34, g[1]), (1.13, g[0]), (1.06, g[2]), (0.94, g[0]), (0.87, g[1]), (0.66, g[0])]
            {
                let mut wedge = arc((x, x), r, r, start, start + FRAC_PI_2);
                wedge.push((x, x));
                c.fill(&Shape::poly(&wedge), ink);
            }
            let mut dot = arc((x, x), 0.34, 0.34, start, start + FRAC_PI_2);
            dot.push((x, x));
            c.fill(&Shape::poly(&dot), g[3]);
        }
    });
}

fn ngon(points: usize, outer: f32, inner: f32, turn: f32) -> Shape {
    let at = |i: usize| {
        let (r, a) = (if i.is_multiple_of(2) { outer } else { inner }, turn + i as f32 * PI / points as f32);
        (r * a.cos(), r * a.sin())
    };
    Shape::poly(&(0..points * 2).map(at).collect::<Vec<_>>())
}

/// An eight-pointed star with crosses between.
fn star(c: &mut Canvas, g: &Glaze, _: &mut Rng, _: (i32, i32)) {
    c.fill(&Shape::rect(-1.0, -1.0, 2.0, 2.0), g[1]);
    c.fill(&ngon(8, 1.0, 0.765, 0.0), g[0]);
    c.fill(&ngon(8, 0.88, 0.673, 0.0), g[2]);
    c.fill(&ngon(8, 0.62, 0.474, 0.0), g[0]);
    c.fill(&ngon(8, 0.5, 0.27, 0.0), g[1]);
    c.fill(&Shape::circle((0.0, 0.0), 0.13), g[3]);
    for k in 0..4 {
        turned(c, k, |c| {
            c.fill(&Shape::poly(&[(1.0, 0.58), (0.58, 1.0), (1.0, 1.0)]), g[0]);
            c.fill(&Shape::poly(&[(1.0, 0.74), (0.74, 1.0), (1.0, 1.0)]), g[3]);
        });
    }
}

/// Four petals on a disc; quarter discs in the corners join into circles.
fn quatrefoil(c: &mut Canvas, g: &Glaze, _: &mut Rng, _: (i32, i32)) {
    for k in 0..4 {
        turned(c, k, |c| {
            c.fill(&Shape::circle((0.46, 0.0), 0.44), g[1]);
            for (r, ink) in [(0.56, g[2]), (0.44, g[0]), (0.32, g[1])] {
                let mut corner = arc((1.0, 1.0), r, r, PI, PI + FRAC_PI_2);
                corner.push((1.0, 1.0));
                c.fill(&Shape::poly(&corner), ink);
            }
        });
    }
    c.fill(&Shape::rect(-0.46, -0.46, 0.92, 0.92), g[1]);
    for k in 0..4 {
        turned(c, k, |c| {
            c.fill(&Shape::circle((0.46, 0.0), 0.29), g[0]);
            c.fill(&petal(0.1, 0.62, 0.16), g[2]);
        });
    }
    c.fill(&Shape::circle((0.0, 0.0), 0.17), g[3]);
}

/// A pointed leaf along the x axis.
fn petal(from: f32, to: f32, half: f32) -> Shape {
    let mid = f32::midpoint(from, to);
    Shape::build(|b| {
        b.move_to(from, 0.0);
        b.cubic_to(mid, -half * 1.4, mid, -half * 1.4, to, 0.0);
        b.cubic_to(mid, half * 1.4, mid, half * 1.4, from, 0.0);
        b.close();
    })
}

/// Leaves along both diagonals, after Portuguese azulejos.
fn azulejo(c: &mut Canvas, g: &Glaze, _: &mut Rng, _: (i32, i32)) {
    let diagonal = Transform::from_rotate(45.0);
    for k in 0..4 {
        turned(c, k, |c| {
            let mut edge = arc((1.0, 0.0), 0.34, 0.34, FRAC_PI_2, PI + FRAC_PI_2);
            edge.push((1.0, 0.0));
            c.fill(&Shape::poly(&edge), g[1]);
            let mut eye = arc((1.0, 0.0), 0.18, 0.18, FRAC_PI_2, PI + FRAC_PI_2);
            eye.push((1.0, 0.0));
            c.fill(&Shape::poly(&eye), g[2]);
            c.placed(diagonal, |c| {
                c.fill(&petal(0.14, 1.2, 0.44), g[1]);
                c.fill(&petal(0.3, 1.0, 0.2), g[0]);
                c.fill(&petal(0.42, 0.86, 0.07), g[3]);
            });
            let mut corner = arc((1.0, 1.0), 0.3, 0.3, PI, PI + FRAC_PI_2);
            corner.push((1.0, 1.0));
            c.fill(&Shape::poly(&corner), g[2]);
        });
    }
    c.fill(&Shape::circle((0.0, 0.0), 0.2), g[0]);
    c.fill(&Shape::circle((0.0, 0.0), 0.12), g[3]);
}

/// Blades around the corner where four tiles meet, each tile a quarter turn on from the last.
fn pinwheel(c: &mut Canvas, g: &Glaze, _: &mut Rng, (col, row): (i32, i32)) {
    let quarter = match (col.rem_euclid(2), row.rem_euclid(2)) {
        (0, 0) => 0,
        (1, 0) => 1,
        (1, 1) => 2,
        _ => 3,
    };
    turned(c, quarter, |c| {
        c.fill(&Shape::poly(&[(1.0, 1.0), (-1.0, 1.0), (0.0, 0.0)]), g[1]);
        c.fill(&Shape::poly(&[(1.0, 1.0), (1.0, -1.0), (0.0, 0.0)]), g[2]);
        c.fill(&Shape::poly(&[(1.0, -1.0), (0.0, -1.0), (0.5, -0.5)]), g[1]);
        c.fill(&Shape::poly(&[(-1.0, 1.0), (-1.0, 0.0), (-0.5, 0.5)]), g[2]);
        c.fill(&Shape::poly(&[(-1.0, -1.0), (-0.45, -1.0), (-1.0, -0.45)]), g[3]);
    });
}

/// Rows of discs, each row over the lower half of the last: Japanese wave scales.
fn fans(c: &mut Canvas, g: &Glaze, _: &mut Rng, (col, row): (i32, i32)) {
    let accent = (col * 2 + row * 3).rem_euclid(7) == 0;
    let rows = [(0.0, -1.0), (1.0, -0.5), (0.0, 0.0), (1.0, 0.5), (0.0, 1.0), (1.0, 1.5)];
    for (side, y) in rows {
        for x in [-side, side] {
            let core = if accent && y == 0.0 { g[3] } else { g[1] };
            for (r, ink) in [(1.0, g[1]), (0.91, g[0]), (0.74, g[2]), (0.55, g[0]), (0.38, core)] {
                // Only the part on this tile. Clamping cuts true: what it moves collapses onto the edge.
                let fan: Vec<Pt> = arc((x, y), r, r, 0.0, TAU)
                    .into_iter()
                    .map(|(u, v)| (u.clamp(-1.0, 1.0), v.clamp(-1.0, 1.0)))
                    .collect();
                c.fill(&Shape::poly(&fan), ink);
            }
            if side == 0.0 {
                break;
            }
        }
    }
}
