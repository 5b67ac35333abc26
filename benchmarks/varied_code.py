"""Classes whose students write in their own ways, and copies of what one of them wrote.

Each starts from one of the course's programs for a task, right or wrong, as students come to the same few ideas; habits
of their own (how they loop, sum, index, name what is in between, guard, print) then turn it into what they hand in.
Nothing of this is run: a program may be spoilt on its way.
"""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Sequence

from autograder.course.course import Assignment
from autograder.course.solved_notebook import solution

Chance = random.Random
Answers = dict[str, str]  # by task, and "own 1", "own 2", ... for cells of the student's own
NAMES = """
    out res result total acc tmp s val vals y ys state prev cur row rows n k t idx w den num m avg step mean
""".split()  # noqa: SIM905
METHODS = ("sum", "mean", "cumsum", "max", "copy", "reshape", "astype", "transpose", "prod", "dot", "min")
OWN = (
    "x = np.array({numbers})\nprint({name}(x))",
    "for i in range({small}):\n    print(i, {name}(np.arange({small}) * {number}))",
    "test = np.linspace({number}, {small}, {small})\nplt.plot(test, [{name}(v) for v in test])\nplt.show()",
    "{name}(np.ones(({small}, {small})))",
    "a = {numbers}\nb = {numbers}\nnp.allclose(np.dot(a, b), {number})",
    "assert np.isclose({name}({numbers}), {number})",
    "print('{name}', {numbers})\nhelp({name})",
    "data = np.random.default_rng({small}).normal(size=({small}, {small}))\nprint(data.mean(axis=0), {name}(data))",
    "import time\nstart = time.time()\n{name}(np.zeros({small}))\nprint(time.time() - start)",
    "errors = []\nfor v in {numbers}:\n    errors.append(abs(v - {number}))\nprint(max(errors))",
)


def honest_class(assignment: Assignment, students: int, seed: int) -> list[Answers]:
    """What each of so many students hands in who work alone."""
    return [honest(assignment, Chance(f"{seed} {place} {assignment.name}")) for place in range(students)]


def honest(assignment: Assignment, chance: Chance) -> Answers:
    """What one student hands in."""
    habits = {name: chance.random() ** 2 for name in HABITS}
    skill, answers = chance.betavariate(4, 2), {}
    for task in assignment.tasks:
        if chance.random() < 0.06:
            continue  # left alone
        right = [solution(assignment, task.id), *(one.source for one in task.alternatives)]
        wrong = [one.source for one in task.wrong_programs] or right
        programs = right if chance.random() < skill else wrong
        place = min(int(chance.expovariate(1 / (1 + len(programs) / 4))), len(programs) - 1)
        answers[task.id] = in_own_way(programs[place], habits, chance)
    names = list(answers) or ["print"]
    for place in range(chance.choice((0, 0, 1, 1, 2, 3, 5))):
        numbers = [round(chance.uniform(-5, 5), chance.randrange(2)) for _ in range(chance.randrange(2, 6))]
        filled = {"numbers": numbers, "number": chance.choice((0.1, 0.5, 2, 3)), "small": chance.randrange(2, 12)}
        answers[f"own {place + 1}"] = chance.choice(OWN).format(name=chance.choice(names), **filled)
    return answers


def in_own_way(source: str, habits: dict[str, float], chance: Chance) -> str:
    """A program as somebody with these habits writes it."""
    tree = ast.parse(source)
    for name, habit in HABITS.items():
        if chance.random() < 0.3 + 0.7 * habits[name]:
            tree = habit(habits[name], chance).visit(tree)
    return commented(renamed(ast.unparse(ast.fix_missing_locations(tree)), chance), chance)


class Habit(ast.NodeTransformer):
    """Changes each place that it knows with some probability."""

    def __init__(self, often: float, chance: Chance):
        self.often, self.chance = often, chance

    def does(self) -> bool:
        return self.chance.random() < self.often


class Steps(Habit):
    """x += y or x = x + y; a name for what is returned, or for a part of it."""

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        read = ast.Name(ast.unparse(node.target))
        return ast.Assign([node.target], ast.BinOp(read, node.op, node.value)) if self.does() else node

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.stmt]:
        if node.value is None or isinstance(node.value, ast.Name) or not self.does():
            return node
        name = self.chance.choice(NAMES)
        return [ast.Assign([ast.Name(name)], node.value), ast.Return(ast.Name(name))]


