"""Odd programs, as nobody would think of them and somebody will write them: a right or a wrong one, with twists."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Iterator

from autograder.course.course import Assignment
from autograder.course.solved_notebook import solution
from autograder.course.task import Task

from .odd_values import RESULTS, lines

# Wraps the function, or each method of the class, as `function`.
TWIST = """
def twisted(function, kept=[]):
    def odd(*args):
        {body}
    return odd

if isinstance({name}, type):
    for key, member in list(vars({name}).items()):
        if callable(member) and not key.startswith("__"):
            setattr({name}, key, twisted(member))
else:
    {name} = twisted({name})
"""
NAMES = """
import gc, itertools, sys, warnings
from collections import deque, namedtuple
from decimal import Decimal
from fractions import Fraction

class Mine(np.ndarray):
    @staticmethod
    def of(value): return value.view(Mine) if type(value) is np.ndarray else value

class Listed(list): pass
class Own(Exception): pass
class Base(BaseException): pass
class Unspeakable(Exception):
    def __str__(self): raise RuntimeError
Pair = namedtuple("Pair", "one two")

def arrays(args): return [arg for arg in args if type(arg) is np.ndarray]
def spoil(args, act):
    for arg in arrays(args): act(arg)
    for arg in args:
        if type(arg) is list and arg: arg.append(arg[0])
"""
PREFACES = lines("""
np.seterr(all="raise")
np.errstate(all="raise").__enter__()
import warnings; warnings.simplefilter("error")
np.set_printoptions(precision=1)
np.random.seed(1)
from math import *
import sys; sys.setrecursionlimit(2000)
abs = sum = len
import logging; logging.disable()
__name__ = "odd"
x = n = k = mu = h = 3
""")
BODIES = """
result = function(*args)
spoil(args, lambda a: a.__iadd__(1))
return result

result = function(*args)
spoil(args, lambda a: a.__iadd__(0))
return result

result = function(*args)
spoil(args, lambda a: a.__imul__(-1))
return result

result = function(*args)
spoil(args, lambda a: a.sort(axis=0))
return result

result = function(*args)
spoil(args, lambda a: a.setflags(write=False))
return result

result = function(*args)
spoil(args, lambda a: a.resize((1, 2), refcheck=False))
return result

result = function(*args)
print("x" * 1000)
return result

spoil(args, lambda a: a.__ifloordiv__(1))
return function(*args)

spoil(args, lambda a: setattr(a, "shape", (-1,)))
return function(*args)

spoil(args, lambda a: setattr(a, "dtype", np.uint8))
return function(*args)

spoil(args, lambda a: a.fill(-0.0))
return function(*args)

before = [arg.copy() for arg in arrays(args)]
spoil(args, lambda a: a.__iadd__(1))
for arg, old in zip(arrays(args), before): arg[...] = old
return function(*args)

return function(*args) if all(arg.flags.owndata for arg in arrays(args)) else None

return function(*map(np.copy, args))

return function(*map(Mine.of, args))

return function(*(arg.astype(float) if type(arg) is np.ndarray else arg for arg in args))

return function(*args, 1)

return function(*args[:-1])

return function(*args[::-1])

return odd(*args)

kept.append(function(*args))
return kept[0]

kept.append(function(*args))
return kept[-1]

kept.append(function(*args))
kept[0] *= 1.5
return kept[-1]

kept.append(1)
return function(*args) if len(kept) % 2 else None

kept.append(1)
return function(*args) if len(kept) < 3 else 1 / 0

if len(kept) % 2: raise NotImplementedError
kept.append(1)
return function(*args)

print("x", file=sys.stderr)
return function(*args)

sys.stdout = None
return function(*args)

gc.collect()
return function(*args)

np.random.seed(3)
return function(*args) + 1e-3 * np.random.rand()

warnings.warn("odd")
return function(*args)

with warnings.catch_warnings(record=True) as seen:
    warnings.warn("odd")
return function(*args)

unused = np.zeros(2) / np.zeros(2)
return function(*args)

np.seterr(all="raise")
return function(*args)

np.log(0.0), np.exp(1000.0), np.float64(1) / 0
return function(*args)

with np.errstate(all="raise"):
    return function(*args)

try:
    np.zeros(1) / 0
except Exception:
    return "strict"
return function(*args)

try:
    return function(*args)
except Exception:
    return None

try:
    return function(*args)
finally:
    print("done")

yield from function(*args)

yield function(*args)

yield 1
raise OSError("late")

await function(*args)

1 / 0

assert not args

import nothing_of_this_name

raise NotImplementedError

raise ValueError("no")

raise TypeError

raise RuntimeWarning("w")

raise StopIteration

raise SystemExit

raise GeneratorExit

raise Base("odd")

raise Own("odd")

raise Unspeakable

raise ExceptionGroup("x", [ValueError(1)])
""".strip().split("\n\n")
WRAPS = """
import functools
{name} = functools.partial({name})

import functools
{name} = functools.lru_cache({name})

class Called:
    def __init__(self, function): self.function = function
    def __call__(self, *args): return self.function(*args)
{name} = Called({name})

right = {name}
{name} = lambda *args: right(*args)

right = {name}
class {name}:
    def __new__(cls, *args): return right(*args)

{name} = staticmethod({name})

{name} = 3

{name} = None

del {name}

class {name}: pass

def {name}(): return 3

def {name}(*args): pass

def {name}(*args): ...

async def {name}(*args): return 3
""".strip().split("\n\n")


def odd_programs(assignment: Assignment, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many times a task of the assignment and a cell for it; the same for the same seed."""
    chance = random.Random(f"{assignment.name} {seed}")
    tasks = [item for item in assignment.items.values() if isinstance(item, Task)]
    for _ in range(count):
        task = chance.choice(tasks)
        right = [solution(assignment, task.id)] * 3 + [program.source for program in task.alternatives]
        wrong = [program.source for program in task.wrong_programs]
        lines = [chance.choice(wrong if chance.random() < 0.25 else right), NAMES]
        lines += [_twist(chance, task.id) for _ in range(chance.choice((1, 1, 1, 2)))]
        if chance.random() < 0.2:
            lines.insert(0, chance.choice(PREFACES))
        yield task.id, "\n".join(lines)


def _twist(chance: random.Random, name: str) -> str:
    kind = chance.random()
    if kind < 0.15:
        return chance.choice(WRAPS).format(name=name)
    body = chance.choice(BODIES)
    if kind < 0.55:
        body = "return " + chance.choice(RESULTS).format(r="function(*args)")
    return TWIST.format(name=name, body=textwrap.indent(body, " " * 8).strip())
