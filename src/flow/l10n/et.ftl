# Eesti. PIN1 on isikutuvastuseks, PIN2 allkirjastamiseks.

## Readers and cards
reader = Lugeja: { $name }
reader_empty = Kaarti ei ole.
reader_mute = Lugejas on kaart, kuid see ei vasta. Pööra kaart ümber, pühi kiip kuiva lapiga puhtaks ja proovi uuesti.
reader_foreign = Lugejas on kaart, mida see programm ei tunne. Sellelt ainult küsiti, mis kaart see on: PIN-koodi ei saadetud ja midagi ei kirjutatud.
card = Kaart: { $family ->
    [finland] Soome ID-kaart
    [organisation] Soome organisatsiooni kaart
    [estonia-envelope] ID-kaart
    [estonia] ID-kaart
    [latvia] Läti ID-kaart
    [lithuania] Leedu ID-kaart
    [belgium] Belgia ID-kaart
   *[unknown] Muu kaart
} ({ $model })
card_number = Kaardi number: { $number }
document = { $kind ->
    [e-residency] See on e-residendi digi-ID: e-teenusteks, mitte reisimiseks ega isiku tõendamiseks.
   *[digi-id] See on digi-ID: e-teenusteks, mitte reisimiseks ega isiku tõendamiseks.
}
holder = Kaardi omanik: { $name }
personal = { $what ->
    [surname] Perekonnanimi
    [given_names] Eesnimed
    [sex] Sugu
    [citizenship] Kodakondsus
    [birth] Sündinud
    [birth_place] Sünnikoht
    [personal_code] Isikukood
    [document_number] Dokumendi number
    [valid_from] Kehtib alates
    [valid_to] Kehtib kuni
    [issue] Välja antud
    [street] Tänav ja maja
    [postal_code] Postiindeks
    [municipality] Omavalitsus
   *[other] Muu
}: { $value }
certificate = { $purpose ->
    [login] Isikutuvastamise sertifikaat
    [signing] Allkirjastamise sertifikaat
   *[authority] Sertifitseerija sertifikaat
}: { $from } – { $to }{ $validity ->
    [expired] , aegunud
    [not-yet-valid] , veel ei kehti
   *[valid] { "" }
}
described_by_itself = See programm ei tunne sellist kaarti ja lähtub sellest, mida kaart enda kohta ütleb. Kaardile ei kirjutata kunagi midagi.
certificate_expired = Sertifikaat aegus { $to }. Taotle uus kaart.
certificate_not_yet = Sertifikaat kehtib alles alates { $from }, kuid selle arvuti kella järgi on praegu { $today }. Kas kell on õige?
certificate_none = Sellel kaardil ei ole sertifikaati.

## How the card stands
pin_ready = { $pin }: kasutusel, { $left ->
    [one] jäänud { $left } katse
   *[other] jäänud { $left } katset
}
pin_fresh = { $pin }: aktiveerimata, { $left ->
    [one] jäänud { $left } katse
   *[other] jäänud { $left } katset
}
pin_unchanged = { $pin }: enne kasutamist tuleb muuta, { $left ->
    [one] jäänud { $left } katse
   *[other] jäänud { $left } katset
}
pin_locked = { $pin }: blokeeritud
pin_locked_by_codes = { $pin }: blokeeritud valede aktiveerimiskoodidega, vaja on PUK-koodi
pin_unset = { $pin }: aktiveerimata või blokeeritud
pin_unknown = { $pin }: kaart ei teata, mitu katset on jäänud
code_left = { $help ->
    [puk] PUK-kood
   *[letter] PUK-kood või 8-kohaline aktiveerimiskood
}: { $left ->
    [one] jäänud { $left } katse
   *[other] jäänud { $left } katset
}
code_locked = { $help ->
    [puk] PUK-kood: jäädavalt blokeeritud
   *[letter] PUK-kood või 8-kohaline aktiveerimiskood: jäädavalt blokeeritud
}

## What to do next
next_nothing = Kaart on kasutamiseks valmis.
next_activate = { $face ->
    [window] Kaart on aktiveerimata.
   *[terminal] Kaart on aktiveerimata. Aktiveeri see käsuga: avain activate
}
next_set_both = { $face ->
    [window] Mõlemad PIN-koodid on blokeeritud. Saad määrata uued.
   *[terminal] Mõlemad PIN-koodid on blokeeritud. Määra uued käsuga: avain activate
}
next_go_on = { $face ->
    [window] Kaart on ainult osaliselt aktiveeritud. Jätka aktiveerimist.
   *[terminal] Kaart on ainult osaliselt aktiveeritud. Jätka käsuga: avain activate
}
next_unblock = { $face ->
    [window] { $pin } on blokeeritud. Saad blokeeringu tühistada.
   *[terminal] Tühista { $pin } blokeering käsuga: avain unblock { $number }
}
next_first_change = { $face ->
    [window] Enne esimest allkirja tuleb { $pin } ära muuta.
   *[terminal] Enne esimest allkirja tuleb { $pin } ära muuta. Muuda see käsuga: avain activate
}
next_lost = { $family ->
    [finland] Seda blokeeringut ei saa enam tühistada. Kaart kehtib endiselt isikut tõendava dokumendina, kuid e-teenusteks on vaja uut kaarti.
    [organisation] Seda blokeeringut ei saa enam tühistada. Kaardi tellinud organisatsioon saab registreerimispunktist uue kaardi.
    [estonia-envelope] Uut kaarti ei ole vaja: Politsei- ja Piirivalveamet annab kaardi omanikule uue koodiümbriku.
    [latvia] Uut kaarti ei ole vaja: Läti kodakondsus- ja migratsiooniamet (PMLP) annab kaardi omanikule uued koodid.
    [lithuania] Uut kaarti ei ole vaja: Leedu migratsiooniameti teenindus annab kaardi omanikule tasuta uue PIN-koodi.
    [belgium] Blokeeringu saab tühistada ainult kaardi omaniku kohalik omavalitsus.
    [unknown] Blokeeringu saab tühistada ainult kaardi väljaandja.
   *[estonia] Seda blokeeringut ei saa enam tühistada: e-teenusteks on vaja uut kaarti.
}
next_expired = Kaardi sertifikaadid aegusid { $to }: e-teenusteks on vaja uut kaarti. Taotle see.
certificates_only = See programm saab näidata kaardi sertifikaate, kuid mitte midagi muud.
where_puk = PUK-kood tuli kaardiga kaasa nagu teisedki koodid: ümbrikus või kirjas.
where_puk_estonia = PUK-kood on kaardiga kaasas olnud ümbrikus ning Politsei- ja Piirivalveameti iseteeninduses.

## No card to work with
no_service = { $face ->
    [window] Kiipkaardi teenus (pcscd) ei tööta. Taaskäivita arvuti. Kui see ei aita, palu arvuti haldajal paigaldada pakett pcscd.
   *[terminal] Kiipkaardi teenus ei tööta. Käivita see: sudo systemctl start pcscd.socket
}
no_reader = Kaardilugejat ei leitud. Ühenda lugeja ja proovi uuesti.
no_such_reader = { $face ->
    [window] Ühegi kaardilugeja nimi ei ole { $name }.
   *[terminal] Ühegi kaardilugeja nimi ei ole { $name }. Käsk avain status näitab kõiki lugejaid.
}
no_card = Sisesta kaart lugejasse, kiip ees ja üleval, ning proovi uuesti.
card_mute = Kaart ei vasta. Pööra kaart ümber, pühi kiip kuiva lapiga puhtaks ja proovi uuesti.
card_foreign = See programm ei tunne sellist kaarti. Sellelt ainult küsiti, mis kaart see on: PIN-koodi ei saadetud ja midagi ei kirjutatud.
card_contactless = Kaart on kontaktivabal lugejal (NFC), kuid sellist kaarti saab kasutada ainult kiibi kontaktide kaudu: sisesta see kontaktidega lugejasse.
several_cards = { $face ->
    [window] Kaarte on rohkem kui üks. Vali see, mida mõtled.
   *[terminal] Kaarte on rohkem kui üks. Anna sama käsk uuesti koos sellega, mida mõtled:
}
choice = { $face ->
    [window] { $reader }
   *[terminal] --reader { $reader }
}

