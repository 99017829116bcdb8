#!/usr/bin/env python3
"""Checks a file `certificate/v1` against the tensors of its model, in exact arithmetic; no rounding decides anything.

    recheck.py CERT.json MODEL     a line for each claim, status 0; or `refused: field: reason`, status 1

Plain Python without packages, from the theorems (arXiv:2106.08928; theory, sections 1 to 6); no code of the kernel. The
rules are in rules.py and modules.py, the format in document.py, the model file in tensors.py, arithmetic in exact.py.
"""
import collections
import hashlib
import os
import sys
import tensors
from document import Arrays, Refused, canonical, need, network, number, parse, take
from exact import apply, definite, determinant, diag, dot
from modules import assembly, split_step, step
from rules import (absolute_value, disk, product_form, singular_value, slope_lmi, symmetric, triangular, vertex_lmi)

Child = collections.namedtuple("Child", "rule bound prove")
PARTS = "components=partition column-scaling=weights row-scaling=weights norms=norms"
RULES = {
    "absolute-value": (absolute_value, "column-scaling=vector row-scaling=vector"), "symmetric": (symmetric, ""),
    "product-form": (product_form, "row-scaling=vector floor=number"), "triangular": (triangular, "order=indices"),
    "singular-value": (singular_value, "metric=vector norm=number drops-inhibitory-diagonal=flag"),
    "disk": (disk, "metric=vector"), "slope-lmi": (slope_lmi, "metric=matrix multiplier=vector floor=number"),
    "vertex-lmi": (vertex_lmi, "metric=matrix floor=number"), "step": (step, PARTS + " coupling-norm=optional"),
    "split-step": (split_step, "components=partition metric=vector norms=weights"),
    "global-workspace": (assembly("global-workspace"), PARTS + " hub=index"),
    **{rule: (assembly(rule), PARTS) for rule in ("feedback", "hierarchy", "interconnection")}}


def arguments(value, at, kinds, n, arrays):
    """The values of the fields of a rule, in their order."""
    kinds = dict(item.split("=") for item in kinds.split())
    values = []
    for (name, kind), x in zip(kinds.items(), take(value, at, " ".join(kinds))):
        field = f"{at}.{name}"
        if kind in ("vector", "weights", "direction"):
            x = arrays.numbers(x, field, None if kind == "weights" else n, positive=kind == "vector")
        elif kind == "matrix":
            x = arrays.matrix(x, field, n)
        elif kind in ("indices", "norms", "partition"):
            x = getattr(arrays, kind)(x, field)
        elif kind == "number" or kind == "optional" and x is not None:
            x = number(x, field)
        need(kind != "flag" or type(x) is bool, field, "expected true or false")
        need(kind != "index" or type(x) is int and x >= 0, field, "expected a whole number")
        values.append(x)
    return values


def check(net, flow, proof, at, arrays, nested=""):
    """The metric of a proof whose bound is a rate above 0, or a factor in [0, 1), and is what its rule gives."""
    rule, args, bound, children, *_ = take(proof, at, "rule arguments bound children" + nested)
    need(rule in RULES, at + ".rule", f"{rule} is not known")
    function, kinds = RULES[rule]
    bound = number(bound, at + ".bound")
    need(bound > 0 if flow else 0 <= bound < 1, at + ".bound", "neither a rate above 0 nor a factor below 1")
    need(net.has(flow), at, "the network has no such scope")
    need(flow or net.runs_as_euler() or rule in ("step", "split-step"), at, "the rule does not speak of this scheme")
    values = arguments(args, at + ".arguments", kinds, net.n, arrays)
    need("components" in args and rule != "split-step" or children == [], at + ".children", "expected none")
    proofs = [Child(child["rule"], number(child["bound"], f"{at}.children[{k}].bound"),
                    lambda network, flow, k=k, child=child: check(network, flow, child, f"{at}.children[{k}]", arrays))
              for k, child in enumerate(children)]
    return function(net, flow, bound, at, *values, *([proofs] if proofs else []))


