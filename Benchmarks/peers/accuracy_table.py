#!/usr/bin/env python3
"""Trains every model on Fashion-MNIST row by row, the certified ones and the uncertified ones, and prints a table.

Usage: accuracy_table.py CERTIFY --data FOLDER [--epochs E] [--seed S] [--only NAME ...] [--work DIR]
run with the Python of `environment`; FOLDER holds Fashion-MNIST's IDX files. One thread, one network after the other: some
25 minutes of processor time at 3 epochs. Certified networks are saved and their pairs verified; accuracy is that of the
test images after the last epoch, nothing is selected on them. Lines of Markdown come as they are ready.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

here = pathlib.Path(__file__).parent
parser = argparse.ArgumentParser()
parser.add_argument("certify")
parser.add_argument("--data", required=True)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--only", nargs="*", default=[])
parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("out/table"))
options = parser.parse_args()

# Name, kind of `certify init`, and what differs from its template.
CERTIFIED = [
    ("combo: modules, couplings, leaks learned", "combo", {}),
    ("combo, a leak a module", "combo", {"leak": '"module"'}),
    ("combo, a random third of the couplings", "combo", {"adjacency": '"random"'}),
    ("combo, two hubs", "combo", {"adjacency": '"hubs"'}),
    ("sparse-combo: fixed modules, leaks learned", "sparse-combo", {}),
    ("sparse-combo, more units (parameters of combo)", "sparse-combo", {"modules": "9"}),
    ("sparse-combo, Euler within its budget", "sparse-combo",
     {"scheme": '"euler"', "leak": '"fixed"', "bound": "0.5"}),
    ("sparse-combo, semi-implicit", "sparse-combo", {"scheme": '"semi-implicit"', "leak": '"fixed"'}),
    ("learned-sparse-combo: modules under Theorem 1", "learned-sparse-combo", {}),
    ("svd-combo: all under Theorem 5", "svd-combo", {}),
    ("adadiag, tanh", "adadiag", {}),
    ("adadiag, clip", "adadiag", {"weights": '"diagonal-clip"'}),
    ("workspace, linear", "workspace", {}),
    ("workspace, psi, Euler", "workspace-psi", {}),
    ("workspace over trained modules", "trained-workspace", {"units": "128"}),
    ("lm-rnn, radius 4", "lm-rnn", {}),
    ("lm-rnn, random mask", "lm-rnn", {"mask": '"random"'}),
]
UNCERTIFIED = [
    ("tanh RNN, 176 units", ["--model", "dense-tanh"]),
    ("GRU, 96 units", ["--model", "gru"]),
    ("published Sparse Combo, h = 0.03", ["--model", "published", "--step", "0.03", "--readout", "both"]),
    ("published Sparse Combo, h = 0.1", ["--model", "published", "--step", "0.1", "--readout", "both"]),
    ("published Sparse Combo, h = 0.3", ["--model", "published", "--step", "0.3", "--readout", "both"]),
]


def run(command, errors=False):
    """What a command writes to standard output, or to standard error."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr or done.stdout}")
    return done.stderr if errors else done.stdout


def configuration(kind, changes, path):
    """The template of a kind with other values, for rows of Fashion-MNIST."""
    lines, section = [], ""
    keys = {"network": dict(changes), "training": {"epochs": str(options.epochs), "seed": str(options.seed),
                                                   "learning-rate": "2e-3", "batch": "128"}}
    if kind == "trained-workspace":
        sources = [options.work / f"module{k}.safetensors" for k in range(2)]
        keys["network"]["sources"] = json.dumps([str(source.resolve()) for source in sources])
    for line in run([options.certify, "init", kind]).splitlines():
        if line.startswith("["):
            lines += [f"{key} = {value}" for key, value in keys.pop(section, {}).items()]
            section = line.strip("[]")
            lines.append(line)
            if section == "task":
                lines += ['kind = "rows"', 'data = "fashion-mnist"', f"folder = {json.dumps(options.data)}"]
        elif section != "task" and line.split("=")[0].strip() not in [*keys.get(section, {}), "steps"]:
            lines.append(line)
    path.write_text("\n".join(lines) + "\n")


def certified(name, kind, changes):
    stem = options.work / "".join(c if c.isalnum() else "-" for c in name)
    model = stem.with_suffix(".safetensors")
    configuration(kind, changes, stem.with_suffix(".toml"))
    start = time.monotonic()
    progress = run([options.certify, "train", stem.with_suffix(".toml"), "-o", model, "--threads", "1"], errors=True)
    seconds = time.monotonic() - start
    run([options.certify, "verify", f"{model}.cert.json", model])
    last = json.loads(pathlib.Path(f"{model}.metrics.jsonl").read_text().splitlines()[-1])
    parameters = re.search(r"(\d+) parameters", progress).group(1)
    print(f"| {name} | {int(parameters):,} | {100 * last['accuracy']:.2f} | {last['loss']:.3f} | {last['factor']:.5f} "
          f"| {seconds:.0f} |", flush=True)


def uncertified(name, arguments):
    start = time.monotonic()
    output = run([sys.executable, here / "train_uncertified.py", "--task", "fashion-rows", "--data", options.data,
                  "--epochs", options.epochs, "--seed", options.seed] + arguments)
    last = json.loads(output.splitlines()[-1])
    print(f"| {name} | {last['parameters']:,} | {100 * last['testAccuracy']:.2f} | {last['loss']:.3f} | none "
          f"| {time.monotonic() - start:.0f} |", flush=True)


options.work.mkdir(parents=True, exist_ok=True)
options.work = pathlib.Path(tempfile.mkdtemp(dir=options.work))  # nothing of an earlier run is in the way
print("| network | parameters | accuracy % | loss | factor a step | seconds |\n| --- | --- | --- | --- | --- | --- |", flush=True)
chosen = lambda name: not options.only or any(part in name for part in options.only)
for name, arguments in UNCERTIFIED:
    if chosen(name):
        uncertified(name, arguments)
for name, kind, changes in CERTIFIED:
    if not chosen(name):
        continue
    if kind == "trained-workspace":
        # Two small networks, trained first; their modules stay as they are.
        for k in range(2):
            source = options.work / f"module{k}"
            configuration("combo", {"modules": "4"}, source.with_suffix(".toml"))
            text = source.with_suffix(".toml").read_text().replace(f"seed = {options.seed}", f"seed = {options.seed + 10 + k}")
            source.with_suffix(".toml").write_text(text)
            model = source.with_suffix(".safetensors")
            run([options.certify, "train", source.with_suffix(".toml"), "-o", model, "--threads", "1"])
    certified(name, kind, changes)
