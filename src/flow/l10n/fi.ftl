# Suomi. PIN1 on perustunnusluku (tunnistautuminen), PIN2 allekirjoitustunnusluku (allekirjoittaminen).

## Readers and cards
reader = Lukija: { $name }
reader_empty = Ei korttia.
reader_mute = Lukijassa on kortti, mutta se ei vastaa. Käännä kortti, pyyhi siru kuivalla liinalla ja yritä uudelleen.
reader_foreign = Lukijassa on kortti, jota tämä ohjelma ei tunne. Siltä vain kysyttiin, mikä se on: tunnuslukuja ei lähetetty eikä mitään kirjoitettu.
card = Kortti: { $family ->
    [finland] Henkilökortti
    [organisation] Organisaation varmennekortti
    [estonia-envelope] Viron henkilökortti
    [estonia] Viron henkilökortti
    [latvia] Latvian henkilökortti
    [lithuania] Liettuan henkilökortti
    [belgium] Belgian henkilökortti
   *[unknown] Muu kortti
} ({ $model })
card_number = Kortin numero: { $number }
document = { $kind ->
    [e-residency] Tämä on e-Residency-kortti: sähköiseen asiointiin, ei matkustamiseen eikä henkilöllisyyden osoittamiseen.
   *[digi-id] Tämä on digitaalinen henkilökortti (digi-ID): sähköiseen asiointiin, ei matkustamiseen eikä henkilöllisyyden osoittamiseen.
}
holder = Haltija: { $name }
personal = { $what ->
    [surname] Sukunimi
    [given_names] Etunimet
    [sex] Sukupuoli
    [citizenship] Kansalaisuus
    [birth] Syntynyt
    [birth_place] Syntymäpaikka
    [personal_code] Henkilötunnus
    [document_number] Asiakirjan numero
    [valid_from] Voimassa alkaen
    [valid_to] Voimassa päivään
    [issue] Myönnetty
    [street] Katuosoite
    [postal_code] Postinumero
    [municipality] Kunta
   *[other] Muu
}: { $value }
certificate = { $purpose ->
    [login] Tunnistautumisvarmenne
    [signing] Allekirjoitusvarmenne
   *[authority] Varmentajan varmenne
}: { $from } – { $to }{ $validity ->
    [expired] , vanhentunut
    [not-yet-valid] , ei vielä voimassa
   *[valid] { "" }
}
described_by_itself = Tämä ohjelma ei tunne tällaista korttia vaan käyttää sitä sen mukaan, mitä kortti kertoo itsestään. Kortille ei koskaan kirjoiteta mitään.
certificate_expired = Varmenne vanheni { $to }. Hae uutta korttia.
certificate_not_yet = Varmenne on voimassa vasta { $from } alkaen, ja tämän tietokoneen kellon mukaan nyt on { $today }. Onko kello oikeassa?
certificate_none = Tällä kortilla ei ole varmennetta.

## How the card stands
pin_ready = { $pin }: käytössä, { $left ->
    [one] { $left } yritys jäljellä
   *[other] { $left } yritystä jäljellä
}
pin_fresh = { $pin }: aktivoimatta, { $left ->
    [one] { $left } yritys jäljellä
   *[other] { $left } yritystä jäljellä
}
pin_unchanged = { $pin }: vaihdettava ennen käyttöä, { $left ->
    [one] { $left } yritys jäljellä
   *[other] { $left } yritystä jäljellä
}
pin_locked = { $pin }: lukittu
pin_locked_by_codes = { $pin }: lukittu väärillä aktivointitunnusluvuilla, tarvitaan PUK-tunnusluku
pin_unset = { $pin }: aktivoimatta tai lukittu
pin_unknown = { $pin }: kortti ei kerro, montako yritystä on jäljellä
code_left = { $help ->
    [puk] PUK
   *[letter] PUK tai 8-numeroinen aktivointitunnusluku
}: { $left ->
    [one] { $left } yritys jäljellä
   *[other] { $left } yritystä jäljellä
}
code_locked = { $help ->
    [puk] PUK: lukittu pysyvästi
   *[letter] PUK tai 8-numeroinen aktivointitunnusluku: lukittu pysyvästi
}

## What to do next
next_nothing = Kortti on käyttövalmis.
next_activate = { $face ->
    [window] Korttia ei ole aktivoitu.
   *[terminal] Korttia ei ole aktivoitu. Aktivoi se komennolla: avain activate
}
next_set_both = { $face ->
    [window] Molemmat tunnusluvut on lukittu. Voit asettaa ne uudelleen.
   *[terminal] Molemmat tunnusluvut on lukittu. Aseta ne uudelleen komennolla: avain activate
}
next_go_on = { $face ->
    [window] Kortti on aktivoitu vain osittain. Jatka aktivointia.
   *[terminal] Kortti on aktivoitu vain osittain. Jatka komennolla: avain activate
}
next_unblock = { $face ->
    [window] { $pin } on lukittu. Voit avata lukituksen.
   *[terminal] Avaa { $pin } komennolla: avain unblock { $number }
}
next_first_change = { $face ->
    [window] Ennen ensimmäistä allekirjoitusta on vaihdettava { $pin }.
   *[terminal] Ennen ensimmäistä allekirjoitusta on vaihdettava { $pin }. Vaihda se komennolla: avain activate
}
next_lost = { $family ->
    [finland] Tätä lukitusta ei voi enää avata. Kortti kelpaa yhä henkilöllisyystodistukseksi, mutta sähköiseen asiointiin tarvitaan uusi kortti.
    [organisation] Tätä lukitusta ei voi enää avata. Kortin tilannut organisaatio saa uuden kortin rekisteröintipisteestä.
    [estonia-envelope] Uutta korttia ei tarvita: Viron poliisi- ja rajavartiovirasto antaa kortin haltijalle uuden tunnuslukukuoren.
    [latvia] Uutta korttia ei tarvita: Latvian kansalaisuus- ja maahanmuuttovirasto (PMLP) antaa kortin haltijalle uudet tunnusluvut.
    [lithuania] Uutta korttia ei tarvita: Liettuan maahanmuuttoviraston toimipiste antaa kortin haltijalle maksutta uuden tunnusluvun.
    [belgium] Lukituksen voi avata vain kortin haltijan kotikunta.
    [unknown] Lukituksen voi avata vain kortin myöntäjä.
   *[estonia] Tätä lukitusta ei voi enää avata: sähköiseen asiointiin tarvitaan uusi kortti.
}
next_expired = Kortin varmenteet vanhenivat { $to }: sähköiseen asiointiin tarvitaan uusi kortti. Hae sitä.
certificates_only = Tämä ohjelma voi näyttää kortin varmenteet mutta ei muuta.
where_puk = PUK-tunnusluku tuli kortin mukana kuten muutkin tunnusluvut: kuoressa tai kirjeessä.
where_puk_estonia = PUK-tunnusluku on kortin mukana tulleessa kuoressa ja Viron poliisi- ja rajavartioviraston itsepalvelussa.

## No card to work with
no_service = { $face ->
    [window] Älykorttipalvelu (pcscd) ei ole käynnissä. Käynnistä tietokone uudelleen. Jos se ei auta, pyydä tietokoneen ylläpitäjää asentamaan paketti pcscd.
   *[terminal] Älykorttipalvelu ei ole käynnissä. Käynnistä se: sudo systemctl start pcscd.socket
}
no_reader = Kortinlukijaa ei löydy. Kytke lukija ja yritä uudelleen.
no_such_reader = { $face ->
    [window] Yhdenkään kortinlukijan nimi ei ole { $name }.
   *[terminal] Yhdenkään kortinlukijan nimi ei ole { $name }. Komento avain status näyttää lukijat.
}
no_card = Laita kortti lukijaan siru edellä ja ylöspäin ja yritä uudelleen.
card_mute = Kortti ei vastaa. Käännä kortti, pyyhi siru kuivalla liinalla ja yritä uudelleen.
card_foreign = Tämä ohjelma ei tunne tällaista korttia. Siltä vain kysyttiin, mikä se on: tunnuslukuja ei lähetetty eikä mitään kirjoitettu.
card_contactless = Kortti on lähiluettavana (NFC), ja tällaista korttia voi käyttää vain sirun koskettimilla: työnnä se lukijaan, jossa on koskettimet.
several_cards = { $face ->
    [window] Kortteja on useampi kuin yksi. Valitse se, jota tarkoitat.
   *[terminal] Kortteja on useampi kuin yksi. Anna sama komento uudelleen ja lisää siihen se, jota tarkoitat:
}
choice = { $face ->
    [window] { $reader }
   *[terminal] --reader { $reader }
}

