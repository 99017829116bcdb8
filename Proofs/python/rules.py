"""The rules for a network as a whole, and the metric that each of them gives.

A rule gets the network, whether the claim is about the flow, the claimed bound and the arguments; it refuses, or
returns the metric in which the bound holds. Outside, x' = -x + W phi(x), J = -I + WD; inside J = -I + DW; map I + HJ.
The proofs are in the Coq files of the same names.
"""
from fractions import Fraction as Q
from itertools import product
from document import need
from exact import Mat, apply, definite, diag, dot, join


class Metric:
    """M, block by block as itself or (inverse) as M^-1, in K; diag(lower) <= M <= diag(upper). K may be unknown."""

    def __init__(self, K, lower, upper, inverse):
        self.K, self.lower, self.upper, self.inverse = K, lower, upper, inverse
        self.floor = [1 / u if i else l for l, u, i in zip(lower, upper, inverse)]  # diag(floor) <= K

    def scaled(self, s):
        K = self.K and self.K.left([1 / s if i else s for i in self.inverse])
        return Metric(K, [x * s for x in self.lower], [x * s for x in self.upper], self.inverse)

    def restricted(self, units):
        lower, upper, inverse = ([values[i] for i in units] for values in (self.lower, self.upper, self.inverse))
        return Metric(self.K and self.K.block(units, units), lower, upper, inverse)

    def times(self, x, by_b=False):
        """A x, or B x, where M = B^-1 A and in every row one of A and B is I."""
        rows = zip((self.K @ x).rows, (x * self.K.den).rows, self.inverse)
        return Mat([a if i == by_b else b for a, b, i in rows], self.K.den * x.den)


def diagonal(d): return Metric(diag(d), d, d, [False] * len(d))
def row_sum(m): return max(sum(map(abs, row)) for row in m.get())


def full(m, lower, upper, inverse=False, n=None):
    return Metric(m, *([x] * (n or len(m.rows)) for x in (lower, upper, inverse)))


def blocks(n, parts, metrics):
    """One metric of the metrics of disjoint sets of units."""
    rows, bounds = [[Q(0)] * n for _ in range(n)], [[None] * n for _ in range(3)]
    for units, metric in zip(parts, metrics):
        for values, own in zip(bounds, (metric.lower, metric.upper, metric.inverse)):
            for i, x in zip(units, own):
                values[i] = x
        for i, row in zip(units, metric.K.get() if metric.K else []):
            for j, x in zip(units, row):
                rows[i][j] = x
    return Metric(Mat.of(rows) if all(metric.K for metric in metrics) else None, *bounds)


# The rules. Each gets the network, whether the claim is about the flow, the bound and the arguments, and returns the
# metric in which the bound holds. Outside, x' = -x + W phi(x), J = -I + WD; inside J = -I + DW; map I + HJ.
def comparison(net, flow):
    """N >= |WD + L + KD'| off the diagonal, its range on it, and (map) the size of 1 - h + h times that."""
    low, high = net.extent()
    own = [(Q(low.rows[i][i], low.den), Q(high.rows[i][i], low.den)) for i in range(net.n)]
    rows = enumerate(zip(low.rows, high.rows))
    N = Mat([[0 if i == j else max(-a, b) for j, (a, b) in enumerate(zip(*row))] for i, row in rows], low.den)
    if flow:
        return N, own, None
    return N, own, [max(abs(1 - h + h * a), abs(1 - h + h * b)) for h, (a, b) in zip(net.paces(False), own)]


def absolute_value(net, flow, bound, at, v, w):
    """Theorem 1: flow by (Nv)_i / v_i and (N'w)_i / w_i, map by Schur's test."""
    N, own, middle = comparison(net, flow)
    h, right, units = net.paces(flow), apply(N, v), range(net.n)
    if flow:
        left = apply(N.T(), w)
        rate = min(h[i] * (1 - own[i][1] - (right[i] / v[i] + left[i] / w[i]) / 2) for i in units)
        need(bound <= rate, at + ".bound", "not reached")
        return diagonal([t * y / x for t, x, y in zip(net.weights, v, w)])
    metric, left = [y / x for x, y in zip(v, w)], apply(N.T(), [x * y for x, y in zip(h, w)])
    rows = max(middle[i] + h[i] * right[i] / v[i] for i in units)
    columns = max(middle[i] + left[i] / w[i] for i in units)
    rho = net.below(bound, max(metric) / min(metric))
    need(rho >= 0 and rows * columns <= rho * rho, at + ".bound", "not reached")
    return diagonal(metric)


