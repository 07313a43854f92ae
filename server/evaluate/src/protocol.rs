//! How methods are tested, whatever is recorded: all on the last part, each knowing only what came before.

/// The last fifth of the records is tested.
pub const TRAINED: f64 = 0.8;
/// The model looks on while the first tenth passes: nothing is known yet.
pub const LOOKS_ON: f64 = 0.1;
/// The name of our method among the others.
pub const OURS: &str = "byline";

/// Equal scores stand in an order that says nothing: neither of time nor of number.
pub fn chance(item: usize) -> usize {
    item.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
