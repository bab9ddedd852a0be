"""Live sources, against stand-ins for every provider (tests/providers): any artist, measured from sound; and
what is left when a provider is slow, wrong, hostile or away."""
import json
import os
import re
import shutil
import sqlite3
import sys

import pytest

import contract as contract_module
from service import run, until

sys.path.insert(0, os.path.join(contract_module.ROOT, "tests", "providers"))
import data as known  # noqa: E402
import standin  # noqa: E402

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg makes the previews; tools/setup test installs it")
TEN = ["Daft Punk", "Adele", "Metallica", "Björk", "Nina Simone", "Stromae", "Booba", "Sigur Rós", "Massive Attack",
       "Qwzx Ensemble"]


@pytest.fixture
def providers():
    server = standin.Providers()
    yield server
    server.stop()


def deezer(name):
    return f"deezer:{known.ARTISTS[name][0]}"


@pytest.fixture
def live(start, providers):
    """live(source, options...) -> (a server over the stand-ins, a client of it)."""
    clients = []

    def start_live(source="deezer", *options, **more):
        service = start("--source", source, *providers.options(), *options, **more)
        clients.append(service.client())
        return service, clients[-1]

    yield start_live
    for client in clients:
        client.close()


def origins(profile):
    return {name: count for name, count in profile["sources"].items() if count}


# ---- finding artists ----

def test_the_very_name_comes_first_then_fans(live):
    _, client = live()
    found = client.get("/search?q=adele").json["artists"]
    assert [artist["name"] for artist in found] == ["Adele", "Adele", "Adele Quistrell"]
    assert [artist["id"] for artist in found] == ["deezer:75798", "deezer:2002", "deezer:2001"]
    assert found[0]["source"] == "deezer" and found[0]["image"].startswith("https://")
    assert found[0]["popularity"] > found[1]["popularity"]
    assert client.get("/search?q=ad%C3%A8le").json["artists"][0]["id"] == "deezer:75798"


def test_a_search_is_asked_once(live, providers):
    _, client = live()
    first = client.get("/search?q=Bjork").body
    assert client.get("/search?q=bj%C3%B6rk").body == first
    assert providers.count("/search/artist") == 1
    assert client.get("/search?q=nobody-of-this-name").json["artists"] == []
    client.get("/search?q=nobody-of-this-name")
    assert providers.count("/search/artist") == 2
    assert client.get("/search?q=").json["artists"] == []
    assert providers.count("/search/artist") == 2


def test_markup_in_names_stays_text(live):
    service, client = live()
    answer = client.get("/search?q=script")
    assert answer.json["artists"][0]["name"] == "<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    _, profile = client.new_profile([deezer("<script>alert(1)</script>")])
    assert profile.json["artists"][0]["name"] == "<script>alert(1)</script>"
    service.stop()
    assert not any("<script" in line for line in service.log)


# ---- measured profiles ----

def test_ten_artists_are_measured(live, providers):
    providers.fault("^/preview", "slow", seconds=0.05)
    _, client = live()
    session = client.create()
    client.extract(session, [deezer(name) for name in TEN])
    seen = []

    def ready():
        answer = client.get(f"/getProfile?session_id={session}", None)
        if answer.status == 202:
            seen.append((answer.json["done"], answer.json["total"]))
        return answer if answer.status == 200 else None

    profile = until(ready, "the profile", 60).json
    assert origins(profile) == {"measured": 50}
    assert all(total == 50 for _, total in seen)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert all(track["features"]["loudness"] < 0 and track["emotion"] for track in profile["tracks"])
    assert all(0 <= track["confidence"] <= 1 for track in profile["tracks"])
    assert all(artist["estimated_share"] == 0 for artist in profile["artists"])
    assert 1 < providers.most_previews <= 8
    # Ten names in one question to MusicBrainz, one to ListenBrainz; tags that are no genres are left out.
    assert providers.count("^/musicbrainz") == 1 and providers.count("^/listenbrainz") == 1
    assert profile["artists"][0]["genres"] == ["house", "electronic", "french house"]
    assert profile["unknown_genres"] == ["zydecorephonic"]


