//! Themes and locales are compiled in; a file that is added or changed there must reach the binary.

fn main() {
    println!("cargo:rerun-if-changed=../../themes/default");
    println!("cargo:rerun-if-changed=../../locales");
}
