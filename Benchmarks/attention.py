#!/usr/bin/env python3
"""Compares `wright bench attention` with PyTorch's scaled_dot_product_attention, forward and backward, taking turns.

    .venv/bin/python Benchmarks/attention.py .build/release/wright --lengths 1024 4096

Runs in a Python with peers/requirements.txt installed.
"""

import argparse
import json
import os
import statistics
import subprocess
import time

import torch


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wright", help="the release build of `wright`")
    parser.add_argument("--lengths", type=int, nargs="+", default=[1024, 4096])
    parser.add_argument("--heads", type=int, default=8)
    parser.add_argument("--head-size", type=int, default=64)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="each program's turn in each round")
    return parser.parse_args()


def torch_turn(length, causal, options):
    """The median milliseconds of a forward and a backward pass."""
    shape = (1, options.heads, length, options.head_size)
    query, key, value = (torch.randn(shape, requires_grad=True) for _ in range(3))
    cotangent = torch.randn(shape)
    times = []
    start = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < options.seconds:
        query.grad = key.grad = value.grad = None
        before = time.perf_counter()
        output = torch.nn.functional.scaled_dot_product_attention(query, key, value, is_causal=causal)
        output.backward(cotangent)
        times.append(time.perf_counter() - before)
    return statistics.median(times[1:]) * 1000


def wright_turn(length, causal, options):
    command = [options.wright, "bench", "attention", "--length", str(length), "--heads", str(options.heads),
               "--head-size", str(options.head_size), "--threads", str(options.threads),
               "--seconds", str(options.seconds), "--json"] + (["--causal"] if causal else [])
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(found.stdout)["milliseconds"]


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    print(f"torch {torch.__version__}, threads: {options.threads}, heads: {options.heads} of {options.head_size}, "
          f"rounds: {options.rounds}, load average before: {os.getloadavg()[0]:.1f}\n")
    print("| length | causal | wright ms | torch ms | torch ÷ wright |\n|---:|---|---:|---:|---:|")
    for length in options.lengths:
        for causal in [False, True]:
            turns = [(wright_turn(length, causal, options), torch_turn(length, causal, options))
                     for _ in range(options.rounds)]
            ours, theirs = (statistics.median(times) for times in zip(*turns))
            print(f"| {length} | {'yes' if causal else 'no'} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.2f} |", flush=True)


if __name__ == "__main__":
    main()
