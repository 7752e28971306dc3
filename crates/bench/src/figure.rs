//! A measured figure and what it is compared with.

use serde_json::json;

/// One line of a bench.
pub(crate) struct Figure {
    /// Bench it belongs to.
    pub(crate) bench: &'static str,
    /// Its name.
    pub(crate) figure: &'static str,
    /// Measured.
    pub(crate) value: f64,
    /// Unit of the value.
    pub(crate) unit: &'static str,
    /// What it is compared with.
    pub(crate) peer: &'static str,
    /// The peer's value, in the same unit.
    pub(crate) peer_value: f64,
}

impl Figure {
    /// Value over peer's value.
    fn ratio(&self) -> f64 {
        self.value / self.peer_value
    }
}

/// Prints figures as a table or as JSON lines.
pub(crate) struct Output {
    json: bool,
}

impl Output {
    /// Starts the table unless JSON is asked for.
    pub(crate) fn new(json: bool) -> Self {
        if !json {
            println!(
                "{:<10} {:<22} {:>12} {:<6} {:>12} {:>9}  peer or bound",
                "bench", "figure", "value", "unit", "peer", "ratio"
            );
        }
        Self { json }
    }

    /// Prints one figure.
    pub(crate) fn print(&self, f: &Figure) {
        let Figure { bench, figure, value, unit, peer, peer_value } = f;
        if self.json {
            let line = json!({
                "bench": bench, "figure": figure, "value": value, "unit": unit,
                "peer": peer, "peer_value": peer_value, "ratio": f.ratio(),
            });
            println!("{line}");
        } else {
            println!("{bench:<10} {figure:<22} {value:>12.2} {unit:<6} {peer_value:>12.2} {:>9.3}  {peer}", f.ratio());
        }
    }
}

/// The value below which a share of the samples lies; sorts them. Zero when there are none.
pub(crate) fn percentile(samples: &mut [f64], share: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    let last = samples.len().saturating_sub(1);
    let at = (share * last as f64).round() as usize;
    samples.get(at.min(last)).copied().unwrap_or(0.0)
}
