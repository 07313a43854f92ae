//! Decoding in a process of its own: the file goes in by stdin, the pixels come out by stdout.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use kernel::{Error, Result};

use super::{Items, Pixels, boxes};
use crate::model::{MAX_MEGABYTES, broken, check_size};

/// How long one picture may take. 50 megapixels take a tenth of it.
const TIME: Duration = Duration::from_mins(1);
/// Width and height (little-endian), alpha, primaries, transfer.
const HEADER: usize = 11;

/// Has the worker decode `file`. Whatever goes wrong in there is the file's fault, except that it does not start.
pub fn decode(program: &Path, args: &[String], file: &[u8]) -> Result<Pixels> {
    let mut child = Command::new(program)
        .args(args)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (done, finished) = channel::<()>();
    let read = thread::scope(|scope| {
        let child = &mut child;
        scope.spawn(move || {
            if finished.recv_timeout(TIME) == Err(RecvTimeoutError::Timeout) {
                // It may have ended by itself just now.
                let _ = child.kill();
            }
        });
        let pixels = stdin.zip(stdout).ok_or(io::ErrorKind::BrokenPipe.into());
        let pixels = pixels.and_then(|(stdin, stdout)| exchange(stdin, stdout, file));
        drop(done);
        pixels
    });
    if read.is_err() {
        let _ = child.kill();
    }
    match (read, child.wait()?.success()) {
        (Ok(pixels), true) => Ok(pixels),
        _ => Err(broken()),
    }
}

fn exchange(mut stdin: ChildStdin, mut stdout: ChildStdout, file: &[u8]) -> io::Result<Pixels> {
    // It reads to the end before it writes, so neither waits for the other.
    stdin.write_all(file)?;
    drop(stdin);
    let mut header = [0; HEADER];
    stdout.read_exact(&mut header)?;
    let [w0, w1, w2, w3, h0, h1, h2, h3, alpha, primaries, transfer] = header;
    let (width, height) = (u32::from_le_bytes([w0, w1, w2, w3]), u32::from_le_bytes([h0, h1, h2, h3]));
    check_size(width, height).map_err(io::Error::other)?;
    let mut bytes = vec![0; width as usize * height as usize * if alpha == 0 { 3 } else { 4 }];
    stdout.read_exact(&mut bytes)?;
    Ok(Pixels { width, height, alpha: alpha != 0, primaries, transfer, bytes })
}

/// What the worker process does: one AVIF from stdin, its pixels to stdout. It fails where the file is not a picture.
pub fn run() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve() -> Result<()> {
    let mut file = Vec::new();
    io::stdin().lock().take((MAX_MEGABYTES as u64) << 20).read_to_end(&mut file)?;
    let properties = boxes::properties(&file).ok_or_else(broken)?;
    let pixels = Items::read(&file)?.decode(&properties)?;
    let mut out = io::stdout().lock();
    out.write_all(&pixels.width.to_le_bytes())?;
    out.write_all(&pixels.height.to_le_bytes())?;
    out.write_all(&[u8::from(pixels.alpha), pixels.primaries, pixels.transfer])?;
    out.write_all(&pixels.bytes)?;
    out.flush().map_err(Error::from)
}
