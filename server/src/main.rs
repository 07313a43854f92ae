//! `byline`: the site's server and its tools in one program.

mod app;
mod cli;
mod commands;
mod config;
mod failures;
mod folder;
mod follow;
mod http;
mod jobs;
mod ops;
mod periodic;
mod processors;
mod starting;
mod telemetry;

#[cfg(test)]
use services::SCHEMA;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // One for each upload, so before anything else is set up.
    if std::env::args().nth(1).as_deref() == Some(app::IMAGE_WORKER) {
        return media::run_worker();
    }
    cli::main()
}
