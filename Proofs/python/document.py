"""How a file `certificate/v1` is read: its numbers and arrays, the tensors of its model, and the network they make."""
import hashlib
import json
import re
import struct
from collections import namedtuple
from fractions import Fraction as Q
from itertools import accumulate
from math import frexp, prod
from operator import add, sub
from exact import TINY, decay, diag, exact, unit

class Refused(Exception):
    """What is wrong, after the name of the field."""

def need(condition, reason):
    if not condition:
        raise Refused(reason)

# Values --------------------------------------------------------------------------------------------------------------
def parse(text):
    """The value of a JSON text; a field that occurs twice, or a number with a fraction, is refused."""
    def members(pairs):
        need(len(dict(pairs)) == len(pairs), "document: a field occurs twice")
        return dict(pairs)
    return json.loads(text, object_pairs_hook=members, parse_float=number, parse_constant=number)

def read(value, kind, at, n=0):
    """A value of a kind: {field: kind}, [kind], (kind,) that may be null, a type, or a function that reads."""
    if isinstance(kind, tuple):
        return None if value is None else read(value, kind[0], at, n)
    if isinstance(kind, dict):
        fits = isinstance(value, dict) and value.keys() == kind.keys()
        need(fits, f"{at or 'document'}: expected the fields {', '.join(kind)}")
        return [read(value[name], kind[name], f"{at}.{name}".lstrip("."), n) for name in kind]
    if not isinstance(kind, (list, type)):
        return kind(value, at, n)
    need(type(value) is (list if isinstance(kind, list) else kind), f"{at}: of another type")
    return [read(x, kind[0], f"{at}[{k}]", n) for k, x in enumerate(value)] if isinstance(kind, list) else value

def fields(function):
    """The fields, with their kinds, that are parameters of a function."""
    return {name.replace("_", "-"): kind for name, kind in function.__annotations__.items()}

def number(text, at="document", n=0):
    """A double in its one spelling, such as 0x1.8p-2."""
    if isinstance(text, Q):  # of an array beside the document
        return text
    need(isinstance(text, str) and text.lstrip("-").startswith("0x"), f"{at}: expected an exact number")
    m, e = frexp(float.fromhex(text))
    need(re.sub(r"\.?0*p.*", "", (2 * m).hex()) + f"p{e - 1 if m else 0:+d}" == text, f"{at}: not its one spelling")
    return Q(float.fromhex(text))

def quotient(text, at, n=0):
    """The same, or a quotient such as 3/10 that is no double."""
    if not (isinstance(text, str) and "/" in text):
        return number(text, at)
    p, q = Q(text).as_integer_ratio()
    need(f"{p}/{q}" == text and q & (q - 1) and max(abs(p), q) < 1 << 53, f"{at}: not in lowest terms")
    return Q(p, q)

def vector(value, at, n):
    x = read(value, [number], at)
    need(len(x) == n and min(x) > 0, f"{at}: not {n} numbers above 0")
    return x

def matrix(value, at, n):
    columns, rows, values = read(value, {"columns": int, "rows": int, "values": [number]}, at)
    need(columns == rows == n and len(values) == n * n, f"{at}: not {n} x {n} numbers")
    m = exact([values[i:i + n] for i in range(0, n * n, n)])
    need(m.symmetric(), f"{at}: not symmetric")
    return m

def permutation(value, at, n):
    units = read(value, [int], at)
    need(sorted(units) == list(range(n)), f"{at}: not every unit once")
    return units

def partition(value, at, n):
    sizes, units = read(value, {"sizes": [int], "units": permutation}, at, n)
    need(min(sizes) > 0 and sum(sizes) == n, f"{at}.sizes: not {n} in all")
    return [units[end - size:end] for size, end in zip(sizes, accumulate(sizes))]

def claimed(value, at, n):
    """Norms that are claimed of couplings: bounds by (first, second, kind)."""
    *places, bounds = read(value, {"first": [int], "second": [int], "kinds": [str], "bounds": [number]}, at)
    need({len(bounds)} == set(map(len, places)), f"{at}: lists of different lengths")
    need(set(places[2]) <= {"residual", "to-first", "to-second"}, f"{at}.kinds: unknown")
    return dict(zip(zip(*places), bounds))

