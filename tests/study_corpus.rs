//! The corpus of the fuzz target `study` as an ordinary test: every study file of it, and some hundred mutations of each, give a study or an error that
//! names the file.

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

#[path = "support/mutations.rs"]
mod mutations;

use echogram_engine::StudyFile;
use mutations::{corpus, fuzz_folder, mutations, sorted};
use std::path::Path;

#[test]
fn every_mutation_of_a_study_gives_a_study_or_an_error_that_names_it() {
    let (_, files) = corpus().into_iter().find(|(folder, _)| folder == "study").unwrap();
    let path = Path::new("folder/of/a/study.toml");
    for file in files {
        for bytes in mutations(&std::fs::read(&file).unwrap()) {
            let text = String::from_utf8_lossy(&bytes);
            if let Err(error) = StudyFile::parse(&text, path).and_then(|study| study.into_study(path)) {
                let error = error.to_string();
                assert!(error.starts_with("folder/of/a/study.toml: "), "{}: {error}\n{text}", file.display());
            }
        }
    }
}

#[test]
fn files_that_are_whole_are_studies() {
    let files = sorted(&fuzz_folder().join("corpus/study"));
    let is_broken = |file: &Path| file.file_stem().unwrap().to_string_lossy().starts_with("broken");
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        let study = StudyFile::parse(&text, &file).and_then(|study| study.into_study(&file));
        assert_eq!(study.is_err(), is_broken(&file), "{}: {:?}", file.display(), study.err().map(|error| error.to_string()));
    }
}
