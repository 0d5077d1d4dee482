//! The page about the interface: the OpenAPI document, read and laid out for people.

use askama::Template;
use serde_json::Value;

use crate::domain::Language;
use crate::web::State;
use crate::web::error::Result;
use crate::web::problem::Kind;
use crate::web::reading::Library;
use crate::web::views::page::{Page, house};

#[derive(Template)]
#[template(path = "api.html")]
struct Api<'a> {
    page: Page<'a>,
    heading: String,
    lead: String,
    version: String,
    operations: Vec<Operation>,
    schemas: Vec<Schema>,
    problems: Vec<Kind>,
}

struct Operation {
    method: String,
    path: String,
    summary: String,
    parameters: Vec<(String, String)>,
    answers: Vec<Answer>,
}

struct Answer {
    status: String,
    meaning: String,
    /// The name of a schema, or empty.
    body: String,
}

struct Schema {
    name: String,
    meaning: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    form: String,
    meaning: String,
}

/// # Errors
/// Where the page cannot be written.
pub fn render(state: &State, library: &Library, document: &Value, origin: &str) -> Result<String> {
    let lang = Language::EN;
    let heading = "Open data".to_owned();
    let lead = text(&document["info"], "description");
    let house = house(Some(library), lang);
    let page = Page {
        lang,
        words: state.phrasebook.of(lang),
        assets: &state.assets,
        title: format!("{heading} · {}", house.text),
        description: lead.clone(),
        house,
        canonical: format!("{origin}/api/"),
        alternates: Vec::new(),
        choices: Vec::new(),
        picture: None,
        index: true,
        article: false,
    };
    let view = Api {
        page,
        heading,
        lead,
        version: text(document, "openapi"),
        operations: operations(document),
        schemas: schemas(document),
        problems: Kind::NAMED.to_vec(),
    };
    Ok(view.render()?)
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn operations(document: &Value) -> Vec<Operation> {
    let of_path = |(path, methods): (&String, &Value)| -> Vec<Operation> {
        let operation = |(method, operation): (&String, &Value)| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
            summary: text(operation, "summary"),
            parameters: operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|parameter| (text(parameter, "name"), text(parameter, "description")))
                .collect(),
            answers: entries(&operation["responses"]).map(answer).collect(),
        };
        entries(methods).map(operation).collect()
    };
    entries(&document["paths"]).flat_map(of_path).collect()
}

fn answer((status, answer): (&String, &Value)) -> Answer {
    let schema = entries(&answer["content"]).next().map(|(_, content)| &content["schema"]);
    let body = schema.and_then(reference).unwrap_or_default();
    Answer { status: status.clone(), meaning: text(answer, "description"), body }
}

fn reference(schema: &Value) -> Option<String> {
    schema["$ref"].as_str()?.rsplit('/').next().map(str::to_owned)
}

fn schemas(document: &Value) -> Vec<Schema> {
    let schema = |(name, schema): (&String, &Value)| Schema {
        name: name.clone(),
        meaning: text(schema, "description"),
        fields: entries(&schema["properties"])
            .map(|(name, field)| Field { name: name.clone(), form: form(field), meaning: text(field, "description") })
            .collect(),
    };
    entries(&document["components"]["schemas"]).map(schema).collect()
}

/// A field's type in a few words.
fn form(field: &Value) -> String {
    if let Some(name) = reference(field) {
        return name;
    }
    let choices = field["oneOf"].as_array().or_else(|| field["anyOf"].as_array());
    if let Some(choices) = choices {
        return choices.iter().map(form).collect::<Vec<_>>().join(" or ");
    }
    match &field["type"] {
        Value::String(name) if name == "array" => format!("list of {}", form(&field["items"])),
        Value::String(name) if name == "object" && field["additionalProperties"].is_object() => {
            format!("map to {}", form(&field["additionalProperties"]))
        }
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}