def test_progress_is_seen_while_it_lasts(live, providers):
    providers.fault("^/preview", "slow", seconds=0.3)
    _, client = live()
    session = client.create()
    client.extract(session, [deezer(name) for name in TEN[:4]])
    seen = set()

    def some():
        answer = client.get(f"/getProfile?session_id={session}", None)
        assert answer.status == 202
        seen.add(answer.json["done"])
        return any(0 < done < 20 for done in seen)

    until(some, "a progress between nothing and all")
    assert origins(client.profile(session).json) == {"measured": 20}


def test_a_second_profile_costs_no_call(live, providers):
    service, client = live()
    _, first = client.new_profile([deezer("Adele"), deezer("Booba")])
    asked = providers.count()
    _, second = client.new_profile([deezer("Adele"), deezer("Booba")])
    assert providers.count() == asked
    a, b = first.json, second.json
    for volatile in ("session_id", "created_at", "expires_at"):
        a.pop(volatile), b.pop(volatile)
    assert a == b
    service.stop()
    # Nor after a restart: the cache lies beside the data.
    again, client = live(data=service.data)
    client.new_profile([deezer("Adele"), deezer("Booba")])
    assert providers.count() == asked


def test_a_torn_cache_is_begun_anew(live, providers):
    service, client = live()
    client.new_profile([deezer("Adele")])
    service.stop()
    for name in os.listdir(service.data):
        if name.startswith("cache.sqlite"):
            with open(os.path.join(service.data, name), "wb") as file:
                file.write(b"torn " * 1000)
    again, client = live(data=service.data)
    assert origins(client.new_profile([deezer("Adele")])[1].json) == {"measured": 5}


def sent_sounds(providers):
    """Pieces of the previews that were sent, from everywhere in them."""
    numbers = {int(found[1]) for _, path in providers.asked if (found := re.match(r"/preview/(\d+)\.mp3", path))}
    files = [standin.previews.mp3(number, providers.seconds, providers.kbps) for number in numbers]
    assert len(files) == 10 and min(map(len, files)) > 10000
    pieces = [file[at:at + 16] for file in files for at in range(0, len(file) - 16, 400)]
    return [piece for piece in pieces if len(set(piece)) > 8]  # not the padding between frames


def test_no_audio_touches_the_disk(live, providers, tmp_path):
    service, client = live(variables={"TMPDIR": str(tmp_path)})
    session, _ = client.new_profile([deezer("Adele"), deezer("Metallica")])
    assert providers.count("^/preview") == 10
    sound = sent_sounds(providers)
    files = [os.path.join(folder, name) for folder, _, names in os.walk(tmp_path) for name in names]
    assert any(name.endswith("cache.sqlite") for name in files)
    assert all(os.stat(name).st_mode & 0o077 == 0 for name in files if "cache.sqlite" in name)
    for name in files:
        with open(name, "rb") as file:
            content = file.read()
        assert b"LAME" not in content and b"Lavf" not in content and b"Lavc" not in content, name
        assert not any(piece in content for piece in sound), f"a piece of a preview in {name}"
    with open(service.path(session, "top_tracks.json"), "rb") as file:
        assert b"hdnea" not in file.read()  # an address is a key for minutes; only the id is kept


# ---- tracks that cannot be measured ----

def test_without_preview_genres_speak(live):
    _, client = live()
    _, profile = client.new_profile([deezer("No Preview"), deezer("Adele")])
    assert origins(profile.json) == {"measured": 5, "estimated": 5}
    _, profile = client.new_profile([deezer("The Silent Ones")])
    assert profile.json["tracks"] == [] and profile.json["artists"][0]["estimated_share"] == 1


def test_reccobeats_is_asked_only_when_wanted(live, providers):
    service, client = live()
    client.new_profile([deezer("No Preview")])
    assert providers.count("^/reccobeats") == 0
    service.stop()
    _, client = live("deezer", "--reccobeats")
    _, profile = client.new_profile([deezer("No Preview"), deezer("Adele")])
    assert origins(profile.json) == {"measured": 5, "provider": 4, "estimated": 1}  # one it does not know
    told = [track for track in profile.json["tracks"] if track["source"] == "provider"]
    assert all(track["features"]["energy"] == 0.1 and track["confidence"] is None for track in told)
    asked = providers.count()
    client.new_profile([deezer("No Preview"), deezer("Adele")])
    assert providers.count() == asked, "what a provider does not know is remembered too"


