# Svenska. PIN1 är baskoden (identifiering), PIN2 signaturkoden (underskrift).

## Readers and cards
reader = Läsare: { $name }
reader_empty = Inget kort.
reader_mute = Det finns ett kort, men det svarar inte. Vänd kortet, torka chipet med en torr trasa och försök igen.
reader_foreign = Det finns ett kort av ett slag som programmet inte känner till. Programmet frågade bara vilket kort det är: ingen kod skickades och inget skrevs.
card = Kort: { $family ->
    [finland] Identitetskort
    [organisation] Organisationens certifikatkort
    [estonia-envelope] Estniskt identitetskort
    [estonia] Estniskt identitetskort
    [latvia] Lettiskt identitetskort
    [lithuania] Litauiskt identitetskort
    [belgium] Belgiskt identitetskort
   *[unknown] Annat kort
} ({ $model })
card_number = Kortets nummer: { $number }
document = { $kind ->
    [e-residency] Detta är ett e-Residency-kort: för e-tjänster, inte för resor eller som legitimation.
   *[digi-id] Detta är ett digitalt identitetskort (digi-ID): för e-tjänster, inte för resor eller som legitimation.
}
holder = Innehavare: { $name }
personal = { $what ->
    [surname] Efternamn
    [given_names] Förnamn
    [sex] Kön
    [citizenship] Medborgarskap
    [birth] Född
    [birth_place] Födelseort
    [personal_code] Personbeteckning
    [document_number] Dokumentnummer
    [valid_from] Gäller från
    [valid_to] Gäller till
    [issue] Utfärdat
    [street] Gatuadress
    [postal_code] Postnummer
    [municipality] Kommun
   *[other] Annat
}: { $value }
certificate = { $purpose ->
    [login] Certifikat för identifiering
    [signing] Certifikat för underskrift
   *[authority] Certifikatutfärdarens certifikat
}: { $from } – { $to }{ $validity ->
    [expired] , har gått ut
    [not-yet-valid] , gäller inte ännu
   *[valid] { "" }
}
described_by_itself = Programmet känner inte till den här sortens kort utan går efter vad kortet berättar om sig självt. Det ändrar aldrig något på kortet.
certificate_expired = Certifikatet gick ut { $to }. Ansök om ett nytt kort.
certificate_not_yet = Certifikatet gäller först från { $from }, och enligt datorns klocka är det nu { $today }. Går klockan rätt?
certificate_none = Det finns inget certifikat på kortet.

## How the card stands
pin_ready = { $pin }: i bruk, { $left ->
    [one] { $left } försök kvar
   *[other] { $left } försök kvar
}
pin_fresh = { $pin }: inte aktiverad, { $left ->
    [one] { $left } försök kvar
   *[other] { $left } försök kvar
}
pin_unchanged = { $pin }: måste bytas innan den kan användas, { $left ->
    [one] { $left } försök kvar
   *[other] { $left } försök kvar
}
pin_locked = { $pin }: låst
pin_locked_by_codes = { $pin }: låst av fel aktiveringskoder, en PUK-kod behövs
pin_unset = { $pin }: inte aktiverad, eller låst
pin_unknown = { $pin }: kortet berättar inte hur många försök som är kvar
code_left = { $help ->
    [puk] PUK
   *[letter] PUK eller aktiveringskod med 8 siffror
}: { $left ->
    [one] { $left } försök kvar
   *[other] { $left } försök kvar
}
code_locked = { $help ->
    [puk] PUK: låst för alltid
   *[letter] PUK eller aktiveringskod med 8 siffror: låst för alltid
}

## What to do next
next_nothing = Kortet är klart att användas.
next_activate = { $face ->
    [window] Kortet är inte aktiverat.
   *[terminal] Kortet är inte aktiverat. Aktivera det med: avain activate
}
next_set_both = { $face ->
    [window] Båda koderna är låsta. Du kan välja nya.
   *[terminal] Båda koderna är låsta. Välj nya med: avain activate
}
next_go_on = { $face ->
    [window] Kortet är bara delvis aktiverat. Fortsätt aktiveringen.
   *[terminal] Kortet är bara delvis aktiverat. Fortsätt med: avain activate
}
next_unblock = { $face ->
    [window] { $pin } är låst. Du kan låsa upp den.
   *[terminal] Lås upp { $pin } med: avain unblock { $number }
}
next_first_change = { $face ->
    [window] Före den första underskriften måste { $pin } bytas.
   *[terminal] Före den första underskriften måste { $pin } bytas. Byt den med: avain activate
}
next_lost = { $family ->
    [finland] Detta kan inte längre låsas upp. Kortet gäller fortfarande som legitimation, men för e-tjänster behövs ett nytt kort.
    [organisation] Detta kan inte längre låsas upp. Den organisation som beställde kortet får ett nytt från registreringsstället.
    [estonia-envelope] Inget nytt kort behövs: den estniska polis- och gränsbevakningsmyndigheten ger innehavaren ett nytt kodkuvert.
    [latvia] Inget nytt kort behövs: den lettiska medborgarskaps- och migrationsmyndigheten (PMLP) ger innehavaren nya koder.
    [lithuania] Inget nytt kort behövs: ett kontor hos den litauiska migrationsmyndigheten ger innehavaren en ny kod utan avgift.
    [belgium] Bara kortinnehavarens hemkommun kan låsa upp den.
    [unknown] Bara den som utfärdade kortet kan låsa upp den.
   *[estonia] Detta kan inte längre låsas upp: för e-tjänster behövs ett nytt kort.
}
next_expired = Kortets certifikat gick ut { $to }: för e-tjänster behövs ett nytt kort. Ansök om det.
certificates_only = Programmet kan visa kortets certifikat, men inget mer.
where_puk = PUK-koden kom med kortet liksom de andra koderna: i ett kuvert eller brev.
where_puk_estonia = PUK-koden finns i kuvertet som kom med kortet och i den estniska polis- och gränsbevakningsmyndighetens självbetjäning.

## No card to work with
no_service = { $face ->
    [window] Smartkortstjänsten (pcscd) är inte igång. Starta om datorn. Om det inte hjälper, be datorns administratör installera paketet pcscd.
   *[terminal] Smartkortstjänsten är inte igång. Starta den: sudo systemctl start pcscd.socket
}
no_reader = Ingen kortläsare hittades. Anslut läsaren och försök igen.
no_such_reader = { $face ->
    [window] Ingen kortläsare heter { $name }.
   *[terminal] Ingen kortläsare heter { $name }. Kommandot avain status visar alla läsare.
}
no_card = Sätt in kortet i läsaren med chipet först och uppåt, och försök igen.
card_mute = Kortet svarar inte. Vänd kortet, torka chipet med en torr trasa och försök igen.
card_contactless = Kortet ligger på en kontaktlös läsare (NFC), och ett sådant kort kan bara användas med chippets kontakter: sätt in det i en läsare med kontakter.
card_foreign = Programmet känner inte till den här sortens kort. Programmet frågade bara vilket kort det är: ingen kod skickades och inget skrevs.
several_cards = { $face ->
    [window] Det finns flera kort. Välj det som avses.
   *[terminal] Det finns flera kort. Ge samma kommando igen med det som avses:
}
choice = { $face ->
    [window] { $reader }
   *[terminal] --reader { $reader }
}

