//! The connections that are open: how many there may be, in all and of one address, and which of them makes room for a newcomer.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use futures::task::AtomicWaker;

/// Whoever makes us wait for longer than this goes before those who don't.
const STALLED: Duration = Duration::from_secs(2);
/// Whoever came this short a time ago may have their request under way still.
const FRESH: Duration = Duration::from_millis(250);
/// Connections that are kept for other addresses, however many one opens at once.
const OTHERS: usize = 64;
/// Connections that have been told to end still count; beyond so many of them newcomers are turned away.
const ENDING: usize = 128;
/// The connections are looked through for those that can make room no more often than this: a flood of newcomers is no reason to look at all of
/// them for each.
const LOOK: Duration = Duration::from_millis(1);
/// What was found then is gone by for as long as this.
const FOUND: Duration = Duration::from_millis(50);

/// What a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// The first request.
    Request,
    /// Another request.
    KeptAlive,
    /// The rest of a request's body.
    Body,
    /// Us.
    Answer,
}

/// One connection, as the listener looks at it. What a request changes of it are a few relaxed stores.
pub struct Connection {
    network: IpAddr,
    begun: Instant,
    stage: AtomicU8,
    /// When the client last did something (milliseconds after `begun`).
    moved: AtomicU64,
    /// The client does not take what is written.
    blocked: AtomicBool,
    /// It ends after the answer under way.
    last: AtomicBool,
    /// It ends unless it is being served.
    evicted: AtomicBool,
    /// It ends now.
    closed: AtomicBool,
    waker: AtomicWaker,
}

impl Connection {
    fn new(network: IpAddr) -> Self {
        Self {
            network,
            begun: Instant::now(),
            stage: AtomicU8::new(Stage::Request as u8),
            moved: AtomicU64::new(0),
            blocked: AtomicBool::new(false),
            last: AtomicBool::new(false),
            evicted: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            waker: AtomicWaker::new(),
        }
    }

    pub fn enter(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Relaxed);
        self.move_on();
    }

    /// The client waits for `stage` now, where it made us wait before.
    pub fn enter_from(&self, before: Stage, stage: Stage) {
        let (before, stage) = (before as u8, stage as u8);
        let _ = self.stage.compare_exchange(before, stage, Ordering::Relaxed, Ordering::Relaxed);
    }

    pub fn wait_for_body(&self) {
        self.stage.store(Stage::Body as u8, Ordering::Relaxed);
    }

    pub fn move_on(&self) {
        self.moved.store(self.begun.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    pub fn set_blocked(&self, blocked: bool) {
        if self.blocked.load(Ordering::Relaxed) != blocked {
            self.blocked.store(blocked, Ordering::Relaxed);
            self.move_on();
        }
    }

    /// Called by the connection's task whenever it runs.
    pub fn watch(&self, cx: &Context<'_>) {
        self.waker.register(cx.waker());
    }

    pub fn is_last(&self) -> bool {
        self.last.load(Ordering::Acquire)
    }

    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// It was told to make room for another, and is not being served.
    pub fn makes_room(&self) -> bool {
        self.evicted.load(Ordering::Acquire) && self.rank().is_some()
    }

    fn is_told(&self) -> bool {
        self.evicted.load(Ordering::Acquire)
    }

    fn evict(&self) {
        self.evicted.store(true, Ordering::Release);
        self.wake();
    }

    fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.wake();
    }

    fn wake(&self) {
        self.waker.take().into_iter().for_each(Waker::wake);
    }

    /// How long the client has made us wait.
    fn idle(&self) -> Duration {
        self.begun.elapsed().saturating_sub(Duration::from_millis(self.moved.load(Ordering::Relaxed)))
    }

    fn is_waiting(&self) -> bool {
        self.stage.load(Ordering::Relaxed) != Stage::Answer as u8
    }

    /// Who goes first has the lowest rank, and among equals who has kept us waiting longest. `None` for one that is being served.
    fn rank(&self) -> Option<u8> {
        let stage = self.stage.load(Ordering::Relaxed);
        let stalled = self.idle() >= STALLED;
        if self.blocked.load(Ordering::Relaxed) {
            return stalled.then_some(5);
        }
        let kept = stage == Stage::KeptAlive as u8;
        match (stage, stalled) {
            (stage, _) if stage == Stage::Answer as u8 => None,
            (_, true) => Some(u8::from(kept)),
            (stage, false) if stage == Stage::Body as u8 => Some(2),
            // A client asks again by itself where a connection that it kept has gone; for a first request it does not.
            (_, false) => Some(if kept { 3 } else { 4 }),
        }
    }
}