## Without contacts
can_needed = { $face ->
    [window] Kaart avaneb ainult oma ligipääsukoodiga (CAN): 6 numbrit kaardi pinnal.
   *[terminal] Kaart avaneb ainult oma ligipääsukoodiga (CAN): 6 numbrit kaardi pinnal. Salvesta see käsuga: avain can add
}
can_ask = Kaardi ligipääsukood (CAN), 6 numbrit kaardi pinnal; see ei ole PIN-kood
can_impossible = Kaardi ligipääsukoodis (CAN) on 6 numbrit. See on trükitud kaardile.
can_wrong = Vale kaardi ligipääsukood (CAN): see on kaardile trükitud number, 6 numbrit. { $seconds ->
    [0] Pärast iga valet koodi vastab kaart aeglasemalt.
    [one] Kaart vastas { $seconds } sekundiga ja vastab pärast iga valet koodi aeglasemalt.
   *[other] Kaart vastas { $seconds } sekundiga ja vastab pärast iga valet koodi aeglasemalt.
} PIN-koodi katseid ei kulunud.
can_refused_before = Kaart on selle ligipääsukoodi (CAN) juba tagasi lükanud. Seda ei saadetud uuesti.
can_works = Ligipääsukood (CAN) avab selle kaardi ja on salvestatud.
can_added = Ligipääsukood (CAN) on salvestatud. Seda ei proovitud, sest siin ei ole kaarti, mis avaneb ligipääsukoodiga.
can_known = See ligipääsukood (CAN) on juba salvestatud.
can_not_stored = Ligipääsukood (CAN) avab selle kaardi, kuid seda ei saanud salvestada.
can_none = Ühtegi ligipääsukoodi (CAN) ei ole salvestatud.
can_entry = { $place }: { $model }, kaart { $number }{ $holder ->
    [none] { "" }
   *[other] , { $holder }
}
can_entry_unused = { $place }: ei ole veel ühtegi kaarti avanud
can_forgotten = Kustutatud. Ligipääsukood (CAN) on endiselt kaardile trükitud.
can_which = Loendis ei ole kohta { $place }. Vaata seda käsuga: avain can list
can_no_place = Ligipääsukoode (CAN) ei saa salvestada: HOME ega XDG_CONFIG_HOME ei ole määratud.
can_unusable = Faili { $file } ei saa kasutada: see peab olema sinu enda fail, mida teised lugeda ei tohi, sinu enda kaustas. Midagi ei muudetud.
can_broken = { $face ->
    [window] Fail { $file } ei ole selline, nagu see programm kirjutab, ja seda ei kasutata. Kustuta see, et koode uuesti salvestada.
   *[terminal] Fail { $file } ei ole selline, nagu see programm kirjutab, ja seda ei kasutata. Kustuta see koos kõigi koodidega käsuga: avain can forget all
}
can_how = Skript salvestab kõigepealt ligipääsukoodi (CAN): avain can add
hold_still = Hoia kaarti lugejal paigal, kuni töö on valmis.
lay_on = Aseta kaart lugejale.
card_lifted = Kaart tõsteti lugejalt liiga vara ära. Hoia kaarti paigal, kuni töö on valmis.
contacts_only = Seda ei saa sellise kaardiga kontaktivabalt teha: sisesta see kontaktidega lugejasse. Midagi ei saadetud.
contacts_for = Pole teada, et keegi oleks sellise kaardi koodi { $pin } kontaktivabalt kasutanud. Sisesta kaart kontaktidega lugejasse.

## What a card, or the way to it, can do wrong
card_removed = Kaart võeti välja. Pane see tagasi ja proovi uuesti.
card_swapped = Kaart vahetati teise vastu. Alusta uuesti.
card_busy = Kaarti kasutab teine programm. Sulge see või oota hetk ja proovi uuesti.
not_allowed = Selles seansis ei tohi kaardilugejat kasutada: süsteem (polkit) keelab selle. Kasuta arvutit kohapeal, mitte võrgu kaudu, või palu haldajal lisada reegel.
waiting = Kaarti kasutab teine programm. Ootan, kuni see kaardi vabastab.
waiting_for = Kaarti kasutab teine programm. Ootan, kuni see kaardi vabastab. Sinu programmid, mis saavad kaarte kasutada: { $programs }
card_disturbed = Ühendus kaardiga oli häiritud. Sisesta kaart uuesti ja proovi uuesti.
card_refused = Kaart ei võtnud seda vastu.
card_incomplete = Kaardil puudub see, mis sellistel kaartidel on: see on pooleli või katki. PIN-koodi ei saadetud ja midagi ei kirjutatud. Aidata saab kaardi väljaandja.
card_nonsense = Kaart vastas midagi arusaamatut. Sisesta see uuesti ja proovi uuesti.
card_unclear = Kaart ei andnud selget vastust.
cannot = See kaart ei oska seda.
no_memory = PIN-koodi jaoks ei olnud kaitstud mälu. Kaardile ei saadetud midagi.
keypad_pin = Ootan lugejat: sisesta { $pin }-kood selle klahvistikul ja kinnita seal. Katkestamisklahv peatab.
keypad_change = Ootan lugejat: sisesta selle klahvistikul praegune { $pin }-kood, seejärel kaks korda uus { $pin }-kood, ja kinnita iga kord.
keypad_activate = Ootan lugejat: sisesta selle klahvistikul 7-kohaline aktiveerimiskood, seejärel kaks korda uus { $pin }-kood, ja kinnita iga kord.
keypad_set = { $help ->
    [puk] Ootan lugejat: sisesta selle klahvistikul PUK-kood, seejärel kaks korda uus { $pin }-kood, ja kinnita iga kord.
   *[letter] Ootan lugejat: sisesta selle klahvistikul PUK-kood või 8-kohaline aktiveerimiskood, seejärel kaks korda uus { $pin }-kood, ja kinnita iga kord.
}
keypad_keyboard = Uued PIN-koodid sisestatakse siin, mitte lugeja klahvistikul, millega neid sellele kaardile määrata ei saa.
keypad_cancelled = Katkestatud kaardilugeja klahvistikul.
keypad_too_late = Kaardilugeja klahvistik ootas liiga kaua.
keypad_differs = Uut PIN-koodi ei sisestatud kaks korda ühtemoodi.
keypad_not_taken = Kaardilugeja klahvistik ei võtnud seda vastu: võib-olla oli see liiga lühike või liiga pikk.
nothing_spent = Ühtegi katset ei kulunud.
perhaps_spent = { $face ->
    [window] Katse võis kuluda. Akna esileht näitab, mitu on jäänud.
   *[terminal] Katse võis kuluda. Kontrolli kaardi olekut käsuga: avain status
}
maybe_spent = Katse võis kuluda.
try_spent = { $left ->
    [0] Katse kulus ja rohkem katseid ei ole.
   *[other] Katse kulus: alles on { $left }.
}

