"""Exact arithmetic for recheck.py: matrices of rationals, and what is decided about them.

Square roots and exponentials alone are rounded, to 200 bits and more; everything else is exact.
"""
from fractions import Fraction as Q
from math import isqrt, lcm
from operator import mul


class Mat:
    """Rows of whole numbers over one denominator."""

    def __init__(self, rows, den=1): self.rows, self.den = rows, den
    def map(self, f): return Mat([[f(x) for x in row] for row in self.rows], self.den)
    def T(self): return Mat([list(column) for column in zip(*self.rows)], self.den)
    def block(self, rows, columns): return Mat([[self.rows[i][j] for j in columns] for i in rows], self.den)
    def is_zero(self): return not any(map(any, self.rows))
    def __mul__(self, q): return Mat([[x * q.numerator for x in row] for row in self.rows], self.den * q.denominator)
    def __sub__(self, other): return self + other * -1
    def get(self): return [[Q(x, self.den) for x in row] for row in self.rows]

    def left(self, d):
        """diag(d) A"""
        d = Mat.of([d])
        return Mat([[x * s for x in row] for row, s in zip(self.rows, d.rows[0])], self.den * d.den)

    def __add__(self, other):
        den = lcm(self.den, other.den)
        a, b = den // self.den, den // other.den
        return Mat([[a * x + b * y for x, y in zip(*rows)] for rows in zip(self.rows, other.rows)], den)

    def __matmul__(self, other):
        columns = list(zip(*other.rows))
        return Mat([[sum(map(mul, row, column)) for column in columns] for row in self.rows], self.den * other.den)

    @staticmethod
    def of(rows):
        rows = [[x if isinstance(x, (int, Q)) else Q(x) for x in row] for row in rows]
        den = lcm(*(x.denominator for row in rows for x in row))
        return Mat([[x.numerator * (den // x.denominator) for x in row] for row in rows], den)


def diag(d): return Mat([[int(i == j) for j in range(len(d))] for i in range(len(d))]).left(d)
def apply(m, v): return [row[0] for row in (m @ Mat.of([[x] for x in v])).get()]
def dot(x, y): return sum(map(mul, x, y))


def join(a, b, c):
    """[[A, B], [B^T, C]]"""
    den = lcm(a.den, b.den, c.den)
    a, b, t, c = ([[x * (den // m.den) for x in row] for row in m.rows] for m in (a, b, b.T(), c))
    return Mat([x + y for x, y in zip(a, b)] + [x + y for x, y in zip(t, c)], den)


def definite(m, weak=False):
    """Whether a symmetric matrix is positive definite (weak: semidefinite); beyond 64 rows False may mean: too near."""
    return has_factor(m.rows) or len(m.rows) <= 64 and eliminates(m.rows, weak)


def has_factor(a, bits=256):
    """A = R^T R + E + cI and |E| < c in every row sum; R is rounded, E the remainders of divisions (theory 8)."""
    n = len(a)
    if any(a[i][i] <= 0 for i in range(n)):
        return False
    half = [a[i][i].bit_length() // 2 for i in range(n)]  # powers of two that bring the diagonal near 4^bits
    columns, shift = [[] for _ in range(n)], n << bits + 3
    for k, own in enumerate(columns):
        square = (a[k][k] << 2 * bits >> 2 * half[k]) - shift - dot(own, own)
        if square <= 0:
            return False
        own_root = isqrt(square)
        for j in range(k + 1, n):
            columns[j].append(((a[k][j] << 2 * bits >> half[k] + half[j]) - dot(own, columns[j])) // own_root)
        own.append(own_root)
    return True


def eliminates(a, weak):
    """Fraction-free elimination (Bareiss 1968): every pivot on the diagonal is positive, or (weak) its row is 0."""
    a, left, before = [list(row) for row in a], list(range(len(a))), 1
    while left:
        zero = [i for i in left if a[i][i] == 0]
        if any(a[i][i] < 0 for i in left) or zero and (not weak or any(a[i][j] for i in zero for j in left)):
            return False
        left = [i for i in left if a[i][i]]
        if left:
            k, *left = left
            for i in left:
                for j in left:
                    a[i][j] = (a[k][k] * a[i][j] - a[i][k] * a[k][j]) // before if j >= i else a[j][i]
            before = a[k][k]
    return True


def determinant(a):
    """The determinant of whole numbers, by the same elimination with exchanges of rows."""
    a, sign, before = [list(row) for row in a], 1, 1
    for k in range(len(a)):
        pivot = next((i for i in range(k, len(a)) if a[i][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            a[k], a[pivot], sign = a[pivot], a[k], -sign
        for i in range(k + 1, len(a)):
            a[i] = [(a[k][k] * x - a[i][k] * y) // before for x, y in zip(a[i], a[k])]
        before = a[k][k]
    return sign * before


def root(q):
    """The square root, rounded up; exact where it is rational."""
    n, d = q.numerator, q.denominator
    if isqrt(n) ** 2 == n and isqrt(d) ** 2 == d:
        return Q(isqrt(n), isqrt(d))
    k = max(0, 200 + (d.bit_length() - n.bit_length()) // 2)
    return Q(isqrt((n << 2 * k) // d) + 1, 1 << k)


TINY = Q(1, 1 << 240)  # the error of `decay`


def decay(x):
    """e^-x for x >= 0: the alternating series at x / 2^k, squared k times."""
    if x > 700:
        return Q(0)
    k, total = max(0, x.numerator.bit_length() - x.denominator.bit_length() + 5), Q(1)
    for j in range(60, 0, -1):
        total = 1 - x / 2 ** k * total / j
    for _ in range(k + 1):
        total = Q((total.numerator << 400) // total.denominator, 1 << 400) ** (2 if _ < k else 1)
    return total
