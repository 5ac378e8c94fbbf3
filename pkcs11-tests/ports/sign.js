// A program for Node.js on Windows: lists the tokens, logs in, signs the contract, and leaves signature and certificate in files.
// node sign.js PIN
const assert = require('node:assert');
const fs = require('node:fs');
const { PKCS11, ...P } = require('pkcs11js');

assert.equal(process.platform, 'win32');
const token = new PKCS11();
token.load('avain-pkcs11.dll');
token.C_Initialize();

const slots = token.C_GetSlotList(true);
const labels = slots.map((slot) => token.C_GetTokenInfo(slot).label.trim());
assert.deepEqual([...labels].sort(), ['FINEID (PIN1)', 'FINEID (PIN2)', 'LatEID (PIN1)', 'LatEID (PIN2)']);

const session = token.C_OpenSession(slots[labels.indexOf('FINEID (PIN1)')], P.CKF_SERIAL_SESSION);
assert.throws(() => token.C_Login(session, P.CKU_USER, '999999'), { message: 'CKR_PIN_INCORRECT' });
token.C_Login(session, P.CKU_USER, process.argv[2]);

function first(kind) {
	token.C_FindObjectsInit(session, [{ type: P.CKA_CLASS, value: kind }]);
	const found = token.C_FindObjects(session);
	token.C_FindObjectsFinal(session);
	return found;
}

const contract = fs.readFileSync('data');
token.C_SignInit(session, { mechanism: P.CKM_SHA256_RSA_PKCS }, first(P.CKO_PRIVATE_KEY));
const signature = token.C_Sign(session, contract, Buffer.alloc(1024));
token.C_VerifyInit(session, { mechanism: P.CKM_SHA256_RSA_PKCS }, first(P.CKO_PUBLIC_KEY));
assert(token.C_Verify(session, contract, signature));
fs.writeFileSync('signature', signature);
const [certificate] = token.C_GetAttributeValue(session, first(P.CKO_CERTIFICATE), [{ type: P.CKA_VALUE }]);
fs.writeFileSync('certificate', certificate.value);

token.C_Logout(session);
token.C_Finalize();
token.close();
