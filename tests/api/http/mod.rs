mod bounds;
mod busy;
mod cors;
mod errors;
mod limits;
mod settled;
mod wire;
