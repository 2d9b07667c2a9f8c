use std::io::{self, BufRead, IsTerminal as _, Write};

/// What a tool reads, writes and knows of the world around it, so that a test can put it into another one.
pub struct Surroundings<'a> {
    /// Standard input.
    pub input: &'a mut dyn BufRead,
    /// Standard output.
    pub output: &'a mut dyn Write,
    /// Standard error.
    pub errors: &'a mut dyn Write,
    /// Whether a person types what is read.
    pub is_typed: bool,
    /// Whether what is written may have colours.
    pub has_colours: bool,
    /// In which language messages are.
    pub language: Language,
}

/// The language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 中文
    Chinese,
    /// English
    English,
}

impl Language {
    /// Returns the language of a locale such as `zh_CN.UTF-8`: Chinese for `zh`, and English for all others.
    pub fn of_locale(locale: &str) -> Self {
        match locale.split(['_', '-', '.', '@']).next() {
            Some(language) if language.eq_ignore_ascii_case("zh") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// Returns the one of two texts that is in this language.
    pub fn pick<T>(self, chinese: T, english: T) -> T {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// Returns the language that the environment asks for: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that says
    /// anything.
    pub fn of_environment() -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(std::env::var_os)
            .find(|value| !value.is_empty());
        locale.map_or(Self::English, |locale| Self::of_locale(&locale.to_string_lossy()))
    }
}

impl Surroundings<'_> {
    /// Calls `tool` with those of the process.
    pub fn of_process<T>(tool: impl FnOnce(&mut Surroundings<'_>) -> T) -> T {
        let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        tool(&mut Surroundings {
            input: &mut io::stdin().lock(),
            output: &mut io::stdout().lock(),
            // Not locked for good: other threads show there how far a long work is.
            errors: &mut io::stderr(),
            is_typed: io::stdin().is_terminal(),
            has_colours: io::stdout().is_terminal() && !is_plain,
            language: Language::of_environment(),
        })
    }
}
