//! A file's bytes as UTF-8, whatever it is written in, with places counted and a limit on what one element may hold.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};

/// What is read between two calls of [`Decoded::refill`] must fit into memory; beyond this it is refused.
const ALLOWANCE: usize = 64 << 20;

pub struct Decoded<R> {
    raw: R,
    decoder: Decoder,
    out: Box<[u8]>,
    from: usize,
    to: usize,
    ended: bool,
    /// Bytes read of the file.
    bytes: u64,
    /// Line ends handed out.
    lines: u64,
    left: usize,
}

impl<R: BufRead> Decoded<R> {
    /// Bad sequences become U+FFFD: one bad byte must not cost the rest of the file.
    pub fn new(mut raw: R) -> io::Result<Self> {
        let head = raw.fill_buf()?;
        let encoding =
            Encoding::for_bom(head).map(|(bom, _)| bom).or_else(|| declared(head)).unwrap_or(UTF_8);
        let out = vec![0; 32 << 10].into_boxed_slice();
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Self { raw, decoder, out, from: 0, to: 0, ended: false, bytes: 0, lines: 0, left: ALLOWANCE })
    }
}

impl<R> Decoded<R> {
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The line that is being read, from 1.
    pub const fn line(&self) -> u64 {
        self.lines + 1
    }

    pub const fn refill(&mut self) {
        self.left = ALLOWANCE;
    }
}

/// The encoding that an XML declaration names.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&head[..head.len().min(256)]);
    let declaration = head.strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    // A file that could be read so far is not UTF-16, whatever it says.
    Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other("one element holds more than 64 MB"));
        }
        while self.from == self.to && !self.ended {
            let source = self.raw.fill_buf()?;
            let last = source.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(source, &mut self.out, last);
            self.raw.consume(read);
            self.bytes += read as u64;
            (self.from, self.to) = (0, written);
            self.ended = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.out[self.from..self.to])
    }

    fn consume(&mut self, amount: usize) {
        let consumed = &self.out[self.from..self.from + amount];
        self.lines += consumed.iter().map(|&byte| u64::from(byte == b'\n')).sum::<u64>();
        self.from += amount;
        self.left = self.left.saturating_sub(amount);
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(buf.len());
        buf[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> String {
        let mut text = String::new();
        Decoded::new(bytes).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn reads_what_the_file_says_it_is() {
        let gbk = [b"<?xml version='1.0' encoding='GB2312'?><a>".as_slice(), &[0xc4, 0xcf], b"</a>"].concat();
        assert!(decoded(&gbk).ends_with("<a>南</a>"));
        let utf16: Vec<u8> = "\u{feff}<a>南</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&utf16), "<a>南</a>");
        assert_eq!(decoded(b"\xef\xbb\xbf<a>\xff</a>"), "<a>\u{fffd}</a>");
        assert_eq!(decoded(b"<?xml encoding='utf-16'?>x"), "<?xml encoding='utf-16'?>x");
    }
}
