//! Whether a noun is feminine, as far as numbers agree with it: by its ending, and by lists for the rest.

use crate::domain::Language;

/// Whether the noun group that begins with `words` is feminine. Small letters expected.
pub(super) fn is_feminine(words: &[String], language: Language) -> bool {
    match language.tag() {
        "pt" => romance(words, portuguese),
        "es" => romance(words, spanish),
        "it" => romance(words, italian),
        "fr" => words.first().is_some_and(|word| french(word)),
        _ => false,
    }
}

/// An adjective that tells nothing may stand first: `200 grandes torres`.
fn romance(words: &[String], gender: fn(&str) -> Option<bool>) -> bool {
    words.iter().take(2).find_map(|word| gender(word)).unwrap_or(false)
}

fn singular(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

fn ends(word: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| word.ends_with(ending))
}

fn portuguese(word: &str) -> Option<bool> {
    const MASCULINE: [&str; 20] = [
        "dia",
        "mapa",
        "linga",
        "poeta",
        "sistema",
        "programa",
        "tema",
        "planeta",
        "problema",
        "monarca",
        "quilograma",
        "grama",
        "clima",
        "drama",
        "diadema",
        "cinema",
        "emblema",
        "poema",
        "guarda",
        "atleta",
    ];
    const FEMININE: [&str; 22] = [
        "torre", "parte", "noite", "vez", "vezes", "mulher", "mulheres", "base", "face", "árvore", "nave", "flor",
        "flores", "fase", "mão", "mãos", "lei", "leis", "serpente", "cor", "cores", "estátua",
    ];
    let single = singular(word);
    if MASCULINE.contains(&single) {
        return Some(false);
    }
    if FEMININE.contains(&word)
        || FEMININE.contains(&single)
        || ends(word, &["ção", "ções", "são", "sões", "dade", "dades", "gem", "gens", "tude"])
    {
        return Some(true);
    }
    match single.chars().last() {
        Some('a') => Some(true),
        Some('o') => Some(false),
        _ => None,
    }
}

fn spanish(word: &str) -> Option<bool> {
    const MASCULINE: [&str; 15] = [
        "día", "mapa", "linga", "poeta", "sistema", "programa", "tema", "planeta", "problema", "monarca", "clima",
        "drama", "cinema", "emblema", "poema",
    ];
    const FEMININE: [&str; 22] = [
        "torre",
        "parte",
        "noche",
        "vez",
        "veces",
        "mujer",
        "mujeres",
        "base",
        "imagen",
        "imágenes",
        "nave",
        "flor",
        "flores",
        "fase",
        "calle",
        "mano",
        "ley",
        "leyes",
        "serpiente",
        "llave",
        "clase",
        "fuente",
    ];
    let single = singular(word);
    if MASCULINE.contains(&single) {
        return Some(false);
    }
    if FEMININE.contains(&word)
        || FEMININE.contains(&single)
        || ends(word, &["ción", "ciones", "sión", "siones", "dad", "dades", "tud", "tudes"])
    {
        return Some(true);
    }
    match single.chars().last() {
        Some('a') => Some(true),
        Some('o') => Some(false),
        _ => None,
    }
}

fn italian(word: &str) -> Option<bool> {
    const MASCULINE: [&str; 8] = ["linga", "poeta", "sistema", "programma", "tema", "pianeta", "problema", "clima"];
    const FEMININE: [&str; 14] = [
        "torre", "torri", "parte", "parti", "notte", "notti", "base", "basi", "nave", "navi", "mano", "mani", "volta",
        "fase",
    ];
    if MASCULINE.contains(&word) {
        return Some(false);
    }
    if FEMININE.contains(&word) || ends(word, &["zione", "zioni", "sione", "sioni", "tà", "trice", "trici"]) {
        return Some(true);
    }
    match word.chars().last() {
        Some('a' | 'e') => Some(true),
        Some('o' | 'i') => Some(false),
        _ => None,
    }
}

fn french(word: &str) -> bool {
    const FEMININE: [&str; 34] = [
        "tour",
        "statue",
        "heure",
        "fois",
        "pièce",
        "pierre",
        "porte",
        "marche",
        "personne",
        "brique",
        "femme",
        "fille",
        "nuit",
        "semaine",
        "minute",
        "seconde",
        "page",
        "salle",
        "stèle",
        "colonne",
        "niche",
        "main",
        "tête",
        "divinité",
        "danseuse",
        "ville",
        "montagne",
        "rivière",
        "fleur",
        "part",
        "partie",
        "œuvre",
        "sculpture",
        "fenêtre",
    ];
    const MASCULINE: [&str; 5] = ["musée", "lycée", "trophée", "apogée", "siège"];
    let single = singular(word);
    if MASCULINE.contains(&single) {
        return false;
    }
    FEMININE.contains(&word)
        || FEMININE.contains(&single)
        || ends(single, &["ée", "tion", "sion", "té", "ure", "ette", "aine", "elle", "ance", "ence"])
}