## PINs and codes that were refused
pin_wrong = Vale { $pin }. { $left ->
    [one] Jäänud { $left } katse.
   *[other] Jäänud { $left } katset.
}
pin_wrong_untold = Vale { $pin }. Kaart ei teata, mitu katset on jäänud.
pin_now_locked = { $help ->
    [puk] Vale { $pin }. See on nüüd blokeeritud. Blokeeringu saab tühistada PUK-koodiga.
    [municipality] Vale { $pin }. See on nüüd blokeeritud. Blokeeringu saab tühistada ainult kaardi omaniku kohalik omavalitsus.
    [issuer] Vale { $pin }. See on nüüd blokeeritud. Blokeeringu saab tühistada ainult kaardi väljaandja.
   *[letter] Vale { $pin }. See on nüüd blokeeritud. Blokeeringu saab tühistada PUK-koodiga või 8-kohalise aktiveerimiskoodiga.
}
code_wrong = Vale kood. { $left ->
    [one] Jäänud { $left } katse.
   *[other] Jäänud { $left } katset.
}
code_wrong_untold = Vale kood. Kaart ei teata, mitu katset on jäänud.
code_now_locked = { $help ->
    [puk] Vale kood. See oli viimane katse: PUK-kood on nüüd jäädavalt blokeeritud.
   *[letter] Vale kood. See oli viimane katse: PUK-kood või aktiveerimiskood on nüüd jäädavalt blokeeritud.
}
code_lost = { $family ->
    [finland] Kaart kehtib endiselt isikut tõendava dokumendina. Blokeeritud PIN-koodi ei saa enam avada ja siis on e-teenusteks vaja uut kaarti.
    [organisation] Blokeeritud PIN-koodi ei saa enam avada; siis saab kaardi tellinud organisatsioon registreerimispunktist uue kaardi.
    [estonia-envelope] Uut kaarti ei ole vaja: Politsei- ja Piirivalveamet annab kaardi omanikule uue koodiümbriku.
    [latvia] Uut kaarti ei ole vaja: Läti kodakondsus- ja migratsiooniamet (PMLP) annab kaardi omanikule uued koodid.
    [lithuania] Uut kaarti ei ole vaja: Leedu migratsiooniameti teenindus annab kaardi omanikule tasuta uue PIN-koodi.
    [belgium] Blokeeringu saab tühistada ainult kaardi omaniku kohalik omavalitsus.
    [unknown] Blokeeringu saab tühistada ainult kaardi väljaandja.
   *[estonia] Blokeeritud PIN-koodi ei saa enam avada ja siis on e-teenusteks vaja uut kaarti.
}
pin_is_locked = { $help ->
    [puk] { $pin } on blokeeritud. Tühista blokeering PUK-koodiga{ $face ->
        [window] .
       *[terminal] : avain unblock { $number }
    }
    [municipality] { $pin } on blokeeritud. Blokeeringu saab tühistada ainult kaardi omaniku kohalik omavalitsus.
    [issuer] { $pin } on blokeeritud. Blokeeringu saab tühistada ainult kaardi väljaandja.
   *[letter] { $pin } on blokeeritud. Tühista blokeering PUK-koodiga või 8-kohalise aktiveerimiskoodiga{ $face ->
        [window] .
       *[terminal] : avain unblock { $number }
    }
}
code_is_locked = { $help ->
    [puk] PUK-kood on jäädavalt blokeeritud.
   *[letter] PUK-kood või aktiveerimiskood on jäädavalt blokeeritud.
}
code_is_used_up = Kaart ei luba seda koodi enam kasutada, kuigi katseid on jäänud.
transport_is_locked = { $pin } on vale aktiveerimiskoodi tõttu blokeeritud. Nüüd on vaja PUK-koodi; seda saab tellida Soome politsei loateenindusest või välismaal Soome esindusest.
refused_before = Kaart lükkas selle koodi äsja tagasi. Seda ei saadetud uuesti ja ühtegi katset ei kulunud.
new_refused = Kaart ei võta seda uueks koodiks ({ $pin }).
new_unchanged = Uus { $pin } on sama mis vana. Midagi ei muudetud.
unblock_refused = Kaart ei võta seda vastu: võib-olla ei ole { $pin } blokeeritud või on uus kood sama mis enne.

## What cannot be done as the card stands
already_activated = { $face ->
    [window] Kaart on juba aktiveeritud.
   *[terminal] Kaart on juba aktiveeritud. PIN-koodi saab muuta: avain change-pin 1 või avain change-pin 2
}
nothing_to_activate = Sellel kaardil ei ole vaja midagi aktiveerida: koodid toimivad sellistena, nagu need üle anti või valiti.
how_to_change = { $face ->
    [window] PIN-koode saab muuta akna esilehel.
   *[terminal] PIN-koodi saab muuta: avain change-pin 1 või avain change-pin 2
}
how_to_change_one = { $face ->
    [window] PIN-koodi ({ $number }) saab muuta akna esilehel.
   *[terminal] PIN-koodi saab muuta: avain change-pin { $number }
}
not_activated = { $face ->
    [window] { $pin } on veel aktiveerimata. Aktiveeri kõigepealt kaart.
   *[terminal] { $pin } on veel aktiveerimata. Aktiveeri kaart käsuga: avain activate
}
change_first = { $face ->
    [window] { $pin } ({ $number }) on veel see, mis ümbrikus. Kaart ei allkirjasta enne, kui see on muudetud.
   *[terminal] { $pin } on veel see, mis ümbrikus. Kaart ei allkirjasta enne, kui see on muudetud: avain change-pin { $number }
}
no_pin = Sellel kaardil ei ole koodi { $pin }.
no_puk = { $help ->
    [municipality] Sellel kaardil ei ole PUK-koodi. Blokeeringu saab tühistada ainult kaardi omaniku kohalik omavalitsus.
   *[issuer] Sellel kaardil ei ole PUK-koodi. Blokeeringu saab tühistada ainult kaardi väljaandja.
}
puk_is_fixed = Selle kaardi PUK-koodi ei saa muuta.
never_written = See programm tunneb kaarti ainult selle enda kirjelduse järgi ega muuda seepärast kunagi selle koode. Midagi ei saadetud.
write_protected = Ilma selgesõnalise nõusolekuta ei kirjutata sellisele kaardile midagi. Midagi ei saadetud.
short_code_on_locked = { $pin } on blokeeritud valede aktiveerimiskoodidega, vaja on PUK-koodi: seda saab tellida Soome politsei loateenindusest või välismaal Soome esindusest. Kui keegi ei ole valesid koode sisestanud, kontrolli, kas kiri kuulub selle kaardi juurde. Ühtegi katset ei kulunud.
short_code_on_activated = 7-kohalist aktiveerimiskoodi saab kasutada ainult üks kord ja see kaart on juba aktiveeritud.
short_code_untold = { $face ->
    [window] Kaart ei teata, kas selle koodid on veel 7-kohaline aktiveerimiskood, seega koodi ei saadetud. Kui kaart on uus ja sellega tuli niisugune kood, muuda PIN1 ja PIN2 akna esilehel; praegune kood on siis aktiveerimiskood.
   *[terminal] Kaart ei teata, kas selle koodid on veel 7-kohaline aktiveerimiskood, seega koodi ei saadetud. Kui kaart on uus ja sellega tuli niisugune kood, loo PIN1 käsuga avain change-pin 1 ja PIN2 käsuga avain change-pin 2; praegune kood on siis aktiveerimiskood.
}
short_code_for_unblocking = 7-kohalise aktiveerimiskoodiga ei saa blokeeringut tühistada. Vaja on PUK-koodi või 8-kohalist aktiveerimiskoodi.
long_code_on_fresh = { $face ->
    [window] Selle kaardi aktiveerimiskoodis on { $digits } numbrit. Kontrolli, kas kiri kuulub selle kaardi juurde. PUK-koodiga saab blokeeringu tühistada akna esilehel. Ühtegi katset ei kulunud.
   *[terminal] Selle kaardi aktiveerimiskoodis on { $digits } numbrit. Kontrolli, kas kiri kuulub selle kaardi juurde. Kui oled tellinud PUK-koodi, kasuta käsku avain unblock. Ühtegi katset ei kulunud.
}
last_try_code = { $help ->
    [puk] PUK-koodil on jäänud üks katse. Kui see on nüüd vale, blokeerub see jäädavalt ja blokeeritud PIN-koode ei saa enam avada.
   *[letter] Aktiveerimiskoodil või PUK-koodil on jäänud üks katse. Kui see on nüüd vale, blokeerub see jäädavalt ja kaarti ei saa enam e-teenustes kasutada.
}
last_try_transport = Aktiveerimiskoodil on jäänud üks katse ({ $pin }). Kui see on nüüd vale, { $pin } blokeerub ja tuleb tellida PUK-kood.
last_try_pin = { $help ->
    [puk] { $pin }: jäänud on üks katse. Kui see on nüüd vale, { $pin } blokeerub, kuni blokeering PUK-koodiga tühistatakse.
    [municipality] { $pin }: jäänud on üks katse. Kui see on nüüd vale, { $pin } blokeerub, kuni kaardi omaniku kohalik omavalitsus blokeeringu tühistab.
    [issuer] { $pin }: jäänud on üks katse. Kui see on nüüd vale, { $pin } blokeerub, kuni kaardi väljaandja blokeeringu tühistab.
   *[letter] { $pin }: jäänud on üks katse. Kui see on nüüd vale, { $pin } blokeerub, kuni blokeering PUK-koodiga või 8-kohalise aktiveerimiskoodiga tühistatakse.
}
last_try_how = { $help ->
    [puk] Vaata ümbrik veel kord üle. Kui oled kindel, { $face ->
        [window] vali, et viimast katset tohib kasutada.
       *[terminal] anna sama käsk koos valikuga --use-last-try
    }
    [municipality] Kui oled kindel, { $face ->
        [window] vali, et viimast katset tohib kasutada.
       *[terminal] anna sama käsk koos valikuga --use-last-try
    }
    [issuer] Kui oled kindel, { $face ->
        [window] vali, et viimast katset tohib kasutada.
       *[terminal] anna sama käsk koos valikuga --use-last-try
    }
   *[letter] Vaata kiri veel kord üle. Kui oled kindel, { $face ->
        [window] vali, et viimast katset tohib kasutada.
       *[terminal] anna sama käsk koos valikuga --use-last-try
    }
}
nothing_changed = Kaardil ei muudetud midagi.
partly_done = { $face ->
    [window] { $done } on valmis, { $open } on veel puudu. Saad sealt jätkata.
   *[terminal] { $done } on valmis, { $open } on veel puudu. Jätkamiseks anna sama käsk uuesti.
}
equal_no_more = Kaardi kaks koodi on nüüd erinevad. Kui takistus on selge, muuda ka teine ({ $pin }) vanast uueks{ $face ->
    [window] .
   *[terminal] : avain change-pin { $number }
}
perhaps_set = { $face ->
    [window] Ei ole kindel, kas { $pin } sai valmis. Akna esileht näitab kaardi olekut.
   *[terminal] Ei ole kindel, kas { $pin } sai valmis. Kontrolli: avain status
}

