#!/usr/bin/env python3
"""Evaluates published networks (PyTorch state dictionaries) on trials, as their authors run them.

    h⁺ = (1 − α) h + α relu(W_in x + b_in + W h + b_h),   y = F h⁺ + c,   α = 0.3,   h₀ = 0

Usage: evaluate_published.py FOLDER MODEL...
FOLDER is what `certify data export TASK -o FOLDER` writes: inputs.npy [T, 33, B], labels.npy [T, B] and lengths.npy [B];
what lies past a trial's length is not looked at. Prints a line of JSON a model: the fractions of trials right at their last step (the authors' measure) and
at every step, and of steps that are right.
"""
import argparse
import json

import numpy as np
import torch

ALPHA = 0.3
WEIGHT = "rnn.h2h.weight"
PARAMETRISED = "rnn.h2h.parametrizations.weight."


def recurrent(state):
    """W of the constraint the file was trained under, which the names of its tensors tell."""
    if WEIGHT in state:  # None
        return state[WEIGHT]
    A = state[PARAMETRISED + "original"]
    if PARAMETRISED + "0._u" in state:  # spectral, in evaluation mode
        u, v = state[PARAMETRISED + "0._u"], state[PARAMETRISED + "0._v"]
        return A / (u @ A @ v)
    identity = state[PARAMETRISED + "0.Id"]  # sym
    return identity - A.T @ A - 1e-5 * identity


def answers(state, inputs):
    """The class of the greatest logit, [T, B]."""
    W = recurrent(state)
    bias = (state["rnn.input2h.bias"] + state["rnn.h2h.bias"])[:, None]
    h = torch.zeros(len(W), inputs.shape[2])
    classes = []
    for x in inputs:
        h = (1 - ALPHA) * h + ALPHA * torch.relu(state["rnn.input2h.weight"] @ x + W @ h + bias)
        classes.append((state["fc.weight"] @ h + state["fc.bias"][:, None]).argmax(0))
    return torch.stack(classes).numpy()


parser = argparse.ArgumentParser()
parser.add_argument("trials")
parser.add_argument("models", nargs="+")
arguments = parser.parse_args()
inputs = torch.from_numpy(np.load(arguments.trials + "/inputs.npy"))
lengths, labels = (np.load(f"{arguments.trials}/{name}.npy").astype(int) for name in ("lengths", "labels"))
within = np.arange(len(labels))[:, None] < lengths
for model in arguments.models:
    state = torch.load(model, weights_only=True, map_location="cpu")
    right = answers(state, inputs) == labels
    line = {
        "model": model,
        "lastStep": right[lengths - 1, np.arange(len(lengths))].mean(),
        "wholeTrial": (right | ~within).all(0).mean(),
        "perStep": right[within].mean(),
    }
    print(json.dumps(line), flush=True)
