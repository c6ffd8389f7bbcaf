"""Verifies a bundle with nothing of Strata: Python's tarfile and hashlib, and openssl for the signature and the chain.

usage: verify_bundle.py BUNDLE SIGNER.pem USERS-ROOT.pem
"""
import base64, hashlib, io, json, subprocess, sys, tarfile, tempfile

bundle, signer, root = sys.argv[1:]
with tarfile.open(bundle, "r:gz") as outer:
    assert sorted(outer.getnames()) == ["batch.tar.gz", "config.yaml", "package.sign"], outer.getnames()
    members = {name: outer.extractfile(name).read() for name in outer.getnames()}

def part(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

head, payload, signature = members["package.sign"].decode("ascii").split(".")
header = json.loads(part(head))
assert header["alg"] == "RS256", header

def openssl(*arguments, **options):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True, **options).stdout.strip()

issuer = openssl("x509", "-in", signer, "-noout", "-issuer", "-nameopt", "rfc2253").removeprefix("issuer=")
serial = openssl("x509", "-in", signer, "-noout", "-serial").removeprefix("serial=")
assert base64.b64decode(header["kid"]).decode() == f"{issuer}:{serial.zfill(len(serial) + len(serial) % 2)}", header["kid"]

with tempfile.TemporaryDirectory() as folder:
    for name, content in (("signed", f"{head}.{payload}".encode()), ("signature", part(signature))):
        with open(f"{folder}/{name}", "wb") as file:
            file.write(content)
    with open(f"{folder}/key", "w") as file:
        file.write(openssl("x509", "-in", signer, "-noout", "-pubkey"))
    openssl("dgst", "-sha256", "-verify", f"{folder}/key", "-signature", f"{folder}/signature", f"{folder}/signed")
openssl("verify", "-CAfile", root, "-purpose", "sslclient", signer)

records = json.loads(part(payload))
assert list(records) == ["data"] and len(records["data"]) == 2, records
for record in records["data"]:
    content = members[record["name"]]
    assert record == {"name": record["name"], "hash": hashlib.sha3_512(content).hexdigest(), "size": len(content)}, record
assert {r["name"] for r in records["data"]} == {"batch.tar.gz", "config.yaml"}

with tarfile.open(fileobj=io.BytesIO(members["batch.tar.gz"]), mode="r:gz") as inner:
    assert inner.extractfile("config.yaml").read() == members["config.yaml"]
    print("\n".join(sorted(m.name for m in inner.getmembers())))
