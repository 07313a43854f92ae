//! Where a headline in Chinese may go on in the next line: between words, and only where a reader would not stumble.

use crate::words;

/// Ngrams that no line begins with, and that no line ends with (after the tables of "Requirements for Chinese Text Layout", W3C).
const NO_START: &str = "，。、；：？！”’」』）》〉】〕］｝·…—～%‰％℃°,.;:?!)]}>/-–";
const NO_END: &str = "“‘「『（《〈【〔［｛([{<￥¥$€£#＃@";
/// Words that lean on the one before them.
const LEANING: &str = "的了着过吗呢吧啊呀嘛么们地得之者儿";

/// Byte offsets in `text` at which a line may begin, ascending. Spaces break lines by themselves and have none beside them. A last
/// line is never one character alone, whatever follows it.
pub fn line_breaks(text: &str) -> Vec<usize> {
    let tokens = words::tokens(text);
    let ends_with_digit = |at: usize| text[..at].ends_with(|c: char| c.is_ascii_digit());
    let mut breaks: Vec<usize> = Vec::new();
    for &(start, end) in tokens.iter().filter(|(start, _)| *start > 0) {
        let (before, after) = (text[..start].chars().next_back(), text[start..].chars().next());
        let (Some(before), Some(after)) = (before, after) else { continue };
        let single = text[start..end].chars().count() == 1;
        let keeps_together = before.is_whitespace()
            || after.is_whitespace()
            || NO_START.contains(after)
            || NO_END.contains(before)
            || single && LEANING.contains(after)
            // A number and what it counts.
            || single && ends_with_digit(start)
            // Within what is written without Han characters, browsers know where lines may end.
            || !is_wide(before) && !is_wide(after);
        if !keeps_together {
            breaks.push(start);
        }
    }
    let letters = |from: usize| text[from..].chars().filter(|c| c.is_alphanumeric()).count();
    while breaks.last().is_some_and(|&at| letters(at) < 2) {
        breaks.pop();
    }
    breaks
}

/// Whether lines may end beside it without a space: Han, kana, and the ngrams that only stand among them. Quotes and dashes stand in
/// Latin words too (`isn’t`).
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{303f}' | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> String {
        let mut out = text.to_owned();
        for at in line_breaks(text).into_iter().rev() {
            out.insert(at, '|');
        }
        out
    }

    #[test]
    fn lines_begin_with_words() {
        assert_eq!(lines("北京大学的研究人员发现了新的材料"), "北京大学的|研究|人员|发现了|新的|材料");
        assert_eq!(lines("《红楼梦》为什么没有写完"), "《红楼梦》|为什么|没有|写完");
        assert_eq!(lines("他们的城市"), "他们的|城市");
    }

    #[test]
    fn signs_numbers_and_latin_words_stay_with_their_neighbours() {
        let text = "OpenAI 发布GPT-4o：“速度”提高了50%，价格只有3元";
        let cut = lines(text);
        for kept in ["GPT-4o：", "“速度”", "50%，", "3元"] {
            assert!(cut.contains(kept), "{kept} in {cut}");
        }
        assert!(!cut.contains(" |") && !cut.contains("| "), "{cut}");
        for latin in ["A headline that isn’t Chinese", "L’été — “la mer”…", "Ｏ’Neill"] {
            assert!(!lines(latin).contains("’|") && !lines(latin).contains("|’"), "{}", lines(latin));
        }
        assert_eq!(lines("A headline that isn’t Chinese"), "A headline that isn’t Chinese");
    }

    #[test]
    fn no_last_line_is_one_character() {
        for text in ["他走进了山", "今天真热！", "谁来管一管他呢？", "我", "", "！"] {
            let last = line_breaks(text).last().copied().unwrap_or(0);
            let left = text[last..].chars().filter(|c| c.is_alphanumeric()).count();
            assert!(last == 0 || left >= 2, "{}", lines(text));
        }
    }
}
