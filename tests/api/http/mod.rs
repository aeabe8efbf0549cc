mod bounds;
mod busy;
mod cors;
mod errors;
mod limits;
mod lists;
mod settled;
mod wire;
