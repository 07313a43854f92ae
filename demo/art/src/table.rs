//! A laid table from above.

use crate::canvas::{Canvas, Fill, Pt, Shape, arc};
use crate::leaves::{HABITS, Leaf, leaf, stem};
use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use std::f32::consts::TAU;
use tiny_skia::Transform;

fn shifted(x: f32, y: f32) -> Transform {
    Transform::from_translate(x, y)
}

pub fn table(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let (w, h) = (c.w, c.h);
    let shade = p.near.darker(0.4).alpha(0.3);
    if rng.chance(0.5) {
        planks(c, p, rng);
    } else {
        gingham(c, p, rng);
    }
    // One arrangement, mirrored either way: a still life is placed, not strewn.
    let (mx, my) = (rng.chance(0.5), rng.chance(0.5));
    let place = |x: f32, y: f32| {
        let x = w / 2.0 + (x - 0.5) * 1500.0_f32.min(w * 1.06);
        (if mx { w - x } else { x }, h * if my { 1.0 - y } else { y })
    };
    let glaze = *rng.pick(&[p.paper.lighter(0.5), p.tones[1].mix(p.paper, 0.45), p.tones[4]]);
    let rim = *rng.pick(&[p.tones[0], p.accent, p.tones[1].darker(0.2)]);
    let turn = rng.range(-16.0, 16.0);
    napkin(c, p, place(0.1, 0.56), turn, shade);
    cutlery(c, place(0.1, 0.56), turn, p.tones[1].mix(p.paper, 0.45), shade);
    dish(c, place(0.36, 0.53), 250.0, glaze, rim, shade);
    meal(c, p, rng, place(0.36, 0.53), 168.0);
    dish(c, place(0.7, 0.25), 152.0, glaze, rim, shade);
    cup(c, p, rng, place(0.7, 0.25), glaze, shade);
    let bowl = place(0.76, 0.78);
    dish(c, bowl, 172.0, rim.mix(p.paper, 0.1), glaze, shade);
    fruit(c, p, rng, bowl, shade);
    dish(c, place(0.98, 0.44), 130.0, glaze, rim, shade);
    citrus(c, place(0.98, 0.44), 74.0, Ink::hex(0xe29b3c), rng.range(0.0, TAU));
    dish(c, place(0.07, 0.05), 190.0, glaze, rim, shade);
    crumbs(c, rng, place(0.55, 0.86), p.tones[2].darker(0.2));
    let sprig = place(0.53, 0.1);
    let green = Ink::hex(0x567656).mix(p.tones[0], 0.35);
    let toward = shifted(sprig.0, sprig.1).pre_rotate(rng.range(0.0, 360.0));
    c.placed(toward, |c| {
        let kind = Leaf { size: 84.0, habit: HABITS[0], tone: green, veins: green.lighter(0.4) };
        stem(c, rng, (-20.0, 120.0), (40.0, 210.0), kind);
    });
}

fn planks(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let wood = Ink::hex(0xb07f54).mix(p.tones[2], 0.22).mix(p.near, rng.range(0.0, 0.3));
    c.ground(wood);
    let deep = 166.0;
    for k in 0..7 {
        let y = k as f32 * deep - 40.0;
        let tone = wood.darker(rng.range(0.0, 0.12));
        c.fill(&Shape::rect(-5.0, y, c.w + 10.0, deep - 3.0), tone);
        for _ in 0..7 {
            let (gy, amp, x0) =
                (y + rng.range(8.0, deep - 12.0), rng.range(2.0, 7.0), rng.range(-300.0, c.w));
            let long = rng.range(260.0, 900.0);
            let line: Vec<Pt> = (0..=8)
                .map(|i| (x0 + long * i as f32 / 8.0, gy + amp * (i as f32 * 0.8 + gy).sin()))
                .collect();
            c.stroke(&Shape::curve(&line), 2.2, tone.darker(0.25).alpha(0.3));
        }
        c.fill(&Shape::rect(-5.0, y + deep - 4.0, c.w + 10.0, 4.0), wood.darker(0.45));
    }
}

fn gingham(c: &mut Canvas, p: &Palette, rng: &mut Rng) {
    let cloth = p.paper.lighter(0.3);
    let tint = *rng.pick(&[p.accent, p.tones[0], p.tones[1]]);
    c.ground(cloth);
    let check = 62.0;
    let turn = Transform::from_rotate_at(rng.range(6.0, 16.0), c.w / 2.0, 500.0);
    c.placed(turn, |c| {
        for k in -8..40 {
            let at = k as f32 * check * 2.0 - 400.0;
            c.fill(&Shape::rect(at, -700.0, check, 2600.0), tint.alpha(0.34));
            c.fill(&Shape::rect(-700.0, at, c.w + 1400.0, check), tint.alpha(0.34));
        }
    });
}

