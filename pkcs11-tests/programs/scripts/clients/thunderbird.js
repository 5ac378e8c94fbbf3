// What the tests have Thunderbird do: to write a message to oneself as its window for writing does it, and to read
// messages as its window for reading does it.
const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");

const pause = () => new Promise(done => setTimeout(done, 50));

// The local account with an identity, as set up by Account Settings > End-To-End Encryption.
async function identity(address) {
  const database = Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB);
  const isOwn = ({ tokenName, emailAddress }) => tokenName == "FINEID (PIN1)" && emailAddress == address;
  let own;
  // A policy adds the module when the window is there already.
  while (!(own = database.getCerts().find(isOwn))) {
    await pause();
  }
  const identity = MailServices.accounts.createIdentity();
  identity.email = address;
  for (const use of ["signing", "encryption"]) {
    identity.setUnicharAttribute(`${use}_cert_name`, own.displayName);
    identity.setCharAttribute(`${use}_cert_dbkey`, own.dbKey);
  }
  MailServices.accounts.createLocalMailAccount();
  const account = MailServices.accounts.accounts[0];
  account.addIdentity(identity);
  return { identity, account };
}

async function writeSigned(address, text) {
  const { identity: self, account } = await identity(address);
  const create = (name, kind) => Cc[`@mozilla.org/messengercompose/${name};1`].createInstance(kind);
  const fields = create("composefields", Ci.nsIMsgCompFields);
  Object.assign(fields, { from: address, to: address, subject: "A message", body: `${text}\r\n` });
  const secure = create("composesecure", Ci.nsIMsgComposeSecure);
  secure.signMessage = true;
  fields.composeSecure = secure;
  const parameters = create("composeparams", Ci.nsIMsgComposeParams);
  Object.assign(parameters, {
    composeFields: fields,
    identity: self,
    format: Ci.nsIMsgCompFormat.PlainText,
    type: Ci.nsIMsgCompType.New,
  });
  const composition = create("compose", Ci.nsIMsgCompose);
  composition.initialize(parameters);
  await composition.sendMsg(Ci.nsIMsgSend.nsMsgQueueForLater, self, account.key, null, null);
  while (!outbox() || !outbox().getTotalMessages(false)) {
    await pause();
  }
}

function outbox() {
  const { rootFolder } = MailServices.accounts.localFoldersServer;
  return rootFolder.containsChildNamed("Unsent Messages") && rootFolder.getChildNamed("Unsent Messages");
}

// Puts the message into a folder, opens it in a tab, and gives what is to be read there.
async function read(message) {
  MailServices.accounts.createLocalMailAccount();
  const { rootFolder } = MailServices.accounts.localFoldersServer;
  rootFolder.QueryInterface(Ci.nsIMsgLocalMailFolder);
  const folder = rootFolder.createLocalSubfolder("Received").QueryInterface(Ci.nsIMsgLocalMailFolder);
  const messageURI = folder.getUriForMsg(folder.addMessage(message));
  const tabs = Services.wm.getMostRecentWindow("mail:3pane").document.getElementById("tabmail");
  tabs.openTab("mailMessageTab", { messageURI });
  const shown = () => tabs.currentAboutMessage?.getMessagePaneBrowser?.()?.contentDocument?.body?.textContent;
  while (!shown()?.trim()) {
    await pause();
  }
  return shown();
}
