"""A whole session in functions with a live source: providers are stand-ins (tests/providers), the bucket writes down
what it is asked. What one function learned the next one knows, through the bucket's cache."""
import os
import re
import shutil
import sys

import pytest

import aws
from template import BUCKET, ROOT, Template, allows, arn, read

sys.path.insert(0, os.path.join(ROOT, "tests", "providers"))
import data as known  # noqa: E402
import standin  # noqa: E402

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg makes the previews; tools/setup test installs it")
ARTISTS = [{"id": f"deezer:{known.ARTISTS[name][0]}"} for name in ("Adele", "Metallica")]
OTHER = {"id": f"deezer:{known.ARTISTS['Björk'][0]}"}


def variables_of(providers):
    """What tells a function to ask the stand-ins."""
    options = iter(providers.options())
    named = {"LISTENING_" + name[2:].upper().replace("-", "_"): url for name, url in zip(options, options)}
    return {"LISTENING_SOURCE": "deezer", "LISTENING_CONTACT": "tests@example.org", **named}


def walk_session(account, session):
    found = account.http("search", 200, "GET", "/search", query="q=adele")["artists"]
    assert found[0]["id"] == ARTISTS[0]["id"]
    account.http("extract", 200, "POST", "/extract-simulate", {"session_id": session, "artists": ARTISTS})
    for handler, name in (("transform", "top_tracks"), ("profile", "enriched_tracks")):
        assert account.written(handler, f"data/{session}/{name}.json") == "done"
    return account.http("getProfile", 200, "GET", "/getProfile", session=session)


@pytest.fixture(scope="module")
def walked(binary):
    """Two accounts, whose functions begin cold, on a bucket and providers that stay: what they made and asked."""
    bucket, providers = aws.Bucket(BUCKET), standin.Providers()
    accounts = [aws.Account(binary, bucket, **variables_of(providers)) for _ in range(2)]
    try:
        first = walk_session(accounts[0], "a" * 22)
        accounts[0].http("features", 200, "POST", "/features", {
            "session_id": "c" * 22, "artists": [OTHER], "tracks": [{"title": "Mine", "features": {"energy": 0.5}}]})
        asked = providers.count()
        second = walk_session(accounts[1], "b" * 22)
        more = providers.count() - asked
    finally:
        for account in accounts:
            account.stop()
        providers.stop()
        bucket.stop()
    return {"profiles": (first, second), "asked": (asked, more), "bucket": bucket, "accounts": accounts}


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
    for account in walked["accounts"]:
        for handler, calls in account.invocations:
            read_keys = [key for action, key in calls if action == "s3:GetObject" and key.startswith("cache/")]
            assert len(read_keys) == len(set(read_keys)), handler


def test_roles_allow_just_that(walked):
    template = Template(read("infra/template.yaml"), live=True)
    made = {}
    for account in walked["accounts"]:
        for handler, calls in account.calls().items():
            made.setdefault(handler, set()).update((action, arn(action, key)) for action, key in calls)
    for handler, calls in made.items():
        rows = list(template.statements(handler))
        for action, name in calls:
            assert any(a == action and allows(r, name) for _, a, r in rows), f"{handler} asks {action} of {name}"
        for sid, action, resource in rows:
            if sid in ("Cache", "TellMissing"):
                assert any(a == action and allows(resource, name) for a, name in calls), f"{handler} never asks {action} ({sid})"
