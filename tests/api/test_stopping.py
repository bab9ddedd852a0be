"""The end of a server, wished for or not: nothing that was begun or acknowledged is lost."""
import http.client
import json
import signal
import threading

import pytest

from service import half_a_request, read_answer, until

ARTISTS = ["daft-punk", "adele", "stromae"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_requests_in_flight_are_finished(start, contract, number):
    service = start()
    client = service.client()
    session, made = client.new_profile(ARTISTS)
    fresh = client.create()
    requests = [("/search", {"query": "adele"}, 200), ("/create-session", {}, 201),
                ("/getProfile", {"session_id": session}, 200), ("/transform", {"session_id": session}, 200),
                ("/profile", {"session_id": session}, 200), ("/search", {"query": 5}, 400),
                ("/extract-simulate", {"session_id": fresh, "artists": ARTISTS}, 200)]
    begun = [(half_a_request(service, path, json.dumps(body).encode()), path, status)
             for path, body, status in requests]
    service.signal(number)
    until(lambda: any('"stop"' in line for line in service.log), "the server says that it stops")
    for (sock, answers, rest), path, status in begun:
        with sock:
            sock.sendall(rest)
            answer = read_answer(answers)
        contract.check("POST", path, answer)
        assert answer.status == status, answer
        assert answer.headers["Connection"] == "close"  # so that nobody keeps asking a server that stops
    assert service.wait() == 0
    again = start().client()
    assert again.profile(session).body == made.body
    assert len(again.profile(fresh).json["artists"]) == 3


def test_stopping_under_load(start):
    """Clients ask without pause while the server stops. Every answer that begins is whole, every acknowledged
    object is on disk, and the server ends well."""
    service = start("--log", "error")
    acknowledged, faults, enough = [], [], threading.Event()

    def ask_without_pause():
        client = service.client()
        try:
            while True:
                session = client.create()
                answer = client.extract(session, ARTISTS, None)
                if answer.status != 200:
                    assert answer.status == 503 and enough.is_set(), answer
                    continue
                acknowledged.append(session)
                if len(acknowledged) >= 100:
                    enough.set()
        except (OSError, http.client.HTTPException):
            pass  # it has stopped
        except AssertionError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=ask_without_pause) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    service.signal()
    status = service.wait()
    for thread in threads:
        thread.join()
    service.check_sanitizers()
    assert status == 0 and not faults, (service.log[-20:], faults)
    for session in acknowledged:
        assert whole(service, session, "top_tracks.json")


def test_an_idle_connection_does_not_hold_the_stop_up(start):
    service = start()
    client = service.client()
    client.get("/healthz")
    with service.socket():
        service.signal()
        assert service.wait() == 0


def test_stopping_twice_is_stopping_once(start):
    service = start()
    service.signal()
    service.signal()
    service.signal(signal.SIGINT)
    assert service.wait() == 0


# ---- kill -9 ----

def whole(service, session, name):
    with open(service.path(session, name), encoding="utf-8") as file:
        return json.load(file)["session_id"] == session


def test_kill_in_the_middle_of_200_pipelines(start):
    """The server is killed twice on the way. Every object whose making was acknowledged is whole, and every
    session with artists reaches its profile."""
    services = [start("--log", "error")]
    acknowledged, progress = [], threading.Condition()
    todo = list(range(200))

    def acknowledge(session, name):
        with progress:
            acknowledged.append((session, name))
            progress.notify_all()

    def one_pipeline(client):
        session = client.create()
        client.extract(session, ARTISTS)
        acknowledge(session, "top_tracks.json")
        client.post("/transform", {"session_id": session})
        acknowledge(session, "enriched_tracks.json")
        client.post("/profile", {"session_id": session})
        acknowledge(session, "profile.json")

    def work():
        while True:
            with progress:
                if not todo:
                    return
                todo.pop()
                service = services[-1]
            try:
                one_pipeline(service.client())
            except (OSError, http.client.HTTPException):
                with progress:  # killed: this pipeline begins again with the next server
                    todo.append(0)
                    progress.wait_for(lambda: services[-1] is not service, timeout=60)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for count in (150, 400):
        with progress:
            assert progress.wait_for(lambda: len(acknowledged) >= count, timeout=60)
        services[-1].kill()
        following = start("--log", "error")
        with progress:
            services.append(following)
            progress.notify_all()
    for thread in threads:
        thread.join()
    assert len([1 for _, name in acknowledged if name == "profile.json"]) == 200
    for session, name in acknowledged:
        assert whole(services[-1], session, name), f"{session}/{name}"
    client = services[-1].client()
    sessions = {session for session, _ in acknowledged}
    assert len({json.dumps(client.profile(session).json["emotions"]) for session in sessions}) == 1
