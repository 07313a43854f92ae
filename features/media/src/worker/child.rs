//! What the worker process does.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::{panic, process};

use kernel::Error;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::Head;
use crate::codes;
use crate::make::{Made, THOROUGH, make};
use crate::model::{MAX_MEGABYTES, MAX_MEGAPIXELS};

/// The memory of any worker, in bytes: a picture of the most pixels in its most wasteful form takes most of it.
const MEMORY: u64 = 1 << 30;
/// The memory for a picture of hardly any pixels.
const LITTLE_MEMORY: u64 = 160 << 20;
/// And for each of its pixels: decoded, its coefficients or its 16 bits, and turned or converted.
const PIXEL_MEMORY: u64 = 16;
/// Seconds of processor for any worker; most of them for an animation.
const TIME: u64 = 30;

/// One picture from stdin, its variants to stdout. A panic ends it as a refusal: the file is broken.
pub fn run() -> ExitCode {
    panic::set_hook(Box::new(|_| process::exit(1)));
    match limit().and_then(|()| serve()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Before anything is read.
fn limit() -> io::Result<()> {
    let both = |value| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::Data, both(MEMORY))?;
    setrlimit(Resource::Cpu, both(TIME))?;
    // It writes no file, and leaves none of its memory behind.
    setrlimit(Resource::Fsize, both(0))?;
    setrlimit(Resource::Core, both(0))?;
    // Readers come first.
    let _ = rustix::process::nice(5);
    Ok(())
}

/// Once the size of the picture is known: a small one cannot need much.
fn limit_for(width: u32, height: u32) {
    let pixels = u64::from(width) * u64::from(height);
    let memory = LITTLE_MEMORY + pixels.min(MAX_MEGAPIXELS as u64 * 1_000_000) * PIXEL_MEMORY;
    let limit = Rlimit { current: Some(memory.min(MEMORY)), ..getrlimit(Resource::Data) };
    // Lowering what is set cannot fail.
    let _ = setrlimit(Resource::Data, limit);
}

fn serve() -> io::Result<()> {
    let mut file = Vec::new();
    io::stdin().lock().take((MAX_MEGABYTES as u64) << 20).read_to_end(&mut file)?;
    let made = made(&file);
    let (head, files) = match made {
        Ok(mut made) => {
            let files = std::mem::take(&mut made.files);
            let lengths = files.iter().map(|(name, bytes)| (name.clone(), bytes.len() as u64)).collect();
            (Head::Made { made, files: lengths }, files)
        }
        Err(code) => (Head::Refused(code), Vec::new()),
    };
    let head = serde_json::to_vec(&head)?;
    let mut out = io::stdout().lock();
    out.write_all(&(head.len() as u32).to_le_bytes())?;
    out.write_all(&head)?;
    files.iter().try_for_each(|(_, bytes)| out.write_all(bytes))?;
    out.flush()
}

/// The picture, or the code of its refusal.
fn made(file: &[u8]) -> Result<Made, String> {
    make(file, THOROUGH, limit_for).map_err(|error| match error {
        Error::Invalid(errors) => errors.0.first().map_or_else(String::new, |errors| errors.code.to_owned()),
        // Nothing of ours is in here: what fails, fails by the file.
        _ => codes::PICTURE_BROKEN.to_owned(),
    })
}
