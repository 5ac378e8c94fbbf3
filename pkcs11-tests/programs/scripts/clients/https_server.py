"""https_server.py VERSION CHAIN AUTHORITIES VISITS PORT: a web server that demands a client certificate.

Notes each visit in the file VISITS, version of TLS and certificate, and its port in the file PORT when it listens.
"""

import contextlib
import http.server
import os
import ssl
import sys

version, chain, authorities, visits, port = sys.argv[1:]


class Visit(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        with open(visits, "a") as file:
            file.write(f"{self.connection.version()} {self.connection.getpeercert(True).hex()}\n")
        subject = dict(pair for part in self.connection.getpeercert()["subject"] for pair in part)
        page = f"<!DOCTYPE html><meta charset=utf-8><title>Welcome</title><p id=name>{subject['commonName']}</p>\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page.encode())))
        self.end_headers()
        self.wfile.write(page.encode())


class Server(http.server.ThreadingHTTPServer):
    def finish_request(self, request, client):
        # In the thread of the visit: a slow card must not keep other visitors waiting.
        request.settimeout(120)
        with context.wrap_socket(request, server_side=True) as connection:
            super().finish_request(connection, client)
            # Take leave, or what was sent last may be lost with the connection.
            with contextlib.suppress(OSError):
                connection.unwrap()


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = context.maximum_version = ssl.TLSVersion[version.replace(".", "_")]
context.load_cert_chain(chain)
context.load_verify_locations(authorities)
context.verify_mode = ssl.CERT_REQUIRED

server = Server(("localhost", 0), Visit)
with open(port + ".new", "w") as file:
    file.write(str(server.server_port))
os.rename(port + ".new", port)
server.serve_forever()
