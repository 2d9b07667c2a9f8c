//! When two phrasings, and two answers, say the same in nearly the same words.

use std::collections::HashSet;

use dafu::{AnswerBody, Entry, KnowledgeBase};

use super::opposites;

/// A text as it is compared: its letters and digits, simplified and in lower case, without what means nothing.
pub(super) struct Side {
    /// All of it.
    text: String,
    letters: Vec<char>,
    pairs: HashSet<(char, char)>,
}

impl Side {
    pub(super) fn new(text: &str) -> Self {
        let text = KnowledgeBase::normalize(text);
        let letters: Vec<char> = text
            .chars()
            .filter(|c| c.is_alphanumeric() && !FILLERS.contains(*c))
            .collect();
        let pairs = letters.windows(2).map(|pair| (pair[0], pair[1])).collect();
        Self { text, letters, pairs }
    }

    /// The first answer that an entry has of its own.
    pub(super) fn of_answer(entry: &Entry) -> Option<Self> {
        entry.answers.iter().find_map(|answer| match &answer.body {
            AnswerBody::Text(text) => Some(Self::new(text.as_str())),
            _ => None,
        })
    }

    pub(super) fn letters(&self) -> &[char] {
        &self.letters
    }

    /// How many of the pairs of characters agree: Dice's coefficient.
    fn alike(&self, other: &Self) -> f64 {
        let common = self.pairs.intersection(&other.pairs).count();
        2.0 * common as f64 / (self.pairs.len() + other.pairs.len()).max(1) as f64
    }

    /// Whether all letters stand in the other, too, in this order.
    fn stands_in(&self, other: &Self) -> bool {
        let mut rest = other.letters.iter();
        self.letters.iter().all(|letter| rest.any(|c| c == letter))
    }

    /// Whether one undoes what the other does: 怎么订阅 and 怎么退订.
    fn is_opposite(&self, other: &Self) -> bool {
        opposites::differ(&self.text, &other.text)
    }

    /// The characters of which one changes the meaning, however alike two texts look.
    fn telling(&self, tells: impl Fn(char) -> bool) -> Vec<char> {
        self.letters.iter().copied().filter(|c| tells(*c)).collect()
    }
}

/// Whether two phrasings ask the same in nearly the same words. `answers` are those of their entries.
///
/// Most pairs of characters must agree, no number, no Latin word and no negation may differ, and the one must not undo
/// what the other does: 怎么订阅 and 怎么退订. Where the answers are unlike each other, the phrasings must be long, and one
/// must only add to the other: 怎么退货 and 怎么换货 have as many pairs in common, and 预售什么时候发货 is another matter than
/// 什么时候发货.
pub(super) fn is_near(one: &Side, other: &Side, answers: Option<(&Side, &Side)>) -> bool {
    if one.letters == other.letters {
        return true;
    }
    if one.letters.len().min(other.letters.len()) < SHORTEST || one.alike(other) < NEAR {
        return false;
    }
    if one.telling(denies) != other.telling(denies) || one.is_opposite(other) {
        return false;
    }
    let answers = answers.map(|(one, other)| one.alike(other));
    let (codes, others) = (one.telling(is_code), other.telling(is_code));
    if codes != others {
        // One may name what the other leaves out, such as a web site, if both come to the same.
        return (codes.is_empty() || others.is_empty()) && answers.is_some_and(|alike| alike >= SAME_MATTER);
    }
    let adds = || one.stands_in(other) || other.stands_in(one);
    let is_long = one.letters.len().min(other.letters.len()) >= LONG;
    answers.is_none_or(|alike| alike >= RELATED) || (is_long && adds())
}

/// Whether two answers say the same in nearly the same words. Of short ones that means little.
pub(super) fn is_same_answer(one: &Side, other: &Side) -> bool {
    let tells = |c| denies(c) || is_code(c);
    let sorted = |side: &Side| {
        let mut telling = side.telling(tells);
        telling.sort_unstable();
        telling
    };
    one.letters.len().min(other.letters.len()) >= SHORTEST_ANSWER
        && one.alike(other) >= SAME_ANSWER
        && sorted(one) == sorted(other)
        && !one.is_opposite(other)
}

fn denies(c: char) -> bool {
    NEGATIONS.contains(c)
}

