//! Index folders that were damaged, cut, mixed up or made to do harm: opening one gives an error that names the file
//! and the remedy, and never a wrong answer or a panic. And building one never destroys what is no index, never
//! leaves half of one, and never takes away what a reader has open.

use std::fs;
use std::path::{Path, PathBuf};

use dafu::{AskOptions, BuildOptions, Content, Error, ErrorKind, KnowledgeBase, SearchOptions};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

/// A content that has something in every file.
const CONTENT: &str = r#"
{"id":"return","question":"怎么申请退货？","similar":["东西不想要了能退吗"],"excluded":["只退运费怎么申请"],"answers":[{"standard_answer":"sa-return"}],"category":"售后/退货","tags":["退货"],"channels":["app"],"audiences":["customer"],"valid":{"from":"2020-01-01","until":"2090-01-01"}}
{"kind":"standard_answer","id":"sa-return","title":"退货规则","text":"签收次日起7天内可以退货。"}
{"kind":"template","id":"tpl-hello","scenario":"greeting","texts":["您好{{customer}}"],"slots":[{"name":"customer","kind":"text","default":""}]}
{"kind":"word","word":"青禾臻选"}
"#;

fn content() -> Content {
    // An empty default is none, so the slot is given one.
    Content::from_jsonl(CONTENT.replace(r#""default":"""#, r#""default":"您""#).as_bytes()).unwrap()
}

fn one_entry(answer: &str) -> Content {
    Content::from_jsonl(format!(r#"{{"id":"return","question":"怎么申请退货？","answer":"{answer}"}}"#).as_bytes())
        .unwrap()
}

fn build(content: &Content, path: &Path) -> dafu::Result<()> {
    KnowledgeBase::build_index(content, path, &BuildOptions::default())
}

/// A new index in a folder of its own, which goes away at the end.
fn index() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kb");
    build(&content(), &path).unwrap();
    (folder, path)
}

/// The names and bytes of the files of a folder.
fn files(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(path)
        .unwrap()
        .map(|file| {
            let file = file.unwrap();
            (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn open_error(path: &Path) -> Error {
    KnowledgeBase::open(path).expect_err("a damaged index does not open")
}

fn answer(kb: &KnowledgeBase) -> String {
    let reply = kb.ask("怎么申请退货", &AskOptions::new()).unwrap();
    reply.answer().and_then(|hit| hit.answer.clone()).unwrap_or_default()
}

/// The manifest, as this test reads and writes it.
#[derive(Serialize, Deserialize)]
struct Sealed {
    manifest: Manifest,
    hash: String,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: u32,
    made_by: String,
    fingerprint: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoder: Option<EncoderMark>,
    counts: Counts,
    files: Vec<File>,
}

#[derive(Serialize, Deserialize)]
struct EncoderMark {
    name: String,
    fingerprint: String,
    dimensions: u32,
}

#[derive(Serialize, Deserialize)]
struct Counts {
    entries: u32,
    phrasings: u32,
    excluded: u32,
    answers: u32,
    standard_answers: u32,
    templates: u32,
}

#[derive(Serialize, Deserialize)]
struct File {
    name: String,
    bytes: u64,
    hash: String,
}

/// Changes the manifest of an index, and seals it again with the right checksum.
fn reseal(path: &Path, change: impl FnOnce(&mut Manifest)) {
    let file = path.join("manifest.json");
    let mut sealed: Sealed = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let hash = |manifest: &Manifest| {
        blake3::hash(&serde_json::to_vec(manifest).unwrap())
            .to_hex()
            .to_string()
    };
    assert_eq!(hash(&sealed.manifest), sealed.hash, "this test knows the manifest");
    change(&mut sealed.manifest);
    sealed.hash = hash(&sealed.manifest);
    fs::write(file, serde_json::to_vec(&sealed).unwrap()).unwrap();
}

#[test]
fn a_flipped_byte_in_any_file_is_found_and_the_file_named() {
    let (_folder, path) = index();
    let files = files(&path);
    assert!(files.len() >= 10, "{files:?}");
    for (name, bytes) in &files {
        for at in (0..bytes.len())
            .step_by(bytes.len().div_ceil(40).max(1))
            .chain([bytes.len() - 1])
        {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            fs::write(path.join(name), damaged).unwrap();
            let error = open_error(&path);
            // A flipped format number says that another release wrote it.
            let kinds = [ErrorKind::Corrupt, ErrorKind::Format];
            let kinds = if name == "manifest.json" {
                &kinds[..]
            } else {
                &kinds[..1]
            };
            assert!(kinds.contains(&error.kind()), "{name}, byte {at}: {error:?}");
            let names = error.to_string().contains(&format!("`{name}`")) || error.kind() == ErrorKind::Format;
            assert!(names, "{name}, byte {at}: {error}");
        }
        fs::write(path.join(name), bytes).unwrap();
    }
    KnowledgeBase::open(&path).unwrap();
}

#[test]
fn a_cut_file_is_found_and_named() {
    let (_folder, path) = index();
    for (name, bytes) in files(&path) {
        for len in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            fs::write(path.join(&name), &bytes[..len]).unwrap();
            let error = open_error(&path);
            assert_eq!(error.kind(), ErrorKind::Corrupt, "{name} at {len}: {error}");
            assert!(
                error.to_string().contains(&format!("`{name}`")),
                "{name} at {len}: {error}"
            );
            assert!(
                error.to_string().contains("build the index again"),
                "{name} at {len}: {error}"
            );
        }
        fs::write(path.join(&name), [&bytes[..], b"x"].concat()).unwrap();
        assert_eq!(open_error(&path).kind(), ErrorKind::Corrupt, "{name} with a byte more");
        fs::write(path.join(&name), bytes).unwrap();
    }
}

#[test]
fn a_missing_file_is_named() {
    let (_folder, path) = index();
    for (name, bytes) in files(&path) {
        fs::remove_file(path.join(&name)).unwrap();
        let error = open_error(&path);
        // Without a manifest nobody can tell that it is an index.
        let kind = if name == "manifest.json" {
            ErrorKind::Format
        } else {
            ErrorKind::Corrupt
        };
        assert_eq!(error.kind(), kind, "{name}: {error}");
        assert!(error.to_string().contains(&format!("`{name}`")), "{error}");

        fs::create_dir(path.join(&name)).unwrap();
        let error = open_error(&path);
        assert!(
            error.to_string().contains(&format!("`{name}`")),
            "a folder in its place: {error}"
        );
        fs::remove_dir(path.join(&name)).unwrap();
        fs::write(path.join(&name), bytes).unwrap();
    }
}

#[test]
fn files_of_another_index_are_found() {
    let (_folder, path) = index();
    let (_other_folder, other) = index();
    build(&one_entry("另一个"), &other).unwrap();
    for name in [
        "items.bin",
        "phrasings.bin",
        "forward.bin",
        "owners.bin",
        "meta.json",
        "settings.json",
    ] {
        let own = fs::read(path.join(name)).unwrap();
        fs::copy(other.join(name), path.join(name)).unwrap();
        let error = open_error(&path);
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{name}: {error}");
        assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
        fs::write(path.join(name), own).unwrap();
    }
}

#[test]
fn an_index_of_a_later_format_says_so() {
    let (_folder, path) = index();
    reseal(&path, |manifest| manifest.format += 1);
    let error = open_error(&path);
    assert_eq!(error.kind(), ErrorKind::Format);
    let text = error.to_string();
    assert!(
        text.contains("has format 6, this release reads format 5; use a newer dafu"),
        "{text}"
    );
    // A later release may have changed everything else.
    fs::write(path.join("manifest.json"), r#"{"manifest":{"format":6,"parts":[]}}"#).unwrap();
    assert_eq!(open_error(&path).kind(), ErrorKind::Format);
}

#[test]
fn an_index_of_an_earlier_format_says_so() {
    let (_folder, path) = index();
    reseal(&path, |manifest| manifest.format -= 1);
    let error = open_error(&path);
    assert_eq!(error.kind(), ErrorKind::Format);
    let text = error.to_string();
    assert!(
        text.contains("has format 4, this release reads format 5; build the index again"),
        "{text}"
    );
}

#[test]
fn phrasings_that_another_entry_counts_as_its_own_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kb");
    let two = r#"{"id":"return","question":"怎么申请退货？"}
{"id":"invoice","question":"发票怎么开？"}"#;
    build(&Content::from_jsonl(two.as_bytes()).unwrap(), &path).unwrap();
    let file = path.join("owners.bin");
    let mut owners = fs::read(&file).unwrap();
    // The first phrasing is said to belong to the second entry, whose run it is not in.
    owners[0] = 1;
    reseal(&path, |manifest| {
        let file = manifest
            .files
            .iter_mut()
            .find(|file| file.name == "owners.bin")
            .unwrap();
        file.hash = blake3::hash(&owners).to_hex().to_string();
    });
    fs::write(&file, owners).unwrap();
    let error = open_error(&path);
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.to_string().contains("do not fit to each other"), "{error}");
}

#[test]
fn an_index_of_another_analysis_says_so() {
    let (_folder, path) = index();
    reseal(&path, |manifest| manifest.fingerprint = "0".repeat(64));
    let error = open_error(&path);
    assert_eq!(error.kind(), ErrorKind::Format);
    assert!(
        error.to_string().contains("build the index again from its content"),
        "{error}"
    );
}

#[test]
fn a_manifest_reaches_no_file_outside_of_its_folder() {
    let (folder, path) = index();
    fs::write(folder.path().join("secret"), "x").unwrap();
    let absolute = folder.path().join("secret").to_str().unwrap().to_owned();
    for name in [
        "../secret",
        "..",
        ".",
        "",
        "a/../../secret",
        "..\\secret",
        "C:secret",
        &absolute,
    ] {
        reseal(&path, |manifest| {
            manifest.files[0] = File {
                name: name.to_owned(),
                bytes: 1,
                hash: blake3::hash(b"x").to_hex().to_string(),
            };
        });
        let error = open_error(&path);
        assert_eq!(error.kind(), ErrorKind::Corrupt, "{name}: {error}");
        assert!(error.to_string().contains("`manifest.json`"), "{name}: {error}");
    }
}

#[test]
fn counts_that_do_not_fit_the_files_are_refused() {
    for change in [
        (|counts| counts.entries += 1) as fn(&mut Counts),
        |counts| counts.entries = u32::MAX,
        |counts| counts.phrasings -= 1,
        |counts| counts.phrasings = u32::MAX,
        |counts| (counts.phrasings, counts.excluded) = (counts.phrasings + 1, counts.excluded - 1),
        |counts| counts.excluded = u32::MAX,
        |counts| counts.answers = u32::MAX,
        |counts| (counts.answers, counts.standard_answers) = (counts.answers - 1, counts.standard_answers + 1),
        |counts| counts.templates = u32::MAX,
        |counts| (counts.entries, counts.templates) = (counts.entries - 1, counts.templates + 1),
    ] {
        let (_folder, path) = index();
        reseal(&path, |manifest| change(&mut manifest.counts));
        assert_eq!(open_error(&path).kind(), ErrorKind::Corrupt);
    }
}

/// A hostile author seals files of his own with right checksums. What they hold is checked where a wrong number would
/// reach out of a file, and any other nonsense gives an error or a silly reply, but no panic.
#[test]
fn sealed_nonsense_gives_no_panic() {
    let (_folder, path) = index();
    let manifest = fs::read(path.join("manifest.json")).unwrap();
    for name in [
        "items.bin",
        "phrasings.bin",
        "squeezed.bin",
        "forward.bin",
        "owners.bin",
        "settings.json",
        "dictionary.txt",
    ] {
        let bytes = fs::read(path.join(name)).unwrap();
        for at in (0..bytes.len()).step_by(bytes.len().div_ceil(200)) {
            let mut nonsense = bytes.clone();
            nonsense[at] ^= 0xff;
            reseal(&path, |manifest| {
                let file = manifest.files.iter_mut().find(|file| file.name == name).unwrap();
                file.hash = blake3::hash(&nonsense).to_hex().to_string();
            });
            fs::write(path.join(name), nonsense).unwrap();
            if let Ok(kb) = KnowledgeBase::open(&path) {
                for question in ["怎么申请退货", "东西不想要了能退吗", "只退运费怎么申请"] {
                    let _ = kb.ask(question, &AskOptions::new());
                    let _ = kb.explain(question, &AskOptions::new());
                    let _ = kb.search(question, &SearchOptions::new());
                }
                let _ = (
                    kb.get("return"),
                    kb.standard_answer("sa-return"),
                    kb.templates(&Default::default()),
                );
            }
            fs::write(path.join("manifest.json"), &manifest).unwrap();
        }
        fs::write(path.join(name), bytes).unwrap();
    }
    KnowledgeBase::open(&path).unwrap();
}

#[test]
fn what_is_no_index_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let error = open_error(&folder.path().join("没有"));
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("没有"), "{error}");

    let file = folder.path().join("faq.jsonl");
    fs::write(&file, CONTENT).unwrap();
    let error = open_error(&file);
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("faq.jsonl"), "{error}");

    let error = open_error(folder.path());
    assert_eq!(error.kind(), ErrorKind::Format);
    assert!(error.to_string().contains("no `manifest.json` in it"), "{error}");

    for (manifest, kind) in [
        ("", ErrorKind::Corrupt),
        ("{}", ErrorKind::Corrupt),
        (r#"{"name":"My web app","icons":[]}"#, ErrorKind::Corrupt),
        (&"[".repeat(100_000), ErrorKind::Corrupt),
    ] {
        fs::write(folder.path().join("manifest.json"), manifest).unwrap();
        assert_eq!(open_error(folder.path()).kind(), kind);
    }
}

#[test]
fn an_empty_folder_is_built_in_and_opening_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(open_error(folder.path()).kind(), ErrorKind::Format);
    build(&content(), folder.path()).unwrap();
    let before = files(folder.path());
    let kb = KnowledgeBase::open(folder.path()).unwrap();
    kb.ask("怎么申请退货", &AskOptions::new()).unwrap();
    drop(kb);
    assert_eq!(files(folder.path()), before);
}

#[test]
fn folders_that_hold_other_files_are_left_alone() {
    for names in [
        &["notes.txt"][..],
        &["manifest.json", "index.html"],
        &["manifest.json"],
        &["manifest.json", "meta.json"],
        &[".hidden"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(folder.path().join(name), "{}").unwrap();
        }
        let before = files(folder.path());
        let error = build(&content(), folder.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{names:?}: {error}");
        assert_eq!(files(folder.path()), before, "{names:?}");
    }
}

#[test]
fn a_file_put_into_an_index_folder_is_not_lost() {
    let (_folder, path) = index();
    fs::write(path.join("备注.txt"), "请勿删除").unwrap();
    // It does not matter to readers.
    KnowledgeBase::open(&path).unwrap();
    let error = build(&one_entry("新"), &path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("备注.txt"), "{error}");
    assert_eq!(fs::read_to_string(path.join("备注.txt")).unwrap(), "请勿删除");
    assert_eq!(
        answer(&KnowledgeBase::open(&path).unwrap()),
        "签收次日起7天内可以退货。"
    );
}

#[test]
fn a_file_is_no_folder_to_build_in() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faq.jsonl");
    fs::write(&file, CONTENT).unwrap();
    let error = build(&content(), &file).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), CONTENT);
}

