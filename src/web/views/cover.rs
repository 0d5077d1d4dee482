//! A cover as pages show it: its widths, and the room it takes before it has come.

use crate::domain::ContentHash;
use crate::web::State;
use crate::web::pictures::WIDTHS;
use crate::web::views::words::Said;

/// An `<img>`.
#[derive(Clone, Debug)]
pub struct Cover {
    pub src: String,
    pub srcset: String,
    pub width: u32,
    pub height: u32,
    pub alt: Said,
}

impl Cover {
    /// The cover of this name, or the next in line. A cover that cannot be read is logged and left out: its page is
    /// worth more than the picture on it.
    pub async fn first_of(state: &State, hashes: [Option<ContentHash>; 2], alt: Said) -> Option<Self> {
        for hash in hashes.into_iter().flatten() {
            match state.pictures.size(&state.blobs, hash).await {
                Ok(Some((width, height))) => return Some(Self::sized(hash, width, height, alt)),
                Ok(None) => tracing::warn!(target: "thuyetminh::web", %hash, "a cover is missing"),
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(target: "thuyetminh::web", %hash, error, "a cover cannot be shown");
                }
            }
        }
        None
    }

    fn sized(hash: ContentHash, width: u32, height: u32, alt: Said) -> Self {
        let address = |width: u32| format!("/images/{hash}-{width}.jpg");
        let set: Vec<String> = WIDTHS.iter().map(|w| format!("{} {w}w", address(*w))).collect();
        Self { src: address(WIDTHS[1]), srcset: set.join(", "), width, height, alt }
    }

    /// For share cards, in the largest width: address, width, height.
    #[must_use]
    pub fn card(&self, origin: &str) -> (String, u32, u32) {
        let [.., largest] = WIDTHS;
        let width = self.width.min(largest);
        let height = u64::from(self.height) * u64::from(width) / u64::from(self.width.max(1));
        let src = self.src.replace(&format!("-{}.jpg", WIDTHS[1]), &format!("-{largest}.jpg"));
        (format!("{origin}{src}"), width, u32::try_from(height).unwrap_or(0))
    }
}
