//! `/staff/sites/{site}/labels`: sheets of labels, and codes that are retired.

use axum::extract::{Form, Path, Query, State as Here};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{choose_site, see};
use crate::domain::{Permission, StopCode};
use crate::labels::LabelError;
use crate::web::error::{Result, WebError};
use crate::web::labelling::{Wanted, draw};
use crate::web::problem::Problem;
use crate::web::respond::put;
use crate::web::state::State;
use crate::web::views::staff::account::Note;
use crate::web::views::staff::frame::Place;
use crate::web::views::staff::labels::{Matter, render};
use crate::web::views::staff::words::Words;
use crate::web::views::strings::fill;
use crate::web::workplace::{Given, Label, May, MayAt, staff_page};

type Fields = Vec<(String, String)>;

/// The choice of a site; straight on where there is only one.
pub async fn choose(Here(state): Here<State>, may: May<Label>) -> Result<Response> {
    let heading = &state.desk.of(may.lang()).labels.heading;
    choose_site(&state, &may, may.lang(), (Permission::Label, "labels"), Place::Labels, heading).await
}

async fn page(
    state: &State,
    here: &MayAt<Label>,
    (status, note): (StatusCode, Note),
    fields: &Fields,
) -> Result<Response> {
    let (library, printed, retired) =
        tokio::try_join!(state.library(), async { Ok(state.store.printed_codes(here.site.id).await?) }, async {
            Ok(state.store.retired_codes(here.site.id).await?)
        },)?;
    // Ticked beforehand where somebody chose them on the page of the site.
    let chosen = fields.iter().filter(|(name, _)| name == "stop").map(|(_, value)| value.as_str()).collect();
    let matter =
        Matter { signed: &here.may, library: &library, site: &here.site, printed: &printed, retired: &retired, chosen };
    Ok(staff_page(status, render(state, here.may.lang(), &matter, note)?))
}

pub async fn get(Here(state): Here<State>, here: MayAt<Label>, Query(asked): Query<Fields>) -> Result<Response> {
    let words = &state.desk.of(here.may.lang()).labels;
    let good = match asked.field("done") {
        "retired" => Some(words.retired_done.clone()),
        "used" => Some(words.used_done.clone()),
        _ => None,
    };
    page(&state, &here, (StatusCode::OK, Note { bad: None, good }), &asked).await
}

/// The sheet itself, to be shown or kept by the browser.
pub async fn print(Here(state): Here<State>, here: MayAt<Label>, Form(form): Form<Fields>) -> Result<Response> {
    let drawn = match wanted(&form, &here) {
        Ok(wanted) => draw(&state, &here.may, &here.site, &wanted).await,
        Err(error) => Err(error),
    };
    match drawn {
        Ok(pdf) => Ok(as_pdf(pdf, here.site.slug.as_str())),
        Err(error) => {
            let Some(bad) = said(state.desk.of(here.may.lang()), &error) else { return Err(error) };
            let status = Problem::from(error).kind.status();
            page(&state, &here, (status, Note { bad: Some(bad), good: None }), &form).await
        }
    }
}

/// A PDF with a name to keep it by.
pub fn as_pdf(pdf: Vec<u8>, site: &str) -> Response {
    let mut response = pdf.into_response();
    put(&mut response, header::CONTENT_TYPE, "application/pdf");
    put(&mut response, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"labels-{site}.pdf\""));
    response
}

fn wanted(form: &Fields, here: &MayAt<Label>) -> Result<Wanted> {
    let all = |name: &'static str| form.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str());
    let unfit = |error: &dyn std::fmt::Display| WebError::Unfit(error.to_string());
    Ok(Wanted {
        stops: all("stop").map(str::to_owned).collect(),
        languages: all("language").map(|tag| tag.parse().map_err(|error| unfit(&error))).collect::<Result<_>>()?,
        paper: form.field("paper").parse().map_err(|error| unfit(&error))?,
        distance: form.field("distance").parse().map_err(|error| unfit(&error))?,
        level: form.field("level").parse().map_err(|error| unfit(&error))?,
        crop_marks: form.field("crop") == "yes",
        language: here.may.lang(),
    })
}

/// What keeps a sheet from being made, in the words of the page; `None` where it is no matter of labels.
fn said(words: &Words, error: &WebError) -> Option<String> {
    let own = &words.labels;
    Some(match error {
        WebError::NoPublicUrl => own.no_url.clone(),
        WebError::Unfit(_) => own.unfit.clone(),
        WebError::Labels(LabelError::Nothing) => own.no_stop.clone(),
        WebError::Labels(LabelError::TooLarge { distance, width, height }) => {
            let (distance, width, height) = (distance.to_string(), width.to_string(), height.to_string());
            fill(&own.too_large, &[("distance", &distance), ("width", &width), ("height", &height)])
        }
        WebError::Labels(LabelError::TooLong { address }) => fill(&own.too_long, &[("address", address)]),
        WebError::Labels(LabelError::NoFont { package, .. } | LabelError::BadFont { package, .. }) => {
            fill(&own.no_font, &[("package", package)])
        }
        WebError::Labels(LabelError::Letter { letter, text, package }) => {
            let letter = letter.to_string();
            fill(&own.no_letter, &[("letter", &letter), ("text", text), ("package", package)])
        }
        _ => return None,
    })
}

pub async fn code(
    Here(state): Here<State>,
    here: MayAt<Label>,
    Path((_, code)): Path<(String, String)>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let code: StopCode = code.parse().map_err(|_| WebError::NoAddress)?;
    let actor = here.may.actor();
    let done = match form.field("retired") {
        "yes" => {
            state.store.retire_code(&actor, here.site.id, &code).await?;
            "retired"
        }
        "no" => {
            state.store.use_code_again(&actor, here.site.id, &code).await?;
            "used"
        }
        _ => return Err(WebError::Unfit("`retired` is yes or no".to_owned())),
    };
    Ok(see(&format!("/staff/sites/{}/labels?done={done}", here.site.slug)))
}
