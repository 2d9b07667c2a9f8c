use std::collections::BTreeMap;

use dafu::Entry;
use dafu_versions::{Commit, Draft, ItemKey, Resolution, Store};

/// Any sequence of operations on two drafts: what an editor undoes is gone, what is committed stays as it was, a difference
/// leads from one version to the other, and the store is whole at the end.
pub fn operations(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::create(folder.path().join("store")).expect("a new store");
    let mut versions = vec![BTreeMap::new()];
    for pair in bytes.chunks_exact(2).take(MOST) {
        let (operation, value) = (pair[0] % 8, pair[1]);
        let name = if pair[0] & 0x80 == 0 { "a" } else { "b" };
        let draft = match store.draft(name) {
            Ok(draft) => draft,
            Err(_) => store.new_draft(name, WHO).expect("there is no such draft"),
        };
        let before = state(&draft);
        match operation {
            0..=2 => put(&draft, value),
            3 => drop(draft.delete(&ItemKey::entry(format!("e{}", value % 8)))),
            4 => drop(draft.undo().expect("the draft is there")),
            5 => {
                put(&draft, value);
                draft.undo().expect("the draft is there");
                assert_eq!(state(&draft), before);
            }
            6 => draft.discard().expect("the draft is there"),
            _ => commit(&store, &draft, &mut versions),
        }
    }
    for (number, version) in versions.iter().enumerate() {
        assert_eq!(&version_state(&store, number as u64), version);
        let mut reached = versions[0].clone();
        for change in store.diff(0, number as u64).expect("both are there") {
            match change.after {
                Some(after) => reached.insert(change.key.id, after),
                None => reached.remove(&change.key.id),
            };
        }
        assert_eq!(&reached, version);
    }
    store.verify().expect("the store is whole");
}

type State = BTreeMap<String, String>;

fn put(draft: &Draft<'_>, value: u8) {
    let question = format!("第{}问", value >> 3);
    let mut entry = Entry::new(
        format!("e{}", value % 8).try_into().expect("an id"),
        question.try_into().expect("a phrasing"),
    );
    if value & 0x40 != 0 {
        entry.related.push(format!("e{}", value % 5).try_into().expect("an id"));
    }
    draft.put(entry).expect("a small entry");
}

fn commit(store: &Store, draft: &Draft<'_>, versions: &mut Vec<State>) {
    for _ in 0..3 {
        match draft.commit(WHO, "") {
            // A reference dangles: nothing has changed.
            Err(_) | Ok(Commit::Nothing) => break,
            Ok(Commit::Version(version)) => {
                assert_eq!(version.number as usize, versions.len());
                versions.push(version_state(store, version.number));
                break;
            }
            Ok(Commit::Conflicts(conflicts)) => {
                for conflict in &conflicts {
                    draft
                        .resolve(conflict, &Resolution::Draft)
                        .expect("a conflict of this draft");
                }
            }
            Ok(other) => panic!("{other:?}"),
        }
    }
    let newest = store
        .newest()
        .expect("the store is there")
        .map_or(0, |version| version.number);
    assert_eq!(newest as usize + 1, versions.len());
}

fn state(draft: &Draft<'_>) -> State {
    let items = draft.items().expect("the draft is there");
    items
        .iter()
        .map(|(key, item)| (key.id.clone(), item.to_json()))
        .collect()
}

fn version_state(store: &Store, version: u64) -> State {
    let content = store.content(version).expect("every version is a content");
    assert_eq!(
        content.entries().len(),
        store.items(version).expect("it is there").len()
    );
    let items = store.items(version).expect("it is there");
    items
        .iter()
        .map(|(key, item)| (key.id.clone(), item.to_json()))
        .collect()
}

const WHO: &str = "fuzz";

/// Operations of one run: each costs a transaction on the disk.
const MOST: usize = 64;