fn dish(c: &mut Canvas, at: Pt, r: f32, glaze: Ink, rim: Ink, shade: Ink) {
    c.shadow(&Shape::circle(at, r), (r * 0.05, r * 0.085), r * 0.12, shade);
    c.fill(&Shape::circle(at, r), glaze);
    c.stroke(&Shape::circle(at, r - 7.0), 5.0, rim);
    // The well: a darker lip on the side of the light, a bright one across from it.
    c.fill(&Shape::circle(at, r * 0.72), glaze.darker(0.1));
    c.fill(&Shape::circle((at.0 + r * 0.014, at.1 + r * 0.02), r * 0.7), glaze.lighter(0.12));
}

fn napkin(c: &mut Canvas, p: &Palette, (x, y): Pt, turn: f32, shade: Ink) {
    c.placed(shifted(x, y).pre_rotate(turn), |c| {
        let cloth = Shape::round_rect(-92.0, -250.0, 184.0, 500.0, 6.0);
        c.shadow(&cloth, (8.0, 12.0), 16.0, shade);
        c.fill(&cloth, p.tones[4].lighter(0.35));
        for x in [-76.0, -62.0, 56.0, 70.0] {
            c.fill(&Shape::rect(x, -250.0, 6.0, 500.0), p.accent.alpha(0.85));
        }
        c.fill(&Shape::rect(-4.0, -250.0, 96.0, 500.0), p.near.alpha(0.05));
    });
}

fn cutlery(c: &mut Canvas, (x, y): Pt, turn: f32, steel: Ink, shade: Ink) {
    c.placed(shifted(x, y).pre_rotate(turn), |c| {
        let fork = Shape::build(|b| {
            b.move_to(-44.0, 190.0);
            b.cubic_to(-46.0, 60.0, -34.0, 0.0, -36.0, -60.0);
            b.cubic_to(-60.0, -70.0, -62.0, -100.0, -60.0, -190.0);
            for k in 0..4 {
                let x = -60.0 + k as f32 * 17.0;
                b.line_to(x, -190.0);
                b.line_to(x + 7.0, -190.0);
                if k < 3 {
                    b.line_to(x + 8.0, -112.0);
                    b.line_to(x + 16.0, -112.0);
                }
            }
            b.cubic_to(1.0, -100.0, -2.0, -70.0, -24.0, -60.0);
            b.cubic_to(-26.0, 0.0, -14.0, 60.0, -16.0, 190.0);
            b.quad_to(-30.0, 206.0, -44.0, 190.0);
            b.close();
        });
        let knife = Shape::build(|b| {
            b.move_to(24.0, 190.0);
            b.line_to(28.0, 10.0);
            b.line_to(24.0, -150.0);
            b.quad_to(26.0, -196.0, 44.0, -200.0);
            b.quad_to(62.0, -120.0, 52.0, 10.0);
            b.line_to(52.0, 190.0);
            b.quad_to(38.0, 206.0, 24.0, 190.0);
            b.close();
        });
        for shape in [&fork, &knife] {
            c.shadow(shape, (4.0, 6.0), 6.0, shade);
            c.fill(shape, Fill::across(-60.0, 60.0, steel.lighter(0.35), steel.darker(0.12)));
        }
    });
}

/// Half a table of food: slices fanned on the plate, with leaves under them.
fn meal(c: &mut Canvas, p: &Palette, rng: &mut Rng, (x, y): Pt, r: f32) {
    let green = Ink::hex(0x688a55).mix(p.tones[0], 0.25);
    let start = rng.range(0.0, TAU);
    for k in 0..7 {
        let turn = start + k as f32 * TAU / 7.0;
        let at = (x + 34.0 * turn.cos(), y + 34.0 * turn.sin());
        let (tone, veins) = (green.mix(p.tones[1], 0.12 * (k % 3) as f32), green.lighter(0.4));
        leaf(c, at, turn + 0.3, 1.0, Leaf { size: r * 0.78, habit: HABITS[1], tone, veins });
    }
    if rng.chance(0.5) {
        // Two eggs.
        for (dx, dy) in [(-42.0, 18.0), (46.0, -20.0)] {
            let white: Vec<Pt> = (0..9)
                .map(|k| k as f32 * TAU / 9.0)
                .map(|a| (a, rng.range(58.0, 76.0)))
                .map(|(a, q)| (x + dx + q * a.cos(), y + dy + q * a.sin()))
                .collect();
            c.fill(&Shape::blob(&white), Ink::hex(0xfcf8ee));
            c.fill(&Shape::circle((x + dx + 3.0, y + dy + 4.0), 30.0), Ink::hex(0xd98a1f));
            c.fill(&Shape::circle((x + dx, y + dy), 30.0), Ink::hex(0xeeae3a));
            c.fill(&Shape::circle((x + dx - 9.0, y + dy - 10.0), 8.0), Ink::hex(0xf9d98a));
        }
    } else {
        for k in 0..4 {
            let turn = start + k as f32 * 1.45;
            let tone = if k % 2 == 0 { Ink::hex(0xd86a3a) } else { Ink::hex(0xe6b04a) };
            citrus(c, (x + 56.0 * turn.cos(), y + 56.0 * turn.sin()), 60.0, tone, turn);
        }
    }
}

