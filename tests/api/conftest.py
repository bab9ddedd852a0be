"""Fixtures: /usr/bin/python3 -m pytest tests/api --binary build/listening"""
import os
import shutil
import subprocess
import tempfile

import pytest

import contract as contract_module
import service as service_module


def pytest_addoption(parser):
    parser.addoption("--binary", default=os.path.join(contract_module.ROOT, "build", "listening"),
                     help="the program to test (build/listening)")


@pytest.fixture(scope="session")
def binary(request):
    path = os.path.abspath(request.config.getoption("--binary"))
    assert os.access(path, os.X_OK), f"{path} is no program; build it or name another with --binary"
    return path


@pytest.fixture(scope="session")
def contract():
    return contract_module.Contract()


@pytest.fixture(scope="session")
def service(binary, contract):
    """One server for all tests that do it no harm."""
    folder = tempfile.mkdtemp(prefix="listening-api-")
    server = service_module.Service(binary, contract, folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def client(service):
    client = service.client()
    yield client
    client.close()
    assert service.running, "".join(service.log[-60:])


@pytest.fixture
def start(binary, contract, tmp_path):
    """start(options..., data=folder) -> a server of one's own, stopped after the test with exit status 0."""
    servers = []

    def start_one(*options, data=tmp_path / "data", **more):
        servers.append(service_module.Service(more.pop("program", binary), contract, data, *options, **more))
        return servers[-1]

    yield start_one
    for server in servers:
        server.stop()


@pytest.fixture
def make_disk(tmp_path):
    """make_disk(size) -> the folder of a file system of its own ("256k"); skips where that cannot be had."""
    made = []

    def make(size):
        folder = tmp_path / f"disk{len(made)}"
        folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)],
                              capture_output=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"a small tmpfs cannot be mounted here: {done.stderr.decode().strip()}")
        made.append(folder)
        return folder

    yield make
    for folder in made:
        subprocess.run(["umount", "-l", str(folder)], check=True)
