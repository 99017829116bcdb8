#!/usr/bin/env python3
"""Checks a file `certificate/v1` against the tensors of its model, in exact arithmetic: no rounding decides anything.

    recheck.py CERT.json MODEL.safetensors     a line for each claim, status 0; or `refused: field: reason`, status 1

The network is tau x' = -x + W phi(x) + L x + K psi(x) + u (outside), tau x' = -x + phi(W x + u) + L x (inside), the
map x+ = phi(W x + u), or a step of a flow; phi has slopes D in [l, g]. Each rule of the format is the function of its
name here. It gets the network, the bound (a rate of the flow, a factor of the map) and the arguments that its
parameters name, with their kinds; it says whether the bound is shown, and in which metric M. Source: arXiv:2106.08928.
"""
import os
import sys
from fractions import Fraction as Q
from functools import partial
from itertools import permutations, product
from document import Refused, claimed, fields, load, matrix, need, number, opened, partition, permutation, read, vector
from exact import (TINY, Metric, apply, decay, definite, determinant, diag, dot, exact, full, inverses, join, lyapunov,
                   norm_below, ratios, root, spectral, stein, unit, whole)

# Rules for a network as a whole --------------------------------------------------------------------------------------
def diagonal(net, d):
    """M = diag(d), times the time constants where a flow has several."""
    D = diag([t * x for t, x in zip(net.tau, d)] if net.flow and not net.uniform else d)
    return Metric(D, unit(net.n), D, D, D)

def reached(net, bound, own, gains, residuals, v, w):
    """Each part by itself, less what the others do to it (for a factor: plus), with weights v and w (theory 4, E2)."""
    rows, columns, loads = ratios(gains, v, v), ratios(gains.T(), w, w), ratios(residuals, v, w)
    if net.flow:
        return all(bound <= x - (y + z) / 2 - r for x, y, z, r in zip(own, rows, columns, loads))
    return max(map(sum, zip(own, rows))) * max(map(sum, zip(own, columns))) <= bound ** 2

def by_units(net):
    """The rate or the factor of each unit by itself, and what the others do to it at most."""
    h, linear, added = net.paces(), *net.couplings()
    size = abs(added[0]) + abs(added[1])
    own = [x * (1 - a - b) if net.flow else abs(1 - x + x * a) + x * b
           for x, a, b in zip(h, linear.diagonal(), size.diagonal())]
    gains = abs(linear) + size
    return own, diag(h) @ (gains - diag(gains.diagonal()))

def absolute_value(net, bound, column_scaling: vector, row_scaling: vector):
    """Theorem 1; a map by Schur's test (theory E2)."""
    own, gains = by_units(net)
    metric = diagonal(net, [y / x for x, y in zip(column_scaling, row_scaling)])
    w = [x * y for x, y in zip(metric.lower.diagonal(), column_scaling)]
    return reached(net, bound, own, gains, gains * 0, column_scaling, w), metric

def triangular(net, bound, order: permutation):
    """Theorem 4: where all weights run along the order, the v and w are found that each unit by itself allows."""
    own, gains = by_units(net)
    need(not any(gains.rows[i][j] for k, i in enumerate(order) for j in order[k:]), "arguments.order: a weight against")
    slack, times = [x - bound if net.flow else bound - x for x in own], diagonal(net, [1] * net.n).lower.diagonal()

    def scaling(m, order, first):
        x = [Q(0)] * net.n
        for i in order:
            load = Q(dot(m.rows[i], x)) / m.den
            need(slack[i] > 0 or not load, "bound: not reached")
            x[i] = load / slack[i] if load else first[i]
        return x
    w = scaling(gains.T(), order[::-1], times)
    return absolute_value(net, bound, scaling(gains, order, [Q(1)] * net.n), [x / t for x, t in zip(w, times)])

def symmetric(net, bound):
    """Theorem 2: a > g W gives rate (1 - a) / tau; a step by its spectrum at the slopes 0 and g (theory 3b)."""
    need(net.alone and net.uniform and net.W.symmetric(), "specification: W is not symmetric, or not alone")
    G, h, one, outside = net.W * net.slopes[1], net.paces()[0], unit(net.n), net.form == "outside"
    if net.flow:
        a = 1 - bound / h
        return 0 < a < 1 and definite(one * a - G), full(one * (2 * a) - G, a, 2 * a + G.largest(), outside)
    rest = 1 - h
    shown = abs(rest) < bound and definite(one * (bound - rest) - G * h) and definite(one * (bound + rest) + G * h)
    return shown, full(G * 0, bound - abs(rest), bound + abs(rest), outside)  # of a map only the bounds of M are used

