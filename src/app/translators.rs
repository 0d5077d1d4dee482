//! The translation models of this machine, chosen by their manifests.
//!
//! A model is offered for each pair its manifest names, without being loaded: a network of several gigabytes is read when
//! its first sentence comes. Invariant: the same pair is offered in one order, whatever is loaded: models that the
//! settings prefer, then Bergamot students, OPUS-MT, M2M100, SMaLL-100, NLLB, MADLAD-400, and those of one kind by name.
//! Weights whose terms nobody accepted are never offered.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::bail;

use crate::config::ModelSettings;
use crate::domain::{HashBuilder, Language};
use crate::models::{Family, Manifest, ModelsError, Receipt, Translation, Weights};
use crate::neural::marian::{self, Bergamot};
use crate::neural::seq2seq::{self, Seq2Seq};
use crate::ports::{Cancel, EngineError, EngineIdentity, Translator};

/// Chooses among the models on disk.
pub struct Translators<'a> {
    pub weights: &'a Weights,
    pub settings: &'a ModelSettings,
    pub threads: usize,
}

/// Networks of many languages by their folders, each loaded once for all of its pairs.
type Networks = Arc<Mutex<HashMap<PathBuf, Arc<Seq2Seq>>>>;

/// A model's place for one pair.
#[derive(Clone, Copy)]
struct Offer<'a> {
    manifest: &'a Manifest,
    translation: &'a Translation,
    pair: [Language; 2],
}

impl Translators<'_> {
    /// Every pair of every model whose weights are here and may be used, the preferred ones first.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<dyn Translator>> {
        let networks = Networks::default();
        let mut all: Vec<Arc<dyn Translator>> = Vec::new();
        for offer in self.offers() {
            match self.open(offer, &networks) {
                Ok(translator) => all.push(translator),
                Err(error) => tracing::debug!(model = offer.manifest.name, %error, "this model is left out"),
            }
        }
        all
    }

    /// The translator of a pair: the preferred one, or the one of a model (`bergamot-en-pt`) or kind (`bergamot`).
    ///
    /// # Errors
    /// Where there is none; it says which there are, and what could be pulled.
    pub fn of(&self, pair: [Language; 2], engine: Option<&str>) -> anyhow::Result<Arc<dyn Translator>> {
        let [from, to] = pair;
        let offers = self.offers();
        if let Some(engine) = engine
            && !offers.iter().any(|offer| offer.is(engine))
        {
            let mut known: Vec<&str> = offers.iter().map(|offer| offer.manifest.name.as_str()).collect();
            known.dedup();
            bail!("there is no translation model `{engine}`: use a kind or one of {}", known.join(", "));
        }
        let wanted: Vec<&Offer<'_>> =
            offers.iter().filter(|offer| offer.pair == pair && engine.is_none_or(|engine| offer.is(engine))).collect();
        let (mut refused, networks) = (Vec::new(), Networks::default());
        for offer in &wanted {
            match self.open(**offer, &networks) {
                Ok(translator) => return Ok(translator),
                Err(error) => refused.push(format!("- {error}")),
            }
        }
        let by = engine.map(|engine| format!(" with `{engine}`")).unwrap_or_default();
        let here = offers.iter().filter(|offer| self.open(**offer, &networks).is_ok());
        let here: Vec<String> =
            here.map(|offer| format!("{} to {} ({})", offer.pair[0], offer.pair[1], offer.manifest.name)).collect();
        let here = if here.is_empty() { "none".to_owned() } else { here.join(", ") };
        if refused.is_empty() {
            bail!("no model translates {from} to {to}{by}; on this machine: {here}");
        }
        bail!("nothing on this machine translates {from} to {to}{by}:\n{}\non this machine: {here}", refused.join("\n"))
    }

    /// Every pair of every manifest, in the order of preference.
    fn offers(&self) -> Vec<Offer<'_>> {
        let mut offers: Vec<Offer<'_>> = Vec::new();
        for manifest in self.weights.catalogue().all() {
            let Some(translation) = &manifest.translation else { continue };
            let pairs = translation.pairs(&manifest.languages);
            offers.extend(pairs.into_iter().map(|pair| Offer { manifest, translation, pair }));
        }
        let preferred = |offer: &Offer<'_>| {
            let place = self.settings.prefer.iter().position(|name| offer.is(name));
            (place.unwrap_or(usize::MAX), offer.translation.family)
        };
        offers.sort_by_key(preferred);
        offers
    }

    fn open(&self, offer: Offer<'_>, networks: &Networks) -> Result<Arc<dyn Translator>, ModelsError> {
        let Offer { manifest, translation, pair } = offer;
        manifest.licence_accepted(&self.settings.accepted_licences)?;
        let folder = self.weights.locate(&manifest.name)?;
        let receipt = self.weights.receipt(manifest);
        let identity = identity(manifest, translation, receipt.as_ref(), pair);
        let (threads, translation, networks) = (self.threads, translation.clone(), networks.clone());
        let load = Box::new(move || load(&folder, &translation, pair, threads, &networks));
        Ok(Arc::new(OnDemand { identity, pair, state: Mutex::new(State::Waiting(load)) }))
    }
}

