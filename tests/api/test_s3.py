"""The server with a bucket as its store: on a real engine, with several servers, with faults in between."""
import collections
import os
import random
import secrets
import shutil
import sys
import threading

import pytest

import contract as contract_module
from service import until

sys.path.insert(0, os.path.join(contract_module.ROOT, "tests", "engines"))
sys.path.insert(0, os.path.join(contract_module.ROOT, "tests", "providers"))
import data as known  # noqa: E402
import fault_proxy  # noqa: E402
import s3  # noqa: E402
import standin  # noqa: E402

BUCKET = s3.Bucket.of_environment()
pytestmark = pytest.mark.skipif(BUCKET is None, reason="no S3 engine runs (LI_TEST_S3 is not set); ./test s3 starts one")
ARTISTS = ["daft-punk", "adele", "stromae"]
OBJECTS = ["enriched_tracks.json", "profile.json", "top_tracks.json"]


@pytest.fixture
def prefix():
    """Everything of one test lies under a prefix of its own."""
    prefix = f"api-{secrets.token_hex(4)}/"
    yield prefix
    BUCKET.remove(prefix)


@pytest.fixture
def serve(start, tmp_path, prefix):
    """serve(options...) -> a server on the bucket."""
    def serve_one(*options, **variables):
        return start(*options, data=tmp_path / "unused",
                     variables=BUCKET.variables(LISTENING_S3_PREFIX=prefix, **variables))
    yield serve_one
    assert not os.path.exists(tmp_path / "unused"), "a server with a bucket keeps nothing on disk"


def objects(prefix, session):
    return sorted(key.rsplit("/", 1)[1] for key in BUCKET.keys(f"{prefix}data/{session}/"))


def same_but_for_ids(body):
    return contract_module.VOLATILE.sub(b"", body)


# ---- what the bucket does by itself: first, since it takes its time while the other tests go on ----

def test_the_buckets_events_run_the_stages(serve, prefix):
    secret = secrets.token_urlsafe(12)
    server = serve("--no-own-events", LISTENING_EVENTS_SECRET=secret)
    client = server.client()
    quiet = client.create()
    client.extract(quiet, ARTISTS)
    assert client.get(f"/getProfile?session_id={quiet}", expect=202).json["stage"] == "transform"
    BUCKET.notify(f"http://127.0.0.1:{server.port}/events?secret={secret}", prefix)
    try:
        session = client.create()
        client.extract(session, ARTISTS)
        # The engine looks for new queues of events every 30 s only.
        answer = until(lambda: [answer for answer in [client.profile(session, expect=None)] if answer.status == 200],
                       "the events have made a profile", 120)[0]
        assert answer.json["top_emotions"] and objects(prefix, session) == OBJECTS
        assert objects(prefix, quiet) == ["top_tracks.json"]
    finally:
        BUCKET.be_quiet()
    assert any('"route":"/events"' in line.replace(" ", "") for line in server.log)
    assert secret not in "".join(server.log)


def test_the_buckets_lifecycle_removes_what_is_old(serve, prefix):
    client = serve().client()
    session = client.new_profile(ARTISTS)[0]
    BUCKET.expire(f"{prefix}data/")
    try:
        until(lambda: BUCKET.keys(prefix) == [], "the rule removes everything", 90)
    finally:
        BUCKET.keep()
    client.profile(session, expect=404)


# ---- sessions ----

def test_a_whole_session(serve, client, prefix):
    there = serve().client()
    session, answer = there.new_profile(ARTISTS)
    assert same_but_for_ids(answer.body) == same_but_for_ids(client.new_profile(ARTISTS)[1].body)
    assert there.profile(session, "fr").json["lang"] == "fr"
    assert objects(prefix, session) == OBJECTS
    assert there.get("/healthz").json["store"] == "s3"
    there.erase(session)
    assert BUCKET.keys(prefix) == []
    there.profile(session, expect=404)
    there.erase(session)


def test_servers_share_a_bucket(serve):
    first, second = serve().client(), serve().client()
    session = first.create()
    second.extract(session, ARTISTS)
    body = first.profile(session).body
    assert second.profile(session).body == body
    first.extract(session, ["adele"])  # another profile takes the place of the one that both have seen
    other = until(lambda: [answer.body for answer in [second.profile(session)] if answer.body != body], "the new one")
    assert first.profile(session).body == other[0]
    second.erase(session)
    first.profile(session, expect=404)


def test_who_waits_hears_of_a_profile_that_another_server_made(serve):
    first, second = serve("--no-own-events").client(), serve().client()
    session = first.create()
    first.extract(session, ARTISTS)
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(first.profile(session).status))
    waiting.start()
    second.profile(session)
    waiting.join()
    assert answers == [200]


def test_a_server_that_dies_loses_nothing(serve):
    dying, other = serve("--no-own-events"), serve()
    client = dying.client()
    sessions = [client.create() for _ in range(5)]
    for session in sessions:
        client.extract(session, ARTISTS)
    dying.kill()
    for session in sessions:
        other.client().profile(session)


def test_time_to_live(serve, prefix):
    client = serve("--ttl", "6s").client()
    session = client.new_profile(ARTISTS)[0]
    until(lambda: client.get(f"/getProfile?session_id={session}", expect=None).status == 404, "it is too old")
    assert objects(prefix, session) == OBJECTS  # still there, and shown to nobody


def test_sweeping(serve, prefix):
    serve("--ttl", "6s", "--s3-sweep").client().new_profile(ARTISTS)
    until(lambda: BUCKET.keys(prefix) == [], "everything is swept away", 30)


