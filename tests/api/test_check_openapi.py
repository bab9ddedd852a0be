"""tools/check_openapi finds nothing to say about our contract, and something about every broken one."""
import subprocess
import sys

import pytest
import yaml

from contract import OPENAPI, ROOT


def check(path):
    done = subprocess.run([sys.executable, f"{ROOT}/tools/check_openapi", str(path)], capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stderr


def test_the_contract_is_sound():
    status, faults = check(OPENAPI)
    assert status == 0, faults


HEALTH = ("paths", "/healthz", "get")


def inside(document, path):
    for part in path:
        document = document[part]
    return document


def put(path, value):
    return lambda d: inside(d, path[:-1]).__setitem__(path[-1], value)


def drop(*path):
    return lambda d: inside(d, path[:-1]).pop(path[-1])


BROKEN = [
    ("another version", put(("openapi",), "3.0.3"), "3.1"),
    ("no title", drop("info", "title"), "title"),
    ("a reference to nowhere", put(("components", "schemas", "Artist", "properties", "id"), {"$ref": "#/components/schemas/X"}),
     "nowhere"),
    ("a reference to another kind", put((*HEALTH, "responses", "400"), {"$ref": "#/components/schemas/Problem"}), "responses"),
    ("an unused schema", put(("components", "schemas", "Unused"), {"type": "object", "description": "x"}), "used nowhere"),
    ("a schema without description", drop("components", "schemas", "Health", "description"), "description"),
    ("two equal operationIds", put((*HEALTH, "operationId"), "getMetrics"), "getMetrics"),
    ("no operationId", drop(*HEALTH, "operationId"), "operationId"),
    ("no summary", drop(*HEALTH, "summary"), "summary"),
    ("no responses", drop(*HEALTH, "responses"), "responses"),
    ("no success", drop(*HEALTH, "responses", "200"), "success"),
    ("a status as a number", put((*HEALTH, "responses", 204), {"description": "x"}), "204"),
    ("a response without description", drop(*HEALTH, "responses", "200", "description"), "description"),
    ("a member that is none", put((*HEALTH, "sumary"), "x"), "sumary"),
    ("a tag that is not explained", put((*HEALTH, "tags"), ["x"]), "tag"),
    ("a path without slash", put(("paths", "x"), {}), "/"),
    ("an undeclared path parameter", lambda d: d["paths"].__setitem__("/x/{id}", d["paths"].pop("/healthz")), "id"),
    ("a parameter twice", lambda d: inside(d, ("paths", "/search", "get", "parameters")).append(
        {"$ref": "#/components/parameters/Limit"}), "twice"),
    ("a parameter in nothing", put(("components", "parameters", "Limit", "in"), "body"), "cookie"),
    ("an example that does not fit", put((*HEALTH, "responses", "200", "content", "application/json", "example", "status"),
                                         "bad"), "does not fit"),
    ("a parameter's example that does not fit", put(("components", "parameters", "Wait", "example"), -1), "does not fit"),
    ("a default that does not fit", put(("components", "schemas", "WaitTime", "default"), 30000), "does not fit"),
    ("a stored example that does not fit", drop("components", "examples", "Profile", "value", "mood"), "mood"),
    ("no JSON Schema", put(("components", "schemas", "Share", "type"), "nummer"), "no JSON Schema"),
    ("a pattern that is none", put(("components", "schemas", "Color", "pattern"), "["), "compile"),
    ("a required member that is none", lambda d: inside(d, ("components", "schemas", "Health", "required")).append("x"),
     "required"),
]


@pytest.mark.parametrize("breaking,says", [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_contract_is_found_out(tmp_path, breaking, says):
    with open(OPENAPI, encoding="utf-8") as file:
        document = yaml.load(file, yaml.CSafeLoader)
    breaking(document)
    (tmp_path / "broken.yaml").write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False))
    status, faults = check(tmp_path / "broken.yaml")
    assert status == 1 and says in faults, faults
    assert "Traceback" not in faults


@pytest.mark.parametrize("text", ["", "x", "[1]", "a: 1\na: 2\n", "a: [", "openapi: 3.1.0\ninfo: 5\npaths: x\n"],
                         ids=["empty", "a word", "a list", "a key twice", "broken YAML", "wrong types"])
def test_what_is_no_contract_at_all(tmp_path, text):
    (tmp_path / "broken.yaml").write_text(text)
    status, faults = check(tmp_path / "broken.yaml")
    assert status == 1 and faults and "Traceback" not in faults, faults


def test_a_missing_file(tmp_path):
    assert check(tmp_path / "nothing.yaml")[0] == 1
