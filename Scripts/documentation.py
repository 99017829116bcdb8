"""Pages of the documentation as programs: the files they write, the commands they run, what they print.

A fenced block of a page is

    console            commands after `$ `, each followed by what it prints; they are run, in order, in one shell
    sh                 commands that are shown only; every `certify` in them must exist with these options
    any language whose first line is `# NAME`, NAME with an ending: a file that later commands find

Everything of one page happens in one new folder, in which Fixtures and Scripts of the package are found, and beside
which lies the shared folder where there is one. Used by check-documentation and run-tutorial.
"""
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```([a-z]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE_NAME = re.compile(r"^# ([\w./-]+\.[\w.-]+)$")
FAILURES = {2, 126, 127}


@dataclasses.dataclass
class Step:
    """A file that is written, or a command that is run and what it is said to print."""

    file: str = ""
    content: str = ""
    command: str = ""
    output: list = dataclasses.field(default_factory=list)
    needs: str = ""  # why the command cannot be run everywhere
    place: tuple = (0, 0)  # where the output stands in the page


@dataclasses.dataclass
class Ran:
    status: int
    output: list


def blocks(text):
    return [(match.group(1), match.group(2)) for match in FENCE.finditer(text)]


def console(block, offset):
    """The commands of a console block; a line that ends with a backslash goes on in the next one.

    `offset` is where the block begins in its page.
    """
    steps = []
    lines = block.split("\n")[:-1]
    index = 0
    while index < len(lines):
        line = lines[index]
        offset += len(line) + 1
        if line.startswith("$ "):
            command = [line[2:]]
            while command[-1].endswith("\\"):
                index += 1
                offset += len(lines[index]) + 1
                command.append(lines[index])
            steps.append(Step(command="\n".join(command), place=(offset, offset)))
        elif steps:
            steps[-1].output.append(line)
            steps[-1].place = (steps[-1].place[0], offset)
        else:
            raise ValueError(f"a console block begins with {line!r}, not with a command")
        index += 1
    for step, before in zip(steps, [Step(), *steps]):
        if "../shared/" in step.command:
            step.needs = "the shared folder"
        elif re.search(r"\bopenssl\b|\.pem\b", step.command):
            step.needs = "openssl"
        elif step.command == "echo $?":
            step.needs = before.needs
    return steps


def steps(text):
    found = []
    for match in FENCE.finditer(text):
        language, block = match.groups()
        first = block.split("\n", 1)[0]
        if language == "console":
            found += console(block, match.start(2))
        elif language and FILE_NAME.match(first):
            found.append(Step(file=FILE_NAME.match(first).group(1), content=block))
    return found


def tool(executable, *arguments):
    run = subprocess.run([executable, *arguments], capture_output=True, text=True, check=True)
    return run.stdout


def certify_executable(argument=None):
    given = argument or os.environ.get("CERTIFY") or str(ROOT / ".build/release/certify")
    path = os.path.abspath(given)
    if not os.access(path, os.X_OK):
        sys.exit(f"there is no executable at {given}; set CERTIFY or run make release")
    return path


def has_torch():
    return subprocess.run(["python3", "-c", "import torch"], capture_output=True).returncode == 0


def environment(executable, folder, stand_in):
    """A bare one in which `certify` and `python3` are found, and a stand-in for torch where that is wanted."""
    binaries = pathlib.Path(folder) / "bin"
    binaries.mkdir()
    (binaries / "certify").symlink_to(executable)
    path = os.environ.get("PATH", "/usr/bin:/bin")
    values = {"PATH": f"{binaries}:{path}", "LANG": "C.UTF-8", "HOME": str(folder), "NO_COLOR": "1"}
    values["OPENBLAS_NUM_THREADS"] = os.environ.get("OPENBLAS_NUM_THREADS", "1")
    values["PYTHONDONTWRITEBYTECODE"] = "1"
    if stand_in:
        values["PYTHONPATH"] = str(ROOT / "Scripts" / "stand-in")
    return values


def run(page, executable, folder, stand_in, whole=True, seconds=600):
    """Runs the steps of a page in `folder`; the result is one Ran for each step, None for what was not run.

    `whole` says that the package's own files are found there too, as in a checkout.
    """
    work = pathlib.Path(folder) / "package"
    work.mkdir()
    if whole:
        for name in ["Fixtures", "Scripts", "Sources", "Integrations"]:
            (work / name).symlink_to(ROOT / name)
        shared = ROOT.parent / "shared"
        if shared.is_dir():
            (pathlib.Path(folder) / "shared").symlink_to(shared)
    there = {
        "": True,
        "the shared folder": (pathlib.Path(folder) / "shared").exists(),
        "openssl": shutil.which("openssl") is not None,
    }
    script = ["exec 2>&1 </dev/null", "__status=0"]
    for index, step in enumerate(page):
        if not there[step.needs]:
            continue
        script.append(f"printf '\\036%d\\n' {index}")
        if step.file:
            source = pathlib.Path(folder) / f"file{index}"
            source.write_text(step.content, encoding="utf-8")
            script.append(f"mkdir -p \"$(dirname '{step.file}')\" && cp '{source}' '{step.file}'")
        else:
            script += ["(exit $__status)", step.command]
        script.append("__status=$?; printf '\\037%d\\n' $__status")
    program = pathlib.Path(folder) / "commands"
    program.write_text("\n".join(script) + "\n", encoding="utf-8")
    result = subprocess.run(
        ["bash", str(program)], cwd=work, env=environment(executable, folder, stand_in),
        stdout=subprocess.PIPE, check=False, timeout=seconds,
    )
    text = result.stdout.decode("utf-8", errors="replace")
    outcomes = [None] * len(page)
    for part in text.split("\036")[1:]:
        index, _, rest = part.partition("\n")
        if "\037" not in rest:
            sys.exit(f"the shell ended in: {page[int(index)].command}\n{rest}")
        printed, _, status = rest.rpartition("\037")
        outcomes[int(index)] = Ran(int(status), printed.split("\n")[:-1] if printed else [])
        if printed and not printed.endswith("\n"):
            outcomes[int(index)].output = printed.split("\n")
    return outcomes


# Comparison: search may end a little elsewhere with other kernels of OpenBLAS; bounds stay bounds.

TINY = re.compile(r"[0-9]+(\.[0-9]+)?e-(1[0-9]|[2-9][0-9])")
DIGEST = re.compile(r"\b[0-9a-f]{16}(?=…)|\b[0-9a-f]{64}\b")


def plain(line):
    line = TINY.sub("tiny", line)
    line = DIGEST.sub("digest", line)
    return re.sub(r'"seconds":[0-9.e-]+', '"seconds":0', line)


def words(line):
    line = re.sub(r"[0-9]+ms", "ms", plain(line))
    return re.sub(r"[0-9]+(\.[0-9]+)?", "number", line).rstrip()


def bounds(lines):
    """Numbers with a point; the overshoot is that of whichever metric won by a hair, so it is left out."""
    found = []
    for line in lines:
        line = re.sub(r"overshoot(<=|\":)[0-9.]+", "", plain(line))
        found += [float(number) for number in re.findall(r"[0-9]+\.[0-9]+", line)]
    return found


def difference(shown, printed):
    """What is wrong, as text; empty where both say the same."""
    if [words(line) for line in shown] != [words(line) for line in printed]:
        return "prints something else"
    for a, b in zip(bounds(shown), bounds(printed)):
        if abs(a - b) > 0.05 * abs(a):
            return f"prints {b} where {a} is shown"
    return ""


# What is named must exist.


class Commands:
    """The subcommands and options that the executable has."""

    def __init__(self, executable):
        self.known = {}
        tree = json.loads(tool(executable, "--experimental-dump-help"))
        self._add(tree["command"], [])
        common = {"--help", "-h", "--version", "--generate-completion-script"}
        for options in self.known.values():
            options |= common
        self.known[()].add("--experimental-dump-help")

    def _add(self, command, path):
        options = set()
        for argument in command.get("arguments", []):
            for name in argument.get("names", []):
                options.add(("--" if name["kind"] == "long" else "-") + name["name"])
        self.known[tuple(path)] = options
        for child in command.get("subcommands", []):
            self._add(child, [*path, child["commandName"]])
        default = command.get("defaultSubcommand")
        if default:
            self.known[tuple(path)] |= self.known[(*path, default)]

    def fault(self, line):
        """What does not exist in one command line that begins after `certify`; empty where all does."""
        tokens = re.findall(r"[^\s]+", re.sub(r"'[^']*'|\"[^\"]*\"", "TEXT", line))
        path = ()
        while tokens and (*path, tokens[0]) in self.known:
            path = (*path, tokens.pop(0))
        if not path and tokens and not tokens[0].startswith("-"):
            return f"there is no command {tokens[0]}"
        for token in tokens:
            if token in {"|", ";", "&&", ">", "||", "#"}:
                break
            if token.startswith("-") and len(token) > 1:
                option = token.split("=", 1)[0].rstrip(",;:.)`")
                if option not in self.known[path]:
                    return f"certify {' '.join(path)} has no option {option}"
        return ""


def shown_commands(text):
    """What follows `certify` in sh blocks, in console blocks and in code within sentences."""
    for language, block in blocks(text):
        if language in {"sh", "console", "yaml"}:
            for line in block.replace("\\\n", " ").split("\n"):
                for match in re.finditer(r"(?:^|[\s;|&(])certify ([a-z-][^;|&]*)", line):
                    if language == "sh" or (language == "console" and line.startswith("$ ")):
                        yield match.group(1)
    prose = FENCE.sub("", text)
    for match in re.finditer(r"`certify ([a-z-][^`]*)`", prose):
        yield match.group(1).replace("…", "")


def left_out(page, ran):
    """What was not run, and why, as text for a summary."""
    missing = [step.needs for step, outcome in zip(page, ran) if outcome is None]
    return "".join(
        f"; {missing.count(name)} not run, {name} is not here" for name in sorted(set(missing))
    )


def temporary():
    return tempfile.TemporaryDirectory(prefix="certify-documentation-")
