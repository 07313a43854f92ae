//! Drawing on tiny-skia in picture units: a picture is 1000 units high at any pixel size, so the
//! same seed gives the same composition as a thumbnail and as a full-width lead.

use crate::palette::{Ink, Palette};
use crate::rng::Rng;
use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Mask, Paint, Path, PathBuilder, Pixmap,
    RadialGradient, Rect, Shader, SpreadMode, Stroke, Transform,
};

pub type Pt = (f32, f32);

/// A path, or nothing where the points made none: drawing nothing is never an error here.
#[derive(Clone)]
pub struct Shape(Option<Path>);

impl Shape {
    pub fn build(draw: impl FnOnce(&mut PathBuilder)) -> Self {
        let mut path = PathBuilder::new();
        draw(&mut path);
        Self(path.finish())
    }

    pub fn circle((x, y): Pt, r: f32) -> Self {
        Self(PathBuilder::from_circle(x, y, r))
    }

    pub fn oval((x, y): Pt, rx: f32, ry: f32) -> Self {
        Self(Rect::from_ltrb(x - rx, y - ry, x + rx, y + ry).and_then(PathBuilder::from_oval))
    }

    pub fn rect(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self(Rect::from_xywh(x, y, w, h).map(PathBuilder::from_rect))
    }

    pub fn round_rect(x: f32, y: f32, w: f32, h: f32, r: f32) -> Self {
        // 0.5523: the cubic handle that best fits a quarter circle.
        let (r, k) = (r.min(w / 2.0).min(h / 2.0), r.min(w / 2.0).min(h / 2.0) * (1.0 - 0.5523));
        Self::build(|p| {
            p.move_to(x + r, y);
            p.line_to(x + w - r, y);
            p.cubic_to(x + w - k, y, x + w, y + k, x + w, y + r);
            p.line_to(x + w, y + h - r);
            p.cubic_to(x + w, y + h - k, x + w - k, y + h, x + w - r, y + h);
            p.line_to(x + r, y + h);
            p.cubic_to(x + k, y + h, x, y + h - k, x, y + h - r);
            p.line_to(x, y + r);
            p.cubic_to(x, y + k, x + k, y, x + r, y);
            p.close();
        })
    }

    pub fn poly(points: &[Pt]) -> Self {
        Self::build(|p| {
            trace(p, points);
            p.close();
        })
    }

    pub fn line(points: &[Pt]) -> Self {
        Self::build(|p| trace(p, points))
    }

    /// A smooth open curve through the points (Catmull-Rom, as cubics).
    pub fn curve(points: &[Pt]) -> Self {
        Self::build(|p| {
            let last = points.len().saturating_sub(1);
            spline(p, last, |i| points[(i.max(0) as usize).min(last)]);
        })
    }

    /// A smooth closed curve through the points.
    pub fn blob(points: &[Pt]) -> Self {
        Self::build(|p| {
            let n = points.len();
            spline(p, n, |i| points[i.rem_euclid(n as isize) as usize]);
            p.close();
        })
    }

    /// Everything under a polyline, down to `floor`.
    pub fn under(top: &[Pt], floor: f32) -> Self {
        Self::build(|p| {
            trace(p, top);
            if let (Some(first), Some(last)) = (top.first(), top.last()) {
                p.line_to(last.0, floor);
                p.line_to(first.0, floor);
            }
            p.close();
        })
    }
}

impl From<Option<Path>> for Shape {
    fn from(path: Option<Path>) -> Self {
        Self(path)
    }
}

