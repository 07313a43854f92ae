//! Recorded impressions, in the layout of MIND (Wu and others: "MIND: A Large-scale Dataset for News Recommendation", 2020): a line of
//! tab-separated impression, user, time, history and candidates.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use kernel::Time;

use crate::files::EvaluationError;
use crate::records::Names;

/// What was shown to somebody at once, and what of it was chosen.
#[derive(Debug)]
pub struct Impression {
    /// Seconds since 1970.
    pub time: f64,
    pub user: usize,
    /// What the user had chosen before, the latest last.
    pub history: Vec<usize>,
    /// In the order of the file.
    pub shown: Vec<usize>,
    /// Of each, whether it was chosen.
    pub chosen: Vec<bool>,
}

#[derive(Debug, Default)]
pub struct Impressions {
    /// In the order of time; those of one time as in the file.
    pub list: Vec<Impression>,
    pub users: Names,
    pub items: Names,
}

pub fn impressions(path: &Path) -> Result<Impressions, EvaluationError> {
    let file = BufReader::new(File::open(path).map_err(|error| EvaluationError::new(path, None, error))?);
    let mut found = Impressions::default();
    for (line, number) in file.lines().zip(1..) {
        let line = line.map_err(|error| EvaluationError::new(path, Some(number), error))?;
        if !line.trim().is_empty() {
            let read = found.read(&line).map_err(|words| EvaluationError::new(path, Some(number), words))?;
            found.list.push(read);
        }
    }
    if found.list.is_empty() {
        return Err(EvaluationError::new(path, None, "there are no impressions"));
    }
    found.list.sort_by(|a, b| a.time.total_cmp(&b.time));
    Ok(found)
}

impl Impressions {
    fn read(&mut self, line: &str) -> Result<Impression, String> {
        let fields: Vec<&str> = line.trim_end_matches(['\r', '\n']).split('\t').collect();
        let [_, user, time, history, candidates] = fields[..] else {
            return Err(format!(
                "{} fields, not the five of impression, user, time, history, candidates with tabs between them",
                fields.len()
            ));
        };
        if user.is_empty() {
            return Err("the user is missing".into());
        }
        let time = seconds(time.trim())
            .ok_or_else(|| format!("the time `{time}` is not written like 11/15/2019 9:55:12 AM"))?;
        let history = history.split_whitespace().map(|name| self.items.number(name)).collect();
        let (mut shown, mut chosen) = (Vec::new(), Vec::new());
        for candidate in candidates.split_whitespace() {
            let (name, label) = candidate.rsplit_once('-').unwrap_or((candidate, ""));
            if name.is_empty() || !matches!(label, "0" | "1") {
                return Err(format!("the candidate `{candidate}` does not end in -0 or -1"));
            }
            shown.push(self.items.number(name));
            chosen.push(label == "1");
        }
        if shown.is_empty() {
            return Err("there are no candidates".into());
        }
        Ok(Impression { time, user: self.users.number(user), history, shown, chosen })
    }
}

/// Month/day/year hour:minute:second AM or PM, as of UTC; seconds since 1970 are taken too.
fn seconds(text: &str) -> Option<f64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return seconds.is_finite().then_some(seconds);
    }
    let mut parts = text.split_whitespace();
    let (date, clock, half) = (parts.next()?, parts.next()?, parts.next()?);
    let numbers = |text: &str, mark| -> Option<[u32; 3]> {
        let all: Option<Vec<u32>> = text.split(mark).map(|part| part.parse().ok()).collect();
        all?.try_into().ok()
    };
    let ([month, day, year], [hour, minute, second]) = (numbers(date, '/')?, numbers(clock, ':')?);
    let later = match half {
        "AM" => 0,
        "PM" => 12,
        _ => return None,
    };
    if parts.next().is_some() || !(1..=12).contains(&hour) {
        return None;
    }
    let hour = hour % 12 + later;
    let time = Time::parse(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))?;
    Some(time.millis() as f64 / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(text: &str) -> Result<Impressions, EvaluationError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("behaviors.tsv");
        fs::write(&path, text).unwrap();
        impressions(&path)
    }

    #[test]
    fn lines_come_in_the_order_of_time() {
        let found = read(
            "2\tU2\t11/15/2019 1:00:00 PM\t\tN3-0 N-1-1\n\n1\tU1\t11/15/2019 12:30:00 AM\tN1 N2\tN3-1 N1-0\r\n",
        )
        .unwrap();
        let times: Vec<f64> = found.list.iter().map(|i| i.time).collect();
        assert!((times[1] - times[0] - 12.5 * 3_600.0).abs() < 1e-6, "{times:?}");
        let first = &found.list[0];
        assert_eq!((first.history.len(), &first.chosen[..]), (2, &[true, false][..]));
        assert_eq!(first.shown[1], first.history[0]);
        assert!(found.list[1].history.is_empty());
        assert_eq!((found.users.len(), found.items.len()), (2, 4));
        assert_eq!(found.items.find("N-1"), Some(found.list[1].shown[1]));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let good = "1\tU1\t11/15/2019 9:55:12 AM\t\tN1-0 N2-1\n";
        for (line, words) in [
            ("1\tU1\t11/15/2019 9:55:12 AM\tN1-0 N2-1", "4 fields"),
            ("1\tU1\t15/11/2019 9:55:12 AM\t\tN1-0", "the time `15/11/2019 9:55:12 AM`"),
            ("1\tU1\t11/15/2019 19:55:12 AM\t\tN1-0", "the time"),
            ("1\t\t11/15/2019 9:55:12 AM\t\tN1-0", "the user is missing"),
            ("1\tU1\t11/15/2019 9:55:12 AM\t\tN1-0 N2", "the candidate `N2`"),
            ("1\tU1\t11/15/2019 9:55:12 AM\tN1\t ", "no candidates"),
        ] {
            let said = read(&format!("{good}{line}\n")).unwrap_err().to_string();
            assert!(said.contains("line 2: ") && said.contains(words), "{said}");
        }
        assert!(read("\n").unwrap_err().to_string().contains("no impressions"));
    }
}
