#!/usr/bin/env bash
# Builds the S3 server that tests and benchmarks use (crates.io's s3s-fs) into target/tools, once. With --debug, for tests: unoptimised,
# which is built sooner, and only where the other is not there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=target/tools
[ -x $root/bin/s3s-fs ] && exit
[ "${1:-}" = --debug ] && root=$root/debug
[ -x $root/bin/s3s-fs ] ||
    env -u RUSTC_WORKSPACE_WRAPPER -u RUSTFLAGS cargo install s3s-fs@0.14.1 --quiet --locked --features binary --root $root "$@"
