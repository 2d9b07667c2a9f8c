use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use once_cell::sync::OnceCell;

use super::normalize::is_common_ideograph;

/// Turns traditional characters and common variants into the simplified ones, in place: one character stays one.
///
/// By OpenCC's tables (words before characters: 乾淨 → 干净, but 乾坤 stays). Simplified text stays as it is, so the
/// two may be mixed.
pub(super) fn simplify(chars: &mut [char]) {
    if !chars.iter().any(|c| is_common_ideograph(*c)) {
        return;
    }
    let text: String = chars.iter().collect();
    if let Ok(converter) = converter() {
        let simplified = converter.convert(&text);
        // OpenCC's tables from traditional to simplified keep the number of characters; should one ever not,
        // the text is better left alone than shifted against its origins.
        if simplified.chars().count() == chars.len() {
            for (c, simple) in chars.iter_mut().zip(simplified.chars()) {
                *c = simple;
            }
        }
    }
    for i in 0..chars.len() {
        let before = i.checked_sub(1).map(|b| chars[b]);
        let after = chars.get(i + 1).copied();
        if let Some(c) = variant(before, chars[i], after) {
            chars[i] = c;
        }
    }
}

/// Loads the tables once for the process (about 0.1 ms), with the first text that has an ideograph.
fn converter() -> Result<&'static OpenCC, ferrous_opencc::error::OpenCCError> {
    static CONVERTER: OnceCell<OpenCC> = OnceCell::new();
    CONVERTER.get_or_try_init(|| OpenCC::from_config(BuiltinConfig::T2s))
}

/// What OpenCC leaves, mostly since both forms are right in some text, and customers mix: 著 for 着, 帐 for 账, 妳 for 你.
fn variant(before: Option<char>, c: char, after: Option<char>) -> Option<char> {
    match c {
        '著' => {
            let noun = after.is_some_and(|a| "名作称书述者录".contains(a));
            let end = before.is_some_and(|b| "显名原编巨论专卓昭土译合".contains(b));
            (!noun && !end).then_some('着')
        }
        '帐' => (after != Some('篷') && after != Some('子') && before != Some('蚊')).then_some('账'),
        '甚' => (after == Some('么')).then_some('什'),
        '妳' => Some('你'),
        '祂' | '牠' => Some('它'),
        '衹' | '祇' => Some('只'),
        // The tables make this of 薴, and stop half-way.
        '苧' => Some('苎'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    fn simplify(s: &str) -> String {
        let mut chars: Vec<char> = s.chars().collect();
        super::simplify(&mut chars);
        chars.into_iter().collect()
    }

    #[test]
    fn words_decide_before_characters() {
        assert_eq!(simplify("乾淨的乾坤袋"), "干净的乾坤袋");
        assert_eq!(simplify("跟著物流走，著名品牌"), "跟着物流走，著名品牌");
        assert_eq!(simplify("帳號裡的錢，帐篷"), "账号里的钱，帐篷");
        assert_eq!(simplify("妳們甚麼時候發貨"), "你们什么时候发货");
        assert_eq!(simplify("已经是简体了"), "已经是简体了");
    }

    #[test]
    fn what_a_character_becomes_stays() {
        let ideographs = ('\u{3400}'..='\u{4dbf}').chain('\u{4e00}'..='\u{9fff}');
        let simplified = ideographs.map(|c| (c, simplify(&c.to_string())));
        let unstable: Vec<_> = simplified.filter(|(_, simple)| simplify(simple) != *simple).collect();
        assert_eq!(unstable, []);
    }
}
