"""Mutants of certificates: one thing changed, in the proof, the network or the model, and all digests worked out anew.

A change need not make a certificate false; who asks for a mutant decides that by exact arithmetic.
"""
import copy
import hashlib
import json
import math
import random
import re
import struct
from document import TYPES, Tensor


def spelled(x):
    """The one spelling of a double: 0x1.8p-2."""
    m, e = math.frexp(x)
    return re.sub(r"\.?0*p.*", "", (2 * m).hex()) + f"p{e - 1 if x else 0:+d}"


def canonical(value):
    """The text that is digested: members sorted, no white space."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Case:
    """A document, the tensors of its model and the manifest of the model; `beside` are the tensors of the document."""

    def __init__(self, document, tensors, manifest, seed, beside=None):
        self.document, self.tensors, self.manifest, self.seed = document, tensors, manifest, seed
        self.beside = beside or {}

    def copy(self):
        return Case(copy.deepcopy(self.document), dict(self.tensors), self.manifest, self.seed, self.beside)

    def text(self): return canonical(self.document).decode()

    def sealed(self):
        """The digests of the tensors and of the document as they now are."""
        for entry in self.document["model"]["tensors"]:
            tensor = self.tensors.get(entry["name"])
            if tensor:
                entry["sha256"] = hashlib.sha256(tensor.bytes).hexdigest()
        content = {name: value for name, value in self.document.items() if name != "sha256"}
        self.document["sha256"] = hashlib.sha256(canonical(content)).hexdigest()
        return self


def proofs(claim):
    """A claim and all proofs below it."""
    return [claim] + [inner for child in claim.get("children", []) for inner in proofs(child)]


def is_number(x): return isinstance(x, str) and re.fullmatch(r"-?0x.*p[+-]\d+", x) is not None


def leaves(value, wanted):
    """The places (container, key) of what is wanted inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, x in items:
        if wanted(x):
            yield value, key
        yield from leaves(x, wanted)


def matrices(value): return [(c, k) for c, k in leaves(value, lambda x: isinstance(x, dict) and "rows" in x)]
def numbers(values): return [float.fromhex(x) for x in values]


def inverse(a):
    """By Gauss and Jordan, in floating point; made symmetric."""
    n = len(a)
    rows = [list(row) + [float(i == j) for j in range(n)] for i, row in enumerate(a)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(n):
            if i != k:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k])]
    b = [row[n:] for row in rows]
    return [[(b[i][j] + b[j][i]) / 2 for j in range(n)] for i in range(n)]


