//! Acts of customer service that undo each other: who asks how to do the one does not ask how to undo it.

/// Whether one text is about undoing what the other is about doing.
///
/// The word that undoes tells what a text is about: 如何退订已订阅的服务 is about what 如何退订服务 is about.
pub(super) fn differ(one: &str, other: &str) -> bool {
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    OPPOSITES
        .iter()
        .any(|(does, undoes)| match (has(one, undoes), has(other, undoes)) {
            (true, false) => has(other, does),
            (false, true) => has(one, does),
            _ => false,
        })
}

/// What is done, and what undoes it.
const OPPOSITES: [(&[&str], &[&str]); 19] = [
    (&["订阅"], &["退订"]),
    (&["开通", "开启", "打开", "启用", "激活"], &["关闭", "停用", "禁用"]),
    (
        &["申请", "预约", "预订", "提交", "开通", "订阅", "绑定"],
        &["取消", "撤销", "撤回"],
    ),
    (&["绑定", "关联"], &["解绑"]),
    (&["冻结"], &["解冻"]),
    (&["锁定"], &["解锁"]),
    (&["挂失"], &["解挂"]),
    (&["限制"], &["解除"]),
    (&["注册"], &["注销"]),
    (&["登录", "登陆"], &["退出", "登出"]),
    (&["添加", "增加", "新增"], &["删除", "减少"]),
    (&["安装"], &["卸载"]),
    (&["上架"], &["下架"]),
    (&["上传"], &["下载"]),
    (&["充值"], &["提现"]),
    (&["转入", "买入", "导入"], &["转出", "卖出", "导出"]),
    (&["开始"], &["结束"]),
    (&["提前"], &["推迟", "延后"]),
    (&["签约"], &["解约"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_undoes_tells_what_a_text_is_about() {
        let differ = |one: &str, other: &str| {
            let told = differ(one, other);
            assert_eq!(told, differ(other, one), "{one} / {other}");
            told
        };
        for (one, other) in [
            ("如何订阅行程提醒", "如何退订已订阅的行程提醒"),
            ("怎么申请换货", "怎么取消换货"),
            ("怎么打开免密支付", "怎么关闭免密支付"),
        ] {
            assert!(differ(one, other), "{one} / {other}");
        }
        for (one, other) in [
            ("如何退订行程提醒", "如何退订已订阅的行程提醒"),
            ("怎么申请取消订单", "怎么取消订单"),
            ("已经开通的怎么关闭", "怎么停用"),
            ("怎么退货", "怎么取消订单"),
        ] {
            assert!(!differ(one, other), "{one} / {other}");
        }
    }
}
