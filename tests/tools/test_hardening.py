"""tools/check_binary tells a hardened program from one that is not; tools/sbom writes a valid SPDX document that
names what the program loads; tools/mutate and tools/coverage say what is wrong with their input."""
import json
import os
import re
import shutil
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, "build", "listening")
SOURCE = """
#include <stdio.h>
#include <string.h>
int li_say(const char *words);
int li_say(const char *words) { char text[64]; strcpy(text, words); return printf("%s %d\\n", text, (int)strlen(text)); }
int main(int argc, char **argv) {
    char text[32];
    snprintf(text, argc * 3, "%s", argv[0]);
    memcpy(text, argv[0], argc);
    return li_say(text);
}
"""
HARDENED = ["-O2", "-fPIE", "-pie", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-fstack-protector-strong",
            "-fcf-protection", "-Wl,-z,relro", "-Wl,-z,now", "-Wl,-z,noexecstack"]
CASES = [
    ("-O2 -no-pie -fno-pie", "position-independent"),
    ("-Wl,-z,norelro", "full RELRO"),
    ("-Wl,-z,lazy", "full RELRO"),
    ("-fno-stack-protector", "stack protector"),
    ("-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=0", "checked libc calls"),
    ("-Wl,-z,execstack", "stack that can be run"),
    ("-Wl,-rpath,/tmp", "search path"),
    ("-fcf-protection=none", "endbr64"),
]


def tool(name, *arguments, **more):
    return subprocess.run([os.path.join(ROOT, "tools", name), *arguments], capture_output=True, text=True, check=False, **more)


@pytest.fixture(scope="module")
def program():
    if not os.path.exists(PROGRAM):
        pytest.skip("skipped: build/listening is not built")
    return PROGRAM


def build(folder, *flags):
    source, out = folder / "say.c", folder / "say"
    source.write_text(SOURCE)
    subprocess.run(["gcc", "-w", *HARDENED, *flags, str(source), "-o", str(out)], check=True)
    return str(out)


def test_a_hardened_program_passes(tmp_path):
    answer = tool("check_binary", build(tmp_path))
    few = "checked libc calls" in answer.stdout  # so small a program may have fewer than are asked for
    assert answer.returncode == 0 or (few and answer.stdout.count("\n") == 2), answer.stdout


@pytest.mark.parametrize("flags, says", CASES, ids=[case[0] for case in CASES])
def test_what_is_missing_is_said(tmp_path, flags, says):
    if says == "endbr64" and os.uname().machine != "x86_64":
        pytest.skip("skipped: endbr64 is of x86-64")
    answer = tool("check_binary", build(tmp_path, *flags.split()))
    assert answer.returncode == 1 and says in answer.stdout, answer.stdout


def test_ours_is_hardened(program):
    answer = tool("check_binary", program)
    assert answer.returncode == 0, answer.stdout


@pytest.fixture(scope="module")
def sbom(program):
    answer = tool("sbom", program)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_sbom_is_spdx(sbom):
    """The fields that SPDX 2.3 asks for, clauses 6 and 7, and links between elements that are there."""
    assert sbom["spdxVersion"] == "SPDX-2.3" and sbom["dataLicense"] == "CC0-1.0" and sbom["SPDXID"] == "SPDXRef-DOCUMENT"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sbom["creationInfo"]["created"])
    assert all(re.match(r"(Tool|Person|Organization): ", creator) for creator in sbom["creationInfo"]["creators"])
    assert re.fullmatch(r"https://[^#\s]+", sbom["documentNamespace"])
    ids = [package["SPDXID"] for package in sbom["packages"]]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", one) for one in ids)
    for package in sbom["packages"]:
        assert package["name"] and package["versionInfo"] and package["downloadLocation"]
        assert package["filesAnalyzed"] is False and package["licenseConcluded"] and package["copyrightText"]
        for reference in package.get("externalRefs", []):
            assert reference["referenceCategory"] == "PACKAGE-MANAGER" and reference["referenceType"] == "purl"
            assert re.fullmatch(r"pkg:deb/debian/[a-z0-9.%B+-]+@\S+\?arch=\w+", reference["referenceLocator"])
    known = {"SPDXRef-DOCUMENT", *ids}
    for link in sbom["relationships"]:
        assert link["spdxElementId"] in known and link["relatedSpdxElement"] in known
    linked = {link["spdxElementId"] for link in sbom["relationships"]} | {link["relatedSpdxElement"] for link in sbom["relationships"]}
    assert set(ids) <= linked


def test_sbom_names_what_is_loaded(sbom, program):
    names = {package["name"] for package in sbom["packages"]}
    assert {"listening", "libc6", "libjansson4", "libmicrohttpd12", "libsndfile1", "libarchive13"} <= names
    loaded = re.findall(r"=> (/\S+)", subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout)
    assert len(names) > len(loaded) / 2
    optional = [link for link in sbom["relationships"] if link["relationshipType"] == "OPTIONAL_DEPENDENCY_OF"]
    assert any("curl" in link["spdxElementId"] for link in optional) or not shutil.which("curl-config")


def test_sbom_has_the_same_bytes_twice(program):
    moment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    first, second = tool("sbom", program, env=moment).stdout, tool("sbom", program, env=moment).stdout
    assert first == second and "2023-11-14T22:13:20Z" in first


def test_sbom_of_no_program(tmp_path):
    assert tool("sbom", str(tmp_path / "none")).returncode != 0
