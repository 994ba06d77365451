//! Address ranges, and whether two of them overlap.

use std::net::IpAddr;

/// A range of addresses of one family, first and last.
pub(super) struct Cidr {
    v4: bool,
    first: u128,
    last: u128,
}

impl Cidr {
    /// Reads `10.10.0.0/16` or `fd00::/48`.
    pub(super) fn parse(text: &str) -> Option<Cidr> {
        let (address, length) = text.split_once('/')?;
        let length: u32 = length.parse().ok()?;
        let (v4, bits, width) = match address.parse::<IpAddr>().ok()? {
            IpAddr::V4(ip) => (true, u128::from(u32::from(ip)), 32),
            IpAddr::V6(ip) => (false, u128::from(ip), 128),
        };
        let hosts = u32::checked_sub(width, length)?;
        let mask = 1u128.checked_shl(hosts).map_or(u128::MAX, |bit| bit - 1);
        Some(Cidr { v4, first: bits & !mask, last: bits | mask })
    }

    /// Says whether some address is in both.
    pub(super) fn overlaps(&self, other: &Cidr) -> bool {
        self.v4 == other.v4 && self.first <= other.last && other.first <= self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_overlap_when_they_share_an_address() {
        let range = |text| Cidr::parse(text).unwrap();
        assert!(range("10.0.0.0/8").overlaps(&range("10.200.0.0/16")));
        assert!(!range("10.0.0.0/16").overlaps(&range("10.1.0.0/16")));
        assert!(range("0.0.0.0/0").overlaps(&range("1.2.3.4/32")));
        assert!(!range("::/0").overlaps(&range("0.0.0.0/0")));
        for bad in ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/129", "/8", "10.0.0.0/-1"] {
            assert!(Cidr::parse(bad).is_none(), "{bad}");
        }
    }
}
