//! Text into a network's words and back, for each family.
//!
//! | family | pieces | words | around a source |
//! |---|---|---|---|
//! | Marian | `source.spm` | `vocab.json` (and `target_vocab.json`) | `>>language<<` where the model has several, `</s>` |
//! | M2M100 | `sentencepiece.bpe.model` | `vocab.json`, then 100 languages | source language, `</s>` |
//! | SMaLL-100 | the same | the same | target language, `</s>` |
//! | NLLB | the same file | its pieces after 3 of fairseq's, then `tokenizer.json` | source language, `</s>` |
//! | MADLAD-400 | `spiece.model` | its pieces | `<2language>`, `</s>` |

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::config::Family;
use super::error::{Seq2SeqError, read};
use super::languages;
use crate::domain::Language;
use crate::neural::layers::pieces::{Piece, PieceKind, Pieces, SentencePieces, join};

/// Which languages, and what the network's settings say about words.
#[derive(Clone, Copy)]
pub struct Frame {
    pub source: Language,
    pub target: Language,
    /// Words of the source.
    pub words: usize,
    /// Words of the target.
    pub target_words: usize,
    /// Ends a sentence.
    pub end: u32,
}

/// A family's reading and writing of text.
pub struct Codec {
    pieces: SentencePieces,
    /// Each piece's word.
    words: Vec<u32>,
    /// The piece that each word of the source is, for cutting long sentences.
    shown: Vec<u32>,
    /// What each word of the target is.
    written: Vec<Piece>,
    before: Vec<u32>,
    end: u32,
    /// The first word of every translation, where the family sets it.
    pub first: Option<u32>,
    /// The files read, for fingerprints.
    pub files: Vec<PathBuf>,
}

impl Codec {
    /// Reads a family's files of a folder.
    ///
    /// # Errors
    /// `Read`, `Garbled`, `Unfit` where vocabulary and network differ, `Language` where the model lacks one.
    pub fn open(folder: &Path, family: Family, frame: Frame) -> Result<Self, Seq2SeqError> {
        match family {
            Family::Marian => marian(folder, frame),
            Family::M2m100 | Family::Small100 => m2m100(folder, family, frame),
            Family::Nllb => nllb(folder, frame),
            Family::Madlad => madlad(folder, frame),
        }
    }

    /// A text's words, without what stands around a source.
    ///
    /// # Errors
    /// What `kitoken` finds.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let pieces = self.pieces.encode(text)?;
        Ok(pieces.into_iter().filter_map(|piece| self.words.get(piece as usize).copied()).collect())
    }

    /// A source as the network takes it.
    #[must_use]
    pub fn frame(&self, words: &[u32]) -> Vec<u32> {
        [self.before.as_slice(), words, &[self.end]].concat()
    }

    /// How many words stand around a source.
    #[must_use]
    pub fn around(&self) -> usize {
        self.before.len() + 1
    }

    /// The text of a translation.
    #[must_use]
    pub fn decode(&self, words: &[u32]) -> String {
        join(words.iter().filter_map(|word| self.written.get(*word as usize)))
    }

    fn new(files: Vec<PathBuf>, pieces: SentencePieces, words: Vec<u32>, written: Vec<Piece>, frame: Frame) -> Self {
        let mut shown = vec![u32::MAX; frame.words];
        for (piece, word) in words.iter().enumerate() {
            if let Some(slot) = shown.get_mut(*word as usize) {
                *slot = piece as u32;
            }
        }
        Self { pieces, words, shown, written, before: Vec::new(), end: frame.end, first: None, files }
    }
}

impl Pieces for Codec {
    fn text(&self, word: u32) -> &str {
        let piece = self.shown.get(word as usize).and_then(|piece| self.pieces.pieces().get(*piece as usize));
        piece.map_or("", |piece| &piece.text)
    }
}

fn sentence_pieces(path: &Path) -> Result<SentencePieces, Seq2SeqError> {
    SentencePieces::parse(&read(path)?).map_err(|what| Seq2SeqError::garbled(path, what))
}

/// Words and their numbers, each below `most`.
fn vocabulary(path: &Path, most: usize) -> Result<HashMap<String, u32>, Seq2SeqError> {
    let words: HashMap<String, u32> =
        serde_json::from_slice(&read(path)?).map_err(|e| Seq2SeqError::garbled(path, e))?;
    match words.iter().find(|(_, number)| **number as usize >= most) {
        Some((word, number)) => Err(Seq2SeqError::unfit(
            path,
            format!("its word `{word}` is number {number}, the network has {most} words"),
        )),
        None => Ok(words),
    }
}

