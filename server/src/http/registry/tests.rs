use super::*;
use std::net::Ipv4Addr;

fn address(last: u8) -> IpAddr {
    Ipv4Addr::new(192, 0, 2, last).into()
}

#[test]
fn files_are_left_for_the_database() {
    for (files, want) in [(1_024, 683), (256, 128), (100, 32), (20_000, 8_192)] {
        assert_eq!(connections_for(files), want, "{files}");
    }
}

#[test]
fn whoever_keeps_us_waiting_makes_room() {
    let registry = Registry::new(3, 3);
    let places: Vec<ConnectionSlot> = (0..3).map(|n| registry.admit(address(n)).unwrap()).collect();
    places[0].connection.enter(Stage::Answer);
    places[1].connection.wait_for_body();
    std::thread::sleep(Duration::from_millis(5));
    places[2].connection.enter(Stage::KeptAlive);
    let fourth = registry.admit(address(3)).unwrap();
    let closed = |place: &ConnectionSlot| place.connection.makes_room();
    assert_eq!(places.iter().map(closed).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(registry.open().all.len(), 4, "until it has ended");
    drop(places);
    drop(fourth);
    assert!(registry.open().networks.is_empty());
}

#[test]
fn a_crowd_from_one_address_has_room_for_a_moment_and_others_keep_theirs() {
    let registry = Registry::new(OTHERS + 10, 2);
    let at_once: Vec<ConnectionSlot> = (0..10).map(|_| registry.admit(address(2)).unwrap()).collect();
    assert!(at_once.iter().all(|place| !place.connection.makes_room()));
    let _more = registry.admit(address(2)).unwrap();
    assert_eq!(at_once.iter().filter(|place| place.connection.makes_room()).count(), 1);
    // Those that have ended make room in turn.
    drop(at_once);
    for _ in 0..200 {
        drop(registry.admit(address(2)).unwrap());
    }
    let other = registry.admit(address(1)).unwrap();
    let _many: Vec<Option<ConnectionSlot>> = (0..200).map(|_| registry.admit(address(2))).collect();
    assert!(!other.connection.makes_room());
}

#[test]
fn whose_request_has_come_meanwhile_is_served_first() {
    let registry = Registry::new(1, 1);
    let first = registry.admit(address(1)).unwrap();
    let _second = registry.admit(address(1)).unwrap();
    assert!(first.connection.makes_room());
    first.connection.enter(Stage::Answer);
    assert!(!first.connection.makes_room());
    first.connection.enter(Stage::KeptAlive);
    assert!(first.connection.makes_room());
}

#[test]
fn nobody_who_is_served_makes_room() {
    let registry = Registry::new(2, 2);
    let places: Vec<ConnectionSlot> = (0..2).map(|n| registry.admit(address(n)).unwrap()).collect();
    for place in &places {
        place.connection.enter(Stage::Answer);
    }
    assert!(registry.admit(address(9)).is_none());
}

#[test]
fn a_flood_of_newcomers_costs_little_where_all_places_are_taken() {
    const MOST: usize = 4_096;
    let registry = Registry::new(MOST, MOST);
    let places: Vec<ConnectionSlot> =
        (0..MOST).map(|n| registry.admit(address((n % 250) as u8)).unwrap()).collect();
    for place in &places {
        place.connection.enter(Stage::Answer);
    }
    let began = Instant::now();
    for n in 0..10_000 {
        assert!(registry.admit(address((n % 250) as u8)).is_none());
    }
    let most = began.elapsed().as_millis() / LOOK.as_millis() + 1;
    assert!(u128::from(registry.open().looks) <= most, "{} looks", registry.open().looks);
    // As soon as one of them waits again, it is found.
    std::thread::sleep(LOOK);
    places[7].connection.enter(Stage::KeptAlive);
    assert!(registry.admit(address(251)).is_some() && places[7].connection.makes_room());
}

#[test]
fn one_address_takes_its_own_places_only() {
    let registry = Registry::new(60, 2);
    let other = registry.admit(address(1)).unwrap();
    let many: Vec<ConnectionSlot> = (0..10).filter_map(|_| registry.admit(address(2))).collect();
    assert!(!other.connection.makes_room());
    assert_eq!(many.iter().filter(|place| !place.connection.makes_room()).count(), 2);
}
