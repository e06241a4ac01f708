//! Where formats hand in what they have parsed, piece by piece.

use crate::batch::Batch;

/// Takes in the batches of one input.
#[derive(Default)]
pub(crate) struct Intake {
    pub(crate) batches: Vec<Batch>,
    /// Whether the input was found in a folder: a file that may be no input at all is passed over there.
    pub(crate) is_in_folder: bool,
}

impl Intake {
    /// Takes in the batches that follow those before, in their order.
    pub(crate) fn take(&mut self, batches: Vec<Batch>) {
        self.batches.extend(batches);
    }
}
