//! What is told to people outside: mails.

pub mod mail;
