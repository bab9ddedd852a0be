"""What the dashboard, the documentation and the alarms ask for is what the program tells."""
import json
import os
import re

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


@pytest.fixture
def told(start):
    """The names of all metrics of a server that did some work."""
    client = start().client()
    client.new_profile(["adele"])
    client.get("/nothing", 404)
    return set(re.findall(r"^# TYPE (\S+)", client.get("/metrics").body.decode(), re.M))


def asked(text):
    names = re.findall(r"\b((?:listening|process)_[a-z_]+_(?:total|seconds|bytes|info|waiting)(?:_bucket|_sum|_count)?)\b", text)
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}


def test_the_dashboard_shows_what_there_is(told):
    dashboard = json.loads(read("infra", "grafana", "dashboard.json"))
    names = asked(" ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"]))
    assert names and names <= told, names - told
    assert told <= names, f"not on the dashboard: {told - names}"
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in dashboard["panels"]]
    assert len(set(places)) == len(places)


def test_the_documentation_names_what_there_is(told):
    names = asked(read("docs", "monitoring.md"))
    assert names == told, names ^ told


def test_the_documentation_names_every_event_of_the_log():
    told = set()
    for folder, _, names in os.walk(os.path.join(ROOT, "src")):
        for name in names:
            if name.endswith(".c"):
                text = read(folder, name)
                told |= set(re.findall(r'li_log_begin\(&line, [^;]*"(\w+)"\);', text))
                told |= set(re.findall(r'li_log_message\([\w ]+, "(\w+)"', text))
    assert told >= {"request", "stage", "provider", "sandbox", "stop"}
    table = read("docs", "monitoring.md").split("| event |")[1].split("\n\n")[0]
    documented = {event for row in table.splitlines()[2:] for event in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert told <= documented, told - documented


def test_cloudwatchs_metrics_are_those_that_the_template_watches():
    told = set(re.findall(r'\{\\"Name\\":\\"(\w+)\\"', read("src", "gateway", "emf.c")))
    assert told >= {"Duration", "ColdStarts", "InitDuration", "StagesDone", "StagesFailed", "ProviderErrors"}
    template = read("infra", "template.yaml")
    watched = set(re.findall(r'\["Listening", "(\w+)"', template))
    watched |= set(re.findall(r"Namespace: Listening\n\s+MetricName: (\w+)", template))
    assert watched and watched <= told, watched - told
    documented = set(re.findall(r"`([A-Z]\w+)`", read("docs", "monitoring.md").split("## CloudWatch")[1].split("###")[0]))
    assert told <= documented, told - documented


def test_queries_ask_for_members_that_log_lines_have():
    """Every name in a Logs Insights query is a member that some line of ours has, or CloudWatch's own (@...)."""
    sources = "".join(read("src", *path) for path in (("gateway", "routes.c"), ("gateway", "lambda.c"), ("gateway", "lambda_job.c"),
                                                     ("gateway", "emf.c"), ("base", "log.c")))
    members = set(re.findall(r'li_log_(?:text|number)\(&line, "(\w+)"', sources)) | {"time", "level", "event", "session"}
    members |= set(re.findall(r'\\"(\w+)\\":', read("src", "gateway", "emf.c")))
    queries = re.findall(r"```\n(filter.*?)```", read("docs", "monitoring.md"), re.S)
    assert len(queries) >= 8
    words = {"filter", "fields", "stats", "sort", "limit", "by", "as", "asc", "desc", "like", "in", "count", "sum", "pct", "max",
             "avg", "bin", "and"}
    for query in queries:
        bare = re.sub(r'"[^"]*"|@\w+', "", query)
        made = set(re.findall(r"\bas (\w+)", bare))
        names = {name for name in re.findall(r"\b[A-Za-z]\w*\b", bare) if not re.fullmatch(r"\d+m", name)}
        unknown = names - words - made - members
        assert not unknown, f"{unknown} in: {query}"
