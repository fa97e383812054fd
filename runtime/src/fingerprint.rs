//! A hash of what has to be told again in another process, and by another version.

/// FNV-1a with 64 bits, a fixed algorithm: texts that differ in one byte never have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    const OFFSET_BASIS: u64 = 0xCBF2_9CE4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01B3;

    pub(crate) const fn new() -> Self {
        Self(Self::OFFSET_BASIS)
    }

    /// That came out as this number.
    pub(crate) const fn from_number(number: u64) -> Self {
        Self(number)
    }

    pub(crate) const fn number(self) -> u64 {
        self.0
    }

    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(Self::PRIME)))
    }

    /// A text of SQL, and where it ends: it holds no NUL.
    pub(crate) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes()).bytes(&[0])
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    #[test]
    fn it_is_the_published_algorithm() {
        // From the test vectors of its authors.
        let known = [("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8)];
        for (text, expected) in known {
            assert_eq!(Fingerprint::new().bytes(text.as_bytes()).number(), expected, "{text}");
        }
    }
}