## Without contacts
can_needed = { $face ->
    [window] Kortet öppnas bara med sin åtkomstkod (CAN): 6 siffror på kortets yta.
   *[terminal] Kortet öppnas bara med sin åtkomstkod (CAN): 6 siffror på kortets yta. Spara den med: avain can add
}
can_ask = Kortets åtkomstkod (CAN), 6 siffror på kortets yta; den är ingen PIN-kod
can_impossible = En åtkomstkod (CAN) har 6 siffror. Den är tryckt på kortet.
can_wrong = Fel åtkomstkod (CAN): den är numret som är tryckt på kortet, 6 siffror. { $seconds ->
    [0] Kortet svarar långsammare efter varje felaktig.
    [one] Kortet svarade efter { $seconds } sekund och svarar långsammare efter varje felaktig.
   *[other] Kortet svarade efter { $seconds } sekunder och svarar långsammare efter varje felaktig.
} Inget kodförsök förbrukades.
can_refused_before = Kortet har redan avvisat den här åtkomstkoden (CAN). Den skickades inte igen.
can_works = Åtkomstkoden (CAN) öppnar det här kortet, och den är sparad.
can_added = Åtkomstkoden (CAN) är sparad. Den prövades inte, eftersom här inte finns något kort som öppnas med en åtkomstkod.
can_known = Den här åtkomstkoden (CAN) är redan sparad.
can_not_stored = Åtkomstkoden (CAN) öppnar det här kortet, men den kunde inte sparas.
can_none = Ingen åtkomstkod (CAN) är sparad.
can_entry = { $place }: { $model }, kort { $number }{ $holder ->
    [none] { "" }
   *[other] , { $holder }
}
can_entry_unused = { $place }: har inte öppnat något kort än
can_forgotten = Borttagen. Åtkomstkoden (CAN) står kvar på kortet.
can_which = Listan har ingen rad { $place }. Se den med: avain can list
can_no_place = Åtkomstkoder (CAN) kan inte sparas: varken HOME eller XDG_CONFIG_HOME är satt.
can_unusable = { $file } kan inte användas: det måste vara en egen fil som ingen annan får läsa, i en egen mapp. Inget ändrades.
can_broken = { $face ->
    [window] { $file } är inte som programmet skriver den, och används inte. Ta bort den för att spara koder igen.
   *[terminal] { $file } är inte som programmet skriver den, och används inte. Ta bort den med alla koder: avain can forget all
}
can_how = Ett skript sparar först åtkomstkoden (CAN): avain can add
hold_still = Håll kortet stilla på läsaren tills det står att det är klart.
lay_on = Lägg kortet på läsaren.
card_lifted = Kortet lyftes från läsaren för tidigt. Håll kortet stilla tills det står att det är klart.
contacts_only = Detta kan inte göras kontaktlöst med ett sådant kort: sätt in det i en läsare med kontakter. Inget skickades.
contacts_for = Ingen är känd för att ha använt { $pin } på ett sådant kort kontaktlöst. Sätt in kortet i en läsare med kontakter.

## What a card, or the way to it, can do wrong
card_removed = Kortet togs ut. Sätt tillbaka det och försök igen.
card_swapped = Kortet byttes mot ett annat. Börja om.
card_busy = Ett annat program använder kortet. Stäng det eller vänta en stund och försök igen.
not_allowed = Kortläsaren får inte användas i den här sessionen: systemet (polkit) tillåter det inte. Sitt vid själva datorn i stället för en session över nätet, eller be administratören lägga till en regel.
waiting = Ett annat program använder kortet. Väntar tills det släpper kortet.
waiting_for = Ett annat program använder kortet. Väntar tills det släpper kortet. Dina program som kan använda kort: { $programs }
card_disturbed = Förbindelsen till kortet stördes. Sätt in kortet på nytt och försök igen.
card_refused = Kortet godkände inte detta.
card_incomplete = Kortet saknar det som kort av dess slag har: det är ofärdigt eller trasigt. Ingen kod skickades och inget skrevs. Den som har utfärdat kortet kan hjälpa.
card_nonsense = Kortet svarade något som inte går att tolka. Sätt in det på nytt och försök igen.
card_unclear = Kortet gav inget klart svar.
cannot = Det här kortet kan inte det.
no_memory = Det fanns inget skyddat minne för koden. Inget skickades till kortet.
keypad_pin = Väntar på läsaren: skriv { $pin } på dess knappsats och bekräfta där. Avbrytknappen stoppar.
keypad_change = Väntar på läsaren: skriv nuvarande { $pin } på dess knappsats, sedan den nya { $pin } två gånger, och bekräfta varje gång.
keypad_activate = Väntar på läsaren: skriv aktiveringskoden med 7 siffror på dess knappsats, sedan den nya { $pin } två gånger, och bekräfta varje gång.
keypad_set = { $help ->
    [puk] Väntar på läsaren: skriv PUK-koden på dess knappsats, sedan den nya { $pin } två gånger, och bekräfta varje gång.
   *[letter] Väntar på läsaren: skriv PUK-koden eller aktiveringskoden med 8 siffror på dess knappsats, sedan den nya { $pin } två gånger, och bekräfta varje gång.
}
keypad_keyboard = Nya PIN-koder skrivs här och inte på läsarens knappsats, som inte kan ställa in dem på det här kortet.
keypad_cancelled = Avbrutet på kortläsarens knappsats.
keypad_too_late = Kortläsarens knappsats väntade för länge.
keypad_differs = Den nya PIN-koden angavs inte två gånger på samma sätt.
keypad_not_taken = Kortläsarens knappsats godtog inte detta: kanske var det för kort eller för långt.
nothing_spent = Inget försök förbrukades.
perhaps_spent = { $face ->
    [window] Ett försök kan ha förbrukats. Fönstrets första sida visar hur många som är kvar.
   *[terminal] Ett försök kan ha förbrukats. Kontrollera kortets läge med: avain status
}
maybe_spent = Ett försök kan ha förbrukats.
try_spent = { $left ->
    [0] Ett försök förbrukades, och inget är kvar.
   *[other] Ett försök förbrukades: { $left } kvar.
}

