//! Small JSON files that notice every flipped bit.

use dafu::ErrorKind;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Returns the bytes of a file with this body and its hash.
pub(crate) fn seal<T: Serialize>(body: &T) -> Vec<u8> {
    let canonical = serde_json::to_vec(body).expect("a body is plain data");
    let sealed = Sealed {
        hash: hash(&canonical),
        body,
    };
    let mut bytes = serde_json::to_vec_pretty(&sealed).expect("a body is plain data");
    bytes.push(b'\n');
    bytes
}

/// Returns the body, if the bytes are exactly those that [`seal`] made of it.
///
/// A file of a format that this release does not know is told from a damaged one by its `format`.
pub(crate) fn unseal<T: Serialize + DeserializeOwned>(bytes: &[u8], format: u32) -> Result<T> {
    let damaged = || Error::new(ErrorKind::Corrupt, "it is damaged");
    let peek: Sealed<Peek> = serde_json::from_slice(bytes).map_err(|_| damaged())?;
    if peek.body.format > format {
        let newer = peek.body.format;
        let message = format!("it has format {newer}, this release reads up to {format}; use a newer dafu");
        return Err(Error::new(ErrorKind::Format, message));
    }
    let sealed: Sealed<T> = serde_json::from_slice(bytes).map_err(|_| damaged())?;
    // Compared as a whole, so that white space and the order of fields are covered, too.
    if seal(&sealed.body) == bytes {
        Ok(sealed.body)
    } else {
        Err(damaged())
    }
}

/// Returns BLAKE3 in 64 hexadecimal digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    body: T,
    hash: String,
}

/// What can be read of a body of any format.
#[derive(Deserialize)]
struct Peek {
    format: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Body {
        format: u32,
        names: Vec<String>,
    }

    fn body(format: u32) -> Body {
        Body {
            format,
            names: vec!["退款".to_owned(), "a".to_owned()],
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let bytes = seal(&body(1));
        assert_eq!(unseal::<Body>(&bytes, 1).unwrap(), body(1));
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[place] ^= 1 << bit;
                assert!(unseal::<Body>(&flipped, 1).is_err(), "byte {place}, bit {bit}");
            }
            assert!(unseal::<Body>(&bytes[..place], 1).is_err());
        }
    }

    #[test]
    fn a_newer_format_is_told_from_damage() {
        let error = unseal::<Body>(&seal(&body(2)), 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Format);
        assert_eq!(unseal::<Body>(b"{}", 1).unwrap_err().kind(), ErrorKind::Corrupt);
    }
}
