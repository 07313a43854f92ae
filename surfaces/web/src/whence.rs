//! Whence a form came that has to do with an account.

use accounts::Origin;
use http::HeaderMap;
use kernel::{Locale, Region};

use crate::context::truncated;
use crate::{Frame, RequestContext, session};

/// What is kept in words of a request.
pub struct Whence<'a> {
    network: String,
    kept_network: String,
    device: Option<&'a str>,
    agent: Option<String>,
    region: Option<Region>,
    locale: Locale,
}

impl<'a> Whence<'a> {
    pub fn of(frame: &impl AsRef<Frame>, context: &RequestContext, headers: &'a HeaderMap) -> Self {
        let frame = frame.as_ref();
        Self {
            network: context.network.to_string(),
            kept_network: truncated(context.network),
            device: session::device(headers, frame.setup().secure()),
            agent: browser(&context.agent),
            region: frame.region(context),
            locale: context.variant.locale,
        }
    }

    pub fn origin(&self) -> Origin<'_> {
        Origin {
            network: &self.network,
            kept_network: Some(&self.kept_network),
            device: self.device,
            agent: self.agent.as_deref(),
            region: self.region.as_ref(),
            locale: self.locale,
        }
    }
}

/// A browser and its system, as far as what it calls itself tells; never the whole of it, which would tell browsers apart.
pub fn browser(agent: &str) -> Option<String> {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // Each calls itself all that came before it.
    let browser = named(&[
        ("MicroMessenger", "WeChat"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ])?;
    let system = named(&[
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    Some(system.map_or_else(|| browser.to_owned(), |system| format!("{browser}, {system}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_by_what_they_call_themselves() {
        for (agent, want) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                Some("Firefox, Linux"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0",
                Some("Edge, Windows"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                Some("Safari, iOS"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Mobile Safari/537.36",
                Some("Chrome, Android"),
            ),
            ("curl/8.5.0", None),
        ] {
            assert_eq!(browser(agent).as_deref(), want, "{agent}");
        }
    }
}
