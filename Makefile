# `make demo` shows the main job, `make test` runs everything. Both do their own set-up.
.DEFAULT_GOAL := help
SHELL := /bin/bash
DEMO_DIR ?= demo
DEMO_STUDENTS ?= 5000

.PHONY: help demo test check schema deny advisories
help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## simulate an academy, train, score, report: the main job in one go
	@command -v cargo >/dev/null || { echo "Rust is needed: https://rustup.rs"; exit 1; }
	cargo build --release --locked -p service
	target/release/holdfast demo --students $(DEMO_STUDENTS) --out $(DEMO_DIR)

test: ## every test, PostgreSQL included
	@scripts/setup
	scripts/with-postgres cargo nextest run --release --locked --workspace

check: ## what a change should pass before it is proposed
	cargo fmt --all --check
	scripts/check-dependencies
	cargo clippy --release --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --release --locked --workspace --no-deps

schema: ## write the contract's JSON Schema and check it in
	UPDATE=1 cargo nextest run --release -p contract schema

deny: ## licences, bans and sources of dependencies
	@cargo deny --version >/dev/null 2>&1 || cargo install --locked --debug cargo-deny
	cargo deny --locked check licenses bans sources

advisories: ## known weaknesses of dependencies; fetches the database of advisories
	@cargo deny --version >/dev/null 2>&1 || cargo install --locked --debug cargo-deny
	cargo deny --locked check advisories
