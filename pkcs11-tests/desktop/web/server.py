"""server.py FOLDER: a service on https://pankki.example, whose certificate is in FOLDER, with the pages beside this file.

What the page reports is written into files of FOLDER.
"""

import http.server
import os
import pathlib
import ssl
import sys

folder = pathlib.Path(sys.argv[1])
pages = {"/": "page.html", "/scs": "scs.html"}


class Service(http.server.BaseHTTPRequestHandler):
    def answer(self, content):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        name = pages.get(self.path)
        self.answer(pathlib.Path(__file__).with_name(name).read_bytes() if name else b"")

    def do_POST(self):
        report = self.rfile.read(int(self.headers["Content-Length"]))
        name = folder / pathlib.PurePath(self.path).name
        name.with_suffix(".new").write_bytes(report)
        os.rename(name.with_suffix(".new"), name)
        self.answer(b"")


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 443), Service)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
