// Answers the PIN prompts of Firefox and Thunderbird, and notes them. Runs inside the program, because its network
// stands still while a prompt is open: nobody could answer from outside. Arguments: the PINs, in the order in which
// they are given; when there are no more, the prompt is cancelled.
const answers = arguments[0];
const notes = { prompts: [], choosers: [] };
const main = Services.wm.getMostRecentWindow(null);
main.avainNotes = notes;
main.avainAnswers = answers;

// What a prompt needs is there only after it has been drawn.
function soon(action) {
  const timer = Cc["@mozilla.org/timer;1"].createInstance(Ci.nsITimer);
  timer.initWithCallback(action, 100, Ci.nsITimer.TYPE_ONE_SHOT);
  main.avainTimers = [...(main.avainTimers ?? []), timer];
}

function answerPrompt(dialog) {
  const { args, ui } = dialog.Dialog;
  notes.prompts.push(args.text);
  const pin = main.avainAnswers.shift();
  if (pin === undefined) {
    ui.button1.click();
  } else {
    ui.password1Textbox.value = pin;
    ui.button0.click();
  }
}

function answerChooser(subject) {
  const dialog = subject.getButton ? subject : subject.document.querySelector("dialog");
  const names = dialog.ownerDocument.getElementById("nicknames").querySelectorAll("menuitem");
  notes.choosers.push(Array.from(names, name => name.label || name.getAttribute("label")));
  dialog.getButton("accept").click();
}

Services.obs.addObserver(dialog => soon(() => answerPrompt(dialog)), "common-dialog-loaded");
Services.obs.addObserver(dialog => soon(() => answerChooser(dialog)), "cert-dialog-loaded");
