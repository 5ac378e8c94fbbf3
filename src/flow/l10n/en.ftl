# English. PIN1 is for logging in, PIN2 for signing; "activation code" is the code from the letter.

## Readers and cards
reader = Reader: { $name }
reader_empty = No card.
reader_mute = There is a card, but it does not answer. Turn it over, wipe its chip with a dry cloth and try again.
reader_foreign = There is a card of a kind that this program does not know. It was only asked what it is: no PIN was sent, nothing was written.
card = Card: { $family ->
    [finland] Identity card
    [organisation] Certificate card of an organisation
    [estonia-envelope] Estonian identity card
    [estonia] Estonian identity card
    [latvia] Latvian identity card
    [lithuania] Lithuanian identity card
    [belgium] Belgian identity card
   *[unknown] Card of another kind
} ({ $model })
card_number = Card number: { $number }
document = { $kind ->
    [e-residency] It is an e-Residency card: for e-services, not for travelling or as proof of identity.
   *[digi-id] It is a digital identity card: for e-services, not for travelling or as proof of identity.
}
holder = Holder: { $name }
personal = { $what ->
    [surname] Surname
    [given_names] Given names
    [sex] Sex
    [citizenship] Citizenship
    [birth] Born
    [birth_place] Place of birth
    [personal_code] Personal code
    [document_number] Document number
    [valid_from] Valid from
    [valid_to] Valid until
    [issue] Issued
    [street] Street
    [postal_code] Postal code
    [municipality] Municipality
   *[other] Other
}: { $value }
certificate = { $purpose ->
    [login] Certificate for logging in
    [signing] Certificate for signing
   *[authority] Certificate of an authority
}: { $from } to { $to }{ $validity ->
    [expired] , expired
    [not-yet-valid] , not valid yet
   *[valid] { "" }
}
described_by_itself = This program does not know this kind of card, and goes by what the card says of itself. It never changes anything on it.
certificate_expired = The certificate expired on { $to }. Apply for a new card.
certificate_not_yet = The certificate is valid from { $from } only, and by the clock of this computer it is { $today } now. Is the clock right?
certificate_none = There is no certificate on this card.

## How the card stands
pin_ready = { $pin }: in use, { $left ->
    [one] { $left } try left
   *[other] { $left } tries left
}
pin_fresh = { $pin }: not activated, { $left ->
    [one] { $left } try left
   *[other] { $left } tries left
}
pin_unchanged = { $pin }: to be changed before it can be used, { $left ->
    [one] { $left } try left
   *[other] { $left } tries left
}
pin_locked = { $pin }: locked
pin_locked_by_codes = { $pin }: locked by wrong activation codes, a PUK is needed
pin_unset = { $pin }: not activated, or locked
pin_unknown = { $pin }: the card does not tell how many tries are left
code_left = { $help ->
    [puk] PUK
   *[letter] PUK or activation code of 8 digits
}: { $left ->
    [one] { $left } try left
   *[other] { $left } tries left
}
code_locked = { $help ->
    [puk] PUK: locked for ever
   *[letter] PUK or activation code of 8 digits: locked for ever
}

## What to do next
next_nothing = The card is ready for use.
next_activate = { $face ->
    [window] The card is not activated.
   *[terminal] The card is not activated. To activate it: avain activate
}
next_set_both = { $face ->
    [window] Both PINs are locked. You can set them anew.
   *[terminal] Both PINs are locked. To set them anew: avain activate
}
next_go_on = { $face ->
    [window] The card is only partly activated. Go on with it.
   *[terminal] The card is only partly activated. To go on: avain activate
}
next_unblock = { $face ->
    [window] { $pin } is locked. You can unlock it.
   *[terminal] To unlock { $pin }: avain unblock { $number }
}
next_first_change = { $face ->
    [window] Before the first signature, { $pin } has to be changed.
   *[terminal] Before the first signature, { $pin } has to be changed. To change it: avain activate
}
next_lost = { $family ->
    [finland] This cannot be unlocked any more. The card is still valid as an identity document; e-services need a new card.
    [organisation] This cannot be unlocked any more. Whoever ordered the card for its holder gets a new one from the registration point.
    [estonia-envelope] This card needs no replacement: the Police and Border Guard Board gives its holder a new code envelope.
    [latvia] This card needs no replacement: the Office of Citizenship and Migration Affairs (PMLP) gives its holder new codes.
    [lithuania] This card needs no replacement: a branch of the Migration Department gives its holder a new PIN, free of charge.
    [belgium] Only the municipality of the card's holder can unlock it.
    [unknown] Only whoever issued the card can unlock it.
   *[estonia] This cannot be unlocked any more: e-services need a new card.
}
next_expired = The certificates of this card expired on { $to }: e-services need a new card. Apply for one.
certificates_only = This program can show the certificates of this card, and nothing more.
where_puk = The PUK came with the card, as the PINs did: in an envelope or letter.
where_puk_estonia = The PUK is in the envelope that came with the card, and in the self-service of the Police and Border Guard Board.

## No card to work with
no_service = { $face ->
    [window] The smart card service (pcscd) is not running. Restart the computer. If that does not help, ask its administrator to install the package pcscd.
   *[terminal] The smart card service is not running. Start it: sudo systemctl start pcscd.socket
}
no_reader = No card reader was found. Connect one and try again.
no_such_reader = { $face ->
    [window] No card reader is called { $name }.
   *[terminal] No card reader is called { $name }. The command avain status shows all of them.
}
no_card = Insert the card into the reader, chip first and facing up, and try again.
card_mute = The card does not answer. Turn it over, wipe its chip with a dry cloth and try again.
card_foreign = This program does not know this kind of card. It was only asked what it is: no PIN was sent, nothing was written.
card_contactless = The card lies on a contactless reader (NFC), and a card of this kind can be used by its contacts only: put it into a reader with contacts.
several_cards = { $face ->
    [window] There is more than one card. Choose the one that is meant.
   *[terminal] There is more than one card. Give the same command again with the one that is meant:
}
choice = { $face ->
    [window] { $reader }
   *[terminal] --reader { $reader }
}

