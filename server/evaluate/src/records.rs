//! Acts and items as they are recorded.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use crate::files::EvaluationError;
use crate::signals::Act;

type Result<T> = std::result::Result<T, EvaluationError>;

/// Names of any kind as small numbers, in the order in which they came.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, usize>);

impl Names {
    pub fn number(&mut self, name: &str) -> usize {
        if let Some(&number) = self.0.get(name) {
            return number;
        }
        let number = self.0.len();
        self.0.insert(name.to_owned(), number);
        number
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

#[derive(Debug, Default)]
pub struct Events {
    /// In the order of time; those of one time as in the file.
    pub list: Vec<Act>,
    pub users: Names,
    pub items: Names,
}

/// `time,user,item,action`, with that line at the head; the time in seconds since 1970.
pub fn events(path: &Path) -> Result<Events> {
    #[derive(Deserialize)]
    struct Row<'a> {
        time: &'a str,
        user: &'a str,
        item: &'a str,
    }
    let mut reader = csv::Reader::from_path(path).map_err(|error| EvaluationError::new(path, None, error))?;
    let head = reader.headers().map_err(|error| EvaluationError::new(path, Some(1), error))?.clone();
    for column in ["time", "user", "item"] {
        if !head.iter().any(|name| name == column) {
            return Err(EvaluationError::new(
                path,
                Some(1),
                format!("the first line names no column `{column}`; it should be time,user,item,action"),
            ));
        }
    }
    let mut events = Events::default();
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        let more =
            reader.read_record(&mut record).map_err(|error| EvaluationError::new(path, Some(line), error))?;
        if !more {
            break;
        }
        let line = record.position().map_or(line, csv::Position::line);
        let row: Row<'_> =
            record.deserialize(Some(&head)).map_err(|error| EvaluationError::new(path, Some(line), error))?;
        let time = row.time.trim().parse::<f64>().ok().filter(|time| time.is_finite());
        let Some(time) = time else {
            return Err(EvaluationError::new(
                path,
                Some(line),
                format!("the time `{}` is no number of seconds", row.time),
            ));
        };
        if row.user.is_empty() || row.item.is_empty() {
            return Err(EvaluationError::new(path, Some(line), "the user or the item is missing"));
        }
        let (user, item) = (events.users.number(row.user), events.items.number(row.item));
        events.list.push(Act { time, user, item });
    }
    if events.list.is_empty() {
        return Err(EvaluationError::new(path, None, "there are no events"));
    }
    events.list.sort_by(|a, b| a.time.total_cmp(&b.time));
    Ok(events)
}

/// An item, as far as it is known; what else is told of it is passed over.
#[derive(Debug, Deserialize)]
pub struct Item {
    pub id: String,
    pub author: Option<String>,
    pub title: Option<String>,
    pub text: Option<String>,
    pub channel: Option<String>,
    /// RFC 3339; what is not written so is not known.
    pub published_at: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::lines;
    use std::fs;

    fn file(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, text).unwrap();
        (folder, path)
    }

    fn says(result: std::result::Result<impl std::fmt::Debug, EvaluationError>, words: &str) {
        let said = result.unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    }

    #[test]
    fn events_come_in_the_order_of_time() {
        let (_folder, path) = file("time,user,item,action\n20,a,x,read\n10,b,y,like\n20,a,y,read\n");
        let found = events(&path).unwrap();
        let list: Vec<_> = found.list.iter().map(|e| (e.time as i64, e.user, e.item)).collect();
        assert_eq!(list, [(10, 1, 1), (20, 0, 0), (20, 0, 1)]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let (_folder, path) = file("time,user,item,action\n20,a,x,read\nsoon,b,y,like\n");
        says(events(&path), "line 3: the time `soon`");
        let (_folder, path) = file("when,user,item\n20,a,x\n");
        says(events(&path), "line 1: the first line names no column `time`");
        let (_folder, path) = file("time,user,item,action\n20,a\n");
        says(events(&path), "line 2");
        let (_folder, path) = file("time,user,item,action\n");
        says(events(&path), "no events");
        let (_folder, path) = file("{\"id\":\"a\"}\n\n{\"title\":\"b\"}\n");
        says(lines::<Item>(&path), "line 3: missing field `id`");
        says(events(Path::new("/nowhere.csv")), "/nowhere.csv");
    }
}