## The dialogue
plan_activate = Sinult küsitakse aktiveerimiskoodi ja kaht uut PIN-koodi, kumbagi kaks korda: PIN1 isikutuvastuseks, PIN2 allkirjastamiseks.
plan_activate_one = Sinult küsitakse aktiveerimiskoodi ja kaks korda uut koodi ({ $pin }).
plan_change = Sinult küsitakse praegust koodi ({ $pin }) ja kaks korda uut.
plan_equal = Kaardi allkirjavõtmel on oma kood ({ $pin }), millest saab sama uus kood.
plan_unblock = { $help ->
    [puk] Sinult küsitakse PUK-koodi ja kaks korda uut koodi ({ $pin }).
   *[letter] Sinult küsitakse PUK-koodi või 8-kohalist aktiveerimiskoodi ja kaks korda uut koodi ({ $pin }).
}
plan_refill = Sinult küsitakse PUK-koodi. See annab katsed tagasi ({ $pin }) ja kood jääb samaks.
take_your_time = { $face ->
    [window] Võta rahulikult aega: kaardile ei saadeta midagi enne, kui oled kõik sisestanud ja vajutanud OK.
   *[terminal] Võta rahulikult aega: kaardile ei saadeta midagi enne, kui oled kõik sisestanud ja kinnitanud. Ctrl-C ei muuda kaarti.
}
ask_activation_code = Aktiveerimiskood (kirja paremas allnurgas)
ask_unblock_code = { $help ->
    [puk] PUK-kood
   *[letter] PUK-kood või 8-kohaline aktiveerimiskood
}
ask_old = Praegune { $pin }-kood
ask_envelope_pin = { $pin }-kood ümbrikust
ask_new = Uus { $pin }-kood, { $min }–{ $max } numbrit
ask_new_pin1 = Uus PIN1-kood, { $min }–{ $max } numbrit, isikutuvastuseks
ask_new_pin2 = Uus PIN2-kood, { $min }–{ $max } numbrit, allkirjastamiseks
ask_pin = { $pin }-kood
ask_pin1 = PIN1-kood
ask_pin2 = PIN2-kood
ask_again = Sama uuesti
ask_again_named = Uus { $pin } veel kord
stake_code = { $help ->
    [puk] Kui katsed otsa saavad, blokeerub PUK jäädavalt.
   *[letter] Kui katsed otsa saavad, blokeerub kood jäädavalt ja kaart ei kõlba enam e-teenusteks.
}
stake_transport = Kui katsed otsa saavad, PIN-kood blokeerub ja blokeeringu tühistamiseks tuleb tellida PUK-kood.
ask_unseen = { $question }. Sisestatut ei näidata
untried_card = { $family ->
    [lithuania] Teadaolevalt teeb üks teine programm seda sellise kaardiga ja see programm teeb samamoodi; selle programmiga ei ole teadaolevalt keegi seda proovinud. Kui sinu kaart on teistsugune, võib selle kood blokeeruda või jääda endiseks ja siis saab aidata ainult Leedu migratsiooniameti teenindus.
   *[organisation] Ei ole teada, et keegi oleks seda sellise kaardiga teinud. Programm järgib avaldatud spetsifikatsiooni. Kui sinu kaart on teistsugune, võib selle kood blokeeruda või jääda endiseks ja siis saab aidata ainult kaardi väljaandja.
}
untried_question = Kui soovid siiski jätkata, kirjuta jah:
untried_yes = jah
untried_how = Midagi ei saadetud. Kui tead seda ja soovid jätkata, anna sama käsk koos valikuga --untried-card
confirm = Kas kirjutada see nüüd kaardile? [j/E]
yes = j
cancelled = Katkestatud. Kaardil ei muudetud midagi.
no_terminal = Terminali ei ole, seega koode küsida ei saa. Skriptid annavad need valikuga --pin-file või --pin-fd.
too_few_lines = Koode on liiga vähe: vaja on üht rea kohta, küsimise järjekorras.
unreadable_pins = Koode ei saa sealt lugeda.

## Entries that cannot be
not_digits = Võimalikud on ainult numbrid. Ühtegi katset ei kulunud.
wrong_length = { $pin }-koodis on { $min }–{ $max } numbrit. Ühtegi katset ei kulunud.
wrong_length_letter = { $pin }-koodis peab olema { $min }–{ $max } numbrit. { $face ->
    [window] Kaardile mahub kuni { $most }, kuid teised programmid ei pruugi seda lubada.
   *[terminal] Valikuga --long-pin on võimalik kuni { $most }, kuid teised programmid ei pruugi seda lubada.
}
wrong_code_length = Aktiveerimiskoodis on { $short } numbrit või vanematel kaartidel { $min }–{ $max }. Ühtegi katset ei kulunud.
wrong_puk_length = Selles on { $min }–{ $max } numbrit. Ühtegi katset ei kulunud.
entries_differ = Sisestatud koodid ei ühti.
same_as_pin1 = PIN2 ei tohi olla sama mis PIN1.
same_as_code = { $help ->
    [puk] See ei tohi olla sama mis PUK-kood.
   *[letter] See ei tohi olla sama mis aktiveerimiskood või PUK-kood.
}
same_as_old = See on sama mis vana.

## Entries that should not be
weak_repeated = Pane tähele: see { $pin } on kergesti äraarvatav, selles kordub üks number.
weak_run = Pane tähele: see { $pin } on kergesti äraarvatav, selle numbrid on järjestikused.
weak_known = Pane tähele: see { $pin } on kergesti äraarvatav, see on osa kaardil olevast sünniajast või isikukoodist.
long_for_others = Pane tähele: teised programmid ei pruugi nii pikka koodi ({ $pin }) lubada.
short_for_organisation = Pane tähele: organisatsiooni kaardil on { $pin }-koodis vähemalt { $min } numbrit; vähem lubavad ainult sotsiaal- ja tervishoiu kaardid.