def product_form(net, bound, row_scaling: vector, floor: number):
    """Theorem 3: K = -diag(s) W is symmetric and above the floor; then rate 1 / tau for all slopes >= 0."""
    need(net.alone and net.uniform and net.flow, "specification: not the flow of W alone with one time constant")
    K, s = diag(row_scaling) @ net.W * -1, diag([1 / x for x in row_scaling])
    need(floor > 0 and K.symmetric() and definite(K - unit(net.n, floor)), "arguments: K is not above the floor")
    low, high, outside = floor / max(row_scaling) ** 2, K.largest() / min(row_scaling) ** 2, net.form == "outside"
    return bound <= 1 / net.tau[0], full(s @ K @ s, low, high, True) if outside else full(K, floor, K.largest())

def singular_value(net, bound, metric: vector, norm: number, drops_inhibitory_diagonal: bool):
    """Theorem 5 with D = c + (D - c); P is diagonal, so in a flow W_ii < 0 may be dropped first (theory 1)."""
    (l, g), P, h = net.slopes, diag(metric), net.paces()[0]
    dropped = diag([min(x, 0) * (net.flow and drops_inhibitory_diagonal) for x in net.W.diagonal()])
    kept = net.W - dropped
    need(not net.K and norm >= 0 and norm_below(kept, P, norm ** 2), "arguments.norm: not shown")
    if net.flow:
        mu = 1 - bound * max(net.tau) - (g - l) / 2 * norm
        shown = definite(lyapunov(P, kept * ((l + g) / 2) + dropped * l + net.L, -mu))
    else:
        shown = not net.L and net.uniform and abs(1 - h) + h * g * norm <= bound
    return shown, diagonal(net, metric)

def disk(net, bound, metric: vector):
    """Theory 3b: |1 + gW| = k < 2 gives rate 1 - k^2 / 4; a step by |1 - h + gW|."""
    h = net.paces()[0]
    need(net.alone and (net.flow or net.uniform and h < 2), "specification: couplings, several paces, or a long step")
    shift, square = (1, 4 * (1 - bound * max(net.tau))) if net.flow else (
        1 - h, (bound ** 2 - (1 - h) ** 2) * (2 - h) / h)
    return definite(stein(diag(metric), net.W * net.slopes[1] + unit(net.n, shift), square)), diagonal(net, metric)

def decreases(net, M, A, bound): return lyapunov(M, A, bound) if net.flow else stein(M, A, bound ** 2)

def slope_lmi(net, bound, metric: matrix, multiplier: vector, floor: number):
    """Theory 3 and E5: the S-procedure with 2 sum Lam_i (v_i - l y_i)(g y_i - v_i) >= 0."""
    M, (F, G, C), (l, g), bottom = metric, net.system(), net.slopes, diag(multiplier) * 2
    need(not net.K and floor > 0 and definite(M - unit(net.n, floor)), "arguments.metric: not above the floor")
    sector, left = C.T() @ diag(multiplier), M if net.flow else F.T() @ M
    top, cross = decreases(net, M, F, bound) + sector @ C * (2 * l * g), (left @ G + sector * (l + g)) * -1
    return definite(join(top, cross, bottom if net.flow else bottom + stein(M, G, 0))), full(M, floor, M.largest())

def vertex_lmi(net, bound, metric: matrix, floor: number):
    """Theory F1: affine (a map: convex) in the slopes, so that their 2^n vertices decide."""
    M, n = metric, net.n
    need(not net.K and n <= 12, "specification: a coupling K, or more than 12 units")
    need(floor > 0 and definite(M - unit(n, floor), weak=True), "arguments.metric: not above the floor")
    vertices = (net.vertex([i for i in range(n) if ends[i]]) for ends in product([False, True], repeat=n))
    return all(definite(decreases(net, M, A, bound), weak=True) for A in vertices), full(M, floor, M.largest())

