use std::cmp::Ordering;

/// The line of a table that begins with a character, without it and without the line's end.
///
/// All lines have `len` bytes, begin with a character of [`CHAR`] bytes, and stand in the order of code points.
pub(super) fn line_of(table: &'static str, len: usize, c: char) -> Option<&'static str> {
    let mut buffer = [0; 4];
    let wanted = c.encode_utf8(&mut buffer).as_bytes();
    // UTF-8 keeps the order of code points.
    let (mut low, mut high) = (0, table.len() / len);
    while low < high {
        let middle = low.midpoint(high);
        match table.as_bytes()[middle * len..][..CHAR].cmp(wanted) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => return table.get(middle * len + CHAR..(middle + 1) * len - 1),
        }
    }
    None
}

/// The bytes of the character that a line begins with.
pub(super) const CHAR: usize = 3;
