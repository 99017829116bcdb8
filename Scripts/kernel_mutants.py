"""Mutants of the kernel as one program: each place that is mutated asks an environment variable what to do.

A comparison becomes an operator of its own, a rounded operation a method of its own, and a check is wrapped in a
function; `Mutants.swift`, which is written here, declares them. Types decide what is mutated: comparisons of whole
numbers that only count are left as they are, and the compiler says which those are (their overload is deprecated).
"""
import os
import re

ROUNDINGS = {
    "adding": "self + x", "subtracting": "self - x", "multiplying": "self * x", "dividing": "self / x",
    "squareRoot": "squareRoot()", "next": "self",
}
OTHER = {"Up": "Down", "Down": "Up"}
BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
# Whole numbers whose sign is the sign of a real number: these comparisons are mutated too.
SIGN = re.compile(r"(signum|\bsign|\border|Sign|denominator\)) $")
DECLINES = r"return (try )?(\.declined|\.undecided|\.notCovered|\.notPositive|decline\(|fault\(|Obstruction\()"


class Place:
    """A spot of the source: where it is, the text that replaces it, and its mutants as pairs (number, change)."""

    def __init__(self, number, file, line, code, kind, name):
        self.number, self.file, self.line, self.code = number, file, line, code
        self.kind, self.name = kind, name
        self.forced = False
        self.changes = []
        self.first = 0


def masked(text):
    """The text with comments and strings blanked, every other character where it was."""
    out = list(text)
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"""(?:\\.|.)*?"""|"(?:\\\((?:[^()]|\([^()]*\))*\)|\\.|[^"\\\n])*"', re.S)
    for found in pattern.finditer(text):
        for k in range(found.start(), found.end()):
            if out[k] != "\n":
                out[k] = "~"
    return "".join(out)


def conditions(mask, start, stop):
    """The conditions from `start` on, up to `stop` outside brackets: pairs of positions, and where they end."""
    depth, begin, parts, k = 0, start, [], start
    while k < len(mask):
        if depth == 0 and mask.startswith(stop, k):
            return parts + [(begin, k)], k
        if mask[k] in "([{":
            depth += 1
        elif mask[k] in ")]}":
            depth -= 1
            if depth < 0:
                break
        elif mask[k] == "," and depth == 0:
            parts.append((begin, k))
            begin = k + 1
        k += 1
    return [], start


def trimmed(mask, part):
    start, end = part
    while start < end and mask[start].isspace():
        start += 1
    while end > start and mask[end - 1].isspace():
        end -= 1
    return start, end