# Tensors -------------------------------------------------------------------------------------------------------------
TYPES = {  # in certificates: in safetensors, and the letter of struct
    "float64": ("F64", "d"), "float32": ("F32", "f"), "float16": ("F16", "e"), "bfloat16": ("BF16", "H"),
    "int64": ("I64", "q"), "int32": ("I32", "i"), "int16": ("I16", "h"), "int8": ("I8", "b"), "bool": ("BOOL", "?"),
    "uint64": ("U64", "Q"), "uint32": ("U32", "I"), "uint16": ("U16", "H"), "uint8": ("U8", "B")}

class Tensor(namedtuple("Tensor", "dtype shape bytes")):
    """An element type, a shape, and the elements in C order, little endian."""
    def numbers(self):
        data, letter = self.bytes, TYPES[self.dtype][1]
        if self.dtype == "bfloat16":  # the upper half of a float32
            data, letter = b"".join(b"\0\0" + data[k:k + 2] for k in range(0, len(data), 2)), "f"
        return list(struct.unpack(f"<{len(data) // struct.calcsize(letter)}{letter}", data))

    def rows(self):
        (n, m), x = self.shape, self.numbers()
        return [x[i * m:(i + 1) * m] for i in range(n)]

    def checked(self, dtype, shape, digest, at):
        need([self.dtype, list(self.shape)] == [dtype, shape], f"{at}: the tensor is of another type or shape")
        need(hashlib.sha256(self.bytes).hexdigest() == digest, f"{at}.sha256: the tensor was changed")
        return self

def load(path):
    """The tensors of a safetensors file by name."""
    with open(path, "rb") as file:
        header, data = parse(file.read(int.from_bytes(file.read(8), "little"))), file.read()
    found, names = {}, {short: dtype for dtype, (short, _) in TYPES.items()}
    header.pop("__metadata__", None)
    for name, entry in header.items():
        dtype, shape, (first, last) = read(entry, {"dtype": str, "shape": [int], "data_offsets": [int]}, name)
        found[name] = Tensor(names[dtype], tuple(shape), data[first:last])
        size = prod(shape) * struct.calcsize(TYPES[names[dtype]][1])
        need(0 <= first and size == last - first == len(found[name].bytes), f"{name}: not {size} bytes")
    return found

DIGEST = {"dtype": str, "shape": [int], "sha256": str}

def embedded(value, at, beside):
    """A value with those arrays in their places that stand in the file beside the document."""
    if isinstance(value, list):
        need(len(value) <= 4096, f"{at}: more than 4096 entries stand beside the document")
        return [embedded(x, f"{at}[{k}]", beside) for k, x in enumerate(value)]
    if not isinstance(value, dict) or "tensor" not in value:
        return {k: embedded(x, f"{at}.{k}", beside) for k, x in value.items()} if isinstance(value, dict) else value
    name, dtype, shape, digest = read(value, {"tensor": str, **DIGEST}, at)
    need(name == at in beside and dtype in ("float64", "int32"), f"{at}: not the tensor beside the document")
    values = beside.pop(at).checked(dtype, shape, digest, at).numbers()
    values = list(map(Q, values)) if dtype == "float64" else values
    return values if len(shape) == 1 else {"columns": shape[1], "rows": shape[0], "values": values}

def float32(operation, *rows):
    """The operation entry by entry, each result rounded."""
    values = list(map(operation, *rows))
    return struct.unpack(f"<{len(values)}f", struct.pack(f"<{len(values)}f", *values))

def rebuilt(definition, a, *rest):
    """The rows of a weight that is stored in pieces; every operation in float32, sums from +0 and left to right."""
    def times(a, b):
        for row in a:
            total = [0.0] * len(b[0])
            for x, line in zip(row, b):
                total = float32(add, total, float32(x.__mul__, line))
            yield total
    name, a, a_t = definition.removeprefix("binary32-left-to-right/v1: "), a.rows(), list(zip(*a.rows()))
    if name == "spectral-norm":  # A / (u . (A v))
        u, v = (piece.numbers() for piece in rest)
        ((norm,),) = times([u], list(zip(*times([v], a_t))))
        return [float32(lambda x: x / norm, row) for row in a]
    (small,), (identity,) = float32(float, [1e-5]), rest
    w = [float32(sub, float32(sub, e, square), float32(small.__mul__, e))  # (1 - A^T A) - small 1
         for square, e in zip(times(a_t, a), identity.rows())]
    if name == "matsuoka":  # (... + A) - A^T
        w = [float32(sub, float32(add, x, y), z) for x, y, z in zip(w, a, a_t)]
    need(name in ("matsuoka", "symmetric"), "model.reconstructions: unknown definition")
    return w

