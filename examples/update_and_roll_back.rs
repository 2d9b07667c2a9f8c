//! An answer is changed, tried, published and taken back, while a chat system goes on answering.
//!
//! ```text
//! cargo run --release --example update_and_roll_back
//! ```

use std::error::Error;

use dafu::{AnswerText, AskOptions, Content, KnowledgeBase};
use dafu_versions::{
    Commit, Expectation, Item, ItemKey, Live, Publication, Publish, PublishOptions, Store, TestQuestion, answer_diff,
    questions_of,
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let content = Content::open(concat!(env!("CARGO_MANIFEST_DIR"), "/data/shop.jsonl"))?;
    let question = "退款多久到账";

    // The editors' side: a store with all versions, and the folder from which chat systems are served.
    let store = Store::create(folder.path().join("shop.dafu"))?;
    let publication = Publication::create(folder.path().join("shop"))?;
    let draft = store.new_draft("开业", "王芳")?;
    println!("imported: {:?}", draft.import(&content)?);
    commit(draft.commit("王芳", "第一版")?);
    publish(store.publish(&publication, "王芳", &PublishOptions::new())?);

    // The chat system's side: another process, usually. It needs neither the store nor permission to write.
    let live = Live::open(publication.folder())?;
    let say = |live: &Live| -> Result<String, Box<dyn Error>> {
        let generation = live.current();
        let reply = generation.knowledge_base().ask(question, &AskOptions::new())?;
        let answer = reply.hits.first().and_then(|hit| hit.answer.clone());
        Ok(answer.unwrap_or_else(|| "转人工".to_owned()))
    };
    let first_answer = say(&live)?;
    println!("live, version {}: {first_answer}", live.current().version());

    // What must stay right is written down once, and asked before every publish.
    let reply = live.current().knowledge_base().ask(question, &AskOptions::new())?;
    let id = reply.hits[0].entry.clone();
    let expected = Expectation::Entry(id.clone());
    let question = question.to_owned();
    store.put_test_questions(&[TestQuestion { question, expected }], "王芳")?;

    // Somebody changes an answer, in a draft.
    let draft = store.new_draft("退款提速", "李雷")?;
    let Some(Item::Entry(mut entry)) = draft.item(&ItemKey::entry(id))? else {
        return Err("the entry that answers is an entry".into());
    };
    entry.answers = vec![AnswerText::try_from("现在退款当天到账。")?.into()];
    draft.put(entry)?;

    // Before anybody else sees it: what is different, by field, and which customers' questions are answered otherwise?
    for change in draft.changes()? {
        for field in change.fields() {
            println!(
                "{}, {}: + {:?} - {:?}",
                change.key, field.field, field.added, field.removed
            );
        }
    }
    let preview = draft.content()?;
    let questions = questions_of([&content, &preview], &store.test_questions()?);
    let generation = live.current();
    let diff = answer_diff(
        generation.knowledge_base(),
        &KnowledgeBase::new(&preview)?,
        &questions,
        &AskOptions::new(),
        &|_, _| {},
    )?;
    println!(
        "{} of {} questions are answered otherwise",
        diff.changes.len(),
        diff.questions
    );

    // Committed and published; the chat system looks again, and follows.
    commit(draft.commit("李雷", "退款提速")?);
    publish(store.publish(&publication, "李雷", &PublishOptions::new())?);
    live.reload()?;
    println!("live, version {}: {}", live.current().version(), say(&live)?);
    assert_eq!(say(&live)?, "现在退款当天到账。");

    // It was announced too early: back, in milliseconds, since nothing is built.
    store.roll_back(&publication, "live", None, "李雷")?;
    live.reload()?;
    println!("live, version {}: {}", live.current().version(), say(&live)?);
    assert_eq!(say(&live)?, first_answer);

    // Who did what, for the auditor.
    for record in store.audit(None, 10)?.into_iter().rev() {
        println!(
            "{:>2} {} {}: {}",
            record.number, record.who, record.what, record.details
        );
    }
    Ok(())
}

fn commit(commit: Commit) {
    match commit {
        Commit::Version(version) => println!("committed: version {}, {} entries", version.number, version.entries),
        Commit::Nothing => println!("nothing to commit"),
        Commit::Conflicts(conflicts) => println!("conflicts to resolve first: {conflicts:?}"),
        _ => {}
    }
}

fn publish(publish: Publish) {
    match publish {
        Publish::Done(published) => println!("published: generation {}", published.served.generation),
        Publish::Refused(refusal) => println!("refused by the gate: {refusal:?}"),
        _ => {}
    }
}
