"""The whole Fashion-MNIST job, Wright against PyTorch in turns: from the start of the process to a wanted test accuracy.

Both train the same network (two padded 3×3 convolutions of 32 and 64 channels with pooling, 128 hidden units) with Adam at
1e-3 in batches of 64, read the same IDX files, and evaluate on the 10,000 test images every so many steps until the accuracy
is reached. The time of a process is measured from outside, imports and reading files included.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent


def timed(command):
    started = time.monotonic()
    finished = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - started
    if finished.returncode:
        sys.exit(f"{' '.join(command)}\n{finished.stderr}")
    return seconds, json.loads(finished.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wright", help="the release build of `wright`")
    parser.add_argument("--python", default=sys.executable, help="a Python with peers/requirements.txt installed")
    parser.add_argument("--accuracy", type=float, default=0.88)
    parser.add_argument("--evaluate-every", type=int, default=100, help="steps")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="with seeds 1, 2 …")
    parser.add_argument("--compile", action="store_true", help="torch.compile the peer")
    options = parser.parse_args()

    seconds = {"wright": [], "torch": []}
    for seed in range(1, options.rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            taken, result = timed([
                options.wright, "train", "fashion-mnist", "--model", "convnet", "--validation", "test",
                "--validate-every", str(options.evaluate_every), "--until", f"accuracy={options.accuracy}",
                "--seed", str(seed), "--threads", str(options.threads), "--quiet", "--json", "--output", folder])
        reached = result["validation"]["accuracy"]
        assert reached >= options.accuracy, f"Wright ended at {reached}"
        seconds["wright"].append(taken)
        print(f"seed {seed}: wright  {taken:6.1f} s, {result['steps']} steps, accuracy {reached:.4f}", flush=True)
        taken, result = timed([
            options.python, str(HERE / "peers" / "fashion_mnist_job.py"), "--accuracy", str(options.accuracy),
            "--evaluate-every", str(options.evaluate_every), "--seed", str(seed), "--threads", str(options.threads),
            *(["--compile"] if options.compile else [])])
        assert result["reached"], f"PyTorch ended at {result['accuracy']}"
        seconds["torch"].append(taken)
        print(f"seed {seed}: pytorch {taken:6.1f} s, {result['steps']} steps, accuracy {result['accuracy']:.4f}", flush=True)
    wright, torch = statistics.median(seconds["wright"]), statistics.median(seconds["torch"])
    print(f"medians: Wright {wright:.1f} s, PyTorch {torch:.1f} s, ratio {torch / wright:.2f}")


main()