class Mutator:
    def __init__(self, seed): self.r = random.Random(seed)

    def mutant(self, case):
        """A label and the changed case, or None where the change drawn has no place in it."""
        change = self.r.choice([self.number, self.number, self.number, self.whole, self.array, self.array, self.matrix,
                                self.word, self.weights, self.weights, self.network, self.network, self.form,
                                self.over_the_edge, self.over_the_edge])
        made = case.copy()
        self.claim = self.r.choice(made.document["claims"])
        self.proof = self.r.choice(proofs(self.claim))
        try:
            label = change(made)
        except (OverflowError, ZeroDivisionError):
            return None
        return label and (f"{change.__name__}: {label}", made.sealed() if change != self.form else made)

    # Of the proof

    def changed(self, x):
        r = self.r
        return r.choice([
            lambda: -x, lambda: 0.0, lambda: x * (1 + r.choice([1e-12, 1e-9, 1e-6, 1e-3, 0.1, 1])),
            lambda: x * (1 - r.choice([1e-12, 1e-9, 1e-6, 1e-3, 0.1, 0.5])),
            lambda: math.ldexp(x, r.randint(-20, 20)), lambda: math.ldexp(x, r.randint(-1000, 1000)),
            lambda: math.nextafter(x, math.inf), lambda: math.nextafter(x, -math.inf), lambda: 1 / x, lambda: x + 1])()

    def number(self, case):
        """Any number of a proof."""
        places = list(leaves(self.proof["arguments"], is_number)) + [(self.proof, "bound")] * ("bound" in self.proof)
        if not places:
            return None
        place, key = self.r.choice(places)
        new = spelled(self.changed(float.fromhex(place[key])))
        if "inf" in new:
            return None
        n = math.isqrt(len(place))
        if isinstance(place, list) and n * n == len(place) and self.r.random() < 0.7:  # a matrix stays symmetric
            place[key % n * n + key // n] = new
        place[key] = new
        return f"{self.proof['rule']} {key} {new}"

    def whole(self, case):
        """Any index or count."""
        places = list(leaves(self.proof["arguments"], lambda x: type(x) is int))
        if not places:
            return None
        place, key = self.r.choice(places)
        place[key] = self.r.choice([place[key] + 1, place[key] - 1, 0, -1, 1 << 20, place[key] + (1 << 32)])
        return f"{self.proof['rule']} {key}"

    def array(self, case):
        """Entries exchanged, reversed, inverted, dropped; two arrays exchanged; children exchanged or dropped."""
        r, arguments = self.r, self.proof["arguments"]
        if "column-scaling" in arguments and "row-scaling" in arguments and r.random() < 0.3:
            a, b = "column-scaling", "row-scaling"
            arguments[a], arguments[b] = arguments[b], arguments[a]
            return "v and w exchanged"
        children = self.proof.get("children")
        if children and r.random() < 0.3:
            k = r.choice(["exchange", "drop", "double"])
            if k == "exchange":
                r.shuffle(children)
            elif k == "drop":
                children.pop()
            else:
                children.append(copy.deepcopy(children[0]))
            return f"children {k}"
        places = list(leaves(arguments, lambda x: isinstance(x, list) and len(x) > 1))
        if not places:
            return None
        place, key = r.choice(places)
        x = place[key]
        kind = r.choice(["exchange", "reverse", "drop", "double", "invert", "negate"])
        if kind == "exchange":
            i, j = r.sample(range(len(x)), 2)
            x[i], x[j] = x[j], x[i]
        elif kind == "reverse":
            x.reverse()
        elif kind == "drop":
            x.pop()
        elif kind == "double":
            x[r.randrange(len(x))] = x[0]
        elif not all(map(is_number, x)):
            return None
        else:
            x[:] = [spelled(1 / v if kind == "invert" else -v) for v in numbers(x)]
        return f"{self.proof['rule']} {key} {kind}"

    def matrix(self, case):
        """A metric inverted, negated, transposed blockwise; a vector metric inverted."""
        places = matrices(self.proof["arguments"])
        if not places:
            metric = self.proof["arguments"].get("metric")
            if not isinstance(metric, list):
                return None
            metric[:] = [spelled(1 / x) for x in numbers(metric)]
            return f"{self.proof['rule']} metric inverted"
        place, key = self.r.choice(places)
        n, values = place[key]["rows"], numbers(place[key]["values"])
        rows = [values[i * n:i * n + n] for i in range(n)]
        kind = self.r.choice(["inverse", "negative", "reverse", "identity", "scaled"])
        if kind == "inverse":
            rows = inverse(rows)
        elif kind == "negative":
            rows = [[-x for x in row] for row in rows]
        elif kind == "reverse":
            rows = [row[::-1] for row in rows[::-1]]
        elif kind == "identity":
            rows = [[float(i == j) for j in range(n)] for i in range(n)]
        else:
            s = [2.0 ** self.r.randint(-3, 3) for _ in range(n)]
            rows = [[x * s[i] * s[j] for j, x in enumerate(row)] for i, row in enumerate(rows)]
        place[key]["values"] = [spelled(x) for row in rows for x in row]
        return f"{self.proof['rule']} {key} {kind}"

    def word(self, case):
        """Another rule of the same fields, kind, scope, verdict, reason, or flag."""
        r, proof, claim = self.r, self.proof, self.claim
        same = [("feedback", "hierarchy", "interconnection"), ("disk", "symmetric"), ("slope-lmi", "vertex-lmi"),
                ("principal-minor", "unstable-vertex", "euler-skew"), ("absolute-value", "triangular"),
                ("singular-value", "disk"), ("step", "interconnection"), ("global-workspace", "hierarchy")]
        options = [lambda: proof.update(rule=r.choice([x for x in names if x != proof["rule"]]))
                   for names in same if proof["rule"] in names]
        if len(case.document["claims"]) == 1:
            options.append(lambda: claim.update(scope={"continuous": "as-run"}.get(claim["scope"], "continuous")))
        else:
            a, b = case.document["claims"]
            options.append(lambda: (lambda s, t: (a.update(scope=t), b.update(scope=s)))(a["scope"], b["scope"]))
        options.append(lambda: claim.update(verdict={"certified": "refuted"}.get(claim["verdict"], "certified")))
        arguments = proof["arguments"]
        if "reason" in arguments:
            options.append(lambda: arguments.update(reason=r.choice(["determinant", "flip", "inertia", "skew"])))
        if "drops-inhibitory-diagonal" in arguments:
            flag = "drops-inhibitory-diagonal"
            options.append(lambda: arguments.update({flag: not arguments[flag]}))
        kinds = arguments["norms"].get("kinds") if isinstance(arguments.get("norms"), dict) else None
        if kinds:
            k, kind = r.randrange(len(kinds)), r.choice(["residual", "to-first", "to-second"])
            options.append(lambda: kinds.__setitem__(k, kind))
        before = canonical(case.document)
        r.choice(options)()
        return None if canonical(case.document) == before else f"{proof['rule']}"

    # Of the model and the network

    def weights(self, case):
        """A tensor of the model transposed, negated, scaled, or one entry of it changed."""
        r = self.r
        names = [n for n, t in case.tensors.items() if t.dtype in ("float32", "float64", "float16")]
        name = r.choice(names)
        tensor = case.tensors[name]
        x, letter = tensor.numbers(), TYPES[tensor.dtype][1]
        kind = r.choice(["transposed", "negative", "scaled", "entry", "entry", "sign"])
        if kind == "transposed":
            if len(tensor.shape) != 2 or tensor.shape[0] != tensor.shape[1]:
                return None
            n = tensor.shape[0]
            x = [x[j * n + i] for i in range(n) for j in range(n)]
        elif kind == "negative":
            x = [-v for v in x]
        elif kind == "scaled":
            s = r.choice([1.0001, 1.1, 2.0, 0.5, 8.0])
            x = [v * s for v in x]
        else:
            k = r.randrange(len(x))
            x[k] = -x[k] if kind == "sign" else x[k] + r.choice([-3, -1, -0.1, 1e-3, 0.1, 1, 3])
        if not all(abs(v) < 6e4 for v in x):
            return None
        case.tensors[name] = Tensor(tensor.dtype, tensor.shape, struct.pack(f"<{len(x)}{letter}", *x))
        return f"{name} {kind}"

    def network(self, case):
        """Another form, slopes, time constant or step, in the certificate and in the manifest."""
        if not case.manifest:
            return None
        r, spec = self.r, case.document["specification"]

        def replaced(pattern, line):
            case.manifest, count = re.subn(pattern, line, case.manifest, count=1, flags=re.M)
            return count
        kind = r.choice(["form", "slopes", "time", "step", "scheme"])
        if kind == "form":
            spec["form"] = r.choice([f for f in ("outside", "inside") if f != spec["form"]])
            replaced(r"^form = .*$", f'form = "{spec["form"]}"')
        elif kind == "slopes":
            g = r.choice([1.001, 1.25, 2.0, 0.5])
            replaced(r"^negative-slope.*\n", "")
            replaced(r"^(activation|slopes) = .*$", f"slopes = [0.0, {g}]")
            spec["slopes"] = [spelled(0.0), spelled(g)]
        elif kind == "time":
            tau = r.choice([0.25, 1.5, 4.0])
            if not replaced(r"^time-constant = .*$", f"time-constant = {tau}"):
                replaced(r"^\[network\]$", f"[network]\ntime-constant = {tau}")
            spec["time-constants"] = [{"units": spec["units"], "value": spelled(tau)}]
        elif spec["step"] is None:
            return None
        elif kind == "step":
            size = r.choice([0.2, 0.75, 1.9, 3.0])
            replaced(r"^size = .*$", f"size = {size}")
            spec["step"]["size"] = spelled(size)
        else:
            schemes = [s for s in ("euler", "semi-implicit", "exponential", "implicit") if s != spec["step"]["scheme"]]
            if "leak" in case.manifest:
                return None
            spec["step"]["scheme"] = r.choice(schemes)
            replaced(r"^scheme = .*$", f'scheme = "{spec["step"]["scheme"]}"')
        return kind

    def form(self, case):
        """A field of the document missing, foreign, of another type or spelling; a digest, shape or name changed."""
        r, document = self.r, case.document
        kind = r.choice(["drop", "foreign", "digest", "tensor digest", "shape", "name", "dtype", "schema", "spelling",
                         "null", "units"])
        entry = r.choice(document["model"]["tensors"])
        if kind == "drop":
            place, key = r.choice([(c, k) for c, k in leaves([document], lambda x: True) if isinstance(c, dict)])
            del place[key]
        elif kind == "foreign":
            place = r.choice([c[k] for c, k in leaves([document], lambda x: isinstance(x, dict))])
            place["note"] = "0x1p+0"
        elif kind == "digest":
            case.sealed()
            document["sha256"] = self.flipped(document["sha256"])
            return kind
        elif kind == "tensor digest":
            case.sealed()
            entry["sha256"] = self.flipped(entry["sha256"])
        elif kind == "shape":
            entry["shape"] = entry["shape"] + [1] if r.random() < 0.5 else [x + 1 for x in entry["shape"]]
        elif kind == "name":
            entry["name"] += "x"
        elif kind == "dtype":
            entry["dtype"] = "float16" if entry["dtype"] != "float16" else "float32"
        elif kind == "schema":
            document["schema"] = "certificate/v2"
        elif kind == "units":
            document["specification"]["units"] += r.choice([-1, 1])
        elif kind == "null":
            place, key = r.choice(list(leaves(self.proof, lambda x: x is not None)))
            place[key] = None
        else:
            places = list(leaves(self.proof, is_number))
            if not places:
                return None
            place, key = r.choice(places)
            place[key] = r.choice([f"{float.fromhex(place[key])!r}", place[key].replace("p", "0p"), place[key].upper(),
                                   place[key] + "/0x1p+1", " " + place[key], float.fromhex(place[key])])
        digest = document.pop("sha256", None)
        if digest is not None:  # the digest itself stays right, unless it is the field that is missing
            document["sha256"] = hashlib.sha256(canonical(document)).hexdigest()
        return kind

    def flipped(self, digest):
        k = self.r.randrange(len(digest))
        return digest[:k] + format(int(digest[k], 16) ^ self.r.randint(1, 15), "x") + digest[k + 1:]

    # At the edge

    holds = None  # whether a case holds in exact arithmetic; set by who uses this
    steps = 40

    def over_the_edge(self, case):
        """A number moved just past the point where its certificate ceases to hold."""
        places = [(p, "bound") for p in proofs(self.claim) if "bound" in p] * 3
        arguments = self.proof["arguments"]
        places += [(arguments, k) for k in ("floor", "norm", "margin", "coupling-norm") if is_number(arguments.get(k))]
        places += [x for x in leaves(arguments, is_number)]
        if not places or not self.holds:
            return None
        place, key = self.r.choice(places)
        good = float.fromhex(place[key])
        up = self.r.random() < 0.5
        for factor in ([1.001, 1.5, 16, 1e6] if up else [0.999, 0.5, 1 / 16, 0.0, -1.0]):
            bad = good * factor
            place[key] = spelled(bad)
            if not self.holds(case.sealed()):
                break
        else:
            return None
        for _ in range(self.steps):
            middle = good + (bad - good) / 2
            if middle in (good, bad):
                break
            place[key] = spelled(middle)
            good, bad = (middle, bad) if self.holds(case.sealed()) else (good, middle)
        place[key] = spelled(bad)
        return f"{self.proof['rule']} {key} {'above' if up else 'below'} the edge"
