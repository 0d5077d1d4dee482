//! A program beside us: fed on standard input, read from standard output, never through a shell.
//!
//! Invariant: when `run` returns, the child is gone, whatever happened: finished, hung, or no longer wanted.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::ports::{Cancel, EngineError};

/// How often a running child is looked at.
const GLANCE: Duration = Duration::from_millis(4);
/// How much of a failed program's complaint is told.
const COMPLAINT: usize = 400;

/// A program that an engine stands on.
#[derive(Clone, Debug)]
pub struct Program {
    /// The engine it serves, for errors.
    pub engine: &'static str,
    pub path: String,
    /// How to get the program where it is missing.
    pub remedy: &'static str,
    /// A child still busy after this long has hung and is killed.
    pub patience: Duration,
}

impl Program {
    /// Runs the program over `input` and gives what it wrote.
    ///
    /// # Errors
    /// `Unavailable` with the remedy where the program is missing; `Cancelled`; `Failed` where it hung or complained.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S], input: &[u8], cancel: &Cancel) -> Result<Vec<u8>, EngineError> {
        let mut child = Command::new(&self.path)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| self.cannot_start(error))?;
        let feeder = child.stdin.take().map(|mut pipe| {
            let input = input.to_vec();
            // A child that stops reading breaks the pipe; its exit status tells why.
            thread::spawn(move || drop(pipe.write_all(&input)))
        });
        let output = collect(child.stdout.take());
        let complaint = collect(child.stderr.take());
        let ended = self.wait(&mut child, cancel);
        if ended.is_err() {
            // Gone already, or about to be: either way it must not stay.
            let _ = child.kill();
            let _ = child.wait();
        }
        if let Some(feeder) = feeder {
            let _ = feeder.join();
        }
        let output = output.join().unwrap_or_default();
        let complaint = complaint.join().unwrap_or_default();
        if ended? {
            return Ok(output);
        }
        let text: String = String::from_utf8_lossy(&complaint).trim().chars().take(COMPLAINT).collect();
        Err(EngineError::failed(self.engine, format!("{} gave up: {text}", self.path)))
    }

    fn cannot_start(&self, error: std::io::Error) -> EngineError {
        if error.kind() == std::io::ErrorKind::NotFound {
            return self.unavailable(format!("the program `{}` is not here", self.path));
        }
        EngineError::failed(self.engine, error)
    }

    /// Something the program needs is missing.
    #[must_use]
    pub fn unavailable(&self, what: String) -> EngineError {
        EngineError::Unavailable { engine: self.engine.to_owned(), what, remedy: self.remedy.to_owned() }
    }

    /// Whether the child ended well.
    fn wait(&self, child: &mut Child, cancel: &Cancel) -> Result<bool, EngineError> {
        let started = Instant::now();
        loop {
            if let Some(status) = child.try_wait().map_err(|error| EngineError::failed(self.engine, error))? {
                return Ok(status.success());
            }
            cancel.check()?;
            if started.elapsed() > self.patience {
                let seconds = self.patience.as_secs();
                return Err(EngineError::failed(
                    self.engine,
                    format!("{} hung and was stopped after {seconds} s", self.path),
                ));
            }
            thread::sleep(GLANCE);
        }
    }
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What came before a broken pipe is all there is.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(path: &str, patience: Duration) -> Program {
        Program { engine: "test", path: path.to_owned(), remedy: "install it", patience }
    }

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn what_goes_in_comes_out_however_long() {
        let input = vec![b'x'; 1_000_000];
        let output = program("cat", LONG).run::<&str>(&[], &input, &Cancel::new()).unwrap();
        assert_eq!(output, input);
    }

    #[test]
    fn a_missing_program_names_the_remedy() {
        let error = program("no-such-program-here", LONG).run::<&str>(&[], b"", &Cancel::new()).unwrap_err();
        assert!(
            matches!(error, EngineError::Unavailable { .. }) && error.to_string().contains("install it"),
            "{error}"
        );
    }

    #[test]
    fn a_hung_program_is_stopped() {
        let error = program("sleep", Duration::from_millis(50)).run(&["600"], b"", &Cancel::new()).unwrap_err();
        assert!(error.to_string().contains("hung"), "{error}");
    }

    #[test]
    fn a_complaint_is_told() {
        let error = program("ls", LONG).run(&["/no/such/folder"], b"", &Cancel::new()).unwrap_err();
        assert!(error.to_string().contains("/no/such/folder"), "{error}");
    }

    #[test]
    fn a_wish_to_stop_stops_the_program() {
        let cancel = Cancel::new();
        cancel.cancel();
        assert!(matches!(program("sleep", LONG).run(&["600"], b"", &cancel), Err(EngineError::Cancelled)));
    }
}
