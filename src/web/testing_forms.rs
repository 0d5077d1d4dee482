//! What a browser would make of a page: its text, and its forms as they are sent.

use super::testing::Answer;

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
