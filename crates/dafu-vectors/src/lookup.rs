/// Finds units by their texts: a hash table with linear probing, as it stands in the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lookup {
    pub(crate) slots: &'static [u8],
    pub(crate) ends: &'static [u8],
    pub(crate) text: &'static [u8],
}

impl Lookup {
    /// Calls `found` for each unit that occurs in a run: a whole Latin word, or any run of ideographs.
    pub(crate) fn each(&self, run: &str, mut found: impl FnMut(usize)) {
        if run.as_bytes()[0].is_ascii() {
            self.find(run.as_bytes()).into_iter().for_each(found);
            return;
        }
        for (start, _) in run.char_indices() {
            let rest = &run[start..];
            let ends = rest.char_indices().map(|(end, c)| end + c.len_utf8());
            for end in ends.take(LONGEST) {
                if let Some(unit) = self.find(&rest.as_bytes()[..end]) {
                    found(unit);
                }
            }
        }
    }

    fn find(&self, unit: &[u8]) -> Option<usize> {
        let mask = self.slots.len() / 2 - 1;
        let mut slot = hash(unit) as usize & mask;
        loop {
            let at = 2 * slot;
            let number = u16::from_le_bytes([self.slots[at], self.slots[at + 1]]) as usize;
            if number == 0 {
                return None;
            }
            if self.text_of(number - 1) == unit {
                return Some(number - 1);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn text_of(&self, unit: usize) -> &[u8] {
        let start = if unit == 0 {
            0
        } else {
            read_u32(self.ends, 4 * (unit - 1))
        };
        &self.text[start as usize..read_u32(self.ends, 4 * unit) as usize]
    }
}

/// Calls `each` for every run of ideographs and every run of small Latin letters.
pub(crate) fn runs<'t>(text: &'t str, mut each: impl FnMut(&'t str)) {
    let mut run: Option<(usize, Script)> = None;
    for (at, c) in text.char_indices() {
        let script = script_of(c);
        if run.map(|(_, script)| script) != script {
            if let Some((start, _)) = run {
                each(&text[start..at]);
            }
            run = script.map(|script| (at, script));
        }
    }
    if let Some((start, _)) = run {
        each(&text[start..]);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Han,
    Latin,
}

fn script_of(c: char) -> Option<Script> {
    match c {
        'a'..='z' => Some(Script::Latin),
        '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => Some(Script::Han),
        _ => None,
    }
}

/// FNV-1a, which the script that packs the table knows, too.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

pub(crate) const fn read_u32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// The most ideographs that a unit has.
const LONGEST: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_where_the_script_changes() {
        let mut out = Vec::new();
        runs("花呗app 能退5元吗?ok", |run| out.push(run));
        assert_eq!(out, ["花呗", "app", "能退", "元吗", "ok"]);
    }
}
