//! Drafts, commits, merges and diffs against a simple model: a map for each version.

use std::collections::BTreeMap;

use dafu_versions::{ChangeKind, Commit, ErrorKind, ItemKey, ItemState, Resolution, Store};
use proptest::prelude::*;

use crate::contents::{entry, store};

/// An entry of the model: its question and its tags.
type Entry = (u8, Vec<u8>);
type Map = BTreeMap<u8, Entry>;

#[derive(Debug, Clone)]
enum Step {
    Put(usize, u8, u8, Vec<u8>),
    Delete(usize, u8),
    Undo(usize),
    Commit(usize),
    Discard(usize),
}

#[derive(Default)]
struct ModelDraft {
    base: usize,
    /// The state after each operation; the first is the base.
    states: Vec<Map>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let draft = 0..3_usize;
    let step = prop_oneof![
        5 => (draft.clone(), 0..6_u8, 0..4_u8, proptest::collection::btree_set(0..4_u8, 0..3))
            .prop_map(|(draft, id, question, tags)| Step::Put(draft, id, question, tags.into_iter().collect())),
        2 => (draft.clone(), 0..6_u8).prop_map(|(draft, id)| Step::Delete(draft, id)),
        2 => draft.clone().prop_map(Step::Undo),
        3 => draft.clone().prop_map(Step::Commit),
        1 => draft.prop_map(Step::Discard),
    ];
    proptest::collection::vec(step, 1..40)
}

