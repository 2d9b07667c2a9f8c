//! The power goes while the store writes its log: whatever part of the last bytes reached the disk, every version that
//! was acknowledged is there, and nothing is there by half.

use std::fs;

use dafu_versions::Store;

use crate::contents::{commit_lines, store};

#[test]
fn a_log_that_is_cut_anywhere_has_every_acknowledged_version() {
    let (folder, store) = store();
    let path = folder.path().join("shop.dafu");
    let log = folder.path().join("shop.dafu-wal");
    let mut acknowledged = Vec::new();
    for number in 1..=6 {
        commit_lines(&store, &format!(r#"{{"id":"a","question":"第{number}问"}}"#));
        acknowledged.push(fs::metadata(&log).unwrap().len());
    }
    let (file, whole) = (fs::read(&path).unwrap(), fs::read(&log).unwrap());
    assert_eq!(whole.len() as u64, acknowledged[5]);
    let after = tempfile::tempdir().unwrap();
    let copy = after.path().join("shop.dafu");
    let copy_log = after.path().join("shop.dafu-wal");
    for length in (acknowledged[0]..=acknowledged[5]).step_by(509) {
        for garbage in [false, true] {
            fs::write(&copy, &file).unwrap();
            let mut cut = whole[..length as usize].to_vec();
            if garbage {
                // The file has its length, and not its bytes.
                cut.resize(whole.len(), 0xa5);
            }
            fs::write(&copy_log, &cut).unwrap();
            let _ = fs::remove_file(after.path().join("shop.dafu-shm"));
            let store = Store::open(&copy).unwrap();
            let newest = store.newest().unwrap().unwrap().number;
            let least = acknowledged.iter().filter(|end| **end <= length).count() as u64;
            assert!(newest >= least, "{length} bytes: {newest} of {least}");
            for number in 1..=newest {
                let question = store.content(number).unwrap().entries()[0].question.clone();
                assert_eq!(question.as_str(), format!("第{number}问"));
            }
            store.verify().unwrap();
        }
    }
}
