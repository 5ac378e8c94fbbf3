"""card_pykcs11.py: what PyKCS11 does with the keys that are on the card."""

import PyKCS11
from PyKCS11 import CKA_CLASS, CKA_ID, CKA_SENSITIVE, CKA_VALUE, CKO_CERTIFICATE, CKO_PRIVATE_KEY
from reporting import LABEL, MESSAGE, MODULE, PIN, check, mechanisms, refused, report

library = PyKCS11.PyKCS11Lib()
library.load(MODULE)
(slot,) = [s for s in library.getSlotList(tokenPresent=True) if library.getTokenInfo(s).label.strip() == LABEL]
session = library.openSession(slot)
certificates = {
    bytes(id): bytes(value)
    for object in session.findObjects([(CKA_CLASS, CKO_CERTIFICATE)])
    for id, value in [session.getAttributeValue(object, [CKA_ID, CKA_VALUE])]
}


def private_key(id):
    (key,) = session.findObjects([(CKA_CLASS, CKO_PRIVATE_KEY), (CKA_ID, id)])
    return key


def sign(id, mechanism, hash):
    """Logs in for each: a key of PIN2 signs once a login."""
    parameter = None
    if mechanism.endswith("PSS"):
        names = (f"CKM_{hash}", f"CKG_MGF1_{hash}")
        size = int(hash[3:]) // 8
        parameter = PyKCS11.RSA_PSS_Mechanism(
            getattr(PyKCS11, f"CKM_{mechanism}"), *(getattr(PyKCS11, name) for name in names), size
        )
    session.login(PIN)
    try:
        chosen = parameter or PyKCS11.Mechanism(getattr(PyKCS11, f"CKM_{mechanism}"))
        check(certificates[id], mechanism, hash, bytes(session.sign(private_key(id), MESSAGE, chosen)))
    finally:
        session.logout()


def no_keys_before_login():
    assert session.findObjects([(CKA_CLASS, CKO_PRIVATE_KEY)]) == []


def impossible_pin_is_refused():
    refused(lambda: session.login("12x4"), PyKCS11.PyKCS11Error, "CKR_PIN_INCORRECT", "CKR_PIN_INVALID")


def second_login_is_refused():
    session.login(PIN)
    try:
        refused(lambda: session.login(PIN), PyKCS11.PyKCS11Error, "CKR_USER_ALREADY_LOGGED_IN")
    finally:
        session.logout()


def private_keys_are_sensitive():
    session.login(PIN)
    try:
        for id in keys:
            assert session.getAttributeValue(private_key(id), [CKA_SENSITIVE]) == [True]
    finally:
        session.logout()


session.login(PIN)
keys = [bytes(session.getAttributeValue(key, [CKA_ID])[0]) for key in session.findObjects([(CKA_CLASS, CKO_PRIVATE_KEY)])]
session.logout()

report("no_keys_before_login", no_keys_before_login)
report("impossible_pin_is_refused", impossible_pin_is_refused)
report("second_login_is_refused", second_login_is_refused)
report("private_keys_are_sensitive", private_keys_are_sensitive)
for id in keys:
    for mechanism, hash in mechanisms(certificates[id]):
        report(f"sign[{id.hex()}-{mechanism}]", lambda: sign(id, mechanism, hash))