## Without contacts
can_needed = { $face ->
    [window] Kortti avautuu vain pääsykoodillaan (CAN): 6 numeroa kortin pinnalla.
   *[terminal] Kortti avautuu vain pääsykoodillaan (CAN): 6 numeroa kortin pinnalla. Tallenna se komennolla: avain can add
}
can_ask = Kortin pääsykoodi (CAN), 6 numeroa kortin pinnalla; se ei ole tunnusluku
can_impossible = Kortin pääsykoodissa (CAN) on 6 numeroa. Se on painettu korttiin.
can_wrong = Väärä kortin pääsykoodi (CAN): se on korttiin painettu 6-numeroinen luku. { $seconds ->
    [0] Kortti vastaa hitaammin jokaisen väärän jälkeen.
    [one] Kortti vastasi { $seconds } sekunnissa ja vastaa hitaammin jokaisen väärän jälkeen.
   *[other] Kortti vastasi { $seconds } sekunnissa ja vastaa hitaammin jokaisen väärän jälkeen.
} Tunnuslukujen yrityksiä ei kulunut.
can_refused_before = Kortti hylkäsi tämän pääsykoodin (CAN) jo aiemmin. Sitä ei lähetetty uudelleen.
can_works = Pääsykoodi (CAN) avaa tämän kortin, ja se on tallennettu.
can_added = Pääsykoodi (CAN) on tallennettu. Sitä ei kokeiltu, koska tässä ei ole korttia, joka avautuu pääsykoodilla.
can_known = Tämä pääsykoodi (CAN) on jo tallennettu.
can_not_stored = Pääsykoodi (CAN) avaa tämän kortin, mutta sitä ei voitu tallentaa.
can_none = Yhtään pääsykoodia (CAN) ei ole tallennettu.
can_entry = { $place }: { $model }, kortti { $number }{ $holder ->
    [none] { "" }
   *[other] , { $holder }
}
can_entry_unused = { $place }: ei ole vielä avannut korttia
can_forgotten = Poistettu. Pääsykoodi (CAN) on yhä painettuna kortissa.
can_which = Luettelossa ei ole kohtaa { $place }. Katso se komennolla: avain can list
can_no_place = Pääsykoodeja (CAN) ei voi tallentaa: HOME ja XDG_CONFIG_HOME puuttuvat.
can_unusable = Tiedostoa { $file } ei voi käyttää: sen on oltava oma tiedostosi, jota muut eivät saa lukea, omassa kansiossasi. Mitään ei muutettu.
can_broken = { $face ->
    [window] Tiedosto { $file } ei ole sellainen, jonka tämä ohjelma kirjoittaa, eikä sitä käytetä. Poista se, niin koodeja voi taas tallentaa.
   *[terminal] Tiedosto { $file } ei ole sellainen, jonka tämä ohjelma kirjoittaa, eikä sitä käytetä. Poista se kaikkine koodeineen komennolla: avain can forget all
}
can_how = Komentosarja tallentaa ensin pääsykoodin (CAN): avain can add
hold_still = Pidä kortti paikallaan lukijan päällä, kunnes työ on valmis.
lay_on = Aseta kortti lukijan päälle.
card_lifted = Kortti nostettiin lukijalta liian aikaisin. Pidä kortti paikallaan, kunnes työ on valmis.
contacts_only = Tätä ei voi tehdä tällaisella kortilla lähiluettuna: työnnä se lukijaan, jossa on koskettimet. Mitään ei lähetetty.
contacts_for = Kenenkään ei tiedetä käyttäneen tällaisen kortin lukua { $pin } lähiluettuna. Työnnä kortti lukijaan, jossa on koskettimet.

## What a card, or the way to it, can do wrong
card_removed = Kortti otettiin pois. Laita se takaisin ja yritä uudelleen.
card_swapped = Kortti vaihtui toiseen. Aloita alusta.
card_busy = Toinen ohjelma käyttää korttia. Sulje se tai odota hetki ja yritä uudelleen.
not_allowed = Tässä istunnossa kortinlukijaa ei saa käyttää: järjestelmä (polkit) kieltää sen. Käytä tietokonetta paikan päällä eikä verkon yli, tai pyydä ylläpitoa lisäämään sääntö.
waiting = Toinen ohjelma käyttää korttia. Odotetaan, kunnes se vapauttaa kortin.
waiting_for = Toinen ohjelma käyttää korttia. Odotetaan, kunnes se vapauttaa kortin. Ohjelmasi, jotka voivat käyttää kortteja: { $programs }
card_disturbed = Yhteys korttiin häiriintyi. Laita kortti lukijaan uudelleen ja yritä uudelleen.
card_refused = Kortti ei hyväksynyt tätä.
card_incomplete = Kortilta puuttuu se, mikä tällaisilla korteilla on: se on keskeneräinen tai rikki. Tunnuslukuja ei lähetetty eikä mitään kirjoitettu. Kortin myöntäjä voi auttaa.
card_nonsense = Kortti vastasi tavalla, jota ei voi tulkita. Laita se lukijaan uudelleen ja yritä uudelleen.
card_unclear = Kortti ei antanut selvää vastausta.
cannot = Tätä ei voi tehdä tällä kortilla.
no_memory = Tunnusluvulle ei saatu suojattua muistia. Kortille ei lähetetty mitään.
keypad_pin = Odotetaan lukijaa: kirjoita { $pin } lukijan näppäimillä ja hyväksy se siellä. Lukijan peruutusnäppäin keskeyttää.
keypad_change = Odotetaan lukijaa: kirjoita lukijan näppäimillä nykyinen { $pin } ja sitten uusi { $pin } kahdesti, ja hyväksy jokainen.
keypad_activate = Odotetaan lukijaa: kirjoita lukijan näppäimillä 7-numeroinen aktivointitunnusluku ja sitten uusi { $pin } kahdesti, ja hyväksy jokainen.
keypad_set = { $help ->
    [puk] Odotetaan lukijaa: kirjoita lukijan näppäimillä PUK-tunnusluku ja sitten uusi { $pin } kahdesti, ja hyväksy jokainen.
   *[letter] Odotetaan lukijaa: kirjoita lukijan näppäimillä PUK-tunnusluku tai 8-numeroinen aktivointitunnusluku ja sitten uusi { $pin } kahdesti, ja hyväksy jokainen.
}
keypad_keyboard = Uudet tunnusluvut kirjoitetaan tässä eikä lukijan näppäimillä, joilla niitä ei voi asettaa tälle kortille.
keypad_cancelled = Keskeytetty kortinlukijan näppäimillä.
keypad_too_late = Kortinlukijan näppäimistö odotti liian kauan.
keypad_differs = Uutta tunnuslukua ei annettu kahdesti samalla tavalla.
keypad_not_taken = Kortinlukijan näppäimistö ei hyväksynyt tätä: ehkä se oli liian lyhyt tai liian pitkä.
nothing_spent = Yrityksiä ei kulunut.
perhaps_spent = { $face ->
    [window] Yritys on voinut kulua. Ikkunan etusivu näyttää, montako on jäljellä.
   *[terminal] Yritys on voinut kulua. Tarkista kortin tila komennolla: avain status
}
maybe_spent = Yritys on voinut kulua.
try_spent = { $left ->
    [0] Yritys kului, eikä yrityksiä ole enää jäljellä.
   *[other] Yritys kului: jäljellä { $left }.
}

