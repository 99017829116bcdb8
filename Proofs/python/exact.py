"""Exact arithmetic for recheck.py: matrices of rationals, and what is decided about them.

Square roots and exponentials alone are rounded, to 200 bits and more; everything else is exact.
"""
from collections import namedtuple
from decimal import Context, Decimal
from fractions import Fraction as Q
from math import isqrt, lcm
from operator import mul

class Matrix:
    """Rows of whole numbers over one denominator."""
    def __init__(self, rows, den=1): self.rows, self.den = rows, den
    def __bool__(self): return any(map(any, self.rows))
    def __abs__(self): return Matrix([list(map(abs, row)) for row in self.rows], self.den)
    def __mul__(self, q): return Matrix([[x * q.numerator for x in row] for row in self.rows], self.den * q.denominator)
    def __sub__(self, other): return self + other * -1
    def T(self): return Matrix([list(column) for column in zip(*self.rows)], self.den)
    def block(self, rows, columns): return Matrix([[self.rows[i][j] for j in columns] for i in rows], self.den)
    def symmetric(self): return self.rows == self.T().rows
    def diagonal(self): return [Q(row[i], self.den) for i, row in enumerate(self.rows)]
    def largest(self): return Q(max(sum(map(abs, row)) for row in self.rows), self.den)  # sum of magnitudes in a row

    def __add__(self, other):
        den = lcm(self.den, other.den)
        a, b = den // self.den, den // other.den
        return Matrix([[a * x + b * y for x, y in zip(*rows)] for rows in zip(self.rows, other.rows)], den)

    def __matmul__(self, other):
        if len(self.rows[0]) != len(other.rows):
            raise ValueError("the sizes of two matrices do not match")
        columns, result = list(zip(*other.rows)), []
        for row in self.rows:
            places = [k for k, x in enumerate(row) if x]
            if len(places) == 1:  # as in a diagonal matrix
                result.append([row[places[0]] * x for x in other.rows[places[0]]])
            else:
                result.append([dot(row, column) for column in columns])
        return Matrix(result, self.den * other.den)

def exact(rows):
    """The matrix of these numbers."""
    ratios = [[x.as_integer_ratio() for x in row] for row in rows]
    den = lcm(*(d for row in ratios for _, d in row))
    return Matrix([[n * (den // d) for n, d in row] for row in ratios], den)

def dot(x, y): return sum(map(mul, x, y))
def diag(d): return exact([[x if i == j else 0 for j in range(len(d))] for i, x in enumerate(d)])
def unit(n, s=1): return diag([s] * n)

def apply(m, v):
    column = m @ exact([[x] for x in v])
    return [Q(x, column.den) for (x,) in column.rows]

def ratios(m, v, w): return [x / y for x, y in zip(apply(m, v), w)]
def inverses(d): return [1 / x for x in d.diagonal()]
def stein(M, A, square): return M * square - A.T() @ (M @ A)
def norm_below(X, P, square): return not X or definite(stein(P, X, square))

def lyapunov(M, A, rate):
    MA = M @ A
    return (MA + MA.T() + M * (2 * rate)) * -1

def join(a, b, c):
    """[[A, B], [B^T, C]]"""
    den = lcm(a.den, b.den, c.den)
    a, b, t, c = ([[x * (den // m.den) for x in row] for row in m.rows] for m in (a, b, b.T(), c))
    return Matrix([x + y for x, y in zip(a, b)] + [x + y for x, y in zip(t, c)], den)

def whole(n, parts, blocks):
    """The n x n matrix that has these blocks at the units of these parts."""
    rows = [[0] * n for _ in range(n)]
    for units, m in zip(parts, blocks):
        for i, row in zip(units, m.rows):
            for j, x in zip(units, row):
                rows[i][j] = Q(x, m.den)
    return exact(rows)

def spectral(X, left, right):
    """|diag(left)^(1/2) X diag(right)^(1/2)|, from above, by sums of magnitudes."""
    y = diag(list(map(root, right))) @ (diag(list(map(root, left))) @ abs(X)).T()
    return root(y.largest() * y.T().largest())

# M = B^-1 A, where A or B is 1 in every row; lower <= M <= upper and floor <= A B are diagonal.
Metric = namedtuple("Metric", "A B lower upper floor")

def full(K, low, high, inverse=False):
    """M = K, or K^-1, where low <= K <= high."""
    one, (least, most) = unit(len(K.rows)), (1 / high, 1 / low) if inverse else (low, high)
    return Metric(one if inverse else K, K if inverse else one, one * least, one * most, one * low)

def definite(m, weak=False):
    """Whether a symmetric matrix is positive definite (weak: semidefinite); beyond 64 rows False may mean: too near."""
    a, n = m.rows, len(m.rows)
    if has_factor(a, 256):
        return True
    bits = n * (max(sum(map(abs, row)) for row in a).bit_length() + n.bit_length() + 2) + 16
    if weak:  # every eigenvalue but 0 is above 2^-bits in magnitude, so A >= 0 just where 2^bits A + 1 > 0
        a, bits = [[(x << bits) + (i == j) for j, x in enumerate(row)] for i, row in enumerate(a)], bits * (n + 1)
    return n <= 64 and has_factor(a, bits)

def has_factor(a, bits):
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

def determinant(rows):
    """Of whole numbers, by elimination without fractions (Bareiss 1968); where a pivot is 0 a row is added."""
    before = 1
    while rows:
        first = next((row for row in rows if row[0]), None)
        if first is None:
            return 0
        top, *rest = rows if rows[0][0] else [[x + y for x, y in zip(rows[0], first)]] + rows[1:]
        rows = [[(top[0] * x - row[0] * y) // before for x, y in zip(row[1:], top[1:])] for row in rest]
        before = top[0]
    return before

def root(q):
    """The square root, rounded up to 200 bits; exact where it has few."""
    k = 200 + max(0, q.denominator.bit_length() - q.numerator.bit_length())
    square = -(-(q.numerator << 2 * k) // q.denominator)
    return Q(isqrt(square - 1) + 1, 1 << k) if q else Q(0)

TINY = Q(1, 1 << 240)  # above the error of `decay`
def decay(x):
    """e^-x for x >= 0."""
    precise, x = Context(prec=90), min(x, Q(700))
    return Q(precise.exp(precise.divide(Decimal(-x.numerator), Decimal(x.denominator))))