fn is_code(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// How much of two phrasings must agree. Lower, and 怎么退货 is told to be 怎么换货.
const NEAR: f64 = 0.8;

/// Characters below which pairs say too little.
const SHORTEST: usize = 5;

/// How much of two answers agrees that are about one matter, whatever they say of it: two that have nothing to do with
/// each other have some 0.1 in common.
const RELATED: f64 = 0.3;

/// Letters from which on a phrasing says enough for one word more to leave its matter the same.
const LONG: usize = 12;

/// How much of two answers agrees that come to the same.
const SAME_MATTER: f64 = 0.5;

/// How much of two answers agrees that are one answer.
const SAME_ANSWER: f64 = 0.9;

/// Letters below which answers are the same because there is little to say: 可以办理。
pub(super) const SHORTEST_ANSWER: usize = 40;

const FILLERS: &str = "吗呢啊呀吧的了请亲";

const NEGATIONS: &str = "不没无未别非";

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: &str, other: &str, answers: Option<(&str, &str)>) -> bool {
        let answers = answers.map(|(one, other)| (Side::new(one), Side::new(other)));
        let answers = answers.as_ref().map(|(one, other)| (one, other));
        is_near(&Side::new(one), &Side::new(other), answers)
    }

    #[test]
    fn near_is_the_same_question_in_nearly_the_same_words() {
        for (one, other) in [
            ("怎么申请退货？", "怎么申请退货"),
            ("退款多久可以到账呢", "退款多久可以到帐"),
            ("請問怎麼修改收貨地址", "怎么修改收货地址啊"),
            ("我想知道订单什么时候能发货", "想知道订单什么时候能发货"),
        ] {
            assert!(near(one, other, None), "{one} / {other}");
        }
        for (one, other) in [
            ("怎么退货", "怎么换货"),
            ("7天内可以退货吗", "15天内可以退货吗"),
            ("收到的商品可以退货吗", "收到的商品不可以退货吗"),
            ("怎么开通花呗分期付款", "怎么关闭花呗分期付款"),
            (
                "怎么订阅商品的降价和到货提醒短信服务",
                "怎么退订商品的降价和到货提醒短信服务",
            ),
            ("发票", "发票呢我的"),
        ] {
            assert!(!near(one, other, None), "{one} / {other}");
        }
    }

    #[test]
    fn answers_tell_whether_questions_that_look_alike_are_one() {
        let (mail, text) = (
            "没有下单却收到别人下单成功的邮件怎么办",
            "没有下单却收到别人下单成功的短信怎么办",
        );
        let unlike = Some(("请在设置里更换绑定的邮箱。", "回复TD即可退订，手机号换过请联系客服。"));
        let alike = Some((
            "请联系客服核实账号，我们会马上处理。",
            "请联系客服核实账号，会有专人马上处理。",
        ));
        assert!(!near(mail, text, unlike));
        assert!(near(mail, text, alike));
        // What only adds to a question is near to it whatever the answers say.
        let longer = "没有下单却收到别人下单成功的邮件和短信怎么办";
        assert!(near(mail, longer, unlike));
        let short = ("什么时候发货", "预售什么时候发货");
        assert!(!near(short.0, short.1, unlike) && near(short.0, short.1, alike));
        // A web site that only one names.
        let (with, without) = (
            "在dafu.cn网站办理退货手续以后如何申请发票",
            "网站办理退货手续以后如何申请发票",
        );
        assert!(near(with, without, alike));
        assert!(!near(with, without, unlike) && !near(with, without, None));
    }

    #[test]
    fn the_same_answer_is_long_and_has_the_same_numbers() {
        let long = "请在“我的订单”里找到这一单，点“申请售后”，选择原因并上传照片，审核通过以后快递员会上门取件，退款在收到货以后7天内到账。";
        let same = |one: &str, other: &str| is_same_answer(&Side::new(one), &Side::new(other));
        assert!(same(long, &long.replace("请在", "您好！请在")));
        assert!(!same(long, &long.replace('7', "3")));
        assert!(!same(long, &long.replace("会上门", "不会上门")));
        assert!(!same(long, &long.replace("申请", "取消")));
        assert!(!same("可以办理。", "可以办理。"));
    }
}
