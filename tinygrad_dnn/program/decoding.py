"""Bytes as text with lines that end in a newline, and characters that only an editor takes for Python's.

Of a file that is not UTF-8 the code itself is ASCII, and what is to be told apart is Chinese comments and Western ones.
Two bytes of 0xA1 and more for each character are Chinese (GB 2312), single ones Western (Windows-1252): that is sure
for a word, where a general guess (charset-normalizer) needs a page.
"""

import codecs
import io
import re
import tokenize

_BYTE_ORDER = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_STRINGS = re.compile(r"'''[\s\S]*?'''|\"\"\"[\s\S]*?\"\"\"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|#[^\n]*")
_MEANT = {
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000", " "), **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", ""),
    **dict.fromkeys("“”„‟″", '"'), **dict.fromkeys("‘’‚‛′", "'"), **dict.fromkeys("−–—", "-"), "，": ",", "。": ".",
    "×": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=", "…": "...",
    **{chr(c + 0xFEE0): chr(c) for c in range(0x21, 0x7F) if not chr(c).isalnum()},  # as Chinese keyboards have them
}  # fmt: skip
_TABLE = str.maketrans(_MEANT)


def decoded(content: bytes) -> tuple[str, list[str]]:
    """The text of a file, and what was assumed of its characters."""
    text, notes = _characters(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    text = text.encode("utf-8", "replace").decode()  # half of a character, which no compiler takes
    if "\0" in text:
        text, notes = text.replace("\0", ""), [*notes, "Bytes that are zero were left out."]
    return text if text.endswith("\n") or not text else text + "\n", notes


def _characters(content: bytes) -> tuple[str, list[str]]:
    for mark, encoding in _BYTE_ORDER.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), []
    try:
        said, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(said), []
    except (SyntaxError, UnicodeDecodeError, LookupError):
        pass
    for encoding, name in (("utf-8-sig", "UTF-8"), (*_guessed(content),)):
        try:
            return content.decode(encoding), [
                f"It is not in the encoding that it should be in, and was read as {name}."
            ]
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), ["It is not UTF-8, and was read as Latin-1."]


def _guessed(content: bytes) -> tuple[str, str]:
    high = re.findall(rb"[\x80-\xff]+", content)
    pairs = all(len(run) % 2 == 0 and min(run) >= 0xA1 for run in high)
    return ("gb18030", "GB 18030") if pairs else ("cp1252", "Windows-1252")


def typed(text: str) -> str:
    """The text with spaces that do not break, typographic quotes and signs as Python has them, outside of strings."""
    if text.isascii():
        return text
    found, last = [], 0
    for string in _STRINGS.finditer(text):
        found += [text[last : string.start()].translate(_TABLE), string[0]]
        last = string.end()
    return "".join(found) + text[last:].translate(_TABLE)


def without_tabs(text: str) -> str:
    """Tabs before the first letter of a line as Python 2 read them: to the next column that eight divides."""
    return re.sub(r"^[ \f]*\t[ \t\f]*", lambda m: m[0].replace("\f", "").expandtabs(8), text, flags=re.M)
