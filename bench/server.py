"""Starting a server, asking it, and reading what it costs from /proc."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def cpu(pid):
    """CPU seconds a process has used, all of its threads."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def machine_cpu():
    """CPU seconds that all processes have used."""
    with open("/proc/stat", encoding="ascii") as stat:
        user, nice, system, _idle, _wait, interrupts, soft = map(int, stat.readline().split()[1:8])
    return (user + nice + system + interrupts + soft) / TICK


def memory(pid):
    """Resident memory in MB, now and at its highest."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        fields = dict(line.split(":", 1) for line in status)
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


class Server:
    """A program that listens, from its start until the end of the `with`.

    `command` is made of an address; `ready` is the path that answers 200 once it is up."""

    def __init__(self, command, ready, log=os.devnull, environment=None):
        self.address = f"127.0.0.1:{free_port()}"
        self.base = f"http://{self.address}"
        self.log = open(log, "ab")  # appending, so that it can be cut while it is written
        began = time.monotonic()
        self.process = subprocess.Popen(
            command(self.address), stdout=self.log, stderr=self.log, env={**os.environ, **(environment or {})}
        )
        self.pid = self.process.pid
        try:
            self._wait(ready, began + 600)
        except BaseException:
            self.stop()
            raise
        self.started_in = time.monotonic() - began

    def _wait(self, ready, deadline):
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if get(self.base, ready)[0] == 200:
                    return
            time.sleep(0.002)
        sys.exit(f"the server did not become ready; its log is {self.log.name}")

    def cpu(self):
        return cpu(self.pid)

    def memory(self):
        return memory(self.pid)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def twincity(program, database, log=os.devnull, environment=None, options=()):
    """twincity on a database, with its default settings but for these."""
    return Server(
        lambda address: [program, "serve", "--database-url", database, "--bind", address, *options],
        "/health/ready", log, environment,
    )


def floor(program, body, workers):
    """The framework alone, answering with the bytes of a file."""
    return Server(lambda address: [program, address, body, str(workers)], "/")


def ask(base, path, body=None, key=None):
    """Status, bytes of the answer."""
    headers = {"Connection": "close"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    if body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def get(base, path):
    return ask(base, path)


def data(base, path):
    status, body = get(base, path)
    if status != 200:
        sys.exit(f"{path} answered {status}: {body[:300]!r}")
    return json.loads(body)["data"]