## Without contacts
can_needed = { $face ->
    [window] It opens only with its card access number (CAN): 6 digits printed on the card.
   *[terminal] It opens only with its card access number (CAN): 6 digits printed on the card. To store that number: avain can add
}
can_ask = Card access number (CAN), the 6 digits printed on the card; it is not a PIN
can_impossible = A card access number (CAN) has 6 digits. It is printed on the card.
can_wrong = Wrong card access number (CAN): it is the number printed on the card, 6 digits. { $seconds ->
    [0] The card answers more slowly after each wrong one.
    [one] The card took { $seconds } second to answer, and takes longer after each wrong one.
   *[other] The card took { $seconds } seconds to answer, and takes longer after each wrong one.
} No try of a PIN was used.
can_refused_before = The card refused this card access number (CAN) before. It was not sent again.
can_works = The card access number (CAN) opens this card, and is stored.
can_added = The card access number (CAN) is stored. It was not tried, because there is no card here that opens with a number.
can_known = This card access number (CAN) is stored already.
can_not_stored = The card access number (CAN) opens this card, but could not be stored.
can_none = No card access number (CAN) is stored.
can_entry = { $place }: { $model }, card { $number }{ $holder ->
    [none] { "" }
   *[other] , { $holder }
}
can_entry_unused = { $place }: has not opened a card yet
can_forgotten = Forgotten. The card access number (CAN) stays printed on the card.
can_which = The list has no entry { $place }. To see it: avain can list
can_no_place = There is no place to store card access numbers (CAN): neither HOME nor XDG_CONFIG_HOME is set.
can_unusable = { $file } cannot be used: it has to be a file of your own that nobody else may read, in a folder of your own. Nothing was changed.
can_broken = { $face ->
    [window] { $file } is not as this program writes it, and is ignored. Remove it to store numbers again.
   *[terminal] { $file } is not as this program writes it, and is ignored. To remove it with all numbers: avain can forget all
}
can_how = A script stores the card access number (CAN) first: avain can add
hold_still = Hold the card still on the reader until you are told that it is done.
lay_on = Lay the card on the reader.
card_lifted = The card was lifted off the reader too early. Hold the card still until you are told that it is done.
contacts_only = Without contacts this cannot be done with a card of this kind: put it into a reader with contacts. Nothing was sent.
contacts_for = Nobody is known to have used { $pin } of such a card without contacts. Put the card into a reader with contacts.

## What a card, or the way to it, can do wrong
card_removed = The card was taken out. Put it back and try again.
card_swapped = The card was swapped for another one. Start again.
card_busy = Another program uses the card. Close it, or wait a moment, and try again.
not_allowed = You may not use the smart card reader in this session: the system (polkit) refuses it. Sit at the computer itself instead of a session over the network, or have its administrator add a rule.
waiting = Another program is using the card. This waits until it lets go of the card.
waiting_for = Another program is using the card. This waits until it lets go of the card. Programs of yours that can use cards: { $programs }
card_disturbed = The connection to the card was disturbed. Put the card in anew and try again.
card_refused = The card refused this.
card_incomplete = This card lacks what cards of its kind have: it is not finished, or it is broken. No PIN was sent, nothing was written. Whoever issued it can help.
card_nonsense = The card answered something that makes no sense. Put it in anew and try again.
card_unclear = The card gave no clear answer.
cannot = This card cannot do that.
no_memory = There was no protected memory to keep the PIN in. Nothing was sent to the card.
keypad_pin = Waiting for the reader: type { $pin } on its keypad, and confirm there. The key that cancels there stops it.
keypad_change = Waiting for the reader: on its keypad, type the present { $pin }, then the new { $pin } twice, and confirm each.
keypad_activate = Waiting for the reader: on its keypad, type the activation code of 7 digits, then the new { $pin } twice, and confirm each.
keypad_set = { $help ->
    [puk] Waiting for the reader: on its keypad, type the PUK, then the new { $pin } twice, and confirm each.
   *[letter] Waiting for the reader: on its keypad, type the PUK or the activation code of 8 digits, then the new { $pin } twice, and confirm each.
}
keypad_keyboard = New PINs are typed here and not on the reader's keypad, which cannot set them on this card.
keypad_cancelled = Cancelled on the reader's keypad.
keypad_too_late = The reader's keypad waited for too long.
keypad_differs = The new PIN was not entered twice in the same way.
keypad_not_taken = The reader's keypad did not take this: perhaps it was too short or too long.
nothing_spent = No try was used.
perhaps_spent = { $face ->
    [window] A try may have been used. The first page of this window shows how many are left.
   *[terminal] A try may have been used. To see how the card stands: avain status
}
maybe_spent = A try may have been used.
try_spent = { $left ->
    [0] A try was used, and none is left.
    [one] A try was used: { $left } is left.
   *[other] A try was used: { $left } are left.
}

