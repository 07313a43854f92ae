//! Names that look like others: folding, confusables and scripts (Unicode Technical Standard #39), and names that nobody may have.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};
use unicode_security::mixed_script::AugmentedScriptSet;

/// What names share that readers may take for each other: without case, width, spaces and the signs between words, every character
/// replaced by the one it looks like. To compare, not to show.
pub fn skeleton(text: &str) -> String {
    let folded: String = fold(text).filter(|&c| !is_separator(c)).collect();
    // A name of nothing but such signs is itself.
    let folded = if folded.is_empty() { fold(text).collect() } else { folded };
    let shape: String = unicode_security::skeleton(&folded).flat_map(char::to_lowercase).collect();
    // A capital I looks like an l, and is an i once its case is folded.
    shape.replace('i', "l").nfc().collect()
}

fn fold(text: &str) -> impl Iterator<Item = char> {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower.nfkc().collect::<Vec<_>>().into_iter()
}

const fn is_separator(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, ' ' | '\u{a0}' | '\u{b7}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3000}'..='\u{3002}' | '\u{30fb}')
        || matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180f}')
}

/// Whether letters of scripts stand together that nobody writes together, as Latin and Cyrillic: what UTS #39, section 5.2, calls less
/// than highly restrictive. Latin may stand beside Chinese, Japanese or Korean.
pub fn mixes_scripts(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    if !AugmentedScriptSet::for_str(&letters).is_empty() {
        return false;
    }
    let others: String = letters.chars().filter(|c| c.script() != Script::Latin).collect();
    let set = AugmentedScriptSet::for_str(&others);
    others.len() == letters.len() || set.is_empty() || !(set.hanb || set.jpan || set.kore)
}

/// First segments of this site's addresses, and of those it may have: a test of the server holds that none is left out.
const ADDRESSES: &[&str] = &[
    "about",
    "account",
    "activity",
    "admin",
    "api",
    "appeal",
    "apply",
    "archive",
    "article",
    "articles",
    "assets",
    "audio",
    "author",
    "authors",
    "channel",
    "channels",
    "comment",
    "comments",
    "contact",
    "credit",
    "demo",
    "download",
    "edit",
    "editor",
    "embed",
    "export",
    "favicon",
    "favourites",
    "feed",
    "feeds",
    "file",
    "files",
    "following",
    "font",
    "fonts",
    "for-you",
    "health",
    "healthz",
    "help",
    "history",
    "home",
    "hot",
    "image",
    "images",
    "import",
    "inbox",
    "index",
    "insights",
    "install",
    "interests",
    "jobs",
    "lang",
    "latest",
    "legal",
    "locale",
    "login",
    "logout",
    "mail",
    "media",
    "metrics",
    "new",
    "news",
    "news-sitemap",
    "nodes",
    "notifications",
    "oembed",
    "outbox",
    "page",
    "passkeys",
    "password",
    "picture",
    "pictures",
    "preview",
    "privacy",
    "profile",
    "ready",
    "readyz",
    "redirects",
    "report",
    "reset",
    "robots",
    "rss",
    "rules",
    "search",
    "sessions",
    "settings",
    "setup",
    "sign-in",
    "sign-up",
    "signin",
    "signup",
    "sitemap",
    "start",
    "static",
    "status",
    "studio",
    "suggest",
    "sw",
    "tag",
    "tags",
    "team",
    "terms",
    "theme",
    "themes",
    "thread",
    "threads",
    "token",
    "tokens",
    "topic",
    "topics",
    "unsubscribe",
    "upload",
    "uploads",
    "user",
    "users",
    "verify",
    "version",
    "video",
    "welcome",
    "well-known",
];

/// Words by which people know those who look after a site.
const ROLES: &[&str] = &[
    "admin",
    "admins",
    "administrator",
    "anonymous",
    "editor-in-chief",
    "everyone",
    "guest",
    "hostmaster",
    "mod",
    "moderation",
    "moderator",
    "moderators",
    "noreply",
    "null",
    "official",
    "operator",
    "owner",
    "postmaster",
    "reviewer",
    "root",
    "security",
    "site-admin",
    "staff",
    "superuser",
    "support",
    "sysadmin",
    "sysop",
    "system",
    "team",
    "undefined",
    "webmaster",
    "管理员",
    "管理員",
    "站长",
    "站長",
    "版主",
    "官方",
    "客服",
    "系统",
    "系統",
    "审核员",
    "審核員",
    "编辑部",
    "運營",
    "运营",
    "匿名",
    "游客",
    "已注销用户",
    "deleted-user",
];

/// No name of a reader holds these.
const OFFICIAL: &[&str] = &["管理员", "管理員", "官方", "客服", "站长", "站長", "版主"];

/// No name of a reader has one of these as a word.
const OFFICIAL_WORDS: &[&str] = &["admin", "administrator", "moderator", "official", "webmaster"];

static RESERVED_HANDLES: LazyLock<HashSet<String>> =
    LazyLock::new(|| ADDRESSES.iter().chain(ROLES).map(|word| skeleton(word)).collect());
