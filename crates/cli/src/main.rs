//! The `echogram` command: reads the command line, runs one command, says how it ended.

mod allocator;
mod answer;
mod commands;
mod failure;
mod progress;

use failure::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    allocator::keep_memory();
    let shown = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !echogram_ingest::is_contained() {
            shown(panic);
        }
    }));
    let matches = match commands::command_line().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version go to standard output and are no failure; clap knows which is which.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match commands::dispatch(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.show();
            ExitCode::from(failure.exit_status())
        }
    }
}
