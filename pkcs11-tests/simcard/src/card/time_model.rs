//! How long a real card would have taken.

use crate::pki::keys::Operation;
use serde::Serialize;

/// Times of one exchange on a contact reader, in milliseconds.
///
/// Only the ECDSA total is an observation (315 to 345 ms per contact signature, ReFineID). The time per byte is
/// computed from the ATR; everything marked 'guess' is there so that programs that send ten times too many
/// commands are visibly slow, not to predict a card.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TimeModel {
    /// Reader, USB and card command handling, per TPDU. Guess.
    pub per_apdu: f64,
    /// One byte on the line: TA1 = 96 is Fi 512 / Di 32 = 16 clocks per etu (ISO/IEC 7816-3 §8.3); 12 etu per
    /// character (start, 8 bits, parity, 2 guard) at 4 MHz = 0.048 ms.
    pub per_byte: f64,
    /// One EC private-key operation: the observed 330 ms less what the bytes and the commands take.
    pub ec_operation: f64,
    /// One RSA-2048 private-key operation. Guess.
    pub rsa_2048_operation: f64,
    /// One RSA-3072 private-key operation. Guess.
    pub rsa_3072_operation: f64,
    /// Power-up or warm reset until the ATR is read. Guess.
    pub per_reset: f64,
}

impl Default for TimeModel {
    fn default() -> Self {
        Self {
            per_apdu: 6.0,
            per_byte: 12.0 * 16.0 / 4000.0,
            ec_operation: 300.0,
            rsa_2048_operation: 450.0,
            rsa_3072_operation: 1100.0,
            per_reset: 60.0,
        }
    }
}

impl TimeModel {
    pub(crate) fn operation(&self, operation: Operation) -> f64 {
        match operation {
            Operation::Ec => self.ec_operation,
            Operation::Rsa { bits } if bits <= 2048 => self.rsa_2048_operation,
            Operation::Rsa { .. } => self.rsa_3072_operation,
        }
    }

    pub(crate) fn exchange(&self, command: usize, answer: usize, operations: &[Operation]) -> f64 {
        self.per_apdu
            + self.per_byte * (command + answer) as f64
            + operations.iter().map(|operation| self.operation(*operation)).sum::<f64>()
    }
}
