//! How ids, times and names go into and come out of a database column: as their plain value.

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, QueryResult, TryGetError, TryGetable, Value};

use crate::{Handle, Id, Markup, Region, Slug, Tag, Time};

macro_rules! column {
    ([$($g:ident)?] $ty:ty, $raw:ty, $into:expr, $from:expr, $array:ident, $column:expr) => {
        impl$(<$g>)? From<$ty> for Value {
            fn from(value: $ty) -> Self {
                let into: fn($ty) -> $raw = $into;
                into(value).into()
            }
        }
        impl$(<$g>)? TryGetable for $ty {
            fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
                let from: fn($raw) -> Result<$ty, String> = $from;
                from(<$raw>::try_get_by(row, index)?)
                    .map_err(|e| TryGetError::DbErr(sea_orm::DbErr::Type(e)))
            }
        }
        impl$(<$g>)? ValueType for $ty {
            fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
                let from: fn($raw) -> Result<$ty, String> = $from;
                from(<$raw as ValueType>::try_from(value)?).map_err(|_| ValueTypeErr)
            }
            fn type_name() -> String {
                stringify!($ty).to_owned()
            }
            fn array_type() -> ArrayType {
                ArrayType::$array
            }
            fn column_type() -> ColumnType {
                $column
            }
        }
        impl$(<$g>)? Nullable for $ty {
            fn null() -> Value {
                <$raw as Nullable>::null()
            }
        }
    };
}

column!([T] Id<T>, i64, |id| id.raw(), |raw| Ok(Id::new(raw)), BigInt, ColumnType::BigInteger);
column!([] Time, i64, |time| time.millis(), |raw| Ok(Time::from_millis(raw)), BigInt, ColumnType::BigInteger);
column!([] Handle, String, Into::into, |raw| Ok(Handle::stored(raw)), String, ColumnType::Text);
column!([] Slug, String, Into::into, |raw| Slug::new(&raw).map_err(|e| e.to_string()), String, ColumnType::Text);
column!([] Tag, String, Into::into, |raw| Tag::new(&raw).map_err(|e| e.to_string()), String, ColumnType::Text);
column!([] Markup, String, Into::into, |raw| Ok(Markup::stored(raw)), String, ColumnType::Text);
column!([] Region, String, |region| region.to_string(), |raw| Region::stored(&raw).ok_or_else(|| format!("not a region: {raw}")), String, ColumnType::Text);
