"""Random networks and assemblies, of kinds that lead to each rule and to each refutation.

`network(seed)` gives the name of a kind, tensors and a manifest; the same for the same seed.
"""
import math
import random
import struct
from document import Tensor

KINDS = {}


def kind(weight):
    def register(make):
        KINDS[make.__name__] = (make, weight)
        return make
    return register


def network(seed):
    r = random.Random(seed)
    names = list(KINDS)
    name = r.choices(names, [KINDS[name][1] for name in names])[0]
    made = Draft(r)
    KINDS[name][0](r, made)
    return name, made.tensors, made.manifest()


class Draft:
    """Tensors and a manifest in the making."""

    def __init__(self, r):
        self.r, self.tensors, self.lines, self.step_lines = r, {}, {}, []

    def tensor(self, name, rows, dtype=None):
        dtype = dtype or self.r.choice(["float32", "float32", "float64"])
        flat = [x for row in rows for x in row] if isinstance(rows[0], list) else rows
        shape = (len(rows), len(rows[0])) if isinstance(rows[0], list) else (len(rows),)
        letter = {"float32": "f", "float64": "d", "float16": "e", "int32": "i", "int64": "q"}[dtype]
        self.tensors[name] = Tensor(dtype, shape, struct.pack(f"<{len(flat)}{letter}", *flat))

    def weights(self, key, name, rows, dtype=None):
        """Stored as they are, or now and then by compressed rows."""
        if self.r.random() < 0.9 or not any(map(any, rows)):
            self.tensor(name, rows, dtype)
            self.lines[key] = f'"{name}"'
            return
        columns = [[j for j, x in enumerate(row) if x] for row in rows]
        starts = [0]
        for row in columns:
            starts.append(starts[-1] + len(row))
        self.tensor(name + ".p", starts, "int32")
        self.tensor(name + ".j", [j for row in columns for j in row], self.r.choice(["int32", "int64"]))
        self.tensor(name + ".v", [x for row in rows for x in row if x], dtype)
        self.lines[key] = "{ " + ", ".join(f'{k} = "{name}.{v}"' for k, v in
                                           (("indptr", "p"), ("indices", "j"), ("values", "v"))) + " }"

    def manifest(self):
        lines = ["[network]"] + [f"{key} = {value}" for key, value in self.lines.items()]
        return "\n".join(lines + (["[step]"] + self.step_lines if self.step_lines else [])) + "\n"

    def form(self, *forms):
        self.lines["form"] = f'"{self.r.choice(forms or ("outside", "inside"))}"'

    def slopes(self):
        """Those of an activation, or an interval."""
        word = self.r.choice(["relu", "tanh", "sigmoid", "hard-tanh", "leaky-relu", "slopes", "softplus"])
        if word == "slopes":
            l, g = sorted([self.r.choice(['0.0', '0.25', '"1/10"', '0.5']), self.r.choice(['1.0', '0.75', '"9/10"'])])
            self.lines["slopes"] = f"[{l if l[0] != chr(34) or '1/10' in l else '0.0'}, {g}]"
        else:
            self.lines["activation"] = f'"{word}"'
            if word == "leaky-relu":
                self.lines["negative-slope"] = "0.125"

    def unit_slopes(self):
        self.lines["activation"] = f'"{self.r.choice(["relu", "tanh", "hard-tanh"])}"'

    def step(self, *schemes, sizes=("0.03", "0.1", '"3/10"', "0.5", "1.0")):
        scheme = self.r.choice(schemes or ("euler", "euler", "euler", "semi-implicit", "exponential", "implicit", None))
        if scheme:
            self.step_lines = [f'scheme = "{scheme}"', f"size = {self.r.choice(sizes)}"]

    def times(self, count=1):
        if self.r.random() < 0.5:
            values = [self.r.choice(["0.5", "1.0", "2.0", '"3/10"', "0.8"]) for _ in range(count)]
            self.lines["time-constant"] = f"[{', '.join(values)}]" if count > 1 else values[0]


def gaussian(r, rows, columns, scale=1.0, density=1.0):
    return [[r.gauss(0, scale) if r.random() < density else 0.0 for _ in range(columns)] for _ in range(rows)]


