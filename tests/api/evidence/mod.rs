mod bulk;
mod citations;
mod lists;
mod sources;
