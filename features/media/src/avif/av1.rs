//! One still picture of AV1.

use kernel::Result;
use re_rav1d::dav1d::{Decoder, Error, Picture, Settings};

use crate::model::{MAX_MEGAPIXELS, broken, check_size};

/// Decodes on this thread: a panic on another would leave this one waiting.
pub fn decode(units: &[u8]) -> Result<Picture> {
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    settings.set_all_layers(false);
    settings.set_frame_size_limit(MAX_MEGAPIXELS as u32 * 1_000_000);
    let mut decoder = Decoder::with_settings(&settings).map_err(|_| broken())?;
    let mut pending = match decoder.send_data(units.to_vec(), None, None, None) {
        Ok(()) => false,
        Err(Error::Again) => true,
        Err(_) => return Err(broken()),
    };
    loop {
        match decoder.get_picture() {
            Ok(picture) => {
                check_size(picture.width(), picture.height())?;
                return Ok(picture);
            }
            Err(Error::Again) if pending => match decoder.send_pending_data() {
                Ok(()) => pending = false,
                Err(_) => return Err(broken()),
            },
            Err(_) => return Err(broken()),
        }
    }
}