## PINs and codes that were refused
pin_wrong = Wrong { $pin }. { $left ->
    [one] { $left } try left.
   *[other] { $left } tries left.
}
pin_wrong_untold = Wrong { $pin }. The card does not tell how many tries are left.
pin_now_locked = { $help ->
    [puk] Wrong { $pin }. It is locked now. The PUK unlocks it.
    [municipality] Wrong { $pin }. It is locked now. Only the municipality of the card's holder can unlock it.
    [issuer] Wrong { $pin }. It is locked now. Only whoever issued the card can unlock it.
   *[letter] Wrong { $pin }. It is locked now. The PUK unlocks it, or an activation code of 8 digits.
}
code_wrong = Wrong code. { $left ->
    [one] { $left } try left.
   *[other] { $left } tries left.
}
code_wrong_untold = Wrong code. The card does not tell how many tries are left.
code_now_locked = { $help ->
    [puk] Wrong code. That was the last try: the PUK is locked for ever now.
   *[letter] Wrong code. That was the last try: the PUK or activation code is locked for ever now.
}
code_lost = { $family ->
    [finland] The card is still valid as an identity document. A PIN that is locked stays so; e-services then need a new card.
    [organisation] A PIN that is locked stays so; then whoever ordered the card gets a new one from the registration point.
    [estonia-envelope] This card needs no replacement: the Police and Border Guard Board gives its holder a new code envelope.
    [latvia] This card needs no replacement: the Office of Citizenship and Migration Affairs (PMLP) gives its holder new codes.
    [lithuania] This card needs no replacement: a branch of the Migration Department gives its holder a new PIN, free of charge.
    [belgium] Only the municipality of the card's holder can unlock it.
    [unknown] Only whoever issued the card can unlock it.
   *[estonia] A PIN that is locked stays so; e-services then need a new card.
}
pin_is_locked = { $help ->
    [puk] { $pin } is locked. Unlock it with the PUK{ $face ->
        [window] .
       *[terminal] : avain unblock { $number }
    }
    [municipality] { $pin } is locked. Only the municipality of the card's holder can unlock it.
    [issuer] { $pin } is locked. Only whoever issued the card can unlock it.
   *[letter] { $pin } is locked. Unlock it with the PUK or an activation code of 8 digits{ $face ->
        [window] .
       *[terminal] : avain unblock { $number }
    }
}
code_is_locked = { $help ->
    [puk] The PUK is locked for ever.
   *[letter] The PUK or activation code is locked for ever.
}
code_is_used_up = The card does not let this code be used any more, although tries are left.
transport_is_locked = { $pin } is locked after wrong activation codes. Now a PUK is needed: the police licence services or, abroad, a Finnish mission take orders for it.
refused_before = The card refused this code a moment ago. It was not sent again, and no try was used.
new_refused = The card does not take this as a new { $pin }.
new_unchanged = The new { $pin } is the same as the old one. Nothing was changed.
unblock_refused = The card does not take this: perhaps { $pin } is not locked, or the new one is the same as before.

## What cannot be done as the card stands
already_activated = { $face ->
    [window] The card is activated already.
   *[terminal] The card is activated already. To change a PIN: avain change-pin 1 or avain change-pin 2
}
nothing_to_activate = Nothing has to be activated on this card: its PINs work as they were handed over or chosen.
how_to_change = { $face ->
    [window] The PINs can be changed on the first page of this window.
   *[terminal] To change a PIN: avain change-pin 1 or avain change-pin 2
}
how_to_change_one = { $face ->
    [window] The PIN ({ $number }) can be changed on the first page of this window.
   *[terminal] To change the PIN: avain change-pin { $number }
}
not_activated = { $face ->
    [window] { $pin } is not activated yet. Activate the card first.
   *[terminal] { $pin } is not activated yet. To activate the card: avain activate
}
change_first = { $face ->
    [window] { $pin } ({ $number }) is still the one from the envelope. The card does not sign before it is changed.
   *[terminal] { $pin } is still the one from the envelope. The card does not sign before it is changed: avain change-pin { $number }
}
no_pin = This card has no { $pin }.
no_puk = { $help ->
    [municipality] This card has no PUK. Only the municipality of the card's holder can unlock its PIN.
   *[issuer] This card has no PUK. Only whoever issued it can unlock its PINs.
}
puk_is_fixed = The PUK of this card cannot be changed.
never_written = This program knows the card only by what it says of itself, and so never changes its PINs. Nothing was sent.
write_protected = Without explicit consent nothing is written to a card of this kind. Nothing was sent.
short_code_on_locked = { $pin } is locked by wrong activation codes, a PUK is needed: the police licence services or, abroad, a Finnish mission take orders for it. If nobody has typed wrong codes, check that the letter belongs to this card. No try was used.
short_code_on_activated = An activation code of 7 digits can be used once only, and this card is activated already.
short_code_untold = { $face ->
    [window] This card does not tell whether its PINs are still an activation code of 7 digits, so the code was not sent. If the card is new and came with such a code, change PIN1 and PIN2 on the first page of this window, with the code as the present PIN.
   *[terminal] This card does not tell whether its PINs are still an activation code of 7 digits, so the code was not sent. If the card is new and came with such a code, set PIN1 by avain change-pin 1 and PIN2 by avain change-pin 2, with the code as the present PIN.
}
short_code_for_unblocking = An activation code of 7 digits cannot unlock anything. A PUK is needed, or an activation code of 8 digits.
long_code_on_fresh = { $face ->
    [window] The activation code of this card has { $digits } digits. Check that the letter belongs to this card. With a PUK, unlock on the first page of this window. No try was used.
   *[terminal] The activation code of this card has { $digits } digits. Check that the letter belongs to this card. If you have ordered a PUK, use avain unblock. No try was used.
}
last_try_code = { $help ->
    [puk] Only one try of the PUK is left. If it is wrong now, it is locked for ever, and no PIN can be unlocked any more.
   *[letter] Only one try of the activation code or PUK is left. If it is wrong now, it is locked for ever and the card is lost for e-services.
}
last_try_transport = Only one try of the activation code is left for { $pin }. If it is wrong now, { $pin } is locked and a PUK has to be ordered.
last_try_pin = { $help ->
    [puk] Only one try of { $pin } is left. If it is wrong now, { $pin } is locked until the PUK unlocks it.
    [municipality] Only one try of { $pin } is left. If it is wrong now, { $pin } is locked until the municipality of the card's holder unlocks it.
    [issuer] Only one try of { $pin } is left. If it is wrong now, { $pin } is locked until whoever issued the card unlocks it.
   *[letter] Only one try of { $pin } is left. If it is wrong now, { $pin } is locked until the PUK or an activation code of 8 digits unlocks it.
}
last_try_how = { $help ->
    [puk] Look at the envelope once more. If you are sure, { $face ->
        [window] choose that the last try may be used.
       *[terminal] give the same command again with --use-last-try
    }
    [municipality] If you are sure, { $face ->
        [window] choose that the last try may be used.
       *[terminal] give the same command again with --use-last-try
    }
    [issuer] If you are sure, { $face ->
        [window] choose that the last try may be used.
       *[terminal] give the same command again with --use-last-try
    }
   *[letter] Look at the letter once more. If you are sure, { $face ->
        [window] choose that the last try may be used.
       *[terminal] give the same command again with --use-last-try
    }
}
nothing_changed = Nothing was changed on the card.
partly_done = { $face ->
    [window] { $done } is set, { $open } is not. You can go on from there.
   *[terminal] { $done } is set, { $open } is not. Give the same command again to go on.
}
equal_no_more = The two PINs of this card are different now. When it is clear what was in the way, make { $pin } the same, from the old PIN to the new one{ $face ->
    [window] .
   *[terminal] : avain change-pin { $number }
}
perhaps_set = { $face ->
    [window] It is not certain whether { $pin } was set. The first page of this window shows how the card stands.
   *[terminal] It is not certain whether { $pin } was set. Check: avain status
}

