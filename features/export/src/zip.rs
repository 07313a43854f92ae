//! A ZIP archive that is written from its beginning to its end (APPNOTE.TXT 6.3.10): of what is in it nothing is kept but its list.
//!
//! Sizes and checksums stand behind each file (section 4.3.9), where they are known. More than four gigabytes, or 65,535 files, take the
//! records of ZIP64 (4.3.14). One file alone has less than four gigabytes.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use kernel::{Error, Result, Time};

use crate::archive::Writer;

/// Names are UTF-8; sizes stand behind the file.
const FLAGS: u16 = (1 << 11) | (1 << 3);
const DEFLATED: u16 = 8;
/// What a reader must know of: version 2.0 of the format, or 4.5 for ZIP64.
const PLAIN: u16 = 20;
const ZIP64: u16 = 45;
/// Made on Unix, where files have these rights.
const MADE_BY: u16 = (3 << 8) | ZIP64;
const RIGHTS: u32 = 0o100_644 << 16;

struct Entry {
    name: String,
    crc: u32,
    packed: u32,
    size: u32,
    offset: u64,
}

struct Open {
    name: String,
    offset: u64,
    crc: Crc,
    size: u64,
    packed: u64,
    encoder: DeflateEncoder<Vec<u8>>,
}

pub struct Zip {
    to: Writer,
    stamp: [u8; 4],
    entries: Vec<Entry>,
    open: Option<Open>,
}

impl Zip {
    /// All files have the time `at`, in UTC.
    pub fn new(to: Writer, at: Time) -> Self {
        Self { to, stamp: stamp(at), entries: Vec::new(), open: None }
    }

    /// Begins a file, and ends the one before. `packed`: it is small already, and no time is spent on making it smaller.
    pub async fn begin(&mut self, name: &str, packed: bool) -> Result<()> {
        self.end().await?;
        let offset = self.to.written();
        let mut head: Vec<u8> = Vec::with_capacity(30 + name.len());
        head.extend(0x0403_4b50_u32.to_le_bytes());
        head.extend(PLAIN.to_le_bytes());
        head.extend(FLAGS.to_le_bytes());
        head.extend(DEFLATED.to_le_bytes());
        head.extend(self.stamp);
        head.extend([0_u8; 12]);
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0_u8; 2]);
        head.extend(name.as_bytes());
        self.to.write(&head).await?;
        let level = if packed { Compression::none() } else { Compression::default() };
        let encoder = DeflateEncoder::new(Vec::new(), level);
        let (name, crc) = (name.to_owned(), Crc::new());
        self.open = Some(Open { name, offset, crc, size: 0, packed: 0, encoder });
        Ok(())
    }

    /// More of the file that was begun last.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(open) = &mut self.open else {
            return Err(Error::internal("no file of the archive is open"));
        };
        open.crc.update(bytes);
        open.size += bytes.len() as u64;
        open.encoder.write_all(bytes)?;
        let ready = std::mem::take(open.encoder.get_mut());
        open.packed += ready.len() as u64;
        self.to.write(&ready).await
    }

    async fn end(&mut self) -> Result<()> {
        let Some(Open { name, offset, crc, size, packed, encoder }) = self.open.take() else { return Ok(()) };
        let ready = encoder.finish()?;
        let packed = packed + ready.len() as u64;
        self.to.write(&ready).await?;
        let small = |size: u64| {
            u32::try_from(size)
                .map_err(|_| Error::internal("a file of the archive is larger than four gigabytes"))
        };
        let entry = Entry { name, crc: crc.sum(), packed: small(packed)?, size: small(size)?, offset };
        let mut behind: Vec<u8> = Vec::with_capacity(16);
        for word in [0x0807_4b50_u32, entry.crc, entry.packed, entry.size] {
            behind.extend(word.to_le_bytes());
        }
        self.entries.push(entry);
        self.to.write(&behind).await
    }

    /// Ends the archive; how many bytes it has.
    pub async fn finish(mut self) -> Result<u64> {
        self.end().await?;
        let begins = self.to.written();
        let entries = std::mem::take(&mut self.entries);
        for part in entries.chunks(256) {
            let list: Vec<u8> = part.iter().flat_map(|entry| self.line(entry)).collect();
            self.to.write(&list).await?;
        }
        let ends = self.to.written();
        let end = end(entries.len() as u64, begins, ends);
        self.to.write(&end).await?;
        self.to.finish().await
    }

    /// A line of the list (section 4.3.12).
    fn line(&self, entry: &Entry) -> Vec<u8> {
        let far = entry.offset >= u64::from(u32::MAX);
        let (version, extra) = if far { (ZIP64, 12_u16) } else { (PLAIN, 0) };
        let mut line: Vec<u8> = Vec::with_capacity(58 + entry.name.len());
        line.extend(0x0201_4b50_u32.to_le_bytes());
        line.extend(MADE_BY.to_le_bytes());
        line.extend(version.to_le_bytes());
        line.extend(FLAGS.to_le_bytes());
        line.extend(DEFLATED.to_le_bytes());
        line.extend(self.stamp);
        for word in [entry.crc, entry.packed, entry.size] {
            line.extend(word.to_le_bytes());
        }
        line.extend((entry.name.len() as u16).to_le_bytes());
        line.extend(extra.to_le_bytes());
        // No comment, on the first disk, of no special kind.
        line.extend([0_u8; 6]);
        line.extend(RIGHTS.to_le_bytes());
        line.extend(u32::try_from(entry.offset).unwrap_or(u32::MAX).to_le_bytes());
        line.extend(entry.name.as_bytes());
        if far {
            line.extend(1_u16.to_le_bytes());
            line.extend(8_u16.to_le_bytes());
            line.extend(entry.offset.to_le_bytes());
        }
        line
    }
}