# Components and steps ------------------------------------------------------------------------------------------------
def known(norm, claim, shown):
    """A norm, or a smaller one that is claimed and that a definite matrix shows."""
    if claim is None or claim >= norm:
        return norm
    need(claim > 0 and definite(shown(claim)), "arguments: a norm is not below what is claimed")
    return claim

def loads(net, parts, metrics, scale, norms, linear, added, total, within=False):
    """Of each two components: the residual of what is linear, the gain of what slopes add, and that of the total."""
    R, S, T = ([[Q(0)] * len(parts) for _ in parts] for _ in range(3))
    for (i, p), (j, q) in product(enumerate(parts), repeat=2):
        if i == j and not within or not (net.coupled(p, q) or net.coupled(q, p)):
            continue
        M, N, X, Y = metrics[i], metrics[j], linear.block(p, q), linear.block(q, p).T()
        left, right, (w, k) = M.upper.diagonal(), inverses(N.lower), (m.block(p, q) for m in added)
        T[i][j] = spectral(total.block(p, q), left, right)
        if not net.flow:
            continue
        claim = None if w and k else norms.get((min(i, j), max(i, j), "to-first" if i <= j else "to-second"))
        S[i][j] = known(spectral(abs(w) + abs(k), left, right), claim, lambda c: (
            join(M.A @ M.B * c, M.A @ (w + k), N.lower * c) if net.form == "outside" else  # D commutes with N.lower
            join(diag(inverses(M.upper)) * c, w @ N.B, N.A @ N.B * c)))  # and inside with M.upper
        if i <= j:
            E = (M.A @ X @ N.B * scale[i] + M.B @ Y @ N.A * scale[j]) * Q(1, 2)
            R[i][j] = R[j][i] = known(spectral(E, inverses(M.floor), inverses(N.floor)), norms.get((i, j, "residual")),
                                      lambda c: join(M.A @ M.B * c, E, N.A @ N.B * c))
    return map(exact, (R, S, T))

def assembly(rule, net, bound, parts, v, w, norms, *rest):
    """The block comparison lemma (theory 4): each component by itself, and the couplings charged to it."""
    *hub, children = rest
    need(len(v) == len(w) == len(parts) and min(v + w) > 0, "arguments: not one number above 0 for each component")
    need(all(0 <= k < len(parts) for k in hub), "arguments.hub: no component")
    for (i, p), (j, q) in permutations(enumerate(parts), 2):
        if net.coupled(p, q):
            need(rule != "feedback" or not net.W.block(p, q) and not net.K.block(p, q), "arguments: not linear")
            need(rule != "hierarchy" or j < i, "arguments: against the order")
            need(not hub or hub[0] in (i, j), "arguments.hub: a coupling without it")
    (own, metrics), scale, h = zip(*children), [y / x for x, y in zip(v, w)], diag(net.paces())
    linear, added = net.couplings()
    linear, added = h @ linear, [h @ m for m in added]
    R, S, T = loads(net, parts, metrics, scale, norms, linear, added, abs(linear) + abs(added[0]) + abs(added[1]))
    scaled = [(M.A * s, M.B, M.lower * s, M.upper * s, M.floor * s) for M, s in zip(metrics, scale)]
    metric = Metric(*(whole(net.n, parts, blocks) for blocks in zip(*scaled)))
    return reached(net, bound, own, S if net.flow else T, R, v, w), metric