## Success
writing = Kirjutan kaardile. Ära võta kaarti välja.
finishing = Lõpetan, kui see samm on tehtud. Ära võta kaarti välja.
step_done = { $pin } on valmis.
activated = Kaart on aktiveeritud. PIN1 on isikutuvastuseks, PIN2 allkirjastamiseks.
keep_code = Hoia aktiveerimiskood alles ja kaardist eraldi: sellega saab PIN1 ja PIN2 blokeeringu tühistada.
code_used_up = Aktiveerimiskood on nüüd kasutatud ja sellega ei saa blokeeringut tühistada. Kui PIN-kood hiljem blokeerub, on vaja eraldi tellitavat PUK-koodi.
changed = { $pin } on muudetud.
unblocked = { $pin } on valmis ja kasutatav.
refilled = { $pin } on jälle kasutatav. See on sama mis enne.

## Certificates, signatures, the test
no_key = Sellel kaardil ei ole sertifikaati, mille juurde kuulub { $pin }.
no_signing_key = Sellel kaardil ei ole allkirjastamise sertifikaati.
no_usable_key = See programm saab lugeda kaardi sertifikaate, kuid ei saa kasutada selle võtmeid: kaart ei ütle nende kohta piisavalt.
written = Kirjutatud: { $file }
file_exists = { $file } on juba olemas; seda ei muudetud.
file_unreadable = Faili { $file } ei saa lugeda.
file_unwritable = Faili { $file } ei saa kirjutada.
signature_meaning = Hakkad allkirjastama faili { $file }. { $pin }-koodiga antud allkiri on võrdne omakäelisega.
signed = Allkirjastatud: { $file }
signature_invalid = Kaardi tehtud allkiri ei vasta selle sertifikaadile. See visati ära.
test_passed = Lugeja, kaart ja { $pin } töötavad. Kaart tegi kehtiva allkirja { $milliseconds } millisekundiga.

## The diagnosis
bundle_title = Avain: arvuti ja kaartide olukord
bundle_purpose = Neile, kes aitavad, kui midagi ei tööta. Loe see läbi, enne kui selle kellelegi annad.
bundle_harmless = Seda ei saadetud kellelegi. Ühtegi PIN-koodi ei küsitud, ühtegi katset ei kulunud ja kaardile ei kirjutatud midagi.
bundle_left_out = Välja on jäetud kaardi omaniku nimi ja isikukood, kaardi ja dokumendi numbrid, sertifikaadid ise, sinu kasutajanimi, kasutajate kaustade nimed (~ on sinu oma) ja arvuti nimi. Väljajäetu asemel on märk … .
section = { $what ->
    [checks] Mis muu on takistuseks
    [system] Süsteem
    [service] Kiipkaardi teenus
    [programs] Programmid, mis kasutavad kaarte
    [registration] Kus on Avain kasutusel
    [trace] Mida tehti, samm-sammult
   *[environment] Keskkonnamuutujad
}
judged = { $how ->
    [ok] korras
   *[attention] tähelepanu
}: { $what }
fact = { $what ->
    [avain] Avain
    [system] Operatsioonisüsteem
    [kernel] Tuum
    [language] Keel
    [library] Teek
    [connections] Teiste programmide ühendusi
    [atr] Vastus lähtestamisele (ATR)
    [card] Kaart
   *[detail] Täpsustus
}: { $value }
service_answers = Kiipkaardi teenus vastab.
service_silent = Kiipkaardi teenus on olemas, kuid ei vasta. Võrgu kaudu avatud seansis ei pruugi see sulle lubatud olla (polkit); muul juhul taaskäivita see: sudo systemctl restart pcscd
used_alone = Teine programm hoiab kaarti ainult endale. Sulge see programm ja proovi uuesti.
used_shared = Ka teine programm on kaardiga ühenduses.
used_by_nobody = Ükski teine programm ei ole kaardiga ühenduses.
used_for_long = Kaardilt ei saanud { $seconds } sekundi jooksul midagi küsida: teine programm hoiab seda kinni. Sulge see programm ja proovi uuesti.
well_known = Kui hästi tuntud: { $how ->
    [recorded] nähtud tõeliste testkaartide salvestistes
    [several] mitmest sõltumatust allikast
    [one] ühest allikast
   *[guessed] oletatud
}
certificate_key = Võti: { $key }. Väljaandja: { $issuer } ({ $algorithm })
program_none = Ükski teine sinu programm ei kasuta praegu kaarte.
program_scdaemon = GnuPG (scdaemon) töötab ja võib kaarti endale hoida. Lõpeta see: gpgconf --kill scdaemon
program_service = { $name }: on laadinud kiipkaardi teenuse teegi
program_modules = { $name }: on laadinud { $modules }
module_named = { $file } nimetab moodulit { $module }, mis on olemas.
module_gone = { $file } nimetab moodulit { $module }, mida ei ole. Paigalda Avain uuesti või kõrvalda see.
module_other = { $file } nimetab tarkvara { $name } moodulit. Avaini kõrval näitavad programmid kaarti kaks korda ja üks vale PIN võib maksta kaks katset: jäta alles ainult üks.
module_unknown = { $file } nimetab moodulit { $module }.
module_nowhere = Ei p11-kit ega ükski veebilehitseja tunne veel Avaini. Selle muutmiseks: avain register
web_eid = Brauseris { $name } vastab Web eID-le { $program } ({ $file })
web_eid_gone = Brauseris { $name } peaks Web eID-le vastama { $program }, mida ei ole ({ $file })
databases = { $place }: { $found ->
    [one] { $found } moodulite loend
   *[other] { $found } moodulite loendit
}, neist Avain on sees: { $with }
database_twice = { $place }: loendist jõuab Avainini kahel teel, nii et kaarti näidatakse kaks korda. Kõrvalda üks.
database_gone = { $place }: loend nimetab Avaini moodulit, mida ei ole. Paigalda Avain uuesti või võta see loendist välja.
sandboxed = { $name } on paigaldatud kujul { $sandbox } ega saa Avaini väljastpoolt laadida. avain register teeb, mida saab, ja ütleb ülejäänu; või kasuta süsteemi enda paketti.
no_home = HOME ei ole määratud. Ainult sinu jaoks kasutusele võetut ei otsitud.
variable = { $name } = { $value }
no_variables = Ükski ei puuduta kaarte.
record = { $line }