## PINs and codes that were refused
pin_wrong = Väärä { $pin }. { $left ->
    [one] { $left } yritys jäljellä.
   *[other] { $left } yritystä jäljellä.
}
pin_wrong_untold = Väärä { $pin }. Kortti ei kerro, montako yritystä on jäljellä.
pin_now_locked = { $help ->
    [puk] Väärä { $pin }. Se on nyt lukittu. Lukituksen voi avata PUK-tunnusluvulla.
    [municipality] Väärä { $pin }. Se on nyt lukittu. Lukituksen voi avata vain kortin haltijan kotikunta.
    [issuer] Väärä { $pin }. Se on nyt lukittu. Lukituksen voi avata vain kortin myöntäjä.
   *[letter] Väärä { $pin }. Se on nyt lukittu. Lukituksen voi avata PUK-tunnusluvulla tai 8-numeroisella aktivointitunnusluvulla.
}
code_wrong = Väärä tunnusluku. { $left ->
    [one] { $left } yritys jäljellä.
   *[other] { $left } yritystä jäljellä.
}
code_wrong_untold = Väärä tunnusluku. Kortti ei kerro, montako yritystä on jäljellä.
code_now_locked = { $help ->
    [puk] Väärä tunnusluku. Se oli viimeinen yritys: PUK on nyt lukittu pysyvästi.
   *[letter] Väärä tunnusluku. Se oli viimeinen yritys: PUK tai aktivointitunnusluku on nyt lukittu pysyvästi.
}
code_lost = { $family ->
    [finland] Kortti kelpaa yhä henkilöllisyystodistukseksi. Lukittua tunnuslukua ei voi enää avata, ja silloin sähköiseen asiointiin tarvitaan uusi kortti.
    [organisation] Lukittua tunnuslukua ei voi enää avata; silloin kortin tilannut organisaatio saa uuden kortin rekisteröintipisteestä.
    [estonia-envelope] Uutta korttia ei tarvita: Viron poliisi- ja rajavartiovirasto antaa kortin haltijalle uuden tunnuslukukuoren.
    [latvia] Uutta korttia ei tarvita: Latvian kansalaisuus- ja maahanmuuttovirasto (PMLP) antaa kortin haltijalle uudet tunnusluvut.
    [lithuania] Uutta korttia ei tarvita: Liettuan maahanmuuttoviraston toimipiste antaa kortin haltijalle maksutta uuden tunnusluvun.
    [belgium] Lukituksen voi avata vain kortin haltijan kotikunta.
    [unknown] Lukituksen voi avata vain kortin myöntäjä.
   *[estonia] Lukittua tunnuslukua ei voi enää avata, ja silloin sähköiseen asiointiin tarvitaan uusi kortti.
}
pin_is_locked = { $help ->
    [puk] { $pin } on lukittu. Avaa se PUK-tunnusluvulla{ $face ->
        [window] .
       *[terminal] : avain unblock { $number }
    }
    [municipality] { $pin } on lukittu. Lukituksen voi avata vain kortin haltijan kotikunta.
    [issuer] { $pin } on lukittu. Lukituksen voi avata vain kortin myöntäjä.
   *[letter] { $pin } on lukittu. Avaa se PUK-tunnusluvulla tai 8-numeroisella aktivointitunnusluvulla{ $face ->
        [window] .
       *[terminal] : avain unblock { $number }
    }
}
code_is_locked = { $help ->
    [puk] PUK on lukittu pysyvästi.
   *[letter] PUK tai aktivointitunnusluku on lukittu pysyvästi.
}
code_is_used_up = Kortti ei salli enää tämän tunnusluvun käyttöä, vaikka yrityksiä on jäljellä.
transport_is_locked = { $pin } on lukittu väärien aktivointitunnuslukujen takia. Nyt tarvitaan PUK-tunnusluku; sen voi tilata poliisin lupapalvelusta tai ulkomailla Suomen edustustosta.
refused_before = Kortti hylkäsi tämän tunnusluvun äsken. Sitä ei lähetetty uudelleen, eikä yrityksiä kulunut.
new_refused = Kortti ei hyväksy tätä uudeksi tunnusluvuksi ({ $pin }).
new_unchanged = Uusi { $pin } on sama kuin vanha. Mitään ei muutettu.
unblock_refused = Kortti ei hyväksy tätä: ehkä { $pin } ei ole lukittu tai uusi tunnusluku on sama kuin ennen.

## What cannot be done as the card stands
already_activated = { $face ->
    [window] Kortti on jo aktivoitu.
   *[terminal] Kortti on jo aktivoitu. Tunnusluvun voi vaihtaa: avain change-pin 1 tai avain change-pin 2
}
nothing_to_activate = Tällä kortilla ei ole mitään aktivoitavaa: tunnusluvut toimivat sellaisina kuin ne luovutettiin tai valittiin.
how_to_change = { $face ->
    [window] Tunnusluvut voi vaihtaa ikkunan etusivulta.
   *[terminal] Tunnusluvun voi vaihtaa: avain change-pin 1 tai avain change-pin 2
}
how_to_change_one = { $face ->
    [window] Tunnusluvun ({ $number }) voi vaihtaa ikkunan etusivulta.
   *[terminal] Tunnusluvun voi vaihtaa: avain change-pin { $number }
}
not_activated = { $face ->
    [window] { $pin } ei ole vielä aktivoitu. Aktivoi kortti ensin.
   *[terminal] { $pin } ei ole vielä aktivoitu. Aktivoi kortti komennolla: avain activate
}
change_first = { $face ->
    [window] { $pin } ({ $number }) on vielä kuoressa annettu. Kortti ei allekirjoita, ennen kuin se on vaihdettu.
   *[terminal] { $pin } on vielä kuoressa annettu. Kortti ei allekirjoita, ennen kuin se on vaihdettu: avain change-pin { $number }
}
no_pin = Tällä kortilla ei ole tunnuslukua { $pin }.
no_puk = { $help ->
    [municipality] Tällä kortilla ei ole PUK-tunnuslukua. Lukituksen voi avata vain kortin haltijan kotikunta.
   *[issuer] Tällä kortilla ei ole PUK-tunnuslukua. Lukituksen voi avata vain kortin myöntäjä.
}
puk_is_fixed = Tämän kortin PUK-tunnuslukua ei voi vaihtaa.
never_written = Tämä ohjelma tuntee kortin vain sen omasta kuvauksesta eikä siksi koskaan muuta sen tunnuslukuja. Mitään ei lähetetty.
write_protected = Tällaiselle kortille ei kirjoiteta mitään ilman nimenomaista suostumusta. Mitään ei lähetetty.
short_code_on_locked = { $pin } on lukittu väärillä aktivointitunnusluvuilla, tarvitaan PUK-tunnusluku: sen voi tilata poliisin lupapalvelusta tai ulkomailla Suomen edustustosta. Jos kukaan ei ole kirjoittanut vääriä tunnuslukuja, tarkista, että kirje kuuluu tähän korttiin. Yrityksiä ei kulunut.
short_code_on_activated = 7-numeroista aktivointitunnuslukua voi käyttää vain kerran, ja tämä kortti on jo aktivoitu.
short_code_untold = { $face ->
    [window] Kortti ei kerro, ovatko sen tunnusluvut vielä 7-numeroinen aktivointitunnusluku, joten sitä ei lähetetty. Jos kortti on uusi ja sen mukana tuli tällainen tunnusluku, vaihda PIN1 ja PIN2 ikkunan etusivulta; nykyinen tunnusluku on silloin aktivointitunnusluku.
   *[terminal] Kortti ei kerro, ovatko sen tunnusluvut vielä 7-numeroinen aktivointitunnusluku, joten sitä ei lähetetty. Jos kortti on uusi ja sen mukana tuli tällainen tunnusluku, aseta PIN1 komennolla avain change-pin 1 ja PIN2 komennolla avain change-pin 2; nykyinen tunnusluku on silloin aktivointitunnusluku.
}
short_code_for_unblocking = 7-numeroisella aktivointitunnusluvulla ei voi avata lukitusta. Siihen tarvitaan PUK-tunnusluku tai 8-numeroinen aktivointitunnusluku.
long_code_on_fresh = { $face ->
    [window] Tämän kortin aktivointitunnusluvussa on { $digits } numeroa. Tarkista, että kirje kuuluu tähän korttiin. PUK-tunnusluvulla tunnusluvun voi avata ikkunan etusivulta. Yrityksiä ei kulunut.
   *[terminal] Tämän kortin aktivointitunnusluvussa on { $digits } numeroa. Tarkista, että kirje kuuluu tähän korttiin. Jos olet tilannut PUK-tunnusluvun, käytä komentoa avain unblock. Yrityksiä ei kulunut.
}
last_try_code = { $help ->
    [puk] PUK-tunnusluvulla on enää yksi yritys. Jos se on nyt väärä, se lukittuu pysyvästi eikä lukittuja tunnuslukuja voi enää avata.
   *[letter] Aktivointitunnusluvulla tai PUK-tunnusluvulla on enää yksi yritys. Jos se on nyt väärä, se lukittuu pysyvästi eikä kortilla voi enää asioida sähköisesti.
}
last_try_transport = Aktivointitunnusluvulla on enää yksi yritys ({ $pin }). Jos se on nyt väärä, { $pin } lukittuu ja on tilattava PUK-tunnusluku.
last_try_pin = { $help ->
    [puk] { $pin }: enää yksi yritys jäljellä. Jos se on nyt väärä, { $pin } lukittuu, kunnes se avataan PUK-tunnusluvulla.
    [municipality] { $pin }: enää yksi yritys jäljellä. Jos se on nyt väärä, { $pin } lukittuu, kunnes kortin haltijan kotikunta avaa sen.
    [issuer] { $pin }: enää yksi yritys jäljellä. Jos se on nyt väärä, { $pin } lukittuu, kunnes kortin myöntäjä avaa sen.
   *[letter] { $pin }: enää yksi yritys jäljellä. Jos se on nyt väärä, { $pin } lukittuu, kunnes se avataan PUK-tunnusluvulla tai 8-numeroisella aktivointitunnusluvulla.
}
last_try_how = { $help ->
    [puk] Tarkista kuori vielä kerran. Jos olet varma, { $face ->
        [window] valitse, että viimeinen yritys saa kulua.
       *[terminal] anna sama komento lisäten --use-last-try
    }
    [municipality] Jos olet varma, { $face ->
        [window] valitse, että viimeinen yritys saa kulua.
       *[terminal] anna sama komento lisäten --use-last-try
    }
    [issuer] Jos olet varma, { $face ->
        [window] valitse, että viimeinen yritys saa kulua.
       *[terminal] anna sama komento lisäten --use-last-try
    }
   *[letter] Tarkista kirje vielä kerran. Jos olet varma, { $face ->
        [window] valitse, että viimeinen yritys saa kulua.
       *[terminal] anna sama komento lisäten --use-last-try
    }
}
nothing_changed = Kortilla ei muutettu mitään.
partly_done = { $face ->
    [window] { $done } on asetettu, { $open } ei ole. Voit jatkaa siitä.
   *[terminal] { $done } on asetettu, { $open } ei ole. Jatka antamalla sama komento uudelleen.
}
equal_no_more = Kortin kaksi tunnuslukua ovat nyt erilaiset. Kun este on selvinnyt, vaihda myös toinen ({ $pin }) vanhasta uuteen{ $face ->
    [window] .
   *[terminal] : avain change-pin { $number }
}
perhaps_set = { $face ->
    [window] Ei ole varmaa, asetettiinko { $pin }. Ikkunan etusivu näyttää kortin tilan.
   *[terminal] Ei ole varmaa, asetettiinko { $pin }. Tarkista: avain status
}

