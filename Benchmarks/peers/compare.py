#!/usr/bin/env python3
"""Times one training step of ours, of JAX and of PyTorch on each configuration, in turn, and prints ratios: against the
faster of the two, both written for the structure, and against JAX with dense matrices and masks, as published code is.

Usage: compare.py CERTIFY [--measure K] [--threads N]     run with the Python of `environment`
The share of the physical limit is the time that the flops of the structure (blocks and sparse entries that are there, forward
and both halves of backward) would take at the rate of a large float32 product on these threads, over the time it took.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import time
import tomllib

import torch

here = pathlib.Path(__file__).parent
parser = argparse.ArgumentParser()
parser.add_argument("certify")
parser.add_argument("--measure", type=int, default=3)
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()


def product_rate():
    """Flops a second of a float32 product of order 2,048: the best of five."""
    torch.set_num_threads(options.threads)
    a, b = torch.rand(2048, 2048), torch.rand(2048, 2048)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - start)
    return 2 * 2048**3 / min(times)


def flops(configuration):
    """Of a training step: entries of the structure, times two, times the columns and steps, three times over."""
    task, network = configuration["task"], configuration["network"]
    if network["kind"] == "lm-rnn":
        height, width = network["grid"]
        reach = int(network["radius"])
        shifts = [(y, x) for y in range(-reach, reach + 1) for x in range(-reach, reach + 1)
                  if y * y + x * x <= network["radius"] ** 2]
        entries = sum((height - abs(y)) * (width - abs(x)) for y, x in shifts)
        units = height * width
    else:
        modules, size = network["modules"], network["units"]
        pairs = modules - 1 if network["adjacency"] == "workspace" else modules * (modules - 1) // 2
        entries, units = 2 * pairs * size * size, modules * size
    entries += units * task["inputs"]
    return 3 * 2 * entries * configuration["training"]["batch"] * task["steps"]


def measured(command):
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(command)}: {run.stderr}")
    return json.loads(run.stdout.strip().splitlines()[-1])


common = ["--measure", str(options.measure), "--threads", str(options.threads)]
rate = product_rate()
print(f"{options.threads} threads; a float32 product of order 2,048 runs at {rate / 1e9:.0f} GF/s")
print(f"{'configuration':20} {'ours':>8} {'jax':>8} {'torch':>8}  {'ratio':>6}  {'limit':>6}  {'plain':>8} {'ratio':>6}  "
      "peak memory: ours, jax, torch")
for path in sorted((here.parent / "configurations").glob("*.toml")):
    configuration = tomllib.loads(path.read_text())
    runs = [measured([options.certify, "train", str(path)] + common)]
    runs += [measured([sys.executable, str(here / f"measure_{peer}.py"), str(path)] + common) for peer in ("jax", "torch")]
    plain = measured([sys.executable, str(here / "measure_jax.py"), str(path), "--plain"] + common)
    plain = plain["secondsPerStep"]["minimum"]
    seconds = [run["secondsPerStep"]["minimum"] for run in runs]
    share = flops(configuration) / rate / seconds[0]
    memory = ", ".join(f"{run['peakMemoryBytes'] / 2**20:.0f} MiB" for run in runs)
    print(f"{path.stem:20} " + " ".join(f"{s:7.3f}s" for s in seconds)
          + f"  {min(seconds[1:]) / seconds[0]:5.2f}x  {100 * share:5.0f}%  {plain:7.3f}s {plain / seconds[0]:5.2f}x  {memory}  ({runs[0]['blas']})")