def step(net, bound, components: partition, column_scaling: [number], row_scaling: [number], norms: claimed,
         coupling_norm: (number,), children):
    """Theory 6: a factor from a proof for the flow, and the sizes of its parts in the metric of that proof."""
    ((rate, metric),), parts, y, x = children, components, column_scaling, row_scaling
    need(len(y) == len(x) == len(parts) and min(y + x) > 0, "arguments: not one number above 0 for each component")
    if net.scheme == "implicit":
        return bound * (1 + rate * net.size) >= 1, metric
    need(net.uniform, "specification: different time constants")
    need(not any(m.block(p, q) for m in metric[:2] for p, q in permutations(parts, 2)), "arguments: M runs across")
    norms = {place: norm for place, norm in norms.items() if place[2] != "residual"}
    linear, added = net.couplings(middle=False)
    R, S, T = loads(net.as_flow(), parts, [Metric(*(m.block(p, p) for m in metric)) for p in parts], [1] * len(parts),
                    norms, linear, added, linear, within=True)

    def norm(m): return root(max(ratios(m, y, x)) * max(ratios(m.T(), x, y)))  # of a matrix of norms

    def squared(c):
        need(not metric.upper - metric.lower, "arguments.coupling-norm: M is not diagonal")
        return stein(metric.lower, net.L, c ** 2)
    omega, ell, r, h = norm(S), known(norm(T), coupling_norm, squared), R.largest(), net.size / net.tau[0]
    if net.scheme == "euler":  # E3, or E1
        linear = root((1 - h) ** 2 + 2 * abs(1 - h) * h * r + (h * ell) ** 2) + h * omega
        square = 1 - 2 * rate * net.size + h * h * (root(1 + 2 * r + ell * ell) + omega) ** 2
        return linear <= bound or square <= bound ** 2, metric
    if net.scheme == "semi-implicit":
        return 1 + h - h * r > 0 and 1 + h * omega <= bound * (1 + h - h * r), metric
    e, q = (decay(h * (1 - r)) + TINY, omega / (1 - r)) if r < 1 else (1, 1)  # e + (1 - e) q grows with e while q <= 1
    return q < 1 and e + (1 - e) * q <= bound, metric

def split_step(net, bound, components: partition, metric: vector, norms: [number]):
    """y+ = Q[(I - A) y + A^(1/2) W A^(1/2) phi(y) + u], Q the Cayley transform of hL/2, of norm 1 where PL is skew."""
    p, h, gain = metric, net.size, {}
    need(net.leak and not net.K, "specification: no leaks, or a coupling K")
    need(not any(net.W.block(a, b) for a, b in permutations(components, 2)), "arguments: weights between components")
    for units, s in zip(components, norms, strict=True):
        W, P = net.W.block(units, units), diag([p[i] for i in units])
        need(s >= 0 and (not W or definite(stein(P, W, s * s), weak=True)), "arguments.norms: not shown")
        gain.update((i, net.slopes[1] * s) for i in units)
    PL, scale = diag(p) @ net.L, diag([root(1 / x) for x in p])
    r = (scale @ (scale @ (PL + PL.T())).T()).largest() / 2
    turn = 1 + 2 * h * r / (1 - h * r / 2) ** 2
    worst = max(1 - a * (1 - gain[i] ** 2) for i, a in enumerate(net.leak))
    return h * r < 2 and turn * worst <= bound ** 2, diagonal(net, p)

RULES = {rule.__name__.replace("_", "-"): (rule, fields(rule)) for rule in (
    absolute_value, disk, product_form, singular_value, slope_lmi, split_step, step, symmetric, triangular, vertex_lmi)}
PARTS = {"components": partition, "column-scaling": [number], "row-scaling": [number], "norms": claimed}
RULES.update({name: (partial(assembly, name), PARTS) for name in ("feedback", "hierarchy", "interconnection")})
RULES["global-workspace"] = partial(assembly, "global-workspace"), {**PARTS, "hub": int}

# Claims --------------------------------------------------------------------------------------------------------------
REFUTATIONS = {
    "principal-minor determinant": {}, "unstable-vertex flip": {}, "euler-skew skew": {"direction": [number]},
    "unstable-vertex inertia": {"metric": matrix, "direction": [number], "margin": number}}

