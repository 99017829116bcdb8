#!/usr/bin/env python3
"""Times gradient steps of a configuration in PyTorch: a loop of matrix products, autograd, fused Adam, float32.

Usage: measure_torch.py CONFIG.toml [--measure K] [--threads N]

The same algorithm as measure_jax.py.
"""
import re

import measurement

arguments = measurement.start()  # before PyTorch counts the processors

import torch
from torch.nn.functional import cross_entropy

problem = measurement.Problem(arguments.configuration)
torch.set_num_threads(arguments.threads)
h = problem.step
batch = problem.training["batch"]


def modular_step():
    """x⁺ = x + h(−x + W relu(x) + L x + U u + b), with W in blocks and L by its structure."""
    count, size, _ = problem.modules.shape
    W = h * torch.from_numpy(problem.modules)
    if problem.network["adjacency"] == "workspace":
        B = h * p["B"]

        def linear(x, drive):
            return torch.cat([torch.mm(-B.T, x[size:]), torch.mm(B, x[:size])]) + (1 - h) * x + drive
    else:
        B = h * p["B"] * torch.from_numpy(problem.mask)
        A = (1 - h) * torch.eye(problem.units) + B - B.T

        def linear(x, drive):
            return torch.addmm(drive, A, x)

    U, b = h * p["U"], h * p["b"]

    def step(x, u):
        recurrent = torch.bmm(W, torch.relu(x).view(count, size, batch))
        return linear(x, torch.addmm(b, U, u)) + recurrent.view(x.shape)

    return step


def locality_step():
    """h⁺ = (1 − α)h + α relu(W h + U u + b), with W in bands, dense within one."""
    W = [band * torch.from_numpy(mask) for band, mask in zip(p["W"], problem.masks)]

    def step(x, u):
        recurrent = torch.cat([band @ x[source] for band, source in zip(W, problem.bands)])
        return (1 - h) * x + h * torch.relu(recurrent + torch.addmm(p["b"], p["U"], u))

    return step


def loss():
    step = locality_step() if problem.network["kind"] == "lm-rnn" else modular_step()
    x, states = torch.zeros(problem.units, batch), []
    for u in inputs:
        x = step(x, u)
        states.append(x)
    if not problem.every_step:
        return cross_entropy((p["F"] @ x + p["c"]).T, labels)
    return cross_entropy(p["F"] @ torch.stack(states) + p["c"], labels)


def parameter(value):
    if isinstance(value, list):
        return [parameter(part) for part in value]
    return torch.from_numpy(value).requires_grad_()


p = {name: parameter(value) for name, value in problem.parameters.items()}
leaves = [leaf for value in p.values() for leaf in (value if isinstance(value, list) else [value])]
adam = torch.optim.Adam(leaves, lr=problem.training["learning-rate"], fused=True)
inputs, labels = torch.from_numpy(problem.inputs), torch.from_numpy(problem.labels)


def train():
    adam.zero_grad()
    value = loss()
    value.backward()
    adam.step()
    return value.item()


mkl = re.search(r"Math Kernel Library Version (\S+?)-", torch.__config__.show())
measurement.measure(arguments, problem, f"torch {torch.__version__}", f"MKL {mkl[1]}" if mkl else "unknown", train)