impl Offer<'_> {
    /// Whether a person means this model by `name`.
    fn is(&self, name: &str) -> bool {
        self.manifest.name == name || self.translation.family.name() == name
    }
}

/// What makes the model's translations what they are, by its receipt: nothing is loaded for it.
fn identity(
    manifest: &Manifest,
    translation: &Translation,
    receipt: Option<&Receipt>,
    [from, to]: [Language; 2],
) -> EngineIdentity {
    let files = receipt.map(|receipt| receipt.files.as_slice()).unwrap_or_default();
    let files = files.iter().map(|file| (file.path.as_str(), file.sha256));
    let fingerprint = match translation.family {
        Family::Bergamot => marian::fingerprint(files),
        family => {
            let key = HashBuilder::new("translator 1").with("family", family.name());
            let key = key.with("from", from.tag()).with("to", to.tag());
            files.fold(key, |key, (path, sum)| key.with(path, sum.to_string())).finish()
        }
    };
    EngineIdentity { engine: translation.family.name().to_owned(), model: manifest.name.clone(), fingerprint }
}

/// Loads a model for a pair.
fn load(
    folder: &Path,
    translation: &Translation,
    [from, to]: [Language; 2],
    threads: usize,
    networks: &Networks,
) -> Result<Arc<dyn Translator>, EngineError> {
    match translation.family {
        Family::Bergamot => {
            let options = marian::Options { threads, ..marian::Options::default() };
            let load = if translation.shortlist { Bergamot::load } else { Bergamot::load_without_shortlist };
            let student = load(folder, from, to, options);
            Ok(Arc::new(student.map_err(|error| EngineError::failed("bergamot", error))?))
        }
        family => {
            let name = family.name();
            let kind = seq2seq::Family::named(name)
                .ok_or_else(|| EngineError::failed(name, format!("no engine reads models of the kind `{name}`")))?;
            let mut networks = networks.lock().unwrap_or_else(PoisonError::into_inner);
            let model = match networks.get(folder) {
                Some(loaded) => loaded.for_pair(from, to),
                None => {
                    let options = seq2seq::Options { threads, ..seq2seq::Options::default() };
                    Seq2Seq::load(folder, kind, from, to, options)
                }
            };
            let model = Arc::new(model.map_err(|error| EngineError::failed(name, error))?);
            networks.entry(folder.to_owned()).or_insert_with(|| model.clone());
            Ok(model)
        }
    }
}

type Load = Box<dyn Fn() -> Result<Arc<dyn Translator>, EngineError> + Send>;

enum State {
    Waiting(Load),
    Loaded(Arc<dyn Translator>),
}

/// A translator that is loaded when its first sentence comes. One that could not be loaded is tried again.
struct OnDemand {
    identity: EngineIdentity,
    pair: [Language; 2],
    state: Mutex<State>,
}

impl OnDemand {
    fn loaded(&self) -> Result<Arc<dyn Translator>, EngineError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let translator = match &*state {
            State::Loaded(translator) => return Ok(translator.clone()),
            State::Waiting(load) => load()?,
        };
        *state = State::Loaded(translator.clone());
        Ok(translator)
    }
}

impl Translator for OnDemand {
    fn identity(&self) -> &EngineIdentity {
        &self.identity
    }

    fn source(&self) -> Language {
        self.pair[0]
    }

    fn target(&self) -> Language {
        self.pair[1]
    }

