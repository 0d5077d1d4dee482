//! `device add|list|revoke|rotate-key`: the devices of the house, from the shell.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::bail;

use crate::app::App;
use crate::domain::bundle::Scope;
use crate::domain::device::{Device, DeviceHealth, SILENT_AFTER, tags};
use crate::domain::{Actor, AudioFormat, ContentHash, Language, Milliseconds, Slug};
use crate::pipeline::bundles::{Keyring, compose, new_code};

const LONGEST_NAME: usize = 60;

/// Devices that play guides.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Adds a device, or gives one that is revoked or still waits a new code; prints the code that enrols it
    Add {
        /// As staff call it: `lobby left`
        name: String,
        /// Sites by their names in addresses; without it, all
        #[arg(long = "site", value_delimiter = ',')]
        sites: Vec<Slug>,
        /// Languages; without it, all that guides are published in
        #[arg(long = "lang", value_delimiter = ',')]
        languages: Vec<Language>,
        /// The form of the sound: `mp3`, or `opus` where the device plays it
        #[arg(long, default_value = "mp3", value_parser = audio)]
        audio: AudioFormat,
        /// Hours in which the code is good
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(1..=720))]
        hours: u64,
    },
    /// Lists the devices: green only where the files they read again are the newest ones
    List {
        #[arg(long)]
        json: bool,
    },
    /// Takes a device's token away: within a minute it gets nothing more
    Revoke { name: String },
    /// Makes a new key that signs manifests; devices follow it by themselves
    RotateKey,
}

fn audio(text: &str) -> Result<AudioFormat, String> {
    match text {
        "mp3" => Ok(AudioFormat::Mp3),
        "opus" => Ok(AudioFormat::Opus),
        _ => Err("use mp3 or opus".to_owned()),
    }
}

/// # Errors
/// Where the database cannot be used, or a device is not what the command needs.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    match &args.what {
        What::Add { name, sites, languages, audio, hours } => {
            let scope = Scope {
                sites: sites.iter().cloned().collect(),
                languages: languages.iter().copied().collect::<BTreeSet<_>>(),
                audio: *audio,
            };
            add(app, name.trim(), &scope, *hours).await
        }
        What::List { json } => list(app, *json).await,
        What::Revoke { name } => {
            let store = app.store().await?;
            let revoked = store.revoke_device(&Actor::shell(), name).await?;
            store.close().await;
            if !revoked {
                bail!("no device `{name}` is there to be revoked: `thuyetminh device list` names them");
            }
            println!(
                "`{name}` is revoked: within a minute it gets nothing more. It plays what it has until it is switched off."
            );
            Ok(())
        }
        What::RotateKey => {
            let keys = Keyring::rotate(&app.settings.kiosk_keys())?;
            println!("{} signs from now on", keys.public().id());
            Ok(())
        }
    }
}

async fn add(app: &App, name: &str, scope: &Scope, hours: u64) -> anyhow::Result<()> {
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        bail!("a device's name has 1 to {LONGEST_NAME} letters in one line");
    }
    let store = app.store().await?;
    let code = new_code()?;
    store.add_device(&Actor::shell(), name, scope, &code, Milliseconds(hours * 3_600_000)).await?;
    store.close().await;
    println!("{code}");
    eprintln!("`{name}` waits for this code for {hours} hours. On the device:");
    let server =
        app.settings.serve.public_url.clone().unwrap_or_else(|| format!("http://{}", app.settings.serve.listen));
    eprintln!("  thuyetminh kiosk enrol --server {server} --dir /var/lib/kiosk --code {code}");
    Ok(())
}

async fn list(app: &App, json: bool) -> anyhow::Result<()> {
    let (store, blobs) = (app.store().await?, app.blobs()?);
    let devices = store.devices().await?;
    let mut newest: Vec<(ContentHash, (u64, ContentHash))> = Vec::new();
    let mut rows = Vec::new();
    for device in &devices {
        let scope = device.scope.id();
        // Waiting and revoked devices hold nothing, and no manifest is made for them.
        if device.enrolled_at.is_some() && device.revoked_at.is_none() && !newest.iter().any(|(id, _)| *id == scope) {
            let keys = Keyring::open(Path::new(&app.settings.kiosk_keys()))?;
            let manifest = compose(&store, &blobs, &keys, &device.scope).await?.manifest;
            newest.push((scope, (manifest.version, manifest.inventory())));
        }
        let held = newest.iter().find(|(id, _)| *id == scope).map(|(_, newest)| *newest);
        rows.push((device, device.health(held, app.clock.now(), SILENT_AFTER), held));
    }
    for (device, health, newest) in rows {
        if json {
            println!("{}", as_json(device, health, newest.map(|(version, _)| version)));
        } else {
            println!(
                "{:8} {:24} {}",
                colour(health),
                device.name,
                words(device, health, newest.map(|(version, _)| version))
            );
        }
    }
    store.close().await;
    Ok(())
}

fn colour(health: DeviceHealth) -> &'static str {
    match health {
        DeviceHealth::Waiting => "waiting",
        DeviceHealth::Green => "green",
        DeviceHealth::Amber => "amber",
        DeviceHealth::Red => "red",
        DeviceHealth::Revoked => "revoked",
    }
}

/// Why it has its colour, in words.
fn words(device: &Device, health: DeviceHealth, newest: Option<u64>) -> String {
    let seen = device.seen_at.map_or("never heard of".to_owned(), |seen| format!("last heard of {seen}"));
    let plays = device.heartbeat.as_ref().map_or(0, |beat| beat.version);
    let broken = device.inventory.as_ref().map_or(0, |inventory| inventory.broken.len());
    let error = device.heartbeat.as_ref().and_then(|beat| beat.last_error.as_deref());
    let error = error.map_or_else(String::new, |error| format!("; it says: {error}"));
    match health {
        DeviceHealth::Waiting => "its code was not typed yet".to_owned(),
        DeviceHealth::Revoked => seen,
        DeviceHealth::Green => format!("plays version {plays}, every file read again and right; {seen}"),
        _ if broken > 0 => format!("{broken} files are damaged on its disk; {seen}{error}"),
        DeviceHealth::Red => format!("{seen}{error}"),
        DeviceHealth::Amber => match newest {
            Some(newest) if newest != plays => format!("plays version {plays} and should play {newest}; {seen}{error}"),
            _ => format!("plays version {plays}, and has not read its files again yet; {seen}{error}"),
        },
    }
}

fn as_json(device: &Device, health: DeviceHealth, newest: Option<u64>) -> serde_json::Value {
    serde_json::json!({
        "name": device.name,
        "health": colour(health),
        "why": words(device, health, newest),
        "sites": device.scope.sites,
        "languages": tags(&device.scope.languages),
        "audio": device.scope.audio,
        "seen_at": device.seen_at.map(crate::domain::Timestamp::rfc3339),
        "newest": newest,
        "heartbeat": device.heartbeat,
        "inventory": device.inventory,
    })
}
