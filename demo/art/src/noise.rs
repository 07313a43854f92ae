//! Smooth noise for ridges, rivers and relief.

/// Seeded value noise. Plain value noise is soft enough here: the shapes it makes are drawn as
/// silhouettes, where gradient noise's finer grain would not be seen.
pub struct Noise(u32);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self((seed ^ (seed >> 32)) as u32)
    }

    /// An integer hash of a lattice point, after Chris Wellons' lowbias32
    /// (<https://nullprogram.com/blog/2018/07/31/>, public domain).
    fn lattice(&self, x: i32, y: i32) -> f32 {
        let mut n = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77) ^ self.0;
        n = (n ^ (n >> 16)).wrapping_mul(0x7feb_352d);
        n = (n ^ (n >> 15)).wrapping_mul(0x846c_a68b);
        n ^= n >> 16;
        n as f32 / u32::MAX as f32 * 2.0 - 1.0
    }

    /// −1..1, one bump per unit.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (fx, fy) = (x.floor(), y.floor());
        let (ix, iy) = (fx as i32, fy as i32);
        let (u, v) = (ease(x - fx), ease(y - fy));
        let top = lerp(self.lattice(ix, iy), self.lattice(ix + 1, iy), u);
        let bottom = lerp(self.lattice(ix, iy + 1), self.lattice(ix + 1, iy + 1), u);
        lerp(top, bottom, v)
    }

    /// Octaves of [`Noise::at`], each half the size and half the strength of the one before.
    pub fn fbm(&self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut gain, mut scale, mut total) = (0.0, 1.0, 1.0, 0.0);
        for octave in 0..octaves {
            // The offset keeps octaves from sharing lattice points at the origin.
            let shift = octave as f32 * 17.31;
            sum += gain * self.at(x * scale + shift, y * scale - shift);
            total += gain;
            gain *= 0.5;
            scale *= 2.0;
        }
        sum / total
    }
}

pub fn lerp(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// Perlin's quintic: flat at both ends to the second derivative.
pub fn ease(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}
