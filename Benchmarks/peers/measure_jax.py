#!/usr/bin/env python3
"""Times gradient steps of a configuration in JAX: jit, scan, value_and_grad, Adam, float32.

Usage: measure_jax.py CONFIG.toml [--measure K] [--threads N] [--plain]

Written for speed as a user of JAX would who knows the structure of the network; what was slower is in README.md. With
--plain every matrix is dense with a mask, as in published code.
"""
import functools

import measurement

arguments = measurement.start()  # before JAX counts the processors

import jax
import jax.numpy as jnp

problem = measurement.Problem(arguments.configuration, arguments.plain)
h = problem.step
batch = problem.training["batch"]


def modular_step(p):
    """x⁺ = x + h(−x + W relu(x) + L x + U u + b), with W in blocks and L by its structure."""
    W = h * problem.modules
    if problem.plain:
        B = p["B"] * problem.mask
        A = (1 - h) * jnp.eye(problem.units) + h * (B - B.T)
        return lambda x, u: (A @ x + W @ jax.nn.relu(x) + h * (p["U"] @ u + p["b"]), None)
    count, size, _ = problem.modules.shape
    if problem.network["adjacency"] == "workspace":
        linear = lambda x: (1 - h) * x + h * jnp.concatenate([-p["B"].T @ x[size:], p["B"] @ x[:size]])
    else:
        B = p["B"] * problem.mask
        A = (1 - h) * jnp.eye(problem.units) + h * (B - B.T)
        linear = lambda x: A @ x

    def step(x, u):
        recurrent = W @ jax.nn.relu(x).reshape(count, size, batch)
        return linear(x) + recurrent.reshape(x.shape) + h * (p["U"] @ u + p["b"]), None

    return step


def locality_step(p):
    """h⁺ = (1 − α)h + α relu(W h + U u + b), with W in bands, dense within one."""
    W = [band * mask for band, mask in zip(p["W"], problem.masks)]

    def step(x, u):
        recurrent = jnp.concatenate([band @ x[source] for band, source in zip(W, problem.bands)])
        x = (1 - h) * x + h * jax.nn.relu(recurrent + p["U"] @ u + p["b"])
        return x, x

    return step


def loss(p, inputs, labels):
    step = locality_step(p) if problem.network["kind"] == "lm-rnn" else modular_step(p)
    last, states = jax.lax.scan(step, jnp.zeros((problem.units, batch)), inputs)
    logits = p["F"] @ (states if problem.every_step else last) + p["c"]
    right = jnp.take_along_axis(logits, jnp.expand_dims(labels, -2), axis=-2)
    return jnp.mean(jax.nn.logsumexp(logits, axis=-2, keepdims=True) - right)


@functools.partial(jax.jit, donate_argnums=0)
def update(state, inputs, labels):
    """One step of Adam."""
    p, m, v, t = state
    value, g = jax.value_and_grad(loss)(p, inputs, labels)
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
    rate = problem.training["learning-rate"] / (1 - 0.9**t)
    p = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), p, m, v)
    return (p, m, v, t), value


parameters = jax.tree.map(jnp.asarray, problem.parameters)
state = (parameters, jax.tree.map(jnp.zeros_like, parameters), jax.tree.map(jnp.zeros_like, parameters), jnp.float32(0))
inputs, labels = jnp.asarray(problem.inputs), jnp.asarray(problem.labels)


def train():
    global state
    state, value = jax.block_until_ready(update(state, inputs, labels))
    return float(value)


measurement.measure(arguments, problem, f"jax {jax.__version__}", "XLA", train)
