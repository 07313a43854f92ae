//! Fields of a form with files (RFC 7578), read as they come.

use axum::extract::multipart::Field;
use bytes::Bytes;

use crate::body::BodyMeter;

/// A field's bytes; `None` where it did not arrive whole, or is longer than `most`. It is read to its end all the same, and what is not kept
/// counts no more.
pub async fn whole(mut field: Field<'_>, most: usize, meter: &BodyMeter) -> Option<Bytes> {
    let mut all = Vec::new();
    let mut fits = true;
    loop {
        match field.chunk().await {
            Ok(Some(chunk)) if fits && all.len() + chunk.len() <= most => all.extend_from_slice(&chunk),
            Ok(Some(chunk)) => {
                meter.release(all.len() + chunk.len());
                (fits, all) = (false, Vec::new());
            }
            Ok(None) => return fits.then(|| all.into()),
            Err(_) => return None,
        }
    }
}

/// Reads past a field that nobody wants.
pub async fn past(mut field: Field<'_>, meter: &BodyMeter) {
    while let Ok(Some(chunk)) = field.chunk().await {
        meter.release(chunk.len());
    }
}
