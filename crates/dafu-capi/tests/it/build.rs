//! Builds the library and programs that use it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

/// How a program is linked.
#[derive(Clone, Copy, Debug)]
pub enum Link {
    Shared,
    Static,
}

pub const BOTH: [Link; 2] = [Link::Shared, Link::Static];

/// How programs are built and run: with which library, and with what watching.
pub struct Setup<'a> {
    pub library: &'a Path,
    pub link: Link,
    /// For the compiler, such as `-fsanitize=address`.
    pub flags: &'a [&'a str],
    /// What a program runs under, such as valgrind.
    pub under: &'a [&'a str],
    /// For the program.
    pub environment: &'a [(&'a str, &'a str)],
}

impl Setup<'static> {
    /// With the library as it is, and nothing that watches.
    pub fn plain(link: Link) -> Self {
        Self {
            library: library(),
            link,
            flags: &[],
            under: &[],
            environment: &[],
        }
    }
}

impl Setup<'_> {
    /// A program, compiled and ready to run; its source is named from the root of the repository.
    pub fn program(&self, source: &str) -> Command {
        let program = compile_with(&repository().join(source), self.library, self.link, self.flags);
        let mut command = match self.under {
            [] => Command::new(program),
            [tool, arguments @ ..] => {
                let mut command = Command::new(tool);
                command.args(arguments).arg(program);
                command
            }
        };
        // `cargo test` sets this to a folder with a library of its own, and it goes before the path in the program.
        command.env("LD_LIBRARY_PATH", self.library);
        command.envs(self.environment.iter().copied());
        command
    }
}

/// The folder with `libdafu_capi.so` and `libdafu_capi.a`, built once for all tests.
pub fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| build("plain", &[], &[]))
}

/// The same, with the hook that makes calls panic.
pub fn library_that_panics() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| build("panics", &["--features", "test-panics"], &[]))
}

/// The same, built as for a release.
pub fn library_released() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--release", "--package", "dafu-capi", "--lib", "--locked"]);
    command.arg("--target-dir").arg(target);
    succeed(command.current_dir(repository()));
    target.join("release")
}

/// The same, with the crates of this repository not optimised.
pub fn library_unoptimised() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| build("unoptimised", &[], &[("CARGO_PROFILE_DEV_OPT_LEVEL", "0")]))
}

/// The same, with the standard library and everything else instrumented for a sanitizer, whose runtime comes with the
/// program.
pub fn library_instrumented(sanitizer: &str, that_panics: bool) -> PathBuf {
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let target = target.join("dafu-capi").join(sanitizer);
    let mut command = Command::new(env!("CARGO"));
    command.args([
        "build",
        "--package",
        "dafu-capi",
        "--lib",
        "--locked",
        "--target",
        &host,
    ]);
    command.args(that_panics.then_some("--features=test-panics"));
    command
        .args(["-Zbuild-std=std,panic_unwind", "--target-dir"])
        .arg(&target);
    // Sanitizers are not stable yet; with this, a stable compiler has them, too.
    command.env("RUSTC_BOOTSTRAP", "1");
    command.env("RUSTFLAGS", format!("-Zsanitizer={sanitizer}"));
    succeed(command.current_dir(repository()));
    target.join(host).join("debug")
}

/// The root of this package.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    package().parent().and_then(Path::parent).unwrap()
}

/// Compiles a C or C++ program against a library; warnings are errors.
pub fn compile(source: &Path, library: &Path, link: Link) -> PathBuf {
    compile_with(source, library, link, &[])
}

/// The same, with more flags.
fn compile_with(source: &Path, library: &Path, link: Link, flags: &[&str]) -> PathBuf {
    // Each call has a file of its own: a program that another test is linking anew cannot be run.
    static COMPILED: AtomicUsize = AtomicUsize::new(0);
    let number = COMPILED.fetch_add(1, Ordering::Relaxed);
    let name = format!("{number}-{}-{link:?}", source.file_name().unwrap().to_str().unwrap());
    let program = folder(library).join(name);
    let mut command = compiler(source);
    command.arg(source).arg("-o").arg(&program);
    command.args(flags).args(link.arguments(library));
    succeed(&mut command);
    program
}

/// The compiler for a source, with the flags that every program is compiled with.
pub fn compiler(source: &Path) -> Command {
    let cpp = source.extension().is_some_and(|extension| extension == "cpp");
    let (variable, default, standard) = match cpp {
        true => ("CXX", "c++", "-std=c++17"),
        false => ("CC", "cc", "-std=c11"),
    };
    let mut command = Command::new(std::env::var(variable).unwrap_or_else(|_| default.to_owned()));
    command.args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g"]);
    command.arg("-I").arg(package().join("include"));
    command.arg("-I").arg(package().join("tests/c"));
    command.arg("-I").arg(repository().join("examples/cpp"));
    command.arg("-pthread");
    command
}

/// Runs a command that must succeed; gives what it printed.
pub fn succeed(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?}: {status}\n{stdout}\n{stderr}");
    stdout.into_owned()
}

impl Link {
    fn arguments(self, library: &Path) -> Vec<String> {
        let folder = library.display();
        match self {
            Self::Shared => vec![
                format!("-L{folder}"),
                // As a default only, so that a test may put another library in its place.
                format!("-Wl,--enable-new-dtags,-rpath,{folder}"),
                "-ldafu_capi".to_owned(),
            ],
            Self::Static => [
                &format!("{folder}/libdafu_capi.a"),
                "-ldl",
                "-lm",
                "-lgcc_s",
                "-lutil",
                "-lrt",
            ]
            .map(str::to_owned)
            .to_vec(),
        }
    }
}

/// Where programs for a library are put.
fn folder(library: &Path) -> PathBuf {
    let folder = library.join("c-programs");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Builds the library as `cargo build` does, and keeps a copy: the next build, with other features, replaces it.
fn build(name: &str, features: &[&str], environment: &[(&str, &str)]) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--package", "dafu-capi", "--lib", "--locked"]);
    command.args(features).arg("--target-dir").arg(target);
    command.envs(environment.iter().copied());
    succeed(command.current_dir(repository()));
    let kept = target.join("dafu-capi").join(name);
    std::fs::create_dir_all(&kept).unwrap();
    for file in ["libdafu_capi.so", "libdafu_capi.a"] {
        // Beside it, then in its place: programs of another run may have it open.
        let partial = kept.join(format!("{file}.{}", std::process::id()));
        std::fs::copy(target.join("debug").join(file), &partial).unwrap();
        std::fs::rename(&partial, kept.join(file)).unwrap();
    }
    kept
}
