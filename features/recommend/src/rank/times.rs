//! Times that the features measure by, in seconds.

pub const HOUR: f64 = 3_600.0;
pub const DAY: f64 = 24.0 * HOUR;
/// Attention counts half after each of these times: from what rises now to what is asked for always.
pub const HALF_LIVES: [f64; 5] = [HOUR, 6.0 * HOUR, DAY, 4.0 * DAY, 14.0 * DAY];
/// Who comes back after this long begins a new visit.
pub const SESSION: f64 = 30.0 * 60.0;
