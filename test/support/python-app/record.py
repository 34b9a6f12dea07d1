"""Runs a CDK app that is written in Python, and prints the same app in TypeScript.

The jsii runtime is not needed: each module of the CDK is a proxy, which records what is called as an expression of TypeScript.
A Python class that is called with keyword arguments alone is a struct, except App.
"""

import importlib.abc
import importlib.machinery
import json
import re
import runpy
import sys
import types

MODULES = {"aws_cdk": "aws-cdk-lib", "constructs": "constructs", "cdk_datafold_postgres": "cdk-datafold-postgres"}
lines = []
imported = {}


def camel(name):
    """Returns the name that jsii converted: `database_name` is databaseName; classes and constants stay."""
    return name if name[0].isupper() else re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def literal(value):
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {literal(one)}" for key, one in value.items()) + "}"
    return json.dumps(value)


def struct(keywords):
    return "{" + ", ".join(f"{camel(key)}: {literal(value)}" for key, value in keywords.items()) + "}"


class Expression:
    def __init__(self, text):
        self.text = text

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        asserted = "" if name[0].isupper() or self.text[0].isupper() else "!"
        return Expression(f"{self.text}.{camel(name)}{asserted}")

    def __iter__(self):
        # What a loop does is recorded once, for the first element.
        yield Expression(f"{self.text}[0]")

    def __call__(self, *positional, **keywords):
        called = self.text.rstrip("!")
        name = called.split(".")[-1]
        is_class = name[0].isupper() and not name.isupper()
        if is_class and keywords and not positional and name != "App":
            return Expression(f"({struct(keywords)} satisfies {called})")
        arguments = [*map(literal, positional), *([struct(keywords)] if keywords else [])]
        variable = f"v{len(lines)}"
        lines.append(f"const {variable} = {'new ' if is_class else ''}{called}({', '.join(arguments)});")
        return Expression(variable)


class Module(types.ModuleType):
    """A module of a library; `from aws_cdk import aws_rds as rds` gives its part `aws_rds`."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        imported.setdefault(MODULES[self.__name__], set()).add(name)
        return Expression(name)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name in MODULES else None

    def create_module(self, spec):
        return Module(spec.name)

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Finder())
runpy.run_path(sys.argv[1], run_name="__main__")
for library, names in imported.items():
    print(f"import {{ {', '.join(sorted(names))} }} from '{library}';")
print("\n".join(lines))
