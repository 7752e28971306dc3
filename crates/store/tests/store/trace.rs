//! What a process did to its files, recorded by `shim.c`, and what a power cut may have left of it.
//!
//! The model is harsher than any file system: until a file is synced each of its writes may be there, not there, torn
//! at 512 bytes, in another order or turned into garbage; until its folder is synced a name may be there or not.

use crate::child;
use crate::hospital::below;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// Bytes that a disk writes at once.
const SECTOR: usize = 512;
/// The file in which the process under test tells what was acknowledged; it survives everything.
pub(crate) const ACKNOWLEDGED: &str = "acknowledged";

/// A folder where syncing costs little, when there is one.
pub(crate) fn quick_dir() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// A child process whose files under `watched` are watched; the scenario runs on `dir`.
pub(crate) fn watch(scenario: &str, dir: &Path, watched: &Path, variables: &[(&str, &str)]) -> Output {
    let library = dir.join("shim.so");
    if !library.exists() {
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store/shim.c");
        let built = Command::new(compiler).args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl").status();
        assert!(built.is_ok_and(|status| status.success()), "a C compiler is needed, as for SQLite");
    }
    let mut command = child::command(scenario, dir);
    command.env("LD_PRELOAD", library).env("SHIM_DIR", watched).envs(variables.iter().copied());
    command.output().unwrap()
}

/// One operation that succeeded.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    Open { fd: u32, path: PathBuf, made: bool, emptied: bool },
    Write { fd: u32, at: usize, data: Vec<u8> },
    Truncate { fd: u32, len: usize },
    Sync { fd: u32 },
    Rename { from: PathBuf, to: PathBuf },
    Unlink(PathBuf),
    Mkdir(PathBuf),
}

/// Reads a log: records of kind (1 byte), descriptor (4), number (8), length (4), data.
pub(crate) fn read_log(mut log: &[u8]) -> Vec<Op> {
    let mut ops = Vec::new();
    while log.len() >= 17 {
        let number = |range: std::ops::Range<usize>| log[range].iter().rev().fold(0usize, |n, byte| n << 8 | usize::from(*byte));
        let (kind, fd, a, len) = (log[0], u32::try_from(number(1..5)).unwrap(), number(5..13), number(13..17));
        let data = log[17..17 + len].to_vec();
        let text = || String::from_utf8(data.clone()).unwrap();
        ops.push(match kind {
            1 => Op::Open { fd, path: text().into(), made: a & 1 > 0, emptied: a & 2 > 0 },
            2 => Op::Write { fd, at: a, data },
            3 => Op::Truncate { fd, len: a },
            4 => Op::Sync { fd },
            5 => text().split_once('\n').map(|(from, to)| Op::Rename { from: from.into(), to: to.into() }).unwrap(),
            6 => Op::Unlink(text().into()),
            7 => Op::Mkdir(text().into()),
            other => panic!("record of kind {other}"),
        });
        log = &log[17 + len..];
    }
    ops
}

#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Truncate(len) => content.resize(*len, 0),
            Self::Write(at, data) => {
                content.resize(content.len().max(at + data.len()), 0);
                content[*at..at + data.len()].copy_from_slice(data);
            }
        }
    }
}

#[derive(Debug, Clone, Default)]
struct File {
    synced: Vec<u8>,
    pending: Vec<Change>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    File(usize),
    Dir,
}

#[derive(Debug, Clone)]
enum Naming {
    Make(PathBuf, Node),
    Remove(PathBuf),
    Move(PathBuf, PathBuf),
}

impl Naming {
    /// The same once the folder `from` became `to`.
    fn moved(self, from: &Path, to: &Path) -> Self {
        let moved = |path: PathBuf| moved_path(&path, from, to);
        match self {
            Self::Make(path, node) => Self::Make(moved(path), node),
            Self::Remove(path) => Self::Remove(moved(path)),
            Self::Move(old, new) => Self::Move(moved(old), moved(new)),
        }
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, Node>) {
        match self {
            Self::Make(path, node) => _ = names.insert(path.clone(), *node),
            Self::Remove(path) => _ = names.remove(path),
            Self::Move(from, to) => {
                let moved: Vec<PathBuf> = names.keys().filter(|path| path.starts_with(from)).cloned().collect();
                for path in moved {
                    let node = names.remove(&path).unwrap();
                    names.insert(moved_path(&path, from, to), node);
                }
            }
        }
    }
}

/// A path after the folder (or file) `from` became `to`.
fn moved_path(path: &Path, from: &Path, to: &Path) -> PathBuf {
    path.strip_prefix(from)
        .map_or_else(|_| path.to_owned(), |rest| if rest.as_os_str().is_empty() { to.to_owned() } else { to.join(rest) })
}

/// How a power cut treats what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Dropped,
    Kept,
    Some,
    Torn,
    Garbage,
}

impl Cut {
    pub(crate) const ALL: [Self; 5] = [Self::Dropped, Self::Kept, Self::Some, Self::Torn, Self::Garbage];
}

/// A disk with what is on it for good and what is still on its way.
pub(crate) struct Disk {
    root: PathBuf,
    files: Vec<File>,
    open: BTreeMap<u32, (PathBuf, Node)>,
    names: BTreeMap<PathBuf, Node>,
    synced_names: BTreeMap<PathBuf, Node>,
    pending_names: BTreeMap<PathBuf, Vec<Naming>>,
    pub(crate) acknowledged: String,
}

