//! What many times come to.

use std::time::Instant;

/// How long a piece of work takes, in seconds.
pub(crate) fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// The middle one.
pub(crate) fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The middle one, and the least and the most: `4.2 (3.9 to 5.0)`.
pub(crate) fn range(times: &[f64], digits: usize) -> String {
    let (least, most) =
        times.iter().fold((f64::MAX, 0.0_f64), |(least, most), time| (least.min(*time), most.max(*time)));
    format!("{:.digits$} ({least:.digits$} to {most:.digits$})", median(times.to_vec()))
}
