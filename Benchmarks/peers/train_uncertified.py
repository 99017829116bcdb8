#!/usr/bin/env python3
"""Trains, in JAX, the uncertified networks that the certified ones are compared with.

    dense-tanh   x⁺ = tanh(W x + U u + b), 176 units
    gru          the gated recurrent unit, 96 units, one bias a gate
    published    x⁺ = x + h(−x + W relu(x) + (B − Bᵀ) x + U u + b), 8 modules of 32 units: W fixed, sparse, entries uniform
                 in [−6, 6], drawn until ρ(|W|) < 1; B learned, strictly lower blocks; the identity taken as the metric

Each has about 38,000 learned numbers. Adam, batch 128, cosine to zero after 100 steps of warm-up, gradient norm at most 1.

Usage: train_uncertified.py --task fashion-rows --model gru --data FOLDER [--epochs E] [--seed S] ...
FOLDER has the task's files in IDX format, gzipped or not: those of Fashion-MNIST, or MNIST's 10,000 test images, which are
shuffled, cut into 8,000 to train and 2,000 to test and pooled 2 × 2: 196 steps of one number. Prints a line of JSON an epoch.
"""
import argparse
import functools
import gzip
import json
import math
import pathlib
import time

import jax
import jax.numpy as jnp
import numpy as np

BATCH, CLASSES, WARM_UP = 128, 10, 100
RATES = {"dense-tanh": 1e-3, "gru": 4e-3, "published": 2e-3}


def permutation(count, seed):
    """Fisher–Yates on SplitMix64, which other languages can follow: tasks do not depend on numpy's generators."""
    state, word, result = seed, (1 << 64) - 1, np.arange(count)
    for last in range(count - 1, 0, -1):
        state = (state + 0x9E3779B97F4A7C15) & word
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & word
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & word
        other = (z ^ (z >> 31)) % (last + 1)
        result[[last, other]] = result[[other, last]]
    return result