## The dialogue
plan_activate = You will be asked for the activation code and for two new PINs, each of them twice: PIN1 for logging in, PIN2 for signing.
plan_activate_one = You will be asked for the activation code and for a new { $pin }, twice.
plan_change = You will be asked for the present { $pin } and for a new { $pin }, twice.
plan_equal = Its signature key has a PIN of its own ({ $pin }), which becomes the same new PIN.
plan_unblock = { $help ->
    [puk] You will be asked for the PUK and for a new { $pin }, twice.
   *[letter] You will be asked for the PUK or the activation code of 8 digits, and for a new { $pin }, twice.
}
plan_refill = You will be asked for the PUK. It gives { $pin } its tries again, and { $pin } stays what it was.
take_your_time = { $face ->
    [window] Take your time: nothing is sent to the card before you have typed everything and pressed OK.
   *[terminal] Take your time: nothing is sent to the card before you have typed and confirmed everything. Ctrl-C leaves the card as it is.
}
ask_activation_code = Activation code (in the letter, bottom right)
ask_unblock_code = { $help ->
    [puk] PUK
   *[letter] PUK, or activation code of 8 digits
}
ask_old = Present { $pin }
ask_envelope_pin = { $pin } from the envelope
ask_new = New { $pin }, { $min } to { $max } digits
ask_new_pin1 = New basic PIN (PIN1), { $min } to { $max } digits, for logging in
ask_new_pin2 = New signature PIN (PIN2), { $min } to { $max } digits, for signing
ask_pin = { $pin }
ask_pin1 = Basic PIN (PIN1)
ask_pin2 = Signature PIN (PIN2)
ask_again = The same again
ask_again_named = New { $pin } once more
stake_code = { $help ->
    [puk] When no try is left, the PUK is locked for ever.
   *[letter] When no try is left, the code is locked for ever and the card is lost for e-services.
}
stake_transport = When no try is left, the PIN is locked, and a PUK has to be ordered to unlock it.
ask_unseen = { $question }. What you type is not shown
untried_card = { $family ->
    [lithuania] One other program is known to do this with a card of this kind, and this program does what that one does; nobody is known to have tried it with this one. If your card is different, its PIN may be locked or stay as it is, and then only a branch of the Migration Department can help.
   *[organisation] Nobody is known to have done this with a card of this kind. What this program will do follows the published specification. If your card is different, its PIN may be locked or stay as it is, and then only whoever issued the card can help.
}
untried_question = To go on nevertheless, type yes in full:
untried_yes = yes
untried_how = Nothing was sent. If you know this and want it, give the same command again with --untried-card
confirm = Write this to the card now? [y/N]
yes = y
cancelled = Stopped. The card is as it was.
no_terminal = There is no terminal to ask on. Scripts give PINs by --pin-file or --pin-fd.
too_few_lines = There are not enough PINs: one per line is needed, in the order in which they are asked for.
unreadable_pins = The PINs cannot be read from there.

## Entries that cannot be
not_digits = Only digits are possible. No try was used.
wrong_length = { $pin } has { $min } to { $max } digits. No try was used.
wrong_length_letter = { $pin } should have { $min } to { $max } digits. { $face ->
    [window] The card takes up to { $most }, but other programs may refuse them.
   *[terminal] Up to { $most } are possible with --long-pin, but other programs may refuse them.
}
wrong_code_length = The activation code has { $short } digits, or with older cards { $min } to { $max }. No try was used.
wrong_puk_length = It has { $min } to { $max } digits. No try was used.
entries_differ = The two entries are not the same.
same_as_pin1 = PIN2 must be another one than PIN1.
same_as_code = { $help ->
    [puk] It must be another one than the PUK.
   *[letter] It must be another one than the activation code or PUK.
}
same_as_old = It is the same as the old one.

## Entries that should not be
weak_repeated = Note: this { $pin } is easy to guess, it is one digit over and over.
weak_run = Note: this { $pin } is easy to guess, its digits follow one another.
weak_known = Note: this { $pin } is easy to guess, it is a part of the date of birth or personal code on the card.
long_for_others = Note: other programs may refuse a { $pin } that is so long.
short_for_organisation = Note: cards of organisations want at least { $min } digits for { $pin }; only social and health care cards take fewer.

