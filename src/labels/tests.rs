//! Labels are rendered by another program, spoilt, and read back by two decoders.

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;

use super::layout::{QUIET, plan};
use super::*;

const DOTS_AN_INCH: f32 = 300.0;

fn label(code: &str, number: u32) -> Label {
    let name = |tag: &str, name: &str| (tag.parse().unwrap(), name.to_owned());
    Label {
        address: format!("https://thuyetminh.example.vn/q/{code}"),
        code: code.parse().unwrap(),
        number,
        names: vec![
            name("vi", "Chim thần Garuda ở chân tháp Bắc"),
            name("en", "The Garuda at the foot of the northern tower"),
            name("ja", "北塔の足元のガルーダ"),
            name("ko", "북탑 기단의 가루다"),
            name("ru", "Гаруда у подножия северной башни"),
        ],
    }
}

fn order(paper: Paper, distance: u16, level: Level) -> Order {
    Order {
        house: "Bảo tàng Bình Định".to_owned(),
        language: Language::VI,
        paper,
        distance: Distance::try_from(distance).unwrap(),
        level,
        crop_marks: true,
    }
}

/// `None`, said aloud, where a program or a font of the test is missing.
fn tools() -> Option<Typefaces> {
    for (tool, package) in [("pdftoppm", "poppler-utils"), ("zbarimg", "zbar-tools")] {
        if Command::new(tool).arg("--help").output().is_err() {
            println!("skipped: {tool} is missing; `scripts/install test` brings {package}");
            return None;
        }
    }
    let mut fonts = Typefaces::of_the_system();
    for (text, language) in [("ạ", Language::VI), ("塔", Language::JA)] {
        if let Err(error) = fonts.line(text, language, true) {
            println!("skipped: {error}");
            return None;
        }
    }
    Some(fonts)
}

/// Shades of grey, row by row.
#[derive(Clone)]
struct Picture {
    width: usize,
    height: usize,
    dots: Vec<u8>,
}

impl Picture {
    /// The first page, rendered.
    fn of(pdf: &[u8], folder: &Path) -> Self {
        std::fs::write(folder.join("sheet.pdf"), pdf).unwrap();
        let done = Command::new("pdftoppm")
            .args(["-r", "300", "-gray", "-singlefile", "-f", "1", "-l", "1", "sheet.pdf", "sheet"])
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let image = std::fs::read(folder.join("sheet.pgm")).unwrap();
        let mut parts = image.splitn(4, |byte| byte.is_ascii_whitespace());
        assert_eq!(parts.next().unwrap(), b"P5");
        let number = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().parse::<usize>().unwrap();
        let (width, height) = (number(parts.next().unwrap()), number(parts.next().unwrap()));
        let dots = parts.next().unwrap()[b"255\n".len()..].to_vec();
        assert_eq!(dots.len(), width * height);
        Self { width, height, dots }
    }

    /// Three passes of a box, which is near to a Gaussian of `radius` dots.
    fn blurred(mut self, radius: usize) -> Self {
        for _ in 0..3 {
            for along_rows in [true, false] {
                let (outer, inner) = if along_rows { (self.height, self.width) } else { (self.width, self.height) };
                let at = |i: usize, j: usize| if along_rows { i * self.width + j } else { j * self.width + i };
                let mut next = self.dots.clone();
                for i in 0..outer {
                    let mut sums = vec![0usize];
                    for j in 0..inner {
                        sums.push(sums[j] + usize::from(self.dots[at(i, j)]));
                    }
                    for j in 0..inner {
                        let (from, to) = (j.saturating_sub(radius), (j + radius).min(inner - 1));
                        next[at(i, j)] = ((sums[to + 1] - sums[from]) / (to - from + 1)) as u8;
                    }
                }
                self.dots = next;
            }
        }
        self
    }

    fn cover(&mut self, (x, y): (usize, usize), side: usize, shade: u8) {
        for row in y..(y + side).min(self.height) {
            let from = row * self.width + x;
            self.dots[from..from + side.min(self.width - x)].fill(shade);
        }
    }

    fn zbar(&self, folder: &Path) -> Vec<String> {
        let mut file = format!("P5 {} {} 255\n", self.width, self.height).into_bytes();
        file.extend(&self.dots);
        std::fs::write(folder.join("spoilt.pgm"), file).unwrap();
        let read =
            Command::new("zbarimg").args(["-q", "--raw", "spoilt.pgm"]).current_dir(folder).output().unwrap().stdout;
        let mut found: Vec<String> = String::from_utf8(read).unwrap().lines().map(str::to_owned).collect();
        found.sort();
        found
    }

    fn rqrr(&self) -> Vec<String> {
        let shade = |x: usize, y: usize| self.dots[y * self.width + x];
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(self.width, self.height, shade);
        let mut found: Vec<String> =
            picture.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect();
        found.sort();
        found
    }
}

