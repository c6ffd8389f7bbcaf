"""Measures what a bundle costs the hub; see bench/ingest."""
import datetime
import json
import os
import platform
import subprocess
import time

MEDIUM, LARGE = 100_000_000, 2_000_000_000
package, work = os.environ["PACKAGE"], os.environ["work"]
rounds = int(os.environ.get("ROUNDS", "3"))
strata = f"{package}/strata"
TICK = os.sysconf("SC_CLK_TCK")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


def fill(child, wanted):
    """This machine's programs and libraries in order of their names, until they pack to about the wanted bytes."""
    total = 0
    for top in ("/usr/bin", "/usr/lib"):
        for folder, folders, names in os.walk(top):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                if os.path.islink(path) or not os.path.isfile(path) or os.path.getsize(path) > wanted:
                    continue
                total += os.path.getsize(path)
                if total > wanted:
                    return
                os.makedirs(os.path.dirname(child + path), exist_ok=True)
                if subprocess.run(["cp", "-l", path, child + path], stderr=subprocess.DEVNULL).returncode:
                    run("cp", path, child + path)


def random_files(child, wanted):
    os.makedirs(f"{child}/usr/share/data")
    size = wanted // 20
    for number in range(20):
        run("openssl", "rand", "-out", f"{child}/usr/share/data/{number:02}", str(size))


def bundle(name, make, wanted):
    folder = f"{work}/{name}"
    os.makedirs(f"{folder}/empty")
    make(f"{folder}/tree", wanted)
    run(strata, "layer", "diff", f"{folder}/empty", f"{folder}/tree", f"{folder}/layer.tar.gz")
    run("rm", "-rf", f"{folder}/tree")
    with open(f"{folder}/config.yaml", "w") as config:
        config.write(f"schemaVersion: 2\npublish: {{tlsKey: {work}/pki/aos-user-oem.p12}}\nitems:\n"
                     f"  - identity: {{codename: {name}, type: layer}}\n    version: 1.0.0\n    sourceFolder: .\n"
                     "    images: [{path: layer.tar.gz, archInfo: {architecture: amd64}, osInfo: {os: linux}}]\n")
    run(strata, "bundle", "sign", "--config", f"{folder}/config.yaml")
    return folder, os.path.getsize(f"{folder}/layer.tar.gz")


class Hub:
    def __init__(self, data):
        self.process = subprocess.Popen(
            [f"{package}/strata-hub", "--data", data, "--pki", f"{work}/pki"] + [w for n in ("api", "units", "blobs", "portal") for w in (f"--{n}-port", "0")],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.api = json.loads(self.process.stdout.readline())["api"]
        self.reach = ("--hub", self.api, "--key", f"{work}/pki/aos-user-oem.p12", "--ca", f"{work}/pki/fleet-root.crt")

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def peak(self):
        return next(int(line.split()[1]) / 1024 for line in open(f"/proc/{self.process.pid}/status") if line.startswith("VmHWM"))

    def take(self, folder):
        begun, before = time.monotonic(), self.cpu()
        run(strata, "bundle", "upload", f"{folder}/batch.tar.gz", "--config", f"{folder}/config.yaml", *self.reach)
        arrived, arriving = time.monotonic() - begun, self.cpu() - before
        while (state := self.state()) not in ("done", "error"):
            time.sleep(0.1)
        assert state == "done"
        return arrived, arriving, time.monotonic() - begun, self.cpu() - before

    def state(self):
        query = ["curl", "-s", "--cert-type", "P12", "--cert", f"{work}/pki/aos-user-oem.p12:", "--cacert", f"{work}/pki/fleet-root.crt", f"{self.api}api/v11/deployment-bundles/"]
        return json.loads(run(*query))["items"][0]["state"]

    def stop(self):
        self.process.terminate()
        self.process.wait()


def measure(folder, count, name):
    """The least of all rounds: what else runs on the machine only ever adds. Of each new hub the first bundle, and the same one again."""
    first, again = [], []
    for number in range(count):
        hub = Hub(f"{work}/hub-{name}-{number}")
        run(strata, "layers", "list", *hub.reach)
        first.append((*hub.take(folder), hub.peak()))
        again.append((*hub.take(folder), hub.peak()))
        hub.stop()
        run("rm", "-rf", f"{work}/hub-{name}-{number}")
    return [[min(r[i] for r in results) for i in range(5)] for results in (first, again)]


run(strata, "pki", "init", f"{work}/pki")
rows = []
for name, make, wanted, count in (("medium", fill, MEDIUM, rounds), ("packed", fill, MEDIUM * 3, rounds)) + ((("large", random_files, LARGE, 1),) if os.environ.get("LARGE") != "0" else ()):
    folder, size = bundle(name, make, wanted)
    rows.append((wanted, size, measure(folder, count, name)))
    run("rm", "-rf", folder)

processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
print("# Taking a bundle in")
print()
print(f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}, {os.cpu_count()} cores, {processor}, Linux {platform.release()}, load {os.getloadavg()[0]:.1f}; the least of {rounds} rounds, each with a new hub; the largest once.")
print("From the first byte of the upload until the layer is in the catalogue: verified, unpacked, indexed, stored. A new hub compiles itself meanwhile; one that runs has done so.")
print()
print("| layer, MB unpacked | MB packed | hub | hub's CPU while it arrives, s | hub's CPU in all, s | wall, s | peak memory of the hub, MB |")
print("| ---: | ---: | --- | ---: | ---: | ---: | ---: |")
for wanted, size, results in rows:
    for state, (_, arriving, wall, cpu, peak) in zip(("new", "running"), results):
        print(f"| {wanted / 1e6:.0f} | {size / 1e6:.0f} | {state} | {arriving:.2f} | {cpu:.2f} | {wall:.1f} | {peak:.0f} |")
print()
print("| limit of the issue | found | |")
print("| --- | ---: | --- |")


def limit(what, found, most, unit):
    print(f"| {what} under {most} {unit} | {found:.1f} {unit} | {'holds' if found < most else 'does not hold'} |")


for wanted, size, (new, running) in rows[:2]:
    what = "100 MB of files" if wanted == MEDIUM else "100 MB packed, 300 MB of files"
    limit(f"{what}, new hub", new[3], 3, "s")
    limit(f"{what}, running hub", running[3], 3, "s")
for wanted, size, (new, running) in rows[2:]:
    limit("2 GB, new hub", new[4], 250, "MB")
