//! The Rust client against the server KUBECONFIG names: watchers that stream their lists and
//! watchers that list, a controller of a derived kind, apply, commands in pods and their ports.
//! Says "ok NAME" or "FAIL NAME why" for each thing it tried.

mod controllers;
mod leases;
mod objects;
mod pods;
mod watchers;

use std::future::Future;
use std::time::{Duration, Instant};

use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{Api, DeleteParams, PostParams};
use kube::{Client, Error};

type Problem = Box<dyn std::error::Error + Send + Sync>;
type Checked = Result<(), Problem>;

const CHECK_TIMEOUT: Duration = Duration::from_secs(40);

/// What a check gets to work with.
#[derive(Clone)]
struct Cluster {
    client: Client,
    namespace: String,
}

impl Cluster {
    fn config_maps(&self) -> Api<ConfigMap> {
        Api::namespaced(self.client.clone(), &self.namespace)
    }
}

fn config_map(name: &str, value: &str) -> ConfigMap {
    ConfigMap {
        metadata: ObjectMeta {
            name: Some(name.into()),
            ..ObjectMeta::default()
        },
        data: Some([("value".into(), value.into())].into()),
        ..ConfigMap::default()
    }
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, got: T, want: T) -> Checked {
    if got == want {
        return Ok(());
    }
    Err(format!("{what}: got {got:?}, want {want:?}").into())
}

/// The answer was a refusal with this status code.
fn expect_refused<T: std::fmt::Debug>(what: &str, answer: Result<T, Error>, code: u16) -> Checked {
    match answer {
        Err(Error::Api(status)) => expect(what, status.code, code),
        other => Err(format!("{what}: want a refusal with {code}, got {other:?}").into()),
    }
}

/// Asks until it is so; the time of the whole check is the limit.
async fn eventually<F: Future<Output = Result<bool, Problem>>>(
    mut ask: impl FnMut() -> F,
) -> Checked {
    while !ask().await? {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Runs one check in a namespace of its own. Answers whether it went well.
async fn run<F: Future<Output = Checked>>(name: &str, check: impl FnOnce(Cluster) -> F) -> bool {
    let started = Instant::now();
    let whole = async {
        let client = Client::try_default().await?;
        let namespaces: Api<Namespace> = Api::all(client.clone());
        let wanted = Namespace {
            metadata: ObjectMeta {
                generate_name: Some("interop-rust-".into()),
                ..ObjectMeta::default()
            },
            ..Namespace::default()
        };
        let made = namespaces.create(&PostParams::default(), &wanted).await?;
        let namespace = made.metadata.name.unwrap_or_default();
        let here = Cluster {
            client,
            namespace: namespace.clone(),
        };
        let result = match tokio::time::timeout(CHECK_TIMEOUT, check(here)).await {
            Ok(result) => result,
            Err(_) => Err("took too long".into()),
        };
        namespaces
            .delete(&namespace, &DeleteParams::background())
            .await?;
        result
    };
    match whole.await {
        Ok(()) => println!("ok {name} ({} ms)", started.elapsed().as_millis()),
        Err(problem) => {
            println!("FAIL {name} {problem}");
            return false;
        }
    }
    true
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let results = [
        run("discovery", objects::discovery).await,
        run("crud", objects::crud).await,
        run("patches", objects::patches).await,
        run("pages", objects::pages).await,
        run("metadata", objects::metadata).await,
        run("streamed-watcher", watchers::streamed).await,
        run("listing-watcher", watchers::listing).await,
        run("metadata-watcher", watchers::metadata).await,
        run("controller", controllers::keeps_gears).await,
        run("leader-election", leases::election).await,
        run("log", pods::log).await,
        run("exec", pods::exec).await,
        run("port-forward", pods::port_forward).await,
        run("evict", pods::evict).await,
    ];
    if results.contains(&false) {
        std::process::exit(1);
    }
}
