"""How a file `certificate/v1` is read: its numbers, its arrays, and the network that it speaks of.

To be read beside CertificateFormat.md. The network is the one that the certificate describes, made of the tensors of
the model; whether the model's own description says the same is for `certify verify`.
"""
import hashlib
import json
import re
from fractions import Fraction as Q
from math import frexp, gcd
import tensors
from exact import TINY, Mat, decay, diag


class Refused(Exception):
    pass


def need(condition, field, reason):
    if not condition:
        raise Refused(f"{field}: {reason}")


# The format ------------------------------------------------------------------------------------------
def spelled(x):
    """The one spelling of a double: 0x1.8p-2."""
    m, e = frexp(x)
    return re.sub(r"\.?0*p.*", "", (2 * m).hex()) + f"p{e - 1 if x else 0:+d}"


def number(text, at, quotient=False):
    need(isinstance(text, str), at, "expected an exact number as text")
    whole = re.fullmatch(r"(-?[1-9]\d*)/([1-9]\d*)", text) if quotient else None
    if whole:
        p, q = map(int, whole.groups())
        need(gcd(p, q) == 1 and q & (q - 1) and max(abs(p), q) < 1 << 53, at, "not in lowest terms")
        return Q(p, q)
    need(re.fullmatch(r"-?0x[01](\.[0-9a-f]+)?p[+-]\d+", text), at, "expected an exact number, such as 0x1.8p-2")
    need(spelled(float.fromhex(text)) == text, at, "not the spelling of this number")
    return Q(float.fromhex(text))


def take(value, at, names):
    """The values of an object that has exactly these fields."""
    need(isinstance(value, dict) and set(value) == set(names.split()), at, f"expected an object with {names}")
    return [value[name] for name in names.split()]


class Arrays:
    """Arrays that stand in the document, or by name and digest in the file beside it."""

    def __init__(self, beside): self.beside, self.used = beside, set()

    def tensor(self, value, at, dtype, dimensions):
        name, kind, shape, digest = take(value, at, "tensor dtype shape sha256")
        tensor = self.beside().get(at)
        need(tensor and name == at and [kind, shape] == [dtype, list(tensor.shape)], at, "not the tensor beside it")
        need(tensor.dtype == dtype and len(shape) == dimensions, at, f"expected {dtype}")
        need(hashlib.sha256(tensor.bytes).hexdigest() == digest, at + ".sha256", "the tensor was changed")
        self.used.add(at)
        return [Q(x) for x in tensor.numbers()] if dtype == "float64" else tensor.numbers()

    def numbers(self, value, at, count=None, positive=True):
        if isinstance(value, dict):
            values = self.tensor(value, at, "float64", 1)
        else:
            need(isinstance(value, list) and len(value) <= 4096, at, "expected an array")
            values = [number(x, f"{at}[{k}]") for k, x in enumerate(value)]
        need(count in (None, len(values)), at, f"expected {count} numbers")
        need(not positive or all(x > 0 for x in values), at, "not all above 0")
        return values

    def indices(self, value, at):
        if isinstance(value, dict):
            return self.tensor(value, at, "int32", 1)
        whole = isinstance(value, list) and all(type(x) is int and abs(x) < 1 << 31 for x in value)
        need(whole, at, "expected whole numbers of 32 bits")
        return value

    def matrix(self, value, at, n):
        if "tensor" in value:
            values, size = self.tensor(value, at, "float64", 2), value["shape"]
        else:
            columns, rows, values = take(value, at, "columns rows values")
            values, size = self.numbers(values, at + ".values", n * n, positive=False), [rows, columns]
        need(size == [n, n], at, f"expected {n} x {n} numbers")
        m = Mat.of([values[i * n:i * n + n] for i in range(n)])
        need(m.rows == m.T().rows, at, "not symmetric")
        return m

    def partition(self, value, at):
        sizes, units = take(value, at, "sizes units")
        sizes, units, parts = self.indices(sizes, at + ".sizes"), self.indices(units, at + ".units"), []
        need(all(size > 0 for size in sizes) and sum(sizes) == len(units), at + ".sizes", f"not {len(units)} in all")
        for size in sizes:
            parts.append(units[:size])
            units = units[size:]
        return parts

    def norms(self, value, at):
        """What is claimed of couplings: bounds by (first, second, kind)."""
        first, second, kinds, bounds = take(value, at, "first second kinds bounds")
        places = list(zip(self.indices(first, at + ".first"), self.indices(second, at + ".second"), kinds))
        need(len(first) == len(second) == len(kinds), at, "lists of different lengths")
        need(set(kinds) <= {"residual", "to-first", "to-second"}, at + ".kinds", "unknown")
        return dict(zip(places, self.numbers(bounds, at + ".bounds", len(kinds), positive=False)))


