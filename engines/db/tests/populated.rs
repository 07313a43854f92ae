//! The test of migrations on populated tables finds what would hurt a site that has run for years.

use db::testing::populated::every_earlier_step;
use db::{Migration, Schema};

const fn migration(name: &'static str, sql: &'static str) -> Migration {
    Migration { name, sqlite: sql, postgres: sql }
}

const PEOPLE: &str =
    "CREATE TABLE people (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, boss BIGINT REFERENCES people (id),
        state TEXT NOT NULL CHECK (state IN ('here', 'away')), share DOUBLE PRECISION, awake BOOLEAN NOT NULL)";
const KEYS: &str =
    "CREATE TABLE keys (owner BIGINT NOT NULL REFERENCES people (id), said TEXT, PRIMARY KEY (owner));
     CREATE TABLE only_one (one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1), owner BIGINT NOT NULL REFERENCES people (id))";

/// Tries two owners, `keys` on `people`, each with a second migration.
fn with(people: &'static str, keys: &'static str) {
    let migrations = vec![migration("0001_people", PEOPLE), migration("0002_people", people)];
    let people: &Schema =
        Box::leak(Box::new(Schema { owner: "people", needs: &[], migrations: migrations.leak() }));
    let migrations = vec![migration("0001_keys", KEYS), migration("0002_keys", keys)];
    every_earlier_step(Box::leak(Box::new(Schema {
        owner: "keys",
        needs: vec![people].leak(),
        migrations: migrations.leak(),
    })));
}

const NO_MORE: &str = "CREATE INDEX keys_said ON keys (said)";

#[test]
fn what_bears_rows_passes() {
    with(
        "ALTER TABLE people ADD COLUMN age BIGINT NOT NULL DEFAULT 0;
         UPDATE people SET age = 1 WHERE awake;
         ALTER TABLE people RENAME COLUMN share TO part;
         ALTER TABLE people ADD COLUMN share DOUBLE PRECISION",
        // Rests on what the other's second one made: where that is still to come, so is this.
        "UPDATE keys SET said = 'grown' WHERE owner IN (SELECT id FROM people WHERE age = 1)",
    );
}

#[test]
#[should_panic(expected = "people after 1 of 2 migrations on SQLite: populated tables cannot be migrated")]
fn a_column_that_must_have_a_value_and_has_none() {
    with("ALTER TABLE people ADD COLUMN age BIGINT NOT NULL", NO_MORE);
}

#[test]
#[should_panic(expected = "populated tables cannot be migrated")]
fn an_index_that_rows_of_before_do_not_fit() {
    with("CREATE UNIQUE INDEX people_state ON people (state)", NO_MORE);
}

#[test]
#[should_panic(expected = "populated tables cannot be migrated")]
fn rows_to_which_others_refer() {
    with("DELETE FROM people WHERE boss IS NULL", NO_MORE);
}

#[test]
#[should_panic(expected = "keys after 1 of 2 migrations on SQLite: the number of rows of keys")]
fn rows_that_are_lost() {
    with(
        "CREATE INDEX people_name ON people (name)",
        "CREATE TABLE new_keys (owner BIGINT NOT NULL REFERENCES people (id), said TEXT, PRIMARY KEY (owner));
         INSERT INTO new_keys (owner, said) SELECT owner, said FROM keys WHERE said IS NOT NULL;
         DROP TABLE keys;
         ALTER TABLE new_keys RENAME TO keys",
    );
}

#[test]
#[should_panic(expected = "keys after 1 of 2 migrations on SQLite: what keys holds")]
fn values_that_are_lost() {
    with(
        "CREATE INDEX people_name ON people (name)",
        "CREATE TABLE new_keys (owner BIGINT NOT NULL REFERENCES people (id), said TEXT, PRIMARY KEY (owner));
         INSERT INTO new_keys (owner) SELECT owner FROM keys;
         DROP TABLE keys;
         ALTER TABLE new_keys RENAME TO keys",
    );
}