static RESERVED_NAMES: LazyLock<HashSet<String>> =
    LazyLock::new(|| ROLES.iter().map(|word| skeleton(word)).collect());

/// Whether a handle is, or looks like, an address of the site or a role of those who look after it.
pub fn is_reserved_handle(handle: &str) -> bool {
    RESERVED_HANDLES.contains(&skeleton(handle)) || handle.starts_with("deleted-")
}

/// Whether a reader of that name would be taken for somebody who looks after the site.
pub fn is_reserved_name(name: &str) -> bool {
    let shape = skeleton(name);
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(skeleton);
    RESERVED_NAMES.contains(&shape)
        || OFFICIAL.iter().any(|word| shape.contains(&skeleton(word)))
        || words.any(|word| OFFICIAL_WORDS.iter().any(|official| skeleton(official) == word))
}

/// Whether a name or handle is, or looks like, the name of the site itself, alone or beside a role: `Harbour Line`, `harb0ur-line`,
/// `Harbour Line Support`.
pub fn poses_as(name: &str, site: &str) -> bool {
    let (name, site) = (skeleton(name), skeleton(site));
    if site.is_empty() {
        return false;
    }
    let around = [name.strip_prefix(&site), name.strip_suffix(&site)];
    around.into_iter().flatten().any(|rest| rest.is_empty() || RESERVED_NAMES.contains(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_has_one_skeleton() {
        for (one, other) in [
            ("paypal", "pаypal"),    // Cyrillic а
            ("nanpo", "ＮａｎＰｏ"), // full width
            ("bill", "bi1l"),
            ("paypal", "PayPaI"),
            ("LIN", "l1n"),
            ("modern", "modem"),
            ("南坡观察", "南坡 · 观察"),
            ("harbour-line", "Harbour Line"),
            ("google", "g00gle"),
            ("Strasse", "STRASSE"),
            ("café", "cafe\u{301}"),
        ] {
            assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
        }
        for (one, other) in [("anna", "anne"), ("南坡", "北坡"), ("。。", "、、"), ("हिंदी", "हिंद")]
        {
            assert_ne!(skeleton(one), skeleton(other), "{one} {other}");
        }
        assert!(!skeleton("---").is_empty());
    }

    #[test]
    fn scripts_that_are_written_together() {
        for good in [
            "nanpo",
            "南坡观察",
            "AI前线",
            "東京タワー",
            "ひらがなとカタカナ漢字",
            "한국어新聞",
            "ドラえもんfan",
            "новости",
            "хроника24",
            "ελλάδα",
            "القاهرة",
            "ไทย",
            "हिंदी",
            "42",
            "ㄅㄆㄇ漢字",
        ] {
            assert!(!mixes_scripts(good), "{good}");
        }
        for bad in ["pаypal", "αdmin", "南坡пост", "한국カナ", "שלוםabc", "tοkyo"] {
            assert!(mixes_scripts(bad), "{bad}");
        }
    }

    #[test]
    fn nobody_is_called_like_the_site_itself() {
        for reserved in [
            "admin",
            "Admin",
            "adm1n",
            "аdmin",
            "ａｄｍｉｎ",
            "api",
            "studio",
            "管理员",
            "官方",
            "root",
            "web-master",
            "for_you",
            "deleted-42",
        ] {
            assert!(is_reserved_handle(reserved), "{reserved}");
        }
        for free in ["nanpo", "administration-fan", "apiary", "harbour"] {
            assert!(!is_reserved_handle(free), "{free}");
        }
        for reserved in
            ["管理员", "网站管理员", "Ａｄｍｉｎ", "Official", "本站官方", "Moderator", "客 服", "Mоderator"]
        {
            assert!(is_reserved_name(reserved), "{reserved}");
        }
        for reserved in ["Town News (official)", "Site Adm1n", "the.moderator"] {
            assert!(is_reserved_name(reserved), "{reserved}");
        }
        for free in ["南坡", "Adminah", "News lover", "搜索爱好者", "Unofficial fan", "Support act"] {
            assert!(!is_reserved_name(free), "{free}");
        }
    }

    #[test]
    fn nobody_is_called_like_this_site() {
        for (name, site) in [
            ("Harbour Line", "Harbour Line"),
            ("harb0ur-line", "Harbour Line"),
            ("Hаrbour Line", "Harbour Line"), // Cyrillic а
            ("Harbour Line Support", "Harbour Line"),
            ("Team Harbour Line", "Harbour Line"),
            ("临江日报", "临江日报"),
            ("临江日报 · 编辑部", "临江日报"),
        ] {
            assert!(poses_as(name, site), "{name} {site}");
        }
        for (name, site) in [
            ("Harbour", "Harbour Line"),
            ("Harbour Line fan", "Harbour Line"),
            ("临江", "临江日报"),
            ("ann", ""),
        ] {
            assert!(!poses_as(name, site), "{name} {site}");
        }
    }
}
