//! What the container says that `avif-parse` does not tell: colour and turn of the primary picture
//! (ISO/IEC 14496-12 and 23008-12), and how many frames a piece of AV1 holds.

/// Colour as `nclx` gives it: numbers of ITU-T H.273.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nclx {
    pub primaries: u8,
    pub transfer: u8,
    pub matrix: u8,
    pub full_range: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Properties {
    pub nclx: Option<Nclx>,
    pub icc: Option<Vec<u8>>,
    /// Quarter turns anticlockwise.
    pub quarters: u8,
    pub mirror: Option<u8>,
}

/// The major and compatible brands of a file that begins with `ftyp`.
pub fn brands(file: &[u8]) -> Option<Vec<u8>> {
    // Enough for a few hundred brands; the rest of the file need not be there.
    let (kind, body) = Boxes(&file[..file.len().min(4096)]).next()?;
    (kind == *b"ftyp" && body.len() >= 8).then(|| [&body[..4], &body[8..]].concat())
}

/// The properties of the primary item. `None` if the boxes do not hold together.
pub fn properties(file: &[u8]) -> Option<Properties> {
    let meta = child(file, *b"meta")?.get(4..)?;
    let mut pitm = Bytes(child(meta, *b"pitm")?);
    let primary = if pitm.version()? == 0 { pitm.u16()?.into() } else { pitm.u32()? };
    let iprp = child(meta, *b"iprp")?;
    let all: Vec<_> = Boxes(child(iprp, *b"ipco")?).collect();
    let mut found = Properties::default();
    for (_, ipma) in Boxes(iprp).filter(|(kind, _)| kind == b"ipma") {
        for index in associated(ipma, primary)? {
            if let Some((kind, body)) = index.checked_sub(1).and_then(|n| all.get(n)) {
                found.add(*kind, body)?;
            }
        }
    }
    Some(found)
}

impl Properties {
    fn add(&mut self, kind: [u8; 4], body: &[u8]) -> Option<()> {
        match &kind {
            b"irot" => self.quarters = body.first()? & 3,
            b"imir" => self.mirror = Some(body.first()? & 1),
            b"colr" => {
                let (form, mut rest) = (body.get(..4)?, Bytes(body.get(4..)?));
                match form {
                    b"nclx" => {
                        let (primaries, transfer, matrix) = (rest.u16()?, rest.u16()?, rest.u16()?);
                        self.nclx = Some(Nclx {
                            primaries: u8::try_from(primaries).ok()?,
                            transfer: u8::try_from(transfer).ok()?,
                            matrix: u8::try_from(matrix).ok()?,
                            full_range: rest.u8()? & 0x80 != 0,
                        });
                    }
                    b"prof" | b"rICC" => self.icc = Some(rest.0.to_vec()),
                    _ => {}
                }
            }
            _ => {}
        }
        Some(())
    }
}

/// Which properties (counted from 1) an `ipma` box gives to `item`.
fn associated(ipma: &[u8], item: u32) -> Option<Vec<usize>> {
    let mut ipma = Bytes(ipma);
    let head = ipma.u32()?;
    let (short_ids, wide) = (head >> 24 == 0, head & 1 == 1);
    let mut found = Vec::new();
    for _ in 0..ipma.u32()? {
        let id = if short_ids { ipma.u16()?.into() } else { ipma.u32()? };
        for _ in 0..ipma.u8()? {
            let index = if wide { ipma.u16()? & 0x7fff } else { u16::from(ipma.u8()? & 0x7f) };
            if id == item {
                found.push(usize::from(index));
            }
        }
    }
    Some(found)
}

/// How many frames a sequence of open bitstream units holds (AV1 specification, 5.3). `None` if it is cut short.
pub fn frames(units: &[u8]) -> Option<usize> {
    const FRAME_HEADER: u8 = 3;
    const FRAME: u8 = 6;
    let (mut units, mut frames) = (Bytes(units), 0);
    while !units.0.is_empty() {
        let head = units.u8()?;
        let (kind, extended, sized) = (head >> 3 & 15, head & 4 != 0, head & 2 != 0);
        if extended {
            units.u8()?;
        }
        let len = if sized { units.leb128()? } else { units.0.len() };
        units.take(len)?;
        frames += usize::from(kind == FRAME_HEADER || kind == FRAME);
    }
    Some(frames)
}

fn child(body: &[u8], kind: [u8; 4]) -> Option<&[u8]> {
    Boxes(body).find(|(name, _)| *name == kind).map(|(_, body)| body)
}

/// Boxes one after another: name and content. Ends where the bytes do, or stop making sense.
struct Boxes<'a>(&'a [u8]);

impl<'a> Iterator for Boxes<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = Bytes(self.0);
        let len = rest.u32()?;
        let kind = rest.take(4)?.try_into().ok()?;
        let (head, len) = match len {
            0 => (8, self.0.len()),
            1 => (16, usize::try_from(rest.u64()?).ok()?),
            len => (8, len as usize),
        };
        let body = self.0.get(head..len)?;
        self.0 = &self.0[len..];
        Some((kind, body))
    }
}

/// Reads big-endian numbers off the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (part, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(part)
    }
    fn u8(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }
    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }
    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }
    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }
    /// The version of a full box; its flags are passed over.
    fn version(&mut self) -> Option<u8> {
        Some(self.take(4)?[0])
    }
    fn leb128(&mut self) -> Option<usize> {
        let mut value = 0u64;
        for n in 0..8 {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f) << (7 * n);
            if byte & 0x80 == 0 {
                return usize::try_from(value).ok();
            }
        }
        None
    }
}