impl Disk {
    /// An empty folder, itself on disk.
    pub(crate) fn new(root: &Path) -> Self {
        let names = BTreeMap::from([(root.to_owned(), Node::Dir)]);
        Self {
            root: root.to_owned(),
            files: Vec::new(),
            open: BTreeMap::new(),
            names: names.clone(),
            synced_names: names,
            pending_names: BTreeMap::new(),
            acknowledged: String::new(),
        }
    }

    fn rename(&mut self, dir_of: &Path, naming: Naming) {
        naming.apply(&mut self.names);
        self.pending_names.entry(dir_of.parent().unwrap().to_owned()).or_default().push(naming);
    }

    pub(crate) fn apply(&mut self, op: &Op) {
        match op {
            Op::Open { fd, path, made, emptied } => self.opened(*fd, path, *made, *emptied),
            Op::Write { fd, at, data } => {
                let (path, node) = self.open[fd].clone();
                if path.ends_with(ACKNOWLEDGED) {
                    self.acknowledged.push_str(std::str::from_utf8(data).unwrap());
                }
                self.change(node, Change::Write(*at, data.clone()));
            }
            Op::Truncate { fd, len } => self.change(self.open[fd].1, Change::Truncate(*len)),
            Op::Sync { fd } => match self.open[fd].clone() {
                (_, Node::File(file)) => {
                    let File { synced, pending } = &mut self.files[file];
                    pending.drain(..).for_each(|change| change.apply(synced));
                }
                (path, Node::Dir) => {
                    let pending = self.pending_names.remove(&path).unwrap_or_default();
                    pending.iter().for_each(|naming| naming.apply(&mut self.synced_names));
                }
            },
            Op::Rename { from, to } => {
                // What is still on its way inside a folder goes with it.
                for (dir, pending) in std::mem::take(&mut self.pending_names) {
                    let pending = pending.into_iter().map(|naming| naming.moved(from, to)).collect();
                    self.pending_names.insert(moved_path(&dir, from, to), pending);
                }
                self.rename(to, Naming::Move(from.clone(), to.clone()));
            }
            Op::Unlink(path) => self.rename(path, Naming::Remove(path.clone())),
            Op::Mkdir(path) => self.rename(path, Naming::Make(path.clone(), Node::Dir)),
        }
    }

    fn opened(&mut self, fd: u32, path: &Path, made: bool, emptied: bool) {
        if made {
            self.files.push(File::default());
            self.rename(path, Naming::Make(path.to_owned(), Node::File(self.files.len() - 1)));
        }
        let node = self.names[path];
        self.open.insert(fd, (path.to_owned(), node));
        if emptied && !made {
            self.change(node, Change::Truncate(0));
        }
    }

    fn change(&mut self, node: Node, change: Change) {
        let Node::File(file) = node else { panic!("a folder is not written") };
        self.files[file].pending.push(change);
    }

    /// Writes under `to` what a power cut at this moment may leave.
    pub(crate) fn cut(&self, cut: Cut, seed: &mut u64, to: &Path) {
        let mut names = self.synced_names.clone();
        for pending in self.pending_names.values() {
            let kept = match cut {
                Cut::Dropped => 0,
                Cut::Kept => pending.len(),
                _ => usize::try_from(below(seed, pending.len() as u64 + 1)).unwrap(),
            };
            pending[..kept].iter().for_each(|naming| naming.apply(&mut names));
        }
        let dirs: BTreeSet<&PathBuf> = names.iter().filter(|(_, node)| **node == Node::Dir).map(|(path, _)| path).collect();
        let reachable = |path: &Path| {
            path.ancestors().skip(1).take_while(|a| a.starts_with(&self.root)).all(|a| dirs.contains(&a.to_owned()))
        };
        for (path, node) in names.iter().filter(|(path, _)| reachable(path)) {
            let target = to.join(path.strip_prefix(&self.root).unwrap());
            match node {
                Node::Dir => std::fs::create_dir_all(target).unwrap(),
                Node::File(file) => std::fs::write(target, self.files[*file].after(cut, seed)).unwrap(),
            }
        }
    }
}

impl File {
    fn after(&self, cut: Cut, seed: &mut u64) -> Vec<u8> {
        let mut content = self.synced.clone();
        let mut order: Vec<usize> = (0..self.pending.len()).collect();
        if matches!(cut, Cut::Some | Cut::Torn) {
            for at in (1..order.len()).rev() {
                order.swap(at, usize::try_from(below(seed, at as u64 + 1)).unwrap());
            }
        }
        for at in order {
            let change = &self.pending[at];
            match (cut, change) {
                (Cut::Dropped, _) => {}
                (Cut::Torn, Change::Write(at, data)) => torn(*at, data, seed).iter().for_each(|part| part.apply(&mut content)),
                (Cut::Garbage, Change::Write(at, data)) if below(seed, 2) == 0 => {
                    let noise = data.iter().map(|_| u8::try_from(below(seed, 256)).unwrap()).collect();
                    Change::Write(*at, noise).apply(&mut content);
                }
                (Cut::Kept | Cut::Garbage, _) => change.apply(&mut content),
                _ if below(seed, 2) == 0 => change.apply(&mut content),
                _ => {}
            }
        }
        content
    }
}

/// The sectors of a write that reached the disk.
fn torn(at: usize, data: &[u8], seed: &mut u64) -> Vec<Change> {
    let mut parts = Vec::new();
    let mut from = 0;
    while from < data.len() {
        let to = data.len().min(from + SECTOR - (at + from) % SECTOR);
        if below(seed, 2) == 0 {
            parts.push(Change::Write(at + from, data[from..to].to_vec()));
        }
        from = to;
    }
    parts
}
