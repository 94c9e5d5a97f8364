"""The command line: tinygrad-dnn check FILE..., explain FILE, draw FILE.

A file defines cost(parameters) -> number, gradients(parameters) -> {"dW1": array, ...} and the dict parameters.
check exits with 0 when every gradient is right, 1 when one is wrong, else 2 when something could not be checked.
"""

import argparse
import contextlib
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import viz

from . import __version__
from .checking import check_task
from .derivation import convention_of, explain
from .grading import worker
from .grading.apart import apart
from .grading.marking import mark
from .grading.reports import FORMS
from .grading.worker import Job
from .judge.display import coloured
from .judge.structure import flat
from .program.answering import answer, check_place, write_driver
from .program.finding import chosen, costs_in, has_gradients, task_in
from .program.limits import TooLong, unasked, unheard
from .program.recognition import Part, Task
from .program.recorded import record
from .program.running import Program, run_program

RIGHT, WRONG, UNCHECKED = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the return value is the exit code."""
    options = parser().parse_args(arguments)
    try:
        code = int(options.command(options))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads it has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + 13
    return code


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="tinygrad-dnn", description=(__doc__ or "").partition("\n")[2].strip())
    top.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    checking = commands.add_parser("check", help="hold hand-written gradients against recorded ones and differences")
    checking.add_argument("files", nargs="+", metavar="FILE", help="a file, or a folder of them")
    checking.add_argument("--seconds", type=float, default=1.0, help="time for the differences (default: %(default)s)")
    seed = "of the points and directions that are drawn; others each time, and the report says which, without it"
    checking.add_argument("--seed", type=int, metavar="N", help=seed)
    checking.add_argument("--no-suggest", action="store_true", help="leave out the search for the mistake and its fix")
    checking.add_argument("--json", action="store_true", help="print the report as JSON, a line for each file")
    checking.add_argument("--timeout", type=float, default=60.0, help="seconds for each file (%(default)s)")
    checking.add_argument("--memory", type=int, default=2048, help="megabytes for each file (%(default)s)")
    checking.add_argument("--jobs", type=at_least_one, default=1, help="so many files at a time (%(default)s)")
    checking.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask cluster that checks the files: tcp://host:8786"
    )
    kept = "add each report to a file as it comes; what has one there is not checked again, whatever lies beside it"
    checking.add_argument("--results", metavar="PATH", type=Path, help=kept)
    writing = "write a file beside FILE that says what to check in it, with dots where something is not known"
    checking.add_argument("--driver", metavar="PATH", type=Path, help=writing)
    checking.add_argument("--confined", metavar="MB", type=int, help=argparse.SUPPRESS)
    for form in FORMS:
        checking.add_argument(f"--{form}", metavar="PATH", help=f"write the reports to a file, as {form} has them")
    checking.set_defaults(command=check_files)
    explaining = commands.add_parser("explain", help="print the chain rule of a file's cost, in its own names")
    explaining.add_argument("file", metavar="FILE")
    explaining.add_argument("--wrt", action="append", metavar="NAME", help="a parameter; may be given several times")
    whose = (
        "whether dZ is that of the summed loss, or of the cost; as the gradients of the file have it where not given"
    )
    explaining.add_argument("--convention", choices=("course", "calculus"), help=whose)
    forms = explaining.add_mutually_exclusive_group()
    forms.add_argument("--latex", action="store_true", help="as LaTeX, an align* environment")
    forms.add_argument("--markdown", action="store_true", help="as a table in Markdown")
    forms.add_argument("--html", metavar="PATH", type=Path, help="write a page that loads nothing")
    explaining.add_argument("--unfold", action="append", metavar="NAME", help="show what happens inside a variable")
    explaining.set_defaults(command=partial(limited, explain_file))
    drawing = commands.add_parser("draw", help="draw the computation graph of a file's cost")
    drawing.add_argument("file", metavar="FILE")
    endings = ".svg, .png, .pdf, .dot, or .html for a page that steps through it; without it, DOT is printed"
    drawing.add_argument("-o", "--output", metavar="PATH", help=endings)
    drawing.add_argument("--backward", action="store_true", help="draw the way of the gradients as well")
    drawing.add_argument("--backward-alone", action="store_true", help="draw the backward pass as a graph of its own")
    drawing.add_argument("--local", action="store_true", help="write the local derivative on each edge")
    drawing.add_argument("--fold", choices=("auto", "none", "calls", "layers", "repeats"), default="auto")
    drawing.set_defaults(command=partial(limited, draw_file))
    for command in (explaining, drawing):
        command.add_argument(
            "--of", metavar="NAME", help="which cost, where the file has several; the first without it"
        )
        command.add_argument("--timeout", type=float, default=60.0, help="seconds for the file (%(default)s)")
        command.add_argument("--memory", type=int, default=2048, help="megabytes for the file (%(default)s)")
    return top


def at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is given; expected is 1 or more")
    return number


def check_files(options: argparse.Namespace) -> int:
    """One file here; several each in a process of its own, so that none disturbs another, and a count at the end."""
    files = list(dict.fromkeys(str(path) for name in options.files for path in files_of(name)))
    if not files:
        names = ", ".join(options.files)
        print(f"tinygrad-dnn check: nothing to check in {names}: there is no .py file and no notebook", file=sys.stderr)
        return UNCHECKED
    wanted = {form: path for form in FORMS if (path := getattr(options, form))}
    alone = len(options.files) == 1 and not Path(options.files[0]).is_dir()
    if options.driver and not can_be_written(options.driver, files[0] if alone else ""):
        return UNCHECKED
    if alone and not (wanted or options.scheduler or options.results):
        return check_file(options) if options.confined else limited(check_file, options, options.json)
    reports: dict[str, Any] = {}
    try:
        for found in mark(jobs_of(files, options), options.jobs, options.scheduler, options.results):
            reports[found["file"]] = found
            print(json.dumps(found) if options.json else f"{found['file']}:\n{in_colour(found['text'])}\n", flush=True)
    except (ImportError, OSError, ValueError) as error:
        print(f"tinygrad-dnn check: {error}", file=sys.stderr)
        return UNCHECKED
    ordered = [reports[file] for file in files]
    for form, path in wanted.items():
        written = FORMS[form](ordered)
        Path(path).write_text(written if isinstance(written, str) else json.dumps(written, indent=1))
    codes = {found["file"]: found["code"] for found in ordered}
    if not options.json:
        print(count(codes))
    return worst(list(codes.values()))


def can_be_written(driver: Path, file: str) -> bool:
    """Whether a driver can be written for a file, "" for several; it is said why not."""
    try:
        if not file:
            raise ValueError("--driver writes one file; several are given")
        check_place(driver, file)
    except (OSError, ValueError) as error:
        print(f"tinygrad-dnn check: {error}", file=sys.stderr)
        return False
    return True


def jobs_of(files: list[str], options: argparse.Namespace) -> list[Job]:
    how = ["--seconds", str(options.seconds), *["--no-suggest"] * options.no_suggest]
    how += [] if options.seed is None else ["--seed", str(options.seed)]
    return [Job(file, content_of(file), how, options.timeout, options.memory) for file in files]


def content_of(file: str) -> bytes | None:
    try:
        return Path(file).read_bytes()
    except OSError:  # it is reported as one that is not there
        return None


def files_of(name: str) -> list[Path]:
    """A file, or every Python file and notebook of a folder."""
    if not Path(name).is_dir():
        return [Path(name)]
    return sorted(path for ending in ("*.py", "*.ipynb") for path in Path(name).rglob(ending))


def count(results: dict[str, int]) -> str:
    codes = list(results.values())
    failed = [file for file, code in results.items() if code not in (RIGHT, WRONG)]
    rest = f", {len(failed)} not checked whole ({', '.join(failed)})." if failed else "."
    return f"{len(codes)} files: {codes.count(RIGHT)} right, {codes.count(WRONG)} wrong{rest}"


def worst(codes: list[int]) -> int:
    return WRONG if WRONG in codes else RIGHT if all(code == RIGHT for code in codes) else UNCHECKED


def limited(command: Callable[[argparse.Namespace], int], options: argparse.Namespace, as_json: bool = False) -> int:
    """A command on one file, in a process that is ended when its time is over."""
    file = options.files[0] if hasattr(options, "files") else options.file
    outcome = apart(command, options, options.timeout, options.memory)
    sys.stdout.write(outcome.out if as_json else in_colour(outcome.out))
    sys.stderr.write(outcome.err)
    if outcome.reason:
        print(f"{file}: not checked: {outcome.reason}", file=sys.stderr)
    return outcome.code


def check_file(options: argparse.Namespace) -> int:
    """The report on one file, and its exit code."""
    file = options.files[0]
    if options.confined:
        worker.confine(options.confined)
    notes: list[str] = []
    program: Program | None = None
    found: Task | None = None
    try:
        # what the file itself prints would drown the report
        with unheard() as warned, unasked(file):
            how = {"seconds": options.seconds, "suggest": not options.no_suggest, "seed": options.seed}
            program = run_program(file)
            notes = program.notes
            found = task_in(program)
            report = check_task(found, **how)
        report.notes += [*notes, *warned]
    except (Exception, SystemExit, TooLong) as error:
        code = fail(file, error, notes, program if found is None else None)
        if program is not None:
            write(options, program, error)
        return code
    write(options, program)
    code = RIGHT if report.ok else WRONG if report.having("wrong") else UNCHECKED
    whole = {"file": file, "code": code, **report.to_dict(), "text": str(report)}
    print(json.dumps(whole) if options.json else report)
    return code


def write(options: argparse.Namespace, program: Program, error: BaseException | None = None) -> None:
    """Write the driver of a file that was asked for, and say so."""
    if options.driver:
        said = write_driver(options.driver, program, error)
        print(said, file=sys.stderr if options.json else sys.stdout)


def in_colour(text: str) -> str:
    """The text in colour where it is read in a terminal and NO_COLOR is not set."""
    wanted = os.environ.get("FORCE_COLOR") or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")
    return coloured(text) if wanted and not os.environ.get("NO_COLOR") else text


def explain_file(options: argparse.Namespace) -> int:
    asked: Program | None = None
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), unasked(options.file):
            warnings.simplefilter("ignore")
            asked = run_program(options.file)
            parts, asked = costs_in(asked), None
            shown = shown_of(parts, options.of)
            it, known = record(shown.cost, shown.parameters, who="explain"), options.convention or "course"
            if options.convention is None and shown.gradients is not None:
                known = convention_of(it, shown.gradients, shown.parameters)
            derived = explain(it, options.wrt, convention=known, unfold=options.unfold or False)
            if options.html:
                options.html.write_text(derived.html, encoding="utf-8")
                return RIGHT
    except (Exception, SystemExit) as error:
        return fail(options.file, error, (), asked, "explain")
    print(derived.latex if options.latex else derived.markdown if options.markdown else derived)
    plain = not (options.latex or options.markdown)
    if shown.assumed and plain:
        print("\n" + shown.assumed)
    shown.tell(sys.stdout if plain else sys.stderr)
    return RIGHT


def draw_file(options: argparse.Namespace) -> int:
    page = bool(options.output) and Path(options.output).suffix.lower() in (".html", ".htm")
    asked: Program | None = None
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), unasked(options.file):
            warnings.simplefilter("ignore")
            asked = run_program(options.file)
            parts, asked = costs_in(asked), None
            shown = shown_of(parts, options.of)
            cost, gradients, parameters = shown[:3]
            if page:
                drawing: Any = viz.page(cost, parameters, gradients, fold=options.fold, title=Path(options.file).name)
            else:
                backward: Any = "alone" if options.backward_alone else options.backward
                drawing = viz.draw(cost, parameters, backward=backward, local=options.local, fold=options.fold)
    except (Exception, SystemExit) as error:
        return fail(options.file, error, (), asked, "draw")
    shown.tell(sys.stderr)
    try:
        if options.output:
            drawing.save(options.output)
        else:
            print(drawing.source)
    except Exception as error:
        print(f"tinygrad-dnn draw: {error}", file=sys.stderr)
        return UNCHECKED
    return RIGHT


class Shown(NamedTuple):
    """What is explained or drawn of a file: a cost of a dict of arrays, its gradients if there are any, and the rest.

    others: the names of the costs that are not shown
    """

    cost: Any
    gradients: Any
    parameters: Any
    assumed: str
    others: list[str]

    def tell(self, to: TextIO) -> None:
        if self.others:
            print(f"\nNot shown: {', '.join(self.others)}; --of NAME shows one of them.", file=to)


def shown_of(parts: list[Part], name: str | None) -> Shown:
    """The cost of this name, or the first."""
    part, others = chosen(parts, name)
    found = part.task
    cost, gradients, parameters = flat(found.cost, found.gradients, found.parameters)
    return Shown(cost, gradients if has_gradients(part) else None, parameters, found.assumed, others)


def fail(
    file: str,
    error: BaseException,
    left_out: Iterable[str] = (),
    program: Program | None = None,
    command: str = "check",
) -> int:
    """What is missing on stderr, and what would help; program: the file, where it is not known what is in it."""
    print(answer(file, error, program, left_out, command), file=sys.stderr)
    return UNCHECKED


if __name__ == "__main__":
    sys.exit(main())
