"""sign_for_page.py AVAIN PIN-FILE PDF SIGNED: has a PDF signed as a service does whose page asks the signature service.

pyHanko makes the document ready and puts the structure into it; the rest is the answer to what `avain-web` asks.
"""

import json
import subprocess
import sys
from datetime import datetime, timezone

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

avain, pin, source, signed = sys.argv[1:]
with open(source, "rb") as document:
    writer = IncrementalPdfFileWriter(document)
    steps = PdfCMSEmbedder().write_cms(field_name="Signature", writer=writer)
    next(steps)
    signature = SignatureObject(
        subfilter=SigSeedSubFilter.PADES, timestamp=datetime.now(timezone.utc), bytes_reserved=32768
    )
    steps.send(SigObjSetup(sig_placeholder=signature))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    asked = {
        "what": "sign",
        "origin": "https://pankki.example",
        "hash": "SHA-256",
        "digest": prepared.document_digest.hex(),
        "form": "cms-pades",
        "selector": {"keys": [], "issuers": [], "akis": []},
    }
    command = [avain, "answer", "--pin-file", pin]
    # The end of the input would take the question back.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        child.stdin.write(json.dumps(asked) + "\n")
        child.stdin.flush()
        answer = json.loads(child.stdout.readline())
        child.stdin.close()
    steps.send(bytes.fromhex(answer["signature"]))
    with open(signed, "wb") as file:
        file.write(output.getbuffer())
