"""libreoffice.py PORT PIN1 PIN2 PROMPTS FOLDER: has the LibreOffice that listens on PORT sign a document with the holder's
qualified certificate, as a PDF and as an ODF file, and judge the ODF file. Writes signed.pdf and signed.odt into FOLDER.

The prompts are answered; each is noted in the file PROMPTS as a line with the name of the token. They all must be
answered: where one is cancelled, LibreOffice shows no certificates at all.
"""

import pathlib
import shutil
import sys
import time

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import XServiceInfo, XSingleComponentFactory
from com.sun.star.task import XInteractionHandler2

port, pin1, pin2, prompts, folder = sys.argv[1:]
pins = {"FINEID (PIN1)": pin1, "FINEID (PIN2)": pin2}
folder = pathlib.Path(folder)
NON_REPUDIATION = 0x40  # com.sun.star.security.KeyUsage
PROPERTIES = "[]com.sun.star.beans.PropertyValue"
READ, READ_WRITE = 1, 7  # com.sun.star.embed.ElementModes

# Python's UNO fails to hand over a request that is an exception, because it has no "args".
set_member = uno._uno_struct__setattr__
uno._uno_struct__setattr__ = lambda struct, name, value: name == "args" or set_member(struct, name, value)


class Service(unohelper.Base, XServiceInfo):
    def getImplementationName(self):
        return "Holder"

    def supportsService(self, name):
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self):
        return ("com.sun.star.task.InteractionHandler",)


class Holder(Service, XInteractionHandler2):
    """Who answers the prompts: without a screen LibreOffice would answer them itself."""

    def handleInteractionRequest(self, request):
        token = request.getRequest().Name
        with open(prompts, "a") as notes:
            notes.write(token + "\n")
        answer = next(c for c in request.getContinuations() if hasattr(c, "setPassword"))
        answer.setPassword(pins[token])
        answer.select()
        return True

    def handle(self, request):
        self.handleInteractionRequest(request)


class Holders(Service, XSingleComponentFactory):
    def createInstanceWithContext(self, context):
        return Holder()

    def createInstanceWithArgumentsAndContext(self, arguments, context):
        return Holder()


def properties(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def connect():
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            return resolver.resolve(f"uno:socket,host=127.0.0.1,port={port};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.1)
    sys.exit("LibreOffice does not answer")


context = connect()
services = context.ServiceManager


def service(name, *arguments):
    if arguments:
        return services.createInstanceWithArgumentsAndContext(name, arguments, context)
    return services.createInstanceWithContext(name, context)


def package(path, mode):
    """An ODF file as a plain archive: what is signed is the files in it."""
    arguments = (path.as_uri(), mode, uno.Any(PROPERTIES, properties(StorageFormat="ZipFormat")))
    return uno.invoke(service("com.sun.star.embed.StorageFactory"), "createInstanceWithArguments", (arguments,))


services.remove("com.sun.star.comp.uui.UUIInteractionHandler")
services.insert(Holders())

security = service("com.sun.star.xml.crypto.SEInitializer").createSecurityContext("").getSecurityEnvironment()
certificates = security.getPersonalCertificates()
qualified = [c for c in certificates if c.getCertificateUsage() == NON_REPUDIATION]
certificate = qualified[0]

signatures = service("com.sun.star.security.DocumentDigitalSignatures", "1.2", True)
desktop = service("com.sun.star.frame.Desktop")
document = desktop.loadComponentFromURL("private:factory/swriter", "_blank", 0, properties(Hidden=True))
document.Text.setString("I sell my boat for 500 euros.")
export = properties(SignPDF=True, SignatureCertificate=certificate)
export = properties(
    FilterName="writer_pdf_Export", FilterData=uno.Any(PROPERTIES, export)
)
document.storeToURL((folder / "signed.pdf").as_uri(), export)
unsigned, signed = (folder / name for name in ("unsigned.odt", "signed.odt"))
document.storeToURL(unsigned.as_uri(), ())
document.close(True)

shutil.copy(unsigned, signed)
odf = package(signed, READ_WRITE)
notes = odf.openStorageElement("META-INF", READ_WRITE)
stream = notes.openStreamElement(signatures.getDocumentContentSignatureDefaultStreamName(), READ_WRITE)
if not signatures.signDocumentWithCertificate(certificate, package(unsigned, READ), stream):
    sys.exit("LibreOffice did not sign the ODF file")
notes.commit()
odf.commit()
odf.dispose()

for signature in signatures.verifyDocumentContentSignatures(package(signed, READ), None):
    print("ODF signature valid:", signature.SignatureIsValid)
    print("by:", signature.Signer.SubjectName)
