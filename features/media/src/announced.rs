//! How much a picture that moves may hold.

/// The most frames.
pub const MAX_FRAMES: u32 = 300;
/// The most pixels of all frames together that are decoded.
pub const MAX_DECODED: u64 = 240_000_000;
/// The longest file that is kept, in bytes.
pub const MAX_BYTES: usize = 10 << 20;

/// What a container says of its motion before any frame is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    pub frames: u32,
    pub millis: u64,
    /// 0: for ever.
    pub plays: u32,
}
