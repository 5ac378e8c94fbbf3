//! What a card is called, and who helps its holder.

/// Cards that holders call by the same name, with the same help when something is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Finnish citizens: activated by a code from a letter.
    Finland,
    /// Finnish organisations, social and health care.
    FinnishOrganisation,
    /// Estonia until November 2025: there are new envelopes with codes for it.
    EstoniaWithEnvelope,
    /// Estonia since then: the PUK is in the self-service, and a locked one cannot be replaced.
    Estonia,
    /// Latvia: the office gives out new codes.
    Latvia,
    /// Lithuania: the Migration Department gives out a new PIN.
    Lithuania,
    /// Belgium: the municipality unlocks the PIN.
    Belgium,
    /// In no table.
    Unknown,
}
