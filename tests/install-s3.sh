#!/usr/bin/env bash
# Builds the S3 server that tests and benchmarks use (crates.io's s3s-fs) into target/tools, once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -x target/tools/bin/s3s-fs ] ||
    env -u RUSTC_WORKSPACE_WRAPPER -u RUSTFLAGS cargo install s3s-fs@0.14.1 --quiet --locked --features binary --root target/tools
