//! Migrations on tables that hold something: what they do to a site that has run for years.

mod fill;
mod tables;

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use kernel::Time;

use crate::{Conn, Db, Schema};
use tables::Tables;

/// No tables at all.
static NOTHING: Schema = Schema::of(&[]);

/// For each owner of `schema`, and for each number of its migrations that once were all: a database of then, with rows in every table, is
/// brought up to date, on SQLite and on PostgreSQL where there is one. Panics where that fails, loses or changes what no migration says it
/// does, breaks a reference, or makes other tables than a new database has.
pub fn every_earlier_step(schema: &'static Schema) {
    let fresh = Mutex::new(HashMap::new());
    super::run(schema, async |db: Db| {
        let tables = tables::describe(&db).await;
        fresh.lock().expect("no panic before").insert(db.is_postgres(), tables);
    });
    let fresh = fresh.into_inner().expect("no panic before");
    let steps: Vec<(&Schema, usize)> = schema
        .owners()
        .into_iter()
        .flat_map(|owner| (0..owner.migrations.len()).map(move |ran| (owner, ran)))
        .collect();
    let next = AtomicUsize::new(0);
    // Databases wait for each other's files more than they compute.
    let threads = 2 * std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        while let Some(&(owner, ran)) = steps.get(next.fetch_add(1, Ordering::Relaxed)) {
            super::run(&NOTHING, async |db: Db| {
                let when = format!(
                    "{} after {} of {} migrations on {}",
                    owner.owner,
                    ran,
                    owner.migrations.len(),
                    if db.is_postgres() { "PostgreSQL" } else { "SQLite" },
                );
                let then = build(&db, schema, owner, ran, &when).await;
                let before = fill::fill(&db, &when).await;
                if let Err(error) = db.migrate(schema, Time::from_millis(1)).await {
                    panic!("{when}: populated tables cannot be migrated: {error}");
                }
                let pending = pending(&db, schema, &then);
                before.compare(&Tables::read(&db).await, &pending, &when);
                assert_eq!(tables::violations(&db).await, [""; 0], "{when}: what is wrong");
                assert_eq!(tables::describe(&db).await, fresh[&db.is_postgres()], "{when}: the tables");
            });
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            // With what it said.
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
    });
}

/// The tables as they were when `owner` had only `ran` of its migrations; how many each owner has. The others are as new as that allows:
/// whoever needs an owner that is not there yet is not there either, and migrations that rest on later ones of another's have not run.
async fn build(
    db: &Db,
    schema: &'static Schema,
    owner: &Schema,
    ran: usize,
    when: &str,
) -> HashMap<&'static str, usize> {
    let least_and_most = |part: &Schema| {
        if part.owner == owner.owner {
            (ran, ran)
        } else if ran == 0 && needs(part, owner) {
            (0, 0)
        } else {
            (0, part.migrations.len())
        }
    };
    let newest: Vec<_> =
        schema.owners().into_iter().map(|part| older(part, least_and_most(part).1)).collect();
    let count =
        |plan: &[&'static Schema]| plan.iter().map(|part| (part.owner, part.migrations.len())).collect();
    if migrate(db, &newest).await.is_ok() {
        return count(&newest);
    }
    let mut plan: Vec<&'static Schema> = Vec::new();
    for part in schema.owners() {
        let (least, most) = least_and_most(part);
        let mut refused = String::new();
        for n in (least..=most).rev() {
            plan.push(older(part, n));
            match migrate(db, &plan).await {
                Ok(()) => break,
                Err(error) => refused = error.to_string(),
            }
            plan.pop();
        }
        let reached = plan.last().is_some_and(|last| last.owner == part.owner);
        assert!(reached, "{when}: {} cannot be built: {refused}", part.owner);
    }
    count(&plan)
}

async fn migrate(db: &Db, plan: &[&'static Schema]) -> kernel::Result<()> {
    db.migrate(&Schema::of(plan.to_vec().leak()), Time::from_millis(0)).await
}

/// `schema` with the first of its migrations only. Leaked: a schema is of static things, and a test ends.
fn older(schema: &'static Schema, ran: usize) -> &'static Schema {
    Box::leak(Box::new(Schema { owner: schema.owner, needs: &[], migrations: &schema.migrations[..ran] }))
}

fn needs(schema: &Schema, other: &Schema) -> bool {
    schema.needs.iter().any(|needed| needed.owner == other.owner || needs(needed, other))
}

/// The texts that run from `then` on, as words.
fn pending(db: &Db, schema: &'static Schema, then: &HashMap<&str, usize>) -> Vec<String> {
    let mut words = Vec::new();
    for part in schema.owners() {
        for migration in &part.migrations[then[part.owner]..] {
            let text = if db.is_postgres() { migration.postgres } else { migration.sqlite };
            let code = text.lines().map(|line| line.split("--").next().unwrap_or_default());
            let code = code.collect::<Vec<_>>().join("\n").to_lowercase();
            words.extend(
                code.split(|c: char| c.is_whitespace() || "(),;".contains(c))
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned),
            );
        }
    }
    words
}
