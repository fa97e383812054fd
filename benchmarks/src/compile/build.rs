//! The ways to build a crate.

use std::fmt;

use clap::ValueEnum;
use serde::Serialize;

/// A way to build a crate anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Build {
    /// `cargo check`.
    Check,
    /// `cargo check`, with all that the compiler kept of the last time, and nothing changed.
    CheckAgain,
    /// `cargo build`.
    Debug,
    /// `cargo build --release`.
    Release,
}

impl Build {
    /// Cargo's.
    pub(crate) fn subcommand(self) -> &'static str {
        match self {
            Self::Check | Self::CheckAgain => "check",
            Self::Debug | Self::Release => "build",
        }
    }

    /// Cargo's, besides.
    pub(crate) fn options(self) -> &'static [&'static str] {
        match self {
            Self::Check | Self::CheckAgain | Self::Debug => &[],
            Self::Release => &["--release"],
        }
    }

    /// Whether the compiler keeps what it found out for the next time.
    pub(crate) fn is_incremental(self) -> bool {
        self == Self::CheckAgain
    }
}

impl fmt::Display for Build {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Check => "check",
            Self::CheckAgain => "check again",
            Self::Debug => "debug",
            Self::Release => "release",
        })
    }
}