def refuted(net, claim, at):
    """Whether the network with these slopes, linear then, has an eigenvalue >= 0, or one of modulus >= 1 as a map."""
    rule, arguments = read(claim, {"rule": str, "arguments": dict}, at)
    kinds = REFUTATIONS.get(f"{rule} {arguments.get('reason')}")
    need(kinds is not None and net.euler, f"{at}.rule: it is not known, or does not speak of this scheme")
    active, reason, *values = read(arguments, {"active": [int], "reason": str, **kinds}, f"{at}.arguments", net.n)
    need(active == [i for i in range(net.n) if i in active], f"{at}.arguments.active: not ascending units")
    need(not net.K or net.k_slopes[0] == 0, f"{at}: the slopes of K do not start at 0")
    if reason == "determinant":  # det(-J) <= 0; where L = 0, units of slope 0 do not change its sign
        units = range(net.n) if net.L or net.slopes[0] else active
        return determinant((net.as_flow().vertex(active) * -1).block(units, units).rows) <= 0
    A, h = net.vertex(active), net.paces()[0]
    if reason == "flip":  # det(1 + A) <= 0
        return not net.flow and net.scheme != "exponential" and determinant((A + unit(net.n)).rows) <= 0
    if reason == "inertia":  # the inequality of Lyapunov, or of Stein, for an M that is not positive definite
        (M, x, c), n = values, net.n
        loss = unit(n, 3 * net.fuzz() * n * M.largest() * (n + n * A.largest()) ** 2)  # of paces that are not exact
        shown = definite(decreases(net, M, A, -c if net.flow else c) - loss)
        return shown and c >= (0 if net.flow else 1) and any(x) and dot(x, apply(M, x)) <= 0
    need(net.scheme == "euler" and net.uniform and net.slopes[0] == 0 and not active, f"{at}: no Euler step at rest")
    (x,), image = values, apply(net.L, *values)  # E4: L is skew and |(1 - h)x + hLx| >= |x|
    return net.L and not net.L + net.L.T() and any(x) and h * dot(image, image) >= (2 - h) * dot(x, x)

def check(net, proof, at):
    """The bound of a proof, and the metric in which it holds."""
    kinds = {"rule": str, "arguments": dict, "bound": number, "children": [dict]}
    name, arguments, bound, children = read(proof, kinds, at)
    need(name in RULES, f"{at}.rule: {name} is not known")
    need(bound > 0 if net.flow else 0 <= bound < 1, f"{at}.bound: neither a rate above 0 nor a factor below 1")
    speaks = {"step": net.step, "split-step": net.scheme == "split"}.get(name, net.euler)
    need(speaks, f"{at}.rule: it does not speak of this scheme")
    rule, kinds = RULES[name]
    values = read(arguments, kinds, f"{at}.arguments", net.n)
    below = values[0] if PARTS.keys() <= kinds.keys() else []
    parts = [net.as_flow()] if name == "step" else [net.restricted(units) for units in below]
    need(len(children) == len(parts), f"{at}.children: expected {len(parts)}")
    proven = [check(part, child, f"{at}.children[{k}]") for k, (part, child) in enumerate(zip(parts, children))]
    margin = 0 if name == "step" else net.fuzz() * 2 ** 101  # of the paces, in a metric of condition 2^200 at most
    try:
        shown, metric = rule(net, bound - margin, *values, *[proven] * bool(parts))
    except Refused as error:
        raise Refused(f"{at}.{error}") from None
    narrow = not margin or net.uniform or max(metric.upper.diagonal()) <= 2 ** 200 * min(metric.lower.diagonal())
    need(shown and narrow and margin <= bound, f"{at}.bound: not reached")
    return bound, metric

def recheck(text, model, beside=None):
    """A line for each claim; `model` and `beside` are the tensors by name, of the model and of the document."""
    (net, claims), lines = opened(text, model, beside or {}), []
    scopes = {"continuous": net.form != "map" and not net.leak, "as-run": net.scheme is not None}
    need(len({claim.get("scope") for claim in claims}) == len(claims) > 0, "claims: not one a scope")
    for k, claim in enumerate(claims):
        at, scope, verdict = f"claims[{k}]", claim.pop("scope"), claim.pop("verdict")
        need(scopes.get(scope), f"{at}.scope: the network has no such scope")
        own, bound = (net.as_flow(), "rate >=") if scope == "continuous" else (net, "factor <=")
        if verdict == "refuted":
            need(refuted(own, claim, at), f"{at}.arguments: not shown")
            lines.append(f"{scope}: REFUTED by {claim['rule']}")
        else:
            need(verdict == "certified" and check(own, claim, at), f"{at}.verdict: expected certified or refuted")
            lines.append(f"{scope}: CERTIFIED {bound} {claim['bound']} by {claim['rule']}")
    return lines

def main(certificate, model):
    path = certificate.removesuffix(".json") + ".safetensors"
    try:
        with open(certificate, encoding="utf-8") as file:
            lines = recheck(file.read(), load(model), load(path) if os.path.exists(path) else {})
    except Exception as error:  # whatever cannot be read is refused
        lines = [f"refused: {error}" if isinstance(error, Refused) else f"refused: document: {error!r}"]
    print("\n".join(lines))
    return lines[0].startswith("refused")

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
