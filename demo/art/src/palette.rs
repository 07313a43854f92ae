//! Colours. Every picture uses one palette, so that a front page of them holds together.

use crate::noise::lerp;
use crate::rng::Rng;

/// An sRGB colour with opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    pub r: f32,
    pub g: f32,
    pub b: f32,
    pub a: f32,
}

impl Ink {
    pub const fn hex(rgb: u32) -> Self {
        Self {
            r: ((rgb >> 16) & 255) as f32 / 255.0,
            g: ((rgb >> 8) & 255) as f32 / 255.0,
            b: (rgb & 255) as f32 / 255.0,
            a: 1.0,
        }
    }

    pub const fn alpha(self, a: f32) -> Self {
        Self { a, ..self }
    }

    /// Mixes in OKLab (Björn Ottosson, <https://bottosson.github.io/posts/oklab/>, public domain):
    /// plain sRGB mixing turns red-to-blue skies grey and muddy.
    pub fn mix(self, other: Self, t: f32) -> Self {
        let (p, q) = (self.to_lab(), other.to_lab());
        let lab = [lerp(p[0], q[0], t), lerp(p[1], q[1], t), lerp(p[2], q[2], t)];
        Self::from_lab(lab, lerp(self.a, other.a, t))
    }

    pub fn lighter(self, t: f32) -> Self {
        self.mix(Self::hex(0xfffdf8).alpha(self.a), t)
    }

    pub fn darker(self, t: f32) -> Self {
        self.mix(Self::hex(0x141118).alpha(self.a), t)
    }

    /// Perceived lightness, 0..1.
    pub fn light(self) -> f32 {
        self.to_lab()[0]
    }

    /// Whichever of the two stands out more on this colour.
    pub fn contrast(self, one: Self, other: Self) -> Self {
        let on = self.light();
        if (one.light() - on).abs() >= (other.light() - on).abs() { one } else { other }
    }

    fn to_lab(self) -> [f32; 3] {
        let [r, g, b] = [self.r, self.g, self.b].map(linear);
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        [
            0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        ]
    }