def test_what_reccobeats_cannot_mean_is_not_kept(live, providers):
    providers.fault("^/reccobeats/track", "bytes", 1, body=b'{"content":[{"id":7.5,"isrc":null}]}')
    _, client = live("deezer", "--reccobeats")
    assert origins(client.new_profile([deezer("No Preview")])[1].json) == {"estimated": 5}
    assert origins(client.new_profile([deezer("No Preview")])[1].json) == {"provider": 4, "estimated": 1}


def test_an_expired_preview_is_resolved_again(live, providers):
    providers.previews_expire_s = -5
    _, client = live()
    session = client.create()
    client.extract(session, [deezer("Adele")])
    until(lambda: providers.count("^/preview") >= 5, "the previews are asked for")
    providers.previews_expire_s = 900
    profile = client.profile(session).json
    # What was resolved again after the clock was right is measured.
    assert providers.count("/track/") == 5
    assert set(origins(profile)) <= {"measured", "estimated"}


def test_an_expired_preview_is_measured_with_a_fresh_address(live, providers):
    providers.fault("^/preview", "status", 5, status=403)
    _, client = live()
    _, profile = client.new_profile([deezer("Adele")])
    assert origins(profile.json) == {"measured": 5}
    assert providers.count("/track/") == 5


@pytest.mark.parametrize("kind, more", [
    ("html", {}), ("html", {"status": 500}), ("bytes", {"body": b"\xff\xfb" + b"\0" * 5000, "type": "audio/mpeg"}),
    ("bytes", {"body": b""}), ("huge", {}), ("cut", {}), ("status", {"status": 404}), ("status", {"status": 503}),
])
def test_broken_previews_leave_estimates(live, providers, kind, more):
    providers.fault("^/preview", kind, **more)
    _, client = live()
    _, profile = client.new_profile([deezer("Adele"), deezer("Metallica")])
    assert origins(profile.json) == {"estimated": 10}
    # A failure is not kept: when it is over, the same artists are measured.
    providers.clear()
    _, profile = client.new_profile([deezer("Adele"), deezer("Metallica")])
    assert origins(profile.json) == {"measured": 10}


def test_previews_are_not_fetched_from_inside(live, providers):
    """An answer that names a host of our own network leads nowhere."""
    other = standin.Providers()
    try:
        inside = other.root.replace("127.0.0.1", "localhost")
        providers.fault("^/preview", "redirect", to=f"{inside}/preview/7579801.mp3?hdnea=exp=9999999999~")
        _, client = live()
        _, profile = client.new_profile([deezer("Adele")])
        assert origins(profile.json) == {"estimated": 5}
        assert other.count() == 0
        track = {"id": 7579801, "title": "First Light", "artist": {"name": "Adele"},
                 "preview": f"{inside}/preview/7579801.mp3?hdnea=exp=9999999999~"}
        providers.clear()
        providers.fault("/artist/1003/top", "bytes", body=json.dumps({"data": [track]}).encode())
        _, profile = client.new_profile([deezer("Björk")])
        assert origins(profile.json) == {"estimated": 1}
        assert other.count() == 0
    finally:
        other.stop()


# ---- faults of Deezer ----

@pytest.mark.parametrize("kind", ["quota", "busy"])
def test_the_quota_envelope_is_waited_out(live, providers, kind):
    providers.fault("/search/artist", kind, 2)
    _, client = live()
    assert client.get("/search?q=adele").json["artists"][0]["name"] == "Adele"
    assert providers.count("/search/artist") == 3


def test_the_quota_envelope_is_never_nothing(live, providers):
    providers.fault("/search/artist", "quota")
    _, client = live()
    problem = client.get("/search?q=adele", 503)
    assert "Deezer" in problem.error
    providers.clear()
    assert client.get("/search?q=adele").json["artists"], "the failure was kept as nothing"


def test_deezers_own_quota_is_kept_to(live, providers):
    _, client = live()
    for i in range(45):
        client.get(f"/search?q=name{i}")
    with providers.lock:
        assert len(providers.deezer_times) <= 50
    assert providers.count("/search/artist") == 45


