"""What infra/template.yaml promises, checked against the program's own sources."""
import glob
import json
import os
import re
import shutil
import subprocess

import pytest

from template import BUCKET, ROOT, Template, read

# Routes that only a server has: what it says of itself, uploads larger than Lambda takes, events that S3 here gives
# to functions by itself. Whoever adds a route decides: here, or a function in the template.
SERVER_ONLY = {"/healthz", "/metrics", "/events", "/analyze", "/import", "/timeline"}
# Beside the main way: their alarms are among those that cost.
EXTRAS = {"ShareFunction", "CompareFunction", "FeaturesFunction"}


def routes_of_code():
    rows = re.findall(r'\{"(/[\w-]+)", ([A-Z_| ]+), li_handle', read("src/gateway/routes.c"))
    assert len(rows) >= 9
    return {(method.strip()[3:], path) for path, methods in rows for method in methods.split("|")}


def keys_of_code():
    """object -> (folder, file), from the store's own table."""
    rows = re.findall(r'\[LI_OBJECT_(\w+)\] = \{"(\w+)", "([\w.]+)"\}', read("src/store/store.c"))
    assert len(rows) >= 4
    return {name: (folder, file) for name, folder, file in rows}


def properties(template, name):
    return template.resources[name]["Properties"]


# ---- the API ----

def test_routes_are_those_of_the_program(template):
    code = {(method, path) for method, path in routes_of_code() if path not in SERVER_ONLY}
    assert set(template.routes()) == code, "a route needs a function in infra/template.yaml, or a place in SERVER_ONLY here"


def test_handlers_are_known_to_the_program(template):
    code = read("src/gateway/lambda_job.c")
    names = dict(re.findall(r'\{"(\w+)", "(/[\w-]+)"\}', code))
    for (_, path), handler in template.routes().items():
        assert names.get(handler, "/" + handler) == path, f"the handler {handler} answers another route than {path}"


def test_cors_is_that_of_the_program(template):
    cors = properties(template, "Api")["CorsConfiguration"]
    code = read("src/gateway/routes.c")
    for header, member in (("Access-Control-Allow-Headers", "AllowHeaders"), ("Access-Control-Expose-Headers", "ExposeHeaders")):
        assert ", ".join(cors[member]) in re.search(rf'"{header}",\s*LI_TEXT\("([^"]*)"', code).group(1)
    assert set(cors["AllowMethods"]) == {method for method, _ in template.routes()} | {"OPTIONS"}
    assert "*" not in json.dumps(template.parameters["AllowedOrigins"])


def test_the_api_is_throttled_and_logs_no_address(template):
    api = properties(template, "Api")
    assert {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= set(api["DefaultRouteSettings"])
    line = api["AccessLogSettings"]["Format"]
    assert json.loads(line) and "sourceIp" not in line and "query" not in line.lower() and "$context.path" not in line


# ---- the functions ----

def test_functions_are_small_and_end(template):
    globals_ = template.document["Globals"]["Function"]
    assert globals_["Runtime"] == "provided.al2023" and globals_["Architectures"] == [{"Ref": "Architecture"}]
    assert set(template.parameters["Architecture"]["AllowedValues"]) == {"arm64", "x86_64"}
    for handler, (_, function) in template.functions().items():
        assert 128 <= function["MemorySize"] <= 1024
        asked_by_api = any(event["Type"] == "HttpApi" for event in function["Events"].values())
        assert function["Timeout"] <= (29 if asked_by_api and "EventInvokeConfig" not in function else 60), handler


def test_every_function_has_its_own_role_and_log(template):
    roles = set()
    for handler, (name, function) in template.functions().items():
        roles.add(function["Role"]["Fn::GetAtt"][0])
        logs = [logical for logical, group in template.of_type("AWS::Logs::LogGroup").items()
                if template.text(group["Properties"]["LogGroupName"]) == f"/aws/lambda/{template.text(function['FunctionName'])}"]
        assert len(logs) == 1 and template.resources[name]["DependsOn"] == logs[0], f"{handler}: the log group comes first"
        written = {(action, resource) for _, action, resource in template.statements(handler) if action.startswith("logs:")}
        assert written == {("logs:CreateLogStream", logs[0] + ".Arn"), ("logs:PutLogEvents", logs[0] + ".Arn")}
    assert len(roles) == len(template.functions()) == len(template.of_type("AWS::IAM::Role"))


def test_logs_end(template):
    for group in template.of_type("AWS::Logs::LogGroup").values():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogDays"}


def test_no_role_has_a_wildcard_that_reaches_further(template):
    for handler in template.functions():
        for sid, action, resource in template.statements(handler):
            assert "*" not in action and resource != "*", f"{handler}: {sid}"
            if action.startswith("s3:"):
                assert resource.startswith(f"arn:aws:s3:::{BUCKET}") and resource.count("*") <= 1


# ---- the bucket ----

def test_the_bucket_is_private_encrypted_and_tls_only(template):
    for name in ("SessionsBucket", "PagesBucket"):
        bucket = properties(template, name)
        assert all(bucket["PublicAccessBlockConfiguration"].values()) and len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert "BucketEncryption" in bucket and "VersioningConfiguration" not in bucket
        policy = properties(template, name + "Policy")
        assert policy["Bucket"] == {"Ref": name}
        denied = [s for s in policy["PolicyDocument"]["Statement"] if s.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}]
        assert len(denied) == 1 and denied[0]["Effect"] == "Deny" and denied[0]["Principal"] == "*"
        assert denied[0]["Action"] == "s3:*" and len(denied[0]["Resource"]) == 2


