//! A tiny deterministic random source, so a demo looks the same on every machine.

/// SplitMix64, after Sebastiano Vigna's public-domain reference
/// (<https://prng.di.unimi.it/splitmix64.c>). Small and good enough to place things in a picture.
pub struct Rng(u64);

impl Rng {
    /// `salt` keeps two kinds with the same seed from sharing their composition.
    pub fn new(salt: &str, seed: u64) -> Self {
        // FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): stable across Rust releases,
        // which the standard library's hasher does not promise.
        let hash = salt
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        let mut rng = Self(hash ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        rng.next();
        rng
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 ≤ x < 1.
    pub fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    pub fn range(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.unit()
    }

    /// 0 ≤ n < `below`.
    pub fn below(&mut self, below: usize) -> usize {
        ((self.next() >> 32) as usize * below) >> 32
    }

    pub fn chance(&mut self, p: f32) -> bool {
        self.unit() < p
    }

    /// −1 or 1.
    pub fn sign(&mut self) -> f32 {
        if self.chance(0.5) { 1.0 } else { -1.0 }
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
