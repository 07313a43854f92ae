//! The markers of a JPEG (ITU-T T.81, annex B): where its main picture ends, and how often it goes over its pixels.

use kernel::Result;

use crate::model::{broken, too_costly};

/// The most scans. Progressive files have about ten, the most careful encoders twenty.
const MAX_SCANS: usize = 64;
/// The most scans times megapixels: each scan goes over the whole picture.
const MAX_SCANNED: u64 = 800;

/// The bytes from the start to the end of the main picture. What stands behind it (previews as CIPA DC-007 has them, whole or cut off, or
/// anything else) is no part of it. Refuses a picture that is cut short (the decoder would paint what is missing in grey)
/// and one with more scans than any camera or encoder makes.
pub fn main_picture(file: &[u8]) -> Result<&[u8]> {
    let (mut at, mut scans, mut pixels) = (2, 0, 0);
    loop {
        // Between segments, other decoders skip what is no marker.
        at += file.get(at..).and_then(|rest| rest.iter().position(|&b| b == 0xff)).ok_or_else(broken)?;
        let marker = loop {
            match file.get(at).ok_or_else(broken)? {
                0xff => at += 1,
                &marker => break marker,
            }
        };
        at += 1;
        match marker {
            END => return Ok(&file[..at]),
            // Stuffed bytes and markers that stand alone.
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            _ => {
                let segment = segment(file, at).ok_or_else(broken)?;
                at += segment.len();
                match marker {
                    SCAN => {
                        scans += 1;
                        if scans > MAX_SCANS || scans as u64 * pixels > MAX_SCANNED * 1_000_000 {
                            return Err(too_costly());
                        }
                        at = scan_end(file, at).ok_or_else(broken)?;
                    }
                    // Start of frame, of any process.
                    0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                        pixels = frame(segment).ok_or_else(broken)?;
                    }
                    _ => {}
                }
            }
        }
    }
}

const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

/// The segment whose length stands at `at`, with its length.
fn segment(file: &[u8], at: usize) -> Option<&[u8]> {
    let len = usize::from(u16::from_be_bytes([*file.get(at)?, *file.get(at + 1)?]));
    if len < 2 { None } else { file.get(at..at + len) }
}

/// The pixels of a frame: length, precision, height, width.
fn frame(segment: &[u8]) -> Option<u64> {
    let side = |at: usize| Some(u64::from(u16::from_be_bytes([*segment.get(at)?, *segment.get(at + 1)?])));
    Some(side(3)? * side(5)?)
}

/// Where the data of a scan ends: at the first marker that is not part of it.
fn scan_end(file: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += file.get(at..)?.iter().position(|&b| b == 0xff)?;
        match file.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let mut out = vec![0xff, marker];
        out.extend((body.len() as u16 + 2).to_be_bytes());
        out.extend(body);
        out
    }

    /// Start, a frame of that size, that many scans, end.
    fn jpeg(side: u16, scans: usize) -> Vec<u8> {
        let [high, low] = side.to_be_bytes();
        let mut out = vec![0xff, 0xd8];
        out.extend(segment(0xc2, &[8, high, low, high, low, 1, 1, 0x11, 0]));
        for _ in 0..scans {
            out.extend(segment(SCAN, &[1, 1, 0, 0, 0, 0]));
            out.extend([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]);
        }
        out.extend([0xff, END]);
        out
    }

    #[test]
    fn ends_where_the_main_picture_ends() {
        let whole = jpeg(100, 3);
        assert_eq!(main_picture(&whole).unwrap(), whole);
        for behind in [&b"garbage"[..], &[0xff, 0xd8, 0xff, 0xda, 0, 4, 0, 0, 1], &[0; 9]] {
            assert_eq!(main_picture(&[&whole, behind].concat()).unwrap(), whole);
        }
        for len in 2..whole.len() {
            assert!(main_picture(&whole[..len]).is_err(), "{len}");
        }
    }

    #[test]
    fn counts_scans() {
        assert!(main_picture(&jpeg(5_000, 20)).is_ok());
        assert!(main_picture(&jpeg(100, MAX_SCANS)).is_ok());
        for (side, scans) in [(100, MAX_SCANS + 1), (7_000, 20)] {
            let error = main_picture(&jpeg(side, scans)).unwrap_err();
            assert_eq!(error.to_string(), "picture: picture-costly", "{side} {scans}");
        }
    }
}