## The dialogue
plan_activate = Sinulta kysytään aktivointitunnusluku ja kaksi kertaa kumpikin uusi tunnusluku: PIN1 tunnistautumiseen, PIN2 allekirjoittamiseen.
plan_activate_one = Sinulta kysytään aktivointitunnusluku ja kaksi kertaa uusi { $pin }.
plan_change = Sinulta kysytään nykyinen { $pin } ja kaksi kertaa uusi { $pin }.
plan_equal = Kortin allekirjoitusavaimella on oma tunnuslukunsa ({ $pin }), josta tulee sama uusi tunnusluku.
plan_unblock = { $help ->
    [puk] Sinulta kysytään PUK-tunnusluku ja kaksi kertaa uusi { $pin }.
   *[letter] Sinulta kysytään PUK-tunnusluku tai 8-numeroinen aktivointitunnusluku ja kaksi kertaa uusi { $pin }.
}
plan_refill = Sinulta kysytään PUK-tunnusluku. Se palauttaa yritykset ({ $pin }), ja tunnusluku pysyy ennallaan.
take_your_time = { $face ->
    [window] Käytä rauhassa aikaa: kortille ei lähetetä mitään, ennen kuin olet kirjoittanut kaiken ja painanut OK.
   *[terminal] Käytä rauhassa aikaa: kortille ei lähetetä mitään, ennen kuin olet kirjoittanut ja vahvistanut kaiken. Ctrl-C jättää kortin ennalleen.
}
ask_activation_code = Aktivointitunnusluku (kirjeen oikeassa alakulmassa)
ask_unblock_code = { $help ->
    [puk] PUK-tunnusluku
   *[letter] PUK-tunnusluku tai 8-numeroinen aktivointitunnusluku
}
ask_old = Nykyinen { $pin }
ask_envelope_pin = { $pin } kuoresta
ask_new = Uusi { $pin }, { $min }–{ $max } numeroa
ask_new_pin1 = Uusi perustunnusluku (PIN1), { $min }–{ $max } numeroa, tunnistautumiseen
ask_new_pin2 = Uusi allekirjoitustunnusluku (PIN2), { $min }–{ $max } numeroa, allekirjoittamiseen
ask_pin = { $pin }
ask_pin1 = Perustunnusluku (PIN1)
ask_pin2 = Allekirjoitustunnusluku (PIN2)
ask_again = Sama uudelleen
ask_again_named = Uusi { $pin } toistamiseen
stake_code = { $help ->
    [puk] Jos yritykset loppuvat, PUK lukittuu pysyvästi.
   *[letter] Jos yritykset loppuvat, tunnusluku lukittuu pysyvästi eikä kortti enää kelpaa sähköiseen asiointiin.
}
stake_transport = Jos yritykset loppuvat, tunnusluku lukittuu ja sen avaamiseen on tilattava PUK-tunnusluku.
ask_unseen = { $question }. Kirjoittamasi ei näy
untried_card = { $family ->
    [lithuania] Yhden muun ohjelman tiedetään tekevän tämän tällaisella kortilla, ja tämä ohjelma toimii samoin; tällä ohjelmalla kenenkään ei tiedetä kokeilleen. Jos kortti on toisenlainen, sen tunnusluku voi lukittua tai jäädä ennalleen, ja silloin vain Liettuan maahanmuuttoviraston toimipiste voi auttaa.
   *[organisation] Kenenkään ei tiedetä tehneen tätä tällaisella kortilla. Ohjelma toimii julkaistun määrittelyn mukaan. Jos kortti on toisenlainen, sen tunnusluku voi lukittua tai jäädä ennalleen, ja silloin vain kortin myöntäjä voi auttaa.
}
untried_question = Jos haluat silti jatkaa, kirjoita kyllä:
untried_yes = kyllä
untried_how = Mitään ei lähetetty. Jos tiedät tämän ja haluat jatkaa, anna sama komento lisäten --untried-card
confirm = Kirjoitetaanko tämä kortille nyt? [k/E]
yes = k
cancelled = Keskeytetty. Kortti on ennallaan.
no_terminal = Päätettä ei ole, joten tunnuslukuja ei voi kysyä. Komentojonot antavat ne valitsimella --pin-file tai --pin-fd.
too_few_lines = Tunnuslukuja on liian vähän: niitä tarvitaan yksi riviä kohti siinä järjestyksessä, jossa ne kysytään.
unreadable_pins = Tunnuslukuja ei voi lukea annetusta paikasta.

## Entries that cannot be
not_digits = Vain numerot kelpaavat. Yrityksiä ei kulunut.
wrong_length = { $pin ->
    [PIN1] PIN1:ssä
    [PIN2] PIN2:ssa
   *[PIN] PIN-tunnusluvussa
} on oltava { $min }–{ $max } numeroa. Yrityksiä ei kulunut.
wrong_length_letter = { $pin ->
    [PIN1] PIN1:ssä
    [PIN2] PIN2:ssa
   *[PIN] PIN-tunnusluvussa
} on oltava { $min }–{ $max } numeroa. { $face ->
    [window] Kortille mahtuu { $most }, mutta muut ohjelmat eivät ehkä hyväksy niin pitkää.
   *[terminal] Enintään { $most } on mahdollista valitsimella --long-pin, mutta muut ohjelmat eivät ehkä hyväksy niin pitkää.
}
wrong_code_length = Aktivointitunnusluvussa on { $short } numeroa tai vanhemmilla korteilla { $min }–{ $max }. Yrityksiä ei kulunut.
wrong_puk_length = Siinä on { $min }–{ $max } numeroa. Yrityksiä ei kulunut.
entries_differ = Kirjoittamasi tunnusluvut eivät ole samat.
same_as_pin1 = PIN2 ei saa olla sama kuin PIN1.
same_as_code = { $help ->
    [puk] Se ei saa olla sama kuin PUK.
   *[letter] Se ei saa olla sama kuin aktivointitunnusluku tai PUK.
}
same_as_old = Se on sama kuin vanha.

## Entries that should not be
weak_repeated = Huomaa: tämä { $pin } on helppo arvata, siinä toistuu yksi numero.
weak_run = Huomaa: tämä { $pin } on helppo arvata, sen numerot ovat peräkkäisiä.
weak_known = Huomaa: tämä { $pin } on helppo arvata, se on osa kortilla näkyvää syntymäaikaa tai henkilötunnusta.
long_for_others = Huomaa: muut ohjelmat eivät ehkä hyväksy näin pitkää tunnuslukua ({ $pin }).
short_for_organisation = Huomaa: organisaatiokortilla { $pin } on vähintään { $min } numeroa; lyhyempi käy vain sosiaali- ja terveydenhuollon kortille.

