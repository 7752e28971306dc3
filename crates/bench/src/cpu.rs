//! CPU time and memory of a process, as Linux tells them. Elsewhere these figures are not available.

use crate::Problem;

/// Clock ticks a second in `/proc/PID/stat`: fixed at 100 by Linux for user space.
const TICKS_PER_S: f64 = 100.0;

/// CPU seconds (user and system) a process has used.
pub(crate) fn seconds(pid: u32) -> Result<f64, Problem> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let tick = |nth: usize| fields.split_whitespace().nth(nth).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((tick(11) + tick(12)) / TICKS_PER_S)
}

/// Resident memory of a process, in MB of 1,000,000 bytes.
pub(crate) fn resident_mb(pid: u32) -> Result<f64, Problem> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024.0 / 1e6)
}
