//! A folder that appears whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::disk::{Disk, System, cannot};
use crate::{WriteError, place};

/// A folder being filled beside its final place. Dropped before [`publish`](Self::publish), it leaves nothing behind.
pub struct Draft {
    place: PathBuf,
    /// Holds the new folder and, for the moment of the swap, the old one.
    around: TempDir,
}

impl Draft {
    /// A new, empty folder that will stand at `place`.
    pub fn beside(place: &Path) -> Result<Self, WriteError> {
        let failed = |problem| WriteError::unchanged(place, problem);
        let place = std::path::absolute(place).map_err(failed)?;
        let parent = place::parent(&place);
        fs::create_dir_all(parent).map_err(failed)?;
        let around = tempfile::Builder::new().prefix(".holdfast-").tempdir_in(parent).map_err(failed)?;
        let draft = Self { place, around };
        fs::create_dir(draft.folder()).map_err(failed)?;
        Ok(draft)
    }

    /// Where to write.
    pub fn folder(&self) -> PathBuf {
        self.around.path().join("new")
    }

    /// Brings everything to the disk and puts the folder in its place, instead of an earlier one.
    pub fn publish(self) -> Result<(), WriteError> {
        self.publish_on(&System)
    }

    fn publish_on(self, disk: &impl Disk) -> Result<(), WriteError> {
        let fresh = self.folder();
        sync_all(disk, &fresh).map_err(|problem| WriteError::unchanged(&self.place, problem))?;
        let place = self.place.clone();
        self.swap(disk, &fresh)?;
        disk.sync(place::parent(&place)).map_err(|problem| WriteError::Unkept { path: place, problem })
    }

    /// Where the system cannot exchange folders, a crash between the two renames leaves the old one in the hidden folder.
    fn swap(mut self, disk: &impl Disk, fresh: &Path) -> Result<(), WriteError> {
        let failed = |problem| WriteError::unchanged(&self.place, problem);
        if !self.place.exists() {
            return disk.rename(fresh, &self.place).map_err(failed);
        }
        match disk.exchange(fresh, &self.place) {
            Err(problem) if cannot(&problem) => {}
            done => return done.map_err(failed),
        }
        let aside = self.around.path().join("old");
        disk.rename(&self.place, &aside).map_err(failed)?;
        let Err(problem) = disk.rename(fresh, &self.place) else { return Ok(()) };
        if disk.rename(&aside, &self.place).is_ok() {
            return Err(WriteError::unchanged(&self.place, problem));
        }
        // Whatever happens now, the old one must not be cleaned up.
        self.around.disable_cleanup(true);
        Err(WriteError::MovedAway { path: self.place, before: aside, problem })
    }
}

/// Syncs what is in a folder, then its names.
fn sync_all(disk: &impl Disk, folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sync_all(disk, &path)? } else { disk.sync(&path)? }
    }
    disk.sync(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::tests::Failing;

    struct House {
        root: TempDir,
    }

    impl House {
        /// A folder with an old one in it.
        fn new() -> Self {
            let house = Self { root: tempfile::tempdir().expect("a folder") };
            fs::create_dir(house.place()).expect("made");
            fs::write(house.place().join("text"), "old").expect("written");
            house
        }

        fn place(&self) -> PathBuf {
            self.root.path().join("model")
        }

        fn replace(&self, disk: &impl Disk) -> Result<(), WriteError> {
            let draft = Draft::beside(&self.place())?;
            fs::create_dir(draft.folder().join("deep")).expect("made");
            fs::write(draft.folder().join("deep/more"), "more").expect("written");
            fs::write(draft.folder().join("text"), "new").expect("written");
            draft.publish_on(disk)
        }

        fn text(&self) -> String {
            fs::read_to_string(self.place().join("text")).expect("the place is never empty")
        }

        fn entries(&self) -> usize {
            fs::read_dir(self.root.path()).expect("listed").count()
        }
    }

    #[test]
    fn everything_is_on_the_disk_before_it_is_in_its_place() {
        let (house, disk) = (House::new(), Failing::at(usize::MAX));
        house.replace(&disk).expect("published");
        assert_eq!((house.text().as_str(), house.entries()), ("new", 1));
        let steps = disk.steps();
        let swap = steps.iter().position(|step| step == "exchange new model").expect("exchanged");
        for synced in ["sync more", "sync deep", "sync text", "sync new"] {
            assert!(steps[..swap].iter().any(|step| step == synced), "{steps:?}");
        }
        assert!(swap + 2 == steps.len() && steps[swap + 1].starts_with("sync "), "{steps:?}");
    }

    #[test]
    fn whichever_step_fails_the_folder_is_the_old_or_the_new_one() {
        for step in 0..6 {
            let house = House::new();
            let said = house.replace(&Failing::at(step)).expect_err("it failed").to_string();
            assert_eq!(house.text(), if step < 5 { "old" } else { "new" }, "{said}");
            assert_eq!(said.contains("nothing was changed"), step < 5, "{said}");
            assert_eq!(house.entries(), 1);
        }
    }

    #[test]
    fn without_exchange_the_old_folder_comes_back_when_the_new_one_cannot_come() {
        // Four syncs, then the old one away, the new one in.
        for step in [4, 5] {
            let house = House::new();
            let said = house.replace(&Failing::by_renames(step..=step)).expect_err("it failed").to_string();
            assert!(said.contains("nothing was changed"), "{said}");
            assert_eq!((house.text().as_str(), house.entries()), ("old", 1));
        }
        let house = House::new();
        house.replace(&Failing::by_renames(99..=99)).expect("published");
        assert_eq!((house.text().as_str(), house.entries()), ("new", 1));
    }

    #[test]
    fn an_old_folder_that_cannot_come_back_is_kept_and_named() {
        let house = House::new();
        let failed = house.replace(&Failing::by_renames(5..=6)).expect_err("it failed");
        let WriteError::MovedAway { before, .. } = &failed else { panic!("{failed}") };
        assert_eq!(fs::read_to_string(before.join("text")).expect("kept"), "old");
        assert!(failed.to_string().contains("move it back"), "{failed}");
    }

    #[test]
    fn a_dropped_draft_leaves_nothing() {
        let house = House::new();
        let draft = Draft::beside(&house.place()).expect("a draft");
        fs::write(draft.folder().join("text"), "half").expect("written");
        drop(draft);
        assert_eq!((house.text().as_str(), house.entries()), ("old", 1));
    }
}