# The network ---------------------------------------------------------------------------------------------------------
class Network(namedtuple("Network", "form W L K slopes k_slopes tau leak scheme size")):
    """The network as it flows (scheme `flow`), or as it runs: a `map`, or the scheme and the size of a step."""
    n = property(lambda net: len(net.tau))
    flow = property(lambda net: net.scheme == "flow")
    uniform = property(lambda net: len(set(net.tau)) == 1)
    alone = property(lambda net: not net.L and not net.K)
    step = property(lambda net: net.scheme in SCHEMES[:4])
    euler = property(lambda net: net.scheme in ("flow", "map", "euler") or not net.L and net.scheme in SCHEMES[1:3])

    def coupled(self, p, q): return any(m.block(p, q) for m in (self.W, self.L, self.K))

    def restricted(self, units):
        W, L, K = (m.block(units, units) for m in (self.W, self.L, self.K))
        return self._replace(W=W, L=L, K=K, tau=[self.tau[i] for i in units])

    def as_flow(self): return self._replace(scheme="flow", size=Q(1))

    def fuzz(self): return TINY / min(self.paces()) if self.scheme == "exponential" else 0

    def paces(self):
        """h in x' = h (-x + ...), or in x+ = x + h (-x + ...)."""
        h = [self.size / tau for tau in self.tau]
        if self.scheme == "exponential":
            return [1 - decay(x) for x in h]
        return [x / (1 + x) for x in h] if self.scheme == "semi-implicit" else h

    def couplings(self, middle=True):
        """What is linear, with the middle of the slopes or without, and what the slopes add to that in W and in K."""
        linear, added = self.L, []
        for m, (l, g) in ((self.W, self.slopes), (self.K, self.k_slopes)):
            linear += m * ((l + g) / 2 if middle else 0)
            added.append(m * ((g - l) / 2 if middle else g))
        return linear, added

    def system(self):
        """F, G and C in e' = F e + G D C e, where D are slopes; e+ for a map."""
        h, one = diag(self.paces()), unit(self.n)
        F = h @ (self.L - one) + one * (not self.flow)
        return (F, h @ self.W, one) if self.form == "outside" else (F, h, self.W)

    def vertex(self, active):
        F, G, C = self.system()
        return F + G @ (diag([self.slopes[i in active] for i in range(self.n)]) @ C)

