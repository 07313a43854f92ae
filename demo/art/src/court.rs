//! Sports courts from above.

use crate::canvas::{Canvas, Fill, Shape, arc};
use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use std::f32::consts::{PI, TAU};
use tiny_skia::Transform;

pub fn court(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (w, h) = (c.w, c.h);
    let surface = *rng.pick(&[
        Ink::hex(0xb95a3c),
        Ink::hex(0x417c74),
        Ink::hex(0x3c6488),
        Ink::hex(0x63824f),
        Ink::hex(0xc99250),
    ]);
    // Pull the surface a little towards the palette, so the front page still holds together.
    let surface = surface.mix(p.tones[0], 0.14);
    let line = p.paper.lighter(0.4);
    c.ground(surface.darker(0.22));
    let zoom = rng.range(0.95, 1.15);
    let turn = rng.range(8.0, 24.0) * rng.sign();
    let view = Transform::from_translate(w * rng.range(0.44, 0.56), h * rng.range(0.46, 0.56))
        .pre_rotate(turn)
        .pre_scale(zoom, zoom);
    let game = rng.below(4);
    c.placed(view, |c| match game {
        0 => tennis(c, surface, line),
        1 => basketball(c, p, surface, line),
        2 => football(c, surface, line),
        _ => track(c, surface, line),
    });
    // Evening light: one long diagonal shadow from a stand or roof.
    let x = w * rng.range(0.62, 0.82);
    let shade = Shape::poly(&[(x, -10.0), (w + 10.0, -10.0), (w + 10.0, h + 10.0), (x + w * 0.16, h + 10.0)]);
    if rng.chance(0.5) {
        c.fill(&shade, Ink::hex(0x101424).alpha(0.2));
    }
    let ball = match game {
        0 => Ink::hex(0xe4e06a),
        1 => Ink::hex(0xd97a35),
        2 => line.lighter(0.5),
        _ => return,
    };
    let r = if game == 0 { 17.0 } else { 30.0 };
    let at = (w * rng.range(0.28, 0.4), h * rng.range(0.56, 0.7));
    c.placed(Transform::from_translate(at.0, at.1), |c| {
        // The shadow stretches towards the lower right.
        let long = Shape::build(|b| {
            b.move_to(-r * 0.7, r * 0.7);
            b.line_to(r * 2.4, r * 3.0);
            b.quad_to(r * 3.9, r * 3.0, r * 3.7, r * 1.7);
            b.line_to(r * 0.7, -r * 0.7);
            b.close();
        });
        c.fill(&long, Ink::hex(0x101424).alpha(0.26));
        let ball_shape = Shape::circle((0.0, 0.0), r);
        c.fill(&ball_shape, ball);
        c.fill(
            &ball_shape,
            Fill::glow((-r * 0.4, -r * 0.4), r * 1.7, ball.lighter(0.4), ball.darker(0.45).alpha(0.8)),
        );
        let seam = ball.darker(0.55).alpha(0.75);
        if game == 2 {
            c.fill(&Shape::poly(&arc((0.0, 0.0), r * 0.36, r * 0.36, 0.3, TAU + 0.3)), seam);
        } else {
            for side in [-1.0, 1.0] {
                c.stroke(
                    &Shape::curve(&[
                        (side * r * 0.8, -r * 0.6),
                        (side * r * 0.25, 0.0),
                        (side * r * 0.8, r * 0.6),
                    ]),
                    2.4,
                    seam,
                );
            }
        }
    });
}

/// A line of tape or paint around a box.
fn boxed(c: &mut Canvas, x: f32, y: f32, w: f32, h: f32, width: f32, ink: Ink) {
    c.stroke_with(
        &Shape::rect(x, y, w, h),
        &tiny_skia::Stroke { width, ..tiny_skia::Stroke::default() },
        ink,
    );
}

fn tennis(c: &mut Canvas, surface: Ink, line: Ink) {
    c.fill(&Shape::rect(-760.0, -340.0, 1520.0, 680.0), surface);
    c.fill(&Shape::rect(-760.0, -255.0, 1520.0, 510.0), surface.lighter(0.07));
    boxed(c, -760.0, -340.0, 1520.0, 680.0, 10.0, line);
    boxed(c, -760.0, -255.0, 1520.0, 510.0, 8.0, line);
    boxed(c, -410.0, -255.0, 820.0, 510.0, 8.0, line);
    c.stroke(&Shape::line(&[(-410.0, 0.0), (410.0, 0.0)]), 8.0, line);
    for x in [-760.0, 748.0] {
        c.fill(&Shape::rect(x, -4.0, 12.0, 8.0), line);
    }
    net(c, 385.0, line);
}

