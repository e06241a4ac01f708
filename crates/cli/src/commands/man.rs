//! `echogram man`: the manual page.

use crate::commands::{Command, command_line};
use std::io::Write;

pub(crate) const COMMAND: Command = Command {
    name: "man",
    define: |command| command.about("Print the manual page (roff): echogram man | man -l -"),
    run: |_| {
        let mut page = Vec::new();
        let mut line = command_line();
        line.build();
        clap_mangen::Man::new(line.clone()).render(&mut page)?;
        for command in line.get_subcommands() {
            clap_mangen::Man::new(command.clone()).render(&mut page)?;
            for kind in command.get_subcommands() {
                clap_mangen::Man::new(kind.clone()).render(&mut page)?;
            }
        }
        std::io::stdout().lock().write_all(&page)?;
        Ok(())
    },
};