## Success
writing = Writing to the card. Do not take it out.
finishing = Stopping when this step is done. Do not take the card out.
step_done = { $pin } is set.
activated = The card is activated. PIN1 is for logging in, PIN2 for signing.
keep_code = Keep the activation code, apart from the card: it unlocks PIN1 and PIN2.
code_used_up = The activation code is used up now and cannot unlock anything. If a PIN is locked later, a PUK is needed, which is ordered separately.
changed = { $pin } was changed.
unblocked = { $pin } is set and can be used.
refilled = { $pin } can be used again. It is still the one that it was.

## Certificates, signatures, the test
no_key = There is no certificate for { $pin } on this card.
no_signing_key = There is no certificate for signing on this card.
no_usable_key = This program can read the certificates of this card, but cannot use its keys: the card does not say enough of them.
written = Written: { $file }
file_exists = { $file } exists already; it was left alone.
file_unreadable = { $file } cannot be read.
file_unwritable = { $file } cannot be written.
signature_meaning = You are about to sign { $file }. Your signature with { $pin } equals one by hand.
signed = Signed: { $file }
signature_invalid = The card made a signature that does not fit its certificate. It was thrown away.
test_passed = It works: reader, card and { $pin }. The card made a valid signature in { $milliseconds } milliseconds.

## The diagnosis
bundle_title = Avain: how this computer and its cards stand
bundle_purpose = For those who help when something does not work. Read it before you give it to anybody.
bundle_harmless = It was sent to nobody. No PIN was asked for, no try was used, nothing was written to a card.
bundle_left_out = Left out: the card holder's name and codes, the numbers of card and document, the certificates themselves, your user name, the names of folders of users (~ is yours) and the name of the computer. A … stands for what was left out.
section = { $what ->
    [checks] What else stands in the way
    [system] System
    [service] Smart card service
    [programs] Programs that use cards
    [registration] Where Avain is registered
    [trace] What was done, step by step
   *[environment] Variables of the environment
}
judged = { $how ->
    [ok] ok
   *[attention] attention
}: { $what }
fact = { $what ->
    [avain] Avain
    [system] Operating system
    [kernel] Kernel
    [language] Language
    [library] Library
    [connections] Connections of other programs
    [atr] Answer to reset
    [card] Card
   *[detail] Detail
}: { $value }
service_answers = The smart card service answers.
service_silent = The smart card service is there, but does not answer. In a session over the network it may not be allowed to you (polkit); else start it anew: sudo systemctl restart pcscd
used_alone = Another program keeps the card for itself alone. Close that program and try again.
used_shared = Another program is connected to the card, too.
used_by_nobody = No other program is connected to the card.
used_for_long = The card could not be asked for { $seconds } seconds: another program keeps it busy. Close that program and try again.
well_known = How well known: { $how ->
    [recorded] seen in recordings of real test cards
    [several] by several independent sources
    [one] by one source
   *[guessed] guessed
}
certificate_key = Key: { $key }. Issuer: { $issuer } ({ $algorithm })
program_none = No other program of yours uses cards now.
program_scdaemon = GnuPG (scdaemon) is running and may keep the card for itself. To stop it: gpgconf --kill scdaemon
program_service = { $name }: has loaded the library of the smart card service
program_modules = { $name }: has loaded { $modules }
module_named = { $file } names { $module }, which is there.
module_gone = { $file } names { $module }, which is not there. Install Avain anew, or take this away.
module_other = { $file } names the module of { $name }. Beside Avain, programs show the card twice, and one wrong PIN can cost two tries: keep one of the two.
module_unknown = { $file } names { $module }.
module_nowhere = Neither p11-kit nor a browser knows Avain yet. To change that: avain register
web_eid = In { $name }, Web eID is answered by { $program } ({ $file })
web_eid_gone = In { $name }, Web eID would be answered by { $program }, which is not there ({ $file })
databases = { $place }: { $found ->
    [one] { $found } list of modules
   *[other] { $found } lists of modules
}, Avain in { $with }
database_twice = { $place }: a list reaches Avain in two ways, so that the card is shown twice. Take one away.
database_gone = { $place }: a list names a module of Avain that is not there. Install Avain anew, or take it out of the list.
sandboxed = { $name } is installed as a { $sandbox } and cannot load Avain from outside. avain register does what can be done, and tells the rest; or use its package of the system.
no_home = HOME is not set. What is registered for you alone was not looked for.
variable = { $name } = { $value }
no_variables = None that concerns cards.
record = { $line }

