//! `holdfast schema`: what an editor needs to help with `holdfast.toml`.

use std::process::ExitCode;

use clap::Args;

use crate::terminal::outln;

/// Print the JSON Schema of holdfast.toml
#[derive(Args)]
#[command(
    after_help = "Example:\n  holdfast schema > holdfast.schema.json\n\nThen begin holdfast.toml with the line `#:schema ./holdfast.schema.json`."
)]
pub(crate) struct Schema {}

pub(crate) fn run(_: &Schema) -> anyhow::Result<ExitCode> {
    outln!("{}", serde_json::to_string_pretty(&app::start::contract_schema())?);
    Ok(ExitCode::SUCCESS)
}
