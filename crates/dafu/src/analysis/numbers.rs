use super::normalize::Normalized;

/// Writes Chinese numerals that count things in digits: 七天 → 7天, 二十四小时 → 24小时, 双十一 → 双11.
///
/// A numeral counts when a unit follows, when it counts hundreds or more (三百), or when it spells out at least three
/// digits (六一八). Others stay: 一样, 万一, 三三两两, 十分 (very) and 一点 (a little).
pub(super) fn to_digits(text: &mut Normalized) {
    let mut i = 0;
    while i < text.chars().len() {
        let chars = text.chars();
        if !is_numeral(chars[i]) {
            i += 1;
            continue;
        }
        let len = chars[i..].iter().take_while(|c| is_numeral(**c)).count();
        match counted(
            chars.get(i.wrapping_sub(1)).copied(),
            &chars[i..i + len],
            &chars[i + len..],
        ) {
            Some(value) => {
                let digits = value.to_string();
                text.replace(i..i + len, digits.chars());
                i += digits.len();
            }
            None => i += len,
        }
    }
}

/// The number that a run of numerals stands for, if it counts something.
fn counted(before: Option<char>, numeral: &[char], after: &[char]) -> Option<u64> {
    // 7百 and 10万: a run that goes on from digits is no number of its own.
    if before.is_some_and(|c| c.is_ascii_digit()) || numeral.len() > 12 {
        return None;
    }
    if numeral.len() >= 3 && numeral.iter().all(|c| digit(*c).is_some() && *c != '两') {
        return Some(numeral.iter().fold(0, |sum, c| sum * 10 + digit(*c).unwrap_or(0)));
    }
    let value = value(numeral)?;
    let sales_day = before == Some('双') && (value == 11 || value == 12);
    let hundreds = digit(numeral[0]).is_some() && numeral[1..].iter().any(|c| scale(*c) >= Some(100));
    (sales_day || hundreds || counts(numeral, after)).then_some(value)
}

/// Whether a unit follows that makes the numeral a count, and not a part of a word such as 一点 or 十分.
fn counts(numeral: &[char], after: &[char]) -> bool {
    let Some(&unit) = after.first() else { return false };
    match unit {
        '点' => numeral != ['一'],
        '分' => numeral != ['十'] || after.get(1) == Some(&'钟'),
        '小' => after.get(1) == Some(&'时'),
        '工' => after.get(1) == Some(&'作'),
        '公' => matches!(after.get(1), Some('斤' | '里' | '分')),
        '个' => true,
        _ => UNITS.contains(unit),
    }
}

/// The value of a numeral below 10¹², such as 三百零五 or 两千; none for what is no well-formed numeral (三四, 十十).
fn value(numeral: &[char]) -> Option<u64> {
    let (mut total, mut section, mut pending) = (0u64, 0u64, None);
    let mut last_scale = u64::MAX;
    for &c in numeral {
        if let Some(d) = digit(c) {
            if pending.is_some_and(|p| p != 0) {
                return None;
            }
            pending = Some(d);
        } else {
            let scale = scale(c)?;
            match (scale, pending.take()) {
                (10_000.., count) => {
                    let below = section + count.unwrap_or(0);
                    if below == 0 || total != 0 {
                        return None;
                    }
                    (total, section, last_scale) = (below * scale, 0, u64::MAX);
                }
                // 十五 is 15, but 百 or 千 alone counts nothing.
                (10, None) if section == 0 => (section, last_scale) = (10, 10),
                (_, Some(count)) if count > 0 && scale < last_scale => {
                    section += count * scale;
                    last_scale = scale;
                }
                _ => return None,
            }
        }
    }
    let value = total + section + pending.unwrap_or(0);
    (value > 0).then_some(value)
}

fn is_numeral(c: char) -> bool {
    digit(c).is_some() || scale(c).is_some()
}

fn digit(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn scale(c: char) -> Option<u64> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

const UNITS: &str = "天日号月年周元块毛角秒时次件条张份套双台部包箱瓶斤克米折期楼岁位单笔倍级星人家项级页层";

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(s: &str) -> String {
        Normalized::new(s).text()
    }

    #[test]
    fn numerals_that_count_meet_digits() {
        for (from, to) in [
            ("七天无理由", "7天无理由"),
            ("二十四小时内发货", "24小时内发货"),
            ("满三百减五十元", "满300减50元"),
            ("一百零五块", "105块"),
            ("两万三千元", "23000元"),
            ("双十一的单", "双11的单"),
            ("六一八活动", "618活动"),
            ("十五个工作日", "15个工作日"),
            ("分十二期", "分12期"),
            ("二〇二六年", "2026年"),
        ] {
            assert_eq!(digits(from), to);
        }
    }

    #[test]
    fn other_words_stay() {
        for word in [
            "一样的",
            "万一坏了",
            "十分满意",
            "便宜一点",
            "三三两两",
            "三四天",
            "一直没到",
            "百年",
            "统一",
            "十全十美",
        ] {
            assert_eq!(digits(word), word);
        }
        assert_eq!(
            digits("一二三四五六七八九一二三四五六七八九天"),
            "一二三四五六七八九一二三四五六七八九天"
        );
    }
}