def network(tensors, recipes, form: str, units: int, recurrent: dict, coupling: (dict,), nonlinear_coupling: (dict,),
            slopes: [quotient], coupling_slopes: ([quotient],), time_constants: [{"units": int, "value": quotient}],
            modules: [{"count": int, "size": int}], step: ({"scheme": str, "size": quotient},)):
    """The network of a specification, made of tensors that were compared with their digests."""
    spare, n, at = set(tensors), units, "specification"

    def get(name):
        need(name in tensors, f"{at}: {name} is not among model.tensors")
        spare.discard(name)
        return tensors[name]

    def rows_of(name):
        definition, pieces = recipes.pop(name, (None, [name]))
        return rebuilt(definition, *map(get, pieces)) if definition else get(name).rows()

    def weights(source):
        if source is None:
            return exact([[0] * n] * n)
        kind, *parts = read(source, {"kind": str, **SOURCES[source["kind"]]}, at)
        if kind == "compressed-rows":
            (starts, columns, values), rows = (get(name).numbers() for name in parts), []
            need(starts == sorted(starts) and starts[0] == 0, f"{at}: not the starts of rows")
            need(starts[-1] == len(columns) == len(values) and {int} >= {*map(type, columns)}, f"{at}: not columns")
            for first, last in zip(starts, starts[1:]):
                row = dict(zip(columns[first:last], values[first:last]))
                need(sorted(row) == columns[first:last] and row.keys() <= set(range(n)), f"{at}: not a sparse row")
                rows.append([row.get(j, 0) for j in range(n)])
        else:  # layers of an nn.RNN have W_hh on the diagonal and W_ih below it
            hidden, below = parts if kind == "layers" else (parts, [])
            own, ahead = list(map(rows_of, hidden)), list(map(rows_of, below))
            size, rows = len(own[0]), []
            need(len(ahead) == len(own) - 1, f"{at}: not one input for each layer but the first")
            need(all(list(map(len, m)) == [size] * size for m in own + ahead), f"{at}: weights of several sizes")
            for k, block in enumerate(own):
                left = [[0] * size * (k - 1) + list(row) for row in ahead[k - 1]] if k else [[]] * size
                rows += [x + list(y) + [0] * size * (len(own) - k - 1) for x, y in zip(left, block)]
        need(list(map(len, rows)) == [n] * n, f"{at}: not {n} x {n}")
        return exact(rows)

    def spread(runs):
        need(all(min(run) > 0 for run in runs), f"{at}: a run not above 0")
        need(all(x != y for (_, x), (_, y) in zip(runs, runs[1:])), f"{at}: equal neighbours are one run")
        return [x for count, x in runs for _ in range(count)]
    W, L, K, k_slopes = *map(weights, (recurrent, coupling, nonlinear_coupling)), coupling_slopes or slopes
    need((nonlinear_coupling is None) == (coupling_slopes is None), f"{at}.coupling-slopes: they belong to K")
    need(all(0 <= l <= g for l, g in (slopes, k_slopes)), f"{at}.slopes: they need 0 <= l <= g")
    need(sum(count for count, _ in time_constants) == n == sum(spread(modules)), f"{at}: not {n} units in runs")
    tau, (scheme, size) = spread(time_constants), step or ["map" if form == "map" else None, Q(1)]
    need(step is None or scheme in SCHEMES and size > 0, f"{at}.step: unknown")
    leak = None
    if scheme == "split" and spare:  # the one tensor that nothing else refers to holds the leaks
        leak = [Q(x) for x in get(min(spare)).numbers()]
        need(len(leak) == n and all(0 < a <= 1 for a in leak), f"{at}.step: leaks lie above 0, up to 1")
        need(form == "outside" and set(tau) == {1}, f"{at}.step: needs form outside, time constants 1")
    need(not spare and not recipes, "model: a tensor that is not used")
    need(form == "outside" or form in ("inside", "map") and not K, f"{at}.form: unknown, or inside with K")
    need(form != "map" or coupling is None and step is None and set(tau) == {1}, f"{at}.form: a map is a step itself")
    return Network(form, W, L, K, slopes, k_slopes, tau, leak, scheme, size)

SCHEMES = ("euler", "semi-implicit", "exponential", "implicit", "split")
SOURCES = {"dense": {"tensor": str}, "layers": {"hidden": [str], "input": [str]},
           "compressed-rows": {"indptr": str, "indices": str, "values": str}}

def opened(text, model, beside):
    """The network and the claims of a document, given the tensors of its model and those beside it."""
    document, left = parse(text), dict(beside)
    schema, claims, specification, _, digest, (listed, recipes) = read(document, {
        "schema": str, "claims": [dict], "specification": fields(network), "tool": str, "sha256": str, "model": {
            "tensors": [{"name": str, **DIGEST}],
            "reconstructions": [{"tensor": str, "definition": str, "pieces": [str]}]}}, "")
    need(schema == "certificate/v1", "schema: expected certificate/v1")
    del document["sha256"]
    content = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    need(hashlib.sha256(content).hexdigest() == digest, "sha256: the content was changed")
    names = [name for name, *_ in listed]
    need(names == sorted(model.keys() & names), "model.tensors: not tensors of the model, sorted by name")
    tensors = {name: model[name].checked(*entry, f"model.tensors[{k}]") for k, (name, *entry) in enumerate(listed)}
    net = network(tensors, {name: recipe for name, *recipe in recipes}, *specification)
    claims = embedded(claims, "claims", left)
    need(len(left) in (0, len(beside)), "document: a tensor beside it is not mentioned")
    return net, claims
