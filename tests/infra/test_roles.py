"""Each function's role allows every call that the function makes to S3, and none that it never makes.

The real program runs as each function, against a bucket that writes down what it is asked. The ways through a stage
are all walked: first time, done already, unknown genres, a session erased or begun anew in the middle of it."""
import json
import re

import pytest

import aws
from template import BUCKET, allows, arn, read

SESSION = "s" * 22
KEYS = {name: f"data/{SESSION}/{name}.json" for name in ("top_tracks", "enriched_tracks", "profile")}
KEYS["unknown_genres"] = f"logs/{SESSION}/unknown_genres.json"
TWO = [{"id": "daft-punk"}, {"id": "adele"}]
ODD = [{"id": "nobody-knows", "name": "Nobody", "genres": ["an unheard-of genre"]}]


class Account(aws.Account):
    """An account with a bucket of its own, in which one session is walked through."""

    def __init__(self, binary):
        super().__init__(binary, aws.Bucket(BUCKET))

    def extract(self, artists):
        return self.http("extract", 200, "POST", "/extract-simulate", {"session_id": SESSION, "artists": artists})

    def stage(self, handler, name):
        return self.written(handler, KEYS[name])

    def stop(self):
        super().stop()
        self.bucket.stop()


def walk_ordinary(account):
    account.http("create", 201, "POST", "/create-session")
    assert account.http("search", 200, "GET", "/search", query="q=daft")["artists"][0]["id"] == "daft-punk"
    account.http("getProfile", 404, "GET", "/getProfile", session=SESSION)
    account.extract(TWO)
    account.http("getProfile", 202, "GET", "/getProfile", session=SESSION)
    assert account.stage("transform", "top_tracks") == "done"
    account.http("getProfile", 202, "GET", "/getProfile", session=SESSION)
    assert account.stage("profile", "enriched_tracks") == "done"
    profile = account.http("getProfile", 200, "GET", "/getProfile", session=SESSION)
    assert profile["session_id"] == SESSION and profile["dominant_emotion"]


def walk_shared(account):
    code = account.http("share", 201, "POST", "/share", session=SESSION)["code"]
    assert account.http("share", 201, "POST", "/share", session=SESSION)["code"] == code
    account.http("compare", 200, "GET", "/compare", session=SESSION, query="with=" + code)
    account.http("compare", 404, "GET", "/compare", session=SESSION, query="with=past")  # histories are for the server
    account.http("erase", 404, "DELETE", "/session", session=code)  # a code is no session
    walk_shared_while_erased(account)


def walk_shared_while_erased(account):
    """The session is erased between the numbers' being put under their code and the last look."""
    bucket = account.bucket
    before = dict(bucket.objects)

    def erase(key):
        if key.endswith("/shared.json"):
            bucket.objects.pop(KEYS["top_tracks"], None)

    bucket.after_put = erase
    account.http("share", 404, "POST", "/share", session=SESSION)
    bucket.after_put = None
    assert not bucket.objects, "neither session nor code is left"
    for key, value in before.items():
        bucket.put(key, value)


def walk_measured(account):
    """Numbers of the listener's own browser, with an artist beside them, in the place of what was there."""
    tracks = [{"title": "Mine", "features": {"energy": 0.5}}]
    account.http("features", 200, "POST", "/features", {"session_id": SESSION, "tracks": tracks, "artists": TWO[:1]})
    assert account.stage("transform", "top_tracks") == "done" and account.stage("profile", "enriched_tracks") == "done"


def walk_again(account):
    """An event that comes twice changes nothing, and the stages by hand give the same."""
    before = dict(account.bucket.objects)
    assert account.stage("transform", "top_tracks") == "done" and account.stage("profile", "enriched_tracks") == "done"
    account.http("transform", 200, "POST", "/transform", session=SESSION)
    account.http("profile", 200, "POST", "/profile", session=SESSION)
    assert account.bucket.objects == before


def walk_unknown_genre(account):
    account.extract(ODD)
    account.stage("transform", "top_tracks")
    assert b"unheard-of" in account.bucket.objects[KEYS["unknown_genres"]]


