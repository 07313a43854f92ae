//! Languages: those of the interface, and what is known of the content's.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use whatlang::{Detector, Lang, Script};

/// A language the interface speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    #[serde(rename = "en")]
    En,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// BCP 47, as in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The locale for a language tag: any `zh…` or `en…`.
    pub fn of(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.trim().to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The best of an `Accept-Language` header (RFC 9110, section 12.5.4).
    pub fn negotiate(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',') {
            let (tag, params) = part.split_once(';').unwrap_or((part, ""));
            let q = params.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            if let Some(locale) = Self::of(tag.trim()).filter(|_| q > 0.0 && best.is_none_or(|(b, _)| q > b))
            {
                best = Some((q, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }
}

/// The tag of a text of which the language is not known (BCP 47; ISO 639-2).
pub const UNKNOWN: &str = "und";

/// What is looked at of a text: more letters tell nothing new.
const LOOKED_AT: usize = 2_000;
/// Letters of a script that many languages share, below which every guess is a toss: `Hello world` is as likely Dutch.
const FEW: usize = 24;

/// Without languages that texts of more common ones are mistaken for.
static DETECTOR: LazyLock<Detector> =
    LazyLock::new(|| Detector::with_denylist(vec![Lang::Epo, Lang::Lat, Lang::Jav, Lang::Tuk]));

/// The content's language as a BCP 47 tag, [`UNKNOWN`] where it cannot be told.
///
/// Chinese, Japanese and Korean are told by their characters: `zh` where at least a fifth of the letters are Han (a text about Kubernetes is
/// Chinese all the same), `ja` where kana stand among them. The others are told by `whatlang`, from letters and trigrams, as far as it is sure.
pub fn guess(text: &str) -> &'static str {
    let (mut han, mut kana, mut hangul, mut lao, mut tibetan, mut letters) = (0, 0, 0, 0, 0, 0_usize);
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphabetic()).take(LOOKED_AT) {
        start = at + c.len_utf8();
        letters += 1;
        match c {
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' => han += 1,
            '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' => hangul += 1,
            '\u{e80}'..='\u{eff}' => lao += 1,
            '\u{f00}'..='\u{fff}' => tibetan += 1,
            _ => {}
        }
    }
    if letters == 0 {
        UNKNOWN
    } else if kana * 10 > letters {
        "ja"
    } else if hangul * 5 >= letters && hangul > han {
        "ko"
    } else if han * 5 >= letters {
        "zh"
    } else if lao * 2 > letters {
        "lo"
    } else if tibetan * 2 > letters {
        "bo"
    } else {
        detected(&text[..start], letters)
    }
}

fn detected(text: &str, letters: usize) -> &'static str {
    let script = whatlang::detect_script(text);
    let shared = matches!(
        script,
        Some(Script::Latin | Script::Cyrillic | Script::Arabic | Script::Devanagari | Script::Hebrew)
    );
    // Asked first: trigrams cost a hundred times as much, and most names are short.
    if shared && letters < FEW {
        return UNKNOWN;
    }
    match DETECTOR.detect(text) {
        Some(info) if !shared || info.is_reliable() => tag(info.lang()),
        _ => UNKNOWN,
    }
}

/// ISO 639-1 for what `whatlang` knows.
const fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Kor => "ko",
        Lang::Nob => "nb",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        _ => UNKNOWN,
    }
}

/// Whether a language, by its tag, is written from right to left.
pub fn is_right_to_left(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default().to_ascii_lowercase();
    // A script that is named decides: `az-Arab`, `ar-Latn`.
    match parts.find(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic())) {
        Some(script) => {
            matches!(script.to_ascii_lowercase().as_str(), "arab" | "hebr" | "syrc" | "thaa" | "nkoo")
        }
        None => {
            matches!(
                language.as_str(),
                "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "iw" | "ps" | "sd" | "ug" | "ur" | "yi"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiates() {
        assert_eq!(Locale::negotiate("fr, en;q=0.5, zh-TW;q=0.8"), Some(Locale::ZhCn));
        assert_eq!(Locale::negotiate("en-GB,zh;q=0"), Some(Locale::En));
        assert_eq!(Locale::negotiate("fr"), None);
    }

    #[test]
    fn guesses_what_can_be_told() {
        for (text, want) in [
            ("今天的 Rust 发布", "zh"),
            ("臺灣的後門", "zh"),
            ("きょうは寒い", "ja"),
            ("東京の天気は晴れ、明日は雨になる見込みです。", "ja"),
            ("오늘은 날씨가 좋습니다", "ko"),
            (
                "The tide tables of the harbour are printed once a year, and they are wrong by a minute or two.",
                "en",
            ),
            (
                "Die Gezeitentafeln des Hafens werden einmal im Jahr gedruckt und weichen um eine oder zwei Minuten ab.",
                "de",
            ),
            (
                "Les horaires des marées du port sont imprimés une fois par an et se trompent d'une minute ou deux.",
                "fr",
            ),
            (
                "Las tablas de mareas del puerto se imprimen una vez al año y se equivocan en uno o dos minutos.",
                "es",
            ),
            ("Таблицы приливов печатаются раз в год, и в них бывает ошибка в одну или две минуты.", "ru"),
            (
                "Таблиці припливів друкують раз на рік, і в них буває похибка в одну чи дві хвилини, але їх усе ж читають.",
                "uk",
            ),
            ("تُطبع جداول المد والجزر في الميناء مرة واحدة في السنة، وقد تخطئ بدقيقة أو دقيقتين.", "ar"),
            ("לוחות הגאות של הנמל מודפסים פעם בשנה, והם טועים בדקה או שתיים.", "he"),
            ("Bảng thủy triều của cảng được in mỗi năm một lần và sai lệch một hoặc hai phút.", "vi"),
            ("ตารางน้ำขึ้นน้ำลงของท่าเรือพิมพ์ปีละครั้ง", "th"),
            ("តារាងជំនោរ", "km"),
            ("ຕາຕະລາງນ້ຳຂຶ້ນນ້ຳລົງ", "lo"),
            ("Πίνακες παλίρροιας", "el"),
        ] {
            assert_eq!(guess(text), want, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_not_guessed() {
        for text in ["", "12:30 — 5", "😀", "Hello", "OK!", "Notre Dame", "Привет", "x = y + z;"] {
            assert_eq!(guess(text), UNKNOWN, "{text}");
        }
    }

    #[test]
    fn the_script_decides_the_direction() {
        for tag in ["ar", "ar-EG", "he", "fa-IR", "ur", "yi", "az-Arab", "ug"] {
            assert!(is_right_to_left(tag), "{tag}");
        }
        for tag in ["zh", "en", "ar-Latn", "und", "az", ""] {
            assert!(!is_right_to_left(tag), "{tag}");
        }
    }
}
