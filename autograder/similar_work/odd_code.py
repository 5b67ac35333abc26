"""Lines of a hand-in that are worth a look: they reach for the grading rather than for the answer.

A line is found by its text alone, and may be harmless. Nothing here costs or earns points: what is tried in the sandbox
fails there, or is only an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_CHARACTERS = 100_000  # of a cell
MOST_LINE, SHOWN = 2_000, 160  # characters of a line that are read, and shown
MOST_LINES = 5  # of a notebook
_MODULE = r"(?:np|numpy|math|operator|builtins|__builtins__|cmath|statistics)"
_NAME = r"(?:\.\w{1,40}){1,5}"  # bounded, as all repetitions that could meet themselves
_VALUE = r"(?:True|False|0(?:\.0*)?|1(?:\.0*)?)"
_DUNDER = r"__(?:eq|ne|lt|le|gt|ge|sub|rsub|abs|bool|float|int|index|iter|len)__"
CODE: dict[str, str] = {
    "replaces a function of numpy or Python": rf"""
        (?:^|[=;,]) \s* {_MODULE} {_NAME} \s{{0,3}} = (?!=) | \b setattr \s* \( \s* (?:{_MODULE}|module|np\.\w+) \s* ,
        | \b vars \( \s* {_MODULE} \s* \) \s* [\[.] | \b {_MODULE} \.__dict__ | __builtins__ \s* \[
        | ^ \s* (?:AssertionError|__import__) \s* = | \b sys\.(?:displayhook|excepthook|stdout|stderr) \s* = (?!=)""",
    "makes an object that equals or converts to whatever is wanted": rf"""
        \b def \s+ {_DUNDER} .* : \s* return \s+ {_VALUE} \s* $
        | ['"]?{_DUNDER}['"]? \s* [=:] \s* lambda .* : \s* {_VALUE}
        | \b def \s+ __(?:array|array_ufunc|array_function|array_finalize|array_interface|instancecheck)__
        | ^ \s* __class__ \s* = | \b __array_(?:interface|struct)__""",
    "hooks into how cells are run": r"""
        \b get_ipython \s* \( \s* \) \s* \. (?!run_line_magic|run_cell_magic|system\b|magic\b)
        | \b ast_transformers | \b events\.register | \b input_transformers | \b register_(?:line|cell)_magic
        | \b set_custom_exc | \b sys\.(?:settrace|setprofile|addaudithook|meta_path|path_hooks|monitoring)
        | \b threading\.set(?:trace|profile) | \b atexit\.register | \b ip\.(?:events|run_cell|user_ns)
        | \b gc\.callbacks | \b displayhook""",
    "looks around in the memory of the process": r"""
        \b _getframe | \b f_(?:back|globals|locals|builtins) \b | \b tb_frame | \b gi_frame
        | \b inspect\.(?:stack|currentframe|trace|getouterframes)
        | \b gc\.(?:get_objects|get_referrers|get_referents|unfreeze) | __subclasses__
        | \b import \s+ ctypes | \b ctypes\. | \b sys\.modules | __(?:globals|closure|code)__ | \b _[io]h \s* \[ """,
    "ends or signals processes": r"""
        \b os\.(?:_exit|abort|kill|killpg) \s* \( | \b signal\.(?:raise_signal|alarm|setitimer|signal|pthread_kill)
        | \b faulthandler\._ | \b resource\.setrlimit""",
    "starts processes or programs": r"""
        \b os\.(?:system|popen|fork|forkpty|spawn\w+|exec[lv]\w*|posix_spawn) \s* \(
        | \b (?:import|from) \s+ subprocess | \b subprocess\. | \b multiprocessing\.(?:Process|Pool)
        | \b pty\.(?:spawn|fork) """,
    "looks for files of the grader or of others": r"""
        ["'/](?:proc|etc)/ | gradebook | nbgrader | ["'/]submitted\b | \b public\.json | \b check\.py
        | \b (?:import|from) \s+ (?:autograder|solutions|tasks)\b | import_module \s* \( | ["'/]autograder\b
        | \b os\.(?:walk|scandir|listdir|symlink|link|chmod|mkfifo) \s* \( | \b os\.environ\.(?:values|items)
        | \b glob \s* \( .* (?:ipynb|/\*) | \.rglob \s* \( | \b sys\.(?:orig_)?argv | exec \s* \( \s* open""",
    "opens a network connection": r"""
        \b (?:import|from) \s+ (?:socket|requests|httpx|aiohttp|ftplib|smtplib|paramiko|websocket\w*)\b
        | \b socket\.socket | \b socket\.create_connection | \b urlopen \s* \( | \b urlretrieve | \b http\.client
        | ^ \s* ! \s* (?:curl|wget|ssh)\b """,
    "writes past the notebook's outputs": r"""
        \b os\.(?:write|dup2?|fdopen|close) \s* \( | \b open \s* \( \s* \d | sys\.__std(?:out|err|in)__
        | /dev/(?:fd|tty|std) | sitecustomize | \b usercustomize""",
}
SPEAKS = "speaks to whoever or whatever grades it"
_GIVE = r"(?:give|award|assign|grant)"
_WHOM = r"(?:me|us|this|it|them|(?:my|the|this)\s(?:\w+\s)?(?:answer|student|submission|code|work))"
_MARKS = r"(?:marks?|points?|credits?|scores?|grades?)"
_MACHINE = r"(?:grader|examiner|language\smodel|llm|ai|assistant|chatbot|tutor)"
TEXT = rf"""
    \b (?:ignore|disregard|forget|override) \s (?:\w+\s){{0,3}} (?:previous|prior|above|earlier|system) \s
        (?:\w+\s)? (?:instruction|prompt|rule|message|criteri)
    | \b {_GIVE} \s {_WHOM} \s (?:the\s)? (?:full|maximum|max|all|top|highest|100) \s (?:\w+\s)? {_MARKS}
    | \b (?:{_GIVE}|deserves?) \s (?:full|maximum|100) \s {_MARKS}
    | \b you \s are \s (?:now\s)? (?:an?|the) \s (?:\w+\s){{0,3}} {_MACHINE} \b
    | \b (?:note|message|instructions?|attention) \s (?:to|for) \s (?:the\s)?
        (?:grader|ai|llm|language\smodel|autograder|model)\b
    | \b (?:mark|grade|score|rate) \s (?:this|it|my) \s (?:\w+\s){{0,2}} (?:as \s)?
        (?:correct|right|full|100|perfect)
    | \b system \s prompt \b | <\|im_start\|> | \[/?inst\]"""

# What a line of code must hold to be looked at closely: this is found ten times as fast.
HINTS = """
    __ setattr vars( _ih _oh get_ipython transformers events.register set_custom_exc sys. threading. atexit. ip. gc.
    displayhook f_back f_globals f_locals f_builtins _getframe tb_frame gi_frame inspect. ctypes AssertionError os.
    signal. faulthandler. resource. subprocess multiprocessing. pty. proc/ etc/ gradebook nbgrader submitted
    public.json check.py autograder solutions tasks import_module glob exec socket requests httpx aiohttp ftplib
    smtplib paramiko websocket urlopen urlretrieve http.client curl wget ssh open( sitecustomize usercustomize
    /dev/ register_
""".split()  # noqa: SIM905
TEXT_HINTS = (
    *("ignore", "disregard", "forget", "override", "give", "award", "assign", "grant", "deserve", "you are", "note"),
    *("message", "instruction", "attention", "mark", "grade", "score", "rate", "system prompt", "im_start", "inst]"),
)


@dataclass(frozen=True)
class OddLine:
    """A line worth a look: `does` says why, as in "this line `does`"; `number` counts the cell's lines from 1. `text`
    is the student's own, to be escaped where it is shown."""

    does: str
    number: int
    text: str


def odd_lines(cells: Iterable[tuple[str, str]]) -> tuple[OddLine, ...]:
    """The first odd lines of some cells, each a kind ("code", or a text's) and a source."""
    found: list[OddLine] = []
    for kind, source in cells:
        found += _of_a_cell(kind, source[:MOST_CHARACTERS])
        if len(found) >= MOST_LINES:
            break
    return tuple(found[:MOST_LINES])


def _of_a_cell(kind: str, source: str) -> Iterator[OddLine]:
    if not (kind == "code" and _may_be_odd(source)) and not _speaks(source):
        return
    found = False
    for number, line in enumerate(source.splitlines(), 1):
        does = _does(kind, line[:MOST_LINE])
        if does:
            found = True
            yield OddLine(does, number, line.strip()[:SHOWN])
    if not found and (said := _TEXT.search(_small(source))):  # over the end of a line
        yield OddLine(SPEAKS, 1, said[0][:SHOWN])


def _does(kind: str, line: str) -> str:
    if _speaks(line):
        return SPEAKS
    if kind == "code" and not line.lstrip().startswith("#") and _may_be_odd(line):
        return next((does for does, pattern in _CODE.items() if pattern.search(line)), "")
    return ""


def _may_be_odd(code: str) -> bool:
    return any(hint in code for hint in HINTS) or bool(_ATTRIBUTE_SET.search(code))


def _speaks(text: str) -> bool:
    small = text.lower()
    return any(hint in small for hint in TEXT_HINTS) and bool(_TEXT.search(_small(text)))


def _small(text: str) -> str:
    return " ".join(text.lower().split())


_CODE = {does: re.compile(pattern, re.VERBOSE) for does, pattern in CODE.items()}
_ATTRIBUTE_SET = re.compile(r"\.\w{1,40}\s{0,3}=(?!=)")
_TEXT = re.compile(TEXT, re.VERBOSE)