def test_deezers_own_quota_is_kept_to_by_many_questions_at_once(live, providers):
    """Twenty to name the artists, fifty for fresh addresses of their previews, for which there is no leave yet; then searches."""
    providers.fault("^/preview", "status", 50, status=403)
    _, client = live()
    _, profile = client.new_profile([deezer(name) for name in TEN])
    assert origins(profile.json) == {"measured": 50}
    assert providers.count("^/deezer/track/") == 50
    for i in range(20):
        client.get(f"/search?q=name{i}")
    assert providers.most_deezer <= 50


@pytest.mark.parametrize("kind, more", [
    ("html", {}), ("truncated", {}), ("wrong_types", {}), ("huge", {}), ("bomb", {}), ("cut", {}),
    ("status", {"status": 500}), ("status", {"status": 503}), ("status", {"status": 403}),
    ("status", {"status": 429, "retry_after": 60}), ("bytes", {"body": b"[]"}), ("bytes", {"body": b"{}"}),
    ("bytes", {"body": b"null"}), ("bytes", {"body": b"\xff\xfe{}"}),
    ("bytes", {"body": b'{"error":{"code":"4"}}'}), ("bytes", {"body": b"[" * 100000}),
])
@pytest.mark.parametrize("source", ["deezer", "auto"])
def test_faults_of_a_search(live, providers, source, kind, more):
    """Alone: a clear failure, not kept. With the catalogue behind it: the catalogue's answer."""
    providers.fault("/search/artist", kind, **more)
    service, client = live(source)
    answer = client.get("/search?q=adele", None)
    if source == "auto":
        assert answer.status == 200 and answer.json["artists"][0]["id"] == "adele"
    else:
        assert answer.status == 503, answer
        assert "Deezer" in answer.error
    service.stop()
    rows = sqlite3.connect(os.path.join(service.data, "cache.sqlite")).execute(
        "SELECT count(*) FROM entries WHERE kind = 0").fetchone()[0]
    assert rows == 0, "a failure was kept as an answer"


def test_missing_members_are_survived(live, providers):
    providers.fault("^/deezer", "missing")
    _, client = live()
    assert client.get("/search?q=adele", None).status in (200, 503)
    assert client.extract(client.create(), [deezer("Adele")], None).status in (200, 503)


def test_retry_after_is_respected(live, providers):
    providers.fault("/search/artist", "status", 1, status=429, retry_after=1)
    providers.fault("/search/artist", "status", 1, status=429, retry_after=3600)
    service, client = live()
    client.get("/search?q=adele", 503)
    asked = providers.count()
    assert asked == 2, "a short pause is waited for, a long one is not"
    problem = client.get("/search?q=metallica", 503)
    assert providers.count() == asked, "Deezer was asked although it asked not to be"
    assert "left alone" in problem.error
    service.stop()
    lines = [json.loads(line) for line in service.log if '"provider"' in line]
    assert len([line for line in lines if line["event"] == "provider"]) == 1


def test_listenbrainz_own_word_for_it_is_respected(live, providers):
    providers.fault("^/listenbrainz", "status", 1, status=429, headers={"X-RateLimit-Reset-In": "1"})
    _, client = live()
    session = client.create()
    client.extract(session, [deezer("Daft Punk")])
    assert providers.count("^/listenbrainz") == 2, "a second is waited for; an unknown pause would not be"


def test_who_fails_is_left_alone(live, providers):
    providers.fault("^/deezer", "status", status=500)
    service, client = live()
    for i in range(8):
        client.get(f"/search?q=name{i}", 503)
    assert providers.count("^/deezer") == 3
    service.stop()
    assert sum('"event":"provider"' in line for line in service.log) == 1


def test_a_provider_that_is_away(live, providers, start):
    port = standin.Providers()
    gone = port.root
    port.stop()
    service = start("--source", "auto", *providers.options(), "--deezer-url", f"{gone}/deezer")
    client = service.client()
    assert client.get("/search?q=adele").json["artists"][0]["id"] == "adele"
    _, profile = client.new_profile(["adele", "metallica"])
    assert origins(profile.json) == {"estimated": 10}
    client.close()


def test_what_deezer_does_not_find_the_catalogue_may(live):
    _, client = live("auto")
    assert client.get("/search?q=daft%20pnk").json["artists"][0]["id"] == "daft-punk"
    assert client.get("/search?q=wxyzwxyz").json["artists"] == []


