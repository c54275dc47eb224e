//! Progress of long work, drawn on standard error when a person watches.

use std::sync::Mutex;
use std::time::Duration;

use app::progress::{Progress, Step};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One line that names the current step, with a bar where the amount of work is known.
pub(crate) struct Bar {
    bar: ProgressBar,
    step: Mutex<Option<Step>>,
}

impl Bar {
    /// Draws on a terminal; silent when standard error goes elsewhere or `quiet` is asked for.
    pub(crate) fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, step: Mutex::new(None) }
    }

    /// Takes the line away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn start(&self, step: Step, total: Option<u64>) {
        let template = match total {
            Some(_) => "{spinner} {msg:28} {wide_bar} {human_pos}/{human_len} {eta}",
            None => "{spinner} {msg} {elapsed}",
        };
        self.bar.reset();
        self.bar.set_length(total.unwrap_or(0));
        // The templates are fixed above; a wrong one would show in the first run.
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.set_message(step.label());
    }
}

impl Progress for Bar {
    fn report(&self, step: Step, done: u64, total: Option<u64>) {
        let Ok(mut current) = self.step.lock() else { return };
        if *current != Some(step) {
            self.start(step, total);
            tracing::debug!(step = step.label(), "step begins");
            *current = Some(step);
        }
        self.bar.set_position(done);
    }
}
