//! What the collection says in each language, as sentences.

use thuyetminh::domain::Language;

use super::root;

/// What the collection says in a language, as sentences.
pub(super) fn sentences(language: &str) -> Vec<String> {
    let listed = std::fs::read_to_string(root().join("tests/golden/hearing/sentences.tsv")).unwrap();
    let in_list = |line: &str| {
        line.strip_prefix(&format!("{language}\t")).and_then(|rest| rest.split('\t').nth(1)).map(str::to_owned)
    };
    let found: Vec<_> = listed.lines().filter_map(in_list).collect();
    if !found.is_empty() {
        return found;
    }
    // Portuguese is written nowhere but made: what pages cost does not depend on its being Portuguese.
    let name = match language {
        "vi" => "stop.md".to_owned(),
        "pt" => "stop.en.md".to_owned(),
        other => format!("stop.{other}.md"),
    };
    let mut found = Vec::new();
    let mut folders = vec![root().join("content/binh-dinh/sites")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.file_name().to_str() == Some(&name) {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                let body = text.strip_prefix("+++").unwrap().split_once("\n+++").unwrap().1;
                let language: Language = language.parse().unwrap();
                found.extend(
                    body.split("\n\n").flat_map(|paragraph| {
                        thuyetminh::text::split_sentences(&paragraph.replace('\n', " "), language)
                    }),
                );
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{language}");
    found
}
