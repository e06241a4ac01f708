//! `echogram schema`: the JSON Schema of a study file, for editors that check and complete as one types.

use crate::answer;
use crate::commands::Command;

pub(crate) const COMMAND: Command = Command {
    name: "schema",
    define: |command| command.about("Print the JSON Schema of study files (*.toml), for editors"),
    run: |_| answer::json(&echogram_engine::study_schema()),
};
