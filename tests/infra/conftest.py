"""/usr/bin/python3 -m pytest tests/infra --binary build/listening"""
import os

import pytest

import template as template_module


def pytest_addoption(parser):
    parser.addoption("--binary", default=os.path.join(template_module.ROOT, "build", "listening"),
                     help="the program to test (build/listening)")


@pytest.fixture(scope="session")
def binary(request):
    path = os.path.abspath(request.config.getoption("--binary"))
    assert os.access(path, os.X_OK), f"{path} is no program; build it or name another with --binary"
    return path


@pytest.fixture(scope="session")
def template():
    return template_module.Template(template_module.read("infra/template.yaml"))