def test_catalogue_ids_are_measured_too(live, providers):
    _, client = live("auto")
    _, profile = client.new_profile(["adele", "metallica"])
    assert origins(profile.json) == {"measured": 10}
    assert [artist["id"] for artist in profile.json["artists"]] == ["adele", "metallica"]


def test_unknown_artists(live, providers):
    _, client = live()
    session = client.create()
    for nobody in ["deezer:999", "deezer:", "deezer:1/2", "deezer:../track/1", "spotify:x", "nobody-at-all", "deezer:0"]:
        client.extract(session, [nobody], 404)
    assert providers.count("/1/2") == providers.count("/track/") == 0
    answer = client.extract(session, [{"id": "deezer:999", "name": "Mine", "genres": ["pop"]}])
    assert answer.json["tracks"] == []


# ---- faults of those who know genres ----

@pytest.mark.parametrize("kind, more", [
    ("html", {}), ("truncated", {}), ("wrong_types", {}), ("missing", {}), ("huge", {}), ("bomb", {}), ("cut", {}),
    ("status", {"status": 503}), ("status", {"status": 401}), ("status", {"status": 429, "retry_after": 60}),
    ("quota_spent", {}),
])
@pytest.mark.parametrize("provider", ["musicbrainz", "listenbrainz"])
def test_genres_fall_back(live, providers, provider, kind, more):
    providers.fault(f"^/{provider}", kind, **more)
    _, client = live()
    session = client.create()
    artists = client.extract(session, [deezer("Adele")]).json["artists"]
    assert artists[0]["genres"], "MusicBrainz' own tags or the catalogue's were not used"
    if provider == "listenbrainz":
        assert artists[0]["genres"] == ["pop", "soul"]


def test_genres_that_failed_are_asked_for_again(live, providers):
    providers.fault("^/musicbrainz", "status", 2, status=503)
    _, client = live()
    session = client.create()
    assert client.extract(session, [deezer("Qwzx Ensemble")]).json["artists"][0]["genres"] == []
    assert client.extract(session, [deezer("Qwzx Ensemble")]).json["artists"][0]["genres"] == ["zydecorephonic"]
    # Nothing is an answer too, and is kept.
    client.extract(session, [deezer("Nobody Tagged")])
    asked = providers.count("^/musicbrainz")
    client.extract(session, [deezer("Nobody Tagged")])
    assert providers.count("^/musicbrainz") == asked


# ---- sessions ----

def test_erasing_ends_the_measuring(live, providers):
    providers.fault("^/preview", "slow", seconds=0.5)
    service, client = live()
    session = client.create()
    client.extract(session, [deezer(name) for name in TEN])
    until(lambda: providers.count("^/preview") > 0, "the measuring begins")
    client.erase(session)
    asked = providers.count("^/preview")
    # Nobody works for it any more: another session of the same size is served meanwhile.
    other, profile = client.new_profile([deezer("Adele")])
    assert providers.count("^/preview") < 50 and asked < 50
    client.get(f"/getProfile?session_id={session}", 404)
    assert not os.path.exists(os.path.join(service.data, "data", session))
    service.stop()
    assert not any('"event":"stage"' in line for line in service.log)


def test_erasing_ends_a_transfer_in_its_middle(live, providers):
    """Long before the transfer's own 20 s are over, and those who do not answer at all are not waited for."""
    providers.fault("^/preview", "hold")
    _, client = live()
    session = client.create()
    client.extract(session, [deezer("Adele"), deezer("Metallica")])
    until(lambda: providers.held == 8, "eight previews hang")
    client.erase(session)
    until(lambda: providers.hung_up == 8, "the server hangs up")
    assert providers.count("^/preview") == 8, "the others are not begun"


def test_naming_artists_again_starts_anew(live, providers):
    providers.fault("^/preview", "slow", 30, seconds=0.5)
    _, client = live()
    session = client.create()
    client.extract(session, [deezer(name) for name in TEN])
    until(lambda: providers.count("^/preview") > 0, "the measuring begins")
    client.extract(session, [deezer("Adele")])
    profile = client.profile(session).json
    assert [artist["name"] for artist in profile["artists"]] == ["Adele"]
    assert origins(profile) == {"measured": 5}


