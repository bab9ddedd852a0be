"""Reads infra/template.yaml as CloudFormation does, as far as the tests need it."""
import fnmatch
import os
import re

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NAMES = {"AWS::Partition": "aws", "AWS::StackName": "trial", "AWS::AccountId": "123456789012",
         "AWS::Region": "eu-west-3", "AWS::URLSuffix": "amazonaws.com"}
BUCKET = "trial-123456789012-eu-west-3"


class Loader(yaml.SafeLoader):
    """YAML with the short forms of CloudFormation's functions: !Sub text -> {"Fn::Sub": text}."""


def _short(loader, suffix, node):
    name = suffix if suffix in ("Ref", "Condition") else "Fn::" + suffix
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", _short)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def load(text):
    return yaml.load(text, Loader)


NO_VALUE = {"Ref": "AWS::NoValue"}


def choose(value, conditions):
    """The value with each !If of these conditions decided."""
    if isinstance(value, list):
        chosen = [choose(item, conditions) for item in value]
        return [item for item in chosen if item != NO_VALUE]
    if not isinstance(value, dict):
        return value
    if "Fn::If" in value and value["Fn::If"][0] in conditions:
        name, then, otherwise = value["Fn::If"]
        return choose(then if conditions[name] else otherwise, conditions)
    return {key: choose(item, conditions) for key, item in value.items()}


class Template:
    def __init__(self, text, live=False):
        document = choose(load(text), {"Live": live})
        self.document = document
        self.resources = document["Resources"]
        self.parameters = document["Parameters"]

    def of_type(self, kind):
        return {name: resource for name, resource in self.resources.items() if resource["Type"] == kind}

    def functions(self):
        return {resource["Properties"]["Handler"]: (name, resource["Properties"])
                for name, resource in self.of_type("AWS::Serverless::Function").items()}

    def routes(self):
        """(method, path) -> handler"""
        found = {}
        for handler, (_, properties) in self.functions().items():
            for event in properties.get("Events", {}).values():
                assert event["Type"] == "HttpApi", "events of buckets are written at the bucket"
                route = (event["Properties"]["Method"], event["Properties"]["Path"])
                assert route not in found, f"{route} stands twice"
                found[route] = handler
        return found

    def text(self, value):
        """A value with its references filled in. Names of resources stand for themselves."""
        if isinstance(value, str):
            return value
        if "Fn::Sub" in value:
            return re.sub(r"\$\{([^}]+)\}", lambda match: NAMES.get(match.group(1), match.group(1)), value["Fn::Sub"])
        if "Ref" in value:
            return NAMES.get(value["Ref"], value["Ref"])
        if "Fn::GetAtt" in value:
            return ".".join(value["Fn::GetAtt"])
        raise AssertionError(f"no text: {value}")

    def statements(self, handler):
        """(sid, action, resource) of what a function's role allows, one row for each pair."""
        role_of = self.functions()[handler][1]["Role"]["Fn::GetAtt"]
        assert role_of[1] == "Arn"
        role = self.resources[role_of[0]]["Properties"]
        assert "ManagedPolicyArns" not in role, "managed policies allow more than a function does"
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                assert statement["Effect"] == "Allow" and "NotAction" not in statement and "NotResource" not in statement
                assert "Condition" not in statement, "these tests do not read conditions"
                resources = statement["Resource"]
                actions = statement["Action"]
                for action in actions if isinstance(actions, list) else [actions]:
                    for resource in resources if isinstance(resources, list) else [resources]:
                        yield statement["Sid"], action, self.text(resource)


def allows(pattern, name):
    """IAM's wildcards: * and ?, over slashes too."""
    return fnmatch.fnmatchcase(name, pattern.replace("[", "[[]"))


def arn(action, key):
    """What a call to S3 is about: the bucket or an object in it, as roles name them."""
    return f"arn:aws:s3:::{BUCKET}" + ("" if action == "s3:ListBucket" else "/" + key)
