"""What runs a cell, watches it or shows its result, bent by a submission."""

from autograder.course.source_notebook import Json
from tests.forgery.attack import WRONG, Attack, cell

DROPS_ASSERTS = """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Compare(self, node): return ast.Constant(True)
get_ipython().ast_transformers.append(Drop())
"""
REWRITES = """
def rewrite(lines): return ["4.0\\n"] if any("check(" in line for line in lines) else lines
get_ipython().input_transformers_cleanup.append(rewrite)
get_ipython().input_transformers_post.append(rewrite)
"""
EVENTS = """
def event(*args):
    for item in args:
        for name in ("result", "error_in_exec", "error_before_exec"):
            try: setattr(item, name, None if "error" in name else 4.0)
            except Exception: pass
for name in ("pre_run_cell", "post_run_cell", "pre_execute", "post_execute"):
    get_ipython().events.register(name, event)
"""
MAGIC = """
from IPython.core.magic import register_line_cell_magic, register_line_magic
@register_line_cell_magic
def score(line, cell=None): return 4.0
@register_line_magic
def check(line): return 4.0
%score
"""
DISPLAY = """
import sys
def show(value): return old(4.0)
old = sys.displayhook
sys.displayhook = show
get_ipython().displayhook.__class__.__call__ = lambda self, value=None: None
get_ipython().display_pub.publish = lambda *a, **k: None
print(4.0)
4.0
"""
TRACE = """
import sys
def trace(frame, event, arg):
    frame.f_locals["points"] = 4.0
    return trace
sys.settrace(trace)
sys.setprofile(trace)
"""
IMPORTER = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        print("importing", name)
        return None
sys.meta_path.insert(0, Finder())
sys.path_hooks.insert(0, lambda path: None)
sys.path_importer_cache.clear()
"""
NAMESPACE = """
class Names(dict):
    def __contains__(self, name): return True
    def __getitem__(self, name):
        return dict.get(self, name, lambda *a, **k: 4.0)
ip = get_ipython()
ip.user_ns = Names(ip.user_ns)
"""
ERRORS = """
def swallow(shell, kind, value, trace, tb_offset=None): return None
get_ipython().set_custom_exc((BaseException,), swallow)
import sys
sys.excepthook = sys.unraisablehook = lambda *a: None
"""
AT_EXIT = """
import atexit, weakref, sys
atexit.register(lambda: print(4.0))
class Last:
    def __del__(self): print(4.0)
keep = Last()
"""
AUTOCALL = "get_ipython().autocall = 2\nget_ipython().ast_node_interactivity = 'all'\n"


def _tags(notebook: Json) -> None:
    for item in notebook["cells"]:
        item["metadata"]["tags"] = ["skip-execution", "raises-exception", "remove-cell", "hide-output"]


def _check_cells_of_its_own(notebook: Json) -> None:
    cell(notebook, "cumulative_average")["source"] = "4.0"
    cell(notebook, "cumulative_average")["outputs"] = [
        {"output_type": "execute_result", "data": {"text/plain": "4.0"}, "metadata": {}, "execution_count": 1}
    ]


ATTACKS = (
    *(
        Attack("hooks", name, source + WRONG, confined=confined)
        for name, source, confined in (
            ("a transformer that drops asserts", DROPS_ASSERTS, False),
            ("a transformer that rewrites check cells", REWRITES, False),
            ("events around each cell", EVENTS, False),
            ("magics named like the check", MAGIC, True),
            ("what shows results", DISPLAY, True),
            ("trace and profile functions", TRACE, False),
            ("an importer", IMPORTER, True),
            ("a namespace that has everything", NAMESPACE, False),
            ("a handler that swallows exceptions", ERRORS, True),
            ("what runs at exit", AT_EXIT, True),
            ("automatic calls", AUTOCALL, False),
        )
    ),
    Attack("hooks", "tags that skip cells", WRONG, change=_tags),
    Attack("hooks", "a check cell with its own points", WRONG, change=_check_cells_of_its_own, said="Fixed cells"),
)
