//! What changed between two manifests, so that a device that holds one need not be sent all of the other.
//!
//! A delta is not signed itself: the manifest that comes out of it is, and since its canonical form is what the signature
//! covers, a delta that is wrong in any place gives a manifest that is refused. The device then asks for the whole one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Endorsement, SignedManifest};

/// Why a delta does not apply to what a device holds.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DeltaError {
    #[error("the delta begins at version {from}, and version {held:?} is held")]
    OtherBase { from: u64, held: Option<u64> },
    #[error("the manifest that is held has no list `{0}`")]
    NoList(&'static str),
}

/// From one version of a scope to a later one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    /// The version it applies to.
    pub from: u64,
    /// The new manifest without its stops and files.
    pub head: Value,
    pub stops: Change,
    pub files: Change,
    pub key: String,
    pub signature: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Endorsement>,
}

/// What became of a list whose members have names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Names of members that are gone.
    pub removed: Vec<String>,
    /// Members that are new or other than before.
    pub put: Vec<Value>,
}

/// The lists that are sent as changes, each with the field that names its members and the one that orders them.
const LISTS: [(&str, &str, &str); 2] = [("stops", "code", "number"), ("files", "sha256", "sha256")];

impl Delta {
    /// What leads from `old` to `new`. `None` where either is no manifest.
    #[must_use]
    pub fn between(old: &SignedManifest, new: &SignedManifest) -> Option<Self> {
        let mut head = new.manifest.clone();
        let fields = head.as_object_mut()?;
        for (list, ..) in LISTS {
            fields.remove(list);
        }
        let [stops, files] = LISTS.map(|(list, name, _)| changed(&old.manifest, &new.manifest, list, name));
        Some(Self {
            from: old.manifest.get("version")?.as_u64()?,
            head,
            stops: stops?,
            files: files?,
            key: new.key.clone(),
            signature: new.signature.clone(),
            chain: new.chain.clone(),
        })
    }

    /// The manifest it leads to from the one that is held. Whether it is the one that was signed, its `verify` says.
    ///
    /// # Errors
    /// `OtherBase`, `NoList`.
    pub fn apply(self, held: &SignedManifest) -> Result<SignedManifest, DeltaError> {
        let version = held.manifest.get("version").and_then(Value::as_u64);
        if version != Some(self.from) {
            return Err(DeltaError::OtherBase { from: self.from, held: version });
        }
        let mut manifest = self.head;
        let fields = manifest.as_object_mut().ok_or(DeltaError::NoList("head"))?;
        for ((list, name, order), change) in LISTS.into_iter().zip([self.stops, self.files]) {
            let old = held.manifest.get(list).and_then(Value::as_array).ok_or(DeltaError::NoList(list))?;
            let mut members = by_name(old, name);
            for gone in &change.removed {
                members.remove(gone.as_str());
            }
            members.extend(by_name(&change.put, name));
            let mut members: Vec<Value> = members.into_values().cloned().collect();
            members.sort_by_key(|member| sort_key(member, order));
            fields.insert(list.to_owned(), Value::Array(members));
        }
        Ok(SignedManifest { manifest, key: self.key, signature: self.signature, chain: self.chain })
    }
}

fn by_name<'a>(members: &'a [Value], name: &str) -> BTreeMap<&'a str, &'a Value> {
    members.iter().filter_map(|member| Some((member.get(name)?.as_str()?, member))).collect()
}

fn sort_key(member: &Value, order: &str) -> (u64, String) {
    let field = member.get(order);
    let number = field.and_then(Value::as_u64).unwrap_or(0);
    (number, field.and_then(Value::as_str).unwrap_or("").to_owned())
}

fn changed(old: &Value, new: &Value, list: &str, name: &str) -> Option<Change> {
    let old = by_name(old.get(list)?.as_array()?, name);
    let members = new.get(list)?.as_array()?;
    let new = by_name(members, name);
    let removed = old.keys().filter(|key| !new.contains_key(*key)).map(|key| (*key).to_owned()).collect();
    let put = members
        .iter()
        .filter(|member| {
            let key = member.get(name).and_then(Value::as_str).unwrap_or("");
            old.get(key) != Some(member)
        })
        .cloned()
        .collect();
    Some(Change { removed, put })
}
