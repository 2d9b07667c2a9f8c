//! The page for reading: how good, how sure, how fast, and what an editor should look at.

use std::collections::BTreeMap;

use dafu::{Decision, Entry, KnowledgeBase, Reason};
use dafu_examples::Language;
use dafu_examples::page::{Bar, Html, Page, Point, Table, bars, columns, curve, reliability};

use crate::asked::Asked;
use crate::baseline::{self, Comparison};
use crate::figures::Figures;
use crate::metrics::{self, Outcome};
use crate::timing::Timing;

pub struct Report<'a> {
    pub kb: &'a KnowledgeBase,
    pub asked: &'a [Asked<'a>],
    pub figures: &'a Figures,
    pub timing: &'a Timing,
    pub comparison: Option<&'a Comparison>,
    /// Of the knowledge base and of the questions.
    pub names: [String; 2],
    pub language: Language,
}

/// The entries that the page speaks of, by id.
type Entries = BTreeMap<String, Entry>;

impl Report<'_> {
    pub fn page(&self) -> Result<String, String> {
        let entries = self.entries()?;
        let [kb, questions] = &self.names;
        let title = self.pick(format!("评测：{kb}"), format!("Evaluation of {kb}"));
        let mut page = Page::new(self.pick("zh", "en"), &title);
        let (count, phrasings) = (self.figures.entries, self.figures.phrasings);
        let asked = self.asked.len();
        page.line(&self.pick(
            format!("{count} 条问答，{phrasings} 个问法；问了 {questions} 里的 {asked} 个问题。"),
            format!("{count} entries, {phrasings} phrasings; asked the {asked} questions of {questions}."),
        ));
        self.headline(&mut page);
        if let Some(comparison) = self.comparison {
            self.comparison(&mut page, comparison);
        }
        page.side_by_side(|page| {
            self.reliability(page);
            self.precision(page);
            self.by_category(page, &entries);
            self.by_phrasings(page, &entries);
            self.latency(page);
        });
        self.confusions(&mut page, &entries);
        self.failed(&mut page, &entries);
        Ok(page.finish())
    }

    fn pick<T>(&self, chinese: T, english: T) -> T {
        self.language.pick(chinese, english)
    }

    fn outcomes(&self) -> Vec<&Outcome> {
        self.asked.iter().map(|asked| &asked.outcome).collect()
    }

    fn entries(&self) -> Result<Entries, String> {
        let mut entries = Entries::new();
        for asked in self.asked {
            let got = asked.hits.first().map(|hit| &hit.entry);
            for id in asked.labelled.right.iter().chain(got) {
                if !entries.contains_key(id)
                    && let Some(entry) = self.kb.get(id).map_err(|e| e.to_string())?
                {
                    entries.insert(id.clone(), entry);
                }
            }
        }
        Ok(entries)
    }

    fn headline(&self, page: &mut Page) {
        let figures = self.figures;
        let named = |chinese: &str, english: &str, value: String| (self.pick(chinese, english).to_owned(), value);
        let mut row = vec![
            named("对的排第一", "right entry first", percent(figures.top1)),
            named("对的在前三", "among the first three", percent(figures.top3)),
            named("告诉顾客的对", "told right", percent(figures.told_right)),
            named("直接回答", "answered", percent(figures.answered)),
            named("回答的对", "of these right", percent(figures.answered_right)),
            named(
                "九成答对时能答",
                "can answer at 90 % right",
                percent(figures.answered_at_precision_90),
            ),
            named("把握的误差", "calibration error", format!("{:.3}", figures.ece)),
            named("中位用时", "median time", micros(figures.p50_us)),
            named("99 % 不超过", "99 % within", micros(figures.p99_us)),
            named(
                "每秒问题",
                "questions a second",
                format!("{:.0}", figures.questions_per_second),
            ),
        ];
        if let Some(auroc) = figures.auroc {
            row.insert(
                5,
                named(
                    "认得出不会的（AUROC）",
                    "knows what it does not know (AUROC)",
                    format!("{auroc:.3}"),
                ),
            );
        }
        page.figures(&row);
    }

    fn comparison(&self, page: &mut Page, comparison: &Comparison) {
        let changed = comparison.lines.iter().filter(|line| line.difference() != 0.0);
        let rows = changed.map(|line| {
            let verdict = match line.chance {
                Some(chance) if line.is_beyond_chance() => self.pick(
                    format!("不是偶然（p = {chance:.4}）"),
                    format!("beyond chance (p = {chance:.4})"),
                ),
                Some(chance) if line.difference() != 0.0 => self.pick(
                    format!("可能是偶然（p = {chance:.2}）"),
                    format!("may be chance (p = {chance:.2})"),
                ),
                _ => String::new(),
            };
            let difference = baseline::difference(line.difference());
            vec![
                line.name.clone(),
                baseline::figure(line.old),
                baseline::figure(line.new),
                difference,
                verdict,
            ]
        });
        let about = match comparison.is_paired {
            true => self.pick(
                "逐个问题比较：符号检验。",
                "Compared question by question: the sign test.",
            ),
            false => self.pick(
                "旧文件里没有每个问题的结果，只能比较比例。",
                "The old file does not say what became of each question: only shares are compared.",
            ),
        };
        let headings = self.pick(["", "以前", "现在", "变化", ""], ["", "old", "new", "difference", ""]);
        page.table(
            about,
            &Table {
                name: self.pick("和以前比", "Compared with before").to_owned(),
                headings: headings.map(str::to_owned).to_vec(),
                rows: rows.collect(),
            },
        );
        let items = |numbers: &[usize]| -> Vec<Html> {
            let asked = numbers.iter().filter_map(|number| self.asked.get(*number));
            asked
                .take(SHOWN)
                .map(|asked| Html::default().strong(&asked.labelled.question).below(&self.got(asked)))
                .collect()
        };
        let (worse, better) = (comparison.worse.len(), comparison.better.len());
        page.folded(
            &self.pick(
                format!("以前对、现在错：{worse} 个"),
                format!("{worse} right then, and wrong now"),
            ),
            false,
            &items(&comparison.worse),
        );
        page.folded(
            &self.pick(
                format!("以前错、现在对：{better} 个"),
                format!("{better} wrong then, and right now"),
            ),
            false,
            &items(&comparison.better),
        );
    }

    fn reliability(&self, page: &mut Page) {
        let bins = metrics::bins(&self.outcomes());
        let points: Vec<Point> = bins
            .iter()
            .map(|bin| Point {
                confidence: bin.confidence,
                right: bin.right,
                between: metrics::interval(bin.right, bin.count),
            })
            .collect();
        let names = self.pick(["把握", "答对"], ["confidence", "right"]);
        let rows = bins
            .iter()
            .map(|bin| vec![percent(bin.confidence), percent(bin.right), bin.count.to_string()]);
        let headings = self.pick(["把握", "答对", "问题"], ["confidence", "right", "questions"]);
        page.chart(
            self.pick("说有几成把握，是不是就有几成对", "Does the confidence mean what it says?"),
            self.pick(
                "每个点是十分之一的问题，竖线是 95 % 的范围。在斜线上就说得准，在斜线下面是说得太满。",
                "Each point is a tenth of the questions, with its 95 % interval. On the diagonal it is honest, below it too sure.",
            ),
            &reliability(&points, names),
            &self.numbers(headings, rows.collect()),
        );
    }

    fn precision(&self, page: &mut Page) {
        let outcomes = self.outcomes();
        let all = metrics::precision_curve(&outcomes);
        // The first few answers say nothing, and more points than the screen has are of no use.
        let enough: Vec<(f64, f64)> = all
            .iter()
            .copied()
            .filter(|(answered, _)| answered * outcomes.len() as f64 >= FIRST_OF_CURVE)
            .collect();
        let step = (enough.len() / 200).max(1);
        let mut line: Vec<(f64, f64)> = enough.iter().copied().step_by(step).collect();
        line.extend(enough.last());
        let answers: Vec<&Asked<'_>> = self
            .asked
            .iter()
            .filter(|asked| asked.decision == Decision::Answer)
            .collect();
        let answered = answers.len() as f64 / self.asked.len() as f64;
        let right = metrics::share(answers.iter().map(|asked| asked.outcome.is_top()));
        let now = self.pick("现在", "as it is");
        let marked = match answers.is_empty() {
            true => Vec::new(),
            false => vec![(answered, right, now)],
        };
        let row = |share: f64| {
            let at = all.iter().find(|(answered, _)| *answered >= share)?;
            Some(vec![percent(at.0), percent(at.1)])
        };
        page.chart(
            self.pick("回答得越多，错得越多", "Precision against share answered"),
            &self.pick(
                format!("现在回答 {} 的问题，其中 {} 是对的；其余的给选项或不答。", percent(answered), percent(right)),
                format!(
                    "As it is, {} of the questions are answered, and {} of the answers are right; the others get choices or none.",
                    percent(answered),
                    percent(right)
                ),
            ),
            &curve(&line, &marked, self.pick(["回答的问题", "答对"], ["questions answered", "right"])),
            &self.numbers(
                self.pick(["回答的问题", "答对"], ["questions answered", "right"]),
                (1..=10).filter_map(|tenth| row(f64::from(tenth) / 10.0)).collect(),
            ),
        );
    }

    fn by_category(&self, page: &mut Page, entries: &Entries) {
        let none = self.pick("（没有分类）", "(none)");
        let mut groups = self.grouped(entries, |entry| {
            let first = entry.category.as_ref().and_then(|category| category.levels().next());
            first.unwrap_or(none).to_owned()
        });
        // The largest groups, the weakest first.
        groups.sort_by_key(|(_, right)| std::cmp::Reverse(right.len()));
        groups.truncate(BARS);
        groups.sort_by(|a, b| share(&a.1).total_cmp(&share(&b.1)));
        self.accuracy(page, self.pick("各分类的正确率", "Accuracy by category"), &groups);
    }

    fn by_phrasings(&self, page: &mut Page, entries: &Entries) {
        let groups = self.grouped(entries, |entry| {
            let count = entry.phrasings().count();
            PHRASINGS
                .iter()
                .position(|most| count <= *most)
                .unwrap_or(PHRASINGS.len())
        });
        let named: Vec<(String, Vec<bool>)> = groups
            .into_iter()
            .map(|(group, right)| {
                let least = group.checked_sub(1).map_or(1, |before| PHRASINGS[before] + 1);
                let name = match PHRASINGS.get(group) {
                    Some(most) if *most == least => least.to_string(),
                    Some(most) => format!("{least}–{most}"),
                    None => format!("≥ {least}"),
                };
                (self.pick(format!("{name} 个问法"), format!("{name} phrasings")), right)
            })
            .collect();
        self.accuracy(
            page,
            self.pick("按问法多少的正确率", "Accuracy by number of phrasings"),
            &named,
        );
    }

    /// Whether the questions of a group of entries get the right one first, by group.
    fn grouped<K: Ord>(&self, entries: &Entries, group: impl Fn(&Entry) -> K) -> Vec<(K, Vec<bool>)> {
        let mut groups: BTreeMap<K, Vec<bool>> = BTreeMap::new();
        for asked in self.asked {
            if let Some(entry) = asked.labelled.right.iter().find_map(|id| entries.get(id)) {
                groups.entry(group(entry)).or_default().push(asked.outcome.is_top());
            }
        }
        groups.into_iter().collect()
    }

    fn accuracy(&self, page: &mut Page, title: &str, groups: &[(String, Vec<bool>)]) {
        let rows: Vec<Bar> = groups
            .iter()
            .map(|(name, right)| Bar {
                label: format!("{name} · {}", right.len()),
                value: share(right),
                note: percent(share(right)),
            })
            .collect();
        let table = groups
            .iter()
            .map(|(name, right)| vec![name.clone(), right.len().to_string(), percent(share(right))]);
        page.chart(
            title,
            self.pick("名字后面是问题的个数。", "Behind the name: how many questions."),
            &bars(&rows, 1.0),
            &self.numbers(
                self.pick(["", "问题", "答对"], ["", "questions", "right"]),
                table.collect(),
            ),
        );
    }

    fn latency(&self, page: &mut Page) {
        let all = &self.timing.micros;
        let (least, most) = (all[0].max(0.1), self.timing.percentile(99).max(0.2) * 1.2);
        let step = (most / least).powf(1.0 / COLUMNS as f64);
        let upto = |column: usize| match column {
            0 => 0.0,
            COLUMNS => f64::INFINITY,
            column => least * step.powi(column as i32),
        };
        let rows: Vec<Bar> = (0..COLUMNS)
            .map(|column| {
                let below = |limit: f64| all.partition_point(|time| *time < limit);
                let count = below(upto(column + 1)) - below(upto(column));
                Bar {
                    label: short_micros(least * step.powi(column as i32)),
                    value: count as f64,
                    note: count.to_string(),
                }
            })
            .collect();
        let percentiles = [50, 90, 95, 99].map(|part| vec![format!("{part} %"), micros(self.timing.percentile(part))]);
        page.chart(
            self.pick("一个问题用多久", "How long a question takes"),
            self.pick(
                "一个线程；横轴按比例放大，最后一列包括更慢的。",
                "On one thread; the axis is logarithmic, and the last column has all that are slower, too.",
            ),
            &columns(&rows, self.pick(["微秒", "问题"], ["µs", "questions"])),
            &self.numbers(
                self.pick(["这么多问题", "不超过"], ["of the questions", "within"]),
                percentiles.to_vec(),
            ),
        );
    }

    fn numbers<const N: usize>(&self, headings: [&str; N], rows: Vec<Vec<String>>) -> Table {
        Table {
            name: self.pick("数字", "the numbers").to_owned(),
            headings: headings.map(str::to_owned).to_vec(),
            rows,
        }
    }

    /// Pairs of entries of which one gets the questions of the other: the pairs that an editor should look at first.
    fn confusions(&self, page: &mut Page, entries: &Entries) {
        let mut pairs: BTreeMap<[&str; 2], Vec<&Asked<'_>>> = BTreeMap::new();
        for asked in self
            .asked
            .iter()
            .filter(|asked| asked.outcome.answerable && !asked.outcome.is_top())
        {
            if let (Some(right), Some(got)) = (asked.labelled.right.first(), asked.hits.first()) {
                let mut pair = [right.as_str(), got.entry.as_str()];
                pair.sort_unstable();
                pairs.entry(pair).or_default().push(asked);
            }
        }
        let mut pairs: Vec<([&str; 2], Vec<&Asked<'_>>)> =
            pairs.into_iter().filter(|(_, asked)| asked.len() > 1).collect();
        // Stable, so that equal ones stay in the order of their ids.
        pairs.sort_by_key(|(_, asked)| std::cmp::Reverse(asked.len()));
        pairs.truncate(PAIRS);
        let items: Vec<Html> = pairs
            .iter()
            .map(|([one, other], asked)| {
                let count = asked.len();
                let head = Html::text(&format!("{count} × "))
                    .strong(&named(one, entries))
                    .and(" ⇄ ")
                    .strong(&named(other, entries));
                asked.iter().take(EXAMPLES).fold(head, |item, asked| {
                    let right = asked.labelled.right.first().map(String::as_str).unwrap_or_default();
                    item.below(&self.pick(
                        format!("“{}” 应该是 {right}", asked.labelled.question),
                        format!("“{}” is for {right}", asked.labelled.question),
                    ))
                })
            })
            .collect();
        if !items.is_empty() {
            page.title(self.pick("最容易混淆的问答", "Entries that are confused most"));
            page.line(self.pick(
                "这些问答互相抢问题：给少的一边加问法，把放错的问法移过去，或者合并两条。",
                "These take each other's questions: add phrasings to the weaker one, move those that are misplaced, or make one entry of both.",
            ));
        }
        page.items(&items);
    }

    fn failed(&self, page: &mut Page, entries: &Entries) {
        let mut failed: Vec<&Asked<'_>> = self.asked.iter().filter(|asked| !asked.outcome.told_right).collect();
        // The surest mistakes first: they are the worst.
        failed.sort_by(|a, b| b.outcome.confidence.total_cmp(&a.outcome.confidence));
        page.title(&self.pick(
            format!("没答对的 {} 个问题", failed.len()),
            format!("The {} questions that failed", failed.len()),
        ));
        for (sort, chinese, english) in [
            (Failure::Answered, "答错了", "answered wrongly"),
            (Failure::Offered, "给的选项里，第一个不对", "the first choice is wrong"),
            (Failure::Refused, "有答案，却没答", "not answered, though an entry does"),
            (Failure::Strange, "没有答案，却答了", "answered, though no entry does"),
        ] {
            let of_sort: Vec<&&Asked<'_>> = failed.iter().filter(|asked| Failure::of(asked) == sort).collect();
            let items: Vec<Html> = of_sort
                .iter()
                .take(SHOWN)
                .map(|asked| {
                    let mut item = Html::default().strong(&asked.labelled.question);
                    if asked.outcome.answerable {
                        let right: Vec<String> = asked.labelled.right.iter().map(|id| named(id, entries)).collect();
                        item = item.below(&self.pick(
                            format!("应该是：{}", right.join("；")),
                            format!("should be: {}", right.join("; ")),
                        ));
                    }
                    item.below(&self.got(asked))
                })
                .collect();
            let count = of_sort.len();
            let more = match count > SHOWN {
                true => self.pick(format!("，列出 {SHOWN} 个"), format!(", of which {SHOWN} are here")),
                false => String::new(),
            };
            let title = self.pick(
                format!("{chinese}：{count} 个{more}"),
                format!("{english}: {count}{more}"),
            );
            page.folded(&title, sort == Failure::Answered, &items);
        }
    }

    /// What a customer got.
    fn got(&self, asked: &Asked<'_>) -> String {
        let what = match asked.decision {
            Decision::Answer => self.pick("回答", "answered").to_owned(),
            Decision::Choices(count) => self.pick(format!("给了 {count} 个选项"), format!("offered {count} choices")),
            Decision::NoAnswer(reason) => self.pick(
                format!("没有回答（{}）", reason_in_chinese(reason)),
                format!("no answer ({})", reason_in_english(reason)),
            ),
            _ => self.pick("其他", "other").to_owned(),
        };
        match asked.hits.first() {
            Some(hit) => self.pick(
                format!(
                    "{what}：{} {}，把握 {}",
                    hit.entry,
                    hit.phrasing,
                    percent(f64::from(hit.confidence))
                ),
                format!(
                    "{what}: {} {}, confidence {}",
                    hit.entry,
                    hit.phrasing,
                    percent(f64::from(hit.confidence))
                ),
            ),
            None => what,
        }
    }
}

