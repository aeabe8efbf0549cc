mod bulk;
mod citations;
pub mod documents;
mod lists;
mod sources;
