//! Rows for every table, made from what the database says of its columns.

use std::collections::HashMap;

use super::tables::{self, Column, Reference, Tables};
use crate::{Conn, Db, Tx, Value, placeholders};

const ROWS: usize = 5;
/// Of these each row of a column has another: unique columns stay so.
const TEXTS: [&str; ROWS] =
    ["", "汉字，「標點」——全角　", "O'Brien's \"100 %\" \\_", "🦊 e\u{301}\u{200b}", " 1 "];
const NUMBERS: [i64; ROWS] = [1, 0, -5, 1_717_581_600_000, (1 << 53) + 1];
const FRACTIONS: [f64; ROWS] = [0.0, -1.5, 1e-300, 1e300, 0.1];

type Row = HashMap<String, Value>;

/// What decides on the values of a database's columns.
struct Filler {
    columns: Vec<Column>,
    references: Vec<Reference>,
    checks: Vec<(String, String)>,
    /// The rows of each table so far.
    rows: HashMap<String, Vec<Row>>,
}

/// Fills all tables, those that others refer to first, with up to [`ROWS`] rows each: empty and Chinese texts, numbers below zero, nothing
/// where nothing may stand.
pub(super) async fn fill(db: &Db, when: &str) -> Tables {
    let mut filler = Filler {
        columns: tables::columns(db).await,
        references: tables::references(db).await,
        checks: tables::checks(db).await,
        rows: HashMap::new(),
    };
    let mut waiting: Vec<String> = filler.columns.iter().map(|column| column.table.clone()).collect();
    waiting.dedup();
    let tx = db.write().await.expect("a write begins");
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|table| filler.is_ready(table));
        let table = waiting.remove(ready.unwrap_or_else(|| panic!("{when}: {waiting:?} refer in a circle")));
        filler.fill(&tx, &table, when).await;
    }
    tx.commit().await.expect("the rows are kept");
    Tables::read(db).await
}

impl Filler {
    fn is_ready(&self, table: &str) -> bool {
        let filled = |r: &Reference| r.to_table == table || self.rows.contains_key(&r.to_table);
        self.references.iter().filter(|r| r.table == table).all(filled)
    }

    async fn fill(&mut self, tx: &Tx, table: &str, when: &str) {
        self.rows.insert(table.to_owned(), Vec::new());
        let of_table = |c: &&Column| c.table == table && !c.generated;
        let columns: Vec<Column> = self.columns.iter().filter(of_table).cloned().collect();
        let names = columns.iter().map(|c| format!("\"{}\"", c.name)).collect::<Vec<_>>().join(", ");
        // A column that may hold few values only, and is unique, has fewer rows.
        let sql = format!(
            "INSERT INTO \"{table}\" ({names}) VALUES ({}) ON CONFLICT DO NOTHING",
            placeholders(1, columns.len())
        );
        for n in 0..ROWS {
            let values: Vec<Value> = columns.iter().enumerate().map(|(i, c)| self.value(c, i, n)).collect();
            match tx.exec(&sql, values.clone()).await {
                Ok(0) => {}
                Ok(_) => {
                    let row = columns.iter().map(|c| c.name.clone()).zip(values).collect();
                    self.rows.entry(table.to_owned()).or_default().push(row);
                }
                Err(error) => {
                    panic!("{when}: {table} takes no such row (teach fill.rs): {error}: {values:?}")
                }
            }
        }
        assert!(!self.rows[table].is_empty(), "{when}: {table} has no row");
    }

    /// For the `i`-th column of its table, in row `n`.
    fn value(&self, column: &Column, i: usize, n: usize) -> Value {
        let null = column.nullable && (n == 1 || (n + i) % 4 == 3);
        let reference = self.references.iter().find(|r| r.table == column.table && r.column == column.name);
        let Some(reference) = reference else { return self.plain(column, n, null) };
        // Of its own table the row before. References of several columns come from one row.
        let rows = &self.rows[&reference.to_table];
        let row = if reference.to_table == column.table { rows.last() } else { rows.get(n % rows.len()) };
        match row {
            Some(row) if !null => row[&reference.to_column].clone(),
            _ => self.plain(column, n, column.nullable),
        }
    }

    fn plain(&self, column: &Column, n: usize, null: bool) -> Value {
        let allowed = self.allowed(column);
        match column.kind.as_str() {
            "bigint" => {
                let allowed: Vec<i64> = allowed.iter().filter_map(|text| text.parse().ok()).collect();
                let some = if allowed.is_empty() { NUMBERS[n] } else { allowed[n % allowed.len()] };
                Value::from((!null).then_some(some))
            }
            "text" => {
                let some = if allowed.is_empty() { TEXTS[n] } else { allowed[n % allowed.len()].as_str() };
                Value::from((!null).then(|| some.to_owned()))
            }
            "boolean" => Value::from((!null).then_some(n.is_multiple_of(2))),
            "double precision" => Value::from((!null).then_some(FRACTIONS[n])),
            "bytea" | "blob" => Value::from((!null).then(|| TEXTS[n].as_bytes().to_vec())),
            other => panic!("{}.{} is of the type {other} (teach fill.rs)", column.table, column.name),
        }
    }

    /// What a CHECK that names the column compares it with; nothing where there is none.
    fn allowed(&self, column: &Column) -> Vec<String> {
        let names = |check: &str| {
            check.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == column.name)
        };
        let checks = self.checks.iter().filter(|(table, check)| *table == column.table && names(check));
        checks.flat_map(|(_, check)| literals(check, column.kind == "text")).collect()
    }
}

/// The texts, or the numbers, in a piece of SQL.
fn literals(sql: &str, text: bool) -> Vec<String> {
    let pieces = sql.split('\'').enumerate();
    if text {
        return pieces.filter(|(i, _)| i % 2 == 1).map(|(_, piece)| piece.to_owned()).collect();
    }
    let code = pieces.filter(|(i, _)| i % 2 == 0).map(|(_, piece)| piece);
    code.flat_map(|piece| piece.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-'))
        .filter(|word| word.parse::<i64>().is_ok())
        .map(str::to_owned)
        .collect()
}
