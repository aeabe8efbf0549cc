mod drafts;
mod keys;
mod review;
mod sessions;
mod table;
mod users;