## PINs and codes that were refused
pin_wrong = Fel { $pin }. { $left ->
    [one] { $left } försök kvar.
   *[other] { $left } försök kvar.
}
pin_wrong_untold = Fel { $pin }. Kortet berättar inte hur många försök som är kvar.
pin_now_locked = { $help ->
    [puk] Fel { $pin }. Den är nu låst. PUK-koden låser upp den.
    [municipality] Fel { $pin }. Den är nu låst. Bara kortinnehavarens hemkommun kan låsa upp den.
    [issuer] Fel { $pin }. Den är nu låst. Bara den som utfärdade kortet kan låsa upp den.
   *[letter] Fel { $pin }. Den är nu låst. PUK-koden låser upp den, eller en aktiveringskod med 8 siffror.
}
code_wrong = Fel kod. { $left ->
    [one] { $left } försök kvar.
   *[other] { $left } försök kvar.
}
code_wrong_untold = Fel kod. Kortet berättar inte hur många försök som är kvar.
code_now_locked = { $help ->
    [puk] Fel kod. Det var det sista försöket: PUK-koden är nu låst för alltid.
   *[letter] Fel kod. Det var det sista försöket: PUK-koden eller aktiveringskoden är nu låst för alltid.
}
code_lost = { $family ->
    [finland] Kortet gäller fortfarande som legitimation. En låst kod kan inte längre låsas upp, och då behövs ett nytt kort för e-tjänster.
    [organisation] En låst kod kan inte längre låsas upp; då får den organisation som beställde kortet ett nytt från registreringsstället.
    [estonia-envelope] Inget nytt kort behövs: den estniska polis- och gränsbevakningsmyndigheten ger innehavaren ett nytt kodkuvert.
    [latvia] Inget nytt kort behövs: den lettiska medborgarskaps- och migrationsmyndigheten (PMLP) ger innehavaren nya koder.
    [lithuania] Inget nytt kort behövs: ett kontor hos den litauiska migrationsmyndigheten ger innehavaren en ny kod utan avgift.
    [belgium] Bara kortinnehavarens hemkommun kan låsa upp den.
    [unknown] Bara den som utfärdade kortet kan låsa upp den.
   *[estonia] En låst kod kan inte längre låsas upp, och då behövs ett nytt kort för e-tjänster.
}
pin_is_locked = { $help ->
    [puk] { $pin } är låst. Lås upp den med PUK-koden{ $face ->
        [window] .
       *[terminal] : avain unblock { $number }
    }
    [municipality] { $pin } är låst. Bara kortinnehavarens hemkommun kan låsa upp den.
    [issuer] { $pin } är låst. Bara den som utfärdade kortet kan låsa upp den.
   *[letter] { $pin } är låst. Lås upp den med PUK-koden eller en aktiveringskod med 8 siffror{ $face ->
        [window] .
       *[terminal] : avain unblock { $number }
    }
}
code_is_locked = { $help ->
    [puk] PUK-koden är låst för alltid.
   *[letter] PUK-koden eller aktiveringskoden är låst för alltid.
}
code_is_used_up = Kortet låter inte längre koden användas, fast försök är kvar.
transport_is_locked = { $pin } är låst på grund av fel aktiveringskod. Nu behövs en PUK-kod; den beställs hos polisens tillståndsservice eller, utomlands, hos en finländsk beskickning.
refused_before = Kortet avvisade koden nyss. Den skickades inte igen, och inget försök förbrukades.
new_refused = Kortet godkänner inte detta som ny { $pin }.
new_unchanged = Den nya { $pin } är samma som den gamla. Inget ändrades.
unblock_refused = Kortet godkänner inte detta: kanske är { $pin } inte låst, eller så är den nya koden samma som förut.

## What cannot be done as the card stands
already_activated = { $face ->
    [window] Kortet är redan aktiverat.
   *[terminal] Kortet är redan aktiverat. En kod byts med: avain change-pin 1 eller avain change-pin 2
}
nothing_to_activate = Inget behöver aktiveras på det här kortet: koderna fungerar så som de lämnades ut eller valdes.
how_to_change = { $face ->
    [window] Koderna kan bytas på fönstrets första sida.
   *[terminal] En kod byts med: avain change-pin 1 eller avain change-pin 2
}
how_to_change_one = { $face ->
    [window] Koden ({ $number }) kan bytas på fönstrets första sida.
   *[terminal] Koden byts med: avain change-pin { $number }
}
not_activated = { $face ->
    [window] { $pin } är inte aktiverad ännu. Aktivera kortet först.
   *[terminal] { $pin } är inte aktiverad ännu. Aktivera kortet med: avain activate
}
change_first = { $face ->
    [window] { $pin } ({ $number }) är ännu den från kuvertet. Kortet skriver inte under förrän den är bytt.
   *[terminal] { $pin } är ännu den från kuvertet. Kortet skriver inte under förrän den är bytt: avain change-pin { $number }
}
no_pin = Det här kortet har ingen { $pin }.
no_puk = { $help ->
    [municipality] Det här kortet har ingen PUK-kod. Bara kortinnehavarens hemkommun kan låsa upp koden.
   *[issuer] Det här kortet har ingen PUK-kod. Bara den som utfärdade kortet kan låsa upp dess koder.
}
puk_is_fixed = Det här kortets PUK-kod kan inte bytas.
never_written = Programmet känner kortet bara genom vad det berättar om sig självt och ändrar därför aldrig dess koder. Inget skickades.
write_protected = Utan uttryckligt samtycke skrivs inget på den här sortens kort. Inget skickades.
short_code_on_locked = { $pin } är låst av fel aktiveringskoder, en PUK-kod behövs: den beställs hos polisens tillståndsservice eller, utomlands, hos en finländsk beskickning. Om ingen har skrivit fel koder, kontrollera att brevet hör till det här kortet. Inget försök förbrukades.
short_code_on_activated = En aktiveringskod med 7 siffror kan användas bara en gång, och det här kortet är redan aktiverat.
short_code_untold = { $face ->
    [window] Kortet berättar inte om dess koder fortfarande är en aktiveringskod med 7 siffror, så koden skickades inte. Om kortet är nytt och kom med en sådan kod, byt PIN1 och PIN2 på fönstrets första sida; den nuvarande koden är då aktiveringskoden.
   *[terminal] Kortet berättar inte om dess koder fortfarande är en aktiveringskod med 7 siffror, så koden skickades inte. Om kortet är nytt och kom med en sådan kod, välj PIN1 med avain change-pin 1 och PIN2 med avain change-pin 2; den nuvarande koden är då aktiveringskoden.
}
short_code_for_unblocking = En aktiveringskod med 7 siffror kan inte låsa upp något. Det behövs en PUK-kod, eller en aktiveringskod med 8 siffror.
long_code_on_fresh = { $face ->
    [window] Det här kortets aktiveringskod har { $digits } siffror. Kontrollera att brevet hör till det här kortet. Med en PUK-kod låser du upp på fönstrets första sida. Inget försök förbrukades.
   *[terminal] Det här kortets aktiveringskod har { $digits } siffror. Kontrollera att brevet hör till det här kortet. Om du har beställt en PUK-kod, använd avain unblock. Inget försök förbrukades.
}
last_try_code = { $help ->
    [puk] Bara ett försök är kvar för PUK-koden. Om den nu är fel låses den för alltid, och låsta koder kan inte längre låsas upp.
   *[letter] Bara ett försök är kvar för aktiveringskoden eller PUK-koden. Om den nu är fel låses den för alltid, och kortet kan inte längre användas för e-tjänster.
}
last_try_transport = Bara ett försök med aktiveringskoden är kvar för { $pin }. Om den nu är fel låses { $pin }, och en PUK-kod måste beställas.
last_try_pin = { $help ->
    [puk] Bara ett försök är kvar för { $pin }. Om den nu är fel låses { $pin } tills den låses upp med PUK-koden.
    [municipality] Bara ett försök är kvar för { $pin }. Om den nu är fel låses { $pin } tills kortinnehavarens hemkommun låser upp den.
    [issuer] Bara ett försök är kvar för { $pin }. Om den nu är fel låses { $pin } tills den som utfärdade kortet låser upp den.
   *[letter] Bara ett försök är kvar för { $pin }. Om den nu är fel låses { $pin } tills den låses upp med PUK-koden eller en aktiveringskod med 8 siffror.
}
last_try_how = { $help ->
    [puk] Kontrollera kuvertet en gång till. Om du är säker, { $face ->
        [window] välj att det sista försöket får användas.
       *[terminal] ge samma kommando med --use-last-try
    }
    [municipality] Om du är säker, { $face ->
        [window] välj att det sista försöket får användas.
       *[terminal] ge samma kommando med --use-last-try
    }
    [issuer] Om du är säker, { $face ->
        [window] välj att det sista försöket får användas.
       *[terminal] ge samma kommando med --use-last-try
    }
   *[letter] Kontrollera brevet en gång till. Om du är säker, { $face ->
        [window] välj att det sista försöket får användas.
       *[terminal] ge samma kommando med --use-last-try
    }
}
nothing_changed = Inget ändrades på kortet.
partly_done = { $face ->
    [window] { $done } är klar, { $open } saknas. Du kan fortsätta därifrån.
   *[terminal] { $done } är klar, { $open } saknas. Ge samma kommando igen för att fortsätta.
}
equal_no_more = Kortets två koder är olika nu. När det är klart vad som hindrade, byt också den andra ({ $pin }) från den gamla till den nya{ $face ->
    [window] .
   *[terminal] : avain change-pin { $number }
}
perhaps_set = { $face ->
    [window] Det är inte säkert att { $pin } blev klar. Fönstrets första sida visar kortets läge.
   *[terminal] Det är inte säkert att { $pin } blev klar. Kontrollera: avain status
}

