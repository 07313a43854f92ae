//! A GIF animation without what is not part of it: comments, texts, metadata and whatever hides after the end.

use crate::announced::{MAX_BYTES, MAX_DECODED, MAX_FRAMES};
use crate::model::Motion;

/// Whether the GIF moves, and the animation, rewritten from its pictures, timings and loop count alone. One that is too long or too
/// large, or does not follow the format (GIF89a, W3C 1990) to its end, is dropped: then the first frame stands for it.
pub fn animation(bytes: &[u8]) -> (Motion, Option<Vec<u8>>) {
    let mut gif = Reader { bytes, at: 0, out: Vec::with_capacity(bytes.len()), frames: 0 };
    match gif.rewrite() {
        Some(()) if gif.frames > 1 && bytes.len() <= MAX_BYTES => (Motion::Gif, Some(gif.out)),
        _ if gif.frames > 1 => (Motion::Dropped, None),
        _ => (Motion::Still, None),
    }
}

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;
const TIMING: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// The length of the colour table that a packed field announces.
fn table_len(packed: u8) -> usize {
    if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Vec<u8>,
    frames: u32,
}

impl<'a> Reader<'a> {
    fn rewrite(&mut self) -> Option<()> {
        let header = self.copy(13)?;
        if !header.starts_with(b"GIF8") {
            return None;
        }
        let (width, height) = (u16_at(header, 6), u16_at(header, 8));
        self.copy(table_len(header[10]))?;
        loop {
            match self.next()? {
                EXTENSION => self.extension()?,
                IMAGE => {
                    self.frames += 1;
                    self.out.push(IMAGE);
                    let head = self.copy(9)?;
                    let right = u32::from(u16_at(head, 0)) + u32::from(u16_at(head, 4));
                    let bottom = u32::from(u16_at(head, 2)) + u32::from(u16_at(head, 6));
                    let pixels = u64::from(width) * u64::from(height) * u64::from(self.frames);
                    let fits = right <= u32::from(width) && bottom <= u32::from(height);
                    if !fits || self.frames > MAX_FRAMES || pixels > MAX_DECODED {
                        return None;
                    }
                    self.copy(table_len(head[8]) + 1)?;
                    self.copy_blocks()?;
                }
                TRAILER => break,
                _ => return None,
            }
        }
        self.out.push(TRAILER);
        Some(())
    }

    fn next(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let part = self.bytes.get(self.at..self.at + len)?;
        self.at += len;
        Some(part)
    }

    fn copy(&mut self, len: usize) -> Option<&'a [u8]> {
        let part = self.take(len)?;
        self.out.extend_from_slice(part);
        Some(part)
    }

    /// Sub-blocks up to and including the empty one.
    fn copy_blocks(&mut self) -> Option<()> {
        loop {
            let len = self.copy(1)?[0];
            self.copy(usize::from(len))?;
            if len == 0 {
                return Some(());
            }
        }
    }

    fn skip_blocks(&mut self) -> Option<()> {
        loop {
            let len = self.next()?;
            self.take(usize::from(len))?;
            if len == 0 {
                return Some(());
            }
        }
    }

    /// Keeps timings and the loop count, drops every other extension.
    fn extension(&mut self) -> Option<()> {
        let label = self.next()?;
        let rest = self.bytes.get(self.at..)?;
        let is_loop =
            rest.starts_with(b"\x0bNETSCAPE2.0\x03\x01") || rest.starts_with(b"\x0bANIMEXTS1.0\x03\x01");
        if label == TIMING || (label == APPLICATION && is_loop) {
            self.out.extend([EXTENSION, label]);
            self.copy_blocks()
        } else {
            self.skip_blocks()
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
    use image::{AnimationDecoder, Delay, Frame, Rgba, RgbaImage};

    /// An animation that goes from red to blue, for tests.
    pub(crate) fn moving(frames: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        encoder.set_repeat(Repeat::Infinite).unwrap();
        for n in 0..frames {
            let colour = Rgba([255 - (n % 256) as u8, 0, (n % 256) as u8, 255]);
            let frame = RgbaImage::from_pixel(40, 30, colour);
            encoder.encode_frame(Frame::from_parts(frame, 0, 0, Delay::from_numer_denom_ms(100, 1))).unwrap();
        }
        drop(encoder);
        bytes
    }

    fn with_comment(gif: &[u8]) -> Vec<u8> {
        let at = 13 + table_len(gif[10]);
        let mut out = gif[..at].to_vec();
        out.extend(b"\x21\xfe\x06secret\x00");
        out.extend(b"\x21\xff\x0bXMP DataXMP\x06secret\x00");
        out.extend(&gif[at..]);
        out.extend(b"secret");
        out
    }

    #[test]
    fn keeps_the_motion_and_nothing_else() {
        let plain = moving(3);
        let kept = animation(&with_comment(&plain)).1.unwrap();
        assert_eq!(kept, plain);
        let frames =
            GifDecoder::new(std::io::Cursor::new(kept)).unwrap().into_frames().collect_frames().unwrap();
        assert_eq!(frames.len(), 3);
    }

    #[test]
    fn one_frame_or_too_many_or_cut_short_do_not_move() {
        assert_eq!(animation(&moving(1)), (Motion::Still, None));
        assert_eq!(animation(&moving(300)).0, Motion::Gif);
        assert_eq!(animation(&moving(301)), (Motion::Dropped, None));
        // 12,000 × 12,000 twice.
        let mut large = moving(2);
        large[6..10].copy_from_slice(&[0xe0, 0x2e, 0xe0, 0x2e]);
        assert_eq!(animation(&large), (Motion::Dropped, None));
        let plain = moving(3);
        for len in 0..plain.len() {
            assert_eq!(animation(&plain[..len]).1, None, "{len}");
        }
    }
}