    fn translate(&self, sentences: &[String], cancel: &Cancel) -> Result<Vec<String>, EngineError> {
        self.loaded()?.translate(sentences, cancel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ContentHash;
    use crate::models::{Catalogue, ReceiptFile};

    /// Weights of five models, of which four are there: their files hold nothing that could be loaded.
    fn weights(folder: &Path) -> Weights {
        let manifest = |name: &str, family: &str, pairs: &str, accept: &str| {
            let text = format!(
                "name='{name}'\nsets=[]\nwhat='x'\nengine='{family}'\nlanguages=['en','pt','vi']\n\
                 licence={{spdx='MIT',text='x'{accept}}}\ntranslation={{family='{family}',pairs={pairs}}}\n\
                 packages.p={{kind='hub',repository='a/b',revision='r',file='model.bin'}}\n\
                 files=[{{path='model.bin',sha256='unpinned',from=['p']}}]"
            );
            Manifest::parse("test.toml", &text).unwrap()
        };
        let manifests = vec![
            manifest("absent", "bergamot", "[['en','pt']]", ""),
            manifest("large", "madlad", "'all'", ""),
            manifest("many", "m2m100", "'all'", ""),
            manifest("student", "bergamot", "[['en','pt']]", ""),
            manifest("guarded", "nllb", "'all'", ",accept='nc'"),
        ];
        let weights = Weights::with_catalogue(folder, Catalogue::of(manifests).unwrap());
        for manifest in weights.catalogue().all().filter(|manifest| manifest.name != "absent") {
            let at = folder.join(&manifest.name);
            std::fs::create_dir_all(&at).unwrap();
            std::fs::write(at.join("model.bin"), b"no model").unwrap();
            let file = ReceiptFile { path: "model.bin".into(), size: 8, sha256: ContentHash::of(b"no model") };
            let (name, licence) = (manifest.name.clone(), "MIT".to_owned());
            Receipt { name, manifest: manifest.fingerprint(), licence, files: vec![file] }.write(&at).unwrap();
        }
        weights
    }

    fn names(settings: &ModelSettings, pair: [Language; 2]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let weights = weights(folder.path());
        let all = Translators { weights: &weights, settings, threads: 1 }.all();
        let of_the_pair = all.iter().filter(|one| [one.source(), one.target()] == pair);
        of_the_pair.map(|one| one.identity().model.clone()).collect()
    }

    const PAIR: [Language; 2] = [Language::EN, Language::PT];

    #[test]
    fn a_pair_is_offered_in_the_order_of_preference_by_what_is_here_and_accepted() {
        let usual = ModelSettings::default();
        assert_eq!(names(&usual, PAIR), ["student", "many", "large"]);
        assert_eq!(names(&usual, [Language::VI, Language::PT]), ["many", "large"]);
        let prefer = ModelSettings { prefer: vec!["large".into(), "m2m100".into()], ..usual.clone() };
        assert_eq!(names(&prefer, PAIR), ["large", "many", "student"]);
        let accepting = ModelSettings { accepted_licences: vec!["nc".into()], ..usual };
        assert_eq!(names(&accepting, PAIR), ["student", "many", "guarded", "large"]);
    }

    #[test]
    fn nothing_is_loaded_before_the_first_sentence_and_a_fault_is_told_then() {
        let folder = tempfile::tempdir().unwrap();
        let (weights, settings) = (weights(folder.path()), ModelSettings::default());
        let student = Translators { weights: &weights, settings: &settings, threads: 1 }.of(PAIR, None).unwrap();
        assert_eq!((student.identity().engine.as_str(), student.source()), ("bergamot", Language::EN));
        let error = student.translate(&["One.".to_owned()], &Cancel::new()).unwrap_err();
        let told = format!("{error} {:?}", std::error::Error::source(&error).map(ToString::to_string));
        assert!(told.contains("student/model.bin"), "{told}");
    }

    #[test]
    fn a_model_is_chosen_by_name_or_kind_and_what_is_missing_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let (weights, settings) = (weights(folder.path()), ModelSettings::default());
        let choice = Translators { weights: &weights, settings: &settings, threads: 1 };
        let chosen = |engine| choice.of(PAIR, Some(engine)).map(|one| one.identity().model.clone());
        assert_eq!(chosen("many").unwrap(), "many");
        assert_eq!(chosen("madlad").unwrap(), "large");
        assert_eq!(chosen("bergamot").unwrap(), "student");
        for (engine, told) in [
            ("babel", "no translation model `babel`: use a kind or one of absent, student, many"),
            ("absent", "models pull absent"),
            ("guarded", "accepted_licences = [\"nc\"]"),
        ] {
            let error = chosen(engine).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
        let error = choice.of([Language::EN, Language::FR], None).err().unwrap().to_string();
        assert!(error.contains("en to fr") && error.contains("en to pt (student)"), "{error}");
    }
}
