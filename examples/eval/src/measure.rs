//! CPU seconds, memory, and order statistics.

use anyhow::{Result, bail};

/// CPU seconds of this process so far, of all its threads, in user and system mode.
#[cfg(unix)]
pub(crate) fn cpu_seconds() -> Result<f64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Ok(time.tv_sec as f64 + time.tv_nsec as f64 / 1e9)
}

/// CPU seconds are only measured on Unix.
#[cfg(not(unix))]
pub(crate) fn cpu_seconds() -> Result<f64> {
    bail!("CPU seconds are only measured on Unix")
}

/// The most memory that this process ever held, in bytes, as Linux counts it.
pub(crate) fn peak_memory_bytes() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    match high_water_mark(&status) {
        Some(bytes) => Ok(bytes),
        None => bail!("/proc/self/status has no VmHWM"),
    }
}

fn high_water_mark(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// Figures in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sorted(Vec<f64>);

impl Sorted {
    pub(crate) fn new(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        Self(figures)
    }

    /// The figure that `percent` of a hundred do not exceed (nearest rank); not a number of none.
    pub(crate) fn percentile(&self, percent: f64) -> f64 {
        let rank = (percent / 100.0 * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn median(&self) -> f64 {
        self.percentile(50.0)
    }

    pub(crate) fn max(&self) -> f64 {
        self.0.last().copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_figures_that_were_measured() {
        let sorted = Sorted::new((1..=20).rev().map(f64::from).collect());
        assert_eq!((sorted.median(), sorted.percentile(95.0), sorted.max()), (10.0, 19.0, 20.0));
        assert_eq!(Sorted::new(vec![3.0]).percentile(95.0), 3.0);
        assert!(Sorted::default().median().is_nan());
    }

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(high_water_mark("VmPeak:\t  9 kB\nVmHWM:\t   12 kB\n"), Some(12 * 1024));
        assert_eq!(high_water_mark("VmPeak:\t  9 kB\n"), None);
    }
}
