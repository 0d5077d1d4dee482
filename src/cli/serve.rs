//! `serve`: answers visitors, and makes what is missing behind that.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use tokio::net::TcpListener;

use super::progress::Bar;
use crate::app::{self, App};
use crate::ports::Cancel;
use crate::store::Store;
use crate::web;
use crate::worker::{Watchers, Worker};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address to listen on; without it, the one of the settings.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Only answer: guides are made by other processes.
    #[arg(long)]
    no_work: bool,
}

/// # Errors
/// Where the address is taken, or the database or the models cannot be had.
pub async fn run(args: &Args, app: App) -> anyhow::Result<()> {
    let workshop = app.workshop().await?;
    let address = args.listen.unwrap_or(app.settings.serve.listen);
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let state = app.web_state(&workshop.store, &workshop.blobs).await?.with_workshop(workshop.clone());
    let store = workshop.store.clone();
    let stop = Cancel::new();
    let working = if args.no_work {
        None
    } else {
        let plan = app::enqueue_all(&store).await?;
        let name = format!("serve-{}", std::process::id());
        let watcher = Arc::new(Watchers(vec![Arc::new(Bar::over(&plan)), state.board.clone()]));
        let worker = Worker { workshop, name, watcher };
        let stop = stop.clone();
        Some(tokio::spawn(async move { worker.run(&stop).await }))
    };
    let link = app.settings.serve.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    greet(&store, &link, address).await?;
    // While nobody works here, each start makes a new link, and those of earlier starts are void.
    if let Some(token) = state.people.first_link().await? {
        println!("Nobody works here yet. This link makes the first administrator; it works once, for a day:");
        println!("{link}/staff/invitation?key={}", token.reveal());
    }
    let stopped = stop.clone();
    let signal = async move {
        asked_to_stop().await;
        stopped.cancel();
    };
    web::serve(listener, state, signal).await?;
    if let Some(working) = working {
        working.await.context("the worker ended unexpectedly")?;
    }
    store.close().await;
    Ok(())
}

/// Says where the guides are, and draws the first stop's code to be scanned from the terminal.
async fn greet(store: &Store, public_url: &str, address: SocketAddr) -> anyhow::Result<()> {
    println!("Thuyết Minh listens on http://{address}");
    let Some(site) = store.sites().await?.into_iter().next() else {
        println!("There is no stop yet: `thuyetminh content import DIR` brings a collection in.");
        return Ok(());
    };
    let Some(stop) = store.stops_of(site.id).await?.into_iter().next() else { return Ok(()) };
    let link = format!("{public_url}/q/{}", stop.code);
    let code =
        QrCode::with_error_correction_level(&link, EcLevel::M).context("the address is too long for a QR code")?;
    println!("{}\n{link}", code.render::<Dense1x2>().quiet_zone(true).build());
    Ok(())
}

/// Ctrl-C, or the signal a service manager sends.
pub(super) async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be listened for; Ctrl-C can");
            if interrupt.await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
    eprintln!("stopping ...");
}
