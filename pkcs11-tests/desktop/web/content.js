// Takes messages of the page to the background, and what came of them back.
const browsers = globalThis.browser ?? chrome;

window.addEventListener("message", async ({ data, source }) => {
  const action = data?.action;
  if (source !== window || !/^web-eid:(status|authenticate|sign|get-signing-certificate)$/.test(action ?? "")) return;
  window.postMessage({ action: `${action}-ack` }, window.origin);
  const answer = await browsers.runtime.sendMessage(data);
  const how = answer.error ? "failure" : "success";
  window.postMessage({ ...answer, action: `${action}-${how}` }, window.origin);
});
