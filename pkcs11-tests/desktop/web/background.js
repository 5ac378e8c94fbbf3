// Asks the native program: its version first, then one command. What the page says of its own origin does not count.
const browsers = globalThis.browser ?? chrome;

function native(command, parameters) {
  return new Promise(resolve => {
    const port = browsers.runtime.connectNative("eu.webeid");
    let version = null;
    port.onDisconnect.addListener(() => {
      const message = String(port.error?.message ?? browsers.runtime.lastError?.message);
      resolve({ error: { code: "ERR_WEBEID_NATIVE_UNAVAILABLE", message } });
    });
    port.onMessage.addListener(message => {
      if (version === null) {
        version = message.version;
        port.postMessage({ command, arguments: parameters });
      } else {
        resolve({ ...message, version });
      }
    });
  });
}

browsers.runtime.onMessage.addListener((message, sender, respond) => {
  const { origin } = new URL(sender.url);
  const { challengeNonce, certificate, hash, hashFunction } = message;
  const [command, parameters] = {
    "web-eid:status": ["quit", {}],
    "web-eid:authenticate": ["authenticate", { challengeNonce, origin }],
    "web-eid:get-signing-certificate": ["get-signing-certificate", { origin }],
    "web-eid:sign": ["sign", { certificate, hash, hashFunction, origin }],
  }[message.action];
  native(command, parameters).then(respond);
  return true;
});
