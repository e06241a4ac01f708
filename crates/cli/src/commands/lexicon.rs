//! `echogram lexicon`: the built-in words of roles, to copy and change.

use crate::answer;
use crate::commands::Command;
use echogram_ingest::roles::Lexicon;

pub(crate) const COMMAND: Command = Command {
    name: "lexicon",
    define: |command| command.about("Print the built-in lexicon of roles, to change and give back with run --lexicon"),
    run: |_| answer::text(Lexicon::built_in_text()),
};
