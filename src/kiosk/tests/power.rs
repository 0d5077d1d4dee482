//! Kills and power cuts at any write: a disk that keeps only what was synced, and of the rest what it likes.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::shop::{Direct, Shop};
use super::*;

#[derive(Clone, Default)]
struct Inode {
    seen: Vec<u8>,
    synced: Vec<u8>,
}

#[derive(Clone, Default)]
struct Platter {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    synced_names: BTreeMap<PathBuf, usize>,
    /// Changes that are still let through.
    left: Option<u64>,
    done: u64,
}

/// A disk in memory.
#[derive(Default)]
struct Simulated(Mutex<Platter>);

impl Simulated {
    fn copy(&self) -> Self {
        Self(Mutex::new(self.0.lock().unwrap().clone()))
    }

    fn die_after(&self, changes: u64) {
        self.0.lock().unwrap().left = Some(changes);
    }

    fn changes(&self) -> u64 {
        self.0.lock().unwrap().done
    }

    fn revive(&self) {
        self.0.lock().unwrap().left = None;
    }

    /// Of what was not synced, each file keeps nothing, a piece, all of it or noughts, and each name its old or new file.
    fn cut_power(&self, dice: &mut Dice) {
        let mut platter = self.0.lock().unwrap();
        platter.left = None;
        let paths: Vec<PathBuf> = platter.names.keys().chain(platter.synced_names.keys()).cloned().collect();
        for path in paths {
            let (new, old) = (platter.names.get(&path).copied(), platter.synced_names.get(&path).copied());
            let kept = if dice.roll(2) == 0 { new } else { old };
            match kept {
                Some(inode) => platter.synced_names.insert(path, inode),
                None => platter.synced_names.remove(&path),
            };
        }
        platter.names = platter.synced_names.clone();
        for inode in &mut platter.inodes {
            if inode.seen != inode.synced {
                let length = inode.seen.len();
                inode.synced = match dice.roll(4) {
                    0 => inode.synced.clone(),
                    1 => inode.seen[..dice.roll(length as u64 + 1) as usize].to_vec(),
                    2 => vec![0; length],
                    _ => inode.seen.clone(),
                };
                inode.seen = inode.synced.clone();
            }
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Platter) -> io::Result<T>) -> io::Result<T> {
        let mut platter = self.0.lock().unwrap();
        match &mut platter.left {
            Some(0) => return Err(io::Error::other("the device is off")),
            Some(left) => *left -= 1,
            None => {}
        }
        platter.done += 1;
        change(&mut platter)
    }
}

impl Platter {
    fn inode(&mut self, path: &Path) -> io::Result<&mut Inode> {
        let at = *self.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(&mut self.inodes[at])
    }

    fn make(&mut self, path: &Path) -> &mut Inode {
        let at = self.inodes.len();
        self.inodes.push(Inode::default());
        self.names.insert(path.to_owned(), at);
        &mut self.inodes[at]
    }
}

impl Disk for Simulated {
    fn len(&self, path: &Path) -> io::Result<Option<u64>> {
        Ok(self.0.lock().unwrap().inode(path).ok().map(|inode| inode.seen.len() as u64))
    }

    fn read_at(&self, path: &Path, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut platter = self.0.lock().unwrap();
        let bytes = &platter.inode(path)?.seen;
        let from = (offset as usize).min(bytes.len());
        Ok(bytes[from..(from + length).min(bytes.len())].to_vec())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.change(|platter| {
            let inode = if platter.names.contains_key(path) { platter.inode(path)? } else { platter.make(path) };
            inode.seen = bytes.to_vec();
            Ok(())
        })
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.change(|platter| {
            let inode = if platter.names.contains_key(path) { platter.inode(path)? } else { platter.make(path) };
            inode.seen.extend_from_slice(bytes);
            Ok(())
        })
    }

