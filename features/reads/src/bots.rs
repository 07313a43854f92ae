//! Who is not a reader.

/// Whether a user agent is a program that reads for nobody: crawlers, previews of links, monitors, scripts, browsers without a
/// screen. Those that hide are counted; the list is for the honest ones, which are nearly all of the traffic.
pub fn is_bot(user_agent: &str) -> bool {
    // Parts of names, in lower case. `bot` and the like stand for hundreds; the others are those whose names do not say so.
    const MARKS: [&str; 43] = [
        "bot",
        "crawl",
        "spider",
        "slurp",
        "scrap",
        "fetch",
        "preview",
        "headless",
        "lighthouse",
        "pagespeed",
        "monitor",
        "uptime",
        "pingdom",
        "validator",
        "archiver",
        "curl",
        "wget",
        "python",
        "httpx",
        "aiohttp",
        "java/",
        "okhttp",
        "go-http-client",
        "node/",
        "node.js",
        "axios",
        "undici",
        "perl",
        "ruby",
        "php/",
        "libwww",
        "apache-httpclient",
        "postman",
        "insomnia",
        "phantomjs",
        "selenium",
        "puppeteer",
        "playwright",
        "facebookexternalhit",
        "whatsapp",
        "embedly",
        "mediapartners",
        "google-inspectiontool",
    ];
    /// A maker of telephones whose name has a mark in it.
    const READER: &str = "cubot";
    let agent = user_agent.trim().to_lowercase();
    // Browsers have said «Mozilla/5.0» since the last century; what says nothing else is a script.
    if agent.len() < 12 {
        return true;
    }
    let agent = agent.replace(READER, "");
    MARKS.iter().any(|mark| agent.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::is_bot;

    #[test]
    fn programs_are_told_from_readers() {
        for agent in [
            "",
            "Mozilla/5.0",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
            "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/124.0 Safari/537.36",
            "curl/8.5.0",
            "Wget/1.21.4",
            "python-requests/2.31.0",
            "Go-http-client/2.0",
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "Mozilla/5.0 (compatible; bingpreview/1.0)",
        ] {
            assert!(is_bot(agent), "{agent}");
        }
        for agent in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49",
            "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
            "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36",
            "w3m/0.5.3+git20230121",
        ] {
            assert!(!is_bot(agent), "{agent}");
        }
    }
}