## Registration
reg_module = Moodul: { $file }
reg_no_module = { $face ->
    [window] Avaini moodulit ei leitud. Paigalda pakett, milles see on.
   *[terminal] Avaini moodulit ei leitud: { $file }. Paigalda see või nimeta see: avain register --module FAIL
}
reg_unknown = Ühegi programmi nimi ei ole { $name }. Tuntud on: { $known }
reg_not_root = Ainult root saab muuta seda, mis kehtib kõigile: sudo avain register --system
reg_nothing = Ühtegi kaarte kasutavat programmi ei leitud.
reg_dry = Midagi ei muudetud (--dry-run).
reg_heading = { $what ->
    [program] Programm
    [packaging] paigaldatud
    [place] Kus
    [state] Avain
   *[action] Mida tehakse
}
reg_packaging = { $how ->
    [package] paketina
    [archive] arhiivist
    [snap] snapina
    [flatpak] flatpakina
   *[unknown] ei leitud
}
reg_state = { $what ->
    [absent] puudub
    [registered] on olemas
    [moved] on vanas kohas
    [twice] on kaks korda
    [for-all] on kõigil
    [no-profile] pole veel võimalik
    [borrows] nagu Firefoxis või Thunderbirdis
    [others] seal on teine programm
   *[unclear] pole teada
}
reg_action = { $what ->
    [add] lisatakse
    [mend] parandatakse
    [remove] eemaldatakse
    [prepare] valmistatakse ette
    [leave] mitte midagi: eemaldasid selle ise
   *[nothing] mitte midagi
}
reg_refusal = { $face ->
    [window] See jäetakse puutumata
   *[terminal] jäetakse puutumata
}: { $why ->
    [unreadable] ei saa lugeda
    [unwritable] ei saa kirjutada või on vahepeal muutunud
    [link] on link
    [owner] kuulub kellelegi teisele
    [no-file] ei ole fail
    [text] ei ole UTF-8
    [line] rida { $line } ei saa aru
    [json] ei ole JSON
    [policies] ehitus on tundmatu
    [foreign] ei ole Avaini kirjutatud
   *[path] mooduli tee ei ole tekst
}
reg_failed = { $name }, { $file }: { $why }
reg_done = Tehtud: { $number }.
reg_prepared = Ette valmistatud, aga ülejäänu pead tegema sina: { $number }.
reg_not_done = Ebaõnnestus: { $number }.
reg_nothing_to_do = Midagi polnud vaja teha.
reg_restart = Sulge need programmid ja käivita uuesti: { $names }
reg_forgotten = { $face ->
    [window] Tehtut ei saanud üles märkida; tagasivõtmine võib jätta maha tühje kaustu.
   *[terminal] Tehtut ei saanud üles märkida; avain unregister võib jätta maha tühje kaustu.
}
reg_no_profile = { $face ->
    [window] Programmil { $name } ei ole veel profiili. Käivita see üks kord ja tule siis sellele lehele tagasi.
   *[terminal] Programmil { $name } ei ole veel profiili. Käivita see üks kord ja siis uuesti: avain register
}
reg_snap = { $face ->
    [window] { $name } on snap. Sellel on nüüd mooduli koopia; luba sellel rakenduste seadetes kaarditeenust (pcscd) kasutada. Kas sellest piisab, ei saanud proovida; kui ei, paigalda { $name } paketina.
   *[terminal] { $name } on snap. Sellel on nüüd mooduli koopia; luba sellel kaarditeenust kasutada: sudo snap connect { $snap }:pcscd  Kas sellest piisab, ei saanud proovida; kui ei, paigalda { $name } paketina.
}
reg_flatpak = { $face ->
    [window] { $name } on flatpak. See jõuab kaardini p11-kiti kaudu, mis peab olema paigaldatud, alates su järgmisest seansist.
   *[terminal] { $name } on flatpak. See jõuab kaardini p11-kiti kaudu, mis peab olema paigaldatud, alates su järgmisest seansist või kohe: systemctl --user daemon-reload && systemctl --user start { $unit }.socket
}
reg_web_others = { $face ->
    [window] Web eID-le vastab brauseris { $name } teine programm ja see jääb alles.
   *[terminal] Web eID-le vastab brauseris { $name } teine programm ja see jääb alles. Kui selle asemel peab vastama Avain: avain register web-eid  Selle kirje hoitakse alles ja see tuleb tagasi käsuga: avain unregister web-eid
}
reg_web_snap = { $face ->
    [window] { $name } on snap. Kui Web eID-d esimest korda kasutatakse, küsib töölaud, kas laiendus tohib Avaini käivitada: luba see.
   *[terminal] { $name } on snap. Selle töölauaportaal küsib ühe korra, kas Web eID laiendus tohib Avaini käivitada; seda lubab ka: flatpak permission-set webextensions eu.webeid snap.{ $snap } yes
}
reg_web_flatpak = { $name } on flatpak, millest ükski laiendus ei saa programmi käivitada. Web eID vajab brauserit { $name } paketina.
reg_java = Java leiab kaardi nii: -providerClass sun.security.pkcs11.SunPKCS11 -providerArg { $file }
reg_openssl = OpenSSL leiab kaardi, kui pkcs11-provider on paigaldatud ja OPENSSL_CONF={ $file }
reg_ssh = OpenSSH kasutab kaarti seal, kus ~/.ssh/config ütleb: Include { $file }
reg_ssh_agent = OpenSSH agendile tuleb moodulist öelda: ssh-agent -P { $file }
reg_libreoffice = LibreOffice kasutab Firefoxi või Thunderbirdi profiili mooduleid: Tööriistad, Sätted, LibreOffice, Turvalisus, Sertifikaaditee.
reg_policy_left = { $face ->
    [window] { $name } eemaldab Avaini iga kasutaja profiilist, kui see järgmine kord käivitatakse.
   *[terminal] { $name } eemaldab Avaini iga kasutaja profiilist, kui see järgmine kord käivitatakse. Kui kõik on seda teinud: sudo avain unregister --system --purge
}
reg_policy_unknown = { $face ->
    [window] { $name } järgib seda poliitikat alates versioonist 153 ja sellist versiooni ei leitud. Seni peab iga kasutaja sellel lehel sama tegema.
   *[terminal] { $name } järgib seda poliitikat alates versioonist 153 ja sellist versiooni ei leitud. Seni vajab iga kasutaja: avain register { $program }
}

## What the doctor finds, and what it says
check_well = Miski muu ei ole takistuseks.
check_not_installed = Kiipkaarditeenus (pcscd) ei ole paigaldatud.
check_not_running = Kiipkaarditeenus (pcscd) on paigaldatud, aga ei tööta.
check_mismatch = Selle liivakasti kiipkaarditeek ja väljas olev teenus ei mõista teineteist. Üht neist tuleb uuendada.
check_remote = Sa ei istu selle arvuti taga (seanss on üle võrgu või pole aktiivne) ja polkit ei luba teistel kiipkaarditeenust kasutada. Kasuta kaarti seal, kus sa istud.
check_faulty = Kaardilugejal { $name } on vigu, mida ükski programm ei paranda. Kasuta teist.
check_no_driver = Kaardilugeja on ühendatud, aga kaardilugejate draiver ei ole paigaldatud.
check_holder = { $name } töötab ja võib kaarti enda käes hoida. Sulge see.
check_no_module = Avaini moodul ei ole seal, kuhu see tavaliselt paigaldatakse. Paigalda Avain.
check_load = Faili { $file } ei saa laadida. Laadija ütleb: { $why }
check_hangs = { $file } laaditi, kuid see ei vastanud { $seconds } sekundi jooksul.
check_agent = OpenSSH agent ei võta faili { $file } ise, sest see pole teekide kaustas. Käivita agent valikuga ssh-agent -P või paigalda Avain kausta /usr alla.
check_register = { $name } ei kasuta kaarti: Avain { $state ->
    [moved] on vanas kohas
    [twice] on kaks korda
   *[absent] puudub
} ({ $id }).
check_sandbox = { $name } ({ $id }) töötab liivakastis ({ $packaging }), mis pole kaardi jaoks ette valmistatud.
check_refused = Programmi { $name } ({ $id }) ei saa kaarti kasutama panna: { $file } ei ole nii, nagu peab.
check_java = Java sättefail nimetab vana moodulit.
check_denied = { $file } ütleb, et AppArmor või SELinux keelas midagi: { $line } Arvuti haldaja saab selle lubada.
check_clock = Selle arvuti kell on vale: see on omaenda failidest varasem.
check_expiring = Selle kaardi sertifikaat aegub { $to }. Taotle uus kaart õigel ajal.
doctor_cure = Mis aitab: { $command }
cure_admits = Seejärel saab kõik, mis töötab sinu nimel, ka teistest arvutitest, kasutada lugejas olevat kaarti; PIN-koode on endiselt vaja. Tagasivõtmine: sudo rm { $file }
cure_omits = Programmid, mis kasutavad p11-kiti, jätavad siis selle mooduli kõigi kaartide puhul välja. Tagasivõtmine: rm { $file }
doctor_well = Kõik on korras.
doctor_ask = Kas käivitada see? { $command } (j/e)
doctor_failed = See ei õnnestunud.
doctor_left = Midagi jäi sinu teha.

