use super::char_table::{CHAR, line_of};

/// Which share of all characters in Chinese at large an ideograph is; for one that is not in the table, the least that
/// any has which is.
pub(crate) fn frequency(c: char) -> f32 {
    let tenths = line_of(TABLE, LINE, c).and_then(|tenths| tenths.parse::<u16>().ok());
    libm::expf(-0.1 * f32::from(tenths.unwrap_or(RAREST)))
}

/// For each of 6,958 characters a line: the character, and -10 ln of its share. It is made by `resources/frequencies.py`.
const TABLE: &str = include_str!("../../resources/frequencies.txt");

/// The bytes of a line: a character, three digits, and the line's end.
const LINE: usize = CHAR + 3 + 1;

/// The greatest number in the table.
const RAREST: u16 = 145;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_can_be_found() {
        assert_eq!(TABLE.len(), 6_958 * LINE);
        let mut rarest = 0;
        for line in TABLE.lines() {
            let (char, tenths) = line.split_at(CHAR);
            let tenths: u16 = tenths.parse().unwrap();
            let expected = libm::expf(-0.1 * f32::from(tenths));
            assert_eq!(frequency(char.chars().next().unwrap()), expected, "{line}");
            rarest = rarest.max(tenths);
        }
        assert_eq!(rarest, RAREST);
    }

    #[test]
    fn all_shares_together_are_the_whole() {
        let shares = TABLE.lines().filter_map(|line| line.chars().next()).map(frequency);
        let all: f32 = shares.sum();
        assert!((0.95..1.05).contains(&all), "{all}");
    }

    #[test]
    fn what_is_rare_is_rare() {
        assert!(frequency('的') > 10.0 * frequency('蟹'));
        assert!(frequency('蟹') > frequency('𠮷'));
        assert_eq!(frequency('𠮷'), frequency('a'));
    }
}