def times(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def transposed(a): return [list(row) for row in zip(*a)]
def scaled(a, s): return [[s * x for x in row] for row in a]
def as_float32(a): return [list(struct.unpack(f"{len(row)}f", struct.pack(f"{len(row)}f", *row))) for row in a]


def norm(a):
    """About the spectral norm, from above: its square by a power of A'A."""
    x = [1.0 + 0.1 * i for i in range(len(a[0]))]
    for _ in range(60):
        y = [sum(p * q for p, q in zip(row, x)) for row in a]
        x = [sum(p * q for p, q in zip(column, y)) for column in zip(*a)]
        size = math.sqrt(sum(q * q for q in x)) or 1.0
        x = [q / size for q in x]
    return math.sqrt(size)


def perron(a):
    """About the spectral radius of |A|."""
    x = [1.0] * len(a)
    for _ in range(80):
        x = [sum(abs(p) * q for p, q in zip(row, x)) + 1e-9 for row in a]
        size = max(x)
        x = [q / size for q in x]
    return size


def size(r, large=0.05):
    return r.choice([20, 24, 32]) if r.random() < large else r.randint(2, 9)


@kind(3)
def dense(r, d):
    """Small and dense: the multiplier inequality, if nothing cheaper is as good."""
    n = size(r)
    w = gaussian(r, n, n, r.choice([0.4, 0.8, 1.0]) / math.sqrt(n))
    d.form("outside", "inside", "map")
    d.weights("recurrent", "W", w)
    d.slopes()
    if d.lines["form"] != '"map"':
        d.step("euler", "semi-implicit", "exponential", None)
        d.times()


@kind(2)
def sparse(r, d):
    n = r.choice([6, 10, 17, 18])
    w = gaussian(r, n, n, 2.0, 2.0 / n)
    for i in range(n):
        w[i][i] = -abs(w[i][i])
    d.form()
    d.weights("recurrent", "W", scaled(w, r.uniform(0.5, 0.95) / perron(w)))
    d.slopes()
    d.step("euler", "exponential", sizes=("0.03", "0.1"))
    d.times()


@kind(1)
def wide(r, d):
    """Units of very different scales: numbers near the ends of what doubles hold."""
    n = r.randint(2, 4)
    w = gaussian(r, n, n, 1.0, 0.7)
    w = scaled(w, r.uniform(0.1, 0.6) / max(perron(w), 0.3))
    k = [r.randint(-r.choice([5, 60, 500]), r.choice([5, 60, 500])) for _ in range(n)]
    d.form("outside", "inside", "map")
    d.weights("recurrent", "W", [[math.ldexp(x, k[i] - k[j]) for j, x in enumerate(row)] for i, row in enumerate(w)],
              "float64")
    d.slopes()
    if d.lines["form"] != '"map"':
        d.step("euler", "exponential", None)
        d.times()


@kind(2)
def chain(r, d):
    """Strictly from earlier to later units of a hidden order."""
    n = size(r)
    order = r.sample(range(n), n)
    place = {unit: k for k, unit in enumerate(order)}
    w = gaussian(r, n, n, 3.0)
    d.form("outside", "inside", "map")
    d.weights("recurrent", "W", [[x if place[j] < place[i] else min(x, 0.5) if i == j else 0.0
                                  for j, x in enumerate(row)] for i, row in enumerate(w)])
    d.slopes()
    if d.lines["form"] != '"map"':
        d.step("euler", "exponential", None, sizes=("0.03", "0.1"))
        d.times()


@kind(2)
def symmetric(r, d):
    n = size(r, 0.3)
    w = gaussian(r, n, n)
    w = [[(w[i][j] + w[j][i]) / 2 for j in range(n)] for i in range(n)]
    top = norm(w)
    d.form("outside", "inside", "map")
    d.weights("recurrent", "W", as_float32(scaled(w, r.choice([0.5, 0.9, 0.99, 1.5]) / top)))
    d.slopes()
    if d.lines["form"] != '"map"':
        d.step("euler", "exponential", "semi-implicit", None)
        d.times()


@kind(2)
def product(r, d):
    """W = -diag(1/s) Q with whole Q > 0 and powers of two s."""
    n = r.choice([3, 5, 8])
    q = [[float(x) for x in row] for row in ([r.randint(-3, 3) for _ in range(n)] for _ in range(n))]
    q = times(q, transposed(q))
    for i in range(n):
        q[i][i] += 1.0
    s = [2.0 ** r.randint(-2, 2) for _ in range(n)]
    d.form()
    d.weights("recurrent", "W", [[-x / t for x in row] for row, t in zip(q, s)])
    d.unit_slopes()
    d.times()


@kind(3)
def orthogonal(r, d):
    """Near orthogonal: the disk test and singular values."""
    n = r.choice([17, 18, 20, 32])
    w = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(3 * n):
        i, j = r.sample(range(n), 2)
        c, s = math.cos(r.random()), math.sin(r.random())
        c, s = c / math.hypot(c, s), s / math.hypot(c, s)
        w[i], w[j] = [c * x - s * y for x, y in zip(w[i], w[j])], [s * x + c * y for x, y in zip(w[i], w[j])]
    d.form("outside", "inside", "map")
    d.weights("recurrent", "W", scaled(w, r.choice([0.3, 0.8, 0.95, 1.02])))
    d.slopes()
    if d.lines["form"] != '"map"':
        d.step("euler", "exponential", None)
        d.times()


@kind(2)
def gap(r, d):
    """Vertices show what the multiplier inequality does not (theory 2)."""
    w = [[-2, -4, -2], [-3, -3, 3], [-2, -3, -2]]
    order = r.sample(range(3), 3)
    signs = [r.choice([-1, 1]) for _ in range(3)]
    s = 15 / 16 * r.choice([0.95, 0.97, 1.0, 1.02, 1.04])
    d.form()
    d.weights("recurrent", "W", [[s * signs[i] * signs[j] * w[i][j] for j in order] for i in order])
    d.unit_slopes()


@kind(2)
def unstable(r, d):
    """An eigenvalue on the wrong side at some vertex."""
    n = size(r)
    w = gaussian(r, n, n, r.choice([1.5, 3.0]) / math.sqrt(n))
    if r.random() < 0.6:
        for i in range(n):
            w[i][i] = -abs(w[i][i])
            for j in range(i):
                w[i][j] = -w[j][i] * r.uniform(0.7, 1.4) if r.random() < 0.9 else w[i][j]
    d.form("outside", "inside", "map")
    d.weights("recurrent", "W", w)
    d.unit_slopes()
    if d.lines["form"] != '"map"':
        d.step("euler", "exponential", None, sizes=("0.5", "1.0"))
        d.times()


@kind(1)
def flip(r, d):
    """Inhibition too strong for the step."""
    n = size(r, 0)
    w = gaussian(r, n, n, 0.3)
    i = r.randrange(n)
    w[i][i] = -r.uniform(3, 8)
    d.form("outside", "inside", "map")
    d.weights("recurrent", "W", w)
    d.unit_slopes()
    if d.lines["form"] != '"map"':
        d.step("euler", "semi-implicit", sizes=("0.5", "1.0"))


def skew(r, n, scale):
    a = as_float32(gaussian(r, n, n, scale))
    return [[a[i][j] if i > j else -a[j][i] if i < j else 0.0 for j in range(n)] for i in range(n)]


@kind(2)
def turning(r, d):
    """A skew coupling that an Euler step does or does not bear."""
    n = size(r, 0.3)
    d.form()
    d.weights("recurrent", "W", scaled(gaussian(r, n, n), 0.3 / n))
    d.weights("coupling", "L", skew(r, n, r.choice([0.3, 2.0, 4.0])), "float32")
    d.unit_slopes()
    d.step("euler", "euler", "implicit", sizes=("0.1", '"3/10"', "0.5"))


@kind(1)
def spinning(r, d):
    """A skew coupling too strong for an Euler step where all units are off, and borne where all are on."""
    n, h = r.choice([2, 4, 6, 18]), r.choice([0.1, 0.2])
    l = skew(r, n, 1.0)
    d.form()
    d.weights("recurrent", "W", [[-2.0 * (i == j) + r.gauss(0, 0.05) for j in range(n)] for i in range(n)])
    d.weights("coupling", "L", as_float32(scaled(l, r.choice([0.9, 1.05, 1.2]) * math.sqrt(2 / h - 1) / norm(l))))
    d.unit_slopes()
    d.step("euler", sizes=(str(h),))


def modules(r, most=5):
    """Sizes; above 16 units in all, no search for a metric of the whole gets in the way of the assembly."""
    if r.random() < 0.6:
        return [r.randint(1, 4) for _ in range(r.randint(2, most))]
    return [r.randint(4, 6) for _ in range(r.randint(4, 5))]


def module(r, n):
    """Weights of one module, and a diagonal metric in which it contracts."""
    style = r.random()
    if style < 0.4:
        w = gaussian(r, n, n)
        return scaled(w, r.uniform(0.3, 0.9) / norm(w)), [1.0] * n
    w = gaussian(r, n, n, 1.0, 0.6)
    w = scaled(w, r.uniform(0.3, 0.9) / max(perron(w), 0.3))
    p = [2.0 ** r.randint(-1, 1) for _ in range(n)]
    root = [math.sqrt(x) for x in p]
    if style < 0.7:  # the singular values in the metric p
        b = [[root[i] * w[i][j] / root[j] for j in range(n)] for i in range(n)]
        return scaled(w, 0.8 / max(norm(b), 0.8)), p
    s = [[(w[i][j] + w[j][i]) / 2 for j in range(n)] for i in range(n)]
    return as_float32(scaled(s, 0.8 / max(norm(s), 0.8))), [1.0] * n


def blocked(parts):
    """blkdiag"""
    n, start, rows = sum(len(w) for w in parts), 0, []
    for w in parts:
        rows += [[0.0] * start + list(row) + [0.0] * (n - start - len(w)) for row in w]
        start += len(w)
    return rows


def assembly(r, d, sizes):
    made = [module(r, n) for n in sizes]
    d.form()
    d.lines["modules"] = str(sizes)
    home = [k for k, n in enumerate(sizes) for _ in range(n)]
    return blocked([w for w, _ in made]), [x for _, p in made for x in p], home


@kind(4)
def feedback(r, d):
    """Couplings that are skew in the modules' metrics, up to rounding."""
    sizes = modules(r)
    w, p, home = assembly(r, d, sizes)
    n, s, strength = len(w), skew(r, len(w), 1.0), r.choice([0.1, 0.5, 2.0])
    hub = r.random() < 0.3
    d.weights("recurrent", "W", w)
    d.weights("coupling", "L", [[0.0 if home[i] == home[j] or hub and 0 not in (home[i], home[j])
                                 else strength * s[i][j] / p[i] for j in range(n)] for i in range(n)])
    d.slopes()
    d.times(len(sizes) if r.random() < 0.3 else 1)
    d.step(sizes=("0.01", "0.03", '"3/100"', "0.1"))


@kind(4)
def hierarchy(r, d):
    """Weights and couplings forward only; some through slopes."""
    sizes = modules(r)
    w, _, home = assembly(r, d, sizes)
    n = len(w)
    forward = [[r.gauss(0, 0.6) if home[j] < home[i] and r.random() < 0.6 else 0.0 for j in range(n)] for i in range(n)]
    if r.random() < 0.5:
        d.weights("coupling", "L", forward)
    else:
        w = [[x + y for x, y in zip(*rows)] for rows in zip(w, forward)]
    d.weights("recurrent", "W", w)
    d.slopes()
    d.times(len(sizes) if r.random() < 0.3 else 1)
    d.step(sizes=("0.01", "0.03", "0.1"))


@kind(4)
def workspace(r, d):
    """A hub and leaves, coupled through psi or linearly."""
    sizes = modules(r)
    w, _, home = assembly(r, d, sizes)
    hub, n = r.randrange(len(sizes)), len(w)
    spokes = gaussian(r, n, n, r.choice([0.05, 0.15, 0.3]))
    spokes = [[x if home[i] != home[j] and hub in (home[i], home[j]) else 0.0 for j, x in enumerate(row)]
              for i, row in enumerate(spokes)]
    d.weights("recurrent", "W", w)
    d.lines["workspace"] = str(hub)
    if r.random() < 0.6:
        d.lines["form"] = '"outside"'
        d.weights("nonlinear-coupling", "K", spokes)
        d.lines["coupling-slopes"] = r.choice(["[0.0, 1.0]", "[0.0, 0.5]", "[0.25, 1.0]"])
    else:
        d.weights("coupling", "L", spokes)
    d.slopes()
    d.step(sizes=("0.01", "0.03", "0.1"))
    d.times(len(sizes) if r.random() < 0.3 else 1)


@kind(4)
def meshed(r, d):
    """Modules coupled in any way, by W, L and K."""
    sizes = modules(r)
    w, _, home = assembly(r, d, sizes)
    n, strength = len(w), r.choice([0.03, 0.08, 0.2])
    def cross(): return [[r.gauss(0, strength) if home[i] != home[j] and r.random() < 0.5 else 0.0 for j in range(n)]
                         for i in range(n)]
    w = [[x + y for x, y in zip(*rows)] for rows in zip(w, cross())]
    d.weights("recurrent", "W", w)
    if r.random() < 0.5:
        d.weights("coupling", "L", cross())
    if r.random() < 0.3:
        d.lines["form"] = '"outside"'
        d.weights("nonlinear-coupling", "K", cross())
        d.lines["coupling-slopes"] = "[0.0, 1.0]"
    d.slopes()
    d.step(sizes=("0.01", "0.03", "0.1"))
    d.times(len(sizes) if r.random() < 0.3 else 1)


@kind(2)
def split(r, d):
    """A step with learned leaks, and a coupling that is skew in the metric or nearly so."""
    sizes = modules(r, 4)
    w, p, home = assembly(r, d, sizes)
    n, s, strength = len(w), skew(r, len(w), 1.0), r.choice([0.3, 1.0, 5.0])
    w = scaled(w, r.choice([0.5, 1.0]))
    d.lines["form"] = '"outside"'
    d.weights("recurrent", "W", w)
    noise = r.choice([0.0, 0.0, 1e-7, 1e-4])
    d.weights("coupling", "L", [[0.0 if home[i] == home[j] else strength * s[i][j] / p[i] * (1 + noise * r.random())
                                 for j in range(n)] for i in range(n)])
    d.unit_slopes()
    d.tensor("a", [r.uniform(0.05, 1.0) for _ in range(n)])
    d.step("split", sizes=("0.03", "0.5", "1.0"))
    d.step_lines.append('leak = "a"')
