"""Holds answers against api/openapi.yaml: status, content type, headers and body, all as documented."""
import functools
import json
import os
import re

import yaml
from jsonschema import Draft202012Validator, FormatChecker, RefResolver

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OPENAPI = os.path.join(ROOT, "api", "openapi.yaml")
# What differs between two answers of one shape: ids of sessions and moments.
VOLATILE = re.compile(rb'"(session_id|created_at|expires_at)":"[A-Za-z0-9_:.-]*"')


class Contract:
    """Every answer of every test goes through check()."""

    def __init__(self, path=OPENAPI):
        with open(path, encoding="utf-8") as file:
            self.document = yaml.safe_load(file)
        self.resolver = RefResolver("", self.document)
        self.seen = set()  # bodies that were found right, without what is volatile

    def follow(self, value):
        while "$ref" in value:
            value = self.resolver.resolve(value["$ref"])[1]
        return value

    @functools.lru_cache(maxsize=None)
    def validator(self, pointer):
        schema = self.resolver.resolve(pointer)[1]
        return Draft202012Validator(schema, resolver=self.resolver, format_checker=FormatChecker())

    def fits(self, value, schema):
        """The sentences of what does not fit."""
        if "$ref" in schema and len(schema) == 1:
            validator = self.validator(schema["$ref"])
        else:
            validator = Draft202012Validator(schema, resolver=self.resolver, format_checker=FormatChecker())
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in validator.iter_errors(value)]

    def operation(self, method, path):
        """(pointer, operation) for a request, or (None, None) where the contract knows nothing."""
        path = path.split("?")[0]
        path = path[:-1] if len(path) > 1 and path.endswith("/") else path
        method = "get" if method == "HEAD" else method.lower()
        found = self.document["paths"].get(path, {}).get(method)
        return (f"{method} {path}", found) if found else (None, None)

    def documented_response(self, name, operation, status, path):
        if operation:
            assert str(status) in operation["responses"], f"{name} answered {status}, which is not documented"
            return self.follow(operation["responses"][str(status)])
        known = path.split("?")[0] in self.document["paths"]
        assert status in (404, 405, 413, 429), f"an address without a contract answered {status}"
        if status == 404:
            assert not known, "a documented address must answer 405 to a foreign method, not 404"
        kind = {404: "NotFound", 405: "MethodNotAllowed", 413: "TooLarge", 429: "TooManyRequests"}[status]
        return self.document["components"]["responses"][kind]

    def check_headers(self, response, headers):
        for name, header in response.get("headers", {}).items():
            header = self.follow(header)
            value = headers.get(name)
            if value is None:
                assert not header.get("required"), f"the header {name} is missing"
                continue
            schema = self.follow(header["schema"]) if "$ref" in header["schema"] else header["schema"]
            typed = int(value) if schema.get("type") == "integer" else value
            assert not self.fits(typed, header["schema"]), f"the header {name}: {value!r} is not as documented"

    def check_body(self, name, status, response, content_type, body):
        if "content" not in response:
            assert body == b"", f"{name} {status} has no body in the contract, but answered {body[:200]!r}"
            return
        media_type = (content_type or "").split(";")[0].strip()
        assert media_type in response["content"], f"{name} {status} answered {content_type}, not as documented"
        if not media_type.endswith("json"):
            body.decode("utf-8")
            return
        key = (name, status, VOLATILE.sub(b"", body))
        if key in self.seen:
            return
        value = json.loads(body.decode("utf-8"), object_pairs_hook=members)
        faults = self.fits(value, response["content"][media_type]["schema"])
        assert not faults, f"{name} {status} does not fit its schema: {faults[:5]}"
        if media_type == "application/problem+json":
            check_problem(value, status)
        self.seen.add(key)

    def check(self, method, path, answer):
        if method == "OPTIONS" and answer.status == 204:
            assert answer.body == b"" and answer.headers.get("Allow")
            return
        name, operation = self.operation(method, path)
        response = self.documented_response(name, operation, answer.status, path)
        self.check_headers(response, answer.headers)
        if method == "HEAD":
            assert answer.body == b"", "HEAD has no body"
        else:
            self.check_body(name or path, answer.status, response, answer.headers.get("Content-Type"), answer.body)


def members(pairs):
    """An object, where no member may stand twice."""
    assert len(dict(pairs)) == len(pairs), f"a member stands twice: {[name for name, _ in pairs]}"
    return dict(pairs)


def check_problem(problem, status):
    """One clear sentence for people, and nothing of our insides."""
    sentence = problem["error"]
    assert problem["status"] == status
    assert problem["detail"] == sentence
    assert 10 <= len(sentence) <= 300 and "\n" not in sentence, f"no clear sentence: {sentence!r}"
    for inside in (".c:", "assert", "sqlite3_", "json_", "JSON_", "(null)", "errno", "/tmp/"):
        assert inside not in sentence, f"the sentence shows our insides: {sentence!r}"