class Parts(Habit):
    """Names for parts of an expression."""

    def _split(self, node: ast.Assign | ast.Return | ast.AugAssign) -> ast.AST | list[ast.stmt]:
        value = node.value
        inner = [part for part in ast.walk(value) if isinstance(part, ast.Call | ast.BinOp)][1:] if value else []
        if not inner or not self.does():
            return node
        part, name = self.chance.choice(inner), self.chance.choice(NAMES)
        kept = copy.deepcopy(part)
        Replace(part, ast.Name(name)).visit(node)
        return [ast.Assign([ast.Name(name)], kept), node]

    visit_Assign = visit_Return = visit_AugAssign = _split


class Replace(ast.NodeTransformer):
    """One node by another."""

    def __init__(self, old: ast.AST, new: ast.AST):
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


class Operands(Habit):
    """a + b or b + a, a < b or b > a, a @ b or np.dot(a, b), a ** 2 or a * a."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult) and self.does():
            return ast.BinOp(node.right, node.op, node.left)
        if isinstance(node.op, ast.MatMult) and self.does():
            return _call(f"np.{self.chance.choice(('dot', 'matmul'))}", node.left, node.right)
        if isinstance(node.op, ast.Pow) and self.does():
            return _call("np.power", node.left, node.right)
        return node


class Calls(Habit):
    """np.sum(x) or x.sum(), len(x) or x.shape[0], axis=0 or 0, 1 or 1.0, np.zeros or np.empty, np.array or asarray."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = ast.unparse(node.func)
        if not self.does() or not node.args:
            return node
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            if name.startswith("np."):
                return ast.Call(ast.Attribute(node.args[0], node.func.attr), node.args[1:], node.keywords)
            return ast.Call(ast.Name(f"np.{node.func.attr}"), [node.func.value, *node.args], node.keywords)
        if name == "len":
            return ast.Subscript(ast.Attribute(node.args[0], "shape"), ast.Constant(0))
        swaps = {"np.zeros": ("np.empty", "np.zeros"), "np.array": ("np.asarray", "np.stack", "np.vstack")}
        node.func = ast.Name(self.chance.choice(swaps.get(name, (name,))))
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        return ast.keyword(node.arg, ast.UnaryOp(ast.USub(), ast.Constant(1))) if self.often > 0.9 else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        whole = isinstance(node.value, float) and node.value.is_integer() and self.does()
        return ast.Constant(int(node.value)) if whole and isinstance(node.value, float) else node


class Loops(Habit):
    """range(n), range(0, n), enumerate, zip, or while; a comprehension written out."""

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if not self.does():
            return node
        name = self.chance.choice(NAMES)
        form = self.chance.randrange(4)
        if form == 0:
            return as_while(node, name)
        if form == 1:
            pair = ast.Tuple([ast.Name(name), node.target])
            return ast.For(pair, _call("enumerate", node.iter), node.body, node.orelse)
        if form == 2 and isinstance(node.iter, ast.Call) and len(node.iter.args) == 1:
            node.iter.args.insert(0, ast.Constant(0))
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.stmt]:
        made = next((part for part in ast.walk(node) if isinstance(part, ast.ListComp)), None)
        if made is None or not self.does():
            return node
        name, first = self.chance.choice(NAMES), made.generators[0]
        Replace(made, ast.Name(name)).visit(node)
        body: list[ast.stmt] = [ast.Expr(_call(f"{name}.append", made.elt))]
        return [ast.Assign([ast.Name(name)], ast.List([])), ast.For(first.target, first.iter, body, []), node]


