//! Signs of East Asian punctuation, and the one by which the program finds again what it put into a text.

/// A noncharacter (Unicode 23.7), which stands in nobody's text.
pub const PLACEHOLDER: char = '\u{fdd0}';

pub fn is_punctuation(c: char) -> bool {
    matches!(c,
        '\u{b7}' | '«' | '»' | '\u{2013}'..='\u{201f}' | '\u{2022}' | '\u{2026}' | '\u{2039}' | '\u{203a}'
        | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{fe10}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}'
        | '\u{ffe0}'..='\u{ffee}')
}
