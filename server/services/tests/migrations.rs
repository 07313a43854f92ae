//! The migrations of all features, as a site that has run for years meets them.

#[test]
fn populated_tables_of_every_earlier_step_are_brought_up_to_date() {
    db::testing::populated::every_earlier_step(&services::SCHEMA);
}