class Guards(Habit):
    """Arrays made of arguments, edges looked at, things printed."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        names = [one.arg for one in node.args.args if one.arg != "self"]
        if names and self.does():
            first = self.chance.choice(names)
            lines = (
                f"{first} = np.asarray({first}, dtype=float)",
                f"{first} = np.array({first})",
                f"n = len({first})",
                f"if len({first}) == 0:\n    return np.array([])",
                f"if {first} is None:\n    raise ValueError('{first}')",
                f"assert {first} is not None",
                f"n, d = {first}.shape",
                f"print({first})",
                f"{first} = {first}.astype(float).copy()",
                f"shape = {first}.shape\nresult = np.zeros(shape)",
                f"if not isinstance({first}, np.ndarray):\n    {first} = np.array({first})",
            )
            node.body[:0] = ast.parse("\n".join(self.chance.sample(lines, self.chance.choice((1, 1, 2))))).body
        return node


HABITS: dict[str, type[Habit]] = {one.__name__: one for one in (Parts, Steps, Operands, Calls, Loops, Guards)}


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name), list(arguments), [])


def as_while(node: ast.For, name: str) -> list[ast.stmt]:
    """A for loop as somebody writes it who counts."""
    item = ast.Assign([node.target], ast.Subscript(node.iter, ast.Name(name)))
    count = ast.AugAssign(ast.Name(name), ast.Add(), ast.Constant(1))
    until = ast.Compare(ast.Name(name), [ast.Lt()], [_call("len", node.iter)])
    return [ast.Assign([ast.Name(name)], ast.Constant(0)), ast.While(until, [item, *node.body, count], [])]


def renamed(source: str, chance: Chance) -> str:
    """The same with other names of its own."""
    tree = ast.parse(source)
    made = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - {"np", "self", *dir(ast)})
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names = {name: f"{chance.choice(NAMES)}{chance.choice(('', '_', '2', 'x'))}{chance.randrange(99)}" for name in made}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in stored:
            node.id = names.get(node.id, node.id)
    return ast.unparse(tree)


def commented(source: str, chance: Chance) -> str:
    """The same with comments and lines broken elsewhere."""
    lines = []
    for line in source.splitlines():
        lines.append(f"{line}  # {chance.choice(NAMES)} {chance.randrange(99)}" if chance.random() < 0.2 else line)
        if line.startswith("def") and chance.random() < 0.3:
            lines.append(f'    """{" ".join(chance.sample(NAMES, 5))}"""')
    return "\n".join(lines)


def _with(source: str, change: type[Habit], chance: Chance) -> str:
    return ast.unparse(ast.fix_missing_locations(change(1.0, chance).visit(ast.parse(source))))


class _DeadCode(Habit):
    """A line that does nothing in front of every third."""

    LINES = ("unused = []", "debug = False", "if False:\n    print(0)", "_ = 1 + 1", "check = None", "counter = 0")

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        body = getattr(node, "body", None)
        if isinstance(body, list) and not isinstance(node, ast.Module):
            places = sorted(self.chance.sample(range(len(body)), max(1, len(body) // 3)), reverse=True)
            for place in places:
                body[place:place] = ast.parse(self.chance.choice(self.LINES)).body
        return node


class _OtherLoops(Habit):
    """Every loop in another form."""

    def visit_For(self, node: ast.For) -> list[ast.stmt]:
        self.generic_visit(node)
        return as_while(node, self.chance.choice(NAMES))

    visit_Return = Loops.visit_Return
    visit_AugAssign = Steps.visit_AugAssign


def _each(change: Callable[[str, Chance], str]) -> Callable[[Sequence[Answers], Chance], Answers]:
    def copied(sources: Sequence[Answers], chance: Chance) -> Answers:
        return {id: commented(renamed(change(text, chance), chance), chance) for id, text in sources[0].items()}

    return copied


def _merged(sources: Sequence[Answers], chance: Chance) -> Answers:
    first, second = sources
    tasks = [id for id in first if id in second]
    half = set(chance.sample(tasks, len(tasks) // 2))
    return {id: commented(renamed((second if id in half else first)[id], chance), chance) for id in tasks}


def _reordered(text: str, chance: Chance) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            chance.shuffle(node.body)
        if isinstance(node, ast.FunctionDef) and len(node.body) > 3:
            node.body[0], node.body[1] = node.body[1], node.body[0]
    chance.shuffle(tree.body)
    return ast.unparse(tree)


# How somebody hides what was copied, from one or (merged) from two. Each renames and comments as well.
COPIES: dict[str, Callable[[Sequence[Answers], Chance], Answers]] = {
    "renamed": _each(lambda text, chance: text),  # noqa: ARG005
    "reordered": _each(_reordered),
    "merged": _merged,
    "dead code": _each(lambda text, chance: _with(text, _DeadCode, chance)),
    "loops": _each(lambda text, chance: _with(text, _OtherLoops, chance)),
}