def test_two_at_once_measure_once(live, providers):
    providers.fault("^/preview", "slow", 20, seconds=0.3)
    _, client = live()
    session = client.create()
    client.extract(session, [deezer("Adele"), deezer("Metallica")])
    by_hand = client.post(f"/transform?session_id={session}", b"", 200).json
    assert {track["source"] for track in by_hand["tracks"]} == {"measured"}
    assert origins(client.profile(session).json) == {"measured": 10}
    assert providers.count("^/preview") == 10


def test_stopping_does_not_wait_for_previews(live, providers):
    providers.fault("^/preview", "slow", seconds=1)
    service, client = live()
    session = client.create()
    client.extract(session, [deezer(name) for name in TEN])
    until(lambda: providers.count("^/preview") > 0, "the measuring begins")
    service.stop()
    assert providers.count("^/preview") < 50
    providers.clear()
    _, client = live(data=service.data)
    assert origins(client.profile(session).json) == {"measured": 50}


# ---- what goes wrong is counted, also where somebody else had the answer ----

def errors_counted(client):
    found = re.search(r'^listening_source_errors_total\{source="\w+"\} (\d+)$', client.get("/metrics").body.decode(), re.M)
    return int(found[1])


def test_failures_that_auto_hides_are_counted(live, providers):
    _, client = live("auto")
    client.new_profile([deezer("Adele")])
    assert errors_counted(client) == 0
    providers.fault("/search/artist", "status", status=500)
    assert client.get("/search?q=metallica").json["artists"][0]["id"] == "metallica"
    assert errors_counted(client) == 1
    providers.fault("^/musicbrainz", "status", status=500)
    client.extract(client.create(), [deezer("Björk")])
    assert errors_counted(client) == 2


def test_failures_of_features_are_counted(live, providers):
    providers.fault("^/preview", "status", status=503)
    _, client = live()
    assert origins(client.new_profile([deezer("Adele")])[1].json) == {"estimated": 5}
    assert errors_counted(client) == 5


# ---- histories: the unknown artists heard most are looked up, never a row ----

def history_of(*plays):
    lines = ["uts,artist,track"]
    for artist, count in plays:
        for i in range(count):
            lines.append(f"{1_500_000_000 + len(lines) * 1000},{artist},Song {i % 3}")
    return ("\n".join(lines) + "\n").encode()


def bring(client, content, session=None):
    session = session or client.create()
    edge = "----an-edge"
    body = (f'--{edge}\r\nContent-Disposition: form-data; name="session_id"\r\n\r\n{session}\r\n--{edge}\r\n'
            'Content-Disposition: form-data; name="file"; filename="scrobbles.csv"\r\n\r\n').encode()
    return client.ask("POST", "/import", body + content + f"\r\n--{edge}--\r\n".encode(),
                      {"Content-Type": f"multipart/form-data; boundary={edge}"}, 200).json


MANY = [("Metallica", 300), ("Qwzx Ensemble", 90), ("The Silent Ones", 80)] + [(f"Nobody {i} Zzyx", 70 - i) for i in range(60)]


def test_a_history_looks_up_few(live, providers):
    _, client = live()
    session = client.create()
    answer = bring(client, history_of(*MANY), session)
    assert answer["lookup"] == {"asked": 20, "found": 2}
    assert providers.count("/search/artist") == 20 and providers.count() <= 24
    assert answer["history"]["matched_artists"] == 3 and answer["notes"][0]["id"] == "looked_up"
    assert answer["unknown_artists"][0]["name"] == "Nobody 0 Zzyx"
    profile = client.profile(session).json
    assert [artist["id"] for artist in profile["artists"]] == ["metallica", deezer("Qwzx Ensemble"), deezer("The Silent Ones")]
    assert profile["artists"][1]["genres"] == ["zydecorephonic"]
    # A second time they are known, and the next ones' turn comes.
    asked = providers.count("/search/artist")
    assert bring(client, history_of(*MANY[:3]))["lookup"] == {"asked": 0, "found": 0}
    assert providers.count("/search/artist") == asked


def test_a_history_without_look_up(live, providers):
    _, client = live("auto", "--no-lookup")
    answer = bring(client, history_of(*MANY))
    assert answer["lookup"] == {"asked": 0, "found": 0} and answer["history"]["matched_artists"] == 1
    assert providers.count() == 0 and not answer["notes"]


