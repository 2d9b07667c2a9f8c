use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use dafu::ErrorKind;

use crate::error::{Error, Result};

/// The right to write to a publication, until it is dropped. A process that is killed drops it, too.
pub(crate) struct WriteLock {
    _file: File,
}

impl WriteLock {
    pub fn take(path: &Path, wait: Duration) -> Result<Self> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(|e| Error::io(path, "opening", e))?;
        let deadline = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(e)) => return Err(Error::io(path, "locking", e)),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    let message = format!("another process holds `{}`; try again a little later", path.display());
                    return Err(Error::new(ErrorKind::Busy, message));
                }
            }
        }
    }
}

/// Between two attempts: short beside a publish, long beside the cost of an attempt.
const PAUSE: Duration = Duration::from_millis(5);