## Success
writing = Kortille kirjoitetaan. Älä ota korttia pois.
finishing = Lopetetaan, kun tämä vaihe on valmis. Älä ota korttia pois.
step_done = { $pin } on asetettu.
activated = Kortti on aktivoitu. PIN1 on tunnistautumista, PIN2 allekirjoittamista varten.
keep_code = Säilytä aktivointitunnusluku erillään kortista: sillä voi avata lukitun PIN1:n tai PIN2:n.
code_used_up = Aktivointitunnusluku on nyt käytetty, eikä sillä voi avata lukitusta. Jos tunnusluku myöhemmin lukittuu, tarvitaan erikseen tilattava PUK-tunnusluku.
changed = { $pin } on vaihdettu.
unblocked = { $pin } on asetettu ja käytettävissä.
refilled = { $pin } on taas käytettävissä. Se on sama kuin ennen.

## Certificates, signatures, the test
no_key = Tällä kortilla ei ole varmennetta, johon { $pin } kuuluu.
no_signing_key = Tällä kortilla ei ole allekirjoitusvarmennetta.
no_usable_key = Tämä ohjelma voi lukea kortin varmenteet mutta ei käyttää sen avaimia: kortti ei kerro niistä tarpeeksi.
written = Kirjoitettu: { $file }
file_exists = { $file } on jo olemassa; siihen ei koskettu.
file_unreadable = Tiedostoa { $file } ei voi lukea.
file_unwritable = Tiedostoa { $file } ei voi kirjoittaa.
signature_meaning = Olet allekirjoittamassa tiedostoa { $file }. { $pin ->
    [PIN] PIN-tunnusluvulla tehty allekirjoitus
   *[other] { $pin }:lla tehty allekirjoitus
} vastaa omakätistä.
signed = Allekirjoitettu: { $file }
signature_invalid = Kortin tekemä allekirjoitus ei vastaa sen varmennetta. Se hylättiin.
test_passed = Lukija, kortti ja { $pin } toimivat. Kortti teki pätevän allekirjoituksen { $milliseconds } millisekunnissa.

## The diagnosis
bundle_title = Avain: tietokoneen ja korttien tila
bundle_purpose = Niille, jotka auttavat, kun jokin ei toimi. Lue tämä ennen kuin annat sen kenellekään.
bundle_harmless = Tätä ei lähetetty kenellekään. Tunnuslukuja ei kysytty, yrityksiä ei kulunut, eikä kortille kirjoitettu mitään.
bundle_left_out = Pois on jätetty kortin haltijan nimi ja tunnukset, kortin ja asiakirjan numerot, itse varmenteet, käyttäjätunnuksesi, käyttäjien kansioiden nimet (~ on omasi) ja tietokoneen nimi. Pois jätetyn tilalla on merkki … .
section = { $what ->
    [checks] Mikä muu on esteenä
    [system] Järjestelmä
    [service] Älykorttipalvelu
    [programs] Ohjelmat, jotka käyttävät kortteja
    [registration] Missä Avain on käytössä
    [trace] Mitä tehtiin, vaihe vaiheelta
   *[environment] Ympäristömuuttujat
}
judged = { $how ->
    [ok] kunnossa
   *[attention] huomio
}: { $what }
fact = { $what ->
    [avain] Avain
    [system] Käyttöjärjestelmä
    [kernel] Ydin
    [language] Kieli
    [library] Kirjasto
    [connections] Muiden ohjelmien yhteyksiä
    [atr] Vastaus nollaukseen (ATR)
    [card] Kortti
   *[detail] Lisätieto
}: { $value }
service_answers = Älykorttipalvelu vastaa.
service_silent = Älykorttipalvelu on olemassa mutta ei vastaa. Verkon yli avatussa istunnossa sitä ei ehkä saa käyttää (polkit); muuten käynnistä se uudelleen: sudo systemctl restart pcscd
used_alone = Toinen ohjelma pitää korttia yksin itsellään. Sulje se ohjelma ja yritä uudelleen.
used_shared = Myös toinen ohjelma on yhteydessä korttiin.
used_by_nobody = Mikään muu ohjelma ei ole yhteydessä korttiin.
used_for_long = Kortilta ei voitu kysyä mitään { $seconds } sekuntiin: toinen ohjelma pitää sen varattuna. Sulje se ohjelma ja yritä uudelleen.
well_known = Miten hyvin tunnettu: { $how ->
    [recorded] nähty todellisten testikorttien tallenteissa
    [several] useasta toisistaan riippumattomasta lähteestä
    [one] yhdestä lähteestä
   *[guessed] arvattu
}
certificate_key = Avainpari: { $key }. Myöntäjä: { $issuer } ({ $algorithm })
program_none = Mikään muu ohjelmasi ei nyt käytä kortteja.
program_scdaemon = GnuPG (scdaemon) on käynnissä ja voi pitää kortin itsellään. Lopeta se: gpgconf --kill scdaemon
program_service = { $name }: on ladannut älykorttipalvelun kirjaston
program_modules = { $name }: on ladannut { $modules }
module_named = { $file } nimeää moduulin { $module }, joka on paikallaan.
module_gone = { $file } nimeää moduulin { $module }, jota ei ole. Asenna Avain uudelleen tai poista tämä.
module_other = { $file } nimeää ohjelmiston { $name } moduulin. Avaimen rinnalla ohjelmat näyttävät kortin kahdesti, ja yksi väärä PIN voi viedä kaksi yritystä: pidä vain toinen.
module_unknown = { $file } nimeää moduulin { $module }.
module_nowhere = p11-kit ja selaimet eivät vielä tunne Avainta. Ota se käyttöön: avain register
web_eid = Selaimessa { $name } Web eID:lle vastaa { $program } ({ $file })
web_eid_gone = Selaimessa { $name } Web eID:lle vastaisi { $program }, jota ei ole ({ $file })
databases = { $place }: { $found ->
    [one] { $found } moduuliluettelo
   *[other] { $found } moduuliluetteloa
}, joista Avain on mukana: { $with }
database_twice = { $place }: luettelossa on Avain kahta tietä, joten kortti näkyy kahdesti. Poista toinen.
database_gone = { $place }: luettelo nimeää Avaimen moduulin, jota ei ole. Asenna Avain uudelleen tai poista se luettelosta.
sandboxed = { $name } on asennettu muodossa { $sandbox } eikä voi ladata Avainta ulkopuolelta. avain register tekee, mitä voidaan, ja kertoo loput; tai käytä järjestelmän omaa pakettia.
no_home = Muuttujaa HOME ei ole asetettu. Vain sinua koskevia asetuksia ei etsitty.
variable = { $name } = { $value }
no_variables = Yksikään ei koske kortteja.
record = { $line }