def test_a_history_when_deezer_is_away(live, providers):
    providers.fault("^/deezer", "status", status=500)
    _, client = live()
    answer = bring(client, history_of(*MANY))
    assert answer["lookup"]["found"] == 0 and answer["history"]["matched_artists"] == 1
    assert providers.count() == 1, "who fails is not asked for the others"


# ---- Spotify ----

KEY = ["--spotify-client-id", "test-client", "--spotify-client-secret", "test-secret"]


def test_spotify_finds_and_deezer_measures(live, providers):
    service, client = live("spotify", *KEY)
    found = client.get("/search?q=adele").json["artists"]
    assert found[0]["id"].startswith("spotify:") and found[0]["source"] == "spotify" and found[0]["popularity"] is None
    _, profile = client.new_profile([found[0]["id"]])
    assert origins(profile.json) == {"measured": 5}
    client.new_profile([f"spotify:{known.spotify_id('Metallica')}"])
    assert providers.tokens == 1, "the token is kept"
    assert providers.count("/top-tracks") == 1, "what is closed is asked for once"
    service.stop()
    closed = [line for line in service.log if "top tracks" in line]
    assert len(closed) == 1 and "test-secret" not in "".join(service.log)


def test_spotify_with_an_old_app(live, providers):
    providers.spotify_closed = set()
    _, client = live("spotify", *KEY)
    _, profile = client.new_profile([f"spotify:{known.spotify_id('Adele')}"])
    assert origins(profile.json) == {"provider": 4, "estimated": 1}


def test_spotify_tokens_are_refreshed(live, providers):
    _, client = live("spotify", *KEY)
    client.get("/search?q=adele")
    providers.tokens += 1  # the old one was taken back
    assert client.get("/search?q=metallica").json["artists"]
    assert providers.count("/accounts/") == 2


def test_spotify_faults(live, providers):
    _, client = live("spotify", "--spotify-client-id", "wrong", "--spotify-client-secret", "wrong")
    assert "client id and secret" in client.get("/search?q=adele", 503).error
    _, client = live("spotify", *KEY)
    providers.fault("^/spotify/v1/search", "quota_spent")
    assert "tomorrow" in client.get("/search?q=adele", 503).error
    asked = providers.count("^/spotify")
    client.get("/search?q=metallica", 503)
    assert providers.count("^/spotify") == asked


# ---- the command line ----

def test_doctor(binary, providers, tmp_path):
    arguments = ["doctor", "--source", "deezer", "--reccobeats", "--data", tmp_path, *providers.options()]
    status, out, _ = run(binary, *arguments)
    assert status == 0, out
    lines = {line.split()[1]: line for line in out.splitlines()}
    sandbox = lines.pop("sandbox")  # what this kernel has
    assert sandbox
    assert set(lines) == {"catalog", "store", "deezer", "previews", "musicbrainz", "listenbrainz", "reccobeats"}
    assert all(line.startswith("ok ") for line in lines.values())
    providers.fault("^/preview", "status", status=403)
    providers.fault("^/listenbrainz", "status", status=401)
    status, out, _ = run(binary, *arguments)
    lines = {line.split()[1]: line for line in out.splitlines()}
    assert status == 1
    assert lines["previews"].startswith("FAIL") and lines["listenbrainz"].startswith("FAIL") and "401" in lines["listenbrainz"]
    assert lines["deezer"].startswith("ok ")


def test_profile_and_search_of_the_command_line(binary, providers):
    status, out, err = run(binary, "profile", "--json", "--source", "deezer", *providers.options(), "adele", "bjork")
    assert status == 0, err
    assert origins(json.loads(out)) == {"measured": 10}
    status, out, _ = run(binary, "search", "--source", "deezer", *providers.options(), "adele")
    assert status == 0 and re.search(r"Adele .*\[deezer:75798\]", out)


def test_a_track_list_is_filled_from_a_live_source(binary, providers, tmp_path):
    rows = ["Track Name,Artist Name(s)", "Second thoughts,adele", "No Such Song,Adele", "First Light,Nobody At All Qx", "First Light,"]
    (tmp_path / "list.csv").write_text("\n".join(rows) + "\n")
    status, out, err = run(binary, "features", "--source", "deezer", *providers.options(), tmp_path / "list.csv")
    assert status == 0 and "4 rows: 1 filled, 0 had numbers already, 3 not known" in err
    first, *others = out.splitlines()[1:]
    assert first.startswith("Second thoughts,adele,0.") and first.endswith(",measured")
    assert all(re.fullmatch(r"[^,]+,[^,]*,+", row) for row in others), others
    status, _, err = run(binary, "features", "--source", "napster", tmp_path / "list.csv")
    assert status == 2 and "napster" in err


