//! A plan as staff give it: its names, and where the stops of its site are on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entry::{NAME, entries_of, names_of, too_long};
use super::form::{list_of, number};
use super::{Fault, Flaw};
use crate::domain::{Language, Names, Plan, PlanMark, Stop};
use crate::web::workplace::Given as _;

/// A plan's names and marks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanEntry {
    /// Names by language. The one in the collection's source language is needed.
    pub names: BTreeMap<String, String>,
    /// Where stops are, by their slug.
    pub marks: BTreeMap<String, MarkEntry>,
}

/// Hundredths of the drawing's width from the left, and of its height from the top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkEntry {
    pub x: f64,
    pub y: f64,
}

impl PlanEntry {
    #[must_use]
    pub fn of(plan: &Plan, stops: &[Stop]) -> Self {
        let mark = |mark: &PlanMark| {
            let stop = stops.iter().find(|stop| stop.id == mark.stop)?;
            Some((stop.slug.to_string(), MarkEntry { x: mark.x * 100.0, y: mark.y * 100.0 }))
        };
        Self { names: entries_of(&plan.names), marks: plan.marks.iter().filter_map(mark).collect() }
    }

    /// Everything that keeps it from being kept.
    #[must_use]
    pub fn faults(&self, source: Language, stops: &[Stop]) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !names_of(&self.names).0.contains_key(&source) {
            faults.push(Fault::new(format!("name.{source}"), Flaw::Missing));
        }
        for tag in self.names.keys().filter(|tag| tag.parse::<Language>().is_err()) {
            faults.push(Fault::new(format!("name.{}", tag.chars().take(40).collect::<String>()), Flaw::Language));
        }
        for (slug, mark) in &self.marks {
            if !stops.iter().any(|stop| stop.slug.as_str() == slug) {
                faults.push(Fault::new(format!("mark.{slug}.x"), Flaw::Stop));
            }
            for (axis, value) in [("x", mark.x), ("y", mark.y)] {
                if !(0.0..=100.0).contains(&value) {
                    faults.push(Fault::new(format!("mark.{slug}.{axis}"), Flaw::Hundredth));
                }
            }
        }
        let names = self.names.iter().map(|(tag, name)| (format!("name.{tag}"), name.as_str(), NAME));
        faults.extend(names.filter_map(too_long));
        faults
    }

    #[must_use]
    pub fn names(&self) -> Names {
        names_of(&self.names)
    }

    /// In the order the store gives them.
    #[must_use]
    pub fn marks(&self, stops: &[Stop]) -> Vec<PlanMark> {
        let mark = |(slug, mark): (&String, &MarkEntry)| {
            let stop = stops.iter().find(|stop| stop.slug.as_str() == slug)?;
            Some(PlanMark { stop: stop.id, x: mark.x / 100.0, y: mark.y / 100.0 })
        };
        let mut marks: Vec<PlanMark> = self.marks.iter().filter_map(mark).collect();
        marks.sort_by_key(|mark| mark.stop);
        marks
    }
}

/// Reads the form of a plan of a site with these stops. A mark with one number alone is a fault.
#[must_use]
pub fn read_plan(form: &Vec<(String, String)>, stops: &[Stop]) -> (PlanEntry, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut marks = BTreeMap::new();
    for stop in stops {
        let [x, y] = ["x", "y"].map(|axis| format!("mark.{}.{axis}", stop.slug));
        match (number(form, &x, &mut faults), number(form, &y, &mut faults)) {
            (Some(x), Some(y)) => {
                marks.insert(stop.slug.to_string(), MarkEntry { x, y });
            }
            (None, None) => {}
            (Some(_), None) if form.field(&y).trim().is_empty() => faults.push(Fault::new(y, Flaw::Missing)),
            (None, Some(_)) if form.field(&x).trim().is_empty() => faults.push(Fault::new(x, Flaw::Missing)),
            _ => {}
        }
    }
    (PlanEntry { names: list_of(form, "name."), marks }, faults)
}