## Registration
reg_module = Moduuli: { $file }
reg_no_module = { $face ->
    [window] Avaimen moduulia ei löytynyt. Asenna paketti, jossa se on.
   *[terminal] Avaimen moduulia ei löytynyt: { $file }. Asenna se tai nimeä se: avain register --module TIEDOSTO
}
reg_unknown = Minkään ohjelman nimi ei ole { $name }. Tunnetut: { $known }
reg_not_root = Vain root voi muuttaa sitä, mikä on kaikkien käytössä: sudo avain register --system
reg_nothing = Yhtään kortteja käyttävää ohjelmaa ei löytynyt.
reg_dry = Mitään ei muutettu (--dry-run).
reg_heading = { $what ->
    [program] Ohjelma
    [packaging] asennettu
    [place] Missä
    [state] Avain
   *[action] Mitä tehdään
}
reg_packaging = { $how ->
    [package] pakettina
    [archive] arkistosta
    [snap] snapina
    [flatpak] flatpakina
   *[unknown] ei löytynyt
}
reg_state = { $what ->
    [absent] puuttuu
    [registered] on
    [moved] on vanhassa paikassa
    [twice] on kahdesti
    [for-all] on kaikilla
    [no-profile] ei vielä mahdollinen
    [borrows] kuten Firefoxissa tai Thunderbirdissä
    [others] siellä on toinen ohjelma
   *[unclear] ei tiedossa
}
reg_action = { $what ->
    [add] lisätään
    [mend] korjataan
    [remove] poistetaan
    [prepare] valmistellaan
    [leave] ei mitään: poistit sen itse
   *[nothing] ei mitään
}
reg_refusal = { $face ->
    [window] Se jätetään ennalleen
   *[terminal] jätetään ennalleen
}: { $why ->
    [unreadable] ei voida lukea
    [unwritable] ei voida kirjoittaa, tai on muuttunut sillä välin
    [link] on linkki
    [owner] on jonkun muun
    [no-file] ei ole tiedosto
    [text] ei ole UTF-8:aa
    [line] riviä { $line } ei ymmärretä
    [json] ei ole JSONia
    [policies] rakenne on tuntematon
    [foreign] ei ole Avaimen kirjoittama
   *[path] moduulin polku ei ole tekstiä
}
reg_failed = { $name }, { $file }: { $why }
reg_done = Tehty: { $number }.
reg_prepared = Valmisteltu, mutta loput on sinun tehtävä: { $number }.
reg_not_done = Epäonnistui: { $number }.
reg_nothing_to_do = Mitään ei tarvinnut tehdä.
reg_restart = Sulje nämä ohjelmat ja käynnistä ne uudelleen: { $names }
reg_forgotten = { $face ->
    [window] Tehtyä ei voitu merkitä muistiin; peruminen voi jättää jälkeensä tyhjiä kansioita.
   *[terminal] Tehtyä ei voitu merkitä muistiin; avain unregister voi jättää jälkeensä tyhjiä kansioita.
}
reg_no_profile = { $face ->
    [window] Ohjelmalla { $name } ei ole vielä profiilia. Käynnistä se kerran ja palaa sitten tälle sivulle.
   *[terminal] Ohjelmalla { $name } ei ole vielä profiilia. Käynnistä se kerran ja sitten uudelleen: avain register
}
reg_snap = { $face ->
    [window] { $name } on snap. Sillä on nyt kopio moduulista; anna sen käyttää korttipalvelua (pcscd) sovellusten asetuksissa. Ei voitu kokeilla, riittääkö se; ellei, asenna { $name } pakettina.
   *[terminal] { $name } on snap. Sillä on nyt kopio moduulista; anna sen käyttää korttipalvelua: sudo snap connect { $snap }:pcscd  Ei voitu kokeilla, riittääkö se; ellei, asenna { $name } pakettina.
}
reg_flatpak = { $face ->
    [window] { $name } on flatpak. Se tavoittaa kortin p11-kitin kautta, jonka on oltava asennettuna, seuraavasta istunnostasi alkaen.
   *[terminal] { $name } on flatpak. Se tavoittaa kortin p11-kitin kautta, jonka on oltava asennettuna, seuraavasta istunnostasi alkaen tai heti: systemctl --user daemon-reload && systemctl --user start { $unit }.socket
}
reg_web_others = { $face ->
    [window] Web eID:lle vastaa selaimessa { $name } toinen ohjelma, ja se jää paikalleen.
   *[terminal] Web eID:lle vastaa selaimessa { $name } toinen ohjelma, ja se jää paikalleen. Jos Avaimen pitää vastata sen sijasta: avain register web-eid  Sen merkintä säilyy ja palaa komennolla: avain unregister web-eid
}
reg_web_snap = { $face ->
    [window] { $name } on snap. Kun Web eID:tä käytetään ensimmäisen kerran, työpöytä kysyy, saako laajennus käynnistää Avaimen: salli se.
   *[terminal] { $name } on snap. Sen työpöytäportaali kysyy kerran, saako Web eID -laajennus käynnistää Avaimen; sen voi sallia myös näin: flatpak permission-set webextensions eu.webeid snap.{ $snap } yes
}
reg_web_flatpak = { $name } on flatpak, josta mikään laajennus ei voi käynnistää ohjelmaa. Web eID tarvitsee selaimen { $name } pakettina.
reg_java = Java löytää kortin näin: -providerClass sun.security.pkcs11.SunPKCS11 -providerArg { $file }
reg_openssl = OpenSSL löytää kortin, kun pkcs11-provider on asennettu ja OPENSSL_CONF={ $file }
reg_ssh = OpenSSH käyttää korttia siellä, missä ~/.ssh/config sanoo: Include { $file }
reg_ssh_agent = OpenSSH:n agentille on kerrottava moduulista: ssh-agent -P { $file }
reg_libreoffice = LibreOffice käyttää Firefoxin tai Thunderbirdin profiilin moduuleja: Työkalut, Asetukset, LibreOffice, Tietoturva, Varmennepolku.
reg_policy_left = { $face ->
    [window] { $name } poistaa Avaimen jokaisen käyttäjän profiilista, kun se seuraavan kerran käynnistetään.
   *[terminal] { $name } poistaa Avaimen jokaisen käyttäjän profiilista, kun se seuraavan kerran käynnistetään. Kun kaikki ovat tehneet sen: sudo avain unregister --system --purge
}
reg_policy_unknown = { $face ->
    [window] { $name } noudattaa tätä käytäntöä versiosta 153 alkaen, eikä sellaista löytynyt. Siihen asti jokaisen käyttäjän on tehtävä sama tällä sivulla.
   *[terminal] { $name } noudattaa tätä käytäntöä versiosta 153 alkaen, eikä sellaista löytynyt. Siihen asti jokainen käyttäjä tarvitsee komennon: avain register { $program }
}

## What the doctor finds, and what it says
check_well = Mikään muu ei ole esteenä.
check_not_installed = Älykorttipalvelua (pcscd) ei ole asennettu.
check_not_running = Älykorttipalvelu (pcscd) on asennettu mutta ei käynnissä.
check_mismatch = Tämän hiekkalaatikon älykorttikirjasto ja ulkopuolinen palvelu eivät ymmärrä toisiaan. Jompikumpi on päivitettävä.
check_remote = Et istu tämän tietokoneen ääressä (istunto on verkon yli tai ei ole aktiivinen), eikä polkit anna muiden käyttää älykorttipalvelua. Käytä korttia siellä, missä istut.
check_faulty = Kortinlukijassa { $name } on vikoja, joita mikään ohjelma ei korjaa. Käytä toista.
check_no_driver = Kortinlukija on liitetty, mutta lukijoiden ajuria ei ole asennettu.
check_holder = { $name } on käynnissä ja voi pitää kortin itsellään. Sulje se.
check_no_module = Avaimen moduuli ei ole siellä, mihin se yleensä asennetaan. Asenna Avain.
check_load = Tiedostoa { $file } ei voida ladata. Lataaja sanoo: { $why }
check_hangs = { $file } ladattiin, mutta se ei vastannut { $seconds } sekuntiin.
check_agent = OpenSSH:n agentti ei itse ota moduulia { $file }, koska se ei ole kirjastojen kansiossa. Käynnistä agentti valitsimella ssh-agent -P tai asenna Avain kansion /usr alle.
check_register = { $name } ei käytä korttia: Avain { $state ->
    [moved] on vanhassa paikassa
    [twice] on kahdesti
   *[absent] puuttuu
} ({ $id }).
check_sandbox = { $name } ({ $id }) toimii hiekkalaatikossa ({ $packaging }), jota ei ole valmisteltu kortille.
check_refused = Ohjelmaa { $name } ({ $id }) ei saada käyttämään korttia: { $file } ei ole sellainen kuin pitää.
check_java = Javan asetustiedosto nimeää vanhan moduulin.
check_denied = { $file } kertoo, että AppArmor tai SELinux kielsi jotain: { $line } Tietokoneen ylläpitäjä voi sallia sen.
check_clock = Tämän tietokoneen kello on väärässä: se on jäljessä omista tiedostoistaan.
check_expiring = Tämän kortin varmenne vanhenee { $to }. Hae uusi kortti ajoissa.
doctor_cure = Mikä auttaa: { $command }
cure_admits = Tämän jälkeen kaikki, mikä toimii sinuna, myös muilta tietokoneilta, voi käyttää lukijassa olevaa korttia; tunnuslukuja tarvitaan yhä. Kumoaminen: sudo rm { $file }
cure_omits = Ohjelmat, jotka käyttävät p11-kitiä, jättävät sitten sen moduulin pois kaikilta korteilta. Kumoaminen: rm { $file }
doctor_well = Kaikki on kunnossa.
doctor_ask = Suoritetaanko tämä? { $command } (k/e)
doctor_failed = Se ei onnistunut.
doctor_left = Jotain jäi sinun tehtäväksesi.