## Settings
config_file = Fail: { $file }
config_setting = { $name } = { $value } ({ $source ->
    [user] sinu
    [computer] selle arvuti
   *[default] määramata
})
config_about = { $what ->
    [ignore-readers] lugejad, mida ei arvestata, igaüks oma nime osaga; mitte ühtegi
    [keypad] PIN sisestatakse lugeja sõrmistikult, kui lugejal see on; true
    [cache] sertifikaate hoitakse seansi ajal alles; true
    [can-file] kuhu kaartide CAN-numbrid salvestatakse
    [language] akna ja teadete keel, kui see ei ole seansi keel
    [new-card] mis juhtub, kui lugejasse pannakse aktiveerimata kaart: window, notification või nothing; window
    [log] logi aitajatele: info või debug; mitte ühtegi
    [log-file] selle fail, mis on juba olemas
   *[tokens] mida programm kaardist näeb, programmi faili nime järgi: PIN1, PIN2 või none
}
config_ignored = { $file } jäetakse arvestamata: { $why ->
    [line] rida { $line } ei saa aru.
    [unknown] rida { $line }: sätet { $name } ei ole.
    [value] rida { $line }: sättel { $name } ei saa seda väärtust olla.
    [text] see ei ole UTF-8.
    [no-file] see ei ole fail.
    [owner] see kuulub kellelegi teisele.
    [open] teised tohivad sinna kirjutada.
    [long] see on liiga pikk.
   *[unreadable] seda ei saa lugeda.
}
config_unknown = Sätet { $name } ei ole. Tuntud on: { $known }
config_value = Sättele { $name } sobib { $kind ->
    [switch] true või false
    [path] täielik tee
    [one-of] üks neist: { $words }
    [tokens] PIN1, PIN2, mõlemad või none
   *[texts] üks või mitu teksti
}.

## The help of the command line: one line for each command and option
manual_heading = { $what ->
    [NAME] NIMI
    [SYNOPSIS] KASUTAMINE
    [DESCRIPTION] KIRJELDUS
    [OPTIONS] VALIKUD
    [EXTRA] LISAKS
    [VERSION] VERSIOON
   *[other] { $what }
}
help_avain = Hoolitseb ID-kaardi eest: aktiveerib selle, muudab koode ja tühistab blokeeringuid, allkirjastab.
help_status = Näita lugejaid, kaarte ja koodide olekut ning mida teha järgmiseks
help_activate = Aktiveeri uus kaart kirjas oleva koodiga või jätka aktiveerimist
help_change_pin = Muuda PIN-kood, mida mäletad, või PUK-kood, kui kaart seda lubab
help_unblock = Tühista blokeering või asenda unustatud kood PUK-koodi või kirjas oleva koodiga
help_certs = Näita kaardi sertifikaate
help_sign = Allkirjasta fail: eraldi CMS-allkiri, milles on sinu sertifikaat
help_test = Proovi tähenduseta allkirjaga, kas kõik töötab
help_can = Salvesta kaardile trükitud ligipääsukood, mis avab kaardi kontaktivabalt
help_diagnose = Kogu aitajate jaoks, miks miski ei pruugi töötada
help_answer = Vasta teise programmi JSON-päringule (kasutab avain-web)
help_generate = Kirjuta juhendid ja käsulõpetused kausta
help_can_action = add salvestab koodi, list näitab, kelle koodid on salvestatud, forget kustutab koodi
help_which = Milline kustutada, loendi järjekorranumbri järgi, või all (kõik)
help_reader = Lugeja, nime või selle osa järgi
help_lang = fi, sv, en või et; muidu süsteemi keel
help_verbose = Teata aitajate jaoks ka samm ja olekukood
help_help = Näita seda
help_version = Näita versiooni
help_json = JSON-ina
help_personal = Ka kelle kaart see on: nimi, numbrid ja mida kaart ilma koodita ütleb
help_pin = 1 on isikutuvastuseks, 2 allkirjastamiseks; 1 on ka kaardi ainus kood
help_pin_file = Loe koodid sellest failist, üks reast
help_pin_fd = Loe koodid sellest deskriptorist, üks reast
help_keyboard = Sisesta PIN-koodid siin, isegi kui lugejal on klahvistik
help_use_last_try = Kasuta ka viimane katse; kui see on vale, kood või kaart blokeerub
help_long_pin = Luba pikemad uued koodid; teised programmid ei pruugi neid lubada
help_untried_card = Jätka kaardiga, millega teadaolevalt keegi ei ole proovinud
help_pem = PEM-ina
help_der = DER-failidena sellesse kausta
help_file = Mida allkirjastada
help_output = Kuhu allkiri läheb; muidu FAIL.p7s
help_report = Sellesse uude faili, mida saad lugeda ainult sina
help_register = Võta kaart kasutusele veebilehitsejates, e-postis ja mujal ning näita, mida tehakse
help_unregister = Eemalda see neist; nende failid on siis nagu enne
help_programs = Ainult need programmid, nagu firefox või chromium; muidu kõik
help_system = Kõigile selles arvutis; vajab rooti
help_new = Ainult programmid, millele pole varem öeldud; eemaldatu jääb eemaldatuks
help_dry_run = Näita ainult, mida tehtaks
help_module = Mooduli fail, kui see pole seal, kuhu see tavaliselt paigaldatakse
help_root = Arvuti, mille failid on selles kaustas
help_purge = Ära jäta midagi maha, isegi mitte lehitsejatele teadet Avain eemaldada
help_config = Näita sätteid või muuda üht
help_setting = Milline säte; avain config näitab kõiki
help_values = Selle uus väärtus või mitu
help_unset = Võta see failist välja
help_doctor = Selgita välja, mis takistab kaardi kasutamist ja mis aitab
help_probe = Laadi moodul nagu veebilehitseja ja ütle, mida laadija ütleb
help_fix = Käivita see, mis aitab, küsides iga kord
help_heading = { $what ->
    [usage] Kasutamine
    [commands] Käsud
    [command] KÄSK
    [arguments] Argumendid
   *[options] Valikud
}
help_value = { $what ->
    [SETTING] SÄTE
    [VALUE] VÄÄRTUS
    [PROGRAM] PROGRAMM
    [LANGUAGE] KEEL
    [FILE] FAIL
    [NUMBER] NUMBER
    [FOLDER] KAUST
   *[NAME] NIMI
}
help_more =
    Koode sisestatakse nii, et neid ei näidata. Neid ei võeta kunagi käsurealt ega keskkonnamuutujatest, kus teised programmid neid näeksid. Skriptid annavad need failis või deskriptoril, ühe rea kohta ja igaühe üks kord, küsimise järjekorras.

    Keskkonnamuutujad:
       AVAIN_LOG       info või debug: teatab veaväljundis, mida tehakse, kuid mitte ühtegi koodi ega midagi kaardi sisust
       AVAIN_LOG_FILE  fail selle jaoks; see peab olemas olema ja keegi teine ei tohi sinna kirjutada saada

    Väljumiskoodid:
       0   tehtud, või ei olnud midagi teha
       1   ei õnnestunud
       2   käsurida on vale
       3   ei ole lugejat või kaarti, või ei ole selge, milline
       4   kaart lükkas koodi tagasi: katse kulus
       5   kood on blokeeritud
       6   kahest sammust tehti ainult üks: sama käsk teeb ülejäänu
       7   jäänud on üks katse ja valikut --use-last-try ei antud
       8   sisestatu või soovitu ei sobi kaardile: midagi ei saadetud
       9   kaart on tundmatu või ei oska seda
       10  kasutaja katkestas
usage_unknown = Sellist valikut või argumenti ei ole: { $what }
usage_command = Käsku { $what } ei ole.
usage_value = { $value } ei sobi: { $option }
usage_value_missing = Väärtus puudub: { $option }
usage_missing = Puudub: { $what }
usage_conflict = { $first } ja { $second } välistavad teineteise.
usage_wrong = Käsurida on vale.
usage_help = Abi: { $command }

