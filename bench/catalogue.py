"""Measures a hub that has a large catalogue; see bench/catalogue."""
import datetime
import gzip
import http.client
import json
import os
import platform
import re
import ssl
import statistics
import subprocess
import sys
import time
import urllib.parse

package, work, generator = os.environ["PACKAGE"], os.environ["work"], os.environ["GENERATOR"]
layers, versions = int(os.environ.get("LAYERS", "10000")), int(os.environ.get("VERSIONS", "100"))
requests = int(os.environ.get("REQUESTS", "300"))
data = os.environ.get("DATA", f"{work}/hub")
strata = f"{package}/strata"
TICK = os.sysconf("SC_CLK_TCK")


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, command
    return done.stdout


class Hub:
    def __init__(self):
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [f"{package}/strata-hub", "--data", data, "--pki", f"{work}/pki", "--garbage-period", "864000"]
            + [w for n in ("api", "units", "blobs", "portal", "portal-mtls") for w in (f"--{n}-port", "0")],
            stdout=subprocess.PIPE, stderr=sys.stderr)
        self.ready = json.loads(self.process.stdout.readline())
        self.start_seconds = time.monotonic() - begun
        self.start_cpu = self.cpu()

    def cpu(self):
        """Seconds, to the nanosecond, by the process's own CPU clock: threads that ended count, too."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def memory(self, name):
        return next(int(line.split()[1]) / 1024 for line in open(f"/proc/{self.process.pid}/status") if line.startswith(name))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def client(address, pem=None):
    url = urllib.parse.urlparse(address)
    if url.scheme == "http":
        return http.client.HTTPConnection(url.hostname, url.port)
    context = ssl.create_default_context(cafile=f"{work}/pki/fleet-root.crt")
    context.check_hostname = False
    if pem:
        context.load_cert_chain(pem)
    return http.client.HTTPSConnection(url.hostname, url.port, context=context)


def get(connection, path, headers={}):
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    return answer, body


def measure(hub, connection, paths, headers={}):
    """CPU of the hub for each request, median and p99 of the time that each took, largest answer; after all of them once to warm up: a hub runs for weeks."""
    for path in paths:
        answer, body = get(connection, path, headers)
        assert answer.status == 200, (path, answer.status, body[:300])
    times, largest, before = [], 0, hub.cpu()
    for path in paths:
        begun = time.perf_counter()
        answer, body = get(connection, path, headers)
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.status == 200, (path, answer.status)
        largest = max(largest, len(body))
    cpu = (hub.cpu() - before) / len(paths) * 1000
    times.sort()
    return cpu, statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.99))], largest


def size(*names):
    return sum(os.path.getsize(f"{data}/{n}{s}") for n in names for s in ("", "-wal") if os.path.exists(f"{data}/{n}{s}")) / 1e6


if not os.path.exists(f"{data}/filled.json"):
    print(f"Making up {layers} layers of {versions} versions ...", file=sys.stderr)
    filled = run(generator, data, str(layers), str(versions))
    open(f"{data}/filled.json", "w").write(filled)
filled = json.load(open(f"{data}/filled.json"))
assert (filled["layers"], filled["versions"]) == (layers, versions), f"{data} holds another catalogue: {filled}"

run(strata, "pki", "init", f"{work}/pki")
pem = f"{work}/sp.pem"
run("openssl", "pkcs12", "-in", f"{work}/pki/aos-user-sp.p12", "-nodes", "-clcerts", "-passin", "pass:", "-out", pem)
hub = Hub()
api = client(hub.ready["api"], pem)
base = "/api/v11/"
_, body = get(api, f"{base}layers/?limit=100")
listed = json.loads(body)
total = listed["total"]
assert total == layers, total
names = [l["codename"] for l in listed["items"]]
stems = [re.split(r"[0-9]", n)[0] for n in names]
rows = []


def api_row(what, paths):
    paths = (paths * (requests // len(paths) + 1))[:requests]
    rows.append((what, *measure(hub, api, [base + p for p in paths])))


def quote(text):
    return urllib.parse.quote(text)


api_row("list, 50 of all layers, any page", [f"layers/?limit=50&offset={o}" for o in range(0, total - 50, max(1, total // 97))])
api_row("list, layers whose name holds a word", [f"layers/?limit=50&search={quote(s[:5])}" for s in stems])
api_row("search, a library by part of its name", [f"search/?limit=50&q={quote(s[:6])}" for s in stems])
api_row("search, a library and its version", [f"search/?limit=50&kind=library&q={quote(s[:4] + ' 1.1')}" for s in stems])
api_row("search, a soname", [f"search/?limit=50&q=lib{quote(s[:6])}" for s in stems])
api_row("search, a licence", ["search/?limit=50&q=GPL-3.0", "search/?limit=50&q=Zlib", "search/?limit=50&q=mpl"])
api_row("search, a path", [f"search/?limit=50&kind=file&q={quote('site-packages/' + s[:5])}" for s in stems])
api_row("search, a word of every path", ["search/?limit=50&q=usr/", "search/?limit=50&q=site-packages", "search/?limit=50&q=dist-info"])
api_row("search, two letters", [f"search/?limit=50&q={quote(s[:2])}" for s in stems])
api_row("search, nothing found", [f"search/?limit=50&q={quote(s[::-1] + 'qqx')}" for s in stems])
layer_ids = [l["id"] for l in listed["items"][:40]]
api_row("a layer with its versions", [f"layers/{i}/" for i in layer_ids])

portal = client(hub.ready["portal"])
signed = urllib.parse.urlparse(hub.ready["signIn"])
portal.request("GET", f"{signed.path}?{signed.query}")
answer = portal.getresponse()
answer.read()
cookie = answer.getheader("Set-Cookie")
headers = {"Cookie": cookie.split(";")[0]}
pages = []


def page_row(what, path, count=20):
    cpu, median, slowest, largest = measure(hub, portal, [path] * count, headers)
    pages.append((what, cpu, median, slowest, largest, len(gzip.compress(get(portal, path, headers)[1], 6))))


def first_visit(*paths):
    """Bytes that a browser takes in that keeps nothing yet: these pages, and all that they and their scripts name."""
    total, seen, left = 0, set(), list(paths)
    while left:
        path = left.pop()
        if path in seen:
            continue
        seen.add(path)
        answer, body = get(portal, path, headers | {"Accept-Encoding": "gzip"})
        assert answer.status == 200, (path, answer.status)
        total += len(body)
        text = (gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body).decode()
        left += re.findall(r'"(/assets/[^"]+)"', text)
        left += [urllib.parse.urljoin(path, name) for name in re.findall(r"""(?:from|import)\s*\(?["'](\./[^"']+)["']""", text)]
    assert any(path.endswith(".js") for path in seen), seen
    return total


first = json.loads(get(api, f"{base}layers/?limit=1&owner=oem00.example")[1])["items"][0]["id"]
page_row("Layers", "/layers")
page_row("Layers, by most versions, tenth page", "/layers?sort=versions&offset=450")
page_row("Layers, filtered by name and owner", f"/layers?q={quote(stems[3][:4])}&owner=oem03.example")
page_row("Layers, by use", "/layers?use=unused")
page_row("Search, nothing asked", "/search")
page_row("Search, a word of every path", "/search?q=site-packages")
page_row("Search, a library", f"/search?q={quote(stems[5][:6])}")
for name in ("layer", "second page of its versions", "graph"):
    page_row(f"A layer: {name}", f"/layers/{first}" + {"layer": "", "second page of its versions": "?offset=50", "graph": "/graph"}[name])
made = json.loads(get(api, f"{base}layers/?limit=100&search=" + quote("number 0"))[1])["items"]
with_documents = next(l["id"] for l in made if l.get("title") == "Libraries number 0")
newest = json.loads(get(api, f"{base}layers/{with_documents}/")[1])["versions"][0]["version"]
page_row("A version", f"/layers/{with_documents}/{newest}")
page_row("A version: libraries", f"/layers/{with_documents}/{newest}/libraries")
page_row("A version: files", f"/layers/{with_documents}/{newest}/files")
page_row("A version: used by", f"/layers/{with_documents}/{newest}/used-by")
page_row("Bundles", "/bundles")
page_row("Targets", "/targets")
visit = first_visit("/sign-in", "/layers", f"/layers/{first}/graph", "/bundles")

processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
print("# A catalogue of a million versions" if layers * versions == 1_000_000 else f"# A catalogue of {layers} layers of {versions} versions")
print()
print(f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}, {os.cpu_count()} cores, {processor}, Linux {platform.release()}, load {os.getloadavg()[0]:.1f}; SQLite. "
      f"{layers} layers × {versions} versions, 20 libraries and 200 files each; a version changes one library with its ten files, four of whose paths carry its version. "
      "Made by `bench/generator`: log and index are written by the hub's own code, the log with all that publishing writes (six blobs for each version, a bundle for each layer); "
      "the index takes in what the documents would say, and the documents themselves are there for three layers only.")
print()
print("| | | limit |")
print("| --- | ---: | ---: |")
print(f"| database: log and snapshot's tables, MB | {size('hub.db'):.0f} | |")
print(f"| database: search index, MB | {size('index.db'):.0f} | |")
print(f"| database in all, MB | {size('hub.db', 'index.db'):.0f} | 4000 |")
print(f"| changes in the log | {filled['changes']} | |")
print(f"| writing the log, s | {filled['log_s']:.0f} | |")
print(f"| making the index, s | {filled['index_s']:.0f} | |")
print(f"| CPU of both, s | {filled['cpu_s']:.0f} | |")
print(f"| start of the hub until it answers, s | {hub.start_seconds:.1f} | |")
print(f"| CPU of that, s | {hub.start_cpu:.1f} | |")
print(f"| memory of the hub after all requests, MB | {hub.memory('VmRSS'):.0f} | |")
print(f"| memory of the hub at most, MB | {hub.memory('VmHWM'):.0f} | |")
print(f"| the portal's first visit: signing in, layers, a graph and bundles, with styles and scripts, kB over the wire | {visit / 1000:.0f} | 400 |")
print()
print(f"API, as a service provider that sees all of it, {requests} requests each, one after another over TLS, after as many to warm up. Limits: 5 ms of CPU, p99 50 ms.")
print()
print("| request | hub's CPU, ms | median, ms | p99, ms | largest answer, kB |")
print("| --- | ---: | ---: | ---: | ---: |")
for what, cpu, median, p99, largest in rows:
    print(f"| {what} | {cpu:.2f} | {median:.1f} | {p99:.1f} | {largest / 1000:.0f} |")
print()
print("Portal, as the admin, 20 requests each. Limits: 200 ms, 100 KB of HTML.")
print()
print("| page | hub's CPU, ms | median, ms | slowest, ms | HTML, kB | compressed, kB |")
print("| --- | ---: | ---: | ---: | ---: | ---: |")
for what, cpu, median, slowest, html, packed in pages:
    print(f"| {what} | {cpu:.1f} | {median:.1f} | {slowest:.1f} | {html / 1000:.0f} | {packed / 1000:.0f} |")
hub.stop()
