"""A whole session in functions with a live source: providers are stand-ins (tests/providers), the bucket writes down
what it is asked. What one function learned the next one knows, through the bucket's cache."""
import os
import re
import shutil
import sys

import pytest

import aws
from template import BUCKET, ROOT, Template, allows, read

sys.path.insert(0, os.path.join(ROOT, "tests", "providers"))
import data as known  # noqa: E402
import standin  # noqa: E402

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg makes the previews; tools/setup test installs it")
ARTISTS = [{"id": f"deezer:{known.ARTISTS[name][0]}"} for name in ("Adele", "Metallica")]
OTHER = {"id": f"deezer:{known.ARTISTS['Björk'][0]}"}


class Cloud:
    """Functions that begin cold, on a bucket and providers that stay."""

    def __init__(self, binary, bucket, providers):
        options = iter(providers.options())
        self.variables = {"LISTENING_SOURCE": "deezer", "LISTENING_CONTACT": "tests@example.org"}
        for name, url in zip(options, options):
            self.variables["LISTENING_" + name[2:].upper().replace("-", "_")] = url
        self.binary, self.bucket, self.functions, self.invocations = binary, bucket, {}, []

    def call(self, handler, event):
        if handler not in self.functions:
            self.functions[handler] = aws.Function(self.binary, handler, self.bucket, **self.variables)
        before = len(self.bucket.calls)
        answer, error = self.functions[handler].invoke(event)
        self.invocations.append((handler, self.bucket.calls[before:]))
        assert error is None, error
        return answer

    def http(self, handler, status, *args, **kwargs):
        answer = self.call(handler, aws.request(*args, **kwargs))
        assert answer["statusCode"] == status, answer
        return aws.body_of(answer)

    def session(self, session):
        found = self.http("search", 200, "GET", "/search", query="q=adele")["artists"]
        assert found[0]["id"] == ARTISTS[0]["id"]
        self.http("extract", 200, "POST", "/extract-simulate", {"session_id": session, "artists": ARTISTS})
        for handler, name in (("transform", "top_tracks"), ("profile", "enriched_tracks")):
            written = aws.created(BUCKET, f"data/{session}/{name}.json")
            assert self.call(handler, written)["results"][0]["outcome"] == "done"
        return self.http("getProfile", 200, "GET", "/getProfile", session=session)

    def stop(self):
        for function in self.functions.values():
            function.stop()


@pytest.fixture(scope="module")
def walked(binary):
    """(the first session's profile, what its functions asked, the second's, what was asked of providers for it)"""
    bucket, providers = aws.Bucket(BUCKET), standin.Providers()
    clouds = [Cloud(binary, bucket, providers) for _ in range(2)]
    try:
        first = clouds[0].session("a" * 22)
        clouds[0].http("features", 200, "POST", "/features", {
            "session_id": "c" * 22, "artists": [OTHER], "tracks": [{"title": "Mine", "features": {"energy": 0.5}}]})
        asked = providers.count()
        second = clouds[1].session("b" * 22)
        more = providers.count() - asked
    finally:
        for cloud in clouds:
            cloud.stop()
        providers.stop()
        bucket.stop()
    return {"profiles": (first, second), "asked": (asked, more), "bucket": bucket, "clouds": clouds}


def test_it_is_measured(walked):
    first, second = walked["profiles"]
    assert first["sources"]["measured"] == 10 and sum(first["sources"].values()) == 10
    assert first["tracks"] == second["tracks"] and first["top_emotions"] == second["top_emotions"]


def test_cold_functions_ask_no_provider_again(walked):
    asked, more = walked["asked"]
    assert asked > 10 and more == 0


def test_what_is_kept_is_text_and_has_no_names_in_its_keys(walked):
    kept = {key: value for key, value in walked["bucket"].objects.items() if not key.startswith(("data/", "logs/"))}
    assert len(kept) > 20
    for key, value in kept.items():
        assert re.fullmatch(r"cache/[0-9a-f]{64}", key)
        assert re.fullmatch(r"listening-cache 1 \d+\n[^\x00-\x1f]*", value.decode()) and len(value) < 20000


def test_nothing_is_asked_twice_in_one_invocation(walked):
    for cloud in walked["clouds"]:
        for handler, calls in cloud.invocations:
            read_keys = [key for action, key in calls if action == "s3:GetObject" and key.startswith("cache/")]
            assert len(read_keys) == len(set(read_keys)), handler


def test_roles_allow_just_that(walked):
    template = Template(read("infra/template.yaml"), live=True)
    made = {}
    for cloud in walked["clouds"]:
        for handler, calls in cloud.invocations:
            made.setdefault(handler, set()).update(
                (action, f"arn:aws:s3:::{BUCKET}" + ("" if action == "s3:ListBucket" else "/" + key)) for action, key in calls)
    for handler, calls in made.items():
        rows = list(template.statements(handler))
        for action, name in calls:
            assert any(a == action and allows(r, name) for _, a, r in rows), f"{handler} asks {action} of {name}"
        for sid, action, resource in rows:
            if sid in ("Cache", "TellMissing"):
                assert any(a == action and allows(resource, name) for a, name in calls), f"{handler} never asks {action} ({sid})"
