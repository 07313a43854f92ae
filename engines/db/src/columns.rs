//! One list for the columns of a table: what is selected, decoded and written follows it.

use kernel::Result;
use sea_orm::{DbErr, QueryResult, TryGetable, Value};

/// How a value stands in a column.
pub trait Codec<T> {
    fn write(value: &T) -> Value;

    fn read(row: &QueryResult, column: &str) -> Result<T, DbErr>;
}

/// For what the database, or `kernel/src/sql.rs`, knows as it is.
pub struct Plain;

impl<T: Clone + Into<Value> + TryGetable> Codec<T> for Plain {
    fn write(value: &T) -> Value {
        value.clone().into()
    }

    fn read(row: &QueryResult, column: &str) -> Result<T, DbErr> {
        row.try_get("", column)
    }
}

/// The columns of a table and where each stands in a struct, which may have structs in it. `as` names a [`Codec`].
///
/// ```ignore
/// columns! {
///     struct ArticleColumns: Article as "a" {
///         id => id,
///         author_id => author,
///         covers => draft.covers as Words,
///     }
/// }
/// let sql = format!("SELECT {} FROM articles a WHERE a.id = $1", ArticleColumns::SELECT);
/// ```
///
/// `SELECT` is `a.id, a.author_id, a.covers`, `NAMES` the names alone; `values` are in that order, and `read` fills a struct from a row.
#[macro_export]
macro_rules! columns {
    (
        $(#[$doc:meta])*
        $vis:vis struct $list:ident: $of:ty as $alias:literal {
            $first:ident => $($first_place:ident).+ $(as $first_codec:ty)?
            $(, $column:ident => $($place:ident).+ $(as $codec:ty)?)* $(,)?
        }
    ) => {
        $(#[$doc])*
        $vis struct $list;

        impl $list {
            $vis const NAMES: &'static [&'static str] = &[stringify!($first) $(, stringify!($column))*];
            $vis const SELECT: &'static str =
                concat!($alias, ".", stringify!($first) $(, ", ", $alias, ".", stringify!($column))*);

            $vis fn values(of: &$of) -> Vec<$crate::Value> {
                vec![
                    <$crate::codec!($($first_codec)?) as $crate::Codec<_>>::write(&of.$($first_place).+)
                    $(, <$crate::codec!($($codec)?) as $crate::Codec<_>>::write(&of.$($place).+))*
                ]
            }

            $vis fn read(row: &$crate::QueryResult, into: &mut $of) -> ::std::result::Result<(), $crate::DbErr> {
                into.$($first_place).+ =
                    <$crate::codec!($($first_codec)?) as $crate::Codec<_>>::read(row, stringify!($first))?;
                $(into.$($place).+ = <$crate::codec!($($codec)?) as $crate::Codec<_>>::read(row, stringify!($column))?;)*
                Ok(())
            }
        }
    };
}

/// The same for a struct that is only read, and is nothing but its columns: it becomes a row itself.
///
/// ```ignore
/// row! {
///     const CARD: Card as "a" { id => id, author_id => author }
/// }
/// let cards: Vec<Card> = db.all(&format!("SELECT {CARD} FROM articles a"), args![]).await?;
/// ```
#[macro_export]
macro_rules! row {
    (
        $(#[$doc:meta])*
        $vis:vis const $select:ident: $of:ident as $alias:literal {
            $first:ident => $first_field:ident $(as $first_codec:ty)?
            $(, $column:ident => $field:ident $(as $codec:ty)?)* $(,)?
        }
    ) => {
        $(#[$doc])*
        $vis const $select: &str =
            concat!($alias, ".", stringify!($first) $(, ", ", $alias, ".", stringify!($column))*);

        impl $crate::FromQueryResult for $of {
            fn from_query_result(row: &$crate::QueryResult, _: &str) -> ::std::result::Result<Self, $crate::DbErr> {
                Ok(Self {
                    $first_field: <$crate::codec!($($first_codec)?) as $crate::Codec<_>>::read(row, stringify!($first))?,
                    $($field: <$crate::codec!($($codec)?) as $crate::Codec<_>>::read(row, stringify!($column))?,)*
                })
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! codec {
    () => {
        $crate::Plain
    };
    ($codec:ty) => {
        $codec
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Conn, Db, args};

    /// As `Yes` and `No`.
    struct Words;

    impl Codec<bool> for Words {
        fn write(value: &bool) -> Value {
            if *value { "Yes" } else { "No" }.into()
        }

        fn read(row: &QueryResult, column: &str) -> Result<bool, DbErr> {
            Ok(row.try_get::<String>("", column)? == "Yes")
        }
    }

    #[derive(Debug, Default, PartialEq)]
    struct Inner {
        open: bool,
        note: Option<String>,
    }

    #[derive(Debug, Default, PartialEq)]
    struct Outer {
        id: i64,
        inner: Inner,
    }

    crate::columns! {
        struct Columns: Outer as "t" {
            id => id,
            is_open => inner.open as Words,
            note => inner.note,
        }
    }

    #[derive(Debug, PartialEq)]
    struct Flat {
        id: i64,
        open: bool,
    }

    crate::row! {
        const FLAT: Flat as "t" { id => id, is_open => open as Words }
    }

    struct Stored(Outer);

    impl crate::FromQueryResult for Stored {
        fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
            let mut outer = Outer::default();
            Columns::read(row, &mut outer)?;
            Ok(Self(outer))
        }
    }

    static TABLES: crate::Schema = crate::Schema { owner: "columns", needs: &[], migrations: &[] };

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Columns::NAMES, ["id", "is_open", "note"]);
        assert_eq!((Columns::SELECT, FLAT), ("t.id, t.is_open, t.note", "t.id, t.is_open"));
        crate::testing::run(&TABLES, async |db: Db| {
            let tx = db.write().await.unwrap();
            tx.exec("CREATE TABLE t (id BIGINT, is_open TEXT, note TEXT)", args![]).await.unwrap();
            let outer = Outer { id: 7, inner: Inner { open: true, note: Some("n".into()) } };
            tx.exec("INSERT INTO t VALUES ($1, $2, $3)", Columns::values(&outer)).await.unwrap();
            let sql = format!("SELECT {} FROM t", Columns::SELECT);
            let stored = tx.opt::<Stored>(&sql, args![]).await.unwrap();
            assert_eq!(stored.unwrap().0, outer);
            let flat: Option<Flat> = tx.opt(&format!("SELECT {FLAT} FROM t"), args![]).await.unwrap();
            assert_eq!(flat, Some(Flat { id: 7, open: true }));
        });
    }
}
