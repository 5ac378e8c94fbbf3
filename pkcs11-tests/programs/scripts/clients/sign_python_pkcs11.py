"""sign_python_pkcs11.py MODULE PIN TEXT: signs with python-pkcs11 and prints the signature in hex."""

import sys

import pkcs11
from pkcs11 import KeyType, Mechanism, ObjectClass

module, pin, text = sys.argv[1:]
token = pkcs11.lib(module).get_token(token_label="FINEID (PIN1)")
with token.open(user_pin=pin) as session:
    key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=b"\x45")
    mechanism = Mechanism.SHA256_RSA_PKCS if key.key_type == KeyType.RSA else Mechanism.ECDSA_SHA256
    print(key.sign(text.encode(), mechanism=mechanism).hex())
