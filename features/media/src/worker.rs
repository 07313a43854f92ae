//! Pictures are decoded, scaled and encoded in a process of their own: the file goes in by stdin, the variants come out by stdout.
//!
//! A file may be made to take memory, time, or the whole process; then it takes the worker's, which has little of the first two.

mod child;

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::make::{Made, QUICK, THOROUGH, make};
use crate::model::{broken, refusal, too_costly};

pub use child::run;

/// The longest one picture may take by the clock: many times what it may take of a processor.
const TIME: Duration = Duration::from_mins(1);
/// The longest answer, in bytes.
const MAX_ANSWER: u64 = 64 << 20;
/// The allocator of the server, where the program has it, would reserve a gibibyte beforehand and be refused.
const ALLOCATOR: (&str, &str) = ("MIMALLOC_ARENA_RESERVE", "0");

/// Where pictures are made.
#[derive(Clone, Debug, Default)]
pub enum Maker {
    /// In this process: for tests.
    #[default]
    Here,
    /// The same for pictures that the program itself drew, many at once.
    Drawn,
    Worker {
        program: PathBuf,
        args: Arc<[String]>,
    },
}

/// The head of the worker's answer; the files follow it in this order.
#[derive(Deserialize, Serialize)]
enum Head {
    Made { made: Made, files: Vec<(String, u64)> },
    Refused(String),
}

impl Maker {
    /// The variants of `file`. Whatever goes wrong in a worker is the file's fault, except that it does not start.
    pub async fn make(&self, file: Bytes) -> Result<Made> {
        let (program, args) = match self {
            Self::Here => return make_here(file, THOROUGH).await,
            Self::Drawn => return make_here(file, QUICK).await,
            Self::Worker { program, args } => (program, args),
        };
        let mut child = Command::new(program)
            .args(args.iter())
            .env_clear()
            .envs([ALLOCATOR])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Also when the client goes away, or the time is over.
            .kill_on_drop(true)
            .spawn()?;
        match timeout(TIME, exchange(&mut child, &file)).await {
            Ok(Ok((status, answer))) if status.success() => read(&answer),
            Ok(Ok((status, _))) => Err(failure(status)),
            Ok(Err(_)) => Err(broken()),
            Err(_) => Err(too_costly()),
        }
    }
}

async fn make_here(file: Bytes, effort: i32) -> Result<Made> {
    spawn_blocking(move || make(&file, effort, |_, _| {}))
        .await
        .unwrap_or_else(|error| if error.is_panic() { Err(broken()) } else { Err(Error::internal(error)) })
}

async fn exchange(child: &mut Child, file: &[u8]) -> io::Result<(ExitStatus, Vec<u8>)> {
    let stdin = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let feed = async move {
        let mut stdin = stdin;
        // One that ends before it has read everything says why by its status.
        let _ = stdin.write_all(file).await;
    };
    let mut answer = Vec::new();
    let mut stdout = stdout.take(MAX_ANSWER + 1);
    let ((), read) = tokio::join!(feed, stdout.read_to_end(&mut answer));
    read?;
    if answer.len() as u64 > MAX_ANSWER {
        child.start_kill()?;
    }
    Ok((child.wait().await?, answer))
}

/// Why a worker ended as it did: out of memory (abort) or time, or out of its mind.
fn failure(status: ExitStatus) -> Error {
    const ABORT: i32 = 6;
    const KILL: i32 = 9;
    const CPU_TIME: i32 = 24;
    match status.signal() {
        Some(ABORT | KILL | CPU_TIME) => too_costly(),
        _ => broken(),
    }
}

fn read(answer: &[u8]) -> Result<Made> {
    let (len, rest) = answer.split_first_chunk::<4>().ok_or_else(broken)?;
    let (head, mut rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize).ok_or_else(broken)?;
    match serde_json::from_slice(head).map_err(|_| broken())? {
        Head::Refused(code) => Err(refusal(&code)),
        Head::Made { mut made, files } => {
            for (name, len) in files {
                let file;
                (file, rest) = rest.split_at_checked(len as usize).ok_or_else(broken)?;
                made.files.push((name, file.to_vec()));
            }
            Ok(made)
        }
    }
}