/// All connections. Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

struct Inner {
    most: usize,
    of_one: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    /// How many were told to make room and are still there.
    ending: usize,
    all: HashMap<u64, Arc<Connection>>,
    networks: HashMap<IpAddr, Network>,
    ranked: Ranked,
    #[cfg(test)]
    looks: u32,
}

/// The connections of one address.
struct Network {
    count: usize,
    /// Since when it has had one: none of them is older.
    since: Instant,
    ranked: Ranked,
}

/// Who can make room, as it was found: rank and number, who goes first last.
#[derive(Default)]
struct Ranked {
    looked: Option<Instant>,
    found: Vec<(u8, u64)>,
}

/// A place in the registry, free again when this is dropped.
pub struct ConnectionSlot {
    registry: Registry,
    number: u64,
    pub connection: Arc<Connection>,
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut open = self.registry.open();
        open.all.remove(&self.number);
        open.ending -= usize::from(self.connection.is_told());
        let network = self.connection.network;
        if let Some(of) = open.networks.get_mut(&network) {
            of.count -= 1;
            if of.count == 0 {
                open.networks.remove(&network);
            }
        }
    }
}

impl Registry {
    /// At most `most` connections, `of_one` of them from one address.
    pub fn new(most: usize, of_one: usize) -> Self {
        Self(Arc::new(Inner { most, of_one, open: Mutex::default() }))
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from `network`. Where all are taken, whoever has kept us waiting longest loses theirs; where nobody
    /// does, or where too many have yet to end, there is none. An address may have more than its share for as long as all of its
    /// connections have only just come.
    pub fn admit(&self, network: IpAddr) -> Option<ConnectionSlot> {
        let mut open = self.open();
        let Inner { most, of_one, .. } = *self.0;
        let (own, fresh) = match open.networks.get(&network) {
            Some(own) => (own.count, own.since.elapsed() < FRESH),
            None => (0, true),
        };
        if open.all.len() >= most {
            let victim = open.victim(None)?;
            open.evict(&victim);
        } else if own >= of_one && !(fresh && open.all.len() + OTHERS < most) {
            let victim = open.victim(Some(network))?;
            open.evict(&victim);
        }
        let number = open.next;
        open.next += 1;
        let connection = Arc::new(Connection::new(network));
        open.all.insert(number, connection.clone());
        let new = || Network { count: 0, since: Instant::now(), ranked: Ranked::default() };
        open.networks.entry(network).or_insert_with(new).count += 1;
        Some(ConnectionSlot { registry: self.clone(), number, connection })
    }

    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.open().all.len()
    }

    /// Whether somebody was told to make room and has not ended yet.
    pub fn is_making_room(&self) -> bool {
        self.open().ending > 0
    }

    /// Ends all connections: those that wait for their clients soon, those that are being served when they are, and all at `deadline`.
    /// Gives how many had to be broken off while they were served.
    pub async fn end(&self, deadline: Duration) -> usize {
        const TURN: Duration = Duration::from_millis(50);
        const SOON: Duration = Duration::from_millis(200);
        const READER: Duration = Duration::from_secs(2);
        let began = Instant::now();
        loop {
            let (all, age) = (self.open().all.values().cloned().collect::<Vec<_>>(), began.elapsed());
            if all.is_empty() {
                return 0;
            }
            for connection in &all {
                connection.last.store(true, Ordering::Release);
                let blocked = connection.blocked.load(Ordering::Relaxed);
                if (age >= SOON && connection.is_waiting() && !blocked) || (age >= READER && blocked) {
                    connection.close();
                } else {
                    connection.wake();
                }
            }
            if age >= deadline {
                for connection in &all {
                    connection.close();
                }
                return all.len();
            }
            tokio::time::sleep(TURN).await;
        }
    }
}