fn trace(path: &mut PathBuilder, points: &[Pt]) {
    for (i, &(x, y)) in points.iter().enumerate() {
        if i == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
}

/// Appends a Catmull-Rom spline of so many segments; `at` must answer one point beyond either end.
pub fn spline(path: &mut PathBuilder, segments: usize, at: impl Fn(isize) -> Pt) {
    for i in 0..segments as isize {
        let (a, b, c, d) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        if i == 0 {
            path.move_to(b.0, b.1);
        }
        path.cubic_to(
            b.0 + (c.0 - a.0) / 6.0,
            b.1 + (c.1 - a.1) / 6.0,
            c.0 - (d.0 - b.0) / 6.0,
            c.1 - (d.1 - b.1) / 6.0,
            c.0,
            c.1,
        );
    }
}

/// What a shape is filled with.
#[derive(Clone)]
pub enum Fill {
    Flat(Ink),
    Line(Pt, Pt, Vec<(f32, Ink)>),
    Disc(Pt, f32, Vec<(f32, Ink)>),
}

impl Fill {
    pub fn down(y0: f32, y1: f32, top: Ink, bottom: Ink) -> Self {
        Self::Line((0.0, y0), (0.0, y1), vec![(0.0, top), (1.0, bottom)])
    }

    pub fn across(x0: f32, x1: f32, left: Ink, right: Ink) -> Self {
        Self::Line((x0, 0.0), (x1, 0.0), vec![(0.0, left), (1.0, right)])
    }

    pub fn glow(at: Pt, r: f32, middle: Ink, rim: Ink) -> Self {
        Self::Disc(at, r, vec![(0.0, middle), (1.0, rim)])
    }

    fn shader(self) -> Option<Shader<'static>> {
        let stops = |stops: Vec<(f32, Ink)>| -> Vec<GradientStop> {
            stops.into_iter().map(|(t, ink)| GradientStop::new(t, color(ink))).collect()
        };
        let (pad, whole) = (SpreadMode::Pad, Transform::identity());
        match self {
            Self::Flat(ink) => Some(Shader::SolidColor(color(ink))),
            Self::Line(a, b, s) => LinearGradient::new(a.into(), b.into(), stops(s), pad, whole),
            Self::Disc(c, r, s) => RadialGradient::new(c.into(), 0.0, c.into(), r, stops(s), pad, whole),
        }
    }
}

impl From<Ink> for Fill {
    fn from(ink: Ink) -> Self {
        Self::Flat(ink)
    }
}

fn color(ink: Ink) -> Color {
    let [r, g, b, a] = [ink.r, ink.g, ink.b, ink.a].map(|c| c.clamp(0.0, 1.0));
    Color::from_rgba(r, g, b, a).unwrap_or(Color::BLACK)
}

/// A stroke with round ends and joins, which suits hand-drawn lines.
pub fn stroke(width: f32) -> Stroke {
    Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() }
}

pub struct Canvas {
    pixmap: Pixmap,
    scale: Transform,
    placed: Transform,
    mask: Option<Mask>,
    pub w: f32,
    pub h: f32,
}

impl Canvas {
    /// `None` for a picture without pixels or beyond what memory could hold.
    pub fn new(width: u32, height: u32) -> Option<Self> {
        let pixmap = Pixmap::new(width, height)?;
        let s = height as f32 / 1000.0;
        Some(Self {
            pixmap,
            scale: Transform::from_scale(s, s),
            placed: Transform::identity(),
            mask: None,
            w: width as f32 / s,
            h: 1000.0,
        })
    }

    pub fn ground(&mut self, fill: impl Into<Fill>) {
        let all = Shape::rect(-1.0, -1.0, self.w + 2.0, self.h + 2.0);
        self.fill(&all, fill);
    }

    pub fn fill(&mut self, shape: &Shape, fill: impl Into<Fill>) {
        if let (Some(path), Some(shader)) = (&shape.0, fill.into().shader()) {
            let paint = Paint { shader, ..Paint::default() };
            let at = self.scale.pre_concat(self.placed);
            self.pixmap.fill_path(path, &paint, FillRule::Winding, at, self.mask.as_ref());
        }
    }

    pub fn stroke(&mut self, shape: &Shape, width: f32, ink: Ink) {
        self.stroke_with(shape, &stroke(width), ink);
    }

    pub fn stroke_with(&mut self, shape: &Shape, stroke: &Stroke, fill: impl Into<Fill>) {
        if let (Some(path), Some(shader)) = (&shape.0, fill.into().shader()) {
            let paint = Paint { shader, ..Paint::default() };
            let at = self.scale.pre_concat(self.placed);
            self.pixmap.stroke_path(path, &paint, stroke, at, self.mask.as_ref());
        }
    }

    /// A soft shadow of `shape`, moved by `offset`. Stacked outlines are far cheaper than a blur,
    /// and the shape itself covers the part where the stack would show.
    pub fn shadow(&mut self, shape: &Shape, offset: Pt, soft: f32, ink: Ink) {
        let placed = self.placed;
        self.placed = Transform::from_translate(offset.0, offset.1).pre_concat(placed);
        let faint = ink.alpha(ink.a / 8.0);
        self.fill(shape, ink.alpha(ink.a * 0.5));
        for ring in 1..=8 {
            self.stroke(shape, soft * ring as f32 * 0.27, faint);
        }
        self.placed = placed;
    }

