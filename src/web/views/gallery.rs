//! Pictures on visitors' pages: each with the words for those who cannot see it, and who made it.

use crate::domain::{Language, Picture};
use crate::web::State;
use crate::web::views::cover::Cover;
use crate::web::views::words::Said;

/// A picture with what stands under it.
pub struct Figure {
    pub cover: Cover,
    /// Who made it, and under what terms it is shown.
    pub credit: String,
}

impl Figure {
    /// The pictures that can be shown, in their order; `alt` where a picture has no description.
    pub async fn all(state: &State, pictures: &[Picture], alt: &Said, lang: Language) -> Vec<Self> {
        let mut figures = Vec::new();
        for picture in pictures {
            let said = Said::name(&picture.alt, lang);
            let said = if said.text.is_empty() { alt.clone() } else { said };
            if let Some(cover) = Cover::first_of(state, [Some(picture.hash), None], said).await {
                let parts = [picture.credit.as_str(), picture.licence.as_str()];
                let credit = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
                figures.push(Self { cover, credit });
            }
        }
        figures
    }
}
