"""What the card_*.py scripts share: telling what came of each trial, and judging signatures without PKCS#11."""

import json
import os
import subprocess

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MODULE = os.environ["PKCS11_MODULE"]
LABEL = os.environ["PKCS11_TOKEN_LABEL"]
PIN = os.environ["PKCS11_TOKEN_PIN"]
MESSAGE = b"Any message will do."
HASHES = {"SHA224": hashes.SHA224, "SHA256": hashes.SHA256, "SHA384": hashes.SHA384, "SHA512": hashes.SHA512}


def report(name, trial):
    """Makes the trial and prints its outcome, a JSON object on a line of its own."""
    try:
        trial()
        outcome, words = "passed", ""
    except Exception as error:
        outcome, words = "failed", f"{type(error).__name__}: {error}"
    print(json.dumps({"test": name, "outcome": outcome, "words": words[:300]}), flush=True)


def public_key(certificate):
    """By OpenSSL: cryptography takes no ecdsa-with-SHA384 that has a NULL parameter, as the issuer writes it."""
    command = ["openssl", "x509", "-inform", "DER", "-noout", "-pubkey"]
    return load_pem_public_key(subprocess.run(command, input=certificate, capture_output=True, check=True).stdout)


def mechanisms(certificate):
    """What the key of this certificate signs with: mechanism name without CKM_, and the hash."""
    is_rsa = isinstance(public_key(certificate), rsa.RSAPublicKey)
    names = ["{}_RSA_PKCS", "{}_RSA_PKCS_PSS"] if is_rsa else ["ECDSA_{}"]
    return [(name.format(hash), hash) for name in names for hash in HASHES]


def check(certificate, mechanism, hash, signature):
    """Raises an error where the signature of MESSAGE does not hold."""
    key = public_key(certificate)
    digest = HASHES[hash]()
    if isinstance(key, ec.EllipticCurvePublicKey):
        half = len(signature) // 2
        numbers = [int.from_bytes(part, "big") for part in (signature[:half], signature[half:])]
        key.verify(utils.encode_dss_signature(*numbers), MESSAGE, ec.ECDSA(digest))
    elif mechanism.endswith("PSS"):
        key.verify(signature, MESSAGE, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    else:
        key.verify(signature, MESSAGE, padding.PKCS1v15(), digest)


def refused(trial, error, *names):
    """The trial must end with this kind of error, told by one of these names."""
    try:
        trial()
    except error as refusal:
        words = f"{type(refusal).__name__} {refusal}"
        assert any(name in words for name in names), words
    else:
        raise AssertionError("it was not refused")

