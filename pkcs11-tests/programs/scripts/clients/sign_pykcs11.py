"""sign_pykcs11.py MODULE PIN TEXT: signs with PyKCS11 and prints the signature in hex."""

import sys

from PyKCS11 import *

module, pin, text = sys.argv[1:]
library = PyKCS11Lib()
library.load(module)
slots = library.getSlotList(tokenPresent=True)
slot = next(slot for slot in slots if library.getTokenInfo(slot).label.strip() == "FINEID (PIN1)")
session = library.openSession(slot, CKF_SERIAL_SESSION)
session.login(pin)
(key,) = session.findObjects([(CKA_CLASS, CKO_PRIVATE_KEY), (CKA_ID, b"\x45")])
rsa = session.getAttributeValue(key, [CKA_KEY_TYPE])[0] == CKK_RSA
mechanism = Mechanism(CKM_SHA256_RSA_PKCS if rsa else CKM_ECDSA_SHA256)
print(bytes(session.sign(key, text.encode(), mechanism)).hex())
session.logout()
session.closeSession()