#[test]
fn a_damaged_index_is_replaced_since_that_is_the_remedy() {
    for damage in ["items.bin", "manifest.json", "meta.json", "forward.bin"] {
        let (folder, path) = index();
        fs::write(path.join(damage), "damaged").unwrap();
        open_error(&path);
        build(&one_entry("新"), &path).unwrap();
        assert_eq!(answer(&KnowledgeBase::open(&path).unwrap()), "新");

        fs::remove_file(path.join(damage)).unwrap();
        build(&one_entry("更新"), &path).unwrap();
        assert_eq!(answer(&KnowledgeBase::open(&path).unwrap()), "更新");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing else is left over"
        );
    }
}

#[test]
fn readers_keep_the_index_that_they_opened() {
    let (folder, path) = index();
    let old = KnowledgeBase::open(&path).unwrap();
    for round in 0..3 {
        build(&one_entry(&format!("第{round}版")), &path).unwrap();
        assert_eq!(answer(&old), "签收次日起7天内可以退货。");
        assert!(old.get("return").unwrap().is_some());
        assert_eq!(answer(&KnowledgeBase::open(&path).unwrap()), format!("第{round}版"));
    }
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing else is left over"
    );
}

#[test]
fn a_build_that_fails_leaves_the_old_index() {
    let (folder, path) = index();
    // The longest name that a folder may have: there is none for the new index beside it.
    let long = folder.path().join("库".repeat(85));
    fs::rename(&path, &long).unwrap();
    let error = build(&one_entry("新"), &long).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    assert_eq!(
        answer(&KnowledgeBase::open(&long).unwrap()),
        "签收次日起7天内可以退货。"
    );
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing else is left over"
    );
}

