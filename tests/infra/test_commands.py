"""infra/deploy, infra/destroy and infra/as-image: what they say and what they would do. No AWS is asked: an `aws`
of our own stands in its place and writes down what it is called with."""
import os
import shutil
import subprocess

import pytest

from template import ROOT, Template, read

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/listening@sha256:" + "0" * 64
FAKE_AWS = """#!/bin/sh
echo "aws $*" >>"$CALLS"
case "$*" in
*"get-caller-identity --query Account"*) [ -z "$NOBODY" ] && echo 123456789012 || exit 255 ;;
*head-bucket*) exit "${HEAD_BUCKET:-1}" ;;
*"describe-stacks"*PagesBucketName*) echo the-pages ;;
*"describe-stacks"*) echo https://example.invalid ;;
*"create-invalidation"*|*"cloudformation deploy"*|*"wait stack"*) exit "${FAIL:-0}" ;;
esac
"""


@pytest.fixture
def command(tmp_path):
    """command(name, options...) -> (status, output, calls of aws)"""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in {"aws": FAKE_AWS, "curl": '#!/bin/sh\necho "curl $*" >>"$CALLS"\n', "npm": "#!/bin/sh\n"}.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    calls = tmp_path / "calls"
    calls.write_text("")

    def run(name, *options, answer="", path=f"{folder}:/usr/bin:/bin", **environment):
        done = subprocess.run([os.path.join(ROOT, "infra", name), *options], input=answer, text=True, check=False,
                              env={"PATH": path, "CALLS": str(calls), "HOME": str(tmp_path), **environment},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout, calls.read_text()

    return run


@pytest.mark.parametrize("name", ["deploy", "destroy", "as-image", "check", "prove-image"])
def test_help_teaches(command, name):
    status, said, calls = command(name, "--help")
    assert status == 0 and f"infra/{name}" in said and len(said) > 300 and not calls


@pytest.mark.parametrize("name", ["deploy", "destroy"])
def test_a_dry_run_needs_and_does_nothing(command, name):
    status, said, calls = command(name, "--dry-run", "trial", "--region", "eu-west-3")
    assert status == 0 and not calls, said
    assert said.count("\n+ ") >= 4 and "trial" in said and "eu-west-3" in said


def test_a_dry_run_without_tools_says_what_is_missing(command, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    for tool in ("bash", "dirname", "mkdir", "cat", "env", "sed", "od", "tr", "cut", "mktemp", "rm"):
        os.symlink(shutil.which(tool), bare / tool)
    status, said, _ = command("deploy", "--dry-run", path=str(bare))
    assert status == 0 and "missing: aws python3 sha256sum npm" in said
    status, said, _ = command("deploy", "--yes", path=str(bare))
    assert status == 1 and "missing: aws" in said


@pytest.mark.parametrize("name, options, sentence", [
    ("deploy", ["--regoin", "x"], "there is no option --regoin"),
    ("deploy", ["--region"], "--region wants a value"),
    ("deploy", ["Trial"], "a stack's name is"),
    ("deploy", ["--rate", "many"], "--rate wants a whole number"),
    ("deploy", ["--source", "spotify"], "--source is catalog, deezer or auto"),
    ("deploy", ["--image", "a", "--package", "b"], "either --image or --package"),
    ("destroy", ["--all"], "there is no option --all"),
    ("destroy", ["../x"], "is no name of a stack"),
])
def test_wrong_use(command, name, options, sentence):
    status, said, calls = command(name, *options)
    assert status == 2 and sentence in said and not calls


@pytest.mark.parametrize("name", ["deploy", "destroy"])
def test_who_is_nobody_is_told_how_to_become_somebody(command, name):
    status, said, calls = command(name, "--region", "eu-west-3", NOBODY="1")
    assert status == 1 and "aws configure" in said and calls.count("\n") == 1


def test_nothing_happens_without_a_yes(command):
    status, said, calls = command("deploy", "--region", "eu-west-3", answer="n\n")
    assert status == 1 and "nothing was done" in said and calls.count("\n") == 1
    status, said, calls = command("destroy", "trial", "--region", "eu-west-3", answer="tria\n")
    assert status == 1 and "nothing was done" in said and "delete-stack" not in calls


def package(tmp_path, machine):
    """A package with no more than the beginning of a program for this machine."""
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "bootstrap").write_bytes(b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + b"\x03\0" + machine + b"\0" * 12)
    return shutil.make_archive(str(tmp_path / "package"), "zip", folder)


@pytest.mark.parametrize("machine, name", [(b"\x3e\0", "x86_64"), (b"\xb7\0", "arm64")])
def test_deploy_with_a_package(command, tmp_path, machine, name):
    status, said, calls = command("deploy", "trial", "--region", "eu-west-3", "--yes", "--no-pages", "--package",
                                  package(tmp_path, machine), "--origin", "https://a.example", "--origin", "https://b.example",
                                "--source", "auto", "--contact", "me@example.org")
    assert status == 0, said
    assert f"Architecture={name}" in calls and "AllowedOrigins=https://a.example,https://b.example" in calls
    assert "s3 mb s3://trial-packages-123456789012-eu-west-3" in calls and "put-public-access-block" in calls
    assert "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND" in calls and "Pages=none" in calls and "the-pages" not in calls
    assert "Source=auto Contact=me@example.org" in calls


def test_deploy_again_keeps_the_bucket_and_a_failure_ends_it(command, tmp_path):
    status, _, calls = command("deploy", "--region", "eu-west-3", "--yes", "--package", package(tmp_path, b"\x3e\0"),
                               HEAD_BUCKET="0", FAIL="1")
    assert status == 1 and "s3 mb" not in calls and "curl" not in calls


def test_deploy_refuses_a_package_for_no_machine_of_lambda(command, tmp_path):
    status, said, calls = command("deploy", "--region", "eu-west-3", "--yes", "--package", package(tmp_path, b"\x28\0"))
    assert status == 1 and "no bootstrap for x86_64 or arm64" in said and "cloudformation" not in calls


def test_destroy_empties_first_and_deletes_then(command):
    status, _, calls = command("destroy", "trial", "--region", "eu-west-3", "--yes", HEAD_BUCKET="0")
    steps = ["s3://the-pages", "s3://trial-123456789012-eu-west-3", "delete-stack --stack-name trial", "wait stack-delete-complete",
             "s3 rb --force s3://trial-packages-123456789012-eu-west-3"]
    places = [calls.index(step) for step in steps]
    assert status == 0 and places == sorted(places)


def test_as_image(template):
    done = subprocess.run([os.path.join(ROOT, "infra/as-image"), IMAGE], input=read("infra/template.yaml"), text=True,
                          check=True, stdout=subprocess.PIPE)
    image = Template(done.stdout)
    assert "CodeBucket" not in image.parameters and set(image.document["Globals"]["Function"]) == {"Architectures", "Environment"}
    commands = []
    for name, function in image.of_type("AWS::Serverless::Function").items():
        assert function["Properties"]["PackageType"] == "Image" and function["Properties"]["ImageUri"] == IMAGE
        assert "Handler" not in function["Properties"]
        commands.append(function["Properties"]["ImageConfig"]["Command"][0])
        assert set(function["Properties"]) - {"PackageType", "ImageUri", "ImageConfig"} == \
            set(template.resources[name]["Properties"]) - {"Handler"}
    assert sorted(commands) == sorted(template.functions())


@pytest.mark.parametrize("image", ["listening:latest", "docker.io/listening:1", "x; rm -rf /"])
def test_as_image_takes_ecr_only(command, image):
    status, said, _ = command("as-image", image)
    assert status == 2 and "Amazon ECR" in said


def test_scripts_are_clean():
    if not shutil.which("shellcheck"):
        pytest.skip("skipped: shellcheck is not installed, so the scripts were not looked over")
    scripts = [os.path.join(ROOT, "infra", name) for name in ("deploy", "destroy", "check", "make-rootfs", "prove-image")]
    done = subprocess.run(["shellcheck", *scripts], text=True, check=False, capture_output=True)
    assert done.returncode == 0, done.stdout
