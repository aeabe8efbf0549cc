# Short names for what the project does every day; `just` lists them.

set shell := ["bash", "-euo", "pipefail", "-c"]

pg := env("TEST_DATABASE_URL", "postgres://127.0.0.1:5432/test")

# Show the recipes
default:
    @just --list

# Format, lint and document: what CI checks before it tests
check:
    cargo fmt --all --check
    cargo clippy --locked --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

# Do the relative links of the documentation lead somewhere?
links:
    .ci/links

# All tests on SQLite
test *ARGS:
    cargo test --locked {{ARGS}}

# The same tests on PostgreSQL
test-pg *ARGS:
    TEST_DATABASE_URL={{pg}} cargo test --locked {{ARGS}}

# Write openapi/openapi.json anew from the code
openapi:
    UPDATE_OPENAPI=1 cargo test openapi_current

# Lint the document and try it against a running server
contract:
    bash .ci/contract

# Make an empty migration pair for both engines
migration NAME:
    for engine in sqlite postgres; do mkdir -p "migrations/$engine/$(date +%F)-000001_{{NAME}}"; touch "migrations/$engine/$(date +%F)-000001_{{NAME}}"/{up,down}.sql; done

# Licences, sources and unused dependencies
deps:
    cargo deny --locked check bans licenses sources
    cargo machete

# Serve the Białystok example from a new database
run:
    cargo run -- serve --demo

# Measure against the framework alone (docs/performance.md); --quick for a try
bench *ARGS:
    bench/run.py {{ARGS}}

# Everything CI does
ci:
    bash .ci/run

# The registry in a container, on SQLite
compose-up:
    docker compose up --build

# The registry in a container, on PostgreSQL (port 8081)
compose-up-postgres:
    docker compose --profile postgres up --build
