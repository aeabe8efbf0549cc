mod bulk;
mod citations;
mod documents;
mod lists;
mod sources;
