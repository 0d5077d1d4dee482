//! Reading rows into the domain's types: what cannot be read names its table, column and row.

use std::fmt::Display;
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Row, Sqlite, Type};

use super::StoreError;
use crate::domain::TextState;

/// One row of one table, with the name a person finds it by.
pub(super) struct Cells<'r> {
    row: &'r SqliteRow,
    table: &'static str,
    name: String,
}

impl<'r> Cells<'r> {
    /// `key` is the column whose value names the row.
    pub(super) fn new(table: &'static str, key: &'static str, row: &'r SqliteRow) -> Self {
        let name = row
            .try_get::<i64, _>(key)
            .map(|id| format!("{key} {id}"))
            .or_else(|_| row.try_get::<String, _>(key).map(|name| format!("{key} {name}")))
            .unwrap_or_else(|_| format!("of unreadable {key}"));
        Self { row, table, name }
    }

    pub(super) fn corrupt(&self, column: &'static str, why: impl Display) -> StoreError {
        StoreError::Corrupt { table: self.table, column, row: self.name.clone(), why: why.to_string() }
    }

    /// A column as SQLite holds it: `i64`, `String`, `Option` of these.
    pub(super) fn get<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite>,
        &'static str: ColumnIndex<SqliteRow>,
    {
        self.row.try_get(column).map_err(|error| self.corrupt(column, error))
    }

    /// A column that holds a number of a narrower type.
    pub(super) fn number<T: TryFrom<i64, Error: Display>>(&self, column: &'static str) -> Result<T, StoreError> {
        T::try_from(self.get::<i64>(column)?).map_err(|error| self.corrupt(column, error))
    }

    /// A column that holds the written form of a type.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&self, column: &'static str) -> Result<T, StoreError> {
        self.get::<String>(column)?.parse().map_err(|error: T::Err| self.corrupt(column, error))
    }

    pub(super) fn maybe_parsed<T: FromStr<Err: Display>>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        self.get::<Option<String>>(column)?
            .map(|text| text.parse().map_err(|error: T::Err| self.corrupt(column, error)))
            .transpose()
    }

    pub(super) fn state(&self, column: &'static str) -> Result<TextState, StoreError> {
        match self.get::<String>(column)?.as_str() {
            "draft" => Ok(TextState::Draft),
            "approved" => Ok(TextState::Approved),
            other => Err(self.corrupt(column, format!("`{other}` is neither draft nor approved"))),
        }
    }

    pub(super) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        serde_json::from_str(&self.get::<String>(column)?).map_err(|error| self.corrupt(column, error))
    }

    pub(super) fn maybe_json<T: DeserializeOwned>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        self.get::<Option<String>>(column)?
            .map(|text| serde_json::from_str(&text).map_err(|error| self.corrupt(column, error)))
            .transpose()
    }
}

/// The JSON form of a value for a column.
pub(super) fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::Unwritable { what, why: source.to_string() })
}
