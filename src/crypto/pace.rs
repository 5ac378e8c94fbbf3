//! Key agreement with a card by PACE with generic mapping (ICAO 9303-11 §4.4.3.3.1, BSI TR-03110-2 §3.2): each side
//! multiplies, and the password decides on which base point.
//!
//! Points are uncompressed: 04, x, y. Every point of the card is checked: it has to be on the curve, and not at infinity.
//! All four curves have the cofactor 1, so a point on the curve is in the group.

use elliptic_curve::group::Group;
use elliptic_curve::ops::Reduce;
use elliptic_curve::sec1::{FromSec1Point, ModulusSize, Sec1Point, ToSec1Point};
use elliptic_curve::{
    AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, NonZeroScalar, ProjectivePoint, Scalar,
};
use p256::elliptic_curve;
use zeroize::Zeroizing;

/// The curves that cards agree on keys with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256.
    P256,
    /// brainpoolP256r1.
    BrainpoolP256,
    /// NIST P-384.
    P384,
    /// brainpoolP384r1.
    BrainpoolP384,
}

/// How often a random number is drawn until it is a private key. The least likely curve takes two of three.
const DRAWS: usize = 128;

/// Runs code that is generic over the curve.
macro_rules! on {
    ($curve:expr, $function:ident($($argument:expr),*)) => {
        match $curve {
            Curve::P256 => $function::<p256::NistP256>($($argument),*),
            Curve::BrainpoolP256 => $function::<bp256::BrainpoolP256r1>($($argument),*),
            Curve::P384 => $function::<p384::NistP384>($($argument),*),
            Curve::BrainpoolP384 => $function::<bp384::BrainpoolP384r1>($($argument),*),
        }
    };
}

impl Curve {
    /// A new private key. `None` if the operating system has no random numbers.
    pub fn private_key(self) -> Option<Zeroizing<Vec<u8>>> {
        on!(self, draw())
    }

    /// The public key to a private one, on this base point; on that of the curve if there is none. `None` if one of them
    /// is none.
    pub fn public_key(self, private: &[u8], base: Option<&[u8]>) -> Option<Vec<u8>> {
        on!(self, public(private, base))
    }

    /// The base point that both sides map the nonce to. `None` if the nonce stands for zero or is too long, if the
    /// card's point is none, or if they lead to infinity.
    pub fn map(self, nonce: &[u8], private: &[u8], card: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        on!(self, map(nonce, private, card))
    }

    /// The secret that both sides share: the x coordinate. `None` if the card's point is none.
    pub fn agree(self, private: &[u8], card: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        on!(self, agree(private, card))
    }
}

fn draw<C: CurveArithmetic>() -> Option<Zeroizing<Vec<u8>>> {
    for _ in 0..DRAWS {
        let mut drawn = Zeroizing::new(FieldBytes::<C>::default());
        super::random::fill(&mut drawn)?;
        if bool::from(NonZeroScalar::<C>::from_repr(*drawn).is_some()) {
            return Some(Zeroizing::new(drawn.to_vec()));
        }
    }
    None
}

/// A number with leading zeros, if it is not too long.
fn fitted<C: CurveArithmetic>(number: &[u8]) -> Option<Zeroizing<FieldBytes<C>>> {
    let mut fitted = Zeroizing::new(FieldBytes::<C>::default());
    let zeros = fitted.len().checked_sub(number.len())?;
    fitted.get_mut(zeros..)?.copy_from_slice(number);
    Some(fitted)
}

fn key<C: CurveArithmetic>(private: &[u8]) -> Option<Zeroizing<Scalar<C>>> {
    let repr = fitted::<C>(private)?;
    let key: NonZeroScalar<C> = Option::from(NonZeroScalar::from_repr(*repr))?;
    Some(Zeroizing::new(*key))
}

fn point<C>(bytes: &[u8]) -> Option<ProjectivePoint<C>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C>,
{
    let encoded = Sec1Point::<C>::from_bytes(bytes).ok()?;
    if encoded.is_compressed() || encoded.is_identity() {
        return None;
    }
    Option::<AffinePoint<C>>::from(AffinePoint::<C>::from_sec1_point(&encoded)).map(Into::into)
}

/// The bytes of a point that is not at infinity.
fn bytes<C>(point: ProjectivePoint<C>) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: ToSec1Point<C>,
{
    let finite = !bool::from(point.is_identity());
    let affine: AffinePoint<C> = point.into();
    finite.then(|| affine.to_sec1_point(false).as_bytes().to_vec())
}

#[expect(clippy::arithmetic_side_effects, reason = "a group has no overflow")]
fn times<C: CurveArithmetic>(point: ProjectivePoint<C>, number: &Scalar<C>) -> ProjectivePoint<C> {
    point * *number
}

fn public<C>(private: &[u8], base: Option<&[u8]>) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let base = base.map_or_else(|| Some(ProjectivePoint::<C>::generator()), point::<C>)?;
    bytes::<C>(times::<C>(base, &*key::<C>(private)?))
}

fn map<C>(nonce: &[u8], private: &[u8], card: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let reduced = Scalar::<C>::reduce(&*fitted::<C>(nonce)?);
    let nonce: NonZeroScalar<C> = Option::from(NonZeroScalar::new(reduced))?;
    let shared = times::<C>(point::<C>(card)?, &*key::<C>(private)?);
    let own = times::<C>(ProjectivePoint::<C>::generator(), &nonce);
    bytes::<C>([own, shared].into_iter().sum()).map(Zeroizing::new)
}

fn agree<C>(private: &[u8], card: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let shared = Zeroizing::new(bytes::<C>(times::<C>(point::<C>(card)?, &*key::<C>(private)?))?);
    let (x, _) = shared.get(1..)?.split_at_checked(FieldBytes::<C>::default().len())?;
    Some(Zeroizing::new(x.to_vec()))
}

#[cfg(test)]
mod tests;
