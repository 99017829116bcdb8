"""The rules for networks of modules, and those that make a factor of a proof for the flow.

Children are proofs for other networks: `rule`, `bound`, and `prove(network, flow)`, which gives their metric.
"""
from fractions import Fraction as Q
from document import need
from exact import TINY, decay, definite, diag, dot, join, root
from rules import blocks, diagonal, norm_below


def spectral(rows, left, right):
    """sqrt(|X|_1 |X|_inf) >= |X| for X = diag(left) rows diag(right)."""
    y = [[abs(x) * a * b for x, b in zip(row, right)] for row, a in zip(rows, left)]
    return root(max(map(sum, y)) * max(map(sum, zip(*y))))


def need_partition(net, parts, at, *weights):
    """Every unit in one part, and a positive number for each part."""
    need(sorted(i for units in parts for i in units) == list(range(net.n)), at + ".components", "not every unit once")
    need(all(len(x) == len(parts) and min(x) > 0 for x in weights), at, "not one number above 0 for each component")


class Couplings:
    """What runs between components, each measured in its own metric: a linear part, and what the slopes add to it.

    With `split` the middle of the slopes counts as linear; without, L alone, and blocks inside components count too."""

    def __init__(self, net, h, parts, metrics, norms, at, split):
        self.net, self.parts, self.metrics, self.norms, self.at = net, parts, metrics, norms, at
        self.linear, self.reach = net.L or net.zero, []
        for m, (l, g) in ((net.W, net.slopes), (net.K or net.zero, net.k_slopes or net.slopes)):
            self.linear += m * ((l + g) / 2 if split else 0)
            self.reach.append((m * ((g - l) / 2 if split else g)).left(h))
        self.linear, self.size = self.linear.left(h), self.reach[0].map(abs) + self.reach[1].map(abs)
        self.whole = self.linear.map(abs) + self.size
        self.pairs = [(a, b) for b in range(len(parts)) for a in range(b + (not split))
                      if any(m and not (m.block(parts[x], parts[y]).is_zero())
                             for m in (net.W, net.L, net.K) for x, y in ((a, b), (b, a)))]

    def block(self, m, a, b): return m.block(self.parts[a], self.parts[b])
    def touches(self, m, a, b): return m and not (self.block(m, a, b).is_zero() and self.block(m, b, a).is_zero())

    def gain(self, m, to, source):
        """sup |M_to^(1/2) X M_source^(-1/2)| by sums of magnitudes."""
        return spectral(self.block(m, to, source).get(), map(root, self.metrics[to].upper),
                        [root(1 / x) for x in self.metrics[source].lower])

    def slope_gain(self, to, source):
        """The same of what the slopes add, or the norm that is claimed for it."""
        gain, (first, second) = self.gain(self.size, to, source), sorted((to, source))
        claim = self.norms.get((first, second, "to-first" if to == first else "to-second"), gain)
        if claim >= gain:
            return gain
        both = self.touches(self.net.W, to, source) and self.touches(self.net.K, to, source)
        x = self.block(self.reach[0] if self.touches(self.net.W, to, source) else self.reach[1], to, source)
        M, P = self.metrics[to], self.metrics[source]
        if self.net.form == "outside":  # X D: the slopes commute with a diagonal below P
            rows, x, columns = M.K, M.times(x), diag(P.lower)
        else:  # D X: they commute with a diagonal above M
            rows, columns = diag([1 / u for u in M.upper]), P.K
            both = both or any(P.inverse)
        need(claim > 0 and not both and definite(join(rows * claim, x, columns * claim)), self.at, "a norm not below")
        return claim

    def residual(self, a, b, s, t):
        """|M_a^(-1/2) (s M_a X + t Y' M_b) / 2 M_b^(-1/2)| for the linear X and Y, 0 where they are skew."""
        M, P, x, y = self.metrics[a], self.metrics[b], self.block(self.linear, a, b), self.block(self.linear, b, a).T()
        total = P.times(M.times(x).T(), True).T() * (s / 2) + P.times(M.times(y, True).T()).T() * (t / 2)
        bound = spectral(total.get(), [root(1 / f) for f in M.floor], [root(1 / f) for f in P.floor])
        claim = self.norms.get((a, b, "residual"), bound)
        if claim >= bound:
            return bound
        need(claim > 0 and definite(join(M.K * claim, total, P.K * claim)), self.at, "a residual not below")
        return claim


def assembly(rule):
    def check_assembly(net, flow, bound, at, parts, v, w, norms, *rest):
        """The block comparison lemma (theory 4): each module alone, and the couplings charged to their rates."""
        *hub, children = rest
        need_partition(net, parts, at + ".arguments", v, w)
        need(len(children) == len(parts), at + ".children", "not one for each component")
        metrics = [child.prove(net.restricted(part), flow) for part, child in zip(parts, children)]
        bounds, scale = [child.bound for child in children], [y / x for x, y in zip(v, w)]
        h = net.paces(flow)
        c = Couplings(net, [x * (1 + net.fuzz) for x in h], parts, metrics, norms, at + ".arguments.norms", split=True)
        for a, b in c.pairs:
            need(rule != "feedback" or not c.touches(net.W, a, b) and not c.touches(net.K, a, b), at, "not linear")
            need(rule != "hierarchy" or c.block(c.whole, a, b).is_zero(), at, "against the order")
            need(rule != "global-workspace" or hub[0] in (a, b), at, "neither end is the hub")
        rows, columns = [Q(0)] * len(parts), [Q(0)] * len(parts)
        for a, b in c.pairs:
            r = c.residual(a, b, scale[a], scale[b]) if flow else 0
            for i, j in ((a, b), (b, a)):
                k = c.slope_gain(i, j) if flow else c.gain(c.whole, i, j)
                rows[i] += r * v[j] / w[i] + k * v[j] / v[i] / (2 if flow else 1)
                columns[j] += k * w[i] / w[j] / (2 if flow else 1)
        if flow:
            need(all(bound <= x - y - z for x, y, z in zip(bounds, rows, columns)), at + ".bound", "not reached")
        else:
            worst = max(map(sum, zip(bounds, rows))) * max(map(sum, zip(bounds, columns)))
            need(worst <= bound * bound, at + ".bound", "not reached")
        return blocks(net.n, parts, [m.scaled(s) for m, s in zip(metrics, scale)])
    return check_assembly


