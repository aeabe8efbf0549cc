# Sourced by run and contract: one server on a free port of this machine, and what it needs.
# Sets $base (its address) and $key (an admin key, after start_server --demo). Needs $bin and $work.
# shellcheck shell=bash disable=SC2034,SC2154 # those names are the caller's

server_pid=""

# A port nobody listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start_server [serve options…]: returns when /health/ready answers; the log is $work/server.log.
start_server() {
    TWINCITY_BIND="127.0.0.1:$(free_port)"
    export TWINCITY_BIND TWINCITY_DATABASE_URL="sqlite:$work/registry.db"
    base="http://$TWINCITY_BIND"
    "$bin" serve "$@" >"$work/server.log" 2>&1 &
    server_pid=$!
    for _ in $(seq 120); do
        if "$bin" healthcheck >/dev/null 2>&1; then
            key=$(grep -oE 'tck_[A-Za-z0-9_-]+' "$work/server.log" | head -n 1 || true)
            return 0
        fi
        kill -0 "$server_pid" 2>/dev/null || break
        sleep 0.25
    done
    echo "the server did not become ready; its log:" >&2
    cat "$work/server.log" >&2
    return 1
}

# Sends SIGTERM and returns the server's own exit status.
stop_server() {
    [ -n "$server_pid" ] || return 0
    local pid=$server_pid
    server_pid=""
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid"
}

# For an EXIT trap: no server and no files are left behind.
clean_up() {
    stop_server || true
    rm -rf "$work"
}

# need COMMAND PACKAGE: installs Debian's package when the command is absent.
need() {
    command -v "$1" >/dev/null && return 0
    apt-get update -qq && apt-get install -qq -y --no-install-recommends "$2" >/dev/null
}