def triangular(net, flow, bound, at, order):
    """Theorem 4: weights run along the order; then v and w exist for any rate below that of every unit alone."""
    need(sorted(order) == list(range(net.n)), at + ".arguments.order", "not every unit once")
    N, own, middle = comparison(net, flow)
    N, h, spread, n = N.get(), [Q(1)] * net.n if flow else net.paces(False), Q(2) ** 100, net.n
    rho = net.below(bound, spread)
    slack = [1 - own[i][1] - bound * net.tau[i] if flow else rho - middle[i] for i in range(n)]
    v, w = [Q(1)] * n, [Q(1)] * n
    for k, i in enumerate(order):
        need(not any(N[i][j] for j in order[k:]), at + ".arguments.order", "a weight against the order")
        linked = any(N[i]) or any(row[i] for row in N)
        need(slack[i] > 0 if linked else slack[i] >= 0, at + ".bound", "not reached")
        v[i] = h[i] * dot(N[i], v) / slack[i] if any(N[i]) else Q(1)
    for i in reversed(order):
        load = sum(N[j][i] * w[j] * h[j] for j in range(n))
        w[i] = load / slack[i] if load else Q(1)
    metric = [y / x * (t if flow else 1) for t, x, y in zip(net.weights, v, w)]
    narrow = flow or net.uniform or max(metric) <= spread * min(metric)
    need(narrow or not net.fuzz, at, "the metric is too wide for an exponential step")
    return diagonal(metric)


def symmetric(net, flow, bound, at):
    """Theorem 2: aI - gW > 0 with lam = (1 - a) / tau; the spectrum at slopes 0 and g for the map."""
    need(net.L is None and net.K is None and net.uniform, at, "couplings or different time constants")
    need(net.W.rows == net.W.T().rows, at, "W is not symmetric")
    G, h, eye = net.W * net.slopes[1], net.paces(flow)[0], diag([1] * net.n)
    if flow:
        a = 1 - bound / h
        need(0 < a < 1 and definite(eye * a - G), at + ".bound", "not reached")
        upper = 2 * a + row_sum(G)
        inside = net.form != "outside"
        return full(eye * 2 * a - G, *(a, upper) if inside else (1 / upper, 1 / a, True))
    rho, rest = net.below(bound), 1 - h
    shown = abs(rest) < rho and definite(eye * (rho - rest) - G * h) and definite(eye * (rho + rest) + G * h)
    need(shown, at + ".bound", "not reached")
    low, high = rho - abs(rest), rho + abs(rest)
    return full(None, *[(low, high), (1 / high, 1 / low)][net.form == "outside"], n=net.n)


def product_form(net, flow, bound, at, s, floor):
    """Theorem 3: -diag(s) W is symmetric and >= floor I; then rate 1 / tau for all slopes >= 0."""
    need(net.L is None and net.K is None and net.uniform and flow, at, "only for the flow of W with one time constant")
    need(bound <= 1 / net.tau[0], at + ".bound", "not reached")
    need(floor > 0, at + ".arguments.floor", "not above 0")
    m = net.W.left(s) * Q(-1)
    need(m.rows == m.T().rows and definite(m - diag([floor] * net.n)), at + ".arguments", "-diag(s) W is not > floor I")
    if net.form != "outside":
        return full(m, floor, row_sum(m))
    return full(net.W.T().left([-1 / x for x in s]).T(), min(s) ** 2 / row_sum(m), max(s) ** 2 / floor, True)