def operator(number):
    return "".join(chr(0x2200 + digit) for digit in (number // 64, number % 64))


class Instrumented:
    """The sources of the kernel with every mutant in them; `skipped` are numbers of places left as they are."""

    def __init__(self, root, files, skipped=()):
        self.places, self.texts, self.lines = [], {}, {}
        self.skipped = skipped
        self.next = 1
        for file in files:
            with open(os.path.join(root, file), encoding="utf-8") as source:
                self.instrument(file, source.read())

    def instrument(self, file, text):
        mask = masked(text)
        edits = []
        lines = text.split("\n")

        def place(kind, name, position):
            line = text.count("\n", 0, position) + 1
            found = Place(len(self.places), file, line, lines[line - 1].strip(), kind, name)
            found.first = self.next
            self.places.append(found)
            return found

        def taken(found, changes, *replacements):
            before = sum(p.name == found.name and p.line == found.line and p.file == file for p in self.places)
            which = "" if before == 1 else f" ({before})"
            found.changes = [change.replace("@", which) for change in changes]
            self.next += len(changes)
            if found.number not in self.skipped:
                edits.extend((start, end, new, found) for start, end, new in replacements)

        for match in re.finditer(r"(?<![\w])(adding|subtracting|multiplying|dividing|squareRoot)(Up|Down)(?=\()", mask):
            if re.search(r"func $", mask[:match.start()]):
                continue
            found = place("rounding", match.group(), match.start())
            plain = {"squareRoot": "the plain root"}.get(match.group(1), "plain " + match.group(1))
            taken(found, [f"{match.group()}@ rounds {OTHER[match.group(2)].lower()}", f"{match.group()}@ is {plain}"],
                  (match.start(), match.end(), f"{match.group()}_p{found.number}"))
        for match in re.finditer(r"(?<=\.)next(Up|Down)\b", mask):
            found = place("rounding", match.group(), match.start())
            taken(found, [f"{match.group()}@ goes {OTHER[match.group(1)].lower()}", f"{match.group()}@ is left out"],
                  (match.start(), match.end(), f"{match.group()}_p{found.number}"))
        for match in re.finditer(r"(?<=[\w)\]?]\.)(lower|upper)\b(?!:)", mask):
            found = place("bound", match.group(), match.start())
            other = "upper" if match.group() == "lower" else "lower"
            taken(found, [f".{match.group()}@ is .{other}"],
                  (match.start(), match.end(), f"{match.group()}_p{found.number}"))
        for match in re.finditer(r"(?<=\s)(<=|>=|<|>)(?=\s)", mask):
            before = mask[mask.rfind("\n", 0, match.start()) + 1:match.start()]
            after = mask[match.end():match.end() + 2]
            if re.search(r"func $|\bwhile\b", before) or (re.search(r"\) $", before) and after == " ("
                                                        and "sort" in before):
                continue
            found = place("comparison", match.group(), match.start())
            found.forced = bool(SIGN.search(before))
            name = match.group()
            taken(found, [f"{name}@ is {BOUNDARY[name]}", f"{name}@ always holds", f"{name}@ never holds"],
                  (match.start(), match.end(), operator(found.number)))
        self.checks(mask, place, taken)
        edits.sort(key=lambda edit: (edit[0], edit[1] > edit[0]))
        out, at = [], 0
        for start, end, new, found in edits:
            out += [text[at:start], new]
            self.lines.setdefault((file, found.line), []).append(found.number)
            at = end
        result = "".join(out) + text[at:]
        result = re.sub(r"^ *@(inlinable|usableFromInline)\n", "\n", result, flags=re.M)
        self.texts[file] = result

    @staticmethod
    def checks(mask, place, taken):
        def wrap(part, function, label):
            start, end = trimmed(mask, part)
            condition = mask[start:end]
            if not condition or re.match(r"(let|var|case|#)\b", condition):
                return
            if re.search(r"\s(<|<=|>|>=)\s|~|\{", condition):
                return
            found = place("check", label, start)
            attempt = "try " if re.match(r"try\b", condition) else ""
            taken(found, [f"{label}@ is left out"], (start, start, f"{attempt}{function}({found.first}, "),
                  (end, end, ")"))

        for match in re.finditer(r"\bguard\b", mask):
            parts, _ = conditions(mask, match.end(), " else")
            for part in parts:
                wrap(part, "held", "guard")
        for match in re.finditer(r"\bif\b", mask):
            parts, end = conditions(mask, match.end(), " {")
            if not parts or not re.match(r" \{\s*" + DECLINES, mask[end:]):
                continue
            start, stop = trimmed(mask, parts[0])
            binding = re.match(r"let \w+ = ", mask[start:stop])
            if binding and "{" not in mask[start:stop]:
                inner = start + binding.end()
                found = place("check", "if let", inner)
                attempt = "try " if re.match(r"try\b", mask[inner:]) else ""
                taken(found, ["if let@ is left out"],
                      (inner, inner, f"{attempt}dropped({found.first}, "), (stop, stop, ")"))
            else:
                wrap(parts[0], "absent", "if")

    def mutants(self, whole=()):
        """(number, place, change) of every mutant; `whole` are comparisons that the compiler found to count only."""
        for place in self.places:
            if place.number in self.skipped or place.number in whole:
                continue
            for offset, change in enumerate(place.changes):
                yield place.first + offset, place, change

    def declarations(self):
        out = ["import CMutant\n", SUPPORT]
        for place in self.places:
            if place.number in self.skipped:
                continue
            k, p = place.first, place.number
            if place.kind == "bound":
                other = "upper" if place.name == "lower" else "lower"
                out.append(f"extension Interval {{ var {place.name}_p{p}: Double {{ "
                           f"mutated({k}, {place.name}, {other}) }} }}")
            elif place.kind == "rounding":
                stem, direction = re.match(r"(\w+)(Up|Down)", place.name).groups()
                takes, argument = ("(_ x: Self)", "(x)") if stem not in ("next", "squareRoot") else ("()", "()")
                plain, other = ROUNDINGS[stem], "pristine_" + stem + OTHER[direction]
                if stem == "next":
                    takes, argument, other = "", "", "next" + OTHER[direction]
                head = f"func {place.name}_p{p}{takes} -> Self" if takes else f"var {place.name}_p{p}: Self"
                out.append(f"extension BinaryFloatingPoint {{ {head} {{ "
                           f"mutated({k}, {place.name}{argument}, {other}{argument}, {plain}) }} }}")
            elif place.kind == "comparison":
                name = operator(p)
                body = f"mutated({k}, a {place.name} b, a {BOUNDARY[place.name]} b, true, false)"
                out.append(f"infix operator {name}: ComparisonPrecedence")
                if place.forced:
                    out.append(f"func {name} <T: Comparable>(a: T, b: T) -> Bool {{ {body} }}")
                    continue
                out.append(f'@available(*, deprecated, message: "whole p{p}")')
                out.append(f"func {name} <T: Comparable>(a: T, b: T) -> Bool {{ a {place.name} b }}")
                out.append(f"func {name} <T: FloatingPoint>(a: T, b: T) -> Bool {{ {body} }}")
                for exact in ("Dyadic", "BigInteger"):
                    out.append(f"func {name} (a: {exact}, b: {exact}) -> Bool {{ {body} }}")
        return "\n".join(out) + "\n"


def pristine(text):
    """Rounding.swift under other names: what a mutant rounds with."""
    names = "twoSum|twoProduct|exactProductThreshold|(?:adding|subtracting|multiplying|dividing|squareRoot)(?:Up|Down)"
    text = re.sub(rf"(?<!\w)({names})\b", r"pristine_\1", text)
    return re.sub(r"^ *@inlinable\n", "", text, flags=re.M)


SUPPORT = """
/// The original, or the change that MUTANT names; while a run looks for differences, both, and whether they differ.
@inline(__always)
func mutated<T: Equatable>(_ k: Int32, _ original: T, _ a: @autoclosure () -> T) -> T {
  switch mutant_of(k, 1) {
  case -1: return original
  case 0: return a()
  default:
    if a() != original { mutant_note(k) }
    return original
  }
}

@inline(__always)
func mutated<T: Equatable>(
  _ k: Int32, _ original: T, _ a: @autoclosure () -> T, _ b: @autoclosure () -> T
) -> T {
  switch mutant_of(k, 2) {
  case -1: return original
  case 0: return a()
  case 1: return b()
  default:
    if a() != original { mutant_note(k) }
    if b() != original { mutant_note(k + 1) }
    return original
  }
}

@inline(__always)
func mutated<T: Equatable>(
  _ k: Int32, _ original: T, _ a: @autoclosure () -> T, _ b: @autoclosure () -> T,
  _ c: @autoclosure () -> T
) -> T {
  switch mutant_of(k, 3) {
  case -1: return original
  case 0: return a()
  case 1: return b()
  case 2: return c()
  default:
    if a() != original { mutant_note(k) }
    if b() != original { mutant_note(k + 1) }
    if c() != original { mutant_note(k + 2) }
    return original
  }
}

func held(_ k: Int32, _ condition: Bool) -> Bool { mutated(k, condition, true) }
func absent(_ k: Int32, _ condition: Bool) -> Bool { mutated(k, condition, false) }
func dropped<T>(_ k: Int32, _ fault: T?) -> T? {
  switch mutant_of(k, 1) {
  case -1: return fault
  case 0: return nil
  default:
    if fault != nil { mutant_note(k) }
    return fault
  }
}
"""

HEADER = """
#include <stdint.h>
extern int32_t mutant_active;
extern unsigned char mutant_seen[];
/// -1: the original; -2: the original, and note what differs; else which change of those from k on is active.
static inline int32_t mutant_of(int32_t k, int32_t count) {
  int32_t offset = mutant_active - k;
  if (__builtin_expect((uint32_t)offset < (uint32_t)count, 0)) return offset;
  return __builtin_expect(mutant_active < 0, 0) ? -2 : -1;
}
static inline void mutant_note(int32_t k) { mutant_seen[k] = 1; }
"""

STATE = """
#include "CMutant.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
int32_t mutant_active = 0;
unsigned char mutant_seen[1 << 16];
static void save(void) {
  FILE *file = fopen(getenv("MUTANT_SEEN"), "a");
  if (!file) return;
  for (int k = 0; k < 1 << 16; k++) if (mutant_seen[k]) fprintf(file, "%d\\n", k);
  fclose(file);
}
// A test that a precondition stops runs it in a process of its own.
static void stop(int number) {
  save();
  signal(number, SIG_DFL);
  raise(number);
}
__attribute__((constructor)) static void start(void) {
  const char *text = getenv("MUTANT");
  mutant_active = text ? atoi(text) : 0;
  if (mutant_active >= 0 || !getenv("MUTANT_SEEN")) return;
  atexit(save);
  signal(SIGILL, stop);
  signal(SIGTRAP, stop);
  signal(SIGABRT, stop);
}
"""

PACKAGE = """// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]
let package = Package(
  name: "mutants",
  dependencies: [DEPENDENCY],
  targets: [
    .target(name: "CMutant"),
    .target(name: "CertifyKernel", dependencies: ["CMutant"], swiftSettings: strict),
    .target(
      name: "TestSupport",
      dependencies: ["CertifyKernel", .product(name: "BigInt", package: "BigInt")],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "KernelTests", dependencies: ["CertifyKernel", "TestSupport"],
      // The tests themselves take longer to optimise than to run.
      swiftSettings: strict + [.unsafeFlags(["-Onone"])]),
  ],
  swiftLanguageModes: [.v6]
)
"""
