//! One file per command; a new one is one file and one line in [`COMMANDS`], and a test names a file that was forgotten.

mod account;
mod compare;
mod completions;
mod echo;
mod export;
mod generate;
mod lexicon;
mod man;
mod metrics;
mod roles;
mod run;
mod schema;
mod top;

use crate::failure::Failure;
use clap::ArgMatches;

/// A command of `echogram`.
pub(crate) struct Command {
    /// The word, and the file's name.
    pub(crate) name: &'static str,
    /// Its arguments and help.
    pub(crate) define: fn(clap::Command) -> clap::Command,
    /// Carries it out.
    pub(crate) run: fn(&ArgMatches) -> Result<(), Failure>,
}

/// All commands, by name.
const COMMANDS: &[Command] = &[
    account::COMMAND,
    compare::COMMAND,
    completions::COMMAND,
    echo::COMMAND,
    export::COMMAND,
    generate::COMMAND,
    lexicon::COMMAND,
    man::COMMAND,
    metrics::COMMAND,
    roles::COMMAND,
    run::COMMAND,
    schema::COMMAND,
    top::COMMAND,
];

/// The order of the help page: the main job first.
const SHOWN_FIRST: &[&str] = &["run", "top", "echo", "account", "compare", "export", "metrics"];

/// The whole command line.
pub(crate) fn command_line() -> clap::Command {
    let base = clap::Command::new("echogram")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Who matters in a health-care conversation, and is it an echo chamber?")
        .long_about(
            "Reads follows, mentions, replies, reposts and quotes, builds the graph of who gives attention to whom, and computes who \
             matters, which communities there are and how closed they are. The same input gives the same bytes on every run.",
        )
        .after_help("Start with:  echogram run posts.jsonl follows.csv --accounts people.csv\nthen:        echogram top echogram-run --role physician")
        .subcommand_required(true)
        .arg_required_else_help(true);
    COMMANDS.iter().fold(base, |base, command| {
        let place = SHOWN_FIRST.iter().position(|name| *name == command.name).unwrap_or(SHOWN_FIRST.len());
        base.subcommand((command.define)(clap::Command::new(command.name)).display_order(place))
    })
}

/// Carries out what was asked.
pub(crate) fn dispatch(matches: &ArgMatches) -> Result<(), Failure> {
    let Some((name, matches)) = matches.subcommand() else { return Err(Failure::Usage("no command given".to_owned())) };
    let command = COMMANDS.iter().find(|command| command.name == name).expect("the argument parser knows only these commands");
    (command.run)(matches)
}

/// The arguments of a command as its own type.
fn arguments<A: clap::FromArgMatches>(matches: &ArgMatches) -> Result<A, Failure> {
    A::from_arg_matches(matches).map_err(|error| Failure::Usage(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_in_order() {
        let mut files: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/commands"))
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
            .filter(|stem| stem != "mod")
            .collect();
        files.sort();
        let listed: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
        assert_eq!(listed, files, "folder commands against its list in commands/mod.rs");
    }

    #[test]
    fn the_command_line_is_well_formed() {
        command_line().debug_assert();
    }
}
