//! A folded text in runs of characters that are cut together, and the names that several of them make: `Node.js`, `AT&T`, `GPT-4o`.

use crate::fold::{Script, script};

/// Neighbouring characters that are cut together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub at: usize,
    pub len: usize,
    pub script: Script,
}

impl Run {
    pub const fn end(self) -> usize {
        self.at + self.len
    }

    pub const fn is_spaced(self) -> bool {
        matches!(self.script, Script::Letter | Script::Digit)
    }
}

/// What stands between two spaces, or two characters of unspaced scripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Plain(Run),
    /// Spaced runs that ngrams hold together. It may begin with a point: `.NET`.
    Compound {
        at: usize,
        runs: Vec<Run>,
    },
}

/// A chain of more runs is an address or a list of its members, and no name.
const LONGEST: usize = 4;

/// A text in pieces, in order.
pub fn pieces(chars: &[char]) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut open: Vec<Run> = Vec::new();
    for run in runs(chars) {
        let goes_on = open
            .last()
            .is_some_and(|last| run.is_spaced() && run.at == last.end() + 1 && joins(chars[last.end()]));
        if !goes_on {
            close(chars, &mut open, &mut out);
        }
        if run.is_spaced() {
            open.push(run);
        } else {
            out.push(Piece::Plain(run));
        }
    }
    close(chars, &mut open, &mut out);
    out
}

fn close(chars: &[char], open: &mut Vec<Run>, out: &mut Vec<Piece>) {
    let runs = std::mem::take(open);
    let Some(&first) = runs.first() else { return };
    let dot = first.script == Script::Letter && leads(chars, first.at);
    if (runs.len() == 1 && !dot) || runs.len() > LONGEST {
        out.extend(runs.into_iter().map(Piece::Plain));
    } else {
        out.push(Piece::Compound { at: first.at - usize::from(dot), runs });
    }
}

/// Ngrams that stand inside names, right between two of their parts.
const fn joins(sign: char) -> bool {
    matches!(sign, '.' | '&' | '-' | '/' | '+')
}

/// Whether a point right before `at` belongs to what begins there: it ends nothing and is not one of several.
fn leads(chars: &[char], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map(|at| chars[at]);
    let ends = |c: char| c == '.' || matches!(script(c), Script::Letter | Script::Digit);
    before(1) == Some('.') && !before(2).is_some_and(ends)
}

/// Runs of one script each, in order.
pub fn runs(chars: &[char]) -> impl Iterator<Item = Run> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < chars.len() && script(chars[at]) == Script::Other {
            at += 1;
        }
        let first = script(*chars.get(at)?);
        let start = at;
        at += 1;
        match first {
            Script::Han | Script::Unspaced => {
                while at < chars.len() && script(chars[at]) == first {
                    at += 1;
                }
            }
            _ => {
                while at < chars.len() && goes_on(chars, at) {
                    at += 1;
                }
                at += signs_after(chars, start, at);
            }
        }
        Some(Run { at: start, len: at - start, script: first })
    })
}

/// Whether the spaced word before `at` has `chars[at]` in it: letters and digits, the point of a number, the apostrophe of an
/// English ending.
fn goes_on(chars: &[char], at: usize) -> bool {
    let next = chars.get(at + 1).map_or(Script::Other, |&c| script(c));
    match script(chars[at]) {
        Script::Letter | Script::Digit => true,
        Script::Other => match chars[at] {
            '.' => script(chars[at - 1]) == Script::Digit && next == Script::Digit,
            '\'' => {
                let rest = chars[at + 1..].iter().take_while(|&&c| script(c) == Script::Letter);
                matches!(rest.collect::<String>().as_str(), "s" | "t" | "d" | "m" | "re" | "ve" | "ll")
            }
            _ => false,
        },
        _ => false,
    }
}

/// How many ngrams after a word of Latin letters are part of its name, whatever stands behind them: `C++`, `C#`, `A+`.
fn signs_after(chars: &[char], start: usize, at: usize) -> usize {
    if !chars[start..at].iter().all(char::is_ascii_lowercase) {
        return 0;
    }
    let sign = |n: usize| chars.get(at + n).copied();
    let followed = sign(1).map_or(Script::Other, script);
    match (sign(0), sign(1), sign(2)) {
        (Some('+'), Some('+'), third) if third != Some('+') => 2,
        // `a+b` is a sum, `a+` a grade.
        (Some('+'), second, _) if second != Some('+') => {
            usize::from(at - start <= 2 && !matches!(followed, Script::Letter | Script::Digit))
        }
        (Some('#'), ..) => usize::from(at - start == 1 && followed != Script::Letter),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    fn check(text: &str, want: &[&str]) {
        let chars = fold(text).chars;
        let written = |from: usize, to: usize| chars[from..to].iter().collect::<String>();
        let got: Vec<String> = pieces(&chars)
            .into_iter()
            .map(|piece| match piece {
                Piece::Plain(run) => written(run.at, run.end()),
                Piece::Compound { at, runs } => {
                    let each: Vec<String> = runs.iter().map(|run| written(run.at, run.end())).collect();
                    format!("{}={}", written(at, runs[runs.len() - 1].end()), each.join("|"))
                }
            })
            .collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn signs_of_names_stay_with_them() {
        check("学C++编程", &["学", "c++", "编程"]);
        check("Ｃ＋＋，Ｃ＃、F♯", &["c++", "c#", "f#"]);
        check("C++17和C#8", &["c++", "17", "和", "c#", "8"]);
        check("A+ 与 1+1，a+++b", &["a+", "与", "1+1=1|1", "a", "b"]);
        check("page#top #c", &["page", "top", "c"]);
        check("用.NET和ASP.NET", &["用", ".net=net", "和", "asp.net=asp|net"]);
        check("AT&T的R&D", &["at&t=at|t", "的", "r&d=r|d"]);
        check("GPT‑4o模型", &["gpt-4o=gpt|4o", "模型"]);
        check("C/C++、TCP/IP", &["c/c++=c|c++", "tcp/ip=tcp|ip"]);
        check("涨3.5%。End... of", &["涨", "3.5", "end", "of"]);
        check("a.b.c.d.e", &["a", "b", "c", "d", "e"]);
    }
}
