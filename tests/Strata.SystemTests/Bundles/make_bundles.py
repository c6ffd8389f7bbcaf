"""Makes deployment bundles with nothing of Strata: Python's tarfile and gzip, and openssl for the signature.

Each is the same layer in another version, written as another tool might write it. Written from docs/formats/bundle.md.
usage: make_bundles.py FOLDER KEY.pem SIGNER.pem
"""
import base64, gzip, hashlib, io, json, os, struct, subprocess, sys, tarfile, tempfile, zlib

folder, key, signer = sys.argv[1:]
LONG = "share/" + "deep/" * 30 + "file"  # longer than the 100 characters of a plain tar header


def openssl(*arguments, **options):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, **options).stdout


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


issuer = openssl("x509", "-in", signer, "-noout", "-issuer", "-nameopt", "rfc2253").decode().strip().removeprefix("issuer=")
serial = openssl("x509", "-in", signer, "-noout", "-serial").decode().strip().removeprefix("serial=")
KID = base64.b64encode(f"{issuer}:{serial.zfill(len(serial) + len(serial) % 2)}".encode()).decode()


def tar(members, form, dots=False):
    """Members are (name, bytes), or (name, None) for a folder."""
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w", format=form) as archive:
        for name, content in members:
            entry = tarfile.TarInfo(("./" + name).rstrip("/") if dots else name)
            entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname, entry.mode = 1700000000, 1000, 1000, "builder", "builder", 0o644
            if content is None:
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(entry)
            else:
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return output.getvalue()


def plain_gzip(data):
    return gzip.compress(data)


def named_gzip(data):
    """With a file name, a comment, an extra field and a time in the header."""
    head = b"\x1f\x8b\x08" + bytes([0x04 | 0x08 | 0x10]) + struct.pack("<I", 1700000000) + b"\x00\x03"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    return head + struct.pack("<H", 4) + b"ab\x00\x00" + b"a name\0" + b"a comment\0" + body + struct.pack("<II", zlib.crc32(data), len(data))


def split_gzip(data):
    """In three members, as parallel packers write it."""
    third = len(data) // 3 + 1
    return b"".join(gzip.compress(data[i:i + third], 1) for i in range(0, len(data), third))


def stored_gzip(data):
    return gzip.compress(data, 0)


def sign(inner, config, header, swapped, spaces):
    records = [{"name": "batch.tar.gz", "hash": hashlib.sha3_512(inner).hexdigest(), "size": len(inner)},
               {"name": "config.yaml", "hash": hashlib.sha3_512(config).hexdigest(), "size": len(config)}]
    payload = json.dumps({"data": records[::-1] if swapped else records}, separators=None if spaces else (",", ":"))
    text = f"{b64(json.dumps(header).encode())}.{b64(payload.encode())}"
    with tempfile.NamedTemporaryFile() as file:
        file.write(text.encode())
        file.flush()
        return f"{text}.{b64(openssl('dgst', '-sha256', '-sign', key, file.name))}".encode()


def bundle(name, version, form, pack, order, dots=False, newline=False, header=None, swapped=False, spaces=False, tampered=False):
    config = f"""schemaVersion: 2
publisher: {{author: somebody else}}
publish: {{tlsKey: whatever.p12}}
items:
  - identity: {{type: layer, codename: foreign}}
    version: {version}
    images:
      - {{path: linux-amd64.tar.gz, archInfo: {{architecture: amd64}}, osInfo: {{os: linux}}}}
""".encode()
    layer = pack(tar([("usr", None), ("usr/lib", None), ("usr/lib/" + name, version.encode()), ("usr/" + LONG, b"deep")], form, dots))
    files = [("foreign", None), ("foreign/linux-amd64.tar.gz", layer), ("config.yaml", config)]
    inner = pack(tar(([("", None)] if dots else []) + (files[::-1] if order == "signature first" else files), form, dots))
    parts = {"config.yaml": config, "batch.tar.gz": inner,
             "package.sign": sign(inner, config, header or {"alg": "RS256", "kid": KID, "typ": "JWT"}, swapped, spaces) + (b"\n" if newline else b"")}
    if tampered:
        parts["config.yaml"] = config.replace(b"somebody", b"nobody  ")
    names = sorted(parts, reverse=order == "signature first")
    outer = pack(tar(([("", None)] if dots else []) + [(n, parts[n]) for n in names], form, dots))
    with open(os.path.join(folder, name), "wb") as file:
        file.write(outer)


bundle("pax", "1.0.0", tarfile.PAX_FORMAT, plain_gzip, "as named")
bundle("gnu-signature-first", "1.1.0", tarfile.GNU_FORMAT, named_gzip, "signature first", newline=True, spaces=True)
bundle("pax-with-dots", "1.2.0", tarfile.PAX_FORMAT, split_gzip, "as named", dots=True, swapped=True)
bundle("gnu-with-dots", "1.3.0", tarfile.GNU_FORMAT, stored_gzip, "signature first", dots=True, header={"kid": KID, "alg": "RS256"})
LONG = "share/" + "deep/" * 20 + "file"  # what ustar's own prefix field holds
bundle("ustar", "1.4.0", tarfile.USTAR_FORMAT, plain_gzip, "as named", dots=True)
bundle("tampered", "1.5.0", tarfile.PAX_FORMAT, plain_gzip, "as named", tampered=True)
