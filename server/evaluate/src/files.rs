//! Files that are evaluated on. Whatever is wrong in one is told with its line.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::de::DeserializeOwned;

/// What was wrong with a file, in words: which, where, what.
#[derive(Debug, thiserror::Error)]
#[error("{file}{}: {what}", .line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct EvaluationError {
    file: String,
    line: Option<u64>,
    what: String,
}

impl EvaluationError {
    pub fn new(file: &Path, line: Option<u64>, what: impl ToString) -> Self {
        Self { file: file.display().to_string(), line, what: what.to_string() }
    }
}

/// A file of a JSON object a line; empty lines are passed over.
pub fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, EvaluationError> {
    let file = File::open(path).map_err(|error| EvaluationError::new(path, None, error))?;
    let mut list = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.map_err(|error| EvaluationError::new(path, Some(number), error))?;
        if !line.trim().is_empty() {
            list.push(
                serde_json::from_str(&line)
                    .map_err(|error| EvaluationError::new(path, Some(number), error))?,
            );
        }
    }
    Ok(list)
}
