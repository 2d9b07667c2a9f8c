use std::path::{Path, PathBuf};

use dafu::{Content, KnowledgeBase};
use dafu_versions::{Draft, Item, ItemKey, Publication, Store};

use super::arguments::Arguments;
use super::failure::{Failure, Result};
use super::world::World;

/// A folder with a knowledge base: the store of its editors, and what is published from it.
pub struct Workspace {
    pub folder: PathBuf,
    pub store: Store,
    /// Who works here.
    pub author: String,
}

/// What a command looks at: the draft, or a version.
pub struct State {
    /// The version; none: the draft.
    pub version: Option<u64>,
    pub items: Vec<(ItemKey, Item)>,
}

impl Workspace {
    /// Opens the knowledge base of this folder, or of one above it.
    pub fn open(arguments: &Arguments, world: &World<'_, '_>) -> Result<Self> {
        let start = match arguments.option("in") {
            Some(folder) => world.folder.join(folder),
            None => world.folder.clone(),
        };
        let found = start.ancestors().find(|folder| folder.join(STORE).is_file());
        let Some(folder) = found else {
            let start = start.display();
            return Err(Failure::Said(world.pick(
                format!("`{start}` 里没有知识库；先运行 kb init，或用 --in 指定文件夹"),
                format!("there is no knowledge base in `{start}`; run kb init first, or name its folder with --in"),
            )));
        };
        Ok(Self {
            folder: folder.to_owned(),
            store: Store::open(folder.join(STORE))?,
            author: author(arguments, world),
        })
    }

    /// Returns the editor's draft, if there is one.
    pub fn draft(&self) -> Result<Option<Draft<'_>>> {
        let is_there = self.store.drafts()?.iter().any(|draft| draft.name == self.author);
        Ok(if is_there {
            Some(self.store.draft(&self.author)?)
        } else {
            None
        })
    }

    /// Returns the editor's draft, and begins one if there is none.
    pub fn begin_draft(&self) -> Result<Draft<'_>> {
        match self.draft()? {
            Some(draft) => Ok(draft),
            None => Ok(self.store.new_draft(&self.author, &self.author)?),
        }
    }

    /// Returns the number of the newest version; 0 if there is none.
    pub fn newest(&self) -> Result<u64> {
        Ok(self.store.newest()?.map_or(0, |version| version.number))
    }

    /// Returns the items of a version, or else of the draft, or else of the newest version.
    pub fn state(&self, version: Option<u64>) -> Result<State> {
        if let Some(version) = version {
            return Ok(State {
                version: Some(version),
                items: self.items(version)?,
            });
        }
        match self.draft()? {
            Some(draft) => Ok(State {
                version: None,
                items: draft.items()?,
            }),
            None => {
                let newest = self.newest()?;
                Ok(State {
                    version: Some(newest),
                    items: self.items(newest)?,
                })
            }
        }
    }

    /// Returns the content of a version, or else of the draft, or else of the newest version.
    pub fn content(&self, version: Option<u64>) -> Result<Content> {
        match (version, self.draft()?) {
            (Some(version), _) => self.version_content(version),
            (None, Some(draft)) => Ok(draft.content()?),
            (None, None) => self.version_content(self.newest()?),
        }
    }

    pub fn version_content(&self, version: u64) -> Result<Content> {
        match version {
            0 => Ok(Content::default()),
            version => Ok(self.store.content(version)?),
        }
    }

    /// Returns what a publish of a content would serve now, built in memory; none without entries.
    pub fn knowledge_base(&self, content: &Content) -> Result<Option<KnowledgeBase>> {
        if content.entries().is_empty() {
            return Ok(None);
        }
        Ok(Some(match self.publication()? {
            Some(publication) => publication.preview(content)?,
            None => KnowledgeBase::new(content)?,
        }))
    }

    /// Returns the publication, if anything was published.
    pub fn publication(&self) -> Result<Option<Publication>> {
        let folder = self.published();
        Ok(if folder.is_dir() {
            Some(Publication::open(folder)?)
        } else {
            None
        })
    }

    /// Returns the folder that chat systems read.
    pub fn published(&self) -> PathBuf {
        self.folder.join(PUBLISHED)
    }

    /// Returns the version that a channel serves, if it serves any.
    pub fn serving(&self, channel: &str) -> Result<Option<u64>> {
        match self.publication()? {
            Some(publication) => Ok(publication.serving(channel)?.map(|served| served.version)),
            None => Ok(None),
        }
    }

    fn items(&self, version: u64) -> Result<Vec<(ItemKey, Item)>> {
        match version {
            0 => Ok(Vec::new()),
            version => Ok(self.store.items(version)?),
        }
    }
}

impl State {
    /// Returns what it is, in words.
    pub fn name(&self, world: &World<'_, '_>) -> String {
        match self.version {
            None => world.pick("草稿", "the draft").to_owned(),
            Some(0) => world.pick("空的知识库", "the empty knowledge base").to_owned(),
            Some(version) => world.pick(format!("版本 {version}"), format!("version {version}")),
        }
    }
}

/// Creates the folder of a knowledge base.
pub fn create(folder: &Path) -> Result<Store> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::Io(format!("creating `{}`", folder.display()), error))?;
    Ok(Store::create(folder.join(STORE))?)
}

pub fn author(arguments: &Arguments, world: &World<'_, '_>) -> String {
    arguments
        .option("author")
        .map_or_else(|| world.author.clone(), str::to_owned)
}

/// Returns a file of the command line, from the folder in which the tool is run.
pub fn path(name: &str, world: &World<'_, '_>) -> PathBuf {
    world.folder.join(name)
}

/// Writes a file beside its place and moves it there: whole, or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error| Failure::Io(format!("writing `{}`", path.display()), error);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let partial = path.with_file_name(format!(".{name}.partial-{}", std::process::id()));
    let result = std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, path));
    if result.is_err() {
        // What was being done has failed already; the rest of it is only in the way.
        let _ = std::fs::remove_file(&partial);
    }
    result.map_err(failed)
}

const STORE: &str = "kb.dafu";
const PUBLISHED: &str = "published";