/// What stands at the end: how many files there are, and where their list is.
fn end(entries: u64, begins: u64, ends: u64) -> Vec<u8> {
    let mut end: Vec<u8> = Vec::with_capacity(98);
    if entries >= u64::from(u16::MAX) || ends >= u64::from(u32::MAX) {
        end.extend(0x0606_4b50_u32.to_le_bytes());
        end.extend(44_u64.to_le_bytes());
        end.extend(MADE_BY.to_le_bytes());
        end.extend(ZIP64.to_le_bytes());
        end.extend([0_u8; 8]);
        for number in [entries, entries, ends - begins, begins] {
            end.extend(number.to_le_bytes());
        }
        end.extend(0x0706_4b50_u32.to_le_bytes());
        end.extend([0_u8; 4]);
        end.extend(ends.to_le_bytes());
        end.extend(1_u32.to_le_bytes());
    }
    let short = u16::try_from(entries).unwrap_or(u16::MAX);
    let word = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    end.extend(0x0605_4b50_u32.to_le_bytes());
    end.extend([0_u8; 4]);
    end.extend(short.to_le_bytes());
    end.extend(short.to_le_bytes());
    end.extend(word(ends - begins).to_le_bytes());
    end.extend(word(begins).to_le_bytes());
    end.extend([0_u8; 2]);
    end
}

/// Time and date as MS-DOS wrote them (section 4.4.6): two seconds are the smallest step, 1980 the first year.
fn stamp(at: Time) -> [u8; 4] {
    let text = at.rfc3339();
    let part = |from: usize, to: usize| {
        text.get(from..to).and_then(|digits| digits.parse::<u16>().ok()).unwrap_or_default()
    };
    let date = (part(0, 4).saturating_sub(1980) << 9) | (part(5, 7).max(1) << 5) | part(8, 10).max(1);
    let time = (part(11, 13) << 11) | (part(14, 16) << 5) | (part(17, 19) / 2);
    let (time, date) = (time.to_le_bytes(), date.to_le_bytes());
    [time[0], time[1], date[0], date[1]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_dos_did() {
        let [a, b, c, d] = stamp(Time::parse("2024-06-05T10:20:31Z").unwrap());
        assert_eq!(u16::from_le_bytes([a, b]), (10 << 11) | (20 << 5) | 15);
        assert_eq!(u16::from_le_bytes([c, d]), (44 << 9) | (6 << 5) | 5);
    }

    #[test]
    fn many_files_and_far_lists_take_the_larger_records() {
        assert_eq!(end(3, 1_000, 1_300).len(), 22);
        for large in [end(65_535, 1_000, 1_300), end(3, 5 << 30, (5 << 30) + 300)] {
            assert_eq!((large.len(), &large[..4]), (98, &b"PK\x06\x06"[..]));
            assert_eq!(&large[56..60], b"PK\x06\x07");
        }
        let far = end(3, 5 << 30, (5 << 30) + 300);
        assert_eq!(u64::from_le_bytes(far[48..56].try_into().unwrap()), 5 << 30, "where the list begins");
        assert_eq!(u64::from_le_bytes(far[64..72].try_into().unwrap()), (5 << 30) + 300, "and this record");
    }
}