fn citrus(c: &mut Canvas, at: Pt, r: f32, rind: Ink, turn: f32) {
    c.fill(&Shape::circle((at.0 + 4.0, at.1 + 6.0), r), Ink::hex(0).alpha(0.12));
    c.fill(&Shape::circle(at, r), rind);
    c.fill(&Shape::circle(at, r * 0.88), Ink::hex(0xfbefd8));
    for k in 0..9 {
        let (from, to) = (turn + k as f32 * TAU / 9.0 + 0.06, turn + (k + 1) as f32 * TAU / 9.0 - 0.06);
        let mut wedge = arc(at, r * 0.8, r * 0.8, from, to);
        let mid = f32::midpoint(from, to);
        wedge.push((at.0 + r * 0.13 * mid.cos(), at.1 + r * 0.13 * mid.sin()));
        c.fill(&Shape::poly(&wedge), rind.lighter(0.22));
    }
}

fn cup(c: &mut Canvas, p: &Palette, rng: &mut Rng, (x, y): Pt, glaze: Ink, shade: Ink) {
    let turn = rng.range(0.3, 1.2);
    let handle = (x + 118.0 * turn.cos(), y + 118.0 * turn.sin());
    let grip = Shape::line(&[(x, y), handle]);
    c.shadow(&Shape::circle(handle, 10.0), (6.0, 9.0), 12.0, shade);
    c.stroke(&grip, 28.0, glaze.lighter(0.2));
    c.shadow(&Shape::circle((x, y), 92.0), (7.0, 11.0), 16.0, shade);
    c.fill(&Shape::circle((x, y), 92.0), glaze.lighter(0.2));
    c.fill(&Shape::circle((x, y), 82.0), glaze.darker(0.25));
    c.fill(&Shape::circle((x + 2.0, y + 3.0), 78.0), Ink::hex(0x543322));
    let foam = Ink::hex(0xe6c9a0);
    c.fill(&Shape::circle((x + 2.0, y + 3.0), 70.0), Ink::hex(0x9a6238));
    // A leaf poured into the foam.
    for k in 0..4 {
        let t = k as f32;
        let (dy, half) = (26.0 - 19.0 * t, 40.0 - 7.5 * t);
        let band = [(x - half, y + dy - 12.0), (x, y + dy + 10.0), (x + half, y + dy - 12.0)];
        c.stroke(&Shape::curve(&band), 8.0, foam);
    }
    let spoon = shifted(x, y).pre_rotate(turn.to_degrees() + 70.0);
    c.placed(spoon, |c| {
        let steel = p.tones[1].mix(p.paper, 0.5);
        c.stroke(&Shape::line(&[(116.0, -60.0), (116.0, 40.0)]), 8.0, steel.lighter(0.2));
        c.fill(&Shape::oval((116.0, 62.0), 16.0, 27.0), steel.lighter(0.2));
        c.fill(&Shape::oval((117.0, 63.0), 10.0, 19.0), steel.darker(0.1));
    });
}

fn fruit(c: &mut Canvas, p: &Palette, rng: &mut Rng, (x, y): Pt, shade: Ink) {
    let ripe = [Ink::hex(0xb83a2c), Ink::hex(0xc95a34), Ink::hex(0xd9a03c), p.accent];
    let spots = [
        (-48.0, -42.0, 50.0),
        (52.0, -34.0, 46.0),
        (-36.0, 52.0, 46.0),
        (50.0, 52.0, 49.0),
        (4.0, 4.0, 52.0),
    ];
    for (dx, dy, r) in spots {
        let (tone, at) = (*rng.pick(&ripe), (x + dx, y + dy));
        c.shadow(&Shape::circle(at, r), (4.0, 6.0), 8.0, shade);
        c.fill(&Shape::circle(at, r), tone);
        c.fill(&Shape::circle((at.0 - r * 0.12, at.1 - r * 0.14), r * 0.74), tone.lighter(0.12));
        c.fill(&Shape::oval((at.0 - r * 0.35, at.1 - r * 0.38), r * 0.2, r * 0.15), tone.lighter(0.55));
        // A green calyx where the stalk was.
        let (turn, green) = (rng.range(0.0, TAU), Ink::hex(0x567048));
        for k in 0..5 {
            let a = turn + k as f32 * TAU / 5.0;
            let tip = (at.0 + r * 0.34 * a.cos(), at.1 + r * 0.34 * a.sin());
            let edge = |da: f32| (at.0 + r * 0.13 * (a + da).cos(), at.1 + r * 0.13 * (a + da).sin());
            c.fill(&Shape::poly(&[at, edge(-0.8), tip, edge(0.8)]), green);
        }
    }
}

fn crumbs(c: &mut Canvas, rng: &mut Rng, (x, y): Pt, ink: Ink) {
    let bits = Shape::build(|b| {
        for _ in 0..16 {
            b.push_circle(x + rng.range(-80.0, 80.0), y + rng.range(-45.0, 45.0), rng.range(1.5, 4.5));
        }
    });
    c.fill(&bits, ink.alpha(0.8));
}
