"""Loaded by Python before the emulated AWS starts (PYTHONPATH): puts right where the emulator is known to be wrong about AWS.

CreateGroup is about the group with its path, arn:aws:iam::ACCOUNT:group/PATH/NAME ("group*" with GroupNameWithPath in the
service authorization reference of IAM). The emulator leaves the path out, as there is no such group yet.
"""
import importlib.util
import sys


def mend(enforce):
    resources_of = enforce.resources_of

    def mended(service, op, params, region):
        if service == "iam" and op == "CreateGroup" and params.get("Path"):
            return [[f"arn:aws:iam::{enforce.ACCOUNT}:group{params['Path']}{params['GroupName']}"]]
        return resources_of(service, op, params, region)

    enforce.resources_of = mended


class Finder:
    """Finds the emulator's module `enforce` as ever, and mends it when it is there."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != "enforce":
            return None
        sys.meta_path.remove(cls)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            mend(module)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder)
