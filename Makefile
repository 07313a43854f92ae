# Byline: what a developer does, from a fresh clone, with Rust, Node (20 or newer), a C compiler and make.

LISTEN ?= 127.0.0.1:8080
ROUNDS ?=

.PHONY: help demo test check e2e hostile bench kill

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## A site of about sixty articles at http://127.0.0.1:8080 (LISTEN=address:port)
	@test -x target/demo/byline || echo "Building Byline: the first time takes some minutes, later ones seconds."
	cargo run --profile demo --bin byline -- demo --listen $(LISTEN)

test: ## Everything: Rust on SQLite and PostgreSQL, the journeys in a browser, a site under attack
	node tests/run.mjs

check: ## Format, lints, the program without the demo, and all tests
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --workspace --all-targets --no-default-features -- -D warnings
	node tests/run.mjs

e2e: ## The journeys in a browser alone
	node tests/run.mjs browser

hostile: ## A running site under attack, while another client reads
	node tests/run.mjs hostile

bench: ## Measures speed, beside a reference in the same run
	bench/run

kill: ## Kills the server, fills its disk, takes its database away, and looks what is left (ROUNDS=3; as root, or disks are left out)
	cargo build --bin byline
	node tests/kill.mjs $(if $(ROUNDS),--rounds $(ROUNDS))
