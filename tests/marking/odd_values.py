"""Odd values: what may come of a right or wrong result, and what may stand where an answer to a question belongs."""

from __future__ import annotations


def lines(text: str) -> list[str]:
    """The lines of a text, without an empty one at either end."""
    return text.strip().splitlines()


# Each with the result in place of {r}.
RESULTS = lines("""
np.asarray({r}).tolist()
tuple({r})
list({r})
iter({r})
(row for row in {r})
map(abs, {r})
zip({r})
itertools.chain({r})
itertools.count()
np.nditer(np.asarray({r}))
{r}.flat
range(3)
np.asarray({r}).astype(np.float32)
np.asarray({r}, dtype=np.float16)
np.asarray({r}).astype(np.longdouble)
np.asarray({r}).astype(int)
np.asarray({r}).astype(bool)
np.asarray({r}).astype(complex)
np.asarray({r}).astype(object)
np.asarray({r}).astype(str)
np.asarray({r}).astype(">f8")
np.asfortranarray({r})
np.ma.array({r})
np.ma.array({r}, mask=True)
np.asarray({r}).view(Mine)
np.matrix({r})
np.asarray({r})[None]
np.asarray({r})[..., None]
np.asarray({r}).T
np.squeeze({r})
np.ravel({r})
np.broadcast_to({r}, (2, 3, 4))
{r}[:-1]
{r}[::-1]
{r} + 1e-7
{r} * (1 + 1e-13)
{r} * np.nan
{r} + 1j
-{r}
({r}, {r})
[{r}]
[[1], [2, 3], {r}]
{{"result": {r}}}
dict(enumerate({r}))
set(np.ravel({r}))
deque({r})
Listed({r})
Pair({r}, {r})
[np.float64(v) for v in {r}]
[Fraction(float(v)) for v in np.ravel({r})]
[Decimal(float(v)) for v in np.ravel({r})]
memoryview(np.asarray({r}))
b"1"
str({r})
print({r})
lambda: {r}
{r}.__class__
{r} and None
...
NotImplemented
""")
ANSWERS = lines("""
None
...
"A"
" b "
"ab"
"BA"
"AAB"
"A, B"
"A and B"
"Z"
""
"  "
"None"
["A", "B"]
{"A"}
("a",)
(letter for letter in "AB")
np.array(["A"])
b"A"
[]
0
1
1.0
True
0.25
-3
10**400
1j
float("nan")
float("inf")
np.float32(0.5)
np.array(2)
np.array([1.0])
[1.0]
"39/9"
"1/0"
"1e400"
"1,5"
"1_000"
"0x10"
"\\u22123"
"\\u00bd"
"\\uff11"
"nan"
__import__("fractions").Fraction(1, 3)
__import__("decimal").Decimal("1.5")
range(2)
object()
int
lambda: 1
type("Number", (float,), {})(0.5)
type("Text", (str,), {})("A")
type("Odd", (), {"__eq__": None, "__str__": None})()
""")
