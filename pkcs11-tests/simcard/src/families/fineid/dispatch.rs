//! Which instruction does what, and when it is allowed.

use super::Fineid;
use super::elementary_files;
use super::files::{Application, Selected};
use crate::chip::Context;
use crate::facts::switches::Switches;
use crate::facts::switches::values::Chaining;
use crate::wire::apdu::{Command, Reply, sw};

/// Longest data of a chained command; an RSA-4096 cryptogram would fit.
const LONGEST_CHAIN: usize = 1024;

/// Data of the earlier parts of a chained command.
#[derive(Clone)]
pub(crate) struct Chain {
    header: [u8; 3],
    data: Vec<u8>,
}

impl Fineid {
    /// Carries out a command.
    pub(crate) fn dispatch(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply {
        let switches = context.switches;
        let chain = self.chain.take();
        match self.check_form(command, switches) {
            Ok(()) => {}
            Err(status) => return Reply::status(status),
        }
        if command.cla == 0x10 {
            return Reply::status(self.collect(command, chain));
        }
        match (command.ins, command.p1, command.p2) {
            (0xA4, ..) => self.select(command, switches),
            (0xB0, ..) => self.files.read_binary(command, switches),
            (0x20, ..) => self.verify(command, switches).into(),
            (0x24, ..) => self.change(command, switches).into(),
            (0x2C, ..) => self.reset_retry_counter(command, switches).into(),
            (0x22, ..) => Reply::status(self.environment.set(command, &self.keys, switches)),
            (0x2A, 0x90, 0xA0) => Reply::status(self.environment.set_digest(command.data)),
            (0x2A, 0x9E, 0x9A) => self.compute_signature(command, context),
            (0x2A, 0x80, 0x86) => {
                let header = [command.ins, command.p1, command.p2];
                match chain {
                    Some(mut chain) if chain.header == header => {
                        chain.data.extend_from_slice(command.data);
                        self.decipher(&chain.data, context)
                    }
                    _ => self.decipher(command.data, context),
                }
            }
            (0x2A, ..) => Reply::status(sw::WRONG_P1P2),
            (0xCB, 0x00, 0xFF) => self.pin_information(command, switches).into(),
            (0xCA, 0x9F, 0x7F) => {
                let data = elementary_files::production_data(&self.holder);
                match check_le(command, data.len(), switches) {
                    Ok(()) => Reply::data(data),
                    Err(status) => Reply::status(status),
                }
            }
            (0xCA, ..) => Reply::status(sw::REFERENCE_NOT_FOUND),
            (0xCB, ..) => Reply::status(sw::WRONG_P1P2),
            _ => Reply::status(sw::UNKNOWN_INSTRUCTION),
        }
    }

    /// Class, instruction, application and shape of the command.
    fn check_form(&self, command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
        match (command.cla, command.ins) {
            (0x00, _) | (0x80, 0xCA) => {}
            (0x10, 0x2A) if switches.chaining == Chaining::Accepted => {}
            (0x10, 0x2A) if switches.chaining == Chaining::Refused6985 => return Err(sw::CONDITIONS),
            (0x10, _) => return Err(sw::NO_CHAINING),
            (0x04 | 0x08 | 0x0C, _) => return Err(sw::NO_SECURE_MESSAGING),
            _ => return Err(sw::UNKNOWN_CLASS),
        }
        let selected = self.files.application;
        let allowed = match command.ins {
            0xA4 | 0xB0 | 0xCA => true,
            0x20 | 0x24 | 0x2C | 0xCB => {
                selected == Application::FineId
                    || (selected == Application::None && switches.early_pin_commands)
            }
            0x22 | 0x2A => {
                selected == Application::FineId
                    || (selected == Application::None && switches.early_security_env)
            }
            _ => false,
        };
        if !allowed {
            return Err(sw::UNKNOWN_INSTRUCTION);
        }
        if command.extended && !switches.extended_length {
            return Err(sw::WRONG_LENGTH);
        }
        // A T=0 command TPDU is header, P3 and P3 bytes; there is no place for Le behind the data.
        if command.data_and_le && !switches.case4_le && !command.extended {
            return Err(sw::WRONG_LENGTH);
        }
        let takes_data =
            !matches!((command.ins, command.p1, command.p2), (0xB0 | 0xCA, ..) | (0x2A, 0x9E, 0x9A));
        let has_data = !command.data.is_empty();
        // VERIFY asks for the state without data, SELECT means the MF.
        let may_be_empty = matches!(command.ins, 0x20 | 0xA4);
        if (has_data && !takes_data) || (takes_data && !has_data && !may_be_empty) {
            return Err(sw::WRONG_LENGTH);
        }
        if command.ins == 0xA4 && !has_data && command.le != Some(256) {
            return Err(sw::WRONG_LENGTH);
        }
        Ok(())
    }

    /// A part of a chained command (CLA 10) that is not the last one: only PSO: DECIPHER is long enough to need it.
    fn collect(&mut self, command: &Command<'_>, chain: Option<Chain>) -> u16 {
        let header = [command.ins, command.p1, command.p2];
        if header != [0x2A, 0x80, 0x86] {
            return sw::NO_CHAINING;
        }
        let mut chain = match chain {
            Some(chain) if chain.header == header => chain,
            _ => Chain { header, data: Vec::new() },
        };
        chain.data.extend_from_slice(command.data);
        if chain.data.len() > LONGEST_CHAIN {
            return sw::WRONG_LENGTH;
        }
        self.chain = Some(chain);
        sw::OK
    }

    fn select(&mut self, command: &Command<'_>, switches: &Switches) -> Reply {
        let (reply, selected) = self.files.select(command, switches);
        match selected {
            Some(Selected::Application) => self.application_selected(),
            Some(Selected::MasterFile) if switches.mf_drops_pins => self.pins.forget_verified(),
            Some(Selected::MasterFile | Selected::File) | None => {}
        }
        reply
    }

    /// Selecting any application, the same one included, ends verified states and the security environment.
    pub(crate) fn application_selected(&mut self) {
        self.pins.forget_verified();
        self.environment = Default::default();
    }
}

/// A case 2 command must ask for what there is: more is answered with 6Cxx.
pub(crate) fn check_le(command: &Command<'_>, length: usize, switches: &Switches) -> Result<(), u16> {
    let too_many = command.le.is_some_and(|le| le > length);
    if too_many && switches.strict_le && !command.extended {
        return Err(sw::WRONG_LE | (length & 0xFF) as u16);
    }
    Ok(())
}
