"""card_python_pkcs11.py: what python-pkcs11 does with the keys that are on the card."""

import pkcs11
from pkcs11 import Attribute, Mechanism, ObjectClass
from pkcs11.mechanisms import MGF
from reporting import LABEL, MESSAGE, MODULE, PIN, check, mechanisms, refused, report

token = pkcs11.lib(MODULE).get_token(token_label=LABEL)
with token.open() as session:
    objects = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
    certificates = {bytes(o[Attribute.ID]): bytes(o[Attribute.VALUE]) for o in objects}
with token.open(user_pin=PIN) as session:
    objects = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
    keys = [bytes(o[Attribute.ID]) for o in objects]


def sign(id, mechanism, hash):
    """Logs in for each: a key of PIN2 signs once a login."""
    parameter = None
    if mechanism.endswith("PSS"):
        parameter = (getattr(Mechanism, hash), getattr(MGF, hash), int(hash[3:]) // 8)
    with token.open(user_pin=PIN) as session:
        key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=id)
        signature = key.sign(MESSAGE, mechanism=getattr(Mechanism, mechanism), mechanism_param=parameter)
    check(certificates[id], mechanism, hash, signature)


def impossible_pin_is_refused():
    refused(lambda: token.open(user_pin="12x4"), pkcs11.PKCS11Error, "PinIncorrect", "PinInvalid")


def mechanisms_are_listed():
    listed = token.slot.get_mechanisms()
    for id in keys:
        for mechanism, _ in mechanisms(certificates[id]):
            assert getattr(Mechanism, mechanism) in listed, mechanism


def each_key_has_its_public_key():
    with token.open() as session:
        for id in keys:
            session.get_key(object_class=ObjectClass.PUBLIC_KEY, id=id)


report("impossible_pin_is_refused", impossible_pin_is_refused)
report("mechanisms_are_listed", mechanisms_are_listed)
report("each_key_has_its_public_key", each_key_has_its_public_key)
for id in keys:
    for mechanism, hash in mechanisms(certificates[id]):
        report(f"sign[{id.hex()}-{mechanism}]", lambda: sign(id, mechanism, hash))
