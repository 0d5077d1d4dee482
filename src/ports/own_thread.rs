//! Where the thread is added, once: an engine is synchronous, its callers are not.
//!
//! Invariant: one call runs at a time, in the order it was asked for; when the last handle goes, the thread ends.

use std::sync::Arc;
use std::thread;

use tokio::sync::{mpsc, oneshot};

type Task<E> = Box<dyn FnOnce(&E) + Send>;

/// A handle on an engine that lives on a thread of its own.
pub struct OwnThread<E: ?Sized + Send + Sync + 'static> {
    tasks: mpsc::UnboundedSender<Task<Arc<E>>>,
}

impl<E: ?Sized + Send + Sync + 'static> Clone for OwnThread<E> {
    fn clone(&self) -> Self {
        Self { tasks: self.tasks.clone() }
    }
}

/// The engine's thread is gone: it panicked in this call or an earlier one.
#[derive(Debug, thiserror::Error)]
#[error("the engine's thread ended unexpectedly; see the log for the panic, then start the program again")]
pub struct ThreadGone;

impl<E: ?Sized + Send + Sync + 'static> OwnThread<E> {
    /// Starts the thread.
    ///
    /// # Errors
    /// Where the system gives no more threads.
    pub fn start(name: &str, engine: Arc<E>) -> std::io::Result<Self> {
        let (tasks, mut inbox) = mpsc::unbounded_channel::<Task<Arc<E>>>();
        thread::Builder::new().name(name.to_owned()).spawn(move || {
            while let Some(task) = inbox.blocking_recv() {
                task(&engine);
            }
        })?;
        Ok(Self { tasks })
    }

    /// Runs `work` on the engine's thread and waits for its result without holding up the caller's.
    ///
    /// # Errors
    /// `ThreadGone` after a panic in the engine.
    pub async fn run<T, F>(&self, work: F) -> Result<T, ThreadGone>
    where
        T: Send + 'static,
        F: FnOnce(&E) -> T + Send + 'static,
    {
        let (answer, result) = oneshot::channel();
        let task: Task<Arc<E>> = Box::new(move |engine| {
            // The asker may have gone; its answer then has nowhere to go, which is no fault.
            let _ = answer.send(work(engine));
        });
        self.tasks.send(task).map_err(|_| ThreadGone)?;
        result.await.map_err(|_| ThreadGone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn results_come_back_and_a_panic_is_told() {
        let engine = OwnThread::start("test", Arc::new(20_u32)).unwrap();
        assert_eq!(engine.run(|n| n + 1).await.unwrap(), 21);
        assert!(engine.run(|_| -> u32 { panic!("planted") }).await.is_err());
        assert!(engine.run(|n| *n).await.is_err());
    }
}
