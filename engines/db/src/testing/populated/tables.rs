//! What tables there are, and what they hold.

use std::collections::BTreeMap;

use crate::{Conn, Db, FromQueryResult};

/// Stands between the columns of a row; no value has it.
const BETWEEN: char = '\u{1f}';

#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Column {
    pub table: String,
    pub name: String,
    pub kind: String,
    pub nullable: bool,
    /// Set by the database alone.
    pub generated: bool,
}

/// All columns, those of a table in their order.
pub(super) async fn columns(db: &Db) -> Vec<Column> {
    let sql = if db.is_postgres() {
        "SELECT c.table_name::text AS \"table\", c.column_name::text AS name, c.data_type::text AS kind,
                c.is_nullable = 'YES' AS nullable, c.is_identity = 'YES' AS generated
         FROM information_schema.columns c WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position"
    } else {
        // An INTEGER PRIMARY KEY is SQLite's own row number; keys that are given are BIGINT.
        "SELECT t.name AS \"table\", c.name AS name, LOWER(c.type) AS kind,
                c.\"notnull\" = 0 AND c.pk = 0 AS nullable, c.pk > 0 AND LOWER(c.type) = 'integer' AS generated
         FROM sqlite_master t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid"
    };
    let mut columns: Vec<Column> = db.all(sql, vec![]).await.expect("the columns can be listed");
    // What the migrations themselves are noted in, and where writes are proven.
    columns.retain(|c| !["migrations", "migration_checksums", "write_proof"].contains(&c.table.as_str()));
    columns
}

/// A column that refers to another.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Reference {
    pub table: String,
    pub column: String,
    pub to_table: String,
    pub to_column: String,
}

pub(super) async fn references(db: &Db) -> Vec<Reference> {
    let sql = if db.is_postgres() {
        "SELECT o.conrelid::regclass::text AS \"table\", a.attname::text AS \"column\",
                o.confrelid::regclass::text AS to_table, b.attname::text AS to_column
         FROM pg_constraint o CROSS JOIN LATERAL unnest(o.conkey, o.confkey) AS k (from_number, to_number)
         JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.from_number
         JOIN pg_attribute b ON b.attrelid = o.confrelid AND b.attnum = k.to_number WHERE o.contype = 'f'"
    } else {
        "SELECT t.name AS \"table\", f.\"from\" AS \"column\", f.\"table\" AS to_table, f.\"to\" AS to_column
         FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'"
    };
    db.all(sql, vec![]).await.expect("the references can be listed, each with the column it is to")
}

/// The texts of CHECK constraints, with their tables.
pub(super) async fn checks(db: &Db) -> Vec<(String, String)> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
        sql: String,
    }
    let sql = if db.is_postgres() {
        "SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS sql FROM pg_constraint
         WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    } else {
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%CHECK (%'"
    };
    let rows: Vec<Row> = db.all(sql, vec![]).await.expect("the checks can be listed");
    rows.iter().flat_map(|row| bracketed(&row.sql).map(|check| (row.name.clone(), check))).collect()
}

/// What stands in the brackets of each CHECK.
fn bracketed(sql: &str) -> impl Iterator<Item = String> + '_ {
    sql.split("CHECK (").skip(1).map(|rest| {
        let mut open = 1;
        rest.chars()
            .take_while(|c| {
                open += i32::from(*c == '(') - i32::from(*c == ')');
                open > 0
            })
            .collect()
    })
}

/// Tables, indices and constraints, as the database itself writes them down.
pub(super) async fn describe(db: &Db) -> Vec<String> {
    let parts: &[&str] = if db.is_postgres() {
        &[
            "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
             FROM information_schema.columns WHERE table_schema = 'public'",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace",
        ]
    } else {
        &["SELECT type || ' ' || tbl_name || ' ' || COALESCE(sql, name) FROM sqlite_master"]
    };
    let mut lines: Vec<String> = Vec::new();
    for sql in parts {
        lines.extend(db.column::<String>(sql, vec![]).await.expect("the tables can be described"));
    }
    lines.sort_unstable();
    lines
}

/// What the database finds wrong in what it holds. PostgreSQL looks at each row of a constraint unless that was left for later.
pub(super) async fn violations(db: &Db) -> Vec<String> {
    let parts: &[&str] = if db.is_postgres() {
        &["SELECT conname::text FROM pg_constraint WHERE NOT convalidated"]
    } else {
        &[
            "SELECT \"table\" || ' refers to ' || parent FROM pragma_foreign_key_check",
            "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
        ]
    };
    let mut found = Vec::new();
    for sql in parts {
        found.extend(db.column::<String>(sql, vec![]).await.expect("the database can be checked"));
    }
    found
}

/// What tables hold: of each the names of its columns, and its rows as text.
pub(super) struct Tables(BTreeMap<String, (Vec<String>, Vec<Vec<String>>)>);

impl Tables {
    pub async fn read(db: &Db) -> Self {
        let mut tables: BTreeMap<String, (Vec<String>, Vec<Vec<String>>)> = BTreeMap::new();
        for column in columns(db).await {
            tables.entry(column.table).or_default().0.push(column.name);
        }
        for (table, (columns, rows)) in &mut tables {
            let column = |name: &String| format!("COALESCE(CAST(\"{name}\" AS TEXT), 'NULL')");
            let all = columns.iter().map(column).collect::<Vec<_>>().join(&format!(" || '{BETWEEN}' || "));
            let sql = format!("SELECT {all} FROM \"{table}\"");
            let texts: Vec<String> = db.column(&sql, vec![]).await.expect("the rows can be read");
            *rows = texts.iter().map(|row| row.split(BETWEEN).map(str::to_owned).collect()).collect();
        }
        Self(tables)
    }

    /// Panics unless `after` has what no statement of `pending` (its words) is about: of the tables that were there before all rows, and in
    /// them the values of all columns that there still are.
    pub fn compare(&self, after: &Self, pending: &[String], when: &str) {
        let says = |words: &[&str]| {
            pending.windows(words.len()).any(|said| said.iter().zip(words).all(|(said, word)| said == word))
        };
        for (table, (columns, rows)) in &self.0 {
            let Some((new_columns, new_rows)) = after.0.get(table) else { continue };
            if says(&["insert", "into", table]) || says(&["delete", "from", table]) {
                continue;
            }
            assert_eq!(new_rows.len(), rows.len(), "{when}: the number of rows of {table}");
            if says(&["update", table]) {
                continue;
            }
            let kept = |name: &String| {
                let old = says(&["rename", "column", name]) || says(&["drop", "column", name]);
                new_columns.contains(name) && !old
            };
            let kept: Vec<&String> = columns.iter().filter(|name| kept(name)).collect();
            assert_eq!(
                of(new_columns, new_rows, &kept),
                of(columns, rows, &kept),
                "{when}: what {table} holds in {kept:?}"
            );
        }
    }
}

/// The values of some columns, rows in the order of what they hold.
fn of(columns: &[String], rows: &[Vec<String>], kept: &[&String]) -> Vec<Vec<String>> {
    let places: Vec<usize> = kept.iter().filter_map(|name| columns.iter().position(|c| c == *name)).collect();
    let mut rows: Vec<Vec<String>> =
        rows.iter().map(|row| places.iter().map(|place| row[*place].clone()).collect()).collect();
    rows.sort_unstable();
    rows
}
