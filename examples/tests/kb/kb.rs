//! Running the tool.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder in which the tool is run, by one person in one language.
pub struct Desk {
    folder: PathBuf,
    /// Removed with the desk.
    _scratch: tempfile::TempDir,
    language: &'static str,
}

/// What a run of the tool gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    pub fn chinese() -> Self {
        Self::of("zh_CN.UTF-8")
    }

    pub fn english() -> Self {
        Self::of("en_US.UTF-8")
    }

    fn of(language: &'static str) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        // A name that is the same in every screen.
        let folder = scratch.path().join("desk");
        std::fs::create_dir(&folder).unwrap();
        Self {
            _scratch: scratch,
            folder,
            language,
        }
    }

    /// A knowledge base with the starter workbook in its first version, published.
    pub fn published(self) -> Self {
        for line in [
            "init --template shop.xlsx",
            "import shop.xlsx",
            "commit -m first",
            "publish --yes",
        ] {
            self.run(line).code(0);
        }
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Runs the tool with arguments that have no blanks in them.
    pub fn run(&self, line: &str) -> Ran {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        self.run_all(&arguments)
    }

    pub fn run_all(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(binary());
        command.args(arguments);
        self.surround(&mut command).envs(variables.iter().copied());
        Ran::of(command.stdin(Stdio::null()).output().unwrap())
    }

    /// Runs the tool, and kills it after a while.
    pub fn kill_after(&self, line: &str, time: std::time::Duration) -> Ran {
        let mut command = Command::new(binary());
        command.args(line.split_whitespace());
        self.surround(&mut command).stdin(Stdio::null());
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(time);
        // It may have come to its end by then.
        let _ = process.kill();
        Ran::of(process.wait_with_output().unwrap())
    }

    /// Runs the tool and returns what it writes with `--json`.
    pub fn json(&self, line: &str) -> serde_json::Value {
        let ran = self.run(&format!("{line} --json"));
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }

    /// Runs the tool in a terminal, where a person types `typed`, and returns the screen.
    pub fn type_at(&self, line: &str, typed: &str) -> Ran {
        self.type_with("", line, typed)
    }

    /// The same, with variables of the environment.
    pub fn type_with(&self, variables: &str, line: &str, typed: &str) -> Ran {
        let shell = format!("{variables} exec '{}' {line}", binary().display());
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", &shell, "/dev/null"]);
        self.surround(&mut command).env("TERM", "xterm").env("SHELL", "/bin/sh");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        // A person types when asked, and the terminal shows it then.
        let mut keyboard = process.stdin.take();
        let mut screen = process.stdout.take().unwrap();
        let (mut shown, mut piece) = (Vec::new(), [0; 4_096]);
        loop {
            let read = screen.read(&mut piece).unwrap();
            if read == 0 {
                break;
            }
            shown.extend_from_slice(&piece[..read]);
            if shown.ends_with(b"] ")
                && let Some(keyboard) = &mut keyboard
            {
                keyboard.write_all(typed.as_bytes()).unwrap();
            }
        }
        drop(keyboard.take());
        let mut output = process.wait_with_output().unwrap();
        output.stdout = shown;
        Ran::of(output)
    }

    fn surround<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .current_dir(&self.folder)
            .env("LC_ALL", self.language)
            .env("KB_AUTHOR", "王芳")
            .env_remove("NO_COLOR")
            .env_remove("EDITOR")
            .env_remove("VISUAL")
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the tool writes UTF-8");
        Self {
            code: output.status.code().unwrap_or(-1),
            out: without_progress(&text(output.stdout)).replace('\r', ""),
            err: text(output.stderr),
        }
    }

    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }
}

/// Compares a screen with the one that is kept; with `KB_KEEP_SCREENS=1` keeps it instead.
#[track_caller]
pub fn compare(name: &str, screen: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/kb/screens")
        .join(format!("{name}.txt"));
    let screen = without_times(screen);
    if std::env::var_os("KB_KEEP_SCREENS").is_some() {
        std::fs::write(&path, &screen).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(
        screen, kept,
        "the screen {name} differs; KB_KEEP_SCREENS=1 keeps the new one"
    );
}

/// Takes away the line that shows how far a long work is: it is there on a slow machine only, and wipes itself out.
fn without_progress(screen: &str) -> String {
    let mut rest = screen;
    let mut result = String::new();
    while let Some(end) = rest.find("\u{1b}[K") {
        let start = rest[..end].rfind('\r').unwrap_or(end);
        result.push_str(&rest[..start]);
        rest = &rest[end + "\u{1b}[K".len()..];
    }
    result + rest
}

/// Puts one time for all, because the clock goes on.
fn without_times(screen: &str) -> String {
    let chars: Vec<char> = screen.chars().collect();
    let pattern = "dddd-dd-dd dd:dd";
    let mut result = String::new();
    let mut index = 0;
    while index < chars.len() {
        let is_time = chars.len() - index >= pattern.len()
            && pattern
                .chars()
                .zip(&chars[index..])
                .all(|(p, &c)| if p == 'd' { c.is_ascii_digit() } else { p == c });
        if is_time {
            result.push_str("2026-11-22 08:00");
            index += pattern.len();
        } else {
            result.push(chars[index]);
            index += 1;
        }
    }
    result
}

/// The example, which cargo builds before it runs the tests of the package.
fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap();
    folder
        .join("examples")
        .join(if cfg!(windows) { "kb.exe" } else { "kb" })
}