impl Open {
    /// The one, of `network` or of all, that can best be done without.
    fn victim(&mut self, network: Option<IpAddr>) -> Option<Arc<Connection>> {
        if self.ending >= ENDING {
            return None;
        }
        let mut ranked = std::mem::take(self.ranked(network)?);
        let victim = self.next(&mut ranked, network);
        *self.ranked(network)? = ranked;
        victim
    }

    fn ranked(&mut self, network: Option<IpAddr>) -> Option<&mut Ranked> {
        match network {
            Some(network) => self.networks.get_mut(&network).map(|of| &mut of.ranked),
            None => Some(&mut self.ranked),
        }
    }

    fn next(&mut self, ranked: &mut Ranked, network: Option<IpAddr>) -> Option<Arc<Connection>> {
        let ago = ranked.looked.map(|looked| looked.elapsed());
        if ago.is_none_or(|ago| ago >= FOUND) {
            ranked.found.clear();
        }
        if ranked.found.is_empty() && ago.is_none_or(|ago| ago >= LOOK) {
            (ranked.found, ranked.looked) = (self.look(network), Some(Instant::now()));
        }
        while let Some((rank, number)) = ranked.found.pop() {
            // Who has moved on meanwhile, or has ended, makes no room.
            let still = |c: &&Arc<Connection>| !c.is_told() && c.rank().is_some_and(|now| now <= rank);
            if let Some(connection) = self.all.get(&number).filter(still) {
                return Some(connection.clone());
            }
        }
        None
    }

    fn look(&mut self, network: Option<IpAddr>) -> Vec<(u8, u64)> {
        #[cfg(test)]
        (self.looks += 1);
        // Of all, whoever has most gives first.
        let top = self.networks.values().map(|of| of.count).max();
        let has_most = |c: &Connection| self.networks.get(&c.network).map(|of| of.count) == top;
        let of = |c: &Connection| network.is_none_or(|network| network == c.network) && !c.is_told();
        let candidates = self.all.iter().filter(|(_, c)| of(c)).filter_map(|(&number, c)| {
            let first = network.is_some() || has_most(c);
            Some((!first, c.rank()?, Reverse(c.idle()), number))
        });
        let mut found: Vec<_> = candidates.collect();
        // More than may be ending at once are not needed.
        if found.len() > ENDING {
            found.select_nth_unstable(ENDING);
            found.truncate(ENDING);
        }
        found.sort_unstable();
        found.into_iter().rev().map(|(_, rank, _, number)| (rank, number)).collect()
    }

    fn evict(&mut self, connection: &Connection) {
        connection.evict();
        self.ending += 1;
        metrics::counter!("byline_connections_evicted_total").increment(1);
    }
}

/// More open files than this we have no use for.
const FILES: u64 = 16 << 10;
/// Connections beyond which more would only take memory.
const CONNECTIONS: u64 = 8_192;

/// How many connections a process may have that may have so many files open: the database, the index and the pictures need some too.
pub fn connections_for(files: u64) -> usize {
    let reserve = (files / 3).clamp(128, 1_024);
    files.saturating_sub(reserve).clamp(32, CONNECTIONS) as usize
}

/// How many files this process may have open. The soft limit is raised to the hard one, as far as there is use for it.
#[cfg(target_os = "linux")]
pub fn files() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let current = limit.current.unwrap_or(FILES);
    let wanted = limit.maximum.unwrap_or(FILES).min(FILES);
    if current >= wanted {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum }) {
        Ok(()) => wanted,
        Err(error) => {
            tracing::debug!(%error, "the limit of open files stays as it is");
            current
        }
    }
}

/// What most systems give.
#[cfg(not(target_os = "linux"))]
pub fn files() -> u64 {
    1_024.min(FILES)
}

#[cfg(test)]
mod tests;
