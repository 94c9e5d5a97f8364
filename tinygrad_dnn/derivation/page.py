"""A derivation as HTML: formulas in MathML, the insides of a step behind a click; no script, nothing from elsewhere."""

from html import escape
from typing import NamedTuple

from .typesetting import mathml

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --card: #f6f8fa;
  --gradient: #a84400; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4af; --line: #3d444d; --paper: #0d1117;
  --card: #161b22; --gradient: #ff9a5c; } }
body { color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif; max-width: 60rem;
  margin: 1.5rem auto; padding: 0 1rem; }
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", math; font-size: 1.15em; }
.code { font-family: ui-monospace, monospace; font-size: 0.85em; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
ol { list-style: none; margin: 0; padding: 0; }
li { border: 1px solid var(--line); border-radius: 6px; background: var(--card); padding: 0.6rem 0.9rem;
  margin: 0.5rem 0; overflow: auto hidden; }
.forward li { border: 0; background: none; padding: 0.1rem 0.9rem; margin: 0; }
.head { display: flex; gap: 1rem; justify-content: space-between; align-items: baseline; flex-wrap: wrap; }
.side, .note, summary { color: var(--soft); font-size: 0.9rem; }
.note { margin: 0.2rem 0; }
li[id] .left { color: var(--gradient); }
pre { margin: 0.3rem 0 0; font-size: 0.85rem; }
""".strip()


class Card(NamedTuple):
    """What is shown of a step: formulas in code, the rest as plain text."""

    name: str
    formula: str
    chain: str
    recorded: str
    side: str
    notes: list[str]
    value: str


def math(left: str, code: str) -> str:
    """left = code, in MathML; left is the name of a variable or of a gradient."""
    return f'<math displaystyle="true">{equation(left, code)}</math>'


def equation(left: str, code: str) -> str:
    return f'<mrow class="left">{mathml(left)}</mrow><mo>=</mo>{mathml(code)}'


def line(formula: str, side: str) -> str:
    return f'<div class="head">{formula}<span class="side">{escape(side)}</span></div>'


def shown(card: Card) -> str:
    """A step: its formula, shape and line, what is to say of it, and how it was recorded."""
    d = f"d{card.name}"
    parts = [line(math(d, card.formula), card.side)]
    parts += [f'<p class="note">by the chain rule {math(d, card.chain)}</p>'] if card.chain else []
    parts += [f'<p class="note">{escape(note)}</p>' for note in card.notes]
    parts += [f"<pre>{escape(card.value)}</pre>"] if card.value else []
    if card.recorded and card.recorded != card.formula:
        parts.append(f"<details><summary>as it was recorded</summary>{math(d, card.recorded)}</details>")
    return f'<li id="{escape(d)}">{"".join(parts)}</li>'


def document(title: str, sentence: str, forward: list[tuple[str, str, str]], cards: list[Card]) -> str:
    """A derivation as a page of its own, that loads nothing. forward: name, formula and place of each variable."""
    steps = "\n".join(map(shown, cards))
    computed = "".join(f"<li>{line(math(name, code), side)}</li>" for name, code, side in forward)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"/>'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><main><h1>{escape(title)}</h1>\n"
        f'<h2>Forward</h2><ol class="forward">{computed}</ol>\n<h2>Backward, from the cost</h2>'
        f"<p>{escape(sentence)}</p><ol>{steps}</ol></main></body></html>\n"
    )
