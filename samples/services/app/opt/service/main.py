"""Prints every library of the layers that can be imported, with its version, and the inode of one library file."""
import importlib
import importlib.metadata
import json
import os
import signal
import sys


def modules(distribution):
    """The top-level modules that a distribution brings."""
    listed = distribution.read_text("top_level.txt")
    if listed:
        return [name for name in listed.split() if not name.startswith("_")]
    return [distribution.metadata["Name"].replace("-", "_")]


def importable(distribution):
    for name in modules(distribution):
        try:
            importlib.import_module(name)
            return True
        except Exception:  # a library that cannot be loaded is simply not listed
            continue
    return False


def main():
    libraries = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions() if importable(d)}
    shared = importlib.import_module("six").__file__
    for name in sorted(libraries, key=str.lower):
        print(f"library {name} {libraries[name]}")
    print(f"file {shared} inode {os.stat(shared).st_ino}")
    print("report " + json.dumps({
        "service": os.environ["SERVICE"],
        "python": sys.version.split()[0],
        "libraries": dict(sorted(libraries.items())),
        "file": shared,
        "inode": os.stat(shared).st_ino,
    }))
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
