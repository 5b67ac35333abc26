"""Answers to questions, and examples, that say everything at once or nothing that can be read."""

from tests.forgery.attack import EXAMPLES, Attack

NUMERIC, SINGLE = "q2_1_update", "q2_2_same"
# Every one of these must be refused, whatever the key is.
LETTERS = {
    "all letters": "'ABCD'",
    "all letters in a list": "['A', 'B', 'C', 'D']",
    "a letter and its negation": "'A or B or C or D'",
    "letters in a dict": "{'A': True, 'B': True}",
    "an index": "0",
    "a text equal to everything": "type('Any', (str,), {'__eq__': lambda a, b: True, '__hash__': str.__hash__})('B')",
    "a list that answers by turns": "type('Turns', (list,), {'__getitem__': lambda s, i: 'A'})(['B', 'C'])",
    "a letter of another script": "'\\u0410'",
    "a giant text": "'A' * 10**6",
    "a hundred thousand letters": "['A', 'B', 'C', 'D'] * 20_000",
    "nothing but punctuation": "'(,;[])'",
    "a wildcard": "'*'",
    "a regular expression": "'[A-D]'",
    "a function": "lambda: 'A'",
}
NUMBERS = {
    "not a number": "float('nan')",
    "not a number, as text": "'nan'",
    "infinity": "float('inf')",
    "beyond all numbers": "'1e400'",
    "a fraction of nothing": "'0/0'",
    "a range": "'0..9'",
    "a tolerance": "'4 +- 100'",
    "every number": "list(range(100))",
    "an array of numbers": "np.arange(10.0)",
    "a giant fraction": "'9' * 40 + '/' + '7' * 40",
    "five thousand digits": "'4' * 5_000",
    "an int of five thousand digits": "10**5000",
    "superscripts": "'4\\u00b2'",
    "true": "True",
    "an object that converts by turns": "type('Turns', (), {'__float__': lambda s: 4.0})()",
    "a class of floats": "type('Any', (float,), {'__sub__': lambda a, b: 0.0, '__rsub__': lambda a, b: 0.0})(7)",
    "an expression": "'2+2'",
    "a text among many numbers": "['x' * 9_999] + [0] * 30_000",
    "an endless exponent": "'1e999999999'",
    "a mapping": "{'answer': 4}",
}
PAIRS = {
    "no examples": "[]",
    "examples of nothing": "[([], [])]",
    "empty rows": "[([[]], [[]])]",
    "giant numbers": "[([[1e300], [1e308]], [[1e300], [1e308]])]",
    "numbers beyond the bound of leniency": "[([[1e9 + 1], [1.0]], [[1e9], [1.0]])]",
    "not numbers": "[([[np.nan], [1.0]], [[np.nan], [np.nan]])]",
    "infinite numbers": "[([[np.inf], [1.0]], [[np.inf], [np.inf]])]",
    "ragged rows": "[([[1.0], [1.0, 2.0]], [[1.0], [1.0, 2.0]])]",
    "a million rows": "[(np.zeros((10**6, 1)), np.zeros((10**6, 1)))]",
    "a thousand examples": "[([[1.0], [3.0]], [[1.0], [2.0]])] * 1_000",
    "three members a pair": "[([[1.0]], [[1.0]], [[1.0]])]",
    "a dict": "{'x': [[1.0]], 'expected': [[1.0]]}",
    "an endless generator": "(([[1.0]], [[1.0]]) for _ in iter(int, 1))",
    "complex numbers": "[(np.ones((3, 1)) * 1j, np.ones((3, 1)) * 1j)]",
    "texts": "[([['1'], ['3']], [['1'], ['2']])]",
    "texts among the numbers": "[([['x' * 9_999] + [0] * 30_000], [[0] * 30_001])]",
    "another dimension": "[(np.ones((2, 2, 2)), np.ones((2, 2, 2)))]",
    "wrong in every row": "[([[1.0], [3.0], [8.0]], [[1.0], [4.0], [12.0]])]",
    "wrong within a giant scale": "[([[1e9], [0.0], [5e8]], [[1e9], [5.1e8], [5.1e8]])]",
    "a shape that broadcasts": "[([[1.0], [3.0]], [[1.0]])]",
    "ints of 300 digits": "[([[2**1000], [1]], [[2**1000], [2**999]])]",
    "wrong by less than a half": "[(np.array([[100], [300]], np.int8 if 0 else int), [[100], [201]])]",
    "half precision that overflows": "[(np.full((3, 1), 6e4, np.float16), [[6e4], [6e4], [5e4]])]",
}
# Valid, and so worth the points of valid examples, but they expose little.
THIN = {
    "one row": ("[([[1.0, 2.0]], [[1.0, 2.0]])]", 2.5),
    "all the same": ("[([[3.0], [3.0], [3.0]], [[3.0], [3.0], [3.0]])]", 2.5),
    "nothing but zeros": ("[(np.zeros((3, 2)), np.zeros((3, 2)))] * 20", 2.5),
    "small beside a giant": ("[([[1e9], [-1e9], [3.0]], [[1e9], [0.0], [0.0]])]", 3.0),
}

ATTACKS = (
    *(Attack("letters", name, f"{SINGLE} = {value}", SINGLE) for name, value in LETTERS.items()),
    *(Attack("numbers", name, f"{NUMERIC} = {value}", NUMERIC) for name, value in NUMBERS.items()),
    *(Attack("examples", name, f"def {EXAMPLES}():\n    return {value}\n", EXAMPLES) for name, value in PAIRS.items()),
    *(
        Attack("examples", name, f"def {EXAMPLES}():\n    return {value}\n", EXAMPLES, most=most)
        for name, (value, most) in THIN.items()
    ),
    Attack("examples", "the reference looked for", f"def {EXAMPLES}():\n    import gc\n    x = [[1.0], [3.0], [8.0]]\n"
           "    gc.unfreeze()\n    for f in gc.get_objects():\n        if type(f).__name__ == 'function' and f.__name__ == 'cumulative_average':\n"
           "            return [(x, f(np.array(x)) * 0)]\n    return []\n", EXAMPLES),
)  # fmt: skip
