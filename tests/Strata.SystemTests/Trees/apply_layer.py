"""apply_layer.py PARENT LAYER RESULT: a copy of PARENT with LAYER applied by GNU tar; deletions first, as OCI says."""
import os
import shutil
import subprocess
import sys
import tarfile

parent, layer, result = map(os.fsencode, sys.argv[1:])
subprocess.run([b"cp", b"-a", parent, result], check=True)
with tarfile.open(os.fsdecode(layer), encoding="utf-8", errors="surrogateescape") as tar:
    names = [os.fsencode(os.path.normpath(member.name)) for member in tar]
for name in names:
    folder, base = os.path.split(os.path.join(result, name))
    if not base.startswith(b".wh."):
        continue
    hidden = [os.path.join(folder, entry) for entry in os.listdir(folder)] if base == b".wh..wh..opq" else [os.path.join(folder, base[4:])]
    for path in hidden:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)
# What changes its kind goes first: tar puts nothing below a name that is no directory, and no file in place of a full one.
with tarfile.open(os.fsdecode(layer), encoding="utf-8", errors="surrogateescape") as tar:
    for member in tar:
        path = os.path.join(result, os.fsencode(os.path.normpath(member.name)))
        if not os.path.lexists(path) or os.path.basename(path).startswith(b".wh."):
            continue
        was_folder = os.path.isdir(path) and not os.path.islink(path)
        if was_folder and not member.isdir():
            shutil.rmtree(path)
        elif member.isdir() and not was_folder:
            os.unlink(path)
        elif was_folder:
            os.chmod(path, os.stat(path).st_mode & 0o777)  # else what tar makes in it would take over its setgid bit
            for attribute in os.listxattr(path):  # tar adds attributes and takes none away
                os.removexattr(path, attribute)
subprocess.run(
    [b"tar", b"--numeric-owner", b"--xattrs", b"--xattrs-include=*", b"--exclude=.wh.*", b"-xpzf", layer, b"-C", result], check=True)