/// In what way a question failed.
#[derive(Clone, Copy, PartialEq)]
enum Failure {
    Answered,
    Offered,
    Refused,
    Strange,
}

impl Failure {
    fn of(asked: &Asked<'_>) -> Self {
        match asked.decision {
            _ if !asked.outcome.answerable => Self::Strange,
            Decision::NoAnswer(_) => Self::Refused,
            Decision::Answer => Self::Answered,
            _ => Self::Offered,
        }
    }
}

fn reason_in_chinese(reason: Reason) -> &'static str {
    match reason {
        Reason::HandoverRequested => "要找人工",
        Reason::Excluded => "排除的问法",
        _ => "没有足够接近的",
    }
}

fn reason_in_english(reason: Reason) -> &'static str {
    match reason {
        Reason::HandoverRequested => "asks for a person",
        Reason::Excluded => "an excluded phrasing",
        _ => "nothing near enough",
    }
}

fn named(id: &str, entries: &Entries) -> String {
    match entries.get(id) {
        Some(entry) => format!("{id} {}", entry.question),
        None => id.to_owned(),
    }
}

fn share(right: &[bool]) -> f64 {
    metrics::share(right.iter().copied())
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn micros(micros: f64) -> String {
    match micros {
        micros if micros >= 10_000.0 => format!("{:.0} ms", micros / 1e3),
        micros if micros >= 1_000.0 => format!("{:.1} ms", micros / 1e3),
        micros => format!("{micros:.0} µs"),
    }
}

fn short_micros(micros: f64) -> String {
    match micros {
        micros if micros >= 10.0 => format!("{micros:.0}"),
        micros => format!("{micros:.1}"),
    }
}

/// How many questions of a list are shown.
const SHOWN: usize = 300;
/// How many pairs of entries are shown, and how many questions of each.
const PAIRS: usize = 20;
const EXAMPLES: usize = 3;
/// How many categories are shown.
const BARS: usize = 20;
/// How many columns the times have.
const COLUMNS: usize = 24;
/// Up to how many phrasings the entries of a group have.
const PHRASINGS: [usize; 6] = [1, 2, 5, 10, 20, 50];
/// With how many answers the curve of precision begins.
const FIRST_OF_CURVE: f64 = 20.0;
