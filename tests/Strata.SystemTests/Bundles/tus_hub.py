"""The part of a hub that takes uploads, over mutual TLS, kept in a folder so that it survives being killed.

Written from the tus 1.0.0 protocol and docs/formats/bundle.md, not from Strata's hub.
usage: tus_hub.py FOLDER PORT CERTIFICATE KEY CLIENTS [one-piece] [slow] [refusing]
"""
import base64, hashlib, http.server, json, os, ssl, sys, time

folder, port, cert, key, clients, *options = sys.argv[1:]
slow, one_piece = "slow" in options, "one-piece" in options
os.makedirs(folder, exist_ok=True)


def path(name):
    return os.path.join(folder, name)


def note(line):
    with open(path("log"), "a") as log:
        log.write(line + "\n")


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, code, body=b"", kind="application/json", **headers):
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", len(body))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def bundle(self, name):
        digest = hashlib.sha256(open(path(name), "rb").read()).hexdigest()
        verdict = {"state": "error", "build_info": ["It is wrong."]} if "refusing" in options else {"state": "uploaded"}
        return json.dumps({"id": name, **verdict, "file_size": os.path.getsize(path(name)), "digest": "sha256:" + digest}).encode()

    def do_POST(self):
        key_header = self.headers["Idempotency-Key"]
        note("POST " + self.path)
        if self.path == "/api/v11/uploads/" and not one_piece:
            if self.headers["Tus-Resumable"] != "1.0.0" or self.headers["Upload-Metadata"] != "filename " + base64.b64encode(b"batch.tar.gz").decode():
                return self.answer(412)
            open(path(key_header), "ab").close()
            open(path(key_header + ".size"), "w").write(self.headers["Upload-Length"])
            return self.answer(201, Location="/api/v11/uploads/" + key_header, Tus_Resumable="1.0.0")
        if self.path == "/api/v11/deployment-bundles/upload/":
            body = self.rfile.read(int(self.headers["Content-Length"]))
            boundary = self.headers["Content-Type"].split("boundary=")[1].strip('"').encode()
            content = body.split(b"--" + boundary)[1].split(b"\r\n\r\n", 1)[1][:-2]
            open(path(key_header), "wb").write(content)
            return self.answer(201, self.bundle(key_header))
        return self.answer(404)

    def do_HEAD(self):
        name = self.path.rsplit("/", 1)[1]
        note("HEAD")
        if not os.path.exists(path(name)):
            return self.answer(404)
        size = os.path.getsize(path(name))
        extra = {"Strata_Bundle": name} if size == int(open(path(name + ".size")).read()) else {}
        return self.answer(200, Upload_Offset=size, Tus_Resumable="1.0.0", **extra)

    def do_PATCH(self):
        name = self.path.rsplit("/", 1)[1]
        offset = int(self.headers["Upload-Offset"])
        note("PATCH %d" % offset)
        if not os.path.exists(path(name)):
            return self.answer(404)
        if os.path.getsize(path(name)) != offset or self.headers["Content-Type"] != "application/offset+octet-stream":
            self.close_connection = True
            return self.answer(409)
        left = int(self.headers["Content-Length"])
        with open(path(name), "ab", buffering=0) as file:
            while left > 0:
                part = self.rfile.read(min(left, 65536))
                if not part:
                    return None
                file.write(part)
                left -= len(part)
                if slow:
                    time.sleep(0.02)
        extra = {"Strata_Bundle": name} if os.path.getsize(path(name)) == int(open(path(name + ".size")).read()) else {}
        return self.answer(204, Upload_Offset=os.path.getsize(path(name)), Tus_Resumable="1.0.0", **extra)

    def do_GET(self):
        parts = self.path.strip("/").split("/")
        if parts[2:] == ["users", "me"]:
            return self.answer(200, json.dumps({"name": "oem-user", "role": "oem", "owner": "oem.example", "permissions": []}).encode())
        name = parts[3]
        if parts[2] != "deployment-bundles" or not os.path.exists(path(name)):
            return self.answer(404)
        if parts[-1] != "log":
            return self.answer(200, self.bundle(name))
        seen = int(self.headers.get("Last-Event-ID") or 0)
        note("LOG after %d" % seen)
        lines = [{"at": "2026-01-01T00:00:00Z", "step": step, "level": level, "text": text} for step, level, text in
                 [("received", "info", "It arrived."), ("verified", "warning", "It is odd."), ("checked", "error", "It is \x1b[31mwrong.")]]
        # The first answer breaks off after one line; whoever asks again gets the rest.
        shown = lines[:1] if seen == 0 else lines[seen:]
        # The verdict may be told before the last lines, as of a bundle that was judged before anybody asked.
        text = "" if seen == 0 else "event: state\ndata: %s\n\n" % json.dumps({"id": name, "state": "error", "build_info": ["It is wrong."]})
        text += "".join("id: %d\nevent: log\ndata: %s\n\n" % (seen + i + 1, json.dumps(line)) for i, line in enumerate(shown))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(text.encode())
        self.close_connection = True
        return None


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
context.load_verify_locations(clients)
context.verify_mode = ssl.CERT_REQUIRED
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Hub)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
