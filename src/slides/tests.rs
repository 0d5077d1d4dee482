//! Slides, drawn and looked at by machine: letters where letters belong, a code that a phone reads, a picture that fills.

use image::{Rgb, RgbImage};

use super::*;

fn slide(language: &str, title: &str, line: &str) -> Slide {
    let code =
        qrcode::QrCode::with_error_correction_level("https://guide.example.vn/q/TD1", qrcode::EcLevel::M).unwrap();
    let (width, quiet) = (code.width(), 4);
    let side = width + 2 * quiet;
    let colors = code.to_colors();
    let dark = (0..side * side).map(|at| {
        let (x, y) = (at % side, at / side);
        let inside = (quiet..quiet + width).contains(&x) && (quiet..quiet + width).contains(&y);
        inside && colors[(y - quiet) * width + x - quiet] == qrcode::Color::Dark
    });
    Slide {
        language: language.parse().unwrap(),
        place: "Tháp Đôi".to_owned(),
        title: title.to_owned(),
        line: line.to_owned(),
        mark: String::new(),
        code: "TD1".to_owned(),
        qr: Modules { side, dark: dark.collect() },
        picture: Some(RgbImage::from_pixel(300, 100, Rgb([10, 200, 30]))),
    }
}

fn drawn(slide: &Slide) -> RgbImage {
    draw(slide, &mut Typefaces::of_the_system()).unwrap()
}

/// Light pixels in the words' part.
fn light(picture: &RgbImage) -> usize {
    let right = picture.enumerate_pixels().filter(|(x, ..)| *x > PICTURE);
    right.filter(|(_, _, pixel)| pixel[0] > 200).count()
}

#[test]
fn a_slide_fills_its_picture_and_its_code_is_read_back() {
    let picture = drawn(&slide("vi", "Hai ngọn tháp", "Hai ngọn tháp gạch của người Chăm đứng giữa thành phố."));
    assert_eq!(picture.dimensions(), (WIDTH, HEIGHT));
    assert_eq!(
        (picture.get_pixel(0, 0), picture.get_pixel(PICTURE - 1, HEIGHT - 1)),
        (&Rgb([10, 200, 30]), &Rgb([10, 200, 30]))
    );
    let grey = image::DynamicImage::ImageRgb8(picture).to_luma8();
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(WIDTH as usize, HEIGHT as usize, |x, y| {
        grey.get_pixel(x as u32, y as u32)[0]
    });
    let (_, text) = image.detect_grids()[0].decode().unwrap();
    assert_eq!(text, "https://guide.example.vn/q/TD1");
}

#[test]
fn every_language_has_its_letters() {
    let bare = light(&drawn(&slide("vi", "", "")));
    for (language, title, line) in [
        ("vi", "Tháp Dương Long", "Ngọn tháp giữa cao ba mươi chín mét, xây bằng gạch và đá sa thạch."),
        ("ja", "ズオンロン塔", "中央の塔は高さ三十九メートルで、れんがと砂岩で建てられています。"),
        ("zh", "阳龙塔", "中间的塔高三十九米，由砖和砂岩建成。"),
        ("ko", "즈엉롱 탑", "가운데 탑은 높이가 삼십구 미터이며 벽돌과 사암으로 지어졌습니다."),
        ("ru", "Башни Зыонглонг", "Средняя башня высотой тридцать девять метров."),
        ("de", "Die Türme von Dương Long", "Der mittlere Turm ist neununddreißig Meter hoch."),
    ] {
        let letters = light(&drawn(&slide(language, title, line))) - bare;
        assert!(letters > 6_000, "{language}: {letters}");
    }
    let strange = draw(&slide("vi", "\u{1f5ff}", ""), &mut Typefaces::of_the_system()).unwrap_err().to_string();
    assert!(strange.contains('\u{1f5ff}'), "{strange}");
}

#[test]
fn what_is_long_stays_within_the_picture() {
    let words = "Tháp Dương Long ở xã Tây Bình ".repeat(20);
    let picture = drawn(&Slide { mark: "Dịch máy. ".repeat(30), ..slide("vi", &words, &words) });
    let edges = picture
        .enumerate_pixels()
        .filter(|(x, y, _)| *x >= WIDTH - 20 || (*x > PICTURE && (*y < 10 || *y >= HEIGHT - 10)));
    let touched = edges.filter(|(_, _, pixel)| pixel[0] > 150).count();
    assert_eq!(touched, 0);
}
