"""The measuring part of `pack`: runs whole commands in turn, so that the ratios of a table pair runs that are seconds apart."""
import os
import platform
import shlex
import statistics
import subprocess
import time

DATA, WORK, HERE = (os.environ[name] for name in ("DATA", "work", "here"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
OURS = shlex.quote(f"{HERE}/adapter")


def run(command, prepare=None):
    """CPU seconds, wall seconds and peak memory in MB of one command; a command that fails ends the benchmark."""
    if prepare:
        subprocess.run(["bash", "-euc", prepare], check=True, stdout=subprocess.DEVNULL)
    begun = time.monotonic()
    process = subprocess.Popen(["bash", "-o", "pipefail", "-euc", command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{command}: {process.returncode}: {said.decode(errors='replace')[-500:]}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - begun, usage.ru_maxrss / 1024


def table(title, rows, rounds):
    """rows: name -> (prepare, command). Returns the CPU seconds of each row, round by round."""
    runs = {name: [] for name in rows}
    for _ in range(rounds):
        for name, (prepare, command) in rows.items():
            runs[name].append(run(command, prepare))
    print(f"## {title}\n\n| command | CPU, s | least-most | wall, s | peak memory, MB |\n| --- | ---: | ---: | ---: | ---: |")
    for name, measured in runs.items():
        cpu, wall, memory = zip(*measured)
        print(f"| {name} | {statistics.median(cpu):.2f} | {min(cpu):.2f}-{max(cpu):.2f} | {statistics.median(wall):.2f} | {max(memory):.0f} |")
    print(f"\n{rounds} rounds, load {' '.join(open('/proc/loadavg').read().split()[:3])}.\n", flush=True)
    return {name: [cpu for cpu, _, _ in measured] for name, measured in runs.items()}, {name: max(m for _, _, m in measured) for name, measured in runs.items()}


def ratio(runs, one, other):
    return statistics.median(a / b for a, b in zip(runs[one], runs[other]))


def rsync(parent, child):
    """The original's way: rsync by checksum into a folder, empty directories dropped, tar, gzip."""
    return (f"rm -rf {WORK}/diff; mkdir {WORK}/diff",
            f"rsync -HXlrvcm --delete --compare-dest={parent}/ {child}/* {WORK}/diff >/dev/null; find {WORK}/diff -mindepth 1 -type d -empty -delete; "
            f"tar --numeric-owner -cf - -C {WORK}/diff . | gzip -n >{WORK}/original.tar.gz")


def umoci(parent, child, name):
    """An image of the parent, unpacked and changed into the child; measured is the repack alone."""
    bundle, image = f"{WORK}/{name}-bundle", f"{WORK}/{name}-image"
    subprocess.run(["bash", "-euc", f"""
        umoci init --layout {image}0 && umoci new --image {image}0:base
        if [ -n "$(ls -A {parent})" ]; then umoci insert --image {image}0:base --rootless {parent} /; fi
        umoci unpack --image {image}0:base {bundle}
        rsync -aHXc --delete {child}/ {bundle}/rootfs/"""], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return f"rm -rf {image}; cp -a {image}0 {image}", f"umoci repack --image {image}:new {bundle}"


def verdict(holds):
    return "yes" if holds else "**no**"


model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
version = subprocess.run([f"{HERE}/adapter", "version"], check=True, capture_output=True, text=True).stdout.strip().split("+")[0]
print("# Difference and pack\n")
print(f"{time.strftime('%F', time.gmtime())}, {os.cpu_count()} cores, {model}, {platform.system()} {platform.release()}, Strata {version}, native.")
print("CPU is user and system time of the whole process tree, the median of the rounds; ratios are medians of the rounds' own.\n")

A, B = f"{DATA}/A", f"{DATA}/B"
tree = f"{WORK}/layer"
run(f"{OURS} pack {A} {B} {WORK}/ours.tar.gz")
run(f"mkdir {tree}; tar -xpzf {WORK}/ours.tar.gz --numeric-owner --exclude=.wh.* -C {tree}; tar --numeric-owner -cf {WORK}/layer.tar -C {tree} .")
gzip = f"{WORK}/gzip.tar.gz"
limit = f"diff -rq --no-dereference {A} {B} >/dev/null || [ $? -eq 1 ]"
runs, memory = table("Set AB: a Debian base, and Python libraries on it", {
    "strata layer diff": (None, f"{OURS} pack {A} {B} {WORK}/ours.tar.gz"),
    "original: rsync, find, tar, gzip": rsync(A, B),
    "umoci repack": umoci(A, B, "ab"),
    "limit: compare (diff -rq)": (None, limit),
    "limit: tar of the layer's files": (None, f"tar --numeric-owner -cf - -C {tree} . | cat >/dev/null"),
    "limit: deflate (libdeflate-gzip -6)": (None, f"libdeflate-gzip -6 -c {WORK}/layer.tar >/dev/null"),
    "limit: hash (openssl sha256)": (None, f"openssl dgst -sha256 {WORK}/layer.tar"),
    "gzip -6 of the same tar": (None, f"gzip -6nc {WORK}/layer.tar >{gzip}"),
}, ROUNDS)

parts = [name for name in runs if name.startswith("limit: ")]
floor = statistics.median(ours / sum(limits) for ours, *limits in zip(runs["strata layer diff"], *(runs[name] for name in parts)))
original = ratio(runs, "strata layer diff", "original: rsync, find, tar, gzip")
size = os.path.getsize(f"{WORK}/ours.tar.gz") / os.path.getsize(gzip)

S0, S, S3, G = (f"{DATA}/{name}" for name in ("S0", "S", "S3", "G"))
runs, memory = table("Set S: 100 000 small files of which 3 % changed", {
    "strata layer diff": (None, f"{OURS} pack {S} {S3} {WORK}/s.tar.gz"),
    "original: rsync, find, tar, gzip": rsync(S, S3),
    "umoci repack": umoci(S, S3, "s"),
}, max(1, ROUNDS // 2))
small, memory_small = ratio(runs, "strata layer diff", "umoci repack"), memory["strata layer diff"]
_, memory = table("The same files on nothing, and set G: three files of 500 MB on nothing", {
    "strata layer diff, S": (None, f"{OURS} pack {S0} {S} {WORK}/s.tar.gz"),
    "strata layer diff, G": (None, f"{OURS} pack {S0} {G} {WORK}/g.tar.gz"),
}, 1)
most = max(memory_small, *memory.values())

print("## Limits\n\n| what | measured | limit | held |\n| --- | ---: | ---: | --- |")
for what, value, bound, text in [
    ("AB: CPU of the original's", original, 0.40, "0.40"),
    ("AB: CPU of compare + tar + deflate + hash", floor, 1.25, "1.25"),
    ("AB: size of gzip -6's", size, 1.03, "1.03"),
    ("S: CPU of umoci's", small, 0.20, "0.20"),
]:
    print(f"| {what} | {value:.3f} | {text} | {verdict(value <= bound)} |")
print(f"| S and G: peak memory, MB | {most:.0f} | 150 | {verdict(most < 150)} |")