fn word(path: &Path, words: &HashMap<String, u32>, word: &str) -> Result<u32, Seq2SeqError> {
    words.get(word).copied().ok_or_else(|| Seq2SeqError::unfit(path, format!("it has no word `{word}`")))
}

/// Each piece's word, the unknown one where the vocabulary lacks it.
fn words_of(pieces: &SentencePieces, words: &HashMap<String, u32>, unknown: u32) -> Vec<u32> {
    let word = |piece: &Piece| match piece.kind {
        PieceKind::Unknown => unknown,
        _ => words.get(&piece.text).copied().unwrap_or(unknown),
    };
    pieces.pieces().iter().map(word).collect()
}

/// What each word is written as; words of no piece are no text.
fn written(words: &HashMap<String, u32>, size: usize, specials: &[&str]) -> Vec<Piece> {
    let mut written = vec![Piece { kind: PieceKind::Unused, text: String::new() }; size];
    for (text, word) in words {
        let mark = specials.contains(&text.as_str()) || text.starts_with(">>") && text.ends_with("<<");
        let kind = match () {
            () if mark => PieceKind::Control,
            () if text.len() == 6 && text.starts_with("<0x") => PieceKind::Byte,
            () => PieceKind::Normal,
        };
        written[*word as usize] = Piece { kind, text: text.clone() };
    }
    written
}

fn missing_language(path: PathBuf, language: Language, what: &str) -> Seq2SeqError {
    Seq2SeqError::Language { path, language: language.tag().to_owned(), what: what.to_owned() }
}

fn marian(folder: &Path, frame: Frame) -> Result<Codec, Seq2SeqError> {
    let specials = ["</s>", "<pad>", "<unk>"];
    let (spm, path, other) = (folder.join("source.spm"), folder.join("vocab.json"), folder.join("target_vocab.json"));
    let mut files = vec![spm.clone(), path.clone()];
    let pieces = sentence_pieces(&spm)?;
    let words = vocabulary(&path, frame.words)?;
    let unknown = word(&path, &words, "<unk>")?;
    if word(&path, &words, "</s>")? != frame.end {
        return Err(Seq2SeqError::unfit(&path, format!("`</s>` is not number {}, as config.json says", frame.end)));
    }
    let shown = if other.is_file() {
        files.push(other.clone());
        written(&vocabulary(&other, frame.target_words)?, frame.target_words, &specials)
    } else {
        let target = vocabulary(&path, frame.target_words)?;
        written(&target, frame.target_words, &specials)
    };
    let several = words.keys().any(|word| word.starts_with(">>") && word.ends_with("<<"));
    let mark = languages::opus(frame.target).iter().find_map(|code| words.get(&format!(">>{code}<<")).copied());
    if several && mark.is_none() {
        let what = "its vocabulary marks target languages (>>...<<), and not this one";
        return Err(missing_language(path, frame.target, what));
    }
    let numbers = words_of(&pieces, &words, unknown);
    check_overlap(&spm, &pieces, &numbers, unknown)?;
    let mut codec = Codec::new(files, pieces, numbers, shown, frame);
    codec.before.extend(mark);
    Ok(codec)
}

/// A vocabulary that knows hardly any of the pieces is another model's.
fn check_overlap(path: &Path, pieces: &SentencePieces, words: &[u32], unknown: u32) -> Result<(), Seq2SeqError> {
    let normal = pieces.pieces().iter().zip(words).filter(|(piece, _)| piece.kind == PieceKind::Normal);
    let (mut all, mut known) = (0, 0);
    for (_, word) in normal {
        all += 1;
        known += usize::from(*word != unknown);
    }
    if known * 2 >= all {
        return Ok(());
    }
    Err(Seq2SeqError::unfit(path, format!("vocab.json knows {known} of its {all} pieces")))
}

