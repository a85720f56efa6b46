"""A table's whole job, Wright against PyTorch Lightning in turns: from the file to a measured model on the disk.

    python3 Benchmarks/compare_table_job.py .build/release/wright DATA --python .venv/bin/python

DATA is the folder that holds `tabular/adult`. Wright's turn is `init`, `train` with its data check and its report, and
`evaluate` on the test file; the peer's is one script (`peers/lightning_table.py`) with the same rows, batch size, epochs,
patience, learning rate and size of the network, which takes rows one by one from its data set or, batched, a batch at once. Wall time and time of the processor are of
whole processes, imports included, and a ratio is of medians.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

from tasks import adult

HERE = pathlib.Path(__file__).parent


def timed(commands, folder):
    """Runs one command after the other: the last one's JSON, seconds, seconds of the processor, the largest peak memory."""
    seconds = processor = memory = 0
    for command in commands:
        started = time.monotonic()
        with open(f"{folder}/out", "w+") as out, open(f"{folder}/err", "w+") as err:
            child = os.posix_spawn(
                command[0], command, os.environ,
                file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, err.fileno(), 2)])
            _, status, usage = os.wait4(child, 0)
            out.seek(0), err.seek(0)
            text = out.read()
            if status:
                sys.exit(f"{' '.join(command)}\n{err.read()}")
        seconds += time.monotonic() - started
        processor += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss * 1024)
    return json.loads(text[text.index("{"):]), seconds, processor, memory


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wright", help="the release build of `wright`")
    parser.add_argument("data")
    parser.add_argument("--python", default=sys.executable, help="a Python with peers/requirements.txt installed")
    parser.add_argument("--folds", type=int, nargs="+", default=[1, 5], help="networks that are asked together")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    wright = os.path.abspath(options.wright)
    print("| networks | program | seconds | of the processor | ROC AUC | peak memory | times Wright's |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for folds in options.folds:
        results = {}
        for seed in range(options.rounds):
            with tempfile.TemporaryDirectory() as folder:
                train, test = (f"{folder}/{name}" for name in adult(options.data)[0](folder))
                script = lambda name, *more: [[
                    str(HERE / "peers" / f"{name}_table.py"), train, test, "--target", "income", "--output",
                    f"{folder}/{name}", *more]]
                jobs = {
                    "Wright": [
                        [wright, "init", train, "--target", "income", "-o", f"{folder}/run.yaml"],
                        [wright, "train", f"{folder}/run.yaml", "-o", f"{folder}/model", "-q", "--set",
                         f"train.folds={folds}", "--set", f"train.seed={seed}"],
                        [wright, "evaluate", f"{folder}/model", "--data", test, "--json"],
                    ],
                    "Lightning": [[options.python, *command] for command in script(
                        "lightning", "--folds", str(folds), "--seed", str(seed))],
                    "Lightning, batched": [[options.python, *command] for command in script(
                        "lightning", "--folds", str(folds), "--seed", str(seed), "--batched")],
                }
                for name, commands in jobs.items():
                    result, *numbers = timed(commands, folder)
                    result = result["outputs"]["income"] if "outputs" in result else result
                    results.setdefault(name, []).append((*numbers, result["roc_auc"]))
                    print(f"{folds} {name} {numbers[0]:.1f} s, {numbers[1]:.1f} s, {result['roc_auc']:.4f}", file=sys.stderr)
        medians = {name: [statistics.median(values) for values in zip(*turns)] for name, turns in results.items()}
        for name, (seconds, processor, memory, score) in medians.items():
            ratio = f"{seconds / medians['Wright'][0]:.1f}, {processor / medians['Wright'][1]:.1f}"
            print(f"| {folds} | {name} | {seconds:.1f} | {processor:.1f} | {score:.4f} | {memory / 2**20:.0f} MiB | {ratio} |",
                  flush=True)


main()
