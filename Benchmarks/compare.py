#!/usr/bin/env python3
"""Compares `wright bench train` with PyTorch and JAX in one run, taking turns, and prints ratios.

    python3 Benchmarks/compare.py .build/release/wright --python .venv/bin/python mlp1 cnn

Needs nothing but Python's standard library; the peers run in the Python that --python names.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

WORKLOADS = ["mlp1", "mlp2", "cnn", "resnet18", "lstm", "gpt"]
IMAGES = {"cnn", "resnet18"}
PEERS = {"torch-eager": "torch_train.py", "torch-compile": "torch_train.py", "jax-jit": "jax_train.py"}
FOLDER = pathlib.Path(__file__).resolve().parent / "peers"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wright", help="the release build of `wright`, or 'none' to measure the peers alone")
    parser.add_argument("workloads", nargs="*", metavar="workload", help=f"of {', '.join(WORKLOADS)}; all if absent")
    parser.add_argument("--python", default=sys.executable, help="a Python with peers/requirements.txt installed")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="each program's turn in each round")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    unknown = set(options.workloads) - set(WORKLOADS)
    if unknown:
        parser.error(f"no workload {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")
    options.workloads = options.workloads or WORKLOADS
    return options


class Peer:
    """A peer's script, warm and waiting, so that its imports and compilation are not in anyone's turn."""

    def __init__(self, name, workload, memory_format, options):
        self.name = name + (f" {memory_format}" if memory_format else "")
        command = [options.python, str(FOLDER / PEERS[name]), workload, "--peer", name, "--serve",
                   "--precision", options.precision, "--threads", str(options.threads)]
        if memory_format:
            command += ["--memory-format", memory_format]
        # A peer keeps its own way of waiting: OpenMP's threads spin for milliseconds after a turn, then sleep.
        environment = {**os.environ, "OMP_NUM_THREADS": str(options.threads)}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment)
        self.about = self.answer()
        self.times, self.memory, self.fastest, self.rate = [], 0, None, None

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended with status {self.process.wait()}: {' '.join(self.process.args)}")
        return json.loads(line)

    def ask(self, count):
        self.process.stdin.write(f"run {count}\n")
        self.process.stdin.flush()
        return self.answer()

    def turn(self, seconds):
        if self.rate is None:
            self.rate = self.ask(3)["milliseconds_per_step"]
        found = self.ask(max(3, round(seconds * 1000 / self.rate)))
        self.rate = found["milliseconds_per_step"]
        self.times.append(self.rate)
        self.fastest = min(found["fastest_milliseconds"], self.fastest or found["fastest_milliseconds"])
        self.memory = found["peak_memory_bytes"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Wright:
    name = "wright"

    def __init__(self, workload, options):
        self.command = [options.wright, "bench", "train", workload, "--json", "--threads", str(options.threads),
                        "--precision", options.precision]
        self.times, self.memory, self.fastest = [], 0, None
        self.about = {"versions": "Wright, this build"}

    def turn(self, seconds):
        done = subprocess.run(self.command + ["--seconds", str(seconds)], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(self.command)} ended with status {done.returncode}:\n{done.stderr}")
        found = json.loads(done.stdout)
        self.times.append(found["milliseconds_per_step"])
        self.memory = max(self.memory, found["peak_memory_bytes"])

    def close(self):
        pass


def compare(workload, options):
    entrants = [] if options.wright == "none" else [Wright(workload, options)]
    for name in options.peers:
        both = workload in IMAGES and name.startswith("torch")
        for memory_format in ["contiguous", "channels_last"] if both else [None]:
            entrants.append(Peer(name, workload, memory_format, options))
    for _ in range(options.rounds):
        for entrant in entrants:
            entrant.turn(options.seconds)
    rows = [{"workload": workload, "program": e.name, "versions": e.about["versions"],
             "milliseconds_per_step": statistics.median(e.times), "fastest_round": min(e.times),
             "slowest_round": max(e.times), "fastest_step": e.fastest, "peak_memory_bytes": e.memory,
             "seconds_to_first_step": e.about.get("seconds_to_first_step")} for e in entrants]
    for entrant in entrants:
        entrant.close()
    best = min((r for r in rows if r["program"] != "wright"), key=lambda r: r["milliseconds_per_step"])
    for row in rows:
        row["best_peer_over_this"] = best["milliseconds_per_step"] / row["milliseconds_per_step"]
        row["is_best_peer"] = row is best
    return rows


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def table(rows):
    lines = ["| workload | program | ms/step | rounds | best peer ÷ this | peak memory |", "|---|---|---:|---:|---:|---:|"]
    for r in rows:
        name = f"**{r['program']}**" if r["program"] == "wright" or r["is_best_peer"] else r["program"]
        lines.append(f"| `{r['workload']}` | {name} | {r['milliseconds_per_step']:.3f} "
                     f"| {r['fastest_round']:.3f}–{r['slowest_round']:.3f} | {r['best_peer_over_this']:.2f} "
                     f"| {r['peak_memory_bytes'] / 2**20:.0f} MiB |")
    return "\n".join(lines)


def main():
    options = arguments()
    rows = []
    for workload in options.workloads:
        rows += compare(workload, options)
        print(f"{workload} done", file=sys.stderr, flush=True)
    setting = {"processor": processor(), "threads": options.threads, "precision": options.precision,
               "rounds": options.rounds, "seconds_a_turn": options.seconds, "load_average_after": os.getloadavg()[0],
               "versions": sorted({r["versions"] for r in rows})}
    if options.json:
        print(json.dumps({**setting, "rows": rows}, indent=2))
    else:
        print(", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in setting.items()), end="\n\n")
        print(table(rows))


main()