    fn from_lab([l, a, b]: [f32; 3], alpha: f32) -> Self {
        let x = (l + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
        let y = (l - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
        let z = (l - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
        Self {
            r: encoded(4.076_741_7 * x - 3.307_711_6 * y + 0.230_969_94 * z),
            g: encoded(-1.268_438 * x + 2.609_757_4 * y - 0.341_319_38 * z),
            b: encoded(-0.004_196_086_3 * x - 0.703_418_6 * y + 1.707_614_7 * z),
            a: alpha,
        }
    }
}

fn linear(c: f32) -> f32 {
    if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

fn encoded(c: f32) -> f32 {
    let c = c.clamp(0.0, 1.0);
    if c <= 0.003_130_8 { c * 12.92 } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 }
}

/// Colours by the part they play.
pub struct Palette {
    /// The ground of flat pictures (charts, maps, leaves).
    pub paper: Ink,
    /// The sky overhead and at the horizon.
    pub high: Ink,
    pub low: Ink,
    pub sun: Ink,
    /// The farthest and nearest layers of a landscape.
    pub far: Ink,
    pub near: Ink,
    pub accent: Ink,
    /// Lines and marks on `paper`.
    pub ink: Ink,
    /// Flat colours for things: dark, middle, warm, strong, pale (roughly).
    pub tones: [Ink; 5],
}

const fn palette(ground: [u32; 3], land: [u32; 3], marks: [u32; 2], tones: [u32; 5]) -> Palette {
    let [t0, t1, t2, t3, t4] = tones;
    Palette {
        paper: Ink::hex(ground[0]),
        high: Ink::hex(ground[1]),
        low: Ink::hex(ground[2]),
        sun: Ink::hex(land[0]),
        far: Ink::hex(land[1]),
        near: Ink::hex(land[2]),
        accent: Ink::hex(marks[0]),
        ink: Ink::hex(marks[1]),
        tones: [Ink::hex(t0), Ink::hex(t1), Ink::hex(t2), Ink::hex(t3), Ink::hex(t4)],
    }
}

// Arguments: [paper, high, low], [sun, far, near], [accent, ink], tones.
static PRESS: Palette = palette(
    [0xfbfaf7, 0xe9e4d8, 0xf8ead2],
    [0xb3261e, 0xd3c9b6, 0x2d3236],
    [0xb3261e, 0x211f1e],
    [0x2f5d57, 0x50697d, 0xd9a441, 0xb3261e, 0xe9dfcc],
);
static DUSK: Palette = palette(
    [0xf8f0e7, 0x34446a, 0xf3ba8f],
    [0xfde9c6, 0xab8a9b, 0x1b2440],
    [0xd4553a, 0x1f2740],
    [0x34446a, 0x8b6f8b, 0xe9b48a, 0xd4553a, 0xf2dfca],
);
static OCHRE: Palette = palette(
    [0xfbf4e6, 0xefd9b0, 0xfcecca],
    [0xfffaea, 0xe6bd7e, 0x7a3719],
    [0xb3261e, 0x3a2418],
    [0x8a3d1e, 0x6b7a5a, 0xc9822f, 0xb3261e, 0xecd5a8],
);
static SEA: Palette = palette(
    [0xf6f7f1, 0xbdd6d3, 0xf8efdb],
    [0xfbe0aa, 0xa3c4bb, 0x123c43],
    [0xd8603c, 0x14343a],
    [0x1f5a5c, 0x6ea399, 0xe3c27e, 0xd8603c, 0xe8e3cf],
);
static DAWN: Palette = palette(
    [0xfbf3ec, 0xe0a78f, 0xfadcb8],
    [0xfff3da, 0xdc9474, 0x4d151b],
    [0xb3261e, 0x3a1518],
    [0x7a1f22, 0x4b5a6b, 0xe2a07a, 0xb3261e, 0xf0d8be],
);
static NIGHT: Palette = palette(
    [0x17213a, 0x0d1630, 0x50668a],
    [0xf6ecd0, 0x44587c, 0x090f1d],
    [0xe3a548, 0xefe7d6],
    [0x2a3e66, 0x4f6b92, 0xe3a548, 0xc6543a, 0xa9b9c9],
);
static SAGE: Palette = palette(
    [0xf8f7ef, 0xcfdccb, 0xf8eed4],
    [0xfbe4ae, 0xb7c4a2, 0x2b3f2e],
    [0xb3261e, 0x26332a],
    [0x4d6b4a, 0x8fa57c, 0xd5b25e, 0xb3261e, 0xe6dfc6],
);
static PLUM: Palette = palette(
    [0xfaf2ef, 0xa98aa3, 0xf8cfb0],
    [0xfff0d9, 0xc49aa3, 0x331b35],
    [0xc8452f, 0x33203a],
    [0x5a3557, 0xb06a7a, 0xe9b994, 0xc8452f, 0xefdcd2],
);
static SUMI: Palette = palette(
    [0xf7f4ec, 0xdedad0, 0xf7f2e6],
    [0xb3261e, 0xc6c4bd, 0x1d2126],
    [0xb3261e, 0x1f2328],
    [0x3b4047, 0x7d8186, 0xb9b6ad, 0xb3261e, 0xe2ddd0],
);
static FROST: Palette = palette(
    [0xf6f8f9, 0x8fb2cb, 0xf8eee0],
    [0xfffaf0, 0xa3bccd, 0x193550],
    [0xc2402d, 0x1c3048],
    [0x2e567d, 0x7ea0bb, 0xd9b878, 0xc2402d, 0xdfe7ec],
);

/// A palette suited to `kind`: no green deserts, no midnight leaves.
pub fn pick(kind: &str, rng: &mut Rng) -> &'static Palette {
    let suited: &[&'static Palette] = match kind {
        "dunes" => &[&OCHRE, &DAWN, &DUSK, &PLUM, &SUMI],
        "mountains" => &[&FROST, &DUSK, &SAGE, &DAWN, &SUMI, &NIGHT, &SEA],
        "waves" => &[&SEA, &FROST, &DUSK, &NIGHT, &SUMI],
        "clouds" => &[&FROST, &DUSK, &DAWN, &PLUM, &SEA],
        "fields" => &[&SAGE, &OCHRE, &SEA, &DAWN, &FROST],
        "leaves" => &[&SAGE, &SEA, &PRESS, &OCHRE, &PLUM],
        "orbit" => &[&NIGHT, &DUSK, &SUMI, &FROST, &PLUM],
        "skyline" => &[&DUSK, &NIGHT, &PLUM, &FROST, &DAWN, &PRESS],
        "tiles" => &[&SEA, &PRESS, &FROST, &OCHRE, &PLUM, &SAGE],
        "shelves" => &[&PRESS, &OCHRE, &SEA, &SAGE, &DAWN, &PLUM],
        "table" => &[&PRESS, &SEA, &FROST, &OCHRE, &SAGE, &DAWN],
        "court" => &[&PRESS, &SEA, &FROST, &SAGE, &DAWN],
        "circuit" => &[&SEA, &NIGHT, &PRESS, &FROST, &SAGE],
        "streetmap" => &[&PRESS, &SEA, &FROST, &SAGE, &NIGHT],
        "contours" => &[&SAGE, &SEA, &OCHRE, &FROST, &DUSK, &SUMI],
        _ => &[&PRESS, &SEA, &FROST, &SUMI, &DUSK, &NIGHT],
    };
    suited[rng.below(suited.len())]
}

/// Any palette.
pub fn any(rng: &mut Rng) -> &'static Palette {
    let all: [&'static Palette; 10] =
        [&PRESS, &DUSK, &OCHRE, &SEA, &DAWN, &NIGHT, &SAGE, &PLUM, &SUMI, &FROST];
    all[rng.below(all.len())]
}
