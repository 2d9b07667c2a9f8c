//! Whole screens, as a person sees them, compared with those that are kept.

use crate::kb::{Desk, compare};

/// Everything from the first import to a roll back, answered in a terminal.
#[test]
fn the_screens_of_a_first_day_in_chinese() {
    first_day("zh", Desk::chinese(), "是\n");
}

#[test]
fn the_screens_of_a_first_day_in_english() {
    first_day("en", Desk::english(), "yes\n");
}

fn first_day(language: &str, desk: Desk, yes: &str) {
    let mut screen = String::new();
    for (line, typed) in [
        ("init --template shop.xlsx", ""),
        ("status", ""),
        ("import shop.xlsx", ""),
        ("status", ""),
        ("commit -m 第一版", ""),
        ("publish", yes),
        ("add 可以开发票吗？ 可以。 能不能开票 --id invoice", ""),
        ("rm singles-day", ""),
        ("diff", ""),
        ("undo", ""),
        ("commit -m 发票", ""),
        ("publish", "no\n"),
        ("publish", yes),
        ("rollback", yes),
        ("log", ""),
        ("blame invoice", ""),
        ("show refund-time", ""),
        ("templates appease-late order_no=QH1001", ""),
        ("test list", ""),
    ] {
        let ran = desk.type_at(line, typed);
        screen.push_str(&format!("$ kb {line}\n{}[{}]\n", ran.out, ran.code));
    }
    compare(&format!("first_day_{language}"), &screen);
}

#[test]
fn help_is_kept_for_every_command() {
    for (language, desk) in [("zh", Desk::chinese()), ("en", Desk::english())] {
        let all = desk.run("--help").code(0).out;
        let names = all
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .filter(|line| !line.starts_with(['-', 'k', ' ']));
        let mut screen = all.clone();
        for name in names.filter_map(|line| line.split_whitespace().next()) {
            let help = desk.run(&format!("{name} --help")).code(0).out;
            assert!(help.contains(&format!("\n  kb {name}")), "{help}");
            screen.push_str(&format!("\n$ kb {name} --help\n{help}"));
        }
        compare(&format!("help_{language}"), &screen);
    }
}

/// Colours on a terminal only, and not where NO_COLOR forbids them.
#[test]
fn colours_are_for_terminals() {
    let desk = Desk::english().published();
    assert!(desk.type_at("log", "").out.contains("\u{1b}["));
    assert!(!desk.run("log").out.contains('\u{1b}'));
    let plain = desk.type_with("NO_COLOR=1", "log", "");
    assert!(
        plain.out.contains("first") && !plain.out.contains('\u{1b}'),
        "{}",
        plain.out
    );
}
