"""The reports on files in the forms that graders and continuous integration read."""

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

Found = dict[str, Any]  # a report as a dict, with file, code and text


def points(found: Found) -> list[tuple[str, bool, str]]:
    """(name, whether it is right, what to say of it) of each gradient; of the file, where nothing was checked."""
    rows = found.get("gradients") or []
    if not rows:
        return [(found["file"], False, found["text"])]
    advice = advice_of(found)
    return [
        (row["name"], row["verdict"] == "right", "" if row["verdict"] == "right" else said(row, advice)) for row in rows
    ]


def said(row: dict[str, Any], advice: str) -> str:
    return "\n".join(filter(None, [f"{row['verdict']}: {row['note']}".rstrip(": "), advice]))


def advice_of(found: Found) -> str:
    causes, fix = found.get("causes") or [], found.get("fix")
    lines = [causes[0]["explanation"]] if causes else []
    if fix:
        cell = f"cell {fix['cell']}, " if "cell" in fix else ""
        lines.append(f"{cell}line {fix['line']}: {fix['before']}  ->  {fix['after']}")
    return "\n".join(lines)


def junit(results: list[Found]) -> str:
    """JUnit's XML: a suite for each file, a test case for each gradient."""
    suites = ElementTree.Element("testsuites", name="tinygrad-dnn")
    for found in results:
        cases = points(found)
        failed = str(sum(not right for _, right, _ in cases))
        suite = ElementTree.SubElement(suites, "testsuite", name=found["file"], tests=str(len(cases)), failures=failed)
        for name, right, text in cases:
            case = ElementTree.SubElement(suite, "testcase", classname=found["file"], name=name)
            if not right:
                ElementTree.SubElement(case, "failure", message=text.split("\n")[0]).text = text
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def gradescope(results: list[Found]) -> Found:
    """results.json of Gradescope: a point for each gradient."""
    tests = [
        {"name": f"{found['file']}: {name}", "score": float(right), "max_score": 1.0, "output": text,
         "status": "passed" if right else "failed"}
        for found in results for name, right, text in points(found)
    ]  # fmt: skip
    return {"output": "\n\n".join(found["text"] for found in results), "tests": tests}


def prairielearn(results: list[Found]) -> Found:
    """results.json of PrairieLearn: the part of the gradients that is right."""
    tests = [
        {"name": f"{found['file']}: {name}", "points": int(right), "max_points": 1, "message": text}
        for found in results for name, right, text in points(found)
    ]  # fmt: skip
    right = [right for found in results for _, right, _ in points(found)]
    score = sum(right) / max(len(right), 1)
    output = "\n\n".join(found["text"] for found in results)
    return {"gradable": True, "score": score, "tests": tests, "output": output}


def markdown(results: list[Found]) -> str:
    """A table for each file, and the mistake and its fix below."""
    parts = []
    for found in results:
        lines = [f"## {found['file']}", "", "| gradient | verdict | |", "|---|---|---|"]
        for row in found.get("gradients") or []:
            note = row["note"].replace("|", "\\|")
            lines.append(f"| {row['name']} | {row['verdict']} | {note} |")
        if not found.get("gradients"):
            lines = [*lines[:2], found["text"]]
        for cause in (found.get("causes") or [])[:1]:
            lines += ["", f"**Mistake:** {cause['explanation']} (`{cause['kind']}`)"]
        if found.get("fix"):
            lines += ["", "```diff", found["fix"]["diff"], "```"]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


FORMS: dict[str, Callable[[list[Found]], Any]] = {
    "junit": junit,
    "gradescope": gradescope,
    "prairielearn": prairielearn,
    "markdown": markdown,
}
