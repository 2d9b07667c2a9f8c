//! Made texts: what customers of an online shop may ask, put together from lists. The same ones on every machine.

/// The phrasing number `n` of a topic. Phrasings of a topic share its words; those of other topics share some of them.
pub(crate) fn phrasing(topic: usize, n: usize) -> String {
    let mut random = Random((topic as u64) << 20 | n as u64);
    say(topic, topic + n, &mut random)
}

/// The question number `n` about any of so many topics; one in twenty is about something else.
pub(crate) fn question(topics: usize, n: usize) -> String {
    let mut random = Random(u64::MAX - n as u64);
    if random.below(20) == 0 {
        return random.of(ELSEWHERE).to_owned();
    }
    let (topic, pattern) = (random.below(topics), random.below(PATTERNS.len()));
    say(topic, pattern, &mut random)
}

fn say(topic: usize, pattern: usize, random: &mut Random) -> String {
    // The step has no divisor in common with the number of topics, so that it reaches all of them, neighbours far apart.
    let topics = OBJECTS.len() * ACTIONS.len() * QUALIFIERS.len();
    let place = topic % topics * STEP % topics;
    let object = OBJECTS[place % OBJECTS.len()];
    let action = ACTIONS[place / OBJECTS.len() % ACTIONS.len()];
    let qualifier = QUALIFIERS[place / OBJECTS.len() / ACTIONS.len()];
    let edition = match topic / topics {
        0 => String::new(),
        edition => format!("第{}代", edition + 1),
    };
    let text = PATTERNS[pattern % PATTERNS.len()]
        .replace('物', &format!("{edition}{object}"))
        .replace('动', action)
        .replace('性', qualifier)
        .replace('数', &(1 + random.below(90)).to_string());
    format!("{}{text}{}", random.of(BEFORE), random.of(AFTER))
}

/// Splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }
}

const STEP: usize = 65_537;

const OBJECTS: &[&str] = &[
    "订单",
    "快递",
    "优惠券",
    "发票",
    "运费险",
    "退款",
    "积分",
    "会员",
    "礼品卡",
    "红包",
    "手机",
    "电脑",
    "耳机",
    "充电器",
    "连衣裙",
    "牛仔裤",
    "羽绒服",
    "运动鞋",
    "行李箱",
    "双肩包",
    "口红",
    "面膜",
    "洗面奶",
    "防晒霜",
    "奶粉",
    "纸尿裤",
    "玩具",
    "童车",
    "冰箱",
    "洗衣机",
    "空调",
    "热水器",
    "扫地机器人",
    "电饭煲",
    "空气炸锅",
    "床垫",
    "沙发",
    "书桌",
    "窗帘",
    "台灯",
    "大米",
    "牛奶",
    "水果",
    "海鲜",
    "月饼",
    "茶叶",
    "猫粮",
    "狗粮",
    "机票",
    "酒店",
    "门票",
    "话费",
    "流量包",
    "花呗",
    "信用卡",
    "钱包余额",
];

const ACTIONS: &[&str] = &[
    "退货",
    "换货",
    "退款",
    "取消",
    "修改地址",
    "改颜色",
    "换尺码",
    "催发货",
    "查物流",
    "开发票",
    "补发",
    "赔偿",
    "维修",
    "安装",
    "保价",
    "领取",
    "使用",
    "叠加",
    "提现",
    "充值",
    "绑定",
    "解绑",
    "注销",
    "找回",
    "激活",
    "延长保修",
    "预约",
    "自提",
    "拒收",
    "签收",
    "投诉",
    "评价",
    "分期",
    "还款",
    "转让",
    "验货",
];

const QUALIFIERS: &[&str] = &[
    "双十一",
    "预售",
    "秒杀",
    "团购",
    "拼单",
    "二手",
    "海外直邮",
    "保税仓",
    "次日达",
    "货到付款",
    "七天无理由",
    "企业采购",
    "学生专享",
    "新人",
    "老客户",
    "金卡",
    "钻石",
    "黑金",
    "生日",
    "周年庆",
    "春节",
    "国庆",
    "中秋",
    "儿童节",
    "直播间",
    "旗舰店",
    "专卖店",
    "自营",
    "第三方",
    "线下门店",
    "北京",
    "上海",
    "广州",
    "深圳",
    "成都",
    "新疆",
    "西藏",
    "香港",
    "澳门",
    "台湾",
    "大件",
    "易碎",
    "定制",
    "限量",
    "赠品",
    "套装",
    "试用装",
    "临期",
    "开封过",
    "破损",
];

/// 物 stands for the object, 动 for the action, 性 for what narrows it, 数 for a number.
const PATTERNS: &[&str] = &[
    "性物怎么动",
    "物能动吗，是性的",
    "我买的性物想动",
    "动性物要多久",
    "性物在哪里动",
    "物动不了怎么办，性的",
    "性物动需要什么条件",
    "性的物动要手续费吗",
    "帮我看看性物可以动不",
    "物动的步骤发我一下，性",
    "想知道性物动收不收钱",
    "动物一般要几天？性那种",
    "为什么性物没办法动",
    "数天前的性物还能动吗",
    "性物花了数元，给动吗",
    "谁负责性物的动",
];

const BEFORE: &[&str] = &[
    "",
    "",
    "",
    "亲，",
    "你好，",
    "请问",
    "麻烦问下",
    "在吗 ",
    "那个",
    "客服，",
];

const AFTER: &[&str] = &["", "", "", "？", "？", "呢", "啊", "谢谢", "急", "……"];

const ELSEWHERE: &[&str] = &[
    "今天天气怎么样",
    "你是机器人吗",
    "给我讲个笑话",
    "明天股市会涨吗",
    "附近有什么好吃的",
    "世界上最高的山是哪座",
    "帮我写一首诗",
    "1加1等于几",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn topics_and_phrasings_differ() {
        let topics = OBJECTS.len() * ACTIONS.len() * QUALIFIERS.len();
        assert!(topics >= 100_000 && !topics.is_multiple_of(STEP));
        let texts: HashSet<String> = (0..1_000)
            .flat_map(|topic| (0..10).map(move |n| phrasing(topic, n)))
            .collect();
        assert_eq!(texts.len(), 10_000);
        assert_ne!(phrasing(7, 0), phrasing(7 + topics, 0));
    }

    #[test]
    fn questions_are_the_same_every_time() {
        assert_eq!(question(100, 3), question(100, 3));
        assert_ne!(question(100, 3), question(100, 4));
    }
}