#[test]
fn a_label_is_read_by_two_decoders_though_blurred_and_covered() {
    let Some(mut fonts) = tools() else { return };
    let folder = tempfile::tempdir().unwrap();
    let labels = [label("TD1", 1)];
    // Where a sticker over 15 % of the code begins, in shares of its side: anywhere but on the three eyes, by which any
    // decoder finds it. Level Q is at its limit with that, and is asked for the corner alone. The alignment pattern is in
    // that corner; rqrr finds the code's plane by it and is asked where it can be seen.
    let corner = 1.0 - 0.15f32.sqrt();
    let free = (0.4, 0.4);
    let spots = [free, (corner, corner), (0.5, 0.5), (0.5, 0.35), (0.35, 0.5)];
    let mut unread = Vec::new();
    for (level, spots) in [(Level::Q, &spots[1..2]), (Level::H, &spots[..])] {
        for distance in [20, 30] {
            let order = order(Paper::Single, distance, level);
            let pdf = sheet(&labels, &order, &mut fonts).unwrap();
            let plan = plan(&labels, &order, &mut fonts).unwrap();
            let dots = |millimetres: f32| (millimetres / 25.4 * DOTS_AN_INCH) as usize;
            let blurred = Picture::of(&pdf, folder.path()).blurred((dots(plan.module) / 4).max(1));
            let expected = [labels[0].address.clone()];
            assert_eq!((blurred.zbar(folder.path()), blurred.rqrr()), (expected.to_vec(), expected.to_vec()));
            let side = plan.labels[0].code.side as f32 * plan.module;
            // 8 mm of paper around the label.
            let begin = 8.0 + QUIET as f32 * plan.module;
            for spot in spots {
                let mut picture = blurred.clone();
                let at = (dots(begin + plan.code_x + side * spot.0), dots(begin + plan.code_y + side * spot.1));
                picture.cover(at, dots(side * 0.15f32.sqrt()), 255);
                let mut ask = |decoder: &str, found: Vec<String>| {
                    if found != expected {
                        unread.push((decoder.to_owned(), level, distance, *spot));
                    }
                };
                ask("zbar", picture.zbar(folder.path()));
                if *spot == free {
                    ask("rqrr", picture.rqrr());
                }
            }
        }
    }
    assert_eq!(unread, []);
}

#[test]
fn a_sheet_holds_every_label_once() {
    let Some(mut fonts) = tools() else { return };
    let folder = tempfile::tempdir().unwrap();
    let labels: Vec<Label> = (1..=7).map(|n| label(&format!("TD{n}"), n)).collect();
    let pdf = sheet(&labels, &order(Paper::A4, 30, Level::Q), &mut fonts).unwrap();
    if let Some(kept) = std::env::var_os("THUYETMINH_TEST_SHEET") {
        std::fs::write(kept, &pdf).unwrap();
    }
    let picture = Picture::of(&pdf, folder.path());
    assert_eq!((picture.width, picture.height), (2481, 3508), "A4 at 300 dots an inch");
    let on_page_one: Vec<String> = labels.iter().map(|label| label.address.clone()).take(6).collect();
    assert_eq!(picture.zbar(folder.path()), on_page_one);
    let text = Command::new("pdftotext").args(["sheet.pdf", "-"]).current_dir(folder.path()).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    for words in ["TD7", "ở chân tháp Bắc", "北塔の足元のガルーダ", "북탑", "Гаруда", "Bảo tàng Bình Định"]
    {
        assert!(text.contains(words), "`{words}` is not in the text of the PDF:\n{text}");
    }
}

#[test]
fn what_cannot_be_printed_is_said() {
    let mut none = Typefaces::of(fontdb::Database::new());
    let said = sheet(&[label("TD1", 1)], &order(Paper::A4, 30, Level::Q), &mut none).unwrap_err().to_string();
    assert!(said.contains("Noto Sans") && said.contains("fonts-noto-core"), "{said}");
    assert!(matches!(sheet(&[], &order(Paper::A4, 30, Level::Q), &mut none), Err(LabelError::Nothing)));
    let long = Label { address: "https://a.example/".repeat(200), ..label("TD1", 1) };
    assert!(matches!(sheet(&[long], &order(Paper::A4, 30, Level::H), &mut none), Err(LabelError::TooLong { .. })));
    let Some(mut fonts) = tools() else { return };
    let far = sheet(&[label("TD1", 1)], &order(Paper::A4, 200, Level::Q), &mut fonts).unwrap_err();
    assert!(far.to_string().contains("print single labels"), "{far}");
    assert!(sheet(&[label("TD1", 1)], &order(Paper::Single, 200, Level::Q), &mut fonts).is_ok());
    let mut odd = label("TD1", 1);
    odd.names.push((Language::EN, "\u{10FFFF}".to_owned()));
    let letter = sheet(&[odd], &order(Paper::A4, 30, Level::Q), &mut fonts).unwrap_err();
    assert!(letter.to_string().contains("no font has the letter"), "{letter}");
}

#[test]
fn the_rule_is_a_tenth_of_the_distance_for_a_code_of_25_modules() {
    let side = |distance: u16| Distance::try_from(distance).unwrap().module().0 * 25.0;
    assert!((side(30) - 30.0).abs() < 0.001 && (side(200) - 200.0).abs() < 0.001);
    for (text, good) in [("30", true), ("14", false), ("1001", false), ("-1", false), ("", false), ("30 cm", false)] {
        assert_eq!(text.parse::<Distance>().is_ok(), good, "{text}");
    }
    assert_eq!("single".parse(), Ok(Paper::Single));
    assert!("L".parse::<Level>().unwrap_err().to_string().contains("Q or H"));
}

proptest! {
    #[test]
    fn any_word_of_an_order_is_read_or_refused(text in "\\PC{0,12}") {
        let errors = [text.parse::<Level>().err(), text.parse::<Paper>().err(), text.parse::<Distance>().err()];
        for error in errors.into_iter().flatten() {
            prop_assert!(error.to_string().contains("use "));
        }
    }
}
