//! `echogram-sample OUT_DIR` writes the sample study, which is invented from beginning to end.

#![allow(clippy::print_stderr)] // the summary is for whoever runs this by hand

use echogram_sample::summary::Summary;
use echogram_sample::{SEED, Study, write_folder};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let (Some(folder), None) = (args.next(), args.next()) else {
        eprintln!("usage: echogram-sample OUT_DIR");
        return ExitCode::from(2);
    };
    let study = Study::new(SEED);
    match write_folder(Path::new(&folder), &study.files()) {
        Ok(bytes) => {
            eprintln!("{}\nbytes written {bytes}", Summary::new(&study));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot write to {}: {error}", Path::new(&folder).display());
            ExitCode::from(4)
        }
    }
}
