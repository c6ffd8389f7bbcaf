"""Measures `strata layer inspect`; see bench/inspect."""
import datetime
import json
import os
import platform
import statistics
import subprocess
import time

WANTED = 500_000_000
strata, work = os.environ["STRATA"], os.environ["work"]
rounds = int(os.environ.get("ROUNDS", "5"))


def fill(child):
    """Hard links or copies of this machine's programs and libraries, in order of their names, until there are enough bytes."""
    total = 0
    for top in ("/usr/bin", "/usr/lib"):
        for folder, folders, names in os.walk(top):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                total += os.path.getsize(path)
                if total > WANTED:
                    return
                target = child + path
                os.makedirs(os.path.dirname(target), exist_ok=True)
                subprocess.run(["cp", "-l", path, target], stderr=subprocess.DEVNULL).returncode and subprocess.run(["cp", path, target], check=True)


def measure(command):
    """Wall and CPU seconds of a process tree and the peak memory of its largest process, in MB."""
    begun = time.monotonic()
    before = os.times()
    pid = os.spawnvpe(os.P_NOWAIT, "sh", ["sh", "-c", command], os.environ)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, (command, status)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - begun, cpu, usage.ru_maxrss / 1024


child, parent, layer = f"{work}/child", f"{work}/parent", f"{work}/layer.tar.gz"
os.makedirs(parent)
fill(child)
subprocess.run([strata, "layer", "diff", parent, child, layer], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
about = json.loads(subprocess.run([strata, "layer", "inspect", layer, "--json"], check=True, capture_output=True).stdout)
values = f"{work}/values.json"
with open(values, "w") as file:
    json.dump({"name": "bench", "version": "1.0.0", "platform": {"architecture": about["architectures"][0]}}, file)

rows = [
    ("limit: gzip -dc, then openssl sha256 of the tar", f"gzip -dc {layer} | openssl sha256 >/dev/null"),
    ("strata layer inspect", f"exec {strata} layer inspect {layer} >/dev/null 2>&1"),
    ("strata layer inspect --symbols --json", f"exec {strata} layer inspect {layer} --symbols --json >/dev/null 2>&1"),
    ("strata layer diff, without describing", f"exec {strata} layer diff {parent} {child} {layer} >/dev/null 2>&1"),
    ("strata layer diff --describe: the same, with layer.json, elf.json and both SBOMs", f"exec {strata} layer diff {parent} {child} {layer} --describe {values} >/dev/null 2>&1"),
]
results = {name: [] for name, _ in rows}
for _ in range(rounds):
    for name, command in rows:
        results[name].append(measure(command))

processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
print("# Inspecting a layer")
print()
print(f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}, {os.cpu_count()} cores, {processor}, Linux {platform.release()}, load {os.getloadavg()[0]:.1f}; median of {rounds} rounds in turn.")
print(f"Layer: {about['entries']} entries, {about['unpackedSize'] / 1e6:.0f} MB unpacked, {about['size'] / 1e6:.0f} MB packed, {len(about['binaries'])} ELF files, from this machine's /usr. Limit: 150 MB of memory, one pass.")
print()
print("| command | wall, s | CPU, s | peak memory, MB |")
print("| --- | ---: | ---: | ---: |")
for name, _ in rows:
    wall, cpu, memory = (statistics.median(r[i] for r in results[name]) for i in range(3))
    print(f"| {name} | {wall:.2f} | {cpu:.2f} | {memory:.0f} |")
