//! Which certificates a service takes, as the Finnish signature service has it, and the issuers of the one that it gets.

use super::certificates::Certificate;
use avain_card::cards::certificate::PublicKey;
use x509_cert::der::Decode;
use x509_cert::der::asn1::OctetString;
use x509_cert::ext::pkix::AuthorityKeyIdentifier;
use x509_cert::name::RdnSequence;

/// What a certificate has to be like. An empty list says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// Kinds of keys: `rsa`, `ec`.
    pub keys: Vec<String>,
    /// Names of issuers as text, the most specific part first.
    pub issuers: Vec<String>,
    /// Identifiers of the issuers' keys (RFC 5280 §4.2.1.1).
    pub akis: Vec<Vec<u8>>,
}

impl Selector {
    /// Is this certificate taken?
    pub(super) fn fits(&self, certificate: &Certificate, key: &PublicKey) -> bool {
        let kind = if matches!(key, PublicKey::Rsa { .. }) { "rsa" } else { "ec" };
        let is_kind = self.keys.is_empty() || self.keys.iter().any(|wanted| wanted == kind);
        is_kind && self.takes_issuer(&certificate.issuer) && self.takes_identifier(certificate)
    }

    fn takes_issuer(&self, issuer: &[u8]) -> bool {
        if self.issuers.is_empty() {
            return true;
        }
        let Ok(name) = RdnSequence::from_der(issuer) else { return false };
        let name = parts(&name.to_string());
        self.issuers.iter().any(|wanted| parts(wanted) == name)
    }

    fn takes_identifier(&self, certificate: &Certificate) -> bool {
        self.akis.is_empty() || authority_key(certificate).is_some_and(|key| self.akis.contains(&key))
    }
}

/// The parts of a name as text (RFC 4514): how they are separated and written does not matter.
fn parts(name: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let mut is_escaped = false;
    for letter in name.chars() {
        match letter {
            ',' if !is_escaped => parts.push(std::mem::take(&mut part)),
            '\\' if !is_escaped => {
                is_escaped = true;
                continue;
            }
            letter => part.push(letter),
        }
        is_escaped = false;
    }
    parts.push(part);
    parts.iter().map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()).collect()
}

fn authority_key(certificate: &Certificate) -> Option<Vec<u8>> {
    let certificate = x509_cert::Certificate::from_der(&certificate.der).ok()?;
    let (_, identifier) = certificate.tbs_certificate.get::<AuthorityKeyIdentifier>().ok()??;
    identifier.key_identifier.map(OctetString::into_bytes)
}

/// The certificates of the issuers, from that of this certificate to the root, as far as they are known.
pub(super) fn issuers(certificate: &Certificate, known: &[Certificate]) -> Vec<Vec<u8>> {
    let mut chain: Vec<Vec<u8>> = Vec::new();
    let mut below = certificate;
    while let Some(issuer) = known.iter().find(|known| known.subject == below.issuer) {
        if chain.contains(&issuer.der) {
            break;
        }
        chain.push(issuer.der.clone());
        below = issuer;
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_what_they_say() {
        let name = "CN=DVV Citizen Certificates - G4R, OU=Valtion kansalaisvarmenteet, O=Digi- ja vaestotietovirasto CA, C=FI";
        let bare = "CN=DVV Citizen Certificates - G4R,OU=Valtion kansalaisvarmenteet,O=Digi- ja vaestotietovirasto CA,C=FI";
        assert_eq!(parts(name), parts(bare));
        assert_eq!(parts(&name.to_uppercase()), parts(bare));
        assert_ne!(parts(name), parts(&name.replace("G4R", "G5R")));
        assert_ne!(parts(name), parts(&name.replace(", C=FI", "")));
        assert_eq!(parts(r"O=A\, B ,C=FI"), ["o=a, b", "c=fi"]);
        assert_eq!(parts(r"O=A\"), ["o=a"]);
        assert_eq!(parts(""), [""]);
    }
}
