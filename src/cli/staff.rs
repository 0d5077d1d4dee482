//! `staff add`, `passwd`, `list`, `close`, `open`: who works here, from the shell of the machine.
//!
//! A password is never an argument, where every user of the machine could read it: it is the first line of standard input.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};

use crate::app::App;
use crate::domain::{Actor, Grant, Grants, Language, Login, Person, Role, Scope, Slug};
use crate::store::Store;

/// Who works here.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Makes an account; its password is the first line of standard input
    Add {
        /// The name to sign in with, such as lan@museum.vn
        login: String,
        /// The name as it stands under what they approve
        #[arg(long)]
        name: String,
        #[arg(long, default_value = "administrator")]
        role: Role,
        /// The site where the role holds; without it, the whole house
        #[arg(long)]
        site: Option<Slug>,
        /// The language of their pages: vi or en
        #[arg(long, default_value = "vi")]
        language: Language,
    },
    /// Gives an account another password, the first line of standard input, and signs it out everywhere
    Passwd {
        login: String,
        /// Turn the second factor off too: its owner has lost both device and recovery codes
        #[arg(long)]
        remove_second_factor: bool,
    },
    /// Everybody, with their roles
    List,
    /// Closes an account: it signs nobody in any more
    #[command(visible_alias = "disable")]
    Close { login: String },
    /// Opens a closed account
    Open { login: String },
}

/// # Errors
/// Where what is asked for does not fit, or the database cannot be used.
pub async fn run(args: &Args, app: &App) -> anyhow::Result<()> {
    let store = app.store().await?;
    let done = act(&args.what, app, &store).await;
    store.close().await;
    done
}

async fn act(what: &What, app: &App, store: &Store) -> anyhow::Result<()> {
    match what {
        What::Add { login, name, role, site, language } => {
            if !["vi", "en"].contains(&language.tag()) {
                bail!("the pages of the workplace are in vi and en");
            }
            let scope = match site {
                None => Scope::House,
                Some(slug) => {
                    let sites = store.sites().await?;
                    let site = sites.iter().find(|site| site.slug == *slug);
                    Scope::Site(site.with_context(|| format!("there is no site `{slug}`"))?.id)
                }
            };
            if !store.has_people().await? && (scope, *role) != (Scope::House, Role::Administrator) {
                bail!("the first account administers the whole house: leave out --site and --role");
            }
            let grants = Grants(vec![Grant { scope, role: *role }]);
            app.people(store)?.add(login, name, *language, &password()?, grants).await?;
            println!("{} signs in as {}", name, login.trim().to_lowercase());
        }
        What::Passwd { login, remove_second_factor } => {
            let person = person(store, login).await?;
            app.people(store)?.reset(&person, &password()?, *remove_second_factor).await?;
            println!("{} has a new password, and is signed out everywhere", person.login);
        }
        What::List => list(store).await?,
        What::Close { login } | What::Open { login } => {
            let closed = matches!(what, What::Close { .. });
            let person = person(store, login).await?;
            store.set_disabled(&Actor::shell(), person.id, closed).await?;
            println!("{} is {}", person.login, if closed { "closed" } else { "open" });
        }
    }
    Ok(())
}

async fn list(store: &Store) -> anyhow::Result<()> {
    let sites = store.sites().await?;
    for person in store.people().await? {
        let place = |grant: &Grant| match grant.scope {
            Scope::House => format!("{} of the house", grant.role),
            Scope::Site(id) => {
                let slug = sites.iter().find(|site| site.id == id).map_or("?", |site| site.slug.as_str());
                format!("{} at {slug}", grant.role)
            }
        };
        let roles: Vec<String> = person.grants.0.iter().map(place).collect();
        let marks = [(person.disabled, "closed"), (person.second_factor, "second factor")];
        let marks: Vec<&str> = marks.into_iter().filter_map(|(there, mark)| there.then_some(mark)).collect();
        println!("{}\t{}\t{}\t{}", person.login, person.name, roles.join(", "), marks.join(", "));
    }
    Ok(())
}

async fn person(store: &Store, login: &str) -> anyhow::Result<Person> {
    let login = Login::typed(login)?;
    let found = store.person_by_login(&login).await?;
    found.with_context(|| format!("nobody signs in as {login}: `thuyetminh staff list` names everybody"))
}

/// The first line of standard input.
fn password() -> anyhow::Result<String> {
    let mut input = std::io::stdin().lock();
    if input.is_terminal() {
        eprint!("Password (it is shown as you type): ");
        std::io::stderr().flush()?;
    }
    let mut line = String::new();
    input.read_line(&mut line).context("no password could be read from standard input")?;
    let line = line.trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        bail!("the first line of standard input is the password: it is empty")
    } else {
        Ok(line.to_owned())
    }
}
