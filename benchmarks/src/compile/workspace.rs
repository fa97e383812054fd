//! The crates that are compiled, in a workspace of their own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Deserialize;

use super::cargo::{self, words};
use crate::Result;

/// Generated crates, which share a target folder with this program's.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Where it is.
    pub(crate) root: PathBuf,
    /// Where it is built.
    pub(crate) target: PathBuf,
    /// The workspace of this program, whose toolchain and configuration hold.
    pub(crate) home: PathBuf,
}

/// A generated crate.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its name.
    pub(crate) name: String,
    /// Its only file.
    pub(crate) text: String,
}

impl Workspace {
    /// Writes the crates. Each depends on all that this program depends on, so that Cargo chooses the same versions
    /// and features, and has built most of it already; only what a crate names is loaded.
    pub(crate) fn create(sources: &[&Source]) -> Result<Self> {
        let Metadata { packages, workspace_root: home, target_directory: target } = metadata()?;
        let this = packages.iter().find(|package| package.name == env!("CARGO_PKG_NAME"));
        let dependencies = this.into_iter().flat_map(|package| &package.dependencies);
        let dependencies: String = dependencies.map(Dependency::line).collect();
        let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();

        let root = target.join("compile-time");
        fs::create_dir_all(&root)?;
        write(&root.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = {names:?}\n"))?;
        fs::copy(home.join("Cargo.lock"), root.join("Cargo.lock"))?;
        for Source { name, text } in sources {
            let package = format!("[package]\nname = {name:?}\nedition = \"2024\"\n\n[dependencies]\n{dependencies}");
            fs::create_dir_all(root.join(name).join("src"))?;
            write(&root.join(name).join("Cargo.toml"), &package)?;
            write(&root.join(name).join("src/lib.rs"), text)?;
        }
        Ok(Self { root, target, home })
    }

    /// Makes a crate look changed.
    pub(crate) fn touch(&self, source: &Source) -> Result<()> {
        let file = File::options().write(true).open(self.root.join(&source.name).join("src/lib.rs"))?;
        Ok(file.set_modified(SystemTime::now())?)
    }
}

/// Writes a file, or says which could not be written.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    Ok(fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?)
}

/// What `cargo metadata` says.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    req: String,
    uses_default_features: bool,
    features: Vec<String>,
    path: Option<PathBuf>,
}

impl Dependency {
    /// As it stands in a manifest.
    fn line(&self) -> String {
        let Self { name, req, uses_default_features: default, features, path } = self;
        let path = path.as_ref().map(|path| format!(", path = {path:?}")).unwrap_or_default();
        format!("{name} = {{ version = {req:?}, default-features = {default}, features = {features:?}{path} }}\n")
    }
}

fn metadata() -> Result<Metadata> {
    let mut command = cargo::command();
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed\n{}", words(&output)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
