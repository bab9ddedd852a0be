"""Artists met through a live source are found by typing later, also when the provider is away."""
import os
import sys

import pytest

import contract as contract_module

sys.path.insert(0, os.path.join(contract_module.ROOT, "tests", "providers"))
import standin  # noqa: E402


@pytest.fixture
def providers():
    server = standin.Providers()
    yield server
    server.stop()


def search(client, words):
    answer = client.get("/search?q=" + words)
    assert answer.status == 200
    return [(artist["id"], artist["source"]) for artist in answer.json["artists"]]


def test_met_artists_are_found_when_the_provider_is_away(start, providers):
    client = start("--source", "auto", *providers.options()).client()
    assert ("deezer:1011", "deezer") in search(client, "qwzx")
    assert search(client, "adele")[0] == ("deezer:75798", "deezer")
    providers.fault("^/deezer", "status", status=503)
    assert search(client, "qwzx+ensembel") == [("deezer:1011", "deezer")], "half remembered, misspelt"
    assert search(client, "ensemble+qwzx") == [("deezer:1011", "deezer")], "in another order"
    found = search(client, "adel")
    assert {("adele", "catalog"), ("deezer:2001", "deezer")} <= set(found), "together with the catalogue"
    assert ("deezer:75798", "deezer") not in found, "an artist of the catalogue is not there twice"
    assert search(client, "daft+pun")[0] == ("daft-punk", "catalog")
