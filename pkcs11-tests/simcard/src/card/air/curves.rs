//! The arithmetic of PACE on each curve; points are 04, x, y.

use crate::facts::air::AirCurve;
use p256::elliptic_curve::group::Group;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, Sec1Point, ToSec1Point};
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, ProjectivePoint, Scalar,
};

macro_rules! on {
    ($curve:expr, $function:ident($($argument:expr),*)) => {
        match $curve {
            AirCurve::P256 => $function::<p256::NistP256>($($argument),*),
            AirCurve::BrainpoolP256 => $function::<bp256::BrainpoolP256r1>($($argument),*),
            AirCurve::BrainpoolP384 => $function::<bp384::BrainpoolP384r1>($($argument),*),
        }
    };
}

/// `number` times a point, or times the base point of the curve if there is none, plus another point if there is one.
/// None if a point is none, or the sum is at infinity.
pub(super) fn times(
    curve: AirCurve,
    number: &[u8],
    point: Option<&[u8]>,
    plus: Option<&[u8]>,
) -> Option<Vec<u8>> {
    on!(curve, compute(number, point, plus))
}

/// Bytes of a coordinate.
pub(super) fn field(curve: AirCurve) -> usize {
    match curve {
        AirCurve::P256 | AirCurve::BrainpoolP256 => 32,
        AirCurve::BrainpoolP384 => 48,
    }
}

fn compute<C>(number: &[u8], point: Option<&[u8]>, plus: Option<&[u8]>) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let decoded = |bytes: &[u8]| {
        let encoded = Sec1Point::<C>::from_bytes(bytes).ok().filter(|point| point.tag() as u8 == 4)?;
        let affine: Option<AffinePoint<C>> = AffinePoint::<C>::from_sec1_point(&encoded).into();
        affine.map(ProjectivePoint::<C>::from)
    };
    let mut repr = FieldBytes::<C>::default();
    let start = repr.len().checked_sub(number.len())?;
    repr[start..].copy_from_slice(number);
    let base = point.map_or_else(|| Some(ProjectivePoint::<C>::generator()), decoded)?;
    let mut sum = base * Scalar::<C>::reduce(&repr);
    if let Some(plus) = plus {
        sum += decoded(plus)?;
    }
    if bool::from(sum.is_identity()) {
        return None;
    }
    let affine: AffinePoint<C> = sum.into();
    Some(affine.to_sec1_point(false).as_bytes().to_vec())
}
