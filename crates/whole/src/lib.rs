//! Files and folders that appear whole or not at all.
//!
//! Both are made beside their final place, brought to the disk, and moved there in one step; what was there before stays
//! until then, whatever goes wrong. [`write_file`] is for a file, [`Draft`] for a folder. This crate knows nothing of what
//! is in them.

mod disk;
mod folder;
mod place;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use disk::{Disk, System};
pub use folder::Draft;

/// Why something could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Nothing was changed.
    #[error("{}: could not be written, and nothing was changed: {}", .path.display(), plainly(.problem))]
    Unchanged {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        problem: io::Error,
    },
    /// It is in its place, but may be gone after a power cut.
    #[error("{}: was written, but the disk does not say that it keeps it: {}", .path.display(), plainly(.problem))]
    Unkept {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        problem: io::Error,
    },
    /// The old folder was moved away and neither the new one nor it could be moved back.
    #[error(
        "{}: could not be replaced: {}; what was there before is in {}, move it back",
        .path.display(), plainly(.problem), .before.display()
    )]
    MovedAway {
        /// What was being written.
        path: PathBuf,
        /// Where the old one is.
        before: PathBuf,
        /// What the system said.
        problem: io::Error,
    },
}

impl WriteError {
    /// A failure that left everything as it was.
    pub fn unchanged(path: &Path, problem: io::Error) -> Self {
        Self::Unchanged { path: path.to_owned(), problem }
    }
}

/// Writes a file beside its final place and moves it there when it is complete and on the disk. Folders that are missing
/// above it are made.
pub fn write_file(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> Result<(), WriteError> {
    write_file_on(&System, path, fill)
}

fn write_file_on(
    disk: &impl Disk,
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> Result<(), WriteError> {
    let failed = |problem| WriteError::unchanged(path, problem);
    if path.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let folder = place::parent(path);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file =
        place::readable(tempfile::Builder::new().prefix(".holdfast-")).tempfile_in(folder).map_err(failed)?;
    let mut buffered = BufWriter::with_capacity(1 << 18, file.as_file_mut());
    fill(&mut buffered).and_then(|()| buffered.flush()).map_err(failed)?;
    drop(buffered);
    disk.sync(file.path()).map_err(failed)?;
    disk.rename(file.path(), path).map_err(failed)?;
    // The temporary name is gone; there is nothing to clean up.
    file.disable_cleanup(true);
    disk.sync(folder).map_err(|problem| WriteError::Unkept { path: path.to_owned(), problem })
}

/// What keeps a file from being written, and what to do, where that is clear; else the system's words.
fn plainly(problem: &io::Error) -> String {
    use io::ErrorKind as Kind;
    let plain = match problem.kind() {
        Kind::StorageFull => "the disk is full; make room, or name another place",
        Kind::QuotaExceeded => "your share of the disk is used up; make room, or name another place",
        Kind::PermissionDenied => "you may not write there; ask for the right, or name another place",
        Kind::ReadOnlyFilesystem => "the disk can only be read; name another place",
        Kind::IsADirectory => "there is a folder of that name; name a file",
        Kind::NotADirectory | Kind::AlreadyExists => "a part of that path is a file, not a folder; name another place",
        Kind::InvalidFilename => "the system takes no such name; choose a shorter one without special characters",
        _ => return problem.to_string(),
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::disk::tests::Failing;

    fn entries(folder: &Path) -> usize {
        fs::read_dir(folder).expect("listed").count()
    }

    #[test]
    fn a_full_disk_leaves_the_old_file_and_nothing_else_and_is_said_plainly() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("scores.csv");
        fs::write(&path, "old").expect("written");
        let full = write_file(&path, |file| {
            file.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        let said = full.expect_err("it failed").to_string();
        assert!(said.contains("scores.csv") && said.contains("nothing was changed: the disk is full"), "{said}");
        assert_eq!(fs::read_to_string(&path).expect("read"), "old");
        assert_eq!(entries(folder.path()), 1);
    }

    #[test]
    fn whichever_step_fails_the_file_is_the_old_or_the_new_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("scores.csv");
        // A file is synced, renamed, and its folder synced.
        for (step, expected) in ["old", "old", "new"].into_iter().enumerate() {
            fs::write(&path, "old").expect("written");
            let disk = Failing::at(step);
            let failed = write_file_on(&disk, &path, |file| file.write_all(b"new")).expect_err("it failed");
            assert_eq!(fs::read_to_string(&path).expect("read"), expected, "{failed}");
            assert_eq!(failed.to_string().contains("nothing was changed"), expected == "old", "{failed}");
            assert_eq!(entries(folder.path()), 1);
        }
        let disk = Failing::at(3);
        write_file_on(&disk, &path, |file| file.write_all(b"new")).expect("no fourth step");
        let steps = disk.steps();
        assert!(steps[0].starts_with("sync .holdfast-") && steps[1].starts_with("rename .holdfast-"), "{steps:?}");
        assert!(steps[2].starts_with("sync ") && !steps[2].contains(".holdfast-"), "{steps:?}");
    }

    #[test]
    fn a_folder_in_the_way_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let said = write_file(folder.path(), |_| Ok(())).expect_err("it failed").to_string();
        assert!(said.contains("there is a folder of that name"), "{said}");
        fs::write(folder.path().join("file"), "").expect("written");
        let said = write_file(&folder.path().join("file/scores.csv"), |_| Ok(())).expect_err("it failed").to_string();
        assert!(said.contains("is a file, not a folder"), "{said}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_may_be_read_by_whom_the_mask_allows() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let (ours, usual) = (folder.path().join("ours"), folder.path().join("usual"));
        write_file(&ours, |_| Ok(())).expect("written");
        fs::write(&usual, "").expect("written");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode();
        assert_eq!(mode(&ours), mode(&usual));
    }
}
