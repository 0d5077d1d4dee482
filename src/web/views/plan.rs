//! A plan on visitors' pages: its drawing, with links at the stops.

use crate::domain::{Plan, Site};
use crate::web::error::Result;
use crate::web::pictures::WIDTHS;
use crate::web::views::page::Setting;
use crate::web::views::words::Said;

/// A drawing with its pins, in units of its pixels.
pub struct PlanFigure {
    pub number: i64,
    pub name: Said,
    pub src: String,
    pub width: u32,
    pub height: u32,
    /// How much larger than on a map its pins are drawn.
    pub scale: f64,
    pub pins: Vec<PlanPin>,
}

pub struct PlanPin {
    pub x: f64,
    pub y: f64,
    pub href: String,
    pub mark: String,
    pub name: Said,
}

/// A map's width in units: pins look alike on both.
const MAP_WIDTH: f64 = 640.0;

impl PlanFigure {
    /// The plans of a site that can be shown. One whose drawing cannot be read is logged and left out.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn all(setting: &Setting<'_>, site: &Site) -> Result<Vec<Self>> {
        let mut figures = Vec::new();
        for plan in setting.state.store.plans_of(site.id).await? {
            match setting.state.pictures.size(&setting.state.blobs, plan.hash).await {
                Ok(Some(size)) => figures.push(Self::of(setting, &plan, size)),
                Ok(None) => tracing::warn!(target: "thuyetminh::web", hash = %plan.hash, "a plan is missing"),
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(target: "thuyetminh::web", hash = %plan.hash, error, "a plan cannot be shown");
                }
            }
        }
        Ok(figures)
    }

    fn of(setting: &Setting<'_>, plan: &Plan, (width, height): (u32, u32)) -> Self {
        let (library, lang) = (setting.library, setting.lang);
        let [.., largest] = WIDTHS;
        let pin = |mark: &crate::domain::PlanMark| {
            let stop = library.stop_by_id(mark.stop)?;
            Some(PlanPin {
                x: mark.x * f64::from(width),
                y: mark.y * f64::from(height),
                href: format!("/{lang}/stops/{}", stop.slug),
                mark: stop.code.to_string(),
                name: Said::name(&stop.names, lang),
            })
        };
        Self {
            number: plan.id.0,
            name: Said::name(&plan.names, lang),
            src: format!("/images/{}-{largest}.jpg", plan.hash),
            width,
            height,
            scale: f64::from(width) / MAP_WIDTH,
            pins: plan.marks.iter().filter_map(pin).collect(),
        }
    }
}