## The dialogue
plan_activate = Du får frågor om aktiveringskoden och om två nya koder, båda två gånger: PIN1 för identifiering, PIN2 för underskrift.
plan_activate_one = Du får frågor om aktiveringskoden och om en ny { $pin }, två gånger.
plan_change = Du får frågor om nuvarande { $pin } och, två gånger, om en ny { $pin }.
plan_equal = Kortets signaturnyckel har en egen kod ({ $pin }), som blir samma nya kod.
plan_unblock = { $help ->
    [puk] Du får frågor om PUK-koden och om en ny { $pin }, två gånger.
   *[letter] Du får frågor om PUK-koden eller aktiveringskoden med 8 siffror, och om en ny { $pin }, två gånger.
}
plan_refill = Du får en fråga om PUK-koden. Den ger tillbaka försöken ({ $pin }), och koden förblir som den var.
take_your_time = { $face ->
    [window] Ta den tid du behöver: inget skickas till kortet innan du har skrivit allt och tryckt på OK.
   *[terminal] Ta den tid du behöver: inget skickas till kortet innan du har skrivit och bekräftat allt. Ctrl-C lämnar kortet som det är.
}
ask_activation_code = Aktiveringskod (i brevets nedre högra hörn)
ask_unblock_code = { $help ->
    [puk] PUK-kod
   *[letter] PUK-kod, eller aktiveringskod med 8 siffror
}
ask_old = Nuvarande { $pin }
ask_envelope_pin = { $pin } från kuvertet
ask_new = Ny { $pin }, { $min }–{ $max } siffror
ask_new_pin1 = Ny baskod (PIN1), { $min }–{ $max } siffror, för identifiering
ask_new_pin2 = Ny signaturkod (PIN2), { $min }–{ $max } siffror, för underskrift
ask_pin = { $pin }
ask_pin1 = Baskod (PIN1)
ask_pin2 = Signaturkod (PIN2)
ask_again = Samma en gång till
ask_again_named = Ny { $pin } en gång till
stake_code = { $help ->
    [puk] När försöken tar slut låses PUK-koden för alltid.
   *[letter] När försöken tar slut låses koden för alltid och kortet duger inte längre för e-tjänster.
}
stake_transport = När försöken tar slut låses koden, och en PUK-kod måste beställas för att låsa upp den.
ask_unseen = { $question }. Det du skriver syns inte
untried_card = { $family ->
    [lithuania] Ett annat program gör veterligen det här med ett sådant kort, och det här programmet gör likadant; med det här programmet har veterligen ingen prövat. Om kortet är annorlunda kan dess kod låsas eller förbli som den är, och då kan bara ett kontor hos den litauiska migrationsmyndigheten hjälpa.
   *[organisation] Så vitt vi vet har ingen gjort det här med ett kort av det här slaget. Programmet följer den publicerade specifikationen. Om kortet är annorlunda kan dess kod låsas eller förbli som den är, och då kan bara den som utfärdade kortet hjälpa.
}
untried_question = Skriv ja om du ändå vill fortsätta:
untried_yes = ja
untried_how = Inget skickades. Om du vet detta och vill fortsätta, ge samma kommando med --untried-card
confirm = Ska detta skrivas på kortet nu? [j/N]
yes = j
cancelled = Avbrutet. Kortet är som det var.
no_terminal = Det finns ingen terminal att fråga på. Skript ger koderna med --pin-file eller --pin-fd.
too_few_lines = Koderna är för få: det behövs en per rad, i den ordning de efterfrågas.
unreadable_pins = Koderna kan inte läsas därifrån.

## Entries that cannot be
not_digits = Bara siffror är möjliga. Inget försök förbrukades.
wrong_length = { $pin } ska ha { $min }–{ $max } siffror. Inget försök förbrukades.
wrong_length_letter = { $pin } ska ha { $min }–{ $max } siffror. { $face ->
    [window] På kortet ryms { $most }, men andra program godkänner kanske inte det.
   *[terminal] Upp till { $most } är möjligt med --long-pin, men andra program godkänner kanske inte det.
}
wrong_code_length = Aktiveringskoden har { $short } siffror, eller på äldre kort { $min }–{ $max }. Inget försök förbrukades.
wrong_puk_length = Den har { $min }–{ $max } siffror. Inget försök förbrukades.
entries_differ = Koderna som du skrev är inte samma.
same_as_pin1 = PIN2 måste vara en annan än PIN1.
same_as_code = { $help ->
    [puk] Den måste vara en annan än PUK-koden.
   *[letter] Den måste vara en annan än aktiveringskoden eller PUK-koden.
}
same_as_old = Den är samma som den gamla.

## Entries that should not be
weak_repeated = Obs: denna { $pin } är lätt att gissa, samma siffra upprepas.
weak_run = Obs: denna { $pin } är lätt att gissa, siffrorna följer på varandra.
weak_known = Obs: denna { $pin } är lätt att gissa, den är en del av födelsedatumet eller personbeteckningen på kortet.
long_for_others = Obs: andra program godkänner kanske inte en så lång { $pin }.
short_for_organisation = Obs: på organisationskort ska { $pin } ha minst { $min } siffror; bara social- och hälsovårdskort tar färre.

