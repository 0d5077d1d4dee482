//! Runs a program that someone else made, to its end or to a limit of time.
//!
//! Invariant: when [`run`] returns, the program has ended.

use std::ffi::OsStr;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::AudioError;
use crate::domain::Milliseconds;

/// How often a running program is looked at.
const GLANCE: Duration = Duration::from_millis(4);

/// How much of a program's complaint is passed on, from its end.
const COMPLAINT: usize = 600;

/// Runs `program`, found on the search path, with nothing on its standard input.
///
/// # Errors
/// `ProgramMissing` with the `package` that holds it, `ProgramFailed` with what it wrote to its standard error,
/// `ProgramTooSlow` after `limit`, when it is killed.
pub(super) fn run<A: AsRef<OsStr>>(
    program: &Path,
    package: &'static str,
    arguments: &[A],
    limit: Duration,
) -> Result<(), AudioError> {
    let name = || program.display().to_string();
    let failed = |what: String| AudioError::ProgramFailed { program: name(), what };
    let mut complaints = tempfile::tempfile()?;
    // LAME reads options from LAMEOPT, which would make the same input give other bytes.
    let spawned = Command::new(program)
        .args(arguments)
        .env_remove("LAMEOPT")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(complaints.try_clone()?)
        .spawn();
    let mut child = match spawned {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(AudioError::ProgramMissing { program: name(), package });
        }
        spawned => spawned.map_err(|error| failed(error.to_string()))?,
    };

    let started = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if started.elapsed() < limit => std::thread::sleep(GLANCE),
            waited => {
                // Killing fails only where the program has ended by itself; waiting then clears it away.
                let _ = child.kill();
                child.wait()?;
                waited?;
                let after = Milliseconds(limit.as_millis() as u64);
                return Err(AudioError::ProgramTooSlow { program: name(), after });
            }
        }
    };
    if status.success() {
        return Ok(());
    }
    let mut said = Vec::new();
    complaints.seek(SeekFrom::Start(0))?;
    complaints.read_to_end(&mut said)?;
    let said = String::from_utf8_lossy(&said[said.len().saturating_sub(COMPLAINT)..]).trim().to_owned();
    Err(failed(if said.is_empty() { status.to_string() } else { format!("{status}: {said}") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_missing_program_names_its_package() {
        let error = run(Path::new("no-such-program"), "the-package", &["x"], LONG).unwrap_err().to_string();
        assert_eq!(error, "the program `no-such-program` is missing: install the Debian package `the-package`");
    }

    #[test]
    fn a_failing_program_is_quoted() {
        let error = run(Path::new("sh"), "dash", &["-c", "echo the disk is full >&2; exit 3"], LONG).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("the disk is full") && text.contains('3'), "{text}");
    }

    #[test]
    fn a_hanging_program_is_killed() {
        let error = run(Path::new("sleep"), "coreutils", &["600"], Duration::from_millis(50)).unwrap_err();
        assert!(matches!(error, AudioError::ProgramTooSlow { after: Milliseconds(50), .. }), "{error}");
    }
}