def step(net, flow, bound, at, parts, y, x, norms, coupling_norm, children):
    """Theory 6: a factor from a proof for the flow, and sizes of the right-hand side's parts in its metric."""
    need(not flow and net.form != "map" and net.step, at, "not a step of a flow")
    need(len(children) == 1 and children[0].rule != "step", at + ".children", "expected one proof for the flow")
    metric, size = children[0].prove(net, True), net.step[1]
    rate = children[0].bound * size
    if net.scheme == "implicit":
        need(bound * (1 + rate) >= 1, at + ".bound", "not reached")
        return metric
    need(net.uniform and net.scheme != "split", at, "different time constants, or a split step")
    need_partition(net, parts, at + ".arguments", x, y)
    home = {i: k for k, units in enumerate(parts) for i in units}
    need(not any(entry and home[i] != home[j] for i, row in enumerate(metric.K.rows) for j, entry in enumerate(row)),
         at + ".arguments.components", "the metric runs across them")
    norms = {place: value for place, value in norms.items() if place[2] != "residual"}
    c = Couplings(net, [Q(1)] * net.n, parts, [metric.restricted(units) for units in parts], norms,
                  at + ".arguments.norms", split=False)
    slopes, linear, skewness = ([[Q(0)] * len(parts) for _ in parts] for _ in range(3))
    for a, b in c.pairs:
        skewness[a][b] = skewness[b][a] = c.residual(a, b, Q(1), Q(1))
        for i, j in {(a, b), (b, a)}:
            slopes[i][j], linear[i][j] = c.slope_gain(i, j), c.gain(c.linear, i, j)

    def norm(b):  # of a matrix of norms, by Schur's test
        rows = [dot(row, y) / x[i] for i, row in enumerate(b)]
        return root(max(rows) * max(dot(column, x) / y[j] for j, column in enumerate(zip(*b))))
    omega, ell, r, h = norm(slopes), norm(linear), max(map(sum, skewness)), size / net.tau[0]
    if coupling_norm is not None and net.L and coupling_norm < ell:
        need(metric.lower == metric.upper and coupling_norm > 0, at + ".arguments.coupling-norm", "M is not diagonal")
        norm_below(net.L, metric.lower, coupling_norm ** 2, at + ".arguments.coupling-norm")
        ell = coupling_norm
    if net.scheme == "euler":  # E3, or E1
        linear = root((1 - h) ** 2 + 2 * abs(1 - h) * h * r + (h * ell) ** 2) + h * omega
        square = 1 - 2 * rate + h * h * (root(1 + 2 * r + ell * ell) + omega) ** 2
        attained = linear <= bound or square <= bound * bound
    elif net.scheme == "semi-implicit":
        attained = 1 + h - h * r > 0 and 1 + h * omega <= bound * (1 + h - h * r)
    else:  # exponential; e + (1 - e) q grows with e while q <= 1
        e, q = (decay(h * (1 - r)) + TINY, omega / (1 - r)) if r < 1 else (1, 1)
        attained = q < 1 and e + (1 - e) * q <= bound
    need(attained, at + ".bound", "not reached")
    return metric


def split_step(net, flow, bound, at, parts, p, norms):
    """y+ = Q[(I - A) y + A^(1/2) W A^(1/2) phi(y) + u], Q the Cayley transform of hL/2, of norm 1 where PL is skew."""
    need(not flow and net.scheme == "split" and net.leak and net.K is None, at, "not a split step with leaks")
    need_partition(net, parts, at + ".arguments", [1 + abs(s) for s in norms])
    gain, inside = {}, [[0] * net.n for _ in range(net.n)]
    for units, s in zip(parts, norms):
        block = net.W.block(units, units)
        norm_below(block, [p[i] for i in units], s * s if s > 0 else Q(0), at + ".arguments.norms")
        gain.update((i, net.slopes[1] * s) for i in units)
        for i, row in zip(units, block.rows):
            for j, x in zip(units, row):
                inside[i][j] = x
    need(inside == net.W.rows, at + ".arguments.components", "weights between components")
    turn, h = Q(1), net.step[1]
    if net.L:
        sums = (net.L.left(p) + net.L.left(p).T()).get()
        r = max(sum(abs(x) * root(1 / (p[i] * p[j])) / 2 for j, x in enumerate(row)) for i, row in enumerate(sums))
        need(h * r < 2, at + ".bound", "not reached")
        turn += 2 * h * r / (1 - h * r / 2) ** 2
    worst = max(1 - a * (1 - gain[i] ** 2) for i, a in enumerate(net.leak))
    need(turn * worst <= bound * bound, at + ".bound", "not reached")
    return diagonal(p)