fn text((id, (question, tags)): (u8, &Entry)) -> String {
    let tags: Vec<String> = tags.iter().map(|tag| format!("\"t{tag}\"")).collect();
    let tags = match tags.is_empty() {
        true => String::new(),
        false => format!(",\"tags\":[{}]", tags.join(",")),
    };
    format!(r#"{{"id":"e{id}","question":"第{question}问"{tags}}}"#)
}

/// What a merge comes to in the model, where the draft wins what conflicts.
fn merge(base: &Map, draft: &Map, newest: &Map) -> Map {
    let mut merged = newest.clone();
    for id in 0..6 {
        let (b, d, n) = (base.get(&id), draft.get(&id), newest.get(&id));
        if b == d || d == n {
            continue;
        }
        let result = match (b, d, n) {
            (b, d, n) if b == n => d.cloned(),
            (b, Some(d), Some(n)) => {
                let nothing = Vec::new();
                let question = match b {
                    Some(b) if b.0 == d.0 => n.0,
                    _ => d.0,
                };
                let base_tags = b.map_or(&nothing, |b| &b.1);
                let tags = if base_tags == &d.1 {
                    n.1.clone()
                } else if base_tags == &n.1 || d.1 == n.1 {
                    d.1.clone()
                } else {
                    let keep = n.1.iter().filter(|tag| d.1.contains(tag) || !base_tags.contains(tag));
                    let mut tags: Vec<u8> = keep.copied().collect();
                    tags.extend(d.1.iter().filter(|tag| !base_tags.contains(tag) && !n.1.contains(tag)));
                    tags
                };
                Some((question, tags))
            }
            (_, d, _) => d.cloned(),
        };
        match result {
            Some(entry) => merged.insert(id, entry),
            None => merged.remove(&id),
        };
    }
    merged
}

fn same_content(store: &Store, number: usize, model: &Map) {
    let items = store.items(number as u64).unwrap();
    let got: BTreeMap<String, String> = items
        .iter()
        .map(|(key, item)| (key.id.clone(), item.to_json()))
        .collect();
    let expected: BTreeMap<String, String> = model.iter().map(|(id, e)| (format!("e{id}"), text((*id, e)))).collect();
    assert_eq!(got, expected, "version {number}");
}

fn run(steps: Vec<Step>) {
    let (_folder, store) = store();
    let mut versions: Vec<Map> = vec![Map::new()];
    let mut drafts: Vec<Option<ModelDraft>> = vec![None, None, None];
    for step in steps {
        let number = match &step {
            Step::Put(draft, ..)
            | Step::Delete(draft, _)
            | Step::Undo(draft)
            | Step::Commit(draft)
            | Step::Discard(draft) => *draft,
        };
        let name = format!("d{number}");
        if drafts[number].is_none() {
            store.new_draft(&name, "王芳").unwrap();
            drafts[number] = Some(ModelDraft {
                base: versions.len() - 1,
                states: vec![versions.last().unwrap().clone()],
            });
        }
        let draft = store.draft(&name).unwrap();
        let model = drafts[number].as_mut().unwrap();
        let mut state = model.states.last().unwrap().clone();
        match step {
            Step::Put(_, id, question, tags) => {
                let new = (question, tags);
                draft.put(entry(&text((id, &new)))).unwrap();
                state.insert(id, new);
                model.states.push(state);
            }
            Step::Delete(_, id) => {
                let result = draft.delete(&ItemKey::entry(format!("e{id}")));
                match state.remove(&id) {
                    Some(_) => {
                        result.unwrap();
                        model.states.push(state);
                    }
                    None => assert_eq!(result.unwrap_err().kind(), ErrorKind::NotFound),
                }
            }
            Step::Undo(_) => {
                assert_eq!(draft.undo().unwrap().is_some(), model.states.len() > 1);
                if model.states.len() > 1 {
                    model.states.pop();
                }
            }
            Step::Discard(_) => {
                draft.discard().unwrap();
                drafts[number] = None;
                continue;
            }
            Step::Commit(_) => {
                let newest = versions.last().unwrap().clone();
                let merged = merge(&versions[model.base], &state, &newest);
                let mut rounds = 0;
                let made = loop {
                    match draft.commit("王芳", "").unwrap() {
                        Commit::Version(version) => break Some(version),
                        Commit::Nothing => break None,
                        Commit::Conflicts(conflicts) => {
                            rounds += 1;
                            assert!(rounds < 3);
                            for conflict in &conflicts {
                                draft.resolve(conflict, &Resolution::Draft).unwrap();
                            }
                        }
                        other => panic!("{other:?}"),
                    }
                };
                match made {
                    None => assert_eq!(merged, newest),
                    Some(version) => {
                        assert_ne!(merged, newest);
                        assert_eq!(version.number as usize, versions.len());
                        assert_eq!(version.entries as usize, merged.len());
                        versions.push(merged);
                        drafts[number] = None;
                    }
                }
                continue;
            }
        }
        let state = model.states.last().unwrap();
        let base = &versions[model.base];
        for id in 0..6 {
            let expected = match (base.get(&id), state.get(&id)) {
                (None, None) => None,
                (None, Some(_)) => Some(ItemState::New),
                (Some(_), None) => Some(ItemState::Deleted),
                (Some(a), Some(b)) if a == b => Some(ItemState::Unchanged),
                (Some(_), Some(_)) => Some(ItemState::Changed),
            };
            assert_eq!(draft.state(&ItemKey::entry(format!("e{id}"))).ok(), expected);
        }
    }
    for (number, model) in versions.iter().enumerate() {
        same_content(&store, number, model);
    }
    for (from, a) in versions.iter().enumerate() {
        for (to, b) in versions.iter().enumerate() {
            let got: BTreeMap<String, ChangeKind> = store
                .diff(from as u64, to as u64)
                .unwrap()
                .into_iter()
                .map(|change| (change.key.id, change.kind))
                .collect();
            let mut expected = BTreeMap::new();
            for id in 0..6 {
                let kind = match (a.get(&id), b.get(&id)) {
                    (None, Some(_)) => ChangeKind::Added,
                    (Some(_), None) => ChangeKind::Removed,
                    (a, b) if a != b => ChangeKind::Changed,
                    _ => continue,
                };
                expected.insert(format!("e{id}"), kind);
            }
            assert_eq!(got, expected, "from {from} to {to}");
        }
    }
    store.verify().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_store_does_what_the_model_does(steps in steps()) {
        run(steps);
    }
}
