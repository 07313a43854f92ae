//! Pictures: uploads, variants, ownership
