//! What happens to a tree when applying a patch fails, stops or is raced at every single call.

mod case;
mod faults;
mod faulty;
mod kills;
mod model;
mod power;
mod races;
mod space;
