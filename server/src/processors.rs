//! Which processor a thread runs on, where the kernel lets us choose.

#[cfg(not(target_os = "linux"))]
pub use elsewhere::*;
#[cfg(target_os = "linux")]
pub use linux::*;

#[cfg(target_os = "linux")]
mod linux {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    /// The processors that `count` threads may take one each of, so that no two of them wait for one while another is idle: the slowest
    /// answers of a busy server were found to wait for that. None where there are more processors than threads: many servers on one
    /// machine must not all choose the first few.
    pub fn one_each(count: usize) -> Vec<usize> {
        let Ok(allowed) = sched_getaffinity(None) else { return Vec::new() };
        let allowed: Vec<usize> =
            (0..CpuSet::MAX_CPU).filter(|&processor| allowed.is_set(processor)).collect();
        if allowed.len() == count { allowed } else { Vec::new() }
    }

    /// Keeps this thread on one processor. Where that is refused it works anywhere.
    pub fn stay_on(processor: usize) {
        let mut only = CpuSet::new();
        only.set(processor);
        if let Err(error) = sched_setaffinity(None, &only) {
            tracing::debug!(%error, processor, "this thread stays on no processor");
        }
    }

    /// The one that a connection came in on.
    pub fn of(stream: &std::net::TcpStream) -> Option<usize> {
        socket2::SockRef::from(stream).cpu_affinity().ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    pub fn one_each(_count: usize) -> Vec<usize> {
        Vec::new()
    }

    pub fn stay_on(_processor: usize) {}

    pub fn of(_stream: &std::net::TcpStream) -> Option<usize> {
        None
    }
}