    /// Draws what `draw` draws moved, turned or scaled.
    pub fn placed(&mut self, by: Transform, draw: impl FnOnce(&mut Self)) {
        let before = self.placed;
        self.placed = before.pre_concat(by);
        draw(self);
        self.placed = before;
    }

    /// Draws only inside `shape`. Clips do not nest; the inner one would replace the outer.
    pub fn clipped(&mut self, shape: &Shape, draw: impl FnOnce(&mut Self)) {
        let mut mask = Mask::new(self.pixmap.width(), self.pixmap.height());
        if let (Some(mask), Some(path)) = (&mut mask, &shape.0) {
            mask.fill_path(path, FillRule::Winding, true, self.scale.pre_concat(self.placed));
        }
        let before = std::mem::replace(&mut self.mask, mask);
        draw(self);
        self.mask = before;
    }

    /// Flecks the picture like paper stock, which takes the plastic look off flat colour, then packs
    /// it as PNG. The flecks are sparse and repeat every 64 pixels: too faint to see as a pattern,
    /// but dense fresh noise would make the file several times larger and slower to write.
    pub fn finish(mut self) -> Option<Vec<u8>> {
        const TILE: usize = 64;
        let mut rng = Rng::new("grain", 0);
        let mut fleck = || if rng.chance(0.035) { -4 } else { 0 };
        let tile: Vec<i16> = (0..TILE * TILE).map(|_| fleck()).collect();
        let (width, height) = (self.pixmap.width(), self.pixmap.height());
        let row = width as usize * 4;
        let mut opaque = Vec::with_capacity((width * height) as usize * 3);
        for (y, line) in self.pixmap.data_mut().chunks_exact_mut(row).enumerate() {
            let grain = &tile[y % TILE * TILE..][..TILE];
            for (pixel, &g) in line.chunks_exact_mut(4).zip(grain.iter().cycle()) {
                for channel in &mut pixel[..3] {
                    *channel = (i16::from(*channel) + g).clamp(0, 255) as u8;
                }
                opaque.extend_from_slice(&pixel[..3]);
            }
        }
        png(width, height, &opaque).ok()
    }
}

/// As fast as it goes: whoever takes the picture in reads it once, and keeps variants of their own making.
fn png(width: u32, height: u32, opaque: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::NoCompression);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(opaque)?;
    writer.finish()?;
    Ok(file)
}

/// The sky down to `horizon`. Where it runs from dark to light, the mix of both ends would be grey;
/// the colour of the far hills keeps its middle alive.
pub fn sky(p: &Palette, horizon: f32) -> Fill {
    let span = (p.low.light() - p.high.light()).abs();
    let middle = p.high.mix(p.low, 0.62).mix(p.far, (span * 1.5 - 0.2).clamp(0.0, 0.6));
    Fill::Line((0.0, 0.0), (0.0, horizon), vec![(0.0, p.high), (0.62, middle), (1.0, p.low)])
}

/// The sun or moon with its halo.
pub fn sun(c: &mut Canvas, at: Pt, r: f32, disc: Ink, halo: f32) {
    let fade = vec![(0.2, disc.alpha(halo)), (0.45, disc.alpha(halo * 0.35)), (1.0, disc.alpha(0.0))];
    c.fill(&Shape::circle(at, r * 4.0), Fill::Disc(at, r * 4.0, fade));
    c.fill(&Shape::circle(at, r), disc);
}

/// Samples `y(x)` across the picture and a little beyond.
pub fn ridge(w: f32, step: f32, y: impl Fn(f32) -> f32) -> Vec<Pt> {
    let n = ((w + 4.0 * step) / step).ceil() as usize;
    (0..=n).map(|i| (i as f32 - 2.0) * step).map(|x| (x, y(x))).collect()
}

/// Points on an ellipse from angle `from` to `to` (radians), for arcs and rings.
pub fn arc((x, y): Pt, rx: f32, ry: f32, from: f32, to: f32) -> Vec<Pt> {
    let n = ((to - from).abs() * 12.0).ceil().max(2.0) as usize;
    (0..=n)
        .map(|i| from + (to - from) * i as f32 / n as f32)
        .map(|t| (x + rx * t.cos(), y + ry * t.sin()))
        .collect()
}