fn net(c: &mut Canvas, reach: f32, line: Ink) {
    c.fill(
        &Shape::poly(&[(0.0, -reach), (0.0, reach), (52.0, reach + 26.0), (52.0, -reach + 26.0)]),
        Ink::hex(0x101424).alpha(0.22),
    );
    c.fill(&Shape::rect(-5.0, -reach, 10.0, reach * 2.0), line);
    for y in [-reach, reach] {
        c.fill(&Shape::circle((0.0, y), 13.0), Ink::hex(0x242a30));
    }
}

fn basketball(c: &mut Canvas, p: &Palette, surface: Ink, line: Ink) {
    c.fill(&Shape::rect(-860.0, -440.0, 1720.0, 880.0), surface);
    // Boards, laid along the court.
    for k in 0..22 {
        let y = -440.0 + k as f32 * 40.0;
        c.fill(&Shape::rect(-860.0, y, 1720.0, 20.0), surface.lighter(0.06));
    }
    let key = p.tones[0].mix(surface, 0.15);
    for side in [-1.0, 1.0] {
        c.placed(Transform::from_scale(side, 1.0), |c| {
            c.fill(&Shape::rect(-860.0, -145.0, 340.0, 290.0), key);
            boxed(c, -860.0, -145.0, 340.0, 290.0, 8.0, line);
            c.stroke(&Shape::line(&arc((-520.0, 0.0), 105.0, 105.0, -PI / 2.0, PI / 2.0)), 8.0, line);
            let three = arc((-770.0, 0.0), 420.0, 400.0, -PI / 2.0, PI / 2.0);
            let mut path = vec![(-860.0, -400.0)];
            path.extend(three);
            path.push((-860.0, 400.0));
            c.stroke(&Shape::line(&path), 8.0, line);
            c.fill(&Shape::rect(-812.0, -52.0, 8.0, 104.0), line);
            c.stroke(&Shape::circle((-778.0, 0.0), 24.0), 7.0, p.accent);
        });
    }
    boxed(c, -860.0, -440.0, 1720.0, 880.0, 10.0, line);
    c.fill(&Shape::circle((0.0, 0.0), 115.0), key);
    c.stroke(&Shape::circle((0.0, 0.0), 115.0), 8.0, line);
    c.stroke(&Shape::line(&[(0.0, -440.0), (0.0, 440.0)]), 8.0, line);
}

fn football(c: &mut Canvas, _surface: Ink, line: Ink) {
    let grass = Ink::hex(0x5b8053);
    c.fill(&Shape::rect(-1600.0, -1200.0, 3200.0, 2400.0), grass.darker(0.1));
    for k in -9..9 {
        if k % 2 == 0 {
            c.fill(&Shape::rect(k as f32 * 140.0, -1200.0, 140.0, 2400.0), grass.lighter(0.07));
        }
    }
    let (half, side) = (980.0, 560.0);
    boxed(c, -half, -side, half * 2.0, side * 2.0, 9.0, line);
    c.stroke(&Shape::line(&[(0.0, -side), (0.0, side)]), 9.0, line);
    c.stroke(&Shape::circle((0.0, 0.0), 190.0), 9.0, line);
    c.fill(&Shape::circle((0.0, 0.0), 11.0), line);
    for s in [-1.0, 1.0] {
        c.placed(Transform::from_scale(s, 1.0), |c| {
            boxed(c, -half, -330.0, 300.0, 660.0, 9.0, line);
            boxed(c, -half, -150.0, 110.0, 300.0, 9.0, line);
            c.stroke(&Shape::line(&arc((-half + 210.0, 0.0), 165.0, 165.0, -0.99, 0.99)), 9.0, line);
        });
    }
}

fn track(c: &mut Canvas, surface: Ink, line: Ink) {
    let clay = surface.mix(Ink::hex(0xb34a30), 0.75);
    c.fill(&Shape::rect(-1600.0, -1200.0, 3200.0, 2400.0), Ink::hex(0x6d8b5c));
    // Lanes sweep round a bend whose middle lies off the picture.
    let bend = |r: f32| {
        let mut path = vec![(1700.0, -r + 640.0)];
        path.extend(arc((260.0, 640.0), r, r, -PI / 2.0, -PI));
        path.push((260.0 - r, 2000.0));
        Shape::line(&path)
    };
    let lane = 92.0;
    c.stroke(&bend(760.0), lane * 7.0, clay);
    for k in [0, 2, 4, 6] {
        c.stroke(&bend(760.0 + (k as f32 - 3.0) * lane), lane, clay.lighter(0.06));
    }
    for k in 0..8 {
        c.stroke(&bend(760.0 + (k as f32 - 3.5) * lane), 7.0, line);
    }
    // Staggered starts.
    for k in 0..7 {
        let r = 760.0 + (k as f32 - 3.0) * lane;
        let x = 300.0 + k as f32 * 74.0;
        c.fill(&Shape::rect(x, 640.0 - r - lane / 2.0, 9.0, lane), line);
    }
}
