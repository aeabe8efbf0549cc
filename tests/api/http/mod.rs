mod busy;
mod cors;
mod errors;
mod limits;
mod wire;