def idx(folder, name):
    """An IDX file of bytes: two zeros, the type 8, the number of dimensions, each size big-endian, the bytes."""
    path = pathlib.Path(folder, name)
    content = path.read_bytes() if path.exists() else gzip.open(f"{path}.gz").read()
    rank = content[3]
    shape = np.frombuffer(content, ">i4", rank, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def data(task, folder):
    """Training and test sets: sequences [count, steps, inputs] in [0, 1] and labels [count]."""
    images, labels = idx(folder, "t10k-images-idx3-ubyte") / np.float32(255), idx(folder, "t10k-labels-idx1-ubyte")
    if task == "fashion-rows":
        train = idx(folder, "train-images-idx3-ubyte") / np.float32(255), idx(folder, "train-labels-idx1-ubyte")
        return train, (images, labels)
    pixels = images.reshape(-1, 14, 2, 14, 2).mean((2, 4)).reshape(-1, 196)
    if task == "mnist-permuted":
        pixels = pixels[:, permutation(196, seed=1)]
    order = permutation(len(pixels), seed=0)  # the first half of the file is the easier one
    train, test = order[:8000], order[8000:]
    return (pixels[train, :, None], labels[train]), (pixels[test, :, None], labels[test])


def gaussian(random, *shape, fan):
    return jnp.asarray(random.standard_normal(shape) / math.sqrt(fan), jnp.float32)


def orthogonal(random, n):
    return jnp.asarray(np.linalg.qr(random.standard_normal((n, n)))[0], jnp.float32)


def sparse_module(random, n=32, density=0.033):
    """A module as published: accepted when its absolute values have spectral radius below one."""
    while True:
        W = np.where(random.random((n, n)) < density, random.uniform(-6, 6, (n, n)), 0)
        if np.abs(np.linalg.eigvals(np.abs(W))).max() < 1:
            return W


def dense_tanh(random, inputs, arguments, n=176):
    p = {"W": orthogonal(random, n), "U": gaussian(random, n, inputs, fan=inputs), "b": jnp.zeros(n)}

    def step(p, x, u):
        return jnp.tanh(x @ p["W"].T + u @ p["U"].T + p["b"])

    return n, p, step


def gru(random, inputs, arguments, n=96):
    p = {
        "W": jnp.concatenate([orthogonal(random, n) for _ in range(3)]),
        "U": gaussian(random, 3 * n, inputs, fan=inputs),
        "b": jnp.zeros(3 * n),
    }

    def step(p, x, u):
        drive = u @ p["U"].T + p["b"]
        gates = jax.nn.sigmoid(drive[:, : 2 * n] + x @ p["W"][: 2 * n].T)
        update, reset = gates[:, :n], gates[:, n:]
        return (1 - update) * x + update * jnp.tanh(drive[:, 2 * n :] + (reset * x) @ p["W"][2 * n :].T)

    return n, p, step


def published(random, inputs, arguments, modules=8, size=32):
    n, h = modules * size, arguments.step
    W = jnp.asarray([sparse_module(random) for _ in range(modules)], jnp.float32)
    module = np.arange(n) // size
    mask = jnp.asarray(module[:, None] > module, jnp.float32)
    p = {
        "B": gaussian(random, n, n, fan=size) * mask,
        "U": arguments.input_scale * gaussian(random, n, inputs, fan=inputs),
        "b": jnp.zeros(n),
    }

    def step(p, x, u):
        B = p["B"] * mask
        recurrent = jnp.einsum("kij,bkj->bki", W, jax.nn.relu(x).reshape(-1, modules, size)).reshape(x.shape)
        return x + h * (recurrent - x + x @ (B.T - B) + u @ p["U"].T + p["b"])

    return n, p, step


MODELS = {"dense-tanh": dense_tanh, "gru": gru, "published": published}

parser = argparse.ArgumentParser()
parser.add_argument("--task", required=True, choices=["fashion-rows", "mnist-permuted", "mnist-pixels"])
parser.add_argument("--model", required=True, choices=list(MODELS))
parser.add_argument("--data", required=True, help="folder of the task's IDX files")
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--learning-rate", type=float, help="default: 1e-3 dense-tanh, 4e-3 gru, 2e-3 published")
parser.add_argument("--step", type=float, default=0.1, help="h of the published network")
parser.add_argument("--input-scale", type=float, default=1, help="factor on its initial U")
parser.add_argument("--readout", default="state", choices=["state", "both"], help="of x, or of x and relu(x)")
arguments = parser.parse_args()

random = np.random.default_rng(arguments.seed)
(sequences, targets), (test_sequences, test_targets) = data(arguments.task, arguments.data)
units, parameters, step = MODELS[arguments.model](random, sequences.shape[2], arguments)
width = units if arguments.readout == "state" else 2 * units
parameters |= {"F": 0.5 * gaussian(random, CLASSES, width, fan=width), "c": jnp.zeros(CLASSES)}
learned = sum(x.size for x in parameters.values())
if "B" in parameters:  # only what the mask leaves
    learned += int(jnp.count_nonzero(parameters["B"])) - parameters["B"].size
batches = len(sequences) // BATCH
total = arguments.epochs * batches
peak = arguments.learning_rate or RATES[arguments.model]


def logits(p, sequences):
    """The readout of the last state of each sequence."""
    start = jnp.zeros((len(sequences), units))
    x, _ = jax.lax.scan(lambda x, u: (step(p, x, u), None), start, jnp.swapaxes(sequences, 0, 1))
    if arguments.readout == "both":
        x = jnp.concatenate([x, jax.nn.relu(x)], axis=1)
    return x @ p["F"].T + p["c"]


def loss(p, sequences, targets):
    z = logits(p, sequences)
    return jnp.mean(jax.nn.logsumexp(z, axis=1) - jnp.take_along_axis(z, targets[:, None], axis=1)[:, 0])


@functools.partial(jax.jit, donate_argnums=0)
def update(state, sequences, targets):
    """One step of Adam on the gradient, cut to norm 1."""
    p, m, v, t = state
    value, g = jax.value_and_grad(loss)(p, sequences, targets)
    norm = jnp.sqrt(sum(jnp.sum(x * x) for x in jax.tree.leaves(g)))
    g = jax.tree.map(lambda x: x / jnp.maximum(norm, 1), g)
    t = t + 1
    cosine = 0.5 * (1 + jnp.cos(math.pi * jnp.clip((t - WARM_UP) / max(total - WARM_UP, 1), 0, 1)))
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
    rate = peak * jnp.minimum(t / WARM_UP, 1) * cosine / (1 - 0.9**t)
    p = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), p, m, v)
    return (p, m, v, t), value


@jax.jit
def right(p, sequences, targets):
    return jnp.sum(jnp.argmax(logits(p, sequences), axis=1) == targets)


def accuracy(p):
    parts = range(0, len(test_sequences), 1000)
    return sum(int(right(p, test_sequences[i : i + 1000], test_targets[i : i + 1000])) for i in parts) / len(test_targets)


zeros = [jax.tree.map(jnp.zeros_like, parameters) for _ in range(2)]
state = (parameters, *zeros, jnp.float32(0))
for epoch in range(1, arguments.epochs + 1):
    begin, losses = time.perf_counter(), []
    for chosen in random.permutation(len(sequences))[: batches * BATCH].reshape(batches, BATCH):
        state, value = update(state, sequences[chosen], targets[chosen].astype(np.int32))
        losses.append(value)
    mean = float(np.mean(jax.device_get(losses)))
    seconds = time.perf_counter() - begin
    line = {
        "schema": "certify.uncertified/v1",
        "task": arguments.task,
        "model": arguments.model,
        "step": arguments.step if arguments.model == "published" else None,
        "seed": arguments.seed,
        "parameters": learned,
        "epoch": epoch,
        "loss": mean,
        "testAccuracy": accuracy(state[0]),
        "seconds": seconds,
    }
    print(json.dumps(line), flush=True)