## Settings
config_file = Tiedosto: { $file }
config_setting = { $name } = { $value } ({ $source ->
    [user] sinun
    [computer] tämän tietokoneen
   *[default] ei asetettu
})
config_about = { $what ->
    [ignore-readers] lukijat, joita ei oteta huomioon, kukin nimensä osalla; ei mitään
    [keypad] PIN annetaan lukijan omalla näppäimistöllä, jos sillä on sellainen; true
    [cache] varmenteet pidetään tallessa istunnon ajan; true
    [can-file] mihin kortin CAN-numerot tallennetaan
    [language] ikkunan ja ilmoitusten kieli, ellei istunnon kieli
    [new-card] mitä tapahtuu, kun lukijaan laitetaan kortti, jota ei ole aktivoitu: window, notification tai nothing; window
    [log] loki auttajille: info tai debug; ei mitään
    [log-file] sen tiedosto, joka on jo olemassa
   *[tokens] mitä ohjelma näkee kortista, ohjelman tiedoston nimellä: PIN1, PIN2 tai none
}
config_ignored = { $file } jätetään huomiotta: { $why ->
    [line] riviä { $line } ei ymmärretä.
    [unknown] rivi { $line }: asetusta { $name } ei ole.
    [value] rivi { $line }: asetuksella { $name } ei voi olla tätä arvoa.
    [text] se ei ole UTF-8:aa.
    [no-file] se ei ole tiedosto.
    [owner] se on jonkun muun.
    [open] muut saavat kirjoittaa siihen.
    [long] se on liian pitkä.
   *[unreadable] sitä ei voida lukea.
}
config_unknown = Asetusta { $name } ei ole. Tunnetut: { $known }
config_value = Asetukselle { $name } kelpaa { $kind ->
    [switch] true tai false
    [path] täydellinen polku
    [one-of] jokin näistä: { $words }
    [tokens] PIN1, PIN2, molemmat tai none
   *[texts] yksi tai useampi teksti
}.

## The help of the command line: one line for each command and option
manual_heading = { $what ->
    [NAME] NIMI
    [SYNOPSIS] YLEISKATSAUS
    [DESCRIPTION] KUVAUS
    [OPTIONS] VALITSIMET
    [EXTRA] LISÄTIETOJA
    [VERSION] VERSIO
   *[other] { $what }
}
help_avain = Huolehtii henkilökortista: aktivoi sen, vaihtaa ja avaa tunnuslukuja, allekirjoittaa.
help_status = Näytä lukijat, kortit ja tunnuslukujen tila sekä mitä tehdä seuraavaksi
help_activate = Aktivoi uusi kortti kirjeen tunnusluvulla tai jatka aktivointia
help_change_pin = Vaihda tunnusluku, jonka muistat, tai PUK, jos kortti sen sallii
help_unblock = Avaa lukittu tunnusluku tai korvaa unohtunut PUK-tunnusluvulla tai kirjeen tunnusluvulla
help_certs = Näytä kortin varmenteet
help_sign = Allekirjoita tiedosto: erillinen CMS-allekirjoitus, jossa on varmenteesi
help_test = Kokeile merkityksettömällä allekirjoituksella, toimiiko kaikki
help_can = Tallenna korttiin painettu pääsykoodi, joka avaa kortin lähiluettuna
help_diagnose = Kerää auttajille tietoja siitä, miksi jokin ei ehkä toimi
help_answer = Vastaa toisen ohjelman JSON-pyyntöön (avain-webin käyttöön)
help_generate = Kirjoita ohjesivut ja täydennykset kansioon
help_can_action = add tallentaa koodin, list näyttää kenen koodit on tallennettu, forget poistaa koodin
help_which = Mikä poistetaan, luettelon järjestysnumerolla, tai all (kaikki)
help_reader = Lukija, nimeltä tai sen osalta
help_lang = fi, sv, en tai et; muuten järjestelmän kieli
help_verbose = Kerro auttajille myös vaihe ja tilakoodi
help_help = Näytä tämä
help_version = Näytä versio
help_json = JSON-muodossa
help_personal = Myös kenen kortti on: nimi, numerot ja mitä kortti kertoo ilman tunnuslukua
help_pin = 1 on tunnistautumiseen, 2 allekirjoittamiseen; 1 on myös kortin ainoa tunnusluku
help_pin_file = Lue tunnusluvut tästä tiedostosta, yksi riviltä
help_pin_fd = Lue tunnusluvut tästä tiedostokuvaajasta, yksi riviltä
help_keyboard = Kirjoita tunnusluvut tässä, vaikka lukijassa olisi näppäimistö
help_use_last_try = Käytä viimeinenkin yritys; jos se on väärä, tunnusluku tai kortti lukittuu
help_long_pin = Salli pidemmät uudet tunnusluvut; muut ohjelmat eivät ehkä hyväksy niitä
help_untried_card = Jatka, vaikka kenenkään ei tiedetä kokeilleen tällaisella kortilla
help_pem = PEM-muodossa
help_der = DER-tiedostoina tähän kansioon
help_file = Mitä allekirjoitetaan
help_output = Minne allekirjoitus tulee; muuten TIEDOSTO.p7s
help_report = Tähän uuteen tiedostoon, jonka vain sinä voit lukea
help_register = Ota kortti käyttöön selaimissa, postissa ja muissa ohjelmissa ja näytä, mitä tehdään
help_unregister = Poista se niistä; niiden tiedostot ovat sitten kuin ennen
help_programs = Vain nämä ohjelmat, kuten firefox tai chromium; muuten kaikki
help_system = Kaikille tällä tietokoneella; vaatii rootin
help_new = Vain ohjelmat, joille ei ole ennen kerrottu; pois otettu pysyy poissa
help_dry_run = Näytä vain, mitä tehtäisiin
help_module = Moduulin tiedosto, ellei se ole siellä, mihin se yleensä asennetaan
help_root = Tietokone, jonka tiedostot ovat tässä kansiossa
help_purge = Älä jätä mitään, et edes selaimille tietoa poistaa Avain
help_config = Näytä asetukset tai muuta yhtä
help_setting = Mikä asetus; avain config näyttää kaikki
help_values = Sen uusi arvo, tai useita
help_unset = Poista se tiedostosta
help_doctor = Selvitä, mikä estää kortin käytön ja mikä auttaa
help_probe = Lataa moduuli kuten selain ja kerro, mitä lataaja sanoo
help_fix = Suorita se, mikä auttaa, kysyen joka kerta
help_heading = { $what ->
    [usage] Käyttö
    [commands] Komennot
    [command] KOMENTO
    [arguments] Argumentit
   *[options] Valitsimet
}
help_value = { $what ->
    [SETTING] ASETUS
    [VALUE] ARVO
    [PROGRAM] OHJELMA
    [LANGUAGE] KIELI
    [FILE] TIEDOSTO
    [NUMBER] NUMERO
    [FOLDER] KANSIO
   *[NAME] NIMI
}
help_more =
    Tunnusluvut kirjoitetaan näkymättömiin. Niitä ei koskaan oteta komentoriviltä eikä ympäristömuuttujista, joista muut ohjelmat voisivat nähdä ne. Komentojonot antavat ne tiedostossa tai tiedostokuvaajassa, yhden riviä kohti ja kunkin kerran, siinä järjestyksessä, jossa ne kysyttäisiin.

    Ympäristömuuttujat:
       AVAIN_LOG       info tai debug: kertoo virhetulosteessa, mitä tehdään, mutta ei tunnuslukuja eikä mitään kortin sisällöstä
       AVAIN_LOG_FILE  tiedosto tätä varten; sen on oltava olemassa, eikä muilla saa olla siihen kirjoitusoikeutta

    Paluukoodit:
       0   tehty, tai mitään ei tarvinnut tehdä
       1   ei onnistunut
       2   komentorivi on väärä
       3   ei lukijaa, ei korttia, tai ei selvää, mikä niistä
       4   kortti hylkäsi tunnusluvun: yritys kului
       5   tunnusluku on lukittu
       6   vain toinen kahdesta vaiheesta tehtiin: sama komento tekee loput
       7   vain yksi yritys jäljellä, eikä valitsinta --use-last-try annettu
       8   kirjoitettu tai pyydetty ei sovi tähän korttiin: mitään ei lähetetty
       9   korttia ei tunneta, tai se ei pysty tähän
       10  käyttäjä keskeytti
usage_unknown = Tällaista valitsinta tai argumenttia ei ole: { $what }
usage_command = Komentoa { $what } ei ole.
usage_value = { $value } ei kelpaa: { $option }
usage_value_missing = Arvo puuttuu: { $option }
usage_missing = Puuttuu: { $what }
usage_conflict = { $first } ja { $second } eivät sovi yhteen.
usage_wrong = Komentorivi on väärä.
usage_help = Ohje: { $command }

