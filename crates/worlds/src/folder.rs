//! A folder that appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a world was not written.
#[derive(Debug, Error)]
pub enum WorldError {
    /// A setting is out of its range.
    #[error("{setting} is {value}: expected {expected}")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// What was given.
        value: String,
        /// What would be valid.
        expected: String,
    },
    /// The place is taken by something that a simulation did not write.
    #[error("{} holds {found:?}, which no simulation wrote: name a new folder, or move that away first", path.display())]
    Occupied {
        /// The folder asked for.
        path: PathBuf,
        /// The first foreign entry in it.
        found: String,
    },
    /// The file system refused.
    #[error(transparent)]
    Write(#[from] whole::WriteError),
    /// What is there already could not be looked at.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Files being written beside their final place. Dropped before [`publish`](Self::publish), it leaves nothing behind.
pub(crate) struct Draft {
    folder: whole::Draft,
    files: Vec<(PathBuf, BufWriter<File>)>,
}

impl Draft {
    /// Opens `files` (paths relative to `place`) for writing. An existing `place` must hold nothing but such files.
    pub(crate) fn open(place: &Path, files: &[&str]) -> Result<Self, WorldError> {
        refuse_foreign(place, files)?;
        let folder = whole::Draft::beside(place)?;
        let mut open = Vec::new();
        for file in files {
            let (path, shown) = (folder.folder().join(file), place.join(file));
            let failed = |problem| whole::WriteError::unchanged(&shown, problem);
            fs::create_dir_all(path.parent().unwrap_or(place)).map_err(failed)?;
            let file = File::create(&path).map_err(failed)?;
            open.push((shown, BufWriter::with_capacity(1 << 18, file)));
        }
        Ok(Self { folder, files: open })
    }

    /// Appends to the file that was named at this position.
    pub(crate) fn append(&mut self, file: usize, text: &str) -> Result<(), WorldError> {
        let (path, writer) = &mut self.files[file];
        Ok(writer.write_all(text.as_bytes()).map_err(|problem| whole::WriteError::unchanged(path, problem))?)
    }

    /// Puts the folder in its place, instead of an earlier one.
    pub(crate) fn publish(mut self) -> Result<(), WorldError> {
        for (path, mut writer) in self.files.drain(..) {
            writer.flush().map_err(|problem| whole::WriteError::unchanged(&path, problem))?;
        }
        Ok(self.folder.publish()?)
    }
}

/// Refuses a place that holds anything but the files that a simulation writes, or only some of them: tables of an
/// academy may well have their names.
fn refuse_foreign(place: &Path, files: &[&str]) -> Result<(), WorldError> {
    if !place.exists() {
        return Ok(());
    }
    if !place.is_dir() {
        let found = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Err(WorldError::Occupied { path: place.parent().unwrap_or(place).to_owned(), found });
    }
    let mut ours = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let path = place.join(&folder);
        let entries = fs::read_dir(&path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = entries.map_err(|source| WorldError::Read { path: path.clone(), source })?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = folder.join(entry.file_name());
            if files.iter().any(|file| Path::new(file) == name) {
                ours.push(name);
                continue;
            }
            if files.iter().any(|file| Path::new(file).parent() == Some(&name)) {
                folders.push(name);
                continue;
            }
            return Err(WorldError::Occupied { path: place.to_owned(), found: name.to_string_lossy().into_owned() });
        }
    }
    match ours.first() {
        Some(found) if ours.len() < files.len() => {
            Err(WorldError::Occupied { path: place.to_owned(), found: found.to_string_lossy().into_owned() })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 2] = ["students.csv", "truth/truth.csv"];

    fn entries(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_draft_appears_when_published_and_replaces_an_earlier_one() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("deep/world");
        for text in ["one", "two"] {
            let mut draft = Draft::open(&place, &FILES).unwrap();
            draft.append(1, text).unwrap();
            draft.publish().unwrap();
            assert_eq!(fs::read_to_string(place.join("truth/truth.csv")).unwrap(), text);
            assert_eq!(entries(root.path().join("deep").as_path()), ["world"]);
        }
    }

    #[test]
    fn a_dropped_draft_leaves_the_earlier_world_as_it_was() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("world");
        Draft::open(&place, &FILES).unwrap().publish().unwrap();
        let mut draft = Draft::open(&place, &FILES).unwrap();
        draft.append(0, "half").unwrap();
        drop(draft);
        assert_eq!(entries(root.path()), ["world"]);
        assert_eq!(fs::read_to_string(place.join("students.csv")).unwrap(), "");
    }

    #[test]
    fn tables_without_the_truth_are_somebodys_own() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("students.csv"), "mine").unwrap();
        let refused = Draft::open(root.path(), &FILES).err().expect("refused").to_string();
        assert!(refused.contains("\"students.csv\""), "{refused}");
        assert_eq!(fs::read_to_string(root.path().join("students.csv")).unwrap(), "mine");
    }

    #[test]
    fn a_folder_with_someones_file_is_refused_and_kept() {
        let root = tempfile::tempdir().unwrap();
        for name in ["students.csv", "holdfast.toml"] {
            fs::write(root.path().join(name), "mine").unwrap();
        }
        let refused = Draft::open(root.path(), &FILES).err().expect("refused").to_string();
        assert!(refused.contains("\"holdfast.toml\"") && refused.contains("name a new folder"), "{refused}");
        let file = Draft::open(&root.path().join("students.csv"), &FILES).err().expect("refused").to_string();
        assert!(file.contains("\"students.csv\""), "{file}");
        assert_eq!(entries(root.path()), ["holdfast.toml", "students.csv"]);
    }
}
