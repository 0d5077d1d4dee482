//! `kiosk enrol|sync|play-list|verify|serve`: what runs on a device. It needs neither database nor models.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use crate::app::App;
use crate::domain::Language;
use crate::domain::device::EnrolCode;
use crate::kiosk::player::{self, Entrance, Player, watchdog};
use crate::kiosk::{Disk, Folder, Holding, Hours, Http, KioskError, Limits, Means, RealTime};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
const BETWEEN_HEARTBEATS: Duration = Duration::from_secs(60);

/// The reference client for devices.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
    /// The device's folder
    #[arg(long, global = true, default_value = "kiosk")]
    dir: PathBuf,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Makes this folder that of the device whose code `device add` printed
    Enrol {
        /// `https://guide.example.vn`
        #[arg(long)]
        server: String,
        /// Six letters
        #[arg(long)]
        code: EnrolCode,
    },
    /// Brings the bundle up to date, reports, and ends; with `--every`, goes on for ever
    Sync(SyncArgs),
    /// Lists what can be played
    PlayList {
        /// One language only
        #[arg(long)]
        lang: Option<Language>,
        #[arg(long)]
        json: bool,
    },
    /// Shows the player page to the device's own browser
    Serve {
        #[arg(long, default_value = "127.0.0.1:8090")]
        listen: SocketAddr,
        /// The house a new device comes into, so that its page asks for the code alone
        #[arg(long)]
        server: Option<String>,
    },
    /// Reads every file again and compares its hash; exits 0 only where all are right
    Verify {
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Args)]
struct SyncArgs {
    /// Where the server has moved to; without it, where the device was enrolled
    #[arg(long)]
    server: Option<String>,
    /// At most so many bytes a second
    #[arg(long)]
    bandwidth: Option<u64>,
    /// Hours in UTC in which files are fetched, as in `22-5`; heartbeats are sent at all hours
    #[arg(long)]
    hours: Option<Hours>,
    /// Seconds between syncs
    #[arg(long)]
    every: Option<u64>,
    /// Reads all files again every so many syncs
    #[arg(long, default_value_t = 24)]
    inventory_every: u64,
}

/// # Errors
/// Whatever kept the command from doing what it was asked.
pub fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let folder = Folder::open(&args.dir).with_context(|| format!("cannot use the folder {}", args.dir.display()))?;
    let reads_only = matches!(&args.what, What::PlayList { .. } | What::Serve { .. });
    let lock = if reads_only { None } else { folder.lock().context("cannot lock the folder")? };
    if !reads_only && lock.is_none() {
        anyhow::bail!("another `thuyetminh kiosk` changes {} right now: wait for it", args.dir.display());
    }
    let holding = Holding::open(folder)?;
    match &args.what {
        What::Enrol { server, code } => {
            let link = Http::new(server, None, PATIENCE)?;
            let identity = holding.enrol(server, code, &link)?;
            println!("this is `{}` now; `thuyetminh kiosk sync` brings its guides", identity.device);
            Ok(())
        }
        What::Sync(sync) => match sync.every {
            None => once(&holding, app, sync, true, false).map(|_| ()),
            Some(seconds) => for_ever(&holding, app, sync, Duration::from_secs(seconds.max(10))),
        },
        What::PlayList { lang, json } => play_list(&holding, *lang, *json),
        What::Serve { listen, server } => {
            let entrance = Entrance { dir: args.dir.clone(), server: server.clone(), patience: PATIENCE };
            super::runtime()?.block_on(serve(holding, app, *listen, entrance))
        }
        What::Verify { json } => verify(&holding, *json),
    }
}

fn link<D: Disk>(holding: &Holding<D>, args: &SyncArgs) -> anyhow::Result<Http> {
    let identity = holding.identity()?;
    let server = args.server.as_deref().unwrap_or(&identity.server);
    Ok(Http::new(server, Some(identity.token), PATIENCE)?)
}

