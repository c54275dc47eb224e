//! The steps that must come in order, apart so that a test can let each of them fail.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// What is asked of the file system.
pub(crate) trait Disk {
    /// Returns when a file or a folder's list of names is on the disk.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Moves, replacing a file in the way.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Lets two folders change places in one step, where the system can do that.
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()>;
}

/// The real one.
pub(crate) struct System;

impl Disk for System {
    fn sync(&self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return sync_folder(path);
        }
        // Some systems want the right to write for it.
        File::options().write(true).open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    #[cfg(any(target_os = "linux", target_os = "macos"))]
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
    }

    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    fn exchange(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Not every file system can sync a folder's names, nor needs it.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        Err(problem) if cannot(&problem) => Ok(()),
        done => done,
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether the file system does not know how, as against having failed.
pub(crate) fn cannot(problem: &io::Error) -> bool {
    matches!(problem.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::RefCell;

    use super::*;

    /// The real one, except that steps fail from one on, and that it may be unable to exchange.
    pub(crate) struct Failing {
        first: usize,
        last: usize,
        can_exchange: bool,
        steps: RefCell<Vec<String>>,
    }

    impl Failing {
        /// Fails at one step.
        pub(crate) fn at(step: usize) -> Self {
            Self { first: step, last: step, can_exchange: true, steps: RefCell::default() }
        }

        /// Fails at some steps and cannot exchange, which counts as no step.
        pub(crate) fn by_renames(steps: std::ops::RangeInclusive<usize>) -> Self {
            Self { first: *steps.start(), last: *steps.end(), can_exchange: false, steps: RefCell::default() }
        }

        /// What was asked for, with the last part of each path.
        pub(crate) fn steps(&self) -> Vec<String> {
            self.steps.borrow().clone()
        }

        fn step(&self, what: String) -> io::Result<()> {
            let step = self.steps.borrow().len();
            self.steps.borrow_mut().push(what);
            if (self.first..=self.last).contains(&step) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }
    }

    fn name(path: &Path) -> String {
        path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    impl Disk for Failing {
        fn sync(&self, path: &Path) -> io::Result<()> {
            self.step(format!("sync {}", name(path)))?;
            System.sync(path)
        }

        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.step(format!("rename {} {}", name(from), name(to)))?;
            System.rename(from, to)
        }

        fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
            if !self.can_exchange {
                return Err(io::ErrorKind::Unsupported.into());
            }
            self.step(format!("exchange {} {}", name(a), name(b)))?;
            System.exchange(a, b)
        }
    }
}
