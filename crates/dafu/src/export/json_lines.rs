use serde::Serialize;

use crate::model::{
    Content, DictionaryWord, Entry, Phrasing, ReplyTemplate, StandardAnswer, SynonymGroup, Threshold, Word,
};

impl Content {
    /// Returns everything as JSON Lines: entries, standard answers, templates, then settings, each in its order. What has
    /// its usual value is left out.
    ///
    /// ```
    /// use dafu::Content;
    ///
    /// let line = r#"{"kind":"entry","id":"refund-time","question":"退款多久到账？","answers":["1-3个工作日到账。"]}"#;
    /// let content = Content::from_jsonl(line.as_bytes())?;
    /// assert_eq!(content.to_jsonl().trim_end(), line);
    /// # Ok::<(), dafu::Error>(())
    /// ```
    pub fn to_jsonl(&self) -> String {
        let settings = self.settings();
        let items = self.entries().iter().map(Line::Entry);
        let items = items.chain(self.standard_answers().iter().map(Line::StandardAnswer));
        let items = items.chain(self.templates().iter().map(Line::Template));
        let items = items.chain(settings.synonyms.iter().map(Line::Synonyms));
        let items = items.chain(settings.words.iter().map(Line::Word));
        let items = items.chain(settings.stop_words.iter().map(|word| Line::StopWord { word }));
        let items = items.chain(settings.handover.iter().map(|phrase| Line::Handover { phrase }));
        let items = items.chain(settings.threshold.iter().map(|&threshold| Line::Settings { threshold }));
        let mut lines = String::new();
        for item in items {
            lines.push_str(
                &serde_json::to_string(&item).expect("texts, numbers and lists with text keys have a JSON form"),
            );
            lines.push('\n');
        }
        lines
    }
}

/// One line of a file.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Line<'a> {
    Entry(&'a Entry),
    StandardAnswer(&'a StandardAnswer),
    Template(&'a ReplyTemplate),
    Synonyms(&'a SynonymGroup),
    Word(&'a DictionaryWord),
    StopWord { word: &'a Word },
    Handover { phrase: &'a Phrasing },
    Settings { threshold: Threshold },
}
