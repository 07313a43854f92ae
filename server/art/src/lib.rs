//! Pictures drawn by code for the demo