## The window
window_reading = Loen kaarti
window_absent = Pane kaart lugejasse
window_choose = Milline kaart?
window_can = Kaardi number
window_failed = See ei õnnestunud
window_done = Valmis
window_wait = Üks hetk
window_language = Keel
window_offer = ID-kaart ei ole veel aktiveeritud
window_offer_why = Kaardiga saab end tuvastada ja allkirjastada alles siis, kui oled sellele loonud kaks PIN-koodi. Isikut tõendava ja reisidokumendina kehtib kaart ka aktiveerimata. Vaja on kirja, milles on aktiveerimiskood.
window_activate = Aktiveeri kaart
window_activated = Kaart on aktiveeritud
window_letter = Aktiveerimiskood on kirja paremas allnurgas.
window_letter_picture = Pilt kirjast: kood on paremas allnurgas
window_keypad = Lugejal on klahvistik. Seda, mis sellel sisestatakse, arvuti ei näe.
window_change = Muuda { $pin }
window_unblock = { $pin }: tühista blokeering või asenda unustatud
window_test = Testi kaarti ja lugejat
window_sign = Allkirjasta fail
window_file = Fail: { $file }
window_size = Suurus: { $size ->
    [one] { $size } bait
   *[other] { $size } baiti
}
window_digest = Räsi ({ $hash }): { $digest }
window_certificates = Kaardi sertifikaadid
window_report = Aruanne aitajale
window_consent = Seda ei ole sellise kaardiga proovitud
window_agree = Saan sellest aru ja soovin jätkata
window_wise = Kui soovid siiski neid koode, vajuta uuesti OK.
window_keep_apart = Hoia koodid kaardist eraldi ja ära näita neid kellelegi.
window_drop = Faili saab allkirjastada ka nii, et lohistad selle siia aknasse.
window_settings = Seaded
window_new_card = Kui lugejasse pannakse kaart, mis ei ole veel aktiveeritud
window_prefers = { $what ->
    [window] avaneb see aken
    [notification] näidatakse teadet
   *[nothing] ei juhtu midagi
}
window_numbers = Salvestatud ligipääsukoodid (CAN)
window_programs = Veebilehitsejad ja kaart
window_programs_offer = Sinu veebilehitsejad ei tunne kaarti veel, nii et sellega ei saa end neis tuvastada.
window_programs_why = Neile programmidele öeldakse, kuidas kaardini jõuda. Muud neis ei muudeta ja selle saab siin tagasi võtta.
window_programs_known = Sinu veebilehitsejad tunnevad kaarti.
window_standing = { $state ->
    [absent] See ei tunne Avaini veel.
    [registered] See tunneb Avaini.
    [moved] See otsib Avaini sealt, kus seda enam ei ole.
    [twice] See tunneb Avaini kaht teed pidi, nii et kaart on näha kaks korda.
    [for-all] See tunneb Avaini, nagu kõigil selle arvuti kasutajatel.
    [no-profile] Sellel ei ole veel profiili: käivita programm üks kord ja tule siis sellele lehele tagasi.
    [borrows] See kasutab Firefoxi või Thunderbirdi mooduleid.
    [others] Seal vastab teine programm ja see jääb alles.
   *[unclear] Seisu ei saa kindlaks teha.
}
window_happens = { $action ->
    [add] Sellele öeldakse.
    [mend] See parandatakse.
   *[prepare] Mida saab, valmistatakse ette; siis öeldakse, mis jääb sinu teha.
}
window_became = { $action ->
    [add] { $name } tunneb nüüd Avaini.
    [mend] { $name } tunneb nüüd Avaini.
    [remove] { $name } ei tunne enam Avaini.
   *[prepare] { $name } on ette valmistatud. Ülejäänu pead tegema sina:
}
window_change_any = Vaheta PIN-kood
window_unblock_any = Tühista PIN-koodi blokeering või asenda unustatud
button_activate = Aktiveeri kohe
button_later = Mitte praegu
button_never = Ära selle kaardi kohta enam küsi
button_ok = OK
button_again = Proovi uuesti
button_back = Tagasi
button_close = Sulge
button_go_on = Jätka
button_test = Testi kohe
button_change = Muuda { $pin }
button_unblock = Tühista { $pin } blokeering või asenda unustatud
button_sign = Allkirjasta fail…
button_certificates = Sertifikaadid
button_report = Aruanne aitajale
button_save = Salvesta { $what }…
button_copy = Kopeeri
button_last_try = Kasuta viimast katset
button_keypad = Sisesta lugejal
button_keyboard = Sisesta siin
button_programs = Võta kaart mu veebilehitsejates kasutusele
button_no = Ei, aitäh
button_undo = Võta tagasi
button_forget = Kustuta need koodid
asked_login = { $origin } palub sul end tuvastada
asked_signature = { $origin } palub sinu allkirja
asked_meaning = { $pin }-koodiga antud allkiri on võrdne omakäelisega. Kontrolli, kas teenus näitab sama räsi.
asked_other_card = Teenus ootab teist kaarti kui see.
asked_certificate = { $origin } küsib sinu allkirjastamissertifikaati
asked_certificate_meaning = Teenus saaks sinu allkirjastamisvõtme sertifikaadi. Selles on sinu nimi ja isikukood. See ei ole veel allkiri.
asked_share = Kas anda teenusele sertifikaat? [j/E]
asked_hash = Kaart ei saa allkirjastada räsi, mis on tehtud funktsiooniga { $hash }.
asked_no_certificate = Kaardil ei ole sertifikaati, mida teenus aktsepteerib.
help_web = Luba veebilehtedel allkirju küsida (Soome allkirjateenus SCS)
help_face = Mis teenus: scs
help_switch = on (sisse), off (välja) või status (olek)
scs_on = Veebilehed saavad küsida allkirju aadressil https://localhost:53952 (SCS). Teenuse sertifikaadid lõpevad { $end }.
scs_off = Veebilehed ei saa küsida allkirju aadressil https://localhost:53952 (SCS on välja lülitatud).
scs_ends = Veebilehtede allkirjateenuse (SCS) sertifikaadid lõpevad { $end }. Uued: avain web scs on
scs_trusted = { $name } usaldab teenust ({ $place })
scs_untrusted = { $name } ei usalda teenust ({ $place }), seega ei leia lehed midagi. Parandus: avain web scs on
scs_taken_out = { $name } ei usalda enam teenust ({ $place })
scs_failed = Programmile { $name } ei saanud teenusest teada anda ({ $place }): { $why }
scs_refused = { $name }, { $place }: { reg_refusal }
scs_left = { $name } võib teenust veel usaldada ({ $place }): { $why }  Sellest pole kellelgi kasu, sest teenuse võti on hävitatud. Eemaldamine: avain web scs off
scs_no_tool = Puudub certutil, mille abil brauserid teenusest teada saavad. Paigalda see ja proovi uuesti: { $command }  Või impordi { $file } brauseri seadetes veebisaitide sertifitseerijaks.
scs_no_browser = Ühtegi profiiliga brauserit ei leitud. Käivita see korra ja siis: avain web scs on  Või impordi { $file } selle seadetes veebisaitide sertifitseerijaks.
scs_not_made = { $file } ei saanud teenuse sertifikaate teha.
scs_by_hand = Sinu systemd ei kuula lehti. Lase oma seansil selle asemel käivitada: { $file } scs run
scs_silent = Pordis 53952 ei kuula keegi. Parandus: avain web scs on
scs_taken = Pordi 53952 on hõivanud { $name }: lehed jõuavad selle programmini, mitte Avainini. Lõpeta see ja siis: avain web scs on
scs_taken_unknown = Pordi 53952 on hõivanud teise kasutaja programm: lehed jõuavad selleni, mitte Avainini.
scs_question = Kui leht küsib esimest korda, küsib brauser, kas see tohib kasutada seadme teisi rakendusi ja teenuseid. Luba see ja laadi leht uuesti: paljud lehed ootavad ainult kaks sekundit. Taaskäivita avatud brauser.
scs_policies = Haldurid lubavad selle ette poliitikatega: LoopbackNetworkAllowedForUrls (Chromium, Chrome ja Edge) või LocalNetworkAccess koos väärtusega SkipDomains (Firefox).
button_share = Anna sertifikaat