## Registration
reg_module = Module: { $file }
reg_no_module = { $face ->
    [window] The module of Avain was not found. Install the package that contains it.
   *[terminal] The module of Avain was not found: { $file }. Install it, or name it: avain register --module FILE
}
reg_unknown = No program here is called { $name }. Known are: { $known }
reg_not_root = Only root can change what is registered for everybody: sudo avain register --system
reg_nothing = No program was found that uses cards.
reg_dry = Nothing was changed (--dry-run).
reg_heading = { $what ->
    [program] Program
    [packaging] installed as
    [place] Where
    [state] Avain is
   *[action] What happens
}
reg_packaging = { $how ->
    [package] package
    [archive] archive
    [snap] snap
    [flatpak] flatpak
   *[unknown] not found
}
reg_state = { $what ->
    [absent] not there
    [registered] there
    [moved] at an old place
    [twice] there twice
    [for-all] there for everybody
    [no-profile] not possible yet
    [borrows] as in Firefox or Thunderbird
    [others] another program is
   *[unclear] not known
}
reg_action = { $what ->
    [add] add
    [mend] correct
    [remove] take out
    [prepare] prepare
    [leave] none: you took it out
   *[nothing] none
}
reg_refusal = { $face ->
    [window] It stays as it is
   *[terminal] left alone
}: { $why ->
    [unreadable] cannot be read
    [unwritable] cannot be written, or has changed meanwhile
    [link] is a link
    [owner] belongs to somebody else
    [no-file] is no file
    [text] is not UTF-8
    [line] line { $line } is not understood
    [json] is not JSON
    [policies] has an unknown structure
    [foreign] was not written by Avain
   *[path] the path of the module is no text
}
reg_failed = { $name }, { $file }: { $why }
reg_done = Done: { $number }.
reg_prepared = Prepared, but you have to do the rest: { $number }.
reg_not_done = Failed: { $number }.
reg_nothing_to_do = Nothing had to be done.
reg_restart = Close these programs and start them again: { $names }
reg_forgotten = { $face ->
    [window] What was done could not be noted down; undoing it may leave empty folders behind.
   *[terminal] What was done could not be noted down; avain unregister may leave empty folders behind.
}
reg_no_profile = { $face ->
    [window] { $name } has no profile yet. Start it once, then come back to this page.
   *[terminal] { $name } has no profile yet. Start it once, then again: avain register
}
reg_snap = { $face ->
    [window] { $name } is a snap. It has a copy of the module now; allow it to use the card service (pcscd) in the settings of your applications. It could not be tried whether that is enough; if it is not, install { $name } as a package.
   *[terminal] { $name } is a snap. It has a copy of the module now; allow it to use the card service: sudo snap connect { $snap }:pcscd  It could not be tried whether that is enough; if it is not, install { $name } as a package.
}
reg_flatpak = { $face ->
    [window] { $name } is a flatpak. It will reach the card through p11-kit, which has to be installed, from your next session on.
   *[terminal] { $name } is a flatpak. It will reach the card through p11-kit, which has to be installed, from your next session on, or now: systemctl --user daemon-reload && systemctl --user start { $unit }.socket
}
reg_web_others = { $face ->
    [window] Another program answers Web eID in { $name }, and stays.
   *[terminal] Another program answers Web eID in { $name }, and stays. If Avain is to answer instead of it: avain register web-eid  Its entry is kept, and comes back by: avain unregister web-eid
}
reg_web_snap = { $face ->
    [window] { $name } is a snap. When Web eID is used first, the desktop asks whether its extension may start Avain: allow that.
   *[terminal] { $name } is a snap. Its desktop portal asks once whether Web eID's extension may start Avain; this allows it, too: flatpak permission-set webextensions eu.webeid snap.{ $snap } yes
}
reg_web_flatpak = { $name } is a flatpak, from which no extension can start a program. Web eID needs { $name } as a package.
reg_java = Java finds the card with: -providerClass sun.security.pkcs11.SunPKCS11 -providerArg { $file }
reg_openssl = OpenSSL finds the card with pkcs11-provider installed and OPENSSL_CONF={ $file }
reg_ssh = OpenSSH uses the card where ~/.ssh/config says: Include { $file }
reg_ssh_agent = The agent of OpenSSH has to be told of the module: ssh-agent -P { $file }
reg_libreoffice = LibreOffice uses the modules of a Firefox or Thunderbird profile: Tools, Options, LibreOffice, Security, Certificate Path.
reg_policy_left = { $face ->
    [window] { $name } takes Avain out of each user's profile when it is started next.
   *[terminal] { $name } takes Avain out of each user's profile when it is started next. When all have done that: sudo avain unregister --system --purge
}
reg_policy_unknown = { $face ->
    [window] { $name } takes this policy from version 153 on, and no such version was found. Until then, each user has to do the same on this page.
   *[terminal] { $name } takes this policy from version 153 on, and no such version was found. Until then, each user needs: avain register { $program }
}

## What the doctor finds, and what it says
check_well = Nothing else stands in the way.
check_not_installed = The smart card service (pcscd) is not installed.
check_not_running = The smart card service (pcscd) is installed, but does not run.
check_mismatch = The smart card library in this sandbox and the service outside do not understand each other. The sandbox has to be updated, or the service.
check_remote = You do not sit at this computer (a session over the network, or not the active one), and polkit lets nobody else use the smart card service. Use the card where you sit.
check_faulty = The card reader { $name } has faults of its own that no software mends. Use another one.
check_no_driver = A card reader is plugged in, but the driver for card readers is not installed.
check_holder = { $name } is running and may keep the card for itself. Close it.
check_no_module = The module of Avain is not where it is usually installed. Install Avain.
check_load = { $file } cannot be loaded. The loader says: { $why }
check_hangs = { $file } was loaded, but did not answer for { $seconds } seconds.
check_agent = The agent of OpenSSH does not take { $file } by itself, because it is in no folder of libraries. Start it with ssh-agent -P, or install Avain below /usr.
check_register = { $name } does not use the card: Avain is { $state ->
    [moved] at an old place
    [twice] there twice
   *[absent] not there
} ({ $id }).
check_sandbox = { $name } ({ $id }) runs in a sandbox ({ $packaging }), which is not prepared for the card.
check_refused = { $name } ({ $id }) cannot be told of the card: { $file } is not as it should be.
check_java = The file of settings for Java names an old module.
check_denied = { $file } says that AppArmor or SELinux has refused something: { $line } Who administers the computer can allow it.
check_clock = The clock of this computer is wrong: it is earlier than its own files.
check_expiring = A certificate of this card expires on { $to }. Apply for a new card in time.
doctor_cure = What helps: { $command }
cure_admits = Afterwards everything that runs as you, also from other computers, can use the card in the reader; its PINs stay necessary. To undo it: sudo rm { $file }
cure_omits = Programs that use p11-kit then leave that module out for every card. To undo it: rm { $file }
doctor_well = All is well.
doctor_ask = Run this? { $command } (y/n)
doctor_failed = That did not work.
doctor_left = Something is left for you to do.