def test_a_list_of_codes_is_filled_from_a_live_source(binary, providers, tmp_path):
    """ISRCs alone: asked for once, kept, with hyphens or without; what is no code, or nobody's, is left. What was kept
    and cannot be read any more is asked for again."""
    code = known.isrc(7579801)
    codes = [code, f"{code[:2]}-{code[2:5].lower()}-{code[5:7]}-{code[7:]}", "XXTST9999999", "no code", "XXTST12"]
    (tmp_path / "list.csv").write_text("\n".join(["ISRC", *codes]) + "\n")
    for answers, broken in ((1, False), (0, False), (1, True)):  # the second time nobody is asked for the track
        if broken:
            with sqlite3.connect(tmp_path / "cache") as kept:
                assert kept.execute("UPDATE entries SET value = '{' WHERE key LIKE 'isrc %'").rowcount == 2
        before = providers.count("^/deezer/track/isrc:")
        status, out, err = run(binary, "features", "--source", "deezer", "--cache", tmp_path / "cache", *providers.options(),
                               tmp_path / "list.csv")
        assert status == 0 and "5 rows: 2 filled, 0 had numbers already, 3 not known" in err
        first, second, *others = out.splitlines()[1:]
        assert first.endswith(",measured") and first.split(",")[1:] == second.split(",")[1:]
        assert all(re.fullmatch(r"[^,]+,+", row) for row in others), others
        assert providers.count("^/deezer/track/isrc:") - before == 2 * answers


def test_rows_that_are_not_asked_for_are_said_and_come_next(binary, providers, tmp_path):
    codes = [f"XXTST99{i:05d}" for i in range(51)] + [known.isrc(7579801)]
    (tmp_path / "list.csv").write_text("\n".join(["ISRC", *codes]) + "\n")
    words = ["features", "--source", "deezer", "--cache", tmp_path / "cache", *providers.options(), tmp_path / "list.csv"]
    status, out, err = run(binary, *words, seconds=60)
    assert status == 0 and "52 rows: 0 filled, 0 had numbers already, 52 not known" in err
    assert "2 of those not known were not asked for" in err
    status, out, err = run(binary, *words, seconds=60)
    assert status == 0 and "52 rows: 1 filled, 0 had numbers already, 51 not known" in err and "not asked" not in err
    assert out.splitlines()[-1].endswith(",measured")


def test_settings_that_cannot_be(binary):
    for arguments, word in [(["--source", "napster"], "napster"), (["--source", "spotify"], "LISTENING_SPOTIFY_CLIENT_ID"),
                            (["--source", "deezer", "--deezer-url", "http://api.deezer.com"], "https://"),
                            (["--source", "deezer", "--deezer-url", "ftp://x"], "LISTENING_DEEZER_URL"),
                            (["--source", "deezer", "--deezer-url", "https://user@host"], "LISTENING_DEEZER_URL")]:
        status, _, err = run(binary, "search", *arguments, "adele")
        assert status == 2 and word in err, (arguments, err)


def test_the_default_asks_nobody(start, providers):
    variables = {f"LISTENING_{name}_URL": f"{providers.root}/{name.lower()}"
                 for name in ("DEEZER", "MUSICBRAINZ", "LISTENBRAINZ", "RECCOBEATS")}
    service = start(variables=variables)
    client = service.client()
    client.get("/search?q=adele")
    client.new_profile(["adele"])
    client.close()
    service.stop()
    assert providers.count() == 0
    assert not os.path.exists(os.path.join(service.data, "cache.sqlite"))


def test_providers_are_told_who_asks(live, providers):
    _, client = live("deezer", "--contact", "https://example.org/about")
    client.new_profile([deezer("Adele")])
    assert len(providers.agents) == 1
    assert re.fullmatch(r"ListeningIntelligence/[\d.]+ \( https://example.org/about \)", providers.agents.pop())
