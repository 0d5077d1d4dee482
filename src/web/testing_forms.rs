//! What a browser would make of an answer: its text, and its forms as they are sent.

use axum::http::HeaderMap;

/// What came back.
pub struct Answer {
    pub status: u16,
    headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// As text.
    pub body: String,
}

impl Answer {
    pub fn new(status: u16, headers: HeaderMap, bytes: Vec<u8>) -> Self {
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Self { status, headers, bytes, body }
    }

    /// Empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The hidden fields of its forms.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let value = |rest: &str, name: &str| {
            let from = rest.split_once(&format!(" {name}=\""))?.1;
            Some(plain(from.split_once('"')?.0))
        };
        let tags = self.body.split("<input type=\"hidden\"").skip(1);
        tags.filter_map(|tag| {
            let tag = tag.split('>').next()?;
            Some((value(tag, "name")?, value(tag, "value")?))
        })
        .collect()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Text of a page, without its escapes.
pub fn plain(escaped: &str) -> String {
    let mut text = escaped.to_owned();
    for (escape, letter) in [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")] {
        text = text.replace(escape, letter);
    }
    text
}

/// The fields of the form of a page that is sent to `action`, as a browser would send them untouched.
pub fn form_of(page: &Answer, action: &str) -> Vec<(String, String)> {
    let start = page.body.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form to {action}"));
    let form = page.body[start..].split("</form>").next().unwrap();
    let value = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        Some(plain(rest.split_once('"')?.0))
    };
    let mut found = Vec::new();
    for rest in form.split('<').skip(1) {
        let (tag, text) = rest.split_once('>').unwrap();
        let (kind, tag) = tag.split_once(' ').unwrap_or((tag, ""));
        let tag = format!(" {tag} ");
        let Some(name) = value(&tag, "name") else {
            if kind == "option" && tag.contains(" selected") {
                let chosen: &mut (String, String) = found.last_mut().unwrap();
                chosen.1 = value(&tag, "value").unwrap();
            }
            continue;
        };
        let ticked = !tag.contains("\"checkbox\"") && !tag.contains("\"radio\"") || tag.contains(" checked");
        match kind {
            "input" if ticked && !tag.contains("\"file\"") => {
                found.push((name, value(&tag, "value").unwrap_or_default()))
            }
            "textarea" => found.push((name, plain(text.trim_start_matches('\n')))),
            "select" => found.push((name, String::new())),
            _ => {}
        }
    }
    found
}

pub fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