## Success
writing = Skriver på kortet. Ta inte ut det.
finishing = Avslutar när det här steget är klart. Ta inte ut kortet.
step_done = { $pin } är klar.
activated = Kortet är aktiverat. PIN1 är för identifiering, PIN2 för underskrift.
keep_code = Förvara aktiveringskoden åtskild från kortet: med den låser du upp PIN1 och PIN2.
code_used_up = Aktiveringskoden är nu förbrukad och kan inte låsa upp något. Om en kod låses senare behövs en PUK-kod, som beställs separat.
changed = { $pin } är bytt.
unblocked = { $pin } är klar och kan användas.
refilled = { $pin } kan användas igen. Den är den samma som förut.

## Certificates, signatures, the test
no_key = Det finns inget certifikat för { $pin } på kortet.
no_signing_key = Det finns inget certifikat för underskrift på kortet.
no_usable_key = Programmet kan läsa kortets certifikat men inte använda dess nycklar: kortet berättar inte tillräckligt om dem.
written = Skrivet: { $file }
file_exists = { $file } finns redan; den lämnades orörd.
file_unreadable = { $file } kan inte läsas.
file_unwritable = { $file } kan inte skrivas.
signature_meaning = Du ska skriva under { $file }. Underskriften med { $pin } motsvarar en egenhändig underskrift.
signed = Underskrivet: { $file }
signature_invalid = Kortet gjorde en underskrift som inte passar dess certifikat. Den kastades.
test_passed = Läsaren, kortet och { $pin } fungerar. Kortet gjorde en giltig underskrift på { $milliseconds } millisekunder.

## The diagnosis
bundle_title = Avain: läget för datorn och dess kort
bundle_purpose = För dem som hjälper när något inte fungerar. Läs detta innan du ger det till någon.
bundle_harmless = Detta skickades inte till någon. Ingen kod frågades efter, inget försök gick åt och inget skrevs på något kort.
bundle_left_out = Utelämnat: kortinnehavarens namn och beteckningar, kortets och handlingens nummer, själva certifikaten, ditt användarnamn, namnen på användares mappar (~ är din) och datorns namn. Tecknet … står för det som utelämnats.
section = { $what ->
    [checks] Vad annat som står i vägen
    [system] System
    [service] Smartkortstjänsten
    [programs] Program som använder kort
    [registration] Var Avain är i bruk
    [trace] Vad som gjordes, steg för steg
   *[environment] Miljövariabler
}
judged = { $how ->
    [ok] i ordning
   *[attention] obs
}: { $what }
fact = { $what ->
    [avain] Avain
    [system] Operativsystem
    [kernel] Kärna
    [language] Språk
    [library] Bibliotek
    [connections] Andra programs förbindelser
    [atr] Svar på återställning (ATR)
    [card] Kort
   *[detail] Detalj
}: { $value }
service_answers = Smartkortstjänsten svarar.
service_silent = Smartkortstjänsten finns men svarar inte. I en session över nätet får du kanske inte använda den (polkit); starta annars om den: sudo systemctl restart pcscd
used_alone = Ett annat program håller kortet för sig självt. Stäng det programmet och försök igen.
used_shared = Också ett annat program har förbindelse med kortet.
used_by_nobody = Inget annat program har förbindelse med kortet.
used_for_long = Kortet kunde inte tillfrågas på { $seconds } sekunder: ett annat program håller det upptaget. Stäng det programmet och försök igen.
well_known = Hur väl känt: { $how ->
    [recorded] sett i inspelningar av verkliga testkort
    [several] från flera oberoende källor
    [one] från en källa
   *[guessed] gissat
}
certificate_key = Nyckel: { $key }. Utfärdare: { $issuer } ({ $algorithm })
program_none = Inget annat av dina program använder kort just nu.
program_scdaemon = GnuPG (scdaemon) är igång och kan hålla kortet för sig självt. Avsluta det: gpgconf --kill scdaemon
program_service = { $name }: har laddat smartkortstjänstens bibliotek
program_modules = { $name }: har laddat { $modules }
module_named = { $file } nämner { $module }, som finns.
module_gone = { $file } nämner { $module }, som inte finns. Installera Avain på nytt eller ta bort detta.
module_other = { $file } nämner modulen för { $name }. Vid sidan av Avain visar program kortet två gånger, och en felaktig PIN-kod kan kosta två försök: behåll bara den ena.
module_unknown = { $file } nämner { $module }.
module_nowhere = Varken p11-kit eller någon webbläsare känner till Avain ännu. Så ändras det: avain register
web_eid = I { $name } besvaras Web eID av { $program } ({ $file })
web_eid_gone = I { $name } skulle Web eID besvaras av { $program }, som inte finns ({ $file })
databases = { $place }: { $found ->
    [one] { $found } modullista
   *[other] { $found } modullistor
}, Avain i { $with }
database_twice = { $place }: en lista når Avain på två vägar, så att kortet visas två gånger. Ta bort den ena.
database_gone = { $place }: en lista nämner en modul av Avain som inte finns. Installera Avain på nytt eller ta bort den ur listan.
sandboxed = { $name } är installerat som { $sandbox } och kan inte ladda Avain utifrån. avain register gör det som går och berättar resten; eller använd systemets eget paket.
no_home = HOME är inte satt. Det som är i bruk bara för dig söktes inte.
variable = { $name } = { $value }
no_variables = Ingen som gäller kort.
record = { $line }

