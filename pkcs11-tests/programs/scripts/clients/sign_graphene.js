// sign_graphene.js MODULE PIN TEXT: signs with PIN1's key, and prints the signature in hexadecimal digits.
const graphene = require("graphene-pk11");

const [path, pin, text] = process.argv.slice(2);
const mod = graphene.Module.load(path, "Avain");
mod.initialize();
const slots = mod.getSlots(true);
let slot;
for (let i = 0; i < slots.length; i++) {
    if (slots.items(i).getToken().label.trim() === "FINEID (PIN1)") {
        slot = slots.items(i);
    }
}
const session = slot.open(graphene.SessionFlag.SERIAL_SESSION);
session.login(pin);
const key = session.find({ class: graphene.ObjectClass.PRIVATE_KEY }).items(0).toType();
const mechanism = key.type === graphene.KeyType.RSA ? "SHA256_RSA_PKCS" : "ECDSA_SHA384";
console.log(session.createSign(mechanism, key).once(Buffer.from(text)).toString("hex"));
session.logout();
session.close();
mod.finalize();
