"""Sending requests with wrk while counting the CPU time of who answers them."""

import json
import os
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass

from server import cpu, machine_cpu

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "requests.lua")


@dataclass(frozen=True)
class Load:
    """How hard to ask."""

    seconds: float
    warm: float
    connections: int
    threads: int


@dataclass(frozen=True)
class Request:
    path: str
    body: str = ""

    def line(self):
        return f"{'POST' if self.body else 'GET'}\t{self.path}\t{self.body}\n"


def wrk(base, requests, seconds, load, key=None):
    """Sends the requests again and again; bodies are sent once each."""
    once = bool(requests[0].body)
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
        file.writelines(request.line() for request in requests)
        file.flush()
        headers = ["-H", "Content-Type: application/json"] if once else []
        headers += ["-H", f"Authorization: Bearer {key}"] if key else []
        command = [
            "wrk", "-t", str(load.threads), "-c", str(load.connections), "-d", f"{max(1, round(seconds))}s",
            "--timeout", "30s", *headers, "-s", SCRIPT, base, "--", file.name, str(load.threads),
            "share" if once else "all",
        ]
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(output.strip().splitlines()[-1])


def warm_up(base, requests, load, key=None):
    """Sends each request at least once, so that whatever is cached of it is there, within a minute."""
    sent, deadline = 0, time.monotonic() + 60
    while sent < 1.3 * len(requests) and time.monotonic() < deadline:
        sent += wrk(base, requests, load.warm, load, key)["requests"]


def settle(pid):
    """Waits until the process has worked off what was sent to it."""
    for _ in range(40):
        before = cpu(pid)
        time.sleep(0.25)
        if cpu(pid) - before <= 0.02:
            return


def measure(server, requests, load, key=None, database=None):
    """What one run came to. `database` counts the CPU seconds of a database server."""
    settle(server.pid)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    machine, own, beside = machine_cpu(), server.cpu(), database() if database else 0.0
    found = wrk(server.base, requests, load.seconds, load, key)
    machine, own = machine_cpu() - machine, server.cpu() - own
    beside = database() - beside if database else 0.0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    sender = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
    count = max(1, found["requests"])
    return {
        "requests": found["requests"],
        "per_second": found["requests"] / found["seconds"],
        "p50_ms": found["p50_ms"],
        "p99_ms": found["p99_ms"],
        "cpu_us": 1e6 * own / count,
        "database_cpu_us": 1e6 * beside / count,
        "bytes": found["bytes"] // count,
        "failed": found["refused"] + found["broken"],
        # Cores that anything else used: above 0.2 the run says little.
        "other_cores": max(0.0, machine - own - beside - sender) / found["seconds"],
    }
