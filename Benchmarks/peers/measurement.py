"""What the two measurements share: arguments, the random problem of a configuration, the clock and the line printed.

The numbers of the problem are small enough that states and gradients stay finite; the time does not depend on them.
"""
import argparse
import json
import os
import resource
import statistics
import time
import tomllib

import numpy as np

DENSITY = 0.033  # of a fixed module
GRID_ROWS = 10  # rows of the grid in one band of a locality mask: 5 to 10 were the fastest


def start():
    """The arguments; keeps the process to the processors asked for, which has to come before a framework is imported."""
    parser = argparse.ArgumentParser()
    parser.add_argument("configuration", help="a file of Benchmarks/configurations")
    parser.add_argument("--measure", type=int, default=3, metavar="K", help="steps to time, after one that is not")
    parser.add_argument("--threads", type=int, metavar="N", help="default: all processors")
    parser.add_argument("--plain", action="store_true",
                        help="dense matrices with masks, as published code is written (JAX only)")
    arguments = parser.parse_args()
    processors = sorted(os.sched_getaffinity(0))[: arguments.threads]
    os.sched_setaffinity(0, processors)
    arguments.threads = len(processors)
    with open(arguments.configuration, "rb") as file:
        arguments.configuration = tomllib.load(file)
    return arguments


class Problem:
    """Random data, initial parameters and fixed arrays of a configuration, float32, time × feature × batch."""

    def __init__(self, configuration, plain=False):
        self.plain = plain
        task, self.network = configuration["task"], configuration["network"]
        self.training = configuration["training"]
        self.step = self.network["step"]
        self.random = np.random.default_rng(self.training["seed"])
        self.every_step = task["kind"] == "cognitive"
        steps, batch = task["steps"], self.training["batch"]
        self.inputs = self.normal(steps, task["inputs"], batch)
        labels = (steps, batch) if self.every_step else (batch,)
        self.labels = self.random.integers(0, task["classes"], labels)
        self.parameters = self.locality() if self.network["kind"] == "lm-rnn" else self.modular()
        self.parameters |= {
            "U": self.normal(self.units, task["inputs"]) / task["inputs"] ** 0.5,
            "b": np.zeros((self.units, 1), np.float32),
            "F": 0.5 * self.normal(task["classes"], self.units) / self.units**0.5,
            "c": np.zeros((task["classes"], 1), np.float32),
        }

    def normal(self, *shape):
        return self.random.standard_normal(shape, dtype=np.float32)

    def modular(self):
        """Fixed sparse modules of norm at most 0.9, and B: all of it with a mask, or the column below the hub."""
        count, size = self.network["modules"], self.network["units"]
        self.units = count * size
        modules = self.normal(count, size, size) * (self.random.random((count, size, size)) < DENSITY)
        norms = np.linalg.norm(modules, ord=2, axis=(1, 2), keepdims=True)
        self.modules = 0.9 * modules / np.maximum(norms, 1)
        if self.plain:
            dense = np.zeros((self.units, self.units), np.float32)
            for k, module in enumerate(self.modules):
                dense[k * size : (k + 1) * size, k * size : (k + 1) * size] = module
            self.modules = dense
        elif self.network["adjacency"] == "workspace":
            return {"B": 0.1 * self.normal(self.units - size, size) / size**0.5}
        module = np.arange(self.units) // size
        below = module[:, None] > module
        if self.network["adjacency"] == "workspace":
            below &= module == 0
        self.mask = below.astype(np.float32)
        return {"B": 0.1 * self.normal(self.units, self.units) * self.mask / size**0.5}

    def locality(self):
        """W by bands of grid rows: units of a band have weights from its own rows and the rows within the radius."""
        (rows, columns), radius = self.network["grid"], self.network["radius"]
        self.units = rows * columns
        reach = int(radius)
        row, column = np.divmod(np.arange(self.units), columns)
        near = (row[:, None] - row) ** 2 + (column[:, None] - column) ** 2 <= radius**2
        self.bands, self.masks = [], []
        band = rows if self.plain else GRID_ROWS
        for first in range(0, rows, band):
            last = min(first + band, rows)
            source = slice(max(first - reach, 0) * columns, min(last + reach, rows) * columns)
            self.bands.append(source)
            self.masks.append(near[first * columns : last * columns, source].astype(np.float32))
        fan = np.pi * radius**2
        return {"W": [self.normal(*mask.shape) * mask / fan**0.5 for mask in self.masks]}


def measure(arguments, problem, framework, blas, train):
    """Times `train()`, which takes one gradient step and returns its loss as a number, and prints the line."""
    seconds = []
    for _ in range(arguments.measure + 1):
        begin = time.perf_counter()
        loss = train()
        seconds.append(time.perf_counter() - begin)
        if not np.isfinite(loss):
            raise SystemExit("the loss is not finite: this is not a training step")
    del seconds[0]
    line = {
        "schema": "certify.measure/v1",
        "units": problem.units,
        "secondsPerStep": {"minimum": min(seconds), "median": statistics.median(seconds)},
        "threads": arguments.threads,
        "blas": blas,
        "peakMemoryBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "framework": framework,
    }
    print(json.dumps(line))
