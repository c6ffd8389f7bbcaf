"""Runs what the layer class does in its task, without BitBake.

    run_layer_class.py CLASS VARIABLES.json

Takes the functions layer_values and pack_layer out of the class as they stand, gives the first a data store with the variables, and hands
the second, with its variables put in, to a shell.
"""
import json
import re
import subprocess
import sys


class Data:
    def __init__(self, values):
        self.values = values

    def getVar(self, name):
        value = self.values.get(name)
        while value and "${" in value:
            value = re.sub(r"\$\{(\w+)\}", lambda match: self.values[match.group(1)], value)
        return value


text = open(sys.argv[1]).read()
data = Data(json.load(open(sys.argv[2])))

values = re.search(r"^def layer_values\(d\):\n(?:(?: .*)?\n)+", text, re.M).group(0)
scope = {}
exec(values, scope)
with open(data.getVar("LAYER_VALUES"), "w") as file:
    json.dump(scope["layer_values"](data), file, indent=2)

body = re.search(r"^pack_layer\(\) \{\n(.*?)^\}\n", text, re.M | re.S).group(1)
body = re.sub(r"\$\{([A-Z_]+)\}", lambda match: data.getVar(match.group(1)), body)
sys.exit(subprocess.run(["sh", "-e", "-c", 'bbfatal() { echo "$*" >&2; exit 1; }\n' + body]).returncode)
