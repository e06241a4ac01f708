//! The files of the fuzz targets' corpus, and each in other clothes: what an ordinary test replays of the fuzzing.

use std::path::{Path, PathBuf};

/// Places at which each file is cut.
const CUTS: usize = 48;
/// Changed versions of each file, beside the cut ones.
const CHANGES: u64 = 48;

/// The folder of the fuzz targets.
pub(crate) fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz")
}

/// Files of a folder, sorted.
pub(crate) fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Folders of the corpus with their files, sorted.
pub(crate) fn corpus() -> Vec<(String, Vec<PathBuf>)> {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    sorted(&fuzz_folder().join("corpus")).iter().map(|folder| (name(folder), sorted(folder))).collect()
}

/// The same bytes in other clothes: as they are, cut, with bytes changed, with a piece doubled. Always the same ones.
pub(crate) fn mutations(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = vec![bytes.to_vec()];
    if bytes.is_empty() {
        return found;
    }
    found.extend((1..=CUTS).map(|cut| bytes[..bytes.len() * cut / (CUTS + 1)].to_vec()));
    for number in 0..CHANGES {
        let mut drawn = number;
        // SplitMix64.
        let mut place = || {
            drawn = drawn.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (drawn ^ (drawn >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ (mixed >> 31)) % bytes.len() as u64) as usize
        };
        let mut changed = bytes.to_vec();
        let (from, to) = (place(), place());
        if number % 3 == 0 {
            let piece = bytes[from.min(to)..from.max(to)].to_vec();
            changed.splice(from..from, piece);
        } else {
            for _ in 0..1 + number % 5 {
                let at = place();
                changed[at] = place() as u8;
            }
        }
        found.push(changed);
    }
    found
}