def test_wrong_keys(serve):
    server = serve(AWS_SECRET_ACCESS_KEY="wrong-secret")
    client = server.client()
    answer = client.extract(client.create(), ARTISTS, expect=500)
    assert "SignatureDoesNotMatch" in answer.error
    assert "wrong-secret" not in answer.error + "".join(server.log)


def test_a_foreign_object(serve, prefix):
    client = serve().client()
    session = client.create()
    BUCKET.put(f"{prefix}data/{session}/top_tracks.json", b"{\"some\": \"thing\"}")
    answer = client.post("/transform", {"session_id": session}, expect=None)
    assert answer.status >= 400 and answer.error


# ---- faults ----

def new_profile_in_spite(client, artists):
    """A profile; calls that fail with a server's error are made again, as a page would."""
    session = client.create()
    until(lambda: client.extract(session, artists, expect=None).status == 200, "extract succeeds", 60)
    return session, until(lambda: [answer for answer in [client.profile(session, expect=None)] if answer.status == 200],
                          "the profile is made", 60)[0]


@pytest.mark.parametrize("fault", fault_proxy.FAULTS)
def test_each_fault_now_and_then(serve, client, prefix, fault):
    """Every third exchange about the same thing fails, from the first on: nobody notices. (Of all exchanges together
    every third would do, if two callers in step did not give all failures to the one of them.)"""
    seen = collections.Counter()

    def choose(*what):
        seen[what] += 1
        return fault if seen[what] % 3 == 1 else None
    with fault_proxy.FaultProxy(BUCKET.host, BUCKET.port, choose) as proxy:
        there = serve(LISTENING_S3_ENDPOINT=proxy.url).client()
        for _ in range(3):
            session, answer = there.new_profile(ARTISTS)
            assert same_but_for_ids(answer.body) == same_but_for_ids(client.new_profile(ARTISTS)[1].body)
            assert objects(prefix, session) == OBJECTS
            there.erase(session)
            # A write that is being tried again finds the session gone, and takes back what it wrote.
            until(lambda: BUCKET.keys(prefix) == [], "nothing of the session is left")
        assert proxy.count[fault] >= 5


def test_all_faults_at_random(serve, client, prefix):
    """Half of all exchanges fail in some way, while many sessions are made at once: none is lost, none doubled."""
    chance = random.Random(7)
    wanted = same_but_for_ids(client.new_profile(ARTISTS)[1].body)
    choose = lambda *_: chance.choice(fault_proxy.FAULTS) if chance.random() < 0.5 else None  # noqa: E731
    made, wrong = [], []
    with fault_proxy.FaultProxy(BUCKET.host, BUCKET.port, choose, delay_s=0.05) as proxy:
        server = serve(LISTENING_S3_ENDPOINT=proxy.url)

        def work():
            there = server.client()
            for _ in range(3):
                session, answer = new_profile_in_spite(there, ARTISTS)
                made.append(session)
                if same_but_for_ids(answer.body) != wanted:
                    wrong.append(answer)
        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(proxy.count) == {None, *fault_proxy.FAULTS}
    assert len(made) == 18 and not wrong
    kept = collections.Counter(key.rsplit("/", 2)[1] for key in BUCKET.keys(f"{prefix}data/"))
    assert kept == {session: 3 for session in made}


GIVING_UP = [("busy", 503, "slow down"), ("internal", 500, "answered 500"), ("reset-before", 500, "tries"),
             ("garbage", 500, "tries")]


@pytest.mark.parametrize("fault,status,words", GIVING_UP)
def test_giving_up(serve, fault, status, words):
    with fault_proxy.FaultProxy(BUCKET.host, BUCKET.port, lambda *_: fault) as proxy:
        client = serve(LISTENING_S3_ENDPOINT=proxy.url).client()
        answer = client.extract(client.create(), ARTISTS, expect=status)
        assert words in answer.error and "tries" in answer.error
        assert proxy.count[fault] == 6  # and no more than that


def test_never_tried_again_when_refused(serve):
    with fault_proxy.FaultProxy(BUCKET.host, BUCKET.port, lambda *_: None) as proxy:
        client = serve(LISTENING_S3_ENDPOINT=proxy.url, AWS_SECRET_ACCESS_KEY="wrong").client()
        client.extract(client.create(), ARTISTS, expect=500)
        assert proxy.count == {None: 1}


# ---- what providers told lies in the bucket too ----

@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg makes the previews; tools/setup test installs it")
def test_a_second_server_asks_no_provider_again(serve, prefix):
    providers = standin.Providers()
    live = ["--source", "deezer", "--reccobeats", *providers.options()]
    artists = [f"deezer:{known.ARTISTS[name][0]}" for name in ("Adele", "No Preview")]
    try:
        first = serve(*live).client()
        found = [artist["id"] for artist in first.get("/search?q=adele").json["artists"]]
        session, answer = first.new_profile(artists)
        assert answer.json["sources"]["measured"] == 5 and answer.json["sources"]["provider"] == 4
        first.erase(session)
        kept = BUCKET.keys(prefix)
        assert kept and all(key.startswith(f"{prefix}cache/") for key in kept), "a session's end is not the cache's"
        asked = providers.count()
        second = serve(*live, "--s3-sweep", "--ttl", "6s").client()
        assert [artist["id"] for artist in second.get("/search?q=adele").json["artists"]] == found
        again = second.new_profile(artists)[1]
        assert same_but_for_ids(again.body) == same_but_for_ids(answer.body)
        assert providers.count() == asked
        until(lambda: sorted(BUCKET.keys(prefix)) == sorted(kept), "the session is swept away, the cache stays", 30)
    finally:
        providers.stop()
