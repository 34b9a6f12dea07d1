"""Checks the generated Python package in dist/packages/python.

The signature of each construct begins with its required arguments, and the examples give the arguments that the signatures have.
"""

import ast
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = "cdk_datafold_postgres"
GENERATED = ROOT / "dist/packages/python/src" / PACKAGE / "__init__.py"


def is_required(function, position):
    return function.args.kw_defaults[position] is None


def signatures():
    """Returns the generated functions by `Class` (its initializer) and `Class.method`."""
    found = {}
    for node in ast.parse(GENERATED.read_text()).body:
        if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
            continue
        for function in node.body:
            if isinstance(function, ast.FunctionDef):
                name = node.name if function.name == "__init__" else f"{node.name}.{function.name}"
                found.setdefault(name, function)
    return found


def order_problems(name, function):
    required = [is_required(function, i) for i, _ in enumerate(function.args.kwonlyargs)]
    if required == sorted(required, reverse=True):
        return []
    names = [one.arg for one in function.args.kwonlyargs]
    return [f"{name}: the required arguments are not the first of {', '.join(names)}"]


def call_problems(where, name, call, function):
    known = [one.arg for one in function.args.kwonlyargs]
    given = [keyword.arg for keyword in call.keywords]
    missing = [one for i, one in enumerate(known) if is_required(function, i) and one not in given]
    return [
        *(f"{where}: {name} has no argument {one}" for one in given if one not in known),
        *(f"{where}: {name} needs the argument {one}" for one in missing),
    ]


def example_problems(file, functions):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in functions:
            yield from call_problems(file.relative_to(ROOT), name, node, functions[name])


functions = signatures()
constructs = {name: one for name, one in functions.items() if [arg.arg for arg in one.args.args[1:3]] == ["scope", "id"]}
problems = [problem for name, one in constructs.items() for problem in order_problems(name, one)]
for example in sorted(ROOT.glob("examples/*/app.py")):
    problems.extend(example_problems(example, functions))
if not constructs or problems:
    sys.exit("\n".join(problems) or f"{GENERATED} has no constructs")