def test_lifecycle_covers_every_folder_of_the_store(template):
    rules = properties(template, "SessionsBucket")["LifecycleConfiguration"]["Rules"]
    assert all(rule["Status"] == "Enabled" for rule in rules)
    header = read("src/store/s3.h")
    cache = re.search(r'#define LI_S3_CACHE "(\w+)"', header).group(1)
    days = int(re.search(r"LI_S3_CACHE_DAYS = (\d+)", header).group(1))
    assert {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules} == \
        {**{folder + "/": 1 for folder, _ in keys_of_code().values()}, cache + "/": days}


def test_a_live_source_has_time_memory_and_a_cache(template):
    live = Template(read("infra/template.yaml"), live=True)
    assert template.parameters["Source"]["Default"] == "catalog"
    variables = template.document["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["LISTENING_SOURCE"] == {"Ref": "Source"} and variables["LISTENING_CONTACT"] == {"Ref": "Contact"}
    transform = live.functions()["transform"][1]
    assert transform["MemorySize"] >= 1769, "a whole core measures"
    assert transform["Timeout"] > template.functions()["transform"][1]["Timeout"]
    for handler in live.functions():
        cache = {action for _, action, resource in live.statements(handler) if resource.endswith("/cache/*")}
        asks = handler in ("search", "extract", "features", "transform")
        assert cache == ({"s3:GetObject", "s3:PutObject"} if asks else set()), handler
        assert not any(resource.endswith("/cache/*") for _, _, resource in template.statements(handler)), handler


def test_notifications_start_the_stages(template):
    keys = keys_of_code()
    rows = {}
    for row in properties(template, "SessionsBucket")["NotificationConfiguration"]["LambdaConfigurations"]:
        rules = {rule["Name"]: rule["Value"] for rule in row["Filter"]["S3Key"]["Rules"]}
        assert row["Event"] == "s3:ObjectCreated:*"
        rows[row["Function"]["Fn::GetAtt"][0]] = (rules["prefix"], rules["suffix"])
    assert rows == {"TransformFunction": (keys["TOP_TRACKS"][0] + "/", "/" + keys["TOP_TRACKS"][1]),
                    "ProfileFunction": (keys["ENRICHED_TRACKS"][0] + "/", "/" + keys["ENRICHED_TRACKS"][1])}
    written = [f"{folder}/{'s' * 22}/{file}" for folder, file in keys.values()]
    for prefix, suffix in rows.values():
        assert len([key for key in written if key.startswith(prefix) and key.endswith(suffix)]) == 1, "no loop of events"


def test_the_bucket_may_call_just_the_two_stages(template):
    permissions = template.of_type("AWS::Lambda::Permission")
    assert {p["Properties"]["FunctionName"]["Fn::GetAtt"][0] for p in permissions.values()} == {"TransformFunction", "ProfileFunction"}
    for permission in permissions.values():
        assert template.text(permission["Properties"]["SourceArn"]) == f"arn:aws:s3:::{BUCKET}"
        assert permission["Properties"]["SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert set(template.resources["SessionsBucket"]["DependsOn"]) == set(permissions)


def test_the_buckets_name_is_spelled_alike_everywhere(template):
    assert template.text(properties(template, "SessionsBucket")["BucketName"]) == BUCKET
    variables = template.document["Globals"]["Function"]["Environment"]["Variables"]
    assert template.text(variables["LISTENING_S3_BUCKET"]) == BUCKET


def references(value):
    """Names of resources that a value refers to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::GetAtt":
                yield inner[0]
            elif key == "Fn::Sub":
                yield from (name.split(".")[0] for name in re.findall(r"\$\{([^}]+)\}", inner))
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_nothing_waits_for_itself(template):
    """No circle bucket -> function -> role -> bucket, nor any other."""
    needs = {}
    for name, resource in template.resources.items():
        direct = set(references(resource.get("Properties", {})))
        more = resource.get("DependsOn", [])
        direct |= set([more] if isinstance(more, str) else more)
        needs[name] = direct & set(template.resources)
    done = set()
    while len(done) < len(needs):
        ready = {name for name, wanted in needs.items() if name not in done and wanted <= done}
        assert ready, f"a circle among {sorted(set(needs) - done)}"
        done |= ready


def test_a_circle_would_be_seen():
    text = read("infra/template.yaml").replace(
        'LISTENING_S3_BUCKET: !Sub "${AWS::StackName}-${AWS::AccountId}-${AWS::Region}"', "LISTENING_S3_BUCKET: x").replace(
        'Action: [s3:PutObject]\n                Resource:\n                  - !Sub "arn:${AWS::Partition}:s3:::${AWS::StackName}-${AWS::AccountId}-${AWS::Region}',
        'Action: [s3:PutObject]\n                Resource:\n                  - !Sub "arn:${AWS::Partition}:s3:::${SessionsBucket}')
    with pytest.raises(AssertionError, match="a circle among"):
        test_nothing_waits_for_itself(Template(text))


# ---- watching ----

def alarms(template, condition=None):
    return {name: alarm["Properties"] for name, alarm in template.of_type("AWS::CloudWatch::Alarm").items()
            if alarm.get("Condition") == condition}


def watched(rows, metric):
    return {dimension["Value"].get("Ref") for alarm in rows.values() if alarm["MetricName"] == metric
            for dimension in alarm.get("Dimensions", []) if dimension["Name"] == "FunctionName"}


def test_alarms_for_each_function(template):
    names = {name for name, _ in template.functions().values()}
    free, paid = alarms(template), alarms(template, "EveryAlarm")
    assert watched(free, "Errors") == names - EXTRAS and watched(paid, "Errors") == EXTRAS
    assert watched(paid, "Throttles") == watched(paid, "Duration") == names
    assert all(alarm["ExtendedStatistic"] == "p95" for alarm in paid.values() if alarm["MetricName"] == "Duration")
    assert {"Throttles", "StagesFailed", "ApproximateNumberOfMessagesVisible"} <= {alarm["MetricName"] for alarm in free.values()}
    assert len(free) <= 10, "ten alarms are free"
    assert len(free) + len(paid) == len(template.of_type("AWS::CloudWatch::Alarm"))


def test_a_slow_alarm_rings_before_the_function_is_cut(template):
    for alarm in alarms(template, "EveryAlarm").values():
        if alarm["MetricName"] == "Duration":
            function = template.resources[alarm["Dimensions"][0]["Value"]["Ref"]]["Properties"]
            assert alarm["Threshold"] < function["Timeout"] * 1000


def test_own_metrics_are_those_that_the_program_writes(template):
    code = read("src/gateway/emf.c").replace("\\", "")
    assert '"Namespace":"Listening"' in code and '"Dimensions":[["Service"]]' in code
    used = {alarm["MetricName"] for alarm in alarms(template).values() if alarm["Namespace"] == "Listening"}
    dashboard = json.loads(template.text(properties(template, "Dashboard")["DashboardBody"]))
    for widget in dashboard["widgets"]:
        used |= {row[1] for row in widget["properties"]["metrics"] if row[0] == "Listening"}
    for name in used:
        assert f'"Name":"{name}"' in code


def test_the_dashboard_shows_every_function(template):
    dashboard = json.loads(template.text(properties(template, "Dashboard")["DashboardBody"]))
    rows = [row for widget in dashboard["widgets"] for row in widget["properties"]["metrics"]]
    assert len(rows) <= 50, "a dashboard of up to 50 metrics is free"
    for metric in ("Invocations", "Errors", "Duration"):
        assert {row[3] for row in rows if row[:3] == ["AWS/Lambda", metric, "FunctionName"]} == \
            {name for name, _ in template.functions().values()}


def test_failed_events_are_kept_and_told(template):
    for handler in ("transform", "profile"):
        config = template.functions()[handler][1]["EventInvokeConfig"]
        assert config["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}
        assert ("sqs:SendMessage", "DeadLetters.Arn") in {(a, r) for _, a, r in template.statements(handler)}
    queue = properties(template, "DeadLetters")
    assert queue["MessageRetentionPeriod"] <= 86400, "a dead letter names a session: it lives no longer than one"


# ---- the pages ----

def test_pages_may_do_what_they_may_on_the_server(template):
    policy = re.search(r'"Content-Security-Policy",\s*LI_TEXT\(((?:"[^"]*"\s*)+)\)', read("src/gateway/routes.c")).group(1)
    policy = "".join(re.findall(r'"([^"]*)"', policy))
    headers = properties(template, "PagesHeaders")["ResponseHeadersPolicyConfig"]
    assert headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"] == policy


def test_cloudfront_passes_on_every_route_that_is_no_page(template):
    behaviours = properties(template, "PagesDistribution")["DistributionConfig"]["CacheBehaviors"]
    assert {behaviour["PathPattern"] for behaviour in behaviours} == {path for _, path in template.routes()} - {"/profile"}
    assert {behaviour["TargetOriginId"] for behaviour in behaviours} == {"api"}
    asked = set(re.findall(r"ask(?:<\w+>)?\('(/[\w-]+)'", read("web/src/api/client.ts")))
    assert asked and "/profile" not in asked, "on CloudFront /profile is a page"


# ---- no secrets, no strangers ----

SECRETS = [r"AKIA[0-9A-Z]{16}", r"ASIA[0-9A-Z]{16}", r"-----BEGIN", r"(?i)(secret|password|token)\w*['\"]?\s*[:=]\s*['\"]?[A-Za-z0-9/+]{16,}"]


def test_no_secret_is_written_down():
    paths = [path for pattern in ("infra/**", ".github/**") for path in glob.glob(os.path.join(ROOT, pattern), recursive=True)
             if os.path.isfile(path)] + glob.glob(os.path.join(ROOT, ".github/workflows/*"))
    assert len(paths) > 8
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for pattern in SECRETS:
            assert not re.search(pattern, text), f"{path}: {pattern}"


def test_parameters_have_words_and_the_outputs_exist(template):
    for name, parameter in template.parameters.items():
        assert len(parameter["Description"]) > 20, name
    used = set(references(template.document["Resources"])) | set(references(template.document["Conditions"])) \
        | set(references(template.document["Globals"]))
    assert set(template.parameters) <= used, "every parameter is used"
    assert set(re.findall(r"\$\(output (\w+)\)", read("infra/deploy"))) <= set(template.document["Outputs"])


def test_cloudfront_finds_pages_where_the_server_does(template):
    """/choose is choose.html, as li_assets_find in src/gateway/assets.c has it."""
    node = shutil.which("node")
    if not node:
        pytest.skip("skipped: node is not installed, so CloudFront's function was not run")
    cases = {"/": "/", "/choose": "/choose.html", "/fr/profile/": "/fr/profile.html", "/fr": "/fr.html",
             "/favicon.svg": "/favicon.svg", "/_next/static/a.b/c.js": "/_next/static/a.b/c.js", "/v1.2/choose": "/v1.2/choose.html"}
    code = properties(template, "PagesPaths")["FunctionCode"] + (
        f"console.log(JSON.stringify({json.dumps(list(cases))}.map((uri) => handler({{ request: {{ uri }} }}).uri)))")
    done = subprocess.run([node, "-e", code], check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == list(cases.values())
