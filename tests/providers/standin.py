#!/usr/bin/env python3
"""One small server that plays Deezer, MusicBrainz, ListenBrainz, ReccoBeats and Spotify, as their documents say,
and fails as it is told. For the tests (class Providers) and for trying by hand:

    tests/providers/standin.py [--port 9100] [--latency 0.15] [--rate 2500000]
    listening serve --source deezer --deezer-url http://127.0.0.1:9100/deezer ...   (it prints the options)

Everything it serves is invented, or made by ffmpeg before it starts.
"""
import argparse
import base64
import gzip
import json
import os
import re
import socket
import sys
import threading
import time
import unicodedata
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data  # noqa: E402
import previews  # noqa: E402

CLIENT = ("test-client", "test-secret")
HTML = b"<!doctype html><title>Sorry</title><h1>Something went wrong</h1>"


class Fault:
    """What happens to requests whose path matches, for so many times (None: for good)."""

    def __init__(self, path, kind, times=None, **more):
        self.path, self.kind, self.times, self.more = re.compile(path), kind, times, more


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class Providers:
    """The server, what was asked of it, and the faults that it has."""

    def __init__(self, port=0, latency=0.0, rate=None, seconds=6, kbps=64):
        self.latency, self.rate, self.seconds, self.kbps = latency, rate, seconds, kbps
        self.lock = threading.Lock()
        self.asked = []  # (method, path with query)
        self.agents = set()
        self.faults = []
        self.deezer_times = []
        self.most_deezer = 0  # requests in any 5 s
        self.enforce_quota = True
        self.spotify_closed = {"top-tracks", "audio-features"}
        self.tokens = 0
        self.open_previews = self.most_previews = 0
        self.previews_expire_s = 900
        self.held = self.hung_up = 0  # by the fault "hold": answers that never end, and clients that left them
        previews.make_all(seconds, kbps)
        handler = type("Bound", (Handler,), {"providers": self})
        self.server = Server(("127.0.0.1", port), handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def root(self):
        return f"http://127.0.0.1:{self.port}"

    def options(self):
        return ["--deezer-url", f"{self.root}/deezer", "--musicbrainz-url", f"{self.root}/musicbrainz",
                "--listenbrainz-url", f"{self.root}/listenbrainz", "--reccobeats-url", f"{self.root}/reccobeats",
                "--spotify-api-url", f"{self.root}/spotify", "--spotify-accounts-url", f"{self.root}/accounts"]

    def fault(self, path, kind, times=None, **more):
        with self.lock:
            self.faults.append(Fault(path, kind, times, **more))

    def clear(self):
        with self.lock:
            self.faults.clear()
            self.asked.clear()
            self.deezer_times.clear()

    def count(self, path=""):
        """How many requests there were whose path matches."""
        with self.lock:
            return sum(1 for _, asked in self.asked if re.search(path, asked))

    def take_fault(self, path):
        with self.lock:
            for fault in self.faults:
                if fault.path.search(path) and fault.times != 0:
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None

    def over_quota(self):
        """Deezer counts 50 requests in any 5 s."""
        now = time.monotonic()
        with self.lock:
            self.deezer_times = [t for t in self.deezer_times if now - t < 5]
            self.deezer_times.append(now)
            self.most_deezer = max(self.most_deezer, len(self.deezer_times))
            return self.enforce_quota and len(self.deezer_times) > 50

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    providers = None

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.work()

    def do_POST(self):
        self.work()

    # ---- answers ----

    def send(self, status, body, kind="application/json; charset=utf-8", **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        rate, step = self.providers.rate, 65536
        if not rate or len(body) < step:
            self.wfile.write(body)
            return
        begun = time.monotonic()
        for at in range(0, len(body), step):
            self.wfile.write(body[at:at + step])
            wait = begun + min(at + step, len(body)) / rate - time.monotonic()
            if wait > 0:
                time.sleep(wait)

    def work(self):
        size = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(size)
        providers, is_preview = self.providers, self.path.startswith("/preview/")
        with providers.lock:
            providers.asked.append((self.command, self.path))
            providers.agents.add(self.headers.get("User-Agent", ""))
            providers.open_previews += is_preview
            providers.most_previews = max(providers.most_previews, providers.open_previews)
        if providers.latency:
            time.sleep(providers.latency)
        fault = providers.take_fault(self.path)
        try:
            if fault is None or not self.fail(fault):
                self.answer(fault)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with providers.lock:
                providers.open_previews -= is_preview

    def fail(self, fault):
        """Does what the fault says; False when the answer follows all the same."""
        more = fault.more
        if fault.kind == "slow":
            time.sleep(more.get("seconds", 1))
            return False
        if fault.kind == "hold":
            self.hold()
        elif fault.kind == "quota":
            self.send(200, {"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}})
        elif fault.kind == "busy":
            self.send(200, {"error": {"type": "Exception", "message": "Service busy", "code": 700}})
        elif fault.kind == "quota_spent":
            self.send(429, {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}})
        elif fault.kind == "status":
            headers = {"Retry_After": str(more["retry_after"])} if "retry_after" in more else more.get("headers", {})
            self.send(more["status"], more.get("body", {"error": {"status": more["status"], "message": "no"}}), **headers)
        elif fault.kind == "html":
            self.send(more.get("status", 200), HTML, "text/html")
        elif fault.kind == "huge":
            self.send(200, b'{"data":[' + b'"' + b"x" * more.get("bytes", 20000000) + b'"]}')
        elif fault.kind == "bomb":
            self.send(200, gzip.compress(b"[" + b" " * more.get("bytes", 100000000) + b"]"), Content_Encoding="gzip")
        elif fault.kind == "redirect":
            self.send(302, b"", Location=more["to"])
        elif fault.kind == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b'{"data": [{"id": 1, "na')
            self.close_connection = True
        elif fault.kind == "bytes":
            self.send(200, more["body"], more.get("type", "application/json"))
        else:
            return False  # "truncated", "wrong_types", "missing" change the answer
        return True

    def hold(self):
        """Begins an answer and says no more until the client goes away."""
        self.send_response(200)
        self.send_header("Content-Length", "480000")
        self.end_headers()
        self.wfile.write(b"\xff\xfb")
        with self.providers.lock:
            self.providers.held += 1
        try:
            self.connection.recv(1)
        except OSError:
            pass
        with self.providers.lock:
            self.providers.hung_up += 1
        self.close_connection = True

    def reply(self, document, fault, status=200):
        """Sends a document, spoilt as the fault says."""
        if fault and fault.kind == "truncated":
            body = json.dumps(document).encode()
            self.send(status, body[:len(body) * 2 // 3])
        elif fault and fault.kind == "wrong_types":
            self.send(status, spoil(document, True))
        elif fault and fault.kind == "missing":
            self.send(status, spoil(document, False))
        else:
            self.send(status, document)

    def answer(self, fault):
        url = urllib.parse.urlsplit(self.path)
        query = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        provider, _, rest = url.path.lstrip("/").partition("/")
        work = getattr(self, "answer_" + provider, None)
        if work is None:
            self.send(404, {"error": "no such provider"})
        else:
            work("/" + rest, query, fault)

    # ---- Deezer ----

    def deezer_artist(self, name, number):
        picture = f"https://cdn-images.dzcdn.net/images/artist/{number}"
        return {"id": number, "name": name, "link": f"https://www.deezer.com/artist/{number}",
                "picture_medium": picture + "/250x250.jpg", "nb_album": 9, "nb_fan": data.fans(number),
                "radio": True, "type": "artist"}

    def deezer_track(self, track, full=False):
        """Track numbers are artist * 100 + place."""
        name = data.by_id(track // 100)
        expires = int(time.time()) + self.providers.previews_expire_s
        preview = "" if name == "No Preview" else f"{self.providers.root}/preview/{track}.mp3?hdnea=exp={expires}~hmac=0"
        document = {"id": track, "readable": True, "title": data.TITLES[track % 100 - 1], "duration": 200,
                    "rank": 900000 - track % 100, "preview": preview, "type": "track",
                    "artist": {"id": track // 100, "name": name}, "album": {"id": 7, "title": "An Album"}}
        if full:
            document.update(isrc=data.isrc(track), release_date="2013-04-19", bpm=0, gain=-8.1)
        return document

    def answer_deezer(self, path, query, fault):
        if self.providers.over_quota():
            self.send(200, {"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}})
            return
        nothing = {"error": {"type": "DataException", "message": "no data", "code": 800}}
        if path == "/search/artist":
            words = query.get("q", "").lower()
            found = [self.deezer_artist(n, f[0]) for n, f in list(data.OTHERS.items()) + list(data.ARTISTS.items())
                     if words in n.lower() or words in plain(n)]
            self.reply({"data": found, "total": len(found)}, fault)
            return
        artist = re.fullmatch(r"/artist/(\d+)(/top)?", path)
        track = re.fullmatch(r"/track/(?:isrc:XXTST0*)?(\d+)", path)
        if artist and data.by_id(int(artist[1])):
            number = int(artist[1])
            if not artist[2]:
                self.reply(self.deezer_artist(data.by_id(number), number), fault)
                return
            count = 0 if data.by_id(number) == "The Silent Ones" else min(int(query.get("limit", 5)), len(data.TITLES))
            self.reply({"data": [self.deezer_track(number * 100 + i) for i in range(1, count + 1)], "total": 100}, fault)
        elif track and data.by_id(int(track[1]) // 100) and 1 <= int(track[1]) % 100 <= len(data.TITLES):
            self.reply(self.deezer_track(int(track[1]), full=True), fault)
        else:
            self.reply(nothing, fault, 404 if path.endswith("/0") else 200)

    def answer_preview(self, path, query, fault):
        track = re.fullmatch(r"/(\d+)\.mp3", path)
        expires = re.search(r"exp=(\d+)", query.get("hdnea", ""))
        if not track or not expires or int(expires[1]) < time.time():
            self.send(403, HTML, "text/html")
            return
        self.send(200, previews.mp3(int(track[1]), self.providers.seconds, self.providers.kbps), "audio/mpeg")

    # ---- MusicBrainz and ListenBrainz ----

    def answer_musicbrainz(self, path, query, fault):
        names = [re.sub(r"\\(.)", r"\1", name) for name in re.findall(r'artist:"((?:[^"\\]|\\.)*)"', query.get("query", ""))]
        found = []
        for name, (_, _, tags) in data.ARTISTS.items():
            if any(plain(name) == plain(wanted) for wanted in names) and name != "The Silent Ones":
                found.append({"id": data.mbid(name), "type": "Group", "score": 100, "name": name, "sort-name": name,
                              "country": "FR", "tags": [{"count": count, "name": tag} for tag, count in tags]})
        if "Adele" in names:  # somebody of the same name whom few know
            found.insert(0, {"id": data.mbid("another adele"), "score": 100, "name": "Adele", "disambiguation": "other"})
        self.reply({"created": "2026-11-22T00:00:00Z", "count": len(found), "offset": 0, "artists": found}, fault)

    def answer_listenbrainz(self, path, query, fault):
        if not path.startswith("/1/metadata/artist/"):
            self.send(401, {"code": 401, "error": "You need to provide an Auth token."})
            return
        wanted = query.get("artist_mbids", "").split(",")
        found = []
        for name, (_, _, tags) in data.ARTISTS.items():
            if data.mbid(name) in wanted:
                found.append({"artist_mbid": data.mbid(name), "name": name, "type": "Group", "tag": {"artist": [
                    {"tag": tag, "count": count, **({} if tag == "seen live" else {"genre_mbid": data.mbid(tag)})}
                    for tag, count in tags]}})
        self.reply(found, fault)

    # ---- ReccoBeats ----

    def answer_reccobeats(self, path, query, fault):
        ids = query.get("ids", "").split(",")
        if path == "/track":
            self.reply({"content": [{"id": data.mbid(i), "trackTitle": "A Track", "isrc": i} for i in reversed(ids)]}, fault)
        elif path == "/audio-features":
            found = [{"id": i, "href": "https://open.spotify.com/track/x", "acousticness": 0.9, "danceability": 0.3,
                      "energy": 0.1, "instrumentalness": 0.8, "key": -1, "liveness": 0.1, "loudness": -18.5, "mode": 1,
                      "speechiness": 0.04, "tempo": 80.2, "valence": 0.2} for i in ids[1:]]  # the first is not known
            self.reply({"content": found}, fault)
        else:
            self.send(404, {"timestamp": "now", "error": "not found"})

    # ---- Spotify ----

    def answer_accounts(self, path, query, fault):
        wanted = "Basic " + base64.b64encode(":".join(CLIENT).encode()).decode()
        if self.headers.get("Authorization") != wanted or self.body != b"grant_type=client_credentials":
            self.send(400, {"error": "invalid_client"})
            return
        self.providers.tokens += 1
        self.reply({"access_token": f"token-{self.providers.tokens}", "token_type": "Bearer", "expires_in": 3600}, fault)

    def spotify_artist(self, name):
        """As a new app gets it: without followers and popularity, genres null."""
        return {"external_urls": {"spotify": "https://open.spotify.com/artist/x"}, "href": "https://api.spotify.com/v1/x",
                "id": data.spotify_id(name), "name": name, "type": "artist", "uri": "spotify:artist:x", "genres": None,
                "images": [{"url": f"https://i.scdn.co/image/{size}", "height": size, "width": size} for size in (640, 320, 160)]}

    def answer_spotify(self, path, query, fault):
        if self.headers.get("Authorization") != f"Bearer token-{self.providers.tokens}":
            self.send(401, {"error": {"status": 401, "message": "Invalid access token"}})
            return
        if path == "/v1/search":
            limit = int(query.get("limit", 5))
            if not 1 <= limit <= 10:
                self.send(400, {"error": {"status": 400, "message": "Invalid limit"}})
                return
            words = plain(query["q"])
            found = [self.spotify_artist(name) for name in data.ARTISTS if words in plain(name)][:limit]
            self.reply({"artists": {"href": "x", "limit": limit, "next": None, "offset": 0, "previous": None,
                                    "total": len(found), "items": found}}, fault)
            return
        artist = re.fullmatch(r"/v1/artists/(\w+)(/top-tracks)?", path)
        names = {data.spotify_id(name): name for name in data.ARTISTS}
        closed = {"error": {"status": 403, "message": "Forbidden"}}
        if artist and artist[2]:
            if "top-tracks" in self.providers.spotify_closed:
                self.send(403, closed)
                return
            self.reply({"tracks": [{"id": data.spotify_id(names[artist[1]] + title), "name": title, "type": "track",
                                    "album": {"release_date": "2001-01-01"}} for title in data.TITLES]}, fault)
        elif artist and artist[1] in names:
            self.reply(self.spotify_artist(names[artist[1]]), fault)
        elif artist:
            self.send(400, {"error": {"status": 400, "message": "Invalid base62 id"}})
        elif path == "/v1/audio-features" and "audio-features" not in self.providers.spotify_closed:
            ids = query["ids"].split(",")
            self.reply({"audio_features": [None] + [
                {"id": i, "danceability": 0.7, "energy": 0.8, "key": 1, "loudness": -5.0, "mode": 0, "speechiness": 0.05,
                 "acousticness": 0.1, "instrumentalness": 0.0, "liveness": 0.1, "valence": 0.6, "tempo": 120.0}
                for i in ids[1:]]}, fault)
        else:
            self.send(403, closed)


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def spoil(value, types):
    """Wrong types: numbers for texts and the other way round. Missing: every second member is gone."""
    if isinstance(value, dict):
        names = list(value) if types else list(value)[::2]
        return {name: spoil(value[name], types) for name in names}
    if isinstance(value, list):
        return [spoil(item, types) for item in value]
    if not types:
        return value
    if isinstance(value, str):
        return 42
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"number": str(value)}
    return [value]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--rate", type=float, default=None, help="bytes a second of one connection")
    parser.add_argument("--seconds", type=int, default=30, help="length of a preview")
    parser.add_argument("--kbps", type=int, default=128, help="rate of a preview")
    given = parser.parse_args()
    providers = Providers(given.port, given.latency, given.rate, given.seconds, given.kbps)
    print("listening serve --source deezer", " ".join(providers.options()), flush=True)
    try:
        providers.thread.join()
    except KeyboardInterrupt:
        providers.stop()


if __name__ == "__main__":
    main()
