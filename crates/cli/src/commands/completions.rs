//! `echogram completions`: a completion script for a shell.

use crate::commands::{Command, arguments, command_line};
use crate::failure::Failure;
use clap::Args;
use clap_complete::Shell;
use std::io::Write;

pub(crate) const COMMAND: Command = Command {
    name: "completions",
    define: |command| CompletionsArgs::augment_args(command.about("Print a completion script for a shell")),
    run: |matches| completions(&arguments(matches)?),
};

#[derive(Args)]
struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command_line(), "echogram", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(())
}