def norm_below(x, p, square, at):
    """|P^(1/2) X P^(-1/2)| < k by k^2 P - X'PX > 0; the norm of 0 is 0."""
    need(x.is_zero() or square > 0 and definite(diag(p) * square - x.T() @ x.left(p)), at, "a norm not below")


def singular_value(net, flow, bound, at, p, s, drops):
    """Theorem 5 sharpened: D = c + (D - c); negative W_ii may be dropped first, because P is diagonal."""
    need(net.K is None and s >= 0, at, "a coupling K, or a negative norm")
    (l, g), dropped = net.slopes, [min(net.W.get()[i][i], 0) * (drops and flow) for i in range(net.n)]
    kept = net.W - diag(dropped)
    norm_below(kept, p, s * s, at + ".arguments.norm")
    if flow:
        mu = 1 - bound * max(net.tau) - (g - l) / 2 * s
        x = (kept * ((l + g) / 2) + diag(dropped) * l + (net.L or net.zero)).left(p)
        need(definite(diag(p) * (2 * mu) - x - x.T()), at + ".bound", "not reached")
        return diagonal([t * x for t, x in zip(net.weights, p)])
    need(net.L is None and net.uniform, at, "a coupling L or different time constants")
    h = net.paces(False)[0]
    need(net.below(bound) >= abs(1 - h) + h * g * s, at + ".bound", "not reached")
    return diagonal(p)


def disk(net, flow, bound, at, p):
    """Theory 3b: |I + gW| = k < 2 gives rate 1 - k^2 / 4."""
    need(net.L is None and net.K is None, at, "couplings")
    if flow:
        square, shift = 4 * (1 - bound * max(net.tau)), 1
    else:
        need(net.uniform and net.paces(False)[0] < 2, at, "different time constants, or a step above 2")
        h = net.paces(False)[0]
        rho, shift = net.below(bound), 1 - h
        square = (rho * rho - shift * shift) * (2 - h) / h if rho > 0 else Q(0)
    need(square > 0, at + ".bound", "not reached")
    norm_below(net.W * net.slopes[1] + diag([shift] * net.n), p, square, at + ".bound")
    return diagonal([t * x for t, x in zip(net.weights, p)] if flow else p)


def metric_above(net, m, floor, at):
    need(net.K is None and floor > 0, at, "a coupling K, or a floor not above 0")
    need(definite(m - diag([floor] * net.n), weak=True), at + ".metric", "M is not >= floor I")


def slope_lmi(net, flow, bound, at, m, multiplier, floor):
    """Theory 3 and E5: the S-procedure with 2 sum Lam_i (v_i - l y_i)(g y_i - v_i) >= 0."""
    metric_above(net, m, floor, at + ".arguments")
    (F, G, C), (l, g) = net.system(flow), net.slopes
    sector, bottom = C.T() @ diag(multiplier), diag([2 * x for x in multiplier])
    left = m if flow else F.T() @ m
    if flow:
        top = (m @ F + (m @ F).T() + m * (2 * bound)) * Q(-1)
    else:
        rho = net.below(bound, row_sum(m) / floor)
        top, bottom = m * (rho * abs(rho)) - left @ F, bottom - G.T() @ m @ G
    cross = (left @ G + sector * (l + g)) * Q(-1)
    need(definite(join(top + sector @ C * (2 * l * g), cross, bottom)), at + ".bound", "the inequality does not hold")
    return full(m, floor, row_sum(m))


def vertex_lmi(net, flow, bound, at, m, floor):
    """Theory F1: the inequality is affine (flow) or convex (map) in the slopes, so their vertices decide."""
    metric_above(net, m, floor, at + ".arguments")
    need(net.n <= 12, at, "more than 12 units")
    for pattern in product([False, True], repeat=net.n):
        a = net.vertex(flow, [i for i, on in enumerate(pattern) if on])
        rho = net.below(bound, row_sum(m) / floor)
        slack = (m @ a + (m @ a).T() + m * (2 * bound)) * Q(-1) if flow else m * (rho * abs(rho)) - a.T() @ m @ a
        need(definite(slack, weak=True), at + ".bound", "the inequality does not hold at a vertex")
    return full(m, floor, row_sum(m))