## Registration
reg_module = Modul: { $file }
reg_no_module = { $face ->
    [window] Avains modul hittades inte. Installera paketet som innehåller den.
   *[terminal] Avains modul hittades inte: { $file }. Installera den eller ange den: avain register --module FIL
}
reg_unknown = Inget program här heter { $name }. Kända är: { $known }
reg_not_root = Bara root kan ändra det som gäller för alla: sudo avain register --system
reg_nothing = Inget program som använder kort hittades.
reg_dry = Inget ändrades (--dry-run).
reg_heading = { $what ->
    [program] Program
    [packaging] installerat som
    [place] Var
    [state] Avain
   *[action] Vad som görs
}
reg_packaging = { $how ->
    [package] paket
    [archive] arkiv
    [snap] snap
    [flatpak] flatpak
   *[unknown] hittades inte
}
reg_state = { $what ->
    [absent] saknas
    [registered] finns
    [moved] på ett gammalt ställe
    [twice] finns två gånger
    [for-all] finns för alla
    [no-profile] ännu inte möjligt
    [borrows] som i Firefox eller Thunderbird
    [others] ett annat program är där
   *[unclear] inte känt
}
reg_action = { $what ->
    [add] läggs till
    [mend] rättas
    [remove] tas bort
    [prepare] förbereds
    [leave] inget: du tog bort det
   *[nothing] inget
}
reg_refusal = { $face ->
    [window] Det lämnas orört
   *[terminal] lämnas orört
}: { $why ->
    [unreadable] kan inte läsas
    [unwritable] kan inte skrivas, eller har ändrats under tiden
    [link] är en länk
    [owner] tillhör någon annan
    [no-file] är ingen fil
    [text] är inte UTF-8
    [line] rad { $line } går inte att förstå
    [json] är inte JSON
    [policies] har okänd struktur
    [foreign] skrevs inte av Avain
   *[path] modulens sökväg är inte text
}
reg_failed = { $name }, { $file }: { $why }
reg_done = Gjort: { $number }.
reg_prepared = Förberett, men resten måste du göra: { $number }.
reg_not_done = Misslyckades: { $number }.
reg_nothing_to_do = Inget behövde göras.
reg_restart = Stäng dessa program och starta dem på nytt: { $names }
reg_forgotten = { $face ->
    [window] Det som gjordes kunde inte antecknas; om du ångrar det kan tomma mappar bli kvar.
   *[terminal] Det som gjordes kunde inte antecknas; avain unregister kan lämna tomma mappar efter sig.
}
reg_no_profile = { $face ->
    [window] { $name } har ännu ingen profil. Starta det en gång och kom sedan tillbaka till den här sidan.
   *[terminal] { $name } har ännu ingen profil. Starta det en gång och sedan på nytt: avain register
}
reg_snap = { $face ->
    [window] { $name } är en snap. Den har nu en kopia av modulen; låt den använda korttjänsten (pcscd) i inställningarna för dina program. Om det räcker kunde inte prövas; om inte, installera { $name } som paket.
   *[terminal] { $name } är en snap. Den har nu en kopia av modulen; låt den använda korttjänsten: sudo snap connect { $snap }:pcscd  Om det räcker kunde inte prövas; om inte, installera { $name } som paket.
}
reg_flatpak = { $face ->
    [window] { $name } är en flatpak. Den når kortet genom p11-kit, som måste vara installerat, från din nästa session.
   *[terminal] { $name } är en flatpak. Den når kortet genom p11-kit, som måste vara installerat, från din nästa session, eller nu: systemctl --user daemon-reload && systemctl --user start { $unit }.socket
}
reg_web_others = { $face ->
    [window] Ett annat program svarar Web eID i { $name }, och det får vara kvar.
   *[terminal] Ett annat program svarar Web eID i { $name }, och det får vara kvar. Om Avain ska svara i stället: avain register web-eid  Dess post sparas och kommer tillbaka med: avain unregister web-eid
}
reg_web_snap = { $face ->
    [window] { $name } är en snap. När Web eID används första gången frågar skrivbordet om tillägget får starta Avain: tillåt det.
   *[terminal] { $name } är en snap. Dess skrivbordsportal frågar en gång om Web eID:s tillägg får starta Avain; även detta tillåter det: flatpak permission-set webextensions eu.webeid snap.{ $snap } yes
}
reg_web_flatpak = { $name } är en flatpak, från vilken inget tillägg kan starta ett program. Web eID behöver { $name } som paket.
reg_java = Java hittar kortet med: -providerClass sun.security.pkcs11.SunPKCS11 -providerArg { $file }
reg_openssl = OpenSSL hittar kortet med pkcs11-provider installerad och OPENSSL_CONF={ $file }
reg_ssh = OpenSSH använder kortet där ~/.ssh/config säger: Include { $file }
reg_ssh_agent = OpenSSH:s agent måste få veta om modulen: ssh-agent -P { $file }
reg_libreoffice = LibreOffice använder modulerna i en Firefox- eller Thunderbird-profil: Verktyg, Alternativ, LibreOffice, Säkerhet, Certifikatsökväg.
reg_policy_left = { $face ->
    [window] { $name } tar bort Avain ur varje användares profil nästa gång det startas.
   *[terminal] { $name } tar bort Avain ur varje användares profil nästa gång det startas. När alla har gjort det: sudo avain unregister --system --purge
}
reg_policy_unknown = { $face ->
    [window] { $name } följer den här principen från och med version 153, och ingen sådan version hittades. Tills dess måste varje användare göra samma sak på den här sidan.
   *[terminal] { $name } följer den här principen från och med version 153, och ingen sådan version hittades. Tills dess behöver varje användare: avain register { $program }
}

## What the doctor finds, and what it says
check_well = Inget annat står i vägen.
check_not_installed = Smartkortstjänsten (pcscd) är inte installerad.
check_not_running = Smartkortstjänsten (pcscd) är installerad men är inte i gång.
check_mismatch = Smartkortsbiblioteket i denna sandlåda och tjänsten utanför förstår inte varandra. Någon av dem måste uppdateras.
check_remote = Du sitter inte vid denna dator (en session över nätet, eller inte den aktiva), och polkit låter ingen annan använda smartkortstjänsten. Använd kortet där du sitter.
check_faulty = Kortläsaren { $name } har egna fel som inget program rättar. Använd en annan.
check_no_driver = En kortläsare är ansluten, men drivrutinen för kortläsare är inte installerad.
check_holder = { $name } är i gång och kan hålla kortet för sig själv. Stäng det.
check_no_module = Avains modul är inte där den brukar installeras. Installera Avain.
check_load = { $file } kan inte laddas. Laddaren säger: { $why }
check_hangs = { $file } laddades men svarade inte på { $seconds } sekunder.
check_agent = OpenSSH:s agent tar inte { $file } av sig själv, eftersom den inte är i någon mapp för bibliotek. Starta den med ssh-agent -P, eller installera Avain under /usr.
check_register = { $name } använder inte kortet: Avain { $state ->
    [moved] är på ett gammalt ställe
    [twice] finns två gånger
   *[absent] saknas
} ({ $id }).
check_sandbox = { $name } ({ $id }) körs i en sandlåda ({ $packaging }) som inte är förberedd för kortet.
check_refused = { $name } ({ $id }) kan inte få veta om kortet: { $file } är inte som den ska vara.
check_java = Inställningsfilen för Java nämner en gammal modul.
check_denied = { $file } säger att AppArmor eller SELinux nekade något: { $line } Datorns administratör kan tillåta det.
check_clock = Datorns klocka går fel: den är tidigare än sina egna filer.
check_expiring = Ett certifikat på detta kort går ut { $to }. Ansök om ett nytt kort i tid.
doctor_cure = Vad som hjälper: { $command }
cure_admits = Därefter kan allt som körs som du, också från andra datorer, använda kortet i läsaren; PIN-koderna behövs fortfarande. Så ångras det: sudo rm { $file }
cure_omits = Program som använder p11-kit utelämnar då den modulen för alla kort. Så ångras det: rm { $file }
doctor_well = Allt är i sin ordning.
doctor_ask = Köra detta? { $command } (j/n)
doctor_failed = Det lyckades inte.
doctor_left = Något återstår för dig att göra.

