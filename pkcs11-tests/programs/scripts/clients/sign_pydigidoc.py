"""sign_pydigidoc.py MODULE PIN FILE CONTAINER: signs a file by libdigidocpp, without a service for time stamps, and
prints who has signed."""
import sys

import pydigidoc

module, pin, file, container = sys.argv[1:]
pydigidoc.initialize("Avain's tests")
signer = pydigidoc.PKCS11Signer(module)
signer.set_pin(pin)
signer.set_profile("BES")
document = pydigidoc.Container.create(container)
document.add_data_file(file, "text/plain")
signature = document.sign(signer)
document.save(container)
print(signature.signed_by())