    fn truncate(&self, path: &Path, length: u64) -> io::Result<()> {
        self.change(|platter| {
            platter.inode(path)?.seen.resize(length as usize, 0);
            Ok(())
        })
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.change(|platter| {
            let inode = platter.inode(path)?;
            inode.synced = inode.seen.clone();
            Ok(())
        })
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.change(|platter| {
            let inside = |name: &PathBuf| name.parent() == Some(path);
            platter.synced_names.retain(|name, _| !inside(name));
            let new: Vec<_> =
                platter.names.iter().filter(|(name, _)| inside(name)).map(|(n, i)| (n.clone(), *i)).collect();
            platter.synced_names.extend(new);
            Ok(())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(|platter| {
            let inode = platter.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
            platter.names.insert(to.to_owned(), inode);
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change(|platter| {
            platter.names.remove(path);
            Ok(())
        })
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let platter = self.0.lock().unwrap();
        let inside = platter.names.keys().filter(|name| name.parent() == Some(folder));
        Ok(inside.filter_map(|name| Some(name.file_name()?.to_str()?.to_owned())).collect())
    }

    fn make_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn free(&self) -> Option<u64> {
        None
    }
}

/// A device that plays version 1 while version 2 waits at the server.
fn before_an_update() -> (Shop, Simulated) {
    let mut shop = Shop::new(6, 90_000);
    let holding = Holding::open(Simulated::default()).unwrap();
    holding.set_identity(&identity(&shop, "http://x")).unwrap();
    sync_with(&holding, &Direct::new(&shop), &shop).unwrap();
    for stop in 0..3 {
        shop.edit(stop);
    }
    (shop, holding.disk)
}

#[test]
fn a_kill_or_a_power_cut_at_any_write_leaves_a_whole_bundle() {
    let (shop, disk) = before_an_update();
    let updated = Holding::open(disk.copy()).unwrap();
    let begun = updated.disk.changes();
    sync_with(&updated, &Direct::new(&shop), &shop).unwrap();
    let changes = updated.disk.changes() - begun;
    assert!(changes > 30, "{changes}");
    let mut dice = Dice(6);
    let (mut old, mut new) = (0, 0);
    let trials = count(120, 600) as u64;
    for trial in 0..trials {
        let holding = Holding::open(disk.copy()).unwrap();
        // Spread over all writes, and where there are more trials than writes, each write in turn and then any.
        let at = if trials < changes { trial * changes / trials } else { trial };
        let at = if at < changes { at } else { dice.roll(changes) };
        holding.disk.die_after(at);
        let died = sync_with(&holding, &Direct::new(&shop), &shop).unwrap_err();
        assert!(matches!(died, KioskError::Disk { .. }), "{died}");
        if trial % 3 == 0 {
            holding.disk.revive()
        } else {
            holding.disk.cut_power(&mut dice)
        }
        let holding = Holding::open(holding.disk).unwrap();
        match whole(&holding, &shop) {
            1 => old += 1,
            4 => new += 1,
            other => panic!("version {other} was never whole"),
        }
        // Off again on the way, and on.
        holding.disk.die_after(dice.roll(changes));
        let _ = sync_with(&holding, &Direct::new(&shop), &shop);
        holding.disk.cut_power(&mut dice);
        whole(&holding, &shop);
        sync_with(&holding, &Direct::new(&shop), &shop).unwrap();
        assert_eq!(whole(&holding, &shop), 4);
    }
    assert!(old > 10 && new > 0, "{old} and {new}");
}

#[test]
fn what_was_brought_before_a_kill_is_not_brought_again() {
    let (shop, disk) = before_an_update();
    let (needed, manifest) =
        (shop.needed(1), shop.answer("/api/v1/kiosk/manifest?have=1", &|_| None).body.len() as u64);
    let holding = Holding::open(disk).unwrap();
    let (mut moved, mut lives) = (0, 0);
    loop {
        holding.disk.die_after(14);
        let link = Direct::new(&shop);
        let done = sync_with(&holding, &link, &shop);
        holding.disk.revive();
        moved += link.moved();
        lives += 1;
        if done.is_ok() {
            break;
        }
    }
    assert_eq!(whole(&holding, &shop), 4);
    // A life loses the manifest, and what was read of one block and not written yet.
    let lost = lives * (manifest + crate::domain::bundle::BLOCK);
    assert!(lives >= 3 && moved <= needed + lost, "{moved} of {needed} in {lives} lives");
}

#[test]
fn reports_survive_a_power_cut_once_they_are_noted() {
    let (shop, disk) = before_an_update();
    let holding = Holding::open(disk).unwrap();
    let mut dice = Dice(3);
    for n in 0..20 {
        holding.note_play("S01".parse().unwrap(), crate::domain::Language::VI, crate::domain::Timestamp(n), 9).unwrap();
        holding.disk.cut_power(&mut dice);
    }
    let link = Direct::new(&shop);
    assert_eq!(holding.send_reports(&link).unwrap().plays, 20);
}