## Settings
config_file = Fil: { $file }
config_setting = { $name } = { $value } ({ $source ->
    [user] din
    [computer] denna dators
   *[default] inte angivet
})
config_about = { $what ->
    [ignore-readers] läsare som utelämnas, var och en med en del av sitt namn; inga
    [keypad] PIN anges på läsarens knappsats, om den har en; true
    [cache] certifikat behålls under sessionen; true
    [can-file] var kortens CAN-nummer sparas
    [language] språket i fönstret och i meddelanden, om inte sessionens
    [new-card] vad som händer när ett kort som inte är aktiverat sätts in: window, notification eller nothing; window
    [log] en logg för dem som hjälper: info eller debug; ingen
    [log-file] dess fil, som redan finns
   *[tokens] vad ett program ser av kortet, efter namnet på dess fil: PIN1, PIN2 eller none
}
config_ignored = { $file } beaktas inte: { $why ->
    [line] rad { $line } går inte att förstå.
    [unknown] rad { $line }: inställningen { $name } finns inte.
    [value] rad { $line }: { $name } kan inte ha detta värde.
    [text] den är inte UTF-8.
    [no-file] den är ingen fil.
    [owner] den tillhör någon annan.
    [open] andra får skriva till den.
    [long] den är för lång.
   *[unreadable] den kan inte läsas.
}
config_unknown = Inställningen { $name } finns inte. Kända är: { $known }
config_value = { $name } tar { $kind ->
    [switch] true eller false
    [path] en fullständig sökväg
    [one-of] något av: { $words }
    [tokens] PIN1, PIN2, båda eller none
   *[texts] en eller flera texter
}.

## The help of the command line: one line for each command and option
manual_heading = { $what ->
    [NAME] NAMN
    [SYNOPSIS] SYNOPS
    [DESCRIPTION] BESKRIVNING
    [OPTIONS] FLAGGOR
    [EXTRA] MER
    [VERSION] VERSION
   *[other] { $what }
}
help_avain = Sköter ett identitetskort: aktiverar det, byter och låser upp koder, skriver under.
help_status = Visa läsare, kort och koder, och vad som är att göra härnäst
help_activate = Aktivera ett nytt kort med koden i brevet, eller fortsätt med det
help_change_pin = Byt en kod som du minns, eller PUK-koden om kortet tillåter det
help_unblock = Lås upp en kod, eller ersätt en glömd, med PUK-koden eller koden i brevet
help_certs = Visa kortets certifikat
help_sign = Skriv under en fil: en fristående CMS-underskrift med ditt certifikat i
help_test = Pröva med en underskrift utan betydelse om allt fungerar
help_can = Spara åtkomstkoden som är tryckt på kortet och öppnar det kontaktlöst
help_diagnose = Samla för dem som hjälper varför något kanske inte fungerar
help_answer = Svara ett annat program på en rad JSON (används av avain-web)
help_generate = Skriv manualsidor och kompletteringar i en mapp
help_can_action = add sparar en kod, list visar vems koder som är sparade, forget tar bort en
help_which = Vilken som tas bort, med dess plats i listan, eller all (alla)
help_reader = Läsaren, med dess namn eller en del av det
help_lang = fi, sv, en eller et; annars systemets språk
help_verbose = Berätta också steg och statusord, för dem som hjälper
help_help = Visa detta
help_version = Visa versionen
help_json = Som JSON
help_personal = Också vems kortet är: namn, nummer och vad det berättar utan kod
help_pin = 1 är för identifiering, 2 för underskrift; 1 är också den enda koden på ett kort med en
help_pin_file = Läs koderna från denna fil, en per rad
help_pin_fd = Läs koderna från denna deskriptor, en per rad
help_keyboard = Skriv PIN-koder här, även om läsaren har en knappsats
help_use_last_try = Använd också det sista försöket; om det är fel låses koden eller kortet
help_long_pin = Tillåt längre nya koder; andra program godkänner dem kanske inte
help_untried_card = Fortsätt med ett slags kort som ingen veterligen har prövat
help_pem = Som PEM
help_der = Som filer i DER i denna mapp
help_file = Vad som ska skrivas under
help_output = Vart underskriften ska; annars FIL.p7s
help_report = I denna nya fil, som bara du kan läsa
help_register = Låt webbläsare, e-post och andra program känna kortet, och visa vad som görs
help_unregister = Låt dem glömma det igen; deras filer är sedan som förut
help_programs = Bara dessa program, som firefox eller chromium; annars alla
help_system = För alla på denna dator; kräver root
help_new = Bara program som inte har fått veta det förut; det som togs bort förblir borta
help_dry_run = Visa bara vad som skulle göras
help_module = Modulens fil, om den inte är där den brukar installeras
help_root = Datorn vars filer finns i denna mapp
help_purge = Lämna inget kvar, inte ens beskedet till webbläsare att ta bort Avain
help_config = Visa inställningarna eller ändra en
help_setting = Vilken inställning; avain config visar alla
help_values = Dess nya värde, eller flera
help_unset = Ta bort den ur filen
help_doctor = Ta reda på vad som hindrar kortet från att användas, och vad som hjälper
help_probe = Ladda en modul som en webbläsare gör och berätta vad laddaren säger
help_fix = Kör det som hjälper, efter att ha frågat varje gång
help_heading = { $what ->
    [usage] Användning
    [commands] Kommandon
    [command] KOMMANDO
    [arguments] Argument
   *[options] Flaggor
}
help_value = { $what ->
    [SETTING] INSTÄLLNING
    [VALUE] VÄRDE
    [PROGRAM] PROGRAM
    [LANGUAGE] SPRÅK
    [FILE] FIL
    [NUMBER] NUMMER
    [FOLDER] MAPP
   *[NAME] NAMN
}
help_more =
    Koder skrivs utan att synas. De tas aldrig från kommandoraden eller från miljövariabler, där andra program kunde se dem. Skript ger dem i en fil eller på en deskriptor, en per rad och var och en en gång, i den ordning de skulle efterfrågas.

    Miljövariabler:
       AVAIN_LOG       info eller debug: berättar på felutmatningen vad som görs, men ingen kod och inget av kortets innehåll
       AVAIN_LOG_FILE  en fil för detta; den ska finnas redan, och ingen annan får kunna skriva i den

    Slutkoder:
       0   klart, eller inget att göra
       1   det gick inte
       2   kommandoraden är fel
       3   ingen läsare, inget kort, eller oklart vilket
       4   kortet avvisade koden: ett försök förbrukades
       5   en kod är låst
       6   bara ett av två steg gjordes: samma kommando gör resten
       7   bara ett försök kvar, och --use-last-try gavs inte
       8   det som skrevs eller begärdes passar inte kortet: inget skickades
       9   kortet är okänt, eller kan inte detta
       10  användaren avbröt
usage_unknown = Det finns ingen sådan flagga och inget sådant argument: { $what }
usage_command = Det finns inget kommando { $what }.
usage_value = { $value } duger inte: { $option }
usage_value_missing = Ett värde saknas: { $option }
usage_missing = Saknas: { $what }
usage_conflict = { $first } och { $second } utesluter varandra.
usage_wrong = Kommandoraden är fel.
usage_help = Hjälp: { $command }

