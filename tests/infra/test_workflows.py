"""The workflows of GitHub: what they run exists, what they may do is little, and no key is stored."""
import glob
import os
import re

import pytest
import yaml

from template import ROOT, load, read

PATHS = sorted(os.path.relpath(path, ROOT) for path in glob.glob(os.path.join(ROOT, ".github/workflows/*.yml")))


def jobs(path):
    return yaml.safe_load(read(path))["jobs"]


def steps(path):
    for job in jobs(path).values():
        yield from job.get("steps", [])


def test_all_are_there():
    assert [os.path.basename(path) for path in PATHS] == ["ci.yml", "nightly.yml", "release.yml"]


@pytest.mark.parametrize("path", PATHS)
def test_rights_are_few(path):
    document = yaml.safe_load(read(path))
    assert document["permissions"] == {"contents": "read"}
    triggers = document[True]  # YAML 1.1 reads "on" as true
    assert "pull_request_target" not in triggers and "workflow_run" not in triggers
    for name, job in document["jobs"].items():
        assert "timeout-minutes" in job or "uses" in job, name
        rights = job.get("permissions", {"contents": "read"})
        assert set(rights) <= {"contents", "id-token"} and rights["contents"] == "read"
        borrows = any("configure-aws-credentials" in step.get("uses", "") for step in job.get("steps", []))
        assert borrows == (rights.get("id-token") == "write"), f"{name}: who borrows a role, and nobody else, has id-token"
        assert not borrows or (job["environment"] == "production" and job["if"] == "vars.AWS_ROLE != ''")


@pytest.mark.parametrize("path", PATHS)
def test_actions_are_pinned_and_keep_no_token(path):
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"(actions|aws-actions|docker)/[\w-]+@v\d+", step["uses"]), step["uses"]
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", PATHS)
def test_no_stored_key_and_no_words_of_strangers_in_a_shell(path):
    text = read(path)
    assert "secrets." not in text and "aws-access-key-id" not in text
    for step in steps(path):
        assert set(re.findall(r"\$\{\{\s*([\w.-]+)", step.get("run", ""))) <= {"matrix.run"}


def test_what_ci_runs_exists():
    parts = set(re.findall(r"^part_(\w+)\(\)", read("test"), re.MULTILINE))
    runs = [row["run"] for row in jobs(".github/workflows/ci.yml")["test"]["strategy"]["matrix"]["include"]]
    asked = set()
    for run in runs:
        program, *words = run.split()
        assert os.access(os.path.join(ROOT, program), os.X_OK)
        asked |= set(words) - {"lints", "--all"}
    nightly = [row["run"] for row in jobs(".github/workflows/nightly.yml")["night"]["strategy"]["matrix"]["include"]]
    for program in re.findall(r"(?:^|&& )([\w./-]+)", " && ".join(nightly)):
        assert os.access(os.path.join(ROOT, program), os.X_OK), program
    assert "./test --coverage" in nightly and any("fuzz/run 600" in run for run in nightly)
    assert asked | {"coverage"} == parts, "every part of ./test runs in CI, and coverage at night"


def test_the_role_trusts_the_environment_that_deploys():
    role = load(read("infra/github-role.yaml"))["Resources"]["Role"]["Properties"]
    condition = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]
    assert set(condition) == {"StringEquals"}, "no wildcards in whom it trusts"
    subjects = [value for key, value in condition["StringEquals"].items() if key.endswith(":sub")]
    assert subjects == [{"Fn::Sub": "repo:${Repository}:environment:production"}]
    for policy in role["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            if any(action.startswith("iam:") or action.endswith(":*") for action in actions):
                assert "*" != statement["Resource"] and "${Stack}" in str(statement["Resource"]), actions
