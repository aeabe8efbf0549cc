//! The machine that folds a log of events into a status.
