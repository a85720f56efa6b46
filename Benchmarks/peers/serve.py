"""What every peer's script shares: its arguments, its clock, and the `--serve` conversation with a runner.

With `--serve` a script says `{"ready": true, …}` when its network is built and warm, then answers each line
`run N` with one JSON line about N steps, and ends on `quit` or at the end of its input.
"""

import argparse
import json
import os
import statistics
import sys
import time

STARTED = time.perf_counter()


def arguments(peers):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workload", choices=["mlp1", "mlp2", "cnn", "resnet18", "lstm", "gpt"])
    parser.add_argument("--peer", choices=peers, default=peers[0])
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--memory-format", choices=["contiguous", "channels_last"], default="channels_last",
                        help="of images, where the peer knows more than one")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=5, help="time to measure for")
    parser.add_argument("--serve", action="store_true", help="take `run N` commands from standard input")
    return parser.parse_args()


def peak_memory():
    """The most resident memory this process ever had, in bytes."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def timed(step, enough):
    """Steps until `enough(count)` says so; `step` returns the loss as a number, which waits for its work to be done.

    The processor's time beside the clock's tells, for one thread, what a busy machine added.
    """
    times, loss, processor = [], None, time.process_time()
    while not enough(len(times)):
        start = time.perf_counter()
        loss = step()
        times.append((time.perf_counter() - start) * 1000)
    processor = (time.process_time() - processor) * 1000 / len(times)
    return {"milliseconds_per_step": round(statistics.median(times), 4),
            "fastest_milliseconds": round(min(times), 4), "processor_milliseconds": round(processor, 4),
            "steps": len(times), "peak_memory_bytes": peak_memory(), "final_loss": loss}


def main(options, step, versions):
    """Measures `step` as the options say. The first call compiles whatever the peer compiles."""
    step()
    first_step = time.perf_counter() - STARTED
    about = {"peer": options.peer, "workload": options.workload, "precision": options.precision,
             "threads": options.threads, "memory_format": options.memory_format, "versions": versions,
             "seconds_to_first_step": round(first_step, 3)}
    for _ in range(3):
        step()
    if not options.serve:
        deadline = time.perf_counter() + options.seconds
        found = timed(step, lambda count: count >= 5 and time.perf_counter() >= deadline)
        print(json.dumps({**about, **found}), flush=True)
        return
    print(json.dumps({"ready": True, **about}), flush=True)
    for line in sys.stdin:
        words = line.split()
        if words == ["quit"]:
            break
        if len(words) != 2 or words[0] != "run" or not words[1].isdigit() or int(words[1]) == 0:
            print(json.dumps({"error": f"expected 'run N' or 'quit', got {line.strip()!r}"}), flush=True)
            continue
        wanted = int(words[1])
        print(json.dumps(timed(step, lambda count: count >= wanted)), flush=True)