# Refutations: slopes at which the network, linear then, has an eigenvalue >= 0 (map: modulus >= 1)
def refute(net, flow, claim, at, arrays):
    scope, verdict, rule, args = take(claim, at, "scope verdict rule arguments")
    rules = {"determinant": ("principal-minor", ""), "flip": ("unstable-vertex", ""),
             "skew": ("euler-skew", " direction=direction"),
             "inertia": ("unstable-vertex", " metric=matrix direction=direction margin=number")}
    need(args.get("reason") in rules, at + ".arguments.reason", "unknown")
    expected, kinds = rules[args["reason"]]
    need(rule == expected, at + ".rule", f"expected {expected}")
    active, reason, *values = arguments(args, at + ".arguments", "active=indices reason=text" + kinds, net.n, arrays)
    need(active == [i for i in range(net.n) if i in active], at + ".arguments.active", "not ascending")
    need(net.has(flow) and (flow or net.runs_as_euler()), at + ".scope", "the network has no such scope, or scheme")
    need(net.K is None or net.k_slopes[0] == 0, at, "the slopes of K do not start at 0")
    if reason == "determinant":  # det(-J) <= 0: J has a real eigenvalue >= 0
        # Units with slope 0 leave it as it is where L = 0.
        units = active if net.L is None and net.slopes[0] == 0 else list(range(net.n))
        shown = determinant((net.vertex(True, active) * -1).block(units, units).rows) <= 0
    elif reason == "flip":  # det(I + A) <= 0: a real eigenvalue <= -1
        need(not flow and net.scheme != "exponential", at + ".arguments.reason", "only for a rational pace")
        shown = determinant((net.vertex(False, active) + diag([1] * net.n)).rows) <= 0
    elif reason == "inertia":  # Lyapunov's, or Stein's, inequality for an M that is not positive definite
        (m, x, c), a = values, net.vertex(flow, active)
        need(c >= (0 if flow else 1) and any(x), at + ".arguments", "the margin is too small, or the direction is 0")
        slack = m * (2 * c) - m @ a - (m @ a).T() if flow else m * (c * c) - a.T() @ m @ a
        loss = 3 * net.fuzz * sum(map(abs, sum(m.get(), []))) * (net.n + sum(map(abs, sum(a.get(), [])))) ** 2
        shown = dot(x, apply(m, x)) <= 0 and definite(slack - diag([loss] * net.n))
    else:  # E4: L skew, slopes 0, |(1 - h)x + hLx| >= |x|
        need(not flow and net.scheme == "euler" and net.uniform and net.slopes[0] == 0 and not active, at, "not E4")
        need(net.L and (net.L + net.L.T()).is_zero(), at, "L is not skew")
        x, h = values[0], net.paces(False)[0]
        image = apply(net.L, x)
        shown = any(x) and h * dot(image, image) >= (2 - h) * dot(x, x)
    need(shown, at + ".arguments", "not shown")


def recheck(text, model, beside=dict):
    """What is shown, a line for each claim; `model` and `beside()` are dictionaries of tensors."""
    document, arrays, lines = parse(text), Arrays(beside), []
    names = "schema claims model specification tool sha256"
    schema, claims, bound_to, spec, _, digest = take(document, "document", names)
    need(schema == "certificate/v1", "schema", "expected certificate/v1")
    content = {name: value for name, value in document.items() if name != "sha256"}
    need(hashlib.sha256(canonical(content)).hexdigest() == digest, "sha256", "the content was changed")
    net = network(spec, *take(bound_to, "model", "tensors reconstructions"), model)
    scopes = [claim["scope"] for claim in claims]
    need(claims and len(set(scopes)) == len(scopes), "claims", "one a scope")
    need(set(scopes) <= {"continuous", "as-run"}, "claims", "an unknown scope")
    for k, claim in enumerate(claims):
        at, flow = f"claims[{k}]", claim["scope"] == "continuous"
        if claim["verdict"] == "refuted":
            refute(net, flow, claim, at, arrays)
            lines.append(f"{claim['scope']}: REFUTED by {claim['rule']}")
        else:
            need(claim["verdict"] == "certified", at + ".verdict", "expected certified or refuted")
            check(net, flow, claim, at, arrays, " scope verdict")
            bound = f"{'rate >=' if flow else 'factor <='} {claim['bound']}"
            lines.append(f"{claim['scope']}: CERTIFIED {bound} by {claim['rule']}")
    need(not arrays.used or arrays.used == set(beside()), "document", "a tensor beside it is not mentioned")
    return lines


def main(certificate, model):
    path = certificate.removesuffix(".json") + ".safetensors"
    try:
        with open(certificate, encoding="utf-8") as file:
            beside = lambda: tensors.load(path) if os.path.exists(path) else {}
            lines = recheck(file.read(), tensors.load(model), beside)
    except Exception as error:  # whatever cannot be read is refused
        lines = [f"refused: {error}" if isinstance(error, Refused) else f"refused: document: {error!r}"]
    print("\n".join(lines))
    return lines[0].startswith("refused")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
