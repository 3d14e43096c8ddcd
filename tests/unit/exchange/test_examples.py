"""The examples in the docstrings of the readers hold."""

import doctest
import importlib
import pkgutil

import pytest

from fairdraw.exchange import readers

MODULES = [f"fairdraw.exchange.readers.{module.name}" for module in pkgutil.iter_modules(readers.__path__)]


@pytest.mark.parametrize("name", [*MODULES, "fairdraw.exchange.writers", "fairdraw.exchange.formats.grid"])
def test_the_examples_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
