"""A small S3 client for tests: signs requests itself (AWS Signature Version 4), apart from the program's own
signer, and speaks to the engine that tests/engines/ceph starts."""
import base64
import datetime
import hashlib
import hmac
import http.client
import os
import re
import urllib.parse
import xml.etree.ElementTree as ElementTree


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Bucket:
    """The bucket of LI_TEST_S3 = "endpoint access_key secret_key bucket"."""

    def __init__(self, line):
        self.endpoint, self.access, self.secret, self.name = line.split()
        url = urllib.parse.urlsplit(self.endpoint)
        self.host, self.port = url.hostname, url.port

    @classmethod
    def of_environment(cls):
        """The engine that ./test s3 has started, or None."""
        line = os.environ.get("LI_TEST_S3")
        return cls(line) if line else None

    def variables(self, **more):
        """What the program needs to use it."""
        return {"AWS_ACCESS_KEY_ID": self.access, "AWS_SECRET_ACCESS_KEY": self.secret, "AWS_SESSION_TOKEN": "",
                "LISTENING_S3_BUCKET": self.name, "LISTENING_S3_ENDPOINT": self.endpoint, **more}

    def sign(self, method, path, query, headers, body):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        headers = {**headers, "host": f"{self.host}:{self.port}", "x-amz-date": now,
                   "x-amz-content-sha256": sha256(body)}
        names = ";".join(sorted(headers))
        canonical = "\n".join([method, urllib.parse.quote(path), query,
                               *(f"{name}:{headers[name]}" for name in sorted(headers)), "", names, sha256(body)])
        scope = f"{now[:8]}/us-east-1/s3/aws4_request"
        key = ("AWS4" + self.secret).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        text = "\n".join(["AWS4-HMAC-SHA256", now, scope, sha256(canonical.encode())])
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={self.access}/{scope},"
                                    f"SignedHeaders={names},Signature={signature}")
        return headers

    def ask(self, method, path, query=None, body=b"", headers=None, expect=(200, 204)):
        """path below the endpoint; query as a dict. Returns the body."""
        query = "&".join(f"{urllib.parse.quote(name, safe='')}={urllib.parse.quote(value, safe='')}"
                         for name, value in sorted((query or {}).items()))
        signed = self.sign(method, path, query, headers or {}, body)
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        connection.request(method, urllib.parse.quote(path) + (f"?{query}" if query else ""), body, signed)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.status in expect, f"{method} {path}?{query}: {answer.status} {content[:500]!r}"
        return content

    def keys(self, prefix=""):
        """Every key below the prefix, page by page."""
        found, token = [], None
        while True:
            query = {"list-type": "2", "prefix": prefix, **({"continuation-token": token} if token else {})}
            page = ElementTree.fromstring(self.ask("GET", f"/{self.name}", query))
            space = re.match(r"(\{.*\})?", page.tag).group(0)
            found += [item.findtext(f"{space}Key") for item in page.findall(f"{space}Contents")]
            token = page.findtext(f"{space}NextContinuationToken")
            if page.findtext(f"{space}IsTruncated") != "true":
                return found

    def get(self, key):
        return self.ask("GET", f"/{self.name}/{key}")

    def put(self, key, body):
        self.ask("PUT", f"/{self.name}/{key}", body=body)

    def remove(self, prefix):
        for key in self.keys(prefix):
            self.ask("DELETE", f"/{self.name}/{key}")

    def expire(self, prefix):
        """A lifecycle rule of one day (10 s with the engine of the tests)."""
        rule = (f"<LifecycleConfiguration><Rule><ID>expire</ID><Filter><Prefix>{prefix}</Prefix></Filter>"
                "<Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>")
        digest = base64.b64encode(hashlib.md5(rule.encode()).digest()).decode()
        self.ask("PUT", f"/{self.name}", {"lifecycle": ""}, rule.encode(), {"content-md5": digest})

    def keep(self):
        """Takes the rule away."""
        self.ask("DELETE", f"/{self.name}", {"lifecycle": ""})

    def notify(self, url, prefix, name="stages"):
        """Every object written below the prefix is told to this address."""
        form = urllib.parse.urlencode({
            "Action": "CreateTopic", "Name": name,
            "Attributes.entry.1.key": "push-endpoint", "Attributes.entry.1.value": url,
            "Attributes.entry.2.key": "persistent", "Attributes.entry.2.value": "true"}).encode()
        answer = self.ask("POST", "/", body=form, headers={"content-type": "application/x-www-form-urlencoded"})
        topic = re.search(rb"<TopicArn>([^<]+)<", answer).group(1).decode()
        rules = (f"<NotificationConfiguration><TopicConfiguration><Id>{name}</Id><Topic>{topic}</Topic>"
                 "<Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name>"
                 f"<Value>{prefix}</Value></FilterRule></S3Key></Filter>"
                 "</TopicConfiguration></NotificationConfiguration>")
        self.ask("PUT", f"/{self.name}", {"notification": ""}, rules.encode())

    def be_quiet(self):
        """Takes all notifications away."""
        self.ask("DELETE", f"/{self.name}", {"notification": ""})
