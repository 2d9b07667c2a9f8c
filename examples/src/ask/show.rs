use std::io;

use dafu::{Decision, Explanation, ExplanationOfEntry, Hit, Reason, Reply};

use crate::{Language, Surroundings};

/// Shows the reply to a question in plain words.
pub fn reply(question: &str, reply: &Reply, around: &mut Surroundings<'_>) -> io::Result<()> {
    let language = around.language;
    let paint = Paint(around.has_colours);
    let out = &mut *around.output;
    // Whoever has just typed it knows it.
    if !around.is_typed {
        let text = format!("{}{}", language.pick("问：", "Q: "), short(question));
        writeln!(out, "{}", paint.dim(&text))?;
    }
    let offered = match reply.decision {
        Decision::Answer => 1,
        Decision::Choices(_) => reply.choices().len(),
        _ => 0,
    };
    match (reply.decision, reply.answer()) {
        (_, Some(hit)) => answer(hit, language, paint, out)?,
        (Decision::Choices(_), _) => {
            let text = language.pick(
                "不够有把握直接回答，请顾客选一个：",
                "Not sure enough to answer; did the customer mean:",
            );
            writeln!(out, "{}", paint.bold(text))?;
            for hit in reply.choices() {
                list(hit, out)?;
            }
        }
        (decision, _) => writeln!(out, "{}", paint.bold(no_answer(decision, language)))?,
    }
    let others = &reply.hits[offered..];
    if !others.is_empty() {
        writeln!(
            out,
            "{}",
            paint.dim(language.pick("其他可能：", "Others that are near:"))
        )?;
        for hit in others {
            list(hit, out)?;
        }
    }
    Ok(())
}

fn answer(hit: &Hit, language: Language, paint: Paint, out: &mut dyn io::Write) -> io::Result<()> {
    let sure = percent(hit.confidence);
    let text = language.pick(format!("回答（把握 {sure}）："), format!("Answer ({sure} sure):"));
    writeln!(out, "{} {} {}", paint.bold(&text), hit.question, paint.dim(&hit.entry))?;
    let none = language.pick("（这条问答没有写答案）", "(the entry has no answer)");
    for line in hit.answer.as_deref().unwrap_or(none).lines() {
        writeln!(out, "  {line}")?;
    }
    if !hit.follow_ups.is_empty() {
        let text = language.pick("接着可能会问：", "Often asked next: ");
        let next = hit.follow_ups.join(language.pick("　", " / "));
        writeln!(out, "{}", paint.dim(&format!("{text}{next}")))?;
    }
    Ok(())
}

fn list(hit: &Hit, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(
        out,
        "  {:>5}  {}  [{}]",
        percent(hit.confidence),
        hit.question,
        hit.entry
    )
}

fn no_answer(decision: Decision, language: Language) -> &'static str {
    let Decision::NoAnswer(reason) = decision else {
        return language.pick("没有回答。", "No answer.");
    };
    match reason {
        Reason::NothingClose => language.pick(
            "没有回答：知识库里没有相近的问题。",
            "No answer: nothing in the knowledge base is near enough.",
        ),
        Reason::HandoverRequested => language.pick(
            "转人工：顾客要找真人客服。",
            "No answer: the customer asks for a person.",
        ),
        Reason::OnlyOutOfDate => language.pick(
            "没有回答：对得上的问答不在有效期内。",
            "No answer: what would answer is not valid at this time.",
        ),
        Reason::OnlyFiltered => language.pick(
            "没有回答：对得上的问答已停用，或不适用于这个渠道或对象。",
            "No answer: what would answer is disabled, or not for this channel or audience.",
        ),
        Reason::Excluded => language.pick(
            "没有回答：编辑已排除这种问法。",
            "No answer: the editor has excluded this way of asking.",
        ),
        Reason::EmptyQuestion => language.pick("没有回答：问题里没有文字。", "No answer: the question has no words."),
        Reason::QuestionTooLong => language.pick(
            "没有回答：问题太长，最多 1000 个字。",
            "No answer: the question is longer than 1000 characters.",
        ),
        _ => language.pick("没有回答。", "No answer."),
    }
}

/// Shows what a decision rests on.
pub fn explanation(explanation: &Explanation, around: &mut Surroundings<'_>) -> io::Result<()> {
    let language = around.language;
    let paint = Paint(around.has_colours);
    let out = &mut *around.output;
    writeln!(out, "{}", paint.bold(language.pick("依据：", "Why:")))?;
    writeln!(
        out,
        "  {} {}",
        language.pick("归一化：", "read as:"),
        explanation.normalized
    )?;
    writeln!(
        out,
        "  {} {}",
        language.pick("词语：", "tokens:"),
        explanation.tokens.join(" ")
    )?;
    if !explanation.synonyms.is_empty() {
        let synonyms = explanation
            .synonyms
            .iter()
            .map(|(word, part)| format!("{word}×{part:.2}"));
        let synonyms: Vec<String> = synonyms.collect();
        writeln!(
            out,
            "  {} {}",
            language.pick("同义词：", "synonyms:"),
            synonyms.join(" ")
        )?;
    }
    for entry in explanation.entries.iter().take(EXPLAINED) {
        let note = if entry.excluded {
            language.pick("，已排除", ", excluded")
        } else {
            ""
        };
        entry_lines(entry, note, out)?;
    }
    for entry in &explanation.shut_out {
        entry_lines(entry, language.pick("，被条件挡住", ", shut out by a condition"), out)?;
    }
    Ok(())
}

fn entry_lines(entry: &ExplanationOfEntry, note: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let sure = percent(entry.confidence);
    writeln!(out, "  {sure:>5}  {}  [{}{note}]", entry.phrasing, entry.entry)?;
    let parts = entry.evidence.parts().into_iter().filter(|(_, part)| *part != 0.0);
    let parts: Vec<String> = parts.map(|(name, part)| format!("{name} {part:.2}")).collect();
    writeln!(out, "         {}", parts.join(", "))
}

/// A confidence in whole per cent. Only certainty is 100.
fn percent(confidence: f32) -> String {
    format!("{}%", (confidence * 100.0).floor())
}

/// The beginning of a text, without what would move a terminal's cursor.
fn short(text: &str) -> String {
    let mut chars = text.chars().filter(|c| !c.is_control());
    let mut short: String = chars.by_ref().take(SHOWN).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}

#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// How many characters of a question are shown.
const SHOWN: usize = 60;

/// How many entries are explained.
const EXPLAINED: usize = 3;
