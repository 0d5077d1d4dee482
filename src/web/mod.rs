//! What visitors, programs and staff ask for over HTTP, floor 5. Visitors are served editions only.
//!
//! A request passes, from the outside in: the log with its shields (`dress::log`), compression, the writer of errors
//! (`dress::errors`), a net for panics, limits, and then its handler in `routes`. Handlers read the store through
//! `reading`, give pages from `views` or files from `files`, and say what is wrong as `WebError`.

mod assets;
mod buses;
mod catalogue;
mod clips;
mod counting;
mod dress;
mod error;
pub mod files;
mod fulltext;
mod galleries;
mod grounds;
mod hearings;
mod kiosks;
mod labelling;
pub mod languages;
mod limits;
mod listening;
mod photograph;
mod pictures;
mod playlists;
mod problem;
mod reading;
mod recordings;
mod respond;
mod reviewing;
mod routes;
mod saying;
mod screening;
mod state;
mod studio;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod testing_engines;
#[cfg(test)]
mod testing_forms;
mod uploads;
mod views;
mod waiting;
mod work;
mod workplace;

pub use clips::film;
pub use error::{Result, WebError};
pub use routes::api::openapi::document as openapi;
pub use state::{Settings, State, StateError};
pub use views::strings::StringsError;

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

/// Everything the web answers.
pub fn router(state: State) -> Router {
    // Sound is compressed already, and a file under its strong tag must go out byte for byte.
    let compressible = DefaultPredicate::new()
        .and(NotForContentType::const_new("audio/"))
        .and(NotForContentType::const_new("text/vtt"))
        .and(NotForContentType::const_new(routes::api::kiosk::EXACT));
    let layers = ServiceBuilder::new()
        .layer(from_fn(dress::log))
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(from_fn_with_state(state.clone(), dress::errors))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(dress::patience));
    routes::all(&state).layer(layers).with_state(state)
}

/// Serves until `stop` comes; then takes no more connections, lets answers under way end, and after the settings' `last_words` ends
/// what is still open.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: State,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let last_words = state.settings.last_words;
    let ending = state.ending.clone();
    let stop = async move {
        stop.await;
        ending.cancel();
    };
    serve_with(listener, router(state), stop, last_words).await
}

async fn serve_with(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    last_words: Duration,
) -> std::io::Result<()> {
    let (told, mut heard) = watch::channel(false);
    let soft = async move {
        stop.await;
        tracing::info!(target: "thuyetminh::web", "stopping: no new connections, {} s for what is under way", last_words.as_secs());
        told.send_replace(true);
    };
    let hard = async move {
        // An error means that the server ended without being told to: then nothing is left to cut off.
        if heard.wait_for(|told| *told).await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(last_words).await;
    };
    tokio::select! {
        ended = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).with_graceful_shutdown(soft) => ended,
        () = hard => {
            tracing::warn!(target: "thuyetminh::web", "stopped with answers still under way");
            Ok(())
        }
    }
}

/// A form with a picture in it, whose parts stand between lines `--b`, for `src/fuzzed.rs`.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_hostile_form(bytes: &[u8]) {
    use axum::extract::FromRequest as _;
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return };
    runtime.block_on(async {
        let request = axum::http::Request::post("/").header("content-type", "multipart/form-data; boundary=b");
        let Ok(request) = request.body(axum::body::Body::from(bytes.to_vec())) else { return };
        if let Ok(parts) = axum::extract::Multipart::from_request(request, &()).await {
            let _ = uploads::Upload::read(parts).await;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    /// An answer that begins and never ends.
    fn endless() -> Router {
        let body = || axum::body::Body::from_stream(futures_util::stream::pending::<std::io::Result<bytes::Bytes>>());
        Router::new().route("/endless", axum::routing::get(move || async move { body() }))
    }

    #[tokio::test]
    async fn a_server_told_to_stop_ends_even_with_a_client_that_never_does() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let waits = async move { stopped.await.unwrap_or(()) };
        let server = tokio::spawn(serve_with(listener, endless(), waits, Duration::from_millis(50)));
        let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut first = [0; 15];
        client.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        stop.send(()).unwrap();
        server.await.unwrap().unwrap();
    }
}