## Settings
config_file = File: { $file }
config_setting = { $name } = { $value } ({ $source ->
    [user] yours
    [computer] of this computer
   *[default] not set
})
config_about = { $what ->
    [ignore-readers] readers that are left out, each by a part of its name; none
    [keypad] PINs are entered on the keypad of a reader that has one; true
    [cache] certificates are kept for the time of a session; true
    [can-file] where card access numbers (CAN) are stored
    [language] the language of the window and of notifications, if not that of the session
    [new-card] what happens when a card is put in that is not activated: window, notification or nothing; window
    [log] a log for those who help: info or debug; none
    [log-file] the file for it, which is there already
   *[tokens] the tokens that a program sees, by the name of its file: PIN1, PIN2, or none
}
config_ignored = { $file } is ignored: { $why ->
    [line] line { $line } is not understood.
    [unknown] line { $line }: there is no setting { $name }.
    [value] line { $line }: { $name } cannot have this value.
    [text] it is not UTF-8.
    [no-file] it is no file.
    [owner] it belongs to somebody else.
    [open] others may write to it.
    [long] it is too long.
   *[unreadable] it cannot be read.
}
config_unknown = There is no setting { $name }. Known are: { $known }
config_value = { $name } takes { $kind ->
    [switch] true or false
    [path] an absolute path
    [one-of] one of { $words }
    [tokens] PIN1, PIN2, both, or none
   *[texts] one text or several
}.

## The help of the command line: one line for each command and option
manual_heading = { $what }
help_avain = Looks after a national identity card: activates it, changes and unlocks its PINs, signs.
help_status = Show readers and cards, their PINs, and what to do next
help_activate = Activate a new card with the code from the letter, or go on with that
help_change_pin = Change a PIN that you know, or the PUK of a card that allows it
help_unblock = Unlock a PIN, or replace a forgotten one, with the PUK or the code
help_certs = Show the certificates of the card
help_sign = Sign a file: a detached CMS signature with your certificate in it
help_test = Find out by a signature that means nothing whether all works
help_can = Store the number printed on a card, which opens it on a contactless reader
help_diagnose = Gather for those who help why something may not work
help_answer = Answer another program that reads a line of JSON (used by avain-web)
help_generate = Write manual pages and completions into a folder
help_can_action = add stores a number, list shows whose are stored, forget removes one
help_which = Which one to forget, by its place in the list, or all
help_reader = The reader, by its name or a part of it
help_lang = fi, sv, en or et; by default the language of the system
help_verbose = Tell step and status word as well, for those who help
help_help = Show this
help_version = Show the version
help_json = As JSON
help_personal = Also whose card it is: name, numbers, what it tells without a PIN
help_pin = 1 logs in, 2 signs; 1 also is the one PIN of a card with one
help_pin_file = Read the PINs from this file, one per line
help_pin_fd = Read the PINs from this descriptor, one per line
help_keyboard = Type PINs here, even if the reader has a keypad
help_use_last_try = Use even the last try; if that is wrong, the PIN or card is locked
help_long_pin = Allow new PINs of more digits; other programs may refuse them
help_untried_card = Go on with a kind of card that nobody is known to have tried
help_pem = As PEM
help_der = As files in DER in this folder
help_file = What is to be signed
help_output = Where the signature goes; by default FILE.p7s
help_report = Into this new file, which only you can read
help_register = Tell browsers, mail and other programs of the card, and show what happens
help_unregister = Have them forget it again; their files are then as they were before
help_programs = Only these programs, as firefox or chromium; by default all
help_system = For everybody on this computer; needs root
help_new = Only programs that were not told before; what was taken out stays out
help_dry_run = Only show what would happen
help_module = The file of the module, if it is not where it is usually installed
help_root = The computer whose files are below this folder
help_purge = Leave nothing behind, not even the word to browsers to take Avain out
help_config = Show the settings, or change one
help_setting = Which setting; avain config shows them all
help_values = Its new value, or several
help_unset = Take it out of the file
help_doctor = Find out what keeps the card from being used, and what helps
help_probe = Load a module as a browser does, and say what the loader says
help_fix = Run what helps, after asking each time
help_heading = { $what ->
    [usage] Usage
    [commands] Commands
    [command] COMMAND
    [arguments] Arguments
   *[options] Options
}
help_value = { $what ->
    [SETTING] SETTING
    [VALUE] VALUE
    [PROGRAM] PROGRAM
    [LANGUAGE] LANGUAGE
    [FILE] FILE
    [NUMBER] NUMBER
    [FOLDER] FOLDER
   *[NAME] NAME
}
help_more =
    PINs are typed without being shown. They are never taken from the command line or from the environment, where other programs could see them. Scripts give them in a file or on a descriptor, one per line in the order in which they would be asked for, each once.

    Environment:
       AVAIN_LOG       info or debug: tells on the standard error output what is done, but no PIN and nothing that the card holds
       AVAIN_LOG_FILE  a file for that, which is there already, and which nobody else may write to

    Exit codes:
       0   done, or nothing to do
       1   it did not work
       2   the command line is wrong
       3   no reader, no card, or not clear which one
       4   the card refused a PIN or code: a try was spent
       5   a PIN or code is locked
       6   only one of two steps was done: the same command does the rest
       7   only one try is left, and --use-last-try was not given
       8   what was typed or asked for does not fit this card: nothing was sent
       9   the card is not known, or cannot do this
       10  stopped by the user
usage_unknown = There is no option or place for { $what }.
usage_command = There is no command { $what }.
usage_value = { $value } is not possible for { $option }.
usage_value_missing = A value is missing: { $option }
usage_missing = Missing: { $what }
usage_conflict = { $first } and { $second } exclude each other.
usage_wrong = The command line is wrong.
usage_help = Help: { $command }

