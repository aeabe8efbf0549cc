mod belongs;
mod drafts;
mod invitations;
mod keys;
mod review;
mod sessions;
mod table;
mod users;