## The window
window_reading = Kortin tietoja luetaan
window_absent = Laita kortti lukijaan
window_choose = Mikä kortti?
window_can = Kortin numero
window_failed = Tämä ei onnistunut
window_done = Valmis
window_wait = Hetki
window_language = Kieli
window_offer = Henkilökorttia ei ole vielä aktivoitu
window_offer_why = Voit tunnistautua ja allekirjoittaa kortilla vasta, kun olet luonut sille kaksi tunnuslukua. Henkilöllisyystodistuksena ja matkustusasiakirjana kortti toimii ilman aktivointia. Tarvitset kirjeen, jossa on aktivointitunnusluku.
window_activate = Aktivoi kortti
window_activated = Kortti on aktivoitu
window_letter = Aktivointitunnusluku on kirjeen oikeassa alakulmassa.
window_letter_picture = Kuva kirjeestä: tunnusluku on oikeassa alakulmassa
window_keypad = Lukijassa on näppäimistö. Sitä, mitä kirjoitat sillä, tietokone ei näe.
window_change = Vaihda { $pin }
window_unblock = { $pin }: avaa lukitus tai vaihda unohtunut
window_test = Testaa kortti ja lukija
window_sign = Allekirjoita tiedosto
window_file = Tiedosto: { $file }
window_size = Koko: { $size ->
    [one] { $size } tavu
   *[other] { $size } tavua
}
window_digest = Tiiviste ({ $hash }): { $digest }
window_certificates = Kortin varmenteet
window_report = Raportti auttajalle
window_consent = Tätä ei ole kokeiltu tällaisella kortilla
window_agree = Ymmärrän tämän ja haluan jatkaa
window_wise = Jos haluat silti käyttää näitä tunnuslukuja, paina OK uudelleen.
window_keep_apart = Pidä tunnusluvut erillään kortista, äläkä näytä niitä kenellekään.
window_drop = Voit allekirjoittaa tiedoston myös pudottamalla sen tähän ikkunaan.
window_settings = Asetukset
window_new_card = Kun lukijaan laitetaan kortti, jota ei ole vielä aktivoitu
window_prefers = { $what ->
    [window] tämä ikkuna avautuu
    [notification] näytetään ilmoitus
   *[nothing] ei tapahdu mitään
}
window_numbers = Tallennetut pääsykoodit (CAN)
window_programs = Selaimet ja kortti
window_programs_offer = Selaimesi eivät vielä tunne korttia, joten et voi tunnistautua sillä niissä.
window_programs_why = Näille ohjelmille kerrotaan, miten kortti tavoitetaan. Muuta niissä ei muuteta, ja tämän voi perua täällä.
window_programs_known = Selaimesi tuntevat kortin.
window_standing = { $state ->
    [absent] Se ei vielä tunne Avainta.
    [registered] Se tuntee Avaimen.
    [moved] Se etsii Avainta paikasta, jossa sitä ei enää ole.
    [twice] Se tuntee Avaimen kahta tietä, joten kortti näkyy kahdesti.
    [for-all] Se tuntee Avaimen, kuten kaikilla tämän tietokoneen käyttäjillä.
    [no-profile] Sillä ei ole vielä profiilia: käynnistä ohjelma kerran ja palaa sitten tälle sivulle.
    [borrows] Se käyttää Firefoxin tai Thunderbirdin moduuleja.
    [others] Siellä vastaa toinen ohjelma, ja se jää paikalleen.
   *[unclear] Tilannetta ei voida selvittää.
}
window_happens = { $action ->
    [add] Sille kerrotaan.
    [mend] Tämä korjataan.
   *[prepare] Se, mitä voidaan, valmistellaan; sitten kerrotaan, mitä jää sinun tehtäväksesi.
}
window_became = { $action ->
    [add] { $name } tuntee nyt Avaimen.
    [mend] { $name } tuntee nyt Avaimen.
    [remove] { $name } ei enää tunne Avainta.
   *[prepare] { $name } on valmisteltu. Loput on sinun tehtävä:
}
window_change_any = Vaihda tunnusluku
window_unblock_any = Avaa lukittu tunnusluku tai vaihda unohtunut
button_activate = Aktivoi nyt
button_later = Ei nyt
button_never = Älä kysy tästä kortista uudelleen
button_ok = OK
button_again = Yritä uudelleen
button_back = Takaisin
button_close = Sulje
button_go_on = Jatka
button_test = Testaa nyt
button_change = Vaihda { $pin }
button_unblock = Avaa { $pin } tai vaihda unohtunut
button_sign = Allekirjoita tiedosto…
button_certificates = Varmenteet
button_report = Raportti auttajalle
button_save = Tallenna { $what }…
button_copy = Kopioi
button_last_try = Käytä viimeinen yritys
button_keypad = Kirjoita lukijalla
button_keyboard = Kirjoita tässä
button_programs = Ota kortti käyttöön selaimissani
button_no = Ei kiitos
button_undo = Peru
button_forget = Poista nämä koodit
asked_login = { $origin } pyytää sinua tunnistautumaan
asked_signature = { $origin } pyytää allekirjoitustasi
asked_meaning = { $pin } tekee allekirjoituksen, joka vastaa omakätistä. Tarkista, että palvelu näyttää saman tiivisteen.
asked_other_card = Palvelu odottaa toista korttia kuin tätä.
asked_certificate = { $origin } pyytää allekirjoitusvarmennettasi
asked_certificate_meaning = Palvelu saisi allekirjoitusavaimesi varmenteen. Siinä on nimesi ja henkilön yksilöivä tunnus. Tämä ei ole vielä allekirjoitus.
asked_share = Annetaanko varmenne palvelulle? [k/E]
asked_hash = Kortti ei voi allekirjoittaa { $hash }-tiivisteitä.
asked_no_certificate = Kortilla ei ole palvelun hyväksymää varmennetta.
help_web = Salli verkkosivujen pyytää allekirjoituksia (suomalainen SCS-allekirjoituspalvelu)
help_face = Mikä palvelu: scs
help_switch = on (päälle), off (pois) tai status (tila)
scs_on = Verkkosivut voivat pyytää allekirjoituksia osoitteesta https://localhost:53952 (SCS). Palvelun varmenteet päättyvät { $end }.
scs_off = Verkkosivut eivät voi pyytää allekirjoituksia osoitteesta https://localhost:53952 (SCS on pois päältä).
scs_ends = Verkkosivujen allekirjoituspalvelun (SCS) varmenteet päättyvät { $end }. Uudet: avain web scs on
scs_trusted = { $name } luottaa palveluun ({ $place })
scs_untrusted = { $name } ei luota palveluun ({ $place }), joten sivut eivät löydä mitään. Korjaus: avain web scs on
scs_taken_out = { $name } ei enää luota palveluun ({ $place })
scs_failed = Ohjelmalle { $name } ei voitu kertoa palvelusta ({ $place }): { $why }
scs_refused = { $name }, { $place }: { reg_refusal }
scs_left = { $name } saattaa yhä luottaa palveluun ({ $place }): { $why }  Siitä ei ole hyötyä kenellekään, koska palvelun avain on hävitetty. Poisto: avain web scs off
scs_no_tool = Selaimille palvelusta kertova certutil puuttuu. Asenna se ja yritä uudelleen: { $command }  Tai tuo { $file } selaimen asetuksissa verkkosivustojen varmentajaksi.
scs_no_browser = Yhtään selainta, jolla on profiili, ei löytynyt. Käynnistä selain kerran ja sitten: avain web scs on  Tai tuo { $file } sen asetuksissa verkkosivustojen varmentajaksi.
scs_not_made = { $file } ei voinut tehdä palvelun varmenteita.
scs_by_hand = Oma systemd-palvelusi ei kuuntele sivuja. Käynnistä istunnossasi sen sijaan: { $file } scs run
scs_silent = Portissa 53952 ei kuuntele kukaan. Korjaus: avain web scs on
scs_taken = Portin 53952 on varannut { $name }: sivut tavoittavat sen eivätkä Avainta. Lopeta se ja sitten: avain web scs on
scs_taken_unknown = Portin 53952 on varannut toisen käyttäjän ohjelma: sivut tavoittavat sen eivätkä Avainta.
scs_question = Kun sivu pyytää ensimmäisen kerran, selain kysyy, saako se käyttää laitteen muita sovelluksia ja palveluja. Salli se ja lataa sivu uudelleen: monet sivut odottavat vain kaksi sekuntia. Käynnistä avoinna oleva selain uudelleen.
scs_policies = Ylläpitäjät sallivat sen ennalta käytännöillä: LoopbackNetworkAllowedForUrls (Chromium, Chrome ja Edge) tai LocalNetworkAccess ja sen SkipDomains (Firefox).
button_share = Anna varmenne