## The window
window_reading = Läser kortet
window_absent = Sätt in kortet i läsaren
window_choose = Vilket kort?
window_can = Kortets nummer
window_failed = Det här lyckades inte
window_done = Klart
window_wait = Ett ögonblick
window_language = Språk
window_offer = Identitetskortet är inte aktiverat ännu
window_offer_why = Du kan identifiera dig och skriva under med kortet först när du har skapat två koder för det. Som legitimation och resedokument fungerar kortet utan aktivering. Du behöver brevet med aktiveringskoden.
window_activate = Aktivera kortet
window_activated = Kortet är aktiverat
window_letter = Aktiveringskoden står i brevets nedre högra hörn.
window_letter_picture = Bild av brevet: koden står i nedre högra hörnet
window_keypad = Läsaren har en knappsats. Det du skriver på den ser datorn aldrig.
window_change = Byt { $pin }
window_unblock = { $pin }: lås upp den eller byt en glömd
window_test = Testa kort och läsare
window_sign = Skriv under en fil
window_file = Fil: { $file }
window_size = Storlek: { $size } byte
window_digest = Kontrollsumma ({ $hash }): { $digest }
window_certificates = Kortets certifikat
window_report = Rapport för den som hjälper
window_consent = Det här har inte prövats med ett kort av det här slaget
window_agree = Jag förstår detta och vill fortsätta
window_wise = Tryck på OK en gång till om du ändå vill ha dessa koder.
window_keep_apart = Förvara koderna åtskilda från kortet och visa dem inte för någon.
window_drop = Du kan också skriva under en fil genom att släppa den i det här fönstret.
window_settings = Inställningar
window_new_card = När ett kort som inte är aktiverat sätts in
window_prefers = { $what ->
    [window] öppnas det här fönstret
    [notification] visas ett meddelande
   *[nothing] händer ingenting
}
window_numbers = Sparade åtkomstkoder (CAN)
window_programs = Webbläsare och kortet
window_programs_offer = Dina webbläsare känner inte till kortet än, så du kan inte identifiera dig med det i dem.
window_programs_why = De här programmen får veta hur de når kortet. Inget annat i dem ändras, och det kan ångras här.
window_programs_known = Dina webbläsare känner till kortet.
window_standing = { $state ->
    [absent] Känner inte till Avain än.
    [registered] Känner till Avain.
    [moved] Söker Avain där det inte längre finns.
    [twice] Känner till Avain på två sätt, så att kortet visas två gånger.
    [for-all] Känner till Avain, liksom för alla på den här datorn.
    [no-profile] Har ingen profil än: starta programmet en gång och kom sedan tillbaka till den här sidan.
    [borrows] Använder modulerna i Firefox eller Thunderbird.
    [others] Ett annat program svarar där, och det får vara kvar.
   *[unclear] Det går inte att ta reda på hur det står till.
}
window_happens = { $action ->
    [add] Det får veta.
    [mend] Det rättas.
   *[prepare] Det som går förbereds; sedan får du veta vad du själv måste göra.
}
window_became = { $action ->
    [add] { $name } känner nu till Avain.
    [mend] { $name } känner nu till Avain.
    [remove] { $name } känner inte längre till Avain.
   *[prepare] { $name } är förberett. Resten måste du göra:
}
window_change_any = Byt en PIN-kod
window_unblock_any = Lås upp en PIN-kod eller byt en glömd
button_activate = Aktivera nu
button_later = Inte nu
button_never = Fråga inte igen om det här kortet
button_ok = OK
button_again = Försök igen
button_back = Tillbaka
button_close = Stäng
button_go_on = Fortsätt
button_test = Testa nu
button_change = Byt { $pin }
button_unblock = Lås upp { $pin } eller byt en glömd
button_sign = Skriv under en fil…
button_certificates = Certifikat
button_report = Rapport för den som hjälper
button_save = Spara { $what }…
button_copy = Kopiera
button_last_try = Använd det sista försöket
button_keypad = Skriv på läsaren
button_keyboard = Skriv här i stället
button_programs = Ta kortet i bruk i mina webbläsare
button_no = Nej tack
button_undo = Ångra
button_forget = Ta bort de här koderna
asked_login = { $origin } ber dig identifiera dig
asked_signature = { $origin } ber om din underskrift
asked_meaning = { $pin } gör en underskrift som motsvarar en egenhändig. Kontrollera att tjänsten visar samma kontrollsumma.
asked_other_card = Tjänsten väntar sig ett annat kort än det här.
asked_certificate = { $origin } ber om ditt certifikat för underskrift
asked_certificate_meaning = Tjänsten skulle få certifikatet för din underskriftsnyckel. I det står ditt namn och din personliga kod. Det är ännu ingen underskrift.
asked_share = Ska tjänsten få certifikatet? [j/N]
asked_hash = Kortet kan inte skriva under kontrollsummor av typen { $hash }.
asked_no_certificate = Kortet har inget certifikat som tjänsten godtar.
help_web = Låt webbsidor be om underskrifter (den finska underskriftstjänsten SCS)
help_face = Vilken tjänst: scs
help_switch = on (på), off (av) eller status (läge)
scs_on = Webbsidor kan be om underskrifter på https://localhost:53952 (SCS). Tjänstens certifikat upphör { $end }.
scs_off = Webbsidor kan inte be om underskrifter på https://localhost:53952 (SCS är avstängd).
scs_ends = Certifikaten för webbsidors underskriftstjänst (SCS) upphör { $end }. Nya: avain web scs on
scs_trusted = { $name } litar på tjänsten ({ $place })
scs_untrusted = { $name } litar inte på tjänsten ({ $place }), så sidor hittar ingenting. Gör så här: avain web scs on
scs_taken_out = { $name } litar inte längre på tjänsten ({ $place })
scs_failed = { $name } kunde inte få veta om tjänsten ({ $place }): { $why }
scs_refused = { $name }, { $place }: { reg_refusal }
scs_left = { $name } kan ännu lita på tjänsten ({ $place }): { $why }  Ingen har nytta av det, eftersom tjänstens nyckel är borta. Ta bort det: avain web scs off
scs_no_tool = certutil saknas, som berättar för webbläsare om tjänsten. Installera det och försök igen: { $command }  Eller importera { $file } i webbläsarens inställningar som utfärdare för webbplatser.
scs_no_browser = Ingen webbläsare med en profil hittades. Starta den en gång och sedan: avain web scs on  Eller importera { $file } i dess inställningar som utfärdare för webbplatser.
scs_not_made = { $file } kunde inte göra tjänstens certifikat.
scs_by_hand = Ingen systemd för dig lyssnar efter sidor. Låt din session starta detta i stället: { $file } scs run
scs_silent = Ingen lyssnar på port 53952. Gör så här: avain web scs on
scs_taken = Port 53952 är upptagen av { $name }: sidor når det programmet och inte Avain. Avsluta det och sedan: avain web scs on
scs_taken_unknown = Port 53952 är upptagen av en annan användares program: sidor når det och inte Avain.
scs_question = När en sida ber första gången frågar webbläsaren om den får komma åt andra appar och tjänster på enheten. Tillåt det och ladda sidan igen: många sidor väntar bara två sekunder. Starta om en webbläsare som är öppen nu.
scs_policies = Administratörer tillåter det i förväg med policyer: LoopbackNetworkAllowedForUrls för Chromium, Chrome och Edge, LocalNetworkAccess med SkipDomains för Firefox.
button_share = Ge certifikatet