# The network -----------------------------------------------------------------------------------------
class Network:
    """tau x' = -x + W phi(x) + L x + K psi(x) + u, or its form inside, or the map h+ = phi(W h + u)."""

    def __init__(self, form, W, L, K, slopes, k_slopes, tau, step, leak):
        self.form, self.W, self.L, self.K, self.slopes, self.k_slopes = form, W, L, K, slopes, k_slopes
        self.tau, self.step, self.leak, self.n, self.uniform = tau, step, leak, len(tau), len(set(tau)) == 1
        self.scheme, self.zero = step[0] if step else None, Mat([[0] * self.n for _ in tau])
        self.weights = [Q(1)] * self.n if self.uniform else tau  # of the units in metrics of the flow
        self.fuzz = Q(0)  # relative error of the paces

    def restricted(self, units):
        W, L, K = (m and m.block(units, units) for m in (self.W, self.L, self.K))
        L, K = (None if m is None or m.is_zero() else m for m in (L, K))
        leak = self.leak and [self.leak[i] for i in units]
        return Network(self.form, W, L, K, self.slopes, self.k_slopes, [self.tau[i] for i in units], self.step, leak)

    def has(self, flow):
        return self.form != "map" and not self.leak if flow else self.form == "map" or self.step is not None

    def runs_as_euler(self):
        return self.scheme in (None, "euler") or self.scheme in ("semi-implicit", "exponential") and self.L is None

    def paces(self, flow):
        """1 / tau; or h, with x+ = x + h (-x + ...): step / tau, or what other ways to treat the leak amount to."""
        if flow or self.form == "map":
            return [1 / tau for tau in self.tau]
        h = [self.step[1] / tau for tau in self.tau]
        if self.scheme == "exponential":
            h = [1 - decay(x) for x in h]
            self.fuzz = TINY / min(h)
        return [x / (1 + x) for x in h] if self.scheme == "semi-implicit" else h

    def below(self, factor, spread=Q(1)):
        """What to show for the paces at hand so that `factor` holds for the true ones; kappa(M) <= spread.

        With relative errors E of the paces, A = A' + E(A' - I), so |A| <= |A'| + |E| (|A'| + 1), where |E| is at most
        fuzz sqrt(kappa), and fuzz where all paces are one."""
        return factor - 2 * self.fuzz * (1 if self.uniform else spread)

    def system(self, flow):
        """F, G and C in e' = F e + G D C e; for the map, e+."""
        h, one = self.paces(flow), diag([1] * self.n)
        F = ((self.L or self.zero) - one).left(h) + (self.zero if flow else one)
        return (F, self.W.left(h), one) if self.form == "outside" else (F, diag(h), self.W)

    def vertex(self, flow, active):
        F, G, C = self.system(flow)
        return F + G @ C.left([self.slopes[i in active] for i in range(self.n)])

    def extent(self):
        """The least and the greatest of L + dW + d'K over all slopes, entry by entry."""
        low = high = self.L or self.zero
        for m, (l, g) in ((self.W, self.slopes), (self.K, self.k_slopes or self.slopes)):
            if m:
                plus, minus = m.map(lambda x: max(x, 0)), m.map(lambda x: max(-x, 0))
                low, high = low + plus * l - minus * g, high + plus * g - minus * l
        return low, high