/// One sync with all its reports; `true` where staff ask for another one now. A sync that failed is reported before its
/// error is given. What was asked for comes at any hour, and is read again afterwards, like everything new.
fn once(holding: &Holding<Folder>, app: &App, args: &SyncArgs, inventory: bool, asked: bool) -> anyhow::Result<bool> {
    let link = link(holding, args)?;
    let waiter = RealTime::default();
    let limits = Limits { bandwidth: args.bandwidth, hours: args.hours.filter(|_| !asked) };
    let synced = holding.sync(&Means { link: &link, clock: &*app.clock, waiter: &waiter, limits });
    if let Ok(synced) = &synced {
        println!("{}", serde_json::to_string(synced)?);
    }
    // Time goes on without a network too.
    if let Some(playing) = holding.playing()? {
        holding.remember_time(app.clock.now(), &playing)?;
    }
    let failure = match &synced {
        Ok(_) | Err(KioskError::OutOfHours) => None,
        Err(error) => {
            holding.note_fault(error, &*app.clock)?;
            Some(error.in_full())
        }
    };
    let again = holding.beat(&link, app.clock.now(), failure)?;
    // The heartbeat may have brought a new token.
    let link = self::link(holding, args)?;
    holding.send_reports(&link)?;
    let new = synced.as_ref().is_ok_and(|synced| synced.new);
    if (inventory || asked || new) && holding.playing()?.is_some() {
        holding.report_inventory(&link)?;
    }
    match synced {
        Ok(_) | Err(KioskError::OutOfHours) => Ok(again),
        Err(error) => Err(error.into()),
    }
}

/// Syncs every so often, and whenever staff ask for it; a heartbeat every minute between.
fn for_ever(holding: &Holding<Folder>, app: &App, args: &SyncArgs, every: Duration) -> anyhow::Result<()> {
    let (mut count, mut asked) = (0, false);
    loop {
        let inventory = count % args.inventory_every.max(1) == 0;
        match once(holding, app, args, inventory, asked) {
            Ok(again) => {
                count += 1;
                asked = again;
            }
            // Without a network the device plays on, and tries again at the next turn.
            Err(error) => {
                asked = false;
                tracing::warn!("{error:#}");
            }
        }
        let mut left = if asked { Duration::ZERO } else { every };
        while !left.is_zero() {
            let rest = left.min(BETWEEN_HEARTBEATS);
            std::thread::sleep(rest);
            left -= rest;
            let beat = || Ok::<_, anyhow::Error>(holding.beat(&link(holding, args)?, app.clock.now(), None)?);
            match if left.is_zero() { Ok(false) } else { beat() } {
                Ok(false) => {}
                Ok(true) => (asked, left) = (true, Duration::ZERO),
                Err(error) => tracing::warn!("{error:#}"),
            }
        }
    }
}

/// Serves the page, and tells the service manager that it lives for as long as the folder answers.
async fn serve(holding: Holding<Folder>, app: &App, listen: SocketAddr, entrance: Entrance) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let player = Player::with_entrance(holding, Arc::clone(&app.clock), entrance);
    let told = std::env::var("NOTIFY_SOCKET").ok().and_then(|name| watchdog::Manager::at(&name));
    if let Some(manager) = &told {
        manager.tell("READY=1");
    }
    println!("the player is at http://{listen}");
    let rhythm = watchdog::rhythm(std::env::var("WATCHDOG_USEC").ok().as_deref());
    let well = Arc::clone(&player);
    let alive = async move {
        let (Some(manager), Some(rhythm)) = (told, rhythm) else { return std::future::pending().await };
        loop {
            let player = Arc::clone(&well);
            // A disk that hangs keeps this from being told, and the manager starts the device's program anew.
            if tokio::task::spawn_blocking(move || player.is_well()).await.unwrap_or(false) {
                manager.tell("WATCHDOG=1");
            }
            tokio::time::sleep(rhythm).await;
        }
    };
    tokio::select! {
        served = player::serve(listener, player, super::serve::asked_to_stop()) => Ok(served?),
        () = alive => Ok(()),
    }
}

fn play_list(holding: &Holding<Folder>, language: Option<Language>, json: bool) -> anyhow::Result<()> {
    let playing = holding.playing()?.ok_or(KioskError::NoBundle)?;
    if json {
        println!("{}", serde_json::to_string(&playing.manifest)?);
        return Ok(());
    }
    println!("version {}, valid until {}", playing.manifest.version, playing.manifest.valid_until);
    for stop in &playing.manifest.stops {
        for (tag, guide) in stop.guides.iter().filter(|(tag, _)| language.is_none_or(|wanted| wanted == **tag)) {
            let seconds = guide.duration.0.div_ceil(1000);
            println!("{:3} {} {tag} {:>2}:{:02} {}", stop.number, stop.code, seconds / 60, seconds % 60, guide.title);
        }
    }
    Ok(())
}

fn verify(holding: &Holding<Folder>, json: bool) -> anyhow::Result<()> {
    let inventory = holding.inventory()?;
    if json {
        println!("{}", serde_json::to_string(&inventory)?);
    } else {
        println!(
            "version {}: {} files read, {} of them wrong",
            inventory.version,
            inventory.files,
            inventory.broken.len()
        );
    }
    match inventory.broken.len() {
        0 => Ok(()),
        broken => anyhow::bail!("{broken} files were damaged and taken away: the next sync brings them again"),
    }
}
