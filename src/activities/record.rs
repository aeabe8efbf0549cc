//! An activity among the kinds of records: what it is called, how it is kept, and what shows it.

use super::store::ActivityRow;
use crate::record;

record! {
    /// Something partners do together.
    Activity: "activity", ActivitiesWrite => ActivityRow
}
