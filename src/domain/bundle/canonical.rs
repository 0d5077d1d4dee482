//! The canonical form of JSON that signatures cover: RFC 8785 (JCS) for values without fractions.
//!
//! Numbers are integers of at most 53 bits, so that the one hard part of RFC 8785, writing floating point as ECMAScript
//! does, never arises, and a reader in any language can check a signature. Everything else is the RFC's: no white
//! space, keys in the order of their UTF-16 units, only the escapes that JSON insists on.

use serde::Serialize;
use serde_json::Value;

/// The largest integer that every reader of JSON takes as it is (RFC 7493 section 2.2).
const LARGEST: u64 = (1 << 53) - 1;
/// Deeper values are refused: a manifest needs five levels.
const DEEPEST: usize = 16;

/// Why a value has no canonical form here.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    #[error("{0} is not a whole number of at most 53 bits: write it as text")]
    Number(String),
    #[error("the value is nested more than {DEEPEST} levels deep")]
    Deep,
    #[error("the value has no JSON form")]
    Json(#[from] serde_json::Error),
}

/// The canonical form, UTF-8.
///
/// # Errors
/// `Number`, `Deep`, `Json`.
pub fn canonical(value: &impl Serialize) -> Result<String, CanonicalError> {
    let mut out = String::new();
    write(&serde_json::to_value(value)?, DEEPEST, &mut out)?;
    Ok(out)
}

fn write(value: &Value, depth: usize, out: &mut String) -> Result<(), CanonicalError> {
    let deeper = depth.checked_sub(1).ok_or(CanonicalError::Deep)?;
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let size = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            match size {
                Some(size) if size <= LARGEST => out.push_str(&number.to_string()),
                _ => return Err(CanonicalError::Number(number.to_string())),
            }
        }
        Value::String(text) => quote(text, out),
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(item, deeper, out)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (place, (name, field)) in fields.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                quote(name, out);
                out.push(':');
                write(field, deeper, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// RFC 8785 section 3.2.2.2.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn the_examples_of_the_rfc_come_out_as_it_says() {
        // RFC 8785 section 3.2.3: the order is that of UTF-16 units, which puts the smiley before the Hebrew letter's
        // presentation form.
        let value = json!({"\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis"});
        let expected = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O \
                        With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew \
                        Letter Dalet With Dagesh\"}";
        assert_eq!(canonical(&value).unwrap(), expected);
        // Section 3.2.2.
        let value =
            json!({"literals": [null, true, false], "string": "\u{20ac}$\u{f}\nA'B\"\\\\\"/", "numbers": [0, -7]});
        let expected = "{\"literals\":[null,true,false],\"numbers\":[0,-7],\"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(canonical(&value).unwrap(), expected);
    }

    #[test]
    fn what_readers_could_take_differently_is_refused() {
        for bad in [json!(0.5), json!(1u64 << 53), json!(1e30), json!(-(1i64 << 53))] {
            assert!(matches!(canonical(&bad), Err(CanonicalError::Number(_))), "{bad}");
        }
        let deep = (0..20).fold(json!(1), |inner, _| json!([inner]));
        assert!(matches!(canonical(&deep), Err(CanonicalError::Deep)));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-(1i64 << 53) + 1..1i64 << 53).prop_map(Value::from),
            "\\PC{0,8}|[\\x00-\\x1f\"\\\\]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::hash_map("\\PC{0,6}", inner, 0..5).prop_map(Value::from_iter),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_form_is_json_of_the_same_value_and_its_own_form(value in any_json()) {
            let form = canonical(&value).unwrap();
            let again: Value = serde_json::from_str(&form).unwrap();
            prop_assert_eq!(&again, &value);
            prop_assert_eq!(canonical(&again).unwrap(), form);
        }
    }
}