fn m2m100(folder: &Path, family: Family, frame: Frame) -> Result<Codec, Seq2SeqError> {
    let (spm, path) = (folder.join("sentencepiece.bpe.model"), folder.join("vocab.json"));
    let pieces = sentence_pieces(&spm)?;
    let words = vocabulary(&path, frame.words)?;
    let unknown = word(&path, &words, "<unk>")?;
    if word(&path, &words, "</s>")? != frame.end {
        return Err(Seq2SeqError::unfit(&path, format!("`</s>` is not number {}, as config.json says", frame.end)));
    }
    let mark = |language: Language| {
        let place = languages::M2M100.iter().position(|code| *code == language.tag());
        let what = "it is none of M2M100's hundred languages";
        let place = place.ok_or_else(|| missing_language(path.clone(), language, what))?;
        let number = words.len() + place;
        if number < frame.words {
            return Ok(number as u32);
        }
        let what =
            format!("with its {} words `__{}__` is {number}, the network has {}", words.len(), language, frame.words);
        Err(Seq2SeqError::unfit(&path, what))
    };
    let (source, target) = (mark(frame.source)?, mark(frame.target)?);
    let shown = written(&words, frame.target_words, &["<s>", "</s>", "<pad>", "<unk>"]);
    let numbers = words_of(&pieces, &words, unknown);
    check_overlap(&spm, &pieces, &numbers, unknown)?;
    let mut codec = Codec::new(vec![spm, path.clone()], pieces, numbers, shown, frame);
    if family == Family::Small100 {
        codec.before.push(target);
    } else {
        codec.before.push(source);
        codec.first = Some(target);
    }
    Ok(codec)
}

/// The part of `tokenizer.json` that names words beside the pieces.
#[derive(Deserialize)]
struct Tokenizer {
    added_tokens: Vec<AddedToken>,
}

#[derive(Deserialize)]
struct AddedToken {
    id: u32,
    content: String,
}

fn nllb(folder: &Path, frame: Frame) -> Result<Codec, Seq2SeqError> {
    let (spm, path) = (folder.join("sentencepiece.bpe.model"), folder.join("tokenizer.json"));
    let pieces = sentence_pieces(&spm)?;
    let tokenizer: Tokenizer = serde_json::from_slice(&read(&path)?).map_err(|e| Seq2SeqError::garbled(&path, e))?;
    let mark = |language: Language| {
        let code = languages::flores(language);
        let token = code.and_then(|code| tokenizer.added_tokens.iter().find(|token| token.content == code));
        let token = token.filter(|token| (token.id as usize) < frame.words);
        token.map(|token| token.id).ok_or_else(|| missing_language(path.clone(), language, "it has no such word"))
    };
    // fairseq puts <s>, <pad>, </s> and <unk> before the pieces, of which SentencePiece has <unk>, <s> and </s>.
    const SHIFT: usize = 1;
    const OWN: usize = 3;
    let (unknown, size) = (3, pieces.pieces().len());
    if size + SHIFT > frame.words {
        return Err(Seq2SeqError::unfit(&spm, format!("it has {size} pieces, the network {} words", frame.words)));
    }
    let number = |at: usize| if at < OWN { unknown } else { (at + SHIFT) as u32 };
    let numbers: Vec<u32> = (0..size).map(number).collect();
    let mut shown = vec![Piece { kind: PieceKind::Control, text: String::new() }; frame.target_words];
    for (piece, number) in pieces.pieces().iter().zip(&numbers).skip(OWN) {
        if let Some(slot) = shown.get_mut(*number as usize) {
            *slot = piece.clone();
        }
    }
    let (source, target) = (mark(frame.source)?, mark(frame.target)?);
    let mut codec = Codec::new(vec![spm, path.clone()], pieces, numbers, shown, frame);
    codec.before.push(source);
    codec.first = Some(target);
    Ok(codec)
}

fn madlad(folder: &Path, frame: Frame) -> Result<Codec, Seq2SeqError> {
    let path = folder.join("spiece.model");
    let pieces = sentence_pieces(&path)?;
    let size = pieces.pieces().len();
    if size > frame.words {
        return Err(Seq2SeqError::unfit(&path, format!("it has {size} pieces, the network {} words", frame.words)));
    }
    let ends = pieces.pieces().get(frame.end as usize).is_some_and(|piece| piece.kind == PieceKind::Control);
    if !ends {
        return Err(Seq2SeqError::unfit(&path, format!("its piece {} does not end a sentence", frame.end)));
    }
    let mark = format!("<2{}>", frame.target);
    let mark = pieces.pieces().iter().position(|piece| piece.text == mark);
    let mark = mark.ok_or_else(|| missing_language(path.clone(), frame.target, "it has no `<2...>` for it"))?;
    let numbers = (0..size as u32).collect();
    let shown = pieces.pieces().to_vec();
    let mut codec = Codec::new(vec![path], pieces, numbers, shown, frame);
    codec.before.push(mark as u32);
    Ok(codec)
}
