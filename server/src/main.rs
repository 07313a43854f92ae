//! `byline`: the site's server and its tools in one program.

mod app;
mod cli;
mod commands;
mod config;
mod demo;
mod folder;
mod follow;
mod http;
mod ops;
mod processors;

#[cfg(test)]
use app::SCHEMA;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
