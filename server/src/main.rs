//! `byline`: the site's server and its tools in one program.

mod app;
mod cli;
mod commands;
mod config;
mod failures;
mod folder;
mod follow;
mod http;
mod ops;
mod periodic;
mod processors;
mod starting;

#[cfg(test)]
use services::SCHEMA;

/// The command that makes the variants of one picture from standard input, for the server that starts it.
const IMAGE_WORKER: &str = "image-worker";

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // One for each upload, so before anything else is set up.
    if std::env::args().nth(1).as_deref() == Some(IMAGE_WORKER) {
        return media::run_worker();
    }
    cli::main()
}