#[test]
fn what_a_killed_build_left_over_does_no_harm() {
    let (folder, path) = index();
    // A process with the same number, as in a container, where it is always the same, was killed while building.
    for role in ["partial", "old"] {
        for number in 0..3 {
            let left = folder
                .path()
                .join(format!(".kb.{role}-{}-{number}", std::process::id()));
            fs::create_dir(&left).unwrap();
            for (name, bytes) in files(&path) {
                fs::write(left.join(name), &bytes[..bytes.len() / 2]).unwrap();
            }
        }
    }
    build(&one_entry("新"), &path).unwrap();
    assert_eq!(answer(&KnowledgeBase::open(&path).unwrap()), "新");
}

#[test]
fn builds_into_one_folder_at_the_same_time_do_not_mix() {
    let (_folder, path) = index();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let path = &path;
            scope.spawn(move || {
                for _ in 0..3 {
                    // One of two may find the folder taken: that is an error, and no mixture.
                    if let Err(error) = build(&one_entry(&format!("第{number}个")), path) {
                        assert!(matches!(error.kind(), ErrorKind::Io | ErrorKind::Conflict), "{error:?}");
                    }
                }
            });
        }
    });
    assert!(answer(&KnowledgeBase::open(&path).unwrap()).starts_with('第'));
}

#[test]
fn folders_are_named_in_all_ways() {
    let folder = tempfile::tempdir().unwrap();
    let nested = folder.path().join("a/b/c/");
    build(&one_entry("旧"), &nested).unwrap();
    build(&one_entry("新"), &nested.join("../c/.")).unwrap();
    assert_eq!(answer(&KnowledgeBase::open(&nested).unwrap()), "新");
    assert_eq!(fs::read_dir(folder.path().join("a/b")).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_stays_a_link() {
    let (folder, path) = index();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    build(&one_entry("新"), &link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(answer(&KnowledgeBase::open(&path).unwrap()), "新");
}
