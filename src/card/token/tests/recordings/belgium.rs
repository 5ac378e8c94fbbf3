//! Belgium: what the manual of the applet writes out, and the little that was recorded.

use super::*;

simcard::recorded_tests! {
    belgium_as_the_manual_has_it,
    the_number_of_a_belgian_chip,
}

/// In the manual's places for a signature.
const SIGNATURE: [u8; 96] = [0x5A; 96];

static MANUAL: Terms = Terms {
    protocol: Protocol::T0,
    departures: &[
        answered("00A4080C043F00DF00", "9000", "DF(BELPIC): reference manual, and OpenSC"),
        answered(
            "80E400001C",
            "534C4790404300000000000000000000F3360125011700030021010F9000",
            "GET CARD DATA of both applets: recorded with 1.7",
        ),
        recorded(
            "00200001",
            &["0020000100"],
            "VERIFY without data: a command of four bytes, P3 = 00 on the line",
        ),
    ],
    reads: Reads { most: 0xF8, block: None },
    not_sent: &[
        // With the tries, which the other way is the same on both applets.
        "80E400011F",
        // Again without VERIFY.
        "002A9E9A3086255FA2C36E4B30969EAE17DC34C772CBEBDFC58B58403900BE87614EB1A34B8780263F255EB5E65CA9BBB8641CCCFE",
    ],
};

fn belgium_as_the_manual_has_it() {
    let fill = Fill { command: &hex(CONTACT_DIGEST), answer: &SIGNATURE };
    let parts = trace_filled("bel-v18-flows-from-manual.txt", fill);
    let mut bench = bench(&parts, &MANUAL, "Belgium eID 1.8", 0);
    bench.read_identity().unwrap();
    bench.card.said();
    let keys: Vec<_> = table("Belgium eID 1.8").keys.to_vec();
    let public = PublicKey::Ec { curve: Curve::P384, point: vec![4; 97] };
    let input = ecdsa(CONTACT_DIGEST);

    bench.log_in(Role::Authentication, "1234").unwrap();
    let (verify, sign) = ("0020000108241234FFFFFFFFFF", format!("002A9E9A30{CONTACT_DIGEST}"));
    for expected in [&[verify, "002241B6050480028482", &sign][..], &["002241B6050480028482", &sign]] {
        let task = KeyTask::Sign(&input);
        let signed = bench.with(|card| card.use_key(&keys[0], &public, task)).unwrap();
        assert_eq!(*signed, SIGNATURE);
        assert_eq!(bench.card.said(), expected);
    }
    bench.with(|card| card.log_out(card.pin_spec(Role::Authentication)?)).unwrap();
    assert_eq!(bench.card.said(), ["80E60000"]);

    assert_eq!(sign_once(&mut bench, (&keys[1], &public), "1234", &input), SIGNATURE);
    let tried = [verify, "80E60000"];
    let signed = ["002241B6050480028483", verify, &sign, "80E60000"];
    assert_eq!(bench.card.said(), [&tried[..], &signed].concat());

    let outcome = bench.with(|card| card.verify(card.pin_spec(Role::Authentication)?, &typed("9999")));
    assert_eq!(outcome, Err(PinError::Wrong { left: Some(2) }));
    bench
        .with(|card| card.change(card.pin_spec(Role::Authentication)?, both(&pin("1234"), &pin("5678"))))
        .unwrap();
    let change = "0024000110241234FFFFFFFFFF245678FFFFFFFFFF";
    // After a refusal the card is asked again who it is, and before a change how the PIN stands.
    let said = ["0020000108249999FFFFFFFFFF", "80E400001C", "00200001", change, "80E60000"];
    assert_eq!(bench.card.said(), said);
    bench.card.finish();
}

static RECORDED: Terms = Terms {
    protocol: Protocol::T0,
    departures: &[],
    reads: Reads { most: 0xF8, block: None },
    not_sent: &[],
};

fn the_number_of_a_belgian_chip() {
    let parts = trace("bel-v17-contact-opensc-issue1112.txt");
    let mut card = Replay::new(&parts, &RECORDED);
    let serial = engine::read_serial(&mut Channel::new(&mut card), table("Belgium eID 1.7")).unwrap();
    assert_eq!(text_of(&serial.number), "534C4790404300000000000000000000");
    card.finish();
}
