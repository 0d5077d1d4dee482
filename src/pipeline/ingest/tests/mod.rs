//! Collections good and bad: each fault is told by file and line, and the rest comes in.

mod faults;
mod journeys;
mod parsers;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::blobs::Blobs;
use crate::domain::{FixedClock, Timestamp};
use crate::store::Store;

/// A collection of two stops in a folder, and a store to import it into.
struct Bench {
    folder: tempfile::TempDir,
    store: Store,
    blobs: Blobs,
}

const STOP: &str = "sites/thap-doi/thap-bac/stop.md";
const STOP_EN: &str = "sites/thap-doi/thap-bac/stop.en.md";
const SITE: &str = "sites/thap-doi/site.md";

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(Timestamp(1_700_000_000_000)));
        let store = Store::open(&folder.path().join("store.db"), clock).await.unwrap();
        let blobs = Blobs::open(&folder.path().join("blobs")).unwrap();
        let bench = Self { folder, store, blobs };
        bench.write(
            "collection.toml",
            "slug = \"binh-dinh\"\nsource_language = \"vi\"\nguide_languages = [\"vi\", \"en\"]\n\
             [names]\nvi = \"Bình Định\"\n[policy]\npublish_machine_translation = true\n",
        );
        bench.write("glossary.tsv", "term\tforms\tvi\ten\tnote\nChăm\tChàm | người Chăm\t\tCham\t\n");
        bench.write(
            "lexicon.en.pls",
            "<?xml version=\"1.0\"?>\n<lexicon version=\"1.0\" xmlns=\"http://www.w3.org/2005/01/pronunciation-lexicon\" \
             alphabet=\"ipa\" xml:lang=\"en\">\n<lexeme><grapheme>Chăm</grapheme><phoneme>tʃɑːm</phoneme></lexeme>\n\
             </lexicon>\n",
        );
        bench.write(SITE, "+++\nposition = 1\nkind = \"tower\"\n[names]\nvi = \"Tháp Đôi\"\n+++\n\nHai tháp Chăm.\n");
        bench.write("sites/thap-doi/site.en.md", "Two Cham towers.\n");
        bench.write(STOP, stop("TD1", "Tháp Bắc cao. Tháp đẹp."));
        bench.write(STOP_EN, "+++\ntitle = \"North\"\nauthor = \"A\"\nstate = \"draft\"\n+++\n\nOne. Two.\n\nThree.\n");
        bench.write("sites/thap-doi/thap-nam/stop.md", stop("TD2", "Tháp Nam thấp hơn."));
        bench
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("collection")
    }

    fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.root().join(file)).unwrap();
        assert!(text.contains(from), "{file} holds no {from}");
        self.write(file, text.replace(from, to));
    }

    async fn import(&self) -> Report {
        self.import_from(&self.root()).await
    }

    async fn import_from(&self, root: &Path) -> Report {
        import(&self.store, &self.blobs, Folder::read(root).unwrap(), ImportOptions::default()).await.unwrap()
    }
}

fn stop(code: &str, body: &str) -> String {
    format!(
        "+++\ncode = \"{code}\"\nposition = 1\ntitle = \"Tháp\"\nauthor = \"Ban biên tập\"\nstate = \"approved\"\n\
         kind = \"tower\"\n[names]\nvi = \"Tháp\"\n+++\n\n{body}\n"
    )
}

fn told(report: &Report) -> Vec<String> {
    report.refused.iter().map(ToString::to_string).collect()
}