def walk_interrupted(account, handler, source, output):
    """The session is erased, then begun anew, between the stage's writing and its last look."""
    bucket, top = account.bucket, account.bucket.objects[KEYS["top_tracks"]]

    def erase(key):
        if key == KEYS[output]:
            del bucket.objects[KEYS["top_tracks"]]

    def begin_anew(key):
        if key == KEYS[output]:
            bucket.put(KEYS["top_tracks"], json.dumps({**json.loads(top), "run": "another"}).encode())

    given = bucket.objects[KEYS[source]]
    for meddle in (erase, begin_anew):
        bucket.put(KEYS["top_tracks"], top)
        bucket.put(KEYS[source], given)
        bucket.objects.pop(KEYS[output], None)
        bucket.after_put = meddle
        assert account.stage(handler, source) == "erased"
        bucket.after_put = None
        assert KEYS[output] not in bucket.objects
        if meddle is erase:
            assert not bucket.objects, "an erased session leaves nothing"
    bucket.put(KEYS["top_tracks"], top)
    bucket.put(KEYS[source], given)


@pytest.fixture(scope="module")
def calls(binary):
    account = Account(binary)
    try:
        walk_ordinary(account)
        walk_again(account)
        walk_unknown_genre(account)
        walk_interrupted(account, "transform", "top_tracks", "enriched_tracks")
        account.extract(TWO)
        account.stage("transform", "top_tracks")
        walk_interrupted(account, "profile", "enriched_tracks", "profile")
        account.stage("profile", "enriched_tracks")
        walk_shared(account)
        walk_measured(account)
        for _ in range(2):  # what is gone already is erased as well
            account.http("erase", 204, "DELETE", "/session", session=SESSION)
            assert not account.bucket.objects
    finally:
        account.stop()
    return account.calls()


def handlers():
    return ["create", "search", "extract", "transform", "profile", "getProfile", "erase", "share", "compare",
            "features"]


def test_every_function_is_walked(template):
    assert sorted(template.functions()) == sorted(handlers())


@pytest.mark.parametrize("handler", handlers())
def test_every_call_is_allowed(template, calls, handler):
    rows = list(template.statements(handler))
    for action, key in calls.get(handler, []):
        assert any(row_action == action and allows(resource, arn(action, key)) for _, row_action, resource in rows), \
            f"{handler} asks {action} of {key}; its role does not allow it"


@pytest.mark.parametrize("handler", handlers())
def test_nothing_else_is_allowed(template, calls, handler):
    made = {(action, arn(action, key)) for action, key in calls.get(handler, [])}
    for sid, action, resource in template.statements(handler):
        if action.startswith("s3:"):
            assert any(action == a and allows(resource, name) for a, name in made), \
                f"{handler}'s role allows {action} on {resource} ({sid}), but it never asks that"
        else:
            assert (sid, action) in {("Log", "logs:CreateLogStream"), ("Log", "logs:PutLogEvents"),
                                     ("DeadLetters", "sqs:SendMessage")}


def counted(calls):
    names = [action for action, _ in calls]
    return [names.count("s3:GetObject"), names.count("s3:PutObject"), names.count("s3:DeleteObject")]


def test_the_costs_in_the_documentation_count_the_same_calls(binary, calls):
    """docs/deploy.md works out what a profile costs from these numbers."""
    account = Account(binary)
    try:
        walk_ordinary(account)
        calls_of = account.calls()
        made = {handler: counted(calls_of[handler]) for handler in ("create", "search", "extract", "transform", "profile")}
        account.bucket.objects.pop(KEYS["profile"])
        account.bucket.objects.pop(KEYS["enriched_tracks"])
        for name, status in (("getProfile, one look before it is ready", 202), ("getProfile, when it is ready", 200)):
            account.http("getProfile", status, "GET", "/getProfile", session=SESSION)
            made[name] = counted(account.invocations[-1][1])
            account.stage("transform", "top_tracks")
            account.stage("profile", "enriched_tracks")
    finally:
        account.stop()
    table = read("docs/deploy.md").split("<!-- calls:")[1].split("<!-- end of the calls -->")[0]
    told = {row[0].strip(): [int(cell) for cell in row[1:]]
            for row in re.findall(r"^\| ([\w, ]+) \| (\d+) \| (\d+) \| (\d+) \|$", table, re.MULTILINE)}
    assert told == made
