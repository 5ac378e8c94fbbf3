"""verify_asice.py CONTAINER CERTIFICATE: verifies the signature in a container by this certificate (PEM)."""
import sys
import zipfile

from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier

path, certificate = sys.argv[1:]
container = zipfile.ZipFile(path)
signatures = etree.fromstring(container.read("META-INF/signatures0.xml"))
config = SignatureConfiguration(expect_references=2)
with open(certificate) as file:
    XMLVerifier().verify(
        signatures, x509_cert=file.read(), uri_resolver=container.read, expect_config=config
    )
