/// The most memory that this process has had, in MiB, where the system tells (Linux).
pub fn peak_mb() -> Option<f64> {
    status("VmHWM:")
}

/// From now on [`peak_mb`] is the most since now, where the system does so (Linux).
pub fn forget_peak() {
    // Best effort: elsewhere no peak is told at all.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The memory that this process has now, in MiB, where the system tells (Linux).
pub fn resident_mb() -> Option<f64> {
    status("VmRSS:")
}

fn status(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(value.trim().trim_end_matches(" kB").parse::<f64>().ok()? / 1024.0)
}