## The window
window_reading = Reading the card
window_absent = Put the card into the reader
window_choose = Which card?
window_can = The number of the card
window_failed = That did not work
window_done = Done
window_wait = One moment
window_language = Language
window_offer = This identity card is not activated yet
window_offer_why = You can log in and sign with the card only after you have created two PINs for it. It works as an identity and travel document without activation. You need the letter with the activation code.
window_activate = Activate the card
window_activated = The card is activated
window_letter = The activation code is at the bottom right of the letter.
window_letter_picture = Picture of the letter: the code is at the bottom right
window_keypad = This reader has a keypad. What you type there, this computer never sees.
window_change = Change { $pin }
window_unblock = { $pin }: unlock it, or replace a forgotten one
window_test = Test card and reader
window_sign = Sign a file
window_file = File: { $file }
window_size = Size: { $size ->
    [one] { $size } byte
   *[other] { $size } bytes
}
window_digest = Digest ({ $hash }): { $digest }
window_certificates = Certificates of the card
window_report = Report for those who help
window_consent = This was never tried with a card of this kind
window_agree = I understand this and want to go on
window_wise = If you want these PINs nevertheless, press OK once more.
window_keep_apart = Keep the PINs apart from the card, and show them to nobody.
window_drop = You can also sign a file by dropping it onto this window.
window_settings = Settings
window_new_card = When a card is put in that is not activated yet
window_prefers = { $what ->
    [window] this window opens
    [notification] a notification is shown
   *[nothing] nothing happens
}
window_numbers = Stored card access numbers (CAN)
window_programs = Browsers and the card
window_programs_offer = Your browsers do not know the card yet, so you cannot log in with it there.
window_programs_why = These programs are told how to reach the card. Nothing else in them is changed, and it can be undone here.
window_programs_known = Your browsers know the card.
window_standing = { $state ->
    [absent] It does not know Avain yet.
    [registered] It knows Avain.
    [moved] It looks for Avain where that no longer is.
    [twice] It knows Avain twice, so that it shows the card twice.
    [for-all] It knows Avain, as it does for everybody on this computer.
    [no-profile] It has no profile yet: start it once, then come back to this page.
    [borrows] It uses the modules of Firefox or Thunderbird.
    [others] Another program answers there, and stays.
   *[unclear] How it stands cannot be told.
}
window_happens = { $action ->
    [add] It will be told.
    [mend] That will be corrected.
   *[prepare] What can be done will be prepared; then you are told what is left for you.
}
window_became = { $action ->
    [add] { $name } knows Avain now.
    [mend] { $name } knows Avain now.
    [remove] { $name } does not know Avain any more.
   *[prepare] { $name } is prepared. The rest you have to do:
}
window_change_any = Change a PIN
window_unblock_any = Unlock a PIN, or replace a forgotten one
button_activate = Activate now
button_later = Not now
button_never = Don't ask about this card again
button_ok = OK
button_again = Try again
button_back = Back
button_close = Close
button_go_on = Go on
button_test = Test now
button_change = Change { $pin }
button_unblock = Unlock { $pin }, or replace a forgotten one
button_sign = Sign a file…
button_certificates = Certificates
button_report = Report for those who help
button_save = Save { $what }…
button_copy = Copy
button_last_try = Use the last try
button_keypad = Type on the reader
button_keyboard = Type here instead
button_programs = Make my browsers know the card
button_no = No, thanks
button_undo = Undo
button_forget = Forget these numbers
asked_login = { $origin } asks you to log in
asked_signature = { $origin } asks for your signature
asked_meaning = { $pin } makes a signature that equals one by hand. Check that the service shows the same digest.
asked_other_card = The service expects another card than this one.
asked_certificate = { $origin } asks who you are, so that you can sign
asked_certificate_meaning = It would get the certificate of your signature key. Your name and your personal code are in it. It is no signature yet.
asked_share = Give it the certificate? [y/N]
asked_hash = The card cannot sign digests made with { $hash }.
asked_no_certificate = The card has no certificate of the kind that the service takes.
help_web = Let web pages that know the Finnish signature service (SCS) ask for signatures
help_face = Which service: scs
help_switch = on, off, or status
scs_on = Web pages can ask for signatures at https://localhost:53952 (SCS). Its certificates end on { $end }.
scs_off = Web pages cannot ask for signatures at https://localhost:53952 (SCS is switched off).
scs_ends = The certificates of the service for web pages (SCS) end on { $end }. New ones: avain web scs on
scs_trusted = { $name } trusts the service ({ $place })
scs_untrusted = { $name } does not trust the service ({ $place }): pages find nothing. To change that: avain web scs on
scs_taken_out = { $name } no longer trusts the service ({ $place })
scs_failed = { $name } could not be told of the service ({ $place }): { $why }
scs_refused = { $name }, { $place }: { reg_refusal }
scs_left = { $name } may trust the service still ({ $place }): { $why }  Without its key, which is gone, that is good for nothing. To take it out: avain web scs off
scs_no_tool = certutil is missing, by which browsers are told of the service. Install it, then again: { $command }  Or import { $file } in the settings of your browser, as an authority for websites.
scs_no_browser = No browser with a profile was found. Start it once, then again: avain web scs on  Or import { $file } in its settings, as an authority for websites.
scs_not_made = The certificates of the service could not be made by { $file }.
scs_by_hand = No systemd of yours listens for pages. Have your session start this instead: { $file } scs run
scs_silent = Nobody listens at port 53952. To change that: avain web scs on
scs_taken = Port 53952 is taken by { $name }: pages reach that program, and not Avain. End it, then: avain web scs on
scs_taken_unknown = Port 53952 is taken by a program of another user: pages reach that one, and not Avain.
scs_question = When a page asks for the first time, the browser asks whether it may "access other apps and services on this device". Allow it, and load the page again: many pages wait for two seconds only. Restart a browser that is running now.
scs_policies = Administrators allow it beforehand by policies: LoopbackNetworkAllowedForUrls for Chromium, Chrome and Edge; LocalNetworkAccess with SkipDomains for Firefox.
button_share = Give the certificate
