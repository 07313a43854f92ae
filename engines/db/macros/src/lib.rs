//! The `#[db_test]` attribute.

use proc_macro::{TokenStream, TokenTree};

/// Runs an `async fn name(db: Db)` as a test on a fresh SQLite database, and on a fresh PostgreSQL one
/// where `BYLINE_TEST_POSTGRES` names a server (`postgres://user@host:port/database`). The tables are those of the crate's `SCHEMA`.
#[proc_macro_attribute]
pub fn db_test(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut tokens = item.clone().into_iter();
    let name = loop {
        match tokens.next() {
            Some(TokenTree::Ident(word)) if word.to_string() == "fn" => match tokens.next() {
                Some(TokenTree::Ident(name)) => break name.to_string(),
                _ => return error("expected a name after `fn`"),
            },
            Some(_) => {}
            None => return error("#[db_test] goes on a function"),
        }
    };
    let test = format!("#[test] fn {name}() {{ {item} ::db::testing::run(&crate::SCHEMA, {name}); }}");
    test.parse().unwrap_or_else(|_| error("#[db_test] goes on `async fn name(db: Db)`"))
}

fn error(message: &str) -> TokenStream {
    format!("compile_error!({message:?});").parse().unwrap_or_default()
}
