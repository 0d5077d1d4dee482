//! The binary format, on a small file made here and on damaged copies of it.

use proptest::prelude::*;

use super::*;

struct Made(&'static str, u64, &'static [i32], Vec<u8>);

fn file(items: &[Made]) -> Vec<u8> {
    let mut bytes: Vec<u8> = [VERSION, items.len() as u64].iter().flat_map(|n| n.to_le_bytes()).collect();
    for Made(name, kind, shape, data) in items {
        let header = [name.len() as u64 + 1, *kind, shape.len() as u64, data.len() as u64];
        bytes.extend(header.iter().flat_map(|n| n.to_le_bytes()));
    }
    items.iter().for_each(|Made(name, ..)| bytes.extend(name.bytes().chain([0])));
    items.iter().for_each(|Made(_, _, shape, _)| bytes.extend(shape.iter().flat_map(|n| n.to_le_bytes())));
    bytes.extend(3_u64.to_le_bytes());
    bytes.extend([0; 3]);
    items.iter().for_each(|Made(.., data)| bytes.extend(data));
    bytes
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn small() -> Vec<u8> {
    let weights = [vec![1, 255, 3, 252, 5, 6], floats(&[64.0]), vec![0; 9]].concat();
    file(&[
        Made("W", INTGEMM8, &[2, 3], weights),
        Made("W_QuantMultA", FLOAT32, &[1, 1], floats(&[12.5, 0.0])),
        Made("b", FLOAT32, &[1, 3], floats(&[0.5, -1.0, 2.0])),
        Made("special:model.yml", INT8, &[9], b"type: me\0".to_vec()),
    ])
}

fn parse(bytes: Vec<u8>) -> Result<ModelFile, MarianError> {
    ModelFile::parse(Path::new("model.bin"), bytes)
}

#[test]
fn items_are_found() {
    let model = parse(small()).unwrap();
    let matrix = model.int8("W").unwrap();
    assert_eq!((matrix.values, matrix.shape, matrix.multiplier), (&[1, -1, 3, -4, 5, 6][..], [2, 3], 64.0));
    assert_eq!(model.multiplier("W_QuantMultA").unwrap(), 12.5);
    assert_eq!(model.multiplier("W").unwrap(), 1.0 / 64.0);
    assert_eq!(model.tensor("b").unwrap().to_vec2::<f32>().unwrap(), [[0.5, -1.0, 2.0]]);
    assert_eq!(model.text("special:model.yml").unwrap(), "type: me");
    assert!(model.has("b") && !model.has("c"));
}

#[test]
fn what_is_wrong_is_named() {
    let model = parse(small()).unwrap();
    for (error, named) in [
        (model.tensor("c").err(), "no item `c`"),
        (model.tensor("W").err(), "not of 32-bit floats"),
        (model.int8("b").err(), "not an 8-bit matrix"),
        (parse(vec![7; 64]).err(), "begins with version 1"),
        (parse(Vec::new()).err(), "ends too early"),
        (parse(file(&[])).err(), "claims 0 items"),
        (parse(file(&[Made("a", 0x808, &[1], vec![0; 8])])).err(), "type of a: 0x808"),
        (parse(file(&[Made("a", FLOAT32, &[3], vec![0; 8])])).err(), "does not fit its 8 bytes"),
        (parse(file(&[Made("a", FLOAT32, &[i32::MAX; 8], vec![0; 8])])).err(), "does not fit its 8 bytes"),
        (parse(file(&[Made("a", FLOAT32, &[-1], vec![0; 8])])).err(), "dimension -1"),
        (parse(file(&[Made("a", INT8, &[1], vec![0]), Made("a", INT8, &[1], vec![0])])).err(), "two items"),
        (parse([small(), vec![0]].concat()).err(), "1 bytes follow"),
    ] {
        let error = error.unwrap().to_string();
        assert!(error.contains(named) && error.contains("model.bin"), "{error}");
    }
    let poor = parse(file(&[Made("b", FLOAT32, &[1], floats(&[f32::NAN]))])).unwrap();
    assert!(poor.tensor("b").unwrap_err().to_string().contains("not finite"));
}

proptest! {
    #[test]
    fn every_cut_is_an_error(keep in 0.0_f64..1.0) {
        let whole = small();
        let keep = (whole.len() as f64 * keep) as usize;
        let refused = matches!(parse(whole[..keep].to_vec()), Err(MarianError::Cut { .. } | MarianError::Garbled { .. }));
        prop_assert!(refused, "{} bytes", keep);
    }

    #[test]
    fn no_change_of_bytes_makes_the_reader_panic(changes in prop::collection::vec((0_usize..300, any::<u8>()), 1..6)) {
        let mut bytes = small();
        for (at, value) in changes {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        if let Ok(model) = parse(bytes) {
            for name in ["W", "W_QuantMultA", "b", "special:model.yml"] {
                let _ = (model.int8(name).is_ok(), model.tensor(name).is_ok(), model.multiplier(name).is_ok());
                let _ = model.text(name).is_ok();
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse([&VERSION.to_le_bytes()[..], &bytes].concat()).is_ok();
    }
}
