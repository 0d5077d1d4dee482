//! How large a body an address takes, and that whoever sends a larger one is told so.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::map_response;
use axum::response::Response;
use tower_http::limit::RequestBodyLimitLayer;

/// On an answer: the most bytes its address takes.
#[derive(Clone, Copy, Debug)]
pub struct Largest(pub usize);

impl Largest {
    /// `64 KiB`, `2048 MiB`: never more than are taken.
    #[must_use]
    pub fn told(self) -> String {
        match self.0 {
            few @ ..1024 => format!("{few} bytes"),
            some @ ..1_048_576 => format!("{} KiB", some >> 10),
            many => format!("{} MiB", many >> 20),
        }
    }
}

/// Addresses that take so many bytes. What says that it is larger than `unread` is refused by its head, before anything of
/// it is read; what lies between is read, and then told so by the handler, in the words of its page.
pub fn limited<S: Clone + Send + Sync + 'static>(router: Router<S>, most: usize, unread: usize) -> Router<S> {
    router.layer(DefaultBodyLimit::max(most)).layer(RequestBodyLimitLayer::new(unread)).layer(map_response(
        move |mut response: Response| async move {
            response.extensions_mut().insert(Largest(most));
            response
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_whole_units() {
        let told = [900, 65_536, 2 << 30, (2 << 20) - 1].map(|bytes| Largest(bytes).told());
        assert_eq!(told, ["900 bytes", "64 KiB", "2048 MiB", "1 MiB"]);
    }
}