def network(spec, listed, rebuilt, model):
    """The network of a specification, each tensor compared with its digest."""
    names = "form units recurrent coupling nonlinear-coupling slopes coupling-slopes time-constants modules step"
    form, n, W, L, K, slopes, k_slopes, taus, modules, step = take(spec, "specification", names)
    found, used = {}, set()
    for k, entry in enumerate(listed):
        at = f"model.tensors[{k}]"
        name, dtype, shape, digest = take(entry, at, "name dtype shape sha256")
        tensor = model.get(name)
        need(tensor, at + ".name", "the model has no such tensor")
        need([dtype, shape] == [tensor.dtype, list(tensor.shape)], at, "the tensor is of another type or shape")
        need(hashlib.sha256(tensor.bytes).hexdigest() == digest, at + ".sha256", "the tensor was changed")
        found[name] = tensor
    need(list(found) == sorted(found) and len(found) == len(listed), "model.tensors", "not sorted by name")
    pieces = {}
    for k, entry in enumerate(rebuilt):
        tensor, definition, parts = take(entry, f"model.reconstructions[{k}]", "tensor definition pieces")
        need(definition.startswith("binary32-left-to-right/v1: "), f"model.reconstructions[{k}].definition", "unknown")
        pieces[tensor] = definition.split(": ")[1], parts

    def rows(name, at):
        if name in pieces:
            definition, parts = pieces.pop(name)
            used.update(parts)
            return tensors.rebuild(definition, [found[part] for part in parts])
        need(name in found, at, "not among model.tensors")
        used.add(name)
        shape, values = found[name].shape, found[name].numbers()
        need(len(shape) == 2 and shape[0] == shape[1], at, "not square")
        return [values[i * shape[0]:(i + 1) * shape[0]] for i in range(shape[0])]

    def weights(source, at):
        if source is None:
            return None
        kind = source.get("kind")
        if kind == "dense":
            result = rows(take(source, at, "kind tensor")[1], at)
        elif kind == "compressed-rows":
            parts = take(source, at, "kind indptr indices values")[1:]
            used.update(parts)
            (starts, columns, values), result = [found[part].numbers() for part in parts], []
            need(starts[0] == 0 and starts[-1] == len(columns) == len(values) and len(starts) == n + 1, at, "pointers")
            for first, last in zip(starts, starts[1:]):
                row, own = [0] * n, columns[first:last]
                need(first <= last and own == sorted(set(own)) and all(0 <= j < n for j in own), at, "not a sparse row")
                for j, x in zip(own, values[first:last]):
                    row[j] = x
                result.append(row)
        else:  # the layers of an nn.RNN: W_hh on the diagonal, W_ih below it
            hidden, below = take(source, at, "kind hidden input")[1:]
            need(kind == "layers" and len(below) == len(hidden) - 1, at, "expected dense, compressed-rows or layers")
            result, before = [], []
            for k, name in enumerate(hidden):
                own, ahead = rows(name, at), (len(hidden) - k - 1)
                left = rows(below[k - 1], at) if k else [[]] * len(own)
                size = len(own)
                need(all(len(x) == size for x in left if k), at, "layers of different sizes")
                result += [[0] * (size * (k - 1)) + list(x) + list(y) + [0] * (size * ahead) for x, y in zip(left, own)]
        need(len(result) == n and all(len(row) == n for row in result), at, f"not {n} x {n}")
        return Mat.of(result)

    def runs(value, at, count, item):
        """A list written as runs of equal neighbours."""
        result, read = [], []
        for k, run in enumerate(value):
            times, x = take(run, f"{at}[{k}]", f"{count} {item}")
            need(type(times) is int and times > 0 and x not in read[-1:], f"{at}[{k}]", "not a run")
            read.append(x)
            result += [x] * times
        return result

    def interval(value, at):
        l, g = (number(x, at, quotient=True) for x in value)
        need(0 <= l <= g, at, "slopes need 0 <= l <= g")
        return l, g

    at = "specification"
    sources = [weights(source, f"{at}.{name}") for source, name in
               ((W, "recurrent"), (L, "coupling"), (K, "nonlinear-coupling"))]
    need(not pieces, "model.reconstructions", "a tensor that is not used")
    slopes = interval(slopes, at + ".slopes")
    need((K is None) == (k_slopes is None), at + ".coupling-slopes", "they belong to the nonlinear coupling")
    k_slopes = k_slopes and interval(k_slopes, at + ".coupling-slopes")
    times = at + ".time-constants"
    tau = [number(x, times, quotient=True) for x in runs(taus, times, "units", "value")]
    need(len(tau) == n and all(x > 0 for x in tau), times, f"not {n} positive numbers")
    need(sum(runs(modules, at + ".modules", "count", "size")) == n, at + ".modules", f"not {n} units in all")
    leak = None
    if step is not None:
        scheme, size = take(step, at + ".step", "scheme size")
        step = scheme, number(size, at + ".step.size", quotient=True)
        need(scheme in ("euler", "semi-implicit", "exponential", "implicit", "split"), at + ".step.scheme", "unknown")
        need(step[1] > 0, at + ".step.size", "not above 0")
        spare = sorted(set(found) - used)
        if scheme == "split" and spare:  # the one tensor that nothing else refers to holds the leaks
            leak = [Q(x) for x in found[spare[0]].numbers()]
            used.add(spare[0])
            need(len(leak) == n and all(0 < a <= 1 for a in leak), at + ".step", "leaks lie above 0, up to 1")
            need(form == "outside" and set(tau) == {1}, at + ".step", "needs form outside, time constants 1")
    need(used == set(found), "model.tensors", "a tensor that is not used")
    need(form == "outside" or form in ("inside", "map") and K is None, at + ".form", "unknown, or without K")
    need(form != "map" or L is None and step is None and set(tau) == {1}, at + ".form", "a map is a step itself")
    return Network(form, *sources, slopes, k_slopes, tau, step, leak)


def parse(text):
    """The value of a JSON text; a member that is there twice, and a number with a fraction, are errors."""
    def members(pairs):
        need(len(dict(pairs)) == len(pairs), "document", "a field occurs twice")
        return dict(pairs)

    def refuse(text):
        raise Refused(f"document: the number {text}")
    return json.loads(text, object_pairs_hook=members, parse_float=refuse, parse_constant=refuse)


def canonical(value):
    """The text that is digested: members sorted, no white space."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
