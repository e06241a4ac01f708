//! How a command fails: one line that says what to do, and an exit status.

use echogram_engine::EngineError;
use echogram_export::ExportError;
use echogram_query::QueryError;
use std::io::Write;

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A run failed.
    Engine(EngineError),
    /// A question about a run has no answer.
    Query(QueryError),
    /// A run was not exported.
    Export(ExportError),
    /// Wrong usage that the argument parser cannot see.
    Usage(String),
    /// Something that would take more memory than there is.
    WouldNotFit(String),
    /// The answer could not be written.
    Output(std::io::Error),
    /// Whoever read the answer has seen enough.
    ClosedPipe,
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe { Self::ClosedPipe } else { Self::Output(error) }
    }
}

impl Failure {
    pub(crate) fn exit_status(&self) -> u8 {
        match self {
            Self::Engine(error) => error.exit_status(),
            Self::Query(_) => 3,
            Self::Export(error) => error.exit_status(),
            Self::Usage(_) => 2,
            Self::Output(_) => 4,
            Self::WouldNotFit(_) => 5,
            Self::ClosedPipe => 0,
        }
    }

    /// Says it on standard error.
    pub(crate) fn show(&self) {
        let said = match self {
            Self::Engine(error) => error.to_string(),
            Self::Query(error) => error.to_string(),
            Self::Export(error) => error.to_string(),
            Self::Usage(what) | Self::WouldNotFit(what) => what.clone(),
            Self::Output(error) => format!("cannot write the answer: {error}"),
            Self::ClosedPipe => return,
        };
        // Nothing is left to do if even standard error is gone.
        let _ = writeln!(std::io::stderr(), "error: {said}");
    }
}
