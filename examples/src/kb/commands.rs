//! What can be asked of the tool: the one table behind its arguments, its help and its completions.

use crate::Language;

/// A command.
pub struct Command {
    pub name: &'static str,
    /// The arguments behind its name, for the help.
    pub arguments: &'static str,
    pub options: &'static [Opt],
    /// What it does, in Chinese and English.
    pub about: [&'static str; 2],
    pub example: &'static str,
}

/// An option.
pub struct Opt {
    pub name: &'static str,
    pub short: Option<char>,
    /// What its value is called; without one it is a switch.
    pub value: Option<&'static str>,
    pub about: [&'static str; 2],
}

impl Opt {
    const fn switch(name: &'static str, chinese: &'static str, english: &'static str) -> Self {
        Self {
            name,
            short: None,
            value: None,
            about: [chinese, english],
        }
    }

    const fn with(name: &'static str, value: &'static str, chinese: &'static str, english: &'static str) -> Self {
        Self {
            name,
            short: None,
            value: Some(value),
            about: [chinese, english],
        }
    }
}

/// Returns the command of a name.
pub fn find(name: &str) -> Option<&'static Command> {
    ALL.iter().find(|command| command.name == name)
}

/// Returns the options of a command, and those of all.
pub fn options(command: &'static Command) -> impl Iterator<Item = &'static Opt> {
    command.options.iter().chain(COMMON)
}

/// Returns the help for all commands.
pub fn help(language: Language) -> String {
    let pick = |texts: &[&'static str; 2]| language.pick(texts[0], texts[1]);
    let mut help = language
        .pick(
            "从一张表到一个上线的答案。\n\n  kb 命令 [参数]\n\n",
            "From a spreadsheet to a live answer.\n\n  kb COMMAND [ARGUMENTS]\n\n",
        )
        .to_owned();
    for command in ALL {
        help.push_str(&format!("  {:<12} {}\n", command.name, pick(&command.about)));
    }
    help.push_str(language.pick("\n每个命令都有：\n", "\nEvery command has:\n"));
    for option in COMMON {
        help.push_str(&format!("  {:<20} {}\n", shown(option), pick(&option.about)));
    }
    help.push_str(language.pick(
        "\nkb 命令 --help 有说明和例子。\n退出码：0 成功；1 出错；2 命令写错；3 有需要看一看的结果；4 没有执行（被拒绝、有冲突、没有确认）。\n",
        "\nkb COMMAND --help explains a command, with an example.\nExit codes: 0 done; 1 failed; 2 wrong command line; 3 there is something to look at; 4 not done (refused, in conflict, not confirmed).\n",
    ));
    help
}

/// Returns the help for one command.
pub fn help_for(command: &Command, language: Language) -> String {
    let pick = |texts: &[&'static str; 2]| language.pick(texts[0], texts[1]);
    let mut help = format!("{}\n\n  kb {}", pick(&command.about), command.name);
    if !command.arguments.is_empty() {
        help.push_str(&format!(" {}", command.arguments));
    }
    help.push_str("\n\n");
    for option in command.options.iter().chain(COMMON) {
        help.push_str(&format!("  {:<20} {}\n", shown(option), pick(&option.about)));
    }
    let example = language.pick("例如", "Example");
    help.push_str(&format!("\n{example}:\n  {}\n", command.example));
    help
}

fn shown(option: &Opt) -> String {
    let short = option.short.map(|short| format!("-{short}, ")).unwrap_or_default();
    let value = option.value.map(|value| format!(" {value}")).unwrap_or_default();
    format!("{short}--{}{value}", option.name)
}

pub const COMMON: &[Opt] = &[
    Opt::with("in", "FOLDER", "知识库所在的文件夹", "the folder of the knowledge base"),
    Opt::with("author", "NAME", "以谁的名义", "in whose name"),
    Opt::switch("yes", "不再询问", "does not ask back"),
    Opt::switch("json", "输出一个 JSON 对象", "writes one JSON object"),
    Opt {
        name: "help",
        short: Some('h'),
        value: None,
        about: ["显示说明", "shows this text"],
    },
];

const VERSION: Opt = Opt::with("version", "N", "哪个版本", "which version");
const CHANNEL: Opt = Opt::with(
    "channel",
    "NAME",
    "发布渠道，默认 live",
    "the channel of publication, live by default",
);
const ALL_FINDINGS: Opt = Opt::switch("all", "列出全部", "lists all of them");
const DRAFT: Opt = Opt::switch(
    "draft",
    "认可的是草稿的回答，不是线上的",
    "accepts what the draft answers, and not what is live",
);

pub const ALL: &[Command] = &[
    Command {
        name: "init",
        arguments: "[FOLDER]",
        options: &[Opt::with(
            "template",
            "FILE",
            "另外写一张自带说明的表格",
            "also writes a workbook that explains itself",
        )],
        about: ["新建一个知识库", "begins a knowledge base"],
        example: "kb init shop --template shop.xlsx",
    },
    Command {
        name: "import",
        arguments: "FILE",
        options: &[
            Opt::switch("keep", "保留文件里没有的条目", "keeps what the file does not have"),
            Opt::with(
                "mark",
                "COPY",
                "有错时写一份副本，标出错误的格子",
                "writes a copy of the workbook with the wrong cells marked",
            ),
        ],
        about: [
            "把表格导入草稿（.xlsx .csv .tsv .jsonl）",
            "brings a file into the draft (.xlsx .csv .tsv .jsonl)",
        ],
        example: "kb import shop.xlsx --mark wrong.xlsx",
    },
    Command {
        name: "export",
        arguments: "FILE",
        options: &[VERSION],
        about: [
            "把草稿或某个版本写成文件（.xlsx .csv .jsonl）",
            "writes the draft or a version to a file (.xlsx .csv .jsonl)",
        ],
        example: "kb export shop.xlsx --version 3",
    },
    Command {
        name: "status",
        arguments: "",
        options: &[],
        about: [
            "草稿改了什么，线上是哪个版本",
            "what the draft changes, and what is live",
        ],
        example: "kb status",
    },
    Command {
        name: "add",
        arguments: "QUESTION ANSWER [SIMILAR ...]",
        options: &[
            Opt::with("id", "ID", "编号", "its id"),
            Opt::with(
                "category",
                "PATH",
                "分类，例如 售后/退款",
                "its category, such as 售后/退款",
            ),
        ],
        about: [
            "加一条问答；不写参数时打开编辑器",
            "adds an entry; without arguments opens the editor",
        ],
        example: "kb add 退款多久到账？ 1-3个工作日到账。 钱几时退回来 --id refund-time",
    },
    Command {
        name: "edit",
        arguments: "ID",
        options: &[],
        about: [
            "在 $VISUAL 或 $EDITOR 里修改一条问答",
            "opens an entry in $VISUAL or $EDITOR",
        ],
        example: "kb edit refund-time",
    },
    Command {
        name: "rm",
        arguments: "ID ...",
        options: &[],
        about: [
            "从草稿里删除问答（可以 undo）",
            "deletes entries from the draft (undo brings them back)",
        ],
        example: "kb rm refund-time",
    },
    Command {
        name: "undo",
        arguments: "",
        options: &[Opt::switch("all", "丢掉整个草稿", "drops the whole draft")],
        about: ["撤销草稿里的上一步", "takes back the draft's last step"],
        example: "kb undo",
    },
    Command {
        name: "check",
        arguments: "",
        options: &[
            VERSION,
            ALL_FINDINGS,
            Opt::with(
                "days",
                "N",
                "提前多少天提醒到期，默认 30",
                "tells what ends within N days, 30 by default",
            ),
        ],
        about: [
            "检查：重复、找不到自己的问法、过期、引用……",
            "looks for duplicates, phrasings that find another entry, what is expired, references ...",
        ],
        example: "kb check --days 14",
    },
    Command {
        name: "diff",
        arguments: "[FROM [TO]]",
        options: &[Opt::switch(
            "answers",
            "还要比较答案：哪些问题的回答会变",
            "compares answers, too: which questions are answered otherwise",
        )],
        about: [
            "改了什么：草稿里，或两个版本之间（不写 TO 时到最新版本）",
            "what the draft changes, or what differs between two versions (without TO: to the newest)",
        ],
        example: "kb diff 3 5 --answers",
    },
    Command {
        name: "commit",
        arguments: "",
        options: &[Opt {
            name: "message",
            short: Some('m'),
            value: Some("TEXT"),
            about: ["改了什么、为什么", "what was changed, and why"],
        }],
        about: ["把草稿变成一个版本", "makes a version of the draft"],
        example: "kb commit -m 双十一活动",
    },
    Command {
        name: "resolve",
        arguments: "ID FIELD draft|newest|base|VALUE",
        options: &[],
        about: ["解决提交时的冲突", "settles a conflict of a commit"],
        example: "kb resolve refund-time answers newest",
    },
    Command {
        name: "publish",
        arguments: "",
        options: &[
            VERSION,
            CHANNEL,
            Opt::with(
                "reason",
                "TEXT",
                "检查不通过也要发布的理由，会记录在案",
                "why to publish although the check refuses; is kept on record",
            ),
        ],
        about: [
            "发布一个版本；先看改了什么、哪些回答会变",
            "publishes a version; shows first what changes and which answers",
        ],
        example: "kb publish --channel test",
    },
    Command {
        name: "rollback",
        arguments: "",
        options: &[
            CHANNEL,
            Opt::with(
                "version",
                "N",
                "回到哪个版本；默认回到上一个",
                "to which version; by default the one before",
            ),
        ],
        about: ["退回之前发布的版本", "takes up again what was served before"],
        example: "kb rollback",
    },
    Command {
        name: "log",
        arguments: "",
        options: &[
            Opt::with("count", "N", "最多多少条，默认 20", "at most N, 20 by default"),
            Opt::switch("audit", "谁在什么时候做了什么", "who did what, and when"),
        ],
        about: ["版本历史", "the versions"],
        example: "kb log --count 5",
    },
    Command {
        name: "show",
        arguments: "ID",
        options: &[VERSION],
        about: ["显示一条问答", "shows an entry"],
        example: "kb show refund-time --version 3",
    },
    Command {
        name: "blame",
        arguments: "ID",
        options: &[],
        about: ["每个字段是哪个版本、谁改的", "which version set each field, and who"],
        example: "kb blame refund-time",
    },
    Command {
        name: "ask",
        arguments: "QUESTION ...",
        options: &[Opt::switch("why", "说明为什么", "tells why")],
        about: ["同时问草稿、测试渠道和线上", "asks draft, test and live side by side"],
        example: "kb ask 钱几时退 --why",
    },
    Command {
        name: "test",
        arguments: "[run | list | add QUESTION ID|- | accept QUESTION | rm QUESTION]",
        options: &[DRAFT],
        about: [
            "测试问题：运行、列出、添加、认可其中一个现在的回答、删除",
            "test questions: run, list, add, accept what one of them gets now, remove",
        ],
        example: "kb test add 我的钱几时退 refund-time",
    },
    Command {
        name: "templates",
        arguments: "[ID [SLOT=VALUE ...]]",
        options: &[
            Opt::with("scenario", "NAME", "只看这个场景", "only for this scenario"),
            Opt::with("mood", "NAME", "只看这种情绪", "only for this mood"),
        ],
        about: ["话术：列出，或填好变量", "reply templates: lists them, or fills one in"],
        example: "kb templates appease-late order_no=QH1001",
    },
    Command {
        name: "prune",
        arguments: "",
        options: &[Opt::with(
            "keep",
            "N",
            "每个渠道保留几个，默认 5",
            "how many stay for each channel, 5 by default",
        )],
        about: ["删除用不到的旧发布", "removes old generations"],
        example: "kb prune --keep 3",
    },
    Command {
        name: "bundle",
        arguments: "export FILE | import FILE",
        options: &[VERSION],
        about: [
            "把一个版本打包带走，或带进来",
            "carries a version to another machine, and back in",
        ],
        example: "kb bundle export shop.bundle --version 3",
    },
    Command {
        name: "watch",
        arguments: "FILE",
        options: &[
            ALL_FINDINGS,
            Opt::with("times", "N", "检查 N 次后结束", "ends after N checks"),
        ],
        about: ["每次保存表格就检查一遍", "checks a file whenever it is saved"],
        example: "kb watch shop.xlsx",
    },
    Command {
        name: "doctor",
        arguments: "",
        options: &[],
        about: ["检查文件是否完好", "looks for damage in store and generations"],
        example: "kb doctor",
    },
    Command {
        name: "report",
        arguments: "FILE.html",
        options: &[VERSION],
        about: [
            "写一页图表：分类、覆盖、问题、历次正确率",
            "writes a page with charts: categories, coverage, findings, accuracy over versions",
        ],
        example: "kb report report.html",
    },
    Command {
        name: "completions",
        arguments: "bash | zsh | fish",
        options: &[],
        about: ["输出命令补全脚本", "writes the completions of a shell"],
        example: "kb completions bash > ~/.local/share/bash-completion/completions/kb",
    },
];
