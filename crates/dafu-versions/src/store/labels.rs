use dafu::ErrorKind;

use super::Store;
use super::audit::record;
use super::drafts::check_text;
use crate::error::{Error, Result};

impl Store {
    /// Gives a version a name, or a name another version. Its generation is kept when others are pruned.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such version, [`ErrorKind::InvalidInput`] for a name that is no line of 1 to
    /// 200 characters.
    pub fn set_label(&self, name: &str, version: u64, who: &str) -> Result<()> {
        let (name, who) = (check_text("label", name)?, check_text("name of the editor", who)?);
        self.write(|rows| {
            let number = rows.check_version(version)?;
            if number == 0 {
                return Err(Error::new(
                    ErrorKind::NotFound,
                    "version 0 is empty and has no label; name another",
                ));
            }
            rows.execute(
                "INSERT OR REPLACE INTO labels (name, version) VALUES (?, ?)",
                (name, number),
            )?;
            record(
                rows,
                who,
                "label",
                &serde_json::json!({"label": name, "version": version}),
            )
        })
    }

    /// Takes a name away.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is no such name.
    pub fn remove_label(&self, name: &str, who: &str) -> Result<()> {
        let who = check_text("name of the editor", who)?;
        self.write(|rows| {
            if rows.execute("DELETE FROM labels WHERE name = ?", [name])? == 0 {
                let shown: String = name.chars().take(40).collect();
                let message = format!("there is no label `{shown}`; see the labels");
                return Err(Error::new(ErrorKind::NotFound, message));
            }
            record(rows, who, "remove label", &serde_json::json!({"label": name}))
        })
    }

    /// Returns all names with their versions, by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] or [`ErrorKind::Corrupt`] when the file cannot be read.
    pub fn labels(&self) -> Result<Vec<(String, u64)>> {
        self.read(|rows| {
            rows.all("SELECT name, version FROM labels ORDER BY name", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
        })
    }
}
